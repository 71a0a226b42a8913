//! Which quote is meant by a caret or a selection.

use super::block::Block;
use super::clause;
use super::cue;
use super::find::{self, Found};
use super::language::{Flags, Language};
use super::segmentation::Segmentation;
use crate::text::{Span, Spans};

/// The quote under a place, among those found around it.
pub fn choose(
    segmentation: &Segmentation<'_>,
    languages: &[&'static Language],
    found: &[Found],
    place: Span,
) -> Option<Found> {
    let block = block_around(segmentation, languages, place);
    if let Some(inner) = block.as_ref().and_then(|block| nested(block, place)) {
        return Some(inner);
    }
    // Content before cue, the shorter before the longer: a selected cue inside another quote is a cue.
    let touches = |span: &Span| span.start <= place.end && place.start <= span.end;
    let on_cue = |quote: &&Found| quote.cue.iter().flatten().any(|span| inside(*span, place));
    if let Some(quote) = found.iter().find(on_cue) {
        return Some(quote.clone());
    }
    let held = found.iter().filter(|quote| quote.content.iter().any(|span| inside(*span, place)));
    let length = |quote: &&Found| quote.content.iter().map(|span| span.len()).sum::<u32>();
    let in_marks = block.as_ref().is_some_and(|block| {
        block.quotations.iter().any(|q| block.span(&(q.open..q.end)).is_some_and(|span| touches(&span)))
    });
    let loose = || block.as_ref().and_then(|block| reported(block, place));
    if let Some(quote) = held.min_by_key(length) {
        // A cue inside it asks for what that cue reports; inside marks only when it is selected.
        let on_cue = (!in_marks || !place.is_empty()) && on_verb(block.as_ref(), place);
        return Some(if on_cue { loose().unwrap_or_else(|| quote.clone()) } else { quote.clone() });
    }
    if let Some(quote) = found.iter().filter(|quote| quote.content.iter().any(touches)).min_by_key(length) {
        return Some(quote.clone());
    }
    if let Some(quote) = loose() {
        return Some(quote);
    }
    beside(block.as_ref()?, found, place)
}

/// Whether the place lies in a span or at one of its edges; a selection may also cover it.
fn inside(span: Span, place: Span) -> bool {
    span.start <= place.start && place.end <= span.end || !place.is_empty() && place.covers(span)
}

/// The block that holds a place.
fn block_around<'a>(
    segmentation: &'a Segmentation<'a>,
    languages: &'a [&'static Language],
    place: Span,
) -> Option<Block<'a>> {
    let Segmentation { text, tokens, sentences } = segmentation;
    let paragraph = *text.paragraphs().get(text.paragraph_at(place.start))?;
    let floor = crate::text::BytePos(place.start.0.saturating_sub(8_000));
    let start = if paragraph.start < floor {
        let next = sentences.partition_point(|sentence| sentence.start < floor);
        // One sentence longer than that has no such place.
        sentences.get(next).map(|sentence| sentence.start).filter(|start| *start <= place.start).unwrap_or(floor)
    } else {
        paragraph.start
    };
    let first = tokens.partition_point(|token| token.start < start);
    let first = first.min(tokens.len().checked_sub(1)?);
    let token = tokens.get(first)?;
    (token.start <= paragraph.end).then(|| Block::at_token(segmentation, languages, first)).flatten()
}

