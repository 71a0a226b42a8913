//! Marks the selected words, re-labels and resizes what is selected; the brush.

use super::App;
use super::command::Command;
use super::dialog::Dialog;
use crate::canvas::TextSelection;
use crate::edit::Intent;
use crate::model::schema::LabelTarget;
use crate::model::{Id, Kind, Part, Status};
use crate::text::Span;
use crate::ui::dialogs::join::EntitySearch;

impl App {
    /// Labels the selected words; else re-labels the selected annotation; else marks the word at the caret.
    pub(super) fn apply_label(&mut self, target: &LabelTarget) {
        let Some(session) = &mut self.session else { return };
        let spans = session.selection.spans();
        if spans.is_empty() && self.accept_as(target) {
            return;
        }
        let Some(session) = &mut self.session else { return };
        if matches!(target.kind, Kind::Mention | Kind::Event) {
            session.last_label = Some(target.clone());
            if session.brush.is_some() && spans.is_empty() {
                // What was brushed last is selected still; the key is meant for what comes next.
                self.set_brush(target.clone());
                return;
            }
            if session.brush.is_some() {
                session.brush = Some(target.clone());
            }
        }
        if spans.is_empty()
            && let Some(id) = session.selected.clone()
        {
            let kind = session.document().kind_of(&id);
            let fits = kind == Some(target.kind) || (kind == Some(Kind::Entity) && target.kind == Kind::Mention);
            if fits {
                self.edit_then(Intent::Relabel { id, label: target.label.clone() }, |_, _| ());
                return;
            }
            // An event's key on a mention makes its words the trigger, and the other way round.
            let spans = session.document().spans_of(&id);
            self.mark(target, spans);
            return;
        }
        if spans.is_empty() {
            self.toasts.refused("Select the words first: double-click, drag, or Shift and the arrow keys");
            return;
        }
        self.mark(target, spans);
    }

    pub(super) fn mark(&mut self, target: &LabelTarget, spans: crate::text::Spans) {
        let intent = match target.kind {
            Kind::Event => Intent::AddEvent { r#type: target.label.clone(), trigger: spans },
            Kind::Quote => Intent::AddQuote { kind: Some(target.label.clone()), content: spans },
            _ => Intent::AddMention { label: target.label.clone(), spans },
        };
        // A brush goes on; it does not stop to ask.
        let is_brushing = self.session.as_ref().is_some_and(|session| session.brush.is_some());
        if target.kind != Kind::Mention && !is_brushing {
            self.make_and_fill(&intent);
            return;
        }
        if let Some(id) = self.edit(&intent).and_then(|done| done.created) {
            self.made(&id, false);
        }
    }

    /// Selects what was made; asks for the roles of an event or quote.
    pub(super) fn made(&mut self, id: &Id, ask: bool) {
        let Some(session) = &mut self.session else { return };
        session.selection = TextSelection::caret(session.selection.span().end);
        session.is_adding_part = false;
        session.selected = Some(id.clone());
        if ask {
            self.ask_for(id, None);
        }
    }

    /// Keeps the selected words, so that the next ones are added to them.
    pub(super) fn keep_part(&mut self) {
        let Some(session) = &mut self.session else { return };
        let spans = session.selection.spans();
        if spans.is_empty() {
            self.toasts.refused("Select the first words, keep them, then select more");
            return;
        }
        session.selection = TextSelection { more: spans, ..TextSelection::caret(session.selection.head) };
        session.is_adding_part = true;
        self.toasts.done("Kept; now select more words, then press a label's key");
    }

    pub(super) fn resize(&mut self, change: impl Fn(&crate::text::Text, Span) -> Span) {
        let Some(session) = &self.session else { return };
        let Some(id) = session.selected.clone() else {
            let how = self.how(Command::NextAnnotation);
            self.toasts.refused(format!("Select an annotation first: click it, or {how}"));
            return;
        };
        let part = match session.document().kind_of(&id) {
            Some(Kind::Mention) => Part::Mention,
            Some(Kind::Event) => Part::Trigger,
            Some(Kind::Quote) => Part::Content,
            _ => return,
        };
        let spans = session.document().spans_of(&id);
        let text = session.document().text().clone();
        // The start is that of the first part, the end that of the last one.
        let (Some(first), Some(last)) = (spans.first().copied(), spans.last().copied()) else { return };
        let whole = change(&text, Span::new(first.start, last.end));
        let (index, span) = if whole.start == first.start {
            (spans.len() - 1, Span::new(last.start.min(whole.end), whole.end))
        } else {
            (0, Span::new(whole.start, first.end.max(whole.start)))
        };
        if span.is_empty() {
            self.toasts.refused("It cannot get shorter; Delete removes it");
            return;
        }
        self.edit(&Intent::Resize { id, part, index, span });
    }

    pub(super) fn toggle_brush(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.brush.take().is_some() {
            self.toasts.done("Brush off");
            return;
        }
        let first = || {
            session
                .editor
                .schema()
                .mentions
                .first()
                .map(|m| LabelTarget { kind: Kind::Mention, label: m.label.clone() })
        };
        session.brush = session.last_label.clone().or_else(first);
        if let Some(brush) = &session.brush {
            self.toasts.done(format!("Brush: every double-click and drag marks {}", brush.label));
        }
    }

    pub(super) fn toggle_status(&mut self, status: Status) {
        let Some(session) = &self.session else { return };
        let is_it = session.document().header().status == status;
        self.edit(&Intent::SetStatus(if is_it { Status::InProgress } else { status }));
    }

    pub(super) fn selected_mention(&self) -> Option<Id> {
        let session = self.session.as_ref()?;
        let id = session.selected.clone()?;
        (session.document().kind_of(&id) == Some(Kind::Mention)).then_some(id)
    }

    pub(super) fn join(&mut self) {
        let mention = self.selected_mention();
        match self.session.as_ref().zip(mention) {
            Some((session, mention)) => {
                self.dialog = Some(Dialog::Join(EntitySearch::new(session.document(), &mention)));
            }
            None => self.toasts.refused("Select a mention first"),
        }
    }
}
