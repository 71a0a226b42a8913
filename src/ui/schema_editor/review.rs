//! What a change touches, before it is applied.

use egui::{Align, Layout, RichText, ScrollArea, Ui, vec2};

use super::Page;
use crate::app::schema_editor::review::{Reviewed, Work};
use crate::app::schema_editor::{Review, SchemaAction};
use crate::model::Kind;
use crate::project::Name;
use crate::theme::{reading_bold, semibold, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{counted, elided, number, row, told};

/// How high a line of a list is, in points.
const ROW: f32 = 26.0;

/// Draws it.
pub fn review_ui(ui: &mut Ui, page: &Page<'_>, review: &Review, actions: &mut Actions) {
    let title = page.editor.edited().title();
    ui.add(egui::Label::new(RichText::new(told(&title)).font(reading_bold(20.0)).color(page.theme.ink)).wrap());
    ui.add_space(space::XS);
    match review {
        Review::Looking(work) => looking_ui(ui, page, work, actions),
        Review::Failed(why) => {
            ui.add(egui::Label::new(RichText::new(told(why)).color(page.theme.error)).wrap());
        }
        Review::Known(reviewed) => known_ui(ui, page, reviewed, actions),
    }
}

fn looking_ui(ui: &mut Ui, page: &Page<'_>, work: &Work, actions: &mut Actions) {
    let text = format!("Looking at {} of {} files…", number(work.done()), number(work.total()));
    ui.label(RichText::new(text).color(page.theme.muted));
    ui.add(egui::ProgressBar::new(work.share()).desired_width(320.0).desired_height(6.0).fill(page.theme.accent));
    if ui.button("Stop").clicked() {
        actions.push(SchemaAction::Back.into());
    }
}

fn known_ui(ui: &mut Ui, page: &Page<'_>, reviewed: &Reviewed, actions: &mut Actions) {
    let theme = page.theme;
    let (changed, removed) = (reviewed.changed(), reviewed.removed());
    let text = match (changed, removed) {
        _ if page.editor.edited().steps().len() == 0 => "Definitions only: no annotation is touched.".to_owned(),
        (0, 0) => format!("No annotation is touched; {} were looked at.", counted(reviewed.looked, "file")),
        (0, _) => format!(
            "{} {} removed in {} by {}.",
            counted(removed, "annotation"),
            if removed == 1 { "is" } else { "are" },
            counted(documents(reviewed), "document"),
            counted(reviewed.by_annotator().len(), "annotator")
        ),
        _ => format!(
            "{} change{} in {} by {}.",
            counted(changed + removed, "annotation"),
            if changed + removed == 1 { "s" } else { "" },
            counted(documents(reviewed), "document"),
            counted(reviewed.by_annotator().len(), "annotator")
        ),
    };
    ui.label(RichText::new(text).size(size::HEADING).color(theme.text));
    if removed > 0 && changed > 0 {
        let text = format!("{} of them {} removed.", number(removed), if removed == 1 { "is" } else { "are" });
        ui.label(RichText::new(text).font(semibold(size::BODY)).color(theme.error));
    }
    let also = [
        (reviewed.total.fillers_removed, "filler is", "fillers are", "taken out of roles"),
        (reviewed.total.attributes_removed, "attribute value is", "attribute values are", "taken away"),
    ];
    for (count, one, many, what) in also.into_iter().filter(|(count, ..)| *count > 0) {
        let words = if count == 1 { one } else { many };
        ui.label(RichText::new(format!("{} {words} {what}.", number(count))).color(theme.error));
    }
    if reviewed.misfit_count > 0 {
        let verb = if reviewed.misfit_count == 1 {
            "does not fit any more and becomes a problem"
        } else {
            "do not fit any more and become problems"
        };
        let text = format!(
            "{} {verb}, in {} by {}.",
            counted(reviewed.misfit_count, "annotation"),
            counted(reviewed.misfit_documents.len(), "document"),
            counted(reviewed.misfit_folders.len(), "annotator")
        );
        ui.add(egui::Label::new(RichText::new(text).color(theme.warning)).wrap());
    }
    if reviewed.named_only > 0 {
        let what = if reviewed.touched.is_empty() { "file" } else { "more file" };
        let verb = if reviewed.named_only == 1 { "gets" } else { "get" };
        let text = format!("{} only {verb} the new version number.", counted(reviewed.named_only, what));
        ui.label(RichText::new(text).size(size::SMALL).color(theme.muted));
    }
    ui.add_space(space::S);
    let has_lists = !reviewed.touched.is_empty() || !reviewed.misfits.is_empty();
    let is_wide = ui.available_width() > 700.0 && has_lists;
    if is_wide {
        ui.columns(2, |columns| {
            let [left, right] = columns else { return };
            // Words in columns would be stretched to fill their lines.
            left.with_layout(Layout::top_down(Align::Min), |ui| {
                ScrollArea::vertical().id_salt("what").auto_shrink(false).show(ui, |ui| what_ui(ui, page, reviewed));
            });
            lists_ui(right, page, reviewed, actions);
        });
    } else {
        ScrollArea::vertical().id_salt("what").max_height(ui.available_height() * 0.4).show(ui, |ui| {
            what_ui(ui, page, reviewed);
        });
        lists_ui(ui, page, reviewed, actions);
    }
}

fn documents(reviewed: &Reviewed) -> usize {
    let mut names: Vec<&Name> = reviewed.touched.iter().map(|touched| &touched.document).collect();
    names.sort();
    names.dedup();
    names.len()
}

fn heading(ui: &mut Ui, page: &Page<'_>, text: &str) {
    ui.add_space(space::S);
    ui.label(RichText::new(text).font(semibold(size::BODY)).color(page.theme.text));
}

/// Counts by label and annotator, and what else differs.
fn what_ui(ui: &mut Ui, page: &Page<'_>, reviewed: &Reviewed) {
    let theme = page.theme;
    let by_label = reviewed.by_label();
    if !by_label.is_empty() {
        heading(ui, page, "By label");
        let rows: Vec<[String; 3]> = by_label
            .iter()
            .map(|(kind, label, changed, removed)| {
                let of = if *kind == Kind::Entity { format!("{label} (entities)") } else { label.clone() };
                [told(&of).into_owned(), count(*changed), count(*removed)]
            })
            .collect();
        table(ui, page, "labels", ["Label so far", "Changed", "Removed"], &rows);
    }
    for (group, changed) in &reviewed.total.document_labels {
        ui.label(format!("{} of documents: {}", told(group), counted(*changed, "label")));
    }
    let by_annotator = reviewed.by_annotator();
    if !by_annotator.is_empty() {
        heading(ui, page, "By annotator");
        let rows: Vec<[String; 4]> = by_annotator
            .iter()
            .map(|(folder, layers, changed, removed)| {
                [annotator(page, folder), number(*layers), count(*changed), count(*removed)]
            })
            .collect();
        table(ui, page, "annotators", ["Annotator", "Documents", "Changed", "Removed"], &rows);
    }
    if page.editor.edited().steps().len() > 0 {
        heading(ui, page, "Steps");
        for step in page.editor.edited().steps() {
            ui.add(egui::Label::new(RichText::new(format!("· {}", told(&step.to_string()))).color(theme.text)).wrap());
        }
    }
    let otherwise = page.editor.edited().otherwise();
    if !otherwise.is_empty() {
        heading(ui, page, "In the label set alone");
        for difference in otherwise.iter().take(100) {
            let text =
                RichText::new(format!("· {}", told(&difference.to_string()))).size(size::SMALL).color(theme.muted);
            ui.add(egui::Label::new(text).wrap());
        }
    }
    if !reviewed.unread.is_empty() {
        heading(ui, page, "Files that cannot be read, and stay as they are");
        for (path, why) in reviewed.unread.iter().take(100) {
            let text = format!("{}: {}", path.display(), told(why));
            ui.add(egui::Label::new(RichText::new(text).size(size::SMALL).color(theme.warning)).wrap());
        }
    }
}

fn count(n: usize) -> String {
    if n == 0 { "–".to_owned() } else { number(n) }
}

fn table<const N: usize>(ui: &mut Ui, page: &Page<'_>, salt: &str, heads: [&str; N], rows: &[[String; N]]) {
    // The numbers of all tables stand below each other.
    let whole = (ui.available_width() - space::L).min(520.0);
    let first = (whole - 86.0 * (N - 1) as f32).max(80.0);
    let cell = |ui: &mut Ui, nth: usize, text: RichText| {
        let layout = if nth == 0 { Layout::left_to_right(Align::Center) } else { Layout::right_to_left(Align::Center) };
        let width = if nth == 0 { first } else { 78.0 };
        ui.allocate_ui_with_layout(vec2(width, 20.0), layout, |ui| {
            ui.set_min_width(width);
            elided(ui, text);
        });
    };
    egui::Grid::new(salt).num_columns(N).spacing(vec2(space::S, 1.0)).show(ui, |ui| {
        for (nth, head) in heads.into_iter().enumerate() {
            cell(ui, nth, RichText::new(head).size(size::SMALL).color(page.theme.muted));
        }
        ui.end_row();
        for row in rows.iter().take(200) {
            for (nth, text) in row.iter().enumerate() {
                cell(ui, nth, RichText::new(text).color(page.theme.text));
            }
            ui.end_row();
        }
    });
}

fn annotator(page: &Page<'_>, folder: &Name) -> String {
    let known = page.project.project.file.annotators.iter().find(|annotator| annotator.folder == folder.as_str());
    told(known.map_or(folder.as_str(), |annotator| &annotator.name)).into_owned()
}

fn title(page: &Page<'_>, name: &Name) -> String {
    let entries = &page.project.catalogue.entries;
    let entry = page.project.catalogue.position(name).and_then(|at| entries.get(at));
    let title = entry.map(|entry| entry.title.to_string()).filter(|title| !title.is_empty());
    told(&title.unwrap_or_else(|| name.to_string())).into_owned()
}

/// What is removed, what fits no longer, and the documents that are touched.
fn lists_ui(ui: &mut Ui, page: &Page<'_>, reviewed: &Reviewed, actions: &mut Actions) {
    let theme = page.theme;
    let has = [!reviewed.removed.is_empty(), !reviewed.misfits.is_empty(), !reviewed.touched.is_empty()];
    // Each list gets its share of the height; what it leaves goes to those below it.
    let share = |ui: &Ui, nth: usize| {
        let left = has.get(nth..).unwrap_or_default().iter().filter(|has| **has).count();
        ui.available_height() / left.max(1) as f32 - 40.0
    };
    if !reviewed.removed.is_empty() {
        heading(ui, page, "What is removed");
        let height = share(ui, 0);
        rows_ui(ui, "removed", reviewed.removed.len(), height, |ui, nth| {
            let Some(removed) = reviewed.removed.get(nth) else { return };
            let Some(touched) = reviewed.touched.get(removed.layer) else { return };
            let place = format!("{} · {}", title(page, &touched.document), annotator(page, &touched.folder));
            let name = format!("Removed: {} {}, {place}", removed.label, removed.words);
            let response = row(ui, &name, false, |ui| {
                ui.set_height(ROW - 2.0);
                ui.horizontal_centered(|ui| {
                    ui.label(RichText::new(told(&removed.label)).font(semibold(size::SMALL)).color(theme.error));
                    words_ui(ui, page, &removed.words);
                    elided(ui, RichText::new(place).size(size::SMALL).color(theme.muted));
                });
            });
            if response.on_hover_text("Open the document").clicked() {
                actions.push(SchemaAction::Show(touched.document.clone()).into());
            }
        });
        beyond_ui(ui, page, reviewed.total.removed_count().saturating_sub(reviewed.removed.len()));
    }
    if !reviewed.misfits.is_empty() {
        heading(ui, page, "What does not fit any more");
        let height = share(ui, 1);
        rows_ui(ui, "misfits", reviewed.misfits.len(), height, |ui, nth| {
            let Some(misfit) = reviewed.misfits.get(nth) else { return };
            let place = format!("{} · {}", title(page, &misfit.document), annotator(page, &misfit.folder));
            let name = format!("No longer fits: {} {}: {}, {place}", misfit.label, misfit.words, misfit.why);
            let response = row(ui, &name, false, |ui| {
                ui.set_height(ROW - 2.0);
                ui.horizontal_centered(|ui| {
                    ui.label(RichText::new(told(&misfit.label)).font(semibold(size::SMALL)).color(theme.muted));
                    words_ui(ui, page, &misfit.words);
                    elided(ui, RichText::new(told(&misfit.why)).size(size::SMALL).color(theme.warning));
                });
            });
            if response.on_hover_text(format!("{}\n{place}", told(&misfit.why))).clicked() {
                actions.push(SchemaAction::Show(misfit.document.clone()).into());
            }
        });
        beyond_ui(ui, page, reviewed.problem_count - reviewed.misfits.len());
    }
    if reviewed.touched.is_empty() {
        return;
    }
    heading(ui, page, "Documents");
    let area = ScrollArea::vertical().id_salt("touched").auto_shrink(false);
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_rows(ui, ROW, reviewed.touched.len(), |ui, range| {
        for touched in reviewed.touched.get(range).unwrap_or_default() {
            let title = title(page, &touched.document);
            let mut counts = Vec::new();
            if touched.changed > 0 {
                counts.push(format!("{} changed", number(touched.changed)));
            }
            if touched.removed > 0 {
                counts.push(format!("{} removed", number(touched.removed)));
            }
            let counts = counts.join(", ");
            let who = annotator(page, &touched.folder);
            let response = row(ui, &format!("{title}, {who}: {counts}"), false, |ui| {
                ui.set_height(ROW - 2.0);
                ui.allocate_ui_with_layout(
                    vec2(ui.available_width(), ROW - 2.0),
                    Layout::right_to_left(Align::Center),
                    |ui| {
                        let color = if touched.is_loss { theme.error } else { theme.muted };
                        ui.label(RichText::new(counts).size(size::SMALL).color(color));
                        ui.label(RichText::new(who).size(size::SMALL).color(theme.muted));
                        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                            elided(ui, RichText::new(title).color(theme.text));
                        });
                    },
                );
            });
            if response.on_hover_text("Open the document").clicked() {
                actions.push(SchemaAction::Show(touched.document.clone()).into());
            }
        }
    });
}

/// Words of an annotation, which leave room for what is said of it.
fn words_ui(ui: &mut Ui, page: &Page<'_>, words: &str) {
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() * 0.5);
        elided(ui, RichText::new(told(words)).color(page.theme.text));
    });
}

/// Rows of one height, drawn as far as they are seen.
fn rows_ui(ui: &mut Ui, salt: &str, count: usize, height: f32, mut add: impl FnMut(&mut Ui, usize)) {
    let area = ScrollArea::vertical().id_salt(salt).auto_shrink([false, true]).max_height(height.max(2.0 * ROW));
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        area.show_rows(ui, ROW, count, |ui, range| range.for_each(|nth| add(ui, nth)));
    });
}

/// How many there are beyond those that are listed.
fn beyond_ui(ui: &mut Ui, page: &Page<'_>, more: usize) {
    if more > 0 {
        let text = format!("and {} more", number(more));
        ui.label(RichText::new(text).size(size::SMALL).color(page.theme.muted));
    }
}
