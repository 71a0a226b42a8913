//! Carries out what was asked for.

use super::App;
use super::action::{Action, UnsavedAnswer};
use super::choosing::keeps_filling;
use super::command::Command;
use super::dialog::{AfterClosing, Dialog, FilePurpose};
use super::filling::Mode;
use super::read_only::changes;
use crate::canvas::TextSelection;
use crate::edit::Intent;
use crate::model::Status;
use crate::text::{BytePos, Span};
use crate::ui::focus::Region;
use crate::ui::lists::Tab;

impl App {
    /// Carries out one action.
    pub(super) fn act(&mut self, ctx: &egui::Context, action: Action) {
        let Some(action) = self.or_wait(action) else { return };
        if changes(&action) && !self.may_change() {
            return;
        }
        match action {
            Action::Run(command) => self.run(ctx, command),
            Action::RunFromPalette(command) => {
                self.remember_command(command);
                self.run(ctx, command);
            }
            Action::ShowReport(path) => self.show_report(path),
            Action::CloseToast(text) => self.toasts.close(&text),
            Action::Edit(intent) => self.edit_then(intent, |_, _| ()),
            Action::TypeIn(field) => self.type_in(field),
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
            Action::ShowHistory(state) => self.show_history(state),
            Action::GoBack(state) => self.go_back(state),
            Action::Again(action) => self.again_action(action),
            Action::Find(action) => self.find_action(ctx, action),
            Action::Reader(event) => self.reader_event(ctx, event),
            Action::OpenFile(path) => {
                self.dialog.take_if(|dialog| matches!(dialog, Dialog::Annotated { .. }));
                self.leave_then(ctx, AfterClosing::Open(path));
            }
            Action::OpenDocument(path, nth) => {
                self.dialog = None;
                self.leave_then(ctx, AfterClosing::OpenDocument(path, nth));
            }
            Action::Reencode(encoding) => self.reencode(ctx, encoding),
            Action::UseBuiltinSchema(name) => self.use_builtin_schema(name),
            Action::LoadSchema => self.choose_file(FilePurpose::Schema),
            Action::NewFromText { title, text } => {
                self.dialog = None;
                self.leave_then(ctx, AfterClosing::New { title, text });
            }
            Action::Recover(work) => self.leave_then(ctx, AfterClosing::Recover(work)),
            Action::Discard(key) => self.discard_unsaved(&key),
            Action::Unsaved(answer) => self.answer_unsaved(ctx, answer),
            Action::Export(action) => self.export_action(action),
            Action::Project(action) => self.project_action(ctx, action),
            Action::Schema(action) => self.schema_action(ctx, action),
            Action::Outside(action) => self.outside_action(ctx, action),
            Action::FileChosen(path) => self.file_chosen(ctx, path),
            Action::Replace(path) => {
                self.dialog = None;
                self.save_to(path, true);
            }
            Action::TakeOver => self.take_over(ctx),
            Action::SaveElsewhere => self.save_elsewhere(),
            Action::RetrySave => self.retry_save(false),
            Action::RetryJournal => self.retry_journal(),
            Action::StopOpening => self.stop_opening(),
            Action::LeaveUnwritten => self.leave_unwritten(ctx),
            Action::Show(dialog) => self.dialog = Some(*dialog),
            Action::CloseDialog => {
                let is_unanswered = self.is_first_asked_who();
                self.close_dialog();
                self.after_saving = None;
                if is_unanswered {
                    // Not to be asked again at every document.
                    self.only_look(ctx);
                }
            }
        }
    }

