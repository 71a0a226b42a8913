//! From quotations and clauses to quotes: what belongs together, of which kind it is, what introduces it.
//!
//! A quotation is *direct* where it is a sentence or a part of one by itself. Where it stands inside a clause that a
//! cue reports, the clause is the quote, and it is *mixed*. A few words in marks that no cue reaches are kept with
//! `weak` set: they are found under a caret and not proposed.

use std::ops::Range;

use super::block::{Block, Word};
use super::clause::{self, Clause};
use super::cue::{self, Cue};
use super::language::Flags;
use super::marks::Quotation;
use crate::text::{Span, Spans};

/// A quotation without a cue is proposed if it has at least so many words.
const SPEAKS_FOR_ITSELF: usize = 6;

/// A quote as the rules see it, before the speaker is chosen.
#[derive(Clone, Debug)]
pub struct Found {
    /// `direct`, `indirect` or `mixed`.
    pub kind: &'static str,
    /// What was said.
    pub content: Spans,
    /// What introduces it.
    pub cue: Option<Spans>,
    /// The words that hold the speaker.
    pub subject: Option<Span>,
    /// The words of the sentence before the cue, and those after it where the subject stands before it: where the speaker
    /// is looked for if the subject names nobody.
    pub lead: Option<Span>,
    /// See `lead`.
    pub other: Option<Span>,
    /// Whether the subject stands after the cue.
    pub inverted: bool,
    /// Too uncertain to be proposed.
    pub weak: bool,
    /// Whether the next paragraph goes on with it.
    pub goes_on: bool,
    /// Whether it begins its block.
    pub begins_block: bool,
    /// The paragraph, as the byte where its block begins.
    pub block_start: u32,
}

/// The quotes of a block in the order of the text.
pub fn quotes(block: &Block<'_>) -> Vec<Found> {
    let outer: Vec<Quotation> = block.quotations.iter().filter(|q| q.depth == 0).copied().collect();
    let mut used: Vec<Range<usize>> = Vec::new();
    let mut found: Vec<(usize, Found)> = Vec::new();
    let mut rest: Vec<Quotation> = Vec::new();
    let mut at = 0;
    while let Some(quotation) = outer.get(at) {
        let Some(direct) = direct(block, quotation, outer.get(at + 1)) else {
            rest.push(*quotation);
            at += 1;
            continue;
        };
        let mut parts = vec![*quotation];
        let mut cue = direct;
        while let Some(next) = outer.get(at + 1) {
            let last = parts.last().copied().unwrap_or(*quotation);
            if !continues(block, &last, next, cue.as_ref(), parts.len(), outer.get(at + 2)) {
                break;
            }
            parts.push(*next);
            at += 1;
            // A cue only counts between the first two parts.
            cue = cue.take();
        }
        if let Some(cue) = &cue {
            used.push(cue.words.start.min(cue.particle.unwrap_or(usize::MAX))..cue.end().max(cue.words.end));
        }
        found.push((quotation.open, make_direct(block, &parts, cue)));
        at += 1;
    }
    mixed_and_indirect(block, &rest, &used, &mut found);
    found.sort_by_key(|(open, _)| *open);
    found.into_iter().map(|(_, found)| found).collect()
}

