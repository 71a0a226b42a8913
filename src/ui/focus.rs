//! Who has the keyboard: the regions of the window, the ring around what has the focus, and where the focus returns
//! to when a dialog or menu has closed.
//!
//! Regions are known by where they were drawn last; what can have the focus in them is asked of egui. So panels need
//! not tell which widgets they have.

use std::collections::BTreeMap;

use egui::{Context, CornerRadius, Id, LayerId, Rect, Stroke, StrokeKind};

use crate::canvas::Reader;
use crate::theme::Theme;

/// A part of the window between which F6 moves, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter)]
pub enum Region {
    /// The article.
    Article,
    /// The documents of the project.
    Queue,
    /// The label bar.
    Labels,
    /// The bar that finds in the document.
    Find,
    /// The strip above the article.
    Banner,
    /// The inspector.
    Inspector,
    /// The lists and their tabs.
    Lists,
    /// The search of the project.
    Search,
    /// The menu bar; F6 leaves it out.
    Menu,
}

/// What is remembered between frames.
#[derive(Default)]
pub struct Focus {
    rects: BTreeMap<Region, Rect>,
    /// What had the focus last in each region.
    last: BTreeMap<Region, Id>,
    /// What had the focus before a dialog or menu came up.
    before: Option<Id>,
    was_covered: bool,
}

impl Focus {
    /// A region was drawn here in this frame.
    pub fn drawn(&mut self, region: Region, rect: Rect) {
        self.rects.insert(region, rect);
    }

    /// How wide or high a region was drawn last.
    pub fn rect_of(&self, region: Region) -> Option<Rect> {
        self.rects.get(&region).copied()
    }

    /// A region is not shown.
    pub fn hidden(&mut self, region: Region) {
        self.rects.remove(&region);
    }

    /// Gives the keyboard to the region after the one that has it, or before it.
    pub fn cycle(&mut self, ctx: &Context, forward: bool) {
        let order: Vec<Region> = self.rects.keys().copied().filter(|region| *region != Region::Menu).collect();
        let current = self.current(ctx).unwrap_or(Region::Article);
        let at = order.iter().position(|region| *region == current).unwrap_or(0);
        for step in 1..=order.len() {
            let next = (if forward { at + step } else { at + order.len() - step }) % order.len();
            // A region without anything in it is passed over.
            if order.get(next).is_some_and(|region| self.enter(ctx, *region)) {
                return;
            }
        }
    }

    /// Gives the keyboard to a region: to what had it there last, or to the first thing in it.
    pub fn enter(&mut self, ctx: &Context, region: Region) -> bool {
        let target = if region == Region::Article {
            Some(Reader::id())
        } else {
            let all = self.focusable(ctx, region);
            let last = self.last.get(&region).copied().filter(|id| region != Region::Menu && all.contains(id));
            last.or(all.first().copied())
        };
        if let Some(target) = target {
            ctx.memory_mut(|memory| memory.request_focus(target));
        }
        target.is_some()
    }

    /// The region that has the keyboard.
    pub fn current(&self, ctx: &Context) -> Option<Region> {
        let focused = ctx.memory(egui::Memory::focused)?;
        if focused == Reader::id() {
            return Some(Region::Article);
        }
        let place = ctx.viewport(|viewport| {
            let widget = viewport.prev_pass.widgets.get(focused)?;
            (widget.layer_id == LayerId::background()).then(|| widget.interact_rect.center())
        })?;
        let holds = |(_, rect): &(&Region, &Rect)| rect.contains(place);
        self.rects.iter().filter(|(region, _)| **region != Region::Article).find(holds).map(|(region, _)| *region)
    }

    /// What can have the focus in a region, in the order in which Tab goes.
    fn focusable(&self, ctx: &Context, region: Region) -> Vec<Id> {
        let Some(rect) = self.rects.get(&region).copied() else { return Vec::new() };
        ctx.viewport(|viewport| {
            let widgets = viewport.prev_pass.widgets.get_layer(LayerId::background());
            let inside =
                widgets.filter(|w| w.enabled && w.sense.is_focusable() && rect.contains(w.interact_rect.center()));
            // The edges by which panels are resized can have the focus, but nothing can be done with them by keys.
            inside.filter(|w| w.interact_rect.width().min(w.interact_rect.height()) > 12.0).map(|w| w.id).collect()
        })
    }

    /// Remembers who has the keyboard, once everything is drawn. When a dialog or menu has closed, it goes back to what
    /// had it before. `is_covered`: whether a dialog or menu is open.
    pub fn follow(&mut self, ctx: &Context, is_covered: bool) {
        let focused = ctx.memory(egui::Memory::focused);
        // What closes is drawn once more in the frame in which it closes; panels lie in the background.
        let exists = |id: &Id| {
            let layer = ctx.viewport(|viewport| viewport.this_pass.widgets.get(*id).map(|widget| widget.layer_id));
            layer == Some(LayerId::background())
        };
        if is_covered {
            self.was_covered = true;
            return;
        }
        if std::mem::take(&mut self.was_covered) {
            let back = self.before.take().filter(exists);
            let is_lost = focused.is_none_or(|id| !exists(&id)) || self.current(ctx) == Some(Region::Menu);
            if let Some(back) = back.filter(|_| is_lost) {
                ctx.memory_mut(|memory| memory.request_focus(back));
                ctx.request_repaint();
            }
            return;
        }
        let region = self.current(ctx);
        if let (Some(region), Some(id)) = (region, focused) {
            self.last.insert(region, id);
        }
        // After a menu, the keyboard goes on where it was before the menu bar had it.
        if region != Some(Region::Menu) {
            self.before = focused;
        }
    }
}

/// Draws a ring around what has the focus. The article shows its caret instead.
pub fn ring(ctx: &Context) {
    let Some(id) = ctx.memory(egui::Memory::focused).filter(|id| *id != Reader::id()) else { return };
    let Some(widget) = ctx.viewport(|viewport| viewport.this_pass.widgets.get(id).copied()) else { return };
    if !widget.interact_rect.is_positive() {
        return;
    }
    let accent = Theme::current(ctx).accent;
    let painter = ctx.layer_painter(widget.layer_id).with_clip_rect(widget.interact_rect.expand(3.0));
    painter.rect_stroke(widget.rect, CornerRadius::same(5), Stroke::new(2.0, accent), StrokeKind::Outside);
}

/// Whether nothing was drawn in this layer in the last frame: a dialog that has just opened.
pub fn is_new_layer(ctx: &Context, layer: LayerId) -> bool {
    ctx.viewport(|viewport| viewport.prev_pass.widgets.get_layer(layer).next().is_none())
}

/// Whether what has the focus lies in this layer.
pub fn is_in_layer(ctx: &Context, layer: LayerId) -> bool {
    let Some(id) = ctx.memory(egui::Memory::focused) else { return false };
    ctx.viewport(|viewport| {
        let widgets = [&viewport.this_pass.widgets, &viewport.prev_pass.widgets];
        widgets.iter().find_map(|widgets| widgets.get(id)).is_some_and(|widget| widget.layer_id == layer)
    })
}
