//! Indirect speech: the clause that a cue reports.
//!
//! Four patterns, the surest first: `CUE that CLAUSE`; `CLAUSE, Anna said`; `according to Anna, CLAUSE`; `Anna said
//! CLAUSE`. What is surest is proposed for a whole article; `loose` also takes the rest, for a cue that somebody has
//! put the caret on.

use std::ops::Range;

use smallvec::SmallVec;

use super::block::{Block, Word};
use super::cue::{self, Cue};
use super::language::Flags;

/// A reported clause.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The words of the clause; two ranges where the cue stands in between.
    pub content: SmallVec<[Range<usize>; 1]>,
    /// The cue.
    pub cue: Cue,
}

/// The shortest clause, in words.
const SHORTEST: usize = 3;

/// The clauses that a sentence reports, in order; none inside another. Cues for which `used` says yes introduce
/// something else already.
pub fn clauses(block: &Block<'_>, sentence: &Range<usize>, loose: bool, used: impl Fn(usize) -> bool) -> Vec<Clause> {
    let end = sentence_end(block, sentence);
    let start = sentence_start(block, sentence.start, end);
    let mut found: Vec<Clause> = Vec::new();
    let mut at = start;
    while at < end {
        if used(at) || block.quotation_of(at).is_some() {
            at += 1;
            continue;
        }
        let Some(clause) = clause_of(block, at, start..end, loose) else {
            at += 1;
            continue;
        };
        let last = clause.content.last().map_or(at, |range| range.end);
        at = last.max(clause.cue.end()).max(at + 1);
        // A cue at the end reports the whole sentence: what was found in it before is inside it.
        let covers = |other: &Clause| {
            clause.content.iter().any(|a| other.content.iter().any(|b| a.start <= b.start && b.end <= a.end))
        };
        found.retain(|other| !covers(other));
        found.push(clause);
    }
    found
}

/// The clause that the cue at a word reports.
pub fn clause_of(block: &Block<'_>, at: usize, sentence: Range<usize>, loose: bool) -> Option<Clause> {
    if let Some(source) = cue::source_at(block, at, sentence.end) {
        return source_clause(block, source, sentence);
    }
    let (words, particle, flags) = match cue::particle(block, at) {
        Some(particle) => (at..at + 1, Some(particle), block.flags(at).with(Flags::SAYS).with(Flags::BARE)),
        None => {
            let (length, flags) = cue::hit(block, at)?;
            if flags.is(Flags::SOURCE_AFTER) {
                return after_source(block, at, sentence);
            }
            (at..at + length, None, flags)
        }
    };
    let allowed = if loose { Flags::VERB.with(Flags::NAMES) } else { Flags::SAYS };
    if !flags.is(allowed) || words.end > sentence.end {
        return None;
    }
    let cue = cue::with_subject(block, words, particle, flags, sentence.clone());
    let noun = flags.is(Flags::NOUN);
    if let Some(content) = that_clause(block, &cue, &sentence, loose) {
        // “the report that …” is a noun with a clause.
        let noun = noun && !has_subject(block, &cue);
        return (loose || !noun).then(|| one(content, cue));
    }
    if let Some(content) = as_clause(block, &cue, &sentence) {
        return Some(one(content, cue));
    }
    if !noun || loose {
        if let Some(content) = clause_before(block, &cue, &sentence) {
            return Some(one(content, cue));
        }
        // A verb that takes no bare clause may take an infinitive.
        let infinitive = loose && !flags.is(Flags::BARE);
        if let Some(content) = infinitive.then(|| infinitive_clause(block, &cue, &sentence)).flatten() {
            return Some(one(content, cue));
        }
        if let Some(content) = bare_clause(block, &cue, &sentence, loose) {
            return Some(one(content, cue));
        }
    }
    if loose { infinitive_clause(block, &cue, &sentence).map(|content| one(content, cue)) } else { None }
}

