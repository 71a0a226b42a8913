//! The editor of a project's label set: what is edited, and what became of it so far.
//!
//! The label set is edited as a value of its own ([`edited`]); nothing in the project changes before somebody has seen what
//! the change touches ([`review`]) and applies it. Every edit can be undone here; what was applied is undone as the
//! operation that it was.

pub mod conflicts;
mod deeds;
pub mod edited;
pub mod entry;
pub mod fits;
pub mod import;
mod merge;
pub(in crate::app) mod operating;
pub mod question;
pub mod review;

mod acting;
mod applying;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use acting::SchemaAction;
pub(in crate::app) use applying::SchemaMessage;
pub use applying::{Done, Running, State, Unfinished, forget_old, state_of};

use crate::app::action::Action;
use crate::edit::{SchemaChangeError, SchemaStep};
use crate::model::Schema;
use crate::ui::schema_editor::SchemaView;

use conflicts::{Conflict, Field, conflicts, has_errors};
use deeds::{Deed, What, without};
use edited::Edited;
use entry::{Entry, Part};
use import::Beside;
use review::{Reviewed, Work};

/// So many edits can be undone.
const REMEMBERED: usize = 400;

/// What the editor shows.
#[derive(Debug, Default)]
pub enum Stage {
    /// The fields of what is selected.
    #[default]
    Edit,
    /// What the change would touch.
    Review(Review),
    /// Another label set, beside this one.
    Beside(Box<Beside>),
}

/// What a change would touch, once that is known.
#[derive(Debug)]
pub enum Review {
    /// The layers are being looked at.
    Looking(Arc<Work>),
    /// What it would touch.
    Known(Arc<Reviewed>),
    /// Why that cannot be told.
    Failed(String),
}

/// One state of the label set, for undo.
#[derive(Clone, Debug)]
struct Past {
    edited: Edited,
    /// What was selected then.
    selected: Entry,
    /// What was done to come here; empty at the beginning.
    title: String,
    /// What was typed into, so that a word is one step and not seven.
    field: Option<String>,
    /// What was done to come here, unless something was left out.
    deed: Option<Arc<Deed>>,
    /// All that was done to come here from the beginning, and was not left out.
    deeds: Vec<Arc<Deed>>,
}

/// One entry of the list of what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// What it is called.
    pub title: &'a str,
    /// Whether it is undone now.
    pub is_undone: bool,
    /// Whether it was left out later.
    pub is_left_out: bool,
    /// Whether it can be left out alone, as far as is known without trying.
    pub can_be_left_out: bool,
}

/// See the module.
pub struct SchemaEditor {
    past: Vec<Past>,
    at: usize,
    /// Letters that commands have.
    reserved: Vec<char>,
    /// Whether it is in the place of the reader; else it waits.
    pub is_shown: bool,
    /// What it shows.
    pub stage: Stage,
    /// What is wrong with the label set as it is now.
    pub conflicts: Arc<Vec<Conflict>>,
    /// The field that is to get the keyboard.
    pub wanted: Option<Field>,
    /// How it is drawn.
    pub view: SchemaView,
}

impl SchemaEditor {
    /// Of this label set. Commands have the letters in `reserved`.
    pub fn new(base: Arc<Schema>, reserved: Vec<char>) -> Self {
        let selected =
            [Part::Mentions, Part::Events].into_iter().find_map(|part| Entry::of(part, &base).into_iter().next());
        let first = Past {
            edited: Edited::new(base),
            selected: selected.unwrap_or(Entry::Whole),
            title: String::new(),
            field: None,
            deed: None,
            deeds: Vec::new(),
        };
        let mut editor = Self {
            past: vec![first],
            at: 0,
            reserved,
            is_shown: true,
            stage: Stage::Edit,
            conflicts: Arc::default(),
            wanted: None,
            view: SchemaView::default(),
        };
        editor.look();
        editor
    }

    fn now(&self) -> &Past {
        // There is always the beginning.
        &self.past[self.at.min(self.past.len() - 1)]
    }

    /// The label set as it is edited.
    pub fn edited(&self) -> &Edited {
        &self.now().edited
    }

