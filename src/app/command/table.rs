//! Every command of the workbench, in one table: its name, what it does, where it stands in the menus.
//!
//! Menus, tooltips, the keyboard sheet and key handling are made from this table. To add a command: a name in `names.rs`, a
//! line here, its keys in `default_keys.rs`, and an arm in `app/dispatch.rs`.

use egui::KeyboardShortcut;

use super::Command;

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

impl Command {
    /// Its line of the table.
    pub fn info(self) -> Info {
        use Section::{Edit, File, Help, Mark, Move, Project, View};
        let line = |section, name, help, needs_document| Info {
            section,
            name,
            help,
            keys: self.default_keys(),
            needs_document,
        };
        match self {
            Self::Open => line(File, "Open…", "Open an article or an annotated file", false),
            Self::OpenSample => line(
                File,
                "Open the sample article",
                "Open the article that ships with the program, fully annotated",
                false,
            ),
            Self::Paste => line(File, "New from pasted text…", "Make a new article from text you paste", false),
            Self::Save => line(File, "Save", "Save the annotations", true),
            Self::SaveAs => {
                line(File, "Save as…", "Save under another name; .json saves JSON, anything else RON", true)
            }
            Self::Export => line(
                File,
                "Export…",
                "Write the document in the format of another program, after showing what that format cannot hold",
                true,
            ),
            Self::CloseDocument => line(File, "Close", "Close the document", true),
            Self::Quit => line(File, "Quit", "Close the window", false),

            Self::NewProject => line(
                Project,
                "New project…",
                "Make a project: a folder of articles with one label set and everybody's annotations",
                false,
            ),
            Self::OpenProject => line(Project, "Open project…", "Open the project in a folder", false),
            Self::AddFiles => line(Project, "Add files…", "Add articles and annotated files to the project", false),
            Self::AddFolder => {
                line(Project, "Add folder…", "Add all articles and annotated files of a folder to the project", false)
            }
            Self::NextDocument => line(Project, "Next document", "Save, and open the next document of the list", false),
            Self::PreviousDocument => {
                line(Project, "Previous document", "Save, and open the document of the list before", false)
            }
            Self::DoneAndNext => line(
                Project,
                "Done and next",
                "Set the document to done; in a project, save it and open the next one that is not done",
                true,
            ),
            Self::RemoveDocument => line(
                Project,
                "Take out of the project",
                "Take the document that is chosen in the list out of the project, or the open one; it can be put back",
                false,
            ),
            Self::FocusQueue => {
                line(Project, "Go to the documents", "Move the keyboard to the list of documents", false)
            }
            Self::ToggleQueue => line(Project, "Documents", "Show the documents of the project, or hide them", false),
            Self::Statistics => line(
                Project,
                "Statistics",
                "Show what is marked in the project, as plots and tables, or the article again",
                false,
            ),
            Self::ExportDataset => line(
                Project,
                "Export dataset…",
                "Write the project as training data, by a recipe that it remembers",
                false,
            ),
            Self::Guidelines => line(Project, "Guidelines", "Show the guidelines beside the work, or hide them", false),
            Self::EditLabels => line(
                Project,
                "Label set…",
                "Edit labels, roles and attributes; annotations follow once you have seen what is touched",
                false,
            ),
            Self::TakeBackLabels => line(
                Project,
                "Undo the last change of all documents",
                "Take back the last change of the label set or of the hits of a search, in all documents",
                false,
            ),
            Self::ChooseAnnotator => {
                line(Project, "Annotator…", "Say who works here: everybody's annotations are kept apart", false)
            }
            Self::SearchProject => line(
                Project,
                "Search the project…",
                "Find words, marks, entities, quotes and events in all documents",
                false,
            ),
            Self::NextHit => line(Project, "Next hit", "Open the document at the next hit of the search", false),
            Self::PreviousHit => line(Project, "Previous hit", "Open the document at the hit before", false),
            Self::RescanProject => line(
                Project,
                "Look at the files again",
                "Find out what other programs have changed in the folder of the project",
                false,
            ),
            Self::CloseProject => line(Project, "Close project", "Save, and leave the project", false),

            Self::Undo => line(Edit, "Undo", "Take the last step back", true),
            Self::Redo => line(Edit, "Redo", "Do the last undone step again", true),
            Self::ShowHistory => {
                line(Edit, "History…", "Show every step, also those that were undone, and go back to any of them", true)
            }
            Self::Copy => line(Edit, "Copy", "Copy the selected words", true),
            Self::Delete => line(Edit, "Delete", "Delete the selected annotation, with what hangs on it", true),
            Self::Cancel => line(Edit, "Let go", "Leave what is going on, then the selection", true),
            Self::Find => {
                line(Edit, "Find in document…", "Find words in the article; the selected ones, if there are any", true)
            }
            Self::FindNext => {
                line(Edit, "Find next", "Go to the next place where the words stand that were looked for last", true)
            }
            Self::FindPrevious => line(
                Edit,
                "Find previous",
                "Go to the place before where the words stand that were looked for last",
                true,
            ),
            Self::FindCase => {
                line(Edit, "Find: match case", "Count upper and lower case as different when finding, or not", true)
            }
            Self::FindWords => line(Edit, "Find: whole words", "Find whole words only, or parts of words too", true),
            Self::FindRegex => line(
                Edit,
                "Find: regular expression",
                "Find what a regular expression describes, or words as they are",
                true,
            ),

            Self::KeepPart => line(
                Mark,
                "Keep words, add more",
                "Keep the selected words and select more elsewhere, to mark them as one",
                true,
            ),
            Self::MarkQuote => {
                line(Mark, "Quote", "Propose the quote at the caret, or the selected words, with cue and speaker", true)
            }
            Self::Relation => {
                line(Mark, "Relation", "Link an annotation, the selected one if there is one, to another", true)
            }
            Self::AllOccurrences => line(
                Mark,
                "All occurrences",
                "Mark the other occurrences of the selected mention's name, after a preview",
                true,
            ),
            Self::AllOccurrencesAtOnce => line(
                Mark,
                "All occurrences at once",
                "Mark the other occurrences of the selected mention's name without a preview; one undo takes all back",
                true,
            ),
            Self::JoinEntity => line(Mark, "Join to entity…", "Say which entity the selected mention refers to", true),
            Self::SplitEntity => line(Mark, "Split off", "Give the selected mention an entity of its own", true),
            Self::ExtendEnd => line(Mark, "End one token on", "Move the end of the selected annotation right", true),
            Self::ShrinkEnd => line(Mark, "End one token back", "Move the end of the selected annotation left", true),
            Self::ExtendStart => {
                line(Mark, "Start one token back", "Move the start of the selected annotation left", true)
            }
            Self::ShrinkStart => {
                line(Mark, "Start one token on", "Move the start of the selected annotation right", true)
            }
            Self::FindLabel => line(Mark, "Find a label…", "Find a label by its name, definition or examples", true),
            Self::SetField => line(
                Mark,
                "Set a field…",
                "Set an attribute, role, name or note of what is selected, else of the document",
                true,
            ),
            Self::FillRoles => line(
                Mark,
                "Fill the roles",
                "Ask for the roles of the selected event or quote, the first empty one first",
                true,
            ),
            Self::ToggleBrush => line(Mark, "Brush", "Mark every double-click and drag with the last label", true),
            Self::FixProblem => {
                line(Mark, "Fix problem", "Mend the selected problem, where there is one obvious way", true)
            }
            Self::MarkDone => {
                line(Mark, "Document is done", "Set the status of the document to done, or back to in progress", true)
            }
            Self::MarkFlagged => {
                line(Mark, "Flag document", "Set the status of the document to flagged, or back to in progress", true)
            }

            Self::NextToken => line(Move, "Next word", "Move the caret by a token", true),
            Self::PreviousToken => line(Move, "Previous word", "Move the caret back by a token", true),
            Self::NextCharacter => line(Move, "Next character", "Move the caret by a character", true),
            Self::PreviousCharacter => line(Move, "Previous character", "Move the caret back by a character", true),
            Self::NextSentence => line(Move, "Next sentence", "Move the caret to the next sentence", true),
            Self::PreviousSentence => line(Move, "Previous sentence", "Move the caret to the previous sentence", true),
            Self::RowUp => line(Move, "Line up", "Move the caret a line up", true),
            Self::RowDown => line(Move, "Line down", "Move the caret a line down", true),
            Self::PageUp => line(Move, "Page up", "Move the caret a page up", true),
            Self::PageDown => line(Move, "Page down", "Move the caret a page down", true),
            Self::RowStart => {
                line(Move, "Start of the line", "Move the caret to the start of the line on screen", true)
            }
            Self::RowEnd => line(Move, "End of the line", "Move the caret to the end of the line on screen", true),
            Self::SelectRowStart => {
                line(Move, "Select to the start of the line", "Extend the selection to the start of the line", true)
            }
            Self::SelectRowEnd => {
                line(Move, "Select to the end of the line", "Extend the selection to the end of the line", true)
            }
            Self::DocumentStart => line(Move, "Start of the article", "Move the caret to the start", true),
            Self::DocumentEnd => line(Move, "End of the article", "Move the caret to the end", true),
            Self::SelectNextToken => line(Move, "Select next word", "Extend the selection by a token", true),
            Self::SelectPreviousToken => {
                line(Move, "Select previous word", "Extend the selection back by a token", true)
            }
            Self::SelectNextCharacter => {
                line(Move, "Select next character", "Extend the selection by a character", true)
            }
            Self::SelectPreviousCharacter => {
                line(Move, "Select previous character", "Extend the selection back by a character", true)
            }
            Self::SelectNextSentence => {
                line(Move, "Select to the end of the sentence", "Extend the selection by a sentence", true)
            }
            Self::SelectPreviousSentence => {
                line(Move, "Select to the start of the sentence", "Extend the selection back by a sentence", true)
            }
            Self::SelectRowUp => line(Move, "Select a line up", "Extend the selection a line up", true),
            Self::SelectRowDown => line(Move, "Select a line down", "Extend the selection a line down", true),
            Self::SelectAll => line(Move, "Select all", "Select the whole article", true),
            Self::NextTodo => line(
                Move,
                "Next thing to do",
                "Go to the next suggestion or problem; to the next annotation if there is none",
                true,
            ),
            Self::PreviousTodo => line(Move, "Previous thing to do", "Go to the previous suggestion or problem", true),
            Self::NextAnnotation => {
                line(Move, "Next annotation", "Select the next annotation in the order of the text", true)
            }
            Self::PreviousAnnotation => line(Move, "Previous annotation", "Select the previous annotation", true),
            Self::PickAtCaret => line(
                Move,
                "Annotation at the caret",
                "Select the annotation at the caret; again: the one around it",
                true,
            ),

            Self::Jump => line(
                Move,
                "Go by letters",
                "Show letters on all annotations of the page; typing them selects one",
                true,
            ),
            Self::NextProblem => line(Move, "Next problem", "Go to the next problem", true),
            Self::PreviousProblem => line(Move, "Previous problem", "Go to the problem before", true),

            Self::ToggleTheme => line(View, "Light or dark", "Change between light and dark", false),
            Self::ToggleTags => line(View, "Label tags", "Show the labels under the words", false),
            Self::ToggleSuggestions => {
                line(View, "Suggestions", "Propose quotes, and names that are marked elsewhere", false)
            }
            Self::TogglePanel => line(View, "Side panel", "Show the inspector and the lists", false),
            Self::SwitchFocus => line(
                View,
                "Next panel",
                "Move the keyboard on: article, labels, inspector, lists; Tab goes on from there",
                true,
            ),
            Self::SwitchFocusBack => {
                line(View, "Panel before", "Move the keyboard back: lists, inspector, labels, article", true)
            }
            Self::FocusMenu => line(View, "Menu bar", "Move the keyboard to the menu bar", false),
            Self::ContextMenu => line(View, "Context menu", "Show what can be done with what is selected", true),
            Self::WidenPanel => line(View, "Wider side panel", "Make the side panel wider", true),
            Self::NarrowPanel => line(View, "Narrower side panel", "Make the side panel narrower", true),
            Self::ShowEntities => line(View, "List of entities", "Show the list of entities", true),
            Self::ShowEvents => line(View, "List of events", "Show the list of events", true),
            Self::ShowQuotes => line(View, "List of quotes", "Show the list of quotes", true),
            Self::ShowRelations => line(View, "List of relations", "Show the list of relations", true),
            Self::ShowProblems => line(View, "List of problems", "Show the list of problems", true),
            Self::ShowBatches => {
                line(View, "List of batches", "Show what was marked everywhere, to extend it or take it back", true)
            }
            Self::ZoomIn => line(View, "Larger", "Make everything larger", false),
            Self::ZoomOut => line(View, "Smaller", "Make everything smaller", false),
            Self::ZoomReset => line(View, "Actual size", "Back to 100 %", false),
            Self::ExplainLabel => line(
                View,
                "Explain the label",
                "Show what the label of the selected annotation means, with two examples",
                true,
            ),
            Self::CommandPalette => line(Help, "Find a command…", "Find a command by its name, and run it", false),
            Self::KeyboardSheet => line(Help, "Keys", "Show all keys", false),
            Self::EditKeymap => {
                line(Help, "Edit keymap…", "Show the file in which you give commands other keys", false)
            }
            Self::ReloadKeymap => line(Help, "Reload keymap", "Read the file with your keys again", false),
            Self::ShowReport => line(
                Help,
                "Latest report…",
                "Show what is known of the last mistake of the program; it holds no text of articles",
                false,
            ),
            Self::About => line(Help, "About Manicule", "Version, licence, fonts", false),
        }
    }
}
