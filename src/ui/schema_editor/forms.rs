//! The fields of the selected entry.

use egui::{Align, Layout, RichText, Ui};

use super::chips::{Asked, chips_ui, fillers};
use super::fields::{Choice, caption, color_field, examples_field, key_field, name_field, text_field};
use super::roles::roles_ui;
use super::values::{attribute_ui, document_labels_ui};
use super::{Page, SchemaView, list};
use crate::app::schema_editor::SchemaAction;
use crate::app::schema_editor::conflicts::Field;
use crate::app::schema_editor::edited::{Named, attributes, is_all};
use crate::app::schema_editor::entry::{Entry, Part};
use crate::app::schema_editor::question::Question;
use crate::edit::{LabelKind, Owner, SchemaStep, Unfit};
use crate::model::Schema;
use crate::theme::{semibold, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{name_entry, quiet_button, told};

/// Draws the fields of the selected entry.
pub fn form_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, actions: &mut Actions) {
    let entry = page.editor.selected().clone();
    head_ui(ui, page, &entry, actions);
    conflicts_here(ui, page, &entry);
    match &entry {
        Entry::Whole => whole_ui(ui, page, actions),
        Entry::Mention(label) => mention_ui(ui, page, view, label, actions),
        Entry::Event(label) => event_ui(ui, page, view, label, actions),
        Entry::Quotes => quotes_ui(ui, page, view, actions),
        Entry::QuoteKind(kind) => kind_ui(ui, page, view, kind, actions),
        Entry::Relation(label) => relation_ui(ui, page, view, label, actions),
        Entry::Attribute(id) => attribute_ui(ui, page, view, id, actions),
        Entry::Document(group) => document_labels_ui(ui, page, view, group, actions),
        Entry::Group(name) => group_ui(ui, page, view, name, actions),
    }
}

/// What is selected, and the menu of what can be done with it.
fn head_ui(ui: &mut Ui, page: &Page<'_>, entry: &Entry, actions: &mut Actions) {
    ui.horizontal(|ui| {
        let what = match entry {
            Entry::Whole => "The label set as a whole".to_owned(),
            Entry::Quotes => "Quotes of all kinds".to_owned(),
            entry => list::capital(entry.part().map_or("", Part::one)),
        };
        ui.label(RichText::new(what).font(semibold(size::HEADING)).color(page.theme.ink));
        if entry.part().is_some() && *entry != Entry::Quotes {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let menu = ui.menu_button("Change…", |ui| list::entry_menu(ui, entry, actions));
                name_entry(ui, &menu.response, &format!("Change {}", entry.name()), "");
            });
        }
    });
}

/// What is wrong with the entry, where it is mended.
fn conflicts_here(ui: &mut Ui, page: &Page<'_>, entry: &Entry) {
    for conflict in page.editor.conflicts.iter() {
        if conflict.place.as_ref().is_some_and(|(place, _)| place == entry) {
            let color = crate::ui::lists::severity_color(page.theme, conflict.problem.severity);
            let text = format!("{}: {}", told(&conflict.problem.message), told(&conflict.problem.hint));
            ui.add(egui::Label::new(RichText::new(text).size(size::SMALL).color(color)).wrap());
        }
    }
}

fn rename_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    view: &mut SchemaView,
    entry: &Entry,
    caption_text: &str,
    actions: &mut Actions,
) {
    caption(ui, page.theme, caption_text);
    let width = 280.0_f32.min(ui.available_width());
    let typed = name_field(ui, view, entry, caption_text, entry.name(), Some(Field::Name), width);
    if let Some(to) = typed {
        actions.push(SchemaAction::Rename(entry.clone(), to).into());
    }
}

fn definition_ui(ui: &mut Ui, page: &Page<'_>, salt: &str, current: &str) -> Option<String> {
    caption(ui, page.theme, "Definition");
    text_field(ui, ("definition", salt), "Definition", current, 3, "What it means, and what it does not")
}

/// A check box; answers with what it becomes.
fn check_ui(ui: &mut Ui, text: &str, is_on: bool) -> Option<bool> {
    let mut is_on = is_on;
    ui.add_space(space::XS);
    ui.checkbox(&mut is_on, text).changed().then_some(is_on)
}

