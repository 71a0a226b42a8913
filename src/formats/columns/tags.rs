//! Tags of words: `O`, or where in a mention the word stands and the mention's label (`B-Person`).
//!
//! Knows the schemes that are in use, how mentions become tags and tags mentions; nothing of files.

use crate::formats::align::TokenMention;

/// How the place of a word in a mention is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `B` begins every mention, `I` goes on. Also called IOB2.
    Bio,
    /// `I` everywhere; `B` only where a mention follows one of the same label. The scheme of CoNLL-2003 itself.
    Iob1,
    /// `B`, `I`, `E` ends, `S` is the only word.
    Bioes,
    /// `B`, `I`, `L` is the last, `U` the only word.
    Biluo,
}

impl Scheme {
    /// The names of the schemes, the default first.
    pub const NAMES: &'static [&'static str] = &["bio", "iob1", "bioes", "biluo"];

    /// The scheme of a name; the default for any other.
    pub fn of(name: &str) -> Self {
        match name {
            "iob1" => Self::Iob1,
            "bioes" => Self::Bioes,
            "biluo" => Self::Biluo,
            _ => Self::Bio,
        }
    }

    /// The letter of a word of a mention. `follows_same`: the word before, in the same sentence, ends a mention of the same
    /// label.
    fn letter(self, is_first: bool, is_last: bool, follows_same: bool) -> char {
        match (self, is_first, is_last) {
            (Self::Iob1, true, _) if follows_same => 'B',
            (Self::Bioes, true, true) => 'S',
            (Self::Biluo, true, true) => 'U',
            (Self::Bioes, false, true) => 'E',
            (Self::Biluo, false, true) => 'L',
            (Self::Bio, true, _) | (Self::Bioes | Self::Biluo, true, false) => 'B',
            _ => 'I',
        }
    }
}

/// The tags of the tokens of one sentence in one layer, whose mentions are in order, do not overlap, and do not leave the
/// sentence.
pub fn of_sentence(scheme: Scheme, layer: &[TokenMention], sentence: std::ops::Range<usize>) -> Vec<String> {
    let mut tags = vec!["O".to_owned(); sentence.len()];
    let mut before: Option<&TokenMention> = None;
    let from = layer.partition_point(|mention| mention.end <= sentence.start);
    for mention in layer.get(from..).unwrap_or_default().iter().take_while(|m| m.first < sentence.end) {
        let follows_same = before.is_some_and(|other| other.end == mention.first && other.label == mention.label);
        for token in mention.first..mention.end {
            let letter = scheme.letter(token == mention.first, token + 1 == mention.end, follows_same);
            if let Some(tag) = token.checked_sub(sentence.start).and_then(|at| tags.get_mut(at)) {
                *tag = format!("{letter}-{}", mention.label);
            }
        }
        before = Some(mention);
    }
    tags
}

/// Where in a mention a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It begins a mention.
    Begin,
    /// It goes on with one.
    Inside,
    /// It is the last of several words.
    End,
    /// It is the only word.
    Single,
}

/// The tag of a word inside a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Where in the mention.
    pub place: Place,
    /// The label of the mention.
    pub label: &'a str,
}

/// A cell that is no tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTag;

/// Reads a tag: `None` is outside of every mention.
///
/// # Errors
/// [`NoTag`] if the cell is none.
pub fn parse(cell: &str) -> Result<Option<Tag<'_>>, NoTag> {
    if cell == "O" {
        return Ok(None);
    }
    let mut letters = cell.chars();
    let place = match letters.next() {
        Some('B') => Place::Begin,
        Some('I' | 'M') => Place::Inside,
        Some('E' | 'L') => Place::End,
        Some('S' | 'U') => Place::Single,
        _ => return Err(NoTag),
    };
    if !matches!(letters.next(), Some('-' | '_')) {
        return Err(NoTag);
    }
    let label = letters.as_str();
    if label.is_empty() || label.contains(char::is_whitespace) { Err(NoTag) } else { Ok(Some(Tag { place, label })) }
}

/// A mention that tags make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// Its label.
    pub label: &'a str,
    /// Its first word in the sentence.
    pub first: usize,
    /// The word after its last.
    pub end: usize,
}

/// What is known of the tags of a whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// `I` may begin a mention: every `B` follows a mention of its label.
    pub is_iob1: bool,
    /// Mentions have a last tag.
    pub has_ends: bool,
    /// Words have as many tags as they have mentions, and a mention may change its column.
    pub is_ragged: bool,
}

