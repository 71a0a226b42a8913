//! What operations change, counted: what somebody wants to know before a thousand documents are changed.

use ecow::EcoString;
use std::collections::BTreeMap;
use std::ops::AddAssign;

use super::super::arguments::of_quote;
use super::super::op::{Change, Op};
use crate::model::{Argument, Attributes, Entity, Event, Header, Kind, Mention, Quote, Relation};

/// Counts by kind and label, the label being the one before the change (of what is new, the one after).
type Counts = BTreeMap<(Kind, String), usize>;

/// How much changes. Sums of several documents are made with `+=`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// How many documents are touched.
    pub documents: usize,
    /// Annotations and entities that stay and become different.
    pub changed: Counts,
    /// Annotations and entities that are removed.
    pub removed: Counts,
    /// Annotations and entities that are new.
    pub added: Counts,
    /// Fillers that are taken out of roles of what stays.
    pub fillers_removed: usize,
    /// Attributes that are taken from what stays.
    pub attributes_removed: usize,
    /// Labels of whole documents that become others or are removed, by group.
    pub document_labels: BTreeMap<String, usize>,
    /// How many of those are removed without another in their place.
    pub document_labels_removed: usize,
}

impl Effect {
    /// What these operations of one document change.
    pub fn of(ops: &[Op]) -> Self {
        let mut effect = Self::default();
        for op in ops {
            match op {
                Op::Entity(change) => effect.count(Kind::Entity, change, |n: &Entity| &n.r#type),
                Op::Mention(change) => {
                    effect.count(Kind::Mention, change, |m: &Mention| &m.label);
                    effect.attributes(change, |m| &m.attributes);
                }
                Op::Event(change) => {
                    effect.count(Kind::Event, change, |e: &Event| &e.r#type);
                    effect.attributes(change, |e| &e.attributes);
                    effect.fillers(change, |e| e.arguments.clone());
                }
                Op::Quote(change) => {
                    effect.count(Kind::Quote, change, |q: &Quote| &q.kind);
                    effect.attributes(change, |q| &q.attributes);
                    effect.fillers(change, of_quote);
                }
                Op::Relation(change) => {
                    effect.count(Kind::Relation, change, |r: &Relation| &r.label);
                    effect.attributes(change, |r| &r.attributes);
                }
                Op::Header(change) => effect.document_labels(change),
                // They follow what they are about.
                Op::Batch(_) | Op::Rejection(_) => {}
            }
        }
        effect.documents = usize::from(!effect.is_nothing());
        effect
    }

    /// Whether nothing changes, in how many documents ever.
    pub fn is_nothing(&self) -> bool {
        self.changed.is_empty()
            && self.removed.is_empty()
            && self.added.is_empty()
            && self.document_labels.is_empty()
            && self.document_labels_removed == 0
    }

    /// How many annotations and entities stay and become different.
    pub fn changed_count(&self) -> usize {
        self.changed.values().sum()
    }

    /// How many annotations and entities are removed.
    pub fn removed_count(&self) -> usize {
        self.removed.values().sum()
    }

    /// Whether something is lost.
    pub fn is_loss(&self) -> bool {
        !self.removed.is_empty() || self.fillers_removed + self.attributes_removed + self.document_labels_removed > 0
    }

    fn count<A>(&mut self, kind: Kind, change: &Change<A>, label: impl Fn(&A) -> &EcoString) {
        let (counts, one) = match (&change.before, &change.after) {
            (Some(before), Some(_)) => (&mut self.changed, before),
            (Some(before), None) => (&mut self.removed, before),
            (None, Some(after)) => (&mut self.added, after),
            (None, None) => return,
        };
        *counts.entry((kind, label(one).to_string())).or_default() += 1;
    }

    fn attributes<A>(&mut self, change: &Change<A>, attributes: impl Fn(&A) -> &Attributes) {
        if let (Some(before), Some(after)) = (&change.before, &change.after) {
            let values = |a: &A| attributes(a).values().map(|value| value.texts().len()).sum::<usize>();
            self.attributes_removed += values(before).saturating_sub(values(after));
        }
    }

    fn fillers<A>(&mut self, change: &Change<A>, arguments: impl Fn(&A) -> Vec<Argument>) {
        if let (Some(before), Some(after)) = (&change.before, &change.after) {
            self.fillers_removed += arguments(before).len().saturating_sub(arguments(after).len());
        }
    }

    fn document_labels(&mut self, change: &Change<Header>) {
        let (Some(before), Some(after)) = (&change.before, &change.after) else { return };
        for (group, values) in &before.labels {
            let stays = |value: &&String| after.labels.get(group).is_some_and(|after| after.contains(value));
            let gone = values.iter().filter(|value| !stays(value)).count();
            if gone > 0 {
                *self.document_labels.entry(group.clone()).or_default() += gone;
            }
        }
        let count = |header: &Header| header.labels.values().map(Vec::len).sum::<usize>();
        self.document_labels_removed += count(before).saturating_sub(count(after));
    }
}

impl AddAssign<&Effect> for Effect {
    fn add_assign(&mut self, other: &Effect) {
        fn add<K: Ord + Clone>(to: &mut BTreeMap<K, usize>, from: &BTreeMap<K, usize>) {
            for (key, count) in from {
                *to.entry(key.clone()).or_default() += count;
            }
        }
        self.documents += other.documents;
        add(&mut self.changed, &other.changed);
        add(&mut self.removed, &other.removed);
        add(&mut self.added, &other.added);
        add(&mut self.document_labels, &other.document_labels);
        self.fillers_removed += other.fillers_removed;
        self.attributes_removed += other.attributes_removed;
        self.document_labels_removed += other.document_labels_removed;
    }
}
