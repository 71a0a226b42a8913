//! The names of all commands. What each does is in the table beside, which key runs it at first in `default_keys`.

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
