//! Which entity does a mention refer to?

use std::collections::BTreeMap;

use egui::{Align, Layout, RichText, Ui};

use super::finder::Finder;
use super::fuzzy::Haystack;
use super::title_ui;
use crate::app::action::Action;
use crate::edit::Intent;
use crate::model::{Document, Id, Kind};
use crate::text::BytePos;
use crate::theme::{Theme, size, space};
use crate::ui::widgets::{elided, label_tag};
use crate::ui::{Actions, View};

/// What the dialog holds while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct EntitySearch {
    mention: Id,
    words: String,
    finder: Finder,
    entries: Vec<Entry>,
}

/// An entity and how many mentions it has; without one, a new entity.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    entity: Option<Id>,
    mentions: usize,
}

impl EntitySearch {
    /// A search in all entities but the mention's own, likely ones first, and at the end a new one.
    pub fn new(document: &Document, mention: &Id) -> Self {
        let words = document.brief_of(mention);
        let mut entries = rank(document, mention);
        let mut haystacks: Vec<Haystack> = Vec::with_capacity(entries.len() + 1);
        for entry in &entries {
            let entity = entry.entity.as_ref().and_then(|id| document.entities().get(id));
            haystacks.push(entity.map_or_else(
                || Haystack::new("", ""),
                |n| Haystack::new(&n.name, &format!("{} {}", n.aliases.join(" "), n.r#type)),
            ));
        }
        entries.push(Entry { entity: None, mentions: 0 });
        haystacks.push(Haystack::new("New entity", ""));
        Self { mention: mention.clone(), words, finder: Finder::with_last(haystacks), entries }
    }
}

/// Entities in the order of likelihood: those of the mention's very words, those that share a word with it, then those
/// of its type; of equals, the one that was mentioned last before it, as most pronouns mean.
fn rank(document: &Document, mention: &Id) -> Vec<Entry> {
    let own = document.mentions().get(mention).and_then(|m| m.entity.clone());
    let label = document.label_of(mention).to_owned();
    let start = |id: &Id| document.spans_of(id).first().map_or(BytePos(0), |span| span.start);
    let here = start(mention);
    let excerpt = document.brief_of(mention).to_lowercase();
    let words: Vec<&str> = excerpt.split_whitespace().collect();
    // How many mentions each has, and where the last one before this mention stands.
    let mut seen: BTreeMap<&Id, (usize, Option<BytePos>)> = BTreeMap::new();
    for other in document.mentions().values() {
        let Some(entity) = &other.entity else { continue };
        let (count, last) = seen.entry(entity).or_default();
        *count += 1;
        let at = start(&other.id);
        if at < here {
            *last = (*last).max(Some(at));
        }
    }
    let mut ranked: Vec<_> = document
        .entities()
        .values()
        .filter(|entity| Some(&entity.id) != own.as_ref())
        .map(|entity| {
            let names = std::iter::once(&entity.name).chain(&entity.aliases).map(|name| name.to_lowercase());
            let (mut is_name, mut shares_word) = (false, false);
            for name in names {
                is_name |= name == excerpt;
                shares_word |= name.split_whitespace().any(|word| words.contains(&word));
            }
            let (mentions, last) = seen.get(&entity.id).copied().unwrap_or_default();
            let key = (!is_name, !shares_word, entity.r#type != label, std::cmp::Reverse(last));
            (key, Entry { entity: Some(entity.id.clone()), mentions })
        })
        .collect();
    ranked.sort_by_key(|(key, _)| *key);
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

/// Draws a field and the entities, likely ones first. Enter takes the highlighted one.
pub fn join_ui(ui: &mut Ui, theme: &Theme, view: Option<&View<'_>>, state: &mut EntitySearch, actions: &mut Actions) {
    let Some(view) = view else { return };
    title_ui(ui, &format!("Who or what is “{}”?", super::short(&state.words, 48)));
    let entered = state.finder.field_ui(ui, "Filter entities", "Type a name");
    ui.add_space(space::XS);
    let height = (ui.ctx().content_rect().height() - 260.0).clamp(120.0, 260.0);
    let (entries, words) = (&state.entries, &state.words);
    let name = |i: usize| match entries.get(i).and_then(|entry| entry.entity.as_ref()) {
        Some(id) => format!("Join to {}", view.document.brief_of(id)),
        None => "New entity".to_owned(),
    };
    let clicked = state.finder.list_ui(ui, height, name, |ui, i| match entries.get(i) {
        Some(Entry { entity: Some(id), mentions }) => row_ui(ui, view, id, *mentions),
        _ => drop(elided(ui, RichText::new(format!("New entity “{words}”")).color(theme.accent))),
    });
    let highlighted = state.finder.highlighted().filter(|_| entered);
    if let Some(entry) = clicked.or(highlighted).and_then(|i| entries.get(i)) {
        let mention = state.mention.clone();
        actions.push(Action::Edit(match &entry.entity {
            Some(entity) => Intent::Join { mentions: vec![mention], entity: Some(entity.clone()) },
            None => Intent::Split { mention, own_entity: true },
        }));
        actions.push(Action::CloseDialog);
    }
}

fn row_ui(ui: &mut Ui, view: &View<'_>, id: &Id, mentions: usize) {
    label_tag(ui, view, Kind::Entity, view.document.label_of(id));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.label(RichText::new(mentions.to_string()).size(size::SMALL).color(view.theme.muted));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| elided(ui, view.document.brief_of(id)));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Editor;
    use crate::model::Header;
    use crate::model::schema::builtin;
    use crate::text::{Span, Text};

    #[test]
    fn a_name_comes_first_and_a_pronoun_means_the_one_of_its_type_who_was_mentioned_last() {
        let text = "Anna Berg met Bob in Paris. Berg said he agreed.";
        let document = Document::new(Text::new(text).expect("short"), Header::default());
        let mut editor = Editor::new(document, std::sync::Arc::new(builtin("news").expect("ships").clone()));
        let mut mark = |words: &str, label: &str, is_entity: bool| {
            let at = text.find(words).expect("in the text");
            let span = Span::new(BytePos::from_usize(at), BytePos::from_usize(at + words.len()));
            let intent = Intent::AddMention { label: label.into(), spans: [span].into_iter().collect() };
            let id = editor.execute(&intent).expect("legal").created.expect("made");
            if is_entity {
                editor.execute(&Intent::Join { mentions: vec![id.clone()], entity: None }).expect("legal");
            }
            id
        };
        mark("Anna Berg", "Person", true);
        mark("Bob", "Person", true);
        mark("Paris", "Place", true);
        let berg = mark("Berg said", "Person", false);
        let he = mark("he agreed", "Person", false);
        let first = |id: &Id| {
            let search = EntitySearch::new(editor.document(), id);
            let entity = search.entries.first().and_then(|entry| entry.entity.clone()).expect("an entity");
            editor.document().entities()[&entity].name.clone()
        };
        assert_eq!(first(&berg), "Anna Berg");
        assert_eq!(first(&he), "Bob");
    }
}
