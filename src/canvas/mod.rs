//! The reader: shows an article like a page, draws what is marked, and turns the pointer into events.
//!
//! It reads a [`Document`] and never changes it: what the user does comes back as [`ReaderEvent`]s, and the
//! caller decides. Keys are not handled here either. Coordinates: bytes of the text; points on the screen.
//!
//! A frame costs what is visible: chunks of text are laid out when they come near the view and kept; marks are
//! collected per chunk and revision; highlights are shapes behind cached text, so that marking lays out nothing.
//!
//! The map, from the text up: [`selection`] (the caret, a value), `chunks` (pieces of text), `layout` (rows and
//! graphemes), `cache`, `heights`, `scroll` and `strip` (where we are), `page` (geometry), `lanes` and `marks` (what is
//! marked), `hit` (what is under a point), `paint`, `ghosts` and `overlay` (drawing), `pointer` (gestures), `access`
//! (screen readers).

mod access;
mod cache;
mod chunks;
mod ghosts;
mod heights;
mod hit;
mod lanes;
mod layout;
mod marks;
mod outlines;
mod overlay;
mod page;
mod paint;
mod pointer;
mod scroll;
pub mod selection;
mod strip;
#[cfg(test)]
mod tests;
mod view;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use egui::{Galley, Pos2, Rect, Response};

pub use ghosts::{Ghost, GhostLayer, Ghosts};
pub use marks::plain;
pub use outlines::{Found, Outlines};
pub use selection::{Motion, TextSelection};
pub use strip::Density;

use crate::model::{Document, Id, Part};
use crate::text::{BytePos, Span, Text};
use crate::theme::{LabelPalette, size};

/// The reader of one open document: where it stands, and what it has laid out.
#[derive(Default)]
pub struct Reader {
    text: Option<Text>,
    title: String,
    chunks: Vec<chunks::Chunk>,
    heights: heights::Heights,
    scroll: scroll::Scroll,
    /// Shared with [`Reader::vertical`], which must lay out a row it steps to and has only `&self`.
    layouts: RefCell<cache::LayoutCache>,
    marks: HashMap<usize, Arc<marks::ChunkMarks>>,
    marks_key: Option<MarksKey>,
    /// The annotation that is drawn also where there are too many.
    kept: Option<Id>,
    /// The chunks on the screen, from top to bottom, as drawn last.
    placed: Vec<Placed>,
    page: Option<page::Page>,
    /// What the scroll bar tells of.
    strip: strip::Strip,
    pointer: pointer::Pointer,
    /// The x that steps by rows keep to, and the caret that it belongs to.
    column: Cell<Option<(BytePos, f32)>>,
    /// A word that egui keeps laid out as long as its font atlas lives; see [`Reader::show`].
    canary: Option<Arc<Galley>>,
    ctx: Option<egui::Context>,
}

/// What marks depend on besides the chunk.
#[derive(Clone, Debug, PartialEq)]
struct MarksKey {
    revision: u64,
    layout: page::LayoutKey,
    gutter: f32,
    margin: f32,
}

/// A chunk on the screen.
#[derive(Clone, Debug)]
struct Placed {
    span: Span,
    setting: chunks::Setting,
    /// Top on the screen.
    top: f32,
    height: f32,
    layout: Arc<layout::ChunkLayout>,
    marks: Arc<marks::ChunkMarks>,
}

/// How the article is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ReaderOptions {
    /// Whether labels stand under what they mark. Changing it moves the text.
    pub show_tags: bool,
    /// Size of the article's type in points.
    pub text_size: f32,
}

impl Default for ReaderOptions {
    fn default() -> Self {
        Self { show_tags: true, text_size: size::READING }
    }
}

/// An arc to draw between two annotations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it starts.
    pub from: Id,
    /// Where its arrow points.
    pub to: Id,
    /// The role or relation, shown in its middle.
    pub label: String,
}

/// Letters over an annotation that pick it when typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The annotation.
    pub id: Id,
    /// The letters.
    pub keys: String,
    /// How many of them are typed already.
    pub typed: usize,
}

