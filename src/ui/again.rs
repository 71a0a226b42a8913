//! The preview of all occurrences: what is looked for, every hit in its context, and what would be marked.

use egui::{Align2, Button, Checkbox, Color32, FontId, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::widgets::{elided, heading, label_tag, muted, named, number};
use super::{Actions, View};
use crate::app::action::Action;
use crate::app::again::{Again, AgainAction, Goal};
use crate::canvas::plain;
use crate::model::Kind;
use crate::suggest::occurrences::{Hit, HitState, Why};
use crate::text::{BytePos, Span};
use crate::theme::{medium, semibold, size, space};

const ROW: f32 = 26.0;
/// Bytes of context on each side; more than fits a row.
const CONTEXT: u32 = 90;

/// What the panel remembers between frames.
#[derive(Default)]
pub struct AgainState {
    /// The occurrence that the list shows.
    shown: Option<Span>,
}

/// One line of the list.
enum Row<'a> {
    Heading(String),
    Hit(&'a Hit),
}

/// Draws the preview in all the room there is.
pub fn again_ui(ui: &mut Ui, view: &View<'_>, again: &Again, state: &mut AgainState, actions: &mut Actions) {
    let mut act = |action: AgainAction| actions.push(Action::Again(action));
    ui.spacing_mut().item_spacing.y = 5.0;
    let chosen = again.chosen_count();
    head(ui, view, again, chosen);
    texts(ui, view, again, &mut act);
    ui.add_space(space::XS);
    egui::Panel::bottom("again buttons").frame(egui::Frame::NONE).show_separator_line(false).show(ui, |ui| {
        ui.add_space(space::S);
        ui.horizontal(|ui| {
            let ink = view.theme.on_accent;
            // What is not known yet is marked when it is.
            let label = if again.is_looking() { "Mark all".to_owned() } else { format!("Mark {}", number(chosen)) };
            let text = RichText::new(label.as_str()).font(semibold(size::BODY)).color(ink);
            let key = RichText::new("Enter").color(ink.gamma_multiply(0.8));
            let accept = Button::new(text).shortcut_text(key).fill(view.theme.accent).min_size(vec2(130.0, 28.0));
            let may_accept = if again.is_looking() { !again.is_accepted() } else { chosen > 0 };
            let response = ui.add_enabled(may_accept, accept);
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(label));
            if response.clicked() {
                act(AgainAction::Accept);
            }
            let response = ui.add(Button::new("Leave").shortcut_text("Esc").min_size(vec2(0.0, 28.0)));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Leave"));
            if response.clicked() {
                act(AgainAction::Close);
            }
        });
    });
    list(ui, view, again, state, &mut act);
}

fn head(ui: &mut Ui, view: &View<'_>, again: &Again, chosen: usize) {
    ui.horizontal(|ui| {
        label_tag(ui, view, Kind::Mention, &again.label);
        let what = match &again.goal {
            Goal::Propagate(_) => "all occurrences".to_owned(),
            Goal::Extend(batch) => format!("more for batch {batch}"),
        };
        ui.label(RichText::new(what).color(view.theme.muted).size(size::SMALL));
    });
    ui.horizontal(|ui| {
        let count = if again.is_looking() { "Looking…".to_owned() } else { format!("+{} here", number(chosen)) };
        let count = RichText::new(count).font(semibold(size::TITLE)).color(view.theme.accent);
        ui.label(count);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(3.0);
            elided(ui, RichText::new(again.name()).font(crate::theme::reading(size::HEADING)));
            let entity = match again.entity.as_ref().and_then(|id| view.document.entities().get(id)) {
                Some(entity) => format!("all refer to {}", entity.name),
                None if again.is_looking() => "in the whole article".into(),
                None => "they become one entity".into(),
            };
            elided(ui, RichText::new(entity).size(size::SMALL).color(view.theme.muted));
        });
    });
}

/// What is looked for, each text to be switched on and off, and the case rule.
fn texts(ui: &mut Ui, view: &View<'_>, again: &Again, act: &mut impl FnMut(AgainAction)) {
    heading(ui, view.theme, "Look for whole words");
    for (i, text) in again.texts.iter().enumerate() {
        let mut is_on = text.is_on;
        let why = match &text.why {
            Why::Words => "as marked".to_owned(),
            Why::Name => "the entity's name".into(),
            Why::Alias => "alias".into(),
            Why::Surname => "surname".into(),
            Why::SharedSurname(other) => format!("surname, also of {other}"),
            Why::Bare => "without the possessive".into(),
            Why::Rule => "looked for before".into(),
        };
        ui.horizontal(|ui| {
            let response = ui.add(Checkbox::new(&mut is_on, RichText::new(named(&text.text)).font(medium(size::BODY))));
            let name = format!("Look for {}", text.text);
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
            if response.changed() {
                act(AgainAction::SetText(i, is_on));
            }
            let count = again.counts.get(i).copied().flatten().filter(|_| again.looking.is_none());
            let count = count.map(|count| format!("{}, ", number(count))).unwrap_or_default();
            elided(ui, RichText::new(format!("{count}{why}")).size(size::SMALL).color(view.theme.muted));
        });
    }
    let mut ignore_case = again.ignore_case;
    let hint = "Otherwise “may” is not found for “May”, nor “BERG” for “Berg”";
    if ui.checkbox(&mut ignore_case, "Ignore case").on_hover_text(hint).changed() {
        act(AgainAction::SetIgnoreCase(ignore_case));
    }
}

