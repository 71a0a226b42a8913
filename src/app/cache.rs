//! What panels show of a document, worked out once per change and not once per frame.

use std::collections::BTreeMap;

use crate::edit::arguments_of;
use crate::model::{Document, Filler, Id, Problem, Schema, validate};
use crate::text::BytePos;

/// Lists in the order of the text.
#[derive(Default)]
pub struct DocumentCache {
    revision: Option<u64>,
    /// Entities with their mentions, by first mention.
    pub entities: Vec<EntityRow>,
    /// Events by trigger.
    pub events: Vec<Id>,
    /// Quotes by content.
    pub quotes: Vec<Id>,
    /// Relations by where they start.
    pub relations: Vec<Id>,
    /// Mentions, events and quotes in the order of the text, for walking.
    pub walk: Vec<Id>,
    /// Mentions without entity, in the order of the text.
    pub unjoined: Vec<Id>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
    /// Which events and quotes an annotation fills a role of, with the role.
    pub used_in: BTreeMap<Id, Vec<(Id, String)>>,
}

/// One line of the list of entities.
pub struct EntityRow {
    /// The entity.
    pub id: Id,
    /// Its mentions in the order of the text.
    pub mentions: Vec<Id>,
}

impl DocumentCache {
    /// Works everything out again if the document has changed.
    pub fn refresh(&mut self, document: &Document, schema: &Schema, revision: u64) {
        if self.revision == Some(revision) {
            return;
        }
        self.revision = Some(revision);
        let start = |id: &Id| document.spans_of(id).first().map_or(BytePos(u32::MAX), |span| span.start);
        let sorted = |ids: Vec<Id>| {
            let mut keyed: Vec<(BytePos, Id)> = ids.into_iter().map(|id| (start(&id), id)).collect();
            keyed.sort();
            keyed.into_iter().map(|(_, id)| id).collect::<Vec<Id>>()
        };

        let mut by_entity: BTreeMap<&Id, Vec<(BytePos, Id)>> = BTreeMap::new();
        for mention in document.mentions().values() {
            if let Some(entity) = &mention.entity {
                let at = mention.spans.first().map_or(BytePos(0), |s| s.start);
                by_entity.entry(entity).or_default().push((at, mention.id.clone()));
            }
        }
        let mut rows: Vec<(BytePos, EntityRow)> = Vec::new();
        for id in document.entities().keys() {
            let mut mentions = by_entity.remove(id).unwrap_or_default();
            mentions.sort();
            let first = mentions.first().map_or(BytePos(u32::MAX), |(at, _)| *at);
            rows.push((first, EntityRow { id: id.clone(), mentions: mentions.into_iter().map(|(_, m)| m).collect() }));
        }
        rows.sort_by(|(a, x), (b, y)| (a, &x.id).cmp(&(b, &y.id)));
        self.entities = rows.into_iter().map(|(_, row)| row).collect();

        self.events = sorted(document.events().keys().cloned().collect());
        self.quotes = sorted(document.quotes().keys().cloned().collect());
        self.relations = sorted(document.relations().keys().cloned().collect());
        self.unjoined =
            sorted(document.mentions().values().filter(|m| m.entity.is_none()).map(|m| m.id.clone()).collect());
        let all = document.mentions().keys().chain(document.events().keys()).chain(document.quotes().keys());
        self.walk = sorted(all.cloned().collect());
        self.problems = validate(document, schema);

        self.used_in.clear();
        for id in self.events.iter().chain(&self.quotes) {
            for argument in arguments_of(document, id) {
                if let Filler::Mention(target) | Filler::Event(target) = argument.filler {
                    self.used_in.entry(target).or_default().push((id.clone(), argument.role));
                }
            }
        }
    }
}
