//! The bar that finds in the document: what is looked for, how, and how much of it there is.
//!
//! Its height is known before it is drawn, so that the article can stay where it is on the screen when it comes and goes.

use egui::accesskit::{Live, Role};
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align, Button, Context, Event, Id, Key, Label, Layout, RichText, TextEdit, Ui, vec2};

use super::Actions;
use super::widgets::{remove_button, told};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::find::{Find, FindAction};
use crate::app::keymap::Keymap;
use crate::limits;
use crate::text::find::Query;
use crate::theme::{Theme, medium, size, space};

/// How high the line of the field is, in points.
const LINE: f32 = 36.0;
/// How high the line is that says what is wrong with an expression.
const WRONG: f32 = 24.0;
/// Left and right of the bar, in points.
const SIDE: f32 = 10.0;
/// How wide the field is at most, in points.
const FIELD: f32 = 320.0;
/// Where the bar is narrower, in points, buttons show signs in place of words.
const NARROW: f32 = 620.0;

/// The ways to search: the command that changes each, what its button shows and is called.
const WAYS: [(Command, &str, &str); 3] = [
    (Command::FindCase, "Aa", "Match case"),
    (Command::FindWords, "“W”", "Whole words"),
    (Command::FindRegex, ".*", "Regular expression"),
];

/// The field's identifier.
pub fn field() -> Id {
    Id::unique("find in document")
}

/// How high the bar is, in points.
pub fn height(find: &Find) -> f32 {
    LINE + if find.error.is_some() { WRONG } else { 0.0 }
}

/// Gives the keyboard to the field, with all of its `characters` selected.
pub fn focus(ctx: &Context, characters: usize) {
    let mut state = TextEditState::load(ctx, field()).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), CCursor::new(characters))));
    state.store(ctx, field());
    ctx.memory_mut(|memory| memory.request_focus(field()));
}

/// Whether a query is of this way.
fn is_on(query: &Query, way: Command) -> bool {
    match way {
        Command::FindCase => query.is_case_sensitive,
        Command::FindWords => query.is_whole_words,
        _ => query.is_regex,
    }
}

/// The query after a way to search was switched; nothing if the command is another one.
pub fn toggled(query: &Query, way: Command) -> Option<Query> {
    let mut query = query.clone();
    let flag = match way {
        Command::FindCase => &mut query.is_case_sensitive,
        Command::FindWords => &mut query.is_whole_words,
        Command::FindRegex => &mut query.is_regex,
        _ => return None,
    };
    *flag = !*flag;
    Some(query)
}

/// Draws the bar in all the room that `ui` has.
pub fn find_bar_ui(ui: &mut Ui, find: &Find, actions: &mut Actions) {
    let theme = Theme::current(ui.ctx());
    ui.painter().hline(ui.max_rect().x_range(), ui.max_rect().bottom() - 0.5, theme.hairline());
    ui.spacing_mut().item_spacing = vec2(space::XS, 0.0);
    let line = vec2(ui.available_width(), LINE);
    let mut act = |action: FindAction| actions.push(Action::Find(action));
    ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(line);
        ui.add_space(SIDE);
        let name = ui.label(RichText::new("Find").font(medium(size::BODY)));
        ui.add_space(space::XS);
        field_ui(ui, find, theme, name.id, &mut act);
        ui.add_space(space::XS);
        for (way, text, name) in WAYS {
            let button = Button::selectable(is_on(&find.query, way), RichText::new(text).font(medium(size::BODY)));
            let response = ui.add(button.min_size(vec2(30.0, 24.0)));
            named(ui, &response, name, &way.key_text(ui.ctx()));
            if response.clicked()
                && let Some(query) = toggled(&find.query, way)
            {
                act(FindAction::Set(query));
            }
        }
        ui.add_space(space::S);
        let (previous, next) = if line.x < NARROW { ("‹", "›") } else { ("Previous", "Next") };
        let steps =
            [(Command::FindPrevious, previous, FindAction::Previous), (Command::FindNext, next, FindAction::Next)];
        for (command, text, action) in steps {
            let can_step = !find.query.is_empty() && find.error.is_none() && !find.is_in_vain();
            let response = ui.add_enabled(can_step, Button::new(text).min_size(vec2(0.0, 24.0)));
            named(ui, &response, command.plain_name(), &command.key_text(ui.ctx()));
            if response.clicked() {
                act(action);
            }
        }
        ui.add_space(space::S);
        status_ui(ui, find, theme);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(SIDE);
            if remove_button(ui, "Close the search").clicked() {
                act(FindAction::Close);
            }
        });
    });
    if let Some(error) = &find.error {
        let line = vec2(ui.available_width(), WRONG);
        ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Min), |ui| {
            ui.add_space(SIDE);
            let mut shown = error.chars();
            let first = shown.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            let shown = format!("{first}{}", shown.as_str());
            let text = RichText::new(told(&shown)).color(theme.error);
            let response = ui.add(Label::new(text).truncate().selectable(false));
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_role(Role::Alert);
                node.set_live(Live::Polite);
                node.set_label(shown.as_str());
                node.clear_value();
            });
        });
    }
}

