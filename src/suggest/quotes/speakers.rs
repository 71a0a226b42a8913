//! Who may have said a quote.
//!
//! Candidates in the order of the sieves of Muzny et al. (2017) and, before them, of Elson and `McKeown` (2010,
//! “Automatic attribution of quoted speech in literary narrative”) and the Stanford `QuoteLi` annotations: the subject of
//! the cue; a pronoun, and the last mention that fits it; the speaker of the quote before it in the same paragraph; in
//! a dialogue, the speaker of the quote before the last; the nearest mention after, the nearest before. Within a
//! subject, people come before bodies and bodies before places, because that is who speaks in news.
//!
//! Only the surroundings are looked at.

use std::collections::VecDeque;

use super::SpeakerCandidate;
use super::find::Found;
use super::language::{Flags, Language};
use super::segmentation::Segmentation;
use crate::model::{Document, Filler, Id, Mention, Part};
use crate::text::{BytePos, Span, Text};

/// The most candidates.
const MOST: usize = 9;
/// How many quotes back are remembered.
const SAID: usize = 16;
/// How many bytes around a quote are looked at for mentions.
const NEAR: u32 = 1500;
/// The most mentions that are looked at around a quote.
const MOST_NEAR: usize = 400;

/// What came before in the article.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// The last quote and the one before it: the block they stand in, and the first candidate.
    last: [Option<(u32, Filler)>; 2],
    /// What was said in the last quotes: who is named in there is spoken of, not speaking.
    said: VecDeque<Span>,
    /// Who is addressed in the last quote.
    addressed: Option<Id>,
}

impl Before {
    /// The next quote has been given its speakers.
    pub fn push(&mut self, reader: Reader<'_>, found: &Found, speakers: &[SpeakerCandidate]) {
        if found.kind == "direct" {
            self.said.extend(found.content.iter().copied());
            while self.said.len() > SAID {
                self.said.pop_front();
            }
            self.addressed = addressed(reader, found);
        }
        if let Some(first) = speakers.first() {
            self.last.rotate_right(1);
            self.last[0] = Some((found.block_start, first.filler.clone()));
        }
    }
}

/// How likely somebody with this label speaks; `None` for what cannot speak.
fn rank(label: &str) -> Option<u8> {
    let label = label.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| label.contains(part));
    if has(&[
        "date", "time", "money", "percent", "quantity", "number", "ordinal", "cardinal", "amount", "weapon", "duration",
    ]) {
        return None;
    }
    Some(if label == "per" || has(&["person", "character", "speaker", "people"]) {
        0
    } else if label == "org" || has(&["organi", "company", "media", "party"]) {
        1
    } else if label == "gpe" || has(&["country", "agreement", "document", "nation", "norp", "position", "title"]) {
        2
    } else {
        3
    })
}

/// Who is spoken to in a quote: a mention between a comma or a mark and another (`“Well, Bob, …”`).
fn addressed(reader: Reader<'_>, found: &Found) -> Option<Id> {
    let (first, last) = (found.content.first()?, found.content.last()?);
    let text = reader.text();
    let parts = |c: Option<char>| c.is_some_and(|c| matches!(c, ',' | '!' | '?' | '.') || super::marks::is_mark(c));
    let near = reader.near(Span::new(first.start, last.end));
    let calls = |span: &Span| {
        let before = text.slice(Span::new(first.start, span.start.max(first.start))).trim_end().chars().next_back();
        let after = text.slice(Span::new(span.end.min(last.end), last.end)).trim_start().chars().next();
        let named = reader.tokens(*span).first().is_some_and(|token| !reader.flags(*token).is(Flags::PRONOUN));
        first.start < span.start && span.end < last.end && parts(before) && parts(after) && named && before != Some('.')
    };
    let found =
        near.iter().find(|(span, mention)| rank(&mention.label) == Some(0) && in_content(found, *span) && calls(span));
    found.map(|(_, mention)| mention.id.clone())
}

/// The languages and the text, for words.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The document.
    pub document: &'a Document,
    /// The tokens of its text.
    pub segmentation: &'a Segmentation<'a>,
    /// The languages it is read in.
    pub languages: &'a [&'static Language],
}

