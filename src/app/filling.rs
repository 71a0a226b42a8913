//! What the keys are for right now: marking, filling the roles of an event or quote, making a relation, deciding on
//! what was proposed.
//!
//! Pure: knows the model, the schema and what is selected, not the screen.

use std::sync::Arc;

use super::action::Slot;
use super::proposing::Proposing;
use crate::canvas::TextSelection;
use crate::edit::{Group, Intent, Transaction, arguments_of, roles_of};
use crate::model::{Document, Event, Filler, Id, Kind, Problem, Schema};

/// What is going on.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Mode {
    /// Letters label the selected words.
    #[default]
    Mark,
    /// Letters choose the filler of a slot.
    Fill(Filling),
    /// Letters choose where a relation starts and leads, then digits its label.
    Relate(Relating),
    /// Enter and Backspace decide on a suggestion; if it was asked for, letters choose the speaker.
    Propose(Box<Proposing>),
    /// A problem was walked to; Enter mends it.
    Mend(Box<Problem>),
    /// Letters choose the annotation to go to.
    Jump(Jumping),
}

impl Mode {
    /// Whether letters label words.
    pub fn is_marking(&self) -> bool {
        *self == Self::Mark || self.is_review()
    }

    /// Whether something was met on the walk that Enter decides on; anything else the user does leaves it.
    pub fn is_review(&self) -> bool {
        match self {
            Self::Propose(proposing) => !proposing.is_asked,
            Self::Mend(_) => true,
            Self::Mark | Self::Fill(_) | Self::Relate(_) | Self::Jump(_) => false,
        }
    }

    /// Whether letters spell a name.
    pub fn is_searching(&self) -> bool {
        matches!(self, Self::Propose(proposing) if proposing.is_asked)
    }

    /// Hint letters typed so far.
    pub fn typed(&self) -> &str {
        match self {
            Self::Mark | Self::Propose(_) | Self::Mend(_) => "",
            Self::Fill(filling) => &filling.typed,
            Self::Relate(relating) => &relating.typed,
            Self::Jump(jumping) => &jumping.typed,
        }
    }
}

/// The slot that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Filling {
    /// The event or quote.
    pub owner: Id,
    /// Its slot.
    pub slot: Slot,
    /// Hint letters typed so far.
    pub typed: String,
    /// What was done since the letters began to fill.
    pub run: Run,
}

/// One stay in the fill mode: from making an event or quote, or from a slot of its card, until it ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Holds everything that is done: one step of undo.
    pub group: Group,
    /// The slots that were left, each with what was done to fill it; Backspace goes back through them.
    pub trail: Vec<(Slot, Option<Arc<Transaction>>)>,
    /// The words that were selected before, for whoever gives up.
    pub words_before: TextSelection,
    /// The annotation that was selected before.
    pub selected_before: Option<Id>,
}

/// The relation that is being made.
#[derive(Clone, Debug, PartialEq)]
pub struct Relating {
    /// Where it starts, once chosen.
    pub from: Option<Id>,
    /// Where it leads, once chosen.
    pub to: Option<Id>,
    /// Hint letters typed so far.
    pub typed: String,
}

/// The way to an annotation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Jumping {
    /// Hint letters typed so far.
    pub typed: String,
}

/// Whether an intention is about this event or quote, and so belongs to filling it; anything else ends that.
pub fn is_about(intent: &Intent, owner: &Id) -> bool {
    match intent {
        Intent::Relabel { id, .. }
        | Intent::SetSpans { id, .. }
        | Intent::Resize { id, .. }
        | Intent::SetAttribute { id, .. }
        | Intent::SetNote { id, .. }
        | Intent::SetArgument { id, .. }
        | Intent::AddArgumentFromText { id, .. }
        | Intent::SetClaimedIn { id, .. } => id == owner,
        _ => false,
    }
}

