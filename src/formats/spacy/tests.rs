use proptest::prelude::*;

use super::*;
use crate::formats::losses::Treatment;
use crate::formats::test_support::{self, essence, through, within};
use crate::model::Header;
use crate::model::test_support::mention;
use crate::text::{Span, Text};

fn chosen(all: &[(&str, &str)]) -> Options {
    let mut options = Options::default();
    for (name, value) in all {
        options.set(&INFO, name, value).expect("an option");
    }
    options
}

fn written(document: &Document, options: &Options) -> Vec<u8> {
    let named = Named { name: "doc", document, schema: None };
    Spacy.write(&[named], options).expect("writable").remove(0).bytes
}

fn read(bytes: &[u8]) -> Read {
    Spacy.read(&Input::of_bytes(bytes)).expect("readable").remove(0)
}

fn document(text: &str, mentions: &[(&str, &[(u32, u32)])]) -> Document {
    let mut document = Document::new(Text::new(text).expect("short"), Header::default());
    for (i, (label, spans)) in mentions.iter().enumerate() {
        let id = format!("m{}", i + 1);
        document.mentions.insert(id.as_str().into(), mention(&id, label, spans));
    }
    document.reindex();
    document
}

/// Losses of annotations, without those of the document as a whole.
fn lost(document: &Document, options: &Options) -> Vec<Loss> {
    Spacy.losses(document, options).into_iter().filter(|loss| loss.id.is_some()).collect()
}

/// Labels and places from the first part to the last.
fn places(document: &Document) -> Vec<(String, Span)> {
    let one =
        |m: &crate::model::Mention| (m.label.to_string(), Span::new(m.spans[0].start, m.spans[m.spans.len() - 1].end));
    let mut all: Vec<_> = document.mentions().values().map(one).collect();
    all.sort();
    all.dedup();
    all
}

proptest! {
    #[test]
    fn what_is_written_comes_back(mut document in test_support::sane_document()) {
        document.entities.clear();
        document.mentions.for_each_mut(|m| m.entity = None);
        document.reindex();
        test_support::comes_back(&Spacy, document);
    }

    #[test]
    fn entities_come_back_without_their_names(document in test_support::sane_document()) {
        let document = within(document, &HOLDS);
        let read = through(&Spacy, &document).expect("readable").document;
        prop_assert_eq!(essence(&read, &HOLDS), essence(&document, &HOLDS));
        let links = |d: &Document| {
            let mut links: Vec<_> = d.entities().values().map(|n| n.link.clone()).collect();
            links.sort();
            links
        };
        prop_assert_eq!(links(&read), links(&document));
    }

    #[test]
    fn with_exact_tokens_no_end_is_moved(document in test_support::sane_document()) {
        let options = chosen(&[("tokens", "exact"), ("spans", "rest")]);
        let again = read(&written(&document, &options)).document;
        prop_assert_eq!(again.text(), document.text());
        prop_assert_eq!(places(&again), places(&document));
        let moved = |loss: &Loss| matches!(loss.treatment, Treatment::Moved);
        prop_assert!(!Spacy.losses(&document, &options).iter().any(moved));
    }

    #[test]
    fn any_document_can_be_written_and_its_file_read(document in test_support::document()) {
        for options in [chosen(&[]), chosen(&[("tokens", "exact"), ("ents", "shortest"), ("group", "x")])] {
            let _ = Spacy.losses(&document, &options);
            let read = read(&written(&document, &options));
            prop_assert_eq!(read.document.text(), document.text());
        }
    }

    #[test]
    fn broken_files_give_problems_and_never_a_panic(
        document in test_support::sane_document(),
        cut in any::<proptest::sample::Index>(),
        change in any::<u8>(),
    ) {
        let file = written(&document, &Options::default());
        let problems = Spacy.read(&Input::of_bytes(&file[..cut.index(file.len())])).expect_err("cut off");
        prop_assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
        let mut changed = file.clone();
        changed[cut.index(file.len())] = change;
        let _ = Spacy.sniff(&changed);
        let _ = Spacy.read(&Input::of_bytes(&changed));
        // Damage that the checksum does not tell.
        let message = packed::inflate(&file, 1 << 30).expect("a stream");
        let mut changed = message.clone();
        changed[cut.index(message.len())] = change;
        for broken in [&message[..cut.index(message.len())], &changed] {
            if let Err(problems) = Spacy.read(&Input::of_bytes(&packed::deflate(broken).expect("memory"))) {
                prop_assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
            }
        }
    }
}

