//! What going back to a state of the document would change: worked out on a thread of its own, from a copy that the dialog
//! makes once for a revision.

use super::App;
use super::dialog::Dialog;
use super::messages::Message;
use crate::edit::{History, Narrator, State, Told, difference};
use crate::model::Document;
use crate::ui::dialogs::history::Question;

/// How many things of a difference are told one by one.
const MOST: usize = 100;

/// A document and what was done to it, at one revision.
#[derive(Clone, Debug)]
pub struct Past {
    document: Document,
    history: History,
}

/// What going back to a state would change.
#[derive(Clone, Debug)]
pub struct Preview {
    /// How many things; `None` if it cannot be worked out.
    pub count: Option<usize>,
    /// The first of them in words.
    pub told: Vec<Told>,
}

/// What a job found out.
pub struct LookedAhead {
    question: Question,
    preview: Preview,
}

impl Past {
    fn look_ahead(&self, state: State) -> Preview {
        let ops = difference(&self.document, &self.history, state);
        let narrator = Narrator::new(&self.document, &self.history);
        let told = ops.iter().flatten().take(MOST).map(|op| narrator.tell(op)).collect();
        Preview { count: ops.as_ref().map(Vec::len), told }
    }
}

impl App {
    /// Lets a job work out what the history dialog has to tell, if it lacks that. One job at a time: whoever walks fast
    /// through the steps waits for two at most.
    pub(super) fn look_ahead(&mut self) {
        let (Some(session), Some(Dialog::History(dialog))) = (&self.session, &mut self.dialog) else { return };
        let editor = &session.editor;
        if editor.history().is_empty() {
            return;
        }
        let past = || Past { document: editor.document().clone(), history: editor.history().clone() };
        let Some((question, past)) = dialog.ask(session.number, editor.revision(), past) else { return };
        let failed = move || {
            let preview = Preview { count: None, told: Vec::new() };
            Message::LookedAhead(Box::new(LookedAhead { question, preview }))
        };
        self.jobs.spawn_or("Looking at the history", failed, move || {
            let (_, _, state) = question;
            let preview = past.look_ahead(state);
            Message::LookedAhead(Box::new(LookedAhead { question, preview }))
        });
    }

    /// Takes what was worked out; the dialog may be closed by now.
    pub(super) fn looked_ahead(&mut self, looked: LookedAhead) {
        if let Some(Dialog::History(dialog)) = &mut self.dialog {
            dialog.answer(looked.question, looked.preview);
        }
    }
}
