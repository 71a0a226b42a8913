//! One frame: what happens before it, and who draws what.

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::App;
use super::action::Action;
use super::banner::Banner;
use super::dialog::AfterClosing;
use super::document_frame::draw_banners;
use super::filling::{Mode, as_filler, legal_relations};
use super::input::{Asked, KeyFocus, take_key};
use super::project::ProjectAction;
use super::proposing::Proposing;
use super::{again, filling, hints};
use crate::canvas::Reader;
use crate::limits;
use crate::model::schema::KeyTable;
use crate::model::{Document, Id, Schema};
use crate::panics;
use crate::text::{BytePos, visible};
use crate::theme::{LabelPalette, Theme};
use crate::ui::focus::Region;
use crate::ui::menu::MenuState;
use crate::ui::{self, View, widgets};

/// What the article, its labels and its strips keep above the search of a project, in points.
const ROOM_ABOVE_SEARCH: f32 = 420.0;

impl App {
    /// Takes keys, finished jobs, dropped files and the wish to close; carries out what was asked for.
    pub(super) fn before_frame(&mut self, ctx: &egui::Context) {
        panics::trap(self.data.folder(), "before a frame");
        self.first_article.frame_begins();
        self.take_messages(ctx);
        if self.end(ctx) {
            return;
        }
        self.watch_files(ctx);
        self.watch_other_window(ctx);
        self.watch_opening(ctx);
        self.watch_disks(ctx);
        self.watch_project(ctx);
        self.watch_search();
        self.reveal_hit();
        let dropped: Vec<_> = ctx.input(|i| {
            let paths = i.raw.dropped_files.iter().map(|file| file.path().to_path_buf());
            paths.filter(|path| !path.as_os_str().is_empty()).collect()
        });
        match dropped.first() {
            Some(_) if self.project.is_some() => self.actions.push(ProjectAction::Add(dropped).into()),
            Some(path) => self.actions.push(Action::OpenFile(path.clone())),
            None => {}
        }
        if ctx.input(|i| i.viewport().close_requested())
            && !self.may_quit
            && (self.session.as_ref().is_some_and(|session| session.is_dirty() || session.large.is_busy())
                || self.inspector.drafts.is_typing()
                || self.has_schema_edits())
        {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            // What is being typed becomes an edit when its field is left, in the next frame.
            if let Some(field) = ctx.memory(egui::Memory::focused).filter(|_| ctx.text_edit_focused()) {
                ctx.memory_mut(|memory| memory.surrender_focus(field));
            }
            self.is_leaving = true;
            ctx.request_repaint();
        } else if std::mem::take(&mut self.is_leaving) {
            self.carry_out(ctx);
            self.leave_then(ctx, AfterClosing::Quit);
        }
        // What was clicked in the last frame comes before what was typed since.
        self.catch_up(ctx);
        self.carry_out(ctx);
        self.save_what_was_typed();
        self.keys(ctx);
        self.refresh(ctx);
        self.make_snapshot(ctx);
    }

    /// Carries out what was asked for.
    pub(super) fn carry_out(&mut self, ctx: &egui::Context) {
        // Carrying out one action may ask for another.
        for _ in 0..8 {
            if self.actions.is_empty() {
                break;
            }
            for action in std::mem::take(&mut self.actions) {
                self.act(ctx, action);
            }
        }
    }

