//! The open document in a frame: its labels, strips and panels, and the article. Nothing of the document changes here; what
//! the user does comes out as actions.

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::App;
use super::action::Action;
use super::banner::Banner;
use super::filling::{self, Mode, legal_relations};
use super::find::Find;
use super::suggesting::ghost_of;
use crate::canvas::{Density, GhostLayer, Ghosts, Hint, Link, Outlines, Reader, ReaderInput, ReaderOptions};
use crate::model::{Document, Filler, Id, Kind, Schema};
use crate::theme::{Theme, size, space};
use crate::ui::focus::{Focus, Region};
use crate::ui::status_bar::SavedState;
use crate::ui::{self, Actions, View, widgets};

/// In less, in points, the side panel shows no lists below what is selected.
const ROOM_FOR_LISTS: f32 = 220.0;

impl App {
    pub(super) fn draw_document(&mut self, ui: &mut Ui, theme: &'static Theme) {
        let zoom = (self.settings.zoom * 100.0).round() as u32;
        let banners = self.banners_to_draw();
        let Some(session) = &mut self.session else { return };
        let Some((_, palette)) = &self.palette else { return };
        let saved = match session.saved_state() {
            // A field that has gone meanwhile is not being typed into.
            SavedState::Saved | SavedState::InJournal | SavedState::Untouched
                if self.inspector.drafts.has_typed() && ui.ctx().text_edit_focused() =>
            {
                SavedState::Typing
            }
            saved => saved,
        };
        self.teller.shows(&saved, session.number, &session.editor);
        let doing = session.large.text();
        let view = View {
            document: session.editor.document(),
            revision: session.editor.revision(),
            history: session.editor.history(),
            schema: session.editor.schema(),
            keys: &session.keys,
            cache: &session.cache,
            theme,
            palette,
            selected: session.selected.as_ref(),
            problem: session.problem.as_ref(),
            mode: &session.mode,
            suggestions: self.settings.show_suggestions.then_some(&session.suggestions),
            brush: session.brush.as_ref(),
            is_being_read: session.is_being_opened(),
            again: session.again.as_ref(),
            doing: doing.as_deref(),
        };
        let actions = &mut self.actions;
        let bar = Frame::NONE.fill(theme.bar).inner_margin(Margin::symmetric(10, 4));
        let labels = Frame::NONE.fill(theme.panel).inner_margin(Margin::symmetric(10, 6));
        let labels = Panel::top("labels").frame(labels).show(ui, |ui| ui::label_bar::label_bar_ui(ui, &view, actions));
        self.focus.drawn(Region::Labels, labels.response.rect);
        draw_find(ui, theme, session.find.as_ref(), &mut self.focus, actions);
        draw_banners(ui, theme, &banners, &mut self.focus, actions);
        Panel::bottom("status").frame(bar).exact_size(28.0).show(ui, |ui| {
            ui::status_bar::status_bar_ui(ui, &view, &session.selection.spans(), &saved, zoom);
            ui::live::status_ui(ui, &view, &session.selection);
        });
        let has_guidelines = self.project.as_ref().is_some_and(|project| project.guidelines.is_shown);
        if self.settings.show_panel || view.again.is_some() || has_guidelines {
            let side = Frame::NONE.fill(theme.panel).inner_margin(Margin::same(space::M as i8));
            let width = ui.available_width();
            let widths = 240.0..=(width * 0.5).max(260.0);
            let side = Panel::right("side").frame(side).default_size(372.0).size_range(widths.clone());
            let side = match self.panel_width.take() {
                Some(wished) => side.exact_size(wished.clamp(*widths.start(), *widths.end())),
                None => side,
            };
            let focus = &mut self.focus;
            side.show(ui, |ui| {
                if let Some(again) = view.again {
                    focus.hidden(Region::Lists);
                    focus.drawn(Region::Inspector, ui.max_rect());
                    ui::again::again_ui(ui, &view, again, &mut self.inspector.again, actions);
                    return;
                }
                if let Some(project) = self.project.as_mut().filter(|project| project.guidelines.is_shown) {
                    focus.hidden(Region::Lists);
                    focus.drawn(Region::Inspector, ui.max_rect());
                    let guidelines = &mut project.guidelines;
                    ui::project::guidelines::guidelines_ui(ui, theme, guidelines, &mut self.guidelines_view, actions);
                    return;
                }
                let height = ui.available_height();
                // Over a search in a small window there is room for one of them.
                if height < ROOM_FOR_LISTS {
                    focus.hidden(Region::Lists);
                } else {
                    let lists = Frame::NONE.inner_margin(Margin { top: 10, ..Margin::ZERO });
                    let lists = Panel::bottom("lists")
                        .frame(lists)
                        .resizable(true)
                        .default_size(height * 0.42)
                        .size_range(90.0..=height * 0.75)
                        .show(ui, |ui| ui::lists::lists_ui(ui, &view, &mut self.lists, actions));
                    focus.drawn(Region::Lists, lists.response.rect);
                }
                let inspector = CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
                    ui::inspector::inspector_ui(ui, &view, &mut self.inspector, actions);
                });
                focus.drawn(Region::Inspector, inspector.response.rect);
            });
        }
        if !self.settings.show_panel && view.again.is_none() && !has_guidelines {
            self.focus.hidden(Region::Lists);
            self.focus.hidden(Region::Inspector);
        }
        let links = links_of(view.document, session.selected.as_ref(), &session.visible);
        let typed = session.mode.typed();
        let hints: Vec<Hint> = (session.hints.iter())
            .filter(|(code, _)| code.starts_with(typed))
            .map(|(code, id)| Hint { id: id.clone(), keys: code.clone(), typed: typed.len() })
            .collect();
        let options = ReaderOptions { show_tags: self.settings.show_tags, text_size: size::READING };
        let current = match &session.mode {
            Mode::Propose(proposing) => {
                Some(ghost_of(session.editor.document(), &proposing.suggestion, proposing.speaker()))
            }
            _ => None,
        };
        let nothing = Ghosts::default();
        // While another's layer is looked at, nothing is proposed: both are dashed.
        let beneath = self.project.as_ref().and_then(|project| project.beneath(session.origin.document.as_ref()));
        let suggested = if self.settings.show_suggestions { session.suggestions.ghosts() } else { &nothing };
        let all = beneath.unwrap_or(suggested);
        let input = ReaderInput {
            document: session.editor.document(),
            revision: session.editor.revision(),
            palette,
            options: &options,
            selection: &session.selection,
            selected: session.selected.as_ref(),
            hovered: session.hovered.as_ref(),
            links: &links,
            hints: &hints,
            outlines: session.again.as_ref().map(|again| Outlines {
                label: &again.label,
                spans: &again.free,
                left_out: &again.left_out,
                current: again.current,
            }),
            found: session.find.as_ref().map(Find::found),
            density: Some(Density { annotations: &session.cache.walk, problems: &session.cache.problems }),
            ghosts: Some(GhostLayer { all, current: current.as_ref() }),
            brush: session.brush.is_some(),
        };
        let mut chosen_relation = None;
        // The edge of the side panel can be gripped beside the scroll bar.
        let page = Frame::NONE.fill(theme.paper).inner_margin(Margin { right: 4, ..Margin::ZERO });
        CentralPanel::default().frame(page).show(ui, |ui| {
            let output = session.reader.show(ui, &input);
            ui::live::describe_article(ui.ctx(), &view, &session.selection);
            if session.visible != output.visible {
                session.visible = output.visible;
                ui.ctx().request_repaint();
            }
            self.focus.drawn(Region::Article, output.response.rect);
            let is_over_reader = output.response.hovered();
            actions.extend(output.events.into_iter().map(Action::Reader));
            if is_over_reader && !session.mode.is_marking() {
                ui.ctx().set_cursor_icon(egui::CursorIcon::Crosshair);
            }
            if let Some(explanation) = &self.explanation {
                let beside = explanation.at.as_ref().and_then(|id| session.reader.rect_of(view.document, id));
                let beside = beside.or_else(|| session.reader.caret_rect(&session.selection));
                let at = beside.map_or(ui.max_rect().center_top(), |rect| rect.left_bottom());
                ui::explain::explain_ui(ui, theme, explanation, at);
            }
            chosen_relation =
                relation_menu(ui, &session.reader, session.editor.document(), session.editor.schema(), &session.mode);
        });
        actions.extend(chosen_relation.map(Action::ChooseRelation));
        // Lists light annotations up again in every frame in which the pointer is over them.
        if session.hovered.is_some() && !ui.ctx().is_pointer_over_egui() {
            session.hovered = None;
        }
        self.draw_context_menu(ui.ctx());
    }
}

