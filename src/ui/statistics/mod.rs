//! The page of statistics: which figures there are at the left, the plot of one of them, its table beneath. It takes the
//! place of the reader.
//!
//! Counting is done elsewhere and takes a moment; the page draws [`Figures`] that are there, and asks for others. What
//! is drawn is worked out once for each figure, and of many documents on a thread; until then what was drawn before stays,
//! or a word in its place. Everything that is clicked leads to documents.

mod columns;
mod grid;
mod header;
mod plot;
mod points;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Align, Color32, Layout, RichText, ScrollArea, Stroke, Ui, UiBuilder, vec2};
use strum::IntoEnumIterator as _;

use super::widgets::{muted, row, told};
use crate::model::Schema;
use crate::model::colors::{LabelShades, Rgb};
use crate::review::statistics::plots::{Cell, Empty, Figure, Ink, Plot, Section, Series, Show, picture};
use crate::review::statistics::{Behind, Figures, Period, Wanted};
use crate::theme::{Theme, semibold, size, space};

/// What the user asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// To see these documents.
    Documents {
        /// What they have in common, in words.
        title: String,
        /// Numbers of articles, sorted.
        documents: Vec<u32>,
    },
    /// To count something else.
    Count(Wanted),
    /// To have this worked out on a thread; see [`StatisticsPage::take`].
    Draw(Wish),
    /// To write the figure that is shown as PNG; see [`StatisticsPage::picture`].
    SavePicture,
    /// To write the table that is shown as CSV; see [`StatisticsPage::table`].
    SaveTable,
    /// To have the reader back.
    Close,
}

/// Of so many documents a figure is worked out within a frame.
const AT_ONCE: u32 = 500;

/// What the page remembers between frames.
#[derive(Default)]
pub struct StatisticsPage {
    show: Show,
    /// The column by which the table is sorted, and whether from the largest; `None` = as the figure has it.
    sort: Option<(usize, bool)>,
    drawn: Option<Drawing>,
    /// What was asked for last that takes a thread.
    asked: Option<Wish>,
}

/// What is to be drawn: a figure, and its table in an order.
#[derive(Clone)]
pub struct Wish {
    figures: Arc<Figures>,
    show: Show,
    sort: Option<(usize, bool)>,
    /// The figure, where only its table is to be put in another order.
    known: Option<Arc<Figure>>,
}

/// What is drawn.
pub struct Drawing {
    of: Wish,
    figure: Arc<Figure>,
    /// Places of the rows of the table.
    order: Vec<u32>,
}

impl Wish {
    fn is_of(&self, figures: &Arc<Figures>, show: Show) -> bool {
        Arc::ptr_eq(&self.figures, figures) && self.show == show
    }

    /// Works it out. Takes as long as there are documents, entities or rows.
    pub fn work_out(self) -> Drawing {
        let figure = self.known.clone().unwrap_or_else(|| Arc::new(Figure::of(&self.figures, self.show)));
        let order = match self.sort {
            Some((column, is_descending)) => figure.table.sorted(column, is_descending),
            None => (0..figure.table.rows.len() as u32).collect(),
        };
        Drawing { of: Self { known: None, ..self }, figure, order }
    }
}

/// Of the same figures, in the same order.
impl PartialEq for Wish {
    fn eq(&self, other: &Self) -> bool {
        self.is_of(&other.figures, other.show) && self.sort == other.sort
    }
}

impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wish").field("show", &self.show).field("sort", &self.sort).finish_non_exhaustive()
    }
}

/// The colours that a plot takes.
pub(super) struct Brush {
    pub(super) theme: &'static Theme,
    pub(super) shades: LabelShades,
}

/// How something is drawn.
pub(super) struct Paint {
    pub(super) fill: Color32,
    pub(super) line: Color32,
}

pub(super) fn color(Rgb([red, green, blue]): Rgb) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

impl Brush {
    pub(super) fn paint(&self, ink: &Ink) -> Paint {
        let paint = ink.paint(&self.shades, self.theme.is_dark);
        Paint { fill: paint.fill.map_or(self.theme.paper, color), line: color(paint.line) }
    }
}

