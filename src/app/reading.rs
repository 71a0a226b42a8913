//! Answers the reader: what was clicked, dragged and hovered in the article.

use super::App;
use super::context_menu::ContextMenu;
use super::filling::Mode;
use crate::canvas::ReaderEvent;
use crate::edit::Intent;

impl App {
    pub(super) fn reader_event(&mut self, ctx: &egui::Context, event: ReaderEvent) {
        let Some(session) = &mut self.session else { return };
        match event {
            ReaderEvent::Select(selection) => {
                if !selection.is_caret() && session.mode.is_review() {
                    session.mode = Mode::Mark;
                }
                session.selection = selection;
                session.is_adding_part = false;
            }
            ReaderEvent::SelectionDone => self.selection_done(),
            ReaderEvent::Pick { id } => match &session.mode {
                Mode::Propose(proposing) if proposing.is_asked => self.speak(&id),
                Mode::Mark | Mode::Propose(_) | Mode::Mend(_) | Mode::Jump(_) => {
                    session.mode = Mode::Mark;
                    session.selected = Some(id);
                }
                Mode::Fill(_) => self.fill_with_annotation(&id),
                Mode::Relate(relating) if relating.to.is_none() => self.relate_at(id),
                Mode::Relate(_) => {}
            },
            ReaderEvent::PickGhost { key } => self.pick_suggestion(key),
            ReaderEvent::PickNothing => {
                if session.mode.is_review() {
                    session.mode = Mode::Mark;
                }
                if session.mode == Mode::Mark {
                    session.selected = None;
                }
            }
            ReaderEvent::Resize { id, part, index, span } => drop(self.edit(&Intent::Resize { id, part, index, span })),
            ReaderEvent::Hover(id) => session.hovered = id,
            ReaderEvent::ContextMenu { pos_in_ui, id } => {
                if let Some(id) = id {
                    session.selected = Some(id);
                }
                self.context_menu = Some(ContextMenu::at(pos_in_ui));
                ctx.request_repaint();
            }
        }
    }

    /// Words were selected with the pointer: the brush marks them; an open slot takes them.
    pub(super) fn selection_done(&mut self) {
        let Some(session) = &self.session else { return };
        if session.selection.spans().is_empty() {
            return;
        }
        match (&session.mode, session.brush.clone()) {
            (Mode::Fill(_), _) => self.fill_with_words(),
            (Mode::Propose(proposing), _) if proposing.is_asked => self.speak_words(),
            (mode, Some(brush)) if mode.is_marking() => {
                let spans = session.selection.spans();
                self.mark(&brush, spans);
            }
            _ => {}
        }
    }
}