/// The quotation inside another that holds the place.
fn nested(block: &Block<'_>, place: Span) -> Option<Found> {
    let holds = |span: Span| span.start <= place.start && place.end <= span.end;
    let inner = block.quotations.iter().filter(|q| q.depth > 0 && q.closed);
    let quotation = inner.filter(|q| block.span(&(q.open..q.end)).is_some_and(holds)).max_by_key(|q| q.depth)?;
    let around = block.sentence_of(quotation.open);
    let outer = block.quotations.iter().rfind(|q| q.depth + 1 == quotation.depth && q.open < quotation.open);
    let floor = outer.map_or(around.start, |outer| outer.open + 1);
    let inside = |at: usize| outer.is_none_or(|outer| outer.open < at && at < outer.end);
    let last = quotation.inside().end.checked_sub(1).and_then(|at| block.word(at));
    let pause = last.is_some_and(|word| !word.is_char('.'));
    let cue = nested_cue(block, floor, quotation.open)
        .or_else(|| nested_cue_after(block, quotation.end, pause))
        .filter(|cue| inside(cue.words.start));
    let content: Spans = block.span(&(quotation.open..quotation.end)).into_iter().collect();
    let spans = cue.as_ref().map(|cue| cue.spans(block));
    Some(Found {
        kind: "direct",
        content,
        cue: spans,
        subject: cue.as_ref().and_then(|cue| block.span(&cue.subject)),
        lead: cue.as_ref().and_then(|cue| find::around(block, cue).0),
        other: cue.as_ref().and_then(|cue| find::around(block, cue).1),
        inverted: cue.as_ref().is_some_and(|cue| cue.inverted),
        weak: false,
        goes_on: false,
        begins_block: false,
        block_start: block.word(0).map_or(0, |word| word.span.start.0),
    })
}

/// The cue before a nested quotation, within the outer one.
fn nested_cue(block: &Block<'_>, floor: usize, open: usize) -> Option<cue::Cue> {
    for at in (floor.max(open.saturating_sub(12))..open).rev() {
        let word = block.word(at)?;
        if word.is_stop() || word.is_char(';') {
            return None;
        }
        if let Some((length, flags)) = cue::hit(block, at)
            && flags.is(Flags::VERB)
            && at + length <= open
        {
            return Some(cue::with_subject(block, at..at + length, None, flags, floor..open));
        }
    }
    None
}

/// The cue right after a nested quotation.
fn nested_cue_after(block: &Block<'_>, end: usize, pause: bool) -> Option<cue::Cue> {
    for at in end..end + if pause { 8 } else { 2 } {
        let word = block.word(at)?;
        if word.is_stop() {
            return None;
        }
        if let Some((length, flags)) = cue::hit(block, at)
            && flags.is(Flags::VERB)
        {
            return Some(cue::with_subject(block, at..at + length, None, flags, end..end + 16));
        }
    }
    None
}

/// Whether the place is on a verb that may be a cue.
fn on_verb(block: Option<&Block<'_>>, place: Span) -> bool {
    let Some(block) = block else {
        return false;
    };
    word_at(block, place).is_some_and(|at| {
        let wanted = Flags::VERB.with(Flags::NAMES).with(Flags::SOURCE);
        cue::particle(block, at).is_some() || cue::hit(block, at).is_some_and(|(_, flags)| flags.is(wanted))
    }) && place.len() < 40
}

fn word_at(block: &Block<'_>, place: Span) -> Option<usize> {
    let at = block.words.partition_point(|word| word.span.end < place.start.max(crate::text::BytePos(1)));
    let word = block.word(at)?;
    // A caret between two words is at the one that starts there.
    let next = block.word(at + 1).filter(|next| next.span.start == place.start && word.span.end == place.start);
    if next.is_some() {
        return Some(at + 1);
    }
    (word.span.start <= place.end && place.start <= word.span.end).then_some(at)
}

/// Indirect speech by the loose rules: of the cue under the place, or of selected words.
fn reported(block: &Block<'_>, place: Span) -> Option<Found> {
    let at = word_at(block, place)?;
    let sentence = block.sentence_of(at);
    let selected = if place.is_empty() { None } else { selection(block, place) };
    // The first word of a selected cue may be an auxiliary.
    let starts = selected.clone().filter(|words| words.len() <= 4).unwrap_or(at..at + 1);
    for start in starts.start.saturating_sub(2)..starts.end {
        let hit = cue::hit(block, start).map_or(1, |(length, _)| length);
        if start + hit <= at && start < at {
            continue;
        }
        let end = sentence.end;
        let trimmed = trim(block, sentence.start, end);
        if let Some(clause) = clause::clause_of(block, start, trimmed, true) {
            let content = find::spans_of(block, &clause);
            let quoted = clause.content.iter().any(|range| range.clone().any(|at| block.quotation_of(at).is_some()));
            return Some(made(block, content, Some(clause.cue), quoted));
        }
    }
    let selected = selected.filter(|words| block.count(words.clone()) >= 2)?;
    let content: Spans = block.span(&trim(block, selected.start, selected.end)).into_iter().collect();
    let quoted = selected.clone().any(|at| block.quotation_of(at).is_some());
    Some(made(block, content, nearest_cue(block, &sentence, &selected), quoted))
}

