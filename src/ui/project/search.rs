//! The search of the project: the line that is asked, and the hits in their contexts.

use egui::accesskit::{Live, Role};
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align, Context, Id, Key, Label, Layout, Modifiers, RichText, TextEdit, Ui, vec2};

use super::hits::{HITS, hits_ui};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::keymap::Keymap;
use crate::app::project::{OpenProject, Search, SearchAction};
use crate::limits;
use crate::project::search::{Completion, HitChange, KEYS};
use crate::theme::{Theme, medium, semibold, size, space};
use crate::ui::Actions;
use crate::ui::lists::focus_own_row;
use crate::ui::widgets::{counted, elided, name_entry, number, quiet_button, remove_button, row, told};

/// How wide the menu that explains the line is, in points.
const MENU: f32 = 520.0;

/// What the view remembers between frames.
#[derive(Default)]
pub struct SearchState {
    /// Which completion is highlighted.
    highlighted: Option<usize>,
    /// Where the caret is to be put in the next frame, in characters.
    caret: Option<usize>,
    /// Whether completions are wanted: not after Escape, until something is typed.
    is_completing: bool,
    /// The hit that was brought into view last.
    pub(super) shown: Option<usize>,
}

/// The field's identifier.
pub fn field() -> Id {
    Id::unique("search in project")
}

/// Gives the keyboard to the line, with all of its `characters` selected.
pub fn focus(ctx: &Context, characters: usize) {
    set_caret(ctx, 0, characters);
    ctx.memory_mut(|memory| memory.request_focus(field()));
}

fn set_caret(ctx: &Context, from: usize, to: usize) {
    let mut state = TextEditState::load(ctx, field()).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(from), CCursor::new(to))));
    state.store(ctx, field());
}

/// Draws the search in all the room that `ui` has.
pub fn search_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, view: &mut SearchState, actions: &mut Actions) {
    let search = &project.search;
    // The panel keeps its height whatever is in it.
    ui.set_min_height(ui.available_height());
    line_ui(ui, theme, search, view, actions);
    if let Some(error) = &search.error {
        alert_ui(ui, theme, &error.to_string());
    }
    if let Some(why) = &search.failed {
        alert_ui(ui, theme, why);
    }
    status_ui(ui, theme, project, actions);
    ui.add_space(2.0);
    if search.hits.is_empty() {
        empty_ui(ui, theme, project);
    } else {
        hits_ui(ui, theme, project, view, actions);
    }
}

fn line_ui(ui: &mut Ui, theme: &Theme, search: &Search, view: &mut SearchState, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        let name = ui.label(RichText::new("Search").font(medium(size::BODY)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if remove_button(ui, "Close the search of the project").clicked() {
                actions.push(SearchAction::Close.into());
            }
            syntax_menu(ui, theme, search, view, actions);
            if search.is_searching() {
                if ui.button("Stop").clicked() {
                    actions.push(SearchAction::Stop.into());
                }
            } else if ui.button("Find").on_hover_text("Search all documents (Enter)").clicked() {
                actions.push(SearchAction::Run.into());
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| field_ui(ui, search, view, name.id, actions));
        });
    });
}

/// The field with its completions, and the keys that mean something in it.
fn field_ui(ui: &mut Ui, search: &Search, view: &mut SearchState, name: Id, actions: &mut Actions) {
    if let Some(caret) = view.caret.take() {
        set_caret(ui.ctx(), caret, caret);
    }
    let has_focus = ui.memory(|memory| memory.has_focus(field()));
    let offered: &[Completion] = if has_focus && view.is_completing { &search.completions } else { &[] };
    view.highlighted = view.highlighted.filter(|at| *at < offered.len());
    let is_taken = has_focus && field_keys(ui, search, view, offered, actions);
    let mut line = search.line.clone();
    let edit = TextEdit::singleline(&mut line)
        .id(field())
        .desired_width(f32::INFINITY)
        .char_limit(limits::FIND_TEXT * 2)
        .hint_text("ceasefire  \"signed the treaty\"  label:Person  event:Consult Actor:Armenia  speaker:\"Anna Berg\"")
        .return_key(None)
        // A Tab that completes must not move the focus.
        .lock_focus(!offered.is_empty());
    let output = edit.show(ui);
    let response = output.response.response.labelled_by(name);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Search the project"));
    let caret = output.cursor_range.map_or(line.chars().count(), |range| range.primary.index.into());
    let byte = line.char_indices().nth(caret).map_or(line.len(), |(at, _)| at);
    if is_taken {
        // The line is another one in the next frame.
    } else if response.changed() && line != search.line {
        view.highlighted = None;
        view.is_completing = true;
        actions.push(SearchAction::Typed(line, byte).into());
    } else if has_focus && search.line.is_empty() && search.completions.is_empty() && !search.remembered.is_empty() {
        actions.push(SearchAction::Typed(String::new(), 0).into());
    }
    // egui takes the keyboard from the field on Escape.
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
        if std::mem::take(&mut view.is_completing) && !search.completions.is_empty() {
            response.request_focus();
        } else {
            actions.push(SearchAction::Close.into());
        }
    }
    if !offered.is_empty() {
        completions_ui(ui, &response, search, view, offered, actions);
    }
}

