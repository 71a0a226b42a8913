//! The statistics of many documents.
//!
//! [`Statistics`] keeps a small record of each document, some hundred bytes; [`Figures`] are counted from the records,
//! for an annotator, some statuses and a split. So a document that was saved is fed again alone, a filter asks no file,
//! and the documents behind a figure are found when somebody asks for them ([`Behind`]). Records can be kept in a file
//! (serde) and made on several threads ([`Statistics::merge`]).
//!
//! A [`Figure`](plots::Figure) is one of the pictures: a plot and its table, which the window draws, and which is written as PNG and CSV.

pub mod behind;
pub mod counts;
pub mod figures;
mod gather;
pub mod layer;
pub mod names;
pub mod plots;
pub mod when;

use std::collections::HashMap;

use ecow::EcoString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use behind::Behind;
pub use counts::Counts;
pub use figures::{Figures, SplitRule, Wanted};
pub use layer::{Article, EntityKey, Label, Layer, Mark, Shape};
pub use when::{Day, Period, Published};

use crate::model::{Document, Status};
use names::Names;

/// The version of records that are kept in a file. Raised whenever a document would be counted in another way or records hold
/// something else: what was counted before is then counted anew.
pub const VERSION: u32 = 1;

/// A document as it is fed.
#[derive(Clone, Copy, Debug)]
pub struct Fed<'a> {
    /// Names the article; fed again with the same annotator, it replaces what was there.
    pub key: &'a str,
    /// For people.
    pub title: &'a str,
    /// When it was published, as an ISO 8601 date.
    pub published: Option<&'a str>,
    /// Whose work it is.
    pub annotator: Option<&'a str>,
    /// How far the work is.
    pub status: Status,
    /// The part of a dataset that it belongs to, if that is settled.
    pub split: Option<&'a str>,
    /// Text and annotations.
    pub document: &'a Document,
}

impl<'a> Fed<'a> {
    /// What a document says of itself.
    pub fn of(key: &'a str, document: &'a Document) -> Self {
        let header = document.header();
        Self {
            key,
            title: &header.metadata.title,
            published: header.metadata.published.as_deref(),
            annotator: header.annotator.as_deref(),
            status: header.status,
            split: None,
            document,
        }
    }
}

/// Names that records refer to by number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Pools {
    /// Of annotators, roles, parts, and entities as documents call them.
    pub(crate) names: Names<EcoString>,
    pub(crate) labels: Names<Label>,
    pub(crate) entities: Names<EntityKey>,
    pub(crate) shapes: Names<Shape>,
}

/// A record of each document that was fed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Statistics {
    pub(crate) pools: Pools,
    pub(crate) articles: Articles,
    pub(crate) layers: Layers,
}

/// Articles by number and key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Articles {
    all: Vec<Article>,
    numbers: HashMap<EcoString, u32>,
}

/// Records with the place of each in the list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    all: Vec<Layer>,
    places: HashMap<(u32, Option<u32>), u32>,
}

impl Articles {
    fn put(&mut self, article: Article) -> u32 {
        if let Some(number) = self.numbers.get(&article.key) {
            if let Some(known) = self.all.get_mut(*number as usize) {
                *known = article;
            }
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.numbers.insert(article.key.clone(), number);
        self.all.push(article);
        number
    }
}

impl Layers {
    fn put(&mut self, layer: Layer) {
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry((layer.article, layer.annotator)).or_insert(next);
        match self.all.get_mut(place as usize) {
            Some(known) => *known = layer,
            None => self.all.push(layer),
        }
    }
}

impl Serialize for Articles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Articles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut articles = Self::default();
        for article in Vec::deserialize(deserializer)? {
            articles.put(article);
        }
        Ok(articles)
    }
}

impl Serialize for Layers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Layers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut layers = Self::default();
        for layer in Vec::deserialize(deserializer)? {
            layers.put(layer);
        }
        Ok(layers)
    }
}

impl Statistics {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a document in; it replaces the one of the same key and annotator.
    pub fn feed(&mut self, fed: &Fed<'_>) {
        let text = fed.document.text();
        let article = self.articles.put(Article {
            key: fed.key.into(),
            title: fed.title.into(),
            published: fed.published.and_then(Published::parse),
            sha256: bytes_of(text.sha256()),
            tokens: u32::try_from(text.tokens().len()).unwrap_or(u32::MAX),
        });
        let layer = gather::layer(fed, article, &mut self.pools);
        self.layers.put(layer);
    }

