//! The roles of an event type or of quotes: what may fill each, how many, and what it means.

use egui::{Align, Frame, Layout, RichText, Ui};

use super::fields::{caption, name_field, text_field};
use super::forms::fillers_ui;
use super::{Page, SchemaView};
use crate::app::schema_editor::SchemaAction;
use crate::app::schema_editor::edited::{Named, roles};
use crate::app::schema_editor::question::{Question, Removal};
use crate::edit::{Owner, SchemaStep, Unfit};
use crate::model::Schema;
use crate::model::schema::RoleType;
use crate::theme::{medium, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{name_entry, quiet_button, remove_button};

/// The role that every quote has a place for; its name is the program's.
const SPEAKER: &str = "Speaker";
/// No role takes more fillers than this by a number; it takes any number then.
const MOST: u32 = 999;
/// The width of a number, in points.
const NUMBER: f32 = 42.0;

/// Draws the roles.
pub fn roles_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, of: &Owner, actions: &mut Actions) {
    caption(ui, page.theme, "Roles");
    for role in roles(page.schema, of) {
        let frame = Frame::NONE.fill(page.theme.panel).corner_radius(5).inner_margin(space::S);
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            role_ui(ui, page, view, of, role, actions);
        });
        ui.add_space(2.0);
    }
    if quiet_button(ui, "+ Add a role").clicked() {
        page.edit(actions, &format!("Add a role to {}", of.words()), None, |schema| {
            let taken: Vec<String> = roles(schema, of).iter().map(|role| role.role.clone()).collect();
            let mut names = std::iter::once("NewRole".to_owned()).chain((2..).map(|n| format!("NewRole{n}")));
            let role = names.find(|name| !taken.contains(name)).unwrap_or_default();
            if let Some(list) = roles_mut(schema, of) {
                let fillers = vec!["*mention".to_owned()];
                list.push(RoleType { role, fillers, min: 0, max: None, definition: String::new() });
            }
        });
    }
}

fn role_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, of: &Owner, role: &RoleType, actions: &mut Actions) {
    let theme = page.theme;
    let name = &role.role;
    let is_fixed = *of == Owner::Quotes && name == SPEAKER;
    ui.horizontal(|ui| {
        if is_fixed {
            ui.label(RichText::new(name).font(medium(size::BODY)).color(theme.text));
        } else {
            let salt = (of.words(), "role", name);
            let typed = name_field(ui, view, salt, &format!("Role {name}"), name, None, 130.0);
            if let Some(to) = typed {
                let step = SchemaStep::RenameRole { of: of.clone(), from: name.clone(), to };
                actions.push(SchemaAction::Step(step).into());
            }
        }
        limits_ui(ui, page, view, of, role, actions);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !is_fixed && remove_button(ui, &format!("Remove the role {name}")).clicked() {
                let what = Removal::Role(of.clone(), name.clone());
                if page.editor.edited().is_known(&Named::Role(of.clone(), name.clone())) {
                    let question = Question::remove(page.schema, what, &std::collections::BTreeMap::new());
                    actions.push(SchemaAction::Ask(Box::new(question)).into());
                } else {
                    let step = SchemaStep::DeleteRole { of: of.clone(), role: name.clone(), to: None };
                    actions.push(SchemaAction::Step(step).into());
                }
            }
        });
    });
    ui.horizontal(|ui| {
        ui.label(RichText::new("takes").size(size::SMALL).color(theme.muted));
        fillers_ui(ui, page, of, name, &role.fillers, actions);
    });
    let salt = ("role definition", of.words(), name);
    let typed = text_field(ui, salt, &format!("Definition of {name}"), &role.definition, 1, "What it means");
    if let Some(text) = typed {
        let field = format!("definition of role {name} of {}", of.words());
        page.edit(actions, &format!("Change the definition of {name}"), Some(&field), |schema| {
            if let Some(role) = roles_mut(schema, of).and_then(|all| all.iter_mut().find(|r| r.role == *name)) {
                role.definition = text;
            }
        });
    }
}

/// How many fillers a role takes.
fn limits_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, of: &Owner, role: &RoleType, actions: &mut Actions) {
    let theme = page.theme;
    let small = |text: &str| RichText::new(text).size(size::SMALL).color(theme.muted);
    let (mut min, mut max) = (role.min, role.max);
    ui.label(small("at least"));
    // Given as a whole, like a name: each is a step, and some of them ask.
    let salt = (of.words(), "least", &role.role);
    let least = format!("Least fillers of {}", role.role);
    if let Some(typed) = name_field(ui, view, salt, &least, &role.min.to_string(), None, NUMBER) {
        min = typed.parse().unwrap_or(min).min(MOST);
    }
    ui.label(small("at most"));
    let (salt, most) = ((of.words(), "most", &role.role), format!("Most fillers of {}", role.role));
    let shown = role.max.map_or("any".to_owned(), |max| max.to_string());
    if let Some(typed) = name_field(ui, view, salt, &most, &shown, None, NUMBER) {
        max = match typed.parse() {
            Ok(0) => None,
            Ok(most) => Some(u32::min(most, MOST)),
            Err(_) if typed == "any" => None,
            Err(_) => max,
        };
    }
    let is_required = ui.selectable_label(role.min > 0, "required");
    name_entry(ui, &is_required, &format!("{} is required", role.role), "");
    if is_required.clicked() {
        min = u32::from(role.min == 0);
    }
    if (min, max) == (role.min, role.max) {
        return;
    }
    // One moves the other along, as it cannot be below it.
    if let Some(most) = max.filter(|most| *most < min.max(1)) {
        if min == role.min { min = most } else { max = Some(min.max(1)) }
    }
    let is_tighter = max.is_some_and(|max| role.max.is_none_or(|before| max < before));
    let is_known = page.editor.edited().is_known(&Named::Role(of.clone(), role.role.clone()));
    let step = SchemaStep::Limit { of: of.clone(), role: role.role.clone(), min, max, excess: Unfit::Leave };
    if is_tighter && is_known {
        actions.push(SchemaAction::Ask(Box::new(Question::Tighten { step })).into());
    } else if is_known && min > role.min {
        actions.push(SchemaAction::Step(step).into());
    } else {
        let field = format!("limits of {} of {}", role.role, of.words());
        page.edit(actions, &format!("Change how many fill {}", role.role), Some(&field), |schema| {
            if let Some(known) = roles_mut(schema, of).and_then(|all| all.iter_mut().find(|r| r.role == role.role)) {
                (known.min, known.max) = (min, max);
            }
        });
    }
}

fn roles_mut<'s>(schema: &'s mut Schema, of: &Owner) -> Option<&'s mut Vec<RoleType>> {
    match of {
        Owner::Event(label) => schema.events.iter_mut().find(|e| e.r#type == *label).map(|e| &mut e.roles),
        Owner::Quotes => schema.quotes.as_mut().map(|q| &mut q.roles),
        Owner::Mention(_) | Owner::Relation(_) => None,
    }
}
