//! Fields of the editor: names, texts, examples, colours, keys.

use egui::{Button, Color32, CornerRadius, Id, RichText, Sense, Stroke, StrokeKind, TextEdit, Ui, vec2};

use super::{Page, SchemaView};
use crate::app::schema_editor::conflicts::{Field, owner_of_key};
use crate::model::colors::Rgb;
use crate::theme::{Theme, contrast, label_colors, medium, size, space};
use crate::ui::widgets::{name_entry, told};

/// A name that is being typed and not given yet.
pub struct Typing {
    field: Id,
    text: String,
}

/// A colour or a key, or whichever the program finds.
pub enum Choice<T> {
    /// It is allotted.
    Automatic,
    /// This one.
    This(T),
}

impl<T> Choice<T> {
    /// What is chosen; nothing if it is allotted.
    pub fn given(self) -> Option<T> {
        match self {
            Self::Automatic => None,
            Self::This(given) => Some(given),
        }
    }
}

/// Base colours to choose from: hues that can be told apart, and greys.
fn palette() -> impl Iterator<Item = String> {
    let hues = [10.0, 40.0, 70.0, 105.0, 140.0, 170.0, 200.0, 230.0, 258.0, 285.0, 315.0, 345.0];
    let hex = |Rgb([red, green, blue]): Rgb| format!("#{red:02x}{green:02x}{blue:02x}");
    hues.into_iter().map(move |hue| hex(Rgb::of_hue(hue))).chain(["#7a7a7a".to_owned(), "#9a6a3a".to_owned()])
}

/// The caption of a field.
pub fn caption(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add_space(space::S);
    ui.label(RichText::new(text).font(medium(size::SMALL)).color(theme.muted));
}

/// Names a field for assistive programs, and gives it the keyboard if that is wanted.
fn named_field(
    ui: &Ui,
    response: &egui::Response,
    name: &str,
    view: &mut SchemaView,
    field: Option<Field>,
    length: usize,
) {
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
    if field.is_some() && view.wanted == field {
        view.wanted = None;
        response.request_focus();
        response.scroll_to_me(None);
        let mut state = egui::text_edit::TextEditState::load(ui.ctx(), response.id).unwrap_or_default();
        let ends = (egui::text::CCursor::new(0), egui::text::CCursor::new(length));
        state.cursor.set_char_range(Some(egui::text::CCursorRange::two(ends.0, ends.1)));
        state.store(ui.ctx(), response.id);
    }
}

/// A field whose text is given when it is left or Enter is pressed: a name is one step, not one for each letter. Escape gives
/// it up.
pub fn name_field(
    ui: &mut Ui,
    view: &mut SchemaView,
    salt: impl egui::AsIdSalt,
    name: &str,
    current: &str,
    field: Option<Field>,
    width: f32,
) -> Option<String> {
    let id = ui.make_persistent_id(("name", salt));
    let is_mine = view.typing.as_ref().is_some_and(|typing| typing.field == id);
    let mut text = match &view.typing {
        Some(typing) if is_mine => typing.text.clone(),
        _ => current.to_owned(),
    };
    let response = ui.add(TextEdit::singleline(&mut text).id(id).desired_width(width));
    named_field(ui, &response, name, view, field, text.chars().count());
    if response.changed() {
        view.typing = Some(Typing { field: id, text: text.clone() });
    }
    if !response.lost_focus() || view.typing.take_if(|typing| typing.field == id).is_none() {
        return None;
    }
    let gave_up = ui.input(|input| input.key_pressed(egui::Key::Escape));
    let text = text.trim().to_owned();
    (!gave_up && text != current && !text.is_empty()).then_some(text)
}

/// A field whose text is taken as it is typed.
pub fn text_field(
    ui: &mut Ui,
    salt: impl egui::AsIdSalt,
    name: &str,
    current: &str,
    rows: usize,
    hint: &str,
) -> Option<String> {
    let mut text = current.to_owned();
    let edit =
        if rows > 1 { TextEdit::multiline(&mut text).desired_rows(rows) } else { TextEdit::singleline(&mut text) };
    let id = ui.make_persistent_id(("text", salt));
    let response = ui.add(edit.id(id).desired_width(f32::INFINITY).hint_text(hint));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        if rows > 1 {
            node.set_role(egui::accesskit::Role::MultilineTextInput);
        }
    });
    (response.changed() && text != current).then_some(text)
}

/// Examples, one a line, with what carries the label in brackets.
pub fn examples_field(ui: &mut Ui, theme: &Theme, salt: &str, examples: &[String], what: &str) -> Option<Vec<String>> {
    caption(ui, theme, &format!("Examples, one a line; {what} in [brackets]"));
    let text = examples.join("\n");
    let rows = examples.len().clamp(2, 6);
    let typed = text_field(ui, ("examples", salt), "Examples", &text, rows, "She met [the mayor] in Paris.")?;
    // An empty line at the end is where the next one is typed.
    Some(if typed.is_empty() { Vec::new() } else { typed.split('\n').map(str::to_owned).collect() })
}