fn whole_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let schema = page.schema;
    caption(ui, page.theme, "Title");
    if let Some(title) = text_field(ui, "title", "Title of the label set", &schema.title, 1, "") {
        page.edit(actions, "Change the title", Some("title"), |schema| schema.title = title);
    }
    caption(ui, page.theme, "Description");
    let typed = text_field(ui, "description", "Description of the label set", &schema.description, 4, "What it is for");
    if let Some(text) = typed {
        page.edit(actions, "Change the description", Some("description"), |schema| schema.description = text);
    }
    let text = "The same words carry at most one mention label";
    if let Some(is_on) = check_ui(ui, text, schema.one_label_per_span) {
        page.edit(actions, "Change how many labels words carry", None, |schema| schema.one_label_per_span = is_on);
    }
    ui.add_space(space::M);
    let told = format!(
        "Name in files: {} · version {}. The version rises by itself when annotations have to follow a change.",
        schema.name, schema.version
    );
    ui.add(egui::Label::new(RichText::new(told).size(size::SMALL).color(page.theme.muted)).wrap());
}

fn mention_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, label: &str, actions: &mut Actions) {
    let Some(mention) = page.schema.mention(label) else { return };
    let at = |schema: &mut Schema, change: &mut dyn FnMut(&mut crate::model::schema::MentionType)| {
        schema.mentions.iter_mut().filter(|m| m.label == label).for_each(change);
    };
    let (title, salt) = (|what: &str| format!("Change the {what} of {label}"), format!("mention {label}"));
    rename_ui(ui, page, view, &Entry::Mention(label.to_owned()), "Label", actions);
    if let Some(text) = definition_ui(ui, page, &salt, &mention.definition) {
        let field = format!("definition {salt}");
        page.edit(actions, &title("definition"), Some(&field), |s| at(s, &mut |m| m.definition.clone_from(&text)));
    }
    if let Some(list) = examples_field(ui, page.theme, &salt, &mention.examples, "the words that carry the label") {
        let field = format!("examples {salt}");
        page.edit(actions, &title("examples"), Some(&field), |s| at(s, &mut |m| m.examples.clone_from(&list)));
    }
    if let Some(key) = key_field(ui, page, label, mention.key, false).map(Choice::given) {
        page.edit(actions, &title("key"), None, |s| at(s, &mut |m| m.key = key));
    }
    if let Some(color) = color_field(ui, page, view, &salt, mention.color.as_ref()).map(Choice::given) {
        page.edit(actions, &title("colour"), None, |s| at(s, &mut |m| m.color.clone_from(&color)));
    }
    attributes_ui(ui, page, &Owner::Mention(label.to_owned()), actions);
    if let Some(is_on) = check_ui(ui, "Each must refer to an entity", mention.needs_entity) {
        let title = if is_on {
            format!("Let each {label} refer to an entity")
        } else {
            format!("Let {label} do without an entity")
        };
        page.edit(actions, &title, None, |s| at(s, &mut |m| m.needs_entity = is_on));
    }
}

