//! Bars from the left.

use super::{Area, Brush, Face, MARGIN, TEXT, WIDTH, cut, ticks, told};
use crate::review::statistics::plots::Bars;

const ROW: f32 = 22.0;
const BAR: f32 = 15.0;
/// Names get no more room than this.
const NAMES: f32 = 260.0;

impl Brush<'_> {
    /// Draws them below `top`; gives where they end.
    pub(super) fn bars(&mut self, bars: &Bars, top: f32) -> f32 {
        let top = self.legend(&bars.legend, top);
        let (soft, text, rule) = (self.colors.soft, self.colors.text, self.colors.rule);
        let names: Vec<String> = bars.bars.iter().map(|bar| cut(&bar.name, Face::Label, TEXT, NAMES)).collect();
        let width = |words: &str| Face::Label.width(TEXT, words);
        let name_width = names.iter().map(|name| width(name)).fold(0.0, f32::max);
        let told_width = bars.bars.iter().map(|bar| width(&bar.told)).fold(0.0, f32::max);
        let left = MARGIN + name_width + 10.0;
        let right = WIDTH - MARGIN - told_width - 12.0;
        let sum = |bar: &super::super::Bar| bar.pieces.iter().map(|piece| piece.value).sum::<f64>();
        let most = if bars.is_share { 1.0 } else { bars.bars.iter().map(sum).fold(0.0, f64::max).max(1e-9) };
        let x = |value: f64| left + (value / most) as f32 * (right - left);
        let bottom = top + bars.bars.len() as f32 * ROW + 4.0;
        for tick in ticks(most) {
            self.out.line((x(tick), top), (x(tick), bottom), 1.0, rule, "");
            self.words_at(x(tick), bottom + 16.0, &told(tick, bars.is_share), soft);
        }
        for (nth, (bar, name)) in bars.bars.iter().zip(&names).enumerate() {
            let y = top + 4.0 + nth as f32 * ROW;
            let baseline = y + BAR / 2.0 + TEXT * 0.36;
            self.words_to(left - 8.0, baseline, name, text);
            let mut from = 0.0;
            for piece in &bar.pieces {
                let (begin, end) = (x(from), x(from + piece.value));
                self.piece(Area { x: begin, y, width: end - begin, height: BAR }, &piece.ink);
                from += piece.value;
            }
            self.words(x(from.max(if bars.is_share { 1.0 } else { 0.0 })) + 6.0, baseline, &bar.told, soft);
        }
        for line in &bars.lines {
            self.out.line((x(*line), top), (x(*line), bottom), 1.5, text, "4 3");
        }
        self.words_at(left.midpoint(right), bottom + 34.0, bars.axis, soft);
        if bars.left_out > 0 {
            self.words(MARGIN, bottom + 34.0, &format!("and {} more in the table", bars.left_out), soft);
        }
        bottom + 40.0
    }
}
