//! Writes documents as columns.

use std::borrow::Cow;

use super::super::breaks_cells;
use super::super::lay::{Laid, Overlaps, lay};
use super::super::tags::{self, Scheme};
use super::{HOLDS, INFO};
use crate::formats::Options;
use crate::formats::align::Tokens;
use crate::formats::losses::{self, Loss, Treatment};
use crate::model::Document;
use crate::text::{BytePos, Span, Text};

/// Words as the program divides them, or what stands between blanks.
fn tokens(text: &Text, options: &Options) -> Tokens {
    if options.get(&INFO, "tokens") != "blanks" {
        return Tokens::of(text);
    }
    let mut tokens = Tokens { spans: Vec::new(), sentences: Vec::new() };
    let at = |part: &str| part.as_ptr().addr() - text.as_str().as_ptr().addr();
    for line in text.as_str().split('\n') {
        let first = tokens.spans.len();
        for word in line.split_whitespace().filter(|word| !word.chars().all(breaks_cells)) {
            let start = at(word);
            tokens.spans.push(Span::new(BytePos::from_usize(start), BytePos::from_usize(start + word.len())));
        }
        if tokens.spans.len() > first {
            tokens.sentences.push(first..tokens.spans.len());
        }
    }
    tokens
}

fn overlaps(options: &Options) -> Overlaps {
    match options.get(&INFO, "overlaps") {
        "shortest" => Overlaps::Shortest,
        "columns" => Overlaps::Layers,
        _ => Overlaps::Longest,
    }
}

/// What stands between the columns, and what between word and tags.
struct Form {
    separator: char,
    fillers: &'static [&'static str],
}

impl Form {
    fn of(options: &Options) -> Self {
        match options.get(&INFO, "layout") {
            "conll2003" => Self { separator: ' ', fillers: &["-X-", "-X-"] },
            _ => Self { separator: '\t', fillers: &[] },
        }
    }

    fn row<'a>(&self, out: &mut String, word: &str, tags: impl Iterator<Item = &'a str>) {
        out.push_str(word);
        for cell in self.fillers.iter().copied().chain(tags) {
            out.push(self.separator);
            out.push_str(cell);
        }
        out.push('\n');
    }
}

/// A word as it can stand in a cell.
fn cell(word: &str) -> Cow<'_, str> {
    if word.contains(breaks_cells) { Cow::Owned(word.replace(breaks_cells, "_")) } else { Cow::Borrowed(word) }
}

/// One document, in the form of the options.
pub fn document(document: &Document, options: &Options) -> String {
    let text = document.text();
    let (Laid { tokens, layers }, _) = lay(document, tokens(text, options), overlaps(options));
    let scheme = Scheme::of(options.get(&INFO, "scheme"));
    let form = Form::of(options);
    // Inner mentions have their column in every file of this kind, whether there are any or not.
    let columns = if overlaps(options) == Overlaps::Layers { layers.len().max(2) } else { 1 };
    let mut out = String::new();
    if options.get(&INFO, "docstart") == "yes" {
        form.row(&mut out, "-DOCSTART-", std::iter::repeat_n("O", columns));
        out.push('\n');
    }
    for sentence in &tokens.sentences {
        let of = |layer: usize| {
            let layer = layers.get(layer).map_or(&[][..], Vec::as_slice);
            tags::of_sentence(scheme, layer, sentence.clone())
        };
        let tags: Vec<Vec<String>> = (0..columns).map(of).collect();
        for (at, span) in tokens.spans.get(sentence.clone()).unwrap_or_default().iter().enumerate() {
            let tags = tags.iter().filter_map(|layer| layer.get(at).map(String::as_str));
            form.row(&mut out, &cell(text.slice(*span)), tags);
        }
        out.push('\n');
    }
    out
}

/// Everything that is lost or altered.
pub fn losses(document: &Document, options: &Options) -> Vec<Loss> {
    let text = document.text();
    let tokens = tokens(text, options);
    let is_odd = |span: &Span| matches!(cell(text.slice(*span)), Cow::Owned(_));
    let odd = tokens.spans.iter().filter(|span| is_odd(span)).count();
    let mut losses = losses::that_follow(document, &HOLDS);
    if odd > 0 {
        let words = if odd == 1 { "1 word is".to_owned() } else { format!("{odd} words are") };
        let what = format!("{words} written with _ for blanks and hidden characters");
        losses.push(Loss::whole(Treatment::Altered, what));
    }
    let (Laid { tokens, layers }, lost) = lay(document, tokens, overlaps(options));
    losses.extend(lost);
    // Whoever looks for a mention by its words does not find these.
    for mention in layers.iter().flatten().filter(|_| odd > 0) {
        if tokens.spans.get(mention.first..mention.end).unwrap_or_default().iter().any(is_odd) {
            let what = "is written with _ for blanks and hidden characters in its words";
            losses.push(Loss::of(document, &mention.id, Treatment::Altered, what));
        }
    }
    losses
}
