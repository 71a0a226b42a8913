//! All occurrences of a name: which texts stand for a mention or an entity, and where they are.
//!
//! Works on the tokens of the text, so a hit is always whole words: `Berg` is no part of `Bergen`, is found in
//! `Berg-led`, and in `Berg's` without the possessive. A name may run over the end of a line, not over an empty one.
//! Only mentions have occurrences; the same word may be the trigger of one event and of another not.

use std::collections::HashMap;

use crate::model::{Document, Entity, Id, Mention, Part, Search};
use crate::text::{Span, Text};

/// Mention types whose names end in a surname.
const PERSONS: &[&str] = &["per", "person", "people", "human", "politician"];

/// What follows a surname and is no part of it.
const AFTER_SURNAME: &[&str] = &["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"];

/// A text that stands for a mention or an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText {
    /// The words.
    pub text: String,
    /// Why it is looked for.
    pub why: Why,
    /// Whether it is looked for unless the user says otherwise.
    pub is_on: bool,
}

/// Why a text is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The words of the mention.
    Words,
    /// The name of the entity.
    Name,
    /// Another name of the entity.
    Alias,
    /// The surname of a full name.
    Surname,
    /// The surname of a full name that somebody else in the article has too: that name.
    SharedSurname(String),
    /// The words without a possessive.
    Bare,
    /// The rule of a batch has it.
    Rule,
}

/// A place where a text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The words, without a possessive.
    pub span: Span,
    /// Which text of the search.
    pub text: usize,
    /// What is marked there.
    pub state: HitState,
}

/// What is marked at a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HitState {
    /// No mention.
    Free,
    /// This mention, with the same label on the same words.
    Marked(Id),
    /// This mention, on other words or with another label; where there are several, the first.
    Overlapping(Id),
}

/// The texts that stand for a mention: its words, and the names of its entity.
pub fn texts_of_mention(document: &Document, mention: &Mention) -> Vec<SearchText> {
    let mut out = Vec::new();
    let entity = mention.entity.as_ref().and_then(|id| document.entities().get(id));
    // Words with a gap between them stand nowhere else like that.
    let words = if mention.spans.len() == 1 { document.text().excerpt(&mention.spans) } else { String::new() };
    push(&mut out, &words, Why::Words, true);
    push(&mut out, bare(&words), Why::Bare, true);
    let mut full = vec![bare(&words).to_owned()];
    if let Some(entity) = entity {
        names(&mut out, entity);
        full.push(entity.name.clone());
    }
    surnames(document, &mention.label, mention.entity.as_ref(), &full, &mut out);
    out
}

/// The texts that stand for an entity: its name and its aliases.
pub fn texts_of_entity(document: &Document, entity: &Entity) -> Vec<SearchText> {
    let mut out = Vec::new();
    names(&mut out, entity);
    surnames(document, &entity.r#type, Some(&entity.id), std::slice::from_ref(&entity.name), &mut out);
    out
}

fn names(out: &mut Vec<SearchText>, entity: &Entity) {
    push(out, &entity.name, Why::Name, true);
    for alias in &entity.aliases {
        push(out, alias, Why::Alias, true);
    }
}

fn surnames(document: &Document, label: &str, entity: Option<&Id>, full: &[String], out: &mut Vec<SearchText>) {
    if !PERSONS.contains(&label.to_lowercase().as_str()) {
        return;
    }
    for name in full {
        let Some(surname) = surname(name) else { continue };
        match shared_by(document, label, entity, name, surname) {
            None => push(out, surname, Why::Surname, true),
            Some(other) => push(out, surname, Why::SharedSurname(other), false),
        }
    }
}

fn push(out: &mut Vec<SearchText>, text: &str, why: Why, is_on: bool) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() && out.iter().all(|known| known.text != text) {
        out.push(SearchText { text, why, is_on });
    }
}

/// The surname of a full name, with what belongs to it (`von der Leyen`).
fn surname(name: &str) -> Option<&str> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_suffix = |word: &&&str| AFTER_SURNAME.contains(&word.to_lowercase().as_str());
    let words = &words[..words.len() - words.iter().rev().take_while(is_suffix).count()];
    let last = words.last().map(|word| word.trim_end_matches(','))?;
    let is_name = |word: &str| word.chars().count() > 1 && word.chars().next().is_some_and(char::is_uppercase);
    if words.len() < 2 || !is_name(last) {
        return None;
    }
    let before = words.get(1..words.len() - 1).unwrap_or_default();
    let particles = before.iter().rev().take_while(|w| w.chars().all(char::is_lowercase)).count();
    let first = words.get(words.len() - 1 - particles)?;
    let start = first.as_ptr() as usize - name.as_ptr() as usize;
    let end = last.as_ptr() as usize - name.as_ptr() as usize + last.len();
    name.get(start..end)
}

