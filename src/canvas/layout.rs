//! Sets a chunk of text in rows and knows where each grapheme is.
//!
//! Coordinates: bytes from the start of the chunk; points from the chunk's top left corner. Everything above
//! this file asks a [`ChunkLayout`] and never the shaper, so that a layouter that can set right-to-left text in
//! its right order may take the place of [`EguiLayouter`]: a byte range may then be several rectangles a row.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, Context, FontId, Galley, Painter, Pos2, Vec2};
use smallvec::SmallVec;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::visible;

/// How a chunk is set.
#[derive(Clone, Debug, PartialEq)]
pub struct TextStyle {
    /// Face and size.
    pub font: FontId,
    /// Distance of two baselines, in points.
    pub pitch: f32,
}

/// Turns text into rows.
pub trait TextLayouter {
    /// Sets `chunk` (one line of the text, without its line end) in rows no wider than `width` points.
    fn layout(&mut self, chunk: &str, style: &TextStyle, width: f32) -> ChunkLayout;
}

/// The layouter that egui ships. It shapes, but does not reorder: right-to-left text is drawn, and its words
/// stand in the wrong order.
pub struct EguiLayouter<'a> {
    /// Whose fonts to use.
    pub ctx: &'a Context,
}

/// One grapheme in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cluster {
    /// Where it begins, in bytes of the chunk.
    start: u32,
    /// Left edge; the right edge is `right`, also where reading goes the other way.
    left: f32,
    right: f32,
    is_space: bool,
}

/// One row of a chunk.
#[derive(Clone, Debug)]
pub struct Row {
    /// The bytes of the chunk that stand in this row, with the white space at its end.
    pub bytes: Range<u32>,
    /// Top of the row; the next row's top is one pitch lower.
    pub top: f32,
    /// The line that letters stand on.
    pub baseline: f32,
    clusters: Vec<Cluster>,
}

/// Part of a row that a byte range covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowPart {
    /// Which row.
    pub row: usize,
    /// Left edge.
    pub left: f32,
    /// Right edge.
    pub right: f32,
}

/// A chunk that is set.
#[derive(Clone, Debug)]
pub struct ChunkLayout {
    rows: Vec<Row>,
    galley: Arc<Galley>,
}

impl TextLayouter for EguiLayouter<'_> {
    fn layout(&mut self, chunk: &str, style: &TextStyle, width: f32) -> ChunkLayout {
        // The colour is filled in when painting, so that another theme needs no other layout.
        let format = TextFormat {
            font_id: style.font.clone(),
            line_height: Some(style.pitch),
            color: Color32::PLACEHOLDER,
            ..Default::default()
        };
        // One character for each: places in what is drawn are places in the chunk.
        let shown = visible::stand_ins(chunk).into_owned();
        let mut job = LayoutJob::single_section(shown, format);
        job.wrap = TextWrapping { max_width: width, ..Default::default() };
        job.break_on_newline = false;
        job.keep_trailing_whitespace = true;
        let galley = self.ctx.fonts_mut(|fonts| fonts.layout_job(job));
        ChunkLayout::from_galley(chunk, galley, style)
    }
}

impl ChunkLayout {
    fn from_galley(chunk: &str, galley: Arc<Galley>, style: &TextStyle) -> Self {
        let chars = chunk.chars().count();
        let glyphs: usize = galley.rows.iter().map(|row| row.glyphs.len()).sum();
        let mut rows = Vec::with_capacity(galley.rows.len());
        let (mut seen, mut byte) = (0, 0);
        for (i, row) in galley.rows.iter().enumerate() {
            seen += row.glyphs.len();
            // One glyph per character is the rule; a ligature of a right-to-left script breaks it. Then the rows
            // share the characters in proportion: wrong by a little, but complete and in order.
            let is_last = i + 1 == galley.rows.len();
            let upto = match () {
                () if is_last => chars,
                () if glyphs == chars => seen,
                () => seen * chars / glyphs.max(1),
            };
            let before = chunk.get(..byte).map_or(0, |s| s.chars().count());
            let rest = chunk.get(byte..).unwrap_or_default();
            let taken = rest.char_indices().nth(upto.saturating_sub(before)).map_or(rest.len(), |(at, _)| at);
            let words = rest.get(..taken).unwrap_or_default();
            let clusters = if glyphs == chars {
                clusters_of_glyphs(words, byte, row.glyphs.iter().map(|g| row.pos.x + g.pos.x), row.pos.x + row.size.x)
            } else {
                clusters_in_proportion(words, byte, row.pos.x, row.pos.x + row.size.x)
            };
            let baseline = row.glyphs.first().map_or(style.pitch * 0.66, |g| g.pos.y);
            rows.push(Row {
                bytes: byte as u32..(byte + taken) as u32,
                top: row.pos.y,
                baseline: row.pos.y + baseline,
                clusters,
            });
            byte += taken;
        }
        Self { rows, galley }
    }

    /// The rows, from top to bottom. At least one.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row in which the caret stands at `byte`: of two that meet there, the later.
    pub fn row_of(&self, byte: u32) -> usize {
        self.rows.partition_point(|row| row.bytes.start <= byte).saturating_sub(1)
    }

