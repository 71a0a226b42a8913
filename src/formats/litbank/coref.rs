//! Coreference: lines `MENTION` with sentence and token of the first and the last token, the words, a label and a form;
//! `COREF` with the entity of a mention; `COP` and `APPOS` with two mentions, of which one says something of the other.
//! Read only.
//!
//! Entities have the names that the file gives them (`Mr_Bennet-6`) and the label of their first mention as type. The form
//! (`PROP`, `NOM`, `PRON`) becomes the attribute `form`, `COP` and `APPOS` become relations from the first to the second.

use std::collections::BTreeMap;

use super::Opened;
use crate::formats::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Unit, WriteError, losses,
};
use crate::model::{AttributeValue, Document, Id, Problem};

/// See the module.
pub struct LitbankCoref;

const NAME: &str = "LitBank coreference";
const HOLDS: Holds = Holds {
    mentions: true,
    overlaps: true,
    same_words: true,
    entities: true,
    entity_fields: true,
    relations: true,
    attributes: true,
    ..Holds::TEXT
};

struct Reading {
    opened: Opened,
    mentions: BTreeMap<String, Id>,
    entities: BTreeMap<String, Id>,
}

impl Reading {
    fn mention(&mut self, cells: &[&str], line: usize) {
        let [id, a, b, c, d, words, label, form @ ..] = cells else {
            let needs = "an id, sentence and token of the first token and of the last, words and a label";
            return self.opened.too_short("a mention", needs, line);
        };
        let Some(span) = self.opened.span([a, b, c, d], Some(words), line) else { return };
        let mention = self.opened.builder.mention(label, [span]);
        if let Some(form) = form.first().filter(|form| !form.is_empty()) {
            self.opened.builder.attribute(&mention, "form", AttributeValue::Text((*form).to_owned()));
        }
        if self.mentions.insert((*id).to_owned(), mention).is_some() {
            self.opened.twice(id, line);
        }
    }

    fn entity(&mut self, cells: &[&str], line: usize) {
        let [id, name, ..] = cells else {
            return self.opened.too_short("an entity", "the id of a mention and an entity", line);
        };
        let Some(mention) = self.mentions.get(*id).cloned() else { return self.opened.nowhere(id, line) };
        let builder = &mut self.opened.builder;
        let label = builder.mention_mut(&mention).map(|m| m.label.clone()).unwrap_or_default();
        let entity = self.entities.entry((*name).to_owned()).or_insert_with(|| builder.entity(&label, name)).clone();
        let Some(mention) = builder.mention_mut(&mention) else { return };
        if mention.entity.as_ref().is_some_and(|known| *known != entity) {
            let message = format!("the mention {id} is of two entities");
            builder.refuse("two-entities", message, "remove one of the lines", Some(line));
        } else {
            mention.entity = Some(entity);
        }
    }

    fn relation(&mut self, label: &str, cells: &[&str], line: usize) {
        let [from, to, ..] = cells else {
            return self.opened.too_short("a relation", "the ids of two mentions", line);
        };
        match (self.mentions.get(*from).cloned(), self.mentions.get(*to).cloned()) {
            (Some(from), Some(to)) => drop(self.opened.builder.relation(label, &from, &to)),
            (None, _) => self.opened.nowhere(from, line),
            (_, None) => self.opened.nowhere(to, line),
        }
    }
}

