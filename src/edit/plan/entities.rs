//! Joining mentions to entities, splitting them off, merging entities.

use std::collections::BTreeSet;

use super::{Planner, Result};
use crate::edit::EditError;
use crate::model::{Entity, Id, Kind, Mention, Relation};

impl Planner<'_> {
    pub(super) fn join(&mut self, mentions: &[Id], entity: Option<&Id>) -> Result<Id> {
        let mut members = Vec::new();
        for id in mentions {
            members.push(self.require::<Mention>(id, "mention")?.clone());
        }
        let first = members.first().ok_or(EditError::NoWords)?;
        let entity = match entity.or_else(|| members.iter().find_map(|m| m.entity.as_ref())) {
            Some(id) => self.require::<Entity>(id, "entity")?.id.clone(),
            None => self.new_entity(first),
        };
        let mut left_alone: Vec<Id> = Vec::new();
        for mention in &members {
            left_alone.extend(mention.entity.clone().filter(|old| old != &entity));
            self.draft.update::<Mention>(&mention.id, |m| m.entity = Some(entity.clone()));
        }
        self.remove_empty_entities(&left_alone);
        Ok(entity)
    }

    pub(in crate::edit) fn new_entity(&mut self, mention: &Mention) -> Id {
        let id = self.ids.next(Kind::Entity);
        self.draft.put(Entity {
            id: id.clone(),
            r#type: mention.label.clone(),
            name: self.document.text().excerpt(&mention.spans),
            aliases: Vec::new(),
            link: None,
            note: Default::default(),
            provenance: self.provenance(),
        });
        id
    }

    pub(super) fn split(&mut self, mention: &Id, own_entity: bool) -> Result<Option<Id>> {
        let mention = self.require::<Mention>(mention, "mention")?.clone();
        let old: Vec<Id> = mention.entity.iter().cloned().collect();
        let entity = own_entity.then(|| self.new_entity(&mention));
        self.draft.update::<Mention>(&mention.id, |m| m.entity.clone_from(&entity));
        self.remove_empty_entities(&old);
        Ok(entity)
    }

    pub(super) fn merge(&mut self, into: &Id, from: &Id) -> Result<()> {
        if into == from {
            return Err(EditError::Itself);
        }
        let gone = self.require::<Entity>(from, "entity")?.clone();
        self.require::<Entity>(into, "entity")?;
        for mention in self.document.mentions_of(from) {
            self.draft.update::<Mention>(&mention.id, |m| m.entity = Some(into.clone()));
        }
        for relation in self.document.relations().values() {
            let turn = |end: &Id| if end == from { into.clone() } else { end.clone() };
            let turned = Relation { from: turn(&relation.from), to: turn(&relation.to), ..relation.clone() };
            // A link between the two would now lead from the entity to itself.
            if turned.from == turned.to {
                self.draft.remove::<Relation>(&relation.id);
            } else {
                self.draft.put(turned);
            }
        }
        self.draft.update::<Entity>(into, |entity| {
            for name in std::iter::once(gone.name).chain(gone.aliases) {
                if name != entity.name && !entity.aliases.contains(&name) {
                    entity.aliases.push(name);
                }
            }
            entity.link = entity.link.take().or(gone.link);
            *entity.note = match (entity.note.take(), gone.note.into_inner()) {
                (Some(mine), Some(its)) => Some(format!("{mine}\n{its}")),
                (mine, its) => mine.or(its),
            };
        });
        self.draft.remove::<Entity>(from);
        Ok(())
    }

    /// Deletes entities that no mention refers to any more, with relations at them.
    pub(in crate::edit) fn remove_empty_entities(&mut self, candidates: &[Id]) {
        // Each once: thousands of mentions may have left the same few.
        let candidates: BTreeSet<&Id> = candidates.iter().collect();
        let joined = self.draft.changed::<Mention>().filter_map(|m| m.entity.as_ref());
        let joined: BTreeSet<Id> = joined.filter(|id| candidates.contains(id)).cloned().collect();
        for id in candidates.into_iter().filter(|id| !joined.contains(*id)) {
            let is_of_it = |m: &Mention| m.entity.as_ref() == Some(id);
            let mut known = self.document.mentions_of(id).filter_map(|m| self.draft.get::<Mention>(&m.id));
            if !known.any(is_of_it) {
                self.remove_relations_at(id);
                self.draft.remove::<Entity>(id);
            }
        }
    }
}
