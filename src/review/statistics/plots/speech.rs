//! Who said how much, and about whom.

use ecow::EcoString;

use super::labels::MOST_BARS;
use super::{Bar, Bars, Cell, Empty, Figure, Grid, Ink, Piece, Plot, Show, Table, Tile, counted, number};
use crate::review::statistics::figures::Who;
use crate::review::statistics::{Behind, Figures, Mark};

/// Rows and columns of the grid.
const GRID: usize = 14;

const NO_QUOTES: Empty = Empty { what: "No quote is marked", hint: "Put the caret into a quotation and press q" };
const NOBODY: Empty =
    Empty { what: "No quote mentions anybody", hint: "Mark the names inside quotes; they are counted by entity" };

/// What stands for a speaker who is not known.
const UNKNOWN: &str = "(speaker not known)";

pub(super) fn figure(figures: &Figures, show: Show) -> Figure {
    let figure = if show.is_second { about(figures) } else { speakers(figures) };
    if figures.speech.speakers.is_empty() { Figure { plot: Plot::Empty(NO_QUOTES), ..figure } } else { figure }
}

fn name(who: Option<&Who>) -> EcoString {
    who.map_or(UNKNOWN.into(), |who| who.name.clone())
}

fn cell(who: Option<&Who>) -> Cell {
    match who {
        Some(who) if !who.r#type.is_empty() => {
            Cell::Label(Ink::Label(Mark::Mention, who.r#type.clone()), who.name.clone())
        }
        _ => Cell::Text(name(who)),
    }
}

fn speakers(figures: &Figures) -> Figure {
    let mut table =
        Table::new(&["Speaker", "Type", "#Quotes", "#Words", "#Words a quote", "#Documents", "Also called", "Link"]);
    let mut bars = Vec::new();
    for row in &figures.speech.speakers {
        let who = row.speaker.as_ref();
        let behind = Behind::Speaker(who.map(|who| who.number));
        let others: Vec<&str> =
            row.names.iter().map(EcoString::as_str).filter(|other| who.is_none_or(|who| who.name != *other)).collect();
        let cells = vec![
            cell(who),
            who.map_or(Cell::Nothing, |who| Cell::Text(who.r#type.clone())),
            Cell::Count(row.quotes),
            Cell::Count(row.words),
            Cell::Number(row.words as f64 / row.quotes.max(1) as f64),
            Cell::Count(row.documents.into()),
            Cell::Text(others.join(", ").into()),
            who.and_then(|who| who.link.clone()).map_or(Cell::Nothing, Cell::Text),
        ];
        table.row(cells, behind.clone());
        if bars.len() < MOST_BARS {
            let (quotes, words) = (counted(row.quotes, "quote"), counted(row.words, "word"));
            bars.push(Bar {
                name: name(who),
                told: format!("{} · {words}", number(row.quotes)),
                pieces: vec![Piece {
                    value: row.quotes as f64,
                    ink: if who.is_some() { Ink::Half } else { Ink::Hollow },
                    says: format!("{}: {quotes}, {words}", name(who)),
                    behind,
                }],
            });
        }
    }
    let left_out = figures.speech.speakers.len() - bars.len();
    Figure {
        title: "Who speaks".into(),
        note: "Speakers are joined over documents by link, or by type and name; what two say together counts for each"
            .into(),
        plot: Plot::Bars(Bars {
            axis: "quotes",
            is_share: false,
            legend: Vec::new(),
            bars,
            lines: Vec::new(),
            left_out,
        }),
        table,
    }
}

fn about(figures: &Figures) -> Figure {
    let speech = &figures.speech;
    let mut table = Table::new(&["Speaker", "About", "#Quotes", "#Words", "#Documents"]);
    table.left_out = speech.about_left_out;
    let (mut rows, mut columns): (Vec<Option<u32>>, Vec<u32>) = (Vec::new(), Vec::new());
    let (mut row_names, mut column_names) = (Vec::new(), Vec::new());
    let mut tiles = Vec::new();
    for row in &speech.about {
        let who = row.speaker.as_ref();
        let behind = Behind::About(who.map(|who| who.number), row.about.number);
        let cells = vec![
            cell(who),
            cell(Some(&row.about)),
            Cell::Count(row.quotes),
            Cell::Count(row.words),
            Cell::Count(row.documents.into()),
        ];
        table.row(cells, behind.clone());
        let Some(x) = place(&mut columns, row.about.number, || column_names.push(row.about.name.clone())) else {
            continue;
        };
        let Some(y) = place(&mut rows, who.map(|who| who.number), || row_names.push(name(who))) else { continue };
        let (quotes, words) = (counted(row.quotes, "quote"), counted(row.words, "word"));
        let says = format!("{} about {}: {quotes}, {words}", name(who), row.about.name);
        tiles.push(Tile { at: (y, x), value: row.quotes, says, behind });
    }
    let plot = if tiles.is_empty() {
        Plot::Empty(NOBODY)
    } else {
        Plot::Grid(Grid { axes: ["speaker", "mentioned in the quote"], rows: row_names, columns: column_names, tiles })
    };
    Figure {
        title: "Who speaks about whom".into(),
        note: "Quotes of a speaker (row) in which somebody (column) is mentioned; the most frequent are drawn".into(),
        plot,
        table,
    }
}

/// The place of a number in a short list, where it is put if there is room.
fn place<T: PartialEq>(list: &mut Vec<T>, number: T, added: impl FnOnce()) -> Option<usize> {
    if let Some(at) = list.iter().position(|known| *known == number) {
        return Some(at);
    }
    if list.len() == GRID {
        return None;
    }
    list.push(number);
    added();
    Some(list.len() - 1)
}
