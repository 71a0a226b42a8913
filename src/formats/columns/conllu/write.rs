//! Writes a document as CoNLL-U.

use std::fmt::Write as _;

use super::super::breaks_cells;
use super::super::lay::{Laid, Overlaps, lay};
use super::super::tags::{self, Scheme};
use super::misc::{escape, escape_remark};
use super::{HOLDS, INFO, META, PLUS};
use crate::formats::align::Tokens;
use crate::formats::losses::{self, Loss};
use crate::formats::{Named, Options};
use crate::model::Document;

fn overlaps(options: &Options) -> Overlaps {
    match options.get(&INFO, "overlaps") {
        "longest" => Overlaps::Longest,
        "shortest" => Overlaps::Shortest,
        _ => Overlaps::Layers,
    }
}

/// A key with a number, but for the first: `NER`, `NER2`.
pub fn numbered(key: &str, layer: usize) -> String {
    if layer == 0 { key.to_owned() } else { format!("{key}{}", layer + 1) }
}

fn remark(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "# {key} = {value}");
}

/// What is known of the document, in remarks.
fn header(out: &mut String, document: &Document, id: &str) {
    remark(out, "newdoc id", &escape_remark(id));
    let header = document.header();
    let m = &header.metadata;
    let mut known = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            remark(out, &format!("{META}{name}"), &escape_remark(value));
        }
    };
    known("title", Some(&m.title).filter(|title| !title.is_empty()).map(String::as_str));
    known("source", m.source.as_deref());
    known("published", m.published.as_deref());
    known("language", m.language.as_deref());
    known("annotator", header.annotator.as_deref());
    known("encoding", m.encoding.as_deref());
    known("bom", m.bom.then_some("yes"));
    known("sha256", Some(document.text().sha256()));
}

/// The white space after a word, by its key: nothing for one blank, which readers expect.
fn space_after(gap: &str, is_last_of_sentence: bool) -> Option<String> {
    match gap {
        "" => Some("SpaceAfter=No".to_owned()),
        " " if !is_last_of_sentence => None,
        gap => Some(format!("SpacesAfter={}", escape(gap))),
    }
}

/// One document.
pub fn document(named: &Named<'_>, options: &Options) -> String {
    let document = named.document;
    let text = document.text();
    let (Laid { tokens, layers }, _) = lay(document, Tokens::of(text), overlaps(options));
    let has_column = options.get(&INFO, "form") == "plus";
    let id = Some(document.header().metadata.id.as_str()).filter(|id| !id.is_empty()).unwrap_or(named.name);
    let sentence_id = id.replace(|c: char| breaks_cells(c), "_");
    let mut out = String::new();
    if has_column {
        remark(&mut out, "global.columns", PLUS);
    }
    header(&mut out, document, id);
    let gap = |from: u32, to: u32| text.as_str().get(from as usize..to as usize).unwrap_or_default();
    let (first, end) = (tokens.spans.first().map_or(text.end().0, |token| token.start.0), text.end().0);
    if tokens.spans.is_empty() {
        // There is no word to which the white space could belong.
        remark(&mut out, &format!("{META}spaces"), &escape(gap(0, end)));
        out.push('\n');
    }
    for (number, sentence) in tokens.sentences.iter().enumerate() {
        let spans = tokens.spans.get(sentence.clone()).unwrap_or_default();
        let tags: Vec<Vec<String>> =
            layers.iter().map(|layer| tags::of_sentence(Scheme::Bio, layer, sentence.clone())).collect();
        remark(&mut out, "sent_id", &format!("{sentence_id}-{}", number + 1));
        let (mut rows, mut plain) = (String::new(), String::new());
        for (at, span) in spans.iter().enumerate() {
            let word = text.slice(*span);
            let form = word.replace(breaks_cells, "_");
            let next = tokens.spans.get(sentence.start + at + 1).map_or(end, |token| token.start.0);
            let after = gap(span.end.0, next);
            plain.push_str(&form);
            plain.push_str(if after.is_empty() { "" } else { " " });
            let mut misc: Vec<String> = Vec::new();
            if number == 0 && at == 0 && first > 0 {
                misc.push(format!("SpacesBefore={}", escape(gap(0, first))));
            }
            misc.extend(space_after(after, at + 1 == spans.len()));
            if form != word {
                misc.push(format!("SpacesInToken={}", escape(word)));
            }
            let (from, to) = (text.codepoint_of(span.start).0, text.codepoint_of(span.end).0);
            misc.push(format!("TokenRange={from}:{to}"));
            let tag = |layer: &Vec<String>| layer.get(at).cloned().unwrap_or_else(|| "O".to_owned());
            for (layer, tags) in tags.iter().enumerate() {
                let tag = tag(tags);
                if tag != "O" {
                    misc.push(format!("{}={tag}", numbered("NER", layer)));
                }
            }
            let _ = write!(rows, "{}\t{form}{}\t{}", at + 1, "\t_".repeat(7), misc.join("|"));
            if has_column {
                let _ = write!(rows, "\t{}", tags.first().map_or_else(|| "O".to_owned(), tag));
            }
            rows.push('\n');
        }
        remark(&mut out, "text", plain.trim_end());
        out.push_str(&rows);
        out.push('\n');
    }
    out
}

/// Everything that is lost or altered.
pub fn losses(document: &Document, options: &Options) -> Vec<Loss> {
    let mut losses = losses::that_follow(document, &HOLDS);
    losses.extend(lay(document, Tokens::of(document.text()), overlaps(options)).1);
    losses
}