    fn run(&mut self, ctx: &egui::Context, command: Command) {
        if self.schema_editor_takes(command) {
            return;
        }
        if command.changes_document() && !self.may_change() {
            return;
        }
        if matches!(command, Command::Save | Command::SaveAs | Command::Export) && !self.is_all_read() {
            return;
        }
        if !keeps_filling(command) {
            self.end_filling();
        }
        if self.shows_statistics() && command.is_about_article() {
            return;
        }
        if command != Command::ExplainLabel {
            // It was read, and what comes next is about something else.
            self.explanation = None;
        }
        match command {
            Command::Open => self.choose_file(FilePurpose::Open),
            Command::OpenSample => self.leave_then(ctx, AfterClosing::Sample),
            Command::Paste => self.dialog = Some(Dialog::Paste { title: String::new(), text: String::new() }),
            Command::Save => self.save_with_what_is_typed(),
            Command::SaveAs => self.choose_file(FilePurpose::SaveAs),
            Command::Export => self.open_export(),
            Command::NewProject => self.new_project(None),
            Command::OpenProject => self.choose_file(FilePurpose::OpenProject),
            Command::AddFiles => self.choose_documents(FilePurpose::AddFiles),
            Command::AddFolder => self.choose_documents(FilePurpose::AddFolder),
            Command::NextDocument => self.step_document(ctx, true),
            Command::PreviousDocument => self.step_document(ctx, false),
            Command::DoneAndNext => self.done_and_next(ctx),
            Command::RemoveDocument => self.remove_chosen(ctx),
            Command::FocusQueue => self.focus_queue(ctx),
            Command::ToggleQueue => self.settings.show_queue = !self.settings.show_queue,
            Command::Statistics => self.toggle_statistics(),
            Command::ExportDataset => self.open_dataset(),
            Command::Guidelines => self.toggle_guidelines(),
            Command::EditLabels => self.toggle_schema_editor(),
            Command::TakeBackLabels => self.take_schema_change_back(ctx),
            Command::ChooseAnnotator => self.choose_annotator(),
            Command::SearchProject => self.open_search(ctx),
            Command::NextHit => self.step_hit(ctx, true),
            Command::PreviousHit => self.step_hit(ctx, false),
            Command::RescanProject if self.refuse_if_away() => {}
            Command::RescanProject => self.scan(),
            Command::CloseProject => self.leave_then(ctx, AfterClosing::CloseProject),
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
            Command::ShowReport => self.show_latest_report(),
            Command::About => self.dialog = Some(Dialog::About),
            _ => self.run_in_document(ctx, command),
        }
    }

    fn zoom(&mut self, ctx: &egui::Context, by: f32) {
        self.settings.zoom = ((self.settings.zoom + by) * 10.0).round().clamp(5.0, 30.0) / 10.0;
        ctx.set_zoom_factor(self.settings.zoom);
    }

    fn run_in_document(&mut self, ctx: &egui::Context, command: Command) {
        if self.move_by(command) {
            return;
        }
        let Some(session) = &mut self.session else { return };
        match command {
            Command::SwitchFocus | Command::SwitchFocusBack if self.dialog.is_none() => {
                self.focus.cycle(ctx, command == Command::SwitchFocus);
            }
            Command::ExplainLabel => self.explain_label(),
            Command::ContextMenu => self.open_context_menu(),
            Command::WidenPanel => self.resize_panel(40.0),
            Command::NarrowPanel => self.resize_panel(-40.0),
            Command::ShowEntities => self.show_list(ctx, Tab::Entities),
            Command::ShowEvents => self.show_list(ctx, Tab::Events),
            Command::ShowQuotes => self.show_list(ctx, Tab::Quotes),
            Command::ShowRelations => self.show_list(ctx, Tab::Relations),
            Command::ShowProblems => self.show_list(ctx, Tab::Problems),
            Command::ShowBatches => self.show_list(ctx, Tab::Batches),
            Command::ShowHistory => self.show_history(None),
            Command::Find
            | Command::FindNext
            | Command::FindPrevious
            | Command::FindCase
            | Command::FindWords
            | Command::FindRegex => self.find_command(ctx, command),
            Command::Undo | Command::Redo => self.undo_or_redo(command == Command::Undo),
            Command::Copy => {
                let spans = session.selection.spans();
                let words: Vec<&str> = spans.iter().map(|span| session.document().text().slice(*span)).collect();
                if !words.is_empty() {
                    ctx.copy_text(words.join(" … "));
                }
            }
            Command::Delete => match session.selected.clone() {
                Some(id) => self.edit_then(Intent::Delete { ids: vec![id] }, |_, _| ()),
                None => {
                    let how = self.how(Command::NextAnnotation);
                    self.toasts.refused(format!("Select an annotation first: click it, or {how}"));
                }
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
            Command::FillRoles => self.fill_roles(),
            Command::SetField => self.open_fields(),
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
