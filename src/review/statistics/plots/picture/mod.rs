//! Figures as pictures for papers and slides: drawn headless, in the fonts of the program; what these do not have, in fonts
//! that are lent, or as boxes.

mod bars;
mod columns;
mod grid;
mod points;

pub use crate::formats::page::{Lender, OtherFont, no_fonts};
pub use grid::strength;

use super::{Figure, Plot, Series};
use std::collections::BTreeSet;

use crate::formats::page::{self, Area, DARK, Drawing, Face, Ink as Colors, LIGHT, cut, framed};
use crate::model::Schema;
use crate::model::colors::LabelShades;

/// Width of a picture, in points.
const WIDTH: f32 = 960.0;
/// Empty paper around.
const MARGIN: f32 = 28.0;
/// Pixels for each point.
const SCALE: f32 = 2.0;
/// Sizes of type, in points.
const TITLE: f32 = 18.0;
const TEXT: f32 = 12.0;

/// What drawing needs to know of colours.
struct Brush<'a> {
    colors: &'a Colors,
    shades: LabelShades,
    out: Drawing,
    /// Fonts that are lent.
    others: &'a [OtherFont],
    /// Characters that neither the fonts of the program nor these have.
    missing: BTreeSet<char>,
}

/// A figure as PNG, in the colours of a schema. `counted` says what was counted, below the title; `lender` is asked for fonts
/// that have what those of the program do not have.
///
/// # Errors
/// In words, if it cannot be drawn, or there is nothing to draw.
pub fn png(
    figure: &Figure,
    counted: &str,
    schema: &Schema,
    is_dark: bool,
    lender: &Lender<'_>,
) -> Result<Vec<u8>, String> {
    let mut drawn = svg(figure, counted, schema, is_dark, &[])?;
    let others = if drawn.missing.is_empty() { Vec::new() } else { lender(&drawn.missing) };
    if !others.is_empty() {
        drawn = svg(figure, counted, schema, is_dark, &others)?;
    }
    page::picture_with(&drawn.svg, drawn.size, SCALE, &others)
}

/// A picture as SVG.
struct Drawn {
    svg: String,
    /// Width and height, in points.
    size: (f32, f32),
    /// Characters that are boxes.
    missing: BTreeSet<char>,
}

fn svg(figure: &Figure, counted: &str, schema: &Schema, is_dark: bool, others: &[OtherFont]) -> Result<Drawn, String> {
    let colors = if is_dark { &DARK } else { &LIGHT };
    let mut brush = Brush {
        colors,
        shades: LabelShades::new(schema, is_dark),
        out: Drawing { out: String::new(), is_for_own_fonts: true },
        others,
        missing: BTreeSet::new(),
    };
    let mut y = MARGIN + TITLE * 0.8;
    brush.put((MARGIN, y), Anchor::Start, (Face::Strong, TITLE), &figure.title, colors.text);
    for line in [counted, &figure.note] {
        y += 20.0;
        let line = cut(line, Face::Label, TEXT, WIDTH - 2.0 * MARGIN);
        brush.words(MARGIN, y, &line, colors.soft);
    }
    y += 14.0;
    let bottom = match &figure.plot {
        Plot::Empty(empty) => return Err(format!("{}; {}", empty.what, empty.hint)),
        Plot::Bars(bars) => brush.bars(bars, y),
        Plot::Columns(columns) => brush.columns(columns, y),
        Plot::Grid(grid) => brush.grid(grid, y),
        Plot::Points(points) => brush.points(points, y),
    };
    let size = (WIDTH, (bottom + MARGIN).ceil());
    Ok(Drawn { svg: framed(&figure.title, size, colors.paper, &brush.out), size, missing: brush.missing })
}

