//! Which dialog is open, and what it holds while it is.

use std::path::PathBuf;

use super::beside::Beside;
use crate::model::Problem;
use crate::ui::dialogs::adding::{AddQuestion, AddReport};
use crate::ui::dialogs::choose_document::FileContents;
use crate::ui::dialogs::find_label::LabelSearch;
use crate::ui::dialogs::history::HistoryDialog;
use crate::ui::dialogs::join::EntitySearch;
use crate::ui::dialogs::palette::Palette;
use crate::ui::dialogs::project::{NewProject, WhoAmI};
use crate::ui::dialogs::set_field::FieldSearch;

/// What a file is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePurpose {
    /// To open an article or an annotated file.
    Open,
    /// To save under another name.
    SaveAs,
    /// To read a schema.
    Schema,
    /// To write in another format.
    Export,
    /// To add files to the project.
    AddFiles,
    /// To add a folder of files to the project.
    AddFolder,
    /// To open the project in a folder.
    OpenProject,
    /// To make a project in a folder.
    NewProject,
    /// To write a dataset into a folder.
    Dataset,
    /// To save a plot or a table of the statistics.
    Figure,
    /// To take over another label set.
    ImportLabels,
    /// To compare the label set with another one.
    CompareLabels,
    /// To write the label set.
    ExportLabels,
}

impl FilePurpose {
    /// Whether a folder is chosen, and no file.
    pub fn is_folder(self) -> bool {
        matches!(self, Self::AddFolder | Self::OpenProject | Self::NewProject | Self::Dataset)
    }
}

/// What the user wanted when unsaved work stood in the way.
#[derive(Clone, Debug, PartialEq)]
pub enum AfterClosing {
    /// Close the document.
    Close,
    /// Close the window.
    Quit,
    /// Open another file.
    Open(PathBuf),
    /// Open one document of a file that holds several, counted from 0.
    OpenDocument(PathBuf, usize),
    /// Open the sample.
    Sample,
    /// Make a document from text.
    New {
        /// Its headline; empty to guess.
        title: String,
        /// The text, verbatim.
        text: String,
    },
    /// Open unsaved work of before.
    Recover(crate::store::Unsaved),
    /// Open a document of the project.
    ProjectDocument(crate::project::Name),
    /// Open the project in a folder.
    Project(PathBuf),
    /// Change the hits of a search.
    HitsChange,
    /// Leave the project.
    CloseProject,
    /// Change the label set and all annotations.
    SchemaChange,
    /// Take the last change of the label set back.
    SchemaTakeBack,
    /// Finish a change of many documents that was interrupted.
    FinishOperations,
}

/// The in-app file dialog.
#[derive(Clone, Debug, PartialEq)]
pub struct FileDialog {
    /// What for.
    pub purpose: FilePurpose,
    /// The folder that is listed.
    pub folder: PathBuf,
    /// The name field.
    pub name: String,
    /// Why there is no list, if there is none.
    pub error: Option<String>,
}

/// A dialog. At most one is open.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Title and text of a new article.
    Paste {
        /// The title field.
        title: String,
        /// The text field.
        text: String,
    },
    /// Save before closing?
    Unsaved {
        /// What was wanted.
        then: AfterClosing,
    },
    /// Leave, although the file cannot be written now?
    NotWritten {
        /// What was wanted.
        then: AfterClosing,
        /// Whether the journal keeps the work for next time.
        is_kept: bool,
    },
    /// A file could not be opened, or was opened with problems.
    Problems {
        /// What happened.
        title: String,
        /// To which file.
        message: String,
        /// Everything that is wrong.
        problems: Vec<Problem>,
    },
    /// Choose a file, where the system has no dialog.
    File(FileDialog),
    /// Choose a document of a file that holds several.
    ChooseDocument(FileContents),
    /// Write in another format.
    Export(Box<super::exporting::Export>),
    /// What a new project needs.
    NewProject(NewProject),
    /// Who works in the project?
    WhoAmI(WhoAmI),
    /// What of the project is exported, and how.
    Dataset(Box<crate::ui::dialogs::dataset::Dataset>),
    /// What a change of the hits of a search would do.
    HitsChange(Box<crate::project::search::HitsChange>),
    /// What becomes of documents that are there already when some are added?
    Adding(Box<AddQuestion>),
    /// What came of adding documents.
    Added(Box<AddReport>),
    /// What becomes of annotations when the label set changes?
    SchemaQuestion(Box<super::schema_editor::question::Question>),
    /// Throw the changes of the label set away?
    SchemaDiscard {
        /// What was wanted; `None`: to leave the editor.
        then: Option<AfterClosing>,
    },
    /// Every step that was done.
    History(HistoryDialog),
    /// All keys.
    Keys,
    /// Where the keymap file is.
    Keymap {
        /// The file.
        path: PathBuf,
        /// Whether it was just written.
        is_new: bool,
    },
    /// Find a command.
    Palette(Palette),
    /// Find a label.
    FindLabel(LabelSearch),
    /// About the program.
    About,
    /// What is known of a mistake in the program.
    Report {
        /// The file.
        path: PathBuf,
        /// What is in it.
        text: String,
    },
    /// Describe an implicit filler.
    Implicit {
        /// The text field.
        text: String,
    },
    /// Choose the entity of a mention.
    Join(EntitySearch),
    /// Set a field of what is selected.
    SetField(FieldSearch),
    /// The file on disk is not the one that was opened.
    ChangedOnDisk {
        /// The file.
        path: PathBuf,
        /// Whether it holds another text now, so that nothing can be merged.
        is_other_text: bool,
    },
    /// What another program did to the file is merged into the document.
    Merge(Box<crate::ui::dialogs::merge::MergeDialog>),
    /// A file that exists would be replaced.
    Replace {
        /// The file.
        path: PathBuf,
        /// What is in it.
        held: Beside,
    },
    /// The article that was opened is annotated in another file.
    Annotated {
        /// The annotation.
        path: PathBuf,
        /// How many of what, in words.
        contents: String,
        /// The remarks on the article, for those who stay with it.
        remarks: Option<Box<Dialog>>,
    },
}
