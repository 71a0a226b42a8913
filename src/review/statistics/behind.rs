//! The documents behind a figure. They are looked for in the records when somebody asks, which takes milliseconds for a
//! hundred thousand documents, instead of being kept with each of a million figures.

use super::figures::Figures;
use super::layer::Layer;
use super::{Day, Mark, Period};

/// What fills a role of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Filled {
    /// Something of the text.
    FromText,
    /// Only what is not in the text.
    Implicit,
    /// Nothing.
    Not,
}

/// Where two entities occur together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Within {
    /// In a sentence.
    Sentence,
    /// In a document.
    Document,
}

/// A figure, or a part of one. Numbers are those of the rows of [`Figures`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Behind {
    /// Everything that was counted.
    All,
    /// One document.
    Article(u32),
    /// Some documents.
    Articles(Vec<u32>),
    /// A label.
    Label(u32),
    /// What was published in a period, with marks of a kind if one is named.
    Published(Period, Day, Option<Mark>),
    /// Marks that were made in a period, of any kind or one.
    Made(Period, Day, Option<Mark>),
    /// Events of a type with a role so filled; with `None`, that are of the type.
    Events {
        /// The number of the type's label.
        label: u32,
        /// The number of the role's name, if any event has the role, and what fills it.
        role: Option<(Option<u32>, Filled)>,
    },
    /// Quotes by somebody, or by nobody known.
    Speaker(Option<u32>),
    /// The same, with somebody mentioned.
    About(Option<u32>, u32),
    /// Two entities.
    Together(u32, u32, Within),
    /// A part of a dataset by its place, with a label if one is named.
    Part(usize, Option<u32>),
}

impl Figures {
    /// The numbers of the articles behind a figure, sorted.
    pub fn documents_behind(&self, behind: &Behind) -> Vec<u32> {
        match behind {
            Behind::Article(number) => return vec![*number],
            Behind::Articles(numbers) => {
                let mut numbers = numbers.clone();
                numbers.sort_unstable();
                numbers.dedup();
                return numbers;
            }
            _ => {}
        }
        let chosen = self.chosen();
        let layers = chosen.layers.iter().enumerate();
        let found = layers.filter(|(nth, layer)| self.is_behind(behind, *nth, layer));
        let mut numbers: Vec<u32> = found.map(|(_, layer)| layer.article).collect();
        numbers.dedup();
        numbers
    }

    fn is_behind(&self, behind: &Behind, nth: usize, layer: &Layer) -> bool {
        let has_label = |label: u32| layer.labels.binary_search_by_key(&label, |(label, _)| *label).is_ok();
        match behind {
            Behind::All | Behind::Article(_) | Behind::Articles(_) => true,
            Behind::Label(label) => has_label(*label),
            Behind::Published(period, begin, mark) => {
                let date = self.statistics.article_of(layer).and_then(|article| article.published);
                let is_then = date.and_then(|date| date.begin_of(*period)) == Some(*begin);
                let labels = || layer.labels.iter().filter_map(|(label, _)| self.statistics.pools.labels.get(*label));
                is_then && mark.is_none_or(|mark| labels().any(|label| label.mark == mark))
            }
            Behind::Made(period, begin, mark) => layer
                .made
                .iter()
                .any(|made| period.begin(made.day) == *begin && mark.is_none_or(|mark| made.mark == mark)),
            Behind::Events { label, role } => layer.shapes.iter().any(|(shape, _)| {
                let shape = self.statistics.pools.shapes.get(*shape).filter(|shape| shape.label == *label);
                shape.is_some_and(|shape| {
                    role.is_none_or(|(role, wanted)| {
                        let filled = shape.roles.iter().find(|(filled, _)| Some(*filled) == role);
                        wanted
                            == filled.map_or(Filled::Not, |(_, is_implicit)| {
                                if *is_implicit { Filled::Implicit } else { Filled::FromText }
                            })
                    })
                })
            }),
            Behind::Speaker(speaker) => layer.said.iter().any(|said| said.speaker == *speaker),
            Behind::About(speaker, about) => {
                let said = layer.said.iter().zip(layer.about.iter());
                said.into_iter().any(|(said, inside)| said.speaker == *speaker && inside.contains(about))
            }
            Behind::Together(a, b, Within::Sentence) => {
                layer.together.iter().any(|sentence| sentence.contains(a) && sentence.contains(b))
            }
            Behind::Together(a, b, Within::Document) => {
                let is_present = |entity: u32| layer.present.binary_search_by_key(&entity, |p| p.entity).is_ok();
                is_present(*a) && is_present(*b)
            }
            Behind::Part(place, label) => self.split.assigned.get(nth) == Some(place) && label.is_none_or(has_label),
        }
    }
}