/// The slots of an event or quote in the order in which they are asked for: required roles first; for a quote the
/// speaker, then the cue, then the rest.
pub fn slots(document: &Document, schema: &Schema, owner: &Id) -> Vec<Slot> {
    let roles = roles_of(document, schema, owner);
    let named =
        |required: bool| roles.iter().filter(move |r| (r.min > 0) == required).map(|r| Slot::Role(r.role.clone()));
    if document.kind_of(owner) == Some(Kind::Quote) {
        let mut slots: Vec<Slot> = roles.iter().map(|r| Slot::Role(r.role.clone())).collect();
        let speaker = slots.iter().position(|s| s.name() == "Speaker");
        slots.insert(speaker.map_or(0, |at| at + 1), Slot::Cue);
        return slots;
    }
    named(true).chain(named(false)).collect()
}

/// The first slot that is empty, or the first of all.
pub fn first_slot(document: &Document, schema: &Schema, owner: &Id) -> Option<Slot> {
    let slots = slots(document, schema, owner);
    let empty = slots.iter().find(|slot| count(document, owner, slot) == 0);
    empty.or(slots.first()).cloned()
}

/// How many fillers a slot has.
pub fn count(document: &Document, owner: &Id, slot: &Slot) -> usize {
    match slot {
        Slot::Cue => usize::from(document.quotes().get(owner).is_some_and(|q| q.cue.is_some())),
        Slot::Role(role) => arguments_of(document, owner).iter().filter(|a| &a.role == role).count(),
    }
}

/// Whether a slot can take one more filler.
pub fn has_room(document: &Document, schema: &Schema, owner: &Id, slot: &Slot) -> bool {
    let filled = count(document, owner, slot);
    match slot {
        Slot::Cue => filled == 0,
        Slot::Role(role) => roles_of(document, schema, owner).iter().any(|r| &r.role == role && r.has_room(filled)),
    }
}

/// The slot after this one, if there is one.
pub fn next_slot(document: &Document, schema: &Schema, owner: &Id, slot: &Slot) -> Option<Slot> {
    let slots = slots(document, schema, owner);
    let at = slots.iter().position(|s| s == slot)?;
    slots.get(at + 1).cloned()
}

/// The slot before this one, if there is one.
pub fn previous_slot(document: &Document, schema: &Schema, owner: &Id, slot: &Slot) -> Option<Slot> {
    let slots = slots(document, schema, owner);
    let at = slots.iter().position(|s| s == slot)?;
    at.checked_sub(1).and_then(|i| slots.get(i)).cloned()
}

/// Where to go after a slot was filled: the next required slot that is empty; else stay while there is room; else
/// the next slot.
pub fn after_filling(document: &Document, schema: &Schema, owner: &Id, slot: &Slot) -> Option<Slot> {
    let is_required = |slot: &Slot| {
        let Slot::Role(role) = slot else { return false };
        roles_of(document, schema, owner)
            .iter()
            .any(|r| &r.role == role && count(document, owner, slot) < r.min as usize)
    };
    if let Some(required) = slots(document, schema, owner).into_iter().find(is_required) {
        return Some(required);
    }
    if has_room(document, schema, owner, slot) {
        return Some(slot.clone());
    }
    next_slot(document, schema, owner, slot)
}

/// The filler that an annotation is for a slot, if it is legal there.
pub fn as_filler(document: &Document, schema: &Schema, owner: &Id, slot: &Slot, id: &Id) -> Option<Filler> {
    let Slot::Role(role) = slot else { return None };
    let known = roles_of(document, schema, owner).iter().find(|r| &r.role == role)?;
    let filler = match document.kind_of(id)? {
        Kind::Mention => Filler::Mention(id.clone()),
        Kind::Event if id != owner => Filler::Event(id.clone()),
        _ => return None,
    };
    schema.check_filler(document, known, &filler).ok().map(|()| filler)
}

/// Whether an annotation fills a slot already; once is enough.
pub fn fills_already(document: &Document, owner: &Id, slot: &Slot, id: &Id) -> bool {
    let Slot::Role(role) = slot else { return false };
    arguments_of(document, owner).iter().any(|a| &a.role == role && a.filler.target() == Some(id))
}

/// Whether a relation of the schema may start at an annotation.
pub fn starts_relation(document: &Document, schema: &Schema, from: &Id) -> bool {
    schema.relations.iter().any(|r| schema.check_end(document, &r.from, "", from).is_ok())
}