fn event_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, label: &str, actions: &mut Actions) {
    let Some(event) = page.schema.event(label) else { return };
    let at = |schema: &mut Schema, change: &mut dyn FnMut(&mut crate::model::schema::EventType)| {
        schema.events.iter_mut().filter(|e| e.r#type == label).for_each(change);
    };
    let (title, salt) = (|what: &str| format!("Change the {what} of {label}"), format!("event {label}"));
    rename_ui(ui, page, view, &Entry::Event(label.to_owned()), "Type", actions);
    if let Some(text) = definition_ui(ui, page, &salt, &event.definition) {
        let field = format!("definition {salt}");
        page.edit(actions, &title("definition"), Some(&field), |s| at(s, &mut |e| e.definition.clone_from(&text)));
    }
    roles_ui(ui, page, view, &Owner::Event(label.to_owned()), actions);
    if let Some(list) = examples_field(ui, page.theme, &salt, &event.examples, "the trigger") {
        let field = format!("examples {salt}");
        page.edit(actions, &title("examples"), Some(&field), |s| at(s, &mut |e| e.examples.clone_from(&list)));
    }
    if let Some(key) = key_field(ui, page, label, event.key, true).map(Choice::given) {
        page.edit(actions, &title("key"), None, |s| at(s, &mut |e| e.key = key));
    }
    if let Some(color) = color_field(ui, page, view, &salt, event.color.as_ref()).map(Choice::given) {
        page.edit(actions, &title("colour"), None, |s| at(s, &mut |e| e.color.clone_from(&color)));
    }
    attributes_ui(ui, page, &Owner::Event(label.to_owned()), actions);
    caption(ui, page.theme, "Heading under which it is listed");
    let typed = text_field(ui, ("heading", &salt), "Heading", event.group.as_deref().unwrap_or(""), 1, "none");
    if let Some(text) = typed {
        let group = (!text.trim().is_empty()).then_some(text);
        let field = format!("heading {salt}");
        page.edit(actions, &title("heading"), Some(&field), |s| at(s, &mut |e| e.group.clone_from(&group)));
    }
}

fn quotes_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, actions: &mut Actions) {
    let Some(quotes) = &page.schema.quotes else { return };
    let at = |schema: &mut Schema, change: &mut dyn FnMut(&mut crate::model::schema::QuoteType)| {
        schema.quotes.iter_mut().for_each(change);
    };
    if let Some(text) = definition_ui(ui, page, "quotes", &quotes.definition) {
        let title = "Change the definition of quotes";
        page.edit(actions, title, Some("definition quotes"), |s| at(s, &mut |q| q.definition.clone_from(&text)));
    }
    roles_ui(ui, page, view, &Owner::Quotes, actions);
    if let Some(list) = examples_field(ui, page.theme, "quotes", &quotes.examples, "what was said") {
        let title = "Change the examples of quotes";
        page.edit(actions, title, Some("examples quotes"), |s| at(s, &mut |q| q.examples.clone_from(&list)));
    }
    if let Some(color) = color_field(ui, page, view, "quotes", quotes.color.as_ref()).map(Choice::given) {
        page.edit(actions, "Change the colour of quotes", None, |s| at(s, &mut |q| q.color.clone_from(&color)));
    }
    attributes_ui(ui, page, &Owner::Quotes, actions);
}

fn kind_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, kind: &str, actions: &mut Actions) {
    let Some(found) = page.schema.quotes.iter().flat_map(|q| &q.kinds).find(|k| k.kind == kind) else { return };
    let at = |schema: &mut Schema, change: &mut dyn FnMut(&mut crate::model::schema::QuoteKind)| {
        schema.quotes.iter_mut().flat_map(|q| &mut q.kinds).filter(|k| k.kind == kind).for_each(change);
    };
    let (title, salt) = (|what: &str| format!("Change the {what} of {kind}"), format!("kind {kind}"));
    rename_ui(ui, page, view, &Entry::QuoteKind(kind.to_owned()), "Kind", actions);
    if let Some(text) = definition_ui(ui, page, &salt, &found.definition) {
        let field = format!("definition {salt}");
        page.edit(actions, &title("definition"), Some(&field), |s| at(s, &mut |k| k.definition.clone_from(&text)));
    }
    if let Some(list) = examples_field(ui, page.theme, &salt, &found.examples, "what was said") {
        let field = format!("examples {salt}");
        page.edit(actions, &title("examples"), Some(&field), |s| at(s, &mut |k| k.examples.clone_from(&list)));
    }
    if let Some(is_on) = check_ui(ui, "Each must have a cue", found.needs_cue) {
        let title = if is_on { format!("Let each {kind} have a cue") } else { format!("Let {kind} do without a cue") };
        page.edit(actions, &title, None, |s| at(s, &mut |k| k.needs_cue = is_on));
    }
}

