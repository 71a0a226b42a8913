//! Carries out what was asked for.

use super::App;
use super::action::{Action, UnsavedAnswer};
use super::choosing::keeps_filling;
use super::command::Command;
use super::context_menu::ContextMenu;
use super::dialog::{AfterClosing, Dialog};
use super::filling::{self, Mode};
use crate::canvas::{Motion, ReaderEvent, TextSelection};
use crate::edit::{Done, Group, Intent, Op};
use crate::model::schema::LabelTarget;
use crate::model::{Id, Kind, Part, Status};
use crate::text::{BytePos, Span};
use crate::ui::focus::Region;
use crate::ui::lists::Tab;

impl App {
    /// Carries out one action.
    pub(super) fn act(&mut self, ctx: &egui::Context, action: Action) {
        match action {
            Action::Run(command) => self.run(ctx, command),
            Action::RunFromPalette(command) => {
                self.remember_command(command);
                self.run(ctx, command);
            }
            Action::Edit(intent) => drop(self.edit(&intent)),
            Action::ApplyLabel(target) => self.apply_label(&target),
            Action::SetBrush(target) => self.set_brush(target),
            Action::Reveal(id) => self.reveal(&id),
            Action::RevealSpan(span) => {
                if let Some(session) = &mut self.session {
                    session.reader.scroll_to(span);
                }
            }
            Action::ShowProblem(problem) => self.go_to_problem(*problem),
            Action::FixProblem(problem) => drop(self.fix_problem(&problem)),
            Action::Hover(id) => {
                if let Some(session) = &mut self.session {
                    session.hovered = Some(id);
                }
            }
            Action::Fill { owner, slot } => self.ask_for(&owner, Some(slot)),
            Action::FillWith(filler) if self.is_choosing_speaker() => drop(self.accept_with(Some(filler))),
            Action::FillWith(filler) => self.fill_with(filler),
            Action::ChooseSpeaker(nth) => self.choose_speaker(nth),
            Action::Accept => self.accept(),
            Action::AcceptWithoutSpeaker => drop(self.accept_with(None)),
            Action::Reject => self.reject(),
            Action::FillImplicit => self.dialog = Some(Dialog::Implicit { text: String::new() }),
            Action::NextSlot => self.next_slot(),
            Action::StopFilling => self.set_mode(Mode::Mark),
            Action::ChooseRelation(label) => self.add_relation(&label),
            Action::Again(action) => self.again_action(action),
            Action::Reader(event) => self.reader_event(ctx, event),
            Action::OpenFile(path) => self.leave_then(ctx, AfterClosing::Open(path)),
            Action::Reencode(encoding) => self.reencode(ctx, encoding),
            Action::UseBuiltinSchema(name) => self.use_builtin_schema(name),
            Action::LoadSchema => self.choose_file(super::dialog::FilePurpose::Schema),
            Action::NewFromText { title, text } => {
                self.dialog = None;
                self.leave_then(ctx, AfterClosing::New { title, text });
            }
            Action::Recover(work) => self.leave_then(ctx, AfterClosing::Recover(work)),
            Action::Discard(key) => self.discard_unsaved(&key),
            Action::Unsaved(answer) => self.answer_unsaved(ctx, answer),
            Action::FileChosen(path) => self.file_chosen(ctx, path),
            Action::Replace(path) => {
                self.dialog = None;
                self.save_to(path, true);
            }
            Action::Show(dialog) => self.dialog = Some(dialog),
            Action::CloseDialog => {
                self.dialog = None;
                self.after_saving = None;
            }
        }
    }