/// Something in a plot that leads to documents: what it says, and what is behind it.
pub(super) struct Hit<'a> {
    pub(super) says: &'a str,
    pub(super) behind: &'a Behind,
}

impl StatisticsPage {
    /// Which figure is shown.
    pub fn shown(&self) -> Show {
        self.show
    }

    /// Shows another one.
    pub fn choose(&mut self, show: Show) {
        if show != self.show {
            self.show = show;
            self.sort = None;
        }
    }

    /// The figure that is shown as PNG, in the colours and the fonts of the screen. Takes a moment: not for a frame.
    ///
    /// # Errors
    /// In words, if there is nothing to draw.
    pub fn picture(figures: &Figures, show: Show, schema: &Schema, ctx: &egui::Context) -> Result<Vec<u8>, String> {
        let figure = Figure::of(figures, show);
        let is_dark = ctx.theme() == egui::Theme::Dark;
        let lender = |missing: &BTreeSet<char>| {
            let lent = crate::theme::lend_fonts(ctx, missing).into_iter();
            lent.map(|(bytes, index)| picture::OtherFont { bytes, index }).collect()
        };
        picture::png(&figure, &header::counted(figures), schema, is_dark, &lender)
    }

    /// The table of a figure as CSV.
    pub fn table(figures: &Figures, show: Show) -> Vec<u8> {
        Figure::of(figures, show).table.csv()
    }

    /// Draws the page; gives what the user asks for.
    pub fn ui(&mut self, ui: &mut Ui, figures: &Arc<Figures>, schema: &Schema) -> Vec<Asked> {
        let theme = Theme::current(ui.ctx());
        let mut asked = Vec::new();
        ui.painter().rect_filled(ui.max_rect(), 0, theme.paper);
        self.follow(figures, &mut asked);
        header::ui(ui, theme, figures, self.can_save(), &mut asked);
        let rest = ui.available_rect_before_wrap();
        let wide = if rest.width() < 1_000.0 { 184.0 } else { 208.0 };
        let (left, right) = rest.split_left_right_at_x(rest.left() + wide);
        ui.painter().rect_filled(left, 0, theme.panel);
        ui.painter().vline(left.right(), left.y_range(), theme.hairline());
        let inside = |rect: egui::Rect, x: f32, y: f32| rect.shrink2(vec2(x, y));
        ui.scope_builder(UiBuilder::new().max_rect(inside(left, space::S, space::M)), |ui| self.sections(ui));
        ui.scope_builder(UiBuilder::new().max_rect(inside(right, space::L, space::M)), |ui| {
            self.views(ui, theme);
            self.follow(figures, &mut asked);
            let Some(drawn) = self.drawn.as_ref().filter(|drawn| drawn.of.show == self.show) else {
                return waiting_ui(ui, theme);
            };
            let brush = Brush { theme, shades: LabelShades::new(schema, theme.is_dark) };
            let (mut hit, mut sort) = (None, None);
            figure_ui(ui, &brush, drawn, self.sort, &mut hit, &mut sort);
            // Numbers of documents are those of the figures that are drawn.
            let is_current = drawn.of.is_of(figures, self.show);
            if let Some((title, behind)) = hit.filter(|_| is_current) {
                asked.push(Asked::Documents { title, documents: figures.documents_behind(&behind) });
            }
            if let Some(column) = sort {
                self.sort_by(column);
                self.follow(figures, &mut asked);
            }
        });
        asked
    }

    /// Takes what was worked out on a thread; gives back what is not needed any more. Only the latest wish counts.
    pub fn take(&mut self, drawing: Drawing) -> Option<Drawing> {
        if self.asked.as_ref() != Some(&drawing.of) {
            return Some(drawing);
        }
        self.asked = None;
        self.drawn.replace(drawing)
    }

    /// Whether there is a picture, and a table.
    fn can_save(&self) -> (bool, bool) {
        let figure = self.drawn.as_ref().filter(|drawn| drawn.of.show == self.show).map(|drawn| &drawn.figure);
        figure.map_or((false, false), |f| (!matches!(f.plot, Plot::Empty(_)), !f.table.rows.is_empty()))
    }

