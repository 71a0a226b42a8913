//! Where the reader stands in the article.
//!
//! The state is an anchor: a chunk and how far below its top the view begins, in points. Heights above the
//! anchor may be corrected at any time; what is read stays where it is, only the scroll bar moves.

use egui::{CursorIcon, Rect, Sense, Ui, pos2};

use super::heights::Heights;
use super::page::Page;
use crate::text::Span;
use crate::theme::Theme;

/// How long a jump glides, in seconds.
const GLIDE_SECS: f64 = 0.14;

/// A place that is asked for and not yet shown.
#[derive(Clone, Copy, Debug)]
pub enum Request {
    /// In the middle, unless it is visible already.
    Centre(Span),
    /// Just inside the view.
    Reveal(Span),
}

/// The anchor, and what is on its way.
#[derive(Clone, Debug, Default)]
pub struct Scroll {
    /// The chunk that the offset is measured from.
    pub chunk: usize,
    /// How far below the top of that chunk the view begins; negative is above.
    pub offset: f64,
    /// What to show in the next frame.
    pub request: Option<Request>,
    /// While gliding: how far the view is still from the anchor, and since when.
    glide: Option<(f64, f64)>,
}

impl Scroll {
    /// At the top of the page.
    pub fn at_start(page: &Page, request: Option<Request>) -> Self {
        Self { offset: -f64::from(page.top_margin()), request, ..Self::default() }
    }

    /// Where the view begins, from the top of the first row.
    pub fn top(&self, heights: &Heights) -> f64 {
        heights.top(self.chunk) + self.offset
    }

    /// Goes to a distance from the top of the first row.
    pub fn go_to(&mut self, heights: &Heights, top: f64) {
        (self.chunk, self.offset) = heights.find(top);
        if top < 0.0 {
            self.offset += top;
        }
        self.glide = None;
    }

    /// Moves by so many points, and stops what glides.
    pub fn by(&mut self, points: f64) {
        self.offset += points;
        self.glide = None;
    }

    /// Keeps the view on the page: white above the first row, and the last row no higher than the middle.
    pub fn clamp(&mut self, heights: &Heights, page: &Page) {
        let (first, last) = range(heights, page);
        let top = self.top(heights);
        if top < first {
            (self.chunk, self.offset) = (0, first);
        } else if top > last {
            let glide = self.glide;
            self.go_to(heights, last);
            self.glide = glide;
        }
    }

    /// Makes the anchor a chunk that the view begins in.
    pub fn normalise(&mut self, heights: &Heights) {
        while self.offset < 0.0 && self.chunk > 0 {
            self.chunk -= 1;
            self.offset += heights.get(self.chunk);
        }
        while self.chunk + 1 < heights.len() && self.offset >= heights.get(self.chunk) {
            self.offset -= heights.get(self.chunk);
            self.chunk += 1;
        }
    }

    /// Begins to glide from `distance` points away to the anchor.
    pub fn glide_from(&mut self, distance: f64, now: f64) {
        self.glide = (distance.abs() > 1.0).then_some((distance, now));
    }

    /// How far the view is from the anchor now. Ends the glide when it is over.
    pub fn glide_offset(&mut self, now: f64) -> f64 {
        let Some((distance, since)) = self.glide else {
            return 0.0;
        };
        let left = 1.0 - (now - since) / GLIDE_SECS;
        if left <= 0.0 {
            self.glide = None;
            return 0.0;
        }
        distance * left * left
    }

    /// Whether it is gliding.
    pub fn is_gliding(&self) -> bool {
        self.glide.is_some()
    }
}

/// The first and the last place that the view may begin at.
fn range(heights: &Heights, page: &Page) -> (f64, f64) {
    let first = -f64::from(page.top_margin());
    (first, (heights.total() - f64::from(page.view.height()) / 2.0).max(first))
}

/// Which place of the article the upper end of the scroll bar is, from the top of the first row, and how far it reaches.
pub fn extent(heights: &Heights, page: &Page) -> (f64, f64) {
    let (first, last) = range(heights, page);
    (first, last - first + f64::from(page.view.height()))
}

/// What the scroll bar shows.
pub struct Bar<'a> {
    /// Its identifier.
    pub id: egui::Id,
    /// Its place on the screen.
    pub area: Rect,
    /// Places worth a mark, from the top of the article.
    pub ticks: &'a [(f64, egui::Color32)],
    /// What is marked at a height of the screen, to go there.
    pub place_at: &'a dyn Fn(f32) -> Option<Span>,
}

/// Draws the scroll bar and follows the pointer on it.
pub fn bar(ui: &Ui, bar: &Bar<'_>, page: &Page, heights: &Heights, scroll: &mut Scroll) {
    let Bar { id, area, ticks, place_at } = *bar;
    let (first, last) = range(heights, page);
    let view = f64::from(page.view.height());
    let (_, all) = extent(heights, page);
    let at = |top: f64| area.min.y + ((top - first) / all) as f32 * area.height();
    let response = ui.interact(area, id, Sense::click_and_drag());
    let length = ((view / all) as f32 * area.height()).max(28.0).min(area.height());
    let travel = (area.height() - length).max(1.0);
    let share = if last > first { ((scroll.top(heights) - first) / (last - first)).clamp(0.0, 1.0) } else { 0.0 };
    let thumb_top = area.min.y + share as f32 * travel;
    let thumb = Rect::from_min_max(pos2(area.min.x, thumb_top), pos2(area.max.x, thumb_top + length));
    if response.dragged() {
        let moved = f64::from(response.drag_delta().y) / f64::from(travel) * (last - first);
        if moved != 0.0 {
            let top = (scroll.top(heights) + moved).clamp(first, last);
            scroll.go_to(heights, top);
        }
    } else if response.clicked()
        && let Some(pos) = response.interact_pointer_pos()
        && !thumb.contains(pos)
    {
        if let Some(place) = place_at(pos.y) {
            scroll.request = Some(Request::Centre(place));
            ui.ctx().request_repaint();
        } else {
            let page_by = if pos.y < thumb.min.y { -0.9 * view } else { 0.9 * view };
            let top = (scroll.top(heights) + page_by).clamp(first, last);
            scroll.go_to(heights, top);
        }
    }
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::accesskit::Role::ScrollBar, true, "Scroll the article");
        info.value = Some((share * 100.0).round());
        info
    });
    let theme = Theme::current(ui.ctx());
    let painter = ui.painter_at(area);
    if last > first {
        let is_active = response.hovered() || response.dragged();
        let (width, color) = if is_active { (6.0, theme.muted) } else { (4.0, theme.border) };
        let shown = Rect::from_center_size(thumb.center(), egui::vec2(width, thumb.height() - 4.0));
        painter.rect_filled(shown, width / 2.0, color);
        if is_active {
            ui.ctx().set_cursor_icon(CursorIcon::Default);
        }
    }
    // Above the thumb, which would hide them where the reader stands.
    for (top, color) in ticks {
        let y = at(*top).clamp(area.min.y + 1.0, area.max.y - 1.0);
        painter.rect_filled(Rect::from_center_size(pos2(area.center().x, y), egui::vec2(6.0, 2.0)), 1.0, *color);
    }
}
