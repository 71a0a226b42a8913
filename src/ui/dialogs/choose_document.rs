//! Which document of a file that holds several?

use std::path::PathBuf;

use egui::{Align, Layout, RichText, Ui};

use super::finder::Finder;
use super::fuzzy::Haystack;
use super::title_ui;
use crate::app::action::Action;
use crate::model::Document;
use crate::theme::{Theme, size, space};
use crate::ui::Actions;
use crate::ui::widgets::elided;

/// Characters of a text that stand for it where it has no title.
const EXCERPT: usize = 80;

/// What the dialog holds while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct FileContents {
    path: PathBuf,
    finder: Finder,
    offered: Vec<Offered>,
}

/// A document, in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    title: String,
    id: String,
    annotations: usize,
    line: Option<usize>,
}

impl Offered {
    /// A document that begins on a line of the file.
    pub fn new(document: &Document, line: Option<usize>) -> Self {
        let metadata = &document.header().metadata;
        let begins = || document.text().as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        let title = if metadata.title.is_empty() { super::short(&begins(), EXCERPT) } else { metadata.title.clone() };
        Self { title, id: metadata.id.clone(), annotations: document.annotation_count(), line }
    }
}

impl FileContents {
    /// A search in the documents of a file, in their order.
    pub fn new(path: PathBuf, offered: Vec<Offered>) -> Self {
        let haystack = |(nth, o): (usize, &Offered)| Haystack::new(&o.title, &format!("{} {}", nth + 1, o.id));
        let finder = Finder::new(offered.iter().enumerate().map(haystack).collect());
        Self { path, finder, offered }
    }
}

/// Draws a field and the documents. Enter opens the highlighted one.
pub fn choose_document_ui(ui: &mut Ui, theme: &Theme, state: &mut FileContents, actions: &mut Actions) {
    let name = state.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    title_ui(ui, &format!("{} documents are in {name}", state.offered.len()));
    let entered = state.finder.field_ui(ui, "Find a document", "Type a part of its title, or its number");
    ui.add_space(space::XS);
    let room = (ui.ctx().content_rect().height() - 260.0).clamp(120.0, 392.0);
    let offered = &state.offered;
    let height = (offered.len() as f32 * 30.0).clamp(120.0, room);
    let name = |i: usize| offered.get(i).map_or(String::new(), |o| format!("Document {}: {}", i + 1, o.title));
    let clicked = state.finder.list_ui(ui, height, name, |ui, i| {
        if let Some(offered) = offered.get(i) {
            row_ui(ui, theme, i, offered);
        }
    });
    let highlighted = state.finder.highlighted().filter(|_| entered);
    if let Some(nth) = clicked.or(highlighted) {
        actions.push(Action::OpenDocument(state.path.clone(), nth));
    }
}

fn row_ui(ui: &mut Ui, theme: &Theme, nth: usize, offered: &Offered) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let line = offered.line.map(|line| format!("line {line} · ")).unwrap_or_default();
        let s = if offered.annotations == 1 { "" } else { "s" };
        let counts = format!("{line}{} annotation{s}", offered.annotations);
        ui.label(RichText::new(counts).size(size::SMALL).color(theme.muted));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.label(RichText::new(format!("{}", nth + 1)).size(size::SMALL).color(theme.muted));
            elided(ui, &offered.title);
        });
    });
}