impl Reader<'_> {
    fn text(&self) -> &Text {
        self.document.text()
    }

    fn flags(&self, span: Span) -> Flags {
        let word = super::language::lower(self.text(), span);
        self.languages.iter().fold(Flags::default(), |flags, language| flags.with(language.flags(&word)))
    }

    /// The mentions near a quote that may speak, in the order of the text, each with its first span.
    fn near(&self, around: Span) -> Vec<(Span, &Mention)> {
        let start = self.text().floor_boundary(BytePos(around.start.0.saturating_sub(NEAR)));
        let end = self.text().floor_boundary(BytePos(around.end.0.saturating_add(NEAR / 2)));
        let anchors = self.document.span_index().touching(Span::new(start, end));
        let mentions = anchors.into_iter().filter(|anchor| anchor.part == Part::Mention).take(MOST_NEAR);
        let mentions = mentions.filter_map(|anchor| Some((anchor.span, self.document.mentions().get(&anchor.id)?)));
        mentions.filter(|(_, mention)| rank(&mention.label).is_some()).collect()
    }

    /// The tokens of a span.
    fn tokens(&self, span: Span) -> &[Span] {
        let tokens = &self.segmentation.tokens;
        let first = tokens.partition_point(|token| token.start < span.start);
        let last = tokens.partition_point(|token| token.end <= span.end).max(first);
        tokens.get(first..last).unwrap_or_default()
    }

    /// The token before a position.
    fn token_before(&self, pos: BytePos) -> Option<Span> {
        let tokens = &self.segmentation.tokens;
        let at = tokens.partition_point(|token| token.end <= pos);
        at.checked_sub(1).and_then(|i| tokens.get(i)).copied()
    }
}

struct Candidates<'a> {
    reader: Reader<'a>,
    list: Vec<SpeakerCandidate>,
    entities: Vec<Id>,
}

impl Candidates<'_> {
    fn add(&mut self, filler: Filler, reason: &'static str) {
        if self.list.len() >= MOST || self.list.iter().any(|candidate| candidate.filler == filler) {
            return;
        }
        if let Filler::Mention(id) = &filler
            && let Some(entity) = self.reader.document.mentions().get(id).and_then(|mention| mention.entity.as_ref())
        {
            if self.entities.contains(entity) {
                return;
            }
            self.entities.push(entity.clone());
        }
        self.list.push(SpeakerCandidate { filler, reason });
    }

    fn mention(&mut self, mention: &Mention, reason: &'static str) {
        self.add(Filler::Mention(mention.id.clone()), reason);
    }

    fn words(&mut self, span: Span, reason: &'static str) {
        self.add(Filler::Span(std::iter::once(span).collect()), reason);
    }
}

/// Who may have said it, the likeliest first.
pub fn candidates(reader: Reader<'_>, found: &Found, before: &Before) -> Vec<SpeakerCandidate> {
    let around = surroundings(found);
    let mut near = reader.near(around);
    near.retain(|(span, _)| !before.said.iter().any(|said| said.overlaps(*span) && !in_content(found, *said)));
    let mut list = Candidates { reader, list: Vec::new(), entities: Vec::new() };
    let same_block = before.last[0].as_ref().filter(|(block, _)| *block == found.block_start);
    match found.subject {
        Some(subject) => {
            of_subject(&mut list, &near, found, subject);
            if let Some((_, filler)) = same_block {
                list.add(filler.clone(), "speaks before in the same paragraph");
            }
        }
        None => {
            if let Some((_, filler)) = same_block {
                list.add(filler.clone(), "speaks before in the same paragraph");
            }
            // Nobody is named by a cue: who does something in the same paragraph speaks.
            beside(&mut list, &near, found);
            if let Some(id) = &before.addressed {
                list.add(Filler::Mention(id.clone()), "is addressed before");
            }
            // In a dialogue two take turns.
            if found.kind == "direct"
                && let [Some(_), Some((_, filler))] = &before.last
            {
                list.add(filler.clone(), "takes turns in the dialogue");
            }
        }
    }
    nearest(&mut list, &near, found);
    if let Some((_, filler)) = &before.last[0] {
        list.add(filler.clone(), "speaks before");
    }
    list.list
}

/// The people in the words around a quotation, in its paragraph.
fn beside(list: &mut Candidates<'_>, near: &[(Span, &Mention)], found: &Found) {
    let reader = list.reader;
    let around = surroundings(found);
    let text = reader.text();
    let speaks = |(span, m): &&(Span, &Mention)| rank(&m.label) == Some(0) && can_be_subject(reader, *span);
    let line = |gap: Span| !text.slice(gap).contains(['\n', '\r']);
    let after = near.iter().filter(|(span, _)| span.start >= around.end).filter(speaks);
    let after = after.take_while(|(span, _)| line(Span::new(around.end, span.start))).next();
    let before = near.iter().rev().filter(|(span, _)| span.end <= around.start).filter(speaks);
    let before: Vec<&(Span, &Mention)> =
        before.take_while(|(span, _)| line(Span::new(span.end, around.start))).collect();
    // The first in its sentence is its subject.
    let sentence = |at: BytePos| reader.segmentation.sentence_at(at).map(|sentence| sentence.start);
    let last = before.first().and_then(|(span, _)| sentence(span.start));
    let subject = before.iter().rfind(|(span, _)| sentence(span.start) == last);
    for (_, mention) in subject.into_iter().copied().chain(after) {
        list.mention(mention, "stands beside the quotation");
    }
}

