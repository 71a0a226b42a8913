//! The documents of a project at the left: how far the work is, filters, order, and the list.

use std::path::PathBuf;

use egui::{Align, Layout, RichText, Sense, Ui, vec2};
use strum::IntoEnumIterator as _;

use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::project::{OpenProject, ProjectAction, time_text};
use crate::model::Status;
use crate::project::Name;
use crate::project::index::Entry;
use crate::project::queue::SortBy;
use crate::theme::{Theme, medium, semibold, size, space};
use crate::ui::Actions;
use crate::ui::lists::own_rows;
use crate::ui::project::signs::{
    paint_same, paint_status, paint_warning, same_sign, status_color, status_sign, warning_sign,
};
use crate::ui::widgets::{counted, elided, name_entry, number, quiet_button, row, told};

/// How high a document is in the list, in points.
const ROW: f32 = 40.0;

/// What the list remembers between frames.
#[derive(Default)]
pub struct QueueState {
    /// The field with words of titles.
    words: String,
    /// The document that was brought into view last.
    shown: Option<Name>,
    /// The document whose row has the keyboard, as of the last frame.
    pub focused: Option<Name>,
    /// What was taken out last, and where it is.
    pub removed: Option<(Name, PathBuf)>,
}

/// Draws the list; `view` is the state that [`OpenProject::view`] has.
pub fn queue_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, view: &mut QueueState, actions: &mut Actions) {
    head_ui(ui, theme, project, actions);
    filters_ui(ui, theme, project, view, actions);
    work_ui(ui, theme, project, actions);
    let foot = 26.0;
    let height = (ui.available_height() - foot).max(60.0);
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
        ui.set_min_height(height);
        list_ui(ui, theme, project, view, actions);
    });
    foot_ui(ui, theme, project, view, actions);
}

/// Title, who works here, how much is done.
fn head_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, actions: &mut Actions) {
    ui.horizontal(|ui| {
        let problems = project.problems().count();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let menu = ui.menu_button("…", |ui| {
                for command in Command::of(crate::app::command::Section::Project) {
                    let keys = command.key_text(ui.ctx());
                    let entry = ui.add(egui::Button::new(command.info().name).shortcut_text(keys.as_str()));
                    name_entry(ui, &entry, command.info().name, &keys);
                    if entry.on_hover_text(command.info().help).clicked() {
                        actions.push(Action::Run(command));
                        ui.close();
                    }
                }
                beneath_menu(ui, project, actions);
            });
            name_entry(ui, &menu.response, "Project menu", "");
            if problems > 0 {
                let button = signed_button(ui, false, &number(problems), theme.warning, |painter, at| {
                    paint_warning(painter, theme.warning, at);
                });
                let button = button.on_hover_text("What is wrong with the project");
                name_entry(ui, &button, &counted(problems, "problem"), "");
                if button.clicked() {
                    actions.push(ProjectAction::ShowProblems.into());
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let title =
                    RichText::new(told(&project.project.file.title)).font(semibold(size::HEADING)).color(theme.ink);
                elided(ui, title).on_hover_text(project.project.layout.root().display().to_string());
            });
        });
    });
    let all = project.counts.all();
    let done = project.counts.get(Status::Done);
    progress_ui(ui, theme, project);
    ui.horizontal(|ui| {
        let text = match all {
            0 => "No documents yet".to_owned(),
            _ => format!("{} of {} done", number(done), number(all)),
        };
        ui.label(RichText::new(text).size(size::SMALL).color(theme.muted));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = project.my_name().map_or("Only looking".to_owned(), |name| told(name).into_owned());
            let button =
                egui::Button::new(RichText::new(&name).size(size::SMALL).color(theme.muted)).frame(false).truncate();
            let button = ui.add(button).on_hover_text("Who works here; click to change");
            name_entry(ui, &button, &format!("Annotator: {name}"), "");
            if button.clicked() {
                actions.push(Action::Run(Command::ChooseAnnotator));
            }
        });
    });
}

