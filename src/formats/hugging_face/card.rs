//! The dataset card: what loaders need in its head, what people want to know below.

use super::rows::Row;

/// The card of one file of data.
pub fn text(data: &str, documents: usize, rows: &[Row<'_>], names: &[String], is_numbered: bool) -> String {
    let mut out = String::from("---\ntask_categories:\n- token-classification\nconfigs:\n- config_name: default\n");
    // A name in double quotation marks may hold anything; JSON's are YAML's.
    let path = serde_json::Value::from(data).to_string();
    out.push_str(&format!("  data_files:\n  - split: train\n    path: {path}\n---\n\n# Dataset\n\n"));
    let entities: usize = rows.iter().map(|row| row.entities.len()).sum();
    let words: usize = rows.iter().map(|row| row.tokens.len()).sum();
    out.push_str(&format!(
        "- {documents} documents, {} rows, {words} words, {entities} entities\n- Made by: Manicule {}\n",
        rows.len(),
        env!("CARGO_PKG_VERSION")
    ));
    out.push_str(
        "\n## Columns\n\n\
         - `tokens`, `ner_tags`: words and their tags\n\
         - `text`, `entities`: the text of the row, and all mentions with `start`, `end` (code points, half-open) and `label`\n\
         - `structures`: events and quotes as JSON\n\
         - `id`, `doc_id`: of the row and of its document\n",
    );
    if is_numbered {
        out.push_str("\n## Tags\n\n");
        for (number, name) in names.iter().enumerate() {
            // What code cannot hold is written as plain words; nothing of a name is markup.
            let is_plain = !name.contains(['`', '\n', '\r']);
            let name = if is_plain { format!("`{name}`") } else { crate::formats::plain_markdown(name) };
            out.push_str(&format!("- {number}: {name}\n"));
        }
    }
    out
}