    /// Carries out the keys of this frame.
    fn keys(&mut self, ctx: &egui::Context) {
        let is_composing = self.is_composing(ctx);
        // egui has read arrows and Tab already and may be about to move the focus: a widget that has just got it does not
        // yet keep them. While the article has the keyboard, they are ours.
        let has_reader_focus = ctx.memory(|m| m.focused().is_none_or(|id| id == Reader::id()));
        if self.session.is_some() && self.dialog.is_none() && has_reader_focus && !self.shows_page() {
            ctx.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
        }
        // egui takes the focus from a field on Escape before we see the key; it is the field's all the same.
        let has_left_field = self.was_typing && ctx.memory(|m| m.focused().is_none());
        self.press(ctx, |app| {
            let is_blocked = app.is_covered(ctx) || ctx.text_edit_focused() || is_composing || has_left_field;
            Some(match ctx.memory(egui::Memory::focused) {
                _ if is_blocked => KeyFocus::Blocked,
                Some(id) if id != Reader::id() && widgets::is_selected_row(ctx, id) => KeyFocus::Row,
                Some(id) if id != Reader::id() => KeyFocus::Elsewhere,
                // Letters are no labels where there is no article.
                _ if app.shows_page() => KeyFocus::Elsewhere,
                _ => KeyFocus::Reader,
            })
        });
    }

    /// Carries out the keys among the events one after another, each with the meaning that it has by then; `focus_of`
    /// tells who has the keyboard, `None` that it is somebody whom the rest is for. Gives the number of the first event that
    /// was not looked at.
    pub(super) fn press(&mut self, ctx: &egui::Context, focus_of: impl Fn(&Self) -> Option<KeyFocus>) -> usize {
        let mut at = 0;
        loop {
            let keymap = self.keymap.clone();
            let Some(focus) = focus_of(self) else { break };
            if focus != KeyFocus::Blocked && self.wait_with_keys(ctx, focus) {
                break;
            }
            // What is not seen takes no keys.
            let article = self.session.as_ref().filter(|_| !self.shows_page());
            let mode = article.map_or(Mode::Mark, |s| s.mode.clone());
            // The editor of the label set knows undo and the like; letters mean nothing there.
            let no_labels = self.shows_schema_editor().then(KeyTable::default);
            let keys = article.map(|s| &s.keys).or(no_labels.as_ref());
            let is_previewing = article.is_some_and(|s| s.again.is_some());
            let take =
                |events: &mut Vec<egui::Event>, at: &mut usize| take_key(events, at, &mode, keys, &keymap, focus);
            let before = self.is_held().then(|| ctx.input(|input| input.events.clone()));
            let asked = ctx.input_mut(|input| {
                if is_previewing {
                    again::take_key(&mut input.events, &mut at, &keymap, focus, take)
                } else {
                    take(&mut input.events, &mut at)
                }
            });
            let Some(asked) = asked else { break };
            match self.key_or_wait(ctx, asked, before, at, focus) {
                Some(Asked::Preview(key)) => self.preview_key(key),
                Some(Asked::Action(action)) => self.act(ctx, action),
                Some(Asked::Choice(choice)) => self.choosing_key(choice),
                None => {}
            }
            self.carry_out(ctx);
            // The next key may be one of the letters that this one brought up.
            self.refresh(ctx);
        }
        at
    }

    /// Brings what panels show up to date.
    pub(super) fn refresh(&mut self, ctx: &egui::Context) {
        self.search(ctx);
        let is_dark = ctx.theme() == egui::Theme::Dark;
        let Some(session) = &mut self.session else {
            self.set_title(ctx, "Manicule");
            return;
        };
        let schema = session.editor.schema().clone();
        let key = format!("{} {} {}", schema.name, schema.version, schema.mentions.len() + schema.events.len());
        let is_current =
            self.palette.as_ref().is_some_and(|(known, palette)| *known == key && palette.is_dark() == is_dark);
        if !is_current {
            self.palette = Some((key, LabelPalette::new(&schema, is_dark)));
        }
        session.refresh_cache();
        self.look_for_occurrences();
        let Some(session) = &mut self.session else { return };
        session.journal_error = session.journal.error().map(str::to_owned);
        session.tidy_problem();
        self.inspector.drafts.is_read_only = session.read_only.is_some();
        self.suggest(ctx);
        let Some(session) = &mut self.session else { return };
        let at = session.selection.head;
        session.hints = hints_for(session.editor.document(), &schema, &session.mode, &session.visible, at);
        let dirty = if session.is_dirty() { "• " } else { "" };
        let read_only = if session.read_only.is_some() { " (read-only)" } else { "" };
        let title = format!("{dirty}{}{read_only} – Manicule", session.title());
        self.set_title(ctx, &title);
    }