/// Draws the bar that finds in the document, if it is open.
fn draw_find(ui: &mut Ui, theme: &Theme, find: Option<&Find>, focus: &mut Focus, actions: &mut Actions) {
    let Some(find) = find else {
        focus.hidden(Region::Find);
        return;
    };
    let height = ui::find_bar::height(find);
    let bar = Panel::top("find").frame(Frame::NONE.fill(theme.bar)).exact_size(height).resizable(false);
    let bar = bar.show_separator_line(false).show(ui, |ui| ui::find_bar::find_bar_ui(ui, find, actions));
    focus.drawn(Region::Find, bar.response.rect);
}

/// Draws the strip above the article, if it says anything.
pub(super) fn draw_banners(ui: &mut Ui, theme: &Theme, banners: &[Banner], focus: &mut Focus, actions: &mut Actions) {
    if banners.is_empty() {
        focus.hidden(Region::Banner);
        return;
    }
    let frame = Frame::NONE.fill(theme.panel);
    let height = ui::banner::height(banners);
    let strip = Panel::top("banners").frame(frame).exact_size(height).resizable(false).show_separator_line(false);
    let strip = strip.show(ui, |ui| ui::banner::banner_ui(ui, banners, actions));
    focus.drawn(Region::Banner, strip.response.rect);
}

