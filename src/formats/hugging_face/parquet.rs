//! Rows as a Parquet file, with the features of the dataset under the key `huggingface`.

use std::sync::Arc;

use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::{Value, json};

use super::rows::Row;

/// Rows of one row group.
const GROUP: usize = 10_000;

/// Everything is optional, as Arrow's own writers have it: `datasets` takes the features below only where they fit the columns.
const SCHEMA: &str = "message schema {
    optional binary id (STRING);
    optional binary doc_id (STRING);
    optional group tokens (LIST) { repeated group list { optional binary element (STRING); } }
    optional group ner_tags (LIST) { repeated group list { optional int64 element; } }
    optional binary text (STRING);
    optional group entities (LIST) { repeated group list { optional group element {
        optional int32 start; optional int32 end; optional binary label (STRING); } } }
    optional binary structures (STRING);
}";

/// Definition level of a text that is there, of an element of a list of values, of a field of a list of groups, and of an
/// empty list.
const TEXT: i16 = 1;
const VALUE: i16 = 3;
const FIELD: i16 = 4;
const EMPTY: i16 = 1;

/// What `datasets` makes of the columns. `Sequence` is read by old and new versions.
pub fn features(names: &[String]) -> Value {
    let value = |dtype: &str| json!({"dtype": dtype, "_type": "Value"});
    json!({
        "id": value("string"), "doc_id": value("string"),
        "tokens": {"feature": value("string"), "_type": "Sequence"},
        "ner_tags": {"feature": {"names": names, "_type": "ClassLabel"}, "_type": "Sequence"},
        "text": value("string"),
        "entities": [{"start": value("int32"), "end": value("int32"), "label": value("string")}],
        "structures": value("string"),
    })
}

/// The file.
///
/// # Errors
/// If a tag has no name, which cannot be.
pub fn file(rows: &[Row<'_>], names: &[String]) -> Result<Vec<u8>> {
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let info = json!({"info": {"features": features(names)}}).to_string();
    let properties = WriterProperties::builder()
        .set_created_by(format!("manicule {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![KeyValue::new("huggingface".to_owned(), info)]))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    for rows in rows.chunks(GROUP) {
        let mut group = Group { writer: writer.next_row_group()? };
        group.texts(rows, |row| &row.id)?;
        group.texts(rows, |row| row.doc_id)?;
        group.list::<ByteArrayType>(rows, VALUE, |row| row.tokens.iter().map(|token| text(token)).collect())?;
        let mut is_named = true;
        group.list::<Int64Type>(rows, VALUE, |row| {
            let number = |tag: &String| names.iter().position(|name| name == tag).and_then(|n| i64::try_from(n).ok());
            let numbers: Option<Vec<i64>> = row.tags.iter().map(number).collect();
            is_named &= numbers.is_some();
            numbers.unwrap_or_default()
        })?;
        if !is_named {
            return Err(ParquetError::General("a tag has no name".to_owned()));
        }
        group.texts(rows, |row| row.text)?;
        group.list::<Int32Type>(rows, FIELD, |row| row.entities.iter().map(|entity| entity.start).collect())?;
        group.list::<Int32Type>(rows, FIELD, |row| row.entities.iter().map(|entity| entity.end).collect())?;
        group.list::<ByteArrayType>(rows, FIELD, |row| {
            row.entities.iter().map(|entity| text(&entity.label)).collect()
        })?;
        group.texts(rows, |row| &row.structures)?;
        group.writer.close()?;
    }
    writer.into_inner()
}

fn text(text: &str) -> ByteArray {
    ByteArray::from(text.as_bytes().to_vec())
}

/// A row group, column by column.
struct Group<'w> {
    writer: SerializedRowGroupWriter<'w, Vec<u8>>,
}

impl Group<'_> {
    fn column<T: DataType>(&mut self, write: impl FnOnce(&mut ColumnWriterImpl<'_, T>) -> Result<usize>) -> Result<()> {
        let Some(mut column) = self.writer.next_column()? else {
            return Err(ParquetError::General("there are fewer columns than expected".to_owned()));
        };
        write(column.typed::<T>())?;
        column.close()
    }

    fn texts<'r>(&mut self, rows: &'r [Row<'r>], of: impl Fn(&'r Row<'r>) -> &'r str) -> Result<()> {
        let values: Vec<ByteArray> = rows.iter().map(|row| text(of(row))).collect();
        self.column::<ByteArrayType>(|column| column.write_batch(&values, Some(&vec![TEXT; rows.len()]), None))
    }

    /// A list for each row: where one begins the repetition level is 0. `level` is the definition level of what is there.
    fn list<T: DataType>(
        &mut self,
        rows: &[Row<'_>],
        level: i16,
        mut of: impl FnMut(&Row<'_>) -> Vec<T::T>,
    ) -> Result<()> {
        let (mut values, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let list = of(row);
            if list.is_empty() {
                defined.push(EMPTY);
                repeated.push(0);
            }
            for nth in 0..list.len() {
                defined.push(level);
                repeated.push(i16::from(nth > 0));
            }
            values.extend(list);
        }
        self.column::<T>(|column| column.write_batch(&values, Some(&defined), Some(&repeated)))
    }
}