/// Whose layer is shown beneath one's own.
fn beneath_menu(ui: &mut Ui, project: &OpenProject, actions: &mut Actions) {
    let shown = project.beneath.as_ref().map(|beneath| &beneath.folder);
    let others = project.project.file.annotators.iter().filter_map(|annotator| {
        let folder = Name::new(&annotator.folder)?;
        (Some(&folder) != project.me.as_ref()).then_some((folder, &annotator.name))
    });
    let others: Vec<_> = others.collect();
    if others.is_empty() {
        return;
    }
    ui.separator();
    for (folder, name) in others {
        let is_shown = shown == Some(&folder);
        let text = format!("Show the layer of {} beneath", told(name));
        let entry = ui.add(egui::Button::selectable(is_shown, &text));
        name_entry(ui, &entry, &text, "");
        if entry.clicked() {
            actions.push(ProjectAction::Beneath((!is_shown).then_some(folder)).into());
            ui.close();
        }
    }
}

/// A bar with a piece for each status.
fn progress_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 6.0), Sense::hover());
    let all = project.counts.all().max(1) as f32;
    ui.painter().rect_filled(rect, 3.0, theme.border);
    let mut left = rect.left();
    for status in [Status::Done, Status::InProgress, Status::Flagged] {
        let width = rect.width() * project.counts.get(status) as f32 / all;
        if width > 0.0 {
            let piece = egui::Rect::from_min_size(egui::pos2(left, rect.top()), vec2(width, rect.height()));
            ui.painter().rect_filled(piece, 3.0, status_color(theme, status));
            left += width;
        }
    }
    let words: Vec<String> =
        Status::iter().map(|status| format!("{} {}", number(project.counts.get(status)), status.text())).collect();
    let words = words.join(", ");
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(egui::accesskit::Role::ProgressIndicator);
        node.set_label(words.clone());
    });
    response.on_hover_text(words);
}

fn filters_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, view: &mut QueueState, actions: &mut Actions) {
    ui.add_space(space::XS);
    let field =
        egui::TextEdit::singleline(&mut view.words).hint_text("Title, name or source").desired_width(f32::INFINITY);
    let field = ui.add(field);
    ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Filter documents"));
    if field.changed() {
        actions.push(ProjectAction::Words(view.words.clone()).into());
    }
    let has_entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if let Some(first) = project.first_shown().filter(|_| has_entered && !view.words.is_empty()) {
        actions.push(ProjectAction::Open(first.clone()).into());
    }
    if view.words != project.query.words && !field.has_focus() {
        view.words.clone_from(&project.query.words);
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(2.0, 2.0);
        ui.spacing_mut().button_padding.x = 5.0;
        for status in Status::iter() {
            let is_on = project.query.statuses.contains(&status);
            let count = project.counts.get(status);
            let color = if is_on { theme.text } else { theme.muted };
            let button = signed_button(ui, is_on, &number(count), color, |painter, at| {
                paint_status(painter, theme, status, at);
            });
            let button = button.on_hover_text(status.text());
            name_entry(ui, &button, &format!("Show {}: {count}", status.text()), "");
            if button.clicked() {
                actions.push(ProjectAction::ToggleStatus(status).into());
            }
        }
        let is_on = project.query.problems;
        let color = if is_on { theme.text } else { theme.muted };
        let button = signed_button(ui, is_on, "", color, |painter, at| paint_warning(painter, color, at));
        let button = button.on_hover_text("With problems");
        name_entry(ui, &button, "Show documents with problems", "");
        if button.clicked() {
            actions.push(ProjectAction::ToggleProblems.into());
        }
        let (is_on, count) = (project.query.same, project.catalogue.same.documents());
        if is_on || count > 0 {
            let color = if is_on { theme.text } else { theme.muted };
            let button = signed_button(ui, is_on, &number(count), color, |painter, at| paint_same(painter, color, at));
            let button = button.on_hover_text("The same article as another document");
            name_entry(ui, &button, &format!("Show documents of the same article: {count}"), "");
            if button.clicked() {
                actions.push(ProjectAction::ToggleSame.into());
            }
        }
    });
    ui.horizontal(|ui| {
        ui.spacing_mut().button_padding.x = 5.0;
        label_menu(ui, theme, project, actions);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| sort_menu(ui, theme, project, actions));
    });
    if let Some(chosen) = &project.query.chosen {
        ui.horizontal(|ui| {
            elided(ui, RichText::new(told(&chosen.title)).size(size::SMALL).color(theme.accent));
        });
    }
}

