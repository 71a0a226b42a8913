//! Filling the roles of events and quotes.

use super::{Planner, Result};
use crate::edit::EditError;
use crate::edit::arguments::{arguments_of, change_arguments, roles_of};
use crate::model::{Argument, Filler, Id, Kind, Origin};
use crate::text::Spans;

impl Planner<'_> {
    pub(super) fn set_argument(&mut self, id: &Id, role: &str, nth: usize, filler: Option<&Filler>) -> Result<()> {
        let arguments = arguments_of(self.document, id);
        let places: Vec<usize> = arguments.iter().enumerate().filter(|(_, a)| a.role == role).map(|(i, _)| i).collect();
        if let Some(filler) = filler {
            self.check_filler(id, role, filler, nth < places.len(), places.len())?;
        }
        let filler = filler.cloned();
        self.name_if_speaker(id, role, filler.as_ref());
        change_arguments(&mut self.draft, id, |arguments| match (places.get(nth), filler) {
            (Some(at), Some(filler)) => arguments[*at].filler = filler,
            (Some(at), None) => drop(arguments.remove(*at)),
            (None, Some(filler)) => arguments.push(Argument { role: role.into(), filler }),
            (None, None) => {}
        })
    }

    fn name_if_speaker(&mut self, owner: &Id, role: &str, filler: Option<&Filler>) {
        let speaks = role == "Speaker" && self.document.kind_of(owner) == Some(Kind::Quote);
        if let Some(Filler::Mention(mention)) = filler.filter(|_| speaks) {
            self.name_speaker(mention, &Origin::Hand);
        }
    }

    fn check_filler(&self, id: &Id, role: &str, filler: &Filler, replaces: bool, count: usize) -> Result<()> {
        if filler.target() == Some(id) {
            return Err(EditError::Itself);
        }
        if let Filler::Span(spans) = filler {
            self.checked(spans)?;
        }
        if arguments_of(self.document, id).iter().any(|a| a.role == role && &a.filler == filler) {
            return Err(EditError::AlreadyFills { role: role.into() });
        }
        let roles = roles_of(self.document, self.schema, id);
        let Some(known) = roles.iter().find(|r| r.role == role) else {
            return self.known("role", role, false);
        };
        if let (false, Some(max)) = (replaces || known.has_room(count), known.max) {
            return Err(EditError::RoleFull { role: role.into(), max });
        }
        // A mention that this very plan makes is of a legal type already, but not yet in the document.
        let is_new = |target: &Id| self.document.kind_of(target).is_none() && self.draft.kind_of(target).is_some();
        let (wanted, what) = match filler {
            Filler::Event(_) => (Kind::Event, "event"),
            _ => (Kind::Mention, "mention"),
        };
        if let Some(target) = filler.target()
            && self.draft.kind_of(target) != Some(wanted)
        {
            return Err(EditError::Missing { what, id: target.clone() });
        }
        if !filler.target().is_some_and(is_new) {
            self.schema.check_filler(self.document, known, filler)?;
        }
        Ok(())
    }

    pub(super) fn add_argument_from_text(&mut self, id: &Id, role: &str, spans: &Spans) -> Result<Option<Id>> {
        let spans = self.checked(spans)?;
        let roles = roles_of(self.document, self.schema, id);
        let Some(known) = roles.iter().find(|r| r.role == role) else {
            return self.known("role", role, false).map(|()| None);
        };
        let count = arguments_of(self.document, id).iter().filter(|a| a.role == role).count();
        let there = spans.first().and_then(|first| {
            let anchors = self.document.span_index().touching(*first);
            anchors
                .into_iter()
                .filter_map(|a| self.document.mentions().get(&a.id))
                .find(|m| m.spans == spans && self.schema.allows(&known.fillers, Kind::Mention, &m.label))
        });
        let takes_words = known.fillers.iter().any(|filler| filler == "*span");
        let label = self.schema.first_mention_label(known).filter(|_| !takes_words);
        let (filler, created) = match (there, label) {
            (Some(mention), _) => (Filler::Mention(mention.id.clone()), None),
            (None, Some(label)) => {
                let mention = self.add_mention(label, &spans)?;
                (Filler::Mention(mention.clone()), Some(mention))
            }
            (None, None) => (Filler::Span(spans), None),
        };
        self.check_filler(id, role, &filler, false, count)?;
        self.name_if_speaker(id, role, Some(&filler));
        let role = role.into();
        change_arguments(&mut self.draft, id, |arguments| arguments.push(Argument { role, filler }))?;
        Ok(created)
    }
}
