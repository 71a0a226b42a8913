//! What is done to a document: by the window itself, or by a thread on a copy of its editor. Each step is kept as the
//! journal takes it.
//!
//! A copy of an editor shares everything with it, so whoever works on one pays for what is changed alone.

use std::sync::Arc;

use super::App;
use super::cache::DocumentCache;
use super::suggesting::Proposed;
use super::telling;
use crate::edit::{
    Conflict, Done, EditError, Editor, Group, Intent, Merge, Op, OtherText, Side, State, Step, Transaction,
};
use crate::model::{Document, Id, Schema};
use crate::store::{Entry, Line};

/// From so many annotations on that are changed or looked at again, a change is worked out on a thread. Few enough that what
/// stays within the frame is checked one by one ([`super::cache`]), not with all of the document.
pub const LARGE: usize = 250;

/// What the window does once a change has landed, or was refused.
pub type Then = Box<dyn FnOnce(&mut App) + Send>;

/// One step for the journal.
pub struct Did {
    /// The entry, in words.
    pub line: Line,
    /// What the document was after it, for a test that kills the program.
    pub told: Option<String>,
}

/// See the module.
pub struct Changing<'a> {
    editor: &'a mut Editor,
    tells: bool,
    did: Vec<Did>,
    touched: Vec<Id>,
}

impl<'a> Changing<'a> {
    /// Of an editor; `tells` = somebody wants to know every state.
    pub fn new(editor: &'a mut Editor, tells: bool) -> Self {
        Self { editor, tells, did: Vec::new(), touched: Vec::new() }
    }

    /// What was done, for the journal, and what that touched.
    pub fn end(self) -> (Vec<Did>, Vec<Id>) {
        (self.did, self.touched)
    }

    /// The editor as it is by now.
    pub fn editor(&self) -> &Editor {
        self.editor
    }

    /// The document as it is by now.
    pub fn document(&self) -> &Document {
        self.editor.document()
    }

    /// See [`Editor::new_group`].
    pub fn new_group(&mut self) -> Group {
        self.editor.new_group()
    }

    /// See [`Editor::execute_in`].
    ///
    /// # Errors
    /// [`EditError`], with nothing changed.
    pub fn execute(&mut self, intent: &Intent, group: Option<Group>) -> Result<Done, EditError> {
        let done = self.editor.execute_in(intent, group)?;
        self.applied(done.transaction.as_ref());
        Ok(done)
    }

    /// Takes the last step back, or does the last one taken back again.
    pub fn step(&mut self, is_undo: bool) -> Option<Step> {
        let step = if is_undo { self.editor.undo() } else { self.editor.redo() }?;
        self.stepped(is_undo, &step);
        Some(step)
    }

    /// See [`Editor::undo_group`].
    pub fn undo_group(&mut self, group: Group) -> Option<Step> {
        let step = self.editor.undo_group(group)?;
        self.stepped(true, &step);
        Some(step)
    }

    /// See [`Editor::reverse`].
    ///
    /// # Errors
    /// [`Conflict`], with nothing changed.
    pub fn reverse(&mut self, transaction: &Transaction, group: Group) -> Result<(), Conflict> {
        let reversed = self.editor.reverse(transaction, group)?;
        self.applied(Some(&reversed));
        Ok(())
    }

    /// See [`Editor::go_back_to`].
    ///
    /// # Errors
    /// [`EditError`], with nothing changed.
    pub fn go_back_to(&mut self, state: State) -> Result<Done, EditError> {
        let done = self.editor.go_back_to(state)?;
        self.applied(done.transaction.as_ref());
        Ok(done)
    }

    /// See [`Editor::merge`]. Tells whether anything had to change.
    ///
    /// # Errors
    /// [`Conflict`], with nothing changed.
    pub fn merge(&mut self, merge: &Merge, choices: &[Side]) -> Result<bool, Conflict> {
        let transaction = self.editor.merge(merge, choices)?;
        self.applied(transaction.as_ref());
        Ok(transaction.is_some())
    }