fn label_menu(ui: &mut Ui, theme: &Theme, project: &OpenProject, actions: &mut Actions) {
    let current = project.query.label.as_ref().map(|(label, _)| label.as_str());
    let shown = current.map_or("Any label".to_owned(), |label| told(label).chars().take(14).collect());
    let color = if current.is_some() { theme.text } else { theme.muted };
    let text = RichText::new(shown).font(medium(size::SMALL)).color(color);
    let menu = ui.menu_button(text, |ui| {
        if ui.add(egui::Button::selectable(current.is_none(), "Any label")).clicked() {
            actions.push(ProjectAction::Label(None).into());
            ui.close();
        }
        ui.separator();
        egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            let mut labels: Vec<(&str, u32)> = project.labels().collect();
            labels.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            if labels.is_empty() {
                ui.label(RichText::new("Nothing is marked yet").color(theme.muted));
            }
            for (label, count) in labels {
                let count = number(count as usize);
                let button =
                    egui::Button::selectable(current == Some(label), told(label)).shortcut_text(count.as_str());
                let button = ui.add(button);
                name_entry(ui, &button, label, &count);
                if button.clicked() {
                    actions.push(ProjectAction::Label(Some(label.to_owned())).into());
                    ui.close();
                }
            }
        });
    });
    name_entry(ui, &menu.response, "Show documents with a label", "");
}

fn sort_menu(ui: &mut Ui, theme: &Theme, project: &OpenProject, actions: &mut Actions) {
    let sort = project.query.sort;
    let arrow = if project.query.descending { "↓" } else { "↑" };
    let text = RichText::new(format!("{} {arrow}", sort.text())).font(medium(size::SMALL)).color(theme.muted);
    let menu = ui.menu_button(text, |ui| {
        for by in SortBy::iter() {
            let sign = if by == sort { arrow } else { "" };
            let button = ui.add(egui::Button::selectable(by == sort, by.text()).shortcut_text(sign));
            name_entry(ui, &button, &format!("Sort by {}", by.text()), "");
            if button.clicked() {
                actions.push(ProjectAction::Sort(by).into());
                ui.close();
            }
        }
    });
    name_entry(ui, &menu.response, &format!("Sorted by {}", sort.text()), "");
}

/// What goes on in the background, with a way to stop it.
fn work_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, actions: &mut Actions) {
    let (text, share) = match (&project.adding, &project.scan) {
        (Some(adding), _) => (adding.text(), adding.share()),
        (None, Some(scan)) => {
            let looked = scan.looked();
            if looked.of == 0 || looked.done == looked.of {
                return;
            }
            let text = format!("Reading {} of {}", number(looked.done), number(looked.of));
            (text, looked.done as f32 / looked.of.max(1) as f32)
        }
        (None, None) => return,
    };
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if quiet_button(ui, "Stop").clicked() {
                actions.push(ProjectAction::Stop.into());
            }
            let bar = egui::ProgressBar::new(share).desired_height(14.0).text(RichText::new(text).size(size::SMALL));
            ui.add(bar.fill(theme.accent.gamma_multiply(0.45)));
        });
    });
}

fn list_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, view: &mut QueueState, actions: &mut Actions) {
    if project.shown.is_empty() {
        return empty_ui(ui, theme, project, actions);
    }
    view.focused = None;
    // The document that was opened is brought into view once.
    let shown = (view.shown != project.current).then(|| project.current_row()).flatten();
    if shown.is_some() {
        view.shown.clone_from(&project.current);
    }
    own_rows(ui, "documents", ROW, project.shown.len(), shown, |ui, at| {
        let Some(at) = project.shown.get(at).copied() else { return };
        if let Some(entry) = project.catalogue.entries.get(at as usize) {
            entry_ui(ui, theme, project, (at, entry), view, actions);
        }
    });
}