    /// The row at height `y`, clamped.
    pub fn row_at(&self, y: f32) -> usize {
        self.rows.partition_point(|row| row.top <= y).saturating_sub(1)
    }

    /// The parts of rows that a byte range covers, without the white space that hangs at the ends of rows.
    pub fn byte_range_rects(&self, bytes: Range<u32>) -> SmallVec<[RowPart; 2]> {
        let mut parts = SmallVec::new();
        let first = self.row_of(bytes.start);
        for (i, row) in self.rows.iter().enumerate().skip(first) {
            if row.bytes.start >= bytes.end {
                break;
            }
            let inside = row.clusters_in(&bytes);
            let visible = inside.len() - inside.iter().rev().take_while(|c| c.is_space).count();
            // White space alone is shown, so that a span of it can be seen at all.
            let shown = inside.get(..visible).filter(|s| !s.is_empty()).unwrap_or(inside);
            let left = shown.iter().map(|c| c.left).fold(f32::INFINITY, f32::min);
            let right = shown.iter().map(|c| c.right).fold(f32::NEG_INFINITY, f32::max);
            let hangs = visible == 0 && bytes.start < row.bytes.start;
            if left <= right && !hangs {
                parts.push(RowPart { row: i, left, right });
            }
        }
        parts
    }

    /// The byte whose caret is nearest to a point.
    pub fn hit(&self, pos: Vec2) -> u32 {
        let row = self.row_at(pos.y);
        self.rows.get(row).map_or(0, |r| r.hit(pos.x, row + 1 == self.rows.len()))
    }

    /// The row and the x of the caret at `byte` (between graphemes: of the grapheme it is in).
    pub fn caret(&self, byte: u32) -> (usize, f32) {
        let row = self.row_of(byte);
        (row, self.rows.get(row).map_or(0.0, |r| r.caret(byte)))
    }

    /// Draws the text with its top left corner at `origin`.
    pub fn paint(&self, painter: &Painter, origin: Pos2, color: Color32) {
        painter.galley(origin, self.galley.clone(), color);
    }

    /// How much memory it takes, roughly, in glyphs.
    pub fn weight(&self) -> usize {
        self.rows.iter().map(|row| row.clusters.len()).sum::<usize>() + 1
    }
}

impl Row {
    fn clusters_in(&self, bytes: &Range<u32>) -> &[Cluster] {
        // A grapheme that is only partly inside counts: it cannot be drawn in halves.
        let first = self.clusters.partition_point(|c| c.start <= bytes.start).saturating_sub(1);
        let last = self.clusters.partition_point(|c| c.start < bytes.end);
        self.clusters.get(first..last).unwrap_or_default()
    }

    /// The byte whose caret is nearest to `x` in this row.
    pub fn hit(&self, x: f32, is_last_row: bool) -> u32 {
        let nearest = self.clusters.iter().enumerate().min_by(|(_, a), (_, b)| a.distance(x).total_cmp(&b.distance(x)));
        let Some((i, cluster)) = nearest else {
            return self.bytes.start;
        };
        let end = self.clusters.get(i + 1).map_or(self.bytes.end, |next| next.start);
        // The end of a row that goes on is the start of the next one: stay before the space that hangs there.
        let is_row_end = end == self.bytes.end && !is_last_row && cluster.is_space;
        if x < f32::midpoint(cluster.left, cluster.right) || is_row_end { cluster.start } else { end }
    }

    /// Where the caret stands at `byte`.
    pub fn caret(&self, byte: u32) -> f32 {
        let last = self.clusters.last().map_or(0.0, |c| c.right);
        if byte >= self.bytes.end {
            return last;
        }
        let at = self.clusters.partition_point(|c| c.start <= byte).saturating_sub(1);
        self.clusters.get(at).map_or(last, |c| c.left)
    }

    /// Right edge of the last visible letter.
    pub fn right(&self) -> f32 {
        self.clusters.iter().rev().find(|c| !c.is_space).map_or(0.0, |c| c.right)
    }
}

impl Cluster {
    fn distance(&self, x: f32) -> f32 {
        (self.left - x).max(x - self.right).max(0.0)
    }
}

/// Graphemes from one x per character. A ligature gives its first grapheme all the width; it is shared out.
fn clusters_of_glyphs(words: &str, from: usize, mut lefts: impl Iterator<Item = f32>, right: f32) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::with_capacity(words.len());
    for (at, grapheme) in words.grapheme_indices(true) {
        let left = lefts.next().unwrap_or(right);
        for _ in grapheme.chars().skip(1) {
            lefts.next();
        }
        let is_space = grapheme.chars().all(char::is_whitespace);
        clusters.push(Cluster { start: (from + at) as u32, left, right: left, is_space });
    }
    for i in 0..clusters.len() {
        let next = clusters.get(i + 1).map_or(right, |c| c.left);
        clusters[i].right = next.max(clusters[i].left);
    }
    let mut i = 0;
    while i < clusters.len() {
        // Graphemes without width after one: all of them are one ligature, which is the last with any width.
        let same = clusters[i..].iter().take_while(|c| c.left - clusters[i].left < 0.5).count().max(1);
        if same > 1 {
            let (left, end) = (clusters[i].left, clusters[i + same - 1].right);
            share(&mut clusters[i..i + same], left, end);
        }
        i += same;
    }
    clusters
}