#[test]
fn overlapping_mentions_are_ents_and_spans_as_chosen() {
    let document = document("Bank of  Kyiv\r\n fell.", &[("ORG", &[(0, 13)]), ("GPE", &[(9, 13)])]);
    let lost = |all: &[(&str, &str)]| lost(&document, &chosen(all)).len();
    assert_eq!((lost(&[]), lost(&[("spans", "rest")]), lost(&[("ents", "none")])), (0, 0, 0));
    assert_eq!((lost(&[("spans", "none")]), lost(&[("spans", "none"), ("ents", "none")])), (1, 2));
    for all in [&[("spans", "all")][..], &[("spans", "rest")], &[("ents", "none")], &[("ents", "shortest")]] {
        let read = read(&written(&document, &chosen(all)));
        assert_eq!(places(&read.document), places(&document), "{all:?}");
        assert_eq!(read.problems, []);
    }
    let shortest = chosen(&[("spans", "none"), ("ents", "shortest")]);
    assert_eq!(places(&read(&written(&document, &shortest)).document), [("GPE".to_owned(), Span::of(9, 13))]);
}

#[test]
fn ends_inside_words_are_moved_and_told_unless_words_are_divided() {
    let document = document("the Kyiv-based ban", &[("GPE", &[(4, 6)])]);
    let losses = lost(&document, &Options::default());
    assert_eq!((losses.len(), losses[0].treatment), (1, Treatment::Moved));
    assert_eq!(lost(&document, &chosen(&[("tokens", "exact")])), []);
}

#[test]
fn several_documents_share_a_file_and_their_categories() {
    let mut first = document("Anna met Bob.", &[("PERSON", &[(0, 4)])]);
    first.header.labels.insert("topic".into(), vec!["sport".into()]);
    let second = document("", &[]);
    let named = [("a", &first), ("b", &second)].map(|(name, document)| Named { name, document, schema: None });
    let bytes = Spacy.write(&named, &Options::default()).expect("writable").remove(0).bytes;
    assert_eq!(Spacy.sniff(&bytes), Likeness::Yes);
    assert_eq!(packed::open(&bytes).expect("a file").0.cats[1]["topic:sport"], 0.0);
    let read = Spacy.read(&Input::of_bytes(&bytes)).expect("readable");
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].document.header().labels["topic"], ["sport"]);
    assert_eq!((read[1].document.text().as_str(), read[1].document.header().labels.len()), ("", 0));
}

#[test]
fn bombs_are_refused_and_other_streams_are_not_ours() {
    let bomb = packed::deflate(&vec![0; 80 << 20]).expect("memory");
    let problems = Spacy.read(&Input::of_bytes(&bomb)).expect_err("a bomb");
    assert_eq!(problems[0].code, "too-large");
    assert_eq!(Spacy.sniff(&bomb), Likeness::No);
    assert_eq!(Spacy.sniff(b"x = 1"), Likeness::No);
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let document = document("Anna met Bob.", &[("PERSON", &[(0, 4)])]);
    let file = || packed::open(&written(&document, &Options::default())).expect("a file").0;
    let refused = |change: &dyn Fn(&mut packed::File)| {
        let mut file = file();
        change(&mut file);
        let bytes = packed::pack(&file).expect("writable");
        Spacy.read(&Input::of_bytes(&bytes)).expect_err("refused")[0].code
    };
    assert_eq!(refused(&|file| file.strings.clear()), "unknown-reference");
    assert_eq!(refused(&|file| file.lengths.0[0] = 9), "syntax");
    assert_eq!(refused(&|file| file.lengths.0[3] = 0xff), "syntax");
    assert_eq!(refused(&|file| file.attrs[0] = 66), "syntax");
    let span = |tokens, characters| packed::GroupSpan { id: 0, kb_id: 0, label: 380, tokens, characters };
    for wrong in [span((0, 9), (0, 4)), span((2, 1), (0, 4)), span((-1, 1), (0, 4)), span((0, 1), (0, 5))] {
        let group = || packed::Group { name: "sc".into(), attrs: Default::default(), spans: vec![wrong.to_bin()] };
        assert_eq!(
            refused(&|file| file.span_groups[0] = packed::pack_groups(&[group()]).expect("bytes")),
            "bad-offset"
        );
    }
}
