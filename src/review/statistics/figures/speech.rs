//! Who said how much, and who was mentioned in it.

use std::collections::{BTreeMap, HashMap};

use ecow::EcoString;
use serde::Serialize;

use super::{Chosen, Documents, Names, Who};
use crate::limits;

/// How many of the names of a speaker are told.
const NAMES_TOLD: usize = 8;

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpeakerRow {
    /// `None` for quotes whose speaker is missing or cannot be told.
    pub speaker: Option<Who>,
    /// How many quotes.
    pub quotes: u64,
    /// Words in them, without punctuation.
    pub words: u64,
    /// In how many documents.
    pub documents: u32,
    /// How documents call the speaker, most frequent first; eight at most.
    pub names: Vec<EcoString>,
}

/// What somebody said with somebody in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AboutRow {
    /// See [`SpeakerRow::speaker`].
    pub speaker: Option<Who>,
    /// Who is mentioned in the quotes.
    pub about: Who,
    /// How many quotes.
    pub quotes: u64,
    /// Words in these quotes.
    pub words: u64,
    /// In how many documents.
    pub documents: u32,
}

/// Who said how much about whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Speech {
    /// By speaker.
    pub speakers: Vec<SpeakerRow>,
    /// By speaker and who is mentioned.
    pub about: Vec<AboutRow>,
    /// Rows of `about` that are beyond what is listed.
    pub about_left_out: usize,
}

#[derive(Clone, Copy, Default)]
struct Count {
    quotes: u64,
    words: u64,
    documents: Documents,
}

impl Count {
    fn add(&mut self, words: u32, article: u32) {
        self.quotes += 1;
        self.words += u64::from(words);
        self.documents.see(article);
    }
}

pub(super) fn count(chosen: &Chosen<'_>, names: &Names<'_>) -> Speech {
    let mut speakers: HashMap<Option<u32>, Count> = HashMap::new();
    let mut about: HashMap<(Option<u32>, u32), Count> = HashMap::new();
    for layer in &chosen.layers {
        for (said, inside) in layer.said.iter().zip(layer.about.iter()) {
            speakers.entry(said.speaker).or_default().add(said.words, layer.article);
            for other in inside {
                about.entry((said.speaker, *other)).or_default().add(said.words, layer.article);
            }
        }
    }
    let mut called: HashMap<u32, BTreeMap<u32, u32>> = HashMap::new();
    for present in chosen.layers.iter().flat_map(|layer| &layer.present) {
        if speakers.contains_key(&Some(present.entity)) {
            *called.entry(present.entity).or_default().entry(present.name).or_default() += 1;
        }
    }
    let mut rows: Vec<SpeakerRow> = speakers
        .into_iter()
        .map(|(speaker, count)| SpeakerRow {
            speaker: speaker.map(|number| names.who(number)),
            quotes: count.quotes,
            words: count.words,
            documents: count.documents.count,
            names: speaker.and_then(|number| called.get(&number)).map(|all| most_used(chosen, all)).unwrap_or_default(),
        })
        .collect();
    rows.sort_by(|a, b| {
        let size = (b.quotes, b.words).cmp(&(a.quotes, a.words));
        size.then_with(|| order(a.speaker.as_ref()).cmp(&order(b.speaker.as_ref())))
    });
    // Only what is listed gets names.
    let mut about: Vec<((Option<u32>, u32), Count)> = about.into_iter().collect();
    let left_out = about.len().saturating_sub(limits::ROWS_OF_STATISTICS);
    if left_out > 0 {
        about.select_nth_unstable_by_key(limits::ROWS_OF_STATISTICS, |(pair, count)| {
            (std::cmp::Reverse((count.quotes, count.words)), *pair)
        });
        about.truncate(limits::ROWS_OF_STATISTICS);
    }
    let mut about: Vec<AboutRow> = about
        .into_iter()
        .map(|((speaker, other), count)| AboutRow {
            speaker: speaker.map(|number| names.who(number)),
            about: names.who(other),
            quotes: count.quotes,
            words: count.words,
            documents: count.documents.count,
        })
        .collect();
    about.sort_by(|a, b| {
        let size = (b.quotes, b.words).cmp(&(a.quotes, a.words));
        let names = || order(a.speaker.as_ref()).cmp(&order(b.speaker.as_ref()));
        size.then_with(names).then_with(|| order(Some(&a.about)).cmp(&order(Some(&b.about))))
    });
    Speech { speakers: rows, about, about_left_out: left_out }
}

/// Nobody last, then by name.
fn order(who: Option<&Who>) -> (bool, &str, &str, Option<&str>) {
    who.map_or((true, "", "", None), |who| (false, &who.name, &who.r#type, who.link.as_deref()))
}

fn most_used(chosen: &Chosen<'_>, names: &BTreeMap<u32, u32>) -> Vec<EcoString> {
    let mut all: Vec<(u32, &str)> = names.iter().map(|(name, count)| (*count, chosen.statistics.name(*name))).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    all.into_iter().take(NAMES_TOLD).map(|(_, name)| name.into()).collect()
}