/// What scheme the sentences of a file follow. A sentence is the tags of each of its words, outermost first.
pub fn survey<'a, 's: 'a>(sentences: impl IntoIterator<Item = &'a [Vec<Option<Tag<'s>>>]>) -> Survey {
    let (mut has_ends, mut begins_freely, mut inside_begins) = (false, false, false);
    for sentence in sentences {
        let mut before: &[Option<Tag<'s>>] = &[];
        for word in sentence {
            for (layer, tag) in word.iter().enumerate() {
                let Some(tag) = tag else { continue };
                let follows_same = before.get(layer).copied().flatten().is_some_and(|other| other.label == tag.label);
                match tag.place {
                    Place::End | Place::Single => has_ends = true,
                    Place::Begin => begins_freely |= !follows_same,
                    Place::Inside => inside_begins |= !follows_same,
                }
            }
            before = word;
        }
    }
    Survey { is_iob1: inside_begins && !begins_freely && !has_ends, has_ends, is_ragged: false }
}

/// The mentions of a sentence, and, by word, which tags the scheme does not allow. Such a tag begins a mention or ends it,
/// as the scorer of `CoNLL` has it.
pub fn mentions<'s>(sentence: &[Vec<Option<Tag<'s>>>], survey: Survey) -> (Vec<Found<'s>>, Vec<(usize, String)>) {
    let (mut found, mut odd) = (Vec::new(), Vec::new());
    let mut open: Vec<Option<(&'s str, usize)>> = Vec::new();
    let mut close = |(label, first): (&'s str, usize), end: usize| found.push(Found { label, first, end });
    let unended = |label: &str| format!("the mention {label} has no last tag here");
    for (at, word) in sentence.iter().enumerate() {
        let mut before = std::mem::take(&mut open);
        for (layer, tag) in word.iter().enumerate() {
            let Some(tag) = tag else {
                open.push(None);
                continue;
            };
            let mut now = None;
            match tag.place {
                Place::Begin => now = Some((tag.label, at)),
                Place::Single => close((tag.label, at), at + 1),
                Place::Inside | Place::End => {
                    let is_same = |other: &Option<(&str, usize)>| other.is_some_and(|(label, _)| label == tag.label);
                    let own = before.get_mut(layer).filter(|other| is_same(other)).and_then(Option::take);
                    let any = || before.iter_mut().find(|other| is_same(other)).and_then(Option::take);
                    let continued = if survey.is_ragged { own.or_else(any) } else { own };
                    if continued.is_none() && !(survey.is_iob1 && tag.place == Place::Inside) {
                        let letter = if tag.place == Place::Inside { "I" } else { "last" };
                        odd.push((
                            at,
                            format!("the {letter} tag of {} goes on with no mention; it begins one", tag.label),
                        ));
                    }
                    let mention = continued.unwrap_or((tag.label, at));
                    match tag.place {
                        Place::End => close(mention, at + 1),
                        _ => now = Some(mention),
                    }
                }
            }
            open.push(now);
        }
        for mention in before.into_iter().flatten() {
            if survey.has_ends {
                odd.push((at.saturating_sub(1), unended(mention.0)));
            }
            close(mention, at);
        }
    }
    for mention in open.into_iter().flatten() {
        if survey.has_ends {
            odd.push((sentence.len().saturating_sub(1), unended(mention.0)));
        }
        close(mention, sentence.len());
    }
    found.sort_by_key(|mention| (mention.first, std::cmp::Reverse(mention.end)));
    (found, odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(mentions: &[(&str, usize, usize)]) -> Vec<TokenMention> {
        let one = |(label, first, end): &(&str, usize, usize)| TokenMention {
            id: "m1".into(),
            label: (*label).to_owned(),
            first: *first,
            end: *end,
        };
        mentions.iter().map(one).collect()
    }

    fn read(tags: &str) -> (Vec<(String, usize, usize)>, usize) {
        let words: Vec<Vec<_>> = tags.split(' ').map(|tag| vec![parse(tag).expect("a tag")]).collect();
        let (found, odd) = mentions(&words, survey([words.as_slice()]));
        (found.into_iter().map(|m| (m.label.to_owned(), m.first, m.end)).collect(), odd.len())
    }

    #[test]
    fn every_scheme_is_written_and_read() {
        let mentions = [("P", 0, 1), ("P", 1, 3), ("Q", 3, 6), ("P", 7, 9)];
        let expected: Vec<_> = mentions.iter().map(|(l, a, b)| ((*l).to_owned(), *a, *b)).collect();
        for (name, tags) in [
            ("bio", "B-P B-P I-P B-Q I-Q I-Q O B-P I-P"),
            ("iob1", "I-P B-P I-P I-Q I-Q I-Q O I-P I-P"),
            ("bioes", "S-P B-P E-P B-Q I-Q E-Q O B-P E-P"),
            ("biluo", "U-P B-P L-P B-Q I-Q L-Q O B-P L-P"),
        ] {
            assert_eq!(of_sentence(Scheme::of(name), &layer(&mentions), 0..9).join(" "), tags, "{name}");
            assert_eq!(read(tags), (expected.clone(), 0), "{name}");
        }
    }

    #[test]
    fn tags_that_the_scheme_does_not_allow_begin_a_mention_and_are_told() {
        assert_eq!(read("B-P I-Q O B-P"), (vec![("P".into(), 0, 1), ("Q".into(), 1, 2), ("P".into(), 3, 4)], 1));
        assert_eq!(read("O E-P B-Q O"), (vec![("P".into(), 1, 2), ("Q".into(), 2, 3)], 2));
        assert_eq!(read("I-P I-P O I-Q"), (vec![("P".into(), 0, 2), ("Q".into(), 3, 4)], 0));
    }

    #[test]
    fn other_spellings_are_tags_and_words_are_none() {
        assert_eq!(parse("B_LOC"), Ok(Some(Tag { place: Place::Begin, label: "LOC" })));
        assert_eq!(parse("M-creative-work"), Ok(Some(Tag { place: Place::Inside, label: "creative-work" })));
        for word in ["", "B", "B-", "X-P", "-", "_", "-X-", "Über", "I-a b", "o"] {
            assert_eq!(parse(word), Err(NoTag), "{word:?}");
        }
    }

    #[test]
    fn in_ragged_rows_a_mention_may_change_its_column() {
        let rows = ["B-D", "I-D B-O", "I-O", "B-A B-D", "I-D I-A"];
        let words: Vec<Vec<_>> =
            rows.iter().map(|row| row.split(' ').map(|tag| parse(tag).expect("a tag")).collect()).collect();
        let survey = Survey { is_ragged: true, ..survey([words.as_slice()]) };
        let (found, odd) = mentions(&words, survey);
        let found: Vec<_> = found.iter().map(|m| (m.label, m.first, m.end)).collect();
        assert_eq!(found, [("D", 0, 2), ("O", 1, 3), ("D", 3, 5), ("A", 3, 5)]);
        assert_eq!(odd, []);
    }
}