fn one(content: Range<usize>, cue: Cue) -> Clause {
    Clause { content: std::iter::once(content).collect(), cue }
}

/// Whether words that can be a subject stand beside the cue.
fn has_subject(block: &Block<'_>, cue: &Cue) -> bool {
    let Some(last) = cue.subject.end.checked_sub(1).filter(|_| !cue.subject.is_empty()) else {
        return false;
    };
    !block.flags(last).is(Flags::ARTICLE.with(Flags::PREPOSITION)) || block.flags(last).is(Flags::PRONOUN)
}

/// The end of a sentence without its stop; a stop inside marks at the end stays.
fn sentence_end(block: &Block<'_>, sentence: &Range<usize>) -> usize {
    let mut end = sentence.end;
    while end > sentence.start + 1
        && block.word(end - 1).is_some_and(|word| word.is_stop() || word.is_char(';'))
        && block.quotation_of(end - 1).is_none()
    {
        end -= 1;
    }
    end
}

/// The start of a sentence without bullets and datelines: `• `, `(AP) `, `BERLIN (AP) -- `.
fn sentence_start(block: &Block<'_>, start: usize, end: usize) -> usize {
    let mut at = start;
    while block.word(at).is_some_and(|word| !word.is_word() && !super::marks::is_mark(word.first) && word.first != '(')
    {
        at += 1;
    }
    let dash = (at..end.min(at + 8)).find(|i| {
        let word = block.word(*i);
        word.is_some_and(|w| w.is_dash() && block.word(i + 1).is_some_and(|n| n.span.start > w.span.end))
    });
    if let Some(dash) = dash
        && block.word(at).is_some_and(|word| is_shouted(block, word))
    {
        return dash + 1;
    }
    if block.word(at).is_some_and(|word| word.is_char('(')) {
        let close = (at..end.min(at + 8)).find(|i| block.word(*i).is_some_and(|word| word.is_char(')')));
        return close.map_or(at, |close| close + 1);
    }
    at
}

fn is_shouted(block: &Block<'_>, word: &Word) -> bool {
    let letters = block.segmentation.text.slice(word.span);
    letters.chars().count() > 1 && letters.chars().all(char::is_uppercase)
}

/// `CUE … that CLAUSE`. Between the cue and the conjunction may stand whom it was told, when and where.
fn that_clause(block: &Block<'_>, cue: &Cue, sentence: &Range<usize>, loose: bool) -> Option<Range<usize>> {
    let from = cue.words.end;
    let reach = if loose { 24 } else { 16 };
    let that = (from..sentence.end.min(from + reach)).find(|at| block.flags(*at).is(Flags::THAT))?;
    // A verb in between has the clause; so has a noun after a verb that needs no conjunction (said the law that …).
    let between = from..that;
    let own_verb =
        between.clone().any(|at| cue::hit(block, at).is_some_and(|(_, f)| f.is(Flags::SAYS) && !f.is(Flags::NOUN)));
    let first = block.flags(from);
    let stands_back = !between.is_empty()
        && !cue.inverted
        && !block.clauses_take_commas()
        && block.flags(cue.words.start).is(Flags::BARE)
        && !first.is(Flags::PREPOSITION.with(Flags::ADVERB))
        && !block.word(from).is_some_and(Word::is_comma);
    if own_verb || stands_back && !loose || block.quotation_of(that).is_some() {
        return None;
    }
    // “that” without anything before it may be a pronoun: “said that was wrong”.
    let content = that + 1..clause_end(block, that + 1, sentence.end);
    (block.count(content.clone()) >= SHORTEST).then_some(content)
}