/// Whether a quotation is direct speech by its place; with its cue, if it has one.
#[expect(clippy::option_option, reason = "not direct, direct without a cue, direct with one")]
fn direct(block: &Block<'_>, quotation: &Quotation, next: Option<&Quotation>) -> Option<Option<Cue>> {
    let sentence = block.sentence_of(quotation.open);
    let previous = quotation.open.checked_sub(1).filter(|at| *at >= sentence.start).and_then(|at| block.word(at));
    let starts = previous.is_none_or(|word| !word.is_word() && !word.is_comma() && !word.is_char(':'))
        && (sentence.start..quotation.open).all(|at| block.word(at).is_some_and(|w| !w.is_word()))
        || previous.is_some_and(Word::is_stop);
    let last = quotation.inside().end.checked_sub(1).and_then(|at| block.word(at));
    let following = block.word(quotation.end);
    let stops_inside = last.is_some_and(Word::is_stop);
    let dots = last.is_some_and(|word| matches!(word.first, '.' | '。'));
    let pauses_inside = last.is_some_and(|word| word.is_comma() || word.is_dash() || word.is_stop() && !dots);
    let pauses_outside = following.is_some_and(|word| word.is_comma() || word.is_dash());
    let ends = following.is_none_or(Word::is_stop) || stops_inside && starts_sentence(block, quotation.end);
    let limit = next.map_or(block.words.len(), |next| next.open);

    let before = || cue::before(block, quotation.open, &sentence).filter(|cue| !cue.flags.is(Flags::SOURCE));
    let no_conjunction = |cue: &Cue| (cue.words.end..quotation.open).all(|at| !block.flags(at).is(Flags::THAT));
    let after = || {
        let found = if dots && !pauses_outside && starts_sentence(block, quotation.end) {
            None
        } else {
            cue::after(block, quotation.end, pauses_inside || pauses_outside)
        };
        found.filter(|cue| cue.words.start < limit)
    };
    let colon = previous.is_some_and(|word| word.is_char(':'));
    if colon {
        let cue = before().or_else(|| announced(block, quotation.open, &sentence)).or_else(after);
        return Some(cue);
    }
    if starts {
        if let Some(cue) = after() {
            return Some(Some(cue));
        }
        let short = block.count(quotation.inside()) < 3;
        // The clause goes on after the marks: they hold a part of it.
        return (ends || pauses_inside && !short || quotation.open + 1 == quotation.end).then_some(None);
    }
    let comma = previous.is_some_and(Word::is_comma);
    // `Anna said, "…"`, `Anna told Bob "…"`
    if let Some(cue) = before().filter(no_conjunction) {
        let between = cue.words.end..quotation.open;
        let adjacent = block.count(between.clone()) <= if comma { 16 } else { 3 };
        let speech = ends || pauses_inside || pauses_outside;
        let sentence_inside = block.word(quotation.open + 1).is_some_and(Word::is_capital);
        let clause = !cue.inverted && has_clause(block, &between) && !comma;
        if adjacent && !clause && (speech && (comma || between.is_empty() || sentence_inside) || comma && stops_inside)
        {
            return Some(Some(cue));
        }
    }
    // `She turned to him. – "…," she said`: a quotation in the middle that has its own cue after it.
    let whole = block.count(quotation.inside()) >= 3;
    if (comma || previous.is_some_and(Word::is_dash) || pauses_inside && whole)
        && block.word(quotation.open + 1).is_some_and(Word::is_capital)
        && let Some(cue) = after().filter(|cue| cue.words.start < sentence.end)
    {
        return Some(Some(cue));
    }
    None
}

/// Whether the words between a cue and a quotation are more than whom it was told.
fn has_clause(block: &Block<'_>, between: &Range<usize>) -> bool {
    block.count(between.clone()) > 3
}

fn starts_sentence(block: &Block<'_>, at: usize) -> bool {
    block.word(at).is_none_or(|word| !word.first.is_lowercase())
}

/// `Anna Berg: "…"`: a name and a colon.
fn announced(block: &Block<'_>, open: usize, sentence: &Range<usize>) -> Option<Cue> {
    let subject = sentence.start..open.checked_sub(1)?;
    let short = block.count(subject.clone()) <= 8 && block.word(subject.start).is_some_and(Word::is_capital);
    short.then(|| Cue { words: open..open, particle: None, subject, inverted: false, flags: Flags::default() })
}

