//! Cues: the words that introduce a quote, and the words beside them that name the speaker.
//!
//! The order of search follows the syntactic sieve of Muzny et al. (2017, “A two-stage sieve approach for quote
//! attribution”): after the quotation first (`"…" said Anna`, `"…" Anna said`), then before it (`Anna said: "…"`).

use std::ops::Range;

use super::block::{Block, Word};
use super::language::Flags;
use crate::text::Spans;

/// How far a verb may stand from the marks, in words.
const REACH: usize = 26;
/// How far the subject reaches from the verb.
const SUBJECT: usize = 16;

/// A cue and who stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// The words of the cue: the verb, or “according to”.
    pub words: Range<usize>,
    /// The particle of a separable verb (`teilte … mit`).
    pub particle: Option<usize>,
    /// The words that hold the speaker, if any do; the cue not among them.
    pub subject: Range<usize>,
    /// Whether the subject stands after the cue.
    pub inverted: bool,
    /// What the cue may be.
    pub flags: Flags,
}

impl Cue {
    /// As spans of the text.
    pub fn spans(&self, block: &Block<'_>) -> Spans {
        let particle = self.particle.map(|at| at..at + 1);
        let parts = [Some(self.words.clone()), particle];
        let mut spans: Spans = parts.into_iter().flatten().filter_map(|range| block.span(&range)).collect();
        crate::text::normalise(&mut spans);
        spans
    }

    /// Whether a word is part of it.
    pub fn holds(&self, word: usize) -> bool {
        self.words.contains(&word) || self.particle == Some(word)
    }

    /// The last word of the cue or its subject.
    pub fn end(&self) -> usize {
        self.words.end.max(self.particle.map_or(0, |at| at + 1)).max(if self.inverted { self.subject.end } else { 0 })
    }
}

/// A form that may be a cue: its length in words and what it is. Longest form first.
pub fn hit(block: &Block<'_>, at: usize) -> Option<(usize, Flags)> {
    // so-called, well-said
    if joined(block, at) {
        return None;
    }
    let flags = block.flags(at);
    let wanted = Flags::VERB.with(Flags::NAMES).with(Flags::SOURCE).with(Flags::SOURCE_AFTER);
    if flags.is(Flags::PHRASE) {
        let first = block.lower(at);
        let rest = |n: usize| block.word(at + n).map(|_| block.lower(at + n));
        let longest =
            block.languages.iter().filter_map(|language| language.phrase(&first, rest)).max_by_key(|(n, _)| *n);
        if let Some((length, found)) = longest.filter(|(_, found)| found.is(wanted)) {
            return Some((length, found));
        }
    }
    flags.is(wanted).then_some((1, flags))
}

/// Whether a word is the second part of a word with a hyphen.
fn joined(block: &Block<'_>, at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).and_then(|i| block.word(i));
    let touch = |a: &Word, b: &Word| a.span.end == b.span.start;
    match (before(2), before(1), block.word(at)) {
        (Some(first), Some(dash), Some(word)) => {
            dash.first == '-' && dash.single && first.is_word() && touch(first, dash) && touch(dash, word)
        }
        _ => false,
    }
}

/// The particle of a separable verb, within its clause.
pub fn particle(block: &Block<'_>, at: usize) -> Option<usize> {
    if !block.flags(at).is(Flags::SEPARABLE) {
        return None;
    }
    let verb = block.lower(at);
    let particles: Vec<&String> = block.languages.iter().flat_map(|language| language.particles(&verb)).collect();
    let mut last = None;
    for i in at + 1..at + 1 + REACH {
        let word = block.word(i)?;
        if word.is_stop() || word.is_comma() || word.is_char(':') || word.is_char(';') || is_mark(word.first) {
            break;
        }
        last = Some(i);
    }
    last.filter(|i| particles.iter().any(|particle| **particle == block.lower(*i)))
}

fn is_mark(c: char) -> bool {
    c != '\'' && c != '’' && super::marks::is_mark(c)
}

/// The verb at a word, if it may be a cue in a statement: with its particle, and not a noun.
fn verb(block: &Block<'_>, at: usize, wanted: Flags) -> Option<(Range<usize>, Option<usize>, Flags)> {
    if let Some(particle) = particle(block, at) {
        return Some((at..at + 1, Some(particle), block.flags(at).with(Flags::SAYS).with(Flags::BARE)));
    }
    let (length, flags) = hit(block, at)?;
    flags.is(wanted).then_some((at..at + length, None, flags))
}

/// Whether the form at a word is a noun here: after an article, a possessive or a preposition.
fn is_noun(block: &Block<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    block.flags(at).is(Flags::NOUN)
        && (block.flags(before).is(Flags::ARTICLE.with(Flags::PREPOSITION))
            || block.word(before).is_some_and(|word| word.is_capital() && block.word(at).is_some_and(Word::is_capital)))
}