/// Whether the words of a mention can be a subject: no pronoun in another case (his, ihm).
fn can_be_subject(reader: Reader<'_>, span: Span) -> bool {
    let tokens = reader.tokens(span);
    let flags = tokens.first().map_or(Flags::default(), |token| reader.flags(*token));
    tokens.len() != 1 || !flags.is(Flags::PRONOUN) || flags.is(Flags::NOMINATIVE)
}

/// From the first to the last byte of a quote with its cue.
fn surroundings(found: &Found) -> Span {
    let cue = found.cue.iter().flatten();
    let spans = found.content.iter().chain(cue).chain(&found.subject);
    let start = spans.clone().map(|span| span.start).min().unwrap_or_default();
    let end = spans.map(|span| span.end).max().unwrap_or_default();
    Span::new(start, end)
}

/// The mentions in the subject of the cue, and its words where none is marked.
fn of_subject(list: &mut Candidates<'_>, near: &[(Span, &Mention)], found: &Found, subject: Span) {
    let reader = list.reader;
    let mut inside: Vec<(Span, &Mention)> =
        near.iter().filter(|(span, _)| subject.overlaps(*span) && !in_content(found, *span)).copied().collect();
    let hangs = |span: Span| {
        reader
            .token_before(span.start)
            .is_some_and(|token| token.start >= subject.start && reader.flags(token).is(Flags::PREPOSITION))
    };
    let pronoun = pronoun_of(reader, found, subject);
    let comma = |span: Span| reader.text().slice(Span::new(subject.start, span.start.max(subject.start))).contains(',');
    inside.sort_by_key(|(span, mention)| {
        let rank = rank(&mention.label).unwrap_or(u8::MAX);
        // Beside the verb: the first words of an inverted subject, the last of another.
        let distance = if found.inverted {
            span.start.0.saturating_sub(subject.start.0)
        } else {
            subject.end.0.saturating_sub(span.end.0)
        };
        let far_part = if found.inverted { hangs(*span) } else { hangs(*span) || comma(*span) && rank > 0 };
        // Of a name and the phrase around it, the people come first; among equals the longer one.
        (far_part, rank.min(3), distance, std::cmp::Reverse(span.len()))
    });
    if inside.is_empty() && pronoun.is_none() {
        // The subject is left out (“she turned and said”), or stands on the other side („Der Zeitung sagte Anna“).
        let in_part = |part: Option<Span>| {
            let part = part?;
            near.iter().find(|(span, m)| {
                part.covers(*span)
                    && !in_content(found, *span)
                    && rank(&m.label).is_some_and(|r| r <= 2)
                    && can_be_subject(reader, *span)
            })
        };
        let named = name_in(reader, found, subject).filter(|words| is_name(reader, *words));
        match (in_part(found.other), named, in_part(found.lead)) {
            (Some((_, mention)), _, _) => list.mention(mention, "beside the cue"),
            (None, None, Some((_, mention))) => list.mention(mention, "subject of the sentence"),
            _ => {}
        }
    }
    if inside.is_empty() {
        if let Some((words, _)) = pronoun {
            list.words(words, "subject of the cue");
        } else if let Some(words) = name_in(reader, found, subject) {
            list.words(words, "beside the cue");
        }
    }
    for (_, mention) in inside.iter().take(4) {
        list.mention(mention, "subject of the cue");
    }
    if let Some((words, flags)) = pronoun
        && let Some(mention) = antecedent(near, words, flags)
    {
        list.mention(mention, "the pronoun may stand for it");
    }
}

/// Whether words begin with a capital.
fn is_name(reader: Reader<'_>, span: Span) -> bool {
    reader.text().slice(span).chars().next().is_some_and(char::is_uppercase)
}