fn relation_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, label: &str, actions: &mut Actions) {
    let Some(relation) = page.schema.relation(label) else { return };
    let at = |schema: &mut Schema, change: &mut dyn FnMut(&mut crate::model::schema::RelationType)| {
        schema.relations.iter_mut().filter(|r| r.label == label).for_each(change);
    };
    let (title, salt) = (|what: &str| format!("Change the {what} of {label}"), format!("relation {label}"));
    rename_ui(ui, page, view, &Entry::Relation(label.to_owned()), "Label", actions);
    if let Some(text) = definition_ui(ui, page, &salt, &relation.definition) {
        let field = format!("definition {salt}");
        page.edit(actions, &title("definition"), Some(&field), |s| at(s, &mut |r| r.definition.clone_from(&text)));
    }
    for (end, words, list) in [("from", "Starts at", &relation.from), ("to", "Leads to", &relation.to)] {
        caption(ui, page.theme, words);
        fillers_ui(ui, page, &Owner::Relation(label.to_owned()), end, list, actions);
    }
    if let Some(list) = examples_field(ui, page.theme, &salt, &relation.examples, "both ends") {
        let field = format!("examples {salt}");
        page.edit(actions, &title("examples"), Some(&field), |s| at(s, &mut |r| r.examples.clone_from(&list)));
    }
    if let Some(is_on) = check_ui(ui, "Both directions mean the same", relation.symmetric) {
        page.edit(actions, &title("direction"), None, |s| at(s, &mut |r| r.symmetric = is_on));
    }
    attributes_ui(ui, page, &Owner::Relation(label.to_owned()), actions);
}

fn group_ui(ui: &mut Ui, page: &Page<'_>, view: &mut SchemaView, name: &str, actions: &mut Actions) {
    let Some(members) = page.schema.groups.get(name) else { return };
    rename_ui(ui, page, view, &Entry::Group(name.to_owned()), "Name", actions);
    let hint = format!("Where roles name fillers, @{name} stands for all of these");
    ui.label(RichText::new(told(&hint)).size(size::SMALL).color(page.theme.muted));
    caption(ui, page.theme, "Labels in it");
    let offered = fillers(page).into_iter().filter(|(title, _)| ["Mentions", "Events"].contains(title)).collect();
    match chips_ui(ui, page, name, members, "none yet", &offered) {
        Some(Asked::Add(label)) => page.edit(actions, &format!("Add {label} to {name}"), None, |schema| {
            schema.groups.entry(name.to_owned()).or_default().push(label);
        }),
        Some(Asked::Remove(label)) => page.edit(actions, &format!("Take {label} from {name}"), None, |schema| {
            schema.groups.entry(name.to_owned()).or_default().retain(|known| *known != label);
        }),
        None => {}
    }
}

/// What may fill a role or end a relation.
pub fn fillers_ui(ui: &mut Ui, page: &Page<'_>, of: &Owner, role: &str, list: &[String], actions: &mut Actions) {
    let whose = match of {
        Owner::Relation(_) => format!("the {} of {}", if role == "from" { "start" } else { "end" }, of.words()),
        _ => role.to_owned(),
    };
    match chips_ui(ui, page, &whose, list, "anything", &fillers(page)) {
        Some(Asked::Add(filler)) => add_filler(page, of, role, (list, filler), &whose, actions),
        // Without any it takes everything, so nothing that is there becomes wrong.
        Some(Asked::Remove(_)) if list.len() == 1 => {
            page.edit(actions, &format!("Let anything fill {whose}"), None, |schema| {
                if let Some(list) = fillers_mut(schema, of, role) {
                    list.clear();
                }
            });
        }
        Some(Asked::Remove(filler)) => {
            let step = SchemaStep::RemoveFiller {
                of: of.clone(),
                role: role.to_owned(),
                filler: filler.clone(),
                unfit: Unfit::Leave,
            };
            let is_known = page.schema.mention(&filler).is_some() || page.schema.event(&filler).is_some();
            let is_kind = filler.starts_with(['*', '@']);
            let is_new = !page.editor.edited().is_known(&Named::Filler(of.clone(), role.to_owned(), filler));
            if is_new || !(is_known || is_kind) {
                actions.push(SchemaAction::Step(step).into());
            } else {
                actions.push(SchemaAction::Ask(Box::new(Question::Tighten { step })).into());
            }
        }
        None => {}
    }
}