/// The field, and the keys that mean something in it.
fn field_ui(ui: &mut Ui, find: &Find, theme: &Theme, name: Id, act: &mut impl FnMut(FindAction)) {
    let has_focus = ui.memory(|memory| memory.has_focus(field()));
    if has_focus {
        way_keys(ui, find, act);
    }
    let mut text = find.query.text.clone();
    let edit = TextEdit::singleline(&mut text)
        .id(field())
        .desired_width(FIELD.min(ui.max_rect().width() * 0.36))
        .char_limit(limits::FIND_TEXT)
        .hint_text("Words in the article")
        // Enter goes to the next hit, and the keyboard stays.
        .return_key(None)
        .text_color_opt(find.is_in_vain().then_some(theme.error));
    let response = ui.add(edit).labelled_by(name);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Find in the document"));
    // Not where an action of this frame has changed the query already.
    if response.changed() && text != find.query.text {
        act(FindAction::Set(Query { text, ..find.query.clone() }));
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
        act(FindAction::Close);
        return;
    }
    if !has_focus {
        return;
    }
    // As many as a slow frame holds.
    let enters: Vec<bool> = ui.input(|input| {
        let enter = |event: &Event| match event {
            Event::Key { key: Key::Enter, pressed: true, modifiers, .. } if !modifiers.command && !modifiers.alt => {
                Some(modifiers.shift)
            }
            _ => None,
        };
        input.events.iter().filter_map(enter).collect()
    });
    for is_back in enters {
        act(if is_back { FindAction::Previous } else { FindAction::Next });
    }
}

/// Takes the keys that switch a way to search out of the input: a field keeps commands with letters for itself.
fn way_keys(ui: &Ui, find: &Find, act: &mut impl FnMut(FindAction)) {
    let keymap = Keymap::current(ui.ctx());
    let mut query = find.query.clone();
    for (way, ..) in WAYS {
        for shortcut in keymap.of(way).iter().filter(|shortcut| shortcut.modifiers.any()) {
            let is_pressed = ui.input_mut(|input| {
                let is_pressed = input.consume_key(shortcut.modifiers, shortcut.logical_key);
                if is_pressed {
                    // Some systems type a sign with such keys.
                    input.events.retain(|event| !matches!(event, Event::Text(_)));
                }
                is_pressed
            });
            if let Some(toggled) = toggled(&query, way).filter(|_| is_pressed) {
                query = toggled;
            }
        }
    }
    if query != find.query {
        act(FindAction::Set(query));
    }
}

/// `3 of 128`, and what else there is to say.
fn status_ui(ui: &mut Ui, find: &Find, theme: &Theme) {
    let (status, aside) = (find.status(), find.aside());
    let color = if find.is_in_vain() { theme.error } else { theme.text };
    let label = Label::new(RichText::new(&status).color(color).font(medium(size::BODY))).extend().selectable(false);
    let response = ui.add(label);
    let said = match &aside {
        Some(aside) => format!("{status}, {aside}"),
        None => status,
    };
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Status);
        node.set_live(Live::Polite);
        node.set_label(said.as_str());
        node.clear_value();
    });
    if let Some(aside) = aside {
        let room = (ui.available_width() - 40.0).max(0.0);
        ui.allocate_ui_with_layout(vec2(room, LINE), Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(RichText::new(aside).color(theme.muted)).truncate().selectable(false));
        });
    }
}

/// Names a button for those who do not see it, and says its key.
fn named(ui: &Ui, response: &egui::Response, name: &str, keys: &str) {
    super::widgets::name_entry(ui, response, name, keys);
    let hint = if keys.is_empty() { name.to_owned() } else { format!("{name} ({keys})") };
    response.clone().on_hover_text(hint);
}
