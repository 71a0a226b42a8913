//! Draws the page: bands of quotes, fills, selected words, the text, underlines, tags, brackets, gutter.
//!
//! The visual language, told apart by shape as well as by colour: a mention is a soft fill with an underline in
//! its lane and a tag; a trigger is a bordered chip whose tag is a filled pill; a quote is a tall band between
//! corner brackets with a bar in the gutter and its speaker's name; a cue is underlined with dots.

use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use super::hit::{CELL_ABOVE, bar_rect, fill_rect, lane_rect, row_of, tag_rect};
use super::marks::{Fragment, PILL_PADDING, plain};
use super::page::{Page, UNDERLINE};
use super::{Placed, ReaderInput};
use crate::model::{Id, Kind, Part};
use crate::text::Span;
use crate::theme::{LabelColors, Theme, size};

/// What every drawing function needs.
pub struct Drawing<'a> {
    /// Clipped to the reader.
    pub painter: &'a Painter,
    /// Light or dark.
    pub theme: &'static Theme,
    /// Geometry.
    pub page: &'a Page,
    /// The document and what is selected.
    pub input: &'a ReaderInput<'a>,
    /// The annotation under the pointer, here or in a list.
    pub hovered: Option<&'a Id>,
}

impl Drawing<'_> {
    /// Draws everything but what lies over the whole page (see [`super::overlay`]).
    pub fn chunks(&self, placed: &[Placed], selected_words: &[Span]) {
        let mut label_bottom = f32::NEG_INFINITY;
        let mut named: Option<Id> = None;
        for chunk in placed {
            if chunk.top > self.page.view.max.y || chunk.top + chunk.height + 40.0 < self.page.view.min.y {
                continue;
            }
            self.bands(chunk);
            self.fills(chunk);
            self.selection(chunk, selected_words);
            chunk.layout.paint(self.painter, pos2(self.page.column.min, chunk.top), self.theme.ink);
            for row in 0..chunk.layout.rows().len() {
                self.lines(chunk, row);
                self.tags(chunk, row);
            }
            self.bars(chunk, &mut label_bottom, &mut named);
        }
    }

    /// The colours of a fragment.
    pub fn colors(&self, fragment: &Fragment) -> LabelColors {
        let kind = match fragment.part {
            Part::Mention => Kind::Mention,
            Part::Trigger => Kind::Event,
            Part::Content | Part::Cue => Kind::Quote,
            Part::Argument => self.input.document.kind_of(&fragment.id).unwrap_or(Kind::Event),
        };
        self.input.palette.of(kind, &fragment.label)
    }

    /// Whether an annotation stands out.
    pub fn is_strong(&self, id: &Id) -> bool {
        self.is_selected(id) || self.hovered == Some(id)
    }

    /// Whether it is the selected one.
    pub fn is_selected(&self, id: &Id) -> bool {
        self.input.selected == Some(id)
    }

    fn bands(&self, chunk: &Placed) {
        for fragment in chunk.marks.fragments.iter().filter(|f| f.part == Part::Content) {
            let colors = self.colors(fragment);
            let strong = self.is_strong(&fragment.id);
            let rect = self.band_rect(chunk, fragment);
            let color =
                if strong { mix(colors.fill, colors.fill_strong, 0.5) } else { soften(colors.fill, self.theme.paper) };
            let ends = |at_end: bool| if at_end { 4 } else { 0 };
            let (first, last) = (ends(fragment.starts), ends(fragment.ends));
            self.painter.rect_filled(rect, CornerRadius { nw: first, ne: 0, sw: 0, se: last }, color);
        }
    }

    /// A band fills its rows from top to bottom, tags included, so that the rows of a quote make one block and
    /// what is marked inside still shows.
    pub fn band_rect(&self, chunk: &Placed, fragment: &Fragment) -> Rect {
        let (metrics, baseline) = row_of(self.page, chunk, fragment.row);
        let top = baseline + metrics.fill_top - CELL_ABOVE;
        let x = self.page.column.min;
        Rect::from_min_max(pos2(x + fragment.left - 3.0, top), pos2(x + fragment.right + 3.0, top + metrics.pitch))
    }

    fn fills(&self, chunk: &Placed) {
        for fragment in &chunk.marks.fragments {
            let rect = fill_rect(self.page, chunk, fragment);
            let strong = self.is_strong(&fragment.id);
            let colors = || self.colors(fragment);
            match fragment.part {
                Part::Mention => {
                    let colors = colors();
                    let fill = if strong { colors.fill_strong } else { colors.fill };
                    self.painter.rect_filled(rect, rounding(fragment, 4), fill);
                }
                Part::Trigger => {
                    let colors = colors();
                    let (soft, line) = (mix(colors.fill, colors.fill_strong, 0.65), colors.line);
                    let fill = if strong { mix(colors.fill_strong, line, 0.2) } else { soft };
                    self.painter.rect_filled(rect, rounding(fragment, 5), fill);
                    self.painter.rect_stroke(
                        rect,
                        rounding(fragment, 5),
                        Stroke::new(1.25, colors.line),
                        StrokeKind::Inside,
                    );
                }
                Part::Cue if strong => {
                    self.painter.rect_filled(rect, rounding(fragment, 3), colors().fill);
                }
                Part::Argument if strong => {
                    let colors = colors();
                    self.painter.rect_filled(rect, rounding(fragment, 3), colors.fill);
                    let y = rect.max.y + 1.5;
                    let ends = [pos2(rect.min.x, y), pos2(rect.max.x, y)];
                    self.painter.extend(Shape::dashed_line(&ends, Stroke::new(1.5, colors.line), 5.0, 3.0));
                }
                Part::Cue | Part::Argument | Part::Content => {}
            }
        }
    }

    fn selection(&self, chunk: &Placed, selected: &[Span]) {
        for span in selected {
            let Some(shown) = span.intersect(chunk.span) else {
                continue;
            };
            let bytes = shown.start.0 - chunk.span.start.0..shown.end.0 - chunk.span.start.0;
            for part in chunk.layout.byte_range_rects(bytes) {
                let (metrics, baseline) = row_of(self.page, chunk, part.row);
                let x = self.page.column.min;
                let rect = Rect::from_min_max(
                    pos2(x + part.left - 0.5, baseline + metrics.fill_top - 1.0),
                    pos2(x + part.right + 0.5, baseline + metrics.fill_bottom + 1.0),
                );
                self.painter.rect_filled(rect, 2.0, self.theme.selection);
            }
        }
    }

    /// Underlines, connectors of discontinuous mentions, brackets of quotes.
    fn lines(&self, chunk: &Placed, row: usize) {
        let fragments = chunk.marks.row(row);
        for fragment in fragments {
            match fragment.part {
                Part::Content => self.brackets(chunk, fragment),
                Part::Mention | Part::Cue => {
                    let Some(rect) = lane_rect(self.page, chunk, fragment) else {
                        continue;
                    };
                    let color = self.colors(fragment).line;
                    if fragment.part == Part::Cue {
                        let ends = [rect.left_center() + vec2(1.0, 0.0), rect.right_center()];
                        self.painter.extend(Shape::dotted_line(&ends, color, 3.6, UNDERLINE * 0.55));
                        continue;
                    }
                    self.painter.rect_filled(rect, 1.0, color);
                    self.connector(rect, fragment, color);
                }
                Part::Trigger | Part::Argument => {}
            }
        }
    }

    /// The thin dashes between the parts of a discontinuous mention; a stub where the next part is elsewhere.
    fn connector(&self, rect: Rect, fragment: &Fragment, color: Color32) {
        let stroke = Stroke::new(1.0, color);
        let y = rect.center().y;
        let dash = |from: f32, to: f32| {
            self.painter.extend(Shape::dashed_line(&[pos2(from, y), pos2(to, y)], stroke, 3.0, 2.5));
        };
        if let Some(left) = fragment.next_left {
            dash(rect.max.x + 1.0, self.page.column.min + left - 1.0);
            return;
        }
        let parts = self.input.document.mentions().get(&fragment.id).map_or(1, |m| m.spans.len());
        if fragment.ends && fragment.index + 1 < parts {
            dash(rect.max.x + 1.0, rect.max.x + 14.0);
        }
        // Where the part before stands in the same row, that part has drawn the line.
        if fragment.starts && fragment.index > 0 && fragment.left < 1.0 {
            dash(rect.min.x - 14.0, rect.min.x - 1.0);
        }
    }

    fn brackets(&self, chunk: &Placed, fragment: &Fragment) {
        let rect = self.band_rect(chunk, fragment);
        let stroke = Stroke::new(if self.is_strong(&fragment.id) { 2.0 } else { 1.5 }, self.colors(fragment).line);
        let corner = |at: Pos2, dx: f32, dy: f32| {
            self.painter.add(Shape::line(vec![at + vec2(dx, 0.0), at, at + vec2(0.0, dy)], stroke));
        };
        if fragment.starts {
            corner(rect.left_top() + vec2(-0.5, 0.5), 7.0, 9.0);
        }
        if fragment.ends {
            corner(rect.right_bottom() + vec2(0.5, -0.5), -7.0, -9.0);
        }
    }

    fn tags(&self, chunk: &Placed, row: usize) {
        for (tag, fragment) in chunk.marks.tags_of(row) {
            let is_pill = fragment.part == Part::Trigger;
            // What is selected or hovered shows its tag even where there is no room for it.
            let strong = self.is_strong(&fragment.id);
            let Some(x) = tag.x.or(strong.then_some(fragment.left)) else {
                continue;
            };
            let rect = tag_rect(self.page, chunk, row, x, tag.galley.size().x, is_pill);
            let colors = self.colors(fragment);
            if tag.x.is_none() {
                self.painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, self.theme.paper);
            }
            let words = rect.center() - tag.galley.size() / 2.0;
            if is_pill {
                self.painter.rect_filled(rect, rect.height() / 2.0, colors.chip);
                self.painter.galley(words, tag.galley.clone(), colors.on_chip);
            } else {
                self.painter.galley(words, tag.galley.clone(), colors.ink);
            }
        }
        let hidden = chunk.marks.rows.get(row).map_or(0, |r| r.hidden);
        if hidden > 0 {
            let badge = plain(self.painter.ctx(), &format!("+{hidden}"), self.page.tag_font(), f32::INFINITY);
            let (metrics, baseline) = row_of(self.page, chunk, row);
            let right = chunk.layout.rows().get(row).map_or(0.0, super::layout::Row::right);
            let at = pos2(
                self.page.column.min + right + 10.0,
                baseline + (metrics.fill_top + metrics.fill_bottom - badge.size().y) / 2.0,
            );
            let rect = Rect::from_min_size(at, badge.size()).expand2(vec2(PILL_PADDING, 0.5));
            self.painter.rect_filled(rect, rect.height() / 2.0, self.theme.bar);
            self.painter.galley(at, badge, self.theme.muted);
        }
    }

    /// Bars of quotes in the gutter, with the speaker's name where a part begins.
    fn bars(&self, chunk: &Placed, label_bottom: &mut f32, named: &mut Option<Id>) {
        for bar in &chunk.marks.bars {
            let rect = bar_rect(self.page, chunk, bar);
            let colors = self.input.palette.of(Kind::Quote, "");
            let width = if self.is_strong(&bar.id) { 3.0 } else { 2.0 };
            let line = Rect::from_min_max(pos2(rect.max.x - width, rect.min.y), rect.max);
            self.painter.rect_filled(line, 1.0, colors.line);
            let room = self.page.gutter().span();
            // The second part of a quote in the next rows needs no second name.
            let is_named = named.as_ref() == Some(&bar.id) && rect.min.y - *label_bottom < 60.0;
            if !bar.starts || is_named || room < 60.0 {
                continue;
            }
            let top = (rect.min.y + 2.0).max(*label_bottom + 2.0);
            if top > rect.max.y + 12.0 {
                continue;
            }
            let right = self.page.gutter().max - 5.0 * bar.lane.min(3) as f32 - 9.0;
            let color = if bar.has_speaker { colors.ink } else { self.theme.muted };
            self.painter.galley(pos2(right - bar.name.size().x, top), bar.name.clone(), color);
            let kind_top = top + size::SMALL + 3.0;
            self.painter.galley(pos2(right - bar.kind.size().x, kind_top), bar.kind.clone(), self.theme.muted);
            *label_bottom = kind_top + size::TAG + 3.0;
            *named = Some(bar.id.clone());
        }
    }
}

/// Corners are round where a span begins and ends, and straight where it goes on in another row.
fn rounding(fragment: &Fragment, radius: u8) -> CornerRadius {
    let (left, right) = (if fragment.starts { radius } else { 0 }, if fragment.ends { radius } else { 0 });
    CornerRadius { nw: left, sw: left, ne: right, se: right }
}

/// A little of `b` in `a`.
pub fn mix(a: Color32, b: Color32, share: f32) -> Color32 {
    a.lerp_to_gamma(b, share)
}

fn soften(fill: Color32, paper: Color32) -> Color32 {
    mix(fill, paper, 0.4)
}
