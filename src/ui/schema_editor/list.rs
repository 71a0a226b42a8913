//! The entries of the label set at the left, in their parts.

use egui::{Align, Layout, RichText, ScrollArea, Sense, Ui, vec2};
use strum::IntoEnumIterator as _;

use super::{Page, SchemaView};
use crate::app::schema_editor::SchemaAction;
use crate::app::schema_editor::entry::{Entry, Part};
use crate::model::{Kind, Severity};
use crate::theme::{medium, semibold, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{elided, name_entry, row, told};

/// Draws the list, and under it what can be done with the selected entry.
pub fn list_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, actions: &mut Actions) {
    let field = egui::TextEdit::singleline(&mut view.filter).hint_text("Filter labels").desired_width(f32::INFINITY);
    let field = ui.add(field);
    ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Filter labels"));
    let height = (ui.available_height() - 46.0).max(40.0);
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
        ui.set_min_height(height);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            entry_row(ui, page, view, &Entry::Whole, actions);
            let words = view.filter.trim().to_lowercase();
            for part in Part::iter() {
                part_ui(ui, page, view, part, &words, actions);
            }
        });
    });
    foot_ui(ui, page, actions);
}

fn part_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, part: Part, words: &str, actions: &mut Actions) {
    let theme = page.theme;
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        ui.label(RichText::new(part.heading()).font(semibold(size::SMALL)).color(theme.muted));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let add = ui.add(
                egui::Button::new(RichText::new("+").font(medium(size::HEADING)))
                    .frame(false)
                    .min_size(vec2(22.0, 20.0)),
            );
            let name = format!("Add {}", part.a());
            name_entry(ui, &add, &name, "");
            if add.on_hover_text(name).clicked() {
                actions.push(SchemaAction::Add(part).into());
            }
        });
    });
    for entry in Entry::of(part, page.schema) {
        if words.is_empty() || entry.name().to_lowercase().contains(words) {
            entry_row(ui, page, view, &entry, actions);
        }
    }
}

/// What assistive programs call a row.
fn row_name(entry: &Entry) -> String {
    match entry.part() {
        None => "Label set as a whole".to_owned(),
        Some(Part::Quotes) if *entry == Entry::Quotes => "All quotes".to_owned(),
        Some(part) => format!("{}: {}", capital(part.one()), entry.name()),
    }
}

pub fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn entry_row(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, entry: &Entry, actions: &mut Actions) {
    let theme = page.theme;
    let is_selected = page.editor.selected() == entry;
    let worst = (page.editor.conflicts.iter())
        .filter(|conflict| conflict.place.as_ref().is_some_and(|(place, _)| place == entry))
        .map(|conflict| conflict.problem.severity)
        .max_by_key(|severity| *severity == Severity::Error);
    let (kind, key) = match entry {
        Entry::Mention(label) => (Some(Kind::Mention), page.look.keys.key_of(Kind::Mention, label)),
        Entry::Event(label) => (Some(Kind::Event), page.look.keys.key_of(Kind::Event, label)),
        Entry::Quotes | Entry::QuoteKind(_) => (Some(Kind::Quote), None),
        _ => (None, None),
    };
    let response = row(ui, &row_name(entry), is_selected, |ui| {
        ui.set_height(22.0);
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let (rect, _) = ui.allocate_exact_size(vec2(8.0, 16.0), Sense::hover());
            if let Some(kind) = kind {
                let colors = page.palette.of(kind, entry.name());
                let color = if kind == Kind::Event { colors.chip } else { colors.line };
                let width = if matches!(entry, Entry::QuoteKind(_)) { 2.0 } else { 8.0 };
                let stripe = egui::Rect::from_center_size(rect.center(), vec2(width, 14.0));
                ui.painter().rect_filled(stripe, 2.0, color);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if let Some(key) = key {
                    ui.label(RichText::new(key.to_string()).font(medium(size::SMALL)).color(theme.muted));
                }
                if let Some(severity) = worst {
                    let color = crate::ui::lists::severity_color(theme, severity);
                    ui.label(RichText::new("!").font(semibold(size::BODY)).color(color));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let name = match entry {
                        Entry::Whole => "Title and description",
                        Entry::Quotes => "All quotes",
                        entry => entry.name(),
                    };
                    elided(ui, RichText::new(told(name)).color(theme.text));
                });
            });
        });
    });
    if is_selected && view.shown.as_ref() != Some(entry) {
        response.scroll_to_me(None);
        view.shown = Some(entry.clone());
    }
    if response.clicked() {
        actions.push(SchemaAction::Select(entry.clone()).into());
    }
    if entry.part().is_some() {
        response.context_menu(|ui| {
            // The menu is about the entry that it was opened on.
            if !is_selected {
                actions.push(SchemaAction::Select(entry.clone()).into());
            }
            entry_menu(ui, entry, actions);
        });
    }
}

/// What can be done with an entry.
pub fn entry_menu(ui: &mut Ui, entry: &Entry, actions: &mut Actions) {
    ui.set_min_width(190.0);
    let is_label = entry.kind().is_some();
    let can_merge = is_label || matches!(entry, Entry::Attribute(_));
    let can_split = matches!(entry, Entry::Mention(_) | Entry::Event(_) | Entry::Relation(_) | Entry::QuoteKind(_));
    let entries = [
        ("Duplicate", *entry != Entry::Quotes, SchemaAction::Duplicate),
        ("Move up", is_label || can_merge, SchemaAction::Shift { down: false }),
        ("Move down", is_label || can_merge, SchemaAction::Shift { down: true }),
        ("Merge others into it…", can_merge, SchemaAction::Merge),
        ("Split by attribute…", can_split, SchemaAction::Split),
        ("Remove…", *entry != Entry::Quotes, SchemaAction::Remove),
    ];
    for (name, is_possible, action) in entries {
        if is_possible {
            let button = ui.button(name);
            name_entry(ui, &button, name, "");
            if button.clicked() {
                actions.push(action.into());
                ui.close();
            }
        }
    }
}

fn foot_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let entry = page.editor.selected();
    ui.separator();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let is_entry = entry.part().is_some() && *entry != Entry::Quotes;
        let moves = is_entry && !matches!(entry, Entry::Group(_));
        for (sign, name, is_possible, action) in [
            ("↑", "Move up", moves, SchemaAction::Shift { down: false }),
            ("↓", "Move down", moves, SchemaAction::Shift { down: true }),
            ("Copy", "Duplicate", is_entry, SchemaAction::Duplicate),
            ("Remove", "Remove", is_entry, SchemaAction::Remove),
        ] {
            let button = ui.add_enabled(is_possible, egui::Button::new(RichText::new(sign).size(size::SMALL)));
            name_entry(ui, &button, &format!("{name}: {}", entry.name()), "");
            if button.on_hover_text(name).clicked() {
                actions.push(action.into());
            }
        }
    });
}
