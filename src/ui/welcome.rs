//! What is shown while no document is open.

use std::path::PathBuf;

use egui::{ColorImage, RichText, TextureFilter, TextureHandle, TextureOptions, Ui, vec2};

use super::Actions;
use super::widgets::{elided, heading, quiet_button, row};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::store::Unsaved;
use crate::theme::{Theme, reading, reading_bold, size, space};

/// Side of the icon in points.
const ICON_SIZE: f32 = 72.0;

/// Draws the welcome screen.
pub fn welcome_ui(ui: &mut Ui, recent: &[PathBuf], unsaved: &[Unsaved], actions: &mut Actions) {
    let theme = Theme::current(ui.ctx());
    let width = 400.0_f32.min(ui.available_width() - 2.0 * space::L);
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.set_max_width(width);
            ui.add_space((ui.available_height() * 0.14).max(space::XL));
            if let Some(icon) = icon(ui.ctx()) {
                let image = egui::Image::from_texture(&icon).fit_to_exact_size(vec2(ICON_SIZE, ICON_SIZE));
                ui.add(image.alt_text("A hand that points: a manicule"));
            }
            ui.label(RichText::new("Manicule").font(reading_bold(size::TITLE + 8.0)).color(theme.ink));
            ui.label(
                RichText::new("Who, what happened, and who said what").font(reading(size::READING)).color(theme.muted),
            );
            ui.add_space(space::XL);
            for command in
                [Command::OpenSample, Command::Open, Command::Paste, Command::NewProject, Command::OpenProject]
            {
                let keys = command.key_text(ui.ctx());
                let name = RichText::new(command.info().name).size(size::HEADING);
                let mut button = egui::Button::new((name, egui::Atom::grow()));
                if !keys.is_empty() {
                    button = button.shortcut_text(keys);
                }
                let button = button.min_size(vec2(width, 38.0));
                if ui.add(button).on_hover_text(command.info().help).clicked() {
                    actions.push(Action::Run(command));
                }
            }
            ui.add_space(space::S);
            ui.label(RichText::new("or drop a file or a folder here").color(theme.muted));
        });
        ui.horizontal(|ui| {
            ui.add_space(((ui.available_width() - width) / 2.0).max(0.0));
            ui.vertical(|ui| {
                ui.set_max_width(width);
                unsaved_ui(ui, theme, unsaved, actions);
                recent_ui(ui, theme, recent, actions);
            });
        });
        ui.add_space(space::XL);
    });
}

/// The program's icon; fonts rarely have the hand. Made once for a context.
fn icon(ctx: &egui::Context) -> Option<TextureHandle> {
    let id = egui::Id::unique("welcome icon");
    if let Some(texture) = ctx.data(|data| data.get_temp(id)) {
        return Some(texture);
    }
    let icon = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icons/manicule-256.png")).ok()?;
    let size = [icon.width as usize, icon.height as usize];
    let image = ColorImage::from_rgba_unmultiplied(size, &icon.rgba);
    let texture =
        ctx.load_texture("welcome icon", image, TextureOptions::LINEAR.with_mipmap_mode(Some(TextureFilter::Linear)));
    ctx.data_mut(|data| data.insert_temp(id, texture.clone()));
    Some(texture)
}

pub(super) fn unsaved_ui(ui: &mut Ui, theme: &Theme, unsaved: &[Unsaved], actions: &mut Actions) {
    if unsaved.is_empty() {
        return;
    }
    heading(ui, theme, "Not saved last time");
    for work in unsaved {
        ui.horizontal(|ui| {
            if quiet_button(ui, "Forget").on_hover_text("Delete what was not saved").clicked() {
                actions.push(Action::Discard(work.key.clone()));
            }
            let changes =
                if work.change_count == 1 { "1 change".to_owned() } else { format!("{} changes", work.change_count) };
            let response = row(ui, &format!("Recover {}", work.title), false, |ui| {
                elided(ui, RichText::new(format!("{} — {changes}", work.title)).color(theme.text));
            });
            if response.clicked() {
                actions.push(Action::Recover(work.clone()));
            }
        });
    }
}

fn recent_ui(ui: &mut Ui, theme: &Theme, recent: &[PathBuf], actions: &mut Actions) {
    if recent.is_empty() {
        return;
    }
    heading(ui, theme, "Recent files");
    for path in recent {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
        let response = row(ui, &format!("Open {name}"), false, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(&name).color(theme.text));
                elided(ui, RichText::new(folder).size(size::SMALL).color(theme.muted));
            });
        });
        if response.clicked() {
            actions.push(Action::OpenFile(path.clone()));
        }
    }
}