impl Format for LitbankCoref {
    fn info(&self) -> Info {
        Info {
            id: "litbank-coref",
            name: NAME,
            extensions: &["ann", "tsv"],
            reads: true,
            writes: false,
            joins: Joins::Apart,
            holds: HOLDS,
            unit: Unit::Tokens,
            options: &[],
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        let line = bytes.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        let is_own = line.starts_with(b"MENTION\t") && line.split(|b| *b == b'\t').count() > 7;
        if is_own { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let (source, opened) = super::open(self.info().id, input)?;
        let mut reading = Reading { opened, mentions: BTreeMap::new(), entities: BTreeMap::new() };
        let lines = super::lines(&source);
        for (number, cells) in &lines {
            match cells.as_slice() {
                ["MENTION", cells @ ..] => reading.mention(cells, *number),
                ["COREF" | "COP" | "APPOS", ..] | [] => {}
                [other, ..] => reading.opened.unknown(other, "MENTION, COREF, COP and APPOS", *number),
            }
        }
        // What is said of mentions may stand before them.
        for (number, cells) in &lines {
            match cells.as_slice() {
                ["COREF", cells @ ..] => reading.entity(cells, *number),
                [label @ ("COP" | "APPOS"), cells @ ..] => reading.relation(label, cells, *number),
                _ => {}
            }
        }
        reading.opened.finish()
    }

    fn write(&self, _documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        Err(WriteError::ReadOnly(NAME))
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::that_follow(document, &HOLDS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::read;
    use super::*;

    const TEXT: &str = "Mr. Bennet 😀 was\na man .\nHe , Tom , left .\n";
    const FILE: &str = "COREF\tT1\tMr_Bennet-6\n\
        MENTION\tT1\t0\t0\t0\t1\tMr. Bennet\tPER\tPROP\n\
        MENTION\tT2\t1\t0\t1\t1\ta man\tPER\tNOM\n\
        MENTION\tT3\t2\t0\t2\t0\tHe\tPER\tPRON\n\
        MENTION\tT4\t2\t2\t2\t2\tTom\tORG\tPROP\n\
        COREF\tT3\tMr_Bennet-6\n\
        COP\tT2\tT1\n\
        APPOS\tT4\tT3\n";

    #[test]
    fn mentions_entities_and_relations_are_read() {
        let read = read(&LitbankCoref, FILE.as_bytes(), TEXT).expect("a file");
        let d = &read.document;
        let mentions: Vec<_> = d.mentions().values().map(|m| (d.excerpt_of(&m.id), m.entity.is_some())).collect();
        let expected = [("Mr. Bennet", true), ("a man", false), ("He", true), ("Tom", false)];
        assert_eq!(mentions, expected.map(|(words, is_known)| (words.to_owned(), is_known)));
        let entities: Vec<_> = d.entities().values().map(|n| (n.name.as_str(), n.r#type.as_str())).collect();
        assert_eq!(entities, [("Mr_Bennet-6", "PER")]);
        let relations: Vec<_> = d.relations().values().map(|r| (r.label.as_str(), d.excerpt_of(&r.from))).collect();
        assert_eq!(relations, [("COP", "a man".to_owned()), ("APPOS", "Tom".to_owned())]);
        assert_eq!(
            d.mentions().values().next().map(|m| m.attributes["form"].clone()),
            Some(AttributeValue::Text("PROP".into()))
        );
        assert_eq!(read.problems, []);
        assert_eq!(LitbankCoref.sniff(FILE.lines().nth(1).unwrap_or_default().as_bytes()), Likeness::Yes);
        assert_eq!(LitbankCoref.sniff(b"T1\tPER 0 2\tMr"), Likeness::No);
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_line() {
        for (from, to, code, line) in [
            ("0\t1\tMr.", "9\t1\tMr.", "bad-offset", 2),
            ("0\t0\t0\t1", "0\t1\t0\t0", "bad-offset", 2),
            ("a man\t", "a woman\t", "words-differ", 3),
            ("MENTION\tT2", "MENTION\tT1", "duplicate-id", 3),
            ("COP\tT2", "COP\tT7", "unknown-reference", 7),
            ("T4\tT3", "T4\tT8", "unknown-reference", 8),
            ("T4\tT3", "T4", "line-syntax", 8),
            ("COREF\tT3", "COREF\tT9", "unknown-reference", 6),
            ("COREF\tT3\tMr_Bennet-6", "COREF\tT1\tother", "two-entities", 6),
            ("\tPER\tNOM", "", "line-syntax", 3),
        ] {
            let file = FILE.replacen(from, to, 1);
            assert_ne!(file, FILE, "{from}");
            let problems = read(&LitbankCoref, file.as_bytes(), TEXT).expect_err("refused");
            assert!(problems.iter().any(|p| (p.code, p.place.line) == (code, Some(line))), "{code} {problems:?}");
        }
        let read = read(&LitbankCoref, [FILE, "NEW\tx\n"].concat().as_bytes(), TEXT).expect("a file");
        assert_eq!(
            read.problems.iter().map(|p| (p.code, p.place.line)).collect::<Vec<_>>(),
            [("unknown-line", Some(9))]
        );
    }

    proptest! {
        #[test]
        fn broken_files_never_panic(cut in 0..FILE.len(), at in 0..FILE.len(), byte in any::<u8>()) {
            let mut bytes = FILE.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = (LitbankCoref.sniff(&bytes), read(&LitbankCoref, &bytes, TEXT));
            bytes.truncate(cut);
            let _ = read(&LitbankCoref, &bytes, TEXT);
        }
    }
}