    fn run(&mut self, ctx: &egui::Context, command: Command) {
        if !keeps_filling(command) {
            self.end_filling();
        }
        match command {
            Command::Open => self.choose_file(super::dialog::FilePurpose::Open),
            Command::OpenSample => self.leave_then(ctx, AfterClosing::Sample),
            Command::Paste => self.dialog = Some(Dialog::Paste { title: String::new(), text: String::new() }),
            Command::Save => self.save(),
            Command::SaveAs => self.choose_file(super::dialog::FilePurpose::SaveAs),
            Command::CloseDocument => self.leave_then(ctx, AfterClosing::Close),
            Command::Quit => self.leave_then(ctx, AfterClosing::Quit),
            Command::ToggleTheme => {
                let is_dark = ctx.theme() == egui::Theme::Dark;
                self.settings.theme = if is_dark { egui::ThemePreference::Light } else { egui::ThemePreference::Dark };
                ctx.set_theme(self.settings.theme);
            }
            Command::ToggleTags => self.settings.show_tags = !self.settings.show_tags,
            Command::ToggleSuggestions => self.toggle_suggestions(),
            Command::TogglePanel => self.settings.show_panel = !self.settings.show_panel,
            Command::ZoomIn => self.zoom(ctx, 0.1),
            Command::ZoomOut => self.zoom(ctx, -0.1),
            Command::ZoomReset => self.zoom(ctx, 1.0 - self.settings.zoom),
            Command::KeyboardSheet => self.dialog = Some(Dialog::Keys),
            Command::CommandPalette => self.open_palette(),
            Command::FocusMenu if self.dialog.is_none() => drop(self.focus.enter(ctx, Region::Menu)),
            Command::EditKeymap => self.edit_keymap(),
            Command::ReloadKeymap => self.reload_keymap(ctx),
            Command::About => self.dialog = Some(Dialog::About),
            _ => self.run_in_document(ctx, command),
        }
    }

    fn zoom(&mut self, ctx: &egui::Context, by: f32) {
        self.settings.zoom = ((self.settings.zoom + by) * 10.0).round().clamp(5.0, 30.0) / 10.0;
        ctx.set_zoom_factor(self.settings.zoom);
    }

    fn run_in_document(&mut self, ctx: &egui::Context, command: Command) {
        let Some(session) = &mut self.session else { return };
        if let Some((motion, extend)) = motion(command) {
            let text = session.document().text().clone();
            let moved = session.current_part().moved(&text, motion, extend);
            self.move_to(moved, extend);
            return;
        }
        if let Some((rows, extend)) = rows(command, session.reader.page_rows()) {
            let moved = session.reader.vertical(session.editor.document(), &session.current_part(), rows, extend);
            self.move_to(moved, extend);
            return;
        }
        if let Some((to_end, extend)) = row_edge(command) {
            let moved = session.reader.row_edge(session.editor.document(), &session.current_part(), to_end, extend);
            self.move_to(moved, extend);
            return;
        }
        match command {
            Command::SwitchFocus | Command::SwitchFocusBack if self.dialog.is_none() => {
                self.focus.cycle(ctx, command == Command::SwitchFocus);
            }
            Command::ContextMenu => self.open_context_menu(),
            Command::WidenPanel => self.resize_panel(40.0),
            Command::NarrowPanel => self.resize_panel(-40.0),
            Command::ShowEntities => self.show_list(ctx, Tab::Entities),
            Command::ShowEvents => self.show_list(ctx, Tab::Events),
            Command::ShowQuotes => self.show_list(ctx, Tab::Quotes),
            Command::ShowRelations => self.show_list(ctx, Tab::Relations),
            Command::ShowProblems => self.show_list(ctx, Tab::Problems),
            Command::Undo | Command::Redo => self.undo_or_redo(command == Command::Undo),
            Command::Copy => {
                let spans = session.selection.spans();
                let words: Vec<&str> = spans.iter().map(|span| session.document().text().slice(*span)).collect();
                if !words.is_empty() {
                    ctx.copy_text(words.join(" … "));
                }
            }
            Command::Delete => match session.selected.clone() {
                Some(id) => drop(self.edit(&Intent::Delete { ids: vec![id] })),
                None => self.toasts.refused("Select an annotation first: click it, or press Alt+Down"),
            },
            Command::Cancel => self.cancel(),
            Command::KeepPart => self.keep_part(),
            Command::MarkQuote => self.mark_quote(),
            Command::Relation => self.start_relation(),
            Command::AllOccurrences => self.all_occurrences(),
            Command::AllOccurrencesAtOnce => self.all_occurrences_at_once(),
            Command::Jump => self.start_jump(),
            Command::NextProblem => self.walk_problems(true),
            Command::PreviousProblem => self.walk_problems(false),
            Command::FixProblem => self.fix_selected_problem(),
            Command::JoinEntity => self.join(),
            Command::SplitEntity => match self.selected_mention() {
                Some(mention) => drop(self.edit(&Intent::Split { mention, own_entity: true })),
                None => self.toasts.refused("Select a mention first"),
            },
            Command::ExtendEnd => self.resize(|text, span| Span::new(span.start, text.next_token_end(span.end))),
            Command::ShrinkEnd => {
                self.resize(|text, span| Span::new(span.start, text.previous_token_end(span.end).max(span.start)));
            }
            Command::ExtendStart => {
                self.resize(|text, span| Span::new(text.previous_token_start(span.start), span.end));
            }
            Command::ShrinkStart => {
                self.resize(|text, span| Span::new(text.next_token_start(span.start).min(span.end), span.end));
            }
            Command::FindLabel => self.open_label_search(),
            Command::ToggleBrush => self.toggle_brush(),
            Command::MarkDone => self.toggle_status(Status::Done),
            Command::MarkFlagged => self.toggle_status(Status::Flagged),
            Command::SelectAll => {
                let all = Span::new(BytePos(0), session.document().text().end());
                session.selection = TextSelection::of(all);
            }
            Command::NextTodo | Command::PreviousTodo if self.is_choosing_speaker() => {
                self.cycle_speaker(command == Command::NextTodo);
            }
            Command::NextTodo => self.walk_todos(true),
            Command::PreviousTodo => self.walk_todos(false),
            Command::NextAnnotation => self.walk(true),
            Command::PreviousAnnotation => self.walk(false),
            Command::PickAtCaret => self.pick_at_caret(),
            _ => {}
        }
    }