/// Lets one more type fill a role. If it took anything so far, it takes less now.
fn add_filler(
    page: &Page<'_>,
    of: &Owner,
    role: &str,
    (list, filler): (&[String], String),
    whose: &str,
    actions: &mut Actions,
) {
    let edited = page.editor.edited();
    let named = match of {
        Owner::Relation(label) => Named::Label(LabelKind::Relation, label.clone()),
        of => Named::Role(of.clone(), role.to_owned()),
    };
    let fillers: Vec<String> = list.iter().cloned().chain([filler.clone()]).collect();
    let only = |unfit| SchemaStep::OnlyFillers { of: of.clone(), role: role.to_owned(), fillers, unfit };
    match edited.steps().last() {
        _ if list.is_empty() && edited.is_known(&named) => {
            let step = only(Unfit::Leave);
            actions.push(SchemaAction::Ask(Box::new(Question::Tighten { step })).into());
        }
        // What was said of the first type goes on with the others, so that nothing is taken out that fits in the end.
        Some(SchemaStep::OnlyFillers { of: last_of, role: last_role, unfit, .. })
            if last_of == of && last_role == role =>
        {
            actions.push(SchemaAction::Step(only(*unfit)).into());
        }
        _ => page.edit(actions, &format!("Let {filler} fill {whose}"), None, |schema| {
            if let Some(list) = fillers_mut(schema, of, role) {
                list.push(filler);
            }
        }),
    }
}

fn fillers_mut<'s>(schema: &'s mut Schema, of: &Owner, role: &str) -> Option<&'s mut Vec<String>> {
    let roles = match of {
        Owner::Relation(label) => {
            let relation = schema.relations.iter_mut().find(|r| r.label == *label)?;
            return Some(if role == "from" { &mut relation.from } else { &mut relation.to });
        }
        Owner::Event(label) => &mut schema.events.iter_mut().find(|e| e.r#type == *label)?.roles,
        Owner::Quotes => &mut schema.quotes.as_mut()?.roles,
        Owner::Mention(_) => return None,
    };
    roles.iter_mut().find(|known| known.role == role).map(|role| &mut role.fillers)
}

/// The attributes that somebody may have.
fn attributes_ui(ui: &mut Ui, page: &Page<'_>, of: &Owner, actions: &mut Actions) {
    caption(ui, page.theme, "Attributes it may have");
    let ids = attributes(page.schema, of);
    let offered = vec![("Attributes", page.schema.attributes.iter().map(|a| a.id.clone()).collect())];
    let whose = format!("the attributes of {}", of.words());
    match chips_ui(ui, page, &whose, ids, "none", &offered) {
        Some(Asked::Add(id)) => page.edit(actions, &format!("Let {} have {id}", of.words()), None, |schema| {
            if let Some(list) = attributes_mut(schema, of) {
                list.push(id);
            }
        }),
        Some(Asked::Remove(id)) => {
            // The last one that has it keeps the attribute itself in the label set.
            let step = SchemaStep::DeleteAttribute { id, of: Some(of.clone()) };
            actions.push(SchemaAction::Step(step).into());
        }
        None => {}
    }
    if is_all(page.schema, ids) && quiet_button(ui, "New attribute…").clicked() {
        actions.push(SchemaAction::Add(Part::Attributes).into());
    }
}

fn attributes_mut<'s>(schema: &'s mut Schema, of: &Owner) -> Option<&'s mut Vec<String>> {
    match of {
        Owner::Mention(label) => schema.mentions.iter_mut().find(|m| m.label == *label).map(|m| &mut m.attributes),
        Owner::Event(label) => schema.events.iter_mut().find(|e| e.r#type == *label).map(|e| &mut e.attributes),
        Owner::Relation(label) => schema.relations.iter_mut().find(|r| r.label == *label).map(|r| &mut r.attributes),
        Owner::Quotes => schema.quotes.as_mut().map(|q| &mut q.attributes),
    }
}
