//! The statistics of the project: every layer is counted once, on a job, and again when it was saved; the page in place of
//! the reader draws what is wanted of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::ProjectMessage;
use crate::app::App;
use crate::app::dialog::FilePurpose;
use crate::app::files::Message;
use crate::jobs::ordered::in_order;
use crate::project::{Name, Project, documents};
use crate::review::statistics::plots::Show;
use crate::review::statistics::{Fed, Figures, Statistics, Wanted};
use crate::store::{self, OpenOptions};
use crate::ui::statistics::{Asked, StatisticsPage};

/// What is known of the project's numbers.
#[derive(Default)]
pub struct Counting {
    /// Whether the page is shown.
    pub is_shown: bool,
    /// What the page shows.
    pub page: StatisticsPage,
    /// The figures that are drawn.
    pub figures: Option<Arc<Figures>>,
    /// How far counting is, while it goes on.
    pub progress: Option<Arc<CountingProgress>>,
    /// Layers that could not be counted.
    pub left_out: usize,
    statistics: Option<Arc<Statistics>>,
    wanted: Wanted,
    asked: u64,
    /// Documents that were saved while others were counted.
    stale: Vec<Name>,
}

/// How far counting is.
#[derive(Default)]
pub struct CountingProgress {
    done: AtomicUsize,
    of: AtomicUsize,
    is_stopped: AtomicBool,
}

impl CountingProgress {
    /// Lets it end.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Layers that were counted, and all.
    pub fn looked(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }
}

/// What a job has counted.
pub struct Counted {
    statistics: Arc<Statistics>,
    figures: Arc<Figures>,
    left_out: usize,
}

/// What is to be saved of the page once it is known where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedFigure {
    /// The plot as PNG.
    Picture,
    /// The table as CSV.
    Table,
}

impl App {
    /// Whether a page stands in the place of the reader.
    pub(in crate::app) fn shows_statistics(&self) -> bool {
        self.project.as_ref().is_some_and(|project| project.counting.is_shown)
    }

    /// Shows the statistics, or the reader again.
    pub(in crate::app) fn toggle_statistics(&mut self) {
        let Some(project) = &mut self.project else {
            return self.toasts.refused("That is for projects; open or make one first");
        };
        project.counting.is_shown = !project.counting.is_shown;
        if let Some(editor) = project.schema_editor.as_mut().filter(|_| project.counting.is_shown) {
            // One page at a time; it waits until it is asked for again.
            editor.is_shown = false;
        }
        if project.counting.is_shown && project.counting.statistics.is_none() {
            self.count_all();
        }
    }

    /// Counts anew, now or when the page is shown next: all layers may have changed.
    pub(in crate::app) fn count_anew(&mut self) {
        let Some(project) = &mut self.project else { return };
        let counting = &mut project.counting;
        if let Some(progress) = counting.progress.take() {
            progress.stop();
        }
        // What is still being counted is an answer to nobody.
        counting.asked += 1;
        let was_counted = counting.statistics.take().is_some();
        if counting.is_shown && was_counted {
            self.count_all();
        }
    }

    /// Counts every layer of the project.
    pub(super) fn count_all(&mut self) {
        let Some(open) = &mut self.project else { return };
        if open.counting.progress.is_some() {
            return;
        }
        let progress = Arc::new(CountingProgress::default());
        open.counting.progress = Some(Arc::clone(&progress));
        open.counting.asked += 1;
        let (project, number, asked) = (open.project.clone(), open.number, open.counting.asked);
        let (wanted, ctx) = (open.counting.wanted.clone(), self.ctx.clone());
        self.jobs.spawn_or(
            "Counting",
            move || Message::Project(ProjectMessage::Counted { number, asked, counted: None }),
            move || {
                let counted = count(&project, &progress, wanted, &ctx);
                Message::Project(ProjectMessage::Counted { number, asked, counted: counted.map(Box::new) })
            },
        );
    }

    pub(super) fn statistics_counted(&mut self, asked: u64, counted: Option<Counted>) {
        let Some(project) = &mut self.project else { return };
        if asked != project.counting.asked {
            return;
        }
        project.counting.progress = None;
        let Some(Counted { statistics, figures, left_out }) = counted else {
            // Stopped, or failed, which was said.
            project.counting.is_shown &= project.counting.figures.is_some();
            return;
        };
        project.counting.statistics = Some(statistics);
        project.counting.figures = Some(figures);
        project.counting.left_out = left_out;
        for name in std::mem::take(&mut project.counting.stale) {
            self.count_again(&name);
        }
    }

    /// Counts a document again that was saved, if anything was counted.
    pub(in crate::app) fn count_again(&mut self, name: &Name) {
        let Some(open) = &mut self.project else { return };
        if open.counting.progress.is_some() {
            open.counting.stale.push(name.clone());
            return;
        }
        let Some(statistics) = open.counting.statistics.clone() else { return };
        let (project, number, name) = (open.project.clone(), open.number, name.clone());
        open.counting.asked += 1;
        let (asked, wanted, left_out) = (open.counting.asked, open.counting.wanted.clone(), open.counting.left_out);
        self.jobs.spawn("Counting a document", move || {
            let mut statistics = statistics.as_ref().clone();
            for folder in documents::layer_folders(&project.layout).unwrap_or_default() {
                let layer = project.layout.layer_of(&folder, &name);
                if let Some(one) = layer.is_file().then(|| count_one(&name, &layer)).flatten() {
                    statistics.merge(one);
                }
            }
            let counted = Some(Box::new(finish(&project, statistics, wanted, left_out)));
            Message::Project(ProjectMessage::Counted { number, asked, counted })
        });
    }

