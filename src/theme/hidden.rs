//! How characters look that have no look: a small box with their abbreviation, wherever in the window they stand.
//!
//! [`visible`] decides which these are; here they are drawn, pixel by pixel, in the colour of the text around them. It is
//! done below all widgets, where a character becomes a picture, so that no list, field or hint has to think of it, and a
//! box is one character for carets and selections.

use egui::epaint::text::{FontPriority, GlyphBitmap, GlyphRasterizer, RasterizedGlyph};
use egui::{Color32, ColorImage, vec2};

use crate::text::visible;

/// Rows of a letter, from top to bottom; the lowest three bits are its pixels, the highest of them the leftmost.
type Letter = [u8; 5];

fn letter(c: char) -> Letter {
    match c.to_ascii_uppercase() {
        'A' => [2, 5, 7, 5, 5],
        'B' => [6, 5, 6, 5, 6],
        'C' => [3, 4, 4, 4, 3],
        'D' => [6, 5, 5, 5, 6],
        'E' => [7, 4, 6, 4, 7],
        'F' => [7, 4, 6, 4, 4],
        'G' => [3, 4, 5, 5, 3],
        'H' => [5, 5, 7, 5, 5],
        'I' | '1' => [2, 6, 2, 2, 7],
        'J' => [1, 1, 1, 5, 2],
        'K' => [5, 5, 6, 5, 5],
        'L' => [4, 4, 4, 4, 7],
        'M' => [5, 7, 7, 5, 5],
        'N' => [6, 5, 5, 5, 5],
        'O' | '0' => [7, 5, 5, 5, 7],
        'P' => [6, 5, 6, 4, 4],
        'Q' => [7, 5, 5, 7, 1],
        'R' => [6, 5, 6, 5, 5],
        'S' => [3, 4, 2, 1, 6],
        'T' => [7, 2, 2, 2, 2],
        'U' => [5, 5, 5, 5, 7],
        'V' => [5, 5, 5, 5, 2],
        'W' => [5, 5, 7, 7, 5],
        'X' => [5, 5, 2, 5, 5],
        'Y' => [5, 5, 2, 2, 2],
        'Z' => [7, 1, 2, 4, 7],
        '2' => [6, 1, 2, 4, 7],
        '3' => [6, 1, 2, 1, 6],
        '4' => [5, 5, 7, 1, 1],
        '5' => [7, 4, 6, 1, 6],
        '6' => [3, 4, 7, 5, 7],
        '7' => [7, 1, 1, 2, 2],
        '8' => [7, 5, 7, 5, 7],
        '9' => [7, 5, 7, 1, 6],
        // Tags may stand for any sign of ASCII.
        _ => [0, 2, 2, 2, 0],
    }
}

/// Draws what [`visible::drawn_as`] gives letters for, before any font is asked.
pub fn rasterizer() -> GlyphRasterizer {
    GlyphRasterizer::new("manicule hidden characters", |request| {
        let mut chars = request.cluster.chars();
        let c = chars.next()?;
        if c.is_ascii_graphic() || chars.next().is_some() {
            return None;
        }
        Some(boxed(&visible::drawn_as(c)?, request.font_size_px))
    })
    .with_priority(FontPriority::Highest)
}

/// Letters in a frame, for type of so many pixels.
fn boxed(letters: &str, font_size_px: f32) -> RasterizedGlyph {
    /// Pixels of a letter and the blank after it, before scaling.
    const ADVANCE: usize = 4;
    const HEIGHT: usize = 9;
    // At least as high as small letters, and no larger than a picture of a font may be.
    let scale = ((font_size_px / 14.0).round() as usize).clamp(1, 9);
    let count = letters.chars().count();
    let width = count * ADVANCE + 3;
    let mut image = ColorImage::filled([width * scale, HEIGHT * scale], Color32::TRANSPARENT);
    let mut put = |x: usize, y: usize, alpha: u8| {
        let color = Color32::from_white_alpha(alpha);
        for (dx, dy) in (0..scale).flat_map(|dx| (0..scale).map(move |dy| (dx, dy))) {
            if let Some(pixel) = image.pixels.get_mut((y * scale + dy) * width * scale + x * scale + dx) {
                *pixel = color;
            }
        }
    };
    for x in 0..width {
        for y in 0..HEIGHT {
            let is_corner = (x == 0 || x + 1 == width) && (y == 0 || y + 1 == HEIGHT);
            let is_frame = x == 0 || y == 0 || x + 1 == width || y + 1 == HEIGHT;
            if is_frame && !is_corner {
                put(x, y, 120);
            }
        }
    }
    for (n, c) in letters.chars().enumerate() {
        for (y, row) in letter(c).into_iter().enumerate() {
            for x in (0..3).filter(|x| row & (4 >> x) != 0) {
                put(2 + n * ADVANCE + x, 2 + y, 255);
            }
        }
    }
    let scale = scale as f32;
    let height = HEIGHT as f32 * scale;
    RasterizedGlyph {
        // Standing on the baseline like a capital, with a pixel of air on both sides.
        bitmap: GlyphBitmap { image, offset_px: vec2(scale, -height), is_color: false },
        advance_px: (width as f32 + 2.0) * scale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_fit_the_pictures_of_a_font() {
        for size in [8.0, 13.0, 18.0, 78.0, 400.0] {
            let glyph = boxed("U10FFFF", size);
            let [width, height] = glyph.bitmap.image.size;
            assert!((1..=300).contains(&width) && (1..=100).contains(&height), "{width}×{height}");
            assert!(glyph.advance_px > width as f32);
        }
    }

    #[test]
    fn letters_differ() {
        let all: Vec<Letter> = ('A'..='Z').map(letter).collect();
        for (i, one) in all.iter().enumerate() {
            assert!(!all[i + 1..].contains(one), "{}", char::from(b'A' + i as u8));
        }
    }
}