    /// The statistics of one document, to be merged with others.
    pub fn of(fed: &Fed<'_>) -> Self {
        let mut statistics = Self::new();
        statistics.feed(fed);
        statistics
    }

    /// Takes in what was fed to another one, after what is here.
    pub fn merge(&mut self, other: Self) {
        fn renumber(number: &mut u32, known: &[u32]) {
            *number = known.get(*number as usize).copied().unwrap_or(u32::MAX);
        }
        let names = self.pools.names.adopt(other.pools.names);
        let labels = self.pools.labels.adopt(other.pools.labels);
        let entities = self.pools.entities.adopt(other.pools.entities);
        let shapes: Vec<u32> = (other.pools.shapes.iter())
            .map(|shape| {
                let mut shape = shape.clone();
                renumber(&mut shape.label, &labels);
                shape.roles.iter_mut().for_each(|(role, _)| renumber(role, &names));
                shape.roles.sort_unstable();
                self.pools.shapes.number(shape)
            })
            .collect();
        let articles: Vec<u32> = other.articles.all.into_iter().map(|article| self.articles.put(article)).collect();
        for mut layer in other.layers.all {
            renumber(&mut layer.article, &articles);
            layer.annotator.iter_mut().for_each(|name| renumber(name, &names));
            layer.split.iter_mut().for_each(|name| renumber(name, &names));
            layer.labels.iter_mut().for_each(|(label, _)| renumber(label, &labels));
            layer.labels.sort_unstable();
            layer.shapes.iter_mut().for_each(|(shape, _)| renumber(shape, &shapes));
            layer.shapes.sort_unstable();
            layer.said.iter_mut().filter_map(|said| said.speaker.as_mut()).for_each(|of| renumber(of, &entities));
            layer.about.items_mut().for_each(|entity| renumber(entity, &entities));
            layer.together.items_mut().for_each(|entity| renumber(entity, &entities));
            for present in &mut layer.present {
                renumber(&mut present.entity, &entities);
                renumber(&mut present.name, &names);
            }
            layer.present.sort_unstable();
            self.layers.put(layer);
        }
    }

    /// Forgets the work for which `is_kept` says no, and articles without any that is left. Articles get other numbers.
    pub fn retain(&mut self, is_kept: impl Fn(&Article, Option<&str>) -> bool) {
        let old = std::mem::take(&mut self.articles);
        let layers = std::mem::take(&mut self.layers);
        for mut layer in layers.all {
            let annotator = layer.annotator.and_then(|name| self.pools.names.get(name)).map(EcoString::as_str);
            let Some(article) = old.all.get(layer.article as usize) else { continue };
            if is_kept(article, annotator) {
                layer.article = self.articles.put(article.clone());
                self.layers.put(layer);
            }
        }
    }

    /// Every article; its number is its place here.
    pub fn articles(&self) -> &[Article] {
        &self.articles.all
    }

    /// Every record, in the order in which they came.
    pub fn layers(&self) -> &[Layer] {
        &self.layers.all
    }

    /// Annotators whose work is here, sorted.
    pub fn annotators(&self) -> Vec<&str> {
        let numbers: std::collections::BTreeSet<u32> =
            self.layers().iter().filter_map(|layer| layer.annotator).collect();
        let mut all: Vec<&str> = numbers.into_iter().map(|number| self.name(number)).collect();
        all.sort_unstable();
        all
    }

    /// Whose work a record is of.
    pub fn annotator_of(&self, layer: &Layer) -> Option<&str> {
        layer.annotator.and_then(|name| self.pools.names.get(name)).map(EcoString::as_str)
    }

    pub(crate) fn article_of(&self, layer: &Layer) -> Option<&Article> {
        self.articles.all.get(layer.article as usize)
    }

    pub(crate) fn name(&self, number: u32) -> &str {
        self.pools.names.get(number).map_or("", EcoString::as_str)
    }
}

/// The bytes of 64 hexadecimal digits.
fn bytes_of(hex: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (nth, byte) in bytes.iter_mut().enumerate() {
        let digits = hex.get(nth * 2..nth * 2 + 2).unwrap_or_default();
        *byte = u8::from_str_radix(digits, 16).unwrap_or_default();
    }
    bytes
}

#[cfg(test)]
mod tests;
