//! The command palette: every command of the table, found by its name or by what it does.

use egui::{Align, Layout, RichText, Ui};

use super::finder::{Finder, keys_ui};
use super::fuzzy::Haystack;
use crate::app::action::Action;
use crate::app::command::Command;
use crate::theme::{Theme, medium, size, space};
use crate::ui::Actions;
use crate::ui::widgets::elided;

/// What the palette holds while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    finder: Finder,
    commands: Vec<Offered>,
}

/// A command, and why it cannot be run now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The command.
    pub command: Command,
    /// What is missing, if something is.
    pub missing: Option<&'static str>,
}

impl Palette {
    /// A palette of these commands, shown in this order while nothing is typed.
    pub fn new(commands: Vec<Offered>) -> Self {
        let haystack = |offered: &Offered| Haystack::new(offered.command.plain_name(), offered.command.info().help);
        Self { finder: Finder::new(commands.iter().map(haystack).collect()), commands }
    }
}

/// Draws the field and the commands. Enter runs the highlighted one.
pub fn palette_ui(ui: &mut Ui, theme: &Theme, state: &mut Palette, actions: &mut Actions) {
    let entered = state.finder.field_ui(ui, "Find a command", "Type the name of a command, or what it does");
    ui.add_space(space::XS);
    let height = (ui.ctx().content_rect().height() - 220.0).clamp(120.0, 392.0);
    let commands = &state.commands;
    let command_of = |i: usize| commands.get(i).map(|offered| offered.command);
    let name = |i: usize| command_of(i).map_or(String::new(), |command| command.plain_name().to_owned());
    let clicked = state.finder.list_ui(ui, height, name, |ui, i| {
        if let Some(offered) = commands.get(i) {
            row_ui(ui, theme, offered);
        }
    });
    let highlighted = state.finder.highlighted().filter(|_| entered);
    if let Some(offered) = clicked.or(highlighted).and_then(|i| commands.get(i))
        && offered.missing.is_none()
    {
        actions.push(Action::CloseDialog);
        actions.push(Action::RunFromPalette(offered.command));
    }
}

fn row_ui(ui: &mut Ui, theme: &Theme, offered: &Offered) {
    let info = offered.command.info();
    let color = if offered.missing.is_some() { theme.muted } else { theme.text };
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        match offered.missing {
            Some(missing) => drop(ui.label(RichText::new(missing).size(size::SMALL).color(theme.muted))),
            None => keys_ui(ui, theme, &offered.command.key_text(ui.ctx())),
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.label(RichText::new(info.name).font(medium(size::BODY)).color(color));
            elided(ui, RichText::new(info.help).size(size::SMALL).color(theme.muted));
        });
    });
}
