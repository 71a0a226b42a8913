//! Length against density. Many documents are drawn as one point for each small field of the plane; those worth a look
//! are always points of their own.

use std::collections::BTreeMap;

use super::labels::title_of;
use super::{Cell, Dot, Empty, Figure, Plot, Points, Shape, Table, counted, number};
use crate::review::statistics::figures::{LoadRow, Verdict};
use crate::review::statistics::{Behind, Figures};

/// With more documents, neighbours are drawn together.
const MOST_ALONE: usize = 1_500;
/// Fields of the plane, to the right and upwards.
const FIELDS: (f64, f64) = (110.0, 60.0);
/// Documents worth a look that are drawn, and those that are named.
const MOST_STRIKING: usize = 400;
const MOST_NAMED: usize = 6;
/// Names beside points are cut there.
const NAME_SHOWN: usize = 28;

pub(super) fn figure(figures: &Figures) -> Figure {
    let load = &figures.load;
    let distance = |row: &LoadRow| match (row.density, load.median, load.deviation) {
        (Some(density), Some(median), Some(deviation)) if row.is_compared && deviation > 0.0 => {
            Some((density - median) / deviation)
        }
        _ => None,
    };
    let mut table = Table::new(&[
        "Document",
        "Annotator",
        "Worth a look",
        "#Tokens",
        "#Marks",
        "#Marks per 100 tokens",
        "#Deviations",
    ]);
    let mut order: Vec<(&LoadRow, Option<f64>)> = load.rows.iter().map(|row| (row, distance(row))).collect();
    let strength = |row: &LoadRow, distance: Option<f64>| row.verdict.and(distance).map_or(0.0, f64::abs);
    order.sort_by(|a, b| strength(b.0, b.1).total_cmp(&strength(a.0, a.1)));
    for (row, distance) in &order {
        let cells = vec![
            Cell::Text(title_of(figures, row.document)),
            row.annotator.clone().map_or(Cell::Nothing, Cell::Text),
            Cell::Text(if row.is_compared { verdict(row.verdict) } else { "not compared" }.into()),
            Cell::Count(row.tokens.into()),
            Cell::Count(row.marks.total()),
            row.density.map_or(Cell::Nothing, Cell::Number),
            distance.map_or(Cell::Nothing, Cell::Number),
        ];
        table.row(cells, Behind::Article(row.document));
    }
    let striking: Vec<&LoadRow> =
        order.iter().map(|(row, _)| *row).filter(|row| row.verdict.is_some()).take(MOST_STRIKING).collect();
    let others: Vec<&LoadRow> = load.rows.iter().filter(|row| row.verdict.is_none()).collect();
    let mut dots = if others.len() > MOST_ALONE {
        fields(&others)
    } else {
        others.iter().filter_map(|row| dot(figures, row)).collect()
    };
    dots.extend(striking.iter().enumerate().filter_map(|(nth, row)| {
        let dot = dot(figures, row)?;
        let name = if nth < MOST_NAMED { shortened(&title_of(figures, row.document)) } else { String::new() };
        Some(Dot { name, ..dot })
    }));
    let plot = match load.rows.len() {
        1 => Plot::Empty(Empty {
            what: "One document is neither dense nor sparse",
            hint: "The table has its density; from eight documents on, those that strike are named",
        }),
        _ => {
            Plot::Points(Points { axes: ["tokens", "marks per 100 tokens"], dots, usual: load.median.zip(load.usual) })
        }
    };
    let count = load.rows.iter().filter(|row| row.verdict.is_some()).count();
    let note = match load.usual {
        Some((low, high)) => format!(
            "{} worth a look: outside {low:.1} to {high:.1} marks per 100 tokens, the median ± 3 scaled median absolute \
             deviations",
            counted(count as u64, "document")
        ),
        None => "With fewer than eight documents of twenty tokens nothing can be called unusual".to_owned(),
    };
    Figure { title: "Length and density".into(), note, plot, table }
}

fn verdict(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Dense) => "▲ many marks",
        Some(Verdict::Sparse) => "▼ few marks",
        None => "",
    }
}

fn dot(figures: &Figures, row: &LoadRow) -> Option<Dot> {
    let density = row.density?;
    let title = title_of(figures, row.document);
    let (tokens, marks) = (counted(row.tokens.into(), "token"), counted(row.marks.total(), "mark"));
    Some(Dot {
        at: (f64::from(row.tokens), density),
        count: 1,
        shape: shape(row),
        says: format!("{title}: {tokens}, {marks}, {density:.1} per 100"),
        name: String::new(),
        behind: Behind::Article(row.document),
    })
}

fn shape(row: &LoadRow) -> Shape {
    match row.verdict {
        Some(Verdict::Dense) => Shape::Above,
        Some(Verdict::Sparse) => Shape::Below,
        None if row.is_compared => Shape::Usual,
        None => Shape::Apart,
    }
}

/// One point for each field of the plane with documents in it.
fn fields(rows: &[&LoadRow]) -> Vec<Dot> {
    let most = |of: &dyn Fn(&LoadRow) -> f64| rows.iter().map(|row| of(row)).fold(0.0, f64::max).max(1e-9);
    let (wide, high) = (most(&|row| f64::from(row.tokens)), most(&|row| row.density.unwrap_or_default()));
    let mut fields: BTreeMap<(u32, u32, bool), Vec<u32>> = BTreeMap::new();
    for row in rows {
        let Some(density) = row.density else { continue };
        let x = (f64::from(row.tokens) / wide * (FIELDS.0 - 1.0)).floor();
        let y = (density / high * (FIELDS.1 - 1.0)).floor();
        fields.entry((x as u32, y as u32, row.is_compared)).or_default().push(row.document);
    }
    let dot = |((x, y, is_compared), documents): ((u32, u32, bool), Vec<u32>)| {
        let at = ((f64::from(x) + 0.5) / (FIELDS.0 - 1.0) * wide, (f64::from(y) + 0.5) / (FIELDS.1 - 1.0) * high);
        let count = documents.len() as u32;
        let says = format!(
            "{}: about {} tokens, {:.1} marks per 100",
            counted(count.into(), "document"),
            number(at.0.round() as u64),
            at.1
        );
        let shape = if is_compared { Shape::Usual } else { Shape::Apart };
        Dot { at, count, shape, says, name: String::new(), behind: Behind::Articles(documents) }
    };
    fields.into_iter().map(dot).collect()
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(NAME_SHOWN) {
        Some((end, _)) => format!("{}…", title.get(..end).unwrap_or_default().trim_end()),
        None => title.to_owned(),
    }
}
