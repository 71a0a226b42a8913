//! Mentions on tokens, in layers in which none overlap: one layer is one column of tags.

use std::borrow::Cow;

use super::breaks_cells;
use crate::formats::align::{self, TokenMention, Tokens};
use crate::formats::losses::{Loss, Treatment};
use crate::model::Document;

/// What becomes of mentions that overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlaps {
    /// One layer: the longer ones.
    Longest,
    /// One layer: the shorter ones.
    Shortest,
    /// As many layers as it takes, outer mentions first.
    Layers,
}

/// Mentions on tokens.
#[derive(Debug)]
pub struct Laid {
    /// The tokens; no mention leaves its sentence.
    pub tokens: Tokens,
    /// Mentions by layer, in order; at least one layer.
    pub layers: Vec<Vec<TokenMention>>,
}

/// Lays the mentions of a document on tokens, and tells what that loses. Sentences that a mention crosses become one.
pub fn lay(document: &Document, mut tokens: Tokens, overlaps: Overlaps) -> (Laid, Vec<Loss>) {
    let (mut mentions, mut losses) = align::on_tokens(document, &tokens);
    let one_layer = |mentions, which, losses: &mut Vec<Loss>| {
        let (kept, lost) = align::without_overlaps(document, mentions, which);
        losses.extend(lost);
        vec![kept]
    };
    let mut layers = match overlaps {
        Overlaps::Longest => one_layer(mentions, align::Overlaps::Longest, &mut losses),
        Overlaps::Shortest => one_layer(mentions, align::Overlaps::Shortest, &mut losses),
        Overlaps::Layers => {
            // `on_tokens` gives the order of the text; ends that moved to tokens may have changed it.
            mentions.sort_by_key(|mention| (mention.first, std::cmp::Reverse(mention.end)));
            in_layers(mentions)
        }
    };
    for mention in layers.iter_mut().flatten() {
        if let Cow::Owned(name) = name_of(&mention.label) {
            let what = format!("is labelled {name:?}, since a tag has no such character");
            losses.push(Loss::of(document, &mention.id, Treatment::Altered, &what));
            mention.label = name;
        }
    }
    let joined = join_sentences(&mut tokens, layers.iter().flatten());
    if joined > 0 {
        let what = match joined {
            1 => "the end of 1 sentence is not kept, since a mention goes on after it".to_owned(),
            n => format!("the ends of {n} sentences are not kept, since mentions go on after them"),
        };
        losses.push(Loss::whole(Treatment::Altered, what));
    }
    (Laid { tokens, layers }, losses)
}

/// Each mention in the first layer that is free where it begins.
fn in_layers(mentions: Vec<TokenMention>) -> Vec<Vec<TokenMention>> {
    let mut layers: Vec<Vec<TokenMention>> = vec![Vec::new()];
    for mention in mentions {
        let is_free = |layer: &&mut Vec<TokenMention>| layer.last().is_none_or(|last| last.end <= mention.first);
        match layers.iter_mut().find(is_free) {
            Some(layer) => layer.push(mention),
            None => layers.push(vec![mention]),
        }
    }
    layers
}

/// What a label is called in a tag.
fn name_of(label: &str) -> Cow<'_, str> {
    let is_bad = |c: char| breaks_cells(c) || c == '|';
    if label.is_empty() {
        Cow::Owned("_".to_owned())
    } else if label.contains(is_bad) {
        Cow::Owned(label.replace(is_bad, "_"))
    } else {
        Cow::Borrowed(label)
    }
}

/// Makes one of sentences that a mention crosses; gives how many ends went.
fn join_sentences<'a>(tokens: &mut Tokens, mentions: impl Iterator<Item = &'a TokenMention>) -> usize {
    let before = tokens.sentences.len();
    let mut is_crossed = vec![false; before];
    for mention in mentions {
        let last = tokens.sentence_of(mention.end.saturating_sub(1));
        for sentence in tokens.sentence_of(mention.first)..last {
            if let Some(crossed) = is_crossed.get_mut(sentence) {
                *crossed = true;
            }
        }
    }
    let mut sentences: Vec<std::ops::Range<usize>> = Vec::with_capacity(before);
    let mut goes_on = false;
    for (sentence, crossed) in std::mem::take(&mut tokens.sentences).into_iter().zip(is_crossed) {
        match sentences.last_mut() {
            Some(last) if goes_on => last.end = sentence.end,
            _ => sentences.push(sentence),
        }
        goes_on = crossed;
    }
    tokens.sentences = sentences;
    before - tokens.sentences.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::model::test_support::mention;
    use crate::text::Text;

    #[test]
    fn layers_hold_what_overlaps_and_sentences_what_crosses_them() {
        let text = Text::new("Bank of Kyiv said. It left. So be it.").expect("short");
        let mut document = Document::new(text, Header::default());
        let all: &[(&str, &[(u32, u32)])] =
            &[("Org Name", &[(0, 12)]), ("Place", &[(8, 12)]), ("Place", &[(0, 12)]), ("X", &[(13, 21)])];
        for (i, (label, spans)) in all.iter().enumerate() {
            let id = format!("m{}", i + 1);
            document.mentions.insert(id.as_str().into(), mention(&id, label, spans));
        }
        document.reindex();
        let tokens = Tokens::of(document.text());
        assert_eq!(tokens.sentences.len(), 3);
        let (laid, losses) = lay(&document, tokens.clone(), Overlaps::Layers);
        let labels: Vec<Vec<&str>> = laid.layers.iter().map(|l| l.iter().map(|m| m.label.as_str()).collect()).collect();
        assert_eq!(labels, [vec!["Org_Name", "X"], vec!["Place"], vec!["Place"]]);
        assert_eq!(laid.tokens.sentences.len(), 2);
        assert_eq!(losses.len(), 2, "{losses:?}");
        let (laid, losses) = lay(&document, tokens, Overlaps::Shortest);
        assert_eq!(laid.layers.len(), 1);
        assert_eq!(losses.iter().filter(|loss| loss.treatment == Treatment::Dropped).count(), 2, "{losses:?}");
    }
}