/// Which part of words stands at a place.
#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Brush<'_> {
    /// A box in the colours of an ink.
    fn piece(&mut self, area: Area, ink: &super::Ink) {
        let paint = ink.paint(&self.shades, self.colors.is_dark);
        let fill = paint.fill.map_or_else(|| self.colors.paper.to_owned(), |fill| fill.to_string());
        // The outline lies inside, so that pieces do not cover each other.
        let inside = |from: f32, length: f32| (from + 0.625, (length - 1.25).max(0.6));
        let ((x, width), (y, height)) = (inside(area.x, area.width), inside(area.y, area.height));
        self.out.area(Area { x, y, width, height }, 1.5, &fill, &paint.line.to_string());
    }

    fn put(&mut self, (x, y): (f32, f32), anchor: Anchor, (face, size): (Face, f32), words: &str, color: &str) {
        let mut lacks = false;
        let mut is_lent = true;
        for grapheme in face.lacking(words) {
            lacks = true;
            if !page::have(self.others, grapheme) {
                is_lent = false;
                self.missing.extend(grapheme.chars());
            }
        }
        if lacks && is_lent {
            // How wide they are, only those fonts know.
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            return self.out.whole((x, y), anchor, (face, size), words, color);
        }
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - face.width(size, words) / 2.0,
            Anchor::End => x - face.width(size, words),
        };
        self.out.words(left, y, (face, size), words, color);
    }

    fn words(&mut self, x: f32, baseline: f32, words: &str, color: &str) {
        self.put((x, baseline), Anchor::Start, (Face::Label, TEXT), words, color);
    }

    /// Words that end at `right`.
    fn words_to(&mut self, right: f32, baseline: f32, words: &str, color: &str) {
        self.put((right, baseline), Anchor::End, (Face::Label, TEXT), words, color);
    }

    /// Words with their middle at `x`.
    fn words_at(&mut self, x: f32, baseline: f32, words: &str, color: &str) {
        self.put((x, baseline), Anchor::Middle, (Face::Label, TEXT), words, color);
    }

    /// Names of series beside a little box of each; gives where the plot may begin.
    fn legend(&mut self, series: &[Series], top: f32) -> f32 {
        if series.is_empty() {
            return top + 6.0;
        }
        let (mut x, mut y) = (MARGIN, top + 10.0);
        for series in series {
            let name = cut(&series.name, Face::Label, TEXT, 300.0);
            let width = Face::Label.width(TEXT, &name) + 18.0;
            if x + width > WIDTH - MARGIN {
                (x, y) = (MARGIN, y + 20.0);
            }
            self.piece(Area { x, y: y - 9.0, width: 11.0, height: 11.0 }, &series.ink);
            self.words(x + 17.0, y, &name, self.colors.text);
            x += width + 18.0;
        }
        y + 16.0
    }
}

/// Round numbers from 0 to a largest value, no more than seven.
fn ticks(most: f64) -> Vec<f64> {
    if most.is_nan() || most <= 0.0 || most.is_infinite() {
        return vec![0.0];
    }
    let power = 10f64.powf(most.log10().floor());
    let steps = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0].map(|step| step * power);
    let step = steps.into_iter().find(|step| most / step <= 6.0).unwrap_or(power);
    (0..8).map(|nth| f64::from(nth) * step).take_while(|tick| *tick <= most * 1.000_001).collect()
}

/// A number beside an axis.
fn told(value: f64, is_share: bool) -> String {
    if is_share {
        format!("{:.0} %", value * 100.0)
    } else if value.fract() == 0.0 {
        super::number(value as u64)
    } else {
        let text = format!("{value:.2}");
        text.trim_end_matches('0').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_numbers() {
        assert_eq!(ticks(6.0), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let shares: Vec<String> = ticks(1.0).into_iter().map(|tick| told(tick, true)).collect();
        assert_eq!(shares, ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        assert_eq!(ticks(1234.0).last(), Some(&1000.0));
        assert_eq!(ticks(0.0), [0.0]);
        assert_eq!(ticks(f64::NAN), [0.0]);
        assert_eq!(
            (told(1000.0, false), told(0.4, true), told(2.5, false)),
            ("1,000".into(), "40 %".into(), "2.5".into())
        );
    }
}
