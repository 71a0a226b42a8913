//! Finding a label by its name or definition, with its definition and examples beside it.

use egui::{Align, Layout, RichText, Ui};

use super::finder::{Finder, keys_ui};
use super::fuzzy::Haystack;
use super::title_ui;
use crate::app::action::Action;
use crate::model::schema::LabelTarget;
use crate::model::{Kind, Schema};
use crate::text::quoted;
use crate::theme::{Theme, semibold, size, space};
use crate::ui::widgets::{elided, label_tag, muted, told};
use crate::ui::{Actions, View};

/// How many examples stand beside a label.
const EXAMPLES: usize = 2;

/// What a label is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To mark the selected words, as an excerpt.
    Mark(String),
    /// To re-label the selected annotation: its kind, its label and an excerpt.
    Relabel(Kind, String, String),
    /// For the brush, since nothing is selected.
    Brush,
}

impl Purpose {
    fn title(&self) -> String {
        match self {
            Self::Mark(words) => format!("Label {}", quoted(&super::short(words, 48))),
            Self::Relabel(_, label, words) => format!("Another label for {label} {}", quoted(&super::short(words, 48))),
            Self::Brush => "Label for the brush".to_owned(),
        }
    }

    /// Why a label of this kind cannot be used for it.
    fn missing(&self, kind: Kind) -> Option<&'static str> {
        match (self, kind) {
            (Self::Mark(_), Kind::Relation) => Some("select an annotation"),
            (Self::Relabel(is, ..), Kind::Relation) if *is != Kind::Relation => Some("only for relations"),
            (Self::Relabel(is, ..), Kind::Quote) if *is != Kind::Quote => Some("only for quotes"),
            (Self::Relabel(Kind::Relation, ..), Kind::Mention | Kind::Event) => Some("not for relations"),
            (Self::Relabel(Kind::Entity, ..), Kind::Event) => Some("not for entities"),
            (Self::Brush, Kind::Quote | Kind::Relation) => Some("not for the brush"),
            _ => None,
        }
    }
}

/// A label of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    target: LabelTarget,
    definition: String,
    examples: Vec<String>,
    missing: Option<&'static str>,
}

/// What the dialog holds while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelSearch {
    purpose: Purpose,
    finder: Finder,
    entries: Vec<Entry>,
}

impl LabelSearch {
    /// A search in all labels of a schema.
    pub fn new(schema: &Schema, purpose: Purpose) -> Self {
        let entry = |kind, label: &str, definition: &str, examples: &[String]| Entry {
            target: LabelTarget { kind, label: label.to_owned() },
            definition: definition.to_owned(),
            examples: examples.iter().take(EXAMPLES).cloned().collect(),
            missing: purpose.missing(kind),
        };
        let mentions = schema.mentions.iter().map(|m| entry(Kind::Mention, &m.label, &m.definition, &m.examples));
        let events = schema.events.iter().map(|e| entry(Kind::Event, &e.r#type, &e.definition, &e.examples));
        let kinds = schema.quotes.iter().flat_map(|q| &q.kinds);
        let quotes = kinds.map(|k| entry(Kind::Quote, &k.kind, &k.definition, &k.examples));
        let relations = schema.relations.iter().map(|r| entry(Kind::Relation, &r.label, &r.definition, &r.examples));
        let mut entries: Vec<Entry> = mentions.chain(events).chain(quotes).chain(relations).collect();
        // What cannot be used stands last, in the order of the schema.
        entries.sort_by_key(|entry| entry.missing.is_some());
        let haystack = |entry: &Entry| {
            let explanation =
                format!("{} {} {}", kind_text(entry.target.kind), entry.definition, entry.examples.join(" "));
            Haystack::new(&entry.target.label, &explanation)
        };
        Self { finder: Finder::new(entries.iter().map(haystack).collect()), purpose, entries }
    }
}

fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Mention => "mention",
        Kind::Entity => "entity",
        Kind::Event => "event",
        Kind::Quote => "quote",
        Kind::Relation => "relation",
    }
}