/// The pronoun that a subject consists of, if it does.
fn pronoun_of(reader: Reader<'_>, found: &Found, subject: Span) -> Option<(Span, Flags)> {
    let tokens = reader.tokens(subject);
    let words = || tokens.iter().filter(|token| reader.text().slice(**token).chars().any(char::is_alphanumeric));
    let (first, last) = (words().next()?, words().next_back()?);
    // The one beside the verb.
    let token = if found.inverted { first } else { last };
    let flags = reader.flags(*token);
    flags.is(Flags::NOMINATIVE).then_some((*token, flags))
}

/// The last mention before a pronoun that it can stand for.
fn antecedent<'a>(near: &[(Span, &'a Mention)], pronoun: Span, flags: Flags) -> Option<&'a Mention> {
    let human = flags.is(Flags::HE.with(Flags::SHE));
    let fits = |mention: &Mention| match rank(&mention.label) {
        Some(0) => human || flags.is(Flags::THEY),
        Some(1 | 2) => !human || flags.is(Flags::IT),
        _ => false,
    };
    near.iter().rev().find(|(span, mention)| span.end <= pronoun.start && fits(mention)).map(|(_, mention)| *mention)
}

/// The words in a subject that name somebody: the capitalised words beside the verb, else the phrase itself.
fn name_in(reader: Reader<'_>, found: &Found, subject: Span) -> Option<Span> {
    let tokens: Vec<Span> = reader.tokens(subject).to_vec();
    let is_capital = |token: &Span| {
        let word = reader.text().slice(*token);
        word.chars().next().is_some_and(char::is_uppercase)
            && !reader.flags(*token).is(Flags::TITLE.with(Flags::ARTICLE).with(Flags::PRONOUN))
    };
    let mut runs: Vec<Span> = Vec::new();
    let mut open = false;
    for token in &tokens {
        if open && reader.flags(*token).is(Flags::TITLE) {
            // “Foreign Minister Anna Berg”: what stands before the title belongs to it.
            runs.pop();
            open = false;
        } else if is_capital(token) {
            match runs.last_mut() {
                Some(run) if open => run.end = token.end,
                _ => runs.push(*token),
            }
            open = true;
        } else {
            // The hyphen of a double name and the dot of an initial.
            let slice = reader.text().slice(*token);
            open = open && matches!(slice, "-" | ".") && runs.last().is_some_and(|run| run.end == token.start);
        }
    }
    let hangs = |run: &Span| {
        reader
            .token_before(run.start)
            .is_some_and(|t| t.start >= subject.start && reader.flags(t).is(Flags::PREPOSITION))
    };
    let free = |run: &&Span| !hangs(run);
    let named = if found.inverted { runs.iter().find(free) } else { runs.iter().rev().find(free) };
    if let Some(run) = named {
        return Some(*run);
    }
    // A phrase without a name: from its article to the first comma or preposition.
    let begins =
        tokens.iter().find(|t| reader.flags(**t).is(Flags::ARTICLE.with(Flags::PRONOUN).with(Flags::TITLE)))?;
    let stop = tokens.iter().skip_while(|t| t.start <= begins.start).skip(1).find(|token| {
        let slice = reader.text().slice(**token);
        slice == "," || found.inverted && reader.flags(**token).is(Flags::PREPOSITION)
    });
    let end = stop.and_then(|stop| reader.token_before(stop.start)).map_or(subject.end, |token| token.end);
    let end = end.min(subject.end);
    (begins.start < end).then_some(Span::new(begins.start, end))
}

fn in_content(found: &Found, span: Span) -> bool {
    found.content.iter().any(|content| content.overlaps(span))
}

/// The nearest mentions, people first: in the same paragraph before and after, then further back.
fn nearest(list: &mut Candidates<'_>, near: &[(Span, &Mention)], found: &Found) {
    let around = surroundings(found);
    let reader = list.reader;
    let people = |span: Span, m: &Mention| rank(&m.label).is_some_and(|rank| rank <= 1) && can_be_subject(reader, span);
    let before = near.iter().rev().filter(|(span, m)| span.end <= around.start && people(*span, m));
    let after =
        near.iter().filter(|(span, m)| span.start >= around.start && people(*span, m) && !in_content(found, *span));
    let text = list.reader.text().clone();
    let same_line = |span: Span| {
        let gap = Span::new(span.end.min(around.end), span.start.max(around.end));
        !text.slice(gap).contains(['\n', '\r'])
    };
    let after: Vec<&Mention> = after.filter(|(span, _)| same_line(*span)).map(|(_, m)| *m).take(2).collect();
    let before: Vec<&Mention> = before.map(|(_, m)| *m).take(8).collect();
    for mention in after {
        list.mention(mention, "nearest after");
    }
    for mention in before {
        list.mention(mention, "nearest before");
    }
}