/// Whether `next` goes on with what `last` began: only an attribution stands between the two, and no cue of its own
/// follows the second.
fn continues(
    block: &Block<'_>,
    last: &Quotation,
    next: &Quotation,
    cue: Option<&Cue>,
    parts: usize,
    third: Option<&Quotation>,
) -> bool {
    let Some(cue) = cue else {
        return false;
    };
    let between = last.end..next.open;
    if parts > 1 || !between.contains(&cue.words.start) || block.count(between.clone()) > 25 {
        return false;
    }
    let Some(before) = next.open.checked_sub(1).and_then(|at| block.word(at)) else {
        return false;
    };
    let same_sentence = before.is_comma() || before.is_dash() || before.is_char(';');
    let stops =
        between.clone().filter(|at| block.word(*at).is_some_and(Word::is_stop) && block.sentence_of(*at).end == at + 1);
    let one_sentence = before.is_stop() && stops.count() <= 1;
    if !(same_sentence || one_sentence) {
        return false;
    }
    // Another cue in between says something of its own (“…,” Anna said, but Bob replied: “…”).
    let others = (cue.end()..next.open)
        .any(|at| !cue.holds(at) && cue::hit(block, at).is_some_and(|(_, f)| f.is(Flags::VERB) && !f.is(Flags::NOUN)));
    if others || before.is_char(':') {
        return false;
    }
    let limit = third.map_or(block.words.len(), |third| third.open);
    let pause = next.inside().end.checked_sub(1).and_then(|at| block.word(at)).is_some_and(|word| !word.is_char('.'));
    let own = cue::after(block, next.end, pause).filter(|own| own.words.start < limit);
    own.is_none() && (same_sentence || block.word(next.open + 1).is_some_and(|word| !word.first.is_lowercase()))
}

fn make_direct(block: &Block<'_>, parts: &[Quotation], cue: Option<Cue>) -> Found {
    let content: Spans = parts.iter().filter_map(|part| block.span(&(part.open..part.end))).collect();
    let words: usize = parts.iter().map(|part| block.count(part.inside())).sum();
    let last = parts.last();
    let stops = last
        .is_some_and(|part| part.inside().end.checked_sub(1).and_then(|at| block.word(at)).is_some_and(Word::is_stop));
    // A line of a dialogue: a sentence in marks, at the start of its paragraph.
    let line = parts.first().is_some_and(|part| part.open == 0) && stops;
    let weak = cue.is_none() && words < SPEAKS_FOR_ITSELF && !line || words == 0;
    let goes_on = last.is_some_and(|part| !part.closed && part.end == block.words.len());
    let begins_block = parts.first().is_some_and(|part| part.open == 0);
    finish(block, "direct", content, cue, weak, goes_on, begins_block)
}

/// The words of its sentence before a cue, and a few after it.
pub fn around(block: &Block<'_>, cue: &Cue) -> (Option<Span>, Option<Span>) {
    let lead = block.sentence_of(cue.words.start).start..cue.words.start;
    let after = cue.words.end..(cue.words.end + 6).min(block.sentence_of(cue.words.start).end);
    let ends = after.clone().find(|at| block.word(*at).is_some_and(|word| !word.is_word())).unwrap_or(after.end);
    let other = (!cue.inverted).then(|| block.span(&(after.start..ends))).flatten();
    (block.span(&lead), other)
}

fn finish(
    block: &Block<'_>,
    kind: &'static str,
    content: Spans,
    cue: Option<Cue>,
    weak: bool,
    goes_on: bool,
    begins_block: bool,
) -> Found {
    let spans = cue.as_ref().map(|cue| cue.spans(block)).filter(|spans| !spans.is_empty());
    let subject = cue.as_ref().and_then(|cue| block.span(&cue.subject));
    let inverted = cue.as_ref().is_some_and(|cue| cue.inverted);
    let block_start = block.word(0).map_or(0, |word| word.span.start.0);
    let (lead, other) = cue.as_ref().map_or((None, None), |cue| around(block, cue));
    Found { kind, content, cue: spans, subject, lead, other, inverted, weak, goes_on, begins_block, block_start }
}