/// The cue after a quotation that ends before the word `from`. `pause` says whether the quotation ends as the first
/// part of a sentence does: with a comma, a question mark or an exclamation mark.
pub fn after(block: &Block<'_>, from: usize, pause: bool) -> Option<Cue> {
    let mut start = from;
    let mut pause = pause;
    while block.word(start).is_some_and(|word| word.is_comma() || word.is_dash()) {
        pause = true;
        start += 1;
    }
    if let Some(source) = source_at(block, start, block.words.len()) {
        return Some(source);
    }
    let reach = if pause { REACH } else { 5 };
    let mut weak = None;
    for at in start..start + reach {
        let Some(word) = block.word(at) else {
            break;
        };
        let ends = word.is_char(';') || word.is_char(':') || word.is_stop() && !is_abbreviation(block, at);
        if ends || block.quotation_of(at).is_some() || block.flags(at).is(Flags::THAT) {
            break;
        }
        let Some((words, particle, flags)) = verb(block, at, Flags::VERB) else {
            continue;
        };
        let cue = with_subject(block, words, particle, flags, start..block.words.len());
        if is_noun(block, at) {
            continue;
        }
        if flags.is(Flags::NOUN) && at > start {
            weak = weak.or(Some(cue));
            continue;
        }
        // An infinitive or a participle far away is no attribution.
        return (pause || is_close(block, &cue, start)).then_some(cue);
    }
    weak.filter(|cue| pause || is_close(block, cue, start))
}

fn is_close(block: &Block<'_>, cue: &Cue, start: usize) -> bool {
    cue.words.start == start
        || block.word(start).is_some_and(|word| word.is_capital() || word.flags.is(Flags::PRONOUN.with(Flags::ARTICLE)))
}

/// Whether the full stop at a word belongs to an abbreviation: the sentence goes on after it.
fn is_abbreviation(block: &Block<'_>, at: usize) -> bool {
    block.word(at).is_some_and(|word| word.first == '.') && block.sentence_of(at).end > at + 1 && {
        let touches = |i: usize| {
            let pair = block.word(i).zip(block.word(i + 1));
            pair.is_some_and(|(a, b)| a.span.end == b.span.start)
        };
        at > 0 && touches(at - 1) && block.word(at + 1).is_some_and(Word::is_word)
    }
}

/// The cue before a quotation that begins at the word `open`, within its sentence.
pub fn before(block: &Block<'_>, open: usize, sentence: &Range<usize>) -> Option<Cue> {
    let mut end = open;
    while end > sentence.start
        && block.word(end - 1).is_some_and(|word| word.is_comma() || word.is_char(':') || word.is_dash())
    {
        end -= 1;
    }
    let floor = sentence.start.max(end.saturating_sub(REACH));
    let mut weak = None;
    for at in (floor..end).rev() {
        let word = block.word(at)?;
        if word.is_char(';') || block.quotation_of(at).is_some() {
            break;
        }
        let Some((words, particle, flags)) = verb(block, at, Flags::VERB) else {
            continue;
        };
        if is_noun(block, at) || words.end > end {
            continue;
        }
        let infinitive = at > floor && block.flags(at - 1).is(Flags::INFINITIVE);
        let cue = with_subject(block, words, particle, flags, floor..end);
        if flags.is(Flags::NOUN) || infinitive {
            weak = weak.or(Some(cue));
            continue;
        }
        return Some(cue);
    }
    weak
}

/// The naming verb before a few words in marks (`called it "a joke"`).
pub fn naming(block: &Block<'_>, open: usize, sentence: &Range<usize>) -> Option<Cue> {
    let floor = sentence.start.max(open.saturating_sub(REACH));
    for at in (floor..open).rev() {
        let word = block.word(at)?;
        if word.is_char(';') || word.is_char(':') || block.quotation_of(at).is_some() {
            return None;
        }
        if let Some((words, particle, flags)) = verb(block, at, Flags::NAMES)
            && !is_noun(block, at)
            && words.end <= open
        {
            return Some(with_subject(block, words, particle, flags, floor..open));
        }
    }
    None
}

/// `according to …` at a word: the source is what follows up to a comma, a stop or a verb.
pub fn source_at(block: &Block<'_>, at: usize, limit: usize) -> Option<Cue> {
    let (length, flags) = hit(block, at)?;
    if !flags.is(Flags::SOURCE) {
        return None;
    }
    let words = at..at + length;
    // One word is a source only directly before a noun phrase („laut der Polizei“, but not „laut über etwas reden“).
    if words.len() == 1 {
        let next = block.word(words.end)?;
        let begins =
            next.is_capital() || next.first.is_ascii_digit() || next.flags.is(Flags::ARTICLE.with(Flags::PRONOUN));
        if !begins && block.clauses_take_commas() || !next.is_word() {
            return None;
        }
    }
    let end = noun_phrase_end(block, words.end, limit);
    (end > words.end).then_some(Cue { subject: words.end..end, words, particle: None, inverted: true, flags })
}

