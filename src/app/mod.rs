//! The window: state, what happens between frames, and who draws what.
//!
//! `App::logic` takes keys and finished jobs and carries out what was asked for; `App::ui` draws. Views push
//! [`action::Action`]s; nothing else reaches the document.

pub mod action;
pub mod again;
pub mod banner;
pub mod batches;
pub mod beside;
pub mod cache;
pub mod changing;
mod choosing;
pub mod command;
mod context_menu;
pub mod data;
pub mod dialog;
mod dispatch;
mod document_frame;
mod editing;
mod ending;
mod explaining;
pub mod exporting;
mod fallen;
pub mod fields;
mod file_choice;
mod files;
pub mod filling;
pub mod find;
mod finding;
mod first_article;
mod frame;
mod hints;
pub mod importing;
mod input;
pub mod journal;
mod keyboard;
pub mod keymap;
mod large_change;
mod leaving;
pub mod looking;
pub mod looking_ahead;
mod marking;
mod messages;
mod moving;
mod opening;
pub mod outside;
mod problems;
pub mod project;
pub mod proposing;
pub mod read_only;
mod reading;
mod ready;
mod relating;
mod reports;
mod saving;
pub mod schema_editor;
mod schemas;
mod session;
mod settings;
pub mod suggesting;
mod system_dialog;
pub mod telling;
pub mod toast;
mod trouble;
mod unsaved;
pub mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use crate::canvas::TextSelection;
use crate::jobs::Jobs;
use crate::model::{Document, Id};
use crate::panics;
use crate::text::find::Query;
use crate::theme::{self, LabelPalette};
use crate::ui::Actions;
use crate::ui::focus::Focus;
use crate::ui::inspector::InspectorState;
use crate::ui::lists::ListsState;

use context_menu::ContextMenu;
use data::DataDir;
use dialog::{AfterClosing, Dialog};
use ending::{Ending, LastTime};
use fallen::Fallen;
use find::Searches;
use keymap::Keymap;
use messages::Message;
use session::Session;
use settings::Settings;
use telling::Teller;
use toast::Toasts;

/// Under which eframe keeps our settings.
const SETTINGS_KEY: &str = "settings";

/// The application.
pub struct App {
    data: DataDir,
    settings: Settings,
    session: Option<Session>,
    /// The project that is open.
    project: Option<project::OpenProject>,
    /// How many projects were asked for.
    project_request: u64,
    /// The document to open once it is known who works here.
    pending_document: Option<crate::project::Name>,
    /// The hit of a search to bring into view once its document is there.
    pending_hit: Option<crate::project::search::Hit>,
    /// The document to take out of the project once it is left.
    pending_removal: Option<crate::project::Name>,
    /// The change of hits that waits for the document to be left.
    pending_hits: Option<Box<crate::project::search::HitsChange>>,
    /// The figure that is to be saved once it is known where.
    pending_figure: Option<project::SavedFigure>,
    /// The look at what a change of the label set touches that waits for the document to be saved.
    pending_review: Option<Arc<schema_editor::review::Work>>,
    /// The export that waits for the document to be saved.
    pending_export: Option<(crate::project::Recipe, PathBuf, bool)>,
    /// When the user did something last, in seconds of the context's clock.
    active_secs: f64,
    /// What a label means, while that is shown.
    explanation: Option<crate::ui::explain::Explanation>,
    /// How guidelines are shown.
    guidelines_view: crate::ui::project::guidelines::GuidelinesState,
    /// The dialog over which that for files was opened.
    beneath_dialog: Option<Dialog>,
    dialog: Option<Dialog>,
    /// What was set in the export dialog last, while another dialog is open or none.
    export: Option<Box<exporting::Export>>,
    /// How many documents were opened.
    session_count: u64,
    /// How many files were asked for.
    open_request: u64,
    /// How often unsaved work was looked for.
    unsaved_request: u64,
    /// The file that is being opened.
    opening: Option<opening::OpeningFile>,
    /// Whether a file dialog of the system is open, on a thread.
    is_choosing_file: bool,
    /// How many changes were begun on a thread.
    change_count: u64,
    /// How often occurrences were looked for on a thread.
    look_count: u64,
    /// How many saves were begun.
    save_count: u64,
    /// What to do once the file is saved.
    after_saving: Option<AfterClosing>,
    toasts: Toasts,
    jobs: Jobs<Message>,
    /// What was looked for last, in any document.
    find_query: Query,
    /// The threads that look for it.
    searches: Searches,
    inspector: InspectorState,
    lists: ListsState,
    palette: Option<(String, LabelPalette)>,
    unsaved: Vec<crate::store::Unsaved>,
    context_menu: Option<ContextMenu>,
    /// The window may close: everything is saved, or the user said not to.
    may_quit: bool,
    shown_title: String,
    first_article: first_article::FirstArticle,
    /// Actions of this frame, carried out before the next one.
    actions: Actions,
    /// Which key runs which command.
    keymap: Arc<Keymap>,
    /// Who has the keyboard.
    focus: Focus,
    /// The width that the side panel is to have, in points.
    panel_width: Option<f32>,
    /// What had the focus when an input method began to compose, while it does.
    composing_at: Option<egui::Id>,
    /// Whether a text field had the focus when the last frame was drawn.
    was_typing: bool,
    /// Whether the window is to be closed once the field is left.
    is_leaving: bool,
    /// The field that was left so that what is typed in it is saved too; it gets the keyboard again.
    saving_from: Option<egui::Id>,
    /// For the names of keys in messages.
    ctx: egui::Context,
    /// What is known of a panic in the window, until the user has said how to go on.
    fallen: Option<Fallen>,
    /// How the program ended last time, until the user was told.
    last_time: Option<LastTime>,
    /// Whether somebody outside the window wants it to close.
    ending: Arc<Ending>,
    /// Tells the kill test what is called saved.
    teller: Teller,
}

