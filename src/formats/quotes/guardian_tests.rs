//! Tests of the form of The Guardian and AFP.

use proptest::prelude::*;

use super::*;
use crate::model::Severity;

/// Anna says two quotes of which the second goes over two paragraphs, Bob one; a cue and a source are alone.
const FILE: &str = r#"[
{"metadata": {"title": "Rain 😀", "publisher": "The Paper", "publish_date": "2021-11-04T00:00:01", "topic": ["A", "B"],
  "path": "a/b", "new": 1},
 "paragraphs": ["Anna said “😀 one” and Bob added “two”.\n", "She said: “three\n", "four.”\n", "Cy denied it."],
 "entities": [
  {"index": 0, "span_text": "Anna", "span_coref": "Anna B", "span_label": "Source", "span_start": 0, "span_end": 3,
   "paragraph_start": 0, "paragraph_end": 0},
  {"index": 1, "span_text": "said", "span_coref": "", "span_label": "Cue", "span_start": 5, "span_end": 8,
   "paragraph_start": 0, "paragraph_end": 0},
  {"index": 2, "span_text": "“😀 one”", "span_label": "Content", "span_start": 10, "span_end": 16,
   "paragraph_start": 0, "paragraph_end": 0},
  {"index": 3, "span_text": "Bob", "span_coref": null, "span_label": "Source", "span_start": 22, "span_end": 24,
   "paragraph_start": 0, "paragraph_end": 0},
  {"index": 4, "span_text": "added", "span_label": "Cue", "span_start": 26, "span_end": 30,
   "paragraph_start": 0, "paragraph_end": 0},
  {"index": 5, "span_text": "“two”", "span_label": "Content", "span_start": 32, "span_end": 36,
   "paragraph_start": 0, "paragraph_end": 0},
  {"index": 6, "span_text": "She", "span_coref": "Anna B", "span_label": "Source", "span_start": "0", "span_end": 2,
   "paragraph_start": 1, "paragraph_end": 1},
  {"index": 7, "span_text": "“three\nfour.”", "span_label": "Content", "span_start": 10, "span_end": 99,
   "paragraph_start": 1, "paragraph_end": 2},
  {"index": 8, "span_text": "denied", "span_label": "Cue", "span_start": 900, "span_end": 900,
   "span_in_paragraph_start": 3, "span_in_paragraph_end": 8, "paragraph_start": 3, "paragraph_end": 3},
  {"index": 9, "span_text": "Cy", "span_label": "Source", "span_start": 0, "span_end": 1,
   "paragraph_start": 3, "paragraph_end": 3}
 ]},
{"paragraphs": [], "entities": []}
]"#;

fn read(file: &str, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
    GuardianQuotes.read_with(&Input::of_bytes(file.as_bytes()), options)
}

#[test]
fn quotes_get_the_nearest_cue_and_source() {
    assert_eq!(GuardianQuotes.sniff(FILE.as_bytes()), Likeness::Yes);
    let all = read(FILE, &Options::default()).expect("a file");
    assert_eq!(all.iter().map(|read| read.line).collect::<Vec<_>>(), [Some(2), Some(27)]);
    let d = &all[0].document;
    let words = |spans: &Spans| super::super::text_of(d.text(), spans);
    let quotes: Vec<_> = d
        .quotes()
        .values()
        .map(|q| {
            let Some(Filler::Mention(speaker)) = &q.speaker else { panic!("no speaker") };
            (words(&q.content), q.cue.as_ref().map(words), d.excerpt_of(speaker), q.kind.as_str())
        })
        .collect();
    let quote = |content: &str, cue: Option<&str>, speaker: &str| {
        (content.to_owned(), cue.map(str::to_owned), speaker.to_owned(), "direct")
    };
    let expected = [
        quote("“😀 one”", Some("said"), "Anna"),
        quote("“two”", Some("added"), "Bob"),
        quote("“three\nfour.”", None, "She"),
    ];
    assert_eq!(quotes, expected);
    let mentions: Vec<_> = d.mentions().values().map(|m| (m.label.as_str(), d.excerpt_of(&m.id))).collect();
    let expected = [("Source", "Anna"), ("Source", "Bob"), ("Source", "She"), ("Source", "Cy"), ("Cue", "denied")];
    assert_eq!(mentions, expected.map(|(label, words)| (label, words.to_owned())));
    let entities: Vec<_> = d.entities().values().map(|n| (n.name.as_str(), d.mention_count_of(&n.id))).collect();
    assert_eq!(entities, [("Anna B", 2)]);
    let header = d.header();
    assert_eq!((header.metadata.title.as_str(), header.metadata.id.as_str()), ("Rain 😀", "a/b"));
    assert_eq!(header.metadata.published.as_deref(), Some("2021-11-04"));
    assert_eq!(header.labels["topic"], ["A", "B"]);
    let told: Vec<_> = all[0].problems.iter().map(|p| (p.code, p.place.line)).collect();
    let expected =
        [("unknown-field", None), ("end-differs", Some(20)), ("linked-by-place", None), ("not-linked", None)];
    assert_eq!(told, expected);
}

#[test]
fn without_links_cues_and_sources_are_mentions() {
    let mut options = Options::default();
    options.set(&INFO, "link", "no").expect("an option");
    let read = read(FILE, &options).expect("a file").remove(0);
    let d = &read.document;
    assert_eq!((d.quotes().len(), d.mentions().len()), (3, 7));
    assert!(d.quotes().values().all(|q| q.speaker.is_none() && q.cue.is_none()));
    assert!(!read.problems.iter().any(|p| p.code.contains("linked")), "{:?}", read.problems);
}

