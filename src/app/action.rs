//! What views ask for. Views never change anything themselves: they push actions, the app carries them out between
//! frames.

use std::path::PathBuf;

use super::again::AgainAction;
use super::command::Command;
use super::exporting::ExportAction;
use super::fields::Field;
use super::find::FindAction;
use super::project::ProjectAction;
use super::schema_editor::SchemaAction;
use crate::canvas::ReaderEvent;
use crate::edit::{Intent, State};
use crate::model::schema::LabelTarget;
use crate::model::{Filler, Id, Problem};
use crate::text::Span;

/// Which part of an event or quote is to be filled next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The cue of a quote: words only.
    Cue,
    /// A role of the schema.
    Role(String),
}

impl Slot {
    /// As shown.
    pub fn name(&self) -> &str {
        match self {
            Self::Cue => "Cue",
            Self::Role(role) => role,
        }
    }
}

/// One request.
#[derive(Clone, Debug)]
pub enum Action {
    /// Run a command of the table.
    Run(Command),
    /// Run a command that was found in the palette.
    RunFromPalette(Command),
    /// Change the document.
    Edit(Intent),
    /// Give the keyboard to a field of the inspector.
    TypeIn(Field),
    /// Label the selected words, or re-label the selected annotation.
    ApplyLabel(LabelTarget),
    /// Make a label the sticky one of the brush.
    SetBrush(LabelTarget),
    /// Select an annotation or entity, and bring it into view.
    Reveal(Id),
    /// Bring words into view.
    RevealSpan(Span),
    /// Select a problem, and bring its place into view.
    ShowProblem(Box<Problem>),
    /// Mend a problem in the obvious way, if there is one.
    FixProblem(Box<Problem>),
    /// Light up an annotation for this frame (the pointer is over it in a list).
    Hover(Id),
    /// Ask for the next filler of a slot of an event or quote.
    Fill {
        /// The event or quote.
        owner: Id,
        /// Its slot.
        slot: Slot,
    },
    /// Fill the slot that is asked for.
    FillWith(Filler),
    /// Fill the slot that is asked for with something that is not in the text; asks for words.
    FillImplicit,
    /// Go to the next slot.
    NextSlot,
    /// Stop asking.
    StopFilling,
    /// Give the relation that is being made this label.
    ChooseRelation(String),
    /// Show every step that was done, with this state selected; `None` = the present.
    ShowHistory(Option<State>),
    /// Make the document what it was in this state.
    GoBack(State),
    /// Something about all occurrences of a name, or about a batch of them.
    Again(AgainAction),
    /// Something in the bar that finds in the document.
    Find(FindAction),
    /// Choose who would have said the quote that is proposed, from 0.
    ChooseSpeaker(usize),
    /// Make the current suggestion part of the document.
    Accept,
    /// The same, for a quote whose speaker stays open.
    AcceptWithoutSpeaker,
    /// Refuse the current suggestion for good.
    Reject,
    /// Something happened in the reader.
    Reader(ReaderEvent),
    /// Open a file.
    OpenFile(PathBuf),
    /// Open one document of a file that holds several, counted from 0.
    OpenDocument(PathBuf, usize),
    /// Read the open text file again, in this encoding (WHATWG name).
    Reencode(&'static str),
    /// Use the schema that ships under this name.
    UseBuiltinSchema(&'static str),
    /// Choose a schema file.
    LoadSchema,
    /// Make a document from pasted text.
    NewFromText {
        /// Its headline; empty to guess.
        title: String,
        /// The text, verbatim.
        text: String,
    },
    /// Open what an unsaved journal holds.
    Recover(crate::store::Unsaved),
    /// Forget what an unsaved journal holds.
    Discard(crate::store::Key),
    /// Answer to “save before closing?”.
    Unsaved(UnsavedAnswer),
    /// The in-app file dialog chose a path.
    FileChosen(PathBuf),
    /// Something in the export dialog.
    Export(ExportAction),
    /// Something about the project or its list of documents.
    Project(ProjectAction),
    /// Something in the editor of the label set.
    Schema(SchemaAction),
    /// Something about what another program did to the document's files.
    Outside(super::outside::OutsideAction),
    /// Write over the file at this path.
    Replace(PathBuf),
    /// Go on with the document that another window had.
    TakeOver,
    /// Save under another name, in another folder than the one that gives trouble.
    SaveElsewhere,
    /// Save again what could not be saved.
    RetrySave,
    /// Write the journal again.
    RetryJournal,
    /// Wait no longer for the file that is being opened.
    StopOpening,
    /// Leave the document although its file cannot be written.
    LeaveUnwritten,
    /// Open the dialog.
    Show(Box<super::dialog::Dialog>),
    /// Close the dialog that is open.
    CloseDialog,
    /// Show the report of a mistake in the program.
    ShowReport(PathBuf),
    /// Close the message with this text.
    CloseToast(String),
}

/// Answers to “save before closing?”.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsavedAnswer {
    /// Save, then go on.
    Save,
    /// Go on; the changes are given up.
    Discard,
    /// Stay.
    Cancel,
}
