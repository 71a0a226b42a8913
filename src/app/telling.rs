//! Tells a test that kills the program what was done and what the status bar called saved, past every buffer.
//!
//! Only in builds for development or with `inspection`, and only if `MANICULE_TELL` names a file; elsewhere nothing.

use crate::edit::Editor;
use crate::formats::native;
use crate::store::sha256_of;
use crate::ui::status_bar::SavedState;

/// A document and its history, in a few letters: the same for the same, whoever asks.
///
/// # Errors
/// If the document cannot be written at all, in words.
pub fn state_of(editor: &Editor) -> Result<String, String> {
    let document = native::to_json_line(editor.document()).map_err(|error| error.to_string())?;
    let history = editor.history();
    let steps = serde_json::to_string(&(history.done(), history.undone())).map_err(|error| error.to_string())?;
    let short = |text: &str| sha256_of(text.as_bytes()).chars().take(16).collect::<String>();
    let (done, undone) = (history.done().len(), history.undone().len());
    Ok(format!("{} {} {done}+{undone}", short(&document), short(&steps)))
}

/// Whether this build can tell.
pub const CAN_TELL: bool = cfg!(any(debug_assertions, feature = "inspection"));

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Teller {
    file: Option<std::fs::File>,
    /// The session and the revision that were called saved last.
    told: Option<(u64, u64)>,
}

impl Teller {
    /// What the environment asks for.
    pub fn of_environment() -> Self {
        let path = std::env::var_os("MANICULE_TELL").filter(|_| CAN_TELL);
        let file = path.and_then(|path| std::fs::File::options().create(true).append(true).open(path).ok());
        Self { file, told: None }
    }

    /// Whether somebody listens.
    pub fn tells(&self) -> bool {
        self.file.is_some()
    }

    /// A change was made, which led to this state; it goes to the journal next.
    pub fn does(&mut self, state: &str) {
        self.say("does", state);
    }

    /// The status bar is going to show this.
    pub fn shows(&mut self, saved: &SavedState, session: u64, editor: &Editor) {
        let now = (session, editor.revision());
        let is_saved = matches!(saved, SavedState::Saved | SavedState::InJournal | SavedState::Untouched);
        if is_saved && self.told != Some(now) {
            self.told = Some(now);
            if self.tells() {
                let state = state_of(editor).unwrap_or_else(|error| error);
                self.say("saved", &state);
            }
        }
    }

    fn say(&mut self, word: &str, state: &str) {
        use std::io::Write as _;
        let Some(file) = &mut self.file else { return };
        // One write, so that a line is there whole or not at all.
        if let Err(error) = file.write_all(format!("{word} {state}\n").as_bytes()) {
            tracing::error!(%error, "nobody can be told");
        }
    }
}