    /// The same without its steps.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.now().edited.schema
    }

    /// Letters that commands have.
    pub fn reserved(&self) -> &[char] {
        &self.reserved
    }

    /// What is selected.
    pub fn selected(&self) -> &Entry {
        &self.now().selected
    }

    /// Selects an entry.
    pub fn select(&mut self, entry: Entry) {
        let at = self.at;
        if let Some(past) = self.past.get_mut(at).filter(|past| entry.is_in(&past.edited.schema)) {
            past.selected = entry;
            // What is typed next is another step.
            past.field = None;
        }
    }

    /// Whether it may be applied: something changed, and nothing contradicts itself.
    pub fn may_apply(&self) -> bool {
        self.edited().is_changed() && !has_errors(&self.conflicts)
    }

    /// What was done, from the beginning on.
    pub fn history(&self) -> impl ExactSizeIterator<Item = Step<'_>> {
        let now = self.now();
        self.past.iter().enumerate().skip(1).map(move |(nth, past)| {
            let is_undone = nth > self.at;
            let is_in = past.deed.as_ref().map(|deed| now.deeds.iter().any(|known| Arc::ptr_eq(known, deed)));
            Step {
                title: &past.title,
                is_undone,
                is_left_out: !is_undone && is_in == Some(false),
                can_be_left_out: !is_undone && is_in == Some(true),
            }
        })
    }

    /// Leaves out what was done by the edit `at`, counted from 1, and keeps what came after it. That is an edit itself.
    ///
    /// # Errors
    /// The titles of later edits that do not fit without it; nothing is changed then.
    pub fn leave_out(&mut self, at: usize) -> Result<(), Vec<String>> {
        let now = self.now();
        let Some(deed) = self.past.get(at).and_then(|past| past.deed.clone()) else { return Ok(()) };
        let Some(place) = now.deeds.iter().position(|known| Arc::ptr_eq(known, &deed)) else { return Ok(()) };
        let (earlier, later) = (&now.deeds[..place], &now.deeds[place + 1..]);
        let is_it =
            |past: &&Past| past.deeds.len() == place && past.deeds.iter().zip(earlier).all(|(a, b)| Arc::ptr_eq(a, b));
        let edited = match self.past.iter().find(is_it) {
            Some(past) => without(&past.edited, later)?,
            // That state is not remembered: something was left out before.
            None => {
                let first = self.past.first().map_or_else(|| now.edited.clone(), |first| first.edited.clone());
                without(&first, &[earlier, later].concat())?
            }
        };
        let deeds = [earlier, later].concat();
        let selected = still(now.selected.clone(), &edited.schema);
        let title = format!("Leave out “{}”", deed.title);
        self.put(Past { edited, selected, title, field: None, deed: None, deeds });
        Ok(())
    }

    /// What undo would take back.
    pub fn undo_title(&self) -> Option<&str> {
        (self.at > 0).then(|| self.now().title.as_str())
    }

    /// What redo would do again.
    pub fn redo_title(&self) -> Option<&str> {
        self.past.get(self.at + 1).map(|past| past.title.as_str())
    }

    /// Takes one edit back, or does it again.
    pub fn step_back(&mut self, back: bool) {
        self.go_to(if back { self.at.saturating_sub(1) } else { self.at + 1 });
    }

    /// Goes to the state after so many edits.
    pub fn go_to(&mut self, at: usize) {
        if at < self.past.len() && at != self.at {
            self.at = at;
            self.looked_stale();
        }
    }

    /// Takes a label set in which something was added or described. What is typed into one `field` one after the other is
    /// one edit.
    pub fn edit(&mut self, schema: Schema, title: &str, field: Option<String>) {
        if schema == **self.schema() {
            return;
        }
        let mut edited = self.edited().clone();
        edited.edit(schema);
        let selected = self.selected().clone();
        self.push(edited, selected, title.to_owned(), field, What::Edit);
    }

    /// Does steps, as one edit; the selection follows.
    ///
    /// # Errors
    /// [`SchemaChangeError`]; nothing is changed then.
    pub fn steps(&mut self, steps: Vec<SchemaStep>) -> Result<(), SchemaChangeError> {
        let title = match steps.as_slice() {
            [] => return Ok(()),
            [one] => one.to_string(),
            several => format!("{} and {} more", several[0], several.len() - 1),
        };
        let mut edited = self.edited().clone();
        let mut selected = self.selected().clone();
        for step in &steps {
            selected = following(&selected, step);
            edited.step(step.clone())?;
        }
        let selected = still(selected, &edited.schema);
        self.push(edited, selected, title, None, What::Steps(steps));
        Ok(())
    }

    /// Adds an entry, and selects it.
    pub fn add(&mut self, part: Part) {
        let mut schema = (**self.schema()).clone();
        let entry = Entry::add(part, &mut schema);
        self.edit(schema, &format!("Add {}", part.a()), None);
        self.select(entry);
        self.wanted = Some(Field::Name);
    }

    /// Adds one like the selected one, and selects it.
    pub fn duplicate(&mut self) {
        let mut schema = (**self.schema()).clone();
        let Some(copy) = self.selected().duplicate(&mut schema) else { return };
        self.edit(schema, &format!("Duplicate {}", self.selected().name()), None);
        self.select(copy);
        self.wanted = Some(Field::Name);
    }

    /// Moves the selected entry up or down.
    pub fn shift(&mut self, down: bool) {
        let mut schema = (**self.schema()).clone();
        let entry = self.selected().clone();
        if entry.shift(&mut schema, down) {
            self.edit(schema, &format!("Move {}", entry.name()), Some(format!("move {}", entry.name())));
        }
    }

    /// Takes over another label set.
    pub fn take(&mut self, beside: &Beside) -> Vec<String> {
        let mut edited = self.edited().clone();
        let failed = beside.take(&mut edited);
        let selected = Some(self.selected().clone()).filter(|entry| entry.is_in(&edited.schema));
        let title = format!("Import {}", beside.file);
        let what = What::Import(Box::new(beside.clone()));
        self.push(edited, selected.unwrap_or(Entry::Whole), title, None, what);
        failed
    }

    fn push(&mut self, edited: Edited, selected: Entry, title: String, field: Option<String>, what: What) {
        self.past.truncate(self.at + 1);
        let goes_on = self.at > 0 && field.is_some() && self.now().field == field;
        let mut deeds = self.now().deeds.clone();
        let mut before = Arc::clone(self.schema());
        if goes_on && let Some(last) = self.past.pop() {
            deeds.retain(|deed| !last.deed.as_ref().is_some_and(|own| Arc::ptr_eq(own, deed)));
            before = last.deed.as_ref().map_or(before, |deed| Arc::clone(&deed.before));
            self.at -= 1;
        }
        let deed = Deed::new(title.clone(), before, Arc::clone(&edited.schema), what);
        deeds.push(Arc::clone(&deed));
        self.put(Past { edited, selected, title, field, deed: Some(deed), deeds });
    }

    fn put(&mut self, past: Past) {
        self.past.truncate(self.at + 1);
        if self.past.len() > REMEMBERED {
            self.past.remove(1);
        }
        self.past.push(past);
        self.at = self.past.len() - 1;
        self.looked_stale();
    }

    /// What was known of the label set is of another one.
    fn looked_stale(&mut self) {
        self.stage = Stage::Edit;
        self.look();
    }

    fn look(&mut self) {
        self.conflicts = Arc::new(conflicts(self.schema(), &self.reserved));
    }
}

/// The entry, or another one of its part if it is not there any more.
fn still(entry: Entry, schema: &Schema) -> Entry {
    if entry.is_in(schema) {
        return entry;
    }
    let same_part = entry.part().and_then(|part| Entry::of(part, schema).into_iter().next());
    same_part.unwrap_or(Entry::Whole)
}

/// What an entry is after a step: renamed, or what it became.
fn following(entry: &Entry, step: &SchemaStep) -> Entry {
    match step {
        SchemaStep::Rename { of, from, to } if entry.kind().as_ref() == Some(of) && entry.name() == from => {
            entry.renamed(to)
        }
        SchemaStep::Delete { of, label, to: Some(to) }
            if entry.kind().as_ref() == Some(of) && entry.name() == label =>
        {
            entry.renamed(to)
        }
        SchemaStep::Split { of, label, into, rest, .. }
            if entry.kind().as_ref() == Some(of) && entry.name() == label && rest != label =>
        {
            into.first().map_or_else(|| entry.clone(), |(_, to)| entry.renamed(to))
        }
        _ => entry.clone(),
    }
}

impl From<SchemaAction> for Action {
    fn from(action: SchemaAction) -> Self {
        Self::Schema(action)
    }
}