    /// Works out what is shown, if it is not what was shown, or asks for it.
    fn follow(&mut self, figures: &Arc<Figures>, asked: &mut Vec<Asked>) {
        let known = self.drawn.as_ref().filter(|drawn| drawn.of.is_of(figures, self.show));
        let known = known.map(|drawn| Arc::clone(&drawn.figure));
        let wish = Wish { figures: Arc::clone(figures), show: self.show, sort: self.sort, known };
        if self.drawn.as_ref().is_some_and(|drawn| drawn.of == wish) {
            // What was asked for meanwhile is not wanted any more.
            self.asked = None;
        } else if figures.documents <= AT_ONCE {
            self.asked = None;
            self.drawn = Some(wish.work_out());
        } else if self.asked.as_ref() != Some(&wish) {
            self.asked = Some(Wish { known: None, ..wish.clone() });
            asked.push(Asked::Draw(wish));
        }
    }

    /// Sorts by another column, numbers from the largest; by the same once more the other way round.
    fn sort_by(&mut self, column: usize) {
        let is_number = |drawn: &Drawing| drawn.figure.table.columns.get(column).is_some_and(|column| column.is_number);
        let is_number = self.drawn.as_ref().is_some_and(is_number);
        self.sort = match self.sort {
            Some((known, is_descending)) if known == column => Some((column, !is_descending)),
            _ => Some((column, is_number)),
        };
    }

    fn sections(&mut self, ui: &mut Ui) {
        ScrollArea::vertical().id_salt("sections").show(ui, |ui| {
            for section in Section::iter() {
                let is_shown = self.show.section == section;
                let response = row(ui, section.title(), is_shown, |ui| {
                    let size = vec2(ui.available_width(), 26.0);
                    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                        ui.set_min_size(size);
                        let text = RichText::new(section.title());
                        let text = if is_shown { text.font(semibold(size::BODY)) } else { text };
                        // A text that can be selected would take the click.
                        ui.add(egui::Label::new(text).selectable(false));
                    });
                });
                if response.clicked() {
                    self.choose(Show { section, is_second: false, ..self.show });
                }
            }
        });
    }

    /// The choices of the section.
    fn views(&mut self, ui: &mut Ui, theme: &Theme) {
        let mut show = self.show;
        let Some(names) = show.views() else { return };
        ui.horizontal(|ui| {
            for (is_second, name) in [false, true].into_iter().zip(names) {
                if segment(ui, theme, name, show.is_second == is_second) {
                    show.is_second = is_second;
                }
            }
            if show.section == Section::Time {
                ui.add_space(space::L);
                let periods = [
                    (None, "As it fits"),
                    (Some(Period::Day), "Days"),
                    (Some(Period::Week), "Weeks"),
                    (Some(Period::Month), "Months"),
                    (Some(Period::Year), "Years"),
                ];
                for (period, name) in periods {
                    if segment(ui, theme, name, show.period == period) {
                        show.period = period;
                    }
                }
            }
        });
        ui.add_space(space::XS);
        self.choose(show);
    }
}

/// One of several things of which one is chosen.
fn segment(ui: &mut Ui, theme: &Theme, name: &str, is_chosen: bool) -> bool {
    let text = RichText::new(name).color(if is_chosen { theme.text } else { theme.muted });
    let fill = if is_chosen { theme.accent_soft } else { Color32::TRANSPARENT };
    let line = if is_chosen { Stroke::new(1.0, theme.accent) } else { theme.hairline() };
    let response = ui.add(egui::Button::new(text).fill(fill).stroke(line).selected(is_chosen));
    response.clicked()
}

