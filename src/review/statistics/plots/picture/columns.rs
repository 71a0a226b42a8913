//! Columns side by side.

use super::{Area, Brush, Face, MARGIN, TEXT, WIDTH, ticks, told};
use crate::review::statistics::plots::{Along, Columns};
use crate::review::statistics::when;

const HEIGHT: f32 = 320.0;
/// Columns are at least so wide, in points.
const NARROWEST: f32 = 1.5;

impl Brush<'_> {
    /// Draws them below `top`; gives where they end.
    pub(super) fn columns(&mut self, columns: &Columns, top: f32) -> f32 {
        let top = self.legend(&columns.legend, top);
        let (soft, rule) = (self.colors.soft, self.colors.rule);
        let from = columns.columns.iter().map(|column| column.from_to.0).fold(f64::INFINITY, f64::min);
        let to = columns.columns.iter().map(|column| column.from_to.1).fold(f64::NEG_INFINITY, f64::max);
        if !from.is_finite() || !to.is_finite() {
            return top;
        }
        let sum = |column: &super::super::Upright| column.pieces.iter().map(|piece| piece.value).sum::<f64>();
        let most = columns.columns.iter().map(sum).fold(0.0, f64::max).max(1e-9);
        let marks = ticks(most);
        let label = marks.iter().map(|mark| Face::Label.width(TEXT, &told(*mark, false))).fold(0.0, f32::max);
        let (left, right) = (MARGIN + label + 10.0, WIDTH - MARGIN);
        // One column alone would be a wall.
        let span = (to - from).max((columns.columns.first().map_or(1.0, |c| c.from_to.1 - c.from_to.0)) * 6.0);
        let x = |value: f64| left + ((value - from) / span) as f32 * (right - left);
        let bottom = top + 18.0 + HEIGHT;
        let y = |value: f64| bottom - (value / most) as f32 * (HEIGHT - 8.0);
        self.words(MARGIN, top + 6.0, columns.axis, soft);
        for mark in marks {
            self.out.line((left, y(mark)), (right, y(mark)), 1.0, rule, "");
            self.words_to(left - 6.0, y(mark) + TEXT * 0.36, &told(mark, false), soft);
        }
        for column in &columns.columns {
            let (begin, end) = (x(column.from_to.0), x(column.from_to.1));
            let gap = ((end - begin) * 0.08).min(4.0);
            let width = (end - begin - 2.0 * gap).max(NARROWEST);
            let mut below = 0.0;
            for piece in &column.pieces {
                let (low, high) = (y(below), y(below + piece.value));
                self.piece(Area { x: begin + gap, y: high, width, height: low - high }, &piece.ink);
                below += piece.value;
            }
        }
        let names: Vec<(f64, String)> = match columns.along {
            Along::Time(_) => {
                let marks = when::ticks(from as when::Day, (from + span) as when::Day);
                marks.into_iter().map(|(day, name)| (f64::from(day), name)).collect()
            }
            Along::Numbers(_) => ticks(span).into_iter().map(|tick| (from + tick, told(from + tick, false))).collect(),
        };
        for (at, name) in names {
            self.out.line((x(at), bottom), (x(at), bottom + 4.0), 1.0, soft, "");
            let half = Face::Label.width(TEXT, &name) / 2.0;
            self.words_at(x(at).clamp(left + half, right - half), bottom + 18.0, &name, soft);
        }
        if let Along::Numbers(what) = columns.along {
            self.words_at(left.midpoint(right), bottom + 36.0, what, soft);
            return bottom + 42.0;
        }
        bottom + 24.0
    }
}
