//! The menu bar, made from the table of commands.

use egui::{Response, Ui};

use super::Actions;
use super::menu_keys::{Bar, Entries};
use super::widgets::name_entry;
use crate::app::action::Action;
use crate::app::command::{Command, Section};
use crate::formats::decode::MENU;
use crate::model::schema::BUILTIN;

/// What the menus need to know.
pub struct MenuState<'a> {
    /// Whether a document is open.
    pub has_document: bool,
    /// Whether a project is open.
    pub has_project: bool,
    /// The change of its label set that can be taken back.
    pub last_change: Option<&'a str>,
    /// Whether that cannot be changed here.
    pub is_read_only: bool,
    /// What undo would take back.
    pub undo: Option<&'a str>,
    /// What redo would do again.
    pub redo: Option<&'a str>,
    /// Files opened lately.
    pub recent: &'a [std::path::PathBuf],
    /// The encoding of the text file, if it can be read again in another.
    pub encoding: Option<&'a str>,
    /// The schema in use.
    pub schema: Option<&'a str>,
}

/// Draws the menu bar.
pub fn menu_ui(ui: &mut Ui, state: &MenuState<'_>, actions: &mut Actions) {
    egui::MenuBar::new().ui(ui, |ui| {
        let mut bar = Bar::default();
        let sections = [Section::File, Section::Edit, Section::Mark, Section::Project, Section::View, Section::Help];
        for (at, section) in sections.into_iter().enumerate() {
            let button = ui.menu_button(section.text(), |ui| {
                let mut entries = Entries::default();
                ui.set_min_width(230.0);
                for command in Command::of(section) {
                    if matches!(command, Command::CloseDocument) {
                        file_submenus(ui, state, &mut entries, actions);
                    }
                    entries.drawn(&command_item(ui, command, state, actions));
                    if matches!(
                        command,
                        Command::Paste
                            | Command::Export
                            | Command::ShowHistory
                            | Command::Cancel
                            | Command::TogglePanel
                            | Command::SplitEntity
                            | Command::OpenProject
                            | Command::AddFolder
                            | Command::DoneAndNext
                            | Command::RescanProject
                    ) {
                        ui.separator();
                    }
                }
                if section == Section::Mark {
                    schema_submenu(ui, state, &mut entries, actions);
                }
                bar.menu_drawn(ui, at, &entries);
            });
            bar.drawn(&button.response);
        }
        bar.keys(ui);
    });
}

/// What a step did, on one line.
fn step(title: &str) -> std::borrow::Cow<'_, str> {
    crate::text::visible::line(title, crate::limits::TITLE_SHOWN)
}

fn command_item(ui: &mut Ui, command: Command, state: &MenuState<'_>, actions: &mut Actions) -> Response {
    let info = command.info();
    let (text, is_possible) = match command {
        Command::Undo => {
            (state.undo.map_or("Undo".into(), |title| format!("Undo: {}", step(title))), state.undo.is_some())
        }
        Command::Redo => {
            (state.redo.map_or("Redo".into(), |title| format!("Redo: {}", step(title))), state.redo.is_some())
        }
        Command::TakeBackLabels => (info.name.to_owned(), state.last_change.is_some()),
        _ => (info.name.to_owned(), true),
    };
    let is_enabled = is_possible
        && (state.has_document || !info.needs_document)
        && (state.has_project || !command.needs_project())
        && !(state.is_read_only && command.changes_document());
    let keys = command.key_text(ui.ctx());
    let button = egui::Button::new(text.as_str()).shortcut_text(keys.as_str());
    let response = ui.add_enabled(is_enabled, button).on_hover_text(info.help);
    name_entry(ui, &response, &text, &keys);
    if response.clicked() {
        actions.push(Action::Run(command));
        ui.close();
    }
    response
}

fn file_submenus(ui: &mut Ui, state: &MenuState<'_>, entries: &mut Entries, actions: &mut Actions) {
    ui.add_enabled_ui(!state.recent.is_empty(), |ui| {
        let button = ui.menu_button("Recent files", |ui| {
            for path in state.recent {
                if ui
                    .button(crate::text::visible::line(&path.display().to_string(), crate::limits::LINE_SHOWN))
                    .clicked()
                {
                    actions.push(Action::OpenFile(path.clone()));
                    ui.close();
                }
            }
        });
        name_entry(ui, &button.response, "Recent files", "");
        entries.submenu_drawn(&button.response);
    });
    ui.add_enabled_ui(state.encoding.is_some(), |ui| {
        let button = ui.menu_button("Read the text as", |ui| {
            egui::ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
                for (encoding, scripts) in MENU {
                    let is_current = state.encoding == Some(*encoding);
                    if ui.add(egui::Button::selectable(is_current, *encoding).shortcut_text(*scripts)).clicked() {
                        actions.push(Action::Reencode(encoding));
                        ui.close();
                    }
                }
            });
        });
        name_entry(ui, &button.response, "Read the text as", "");
        entries.submenu_drawn(&button.response);
    });
    ui.separator();
}

fn schema_submenu(ui: &mut Ui, state: &MenuState<'_>, entries: &mut Entries, actions: &mut Actions) {
    ui.separator();
    ui.add_enabled_ui(state.has_document && !state.is_read_only, |ui| {
        let button = ui.menu_button("Schema", |ui| {
            for (name, _) in BUILTIN {
                if ui.add(egui::Button::selectable(state.schema == Some(*name), *name)).clicked() {
                    actions.push(Action::UseBuiltinSchema(name));
                    ui.close();
                }
            }
            ui.separator();
            if ui.button("Load from file…").clicked() {
                actions.push(Action::LoadSchema);
                ui.close();
            }
        });
        name_entry(ui, &button.response, "Schema", "");
        entries.submenu_drawn(&button.response);
    });
}
