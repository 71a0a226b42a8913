//! What a change of the hits of a search would do, before it is done.

use egui::{Label, RichText, ScrollArea, Ui};

use super::{buttons, title_ui};
use crate::app::action::Action;
use crate::app::project::SearchAction;
use crate::project::search::{HitChange, HitsChange};
use crate::theme::{Theme, size, space};
use crate::ui::Actions;
use crate::ui::widgets::{counted, elided, number, told};

/// Documents that are named.
const MOST: usize = 200;

/// Draws it.
pub fn hits_change_ui(ui: &mut Ui, theme: &Theme, change: &HitsChange, actions: &mut Actions) {
    title_ui(ui, &change.title());
    let documents = change.documents().count();
    let mut text = format!("In {}, in your own layers", counted(documents, "document"));
    if change.unfit > 0 {
        text.push_str(&match change.change {
            HitChange::Label(_) => format!("; {} cannot have it", counted(change.unfit, "hit")),
            _ => format!("; {} is none of your marks that this could change", counted(change.unfit, "hit")),
        });
    }
    ui.add(Label::new(RichText::new(text)).wrap());
    let more = match change.change {
        HitChange::Label(_) => {
            "Words that are marked so already are passed over. In each document it is a batch, which can be retracted there; \
             the whole can be taken back from the Project menu"
        }
        HitChange::Relabel(_) => {
            "What was changed since the search is passed over. The whole can be taken back from the Project menu"
        }
        HitChange::Delete => {
            "Relations at them and references to them go, too. The whole can be taken back from the Project menu"
        }
    };
    ui.add(Label::new(RichText::new(more).size(size::SMALL).color(theme.muted)).wrap());
    ui.add_space(space::S);
    ScrollArea::vertical().max_height(240.0).show(ui, |ui| {
        for name in change.documents().take(MOST) {
            let title = change.titles.get(name).map_or(name.as_str(), String::as_str);
            elided(ui, RichText::new(told(title)).size(size::SMALL).color(theme.muted));
        }
        if documents > MOST {
            ui.label(RichText::new(format!("and {} more", number(documents - MOST))).color(theme.muted));
        }
    });
    let name = match change.change {
        HitChange::Label(_) => "Label them",
        HitChange::Relabel(_) => "Change them",
        HitChange::Delete => "Delete them",
    };
    match buttons(ui, theme, &[(name, true), ("Cancel", true)]) {
        Some(0) => actions.push(SearchAction::Carry.into()),
        Some(_) => actions.push(Action::CloseDialog),
        None => {}
    }
}
