//! Which keys run a command as long as the user says nothing else. Plain letters belong to labels; see
//! `model::schema::RESERVED_LETTERS`.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::Command;

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
    /// Its keys, the one to show first.
    pub(super) fn default_keys(self) -> &'static [KeyboardShortcut] {
        match self {
            Self::Open => const { &[ctrl(Key::O)] },
            Self::Paste => const { &[ctrl(Key::N)] },
            Self::Save => const { &[ctrl(Key::S)] },
            Self::SaveAs => const { &[ctrl_shift(Key::S)] },
            Self::Export => const { &[ctrl(Key::E)] },
            Self::CloseDocument => const { &[ctrl(Key::W)] },
            Self::Quit => const { &[ctrl(Key::Q)] },

            Self::NewProject => const { &[ctrl_shift(Key::N)] },
            Self::OpenProject => const { &[ctrl_shift(Key::O)] },
            Self::NextDocument => const { &[ctrl(Key::PageDown)] },
            Self::PreviousDocument => const { &[ctrl(Key::PageUp)] },
            Self::DoneAndNext => const { &[ctrl(Key::Enter)] },
            Self::RemoveDocument => const { &[ctrl_shift(Key::Delete)] },
            Self::FocusQueue => const { &[ctrl(Key::L)] },
            Self::ToggleQueue => const { &[plain(Key::F7)] },
            Self::Statistics => const { &[plain(Key::F5)] },
            Self::ExportDataset => const { &[ctrl_shift(Key::E)] },
            Self::Guidelines => const { &[plain(Key::F2)] },
            Self::EditLabels => const { &[ctrl_shift(Key::K)] },
            Self::SearchProject => const { &[ctrl_shift(Key::F)] },
            Self::NextHit => const { &[plain(Key::F4)] },
            Self::PreviousHit => const { &[shift(Key::F4)] },

            Self::Undo => const { &[ctrl(Key::Z)] },
            Self::Redo => const { &[ctrl_shift(Key::Z), ctrl(Key::Y)] },
            Self::ShowHistory => const { &[ctrl(Key::H)] },
            Self::Copy => const { &[ctrl(Key::C)] },
            Self::Delete => const { &[plain(Key::Delete), plain(Key::Backspace)] },
            Self::Cancel => const { &[plain(Key::Escape)] },
            Self::Find => const { &[ctrl(Key::F)] },
            Self::FindNext => const { &[plain(Key::F3)] },
            Self::FindPrevious => const { &[shift(Key::F3)] },
            Self::FindCase => const { &[alt(Key::C)] },
            Self::FindWords => const { &[alt(Key::W)] },
            Self::FindRegex => const { &[alt(Key::R)] },

            Self::KeepPart => const { &[ctrl(Key::D)] },
            Self::MarkQuote => const { &[plain(Key::Q)] },
            Self::Relation => const { &[plain(Key::R)] },
            Self::AllOccurrences => const { &[plain(Key::A)] },
            Self::AllOccurrencesAtOnce => const { &[alt(Key::A)] },
            Self::JoinEntity => const { &[ctrl(Key::J)] },
            Self::SplitEntity => const { &[ctrl_shift(Key::J)] },
            Self::ExtendEnd => const { &[plain(Key::CloseBracket)] },
            Self::ShrinkEnd => const { &[plain(Key::OpenBracket)] },
            Self::ExtendStart => const { &[shift(Key::OpenBracket), plain(Key::OpenCurlyBracket)] },
            Self::ShrinkStart => const { &[shift(Key::CloseBracket), plain(Key::CloseCurlyBracket)] },
            Self::FindLabel => const { &[plain(Key::Slash)] },
            Self::SetField => const { &[plain(Key::Period)] },
            Self::FillRoles => const { &[plain(Key::Comma)] },
            Self::ToggleBrush => const { &[ctrl(Key::B)] },
            Self::FixProblem => const { &[ctrl(Key::Period), alt(Key::Enter)] },
            Self::MarkDone => const { &[ctrl_shift(Key::Enter)] },

            Self::NextToken => const { &[plain(Key::ArrowRight)] },
            Self::PreviousToken => const { &[plain(Key::ArrowLeft)] },
            Self::NextCharacter => const { &[alt(Key::ArrowRight)] },
            Self::PreviousCharacter => const { &[alt(Key::ArrowLeft)] },
            Self::NextSentence => const { &[ctrl(Key::ArrowRight)] },
            Self::PreviousSentence => const { &[ctrl(Key::ArrowLeft)] },
            Self::RowUp => const { &[plain(Key::ArrowUp)] },
            Self::RowDown => const { &[plain(Key::ArrowDown)] },
            Self::PageUp => const { &[plain(Key::PageUp)] },
            Self::PageDown => const { &[plain(Key::PageDown)] },
            Self::RowStart => const { &[plain(Key::Home)] },
            Self::RowEnd => const { &[plain(Key::End)] },
            Self::SelectRowStart => const { &[shift(Key::Home)] },
            Self::SelectRowEnd => const { &[shift(Key::End)] },
            Self::DocumentStart => const { &[ctrl(Key::Home)] },
            Self::DocumentEnd => const { &[ctrl(Key::End)] },
            Self::SelectNextToken => const { &[shift(Key::ArrowRight)] },
            Self::SelectPreviousToken => const { &[shift(Key::ArrowLeft)] },
            Self::SelectNextCharacter => const { &[alt_shift(Key::ArrowRight)] },
            Self::SelectPreviousCharacter => const { &[alt_shift(Key::ArrowLeft)] },
            Self::SelectNextSentence => const { &[ctrl_shift(Key::ArrowRight)] },
            Self::SelectPreviousSentence => const { &[ctrl_shift(Key::ArrowLeft)] },
            Self::SelectRowUp => const { &[shift(Key::ArrowUp)] },
            Self::SelectRowDown => const { &[shift(Key::ArrowDown)] },
            Self::SelectAll => const { &[ctrl(Key::A)] },
            Self::NextTodo => const { &[plain(Key::Tab)] },
            Self::PreviousTodo => const { &[shift(Key::Tab)] },
            Self::NextAnnotation => const { &[alt(Key::ArrowDown)] },
            Self::PreviousAnnotation => const { &[alt(Key::ArrowUp)] },
            Self::PickAtCaret => const { &[plain(Key::Enter)] },

            Self::Jump => const { &[plain(Key::F)] },
            Self::NextProblem => const { &[plain(Key::F8)] },
            Self::PreviousProblem => const { &[shift(Key::F8)] },

            Self::ToggleTheme => const { &[ctrl_shift(Key::L)] },
            Self::ToggleTags => const { &[ctrl_shift(Key::T)] },
            Self::ToggleSuggestions => const { &[ctrl_shift(Key::G)] },
            Self::TogglePanel => const { &[plain(Key::F9)] },
            Self::SwitchFocus => const { &[plain(Key::F6)] },
            Self::SwitchFocusBack => const { &[shift(Key::F6)] },
            Self::FocusMenu => const { &[plain(Key::F10)] },
            Self::ContextMenu => const { &[shift(Key::F10), plain(Key::Menu)] },
            Self::WidenPanel => const { &[shift(Key::F9)] },
            Self::NarrowPanel => const { &[ctrl(Key::F9)] },
            Self::ShowEntities => const { &[ctrl(Key::Num1)] },
            Self::ShowEvents => const { &[ctrl(Key::Num2)] },
            Self::ShowQuotes => const { &[ctrl(Key::Num3)] },
            Self::ShowRelations => const { &[ctrl(Key::Num4)] },
            Self::ShowProblems => const { &[ctrl(Key::Num5)] },
            Self::ShowBatches => const { &[ctrl(Key::Num6)] },
            Self::ZoomIn => const { &[ctrl(Key::Plus), ctrl(Key::Equals)] },
            Self::ZoomOut => const { &[ctrl(Key::Minus)] },
            Self::ZoomReset => const { &[ctrl(Key::Num0)] },
            Self::ExplainLabel => const { &[shift(Key::F2)] },
            Self::CommandPalette => const { &[ctrl_shift(Key::P)] },
            Self::KeyboardSheet => const { &[plain(Key::Questionmark), plain(Key::F1)] },

            // These are run from menus and from the palette.
            Self::OpenSample
            | Self::AddFiles
            | Self::AddFolder
            | Self::TakeBackLabels
            | Self::ChooseAnnotator
            | Self::RescanProject
            | Self::CloseProject
            | Self::MarkFlagged
            | Self::EditKeymap
            | Self::ReloadKeymap
            | Self::ShowReport
            | Self::About => &[],
        }
    }
}