/// Title, plot and table.
fn figure_ui(
    ui: &mut Ui,
    brush: &Brush,
    drawn: &Drawing,
    sort: Option<(usize, bool)>,
    hit: &mut Option<(String, Behind)>,
    sorted: &mut Option<usize>,
) {
    let figure = &drawn.figure;
    ui.label(RichText::new(&figure.title).font(semibold(size::HEADING + 2.0)));
    ui.add_space(-space::XS);
    muted(ui, brush.theme, figure.note.as_str());
    let room = ui.available_height();
    // The table keeps a few rows in any case.
    let rows = drawn.order.len().min(6) as f32;
    let least = table::HEAD + table::ROW * rows + space::S;
    let wanted = match &figure.plot {
        Plot::Bars(bars) => plot::height(bars) + if bars.legend.is_empty() { 0.0 } else { LEGEND },
        Plot::Grid(grid) => grid::height(grid),
        Plot::Empty(_) | Plot::Columns(_) | Plot::Points(_) => room,
    };
    let height = wanted.min(room * 0.6).min(room - least).max(140.0);
    let (_, area) = ui.allocate_space(vec2(ui.available_width(), height));
    ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
        let name = format!("Plot: {}. The table below has its numbers", figure.title);
        let found = match &figure.plot {
            Plot::Empty(empty) => {
                empty_ui(ui, brush.theme, *empty);
                None
            }
            Plot::Bars(bars) => {
                legend(ui, brush, &bars.legend);
                plot::bars(ui, brush, bars, &name)
            }
            Plot::Columns(all) => {
                legend(ui, brush, &all.legend);
                columns::columns(ui, brush, all, &name)
            }
            Plot::Grid(grid) => grid::grid(ui, brush, grid, &name),
            Plot::Points(points) => points::points(ui, brush, points, &name),
        };
        if let Some(found) = found {
            *hit = Some((found.says.to_owned(), found.behind.clone()));
        }
    });
    ui.add_space(space::S);
    if figure.table.rows.is_empty() {
        return;
    }
    match table::ui(ui, brush, &figure.table, &drawn.order, sort) {
        Some(table::Clicked::Column(column)) => *sorted = Some(column),
        Some(table::Clicked::Row(place)) => {
            if let Some(row) = figure.table.rows.get(place as usize) {
                let words: Vec<String> = row.cells.iter().take(2).map(Cell::shown).collect();
                *hit = Some((format!("{}: {}", figure.title, words.join(", ")), row.behind.clone()));
            }
        }
        None => {}
    }
}

/// Height of the names of the pieces, where they fit one line.
const LEGEND: f32 = 34.0;

/// Names of the pieces.
fn legend(ui: &mut Ui, brush: &Brush, series: &[Series]) {
    if series.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for series in series {
            let paint = brush.paint(&series.ink);
            let (rect, _) = ui.allocate_exact_size(vec2(11.0, 11.0), egui::Sense::hover());
            ui.painter().rect(rect, 2, paint.fill, Stroke::new(1.2, paint.line), egui::StrokeKind::Inside);
            ui.add_space(-3.0);
            ui.label(told(&series.name).as_ref());
            ui.add_space(space::S);
        }
    });
}

/// Says that the figure is being worked out.
fn waiting_ui(ui: &mut Ui, theme: &Theme) {
    let room = ui.available_height();
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space((room * 0.3).max(space::M));
        muted(ui, theme, "Working it out…");
    });
}

/// Says what is missing, in the middle.
fn empty_ui(ui: &mut Ui, theme: &Theme, empty: Empty) {
    let room = ui.available_height();
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space((room * 0.36).max(space::M));
        ui.label(RichText::new(empty.what).font(semibold(size::HEADING)));
        muted(ui, theme, empty.hint);
    });
}

/// What a pointer over a plot finds: shows what it says; gives it if it was clicked.
fn found<'a>(response: &egui::Response, hit: Option<Hit<'a>>) -> Option<Hit<'a>> {
    let hit = hit?;
    let response = response.clone().on_hover_cursor(egui::CursorIcon::PointingHand);
    let response = response.on_hover_ui_at_pointer(|ui| {
        ui.label(told(hit.says).as_ref());
        ui.label(RichText::new("Click to see the documents").small().weak());
    });
    response.clicked().then_some(hit)
}

/// Tells assistive programs what a plot is.
fn name_plot(ui: &Ui, response: &egui::Response, name: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
}