fn empty_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, actions: &mut Actions) {
    ui.add_space(space::L);
    ui.vertical_centered(|ui| {
        if project.catalogue.entries.is_empty() {
            let is_looking = project.scan.as_ref().is_some_and(|scan| scan.looked().of > 0);
            let text = if is_looking { "Reading the documents…" } else { "There are no documents yet" };
            ui.label(RichText::new(text).color(theme.muted));
            ui.add_space(space::S);
            for command in [Command::AddFiles, Command::AddFolder] {
                if ui.button(command.info().name).on_hover_text(command.info().help).clicked() {
                    actions.push(Action::Run(command));
                }
            }
            ui.label(RichText::new("or drop files here").size(size::SMALL).color(theme.muted));
        } else if project.is_ordered() {
            ui.label(RichText::new("No document fits the filters").color(theme.muted));
            if ui.button("Show all").clicked() {
                actions.push(ProjectAction::ShowAll.into());
            }
        }
    });
}

/// Draws a document; `at` is its place in the catalogue.
fn entry_ui(
    ui: &mut Ui,
    theme: &Theme,
    project: &OpenProject,
    (at, entry): (u32, &Entry),
    view: &mut QueueState,
    actions: &mut Actions,
) {
    let status = entry.status(project.folder());
    let layer = entry.layer(project.folder());
    let is_current = project.current.as_ref() == Some(&entry.name);
    let title = if entry.title.is_empty() { entry.name.as_str() } else { entry.title.as_str() };
    let broken =
        [Some(&entry.broken), layer.map(|layer| &layer.broken)].into_iter().flatten().find(|why| !why.is_empty());
    let problems = layer.map_or(0, |layer| layer.problems);
    let others = others_of(project, at);
    let also = others.as_ref().map(|others| format!(", {others}")).unwrap_or_default();
    let name = format!("{title}, {}{also}", status.text());
    let response = row(ui, &name, is_current, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            status_sign(ui, theme, status);
            elided(ui, RichText::new(told(title)).color(theme.text));
        });
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.add_space(20.0);
            let mut facts = Vec::new();
            if others.is_some() {
                same_sign(ui, theme.muted);
                // Their titles are the same.
                facts.push(told(entry.name.as_str()).into_owned());
            }
            if !entry.published.is_empty() {
                facts.push(told(&entry.published).chars().take(10).collect::<String>());
            }
            if let Some(layer) = layer.filter(|layer| layer.marks > 0) {
                facts.push(counted(layer.marks as usize, "mark"));
            }
            if facts.is_empty() || !entry.source.is_empty() {
                facts.push(match entry.source.as_str() {
                    "" => format!("{} characters", number(entry.length as usize)),
                    source => told(source).into_owned(),
                });
            }
            if broken.is_some() || problems > 0 {
                let color = if broken.is_some() { theme.error } else { theme.warning };
                warning_sign(ui, color);
                let text = if broken.is_some() { "file".to_owned() } else { number(problems as usize) };
                ui.label(RichText::new(text).size(size::SMALL).color(color));
            }
            elided(ui, RichText::new(facts.join(" · ")).size(size::SMALL).color(theme.muted));
        });
    });
    let response = match (broken, &others) {
        (Some(why), _) => response.on_hover_text(told(why)),
        (None, Some(others)) => response.on_hover_text(format!("{}: {}", told(entry.name.as_str()), told(others))),
        (None, None) => response,
    };
    if response.has_focus() {
        view.focused = Some(entry.name.clone());
    }
    if response.clicked() {
        actions.push(ProjectAction::Open(entry.name.clone()).into());
    }
    response.context_menu(|ui| {
        if ui.button("Open").clicked() {
            actions.push(ProjectAction::Open(entry.name.clone()).into());
            ui.close();
        }
        if others.is_some() && ui.button("Show all of this article").clicked() {
            let like = project.catalogue.same.like(at).iter();
            let names = like.filter_map(|at| project.catalogue.entries.get(*at as usize)).map(|e| e.name.clone());
            actions
                .push(ProjectAction::Choose { title: format!("The same as {title}"), names: names.collect() }.into());
            ui.close();
        }
        if ui.button(Command::RemoveDocument.info().name).clicked() {
            actions.push(ProjectAction::Remove(entry.name.clone()).into());
            ui.close();
        }
    });
}