/// A range without stops and commas at its edges.
fn trim(block: &Block<'_>, start: usize, end: usize) -> std::ops::Range<usize> {
    let is_mark = |at: usize| {
        block.word(at).is_some_and(|word| word.is_stop() || word.is_comma() || word.is_char(';'))
            && block.quotation_of(at).is_none()
    };
    let (mut start, mut end) = (start, end);
    while start < end && is_mark(start) {
        start += 1;
    }
    while start < end && is_mark(end - 1) {
        end -= 1;
    }
    start..end
}

fn selection(block: &Block<'_>, place: Span) -> Option<std::ops::Range<usize>> {
    let first = block.words.partition_point(|word| word.span.end <= place.start);
    let last = block.words.partition_point(|word| word.span.start < place.end);
    (first < last).then_some(first..last)
}

/// The cue of a sentence that stands nearest to selected words.
fn nearest_cue(
    block: &Block<'_>,
    sentence: &std::ops::Range<usize>,
    selected: &std::ops::Range<usize>,
) -> Option<cue::Cue> {
    let distance = |at: usize| if at < selected.start { selected.start - at } else { at - selected.end };
    let outside = sentence.clone().filter(|at| !selected.contains(at) && distance(*at) <= 24);
    let mut hits: Vec<(usize, cue::Cue)> = Vec::new();
    for at in outside {
        if let Some(source) = cue::source_at(block, at, sentence.end) {
            hits.push((distance(at), source));
        } else if let Some((length, flags)) = cue::hit(block, at).filter(|(_, flags)| flags.is(Flags::VERB)) {
            let weight = distance(at) + if flags.is(Flags::NOUN) { 24 } else { 0 };
            let within = if at < selected.start { sentence.start..selected.start } else { selected.end..sentence.end };
            hits.push((weight, cue::with_subject(block, at..at + length, cue::particle(block, at), flags, within)));
        }
    }
    hits.into_iter().min_by_key(|(weight, _)| *weight).map(|(_, cue)| cue)
}

fn made(block: &Block<'_>, content: Spans, cue: Option<cue::Cue>, quoted: bool) -> Found {
    Found {
        kind: if quoted { "mixed" } else { "indirect" },
        content,
        subject: cue.as_ref().and_then(|cue| block.span(&cue.subject)),
        lead: cue.as_ref().and_then(|cue| find::around(block, cue).0),
        other: cue.as_ref().and_then(|cue| find::around(block, cue).1),
        inverted: cue.as_ref().is_some_and(|cue| cue.inverted),
        cue: cue.map(|cue| cue.spans(block)),
        weak: false,
        goes_on: false,
        begins_block: false,
        block_start: block.word(0).map_or(0, |word| word.span.start.0),
    }
}

/// The nearest quote of the sentence, for a caret beside it.
fn beside(block: &Block<'_>, found: &[Found], place: Span) -> Option<Found> {
    let at = word_at(block, place).or_else(|| {
        let after = block.words.partition_point(|word| word.span.start < place.start);
        after.checked_sub(1).filter(|at| block.word(*at).is_some())
    })?;
    let sentence = block.span(&block.sentence_of(at))?;
    let near = found.iter().filter(|quote| {
        quote.content.iter().chain(quote.cue.iter().flatten()).chain(&quote.subject).any(|s| s.overlaps(sentence))
    });
    let distance = |quote: &&Found| {
        let gaps = quote
            .content
            .iter()
            .map(|span| span.start.0.saturating_sub(place.end.0).max(place.start.0.saturating_sub(span.end.0)));
        gaps.min().unwrap_or(u32::MAX)
    };
    near.min_by_key(distance).cloned()
}