/// Takes keys before the field gets them; gives whether the line was changed by one.
fn field_keys(ui: &Ui, search: &Search, view: &mut SearchState, offered: &[Completion], actions: &mut Actions) -> bool {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    // A field keeps keys for itself, but these mean nothing in it.
    let keymap = Keymap::current(ui.ctx());
    for command in [Command::NextHit, Command::PreviousHit] {
        let is_function_key = |key: Key| key >= Key::F1 && key <= Key::F35;
        let keys = keymap.of(command).iter().filter(|keys| keys.modifiers.command || is_function_key(keys.logical_key));
        for keys in keys {
            if ui.input_mut(|input| input.consume_key(keys.modifiers, keys.logical_key)) {
                actions.push(Action::Run(command));
            }
        }
    }
    if offered.is_empty() {
        // Down leads into the hits of this line, or asks for what was searched for before.
        let is_answered = !search.hits.is_empty() && search.asked_for.as_deref() == Some(search.line.trim());
        let is_down = pressed(Key::ArrowDown);
        if is_down && is_answered {
            focus_own_row(ui, HITS, search.current.unwrap_or(0));
        } else if is_down {
            view.is_completing = true;
            actions.push(SearchAction::Typed(search.line.clone(), search.line.len()).into());
        }
        if pressed(Key::Enter) {
            actions.push(SearchAction::Run.into());
        }
        return false;
    }
    let last = offered.len() - 1;
    if pressed(Key::ArrowDown) {
        view.highlighted = Some(view.highlighted.map_or(0, |at| if at == last { 0 } else { at + 1 }));
    }
    if pressed(Key::ArrowUp) {
        view.highlighted = Some(view.highlighted.map_or(last, |at| if at == 0 { last } else { at - 1 }));
    }
    let takes = if pressed(Key::Tab) {
        Some(view.highlighted.unwrap_or(0))
    } else if pressed(Key::Enter) {
        if view.highlighted.is_none() {
            view.is_completing = false;
            actions.push(SearchAction::Run.into());
        }
        view.highlighted
    } else {
        None
    };
    let Some(completion) = takes.and_then(|at| offered.get(at)) else { return false };
    take(search, view, completion, actions);
    ui.ctx().request_repaint();
    true
}

/// Puts a completion into the line.
fn take(search: &Search, view: &mut SearchState, completion: &Completion, actions: &mut Actions) {
    let before = search.line.get(..completion.replaces.start).unwrap_or_default();
    let after = search.line.get(completion.replaces.end..).unwrap_or_default();
    let mut put = format!("{before}{}", completion.with);
    // A key goes on with its value; whatever is whole, with a blank.
    if !put.ends_with(':') && after.is_empty() {
        put.push(' ');
    }
    view.caret = Some(put.chars().count());
    view.highlighted = None;
    let byte = put.len();
    actions.push(SearchAction::Typed(format!("{put}{after}"), byte).into());
}

