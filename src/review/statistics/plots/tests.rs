//! Figures of documents that are made up, also of none: everything drawn leads to documents, tables agree with plots.

use std::io::Cursor;
use std::sync::Arc;

use strum::IntoEnumIterator as _;

use super::*;
use crate::model::schema::builtin;
use crate::model::test_support::{entity, event, mention, quote};
use crate::model::{Argument, Document, Event, Filler, Header, Id, Metadata, Quote, Status};
use crate::review::statistics::{Fed, Statistics, Wanted};
use crate::text::Text;

const TEXT: &str =
    "Anna met Bob in Oslo. “Bob lied to Eve,” Anna said. “No,” he said. Filler words stand here to the end.";

/// The nth of many documents, with marks enough for every figure; the last one strikes.
fn made(nth: u32) -> Document {
    let at = |word: &str, nth: usize| {
        let (at, word) = TEXT.match_indices(word).nth(nth).expect("it is there");
        [(at as u32, (at + word.len()) as u32)]
    };
    let of = |id: &str, label: &str, at: [(u32, u32); 1], of: &str| {
        let mut mention = mention(id, label, &at);
        mention.entity = Some(Id::from(of));
        mention.provenance.at = Some(format!("2026-01-{:02}T10:00:00Z", nth % 28 + 1));
        mention
    };
    let mut mentions = vec![
        of("m1", "Person", at("Anna", 0), "n1"),
        of("m2", "Person", at("Bob", 0), "n2"),
        of("m3", "Person", at("Bob", 1), "n2"),
        of("m4", "Person", at("Anna", 1), "n1"),
        of("m5", "Place", at("Oslo", 0), "n3"),
    ];
    if nth == 19 {
        mentions.extend((0..60).map(|m| mention(&format!("x{m}"), "=Sum", &[(m, m + 1)])));
    }
    let entities = [entity("n1", "Person", "Anna"), entity("n2", "Person", "Bob"), entity("n3", "Place", "Oslo")];
    let argument = Argument { role: "Participant".into(), filler: Filler::Mention("m1".into()) };
    let consult = Event { arguments: vec![argument], ..event("e1", "Consult", &at("met", 0)) };
    let said =
        Quote { speaker: Some(Filler::Mention("m4".into())), ..quote("q1", "direct", &at("Bob lied to Eve", 0)) };
    let metadata = Metadata {
        id: format!("{nth}"),
        title: format!("=Article <{nth}> & more"),
        published: Some(format!("2025-{:02}-03", nth % 12 + 1)),
        ..Metadata::default()
    };
    let header = Header { metadata, status: Status::Done, ..Header::default() };
    let text = Text::new(format!("{TEXT}{}", " word".repeat(nth as usize))).expect("short");
    Document::with_annotations(
        text,
        header,
        entities,
        mentions,
        [consult],
        [said, quote("q2", "direct", &at("No", 0))],
        [],
    )
}

fn figures(count: u32) -> Figures {
    let mut statistics = Statistics::new();
    for nth in 0..count {
        statistics.feed(&Fed::of(&format!("{nth}"), &made(nth)));
    }
    Figures::count(Arc::new(statistics), Wanted::default(), &[builtin("news").expect("ships")])
}

/// Every view of every section.
fn all_shows() -> Vec<Show> {
    let both = |section: Section| [false, true].map(|is_second| Show { section, is_second, period: None });
    Section::iter().flat_map(both).collect()
}

/// Everything in a plot that leads somewhere, with how much it is.
fn parts(plot: &Plot) -> Vec<(&Behind, f64)> {
    match plot {
        Plot::Empty(_) => Vec::new(),
        Plot::Bars(bars) => {
            bars.bars.iter().flat_map(|bar| &bar.pieces).map(|piece| (&piece.behind, piece.value)).collect()
        }
        Plot::Columns(columns) => {
            columns.columns.iter().flat_map(|column| &column.pieces).map(|piece| (&piece.behind, piece.value)).collect()
        }
        Plot::Grid(grid) => grid.tiles.iter().map(|tile| (&tile.behind, tile.value as f64)).collect(),
        Plot::Points(points) => points.dots.iter().map(|dot| (&dot.behind, f64::from(dot.count))).collect(),
    }
}

#[test]
fn everything_that_is_drawn_leads_to_documents() {
    let figures = figures(20);
    for show in all_shows() {
        let figure = Figure::of(&figures, show);
        let parts = parts(&figure.plot);
        assert!(!parts.is_empty(), "{show:?}");
        for (behind, value) in parts {
            assert!(value > 0.0 && !figures.documents_behind(behind).is_empty(), "{show:?}: {behind:?}");
        }
        for row in &figure.table.rows {
            assert_eq!(row.cells.len(), figure.table.columns.len(), "{show:?}");
            assert!(!figures.documents_behind(&row.behind).is_empty(), "{show:?}: {row:?}");
        }
    }
}

