//! Training data of `GLiNER`: a JSON array with one object for each sentence (or document), which has its words, its mentions as
//! first and last word (inclusive) with label, and relations between those mentions by their numbers.
//!
//! `GLiNER` takes nested and equal spans, but nothing that crosses the end of a row.

use serde::Serialize;

use super::align::{TokenMention, Tokens, on_tokens};
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Treatment, Unit,
    WriteError, losses, order,
};
use crate::model::{Document, Kind, Problem};
use crate::text::Text;

/// See the module.
pub struct Gliner;

const HOLDS: Holds =
    Holds { text: false, mentions: true, overlaps: true, same_words: true, relations: true, ..Holds::TEXT };

/// What is one training example.
pub(super) const ROWS: OptionInfo = OptionInfo {
    name: "rows",
    help: "what is one example: a sentence, or the whole document",
    values: &["sentence", "document"],
};

const INFO: Info = Info {
    id: "gliner",
    name: "GLiNER training data (JSON)",
    extensions: &["json"],
    reads: false,
    writes: true,
    joins: Joins::Whole,
    holds: HOLDS,
    unit: Unit::Tokens,
    options: &[ROWS],
};

#[derive(Serialize)]
struct Row<'a> {
    tokenized_text: Vec<&'a str>,
    ner: Vec<(usize, usize, &'a str)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relations: Vec<(usize, usize, &'a str)>,
}

impl Format for Gliner {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, _bytes: &[u8]) -> Likeness {
        Likeness::No
    }

    fn read(&self, _input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        Err(vec![Problem::error("unknown-format", "training data of GLiNER is only written", "choose another format")])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let mut bytes = b"[".to_vec();
        let mut first = true;
        for named in documents {
            let laid = Laid::of(named.document, options.get(&INFO, "rows") == "document");
            for row in 0..laid.tokens.sentences.len() {
                bytes.extend_from_slice(if first { b"\n" } else { b",\n" });
                first = false;
                let row = laid.row(named.document, row);
                let failed = |error: serde_json::Error| WriteError::Unwritable {
                    format: INFO.name,
                    name: named.name.to_owned(),
                    reason: error.to_string(),
                };
                serde_json::to_writer(&mut bytes, &row).map_err(failed)?;
            }
        }
        bytes.extend_from_slice(b"\n]\n");
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        Ok(vec![OutputFile { name: format!("{name}.json").into(), bytes }])
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let mut found = losses::that_follow(document, &HOLDS);
        let laid = Laid::of(document, options.get(&INFO, "rows") == "document");
        found.extend(laid.losses.iter().cloned());
        for relation in order::relations(document) {
            let row = |id| laid.mentions.iter().find(|m| &m.id == id).and_then(|m| laid.row_of(m));
            let what = match (row(&relation.from), row(&relation.to)) {
                (Some(a), Some(b)) if a == b => continue,
                (Some(_), Some(_)) => "is lost, its ends are in two sentences",
                _ => "is lost, not both of its ends are written",
            };
            found.push(Loss::of(document, &relation.id, Treatment::Dropped, what));
        }
        found
    }
}

/// A document in rows of words. Also for `GLiNER2`.
pub(super) struct Laid {
    /// The words; its sentences are the rows.
    pub tokens: Tokens,
    /// What is written, in the order of the text.
    pub mentions: Vec<TokenMention>,
    /// What that loses.
    pub losses: Vec<Loss>,
}

impl Laid {
    pub(super) fn of(document: &Document, is_whole: bool) -> Self {
        let mut tokens = Tokens::of(document.text());
        if is_whole {
            tokens.sentences = std::iter::once(0..tokens.spans.len()).filter(|all| !all.is_empty()).collect();
        }
        let (found, mut losses) = on_tokens(document, &tokens);
        let mut laid = Self { tokens, mentions: Vec::new(), losses: Vec::new() };
        for mention in found {
            if laid.row_of(&mention).is_none() {
                let what = "is lost, it goes over the end of a sentence";
                losses.push(Loss::of(document, &mention.id, Treatment::Dropped, what));
            } else {
                laid.mentions.push(mention);
            }
        }
        laid.losses = losses;
        laid
    }

    /// The row that holds all of a mention.
    pub(super) fn row_of(&self, mention: &TokenMention) -> Option<usize> {
        let row = self.tokens.sentence_of(mention.first);
        (row == self.tokens.sentence_of(mention.end.saturating_sub(1))).then_some(row)
    }