/// The relation types that may link two annotations.
pub fn legal_relations<'s>(document: &Document, schema: &'s Schema, from: &Id, to: &Id) -> Vec<&'s str> {
    if from == to {
        return Vec::new();
    }
    let fits = |allowed: &[String], id| schema.check_end(document, allowed, "", id).is_ok();
    schema.relations.iter().filter(|r| fits(&r.from, from) && fits(&r.to, to)).map(|r| r.label.as_str()).collect()
}

/// The key of each label of a relation that is to be chosen: digits, then letters. `i` means something else.
pub const LABEL_KEYS: &str = "123456789abcdefghjklmnopqrstuvwxyz";

/// What an event's type and its roles look like in one line, for lists: `Anna → Bob · Paris`.
pub fn summary(document: &Document, event: &Event) -> String {
    let words: Vec<String> = event.arguments.iter().map(|a| filler_text(document, &a.filler)).collect();
    words.join(" · ")
}

/// What fills a role, in words.
pub fn filler_text(document: &Document, filler: &Filler) -> String {
    match filler {
        Filler::Mention(id) | Filler::Event(id) => document.brief_of(id),
        Filler::Span(spans) => document.text().brief(spans, crate::limits::LINE_SHOWN),
        Filler::Implicit(words) => format!("({words})"),
    }
}

/// Who speaks: the name of the entity where the mention has one, else its words.
pub fn speaker_name(document: &Document, filler: &Filler) -> String {
    let entity = match filler {
        Filler::Mention(id) => document.mentions().get(id).and_then(|m| m.entity.as_ref()),
        _ => None,
    };
    match entity.and_then(|id| document.entities().get(id)) {
        Some(entity) => entity.name.clone(),
        None => filler_text(document, filler),
    }
}

/// Who claims that an event happened: the speaker of the quote in which it is claimed. `None` if the text itself asserts
/// it; empty if the quote has no speaker.
pub fn claimant(document: &Document, event: &Event) -> Option<String> {
    let quote = document.quotes().get(event.claimed_in.as_ref()?)?;
    Some(quote.speaker.as_ref().map(|speaker| speaker_name(document, speaker)).unwrap_or_default())
}

/// The same, for the screen: `claimed by Anna`.
pub fn claim_text(document: &Document, event: &Event) -> Option<String> {
    let name = claimant(document, event)?;
    Some(if name.is_empty() { "claimed, speaker not known".to_owned() } else { format!("claimed by {name}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::model::schema::builtin;
    use crate::model::test_support::{event, mention, quote};
    use crate::text::Text;

    #[test]
    fn required_roles_are_asked_for_first_and_filling_goes_on_to_the_next() {
        let schema = builtin("news").expect("ships");
        let mut doc = Document::new(Text::new("Anna aided Bob.").expect("short"), Header::default());
        doc.events.insert("e1".into(), event("e1", "Aid", &[(5, 10)]));
        doc.mentions.insert("m1".into(), mention("m1", "Person", &[(0, 4)]));
        let owner = Id::from("e1");
        let first = first_slot(&doc, schema, &owner).expect("has roles");
        assert_eq!(first.name(), "Actor");
        let filler = as_filler(&doc, schema, &owner, &first, &"m1".into()).expect("legal");
        doc.events
            .get_mut(&owner)
            .expect("there")
            .arguments
            .push(crate::model::Argument { role: "Actor".into(), filler });
        assert_eq!(after_filling(&doc, schema, &owner, &first).expect("goes on").name(), "Recipient");
    }

    #[test]
    fn a_quote_asks_for_speaker_and_cue() {
        let schema = builtin("news").expect("ships");
        let mut doc = Document::new(Text::new("\"Yes\", Anna said.").expect("short"), Header::default());
        doc.quotes.insert("q1".into(), quote("q1", "direct", &[(0, 5)]));
        let found = slots(&doc, schema, &"q1".into());
        assert_eq!((found[0].name(), &found[1]), ("Speaker", &Slot::Cue));
    }
}
