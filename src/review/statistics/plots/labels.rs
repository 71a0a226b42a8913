//! Marks per label, and per document.

use super::{
    Along, Bar, Bars, Cell, Columns, Empty, Figure, Ink, Piece, Plot, Series, Show, Table, Upright, counted, number,
};
use crate::review::statistics::{Behind, Figures, Mark};

/// Bars that are drawn; the others are in the table.
pub(super) const MOST_BARS: usize = 40;
/// Columns of documents with about the same number of marks.
const BINS: u64 = 24;

pub(super) fn figure(figures: &Figures, show: Show) -> Figure {
    if show.is_second { by_document(figures) } else { by_label(figures) }
}

fn by_label(figures: &Figures) -> Figure {
    let total = figures.marks.total().max(1) as f64;
    let mut table = Table::new(&["Label", "Kind", "#Marks", "#Share", "#Documents", "#Per document"]);
    for row in &figures.labels {
        let cells = vec![
            Cell::Label(Ink::of(&row.label), row.label.label.clone()),
            Cell::Text(row.label.mark.kind().word().into()),
            Cell::Count(row.marks),
            Cell::Share(row.marks as f64 / total),
            Cell::Count(row.documents.into()),
            Cell::Number(row.marks as f64 / f64::from(row.documents.max(1))),
        ];
        table.row(cells, Behind::Label(row.number));
    }
    let mut rows: Vec<_> = figures.labels.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.marks));
    let bar = |row: &&crate::review::statistics::figures::LabelRow| {
        let (marks, documents) = (counted(row.marks, "mark"), counted(row.documents.into(), "document"));
        Bar {
            name: row.label.label.clone(),
            told: number(row.marks),
            pieces: vec![Piece {
                value: row.marks as f64,
                ink: Ink::of(&row.label),
                says: format!("{} ({}): {marks} in {documents}", row.label.label, row.label.mark.kind().word()),
                behind: Behind::Label(row.number),
            }],
        }
    };
    let bars: Vec<Bar> = rows.iter().take(MOST_BARS).map(bar).collect();
    let left_out = rows.len() - bars.len();
    Figure {
        title: "Marks by label".into(),
        note: "Events are filled, everything else is open with an outline, as in the article".into(),
        plot: Plot::Bars(Bars {
            axis: "marks",
            is_share: false,
            legend: Vec::new(),
            bars,
            lines: Vec::new(),
            left_out,
        }),
        table,
    }
}

fn by_document(figures: &Figures) -> Figure {
    let mut table =
        Table::new(&["Document", "Annotator", "#Marks", "#Mentions", "#Events", "#Quotes", "#Relations", "#Tokens"]);
    let rows = &figures.load.rows;
    let mut order: Vec<_> = rows.iter().collect();
    order.sort_by_key(|row| std::cmp::Reverse(row.marks.total()));
    for row in order {
        let mut cells = vec![
            Cell::Text(title_of(figures, row.document)),
            row.annotator.clone().map_or(Cell::Nothing, Cell::Text),
            Cell::Count(row.marks.total()),
        ];
        cells.extend(Mark::ALL.map(|mark| Cell::Count(row.marks.of(mark))));
        cells.push(Cell::Count(row.tokens.into()));
        table.row(cells, Behind::Article(row.document));
    }
    let most = rows.iter().map(|row| row.marks.total()).max().unwrap_or(0);
    let width = bin_width(most);
    let mut bins: Vec<Vec<u32>> = Vec::new();
    for row in rows {
        let bin = (row.marks.total() / width) as usize;
        bins.resize_with(bins.len().max(bin + 1), Vec::new);
        if let Some(bin) = bins.get_mut(bin) {
            bin.push(row.document);
        }
    }
    let upright = |(nth, documents): (u64, Vec<u32>)| {
        let (from, to) = (nth * width, (nth + 1) * width);
        let name = if width == 1 { number(from) } else { format!("{}–{}", number(from), number(to - 1)) };
        let says = format!("{name} marks: {}", counted(documents.len() as u64, "document"));
        let value = documents.len() as f64;
        let behind = Behind::Articles(documents);
        Upright { from_to: (from as f64, to as f64), name, pieces: vec![Piece { value, ink: Ink::Half, says, behind }] }
    };
    let columns: Vec<Upright> = (0..).zip(bins).filter(|(_, documents)| !documents.is_empty()).map(upright).collect();
    let plot = if rows.len() < 2 {
        let what = "One document makes no distribution";
        Plot::Empty(Empty { what, hint: "The table has its marks; with a second document there is a plot" })
    } else {
        let along = Along::Numbers("marks of a document");
        Plot::Columns(Columns { along, axis: "documents", legend: Vec::<Series>::new(), columns })
    };
    Figure { title: "Marks by document".into(), note: "How many documents have how many marks".into(), plot, table }
}

/// Of 1, 2, 5, 10, 20, … the first with which everything fits.
fn bin_width(most: u64) -> u64 {
    let steps = (0..18).flat_map(|power| [1, 2, 5].map(|step: u64| step.saturating_mul(10u64.saturating_pow(power))));
    steps.into_iter().find(|step| most / step < BINS).unwrap_or(u64::MAX)
}

/// The title of an article, or its key where it has none.
pub(super) fn title_of(figures: &Figures, article: u32) -> ecow::EcoString {
    let article = figures.statistics.articles().get(article as usize);
    article
        .map(|article| if article.title.is_empty() { &article.key } else { &article.title })
        .cloned()
        .unwrap_or_default()
}