impl App {
    /// Makes the application, which keeps unsaved work in `data`; opens `file` if one is given.
    pub fn new(cc: &eframe::CreationContext<'_>, data: DataDir, file: Option<PathBuf>) -> Self {
        let settings: Settings = cc.storage.and_then(|s| eframe::get_value(s, SETTINGS_KEY)).unwrap_or_default();
        let mut app = Self::with_settings(&cc.egui_ctx, data, settings);
        if let Some(file) = file {
            app.actions.push(action::Action::OpenFile(file));
        }
        app
    }

    /// Closes when `ending` is asked to, and lets it know of the journal.
    #[must_use]
    fn with_ending(mut self, ending: Arc<Ending>) -> Self {
        ending.of_window(&self.ctx);
        self.ending = ending;
        self.teller = Teller::of_environment();
        self
    }

    fn with_settings(ctx: &egui::Context, data: DataDir, settings: Settings) -> Self {
        theme::install(ctx);
        ctx.set_theme(settings.theme);
        ctx.set_zoom_factor(settings.zoom);
        // Ours knows the same keys and remembers the size.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let waker = ctx.clone();
        let jobs = Jobs::new(move || {
            let ctx = waker.clone();
            Box::new(move || ctx.request_repaint())
        });
        let jobs = jobs.with_traps_in(data.folder().map(std::path::Path::to_owned));
        let ending = Arc::new(Ending::default());
        ending.of_window(ctx);
        let last_time = ending::last_time(&data);
        let mut app = Self {
            data,
            lists: ListsState { tab: settings.tab, ..ListsState::default() },
            settings,
            session: None,
            project: None,
            project_request: 0,
            pending_document: None,
            pending_removal: None,
            pending_hits: None,
            pending_figure: None,
            pending_review: None,
            pending_export: None,
            pending_hit: None,
            active_secs: 0.0,
            explanation: None,
            guidelines_view: Default::default(),
            beneath_dialog: None,
            dialog: None,
            export: None,
            session_count: 0,
            open_request: 0,
            unsaved_request: 0,
            opening: None,
            is_choosing_file: false,
            change_count: 0,
            look_count: 0,
            save_count: 0,
            after_saving: None,
            toasts: Toasts::default(),
            jobs,
            find_query: Query::default(),
            searches: Searches::default(),
            inspector: InspectorState::default(),
            palette: None,
            unsaved: Vec::new(),
            context_menu: None,
            may_quit: false,
            shown_title: String::new(),
            first_article: Default::default(),
            actions: Actions::new(),
            keymap: Arc::default(),
            focus: Focus::default(),
            panel_width: None,
            composing_at: None,
            was_typing: false,
            is_leaving: false,
            saving_from: None,
            ctx: ctx.clone(),
            fallen: None,
            last_time,
            ending,
            teller: Teller::default(),
        };
        app.look_for_unsaved();
        app.load_keymap(ctx);
        app
    }

