//! The labels of the parts of a dataset.

use super::labels::MOST_BARS;
use super::{Bar, Bars, Cell, Figure, Ink, Piece, Plot, Series, Table, counted, number, percent};
use crate::review::statistics::{Behind, Figures};

/// How a part without a name is called.
fn called(name: &str) -> &str {
    if name.is_empty() { "(no part)" } else { name }
}

pub(super) fn figure(figures: &Figures) -> Figure {
    let split = &figures.split;
    let mut titles = vec!["Label".to_owned(), "Kind".to_owned(), "#Marks".to_owned()];
    titles.extend(split.parts.iter().map(|part| format!("#{}", called(&part.name))));
    titles.extend(split.parts.iter().map(|part| format!("#{}, share", called(&part.name))));
    let mut table = Table::new(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    let documents: Vec<u64> = split.parts.iter().map(|part| part.documents.into()).collect();
    let mut bars = vec![bar("Documents", None, figures, &documents)];
    let row = |counts: &[u64]| {
        let total: u64 = counts.iter().sum();
        let shares = counts.iter().map(|count| Cell::Share(*count as f64 / total.max(1) as f64)).collect::<Vec<_>>();
        std::iter::once(Cell::Count(total))
            .chain(counts.iter().map(|n| Cell::Count(*n)))
            .chain(shares)
            .collect::<Vec<_>>()
    };
    let first = [Cell::Text("Documents".into()), Cell::Nothing];
    table.row(first.into_iter().chain(row(&documents)).collect(), Behind::All);
    for of_label in &split.labels {
        let name = Cell::Label(Ink::of(&of_label.label), of_label.label.label.clone());
        let kind = Cell::Text(of_label.label.mark.kind().word().into());
        let cells = [name, kind].into_iter().chain(row(&of_label.marks)).collect();
        table.row(cells, Behind::Label(of_label.number));
        bars.push(bar(&of_label.label.label, Some(of_label.number), figures, &of_label.marks));
    }
    let left_out = bars.len().saturating_sub(MOST_BARS);
    bars.truncate(MOST_BARS);
    let legend = (split.parts.iter().enumerate())
        .map(|(nth, part)| Series { name: called(&part.name).to_owned(), ink: Ink::Nth(nth) })
        .collect();
    // Where each part would end if every label were spread as was asked for.
    let mut end = 0.0;
    let mut lines: Vec<f64> = split
        .parts
        .iter()
        .filter_map(|part| part.share)
        .map(|share| {
            end += share;
            end
        })
        .collect();
    lines.pop();
    let note = match (split.seed, split.stratified_by) {
        (Some(seed), Some(by)) => {
            let by = if by == "none" { String::new() } else { format!(", spread evenly by {by}") };
            format!(
                "As the dataset export draws it: whole documents, seed {seed}{by}; lines show where parts should end"
            )
        }
        _ => "As the documents say".to_owned(),
    };
    Figure {
        title: "Labels of the parts of a dataset".into(),
        note,
        plot: Plot::Bars(Bars { axis: "share of the marks", is_share: true, legend, bars, lines, left_out }),
        table,
    }
}

fn bar(name: &str, label: Option<u32>, figures: &Figures, counts: &[u64]) -> Bar {
    let total: u64 = counts.iter().sum();
    let what = if label.is_some() { "mark" } else { "document" };
    let piece = |(nth, count): (usize, &u64)| {
        let part = figures.split.parts.get(nth).map_or("", |part| called(&part.name));
        let share = *count as f64 / total.max(1) as f64;
        Piece {
            value: share,
            ink: Ink::Nth(nth),
            says: format!("{name} in {part}: {}, {}", counted(*count, what), percent(share)),
            behind: Behind::Part(nth, label),
        }
    };
    Bar {
        name: name.into(),
        told: number(total),
        pieces: counts.iter().enumerate().map(piece).filter(|piece| piece.value > 0.0).collect(),
    }
}