    /// Changes the document; says why if that is refused.
    ///
    /// While roles are being filled, a change of their owner belongs to that; any other change ends it.
    pub(super) fn edit(&mut self, intent: &Intent) -> Option<Done> {
        let session = self.session.as_mut()?;
        let group = match &mut session.mode {
            Mode::Fill(filling) if filling::is_about(intent, &filling.owner) => {
                // What was filled before can no longer be taken back one by one.
                filling.run.trail.clear();
                Some(filling.run.group)
            }
            _ => None,
        };
        if group.is_none() {
            self.end_filling();
        }
        self.edit_in(intent, group)
    }

    /// Changes the document as part of a group; says why if that is refused.
    pub(super) fn edit_in(&mut self, intent: &Intent, group: Option<Group>) -> Option<Done> {
        let session = self.session.as_mut()?;
        match session.editor.execute_in(intent, group) {
            Ok(done) => {
                if let Some(transaction) = &done.transaction {
                    session.journal.applied(transaction);
                    session.touch(transaction.ops.iter().filter_map(Op::id).cloned());
                }
                session.tidy();
                Some(done)
            }
            Err(crate::edit::EditError::Twice { label, id }) => {
                session.selected = Some(id);
                self.toasts.refused(format!("These words are marked as {label} already"));
                None
            }
            Err(error) => {
                self.toasts.refused(capitalised(&error.to_string()));
                None
            }
        }
    }

    fn undo_or_redo(&mut self, is_undo: bool) {
        self.end_filling();
        let Some(session) = &mut self.session else { return };
        let step = if is_undo { session.editor.undo() } else { session.editor.redo() };
        let Some(step) = step else {
            self.toasts.done(if is_undo { "Nothing to undo" } else { "Nothing to redo" });
            return;
        };
        session.journal.stepped(is_undo);
        session.touch(step.ids.iter().cloned());
        self.follow_schema();
        let Some(session) = &mut self.session else { return };
        session.tidy();
        let shown = step.ids.iter().find(|id| session.document().kind_of(id).is_some()).cloned();
        if let Some(id) = shown {
            if let Some(span) = session.document().spans_of(&id).first().copied() {
                session.reader.scroll_to(span);
            }
            session.selected = Some(id);
        }
        self.toasts.done(format!("{}: {}", if is_undo { "Undone" } else { "Done again" }, step.title));
    }

