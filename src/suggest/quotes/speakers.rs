//! Who may have said a quote.
//!
//! Candidates in the order of the sieves of Muzny et al. (2017) and, before them, of Elson and McKeown (2010,
//! “Automatic attribution of quoted speech in literary narrative”) and the Stanford `QuoteLi` annotations: the subject of
//! the cue; a pronoun, and the last mention that fits it; the speaker of the quote before it in the same paragraph; in
//! a dialogue, the speaker of the quote before the last; the nearest mention after, the nearest before. Within a
//! subject, people come before bodies and bodies before places, because that is who speaks in news.
//!
//! Only the surroundings are looked at.

use super::SpeakerCandidate;
use super::find::Found;
use super::language::{Flags, Language};
use crate::model::{Document, Filler, Id, Mention, Part};
use crate::text::{BytePos, Span, Text};

/// The most candidates.
const MOST: usize = 9;
/// How many bytes around a quote are looked at for mentions.
const NEAR: u32 = 1500;
/// The most mentions that are looked at around a quote.
const MOST_NEAR: usize = 400;

/// What came before in the article.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// The last quote and the one before it: the block they stand in, and the first candidate.
    last: [Option<(u32, Filler)>; 2],
}

impl Before {
    /// The next quote has been given its speakers.
    pub fn push(&mut self, found: &Found, speakers: &[SpeakerCandidate]) {
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

/// The languages and the text, for words.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The document.
    pub document: &'a Document,
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
        let tokens = self.text().tokens();
        let first = tokens.partition_point(|token| token.start < span.start);
        let last = tokens.partition_point(|token| token.end <= span.end).max(first);
        tokens.get(first..last).unwrap_or_default()
    }

    /// The token before a position.
    fn token_before(&self, pos: BytePos) -> Option<Span> {
        let at = self.text().tokens().partition_point(|token| token.end <= pos);
        at.checked_sub(1).and_then(|i| self.text().tokens().get(i)).copied()
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
    let near = reader.near(around);
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
            // Nobody is named: in a dialogue two take turns.
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
    let pronoun = pronoun_of(reader, subject);
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

/// The pronoun that a subject consists of, if it does.
fn pronoun_of(reader: Reader<'_>, subject: Span) -> Option<(Span, Flags)> {
    let tokens = reader.tokens(subject);
    let words = || tokens.iter().filter(|token| reader.text().slice(**token).chars().any(char::is_alphanumeric));
    let (first, last) = (words().next()?, words().next_back()?);
    for token in [last, first] {
        let flags = reader.flags(*token);
        if flags.is(Flags::PRONOUN) && words().count() <= 3 {
            return Some((*token, flags));
        }
    }
    None
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
        if is_capital(token) {
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
    // A phrase without a name: up to the first comma or preposition after a noun.
    let stop = tokens.iter().skip(2).find(|token| {
        let slice = reader.text().slice(**token);
        slice == "," || found.inverted && reader.flags(**token).is(Flags::PREPOSITION)
    });
    let end = stop.and_then(|stop| reader.token_before(stop.start)).map_or(subject.end, |token| token.end);
    let end = end.min(subject.end);
    (subject.start < end).then_some(Span::new(subject.start, end))
}

fn in_content(found: &Found, span: Span) -> bool {
    found.content.iter().any(|content| content.overlaps(span))
}

/// The nearest mentions, people first: in the same paragraph before and after, then further back.
fn nearest(list: &mut Candidates<'_>, near: &[(Span, &Mention)], found: &Found) {
    let around = surroundings(found);
    let people = |label: &str| rank(label).is_some_and(|rank| rank <= 1);
    let before = near.iter().rev().filter(|(span, m)| span.end <= around.start && people(&m.label));
    let after =
        near.iter().filter(|(span, m)| span.start >= around.start && people(&m.label) && !in_content(found, *span));
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