/// Graphemes of equal width, for rows of which the shaper tells no more than their extent.
fn clusters_in_proportion(words: &str, from: usize, left: f32, right: f32) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = words
        .grapheme_indices(true)
        .map(|(at, grapheme)| {
            let is_space = grapheme.chars().all(char::is_whitespace);
            Cluster { start: (from + at) as u32, left, right, is_space }
        })
        .collect();
    share(&mut clusters, left, right);
    clusters
}

fn share(clusters: &mut [Cluster], left: f32, right: f32) {
    let width = (right - left) / clusters.len().max(1) as f32;
    for (i, cluster) in clusters.iter_mut().enumerate() {
        cluster.left = left + width * i as f32;
        cluster.right = cluster.left + width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme;

    fn with_layout(chunk: &str, width: f32, check: impl Fn(&ChunkLayout)) {
        let ctx = Context::default();
        theme::install(&ctx);
        let mut check = Some(check);
        let output = ctx.run_ui(Default::default(), |ui| {
            let style = TextStyle { font: theme::reading(18.0), pitch: 40.0 };
            let layout = EguiLayouter { ctx: ui.ctx() }.layout(chunk, &style, width);
            if let Some(check) = check.take() {
                check(&layout);
            }
        });
        output.drop_without_applying_deltas();
    }

    #[test]
    fn a_hit_on_the_caret_of_a_boundary_gives_that_boundary() {
        let texts = [
            "Anna met Bob in the office; the finest fjord, efficient, offline and fluffy.",
            "A 😀 and e\u{301}, o\u{308}\u{323}. Ça va?\u{a0}Oui",
            "word  with   spaces   ",
            "\tx",
            "",
            "שלום עולם 42 abc",
            "北京 and Kyiv",
            "user\u{202e}txt.exe\u{202c} and \u{1b}[31m\u{ad}\u{feff}\u{200b}x",
            "می\u{200c}خواهم 👩\u{200d}🚀 1\u{fe0f}\u{20e3} pay\u{200d}pal a\u{e0048}\u{e0069} x\u{fe01}",
        ];
        for text in texts {
            for width in [600.0, 120.0] {
                with_layout(text, width, |layout| {
                    let boundaries = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]);
                    for byte in boundaries.map(|at| at as u32) {
                        let (row, x) = layout.caret(byte);
                        let found = layout.hit(egui::vec2(x, layout.rows()[row].top + 20.0));
                        assert_eq!(found, byte, "{text:?} at {byte} in row {row}, x {x}, width {width}");
                    }
                });
            }
        }
    }

    #[test]
    fn hidden_characters_have_width_and_selectors_that_are_needed_have_none() {
        let text = "ab\u{202e}c\u{1b}d\u{200d}e👩\u{200d}🚀";
        with_layout(text, 600.0, |layout| {
            let width = |from: usize, to: usize| {
                let parts = layout.byte_range_rects(from as u32..to as u32);
                parts.iter().map(|p| p.right - p.left).sum::<f32>()
            };
            let letter = width(0, 1);
            assert!(width(2, 5) > letter, "RLO is drawn");
            assert!(width(6, 7) > letter, "ESC is drawn");
            // A joiner belongs to the letter before it: their box is wider than the letter.
            assert!(width(7, 11) > 2.0 * letter, "ZWJ is drawn");
            let space = text.find('👩').expect("there");
            assert!(width(space, text.len()) < 6.0 * letter, "the rocket is joined, or two pictures side by side");
        });
    }

    #[test]
    fn rows_cover_the_chunk_and_stand_one_pitch_apart() {
        let text = "The two sides agreed in principle to certain terms and have a better understanding. ".repeat(5);
        with_layout(&text, 300.0, |layout| {
            let mut end = 0;
            for (i, row) in layout.rows().iter().enumerate() {
                assert_eq!(row.bytes.start, end);
                assert!((row.top - 40.0 * i as f32).abs() < 0.01);
                end = row.bytes.end;
            }
            assert_eq!(end as usize, text.len());
            assert!(layout.rows().len() > 5);
        });
    }

    #[test]
    fn a_range_over_two_rows_has_two_parts_without_hanging_space() {
        let text = "one two three four five six seven eight nine ten";
        with_layout(text, 150.0, |layout| {
            let end = layout.rows()[0].bytes.end;
            let parts = layout.byte_range_rects(end - 3..end + 3);
            assert_eq!(parts.iter().map(|p| p.row).collect::<Vec<_>>(), [0, 1]);
            assert!((parts[0].right - layout.rows()[0].right()).abs() < 0.01);
            assert_eq!(layout.byte_range_rects(end..end + 3).len(), 1);
        });
    }
}
