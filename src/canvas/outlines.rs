//! Lines around words: dashed ones around those that are no annotation yet, whole ones around hits of a search.

use std::collections::BTreeSet;

use egui::{Color32, Rect, Shape, Stroke, StrokeKind, pos2};

use super::Placed;
use super::hit::row_of;
use super::overlay::Overlay;
use crate::model::Kind;
use crate::text::Span;

/// Words that could become mentions of one label.
#[derive(Clone, Copy)]
pub struct Outlines<'a> {
    /// Their label, for the colour.
    pub label: &'a str,
    /// In the order of the text, without overlaps.
    pub spans: &'a [Span],
    /// Those of them that are left out.
    pub left_out: &'a BTreeSet<Span>,
    /// The one that the keys work on.
    pub current: Option<Span>,
}

/// Hits of a search.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    /// In the order of the text, without overlaps.
    pub spans: &'a [Span],
    /// Another one for every search.
    pub number: u64,
    /// The one that was gone to.
    pub current: Option<Span>,
}

impl Overlay<'_> {
    /// Draws lines around the hits on the screen; costs what is visible.
    pub(super) fn found(&self) {
        let d = self.drawing;
        let Some(found) = d.input.found else { return };
        for chunk in self.placed {
            let first = found.spans.partition_point(|span| span.end <= chunk.span.start);
            let here = found.spans.iter().skip(first).take_while(|span| span.start < chunk.span.end);
            // The first hit is shown before all are known, and others than those that are kept.
            let current = found.current.filter(|span| span.intersect(chunk.span).is_some());
            let others = here.filter(|span| found.current != Some(**span));
            for span in others.copied().chain(current) {
                let is_current = found.current == Some(span);
                for rect in self.boxes(chunk, span) {
                    if is_current {
                        let stroke = Stroke::new(2.0, d.theme.rubric);
                        d.painter.rect_stroke(rect.expand(1.5), 4.0, stroke, StrokeKind::Middle);
                    } else {
                        d.painter.rect_filled(rect, 3.0, d.theme.rubric.gamma_multiply(0.12));
                        d.painter.rect_stroke(rect, 3.0, Stroke::new(1.0, d.theme.rubric), StrokeKind::Middle);
                    }
                }
            }
        }
    }

    /// What words cover on the screen, as far as they lie in this chunk: a box for each row.
    fn boxes(&self, chunk: &Placed, span: Span) -> Vec<Rect> {
        let d = self.drawing;
        let Some(shown) = span.intersect(chunk.span) else { return Vec::new() };
        let bytes = shown.start.0 - chunk.span.start.0..shown.end.0 - chunk.span.start.0;
        let parts = chunk.layout.byte_range_rects(bytes).into_iter();
        let x = d.page.column.min;
        let boxes = parts.map(|part| {
            let (metrics, baseline) = row_of(d.page, chunk, part.row);
            Rect::from_min_max(
                pos2(x + part.left - 1.0, baseline + metrics.fill_top - 1.0),
                pos2(x + part.right + 0.5, baseline + metrics.fill_bottom + 1.0),
            )
        });
        boxes.collect()
    }

    /// Draws the outlines on the screen; costs what is visible.
    pub(super) fn outlines(&self) {
        let d = self.drawing;
        let Some(outlines) = d.input.outlines else { return };
        let colors = d.input.palette.of(Kind::Mention, outlines.label);
        for chunk in self.placed {
            let first = outlines.spans.partition_point(|span| span.end <= chunk.span.start);
            let here = outlines.spans.iter().skip(first).take_while(|span| span.start < chunk.span.end);
            for span in here {
                let is_left_out = outlines.left_out.contains(span);
                for rect in self.boxes(chunk, *span) {
                    let color = if is_left_out { d.theme.muted } else { colors.chip };
                    if outlines.current == Some(*span) {
                        d.painter.rect_filled(rect, 3.0, d.theme.accent.gamma_multiply(0.16));
                        d.painter.rect_stroke(
                            rect.expand(2.0),
                            4.0,
                            Stroke::new(2.0, d.theme.accent),
                            StrokeKind::Middle,
                        );
                        continue;
                    }
                    if !is_left_out {
                        d.painter.rect_filled(rect, 3.0, color.gamma_multiply(0.10));
                    }
                    self.dashes(rect, color, is_left_out);
                }
            }
        }
    }

    fn dashes(&self, rect: Rect, color: Color32, is_left_out: bool) {
        let (width, dash, gap) = if is_left_out { (1.0, 1.5, 4.0) } else { (1.25, 3.5, 2.5) };
        let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
        self.drawing.painter.extend(Shape::dashed_line(&corners, Stroke::new(width, color), dash, gap));
    }
}
