//! The plain screen after a panic in the window. As little as possible can go wrong in it: words and buttons.

use std::path::Path;

use egui::{CentralPanel, Frame, RichText, ScrollArea, Ui};

use crate::theme::{Theme, reading_bold, size, space};

/// Whether the work is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// No document was open.
    None,
    /// Everything is on disk.
    Safe,
    /// Something is on its way to the disk.
    BeingWritten,
    /// Something could not be written, for this reason.
    InMemory(String),
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Read the document again and go on.
    GoOn,
    /// Go on without the document.
    CloseDocument,
    /// Show or hide the report.
    Report,
    /// Close the window.
    Quit,
}

/// Draws the screen; `shown` is the text of the report while it is shown.
pub fn fallen_ui(ui: &mut Ui, work: &Work, report: Option<&Path>, shown: Option<&str>) -> Option<Answer> {
    let theme = Theme::current(ui.ctx());
    let mut answer = None;
    CentralPanel::default().frame(Frame::NONE.fill(theme.paper).inner_margin(space::XL)).show(ui, |ui| {
        let width = 620.0_f32.min(ui.available_width());
        let side = ((ui.available_width() - width) / 2.0).max(0.0);
        let top = if shown.is_some() { space::L } else { ui.available_height() * 0.18 };
        ui.add_space(top);
        ui.horizontal_top(|ui| {
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.set_max_width(width);
                ui.label(RichText::new("Something went wrong").font(reading_bold(size::TITLE)).color(theme.ink));
                ui.add_space(space::M);
                let (text, color) = match work {
                    Work::None => ("No document was open".to_owned(), theme.text),
                    Work::Safe => ("Nothing is lost: all of your work is on disk".to_owned(), theme.text),
                    Work::BeingWritten => ("Your work is being written…".to_owned(), theme.warning),
                    Work::InMemory(why) => (
                        format!("Some of your work is in memory only, go on and save it elsewhere: {why}"),
                        theme.error,
                    ),
                };
                ui.label(RichText::new(text).size(size::HEADING).color(color));
                ui.add_space(space::S);
                let known = report.map_or_else(
                    || "No report of it could be written".to_owned(),
                    |report| {
                        format!("What is known of it is in {}; it holds no text of your articles", report.display())
                    },
                );
                ui.add(egui::Label::new(RichText::new(known).color(theme.muted)).wrap());
                ui.add_space(space::L);
                ui.horizontal_wrapped(|ui| answer = buttons_ui(ui, theme, work, report.is_some(), shown.is_some()));
                if let Some(text) = shown {
                    ui.add_space(space::M);
                    ScrollArea::both().max_height((ui.available_height() - space::L).max(80.0)).show(ui, |ui| {
                        ui.add(egui::Label::new(RichText::new(text).monospace().size(size::SMALL)).extend());
                    });
                }
            });
        });
    });
    answer
}

fn buttons_ui(ui: &mut Ui, theme: &Theme, work: &Work, has_report: bool, is_shown: bool) -> Option<Answer> {
    let mut buttons = vec![("Go on", Answer::GoOn)];
    if *work == Work::Safe {
        buttons.push(("Close the document", Answer::CloseDocument));
    }
    if has_report {
        buttons.push((if is_shown { "Hide the report" } else { "Show the report" }, Answer::Report));
    }
    buttons.push(match work {
        Work::None | Work::Safe => ("Quit", Answer::Quit),
        Work::BeingWritten | Work::InMemory(_) => ("Quit and lose what is not written", Answer::Quit),
    });
    let mut answer = None;
    for (nth, (name, is)) in buttons.into_iter().enumerate() {
        let text = RichText::new(name);
        let button = if nth == 0 {
            egui::Button::new(text.color(theme.on_accent)).fill(theme.accent)
        } else {
            egui::Button::new(text)
        };
        let response = ui.add(button.min_size(egui::vec2(72.0, 28.0)));
        if nth == 0 && ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
        if response.clicked() {
            answer = Some(is);
        }
    }
    answer
}