    fn row<'a>(&'a self, document: &'a Document, row: usize) -> Row<'a> {
        let range = self.tokens.sentences.get(row).cloned().unwrap_or_default();
        let text: &Text = document.text();
        let words = self.tokens.spans.get(range.clone()).unwrap_or_default();
        let mentions: Vec<&TokenMention> = self.mentions.iter().filter(|m| self.row_of(m) == Some(row)).collect();
        let number = |id| mentions.iter().position(|m| &m.id == id);
        let relations = order::relations(document).into_iter().filter_map(|relation| {
            let is_mention = |id| document.kind_of(id) == Some(Kind::Mention);
            (is_mention(&relation.from) && is_mention(&relation.to)).then_some(())?;
            Some((number(&relation.from)?, number(&relation.to)?, relation.label.as_str()))
        });
        Row {
            tokenized_text: words.iter().map(|span| text.slice(*span)).collect(),
            ner: mentions.iter().map(|m| (m.first - range.start, m.end - 1 - range.start, m.label.as_str())).collect(),
            relations: relations.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::formats::test_support::{document, native};
    use crate::model::Id;

    fn written(document: &Document, rows: &str) -> Value {
        let mut options = Options::default();
        options.set(&INFO, "rows", rows).expect("an option");
        let files = Gliner.write(&[Named { name: "a", document, schema: None }], &options).expect("written");
        assert_eq!(files.len(), 1);
        serde_json::from_slice(&files[0].bytes).expect("JSON")
    }

    const TEXT: &str = "Anna Berg of Bonn left. She met Bob.";

    const FIELDS: &str = "mentions: [(id: \"m1\", label: \"Person\", spans: [(start: 0, end: 9)]),
                   (id: \"m2\", label: \"Place\", spans: [(start: 13, end: 17)]),
                   (id: \"m3\", label: \"Person\", spans: [(start: 24, end: 27)]),
                   (id: \"m4\", label: \"X\", spans: [(start: 18, end: 27)])],
        relations: [(id: \"r1\", label: \"From\", from: \"m1\", to: \"m2\"), (id: \"r2\", label: \"Met\", from: \"m3\", to: \"m1\")]";

    #[test]
    fn rows_have_words_mentions_and_relations() {
        let document = &native(TEXT, FIELDS);
        let rows = written(document, "sentence");
        assert_eq!(
            rows,
            json!([
                {"tokenized_text": ["Anna", "Berg", "of", "Bonn", "left", "."],
                 "ner": [[0, 1, "Person"], [3, 3, "Place"]], "relations": [[0, 1, "From"]]},
                {"tokenized_text": ["She", "met", "Bob", "."], "ner": [[0, 0, "Person"]]},
            ])
        );
        let told: Vec<_> = Gliner.losses(document, &Options::default()).into_iter().filter_map(|l| l.id).collect();
        assert_eq!(told.iter().map(Id::as_str).collect::<Vec<_>>(), ["m4", "r2"]);
        let whole = written(document, "document");
        assert_eq!(whole[0]["ner"], json!([[0, 1, "Person"], [3, 3, "Place"], [4, 6, "X"], [6, 6, "Person"]]));
        assert_eq!(whole[0]["relations"], json!([[0, 1, "From"], [3, 0, "Met"]]));
    }

    proptest! {
        #[test]
        fn any_document_makes_rows_whose_spans_are_in_them(document in document(), whole: bool) {
            let rows = written(&document, if whole { "document" } else { "sentence" });
            let mut count = 0;
            for row in rows.as_array().expect("an array") {
                let words = row["tokenized_text"].as_array().expect("words").len() as u64;
                for span in row["ner"].as_array().expect("spans") {
                    let (first, last) = (span[0].as_u64().expect("first"), span[1].as_u64().expect("last"));
                    prop_assert!(first <= last && last < words);
                    count += 1;
                }
                for relation in row["relations"].as_array().into_iter().flatten() {
                    let spans = row["ner"].as_array().expect("spans").len() as u64;
                    prop_assert!(relation[0].as_u64().expect("from") < spans && relation[1].as_u64().expect("to") < spans);
                }
            }
            let mut options = Options::default();
            options.set(&INFO, "rows", if whole { "document" } else { "sentence" }).expect("an option");
            let dropped = Gliner.losses(&document, &options).into_iter().filter(|loss| {
                loss.treatment == Treatment::Dropped
                    && loss.id.as_ref().is_some_and(|id| document.kind_of(id) == Some(Kind::Mention))
            });
            prop_assert_eq!(count + dropped.count(), document.mentions().len());
        }
    }
}
