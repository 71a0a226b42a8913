//! Pairs of entities.

use super::{Bar, Bars, Cell, Empty, Figure, Ink, Piece, Plot, Show, Table, counted, number, percent};
use crate::limits;
use crate::review::statistics::behind::Within;
use crate::review::statistics::figures::{PairRow, Who};
use crate::review::statistics::{Behind, Figures, Mark};

/// Pairs that are drawn.
const MOST_BARS: usize = 25;

const NO_PAIRS: Empty = Empty {
    what: "No two entities stand together",
    hint: "Mark names and join them to entities; two in one sentence or document make a pair",
};

pub(super) fn figure(figures: &Figures, show: Show) -> Figure {
    let within = show.within();
    let cell = |who: &Who| Cell::Label(Ink::Label(Mark::Mention, who.r#type.clone()), who.name.clone());
    let measured = |pair: &PairRow| match within {
        Within::Sentence => (pair.sentences, pair.jaccard_sentences, pair.documents),
        Within::Document => (pair.documents, pair.jaccard_documents, pair.sentences),
    };
    let mut pairs: Vec<&PairRow> = figures.together.pairs.iter().filter(|pair| measured(pair).0 > 0).collect();
    // Stable: equal ones stay by the other measure and by name.
    pairs.sort_by(|a, b| {
        let (a, b) = (measured(a), measured(b));
        b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(b.2.cmp(&a.2))
    });
    let mut table =
        Table::new(&["Entity", "And", "#Sentences", "#Jaccard, sentences", "#Documents", "#Jaccard, documents"]);
    let mut bars = Vec::new();
    let (word, which) = match within {
        Within::Sentence => ("sentence", "sentences"),
        Within::Document => ("document", "documents"),
    };
    for pair in &pairs {
        let behind = Behind::Together(pair.a.number, pair.b.number, within);
        let cells = vec![
            cell(&pair.a),
            cell(&pair.b),
            Cell::Count(pair.sentences.into()),
            Cell::Number(pair.jaccard_sentences),
            Cell::Count(pair.documents.into()),
            Cell::Number(pair.jaccard_documents),
        ];
        table.row(cells, behind.clone());
        if bars.len() < MOST_BARS {
            let (count, jaccard, _) = measured(pair);
            let (a, b) = (&pair.a.name, &pair.b.name);
            let told = counted(count.into(), word);
            bars.push(Bar {
                name: format!("{a} – {b}").into(),
                told: format!("{} · {}", number(count.into()), percent(jaccard)),
                pieces: vec![Piece {
                    value: f64::from(count),
                    ink: Ink::Half,
                    says: format!("{a} and {b}: {told} with both, {} of those with either", percent(jaccard)),
                    behind,
                }],
            });
        }
    }
    let left_out = pairs.len() - bars.len();
    let axis = if within == Within::Sentence { "sentences with both" } else { "documents with both" };
    let plot = if bars.is_empty() {
        Plot::Empty(NO_PAIRS)
    } else {
        Plot::Bars(Bars { axis, is_share: false, legend: Vec::new(), bars, lines: Vec::new(), left_out })
    };
    let mut note = format!("The percentage is the Jaccard index: of the {which} with either, the share with both");
    if !figures.together.is_complete {
        let paired = number(limits::ENTITIES_PAIRED as u64);
        note.push_str(&format!("; among the {paired} entities that are in most documents"));
    }
    Figure { title: format!("Entities in one {word}"), note, plot, table }
}
