//! The statistics of the project: the page in place of the reader, what it asks for, and saving what it shows.

use std::path::PathBuf;
use std::sync::Arc;

use super::ProjectMessage;
use super::counting::{CountingProgress, Standing};
use crate::app::App;
use crate::app::dialog::FilePurpose;
use crate::app::messages::Message;
use crate::project::Name;
use crate::review::statistics::Figures;
use crate::review::statistics::plots::Show;
use crate::store;
use crate::ui::statistics::{Asked, Drawing, StatisticsPage, Wish};

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
    pub(super) standing: Standing,
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
        if !project.counting.is_shown {
            return;
        }
        if project.counting.figures.is_none() && project.presence.is_away() {
            project.counting.is_shown = false;
            self.refuse_if_away();
            return;
        }
        self.count_all();
    }

    /// Carries out what the page asked for.
    pub(in crate::app) fn statistics_asked(&mut self, asked: Vec<Asked>) {
        for asked in asked {
            match asked {
                Asked::Close => self.toggle_statistics(),
                Asked::Count(wanted) => self.count_wanted(wanted),
                Asked::Draw(wish) => self.work_out_drawing(wish),
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

    /// Works out a figure that is too much for a frame.
    fn work_out_drawing(&mut self, wish: Wish) {
        let Some(open) = &self.project else { return };
        let number = open.number;
        self.jobs.spawn("Drawing a figure", move || {
            Message::Project(ProjectMessage::Drawn { number, drawing: Box::new(wish.work_out()) })
        });
    }

    pub(super) fn drawn(&mut self, drawing: Drawing) {
        if let Some(project) = &mut self.project {
            let before = project.counting.page.take(drawing);
            self.jobs.throw_away(before);
        }
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
        let ctx = self.ctx.clone();
        let path = match what {
            _ if path.extension().is_some() => path,
            SavedFigure::Picture => path.with_extension("png"),
            SavedFigure::Table => path.with_extension("csv"),
        };
        self.settings.last_folder = path.parent().map(std::path::Path::to_owned);
        self.jobs.spawn("Saving a figure", move || {
            let bytes = figure_bytes(what, &figures, show, &schema, &ctx);
            let written = bytes.and_then(|bytes| {
                store::write_atomically(&path, &bytes).map_err(|error| format!("{}: {error}", path.display()))
            });
            Message::Project(ProjectMessage::FigureSaved(written.map(|()| path)))
        });
    }
}

fn figure_bytes(
    what: SavedFigure,
    figures: &Figures,
    show: Show,
    schema: &crate::model::Schema,
    ctx: &egui::Context,
) -> Result<Vec<u8>, String> {
    match what {
        SavedFigure::Picture => StatisticsPage::picture(figures, show, schema, ctx),
        SavedFigure::Table => Ok(StatisticsPage::table(figures, show)),
    }
}
