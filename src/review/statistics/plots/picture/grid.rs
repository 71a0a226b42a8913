//! A cell for each of two things.

use super::{Area, Brush, Face, MARGIN, TEXT, WIDTH, cut};
use crate::model::colors::{Rgb, Shades};
use crate::review::statistics::plots::{Grid, number};

const CELL: f32 = 30.0;
const NAMES: f32 = 230.0;
/// The room for slanted names above.
const SLANTED: f32 = 150.0;

impl Brush<'_> {
    /// Draws it below `top`; gives where it ends.
    pub(super) fn grid(&mut self, grid: &Grid, top: f32) -> f32 {
        let (soft, text, rule) = (self.colors.soft, self.colors.text, self.colors.rule);
        let names: Vec<String> = grid.rows.iter().map(|name| cut(name, Face::Label, TEXT, NAMES)).collect();
        let left = MARGIN + names.iter().map(|name| Face::Label.width(TEXT, name)).fold(0.0, f32::max) + 10.0;
        let room = (WIDTH - MARGIN - SLANTED * 0.7 - left) / grid.columns.len().max(1) as f32;
        let wide = room.clamp(CELL, 64.0);
        let columns: Vec<String> = grid.columns.iter().map(|name| cut(name, Face::Label, TEXT, SLANTED)).collect();
        let longest = columns.iter().map(|name| Face::Label.width(TEXT, name)).fold(0.0, f32::max);
        let body = top + 30.0 + longest * 0.72;
        let [row_axis, column_axis] = grid.axes;
        self.words(MARGIN, top + 12.0, &format!("rows: {row_axis} · columns: {column_axis}"), soft);
        for (nth, name) in columns.iter().enumerate() {
            let x = left + (nth as f32 + 0.5) * wide;
            self.out.out.push_str(&format!("<g transform=\"rotate(-42 {x} {})\">", body - 8.0));
            self.words(x, body - 8.0, name, text);
            self.out.out.push_str("</g>");
        }
        for (nth, name) in names.iter().enumerate() {
            self.words_to(left - 8.0, body + (nth as f32 + 0.5) * CELL + TEXT * 0.36, name, text);
        }
        let (right, bottom) = (left + columns.len() as f32 * wide, body + names.len() as f32 * CELL);
        for nth in 0..=names.len() {
            let y = body + nth as f32 * CELL;
            self.out.line((left, y), (right, y), 1.0, rule, "");
        }
        for nth in 0..=columns.len() {
            let x = left + nth as f32 * wide;
            self.out.line((x, body), (x, bottom), 1.0, rule, "");
        }
        let most = grid.tiles.iter().map(|tile| tile.value).max().unwrap_or(1);
        for tile in &grid.tiles {
            let (row, column) = tile.at;
            let (fill, words) = strength(tile.value, most, self.colors.is_dark);
            let (x, y) = (left + column as f32 * wide, body + row as f32 * CELL);
            let area = Area { x: x + 1.0, y: y + 1.0, width: wide - 2.0, height: CELL - 2.0 };
            self.out.area(area, 2.0, &fill.to_string(), "");
            self.words_at(x + wide / 2.0, y + CELL / 2.0 + TEXT * 0.36, &number(tile.value), &words.to_string());
        }
        bottom + 6.0
    }
}

/// The colour of a cell and of the number in it.
pub fn strength(value: u64, most: u64, is_dark: bool) -> (Rgb, Rgb) {
    let shades = Shades::new(Rgb::of_hue(258.0), is_dark);
    // Few cells are large, so the root tells more of the others.
    match (value as f64 / most.max(1) as f64).sqrt() {
        share if share > 0.8 => (shades.chip, shades.on_chip),
        share if share > 0.55 => (shades.line, shades.on_chip),
        share if share > 0.35 => (shades.fill_strong, shades.ink),
        _ => (shades.fill, shades.ink),
    }
}