/// Which other documents are the same article, in words: `the same text as bern and 2 more`.
fn others_of(project: &OpenProject, at: u32) -> Option<String> {
    let entries = &project.catalogue.entries;
    let entry = entries.get(at as usize)?;
    let others: Vec<&Entry> = project
        .catalogue
        .same
        .like(at)
        .iter()
        .filter(|other| **other != at)
        .filter_map(|other| entries.get(*other as usize))
        .collect();
    // What is said first is the stronger of both.
    let same_text = others.iter().find(|other| other.text == entry.text && entry.text != 0);
    let (what, other) = match (same_text, others.first()) {
        (Some(other), _) => ("the same text as", other),
        (None, Some(other)) if other.article == entry.article => ("the same article, in other words, as", other),
        (None, other) => ("the same article as", other?),
    };
    let more = match others.len() {
        1 => String::new(),
        more => format!(" and {} more", number(more - 1)),
    };
    Some(format!("{what} {}{more}", other.name))
}

/// A button with a painted sign before its text.
fn signed_button(
    ui: &mut Ui,
    is_on: bool,
    text: &str,
    color: egui::Color32,
    sign: impl FnOnce(&egui::Painter, egui::Pos2),
) -> egui::Response {
    // Room for the sign, as wide in every font.
    let room = egui::Atom::custom(egui::IdSalt::new("sign"), vec2(13.0, 13.0));
    let text = RichText::new(text).font(medium(size::SMALL)).color(color);
    let response = egui::Button::selectable(is_on, (room, text)).atom_ui(ui);
    if let Some(rect) = response.rect(egui::IdSalt::new("sign")) {
        sign(ui.painter(), rect.center());
    }
    response.response
}

/// How many are shown, what was taken out, time spent.
fn foot_ui(ui: &mut Ui, theme: &Theme, project: &OpenProject, view: &QueueState, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.set_min_height(22.0);
        if let Some((name, _)) = &view.removed {
            // Cut: a long name would make the list wider, for good.
            let text = RichText::new(format!("Put back {}", told(name.as_str()))).color(theme.accent);
            if ui.add(egui::Button::new(text).frame(false).truncate()).clicked() {
                actions.push(ProjectAction::PutBack.into());
            }
            return;
        }
        if project.query.is_filtering() {
            let text = format!("{} of {} shown", number(project.shown.len()), number(project.catalogue.entries.len()));
            ui.label(RichText::new(text).size(size::SMALL).color(theme.muted));
            if quiet_button(ui, "Show all").clicked() {
                actions.push(ProjectAction::ShowAll.into());
            }
            return;
        }
        if let Some(text) = spent(project) {
            let hover = "Time in which something was done, and marks in it. Kept on this machine, for your eyes only";
            elided(ui, RichText::new(text).size(size::SMALL).color(theme.muted)).on_hover_text(hover);
        }
    });
}

/// The time spent on the open document and on all, in words; `None` as long as that is nothing.
fn spent(project: &OpenProject) -> Option<String> {
    let total = project.clock.total();
    if total.secs < 60.0 {
        return None;
    }
    let here = project.current.as_ref().and_then(|name| project.clock.documents.get(name.as_str()));
    let mut parts = Vec::new();
    if let Some(here) = here.filter(|here| here.secs >= 60.0) {
        parts.push(format!("{} here", time_text(here.secs)));
    }
    parts.push(format!("{} in all", time_text(total.secs)));
    if let Some(pace) = total.per_hour() {
        parts.push(format!("{} marks/h", number(pace as usize)));
    }
    Some(parts.join(" · "))
}