#[test]
fn one_article_need_not_be_in_a_list_and_other_files_are_not_claimed() {
    let one = r#"{"paragraphs": ["a b"], "entities": [{"span_label": "Place", "span_start": 2, "span_end": 2, "paragraph_start": 0, "paragraph_end": 0}]}"#;
    assert_eq!(GuardianQuotes.sniff(one.as_bytes()), Likeness::Yes);
    let read = read(one, &Options::default()).expect("a file").remove(0);
    let mentions: Vec<_> = read.document.mentions().values().map(|m| m.label.as_str()).collect();
    assert_eq!((mentions, read.problems), (vec!["Place"], vec![]));
    for other in ["{\"text\": \"x\", \"entities\": []}", "{\"format\": 1, \"paragraphs\": [], \"entities\": []}", "x"] {
        assert_eq!(GuardianQuotes.sniff(other.as_bytes()), Likeness::No);
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_line() {
    for (from, to, code, line) in [
        ("\"span_start\": 5", "\"span_start\": 500", "bad-offset", 8),
        ("\"span_start\": 5", "\"span_start\": -5", "json-shape", 8),
        ("\"span_text\": \"said\"", "\"span_text\": \"went\"", "words-differ", 8),
        ("\"span_text\": \"said\"", "\"span_text\": \"saying\"", "words-differ", 8),
        ("\"span_end\": 99", "\"span_end\": 99, \"span_text\": \"x\"", "bad-offset", 20),
        ("\"index\": 1", "\"index\": 0", "duplicate-id", 8),
        ("\"span_label\": \"Cue\"", "\"label\": \"Cue\"", "json-shape", 8),
        ("{\"paragraphs\": []", "{\"paragraphs\": 1", "json-shape", 27),
        ("\"paragraphs\": [\"Anna", "\"paragraphs\": {\"Anna", "json-syntax", 4),
    ] {
        let file = FILE.replacen(from, to, 1);
        assert_ne!(file, FILE, "{from}");
        let problems = read(&file, &Options::default()).expect_err("refused");
        let error = problems.iter().find(|p| p.severity == Severity::Error).expect("an error");
        assert_eq!((error.code, error.place.line), (code, Some(line)), "{problems:?}");
    }
    assert_eq!(read("[]", &Options::default()).expect_err("refused")[0].code, "no-text");
}

const PIECES: &[&str] = &["a", "B", "😀", "e\u{301}", " ", "\n", "“", "”", "\"", "\\", "ﬁ"];

fn paragraphs() -> impl Strategy<Value = Vec<String>> {
    let paragraph = prop::collection::vec(prop::sample::select(PIECES), 0..8).prop_map(|pieces| pieces.concat());
    prop::collection::vec(paragraph, 1..6)
}

proptest! {
    /// Any words of any paragraphs are found, in both ways of counting, with their words and without.
    #[test]
    fn positions_are_code_points_of_paragraphs(
        paragraphs in paragraphs(),
        picks in any::<(prop::sample::Index, prop::sample::Index)>(),
        own_places: bool,
        has_words: bool,
    ) {
        let all: Vec<(usize, usize, char)> = paragraphs.iter().enumerate()
            .flat_map(|(p, text)| text.chars().enumerate().map(move |(n, c)| (p, n, c))).collect();
        prop_assume!(!all.is_empty());
        let (a, b) = (picks.0.index(all.len()), picks.1.index(all.len()));
        let (first, last) = (a.min(b), a.max(b));
        let words: String = all[first..=last].iter().map(|(_, _, c)| c).collect();
        let ((p, start, _), (q, end, _)) = (all[first], all[last]);
        let mut entity = serde_json::json!({
            "span_label": "Content", "span_start": start, "span_end": start + last - first, "paragraph_start": p,
            "paragraph_end": q,
        });
        if own_places {
            entity["span_in_paragraph_start"] = start.into();
            entity["span_in_paragraph_end"] = end.into();
        }
        if has_words {
            entity["span_text"] = words.clone().into();
        }
        let file = serde_json::json!({"paragraphs": paragraphs, "entities": [entity]}).to_string();
        let read = read(&file, &Options::default()).expect("a file").remove(0);
        let d = &read.document;
        let quote = d.quotes().values().next().expect("a quote");
        let found = d.text().slice(quote.content[0]);
        prop_assert_eq!(letters(found).collect::<String>(), letters(&words).collect::<String>());
        // Only line ends between paragraphs may come in.
        prop_assert!(found.chars().count() - words.chars().count() <= q - p);
        prop_assert_eq!(found.chars().next(), words.chars().next());
        prop_assert_eq!(found.chars().last(), words.chars().last());
        prop_assert!(read.problems.iter().all(|p| p.code == "kind-by-marks"), "{:?}", read.problems);
    }

    #[test]
    fn broken_files_never_panic(cut in 0..FILE.len(), at in 0..FILE.len(), byte in any::<u8>()) {
        let mut bytes = FILE.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = (GuardianQuotes.sniff(&bytes), GuardianQuotes.read(&Input::of_bytes(&bytes)));
        bytes.truncate(cut);
        prop_assert!(GuardianQuotes.read(&Input::of_bytes(&bytes)).is_err());
    }
}