    /// See [`Editor::take_over`].
    ///
    /// # Errors
    /// [`OtherText`], with nothing changed.
    pub fn take_over(&mut self, other: &Document, title: &str) -> Result<(), OtherText> {
        let transaction = self.editor.take_over(other, title)?;
        self.applied(transaction.as_ref());
        Ok(())
    }

    /// See [`Editor::set_schema`].
    ///
    /// # Errors
    /// [`EditError`], with nothing changed.
    pub fn set_schema(&mut self, schema: Arc<Schema>) -> Result<(), EditError> {
        let done = self.editor.set_schema(schema)?;
        self.applied(done.transaction.as_ref());
        Ok(())
    }

    fn applied(&mut self, transaction: Option<&Arc<Transaction>>) {
        let Some(transaction) = transaction else { return };
        self.touched.extend(transaction.ops.iter().filter_map(Op::id).cloned());
        self.note(&Entry::Apply(&**transaction));
    }

    fn stepped(&mut self, is_undo: bool, step: &Step) {
        self.touched.extend(step.ids.iter().cloned());
        self.note::<&Transaction>(&if is_undo { Entry::Undo } else { Entry::Redo });
    }

    fn note<T: serde::Serialize>(&mut self, entry: &Entry<T>) {
        let told = self.tells.then(|| telling::state_of(self.editor).unwrap_or_else(|error| error));
        self.did.push(Did { line: Line::of(entry), told });
    }
}

/// What a thread made of a copy of the editor.
pub struct Changed {
    /// With the change.
    pub editor: Editor,
    /// For the journal.
    pub did: Vec<Did>,
    /// What panels show of it.
    pub cache: DocumentCache,
    /// What is left of what was proposed before.
    pub proposed: Proposed,
}

/// What came of a change on a thread.
#[derive(Default)]
pub struct Worked {
    /// The change; `None` if it was refused, or nothing had to change.
    pub changed: Option<Box<Changed>>,
    /// What the window does then; `None` if nobody waits any more, or the thread failed.
    pub then: Option<Then>,
}