/// Where the noun phrase that begins at a word ends: at a comma, a stop, a mark, or before a word in lower case that
/// cannot be part of it.
fn noun_phrase_end(block: &Block<'_>, start: usize, limit: usize) -> usize {
    let glue = Flags::ARTICLE.with(Flags::PREPOSITION).with(Flags::TITLE).with(Flags::PRONOUN);
    let mut at = start;
    // A phrase without capitals (the ministry of defence) ends at its punctuation only.
    let capitals = block.clauses_take_commas();
    while at < limit.min(start + SUBJECT) {
        let Some(word) = block.word(at) else {
            break;
        };
        let joins = word.is_dash() && block.word(at + 1).is_some_and(|next| next.span.start == word.span.end);
        if !word.is_word() && !joins && !is_abbreviation(block, at) {
            break;
        }
        if block.flags(at).is(Flags::VERB) && !block.flags(at).is(Flags::NOUN) && at > start {
            break;
        }
        let next_capital = block.word(at + 1).is_some_and(|next| next.is_capital() || next.is_dash());
        let small = capitals && word.first.is_lowercase() && !word.flags.is(glue) && !next_capital;
        let numbered = block.segmentation.text.slice(word.span).chars().any(|c| c.is_ascii_digit());
        // A name is over where another noun phrase begins („laut Anna Berg eine gute Idee“).
        let noun_before = at > start && block.word(at - 1).is_some_and(Word::is_capital);
        let another =
            capitals && noun_before && matches!(block.lower(at).as_str(), "ein" | "eine" | "einen" | "das" | "die");
        if at > start && (small && !numbered || another) {
            break;
        }
        at += 1;
    }
    at
}

/// Fills in the subject of a verb: the words before it in its clause, or after it where nothing stands before.
pub fn with_subject(
    block: &Block<'_>,
    words: Range<usize>,
    particle: Option<usize>,
    flags: Flags,
    within: Range<usize>,
) -> Cue {
    let left = left_of(block, words.start, within.start);
    let limit = particle.unwrap_or(within.end).min(within.end);
    let right = right_of(block, words.end, limit);
    let adverbial = block.flags(left.start).is(Flags::PREPOSITION.with(Flags::ADVERB))
        || block.word(left.start).is_some_and(|word| word.first.is_lowercase() && !starts_noun(word.flags));
    let right_names = block
        .word(right.start)
        .is_some_and(|word| word.is_capital() || word.flags.is(Flags::ARTICLE.with(Flags::PRONOUN)));
    let inverted = !right.is_empty() && (left.is_empty() || adverbial && right_names);
    Cue { subject: if inverted { right } else { left }, words, particle, inverted, flags }
}

fn starts_noun(flags: Flags) -> bool {
    flags.is(Flags::ARTICLE.with(Flags::PRONOUN).with(Flags::TITLE))
}

/// The words left of a verb that may be its subject, without adverbs beside the verb.
fn left_of(block: &Block<'_>, verb: usize, floor: usize) -> Range<usize> {
    let mut end = verb;
    while end > floor && block.flags(end - 1).is(Flags::ADVERB) && !block.flags(end - 1).is(Flags::PRONOUN) {
        end -= 1;
    }
    let floor = floor.max(end.saturating_sub(SUBJECT));
    let Some(last) = end.checked_sub(1).filter(|last| *last >= floor) else {
        return end..end;
    };
    // “Anna Berg, the mayor, said”: two commas back.
    let mut commas_left = if block.word(last).is_some_and(Word::is_comma) { 2 } else { 0 };
    let apposition = commas_left > 0;
    let mut start = end;
    while start > floor {
        let Some(word) = block.word(start - 1) else {
            break;
        };
        if word.is_comma() {
            if commas_left == 0 {
                break;
            }
            commas_left -= 1;
        } else if word.is_char(';')
            || word.is_char(':')
            || word.is_stop() && !is_abbreviation(block, start - 1)
            || block.quotation_of(start - 1).is_some_and(|q| q.end == start) && !apposition
        {
            break;
        }
        start -= 1;
    }
    if apposition { start..end - 1 } else { start..end }
}

/// The words right of a verb that may be its subject.
fn right_of(block: &Block<'_>, start: usize, limit: usize) -> Range<usize> {
    let mut from = start;
    // dit-elle, a-t-il déclaré
    while block
        .word(from)
        .is_some_and(|word| word.is_dash() || word.flags.is(Flags::ADVERB) && !word.flags.is(Flags::PRONOUN))
        && from < limit
    {
        from += 1;
    }
    let mut at = from;
    let mut comma = None;
    while at < limit.min(from + SUBJECT) {
        let Some(word) = block.word(at) else {
            break;
        };
        if word.is_comma() {
            // One comma may stand between a title and a name.
            if comma.is_some() || !block.word(at + 1).is_some_and(Word::is_capital) {
                break;
            }
            comma = Some(at);
        } else if word.is_char(';')
            || word.is_char(':')
            || is_mark(word.first)
            || word.is_stop() && !is_abbreviation(block, at)
        {
            break;
        }
        at += 1;
    }
    from..at
}