fn list(ui: &mut Ui, view: &View<'_>, again: &Again, state: &mut AgainState, act: &mut impl FnMut(AgainAction)) {
    let count: usize = again.groups.iter().filter(|group| !group.is_empty()).map(|group| group.len() + 1).sum();
    ui.spacing_mut().item_spacing.y = 1.0;
    let height = ui.available_height();
    let mut area = egui::ScrollArea::vertical().auto_shrink([false, false]).id_salt("occurrences");
    if state.shown != again.current {
        state.shown = again.current;
        // The free ones come first, below their heading.
        if let Some(at) = again.current.and_then(|span| again.free.binary_search(&span).ok()) {
            area = area.vertical_scroll_offset(((at + 1) as f32 * (ROW + 1.0) - height / 2.0).max(0.0));
        }
    }
    area.show_rows(ui, ROW, count, |ui, range| {
        for i in range {
            match row_at(again, i) {
                Some(Row::Heading(text)) => {
                    ui.allocate_ui(vec2(ui.available_width(), ROW), |ui| {
                        ui.set_min_height(ROW);
                        ui.with_layout(egui::Layout::left_to_right(egui::Align::BOTTOM), |ui| {
                            ui.label(RichText::new(text).font(semibold(size::SMALL)).color(view.theme.muted));
                        });
                    });
                }
                Some(Row::Hit(hit)) => hit_row(ui, view, again, hit, act),
                None => {}
            }
        }
    });
    if count == 0 && !again.is_looking() {
        muted(ui, view.theme, "Nowhere in the article");
    }
}

/// The line with this number: the groups one after the other, each below its heading.
fn row_at(again: &Again, mut at: usize) -> Option<Row<'_>> {
    let titles = ["Not marked yet", "Overlapping another mention", "Marked already"];
    for (group, title) in again.groups.iter().zip(titles).filter(|(group, _)| !group.is_empty()) {
        match at.checked_sub(1) {
            None => return Some(Row::Heading(format!("{title} ({})", group.len()))),
            Some(nth) if nth < group.len() => return group.get(nth).and_then(|hit| again.hits.get(*hit)).map(Row::Hit),
            Some(_) => at -= group.len() + 1,
        }
    }
    None
}