impl Worked {
    /// Does the work on a copy of the editor, and everything that a frame would have to do because of it. `goes_on` tells
    /// whether somebody still waits.
    pub fn new(
        mut editor: Editor,
        mut proposed: Proposed,
        tells: bool,
        goes_on: impl Fn() -> bool,
        work: impl FnOnce(&mut Changing<'_>) -> Then,
    ) -> Self {
        let before = editor.revision();
        let mut changing = Changing::new(&mut editor, tells);
        let then = work(&mut changing);
        let (did, touched) = changing.end();
        if !goes_on() {
            return Self::default();
        }
        // Another schema under the same name is no step for the journal.
        if editor.revision() == before {
            return Self { changed: None, then: Some(then) };
        }
        proposed.settle(editor.document(), &touched);
        let cache = DocumentCache::rebuild(editor.document(), editor.schema());
        Self { changed: Some(Box::new(Changed { editor, did, cache, proposed })), then: Some(then) }
    }
}

/// How many annotations an intention may change, or make others look at again; never less than it does.
pub fn weight_of(document: &Document, intent: &Intent) -> usize {
    match intent {
        Intent::Propagate { spans, .. } | Intent::MarkAll { spans, .. } | Intent::Extend { spans, .. } => spans.len(),
        // What a batch made is found by a look at all mentions.
        Intent::Retract { .. } => document.mentions().len(),
        Intent::MergeEntities { into, from } => {
            let mentions = document.mention_count_of(into) + document.mention_count_of(from);
            mentions + document.relations().len()
        }
        Intent::Join { mentions, .. } => mentions.len(),
        Intent::Delete { ids } => {
            let of_one = |id: &Id| 1 + document.mention_count_of(id) + document.references().others_at(id).count();
            ids.iter().map(of_one).sum()
        }
        // The mentions of an entity are compared with it.
        Intent::Relabel { id, .. } | Intent::UpdateEntity { id, .. } => document.mention_count_of(id),
        _ => 0,
    }
}

/// The same of operations that are known; counts no further than needed to tell that they are many.
pub fn weight_of_ops<'a>(document: &Document, transactions: impl IntoIterator<Item = &'a Transaction>) -> usize {
    let mut weight = 0;
    for transaction in transactions {
        weight += transaction.ops.len();
        if weight >= LARGE {
            break;
        }
        let entities = transaction.ops.iter().filter(|op| matches!(op, Op::Entity(_))).filter_map(Op::id);
        weight += entities.map(|id| document.mention_count_of(id)).sum::<usize>();
    }
    weight
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::test_support::{any_intent, editor};

    fn nothing() -> Then {
        Box::new(|_| ())
    }

    proptest! {
        /// A copy with its lists is what the editor itself would have become; undo included.
        #[test]
        fn what_is_done_on_a_copy_is_what_would_have_been_done(
            intents in prop::collection::vec(any_intent(), 0..30),
            undone in 0usize..4,
        ) {
            let mut own = editor();
            let copy = own.clone();
            let mut did = 0;
            for intent in &intents {
                did += usize::from(own.execute(intent).is_ok_and(|done| done.transaction.is_some()));
            }
            for _ in 0..undone {
                did += usize::from(own.undo().is_some());
            }
            let worked = Worked::new(copy, Proposed::default(), false, || true, |changing| {
                for intent in &intents {
                    let _ = changing.execute(intent, None);
                }
                for _ in 0..undone {
                    changing.step(true);
                }
                nothing()
            });
            prop_assert!(worked.then.is_some());
            prop_assert_eq!(worked.changed.is_some(), did > 0);
            if let Some(changed) = worked.changed {
                prop_assert_eq!(changed.did.len(), did);
                prop_assert_eq!(changed.editor.document(), own.document());
                prop_assert_eq!(changed.editor.revision(), own.revision());
                prop_assert_eq!(&changed.cache, &DocumentCache::rebuild(own.document(), own.schema()));
            }
        }
    }

    #[test]
    fn what_nobody_waits_for_comes_to_nothing_and_what_is_refused_changes_nothing() {
        let work = |changing: &mut Changing<'_>| {
            changing.execute(&Intent::SetDocumentNote("x".into()), None).expect("legal");
            nothing()
        };
        let vain = Worked::new(editor(), Proposed::default(), false, || false, work);
        assert!(vain.changed.is_none() && vain.then.is_none());
        let refused = Worked::new(
            editor(),
            Proposed::default(),
            false,
            || true,
            |changing| {
                changing.execute(&Intent::Retract { batch: "b9".into() }, None).expect_err("there is none");
                nothing()
            },
        );
        assert!(refused.changed.is_none() && refused.then.is_some());
    }

    #[test]
    fn what_many_mentions_hang_on_is_heavy() {
        let mut editor = editor();
        let mut mark = |start: u32| {
            let spans = crate::model::test_support::spans(&[(start, start + 3)]);
            editor.execute(&Intent::AddMention { label: "Person".into(), spans }).expect("legal").created.expect("made")
        };
        let mentions: Vec<Id> = [0, 9, 16].map(&mut mark).into();
        let join = Intent::Join { mentions: mentions.clone(), entity: None };
        assert_eq!(weight_of(editor.document(), &join), 3);
        let entity = editor.execute(&join).expect("legal").created.expect("made");
        let document = editor.document();
        let relabel = |id: &Id| Intent::Relabel { id: id.clone(), label: "Place".into() };
        assert_eq!((weight_of(document, &relabel(&entity)), weight_of(document, &relabel(&mentions[0]))), (3, 0));
        assert_eq!(weight_of(document, &Intent::Delete { ids: vec![entity] }), 4);
        // The operation of the entity weighs as much as what is compared with it.
        let step = editor.history().undo_step().iter().map(Arc::as_ref);
        assert_eq!(weight_of_ops(document, step), 4 + 3);
    }
}
