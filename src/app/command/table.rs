//! Every command of the workbench, in one table: its name, what it does, where it stands in the menus, its keys.
//!
//! Menus, tooltips, the keyboard sheet and key handling are made from this table. To add a command: a line here and
//! an arm in `app/dispatch.rs`.

use egui::{Key, KeyboardShortcut, Modifiers};

/// A command without parameters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, strum::EnumIter, strum::EnumString, strum::IntoStaticStr,
)]
pub enum Command {
    /// Open an article or an annotated file.
    Open,
    /// Open the article that ships with the program, fully annotated.
    OpenSample,
    /// Make a new article from text you paste.
    Paste,
    /// Save the annotations.
    Save,
    /// Save under another name; .json saves JSON, anything else RON.
    SaveAs,
    /// Write the document in the format of another program.
    Export,
    /// Close the document.
    CloseDocument,
    /// Close the window.
    Quit,

    /// Make a project: a folder of articles with one label set.
    NewProject,
    /// Open the project in a folder.
    OpenProject,
    /// Add files to the project.
    AddFiles,
    /// Add all files of a folder to the project.
    AddFolder,
    /// Open the next document of the list.
    NextDocument,
    /// Open the document before.
    PreviousDocument,
    /// Set the document to done and open the next that is not.
    DoneAndNext,
    /// Take a document out of the project.
    RemoveDocument,
    /// Move the keyboard to the list of documents.
    FocusQueue,
    /// Show the documents of the project.
    ToggleQueue,
    /// Show the numbers of the project.
    Statistics,
    /// Write the project as a dataset.
    ExportDataset,
    /// Show the guidelines beside the work.
    Guidelines,
    /// Edit the label set of the project.
    EditLabels,
    /// Take the last change of the label set back.
    TakeBackLabels,
    /// Say who works here.
    ChooseAnnotator,
    /// Search all documents.
    SearchProject,
    /// Open the document at the next hit.
    NextHit,
    /// Open the document at the hit before.
    PreviousHit,
    /// Look at the files of the project again.
    RescanProject,
    /// Leave the project.
    CloseProject,

    /// Take the last step back.
    Undo,
    /// Do the last undone step again.
    Redo,
    /// Show every step, and go back to any of them.
    ShowHistory,
    /// Copy the selected words.
    Copy,
    /// Delete the selected annotation, with what hangs on it.
    Delete,
    /// Leave what is going on, then the selection.
    Cancel,
    /// Find words in the article.
    Find,
    /// Go to the next place where they stand.
    FindNext,
    /// Go to the place before.
    FindPrevious,
    /// Count upper and lower case as different when finding, or not.
    FindCase,
    /// Find whole words only, or parts too.
    FindWords,
    /// Find what a regular expression describes, or words as they are.
    FindRegex,

    /// Keep the selected words and select more elsewhere, to mark them as one.
    KeepPart,
    /// Propose the quote at the caret, or the selected words, with cue and speaker.
    MarkQuote,
    /// Link an annotation, the selected one if there is one, to another.
    Relation,
    /// Mark the other occurrences of the selected mention's name, after a preview.
    AllOccurrences,
    /// Mark the other occurrences of the selected mention's name at once.
    AllOccurrencesAtOnce,
    /// Say which entity the selected mention refers to.
    JoinEntity,
    /// Give the selected mention an entity of its own.
    SplitEntity,
    /// Move the end of the selected annotation right.
    ExtendEnd,
    /// Move the end of the selected annotation left.
    ShrinkEnd,
    /// Move the start of the selected annotation left.
    ExtendStart,
    /// Move the start of the selected annotation right.
    ShrinkStart,
    /// Find a label by its name or definition.
    FindLabel,
    /// Set an attribute, role, name or note.
    SetField,
    /// Fill the roles of an event or quote.
    FillRoles,
    /// Mark every double-click and drag with the last label.
    ToggleBrush,
    /// Mend the selected problem in the obvious way.
    FixProblem,
    /// Set the status of the document to done, or back to in progress.
    MarkDone,
    /// Set the status of the document to flagged, or back to in progress.
    MarkFlagged,

