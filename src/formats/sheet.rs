//! Cells of tables that people open in a spreadsheet.
//!
//! A spreadsheet takes a cell that begins like a formula for one and runs it. Such a cell gets an apostrophe before it, as
//! people type one; so does a cell that would look guarded without being so. Where the desktop divides lists with semicolons, a
//! spreadsheet divides cells there and at tabs, and a cell of several lines may come apart: what follows these is guarded
//! in the same way. [`unguarded`] gives back every cell exactly: it takes one apostrophe from those pieces that have
//! one or more before the beginning of a formula, and changes no other. Nothing here knows what the cells mean.

use std::borrow::Cow;

use crate::limits;
use crate::model::Problem;

/// What begins a formula, also in the wide forms of East Asian keyboards; tabs and line ends hide it from the eye.
fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
}

/// Where a spreadsheet may divide a cell.
fn divides(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n')
}

/// Whether a piece begins with a formula after any number of apostrophes.
fn is_touched(piece: &str, is_first: bool) -> bool {
    // What divides begins the next piece; only the first may begin with it.
    piece.trim_start_matches('\'').starts_with(|c| begins_formula(c) && (is_first || !divides(c)))
}

/// The pieces that a cell may come apart into, each with the character that ends it, and whether it is touched.
fn pieces(cell: &str) -> impl Iterator<Item = (&str, bool)> {
    cell.split_inclusive(divides).enumerate().map(|(n, piece)| (piece, is_touched(piece, n == 0)))
}

/// The cell with an apostrophe before those of its touched pieces that `wanted` names.
fn marked<'a>(cell: &'a str, wanted: impl Fn(&str) -> bool) -> Cow<'a, str> {
    if !pieces(cell).any(|(piece, is_touched)| is_touched && wanted(piece)) {
        return Cow::Borrowed(cell);
    }
    let mark = |(piece, is_touched): (&'a str, bool)| [if is_touched && wanted(piece) { "'" } else { "" }, piece];
    Cow::Owned(pieces(cell).flat_map(mark).collect())
}

/// The cell as it is safe to open.
#[cfg(test)]
fn guarded(cell: &str) -> Cow<'_, str> {
    marked(cell, |_| true)
}

/// The cell without its guards.
pub fn unguarded(cell: &str) -> Cow<'_, str> {
    let is_guarded = |(piece, is_touched): (&str, bool)| is_touched && piece.starts_with('\'');
    if !pieces(cell).any(is_guarded) {
        return Cow::Borrowed(cell);
    }
    Cow::Owned(pieces(cell).map(|(piece, touched)| &piece[usize::from(is_guarded((piece, touched)))..]).collect())
}

/// A table that is being written: UTF-8, commas, `\n` at line ends, cells guarded if asked for.
pub struct Sheet {
    writer: csv::Writer<Vec<u8>>,
    guards: bool,
    width: usize,
    touched: usize,
}

impl Sheet {
    /// A table with these names of columns. `guards` says whether cells that begin like a formula are guarded, `marks`
    /// whether the file begins with a byte order mark, without which some spreadsheets read UTF-8 as something else.
    pub fn new(columns: &[&str], guards: bool, marks: bool) -> Self {
        let mut bytes = Vec::new();
        if marks {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        let mut sheet = Self {
            writer: csv::WriterBuilder::new().flexible(true).from_writer(bytes),
            guards,
            width: columns.len(),
            touched: 0,
        };
        sheet.row(columns);
        sheet
    }

    /// Adds a row; cells that are missing are empty.
    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) {
        let missing = self.width.saturating_sub(cells.len());
        let cells = cells.iter().map(AsRef::as_ref).chain(std::iter::repeat_n("", missing));
        let mut row = Vec::new();
        for cell in cells {
            self.touched += usize::from(pieces(cell).any(|(_, is_touched)| is_touched));
            // What looks guarded is no formula, and is marked in any case: else it would lose its own apostrophe.
            row.push(marked(cell, |piece| self.guards || piece.starts_with('\'')));
        }
        // Writing into memory does not fail, and rows of any length are allowed.
        let _ = self.writer.write_record(row.iter().map(|cell| cell.as_bytes()));
    }

    /// How many cells begin like a formula, or like a guarded one.
    pub fn touched(&self) -> usize {
        self.touched
    }

    /// The whole file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

/// Refuses a table that is wider than any: cells are found by the names of their columns.
pub fn check_columns(count: usize) -> Result<(), Problem> {
    if count > limits::COLUMNS { Err(Problem::beyond("columns", limits::COLUMNS).at_line(1, 1)) } else { Ok(()) }
}

/// The divider of a table by its first line: a tab, semicolon or comma, whichever is most often in it.
pub fn divider(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |divider: char| head.matches(divider).count();
    [(b'\t', count('\t')), (b';', count(';')), (b',', count(','))]
        .into_iter()
        .max_by_key(|(_, n)| *n)
        .map_or(b',', |(divider, _)| divider)
}

/// The names of columns in the first line, in lower case.
pub fn columns(bytes: &[u8]) -> Vec<String> {
    let start = bytes.get(..bytes.len().min(16 << 10)).unwrap_or_default();
    let start = String::from_utf8_lossy(start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start)).into_owned();
    let head = start.lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(divider(head)).from_reader(head.as_bytes());
    let first = reader.records().next().and_then(Result::ok);
    first.map(|row| row.iter().map(|cell| cell.trim().to_lowercase()).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded_and_nothing_else() {
        for (cell, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-5", "'-5"),
            ("\tx", "'\tx"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("'Tis", "'Tis"),
            ("'", "'"),
            ("", ""),
            ("a=1", "a=1"),
            ("“=1”", "“=1”"),
            ("a; b;c", "a; b;c"),
            ("a;=1+1;b", "a;'=1+1;b"),
            ("a\t@x\r\n-y\n'=z", "a\t'@x\r\n'-y\n''=z"),
            ("a;＝1", "a;'＝1"),
            (";=1", ";'=1"),
        ] {
            assert_eq!((guarded(cell).as_ref(), unguarded(safe).as_ref()), (safe, cell));
        }
        let mut sheet = Sheet::new(&["a", "b"], true, true);
        sheet.row(&["=1", "x\r\n\"y\""]);
        sheet.row(&["1"]);
        assert_eq!(sheet.touched(), 1);
        assert_eq!(String::from_utf8_lossy(&sheet.into_bytes()), "\u{feff}a,b\n'=1,\"x\r\n\"\"y\"\"\"\n1,\n");
        assert_eq!(columns("\u{feff}A;\"b \"\n1;2".as_bytes()), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn every_cell_comes_back_and_none_is_a_formula(cell in "['=+@a;\t\r\n -]{0,8}|.*") {
            let safe = guarded(&cell);
            prop_assert_eq!(unguarded(&safe), cell.as_str());
            prop_assert!(!safe.starts_with(begins_formula));
            // However a spreadsheet divides it.
            for piece in safe.split(divides) {
                prop_assert!(!piece.starts_with(begins_formula), "{:?}", piece);
            }
            // Written without guards it comes back, too.
            let mut sheet = Sheet::new(&["a"], false, false);
            sheet.row(&[&cell]);
            let bytes = sheet.into_bytes();
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
            let row = reader.records().next().expect("a row").expect("a row");
            prop_assert_eq!(unguarded(&row[0]), cell.as_str());
        }
    }
}
