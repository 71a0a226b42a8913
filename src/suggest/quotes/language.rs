//! What the rules know of a language: its reporting verbs, its pronouns, the small words around them.
//!
//! A language is one file in `assets/cues` and one line in [`LANGUAGES`]. The files are read once, when the first
//! quote is looked for. Nothing here knows of documents.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::text::{BytePos, Span, Text};

/// Every language: its tag and its file. To add one: a file in `assets/cues` and a line here.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("../../../assets/cues/en.ron")),
    ("de", include_str!("../../../assets/cues/de.ron")),
    ("fr", include_str!("../../../assets/cues/fr.ron")),
    ("ru", include_str!("../../../assets/cues/ru.ron")),
    ("pl", include_str!("../../../assets/cues/pl.ron")),
    ("sv", include_str!("../../../assets/cues/sv.ron")),
];

/// How many tokens are looked at to tell the language of a text that does not say it.
const SAMPLE: usize = 400;
/// In how many bytes so many are looked for.
const SAMPLE_BYTES: u32 = 16 * 1024;

/// What a word may be; one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u32);

impl Flags {
    /// Reports a clause as well as words in marks.
    pub const SAYS: Self = Self(1);
    /// Takes a clause without a conjunction.
    pub const BARE: Self = Self(1 << 1);
    /// A noun too.
    pub const NOUN: Self = Self(1 << 2);
    /// Goes with words in marks only.
    pub const UTTERS: Self = Self(1 << 3);
    /// Names or judges something with a few words in marks.
    pub const NAMES: Self = Self(1 << 4);
    /// Introduces a reported clause and stays outside of it.
    pub const THAT: Self = Self(1 << 5);
    /// Stands before a source.
    pub const SOURCE: Self = Self(1 << 6);
    /// Stands after a source.
    pub const SOURCE_AFTER: Self = Self(1 << 7);
    /// Stands for a man.
    pub const HE: Self = Self(1 << 8);
    /// Stands for a woman.
    pub const SHE: Self = Self(1 << 9);
    /// Stands for a thing or a body.
    pub const IT: Self = Self(1 << 10);
    /// Stands for several.
    pub const THEY: Self = Self(1 << 11);
    /// A preposition.
    pub const PREPOSITION: Self = Self(1 << 12);
    /// Begins a noun phrase.
    pub const ARTICLE: Self = Self(1 << 13);
    /// May stand between subject and verb.
    pub const ADVERB: Self = Self(1 << 14);
    /// Stands in front of a name.
    pub const TITLE: Self = Self(1 << 15);
    /// Begins or ends with an apostrophe.
    pub const ELISION: Self = Self(1 << 16);
    /// Begins a form of several words.
    pub const PHRASE: Self = Self(1 << 17);
    /// Needs a particle to be a cue.
    pub const SEPARABLE: Self = Self(1 << 18);
    /// Frequent in its language.
    pub const COMMON: Self = Self(1 << 19);
    /// The pronoun that can be a subject.
    pub const NOMINATIVE: Self = Self(1 << 20);
    /// Begins a relative clause, in which a verb reports nothing.
    pub const RELATIVE: Self = Self(1 << 21);
    /// Begins a subordinate clause after a comma.
    pub const SUBORDINATE: Self = Self(1 << 22);
    /// Begins a clause that names the source of what follows: “As Anna said, …”.
    pub const AS: Self = Self(1 << 23);
    /// Stands before an infinitive.
    pub const INFINITIVE: Self = Self(1 << 24);
    /// Any pronoun.
    pub const PRONOUN: Self = Self(Self::HE.0 | Self::SHE.0 | Self::IT.0 | Self::THEY.0);
    /// Any verb that may introduce words in marks.
    pub const VERB: Self = Self(Self::SAYS.0 | Self::UTTERS.0);

