//! The table of a figure.

use std::cmp::Ordering;

use ecow::EcoString;

use super::{Ink, number, percent};
use crate::formats::sheet::Sheet;
use crate::review::statistics::Behind;

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: EcoString,
    /// Whether it holds numbers, which stand at the right.
    pub is_number: bool,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(EcoString),
    /// Words with the colour of what they name.
    Label(Ink, EcoString),
    /// How many.
    Count(u64),
    /// A measure.
    Number(f64),
    /// A share between 0 and 1.
    Share(f64),
    /// Nothing that could be said.
    Nothing,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// One for each column.
    pub cells: Vec<Cell>,
    /// The documents behind it.
    pub behind: Behind,
}

/// Rows of cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// From the left.
    pub columns: Vec<Column>,
    /// In the order of the plot.
    pub rows: Vec<Row>,
    /// Rows beyond what is listed.
    pub left_out: usize,
}

impl Cell {
    /// As it is read.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Label(_, text) => text.to_string(),
            Self::Count(count) => number(*count),
            Self::Number(number) => format!("{number:.2}").replace('-', "−"),
            Self::Share(share) => percent(*share),
            Self::Nothing => "–".to_owned(),
        }
    }

    /// As programs read it.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Label(_, text) => text.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Number(number) | Self::Share(number) => format!("{number:.4}"),
            Self::Nothing => String::new(),
        }
    }

    /// For sorting; what says nothing comes before everything.
    fn key(&self) -> Key<'_> {
        match self {
            Self::Count(count) => Key::Number(*count as f64),
            Self::Number(number) | Self::Share(number) => Key::Number(*number),
            Self::Text(text) | Self::Label(_, text) => Key::Words(text.to_lowercase(), text),
            Self::Nothing => Key::Number(f64::NEG_INFINITY),
        }
    }
}

/// What a cell is sorted by, worked out once.
enum Key<'a> {
    Number(f64),
    Words(EcoString, &'a str),
}

impl Key<'_> {
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Words(a, as_written), Self::Words(b, other)) => a.cmp(b).then_with(|| as_written.cmp(other)),
            (Self::Number(_), Self::Words(..)) => Ordering::Less,
            (Self::Words(..), Self::Number(_)) => Ordering::Greater,
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
        }
    }
}

impl Table {
    /// A table without rows. Columns whose title begins with `#` hold numbers.
    pub(super) fn new(columns: &[&str]) -> Self {
        let column =
            |title: &&str| Column { title: title.trim_start_matches('#').into(), is_number: title.starts_with('#') };
        Self { columns: columns.iter().map(column).collect(), ..Self::default() }
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>, behind: Behind) {
        self.rows.push(Row { cells, behind });
    }

    /// The places of the rows, sorted by a column; equal ones keep their order.
    pub fn sorted(&self, column: usize, is_descending: bool) -> Vec<u32> {
        let cells = self.rows.iter().map(|row| row.cells.get(column).unwrap_or(&Cell::Nothing));
        let mut places: Vec<(u32, Key<'_>)> = (0..).zip(cells.map(Cell::key)).collect();
        places.sort_by(|(_, a), (_, b)| if is_descending { b.order(a) } else { a.order(b) });
        places.into_iter().map(|(place, _)| place).collect()
    }

    /// As a file: UTF-8 with a byte order mark, commas; cells that a spreadsheet would run as formulas are guarded.
    pub fn csv(&self) -> Vec<u8> {
        let titles: Vec<&str> = self.columns.iter().map(|column| column.title.as_str()).collect();
        let mut sheet = Sheet::new(&titles, true, true);
        for row in &self.rows {
            let cells: Vec<String> = row.cells.iter().map(Cell::plain).collect();
            sheet.row(&cells);
        }
        sheet.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An annotator who is not known stands in a column of names.
    #[test]
    fn what_says_nothing_comes_first_among_words_and_numbers() {
        let mut table = Table::new(&["Name", "#Count"]);
        let words = ["b", "", "B", "a", "", "ä"];
        for (nth, word) in words.iter().enumerate() {
            let word = if word.is_empty() { Cell::Nothing } else { Cell::Text((*word).into()) };
            let count = if nth == 2 { Cell::Nothing } else { Cell::Number(-(nth as f64)) };
            table.row(vec![word, count], Behind::All);
        }
        assert_eq!(table.sorted(0, false), [1, 4, 3, 2, 0, 5]);
        assert_eq!(table.sorted(0, true), [5, 0, 2, 3, 1, 4], "equal ones keep their order");
        assert_eq!(table.sorted(1, false), [2, 5, 4, 3, 1, 0]);
        assert_eq!(table.sorted(7, true), [0, 1, 2, 3, 4, 5], "there is no such column");
    }
}
