//! Quotes in the forms of those who collect them: corpora of quotations, extractors, plain tables.
//!
//! These forms know quotes and little else. A speaker is words in them, not a mention; who reads them gets words, and
//! who writes them is told that the mention is gone. What several of them need is here: the words of a filler, the text
//! beside a table, what is lost of a quote. Nothing here knows the layout of a file.

pub mod citron;
pub mod guardian;
pub(super) mod json;
pub mod pdnc;
mod python;
pub mod table;
pub mod wikinews;

use std::path::Path;

use super::build::Builder;
use super::{EncodingInfo, Holds, Input, Loss, Treatment, decode, losses};
use crate::edit::arguments_of;
use crate::model::{Argument, Document, Filler, Problem, Quote};
use crate::text::{Span, Spans, Text};

/// What all forms hold that are written: quotes with every role and field, and nothing beside them.
pub(super) const QUOTES: Holds = Holds {
    quotes: true,
    discontinuity: true,
    inside_tokens: true,
    other_fillers: true,
    attributes: true,
    notes: true,
    ..Holds::TEXT
};

/// What a filler is where there are no mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// In the text; never empty.
    Spans(Spans),
    /// Not in the text.
    Implicit(String),
}

/// The words of a filler: those of the mention if it is one. `None` for events, for what refers to nothing, and for what
/// covers no character.
pub(super) fn words_of(document: &Document, filler: &Filler) -> Option<Words> {
    match filler {
        Filler::Mention(id) => {
            document.mentions().get(id).and_then(|mention| in_text(&mention.spans)).map(Words::Spans)
        }
        Filler::Span(spans) => in_text(spans).map(Words::Spans),
        Filler::Implicit(words) => Some(Words::Implicit(words.clone())),
        Filler::Event(_) => None,
    }
}

/// The spans that cover something; `None` if none does.
pub(super) fn in_text(spans: &Spans) -> Option<Spans> {
    let spans: Spans = spans.iter().copied().filter(|span| !span.is_empty()).collect();
    (!spans.is_empty()).then_some(spans)
}

/// All roles of a quote that have words, with them: speakers first, then addressees, then the others.
pub(super) fn roles_of(document: &Document, quote: &Quote) -> Vec<(String, Words)> {
    let all = arguments_of(document, &quote.id).into_iter();
    all.filter_map(|a| words_of(document, &a.filler).map(|words| (a.role.to_string(), words))).collect()
}

/// The words at spans, with a blank between parts.
pub(super) fn text_of(text: &Text, spans: &[Span]) -> String {
    spans.iter().map(|span| text.slice(*span)).collect::<Vec<_>>().join(" ")
}

/// What is lost of a document where quotes are held, but no mentions: fillers stay as words.
pub(super) fn losses_of(document: &Document, holds: &Holds) -> Vec<Loss> {
    let mut changed = document.clone();
    let mut found = Vec::new();
    let in_words = |argument: &Argument| -> Option<Filler> {
        match (&argument.filler, words_of(document, &argument.filler)) {
            (Filler::Mention(_), Some(Words::Spans(spans))) => Some(Filler::Span(spans)),
            _ => None,
        }
    };
    for quote in super::order::quotes(document) {
        let mut tell = |treatment, what: &str| found.push(Loss::of(document, &quote.id, treatment, what));
        if in_text(&quote.content).is_none() {
            tell(Treatment::Dropped, "has no words and is lost");
            changed.quotes.remove(&quote.id);
            continue;
        }
        for argument in arguments_of(document, &quote.id) {
            if in_words(&argument).is_some() {
                let what = format!("has the words of its role {} and not the mention", argument.role);
                tell(Treatment::Altered, &what);
            } else if matches!(argument.filler, Filler::Span(_)) && words_of(document, &argument.filler).is_none() {
                tell(Treatment::Cut, &format!("loses a filler of its role {}, which has no words", argument.role));
            }
        }
        if let Some(quote) = changed.quotes.get_mut(&quote.id) {
            let argument = |filler: &Filler| Argument { role: Default::default(), filler: filler.clone() };
            for filler in quote.speaker.iter_mut().chain(&mut quote.addressee) {
                *filler = in_words(&argument(filler)).unwrap_or_else(|| filler.clone());
            }
            for other in &mut quote.arguments {
                other.filler = in_words(other).unwrap_or_else(|| other.filler.clone());
            }
        }
    }
    let mut all = losses::that_follow(&changed, holds);
    all.append(&mut found);
    all
}

/// The kind of a quote by its quotation marks, for forms that do not say it: `direct` if it begins with one, `mixed` if
/// there is one further on, else `indirect`. Whoever uses this tells so.
pub(super) fn kind_by_marks(words: &str) -> &'static str {
    let is_mark = |c: char| matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '\u{300c}');
    let begins = |c: char| is_mark(c) || matches!(c, '\u{2018}' | '\'' | '\u{201a}');
    if words.trim_start().starts_with(begins) {
        "direct"
    } else if words.contains(is_mark) {
        "mixed"
    } else {
        "indirect"
    }
}

/// Says how many kinds were found by quotation marks.
pub(super) fn tell_kinds(builder: &mut Builder, count: usize) {
    if count > 0 {
        let message = format!("the file does not say of {count} quotes of which kind they are; their marks tell it");
        builder.warn("kind-by-marks", message, "check which quotes are direct, indirect and mixed", None);
    }
}

/// The text of a file beside the one that is read, and how bytes became text.
///
/// # Errors
/// A problem with the name of that file if it is not there, or not a text.
pub(super) fn text_beside(input: &Input<'_>, path: &Path) -> Result<(Text, EncodingInfo), Vec<Problem>> {
    let refuse = |problem: Problem| vec![problem.in_file(path)];
    let bytes = input.companions.read(path).map_err(|error| {
        let message = format!("the text that belongs to the quotes cannot be read: {error}");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        refuse(Problem::error("no-text", message, format!("put the file {name} beside the table")))
    })?;
    let decoded = match input.encoding {
        Some(label) if !bytes.is_empty() => decode::decode_as(&bytes, label),
        // UTF-8 is taken as it is, with whatever control characters are in it: a byte changed here moves all offsets.
        _ => match String::from_utf8(bytes) {
            Ok(text) => {
                let bom = text.starts_with('\u{feff}');
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                Ok(decode::Decoded {
                    text,
                    info: EncodingInfo { name: "UTF-8", bom, is_guess: false, had_errors: false },
                })
            }
            Err(error) => decode::decode(error.as_bytes()),
        },
    };
    let decoded = decoded.map_err(|error| refuse(error.problem()))?;
    let too_long = |error: crate::text::TextTooLong| {
        refuse(Problem::error("text-too-long", error.to_string(), "split the file into several articles"))
    };
    Ok((Text::new(decoded.text).map_err(too_long)?, decoded.info))
}

/// The bytes of a text for a file beside a table. A byte order mark goes before a text that begins with that character,
/// which would be taken off otherwise.
pub(super) fn text_bytes(document: &Document) -> Vec<u8> {
    let text = document.text().as_str();
    let mark = if document.header().metadata.bom || text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    [mark, text].concat().into_bytes()
}
