//! Points on a plane.

use super::{Area, Brush, Face, MARGIN, TEXT, WIDTH, ticks, told};
use crate::review::statistics::plots::{Dot, Ink, Points, Shape};

const HEIGHT: f32 = 400.0;

impl Brush<'_> {
    /// Draws them below `top`; gives where they end.
    pub(super) fn points(&mut self, points: &Points, top: f32) -> f32 {
        let (soft, text, rule) = (self.colors.soft, self.colors.text, self.colors.rule);
        let most = |of: &dyn Fn(&Dot) -> f64| points.dots.iter().map(of).fold(0.0, f64::max).max(1e-9) * 1.04;
        let (wide, high) = (most(&|dot| dot.at.0), most(&|dot| dot.at.1));
        let label = ticks(high).iter().map(|mark| Face::Label.width(TEXT, &told(*mark, false))).fold(0.0, f32::max);
        let (left, right) = (MARGIN + label + 10.0, WIDTH - MARGIN);
        let (head, bottom) = (top + 24.0, top + 24.0 + HEIGHT);
        let x = |value: f64| left + (value / wide) as f32 * (right - left);
        let y = |value: f64| bottom - (value / high) as f32 * (bottom - head);
        let [along, upwards] = points.axes;
        self.words(MARGIN, top + 10.0, upwards, soft);
        if let Some((median, (low, up))) = points.usual {
            let (from, to) = (y(up.min(high)), y(low));
            let band = Area { x: left, y: from, width: right - left, height: to - from };
            self.out.area(band, 0.0, self.colors.panel, "");
            self.out.line((left, y(median)), (right, y(median)), 1.2, soft, "5 4");
        }
        for mark in ticks(high) {
            self.out.line((left, y(mark)), (right, y(mark)), 1.0, rule, "");
            self.words_to(left - 6.0, y(mark) + TEXT * 0.36, &told(mark, false), soft);
        }
        for mark in ticks(wide) {
            self.out.line((x(mark), bottom), (x(mark), bottom + 4.0), 1.0, soft, "");
            self.words_at(x(mark), bottom + 18.0, &told(mark, false), soft);
        }
        for dot in &points.dots {
            self.dot(dot, x(dot.at.0), y(dot.at.1));
        }
        for dot in points.dots.iter().filter(|dot| !dot.name.is_empty()) {
            let (at, baseline) = (x(dot.at.0), y(dot.at.1) + TEXT * 0.36);
            if at + 12.0 + Face::Label.width(TEXT, &dot.name) > right {
                self.words_to(at - 9.0, baseline, &dot.name, text);
            } else {
                self.words(at + 9.0, baseline, &dot.name, text);
            }
        }
        self.words_at(left.midpoint(right), bottom + 36.0, along, soft);
        bottom + 42.0
    }

    fn dot(&mut self, dot: &Dot, x: f32, y: f32) {
        let ink = match dot.shape {
            Shape::Usual => Ink::Half,
            Shape::Above | Shape::Below => Ink::Full,
            Shape::Apart => Ink::Hollow,
        };
        let paint = ink.paint(&self.shades, self.colors.is_dark);
        let fill = paint.fill.map_or_else(|| "none".to_owned(), |fill| fill.to_string());
        let style = format!("fill=\"{fill}\" stroke=\"{}\" stroke-width=\"1.2\"", paint.line);
        let triangle = |tip: f32| {
            format!(
                "M{:.1} {y_base:.1}L{:.1} {y_base:.1}L{x:.1} {:.1}Z",
                x - 5.0,
                x + 5.0,
                y - tip,
                y_base = y + tip * 0.6
            )
        };
        let radius = 3.2 + (f64::from(dot.count).ln() as f32) * 0.7;
        self.out.out.push_str(&match dot.shape {
            Shape::Usual | Shape::Apart => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" {style}/>"),
            Shape::Above => format!("<path d=\"{}\" {style}/>", triangle(6.0)),
            Shape::Below => format!("<path d=\"{}\" {style}/>", triangle(-6.0)),
        });
    }
}