    /// Whether it is any of `other`.
    pub fn is(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A file of `assets/cues`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// BCP 47 tag.
    tag: String,
    /// Whether a comma stands before a reported clause without conjunction.
    comma: bool,
    common: Vec<String>,
    that: Vec<String>,
    says: Vec<String>,
    bare: Vec<String>,
    nouns: Vec<String>,
    utters: Vec<String>,
    names: Vec<String>,
    separable: Vec<(Vec<String>, String)>,
    sources: Vec<String>,
    sources_after: Vec<String>,
    he: Vec<String>,
    she: Vec<String>,
    it: Vec<String>,
    they: Vec<String>,
    prepositions: Vec<String>,
    articles: Vec<String>,
    adverbs: Vec<String>,
    titles: Vec<String>,
    elisions: Vec<String>,
    relatives: Vec<String>,
    subordinators: Vec<String>,
    like: Vec<String>,
    infinitive: Vec<String>,
}

/// A form of several words, all but the first.
#[derive(Debug)]
struct Phrase {
    rest: Vec<String>,
    flags: Flags,
}

/// A language, ready to be asked.
#[derive(Debug, Default)]
pub struct Language {
    tag: String,
    /// Whether a comma stands before a reported clause without conjunction.
    pub comma: bool,
    words: HashMap<String, Flags>,
    phrases: HashMap<String, Vec<Phrase>>,
    particles: HashMap<String, Vec<String>>,
}

impl Language {
    /// A file that cannot be read gives an empty language; a test sees to it that all can.
    fn read(tag: &str, source: &str) -> Self {
        match ron::from_str::<File>(source) {
            Ok(file) => Self::of(file),
            Err(error) => {
                tracing::error!("assets/cues/{tag}.ron cannot be read: {error}");
                Self { tag: tag.to_owned(), ..Self::default() }
            }
        }
    }

    fn of(file: File) -> Self {
        let mut language = Self { tag: file.tag, comma: file.comma, ..Self::default() };
        let nominatives = [&file.he, &file.she, &file.it, &file.they].into_iter().filter_map(|list| list.first());
        for word in nominatives.cloned().collect::<Vec<_>>() {
            language.add(&word, Flags::NOMINATIVE);
        }
        let lists = [
            (file.says, Flags::SAYS),
            (file.bare, Flags::BARE),
            (file.nouns, Flags::NOUN),
            (file.utters, Flags::UTTERS),
            (file.names, Flags::NAMES),
            (file.that, Flags::THAT),
            (file.sources, Flags::SOURCE),
            (file.sources_after, Flags::SOURCE_AFTER),
            (file.he, Flags::HE),
            (file.she, Flags::SHE),
            (file.it, Flags::IT),
            (file.they, Flags::THEY),
            (file.prepositions, Flags::PREPOSITION),
            (file.articles, Flags::ARTICLE),
            (file.adverbs, Flags::ADVERB),
            (file.titles, Flags::TITLE),
            (file.elisions, Flags::ELISION),
            (file.common, Flags::COMMON),
            (file.relatives, Flags::RELATIVE),
            (file.subordinators, Flags::SUBORDINATE),
            (file.like, Flags::AS),
            (file.infinitive, Flags::INFINITIVE),
        ];
        for (list, flags) in lists {
            for form in list {
                language.add(&form, flags);
            }
        }
        for (forms, particle) in file.separable {
            for form in forms {
                language.flag(form.clone(), Flags::SEPARABLE);
                language.particles.entry(form).or_default().push(particle.clone());
            }
        }
        language
    }

    fn add(&mut self, form: &str, flags: Flags) {
        // Hyphens are tokens of their own.
        let spaced = form.replace('-', " - ");
        let mut words = spaced.split_whitespace().map(str::to_owned);
        let Some(first) = words.next() else {
            return;
        };
        let rest: Vec<String> = words.collect();
        if rest.is_empty() {
            self.flag(first, flags);
        } else {
            self.flag(first.clone(), Flags::PHRASE);
            self.phrases.entry(first).or_default().push(Phrase { rest, flags });
        }
    }

    fn flag(&mut self, word: String, flags: Flags) {
        let known = self.words.entry(word).or_default();
        *known = known.with(flags);
    }

