//! Batches: propagating a mention, extending and retracting what was propagated.
//!
//! A mention that a rule made says so in its provenance. The first change by hand (label, words, entity, attribute or
//! note) turns that into [`Origin::Edited`], whatever the intention was that made it; so retracting never has to guess.
//! Merging or deleting an *entity* is no change of each of its mentions.

use std::collections::BTreeSet;

use super::draft::Drafted as _;
use super::intent::{EditError, Intent};
use super::naming::entity_named;
use super::plan::Planner;
use crate::model::{
    Annotation as _, Batch, Document, Entity, Id, Kind, Label, Mention, Origin, Provenance, Rare, Search, Unknown,
};
use crate::text::Span;

/// What retracting a batch would do; in the order of identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retraction {
    /// Mentions as the batch made them, used by nothing: they go.
    pub removed: Vec<Id>,
    /// Mentions that were edited by hand since: they stay.
    pub edited: Vec<Id>,
    /// Mentions that fill a role or are an end of a relation: they stay too.
    pub used: Vec<Id>,
}

impl Retraction {
    /// How many mentions stay.
    pub fn kept(&self) -> usize {
        self.edited.len() + self.used.len()
    }
}

/// What [`Intent::Retract`] would do to a document now.
pub fn retraction(document: &Document, batch: &Id) -> Retraction {
    let mut out = Retraction::default();
    let in_use = in_use(document);
    for mention in document.mentions().values() {
        let list = match &mention.provenance.by {
            Origin::Edited(by) if by == batch.as_str() => &mut out.edited,
            Origin::Rule(by) if by == batch.as_str() && in_use.contains(&mention.id) => &mut out.used,
            Origin::Rule(by) if by == batch.as_str() => &mut out.removed,
            _ => continue,
        };
        list.push(mention.id.clone());
    }
    out
}

/// Everything that an event, a quote or a relation refers to.
fn in_use(document: &Document) -> BTreeSet<&Id> {
    let events = document.events().values().flat_map(|a| a.references());
    let quotes = document.quotes().values().flat_map(|a| a.references());
    events.chain(quotes).chain(document.relations().values().flat_map(|a| a.references())).collect()
}

type Result<T> = std::result::Result<T, EditError>;

