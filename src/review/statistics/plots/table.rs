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
    fn order(&self, other: &Self) -> Ordering {
        let value = |cell: &Self| match cell {
            Self::Count(count) => Some(*count as f64),
            Self::Number(number) | Self::Share(number) => Some(*number),
            Self::Text(_) | Self::Label(..) | Self::Nothing => None,
        };
        match (self, other) {
            (Self::Text(a) | Self::Label(_, a), Self::Text(b) | Self::Label(_, b)) => {
                a.to_lowercase().cmp(&b.to_lowercase()).then_with(|| a.cmp(b))
            }
            _ => value(self).unwrap_or(f64::NEG_INFINITY).total_cmp(&value(other).unwrap_or(f64::NEG_INFINITY)),
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
        let mut places: Vec<u32> = (0..self.rows.len() as u32).collect();
        let cell = |place: u32| self.rows.get(place as usize).and_then(|row| row.cells.get(column));
        places.sort_by(|a, b| {
            let order = match (cell(*a), cell(*b)) {
                (Some(a), Some(b)) => a.order(b),
                _ => Ordering::Equal,
            };
            if is_descending { order.reverse() } else { order }
        });
        places
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