    /// What a word in lower case is.
    pub fn flags(&self, word: &str) -> Flags {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// The longest form of several words that begins with `first`; `word` gives the words after it. Returns the number
    /// of words and what they are.
    pub fn phrase(&self, first: &str, word: impl Fn(usize) -> Option<String>) -> Option<(usize, Flags)> {
        let fits = |phrase: &&Phrase| (1..).zip(&phrase.rest).all(|(n, part)| word(n).as_ref() == Some(part));
        let phrase = self.phrases.get(first)?.iter().filter(fits).max_by_key(|phrase| phrase.rest.len())?;
        Some((phrase.rest.len() + 1, phrase.flags))
    }

    /// The particles that make a cue of a verb form.
    pub fn particles(&self, verb: &str) -> &[String] {
        self.particles.get(verb).map_or(&[], Vec::as_slice)
    }
}

static ALL: LazyLock<Vec<Language>> =
    LazyLock::new(|| LANGUAGES.iter().map(|(tag, source)| Language::read(tag, source)).collect());

/// The languages to read a text in: the one its metadata name, if there are rules for it; else the one whose frequent
/// words it holds most of; else all.
pub fn choose(tag: Option<&str>, text: &Text) -> Vec<&'static Language> {
    let primary = tag.and_then(|tag| tag.split(['-', '_']).next()).map(str::to_lowercase);
    if let Some(named) = primary.and_then(|tag| ALL.iter().find(|language| language.tag == tag)) {
        return vec![named];
    }
    // Of a long text that is not cut yet, no more is.
    let beginning = text.tokens_near(Span { start: BytePos(0), end: text.floor_boundary(BytePos(SAMPLE_BYTES)) });
    let sample = beginning.iter().take_while(|token| token.start.0 < SAMPLE_BYTES).take(SAMPLE);
    let words: Vec<String> = sample.map(|token| lower(text, *token)).collect();
    let hits = |language: &Language| words.iter().filter(|word| language.flags(word).is(Flags::COMMON)).count();
    let mut counts: Vec<(usize, &Language)> = ALL.iter().map(|language| (hits(language), language)).collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match counts.as_slice() {
        // Twice as many as the next, and not by chance.
        [(best, language), (second, _), ..] if *best >= 3 && *best >= second * 2 => vec![*language],
        _ => ALL.iter().collect(),
    }
}

/// The words of a span in lower case.
pub fn lower(text: &Text, span: Span) -> String {
    text.slice(span).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(tag: Option<&str>, source: &str) -> Vec<String> {
        choose(tag, &Text::new(source).expect("short")).iter().map(|language| language.tag.clone()).collect()
    }

    #[test]
    fn every_file_can_be_read_and_has_verbs() {
        for (tag, source) in LANGUAGES {
            let file: File = ron::from_str(source).unwrap_or_else(|error| panic!("assets/cues/{tag}.ron: {error}"));
            assert_eq!(&file.tag, tag);
            assert!(file.says.len() > 100, "{tag} has only {} verb forms", file.says.len());
            assert!(file.common.len() >= 20 && !file.sources.is_empty() && !file.that.is_empty(), "{tag}");
            let lists = [&file.says, &file.utters, &file.names, &file.nouns, &file.bare];
            for form in lists.into_iter().flatten() {
                assert_eq!(form, &form.to_lowercase(), "{tag}: forms stand in lower case");
            }
        }
    }

    #[test]
    fn the_language_comes_from_the_metadata_or_from_the_words() {
        assert_eq!(chosen(Some("de-AT"), "Anna"), ["de"]);
        assert_eq!(chosen(None, "The road to the harbour is closed, and it was the storm that closed it."), ["en"]);
        assert_eq!(chosen(None, "Die Straße zum Hafen ist nicht frei, und der Sturm ist noch da."), ["de"]);
        assert_eq!(chosen(None, "Anna Bob").len(), LANGUAGES.len());
        assert_eq!(chosen(Some("xx"), "Anna Bob").len(), LANGUAGES.len());
    }

    #[test]
    fn forms_of_several_words_are_found_longest_first() {
        let english = ALL.iter().find(|language| language.tag == "en").expect("ships");
        let words = ["according", "to", "anna"];
        let found = english.phrase("according", |n| words.get(n).map(|word| (*word).to_owned()));
        assert_eq!(found.map(|(length, flags)| (length, flags.is(Flags::SOURCE))), Some((2, true)));
        assert!(english.flags("said").is(Flags::SAYS) && english.flags("whispered").is(Flags::UTTERS));
    }
}