impl Planner<'_> {
    /// Gives the mention to select afterwards.
    pub(super) fn propagate(&mut self, source: &Id, search: &Search, spans: &[Span]) -> Result<Id> {
        let source = self.require::<Mention>(source, "mention")?.clone();
        let entity = match &source.entity {
            Some(id) => self.require::<Entity>(id, "entity")?.id.clone(),
            None => {
                let named = entity_named(self.document, &source);
                let entity = named.unwrap_or_else(|| self.new_entity(&source));
                self.draft.update::<Mention>(&source.id, |m| m.entity = Some(entity.clone()));
                entity
            }
        };
        let batch = Batch {
            id: self.ids.next_batch(),
            label: source.label.into(),
            entity: Some(entity),
            search: search.clone(),
            at: Some(self.now.clone()),
            unknown: Unknown::default(),
        };
        self.mark_occurrences(&batch, spans)?;
        self.draft.put_batch(batch);
        Ok(source.id)
    }

    pub(super) fn mark_all(&mut self, label: &str, search: &Search, spans: &[Span]) -> Result<()> {
        self.known("mention type", label, self.schema.mention(label).is_some())?;
        let batch = Batch {
            id: self.ids.next_batch(),
            label: label.to_owned(),
            entity: None,
            search: search.clone(),
            at: Some(self.now.clone()),
            unknown: Unknown::default(),
        };
        self.mark_occurrences(&batch, spans)?;
        self.draft.put_batch(batch);
        Ok(())
    }

    pub(super) fn extend(&mut self, batch: &Id, search: &Search, spans: &[Span]) -> Result<()> {
        let batch = Batch { search: search.clone(), ..self.require_batch(batch)?.clone() };
        self.mark_occurrences(&batch, spans)?;
        self.draft.put_batch(batch);
        Ok(())
    }

    pub(super) fn retract(&mut self, batch: &Id) -> Result<()> {
        self.require_batch(batch)?;
        let plan = retraction(self.document, batch);
        let mut entities = BTreeSet::new();
        for id in &plan.removed {
            entities.extend(self.draft.get::<Mention>(id).and_then(|m| m.entity.clone()));
            self.draft.remove::<Mention>(id);
        }
        for id in plan.edited.iter().chain(&plan.used) {
            self.draft.update::<Mention>(id, |m| m.provenance.by = Origin::Hand);
        }
        self.draft.remove_batch(batch);
        self.remove_empty_entities(&entities.into_iter().collect::<Vec<_>>());
        Ok(())
    }

    /// Marks those spans that are not marked alike already; refuses if there are none.
    fn mark_occurrences(&mut self, batch: &Batch, spans: &[Span]) -> Result<()> {
        let mut made = BTreeSet::new();
        // One of each for all of them.
        let label = Label::from(batch.label.as_str());
        let by = Origin::Rule(batch.id.to_string());
        let provenance = Rare::from(Provenance { by, ..self.provenance().into_inner() });
        for span in spans {
            let words = self.checked(&[*span].into_iter().collect())?;
            let is_twin =
                |id: &Id| self.draft.get::<Mention>(id).is_some_and(|m| m.label == batch.label && m.spans == words);
            let is_marked = self.document.span_index().touching(*span).iter().any(|anchor| is_twin(&anchor.id));
            if is_marked || !made.insert(*span) {
                continue;
            }
            let id = self.ids.next(Kind::Mention);
            self.draft.put(Mention {
                id,
                label: label.clone(),
                spans: words,
                entity: batch.entity.clone(),
                attributes: Default::default(),
                note: Default::default(),
                provenance: provenance.clone(),
            });
        }
        if made.is_empty() { Err(EditError::NoOccurrence) } else { Ok(()) }
    }

    fn require_batch(&self, id: &Id) -> Result<&Batch> {
        self.draft.batch(id).ok_or_else(|| EditError::Missing { what: "batch", id: id.clone() })
    }

    /// Keeps batches true after any intention: mentions that it edited say so, and no batch names an entity that went.
    pub(super) fn follow_up_batches(&mut self, intent: &Intent) {
        let is_by_hand = !matches!(
            intent,
            Intent::Propagate { .. }
                | Intent::MarkAll { .. }
                | Intent::Extend { .. }
                | Intent::Retract { .. }
                | Intent::MergeEntities { .. }
                | Intent::Delete { .. }
        );
        if is_by_hand {
            let edited: Vec<(Id, String)> =
                self.draft.changed::<Mention>().filter_map(|m| self.edited_batch(m)).collect();
            for (id, batch) in edited {
                self.draft.update::<Mention>(&id, |m| m.provenance.by = Origin::Edited(batch));
            }
        }
        let heir = match intent {
            Intent::MergeEntities { into, from } => Some((from, into)),
            _ => None,
        };
        let lost: Vec<Batch> = (self.draft.batches())
            .filter(|batch| {
                // What a file left dangling is reported, not mended behind the annotator's back.
                let was_there = |id: &Id| Entity::base(self.document).contains_key(id);
                batch.entity.as_ref().is_some_and(|id| was_there(id) && self.draft.get::<Entity>(id).is_none())
            })
            .cloned()
            .collect();
        for batch in lost {
            let entity = heir.filter(|(from, _)| batch.entity.as_ref() == Some(*from)).map(|(_, into)| into.clone());
            self.draft.put_batch(Batch { entity, ..batch });
        }
    }

    /// The batch that made this mention, if the draft changes what the batch had made.
    fn edited_batch(&self, now: &Mention) -> Option<(Id, String)> {
        let before = self.document.mentions().get(&now.id)?;
        let Origin::Rule(batch) = &before.provenance.by else { return None };
        let is_same = now.label == before.label
            && now.spans == before.spans
            && now.entity == before.entity
            && now.attributes == before.attributes
            && now.note == before.note;
        (!is_same && now.provenance == before.provenance).then(|| (now.id.clone(), batch.clone()))
    }
}
