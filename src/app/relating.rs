//! Making a relation: where it starts, where it leads, and its label.

use super::App;
use super::choosing::Hinted;
use super::filling::{self, Mode, Relating};
use crate::edit::Intent;
use crate::model::{Document, Id, Kind};

impl App {
    /// Begins a relation: from the selected annotation if there is one, else from one that letters choose.
    pub(super) fn start_relation(&mut self) {
        let Some(session) = &mut self.session else { return };
        let (document, schema) = (session.editor.document(), session.editor.schema());
        if schema.relations.is_empty() {
            let message = format!("The schema {} has no relations", schema.name);
            self.toasts.refused(message);
            return;
        }
        if let Some(from) = &session.selected
            && !filling::starts_relation(document, schema, from)
        {
            let message = format!("No relation of the schema starts from {}", in_words(document, from));
            self.toasts.refused(message);
            return;
        }
        session.mode = Mode::Relate(Relating { from: session.selected.clone(), to: None, typed: String::new() });
    }

    /// A letter or digit while a relation is being made.
    pub(super) fn relating_key(&mut self, mut relating: Relating, c: char) {
        let Some(session) = &self.session else { return };
        if let (Some(from), Some(to)) = (&relating.from, &relating.to) {
            let labels = filling::legal_relations(session.document(), session.editor.schema(), from, to);
            let chosen = filling::LABEL_KEYS.find(c).and_then(|nth| labels.get(nth));
            if let Some(label) = chosen.map(|l| (*l).to_owned()) {
                self.add_relation(&label);
            }
            return;
        }
        relating.typed.push(c);
        match self.hinted(&relating.typed) {
            Hinted::One(id) => self.relate_at(id),
            Hinted::Some => self.set_mode(Mode::Relate(relating)),
            Hinted::None => self.no_such_letters(&relating.typed),
        }
    }

    /// Backspace: back by a letter, else by an end, else out.
    pub(super) fn relating_back(&mut self, mut relating: Relating) {
        let mode = if relating.typed.pop().is_some() || relating.to.take().is_some() {
            Mode::Relate(relating)
        } else if relating.from.is_some() && self.session.as_ref().is_some_and(|s| s.selected != relating.from) {
            Mode::Relate(Relating { from: None, ..relating })
        } else {
            Mode::Mark
        };
        self.set_mode(mode);
    }

    /// An annotation was chosen: it is the end that is asked for. If only one label is legal then, that is it.
    pub(super) fn relate_at(&mut self, id: Id) {
        let Some(session) = &mut self.session else { return };
        let Mode::Relate(relating) = session.mode.clone() else { return };
        let (document, schema) = (session.editor.document(), session.editor.schema().clone());
        let Some(from) = &relating.from else {
            if filling::starts_relation(document, &schema, &id) {
                session.mode = Mode::Relate(Relating { from: Some(id), to: None, typed: String::new() });
            } else {
                let message = format!("No relation of the schema starts from {}", in_words(document, &id));
                self.toasts.refused(message);
            }
            return;
        };
        let labels = filling::legal_relations(document, &schema, from, &id);
        if labels.is_empty() {
            let (from, to) = (in_words(document, from), in_words(document, &id));
            self.toasts.refused(format!("No relation of the schema leads from {from} to {to}"));
            return;
        }
        session.mode = Mode::Relate(Relating { to: Some(id), typed: String::new(), ..relating });
        if let [only] = labels.as_slice() {
            self.add_relation(only);
        }
    }

    /// Makes the relation with this label.
    pub(super) fn add_relation(&mut self, label: &str) {
        let Some(Mode::Relate(Relating { from: Some(from), to: Some(to), .. })) =
            self.session.as_ref().map(|s| s.mode.clone())
        else {
            return;
        };
        self.set_mode(Mode::Mark);
        if let Some(id) =
            self.edit(&Intent::AddRelation { label: label.to_owned(), from, to }).and_then(|done| done.created)
        {
            self.made(&id, false);
        }
    }
}

/// What an annotation is, with an article, for messages.
fn in_words(document: &Document, id: &Id) -> String {
    let label = match document.kind_of(id) {
        Some(Kind::Quote) => "quote",
        _ => document.label_of(id),
    };
    let article = if label.starts_with(|c: char| "AEIOUaeiou".contains(c)) { "an" } else { "a" };
    format!("{article} {label}")
}
