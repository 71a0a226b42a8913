//! The in-app file dialog, for machines whose system has none.

use std::path::{Path, PathBuf};

use egui::{RichText, Ui};

use super::{buttons, focus_first, title_ui};
use crate::app::action::Action;
use crate::app::dialog::{FileDialog, FilePurpose};
use crate::theme::{Theme, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{elided, row};

/// Draws the folder, its entries and the name field.
pub fn file_ui(ui: &mut Ui, theme: &Theme, state: &mut FileDialog, actions: &mut Actions) {
    let (title, button) = match state.purpose {
        FilePurpose::Open => ("Open a file", "Open"),
        FilePurpose::SaveAs => ("Save as", "Save"),
        FilePurpose::Schema => ("Load a schema", "Load"),
        FilePurpose::Export => ("Export to", "Export"),
        FilePurpose::AddFiles => ("Add a file", "Add"),
        FilePurpose::AddFolder => ("Add a folder", "Add"),
        FilePurpose::OpenProject => ("Open a project", "Open"),
        FilePurpose::NewProject => ("Folder of the new project", "Choose"),
        FilePurpose::Dataset => ("Folder of the dataset", "Choose"),
        FilePurpose::Figure => ("Save the figure", "Save"),
        FilePurpose::ImportLabels => ("Import a label set", "Import"),
        FilePurpose::CompareLabels => ("Compare with a label set", "Compare"),
        FilePurpose::ExportLabels => ("Export the label set", "Export"),
    };
    title_ui(ui, title);
    ui.label(RichText::new("Type a path, or choose a file below").size(size::SMALL).color(theme.muted));
    ui.horizontal(|ui| {
        let parent = state.folder.parent().map(Path::to_owned);
        if ui.add_enabled(parent.is_some(), egui::Button::new("Up")).clicked()
            && let Some(parent) = parent
        {
            state.folder = parent;
        }
        elided(ui, state.folder.display().to_string());
    });
    let mut chosen: Option<PathBuf> = None;
    egui::ScrollArea::vertical().max_height(300.0).min_scrolled_height(300.0).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        match entries(&state.folder) {
            Ok(entries) if entries.is_empty() => {
                ui.label(RichText::new("This folder is empty").color(theme.muted));
            }
            Ok(entries) => {
                for (path, is_folder) in entries {
                    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                    let shown = if is_folder { format!("{name}/") } else { name.clone() };
                    let response = row(ui, &shown, !is_folder && state.name == name, |ui| {
                        // Other files may be opened too; they are only not what is looked for.
                        let is_likely = state.purpose != FilePurpose::Open || is_claimed(&path);
                        let color = match (is_folder, is_likely) {
                            (true, _) => theme.accent,
                            (false, true) => theme.text,
                            (false, false) => theme.muted,
                        };
                        elided(ui, RichText::new(&shown).color(color));
                    });
                    if response.double_clicked() && !is_folder {
                        chosen = Some(path.clone());
                    } else if response.clicked() {
                        if is_folder { state.folder = path } else { state.name = name }
                    }
                }
            }
            Err(error) => {
                ui.label(RichText::new(format!("This folder cannot be read: {error}")).color(theme.error));
            }
        }
    });
    ui.add_space(space::S);
    let label = ui.label("Name or path").id;
    let response = ui.add(egui::TextEdit::singleline(&mut state.name).desired_width(f32::INFINITY)).labelled_by(label);
    focus_first(ui, &response);
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    if let Some(error) = &state.error {
        ui.label(RichText::new(error).color(theme.error));
    }
    let is_folder = state.purpose.is_folder();
    let may_press = is_folder || !state.name.trim().is_empty();
    let pressed = buttons(ui, theme, &[(button, may_press), ("Cancel", true)]);
    if pressed == Some(1) {
        actions.push(Action::CloseDialog);
        return;
    }
    if is_folder && pressed == Some(0) {
        let folder = state.folder.join(state.name.trim());
        let may_be_new = matches!(state.purpose, FilePurpose::NewProject | FilePurpose::Dataset);
        if folder.is_dir() || may_be_new {
            actions.push(Action::FileChosen(folder));
        } else {
            state.error = Some(format!("There is no folder {}", folder.display()));
        }
        return;
    }
    if (entered || pressed == Some(0)) && !state.name.trim().is_empty() {
        // An absolute path in the name field wins over the folder.
        chosen = Some(state.folder.join(state.name.trim()));
    }
    match chosen {
        Some(path) if path.is_dir() => {
            state.folder = path;
            state.name.clear();
        }
        Some(path) if !is_written(state.purpose) && !path.exists() => {
            state.error = Some(format!("There is no file {}", path.display()));
        }
        Some(path) if !is_folder => actions.push(Action::FileChosen(path)),
        Some(_) => state.error = Some("Choose a folder".to_owned()),
        None => {}
    }
}

/// Whether the file is written, and need not exist.
fn is_written(purpose: FilePurpose) -> bool {
    matches!(purpose, FilePurpose::SaveAs | FilePurpose::Export | FilePurpose::Figure | FilePurpose::ExportLabels)
}

/// Whether a format that can be read has files of such a name.
fn is_claimed(path: &Path) -> bool {
    crate::formats::by_name(path).any(|format| format.info().reads)
}

/// Folders, then files, by name; hidden ones are left out.
fn entries(folder: &Path) -> std::io::Result<Vec<(PathBuf, bool)>> {
    let mut out: Vec<(PathBuf, bool)> = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| (entry.path(), entry.path().is_dir()))
        .collect();
    out.sort_by(|(a, a_dir), (b, b_dir)| b_dir.cmp(a_dir).then_with(|| a.cmp(b)));
    Ok(out)
}