    /// Move the caret by a token.
    NextToken,
    /// Move the caret back by a token.
    PreviousToken,
    /// Move the caret by a character.
    NextCharacter,
    /// Move the caret back by a character.
    PreviousCharacter,
    /// Move the caret to the next sentence.
    NextSentence,
    /// Move the caret to the previous sentence.
    PreviousSentence,
    /// Move the caret a line up.
    RowUp,
    /// Move the caret a line down.
    RowDown,
    /// Move the caret a page up.
    PageUp,
    /// Move the caret a page down.
    PageDown,
    /// Move the caret to the start of the line on screen.
    RowStart,
    /// Move the caret to the end of the line on screen.
    RowEnd,
    /// Move the caret to the start.
    DocumentStart,
    /// Move the caret to the end.
    DocumentEnd,
    /// Extend the selection by a token.
    SelectNextToken,
    /// Extend the selection back by a token.
    SelectPreviousToken,
    /// Extend the selection by a character.
    SelectNextCharacter,
    /// Extend the selection back by a character.
    SelectPreviousCharacter,
    /// Extend the selection by a sentence.
    SelectNextSentence,
    /// Extend the selection back by a sentence.
    SelectPreviousSentence,
    /// Extend the selection to the start of the line.
    SelectRowStart,
    /// Extend the selection to the end of the line.
    SelectRowEnd,
    /// Extend the selection a line up.
    SelectRowUp,
    /// Extend the selection a line down.
    SelectRowDown,
    /// Select the whole article.
    SelectAll,
    /// Go to the next suggestion or problem; to the next annotation if there is none.
    NextTodo,
    /// Go to the previous suggestion or problem.
    PreviousTodo,
    /// Select the next annotation in the order of the text.
    NextAnnotation,
    /// Select the previous annotation.
    PreviousAnnotation,
    /// Select the annotation at the caret; again: the one around it.
    PickAtCaret,
    /// Select an annotation on the page by letters.
    Jump,
    /// Go to the next problem.
    NextProblem,
    /// Go to the problem before.
    PreviousProblem,

    /// Change between light and dark.
    ToggleTheme,
    /// Show the labels under the words.
    ToggleTags,
    /// Propose annotations.
    ToggleSuggestions,
    /// Show the inspector and the lists.
    TogglePanel,
    /// Move the keyboard to the next panel.
    SwitchFocus,
    /// Move the keyboard to the panel before.
    SwitchFocusBack,
    /// Move the keyboard to the menu bar.
    FocusMenu,
    /// Show what can be done with what is selected.
    ContextMenu,
    /// Make the side panel wider.
    WidenPanel,
    /// Make the side panel narrower.
    NarrowPanel,
    /// Show the list of entities.
    ShowEntities,
    /// Show the list of events.
    ShowEvents,
    /// Show the list of quotes.
    ShowQuotes,
    /// Show the list of relations.
    ShowRelations,
    /// Show the list of problems.
    ShowProblems,
    /// Show the list of batches.
    ShowBatches,
    /// Make everything larger.
    ZoomIn,
    /// Make everything smaller.
    ZoomOut,
    /// Back to 100 %.
    ZoomReset,
    /// Say what the label at the caret means.
    ExplainLabel,
    /// Find a command by its name.
    CommandPalette,
    /// Show all keys.
    KeyboardSheet,
    /// Show the file that changes keys.
    EditKeymap,
    /// Read the file that changes keys again.
    ReloadKeymap,
    /// Show what is known of the last mistake of the program; it holds no text of articles.
    ShowReport,
    /// Version, licence, fonts.
    About,
}

/// Where a command is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter)]
pub enum Section {
    /// Files and the window.
    File,
    /// Documents of a project.
    Project,
    /// Undo, copy, delete.
    Edit,
    /// Annotations.
    Mark,
    /// The caret and the selection.
    Move,
    /// How things look.
    View,
    /// Keys and version.
    Help,
}

impl Section {
    /// Its heading.
    pub fn text(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Project => "Project",
            Self::Edit => "Edit",
            Self::Mark => "Mark",
            Self::Move => "Move",
            Self::View => "View",
            Self::Help => "Help",
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Where it is listed.
    pub section: Section,
    /// Its name; `…` at the end if it asks something first.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
    /// Its keys, the one to show first.
    pub keys: &'static [KeyboardShortcut],
    /// Whether it works on an open document.
    pub needs_document: bool,
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}
const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}
const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}
const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}
const fn alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT, key)
}
const fn alt_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT.plus(Modifiers::SHIFT), key)
}

