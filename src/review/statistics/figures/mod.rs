//! What is counted over the chosen documents.
//!
//! Numbers of documents are numbers of articles: the work of two annotators on one article is one document and twice the
//! marks. Lists are sorted by size, then by name, whatever the order in which documents were fed.

pub mod events;
pub mod labels;
pub mod load;
pub mod speech;
pub mod split;
pub mod time;
pub mod together;

use std::collections::HashMap;
use std::sync::Arc;

use ecow::EcoString;
use serde::Serialize;

pub use events::{EventRow, RoleRow};
pub use labels::LabelRow;
pub use load::{Load, LoadRow, Verdict};
pub use speech::{AboutRow, SpeakerRow, Speech};
pub use split::{Split, SplitRule};
pub use time::{Time, TimeRow};
pub use together::{PairRow, Together};

use super::layer::Layer;
use super::{Mark, Statistics};
use crate::model::{Schema, Status};

/// What is to be counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wanted {
    /// Whose work; `None` = everybody's.
    pub annotator: Option<EcoString>,
    /// Work of these statuses; none = of any.
    pub statuses: Vec<Status>,
    /// How a dataset would be divided.
    #[serde(skip)]
    pub split: SplitRule,
    /// How many pairs of entities are listed by each measure.
    pub top: usize,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { annotator: None, statuses: Vec::new(), split: SplitRule::default(), top: 100 }
    }
}

/// Marks by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// Mentions.
    pub mentions: u64,
    /// Events.
    pub events: u64,
    /// Quotes.
    pub quotes: u64,
    /// Relations.
    pub relations: u64,
}

impl Marks {
    /// Counts some more.
    pub fn add(&mut self, mark: Mark, count: u32) {
        let of = match mark {
            Mark::Mention => &mut self.mentions,
            Mark::Event => &mut self.events,
            Mark::Quote => &mut self.quotes,
            Mark::Relation => &mut self.relations,
        };
        *of += u64::from(count);
    }

    /// Of one kind.
    pub fn of(&self, mark: Mark) -> u64 {
        match mark {
            Mark::Mention => self.mentions,
            Mark::Event => self.events,
            Mark::Quote => self.quotes,
            Mark::Relation => self.relations,
        }
    }

    /// Of all kinds.
    pub fn total(&self) -> u64 {
        Mark::ALL.iter().map(|mark| self.of(*mark)).sum()
    }
}

/// An entity over all documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Who {
    /// For [`super::Behind`].
    #[serde(skip)]
    pub number: u32,
    /// Its type; empty for words that are no mention.
    pub r#type: EcoString,
    /// The name that most documents give it.
    pub name: EcoString,
    /// Its link.
    pub link: Option<EcoString>,
}

/// Everything that is counted.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// What it was counted from.
    #[serde(skip)]
    pub statistics: Arc<Statistics>,
    /// What was to be counted.
    pub wanted: Wanted,
    /// Articles with chosen work.
    pub documents: u32,
    /// Chosen work, of one annotator on one article each.
    pub layers: u32,
    /// All marks.
    pub marks: Marks,
    /// Documents with so much in them that not all of their sentences and quotes is counted.
    pub documents_cut: u32,
    /// By label.
    pub labels: Vec<LabelRow>,
    /// Over time.
    pub time: Time,
    /// Events and their roles.
    pub events: Vec<EventRow>,
    /// Who said how much, and about whom.
    pub speech: Speech,
    /// Entities that occur together.
    pub together: Together,
    /// The parts of a dataset.
    pub split: Split,
    /// Length and density of documents.
    pub load: Load,
}