/// One hit between what stands before and after it, the words of all rows under each other.
fn hit_row(ui: &mut Ui, view: &View<'_>, again: &Again, hit: &Hit, act: &mut impl FnMut(AgainAction)) {
    let theme = view.theme;
    let context = Context::of(view, hit.span);
    let is_current = again.current == Some(hit.span);
    let is_free = hit.state == HitState::Free;
    let is_chosen = is_free && !again.left_out.contains(&hit.span);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let what = match &hit.state {
        HitState::Free => "Occurrence".to_owned(),
        HitState::Marked(_) => "Marked already".into(),
        HitState::Overlapping(id) => {
            format!("Overlaps {} {}", view.document.label_of(id), view.document.brief_of(id))
        }
    };
    let name = format!("{what}: {}", context.line());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_current, &name));
    let fill = match (is_current, response.hovered() || response.has_focus()) {
        (true, _) => theme.accent_soft,
        (false, true) => theme.hovered,
        _ => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, 4.0, fill);
    let mut left = rect.left() + 6.0;
    if is_free {
        let mut checked = is_chosen;
        let at = Rect::from_min_size(pos2(rect.left() + 5.0, rect.top()), vec2(20.0, ROW));
        let check = ui.put(at, Checkbox::without_text(&mut checked));
        let name = format!("Mark {}", context.line());
        ui.ctx().accesskit_node_builder(check.id, |node| node.set_label(name));
        if check.changed() {
            act(AgainAction::Toggle(hit.span));
        }
        left = at.right() + 4.0;
    }
    let ink = if is_chosen || !is_free { theme.text } else { theme.muted };
    let quiet = theme.muted;
    let painter = ui.painter();
    let middle = rect.center().y;
    let words = painter.layout_no_wrap(context.words.clone(), semibold(size::BODY), ink);
    let x = (rect.left() + rect.width() * 0.36).min(rect.right() - words.size().x - 6.0).max(left);
    let font = || FontId::proportional(size::BODY - 1.0);
    before(painter, &context.before, Rect::from_x_y_ranges(left..=x, rect.y_range()), font(), quiet);
    let inside = painter.with_clip_rect(rect.shrink2(vec2(4.0, 0.0)));
    let end = x + words.size().x;
    if !is_chosen && is_free {
        inside.hline(x..=end, middle, egui::Stroke::new(1.0, quiet));
    }
    inside.galley(pos2(x, middle - words.size().y / 2.0), words, ink);
    let mut right = rect.right() - 4.0;
    if let HitState::Overlapping(id) = &hit.state {
        let other = plain(ui.ctx(), view.document.label_of(id), semibold(size::TAG), 90.0);
        let colors = view.palette.of(Kind::Mention, view.document.label_of(id));
        right -= other.size().x + 6.0;
        let ink = if theme.is_dark { theme.ink } else { colors.ink };
        let tag = Rect::from_min_size(pos2(right - 2.0, middle - 8.0), vec2(other.size().x + 8.0, 16.0));
        painter.rect_filled(tag, 3.0, colors.fill_strong);
        painter.galley(pos2(right + 2.0, middle - other.size().y / 2.0), other, ink);
        right -= 8.0;
    }
    let after = plain(ui.ctx(), &context.after, font(), right - end);
    inside.galley(pos2(end, middle - after.size().y / 2.0), after, quiet);
    let response = response.on_hover_text(name);
    if response.clicked() {
        match &hit.state {
            HitState::Free => act(AgainAction::GoTo(hit.span)),
            HitState::Marked(_) | HitState::Overlapping(_) => act(AgainAction::Look(hit.span)),
        }
    }
}

/// Draws as many whole words as there is room for, so that they end where the hit begins.
fn before(painter: &egui::Painter, words: &str, room: Rect, font: FontId, color: Color32) {
    let all = painter.layout_no_wrap(words.to_owned(), font.clone(), color);
    let right = pos2(room.right(), room.center().y);
    let over = all.size().x - room.width();
    if over <= 0.0 {
        painter.text(right, Align2::RIGHT_CENTER, words, font, color);
        return;
    }
    let ellipsis = 10.0;
    let cut = all.cursor_from_pos(vec2(over + ellipsis, 0.0)).index.0;
    let rest: String = words.chars().skip(cut).collect();
    // The word that was cut goes too, if another is left.
    let whole = rest.trim_start().split_once(' ').map_or(rest.as_str(), |(_, whole)| whole);
    let whole = if whole.trim().is_empty() { rest.as_str() } else { whole };
    painter.text(right, Align2::RIGHT_CENTER, format!("…{whole}"), font, color);
}

/// The words around a hit, on one line.
struct Context {
    before: String,
    words: String,
    after: String,
}

impl Context {
    fn of(view: &View<'_>, span: Span) -> Self {
        let text = view.document.text();
        let from = text.floor_boundary(BytePos(span.start.0.saturating_sub(CONTEXT)));
        let to = text.floor_boundary(BytePos(span.end.0.saturating_add(CONTEXT)));
        // Not beyond the paragraph; lines may be broken anywhere.
        let before = text.slice(Span { start: from, end: span.start });
        let before = before.rsplit("\n\n").next().unwrap_or_default();
        let after = text.slice(Span { start: span.end, end: to }).split("\n\n").next().unwrap_or_default();
        let from = BytePos(span.start.0 - before.len() as u32);
        let to = span.end.plus(after.len());
        let line = |span: Span| text.excerpt(&[span]);
        let (mut before, mut after) =
            (line(Span { start: from, end: span.start }), line(Span { start: span.end, end: to }));
        // The excerpt is trimmed; whether there is a gap matters beside the words.
        if text.slice(Span { start: from, end: span.start }).ends_with(char::is_whitespace) {
            before.push(' ');
        }
        if text.slice(Span { start: span.end, end: to }).starts_with(char::is_whitespace) {
            after.insert(0, ' ');
        }
        Self { before, words: line(span), after }
    }

    /// The nearest words only, for names.
    fn line(&self) -> String {
        let before: Vec<&str> = self.before.split(' ').rev().take(5).collect();
        let before: Vec<&str> = before.into_iter().rev().collect();
        let after: Vec<&str> = self.after.split(' ').take(5).collect();
        format!("{}{}{}", before.join(" "), self.words, after.join(" ")).trim().to_owned()
    }
}
