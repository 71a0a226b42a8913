//! Panels. Each is a function of what it may read ([`View`]), its own state and the place to draw; what the user asks
//! for goes into a list of actions. Nothing here changes a document.

pub mod again;
pub mod banner;
pub mod dialogs;
pub mod explain;
pub mod fallen;
pub mod find_bar;
pub mod focus;
pub mod inspector;
pub mod label_bar;
pub mod lists;
pub mod live;
pub mod menu;
mod menu_keys;
pub mod project;
pub mod schema_editor;
pub mod statistics;
pub mod status_bar;
pub mod toasts;
pub mod welcome;
pub mod when;
pub mod widgets;

use crate::app::action::Action;
use crate::app::again::Again;
use crate::app::cache::DocumentCache;
use crate::app::filling::Mode;
use crate::app::suggesting::Suggestions;
use crate::edit::History;
use crate::model::schema::{KeyTable, LabelTarget};
use crate::model::{Document, Id, Problem, Schema};
use crate::theme::{LabelPalette, Theme};

/// What every panel of an open document may read.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The document.
    pub document: &'a Document,
    /// Changes with every change of the document.
    pub revision: u64,
    /// Its label set.
    pub schema: &'a Schema,
    /// Which key sets which label.
    pub keys: &'a KeyTable,
    /// What was done to it.
    pub history: &'a History,
    /// Lists that are worked out once per change.
    pub cache: &'a DocumentCache,
    /// Colours.
    pub theme: &'static Theme,
    /// Colours of labels.
    pub palette: &'a LabelPalette,
    /// The selected annotation or entity.
    pub selected: Option<&'a Id>,
    /// The selected problem.
    pub problem: Option<&'a Problem>,
    /// What is being asked for.
    pub mode: &'a Mode,
    /// The preview of all occurrences, while it is open.
    pub again: Option<&'a Again>,
    /// What is proposed, if that is to be shown.
    pub suggestions: Option<&'a Suggestions>,
    /// The sticky label.
    pub brush: Option<&'a LabelTarget>,
    /// Whether its annotations are still being read: only the text is there.
    pub is_being_read: bool,
    /// What is being done to the document and takes its time, in words.
    pub doing: Option<&'a str>,
}

/// Where panels put what the user asks for.
pub type Actions = Vec<Action>;