#[test]
fn every_figure_is_a_picture_in_light_and_dark() {
    let figures = figures(20);
    let schema = builtin("news").expect("ships");
    for show in all_shows() {
        let figure = Figure::of(&figures, show);
        let [light, dark] = [false, true].map(|is_dark| {
            let bytes = picture::png(&figure, "20 documents", schema, is_dark, &picture::no_fonts).expect("a picture");
            if let Some(folder) = std::env::var_os("MANICULE_PICTURES") {
                let name = format!("{}-{}.png", show.file_name(), if is_dark { "dark" } else { "light" });
                std::fs::write(std::path::Path::new(&folder).join(name), &bytes).expect("the folder is there");
            }
            let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().expect("a PNG");
            let mut pixels = vec![0; reader.output_buffer_size().expect("it fits")];
            reader.next_frame(&mut pixels).expect("whole");
            assert_eq!(reader.info().width, 1920);
            pixels
        });
        // Some of the pixels are enough, and quicker.
        let colors = |pixels: &[u8]| pixels.chunks_exact(3).step_by(17).collect::<std::collections::HashSet<_>>().len();
        assert!(colors(&light) > 30 && colors(&dark) > 30, "{show:?} is not empty");
        assert!(light[0] > 240 && dark[0] < 40, "{show:?}");
    }
}

#[test]
fn what_is_empty_says_what_is_missing() {
    let (none, one, unmarked) = (figures(0), figures(1), {
        let mut statistics = Statistics::new();
        let text = Text::new("Nothing.").expect("short");
        statistics.feed(&Fed::of("a", &Document::new(text, Header::default())));
        Figures::count(Arc::new(statistics), Wanted::default(), &[])
    });
    let empty = |figures: &Figures, show: Show| match Figure::of(figures, show).plot {
        Plot::Empty(empty) => Some(empty.what),
        _ => None,
    };
    for show in all_shows() {
        assert_eq!(empty(&none, show), Some(NO_DOCUMENTS.what));
        assert_eq!(empty(&unmarked, show), Some(NO_MARKS.what));
        let figure = Figure::of(&none, show);
        assert!(figure.table.rows.is_empty());
        assert!(picture::png(&figure, "", builtin("news").expect("ships"), false, &picture::no_fonts).is_err());
    }
    let load = Show { section: Section::Load, ..Show::default() };
    assert!(empty(&one, load).is_some(), "one document is neither dense nor sparse");
    assert_eq!(Figure::of(&one, load).table.rows.len(), 1);
    assert_eq!(empty(&one, Show::default()), None);
}

#[test]
fn tables_are_sorted_and_safe_in_a_spreadsheet() {
    let figures = figures(20);
    let table = Figure::of(&figures, Show::default()).table;
    let marks = |place: &u32| table.rows[*place as usize].cells[2].clone();
    let sorted: Vec<Cell> = table.sorted(2, true).iter().map(marks).collect();
    assert_eq!(sorted.first(), Some(&Cell::Count(80)));
    assert_eq!(table.sorted(2, false).first().map(marks), sorted.last().cloned());
    assert_eq!(table.sorted(99, false), (0..table.rows.len() as u32).collect::<Vec<_>>());
    let csv = String::from_utf8(table.csv()).expect("UTF-8");
    assert!(csv.contains("\n'=Sum,mention,60,"), "{csv}");
    assert!(csv.starts_with("\u{feff}Label,Kind,Marks,Share,Documents,Per document\n"), "{csv}");
}

#[test]
fn many_documents_are_drawn_as_few_points_and_none_is_lost() {
    let mut statistics = Statistics::new();
    for nth in 0..2_000 {
        let text = Text::new(format!("{nth} {}", "word ".repeat(30 + nth % 50))).expect("short");
        let marks = (0..=nth as u32 % 7).map(|m| mention(&format!("m{m}"), "Person", &[(m, m + 1)]));
        let document = Document::with_annotations(text, Header::default(), [], marks, [], [], []);
        statistics.feed(&Fed::of(&format!("{nth}"), &document));
    }
    let figures = Figures::count(Arc::new(statistics), Wanted::default(), &[]);
    let Plot::Points(points) = Figure::of(&figures, Show { section: Section::Load, ..Show::default() }).plot else {
        panic!("points")
    };
    assert!(points.dots.len() < 1_000, "{}", points.dots.len());
    assert_eq!(points.dots.iter().map(|dot| dot.count).sum::<u32>(), 2_000);
}
