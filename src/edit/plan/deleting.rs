//! Deleting, with everything that would point to nothing.

use super::{Planner, Result};
use crate::edit::EditError;
use crate::edit::arguments::change_arguments;
use crate::model::{Entity, Event, Id, Kind, Mention, Quote, Relation};

impl Planner<'_> {
    pub(super) fn delete(&mut self, ids: &[Id]) -> Result<()> {
        let mut left: Vec<Id> = Vec::new();
        for id in ids {
            match self.draft.kind_of(id) {
                Some(Kind::Mention) => {
                    left.extend(self.draft.get::<Mention>(id).and_then(|m| m.entity.clone()));
                    self.forget(id)?;
                    self.draft.remove::<Mention>(id);
                }
                Some(Kind::Event) => {
                    self.forget(id)?;
                    self.draft.remove::<Event>(id);
                }
                Some(Kind::Quote) => {
                    self.forget(id)?;
                    self.draft.remove::<Quote>(id);
                }
                Some(Kind::Entity) => {
                    self.forget(id)?;
                    self.draft.remove::<Entity>(id);
                }
                Some(Kind::Relation) => self.draft.remove::<Relation>(id),
                // Gone together with something before it in the list.
                None if self.document.kind_of(id).is_some() => {}
                None => return Err(EditError::Missing { what: "annotation", id: id.clone() }),
            }
        }
        self.remove_empty_entities(&left);
        Ok(())
    }

    /// Takes out every reference to `id`.
    fn forget(&mut self, id: &Id) -> Result<()> {
        self.remove_relations_at(id);
        for referrer in self.document.referrers(id) {
            match self.draft.kind_of(&referrer) {
                Some(Kind::Mention) => self.draft.update::<Mention>(&referrer, |m| m.entity = None),
                Some(Kind::Event | Kind::Quote) => {
                    change_arguments(&mut self.draft, &referrer, |list| {
                        list.retain(|a| a.filler.target() != Some(id));
                    })?;
                    self.draft.update::<Event>(&referrer, |event| {
                        event.claimed_in.take_if(|quote| quote == id);
                    });
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn remove_relations_at(&mut self, id: &Id) {
        let known = self.document.references().others_at(id).filter_map(|other| self.draft.get::<Relation>(other));
        let is_at = |r: &&Relation| &r.from == id || &r.to == id;
        let at: Vec<Id> = known.chain(self.draft.changed::<Relation>()).filter(is_at).map(|r| r.id.clone()).collect();
        for relation in at {
            self.draft.remove::<Relation>(&relation);
        }
    }
}