    fn set_title(&mut self, ctx: &egui::Context, title: &str) {
        if self.shown_title != title {
            self.shown_title = title.to_owned();
            // Drawn by the desktop, which obeys what the window shows.
            let shown = visible::visible(title);
            let words: String = shown.chars().take(limits::LINE_SHOWN).collect();
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(words));
        }
    }

    /// Draws the window.
    pub(super) fn draw(&mut self, ui: &mut Ui) {
        let theme = Theme::current(ui.ctx());
        if let Some(session) = &self.session {
            session.journal.trap(self.data.folder());
        }
        let bar = Frame::NONE.fill(theme.bar).inner_margin(Margin::symmetric(8, 3));
        let menu = Panel::top("menu").frame(bar).show(ui, |ui| self.draw_menu(ui));
        self.focus.drawn(Region::Menu, menu.response.rect);
        if self.session.is_none() || self.shows_page() {
            let banners = self.banners_to_draw();
            draw_banners(ui, theme, &banners, &mut self.focus, &mut self.actions);
        }
        self.draw_queue(ui, theme);
        self.draw_search(ui, theme);
        if self.shows_schema_editor() {
            self.draw_schema_editor(ui, theme);
        } else if self.shows_statistics() {
            self.draw_statistics(ui, theme);
        } else if self.session.is_some() {
            self.draw_document(ui, theme);
            self.first_article.drawn(ui.ctx());
        } else if self.project.is_some() {
            self.draw_project_home(ui, theme);
        } else {
            CentralPanel::default().frame(Frame::NONE.fill(theme.paper)).show(ui, |ui| {
                ui::welcome::welcome_ui(ui, &self.settings.recent, &self.unsaved, &mut self.actions);
            });
        }
        self.draw_dialog(ui.ctx());
        panics::trap(self.data.folder(), "drawing");
        let is_covered = self.is_covered(ui.ctx());
        self.focus.follow(ui.ctx(), is_covered);
        self.was_typing = ui.ctx().text_edit_focused();
        self.keep_focus(ui.ctx());
        ui::focus::ring(ui.ctx());
        ui::toasts::toasts_ui(ui.ctx(), &mut self.toasts, &mut self.actions);
        // What was asked for in this frame is carried out before the next one; make sure that there is one.
        if !self.actions.iter().all(|action| matches!(action, Action::Hover(_))) {
            ui.ctx().request_repaint();
        }
    }

    /// The article has the keyboard unless something else asked for it.
    fn keep_focus(&self, ctx: &egui::Context) {
        let is_free = !self.is_covered(ctx) && ctx.memory(|m| m.focused().is_none());
        if is_free && self.session.is_some() && !self.shows_page() {
            ctx.memory_mut(|m| m.request_focus(Reader::id()));
        }
    }

    fn draw_menu(&mut self, ui: &mut Ui) {
        let session = self.session.as_ref();
        let history = session.map(|s| s.editor.history());
        let encoding = session.filter(|s| s.origin.has_encoding && s.editor.revision() == 0);
        let state = MenuState {
            has_document: session.is_some(),
            has_project: self.project.is_some(),
            last_change: self.project.as_ref().and_then(|p| p.last_change.as_ref()).map(|last| last.title.as_str()),
            is_read_only: session.is_some_and(|s| s.read_only.is_some()),
            undo: history.and_then(|h| h.undo_title()),
            redo: history.and_then(|h| h.redo_title()),
            recent: &self.settings.recent,
            encoding: encoding.map(|s| s.document().header().metadata.encoding.as_deref().unwrap_or("UTF-8")),
            schema: session.map(|s| s.editor.schema().name.as_str()),
        };
        ui::menu::menu_ui(ui, &state, &mut self.actions);
    }

    /// What the strip above the article says now. The article stays where it is on the screen when the strip comes and
    /// goes, or the bar that finds.
    pub(super) fn banners_to_draw(&mut self) -> Vec<Banner> {
        let banners = self.banners();
        let bar = self.session.as_ref().and_then(|session| session.find.as_ref()).map_or(0.0, ui::find_bar::height);
        let height = ui::banner::height(&banners) + bar;
        if let Some(session) = &mut self.session
            && let Some(before) = session.banner_height.replace(height)
        {
            session.reader.view_begins_lower(height - before);
        }
        banners
    }

    /// The documents of the project, if one is open.
    fn draw_queue(&mut self, ui: &mut Ui, theme: &'static Theme) {
        let Some(mut project) = self.project.take_if(|_| self.settings.show_queue) else {
            self.focus.hidden(Region::Queue);
            return;
        };
        let side = Frame::NONE.fill(theme.panel).inner_margin(Margin::symmetric(10, 8));
        let widths = 190.0..=(ui.available_width() * 0.4).max(200.0);
        let side = Panel::left("queue").frame(side).default_size(260.0).size_range(widths);
        let mut view = std::mem::take(&mut project.view);
        let drawn = side.show(ui, |ui| {
            ui::project::queue::queue_ui(ui, theme, &project, &mut view, &mut self.actions);
        });
        project.view = view;
        self.focus.drawn(Region::Queue, drawn.response.rect);
        self.project = Some(project);
    }

    /// Whether something else stands in the place of the article.
    pub(super) fn shows_page(&self) -> bool {
        self.shows_statistics() || self.shows_schema_editor()
    }

    /// The statistics, in the place of the article.
    fn draw_statistics(&mut self, ui: &mut Ui, theme: &'static Theme) {
        for region in [Region::Article, Region::Labels, Region::Find, Region::Inspector, Region::Lists] {
            self.focus.hidden(region);
        }
        let Some(project) = &mut self.project else { return };
        let mut asked = Vec::new();
        CentralPanel::default().frame(Frame::NONE.fill(theme.paper)).show(ui, |ui| {
            let counting = &mut project.counting;
            match counting.figures.clone() {
                Some(figures) => asked = counting.page.ui(ui, &figures, &project.project.schema),
                None => ui::project::counting::counting_ui(ui, theme, counting, &mut self.actions),
            }
            self.focus.drawn(Region::Article, ui.max_rect());
        });
        self.statistics_asked(asked);
    }

    /// The search of the project below the article, so that the list stays while one goes from hit to hit.
    fn draw_search(&mut self, ui: &mut Ui, theme: &'static Theme) {
        // The editor of the label set needs the room.
        let is_editing = self.shows_schema_editor();
        let Some(mut project) = self.project.take_if(|project| project.search.is_shown && !is_editing) else {
            self.focus.hidden(Region::Search);
            return;
        };
        let frame = Frame::NONE.fill(theme.panel).inner_margin(Margin::symmetric(10, 6));
        let height = ui.available_height();
        // Labels, strips and some rows of the article stay in view.
        let most = (height - ROOM_ABOVE_SEARCH).min(height * 0.8).max(140.0);
        let panel = Panel::bottom("search").frame(frame).resizable(true).default_size((height * 0.4).min(most));
        let mut view = std::mem::take(&mut project.search_view);
        let drawn = panel.size_range(120.0..=most).show(ui, |ui| {
            ui::project::search::search_ui(ui, theme, &project, &mut view, &mut self.actions);
        });
        project.search_view = view;
        self.focus.drawn(Region::Search, drawn.response.rect);
        self.project = Some(project);
    }

    /// What stands in the middle while no document of the project is open.
    fn draw_project_home(&mut self, ui: &mut Ui, theme: &'static Theme) {
        CentralPanel::default().frame(Frame::NONE.fill(theme.paper)).show(ui, |ui| {
            let Some(project) = &self.project else { return };
            ui::project::home::home_ui(ui, theme, project, &self.unsaved, &mut self.actions);
        });
    }

    /// The editor of the label set, in the place of the reader.
    fn draw_schema_editor(&mut self, ui: &mut Ui, theme: &'static Theme) {
        for region in [Region::Article, Region::Labels, Region::Find, Region::Inspector, Region::Lists] {
            self.focus.hidden(region);
        }
        let Some(mut project) = self.project.take() else { return };
        if let Some(mut editor) = project.schema_editor.take() {
            let mut view = std::mem::take(&mut editor.view);
            ui::schema_editor::schema_editor_ui(ui, theme, &project, &editor, &mut view, &mut self.actions);
            editor.view = view;
            editor.wanted = None;
            project.schema_editor = Some(editor);
        }
        self.project = Some(project);
    }

    fn draw_dialog(&mut self, ctx: &egui::Context) {
        let Some(mut dialog) = self.dialog.take() else { return };
        let doing = self.session.as_ref().and_then(|session| session.large.text());
        let view = self.session.as_ref().zip(self.palette.as_ref()).map(|(session, (_, palette))| View {
            document: session.editor.document(),
            revision: session.editor.revision(),
            history: session.editor.history(),
            schema: session.editor.schema(),
            keys: &session.keys,
            cache: &session.cache,
            theme: Theme::current(ctx),
            palette,
            selected: session.selected.as_ref(),
            problem: session.problem.as_ref(),
            mode: &session.mode,
            suggestions: self.settings.show_suggestions.then_some(&session.suggestions),
            brush: session.brush.as_ref(),
            is_being_read: session.is_being_opened(),
            again: session.again.as_ref(),
            doing: doing.as_deref(),
        });
        ui::dialogs::dialog_ui(ctx, &mut dialog, view.as_ref(), &mut self.actions);
        self.dialog = Some(dialog);
        self.look_ahead();
    }
}

