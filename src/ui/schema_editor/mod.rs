//! The editor of a project's label set, in the place of the reader: entries at the left, the fields of the selected one,
//! and beside them what it will look like, what is wrong, and what was changed.

mod beside;
mod chips;
mod fields;
mod forms;
mod head;
mod list;
mod look;
mod preview;
pub mod questions;
mod review;
mod roles;
mod side;
mod values;

use egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

use crate::app::project::OpenProject;
use crate::app::schema_editor::conflicts::Field;
use crate::app::schema_editor::{SchemaAction, SchemaEditor, Stage};
use crate::model::Schema;
use crate::theme::{LabelPalette, Theme, space};
use crate::ui::Actions;

use fields::Typing;
use look::Look;

/// From this width on, preview, conflicts and changes stand beside the fields, in points; below it, under them.
const WIDE: f32 = 940.0;
/// Fields are no wider than this, in points: long lines are hard to read.
const FIELDS: f32 = 620.0;

/// What the editor remembers between frames.
#[derive(Default)]
pub struct SchemaView {
    /// The words that entries are filtered by.
    filter: String,
    /// A name that is being typed and not given yet.
    typing: Option<Typing>,
    /// Colours and keys of the label set as it is now.
    look: Option<Look>,
    /// The field that is to get the keyboard when it is drawn.
    wanted: Option<Field>,
    /// The entry that was brought into view last.
    shown: Option<crate::app::schema_editor::entry::Entry>,
}

/// What all parts of the page may read.
struct Page<'a> {
    theme: &'static Theme,
    project: &'a OpenProject,
    editor: &'a SchemaEditor,
    schema: &'a Schema,
    palette: LabelPalette,
    look: Look,
}

impl Page<'_> {
    /// Asks for an edit that adds or describes.
    fn edit(&self, actions: &mut Actions, title: &str, field: Option<&str>, change: impl FnOnce(&mut Schema)) {
        let mut schema = self.schema.clone();
        change(&mut schema);
        let (title, field) = (title.to_owned(), field.map(str::to_owned));
        actions.push(SchemaAction::Edit { title, field, schema: Box::new(schema) }.into());
    }
}

/// Draws the editor; `view` is the state that [`SchemaEditor::view`] has.
pub fn schema_editor_ui(
    ui: &mut Ui,
    theme: &'static Theme,
    project: &OpenProject,
    editor: &SchemaEditor,
    view: &mut SchemaView,
    actions: &mut Actions,
) {
    if !view.look.as_ref().is_some_and(|look| look.is_of(editor.schema(), theme.is_dark)) {
        view.look = Some(Look::new(editor.schema(), editor.reserved(), theme.is_dark));
    }
    let Some(look) = view.look.clone() else { return };
    let page = Page { theme, project, editor, schema: editor.schema(), palette: look.palette.clone(), look };
    if let Some(wanted) = editor.wanted {
        view.wanted = Some(wanted);
    }
    let bar = Frame::NONE.fill(theme.bar).inner_margin(Margin::symmetric(space::M as i8, 6));
    Panel::top("label set head").frame(bar).show(ui, |ui| head::head_ui(ui, &page, actions));
    match &editor.stage {
        Stage::Edit => edit_ui(ui, &page, view, actions),
        Stage::Review(state) => {
            central(ui, theme, |ui| review::review_ui(ui, &page, state, actions));
        }
        Stage::Beside(beside) => {
            central(ui, theme, |ui| beside::beside_ui(ui, &page, beside, actions));
        }
    }
}

fn central(ui: &mut Ui, theme: &Theme, add: impl FnOnce(&mut Ui)) {
    let frame = Frame::NONE.fill(theme.paper).inner_margin(Margin::symmetric(space::L as i8, space::M as i8));
    CentralPanel::default().frame(frame).show(ui, add);
}

fn edit_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, actions: &mut Actions) {
    let theme = page.theme;
    let is_wide = ui.available_width() >= WIDE;
    let list = Frame::NONE.fill(theme.panel).inner_margin(Margin::symmetric(space::S as i8, space::S as i8));
    let width = if is_wide { 230.0 } else { 196.0 };
    let list = Panel::left("label set entries").frame(list).default_size(width).size_range(150.0..=340.0);
    list.show(ui, |ui| list::list_ui(ui, page, view, actions));
    let side = Frame::NONE.fill(theme.panel).inner_margin(Margin::same(space::M as i8));
    if is_wide {
        let side = Panel::right("label set side").frame(side).default_size(330.0).size_range(240.0..=480.0);
        side.show(ui, |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| side::side_ui(ui, page, actions));
        });
    } else {
        let side = Panel::bottom("label set foot").frame(side).resizable(true).default_size(200.0);
        side.size_range(80.0..=380.0).show(ui, |ui| side::foot_ui(ui, page, actions));
    }
    central(ui, theme, |ui| {
        let id = egui::Id::unique(("fields of", page.editor.selected().name()));
        ScrollArea::vertical().id_salt(id).auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(FIELDS.min(ui.available_width() - space::M));
            forms::form_ui(ui, page, view, actions);
            ui.add_space(space::XL);
        });
    });
}