impl Command {
    /// Its line of the table.
    pub fn info(self) -> Info {
        use Section::{Edit, File, Help, Mark, Move, Project, View};
        const NONE: &[KeyboardShortcut] = &[];
        let line = |section, name, help, keys, needs_document| Info { section, name, help, keys, needs_document };
        match self {
            Self::Open => line(File, "Open…", "Open an article or an annotated file", const { &[ctrl(Key::O)] }, false),
            Self::OpenSample => line(
                File,
                "Open the sample article",
                "Open the article that ships with the program, fully annotated",
                NONE,
                false,
            ),
            Self::Paste => line(
                File,
                "New from pasted text…",
                "Make a new article from text you paste",
                const { &[ctrl(Key::N)] },
                false,
            ),
            Self::Save => line(File, "Save", "Save the annotations", const { &[ctrl(Key::S)] }, true),
            Self::SaveAs => line(
                File,
                "Save as…",
                "Save under another name; .json saves JSON, anything else RON",
                const { &[ctrl_shift(Key::S)] },
                true,
            ),
            Self::Export => line(
                File,
                "Export…",
                "Write the document in the format of another program, after showing what that format cannot hold",
                const { &[ctrl(Key::E)] },
                true,
            ),
            Self::CloseDocument => line(File, "Close", "Close the document", const { &[ctrl(Key::W)] }, true),
            Self::Quit => line(File, "Quit", "Close the window", const { &[ctrl(Key::Q)] }, false),

            Self::NewProject => line(
                Project,
                "New project…",
                "Make a project: a folder of articles with one label set and everybody's annotations",
                const { &[ctrl_shift(Key::N)] },
                false,
            ),
            Self::OpenProject => {
                line(Project, "Open project…", "Open the project in a folder", const { &[ctrl_shift(Key::O)] }, false)
            }
            Self::AddFiles => {
                line(Project, "Add files…", "Add articles and annotated files to the project", NONE, false)
            }
            Self::AddFolder => line(
                Project,
                "Add folder…",
                "Add all articles and annotated files of a folder to the project",
                NONE,
                false,
            ),
            Self::NextDocument => line(
                Project,
                "Next document",
                "Save, and open the next document of the list",
                const { &[ctrl(Key::PageDown)] },
                false,
            ),
            Self::PreviousDocument => line(
                Project,
                "Previous document",
                "Save, and open the document of the list before",
                const { &[ctrl(Key::PageUp)] },
                false,
            ),
            Self::DoneAndNext => line(
                Project,
                "Done and next",
                "Set the document to done; in a project, save it and open the next one that is not done",
                const { &[ctrl(Key::Enter)] },
                true,
            ),
            Self::RemoveDocument => line(
                Project,
                "Take out of the project",
                "Take the document that is chosen in the list out of the project, or the open one; it can be put back",
                const { &[ctrl_shift(Key::Delete)] },
                false,
            ),
            Self::FocusQueue => line(
                Project,
                "Go to the documents",
                "Move the keyboard to the list of documents",
                const { &[ctrl(Key::L)] },
                false,
            ),
            Self::ToggleQueue => line(
                Project,
                "Documents",
                "Show the documents of the project, or hide them",
                const { &[plain(Key::F7)] },
                false,
            ),
            Self::Statistics => line(
                Project,
                "Statistics",
                "Show what is marked in the project, as plots and tables, or the article again",
                const { &[plain(Key::F5)] },
                false,
            ),
            Self::ExportDataset => line(
                Project,
                "Export dataset…",
                "Write the project as training data, by a recipe that it remembers",
                const { &[ctrl_shift(Key::E)] },
                false,
            ),
            Self::Guidelines => line(
                Project,
                "Guidelines",
                "Show the guidelines beside the work, or hide them",
                const { &[plain(Key::F2)] },
                false,
            ),
            Self::EditLabels => line(
                Project,
                "Label set…",
                "Edit labels, roles and attributes; annotations follow once you have seen what is touched",
                const { &[ctrl_shift(Key::K)] },
                false,
            ),
            Self::TakeBackLabels => line(
                Project,
                "Undo the last change of all documents",
                "Take back the last change of the label set or of the hits of a search, in all documents",
                NONE,
                false,
            ),
            Self::ChooseAnnotator => {
                line(Project, "Annotator…", "Say who works here: everybody's annotations are kept apart", NONE, false)
            }
            Self::SearchProject => line(
                Project,
                "Search the project…",
                "Find words, marks, entities, quotes and events in all documents",
                const { &[ctrl_shift(Key::F)] },
                false,
            ),
            Self::NextHit => line(
                Project,
                "Next hit",
                "Open the document at the next hit of the search",
                const { &[plain(Key::F4)] },
                false,
            ),
            Self::PreviousHit => {
                line(Project, "Previous hit", "Open the document at the hit before", const { &[shift(Key::F4)] }, false)
            }
            Self::RescanProject => line(
                Project,
                "Look at the files again",
                "Find out what other programs have changed in the folder of the project",
                NONE,
                false,
            ),
            Self::CloseProject => line(Project, "Close project", "Save, and leave the project", NONE, false),

            Self::Undo => line(Edit, "Undo", "Take the last step back", const { &[ctrl(Key::Z)] }, true),
            Self::Redo => {
                line(Edit, "Redo", "Do the last undone step again", const { &[ctrl_shift(Key::Z), ctrl(Key::Y)] }, true)
            }
            Self::ShowHistory => line(
                Edit,
                "History…",
                "Show every step, also those that were undone, and go back to any of them",
                const { &[ctrl(Key::H)] },
                true,
            ),
            Self::Copy => line(Edit, "Copy", "Copy the selected words", const { &[ctrl(Key::C)] }, true),
            Self::Delete => line(
                Edit,
                "Delete",
                "Delete the selected annotation, with what hangs on it",
                const { &[plain(Key::Delete), plain(Key::Backspace)] },
                true,
            ),
            Self::Cancel => line(
                Edit,
                "Let go",
                "Leave what is going on, then the selection",
                const { &[plain(Key::Escape)] },
                true,
            ),
            Self::Find => line(
                Edit,
                "Find in document…",
                "Find words in the article; the selected ones, if there are any",
                const { &[ctrl(Key::F)] },
                true,
            ),
            Self::FindNext => line(
                Edit,
                "Find next",
                "Go to the next place where the words stand that were looked for last",
                const { &[plain(Key::F3)] },
                true,
            ),
            Self::FindPrevious => line(
                Edit,
                "Find previous",
                "Go to the place before where the words stand that were looked for last",
                const { &[shift(Key::F3)] },
                true,
            ),
            Self::FindCase => line(
                Edit,
                "Find: match case",
                "Count upper and lower case as different when finding, or not",
                const { &[alt(Key::C)] },
                true,
            ),
            Self::FindWords => line(
                Edit,
                "Find: whole words",
                "Find whole words only, or parts of words too",
                const { &[alt(Key::W)] },
                true,
            ),
            Self::FindRegex => line(
                Edit,
                "Find: regular expression",
                "Find what a regular expression describes, or words as they are",
                const { &[alt(Key::R)] },
                true,
            ),

            Self::KeepPart => line(
                Mark,
                "Keep words, add more",
                "Keep the selected words and select more elsewhere, to mark them as one",
                const { &[ctrl(Key::D)] },
                true,
            ),
            Self::MarkQuote => line(
                Mark,
                "Quote",
                "Propose the quote at the caret, or the selected words, with cue and speaker",
                const { &[plain(Key::Q)] },
                true,
            ),
            Self::Relation => line(
                Mark,
                "Relation",
                "Link an annotation, the selected one if there is one, to another",
                const { &[plain(Key::R)] },
                true,
            ),
            Self::AllOccurrences => line(
                Mark,
                "All occurrences",
                "Mark the other occurrences of the selected mention's name, after a preview",
                const { &[plain(Key::A)] },
                true,
            ),
            Self::AllOccurrencesAtOnce => line(
                Mark,
                "All occurrences at once",
                "Mark the other occurrences of the selected mention's name without a preview; one undo takes all back",
                const { &[alt(Key::A)] },
                true,
            ),
            Self::JoinEntity => line(
                Mark,
                "Join to entity…",
                "Say which entity the selected mention refers to",
                const { &[ctrl(Key::J)] },
                true,
            ),
            Self::SplitEntity => line(
                Mark,
                "Split off",
                "Give the selected mention an entity of its own",
                const { &[ctrl_shift(Key::J)] },
                true,
            ),
            Self::ExtendEnd => line(
                Mark,
                "End one token on",
                "Move the end of the selected annotation right",
                const { &[plain(Key::CloseBracket)] },
                true,
            ),
            Self::ShrinkEnd => line(
                Mark,
                "End one token back",
                "Move the end of the selected annotation left",
                const { &[plain(Key::OpenBracket)] },
                true,
            ),
            Self::ExtendStart => line(
                Mark,
                "Start one token back",
                "Move the start of the selected annotation left",
                const { &[shift(Key::OpenBracket), plain(Key::OpenCurlyBracket)] },
                true,
            ),
            Self::ShrinkStart => line(
                Mark,
                "Start one token on",
                "Move the start of the selected annotation right",
                const { &[shift(Key::CloseBracket), plain(Key::CloseCurlyBracket)] },
                true,
            ),
            Self::FindLabel => line(
                Mark,
                "Find a label…",
                "Find a label by its name, definition or examples",
                const { &[plain(Key::Slash)] },
                true,
            ),
            Self::SetField => line(
                Mark,
                "Set a field…",
                "Set an attribute, role, name or note of what is selected, else of the document",
                const { &[plain(Key::Period)] },
                true,
            ),
            Self::FillRoles => line(
                Mark,
                "Fill the roles",
                "Ask for the roles of the selected event or quote, the first empty one first",
                const { &[plain(Key::Comma)] },
                true,
            ),
            Self::ToggleBrush => line(
                Mark,
                "Brush",
                "Mark every double-click and drag with the last label",
                const { &[ctrl(Key::B)] },
                true,
            ),
            Self::FixProblem => line(
                Mark,
                "Fix problem",
                "Mend the selected problem, where there is one obvious way",
                const { &[ctrl(Key::Period), alt(Key::Enter)] },
                true,
            ),
            Self::MarkDone => line(
                Mark,
                "Document is done",
                "Set the status of the document to done, or back to in progress",
                const { &[ctrl_shift(Key::Enter)] },
                true,
            ),
            Self::MarkFlagged => line(
                Mark,
                "Flag document",
                "Set the status of the document to flagged, or back to in progress",
                NONE,
                true,
            ),

            Self::NextToken => {
                line(Move, "Next word", "Move the caret by a token", const { &[plain(Key::ArrowRight)] }, true)
            }
            Self::PreviousToken => {
                line(Move, "Previous word", "Move the caret back by a token", const { &[plain(Key::ArrowLeft)] }, true)
            }
            Self::NextCharacter => {
                line(Move, "Next character", "Move the caret by a character", const { &[alt(Key::ArrowRight)] }, true)
            }
            Self::PreviousCharacter => line(
                Move,
                "Previous character",
                "Move the caret back by a character",
                const { &[alt(Key::ArrowLeft)] },
                true,
            ),
            Self::NextSentence => line(
                Move,
                "Next sentence",
                "Move the caret to the next sentence",
                const { &[ctrl(Key::ArrowRight)] },
                true,
            ),
            Self::PreviousSentence => line(
                Move,
                "Previous sentence",
                "Move the caret to the previous sentence",
                const { &[ctrl(Key::ArrowLeft)] },
                true,
            ),
            Self::RowUp => line(Move, "Line up", "Move the caret a line up", const { &[plain(Key::ArrowUp)] }, true),
            Self::RowDown => {
                line(Move, "Line down", "Move the caret a line down", const { &[plain(Key::ArrowDown)] }, true)
            }
            Self::PageUp => line(Move, "Page up", "Move the caret a page up", const { &[plain(Key::PageUp)] }, true),
            Self::PageDown => {
                line(Move, "Page down", "Move the caret a page down", const { &[plain(Key::PageDown)] }, true)
            }
            Self::RowStart => line(
                Move,
                "Start of the line",
                "Move the caret to the start of the line on screen",
                const { &[plain(Key::Home)] },
                true,
            ),
            Self::RowEnd => line(
                Move,
                "End of the line",
                "Move the caret to the end of the line on screen",
                const { &[plain(Key::End)] },
                true,
            ),
            Self::SelectRowStart => line(
                Move,
                "Select to the start of the line",
                "Extend the selection to the start of the line",
                const { &[shift(Key::Home)] },
                true,
            ),
            Self::SelectRowEnd => line(
                Move,
                "Select to the end of the line",
                "Extend the selection to the end of the line",
                const { &[shift(Key::End)] },
                true,
            ),
            Self::DocumentStart => {
                line(Move, "Start of the article", "Move the caret to the start", const { &[ctrl(Key::Home)] }, true)
            }
            Self::DocumentEnd => {
                line(Move, "End of the article", "Move the caret to the end", const { &[ctrl(Key::End)] }, true)
            }
            Self::SelectNextToken => line(
                Move,
                "Select next word",
                "Extend the selection by a token",
                const { &[shift(Key::ArrowRight)] },
                true,
            ),
            Self::SelectPreviousToken => line(
                Move,
                "Select previous word",
                "Extend the selection back by a token",
                const { &[shift(Key::ArrowLeft)] },
                true,
            ),
            Self::SelectNextCharacter => line(
                Move,
                "Select next character",
                "Extend the selection by a character",
                const { &[alt_shift(Key::ArrowRight)] },
                true,
            ),
            Self::SelectPreviousCharacter => line(
                Move,
                "Select previous character",
                "Extend the selection back by a character",
                const { &[alt_shift(Key::ArrowLeft)] },
                true,
            ),
            Self::SelectNextSentence => line(
                Move,
                "Select to the end of the sentence",
                "Extend the selection by a sentence",
                const { &[ctrl_shift(Key::ArrowRight)] },
                true,
            ),
            Self::SelectPreviousSentence => line(
                Move,
                "Select to the start of the sentence",
                "Extend the selection back by a sentence",
                const { &[ctrl_shift(Key::ArrowLeft)] },
                true,
            ),
            Self::SelectRowUp => {
                line(Move, "Select a line up", "Extend the selection a line up", const { &[shift(Key::ArrowUp)] }, true)
            }
            Self::SelectRowDown => line(
                Move,
                "Select a line down",
                "Extend the selection a line down",
                const { &[shift(Key::ArrowDown)] },
                true,
            ),
            Self::SelectAll => line(Move, "Select all", "Select the whole article", const { &[ctrl(Key::A)] }, true),
            Self::NextTodo => line(
                Move,
                "Next thing to do",
                "Go to the next suggestion or problem; to the next annotation if there is none",
                const { &[plain(Key::Tab)] },
                true,
            ),
            Self::PreviousTodo => line(
                Move,
                "Previous thing to do",
                "Go to the previous suggestion or problem",
                const { &[shift(Key::Tab)] },
                true,
            ),
            Self::NextAnnotation => line(
                Move,
                "Next annotation",
                "Select the next annotation in the order of the text",
                const { &[alt(Key::ArrowDown)] },
                true,
            ),
            Self::PreviousAnnotation => line(
                Move,
                "Previous annotation",
                "Select the previous annotation",
                const { &[alt(Key::ArrowUp)] },
                true,
            ),
            Self::PickAtCaret => line(
                Move,
                "Annotation at the caret",
                "Select the annotation at the caret; again: the one around it",
                const { &[plain(Key::Enter)] },
                true,
            ),

            Self::Jump => line(
                Move,
                "Go by letters",
                "Show letters on all annotations of the page; typing them selects one",
                const { &[plain(Key::F)] },
                true,
            ),
            Self::NextProblem => {
                line(Move, "Next problem", "Go to the next problem", const { &[plain(Key::F8)] }, true)
            }
            Self::PreviousProblem => {
                line(Move, "Previous problem", "Go to the problem before", const { &[shift(Key::F8)] }, true)
            }

            Self::ToggleTheme => {
                line(View, "Light or dark", "Change between light and dark", const { &[ctrl_shift(Key::L)] }, false)
            }
            Self::ToggleTags => {
                line(View, "Label tags", "Show the labels under the words", const { &[ctrl_shift(Key::T)] }, false)
            }
            Self::ToggleSuggestions => line(
                View,
                "Suggestions",
                "Propose quotes, and names that are marked elsewhere",
                const { &[ctrl_shift(Key::G)] },
                false,
            ),
            Self::TogglePanel => {
                line(View, "Side panel", "Show the inspector and the lists", const { &[plain(Key::F9)] }, false)
            }
            Self::SwitchFocus => line(
                View,
                "Next panel",
                "Move the keyboard on: article, labels, inspector, lists; Tab goes on from there",
                const { &[plain(Key::F6)] },
                true,
            ),
            Self::SwitchFocusBack => line(
                View,
                "Panel before",
                "Move the keyboard back: lists, inspector, labels, article",
                const { &[shift(Key::F6)] },
                true,
            ),
            Self::FocusMenu => {
                line(View, "Menu bar", "Move the keyboard to the menu bar", const { &[plain(Key::F10)] }, false)
            }
            Self::ContextMenu => line(
                View,
                "Context menu",
                "Show what can be done with what is selected",
                const { &[shift(Key::F10), plain(Key::Menu)] },
                true,
            ),
            Self::WidenPanel => {
                line(View, "Wider side panel", "Make the side panel wider", const { &[shift(Key::F9)] }, true)
            }
            Self::NarrowPanel => {
                line(View, "Narrower side panel", "Make the side panel narrower", const { &[ctrl(Key::F9)] }, true)
            }
            Self::ShowEntities => {
                line(View, "List of entities", "Show the list of entities", const { &[ctrl(Key::Num1)] }, true)
            }
            Self::ShowEvents => {
                line(View, "List of events", "Show the list of events", const { &[ctrl(Key::Num2)] }, true)
            }
            Self::ShowQuotes => {
                line(View, "List of quotes", "Show the list of quotes", const { &[ctrl(Key::Num3)] }, true)
            }
            Self::ShowRelations => {
                line(View, "List of relations", "Show the list of relations", const { &[ctrl(Key::Num4)] }, true)
            }
            Self::ShowProblems => {
                line(View, "List of problems", "Show the list of problems", const { &[ctrl(Key::Num5)] }, true)
            }
            Self::ShowBatches => line(
                View,
                "List of batches",
                "Show what was marked everywhere, to extend it or take it back",
                const { &[ctrl(Key::Num6)] },
                true,
            ),
            Self::ZoomIn => {
                line(View, "Larger", "Make everything larger", const { &[ctrl(Key::Plus), ctrl(Key::Equals)] }, false)
            }
            Self::ZoomOut => line(View, "Smaller", "Make everything smaller", const { &[ctrl(Key::Minus)] }, false),
            Self::ZoomReset => line(View, "Actual size", "Back to 100 %", const { &[ctrl(Key::Num0)] }, false),
            Self::ExplainLabel => line(
                View,
                "Explain the label",
                "Show what the label of the selected annotation means, with two examples",
                const { &[shift(Key::F2)] },
                true,
            ),
            Self::CommandPalette => line(
                Help,
                "Find a command…",
                "Find a command by its name, and run it",
                const { &[ctrl_shift(Key::P)] },
                false,
            ),
            Self::KeyboardSheet => {
                line(Help, "Keys", "Show all keys", const { &[plain(Key::Questionmark), plain(Key::F1)] }, false)
            }
            Self::EditKeymap => {
                line(Help, "Edit keymap…", "Show the file in which you give commands other keys", NONE, false)
            }
            Self::ReloadKeymap => line(Help, "Reload keymap", "Read the file with your keys again", NONE, false),
            Self::ShowReport => {
                let help = "Show what is known of the last mistake of the program; it holds no text of articles";
                line(Help, "Latest report…", help, NONE, false)
            }
            Self::About => line(Help, "About Manicule", "Version, licence, fonts", NONE, false),
        }
    }
}
