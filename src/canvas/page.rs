//! The page: how wide the column is, how far rows are apart, where marks lie in a row.
//!
//! All in points. Nothing here depends on annotations: the room for underlines and tags is there whether or not
//! anything is marked, so that labelling never moves the text.

use egui::emath::GuiRounding as _;
use egui::{FontId, Rangef, Rect};

use super::chunks::Setting;
use super::lanes::MAX_LANES;
use super::layout::TextStyle;
use crate::theme::{self, size};

/// Thickness of an underline.
pub const UNDERLINE: f32 = 2.0;
/// Height of a tag.
pub const TAG_HEIGHT: f32 = 12.0;
/// Width of the scroll bar.
pub const SCROLL_BAR: f32 = 10.0;
/// Widest column at [`size::READING`]: about 68 characters.
const MEASURE: f32 = 600.0;

/// Everything that a layout depends on besides the text.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutKey {
    /// Width of the column in whole points.
    pub width: f32,
    /// Size of the article's type.
    pub text_size: f32,
    /// Whether there is room for tags.
    pub show_tags: bool,
    /// Pixels per point.
    pub pixels_per_point: f32,
}

/// Where things are in a row of one setting; `y` is measured from the baseline, down is positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowMetrics {
    /// Size of type.
    pub size: f32,
    /// Distance of baselines.
    pub pitch: f32,
    /// Top of a fill.
    pub fill_top: f32,
    /// Bottom of a fill.
    pub fill_bottom: f32,
}

impl RowMetrics {
    fn new(size: f32, show_tags: bool, pixels_per_point: f32) -> Self {
        let (above, below) = (0.80 * size, 0.27 * size);
        let lanes = 1.0 + MAX_LANES as f32 * 2.6;
        let marks = if show_tags { lanes + TAG_HEIGHT + 4.5 } else { lanes + 1.5 };
        let pitch = (above + below + marks).max(1.6 * size).round_to_pixels(pixels_per_point);
        Self { size, pitch, fill_top: -above, fill_bottom: below }
    }

    /// Distance of lanes; they move together when there are many.
    pub fn lane_step(deepest: usize) -> f32 {
        if deepest < 2 { UNDERLINE + 1.0 } else { UNDERLINE + 0.6 }
    }

    /// Middle of the underline in a lane.
    pub fn lane(&self, lane: usize, deepest: usize) -> f32 {
        self.fill_bottom + 1.0 + UNDERLINE / 2.0 + lane as f32 * Self::lane_step(deepest)
    }

    /// Top of the tags in a row whose deepest lane is `deepest` (`None`: no lane in use).
    pub fn tag_top(&self, deepest: Option<usize>) -> f32 {
        deepest.map_or(self.fill_bottom + 1.5, |lane| self.lane(lane, lane) + UNDERLINE / 2.0 + 1.0)
    }
}

/// The page of one frame.
#[derive(Clone, Debug)]
pub struct Page {
    /// What the reader covers on the screen, without the scroll bar.
    pub view: Rect,
    /// Left and right edge of the text.
    pub column: Rangef,
    /// Rows of running text.
    pub body: RowMetrics,
    /// Rows of the headline.
    pub headline: RowMetrics,
    /// What layouts depend on.
    pub key: LayoutKey,
}

impl Page {
    /// The page in `rect` with type of `text_size`.
    pub fn new(rect: Rect, text_size: f32, show_tags: bool, pixels_per_point: f32) -> Self {
        let text_size = text_size.clamp(8.0, 72.0);
        let scale = text_size / size::READING;
        let mut view = rect;
        view.max.x = (view.max.x - SCROLL_BAR).max(view.min.x);
        // A narrow panel gives the left gutter up first, then the right one.
        let roomy = ((view.width() - 420.0) / 260.0).clamp(0.0, 1.0);
        let (left, right) = (24.0 + 96.0 * roomy, 20.0 + 28.0 * roomy);
        let width = (view.width() - left - right).min(MEASURE * scale).max(120.0).floor();
        // Centred where there is room, but never into the left gutter.
        let x = (view.center().x - width / 2.0).max(view.min.x + left).round_to_pixels(pixels_per_point);
        let metrics = |size| RowMetrics::new(size, show_tags, pixels_per_point);
        Self {
            view,
            column: Rangef::new(x, x + width),
            body: metrics(text_size),
            headline: metrics(size::HEADLINE * scale),
            key: LayoutKey { width, text_size, show_tags, pixels_per_point },
        }
    }

    /// The metrics of a chunk's rows.
    pub fn metrics(&self, setting: Setting) -> &RowMetrics {
        if setting == Setting::Headline { &self.headline } else { &self.body }
    }

    /// Face and pitch of a chunk.
    pub fn text_style(&self, setting: Setting) -> TextStyle {
        let metrics = self.metrics(setting);
        let font = match setting {
            Setting::Headline => theme::reading_bold(metrics.size),
            Setting::Body | Setting::Empty => theme::reading(metrics.size),
        };
        TextStyle { font, pitch: metrics.pitch }
    }

    /// Height of a chunk with so many rows. An empty line is half a row of white.
    pub fn chunk_height(&self, setting: Setting, rows: usize) -> f32 {
        let pitch = self.metrics(setting).pitch;
        let height = if setting == Setting::Empty { pitch / 2.0 } else { pitch * rows as f32 };
        height.round_to_pixels(self.key.pixels_per_point)
    }

    /// A guess at the height of a chunk of so many bytes, before it is laid out.
    pub fn estimated_height(&self, setting: Setting, bytes: u32) -> f32 {
        let per_row = (self.key.width / (0.47 * self.metrics(setting).size)).max(1.0);
        self.chunk_height(setting, (bytes as f32 / per_row).ceil().max(1.0) as usize)
    }

    /// White above the first row.
    pub fn top_margin(&self) -> f32 {
        (2.0 * self.body.size).round()
    }

    /// The size of tags: they grow with the article, but less.
    pub fn tag_font(&self) -> FontId {
        theme::semibold(size::TAG * (self.key.text_size / size::READING).clamp(0.9, 1.15))
    }

    /// Room to the left of the text, for bars of quotes and names of speakers.
    pub fn gutter(&self) -> Rangef {
        Rangef::new((self.column.min - 150.0).max(self.view.min.x + 8.0), self.column.min - 10.0)
    }
}