/// `Anna said CLAUSE`, in German `Anna sagte, CLAUSE`.
fn bare_clause(block: &Block<'_>, cue: &Cue, sentence: &Range<usize>, loose: bool) -> Option<Range<usize>> {
    if !(loose || cue.flags.is(Flags::BARE) && !relative(block, cue)) {
        return None;
    }
    let mut start = cue.words.end;
    if block.clauses_take_commas() {
        let comma = (start..sentence.end.min(start + 14)).find(|at| block.word(*at).is_some_and(Word::is_comma))?;
        start = comma + 1;
    } else {
        if cue.inverted && !loose {
            return None;
        }
        let first = block.word(start)?;
        let begins = first.is_capital()
            || first.flags.is(Flags::ARTICLE.with(Flags::PRONOUN))
            || first.first.is_ascii_digit()
            || block.quotation_of(start).is_some();
        if !first.is_word() && block.quotation_of(start).is_none() || !(begins || loose) {
            return None;
        }
        if !has_subject(block, cue) && !loose {
            return None;
        }
    }
    let content = start..clause_end(block, start, sentence.end);
    let shortest = if loose { 1 } else { SHORTEST };
    (block.count(content.clone()) >= shortest).then_some(content)
}

/// `As Anna said, CLAUSE`, `Wie Anna sagte, CLAUSE`, at the start of a sentence.
fn as_clause(block: &Block<'_>, cue: &Cue, sentence: &Range<usize>) -> Option<Range<usize>> {
    let begins = block.word(sentence.start).is_some_and(|word| word.flags.is(Flags::AS));
    let end = cue.end();
    let near = cue.words.start <= sentence.start + 10 && block.word(end).is_some_and(Word::is_comma);
    let content = end + 1..clause_end(block, end + 1, sentence.end).max(end + 1);
    (begins && near && block.count(content.clone()) >= SHORTEST).then_some(content)
}

/// Whether the cue stands in a relative clause: “what it said were weapons”.
fn relative(block: &Block<'_>, cue: &Cue) -> bool {
    let subject = cue.subject.clone();
    let first = if subject.is_empty() { cue.words.start.saturating_sub(1) } else { subject.start };
    let is_subordinator = |at: usize| block.flags(at).is(Flags::SUBORDINATE);
    let after_comma = |at: usize| at > 0 && block.word(at - 1).is_some_and(Word::is_comma);
    let subordinate = |at: usize| after_comma(at) && is_subordinator(at);
    // „…, den Anna zitiert, …“ and „…, bei dem sie sagte, …“
    let clause =
        block.clauses_take_commas() && (subordinate(first) || after_comma(first) && is_subordinator(first + 1));
    clause || (first.saturating_sub(1)..cue.words.start).any(|at| block.flags(at).is(Flags::RELATIVE))
}

/// `CLAUSE, Anna said on Monday`: the cue and its subject stand at the end of the sentence, after a comma or a mark.
fn clause_before(block: &Block<'_>, cue: &Cue, sentence: &Range<usize>) -> Option<Range<usize>> {
    let start = if cue.inverted || cue.subject.is_empty() { cue.words.start } else { cue.subject.start };
    let comma = start.checked_sub(1)?;
    let parted =
        block.word(comma).is_some_and(Word::is_comma) || block.quotation_of(comma).is_some_and(|q| q.end == start);
    let tail = block.count(cue.end().min(sentence.end)..sentence.end);
    let tail_limit = 9;
    if !parted || tail > tail_limit || comma <= sentence.start {
        return None;
    }
    let subject = if cue.subject.is_empty() { return None } else { cue.subject.start };
    let names = block
        .word(subject)
        .is_some_and(|word| word.is_capital() || word.flags.is(Flags::ARTICLE.with(Flags::PRONOUN).with(Flags::TITLE)));
    // The rest of the sentence must not be a clause that the cue could report.
    let rest = cue.words.end.max(cue.end())..sentence.end;
    let after = block.word(rest.start);
    let goes_on = !rest.is_empty()
        && !after.is_some_and(|word| {
            word.flags.is(Flags::PREPOSITION.with(Flags::ADVERB)) || word.is_capital() && tail <= 2
        });
    let clause_after = block.clauses_take_commas()
        && rest.clone().any(|at| block.word(at).is_some_and(Word::is_comma) && block.count(at..rest.end) >= SHORTEST);
    if !names
        || goes_on
        || clause_after
        || rest.clone().any(|at| block.flags(at).is(Flags::THAT) || block.quotation_of(at).is_some())
    {
        return None;
    }
    let mark = block.quotation_of(comma).is_some_and(|q| q.end == start);
    let content = sentence.start..if mark { start } else { comma };
    // “As expected, Anna said …”, “However, Anna said”: too short to be a statement.
    (block.count(content.clone()) > SHORTEST && !block.flags(content.start).is(Flags::PREPOSITION) || mark)
        .then_some(content)
}