/// Draws the field, the labels, and what the highlighted one means. Enter uses it.
pub fn find_label_ui(
    ui: &mut Ui,
    theme: &Theme,
    view: Option<&View<'_>>,
    state: &mut LabelSearch,
    actions: &mut Actions,
) {
    let Some(view) = view else { return };
    title_ui(ui, &state.purpose.title());
    if state.purpose == Purpose::Brush {
        muted(ui, theme, "Nothing is selected: the label goes to the brush, which marks every double-click and drag");
    }
    let entered = state.finder.field_ui(ui, "Find a label", "Type its name, or a word of its definition");
    ui.add_space(space::S);
    let height = (ui.ctx().content_rect().height() - 280.0).clamp(120.0, 330.0);
    let entries = &state.entries;
    let name = |i: usize| {
        entries.get(i).map_or(String::new(), |e| format!("{}: {}", kind_text(e.target.kind), e.target.label))
    };
    let mut clicked = None;
    ui.horizontal_top(|ui| {
        let list = (ui.available_width() * 0.52).round();
        ui.allocate_ui_with_layout(egui::vec2(list, height), Layout::top_down(Align::Min), |ui| {
            ui.set_width(list);
            clicked = state.finder.list_ui(ui, height, name, |ui, i| {
                if let Some(entry) = entries.get(i) {
                    row_ui(ui, view, entry);
                }
            });
        });
        ui.add_space(space::S);
        ui.vertical(|ui| {
            ui.set_width(ui.available_width());
            ui.set_height(height);
            if let Some(entry) = state.finder.highlighted().and_then(|i| entries.get(i)) {
                detail_ui(ui, view, entry);
            }
        });
    });
    let highlighted = state.finder.highlighted().filter(|_| entered);
    if let Some(entry) = clicked.or(highlighted).and_then(|i| entries.get(i))
        && entry.missing.is_none()
    {
        actions.push(Action::CloseDialog);
        actions.push(match state.purpose {
            Purpose::Brush => Action::SetBrush(entry.target.clone()),
            _ => Action::ApplyLabel(entry.target.clone()),
        });
    }
}

fn row_ui(ui: &mut Ui, view: &View<'_>, entry: &Entry) {
    let (kind, label) = (entry.target.kind, entry.target.label.as_str());
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        match (entry.missing, view.keys.key_of(kind, label)) {
            (Some(missing), _) => drop(ui.label(RichText::new(missing).size(size::SMALL).color(view.theme.muted))),
            (None, Some(key)) => keys_ui(ui, view.theme, &key.to_string()),
            (None, None) => {}
        }
        ui.label(RichText::new(kind_text(kind)).size(size::SMALL).color(view.theme.muted));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            // A colour for what can be used, plain words for what cannot.
            if entry.missing.is_none() {
                label_tag(ui, view, kind, label);
            } else {
                elided(ui, RichText::new(label).color(view.theme.muted));
            }
        });
    });
}

fn detail_ui(ui: &mut Ui, view: &View<'_>, entry: &Entry) {
    let wrapped = |text: RichText| egui::Label::new(text).wrap();
    ui.add(wrapped(RichText::new(told(&entry.target.label)).font(semibold(size::HEADING)).color(view.theme.text)));
    ui.add(wrapped(RichText::new(told(&entry.definition)).color(view.theme.text)));
    for example in &entry.examples {
        ui.add_space(space::XS);
        ui.add(wrapped(RichText::new(told(example)).color(view.theme.muted)));
    }
    if let Some(missing) = entry.missing {
        ui.add_space(space::S);
        ui.add(wrapped(RichText::new(format!("Cannot be used now: {missing}")).color(view.theme.warning)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::builtin;

    #[test]
    fn every_label_of_the_schema_can_be_found_and_what_cannot_be_used_stands_last() {
        let schema = builtin("news").expect("ships");
        let search = LabelSearch::new(schema, Purpose::Brush);
        let kinds = schema.quotes.as_ref().map_or(0, |q| q.kinds.len());
        assert_eq!(search.entries.len(), schema.mentions.len() + schema.events.len() + schema.relations.len() + kinds);
        let first_missing = search.entries.iter().position(|e| e.missing.is_some()).expect("quotes and relations");
        assert!(search.entries.iter().skip(first_missing).all(|e| e.missing.is_some()));
        assert_eq!(first_missing, schema.mentions.len() + schema.events.len());
    }

    #[test]
    fn a_label_is_found_by_a_word_of_its_definition() {
        let mut schema = Schema::empty("x", 1);
        schema.mentions = builtin("news").expect("ships").mentions.clone();
        let wanted = schema.mentions.first().expect("has labels").clone();
        let word = wanted.definition.split_whitespace().max_by_key(|word| word.len()).expect("has words").to_owned();
        let mut search = LabelSearch::new(&schema, Purpose::Mark("x".into()));
        search.finder.query = word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        search.finder.refresh();
        assert!(search.finder.highlighted().is_some(), "{word}");
    }
}