/// The full name of somebody else in the article with this surname.
fn shared_by(document: &Document, label: &str, own: Option<&Id>, name: &str, surname_: &str) -> Option<String> {
    let is_other = |full: &str| full != name && surname(full) == Some(surname_);
    let entities = document.entities().values().filter(|n| n.r#type == label && Some(&n.id) != own);
    let entities = entities.map(|n| n.name.clone());
    let mentions =
        document.mentions().values().filter(|m| m.label == label && (m.entity.is_none() || m.entity.as_ref() != own));
    let mentions = mentions.map(|m| document.text().excerpt(&m.spans));
    entities.chain(mentions).find(|full| is_other(bare(full)))
}

/// A word without its possessive.
fn bare(word: &str) -> &str {
    let ends = ["'s", "’s", "'S", "’S"];
    ends.iter().find_map(|end| word.strip_suffix(end)).filter(|rest| !rest.is_empty()).unwrap_or(word)
}

/// A word of a text that is looked for, and whether white space stands before it.
struct Word {
    word: String,
    is_apart: bool,
}

struct Pattern {
    text: usize,
    words: Vec<Word>,
}

/// Every place where one of the texts stands, in the order of the text. Where several begin at the same word the longest
/// counts, and hits do not overlap. Linear in the length of the text.
pub fn find(document: &Document, label: &str, search: &Search) -> Vec<Hit> {
    find_while(document, label, search, || true).unwrap_or_default()
}

/// So many words are looked at before it is asked again whether to go on.
const WORDS: usize = 4096;

/// As [`find`]; `None` as soon as `goes_on` does not hold any more.
pub fn find_while(document: &Document, label: &str, search: &Search, goes_on: impl Fn() -> bool) -> Option<Vec<Hit>> {
    let text = document.text();
    let patterns: Vec<Pattern> =
        (search.texts.iter().enumerate()).filter_map(|(i, words)| pattern(i, words, search.ignore_case)).collect();
    if patterns.is_empty() {
        return Some(Vec::new());
    }
    let mut by_first: HashMap<&str, Vec<&Pattern>> = HashMap::new();
    for pattern in &patterns {
        if let Some(first) = pattern.words.first() {
            by_first.entry(&first.word).or_default().push(pattern);
        }
    }
    let tokens = text.tokens();
    let mut folded = String::new();
    let mut hits = Vec::new();
    let mut at = 0;
    let mut asked_at = 0;
    while let Some(token) = tokens.get(at) {
        if at >= asked_at {
            asked_at = at + WORDS;
            if !goes_on() {
                return None;
            }
        }
        let word = fold(text.slice(*token), search.ignore_case, &mut folded);
        let candidates = [by_first.get(word), by_first.get(bare(word)).filter(|_| bare(word) != word)];
        let found = candidates.into_iter().flatten().flatten().filter_map(|pattern| {
            let end = matches_at(text, tokens.get(at..)?, pattern, search.ignore_case)?;
            Some((Span { start: token.start, end }, pattern))
        });
        let longest = found.max_by_key(|(span, pattern)| (span.end, std::cmp::Reverse(pattern.text)));
        match longest {
            Some((span, pattern)) => {
                hits.push(Hit { span, text: pattern.text, state: state(document, label, span) });
                at += pattern.words.len();
            }
            None => at += 1,
        }
    }
    Some(hits)
}

fn pattern(index: usize, words: &str, ignore_case: bool) -> Option<Pattern> {
    let text = Text::new(words).ok()?;
    let mut folded = String::new();
    let mut end = None;
    let mut out = Vec::new();
    for token in text.tokens() {
        let word = fold(text.slice(*token), ignore_case, &mut folded).to_owned();
        out.push(Word { word, is_apart: end.is_some_and(|end| end < token.start) });
        end = Some(token.end);
    }
    (!out.is_empty()).then_some(Pattern { text: index, words: out })
}

/// Where the pattern ends if it stands at the first of these tokens.
fn matches_at(text: &Text, tokens: &[Span], pattern: &Pattern, ignore_case: bool) -> Option<crate::text::BytePos> {
    let mut folded = String::new();
    let mut end = None;
    for (i, wanted) in pattern.words.iter().enumerate() {
        let token = tokens.get(i)?;
        if let Some(end) = end {
            let gap = text.slice(Span { start: end, end: token.start });
            let lines = gap.matches('\n').count().max(gap.matches('\r').count());
            if gap.is_empty() == wanted.is_apart || lines > 1 {
                return None;
            }
        }
        let word = fold(text.slice(*token), ignore_case, &mut folded);
        let is_last = i + 1 == pattern.words.len();
        if word == wanted.word {
            end = Some(token.end);
        } else if is_last && bare(word) == wanted.word {
            // A possessive is as long in the text as folded.
            let possessive = text.slice(*token).len() - bare(text.slice(*token)).len();
            end = Some(crate::text::BytePos(token.end.0 - possessive as u32));
        } else {
            return None;
        }
    }
    end
}

/// The word as it is compared.
fn fold<'a>(word: &'a str, ignore_case: bool, buffer: &'a mut String) -> &'a str {
    if !ignore_case {
        return word;
    }
    buffer.clear();
    if word.is_ascii() {
        buffer.extend(word.chars().map(|c| c.to_ascii_lowercase()));
    } else {
        // On the whole word, because a sigma at its end is another one.
        buffer.push_str(&word.to_lowercase());
    }
    buffer
}

fn state(document: &Document, label: &str, span: Span) -> HitState {
    let mut overlapping = None;
    for anchor in document.span_index().touching(span) {
        if anchor.part != Part::Mention || anchor.span.is_empty() {
            continue;
        }
        let is_same = anchor.span == span
            && document.mentions().get(&anchor.id).is_some_and(|m| m.label == label && m.spans.as_slice() == [span]);
        if is_same {
            return HitState::Marked(anchor.id);
        }
        overlapping.get_or_insert(anchor.id);
    }
    overlapping.map_or(HitState::Free, HitState::Overlapping)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::model::test_support::{entity, mention};
    use proptest::prelude::*;

    fn document(text: &str) -> Document {
        Document::new(Text::new(text).expect("short"), Header::default())
    }

    fn search(texts: &[&str], ignore_case: bool) -> Search {
        Search { texts: texts.iter().map(|t| (*t).to_owned()).collect(), ignore_case }
    }

    fn found(text: &str, texts: &[&str], ignore_case: bool) -> Vec<String> {
        let document = document(text);
        let hits = find(&document, "Person", &search(texts, ignore_case));
        hits.iter().map(|hit| format!("{}@{}", document.text().slice(hit.span), hit.span.start.0)).collect()
    }

    #[test]
    fn only_whole_words_and_without_the_possessive() {
        let text = "Berg met Bergen, Berg's and Berg’s Berg-led ‘Berg’ Bergs BERG";
        assert_eq!(found(text, &["Berg"], false), ["Berg@0", "Berg@17", "Berg@28", "Berg@37", "Berg@49"]);
        assert_eq!(found("McDonald's and McDonald's", &["McDonald's", "McDonald"], false)[1], "McDonald's@15");
    }

    #[test]
    fn case_counts_unless_it_is_ignored() {
        assert_eq!(found("May may MAY", &["May"], false), ["May@0"]);
        assert_eq!(found("May may MAY", &["May"], true).len(), 3);
        assert_eq!(found("ЯЛТА Ялта ялта", &["Ялта"], true).len(), 3);
        assert_eq!(found("İstanbul’s", &["istanbul"], true), Vec::<String>::new(), "another letter");
        assert_eq!(found("İSTANBUL’S", &["İstanbul"], true), ["İSTANBUL@0"]);
    }

    #[test]
    fn the_longer_name_counts_and_may_run_over_a_line() {
        let text = "Anna Berg, Berg and Anna\nBerg. Anna\n\nBerg";
        let expected = ["Anna Berg@0", "Berg@11", "Anna\nBerg@20", "Berg@37"];
        assert_eq!(found(text, &["Berg", "Anna Berg"], false), expected);
        assert_eq!(found("Jean-Luc Jean - Luc Jean Luc", &["Jean-Luc"], false), ["Jean-Luc@0"]);
        assert_eq!(found("U.S. and U.S.-led", &["U.S."], false).len(), 2);
        assert_eq!(found("北京, 北京人", &["北京"], false).len(), 2);
    }

    #[test]
    fn what_is_marked_alike_and_what_overlaps_stand_apart() {
        let mut doc = document("Paris, Paris Hilton, Paris and Paris");
        doc.mentions.insert("m1".into(), mention("m1", "Place", &[(0, 5)]));
        doc.mentions.insert("m2".into(), mention("m2", "Person", &[(7, 19)]));
        doc.mentions.insert("m3".into(), mention("m3", "Country", &[(21, 26)]));
        doc.reindex();
        let states: Vec<HitState> =
            find(&doc, "Place", &search(&["Paris"], false)).into_iter().map(|hit| hit.state).collect();
        assert_eq!(
            states,
            [
                HitState::Marked("m1".into()),
                HitState::Overlapping("m2".into()),
                HitState::Overlapping("m3".into()),
                HitState::Free,
            ]
        );
    }

    #[test]
    fn the_texts_are_the_words_the_names_and_the_surname() {
        let mut doc = document("Ursula von der Leyen's plan; Mr. Berg");
        let mut leyen = mention("m1", "Person", &[(0, 22)]);
        leyen.entity = Some("n1".into());
        let mut named = entity("n1", "Person", "Ursula von der Leyen");
        named.aliases = vec!["VDL".into()];
        doc.entities.insert("n1".into(), named);
        doc.mentions.insert("m1".into(), leyen.clone());
        let texts: Vec<(String, Why)> = texts_of_mention(&doc, &leyen).into_iter().map(|t| (t.text, t.why)).collect();
        let expected = [
            ("Ursula von der Leyen's", Why::Words),
            ("Ursula von der Leyen", Why::Bare),
            ("VDL", Why::Alias),
            ("von der Leyen", Why::Surname),
        ];
        assert_eq!(texts, expected.map(|(text, why)| (text.to_owned(), why)));
        assert_eq!(texts_of_entity(&doc, &doc.entities[&Id::from("n1")])[2].text, "von der Leyen");
    }

    #[test]
    fn surnames() {
        let cases = [
            ("Anna Berg", Some("Berg")),
            ("Bob Berg Jr.", Some("Berg")),
            ("Berg", None),
            ("the minister", None),
            ("Anna van Berg", Some("van Berg")),
            ("Anna B", None),
        ];
        for (name, expected) in cases {
            assert_eq!(surname(name), expected, "{name}");
        }
    }

    #[test]
    fn a_surname_that_somebody_else_has_too_is_off() {
        let mut doc = document("Anna Berg, Bob Berg, Anna Berg");
        for (id, span) in [("m1", (0, 9)), ("m2", (11, 19)), ("m3", (21, 30))] {
            doc.mentions.insert(id.into(), mention(id, "Person", &[span]));
        }
        let texts = texts_of_mention(&doc, &doc.mentions[&Id::from("m1")]);
        assert_eq!((texts[1].is_on, &texts[1].why), (false, &Why::SharedSurname("Bob Berg".into())));
        doc.mentions.remove(&Id::from("m2"));
        assert!(texts_of_mention(&doc, &doc.mentions[&Id::from("m1")])[1].is_on, "the same name is the same person");
        let place = mention("m9", "Place", &[(0, 9)]);
        assert_eq!(texts_of_mention(&doc, &place).len(), 1, "places have no surname");
    }

    proptest! {
        /// Hits are in order, apart, on token starts, and each is one of the texts.
        #[test]
        fn hits_are_whole_words_in_order(
            text in "(Anna|Berg|berg|Berg's|Anna Berg|,|-|\n| |É|’s){0,40}",
            ignore_case: bool,
        ) {
            let document = document(&text);
            let texts = ["Berg", "Anna Berg", "É"];
            let hits = find(&document, "Person", &search(&texts, ignore_case));
            let mut end = 0;
            for hit in &hits {
                prop_assert!(hit.span.start.0 >= end);
                end = hit.span.end.0;
                prop_assert!(document.text().tokens().iter().any(|t| t.start == hit.span.start));
                let words = document.text().excerpt(&[hit.span]);
                let wanted = texts[hit.text];
                let is_same = words == wanted || (ignore_case && words.to_lowercase() == wanted.to_lowercase());
                prop_assert!(is_same, "{words}");
            }
            // Nothing whole is passed over.
            let alone = document.text().tokens().iter().filter(|t| document.text().slice(**t) == "Berg").count();
            prop_assert!(hits.iter().filter(|hit| hit.text < 2).count() >= alone);
        }
    }
}