/// Clauses that cues report, and the quotations that are left.
fn mixed_and_indirect(block: &Block<'_>, rest: &[Quotation], used: &[Range<usize>], found: &mut Vec<(usize, Found)>) {
    let direct: Vec<(Span, usize)> = found.iter().flat_map(|(o, f)| f.content.iter().map(|s| (*s, *o))).collect();
    let mut left = rest.iter().peekable();
    let mut used = used.iter().peekable();
    let mut direct = direct.into_iter().peekable();
    for sentence in &block.sentences {
        let Some(span) = block.span(sentence) else {
            continue;
        };
        while used.next_if(|range| range.end <= sentence.start).is_some() {}
        let here: Vec<&Range<usize>> = used.clone().take_while(|range| range.start < sentence.end).take(64).collect();
        while direct.next_if(|(d, _)| d.end <= span.start).is_some() {}
        let quoted: Vec<Span> = direct.clone().map(|(d, _)| d).take_while(|d| d.start < span.end).take(64).collect();
        let clauses = clause::clauses(block, sentence, false, |at| here.iter().any(|range| range.contains(&at)));
        let mut kept: Vec<Clause> = Vec::new();
        for clause in clauses {
            let spans = spans_of(block, &clause);
            let clashes = quoted.iter().any(|d| spans.iter().any(|s| s.overlaps(*d)));
            if !clashes && !spans.is_empty() {
                kept.push(clause);
            }
        }
        let mut mixed = vec![false; kept.len()];
        while let Some(quotation) = left.next_if(|q| q.open < sentence.end) {
            let holder = kept.iter().position(|clause| {
                clause.content.iter().any(|range| range.start <= quotation.open && quotation.end <= range.end)
            });
            match holder {
                Some(i) => mixed.iter_mut().skip(i).take(1).for_each(|flag| *flag = true),
                None => found.push((quotation.open, fragment(block, quotation, sentence))),
            }
        }
        for (clause, is_mixed) in kept.into_iter().zip(mixed) {
            let content = spans_of(block, &clause);
            let open = clause.content.first().map_or(0, |range| range.start);
            let kind = if is_mixed { "mixed" } else { "indirect" };
            found.push((open, finish(block, kind, content, Some(clause.cue), false, false, false)));
        }
    }
}

/// The content of a clause as spans.
pub fn spans_of(block: &Block<'_>, clause: &Clause) -> Spans {
    let mut spans: Spans = clause.content.iter().filter_map(|range| block.span(range)).collect();
    crate::text::normalise(&mut spans);
    spans
}

/// A few words in marks inside a sentence that reports nothing else.
fn fragment(block: &Block<'_>, quotation: &Quotation, sentence: &Range<usize>) -> Found {
    let naming = cue::naming(block, quotation.open, sentence);
    let inner = quotation.inside();
    let words = block.count(inner.clone());
    let content: Spans = block.span(&(quotation.open..quotation.end)).into_iter().collect();
    // A name in marks (the „Washington Post“) has capitals and no sentence.
    let title = block
        .words
        .get(inner)
        .unwrap_or_default()
        .iter()
        .filter(|w| w.is_word())
        .all(|w| w.is_capital() || w.flags.is(Flags::ARTICLE.with(Flags::PREPOSITION)));
    let near = naming.filter(|cue| block.count(cue.words.end..quotation.open) <= 14);
    if let Some(cue) = near {
        return finish(block, "direct", content, Some(cue), title, false, false);
    }
    let cue = cue::before(block, quotation.open, sentence).or_else(|| cue::after(block, quotation.end, false));
    let weak = words < if cue.is_some() { 2 } else { SPEAKS_FOR_ITSELF } || title;
    let goes_on = !quotation.closed && quotation.end == block.words.len();
    finish(block, "direct", content, cue, weak, goes_on, quotation.open == 0)
}