    /// The document that is open.
    pub fn document(&self) -> Option<&Document> {
        self.session.as_ref().map(Session::document)
    }

    /// What the title bar says.
    pub fn window_title(&self) -> &str {
        &self.shown_title
    }

    /// The selected annotation or entity, if a document is open.
    pub fn selected(&self) -> Option<&Id> {
        self.session.as_ref()?.selected.as_ref()
    }

    /// The project that is open.
    pub fn open_project_shown(&self) -> Option<&project::OpenProject> {
        self.project.as_ref()
    }

    /// Caret and selected words, if a document is open.
    pub fn selection(&self) -> Option<&TextSelection> {
        self.session.as_ref().map(|session| &session.selection)
    }

    /// Where a place of the text is on the screen, if it is there.
    pub fn place_of(&self, at: crate::text::BytePos) -> Option<egui::Pos2> {
        let session = self.session.as_ref()?;
        session.reader.caret_rect(&TextSelection::caret(at)).map(|rect| rect.center())
    }

    /// Whether no job runs, suggestions are up to date and the journal has reached the disk, so that only the user can
    /// change anything now.
    pub fn is_idle(&self) -> bool {
        let shows = self.settings.show_suggestions;
        let is_settled = |session: &Session| {
            session.journal.is_settled()
                // What waits for a dialog to be closed waits for the user.
                && !session.large.is_running()
                && (self.dialog.is_some() || !session.large.is_busy())
                && session.find.as_ref().is_none_or(find::Find::is_settled)
                && session.watch.as_ref().is_none_or(watch::Watch::is_settled)
                && (!shows || session.is_being_opened() || session.suggestions.is_settled(session.editor.revision()))
        };
        let is_seen = self.project.as_ref().is_none_or(|project| project.presence.is_settled());
        !self.jobs.is_busy() && is_seen && (self.fallen.is_some() || self.session.as_ref().is_none_or(is_settled))
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.guarded_logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.guarded_ui(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        panics::trap(self.data.folder(), "painting");
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        self.settings.tab = self.lists.tab;
        self.remember_project();
        self.save_clock();
        eframe::set_value(storage, SETTINGS_KEY, &self.settings);
    }
}

/// Opens the window and runs until it is closed.
///
/// # Errors
/// If no window can be opened, in words.
pub fn run(file: Option<PathBuf>) -> Result<(), String> {
    let icon = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icons/manicule-256.png")).ok();
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("Manicule")
        .with_app_id("manicule")
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([720.0, 480.0])
        .with_drag_and_drop(true);
    if let Some(icon) = icon {
        viewport = viewport.with_icon(icon);
    }
    let data = DataDir::of_user();
    let ending = Arc::new(Ending::default());
    ending::listen(&ending);
    ending::prepare_for_panics(&ending, &data);
    let options =
        eframe::NativeOptions { viewport, persistence_path: data.window(), ..eframe::NativeOptions::default() };
    let app = move |cc: &eframe::CreationContext<'_>| App::new(cc, data, file).with_ending(ending);
    let run = || eframe::run_native("manicule", options, Box::new(move |cc| Ok(Box::new(app(cc)))));
    // A panic beside our own code, in drawing shapes or in the system's events, takes the window with it.
    let ended = panics::catch(run).map_err(|_| {
        "the window is gone; whatever was not saved is in the journal, and the next start offers it".to_owned()
    })?;
    ended.map_err(|error| {
        format!("no window can be opened: {error}\nOn a machine without a desktop, run it under xvfb-run (see README)")
    })
}