/// Arcs of the selected annotation: to its arguments, and between the ends of relations that are on the page. A
/// relation to elsewhere is in the inspector; an arc across the page would only cover the text.
fn links_of(document: &Document, selected: Option<&Id>, visible: &[Id]) -> Vec<Link> {
    let Some(id) = selected else { return Vec::new() };
    let mut links: Vec<Link> = Vec::new();
    for argument in crate::edit::arguments_of(document, id) {
        if let Filler::Mention(to) | Filler::Event(to) = argument.filler {
            links.push(Link { from: id.clone(), to, label: argument.role.into() });
        }
    }
    let at = document.relations().get(id).into_iter();
    let at = at.chain(document.references().others_at(id).filter_map(|other| document.relations().get(other)));
    for relation in at {
        let is_on_page = relation.id == *id || (visible.contains(&relation.from) && visible.contains(&relation.to));
        if is_on_page && [&relation.from, &relation.to, &relation.id].contains(&id) {
            links.push(Link {
                from: relation.from.clone(),
                to: relation.to.clone(),
                label: relation.label.to_string(),
            });
        }
    }
    let has_place = |id: &Id| matches!(document.kind_of(id), Some(Kind::Mention | Kind::Event | Kind::Quote));
    links.retain(|link| has_place(&link.from) && has_place(&link.to));
    links
}

/// Labels of the relation that is being made, beside where it leads.
fn relation_menu(ui: &Ui, reader: &Reader, document: &Document, schema: &Schema, mode: &Mode) -> Option<String> {
    let Mode::Relate(filling::Relating { from: Some(from), to: Some(to), .. }) = mode else { return None };
    let at =
        reader.rect_of(document, to).map_or(ui.max_rect().center(), |rect| rect.left_bottom() + egui::vec2(0.0, 6.0));
    let mut chosen = None;
    egui::Area::new(egui::Id::unique("relation labels")).fixed_pos(at).order(egui::Order::Foreground).show(
        ui.ctx(),
        |ui| {
            Frame::menu(ui.style()).show(ui, |ui| {
                ui.set_width(220.0);
                // There may be more labels than keys.
                let keys = filling::LABEL_KEYS.chars().map(String::from).chain(std::iter::repeat(String::new()));
                for (label, key) in legal_relations(document, schema, from, to).into_iter().zip(keys) {
                    let button = egui::Button::new(widgets::named(label)).shortcut_text(key.as_str()).frame(false);
                    let definition = schema.relation(label).map(|r| r.definition.clone()).unwrap_or_default();
                    let response =
                        ui.add(button.min_size(egui::vec2(208.0, 24.0))).on_hover_text(widgets::told(&definition));
                    widgets::name_entry(ui, &response, &widgets::named(label), &key);
                    if response.clicked() {
                        chosen = Some(label.to_owned());
                    }
                }
            });
        },
    );
    chosen
}