    /// Carries out what the page asked for.
    pub(in crate::app) fn statistics_asked(&mut self, asked: Vec<Asked>) {
        for asked in asked {
            match asked {
                Asked::Close => self.toggle_statistics(),
                Asked::Count(wanted) => self.count_wanted(wanted),
                Asked::SavePicture => self.save_figure(SavedFigure::Picture),
                Asked::SaveTable => self.save_figure(SavedFigure::Table),
                Asked::Documents { title, documents } => {
                    let Some(project) = &self.project else { return };
                    let Some(figures) = &project.counting.figures else { return };
                    let articles = figures.statistics.articles();
                    let names = documents.iter().filter_map(|at| Name::new(&articles.get(*at as usize)?.key));
                    let names = names.collect();
                    self.settings.show_queue = true;
                    self.actions.push(super::ProjectAction::Choose { title, names }.into());
                }
            }
        }
    }

    /// Draws other figures of what was counted.
    fn count_wanted(&mut self, wanted: Wanted) {
        let Some(open) = &mut self.project else { return };
        open.counting.wanted = wanted.clone();
        let Some(statistics) = open.counting.statistics.clone() else { return };
        open.counting.asked += 1;
        let (asked, number, left_out) = (open.counting.asked, open.number, open.counting.left_out);
        let project = open.project.clone();
        self.jobs.spawn("Counting", move || {
            let figures = Arc::new(Figures::count(Arc::clone(&statistics), wanted, &[&project.schema]));
            let counted = Some(Box::new(Counted { statistics, figures, left_out }));
            Message::Project(ProjectMessage::Counted { number, asked, counted })
        });
    }

    fn save_figure(&mut self, what: SavedFigure) {
        self.pending_figure = Some(what);
        self.choose_file(FilePurpose::Figure);
    }

    /// Writes the figure that is shown to a file, on a job: pictures take a moment.
    pub(in crate::app) fn save_figure_to(&mut self, path: PathBuf) {
        let Some(what) = self.pending_figure.take() else { return };
        let Some(open) = &self.project else { return };
        let Some(figures) = open.counting.figures.clone() else { return };
        let (show, schema) = (open.counting.page.shown(), Arc::clone(&open.project.schema));
        let is_dark = self.ctx.theme() == egui::Theme::Dark;
        let path = match what {
            _ if path.extension().is_some() => path,
            SavedFigure::Picture => path.with_extension("png"),
            SavedFigure::Table => path.with_extension("csv"),
        };
        self.settings.last_folder = path.parent().map(std::path::Path::to_owned);
        self.jobs.spawn("Saving a figure", move || {
            let bytes = figure_bytes(what, &figures, show, &schema, is_dark);
            let written = bytes.and_then(|bytes| {
                store::file::write_atomically(&path, &bytes).map_err(|error| format!("{}: {error}", path.display()))
            });
            Message::Project(ProjectMessage::FigureSaved(written.map(|()| path)))
        });
    }

    /// Stops counting.
    pub(super) fn stop_counting(&mut self) -> bool {
        let progress = self.project.as_ref().and_then(|project| project.counting.progress.as_ref());
        if let Some(progress) = progress {
            progress.stop();
        }
        progress.is_some()
    }
}

fn figure_bytes(
    what: SavedFigure,
    figures: &Figures,
    show: Show,
    schema: &crate::model::Schema,
    is_dark: bool,
) -> Result<Vec<u8>, String> {
    match what {
        SavedFigure::Picture => StatisticsPage::picture(figures, show, schema, is_dark),
        SavedFigure::Table => Ok(StatisticsPage::table(figures, show)),
    }
}

/// Counts all layers on all cores; `None` if it was stopped.
fn count(project: &Project, progress: &CountingProgress, wanted: Wanted, ctx: &egui::Context) -> Option<Counted> {
    let layers = documents::layers(&project.layout).unwrap_or_default();
    progress.of.store(layers.len(), Ordering::Relaxed);
    let mut statistics = Statistics::new();
    let mut left_out = 0;
    let result = in_order(
        &layers,
        |_, (_, name, path)| count_one(name, path),
        |at, one| {
            match one {
                Some(one) => statistics.merge(one),
                // The list of documents says what is wrong with it.
                None => left_out += 1,
            }
            progress.done.store(at + 1, Ordering::Relaxed);
            if at % 64 == 0 {
                ctx.request_repaint();
            }
            if progress.is_stopped.load(Ordering::Relaxed) { Err(()) } else { Ok(()) }
        },
    );
    result.ok()?;
    Some(finish(project, statistics, wanted, left_out))
}

fn finish(project: &Project, statistics: Statistics, wanted: Wanted, left_out: usize) -> Counted {
    let statistics = Arc::new(statistics);
    let figures = Arc::new(Figures::count(Arc::clone(&statistics), wanted, &[&project.schema]));
    Counted { statistics, figures, left_out }
}

fn count_one(name: &Name, path: &std::path::Path) -> Option<Statistics> {
    let options = OpenOptions { format: Some("ron".to_owned()), ..OpenOptions::default() };
    let opened = store::open_path(path, &options).ok()?;
    Some(Statistics::of(&Fed::of(name.as_str(), &opened.document)))
}