fn completions_ui(
    ui: &Ui,
    field: &egui::Response,
    search: &Search,
    view: &mut SearchState,
    offered: &[Completion],
    actions: &mut Actions,
) {
    let theme = Theme::current(ui.ctx());
    let area = egui::Area::new(Id::unique("search completions"))
        .order(egui::Order::Foreground)
        .pivot(egui::Align2::LEFT_BOTTOM)
        .fixed_pos(field.rect.left_top() - vec2(0.0, 2.0))
        .constrain(true);
    area.show(ui.ctx(), |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_width(field.rect.width().min(560.0));
            ui.spacing_mut().item_spacing.y = 1.0;
            for (at, completion) in offered.iter().enumerate() {
                let is_highlighted = view.highlighted == Some(at);
                let name = format!("{}, {}", completion.with, completion.about);
                let response = row(ui, &name, is_highlighted, |ui| {
                    ui.horizontal(|ui| {
                        ui.label(RichText::new(told(&completion.with)).font(medium(size::BODY)));
                        elided(ui, RichText::new(told(&completion.about)).size(size::SMALL).color(theme.muted));
                    });
                });
                ui.ctx().accesskit_node_builder(response.id, |node| {
                    node.set_role(Role::ListBoxOption);
                    node.set_selected(is_highlighted);
                });
                if response.clicked() {
                    take(search, view, completion, actions);
                    ui.memory_mut(|memory| memory.request_focus(self::field()));
                }
            }
        });
    });
}

/// A small menu that says how a line is written; a click puts the word into it.
fn syntax_menu(ui: &mut Ui, theme: &Theme, search: &Search, view: &mut SearchState, actions: &mut Actions) {
    let menu = ui.menu_button("?", |ui| {
        ui.set_width(MENU);
        let heading =
            |ui: &mut Ui, text: &str| ui.label(RichText::new(text).font(semibold(size::SMALL)).color(theme.muted));
        heading(ui, "Words: all of them must stand in the document, or in the mark that is asked for");
        for (example, about) in [
            ("ceasefire", "a word, or a part of one"),
            ("\"signed the treaty\"", "words one after the other, also over the end of a line"),
            ("/cease-?fires?/", "a regular expression"),
        ] {
            example_ui(ui, theme, example, about);
        }
        ui.add_space(space::XS);
        heading(ui, "Marks, and what is known of them: all of it must be so");
        let mut put = None;
        for (key, example, about) in KEYS {
            if example_ui(ui, theme, &format!("{key}:{example}"), about).clicked() {
                put = Some(format!("{key}:"));
            }
        }
        example_ui(
            ui,
            theme,
            "event:Consult Actor:Armenia",
            "a role and what fills it: entity, words or label; * = anything",
        );
        if let Some(key) = put {
            let gap = if search.line.is_empty() || search.line.ends_with(' ') { "" } else { " " };
            let line = format!("{}{gap}{key}", search.line);
            view.caret = Some(line.chars().count());
            view.is_completing = true;
            let end = line.len();
            actions.push(SearchAction::Typed(line, end).into());
            ui.memory_mut(|memory| memory.request_focus(field()));
            ui.close();
        }
    });
    name_entry(ui, &menu.response, "How to search", "");
}

fn example_ui(ui: &mut Ui, theme: &Theme, example: &str, about: &str) -> egui::Response {
    row(ui, &format!("{example}: {about}"), false, |ui| {
        ui.horizontal(|ui| {
            let left = Layout::left_to_right(Align::Center);
            ui.allocate_ui_with_layout(vec2(190.0, 16.0), left, |ui| {
                ui.set_min_width(190.0);
                ui.add(Label::new(RichText::new(example).font(medium(size::SMALL))).selectable(false));
            });
            ui.add(Label::new(RichText::new(about).size(size::SMALL).color(theme.muted)).wrap());
        });
    })
}

fn alert_ui(ui: &mut Ui, theme: &Theme, error: &str) {
    let mut letters = error.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let shown = format!("{first}{}", letters.as_str());
    let response = ui.add(Label::new(RichText::new(told(&shown)).color(theme.error)).wrap().selectable(false));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Alert);
        node.set_live(Live::Polite);
        node.set_label(shown.as_str());
        node.clear_value();
    });
}

/// How much was found, of how much; what can be done with it.
fn status_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, actions: &mut Actions) {
    let search = &project.search;
    let Some(status) = status(project) else { return };
    ui.horizontal_wrapped(|ui| {
        let response = ui.label(RichText::new(&status).font(medium(size::SMALL)).color(theme.text));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(Role::Status);
            node.set_live(Live::Polite);
            node.set_label(status.as_str());
            node.clear_value();
        });
        if search.hits.is_empty() {
            return;
        }
        if quiet_button(ui, "Show only these documents").clicked() {
            actions.push(SearchAction::ShowDocuments.into());
        }
        change_menu(ui, project, actions);
        if !search.chosen.is_empty() {
            let text = format!("{} chosen", number(search.chosen.len()));
            ui.label(RichText::new(text).font(medium(size::SMALL)).color(theme.accent));
        }
        if let Some(at) = search.current {
            let text = format!("hit {} of {}", number(at + 1), number(search.hits.len()));
            ui.label(RichText::new(text).size(size::SMALL).color(theme.muted));
        }
    });
}