/// A colour: allotted, from the palette, or any.
pub fn color_field(
    ui: &mut Ui,
    page: &Page<'_>,
    view: &mut SchemaView,
    salt: &str,
    current: Option<&String>,
) -> Option<Choice<String>> {
    let theme = page.theme;
    let mut chosen = None;
    caption(ui, theme, "Colour");
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        let automatic = ui.add(Button::selectable(current.is_none(), "Automatic"));
        if automatic.on_hover_text("A colour is allotted by the place in the list").clicked() {
            chosen = Some(Choice::Automatic);
        }
        for color in palette() {
            let Some(Rgb([red, green, blue])) = Rgb::parse(&color) else { continue };
            let shown = label_colors(Color32::from_rgb(red, green, blue), theme.is_dark);
            let (rect, response) = ui.allocate_exact_size(vec2(22.0, 22.0), Sense::click());
            let is_it = current == Some(&color);
            response.widget_info(|| {
                egui::WidgetInfo::selected(egui::accesskit::Role::Button, true, is_it, format!("Colour {color}"))
            });
            ui.painter().rect_filled(rect.shrink(2.0), CornerRadius::same(4), shown.chip);
            if is_it || response.hovered() || response.has_focus() {
                let stroke = Stroke::new(if is_it { 2.0 } else { 1.0 }, theme.ink);
                ui.painter().rect_stroke(rect, CornerRadius::same(5), stroke, StrokeKind::Inside);
            }
            if response.on_hover_text(&color).clicked() {
                chosen = Some(Choice::This(color));
            }
        }
    });
    ui.horizontal(|ui| {
        let shown = current.map_or("", String::as_str);
        let typed = name_field(ui, view, ("colour", salt), "Colour as #rrggbb", shown, Some(Field::Color), 84.0);
        if let Some(typed) = typed {
            let typed = if typed.starts_with('#') { typed } else { format!("#{typed}") };
            chosen = Some(Choice::This(typed.to_lowercase()));
        }
        contrast_ui(ui, theme, current);
    });
    chosen
}

/// How the colour looks in both themes, and how well what is written in it can be read.
fn contrast_ui(ui: &mut Ui, theme: &Theme, current: Option<&String>) {
    let Some(base) = current else { return };
    let Some(Rgb([red, green, blue])) = Rgb::parse(base).filter(|_| base.len() == 7) else {
        ui.label(RichText::new("write it as #rrggbb").size(size::SMALL).color(theme.error));
        return;
    };
    for (is_dark, name) in [(false, "light"), (true, "dark")] {
        let (other, colors) = (Theme::of(is_dark), label_colors(Color32::from_rgb(red, green, blue), is_dark));
        let found = contrast(other.ink, colors.fill);
        let text = format!("{name} {found:.1} : 1");
        egui::Frame::NONE.fill(colors.fill).inner_margin(egui::Margin::symmetric(6, 2)).corner_radius(3).show(
            ui,
            |ui| {
                let label = ui.label(RichText::new(text).size(size::SMALL).color(other.ink));
                label.on_hover_text(
                    "Contrast of the words on the colour as the theme adapts it; 4.5 : 1 is enough to read",
                );
            },
        );
    }
}

/// A key, with what is taken.
pub fn key_field(
    ui: &mut Ui,
    page: &Page<'_>,
    label: &str,
    current: Option<char>,
    is_event: bool,
) -> Option<Choice<char>> {
    let theme = page.theme;
    let mut chosen = None;
    let kind = if is_event { crate::model::Kind::Event } else { crate::model::Kind::Mention };
    let given = page.look.keys.key_of(kind, label);
    let how = match (current, given) {
        (Some(wish), Some(given)) if wish != given => format!("Key: {wish:?} is taken, so it gets {given:?}"),
        (Some(_), _) => "Key".to_owned(),
        (None, Some(given)) => format!("Key: {given:?} is allotted"),
        (None, None) => "Key: none is free".to_owned(),
    };
    caption(ui, theme, &how);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(2.0, 2.0);
        ui.spacing_mut().button_padding = vec2(4.0, 1.0);
        let automatic = ui.add(Button::selectable(current.is_none(), "Automatic"));
        if automatic.on_hover_text("A free key is allotted, best a letter of the name").clicked() {
            chosen = Some(Choice::Automatic);
        }
        let letters = ('a'..='z').map(|c| if is_event { c.to_ascii_uppercase() } else { c });
        for key in letters.chain('1'..='9') {
            let owner = owner_of_key(&page.look.keys, page.editor.reserved(), key).filter(|owner| owner != label);
            let is_it = current == Some(key);
            let color = match (&owner, is_it) {
                (Some(_), true) => theme.error,
                (Some(_), false) => theme.muted.gamma_multiply(0.55),
                (None, _) => theme.text,
            };
            let text = RichText::new(key.to_string()).font(medium(size::SMALL)).color(color);
            let button = ui.add(Button::selectable(is_it, text).min_size(vec2(20.0, 20.0)));
            let name = match &owner {
                Some(owner) => format!("Key {key}: {owner} has it"),
                None => format!("Key {key}"),
            };
            name_entry(ui, &button, &name, "");
            let hint = owner.as_ref().map_or("Free".to_owned(), |owner| format!("{owner} has it"));
            if button.on_hover_text(told(&hint)).clicked() && owner.is_none() {
                chosen = Some(Choice::This(key));
            }
        }
    });
    chosen
}