/// `According to Anna, CLAUSE`; `CLAUSE, according to Anna`; `CLAUSE, according to Anna, CLAUSE`.
fn source_clause(block: &Block<'_>, cue: Cue, sentence: Range<usize>) -> Option<Clause> {
    let comma_after = block.word(cue.subject.end).is_some_and(Word::is_comma);
    let mut head = sentence.start..cue.words.start;
    while head.end > head.start && block.word(head.end - 1).is_some_and(Word::is_comma) {
        head.end -= 1;
    }
    let from = cue.subject.end + usize::from(comma_after);
    let tail = from..clause_end(block, from, sentence.end).max(from);
    let full = |range: &Range<usize>| block.count(range.clone()) >= SHORTEST;
    let content: SmallVec<[Range<usize>; 1]> = if block.count(head.clone()) == 0 {
        std::iter::once(tail).filter(full).collect()
    } else if block.count(tail.clone()) == 0 || comma_after && head.end == cue.words.start {
        std::iter::once(head).filter(full).collect()
    } else if head.end < cue.words.start && comma_after || block.clauses_take_commas() {
        [head, tail].into_iter().filter(|range| block.count(range.clone()) > 0).collect()
    } else {
        std::iter::once(head).filter(full).collect()
    };
    (!content.is_empty()).then_some(Clause { content, cue })
}

/// `Berichten zufolge CLAUSE`.
fn after_source(block: &Block<'_>, at: usize, sentence: Range<usize>) -> Option<Clause> {
    let subject = sentence.start..at;
    let content = at + 1..sentence.end;
    let flags = block.flags(at);
    let short = block.count(subject.clone()) <= 6 && block.count(subject.clone()) > 0;
    (short && block.count(content.clone()) >= SHORTEST)
        .then(|| one(content, Cue { words: at..at + 1, particle: None, subject, inverted: false, flags }))
}

/// `called on both to CLAUSE`, for a cue under the caret.
fn infinitive_clause(block: &Block<'_>, cue: &Cue, sentence: &Range<usize>) -> Option<Range<usize>> {
    let to = (cue.words.end..sentence.end.min(cue.words.end + 8)).find(|at| block.flags(*at).is(Flags::INFINITIVE))?;
    let content = to + 1..clause_end(block, to + 1, sentence.end);
    (block.count(content.clone()) >= 1).then_some(content)
}

/// Where a clause ends: with the sentence, or before a comma after which another cue follows (“, adding that …”,
/// “, according to …”).
fn clause_end(block: &Block<'_>, start: usize, end: usize) -> usize {
    let next = (start..end).find(|at| {
        let here = block.word(*at).is_some_and(Word::is_comma) && block.quotation_of(*at).is_none();
        here && cue::hit(block, at + 1).is_some_and(|(length, flags)| {
            let flagged =
                flags.is(Flags::SOURCE) && length > 1 || flags.is(Flags::SAYS) && block.lower(*at + 1).ends_with("ing");
            flagged && at + 1 < end
        })
    });
    let mut end = next.unwrap_or(end);
    while end > start && block.word(end - 1).is_some_and(|word| word.is_comma() || word.is_dash()) {
        end -= 1;
    }
    end
}