/// What can be done at the hits that are chosen, or at all of them.
fn change_menu(ui: &mut Ui, project: &OpenProject, actions: &mut Actions) {
    let search = &project.search;
    let schema = &project.project.schema;
    let whose = match search.chosen.len() {
        0 => "all hits".to_owned(),
        chosen => counted(chosen, "hit"),
    };
    let has_marks = search.hits.iter().any(|hit| hit.mark.is_some());
    let menu = ui.menu_button(RichText::new("Annotate").size(size::SMALL), |ui| {
        let mentions = || schema.mentions.iter().map(|mention| mention.label.as_str());
        labels_menu(ui, &format!("Label {whose} as"), mentions(), HitChange::Label, actions);
        if !has_marks {
            return;
        }
        let events = schema.events.iter().map(|event| event.r#type.as_str());
        let kinds = schema.quotes.iter().flat_map(|quotes| &quotes.kinds).map(|kind| kind.kind.as_str());
        let relations = schema.relations.iter().map(|relation| relation.label.as_str());
        let all = mentions().chain(events).chain(kinds).chain(relations);
        labels_menu(ui, &format!("Change {whose} to"), all, HitChange::Relabel, actions);
        let text = format!("Delete the marks of {whose}…");
        if ui.button(&text).clicked() {
            actions.push(SearchAction::Change(HitChange::Delete).into());
            ui.close();
        }
    });
    name_entry(ui, &menu.response, &format!("Annotate {whose}"), "");
}

fn labels_menu<'a>(
    ui: &mut Ui,
    text: &str,
    labels: impl Iterator<Item = &'a str>,
    change: fn(String) -> HitChange,
    actions: &mut Actions,
) {
    let menu = ui.menu_button(text, |ui| {
        egui::ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            for label in labels {
                if ui.button(format!("{}…", told(label))).clicked() {
                    actions.push(SearchAction::Change(change(label.to_owned())).into());
                    ui.close();
                }
            }
        });
    });
    name_entry(ui, &menu.response, text, "");
}

/// `12 hits in 3 documents`, and whatever else there is to say.
fn status(project: &OpenProject) -> Option<String> {
    let search = &project.search;
    search.asked_for.as_ref()?;
    let listed = search.hits.len();
    let mut parts = Vec::new();
    match &search.summary {
        None if search.failed.is_some() => return None,
        None => parts.push(format!("{} so far, searching…", counted(listed, "hit"))),
        Some(summary) => {
            let documents = counted(summary.found_in, "document");
            parts.push(format!("{} in {documents}", counted(summary.hits, "hit")));
            if summary.hits > listed {
                parts.push(format!("{} of them are listed", number(listed)));
            }
            if summary.is_stopped {
                parts.push("stopped before the end".to_owned());
            }
            if summary.unreadable > 0 {
                parts.push(format!("{} cannot be read", counted(summary.unreadable, "document")));
            }
            let to_come = project.scan.as_ref().map(|scan| scan.looked()).filter(|looked| looked.done < looked.of);
            if let Some(looked) = to_come {
                parts.push(format!("{} of {} documents are known so far", number(looked.done), number(looked.of)));
            }
        }
    }
    Some(parts.join("; "))
}

/// What stands where hits would.
fn empty_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject) {
    let search = &project.search;
    let text = match (&search.asked_for, search.summary.is_some()) {
        (None, _) if project.catalogue.entries.is_empty() => "There are no documents to search yet".to_owned(),
        (None, _) => "Type words, or what marks are to be like, and press Enter; ? explains how".to_owned(),
        (Some(asked), true) => format!("Nothing fits {asked}"),
        (Some(_), false) => return,
    };
    let next = Command::NextHit.key_text(ui.ctx());
    ui.add_space(space::M);
    ui.vertical_centered(|ui| {
        ui.add(Label::new(RichText::new(told(&text)).color(theme.muted)).wrap());
        if search.asked_for.is_none() && !next.is_empty() {
            let text = format!("{next} goes from hit to hit while you read");
            ui.label(RichText::new(text).size(size::SMALL).color(theme.muted));
        }
    });
}
