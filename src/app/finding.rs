//! Opens the command palette and the label search, with what can be done now.

use strum::IntoEnumIterator as _;

use super::App;
use super::command::Command;
use super::dialog::Dialog;
use super::filling::Mode;
use crate::model::Kind;
use crate::model::schema::LabelTarget;
use crate::ui::dialogs::find_label::{LabelSearch, Purpose};
use crate::ui::dialogs::palette::{Offered, Palette};

/// How many commands the palette remembers.
const MOST_RECENT: usize = 8;

impl App {
    /// Shows all commands: those used lately first, those that cannot be run now last.
    pub(super) fn open_palette(&mut self) {
        if self.dialog.is_some() {
            return;
        }
        let name = |command: Command| <&'static str>::from(command);
        let recent = &self.settings.recent_commands;
        let mut all: Vec<Offered> = Command::iter()
            .filter(|command| *command != Command::CommandPalette)
            .map(|command| Offered { command, missing: self.missing_for(command) })
            .collect();
        all.sort_by_key(|offered| {
            let age = recent.iter().position(|known| known == name(offered.command));
            (offered.missing.is_some(), age.unwrap_or(usize::MAX))
        });
        self.dialog = Some(Dialog::Palette(Palette::new(all)));
    }

    /// Remembers that a command was found in the palette.
    pub(super) fn remember_command(&mut self, command: Command) {
        let name: &'static str = command.into();
        let recent = &mut self.settings.recent_commands;
        recent.retain(|known| known != name);
        recent.insert(0, name.to_owned());
        recent.truncate(MOST_RECENT);
    }

    /// What a command needs and does not have now.
    fn missing_for(&self, command: Command) -> Option<&'static str> {
        use Command::{
            Delete, ExtendEnd, ExtendStart, FillRoles, JoinEntity, Redo, Relation, ShrinkEnd, ShrinkStart, SplitEntity,
            Undo,
        };
        let Some(session) = &self.session else {
            return command.info().needs_document.then_some("open an article first");
        };
        if session.read_only.is_some() && command.changes_document() {
            return Some("this document is read-only");
        }
        let history = session.editor.history();
        let kind = session.selected.as_ref().and_then(|id| session.document().kind_of(id));
        match command {
            Undo if history.done().is_empty() => Some("nothing to undo"),
            Redo if !history.can_redo() => Some("nothing to redo"),
            Delete | Relation | ExtendEnd | ExtendStart | ShrinkEnd | ShrinkStart if kind.is_none() => {
                Some("select an annotation first")
            }
            FillRoles if !matches!(kind, Some(Kind::Event | Kind::Quote)) => Some("select an event or a quote first"),
            JoinEntity | SplitEntity if kind != Some(Kind::Mention) => Some("select a mention first"),
            _ => None,
        }
    }

    /// Shows all labels, for the selected words, the selected annotation, or else the brush.
    pub(super) fn open_label_search(&mut self) {
        if self.dialog.is_some() {
            return;
        }
        let Some(session) = &self.session else { return };
        if session.mode != Mode::Mark {
            self.toasts.refused("Something is being asked for; answer it or leave it with Esc first");
            return;
        }
        let spans = session.selection.spans();
        let kind = session.selected.as_ref().and_then(|id| Some((id, session.document().kind_of(id)?)));
        let purpose = match kind {
            _ if !spans.is_empty() => Purpose::Mark(session.document().text().excerpt(&spans)),
            Some((id, kind)) => {
                let label = session.document().label_of(id).to_owned();
                Purpose::Relabel(kind, label, session.document().excerpt_of(id))
            }
            None => Purpose::Brush,
        };
        let search = LabelSearch::new(session.editor.schema(), purpose);
        self.dialog = Some(Dialog::FindLabel(search));
    }

    /// Makes a label the sticky one.
    pub(super) fn set_brush(&mut self, target: LabelTarget) {
        let Some(session) = &mut self.session else { return };
        self.toasts.done(format!("Brush: every double-click and drag marks {}", target.label));
        session.last_label = Some(target.clone());
        session.brush = Some(target);
    }
}