/// What the reader shows in one frame.
#[derive(Clone, Copy)]
pub struct ReaderInput<'a> {
    /// The article and what is marked in it.
    pub document: &'a Document,
    /// Another number after every change of the document's annotations.
    pub revision: u64,
    /// Colours of labels.
    pub palette: &'a LabelPalette,
    /// How it is shown.
    pub options: &'a ReaderOptions,
    /// Caret and selected words.
    pub selection: &'a TextSelection,
    /// The selected annotation: drawn strong, with handles.
    pub selected: Option<&'a Id>,
    /// An annotation that the pointer is on somewhere else, in a list.
    pub hovered: Option<&'a Id>,
    /// Arcs to draw; the caller chooses few.
    pub links: &'a [Link],
    /// Letters to draw over annotations.
    pub hints: &'a [Hint],
    /// Words to draw dashed lines around.
    pub outlines: Option<Outlines<'a>>,
    /// Hits of a search, to draw lines around.
    pub found: Option<Found<'a>>,
    /// What the scroll bar tells of, if it is to.
    pub density: Option<Density<'a>>,
    /// What is proposed, if that is to be shown.
    pub ghosts: Option<GhostLayer<'a>>,
    /// Whether a double-click marks with the last label; changes the pointer's shape.
    pub brush: bool,
}

/// What the user does in the reader.
#[derive(Clone, Debug, PartialEq)]
pub enum ReaderEvent {
    /// The caret or the selection moved.
    Select(TextSelection),
    /// The selection is complete: the pointer was released after a drag, or a word was double-clicked.
    SelectionDone,
    /// An annotation was clicked.
    Pick {
        /// Which.
        id: Id,
    },
    /// Something proposed was clicked.
    PickGhost {
        /// Which: [`Ghost::key`].
        key: u64,
    },
    /// A place without annotation was clicked.
    PickNothing,
    /// An end of the selected annotation was dragged to another place.
    Resize {
        /// Which annotation.
        id: Id,
        /// Which part of it.
        part: Part,
        /// Which of the part's spans.
        index: usize,
        /// What that span is to be.
        span: Span,
    },
    /// The pointer came over an annotation or left it.
    Hover(Option<Id>),
    /// The secondary button was clicked.
    ContextMenu {
        /// Where on the screen.
        pos_in_ui: Pos2,
        /// On which annotation.
        id: Option<Id>,
    },
}

/// What came of one frame.
pub struct ReaderOutput {
    /// Of the whole canvas.
    pub response: Response,
    /// What the user did, in order.
    pub events: Vec<ReaderEvent>,
    /// The annotations on the screen, in reading order.
    pub visible: Vec<Id>,
}

impl Reader {
    /// A reader at the top of a document.
    pub fn new() -> Self {
        Self::default()
    }

    /// The egui identifier of the canvas; it has keyboard focus after a click. One reader is shown at a time.
    pub fn id() -> egui::Id {
        egui::Id::unique("manicule reader")
    }

    /// The egui identifier of an annotation's accessibility node.
    pub fn node_id(id: &Id) -> egui::Id {
        Self::id().with(("annotation", id.as_str()))
    }

    /// Forgets what is marked where: the reader goes on with another document of the same text.
    pub fn forget_marks(&mut self) {
        self.marks_key = None;
        self.strip = strip::Strip::default();
    }

    /// Shows `span` in the middle of the view in the next frame, unless it is visible already.
    pub fn scroll_to(&mut self, span: Span) {
        self.scroll.request = Some(scroll::Request::Centre(span));
    }

    /// Scrolls no further than it takes to see `span`; for a caret that moves row by row.
    pub fn reveal(&mut self, span: Span) {
        self.scroll.request = Some(scroll::Request::Reveal(span));
    }

    /// Scrolls by rows of running text; negative is towards the start.
    pub fn scroll_by_rows(&mut self, rows: f32) {
        let pitch = self.page.as_ref().map_or(0.0, |p| p.body.pitch);
        self.scroll.by(f64::from(rows * pitch));
    }