/// Digits for those who may have said the quote that is asked for.
fn speakers(proposing: &Proposing) -> Vec<(String, Id)> {
    let candidates = proposing.candidates().iter().enumerate().take(9).filter(|_| proposing.is_asked);
    candidates.filter_map(|(nth, c)| Some(((nth + 1).to_string(), c.filler.target()?.clone()))).collect()
}

/// Letters for everything on the page that can be chosen now; fewer for what is near `at`.
fn hints_for(document: &Document, schema: &Schema, mode: &Mode, visible: &[Id], at: BytePos) -> Vec<(String, Id)> {
    let fits: Vec<&Id> = match mode {
        Mode::Mark | Mode::Mend(_) => return Vec::new(),
        Mode::Propose(proposing) => return speakers(proposing),
        Mode::Fill(f) => {
            visible.iter().filter(|id| as_filler(document, schema, &f.owner, &f.slot, id).is_some()).collect()
        }
        Mode::Relate(r) if r.to.is_some() => return Vec::new(),
        Mode::Relate(r) => match &r.from {
            Some(from) => visible.iter().filter(|id| !legal_relations(document, schema, from, id).is_empty()).collect(),
            None => visible.iter().filter(|id| filling::starts_relation(document, schema, id)).collect(),
        },
        Mode::Jump(_) => visible.iter().collect(),
    };
    let distance = |id: &&Id| document.spans_of(id).first().map_or(u32::MAX, |span| span.start.0.abs_diff(at.0));
    let codes = hints::codes_by_distance(&fits.iter().map(distance).collect::<Vec<u32>>());
    let all = codes.into_iter().zip(fits.into_iter().cloned());
    // What fills the slot already keeps its letters, so that those of the others do not change under the hand.
    let is_open = |id: &Id| match mode {
        Mode::Fill(f) => !filling::fills_already(document, &f.owner, &f.slot, id),
        _ => true,
    };
    all.filter(|(_, id)| is_open(id)).collect()
}
