//! Lists of names as chips that can be taken out, with a menu of what can be added.

use egui::{Frame, Margin, RichText, ScrollArea, Stroke, Ui, vec2};

use super::Page;
use crate::model::Kind;
use crate::theme::{medium, size, space};
use crate::ui::widgets::{heading, name_entry, named, remove_button, told};

/// What was asked of a list of chips.
pub enum Asked {
    /// Add this.
    Add(String),
    /// Take this out.
    Remove(String),
}

/// Names that can be added, under headings.
pub type Offered = Vec<(&'static str, Vec<String>)>;

/// Draws the chips; `of` is whose they are, `empty` what it means that there are none.
pub fn chips_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    of: &str,
    names: &[String],
    empty: &str,
    offered: &Offered,
) -> Option<Asked> {
    let theme = page.theme;
    let mut asked = None;
    // As high as a chip, so that the first of them stands where the others do.
    ui.spacing_mut().interact_size.y = 28.0;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        if names.is_empty() {
            ui.label(RichText::new(empty).color(theme.muted));
        }
        for name in names {
            let is_known = offered.iter().any(|(_, all)| all.contains(name));
            let color = if is_known { theme.text } else { theme.error };
            let frame = Frame::NONE.fill(theme.raised).stroke(Stroke::new(1.0, theme.border));
            frame.corner_radius(4).inner_margin(Margin { left: 7, right: 1, top: 0, bottom: 0 }).show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 1.0;
                let kind = if page.schema.event(name).is_some() { Kind::Event } else { Kind::Mention };
                if page.schema.mention(name).is_some() || page.schema.event(name).is_some() {
                    let colors = page.palette.of(kind, name);
                    let (rect, _) = ui.allocate_exact_size(vec2(5.0, 12.0), egui::Sense::hover());
                    ui.painter().rect_filled(rect, 1.5, if kind == Kind::Event { colors.chip } else { colors.line });
                    ui.add_space(3.0);
                }
                ui.label(RichText::new(meaning(name)).color(color));
                if remove_button(ui, &format!("Take {name} from {of}")).clicked() {
                    asked = Some(Asked::Remove(name.clone()));
                }
            });
        }
        let is_left = |name: &&String| !names.contains(name);
        let menu = ui.menu_button(RichText::new("+ Add").font(medium(size::BODY)), |ui| {
            ui.set_min_width(180.0);
            ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
                for (title, all) in offered {
                    let all: Vec<&String> = all.iter().filter(is_left).collect();
                    if all.is_empty() {
                        continue;
                    }
                    heading(ui, theme, title);
                    for name in all {
                        let entry = ui.add(egui::Button::new(meaning(name)).frame(false).min_size(vec2(170.0, 22.0)));
                        name_entry(ui, &entry, &format!("Add {name}"), "");
                        if entry.clicked() {
                            asked = Some(Asked::Add(name.clone()));
                            ui.close();
                        }
                    }
                }
            });
        });
        name_entry(ui, &menu.response, &format!("Add to {of}"), "");
    });
    ui.spacing_mut().interact_size.y = 24.0;
    ui.add_space(space::XS);
    asked
}

/// A filler in words.
fn meaning(name: &str) -> String {
    match name {
        "*mention" => "any mention".to_owned(),
        "*event" => "any event".to_owned(),
        "*span" => "any words".to_owned(),
        name => told(&named(name)).into_owned(),
    }
}

/// What may fill a role.
pub fn fillers(page: &Page<'_>) -> Offered {
    let groups = page.schema.groups.keys().map(|group| format!("@{group}")).collect();
    vec![
        ("Anything of a kind", ["*mention", "*event", "*span"].map(str::to_owned).to_vec()),
        ("Groups", groups),
        ("Mentions", page.schema.mentions.iter().map(|m| m.label.clone()).collect()),
        ("Events", page.schema.events.iter().map(|e| e.r#type.clone()).collect()),
    ]
}