impl Figures {
    /// Counts. `schemas` say which roles there are and which are required; of several that have an event type, the
    /// first counts.
    pub fn count(statistics: Arc<Statistics>, wanted: Wanted, schemas: &[&Schema]) -> Self {
        let chosen = Chosen::of(&statistics, &wanted);
        let mut documents = Documents::default();
        let mut documents_cut = Documents::default();
        let mut marks = Marks::default();
        for layer in &chosen.layers {
            documents.see(layer.article);
            if layer.is_cut {
                documents_cut.see(layer.article);
            }
            for (label, count) in &layer.labels {
                if let Some(label) = statistics.pools.labels.get(*label) {
                    marks.add(label.mark, *count);
                }
            }
        }
        let names = chosen.names_of_entities();
        Self {
            documents: documents.count,
            layers: chosen.layers.len() as u32,
            marks,
            documents_cut: documents_cut.count,
            labels: labels::count(&chosen),
            time: time::count(&chosen),
            events: events::count(&chosen, schemas),
            speech: speech::count(&chosen, &names),
            together: together::count(&chosen, &names, wanted.top),
            split: split::count(&chosen, &wanted.split),
            load: load::count(&chosen),
            statistics: statistics.clone(),
            wanted,
        }
    }

    /// The work that was chosen, by article.
    pub(crate) fn chosen(&self) -> Chosen<'_> {
        Chosen::of(&self.statistics, &self.wanted)
    }
}

/// The work that is counted, by article, so that articles can be counted without a set of them.
pub(crate) struct Chosen<'a> {
    pub(crate) statistics: &'a Statistics,
    pub(crate) layers: Vec<&'a Layer>,
}

impl<'a> Chosen<'a> {
    fn of(statistics: &'a Statistics, wanted: &Wanted) -> Self {
        // An annotator whom nobody knows has done nothing.
        let annotator = wanted.annotator.as_ref().map(|name| statistics.pools.names.find(name));
        let is_wanted = |layer: &&Layer| {
            let is_theirs = annotator.is_none_or(|name| name.is_some() && layer.annotator == name);
            is_theirs && (wanted.statuses.is_empty() || wanted.statuses.contains(&layer.status))
        };
        let mut layers: Vec<&Layer> = statistics.layers().iter().filter(is_wanted).collect();
        // Stable, and mostly sorted already.
        layers.sort_by_key(|layer| layer.article);
        Self { statistics, layers }
    }

    /// How each entity is called, by its number.
    fn names_of_entities(&self) -> Names<'a> {
        let entities = &self.statistics.pools.entities;
        let mut counts: HashMap<(u32, u32), u32> = HashMap::new();
        for present in self.layers.iter().flat_map(|layer| &layer.present) {
            if entities.get(present.entity).is_some_and(|key| key.is_linked) {
                *counts.entry((present.entity, present.name)).or_default() += 1;
            }
        }
        let mut best: HashMap<u32, (u32, &str)> = HashMap::new();
        for ((entity, name), count) in counts {
            let name = self.statistics.name(name);
            let known = best.entry(entity).or_insert((count, name));
            if (count, std::cmp::Reverse(name)) > (known.0, std::cmp::Reverse(known.1)) {
                *known = (count, name);
            }
        }
        Names { statistics: self.statistics, best }
    }
}

/// How entities are called.
pub(crate) struct Names<'a> {
    statistics: &'a Statistics,
    best: HashMap<u32, (u32, &'a str)>,
}

impl Names<'_> {
    /// The entity with this number.
    pub(crate) fn who(&self, number: u32) -> Who {
        let Some(key) = self.statistics.pools.entities.get(number) else {
            return Who { number, r#type: EcoString::new(), name: EcoString::new(), link: None };
        };
        let name = self.best.get(&number).map_or_else(|| key.by.clone(), |(_, name)| (*name).into());
        Who { number, r#type: key.r#type.clone(), name, link: key.is_linked.then(|| key.by.clone()) }
    }
}

/// Counts articles that come in their order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Documents {
    pub(crate) count: u32,
    last: Option<u32>,
}

impl Documents {
    /// Counts an article, if it was not the last one, too.
    pub(crate) fn see(&mut self, article: u32) {
        if self.last.replace(article) != Some(article) {
            self.count += 1;
        }
    }
}