    /// The view is going to begin so many points further down (negative: up): what is read stays where it is on the
    /// screen, as far as the page allows.
    pub fn view_begins_lower(&mut self, points: f32) {
        self.scroll.offset += f64::from(points);
    }

    /// How many rows a page step goes.
    pub fn page_rows(&self) -> i32 {
        let rows = self.page.as_ref().map_or(1.0, |page| page.view.height() / page.body.pitch - 1.0);
        (rows as i32).max(1)
    }

    /// The selection with its head `rows` rows further down (negative: up), in the same column as far as rows
    /// are long enough. Steps over empty lines as over rows.
    pub fn vertical(&self, document: &Document, selection: &TextSelection, rows: i32, extend: bool) -> TextSelection {
        let text = document.text();
        let head = text.floor_boundary(selection.head);
        let Some((mut chunk, layout, byte)) = self.locate(text, head) else {
            return selection.clone();
        };
        let (mut row, x) = layout.caret(byte);
        let x = self.column.get().filter(|(at, _)| *at == head).map_or(x, |(_, x)| x);
        let mut layout = layout;
        for _ in 0..rows.unsigned_abs() {
            if rows > 0 && row + 1 < layout.rows().len() {
                row += 1;
            } else if rows < 0 && row > 0 {
                row -= 1;
            } else {
                let next = if rows > 0 { chunk.checked_add(1) } else { chunk.checked_sub(1) };
                let Some((next, found)) = next.and_then(|n| Some((n, self.layout_of(text, n)?))) else {
                    break;
                };
                (chunk, layout) = (next, found);
                row = if rows > 0 { 0 } else { layout.rows().len().saturating_sub(1) };
            }
        }
        let is_last = row + 1 == layout.rows().len();
        let byte = layout.rows().get(row).map_or(0, |r| r.hit(x, is_last));
        let start = self.chunks.get(chunk).map_or(BytePos(0), |c| c.span.start);
        let to = text.floor_boundary(start.plus(byte as usize));
        self.column.set(Some((to, x)));
        Self::with_head(selection, to, extend)
    }

    /// The selection with its head at the start or the end of the row it is in.
    pub fn row_edge(
        &self,
        document: &Document,
        selection: &TextSelection,
        to_end: bool,
        extend: bool,
    ) -> TextSelection {
        let text = document.text();
        let head = text.floor_boundary(selection.head);
        let Some((chunk, layout, byte)) = self.locate(text, head) else {
            return selection.clone();
        };
        let row = layout.row_of(byte);
        let is_last = row + 1 == layout.rows().len();
        let x = if to_end { f32::INFINITY } else { f32::NEG_INFINITY };
        let byte = layout.rows().get(row).map_or(byte, |r| r.hit(x, is_last));
        let start = self.chunks.get(chunk).map_or(BytePos(0), |c| c.span.start);
        Self::with_head(selection, text.floor_boundary(start.plus(byte as usize)), extend)
    }

    /// Where an annotation is on the screen, as drawn last: its first visible row.
    pub fn rect_of(&self, _document: &Document, id: &Id) -> Option<Rect> {
        let page = self.page.as_ref()?;
        self.placed.iter().find_map(|placed| {
            let fragment = placed.marks.fragments.iter().filter(|f| &f.id == id);
            fragment.map(|f| hit::fill_rect(page, placed, f)).find(|rect| page.view.intersects(*rect))
        })
    }

    /// Where the caret is on the screen, as laid out last.
    pub fn caret_rect(&self, selection: &TextSelection) -> Option<Rect> {
        let page = self.page.as_ref()?;
        overlay::caret_rect(page, &self.placed, selection.head).filter(|rect| page.view.intersects(*rect))
    }

    fn with_head(selection: &TextSelection, head: BytePos, extend: bool) -> TextSelection {
        if extend { TextSelection { head, ..selection.clone() } } else { TextSelection::caret(head) }
    }
}
