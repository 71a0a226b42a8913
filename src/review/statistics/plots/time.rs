//! Marks over time.

use super::{Along, Cell, Columns, Empty, Figure, Ink, Piece, Plot, Series, Show, Table, Upright, counted};
use crate::review::statistics::figures::TimeRow;
use crate::review::statistics::figures::time::fitting;
use crate::review::statistics::{Behind, Figures, Mark, Period};

const NOT_MADE: Empty = Empty { what: "No mark says when it was made", hint: "Marks made in this program do" };
const NOT_PUBLISHED: Empty = Empty {
    what: "No document says when it was published",
    hint: "The date is that of the imported file or of the document's metadata, as 2023-05-04 or 2023-05",
};

pub(super) fn figure(figures: &Figures, show: Show) -> Figure {
    let (title, by_period, undated, what) = if show.is_second {
        ("Marks by when they were made", &figures.time.made, figures.time.marks_undated, "mark")
    } else {
        let undated = figures.time.documents_undated.into();
        ("Marks by when articles were published", &figures.time.published, undated, "document")
    };
    let period = show.period.unwrap_or_else(|| fitting(by_period));
    let rows = by_period.get(&period).map_or(&[][..], Vec::as_slice);
    let behind = |row: &TimeRow, mark: Option<Mark>| {
        if show.is_second { Behind::Made(period, row.begin, mark) } else { Behind::Published(period, row.begin, mark) }
    };
    let word = match period {
        Period::Day => "Day",
        Period::Week => "Week",
        Period::Month => "Month",
        Period::Year => "Year",
    };
    let mut table = Table::new(&[word, "#Documents", "#Marks", "#Mentions", "#Events", "#Quotes", "#Relations"]);
    for row in rows {
        let mut cells = vec![
            Cell::Text(row.name.as_str().into()),
            Cell::Count(row.documents.into()),
            Cell::Count(row.marks.total()),
        ];
        cells.extend(Mark::ALL.map(|mark| Cell::Count(row.marks.of(mark))));
        table.row(cells, behind(row, None));
    }
    let column = |row: &TimeRow| {
        let piece = |mark: Mark| {
            let word = mark.kind().word();
            let says = format!("{}: {}", row.name, counted(row.marks.of(mark), word));
            Piece { value: row.marks.of(mark) as f64, ink: Ink::Mark(mark), says, behind: behind(row, Some(mark)) }
        };
        Upright {
            from_to: (f64::from(row.begin), f64::from(period.next(row.begin))),
            name: row.name.clone(),
            pieces: Mark::ALL.into_iter().map(piece).filter(|piece| piece.value > 0.0).collect(),
        }
    };
    let is_there = |mark: &Mark| rows.iter().any(|row| row.marks.of(*mark) > 0);
    let series = |mark: Mark| Series { name: format!("{}s", mark.kind().word()), ink: Ink::Mark(mark) };
    let plot = if rows.is_empty() {
        Plot::Empty(if show.is_second { NOT_MADE } else { NOT_PUBLISHED })
    } else {
        Plot::Columns(Columns {
            along: Along::Time(period),
            axis: "marks",
            legend: Mark::ALL.into_iter().filter(is_there).map(series).collect(),
            columns: rows.iter().map(column).collect(),
        })
    };
    let mut note = if show.is_second { "Days are those of UTC" } else { "Marks in articles of that time" }.to_owned();
    if undated > 0 {
        note.push_str(&format!("; {} without a date", counted(undated, what)));
    }
    Figure { title: title.into(), note, plot, table }
}
