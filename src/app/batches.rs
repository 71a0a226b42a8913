//! Batches, as the window asks for them: extended, shown, retracted.

use super::App;
use super::again::{Again, Goal, them};
use super::changing::{LARGE, weight_of};
use super::command::Command;
use crate::edit::{Intent, retraction};
use crate::model::{Document, Id};
use crate::suggest::occurrences::{SearchText, Why, texts_of_entity};

impl App {
    /// Previews what a batch misses: with all texts that stand for its entity now, those that are new checked.
    pub(super) fn extend_batch(&mut self, id: &Id) {
        let Some(session) = &mut self.session else { return };
        let Some(batch) = session.editor.document().batches().get(id) else { return };
        let words = batch.search.texts.first().cloned().unwrap_or_default();
        let (label, ignore_case) = (batch.label.clone(), batch.search.ignore_case);
        session.again = Some(Again::new(Goal::Extend(id.clone()), label, words, ignore_case, None));
        self.look_for_occurrences();
    }

    /// Selects the mention of a batch after the selected one, the first after the last.
    pub(super) fn show_batch(&mut self, batch: &Id) {
        let Some(session) = &self.session else { return };
        let mentions = session.document().mentions_of_batch(batch);
        let at = session.selected.as_ref().and_then(|id| mentions.iter().position(|m| &m.id == id));
        let next = at.map_or(0, |at| (at + 1) % mentions.len().max(1));
        match mentions.get(next).map(|m| m.id.clone()) {
            Some(id) => self.reveal(&id),
            None => self.toasts.done("None of its mentions is left"),
        }
    }

    pub(super) fn retract_batch(&mut self, batch: &Id) {
        let Some(session) = &self.session else { return };
        let intent = Intent::Retract { batch: batch.clone() };
        // What a batch made is found by a look at all mentions.
        let is_large = weight_of(session.document(), &intent) >= LARGE;
        self.end_filling();
        let batch = batch.clone();
        self.change(is_large.then(|| "Retracting a batch".to_owned()), move |changing| {
            let plan = retraction(changing.document(), &batch);
            match changing.execute(&intent, None) {
                Ok(_) => Box::new(move |app| app.batch_retracted(plan.removed.len(), plan.kept())),
                Err(error) => Box::new(move |app| app.edit_refused(error)),
            }
        });
    }

    /// So many mentions of a batch are gone, and so many stay.
    fn batch_retracted(&mut self, removed: usize, kept: usize) {
        let stay = match kept {
            0 => String::new(),
            1 => ", 1 edited or in use stays".into(),
            _ => format!(", {kept} edited or in use stay"),
        };
        let how = self.how(Command::Undo);
        self.toasts.done(format!("{removed} retracted{stay}; {how} to bring {} back", them(removed)));
    }
}

/// Texts that stand for the entity of a batch and that its rule does not look for. Names that were added are on; a surname
/// was there before and was left out on purpose.
pub fn new_texts(document: &Document, batch: &Id) -> Vec<SearchText> {
    let Some(batch) = document.batches().get(batch) else { return Vec::new() };
    let entity = batch.entity.as_ref().and_then(|id| document.entities().get(id));
    let texts = entity.map(|entity| texts_of_entity(document, entity)).unwrap_or_default();
    let is_name = |text: &SearchText| matches!(text.why, Why::Name | Why::Alias);
    let missing = texts.into_iter().filter(|text| !batch.search.texts.contains(&text.text));
    missing.map(|text| SearchText { is_on: text.is_on && is_name(&text), ..text }).collect()
}