    /// Escape: leaves what is going on, then the selected words, then the selected annotation, then the brush.
    fn cancel(&mut self) {
        let Some(session) = &mut self.session else { return };
        if let Mode::Fill(filling) = &session.mode {
            let filling = filling.clone();
            self.give_up_filling(filling);
        } else if session.mode != Mode::Mark {
            self.set_mode(Mode::Mark);
        } else if !session.selection.is_caret() || !session.selection.more.is_empty() {
            session.selection = TextSelection::caret(session.selection.head);
            session.is_adding_part = false;
        } else if session.selected.is_some() {
            session.selected = None;
        } else {
            session.brush = None;
        }
    }

    // --- marking -----------------------------------------------------------------------------------------------

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
                self.edit(&Intent::Relabel { id, label: target.label.clone() });
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

    fn mark(&mut self, target: &LabelTarget, spans: crate::text::Spans) {
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
    fn keep_part(&mut self) {
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

    fn resize(&mut self, change: impl Fn(&crate::text::Text, Span) -> Span) {
        let Some(session) = &self.session else { return };
        let Some(id) = session.selected.clone() else {
            self.toasts.refused("Select an annotation first: click it, or press Tab");
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

    fn toggle_brush(&mut self) {
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

    fn toggle_status(&mut self, status: Status) {
        let Some(session) = &self.session else { return };
        let is_it = session.document().header().status == status;
        self.edit(&Intent::SetStatus(if is_it { Status::InProgress } else { status }));
    }

    fn selected_mention(&self) -> Option<Id> {
        let session = self.session.as_ref()?;
        let id = session.selected.clone()?;
        (session.document().kind_of(&id) == Some(Kind::Mention)).then_some(id)
    }

    fn join(&mut self) {
        match self.selected_mention() {
            Some(mention) => self.dialog = Some(Dialog::Join { mention, filter: String::new() }),
            None => self.toasts.refused("Select a mention first"),
        }
    }

    // --- moving ------------------------------------------------------------------------------------------------

    fn move_to(&mut self, selection: TextSelection, extend: bool) {
        let Some(session) = &mut self.session else { return };
        let more = if session.is_adding_part { std::mem::take(&mut session.selection.more) } else { selection.more };
        session.selection = TextSelection { more, ..selection };
        if session.mode.is_review() {
            session.mode = Mode::Mark;
        }
        if !extend && session.mode == Mode::Mark {
            session.selected = None;
        }
        let head = session.selection.head;
        session.reader.reveal(Span::empty(head));
    }

    pub(super) fn walk(&mut self, forward: bool) {
        let Some(session) = &mut self.session else { return };
        if session.mode.is_review() {
            session.mode = Mode::Mark;
        }
        let list = &session.cache.walk;
        let at = session.selected.as_ref().and_then(|id| list.iter().position(|other| other == id));
        let from_caret = || {
            let head = session.selection.head;
            let start = |id: &Id| session.editor.document().spans_of(id).first().map_or(BytePos(0), |s| s.start);
            list.partition_point(|id| if forward { start(id) < head } else { start(id) <= head })
        };
        let next = match (at, forward) {
            (Some(at), true) => at.checked_add(1),
            (Some(at), false) => at.checked_sub(1),
            (None, true) => Some(from_caret()),
            (None, false) => from_caret().checked_sub(1),
        };
        match next.and_then(|at| list.get(at)).cloned() {
            Some(id) => self.reveal(&id),
            None => {
                self.toasts.done(if forward {
                    "No annotation after this one"
                } else {
                    "No annotation before this one"
                });
            }
        }
    }

    pub(super) fn reveal(&mut self, id: &Id) {
        let Some(session) = &mut self.session else { return };
        if let Some(span) = session.document().spans_of(id).first().copied() {
            session.reader.scroll_to(span);
            session.selection = TextSelection::caret(span.start);
        }
        if matches!(&session.mode, Mode::Fill(filling) if &filling.owner != id) {
            session.mode = Mode::Mark;
        }
        session.selected = Some(id.clone());
    }

    /// Selects the annotation at the caret, the shortest first; again: the next longer one.
    fn pick_at_caret(&mut self) {
        let Some(session) = &mut self.session else { return };
        let at = Span::empty(session.selection.head);
        let mut found = session.document().span_index().touching(at);
        found.retain(|anchor| matches!(anchor.part, Part::Mention | Part::Trigger | Part::Content));
        found.sort_by_key(|anchor| (anchor.span.len(), anchor.id.clone()));
        let current = session.selected.as_ref().and_then(|id| found.iter().position(|anchor| &anchor.id == id));
        let next = current.map_or(0, |at| (at + 1) % found.len().max(1));
        match found.get(next) {
            Some(anchor) => session.selected = Some(anchor.id.clone()),
            None if self.pick_suggestion_at_caret() => {}
            None => self.toasts.done("No annotation at the caret"),
        }
    }

    // --- the reader --------------------------------------------------------------------------------------------

    fn reader_event(&mut self, ctx: &egui::Context, event: ReaderEvent) {
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
    fn selection_done(&mut self) {
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

    fn answer_unsaved(&mut self, ctx: &egui::Context, answer: UnsavedAnswer) {
        let Some(Dialog::Unsaved { then }) = self.dialog.take() else { return };
        match answer {
            UnsavedAnswer::Cancel => {}
            UnsavedAnswer::Discard => {
                if let Some(session) = &mut self.session {
                    session.journal.discard();
                }
                self.session = None;
                self.proceed(ctx, then);
            }
            UnsavedAnswer::Save => {
                self.after_saving = Some(then);
                self.save();
            }
        }
    }
}

/// Commands that move the caret without layout, and whether they extend the selection.
fn motion(command: Command) -> Option<(Motion, bool)> {
    Some(match command {
        Command::NextToken => (Motion::NextToken, false),
        Command::PreviousToken => (Motion::PreviousToken, false),
        Command::NextCharacter => (Motion::NextCharacter, false),
        Command::PreviousCharacter => (Motion::PreviousCharacter, false),
        Command::NextSentence => (Motion::NextSentence, false),
        Command::PreviousSentence => (Motion::PreviousSentence, false),
        Command::DocumentStart => (Motion::DocumentStart, false),
        Command::DocumentEnd => (Motion::DocumentEnd, false),
        Command::SelectNextToken => (Motion::NextToken, true),
        Command::SelectPreviousToken => (Motion::PreviousToken, true),
        Command::SelectNextCharacter => (Motion::NextCharacter, true),
        Command::SelectPreviousCharacter => (Motion::PreviousCharacter, true),
        Command::SelectNextSentence => (Motion::NextSentence, true),
        Command::SelectPreviousSentence => (Motion::PreviousSentence, true),
        _ => return None,
    })
}

/// Commands that move the caret to an end of its row on screen, and whether they extend the selection.
fn row_edge(command: Command) -> Option<(bool, bool)> {
    Some(match command {
        Command::RowStart => (false, false),
        Command::RowEnd => (true, false),
        Command::SelectRowStart => (false, true),
        Command::SelectRowEnd => (true, true),
        _ => return None,
    })
}

/// Commands that move the caret by rows, and whether they extend the selection.
fn rows(command: Command, page: i32) -> Option<(i32, bool)> {
    Some(match command {
        Command::RowUp => (-1, false),
        Command::RowDown => (1, false),
        Command::PageUp => (-page, false),
        Command::PageDown => (page, false),
        Command::SelectRowUp => (-1, true),
        Command::SelectRowDown => (1, true),
        _ => return None,
    })
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
