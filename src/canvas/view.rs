//! One frame of the reader: what is visible, laid out, placed, and handed to painting and gestures.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::emath::GuiRounding as _;
use egui::{Color32, EventFilter, Rect, Sense, Ui, pos2, vec2};

use super::chunks::{self, Setting};
use super::heights::Heights;
use super::layout::{ChunkLayout, EguiLayouter, TextLayouter as _};
use super::marks::{ChunkMarks, plain};
use super::page::{Page, SCROLL_BAR};
use super::scroll::{self, Request};
use super::{MarksKey, Placed, Reader, ReaderEvent, ReaderInput, ReaderOutput, access, ghosts, overlay, paint, strip};
use crate::limits;
use crate::model::{Document, Id, Kind};
use crate::text::{BytePos, Span, Text};
use crate::theme::{self, Theme, size};

/// New layouts of a frame may take so long; the rest waits for the next frame.
const LAYOUT_BUDGET: Duration = Duration::from_millis(6);

/// A row of the text that must stay where it is on the screen while everything is laid out anew.
struct Keep {
    at: BytePos,
    /// From the top of the view to the top of that row.
    below_top: f64,
}

impl Reader {
    /// Shows the document in all the room that `ui` has left.
    pub fn show(&mut self, ui: &mut Ui, input: &ReaderInput<'_>) -> ReaderOutput {
        let area = ui.available_rect_before_wrap();
        let pixels_per_point = ui.ctx().pixels_per_point();
        let area = Rect::from_min_max(area.min, area.max.max(area.min + vec2(SCROLL_BAR + 1.0, 1.0)));
        let area = area.round_to_pixels(pixels_per_point);
        ui.advance_cursor_after_rect(area);
        let page = Page::new(area, input.options.text_size, input.options.show_tags, pixels_per_point);
        let theme = Theme::of(input.palette.is_dark());

        self.ctx = Some(ui.ctx().clone());
        self.forget_stale_glyphs(ui);
        self.sync(input.document, &page);
        let response = ui.interact(page.view, Self::id(), Sense::click_and_drag());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::accesskit::Role::Article, true, format!("Article: {}", self.title))
        });
        if response.has_focus() {
            let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(Self::id(), filter));
        }

        let now = ui.input(|i| i.time);
        if response.contains_pointer() {
            let wheel = ui.input(|i| i.smooth_scroll_delta().y);
            if wheel != 0.0 {
                self.scroll.by(-f64::from(wheel));
            }
        }
        self.answer_request(input.document.text(), &page, now);
        self.scroll.clamp(&self.heights, &page);
        let bar = Rect::from_min_max(pos2(page.view.max.x, area.min.y), area.max);
        ui.painter().rect_filled(area, 0.0, theme.paper);
        self.scroll_bar(ui, input, &page, bar.shrink2(vec2(0.0, 2.0)), theme);

        let is_complete = self.place(input, &page, now);
        self.page = Some(page.clone());
        if !is_complete || self.scroll.is_gliding() {
            ui.ctx().request_repaint();
        }

        let mut events = self.follow_pointer(ui, &response, input, &page);
        let painter = ui.painter_at(area);
        let selection = events.iter().rev().find_map(|event| match event {
            ReaderEvent::Select(selection) => Some(selection),
            _ => None,
        });
        let selection = selection.unwrap_or(input.selection);
        let hovered = self.pointer.hovered.as_ref().or(input.hovered);
        let drawing = paint::Drawing { painter: &painter, theme, page: &page, input, hovered };
        drawing.chunks(&self.placed, &selection.spans());
        if let Some(layer) = input.ghosts {
            ghosts::draw(&drawing, &self.placed, layer, input.options.show_tags);
        }
        overlay::Overlay { drawing: &drawing, placed: &self.placed }.draw(
            selection,
            response.has_focus(),
            self.pointer.resizing(),
        );
        access::nodes(ui, &response, input, &page, &self.placed, &mut events);
        ghosts::nodes(ui, input, &page, &self.placed, &mut events);
        if !events.is_empty() {
            // What the caller makes of the events shows in the next frame.
            ui.ctx().request_repaint();
        }
        let visible = self.visible(&page);
        ReaderOutput { response, events, visible }
    }

    /// egui rebuilds its font atlas now and then; layouts kept from before would show garbage. egui keeps a
    /// galley that is asked for in every frame exactly as long as the atlas, so another one tells.
    fn forget_stale_glyphs(&mut self, ui: &Ui) {
        let canary = plain(ui.ctx(), "x", theme::reading(size::READING), f32::INFINITY);
        let is_same = self.canary.as_ref().is_some_and(|old| Arc::ptr_eq(old, &canary));
        if !is_same {
            self.layouts.get_mut().clear();
            self.marks.clear();
            self.canary = Some(canary);
        }
    }

    /// Follows a change of the text, of the headline, or of what layouts depend on.
    fn sync(&mut self, document: &Document, page: &Page) {
        let title = &document.header().metadata.title;
        let text = document.text();
        let is_same_text = self.text.as_ref() == Some(text);
        let is_same_page = self.page.as_ref().is_some_and(|old| old.key == page.key);
        if is_same_text && &self.title == title {
            if !is_same_page {
                let keep = self.keep();
                self.estimate_heights(page);
                self.layouts.get_mut().set_key(&page.key);
                self.restore(text, page, keep);
            }
            self.layouts.get_mut().set_key(&page.key);
            return;
        }
        if !is_same_text {
            self.scroll = scroll::Scroll::at_start(page, self.scroll.request);
            self.pointer = Default::default();
        }
        self.strip = Default::default();
        self.text = Some(text.clone());
        self.title.clone_from(title);
        self.chunks = chunks::chunks(text, title);
        self.layouts.get_mut().clear();
        self.layouts.get_mut().set_key(&page.key);
        self.marks.clear();
        self.placed.clear();
        self.estimate_heights(page);
    }

    fn estimate_heights(&mut self, page: &Page) {
        let estimate = |c: &chunks::Chunk| f64::from(page.estimated_height(c.setting, c.span.len()));
        self.heights = Heights::new(self.chunks.iter().map(estimate).collect());
        self.marks.clear();
    }

    /// The first row that is wholly visible, to keep it in place; nothing at the top of the article.
    fn keep(&self) -> Option<Keep> {
        let view = self.page.as_ref()?.view;
        let is_at_top = self.scroll.chunk == 0 && self.scroll.offset <= 0.0;
        if is_at_top {
            return None;
        }
        self.placed.iter().find_map(|placed| {
            let row = placed.layout.rows().iter().find(|row| placed.top + row.top >= view.min.y)?;
            let below_top = f64::from(placed.top + row.top - view.min.y);
            Some(Keep { at: placed.span.start.plus(row.bytes.start as usize), below_top })
        })
    }

    fn restore(&mut self, text: &Text, page: &Page, keep: Option<Keep>) {
        // Chunks are placed with the new page; the old one must not be asked any more.
        self.placed.clear();
        self.page = Some(page.clone());
        let Some(keep) = keep else {
            self.scroll = scroll::Scroll::at_start(page, self.scroll.request);
            return;
        };
        let Some((chunk, layout, byte)) = self.locate(text, keep.at) else {
            return;
        };
        let top = layout.rows().get(layout.row_of(byte)).map_or(0.0, |row| row.top);
        self.scroll.chunk = chunk;
        self.scroll.offset = f64::from(top) - keep.below_top;
        self.settle(text, page);
    }

    /// The layout of a chunk, made now if it must be.
    pub(super) fn layout_of(&self, text: &Text, index: usize) -> Option<Arc<ChunkLayout>> {
        let chunk = self.chunks.get(index)?;
        if let Some(layout) = self.layouts.borrow_mut().get(index) {
            return Some(layout);
        }
        let (page, ctx) = (self.page.as_ref()?, self.ctx.as_ref()?);
        let style = page.text_style(chunk.setting);
        let layout = Arc::new(EguiLayouter { ctx }.layout(text.slice(chunk.span), &style, page.key.width));
        self.layouts.borrow_mut().insert(index, layout.clone());
        Some(layout)
    }

    /// The chunk that holds a position, its layout, and the position in bytes of the chunk.
    pub(super) fn locate(&self, text: &Text, pos: BytePos) -> Option<(usize, Arc<ChunkLayout>, u32)> {
        let index = chunks::chunk_at(&self.chunks, pos);
        let span = self.chunks.get(index)?.span;
        let layout = self.layout_of(text, index)?;
        Some((index, layout, pos.min(span.end).0.saturating_sub(span.start.0)))
    }

    /// Lays out a chunk and corrects its height.
    fn measure(&mut self, text: &Text, page: &Page, index: usize) -> Option<Arc<ChunkLayout>> {
        let layout = self.layout_of(text, index)?;
        let setting = self.chunks.get(index)?.setting;
        let height = f64::from(page.chunk_height(setting, layout.rows().len()));
        if (self.heights.get(index) - height).abs() > 0.01 {
            self.heights.set(index, height);
        }
        Some(layout)
    }

    /// Makes the anchor a chunk in view, and measures every chunk on the way, so that nothing moves later.
    fn settle(&mut self, text: &Text, page: &Page) {
        // Further than a few screens there is nothing to hold on to; the estimate serves.
        let far = 4.0 * f64::from(page.view.height());
        if self.scroll.offset.abs() > far {
            self.scroll.normalise(&self.heights);
        }
        while self.scroll.offset < 0.0 && self.scroll.chunk > 0 {
            self.scroll.chunk -= 1;
            self.measure(text, page, self.scroll.chunk);
            self.scroll.offset += self.heights.get(self.scroll.chunk);
        }
        loop {
            self.measure(text, page, self.scroll.chunk);
            let height = self.heights.get(self.scroll.chunk);
            if self.scroll.offset < height || self.scroll.chunk + 1 >= self.chunks.len() {
                break;
            }
            self.scroll.offset -= height;
            self.scroll.chunk += 1;
        }
    }

    /// Goes where [`Reader::scroll_to`] or [`Reader::reveal`] asked to.
    fn answer_request(&mut self, text: &Text, page: &Page, now: f64) {
        let Some(request) = self.scroll.request.take() else {
            return;
        };
        self.page = Some(page.clone());
        self.settle(text, page);
        let (Request::Centre(span) | Request::Reveal(span)) = request;
        let Some((chunk, layout, byte)) = self.locate(text, span.start) else {
            return;
        };
        self.measure(text, page, chunk);
        let row = layout.rows().get(layout.row_of(byte)).map_or(0.0, |row| row.top);
        let end = chunks::chunk_at(&self.chunks, span.end);
        let last = match self.locate(text, span.end) {
            Some((index, layout, byte)) if index == end && end == chunk => layout.row_of(byte) as f32,
            _ => layout.row_of(byte) as f32,
        };
        let pitch = self.chunks.get(chunk).map_or(page.body.pitch, |c| page.metrics(c.setting).pitch);
        let view = f64::from(page.view.height());
        let first_y = f64::from(row);
        let last_y = f64::from((last + 1.0) * pitch);
        let before = self.scroll.top(&self.heights);
        let target = self.heights.top(chunk);
        let (top, bottom) = (target + first_y - before, target + last_y - before);
        let margin = f64::from(pitch) * 0.5;
        let is_visible = top >= margin && bottom <= view - margin;
        if is_visible {
            return;
        }
        let offset = match request {
            Request::Centre(_) => f64::midpoint(first_y, last_y.min(first_y + view * 0.5)) - view / 2.0,
            Request::Reveal(_) if top < margin => first_y - 2.0 * margin,
            Request::Reveal(_) => last_y + 2.0 * margin - view,
        };
        self.scroll.chunk = chunk;
        self.scroll.offset = offset;
        self.settle(text, page);
        self.scroll.clamp(&self.heights, page);
        let after = self.scroll.top(&self.heights);
        self.scroll.glide_from((before - after).clamp(-view, view), now);
    }

    /// Lays out and places what is visible. Returns whether all of it could be done within the budget.
    fn place(&mut self, input: &ReaderInput<'_>, page: &Page, now: f64) -> bool {
        let text = input.document.text();
        self.page = Some(page.clone());
        let marks_key = MarksKey {
            revision: input.revision,
            layout: page.key.clone(),
            gutter: page.gutter().span(),
            margin: page.view.max.x - page.column.max,
        };
        if self.marks_key.as_ref() != Some(&marks_key) {
            self.marks.clear();
            self.marks_key = Some(marks_key);
        }
        if self.kept.as_ref() != input.selected {
            // Where not all marks are drawn, the selected one is.
            self.marks.retain(|_, marks| !marks.is_crowded);
            self.kept = input.selected.cloned();
        }
        let started = Instant::now();
        self.settle(text, page);
        self.scroll.clamp(&self.heights, page);
        let anchor = (self.scroll.chunk, self.scroll.offset);
        self.scroll.offset += self.scroll.glide_offset(now);
        self.settle(text, page);
        let (mut index, offset) = (self.scroll.chunk, self.scroll.offset);
        (self.scroll.chunk, self.scroll.offset) = anchor;

        let mut top = page.view.min.y - offset as f32;
        // One row above may still show what hangs below it.
        if let Some(before) = index.checked_sub(1) {
            self.measure(text, page, before);
            top -= self.heights.get(before) as f32;
            index = before;
        }
        self.placed.clear();
        let mut is_complete = true;
        while index < self.chunks.len() && top < page.view.max.y + 20.0 {
            let is_new = !self.layouts.borrow().contains(index);
            if is_new && started.elapsed() > LAYOUT_BUDGET {
                is_complete = false;
                break;
            }
            let (Some(layout), Some(chunk)) = (self.measure(text, page, index), self.chunks.get(index).copied()) else {
                break;
            };
            let marks = self.marks.entry(index).or_insert_with(|| {
                let empty = chunk.setting == Setting::Empty && chunk.span.is_empty();
                let ctx = self.ctx.clone().unwrap_or_default();
                Arc::new(if empty {
                    ChunkMarks::default()
                } else {
                    ChunkMarks::new(&ctx, page, input.document, &chunk, &layout, input.selected)
                })
            });
            let height = self.heights.get(index) as f32;
            let origin = top.round_to_pixels(page.key.pixels_per_point);
            self.placed.push(Placed {
                span: chunk.span,
                setting: chunk.setting,
                top: origin,
                height,
                layout,
                marks: marks.clone(),
            });
            top += height;
            index += 1;
        }
        if self.marks.len() > 4096 {
            self.marks.clear();
        }
        self.prefetch(text, page, index, started);
        is_complete
    }

    /// Lays out a screen below and above, while there is time.
    fn prefetch(&mut self, text: &Text, page: &Page, below: usize, started: Instant) {
        let view = f64::from(page.view.height());
        let mut room = view;
        let mut index = below;
        while room > 0.0 && index < self.chunks.len() && started.elapsed() < LAYOUT_BUDGET {
            self.measure(text, page, index);
            room -= self.heights.get(index).max(1.0);
            index += 1;
        }
        let mut room = view;
        let mut index = self.scroll.chunk;
        while room > 0.0 && index > 0 && started.elapsed() < LAYOUT_BUDGET {
            index -= 1;
            self.measure(text, page, index);
            room -= self.heights.get(index).max(1.0);
        }
    }

    /// Draws the scroll bar over the strip that shows where things are, and follows the pointer on it.
    fn scroll_bar(&mut self, ui: &Ui, input: &ReaderInput<'_>, page: &Page, area: Rect, theme: &Theme) {
        let found = input.found.as_ref();
        if let Some(density) = &input.density {
            let range = scroll::extent(&self.heights, page);
            let scale = strip::Scale { chunks: &self.chunks, heights: &self.heights, area, range };
            if self.strip.refresh(&scale, density, found, input.revision) {
                ui.ctx().request_repaint();
            }
            self.strip.draw(&ui.painter_at(area), area, theme);
        }
        let ticks = self.ticks(input, theme);
        let place_at = |y| input.density.as_ref().and_then(|density| self.strip.place_at(area, y, density, found));
        let bar = scroll::Bar { id: Self::id().with("scroll bar"), area, ticks: &ticks, place_at: &place_at };
        scroll::bar(ui, &bar, page, &self.heights, &mut self.scroll);
    }

    /// The selected annotation and the caret on the scroll bar.
    fn ticks(&self, input: &ReaderInput<'_>, theme: &Theme) -> Vec<(f64, Color32)> {
        let at = |pos: BytePos| {
            let index = chunks::chunk_at(&self.chunks, pos);
            let span = self.chunks.get(index).map_or(Span::empty(pos), |c| c.span);
            let share = f64::from(pos.0.saturating_sub(span.start.0)) / f64::from(span.len().max(1));
            self.heights.top(index) + share.min(1.0) * self.heights.get(index)
        };
        let mut ticks = vec![(at(input.selection.head), theme.accent)];
        if let Some(id) = input.selected {
            let kind = input.document.kind_of(id).unwrap_or(Kind::Relation);
            let color = input.palette.of(kind, input.document.label_of(id)).line;
            let spans = input.document.spans_of(id);
            ticks.extend(spans.iter().take(limits::TICKS).map(|span| (at(span.start), color)));
        }
        ticks
    }

    /// The annotations on the screen in reading order.
    fn visible(&self, page: &Page) -> Vec<Id> {
        let mut seen = std::collections::HashSet::new();
        let mut found = Vec::new();
        for placed in &self.placed {
            let mut here: Vec<_> =
                placed.marks.fragments.iter().filter(|f| f.part != crate::model::Part::Argument).collect();
            here.sort_by_key(|f| (f.span.start, f.span.end));
            for fragment in here {
                let rect = super::hit::fill_rect(page, placed, fragment);
                if page.view.y_range().contains(rect.center().y) && seen.insert(&fragment.id) {
                    found.push(fragment.id.clone());
                }
            }
        }
        found
    }
}
