//! What of a document is to be written: some labels, some kinds; and which documents.
//!
//! Leaving something out is the user's choice and no loss. What pointed to it stays whole: a filler that was a mention
//! becomes its words.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Argument, Document, Filler, Id, Kind, Status};
use crate::text::Spans;

/// What is chosen. What is `None` is not asked for: everything is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Labels of mentions, events and relations, types of entities, kinds of quotes.
    pub labels: Option<BTreeSet<String>>,
    /// Kinds of annotations.
    pub kinds: Option<BTreeSet<Kind>>,
    /// These labels of these kinds are not taken, whatever else is chosen.
    pub left_out: BTreeSet<(Kind, String)>,
    /// Documents of these annotators only.
    pub annotators: Option<BTreeSet<String>>,
    /// Documents of these statuses only.
    pub statuses: Option<Vec<Status>>,
}

impl Choice {
    /// Whether everything of all documents is taken.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the document is taken.
    pub fn takes(&self, document: &Document) -> bool {
        let header = document.header();
        let annotator = header.annotator.as_deref().unwrap_or_default();
        self.annotators.as_ref().is_none_or(|all| all.contains(annotator))
            && self.statuses.as_ref().is_none_or(|all| all.contains(&header.status))
    }

    /// Whether annotations of this kind and label are taken.
    pub fn takes_label(&self, kind: Kind, label: &str) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
            && self.labels.as_ref().is_none_or(|labels| labels.contains(label))
            && (self.left_out.is_empty() || !self.left_out.contains(&(kind, label.to_owned())))
    }

    /// The document with what is taken of it, and how many annotations are not.
    pub fn of<'a>(&self, document: &'a Document) -> (Cow<'a, Document>, usize) {
        if self.labels.is_none() && self.kinds.is_none() && self.left_out.is_empty() {
            return (Cow::Borrowed(document), 0);
        }
        let before = document.annotation_count();
        let mut chosen = document.clone();
        // Words of mentions that are left out.
        let mut words: BTreeMap<Id, Spans> = BTreeMap::new();
        chosen.mentions.retain(|id, m| {
            let is_taken = self.takes_label(Kind::Mention, &m.label);
            if !is_taken {
                words.insert(id.clone(), m.spans.clone());
            }
            is_taken
        });
        chosen.entities.retain(|_, n| self.takes_label(Kind::Entity, &n.r#type));
        chosen.events.retain(|_, e| self.takes_label(Kind::Event, &e.r#type));
        chosen.quotes.retain(|_, q| self.takes_label(Kind::Quote, &q.kind));
        let gone = |id: &Id| document.kind_of(id).is_some() && chosen.kind_of(id).is_none();
        let kept = |filler: &Filler| match filler.target() {
            Some(id) if gone(id) => words.get(id).map(|spans| Filler::Span(spans.clone())),
            _ => Some(filler.clone()),
        };
        let arguments = |all: &[Argument]| -> Vec<Argument> {
            let kept = |a: &Argument| kept(&a.filler).map(|filler| Argument { role: a.role.clone(), filler });
            all.iter().filter_map(kept).collect()
        };
        let mut mentions = chosen.mentions.clone();
        mentions.for_each_mut(|mention| {
            mention.entity.take_if(|entity| gone(entity));
        });
        let mut events = chosen.events.clone();
        events.for_each_mut(|event| {
            event.arguments = arguments(&event.arguments);
            event.claimed_in.take_if(|quote| gone(quote));
        });
        let mut quotes = chosen.quotes.clone();
        quotes.for_each_mut(|quote| {
            quote.speaker = quote.speaker.as_ref().and_then(&kept);
            quote.addressee = quote.addressee.as_ref().and_then(&kept);
            quote.arguments = arguments(&quote.arguments);
        });
        let mut relations = chosen.relations.clone();
        relations.retain(|_, r| self.takes_label(Kind::Relation, &r.label) && !gone(&r.from) && !gone(&r.to));
        (chosen.mentions, chosen.events, chosen.quotes, chosen.relations) = (mentions, events, quotes, relations);
        chosen.reindex();
        let left_out = before.saturating_sub(chosen.annotation_count());
        (Cow::Owned(chosen), left_out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::test_support::sane_document;
    use crate::model::validate;

    fn kinds(all: &[Kind]) -> Choice {
        Choice { kinds: Some(all.iter().copied().collect()), ..Choice::default() }
    }

    proptest! {
        #[test]
        fn whatever_is_left_out_nothing_dangles(document in sane_document(), mask in 0_u8..32) {
            let all = [Kind::Entity, Kind::Mention, Kind::Event, Kind::Quote, Kind::Relation];
            let chosen: Vec<Kind> = all.into_iter().enumerate().filter(|(i, _)| mask & (1 << i) != 0).map(|(_, k)| k).collect();
            let (part, left_out) = kinds(&chosen).of(&document);
            prop_assert_eq!(part.annotation_count() + left_out, document.annotation_count());
            let dangling = |d: &Document| validate(d, &crate::model::Schema::empty("x", 1)).into_iter().filter(|p| p.code == "dangling-reference").count();
            prop_assert!(dangling(&part) <= dangling(&document));
            let (everything, none) = kinds(&all).of(&document);
            prop_assert_eq!((&*everything, none), (&document, 0));
        }
    }
}
