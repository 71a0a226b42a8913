//! A document on its words: mentions, events with their arguments, relations and what refers to the same, and what that loses.

use crate::formats::align::{TokenMention, Tokens, on_tokens};
use crate::formats::{Holds, Loss, Treatment, losses, order};
use crate::model::{Document, Filler, Id};
use crate::text::{Span, Spans};

/// What a form can do.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// What it holds, as it declares it.
    pub holds: Holds,
    /// Whether arguments may stand in other sentences than the trigger.
    pub far_arguments: bool,
    /// Whether both ends of a relation may stand in two sentences.
    pub far_relations: bool,
    /// Whether words that are no mention can fill a role.
    pub words_fill: bool,
    /// Whether a trigger is the first of its words alone.
    pub short_triggers: bool,
}

/// Words that fill a role.
#[derive(Debug, PartialEq, Eq)]
pub struct Argument<'a> {
    pub role: &'a str,
    /// The first word, and the one after the last.
    pub words: (usize, usize),
    /// The number of the mention that it is.
    pub mention: Option<usize>,
}

/// An event on words.
#[derive(Debug)]
pub struct LaidEvent<'a> {
    pub id: &'a Id,
    pub r#type: &'a str,
    /// The first word of the trigger, and the one after the last.
    pub words: (usize, usize),
    pub arguments: Vec<Argument<'a>>,
}

/// See the module.
#[derive(Debug)]
pub struct Laid<'a> {
    pub document: &'a Document,
    pub tokens: Tokens,
    /// In the order of the text; each within one sentence.
    pub mentions: Vec<TokenMention>,
    pub events: Vec<LaidEvent<'a>>,
    /// Label and the numbers of both mentions.
    pub relations: Vec<(&'a Id, &'a str, usize, usize)>,
    /// Entities with the numbers of their mentions.
    pub clusters: Vec<Vec<usize>>,
    losses: Vec<Loss>,
}

impl<'a> Laid<'a> {
    pub fn of(document: &'a Document, rules: Rules) -> Self {
        let tokens = Tokens::of(document.text());
        let mut laid = Self {
            document,
            tokens,
            mentions: Vec::new(),
            events: Vec::new(),
            relations: Vec::new(),
            clusters: Vec::new(),
            losses: Vec::new(),
        };
        if rules.holds.mentions {
            laid.lay_mentions();
        }
        laid.lay_events(rules);
        if rules.holds.relations {
            laid.lay_relations(rules);
        }
        if rules.holds.entities {
            for entity in order::entities(document) {
                let of_entity = |m: &TokenMention| {
                    document.mentions().get(&m.id).is_some_and(|mention| mention.entity.as_ref() == Some(&entity.id))
                };
                let numbers = laid.mentions.iter().enumerate().filter(|(_, m)| of_entity(m)).map(|(nth, _)| nth);
                laid.clusters.push(numbers.collect());
            }
            laid.clusters.retain(|cluster| !cluster.is_empty());
        }
        laid
    }

    /// What is lost of a document, in all.
    pub fn losses(document: &Document, rules: Rules) -> Vec<Loss> {
        let told = Holds { other_fillers: true, mentions: true, ..rules.holds };
        let mut found = losses::that_follow(document, &told);
        found.extend(Laid::of(document, rules).losses);
        found
    }

    /// The sentence that words are in; `None` if they are in two.
    pub fn sentence(&self, (first, end): (usize, usize)) -> Option<usize> {
        let sentence = self.tokens.sentence_of(first);
        (sentence == self.tokens.sentence_of(end.saturating_sub(1))).then_some(sentence)
    }

    /// The words themselves.
    pub fn words(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.tokens.spans.iter().map(|span| self.document.text().slice(*span))
    }

    /// The words of each sentence.
    pub fn sentences(&self) -> Vec<Vec<&'a str>> {
        let words: Vec<&str> = self.words().collect();
        self.tokens.sentences.iter().map(|range| words.get(range.clone()).unwrap_or_default().to_vec()).collect()
    }

    /// From the first to the last of some words, as they stand in the text.
    pub fn text(&self, (first, end): (usize, usize)) -> &'a str {
        match (self.tokens.spans.get(first), self.tokens.spans.get(end.saturating_sub(1))) {
            (Some(first), Some(last)) => self.document.text().slice(Span::new(first.start, last.end)),
            _ => "",
        }
    }

    /// The first word of a sentence.
    pub fn first_of(&self, sentence: usize) -> usize {
        self.tokens.sentences.get(sentence).map_or(0, |range| range.start)
    }

    fn loses(&mut self, id: &Id, treatment: Treatment, what: &str) {
        self.losses.push(Loss::of(self.document, id, treatment, what));
    }

    fn lay_mentions(&mut self) {
        let (found, losses) = on_tokens(self.document, &self.tokens);
        self.losses.extend(losses);
        for mention in found {
            if self.sentence((mention.first, mention.end)).is_none() {
                self.loses(&mention.id, Treatment::Dropped, "is lost, it goes over the end of a sentence");
            } else {
                self.mentions.push(mention);
            }
        }
    }

    /// Where spans lie on words, from the first to the last.
    fn lay(&self, spans: &Spans) -> Option<(usize, usize, bool)> {
        let cover = Span::new(spans.first()?.start, spans.last()?.end);
        let aligned = self.tokens.align(cover)?;
        Some((aligned.first, aligned.end, aligned.is_exact))
    }

    fn lay_events(&mut self, rules: Rules) {
        let document = self.document;
        for event in order::events(document) {
            let Some((first, end, is_exact)) = self.lay(&event.trigger) else {
                self.loses(&event.id, Treatment::Dropped, "is lost, its trigger covers no word");
                continue;
            };
            let is_short = rules.short_triggers && end > first + 1;
            let words = (first, if is_short { first + 1 } else { end });
            let Some(sentence) = self.sentence(words) else {
                self.loses(&event.id, Treatment::Dropped, "is lost, its trigger goes over the end of a sentence");
                continue;
            };
            if is_short {
                self.loses(&event.id, Treatment::Cut, "keeps the first word of its trigger alone");
            } else if event.trigger.len() > 1 {
                self.loses(
                    &event.id,
                    Treatment::Merged,
                    "gets a trigger in one part, with the words between its parts",
                );
            }
            if !is_exact {
                self.loses(&event.id, Treatment::Moved, "has a trigger that ends inside a word and gets all of it");
            }
            let mut arguments = Vec::new();
            for argument in &event.arguments {
                match self.lay_filler(&argument.filler, sentence, rules) {
                    Ok((words, mention)) => arguments.push(Argument { role: &argument.role, words, mention }),
                    // Told by what the form holds.
                    Err("") => {}
                    Err(why) => {
                        let what = format!("loses a filler of its role {}, {why}", argument.role);
                        self.loses(&event.id, Treatment::Cut, &what);
                    }
                }
            }
            self.events.push(LaidEvent { id: &event.id, r#type: &event.r#type, words, arguments });
        }
    }

    /// The words of a filler and the mention that it is, or why it cannot be written.
    fn lay_filler(
        &self,
        filler: &Filler,
        sentence: usize,
        rules: Rules,
    ) -> Result<((usize, usize), Option<usize>), &'static str> {
        let (words, mention) = match filler {
            Filler::Event(_) => return Err(""),
            Filler::Implicit(_) => return Err("which is not in the text"),
            Filler::Mention(id) if rules.holds.mentions => {
                let nth = self.mentions.iter().position(|m| &m.id == id).ok_or("which is not written")?;
                let mention = self.mentions.get(nth).ok_or("which is not written")?;
                ((mention.first, mention.end), Some(nth))
            }
            Filler::Mention(id) => {
                let (first, end, _) = self.lay(&self.document.spans_of(id)).ok_or("which covers no word")?;
                ((first, end), None)
            }
            Filler::Span(_) if !rules.words_fill => return Err("which is no mention"),
            Filler::Span(spans) => {
                let (first, end, _) = self.lay(spans).ok_or("which covers no word")?;
                ((first, end), None)
            }
        };
        match self.sentence(words) {
            None => Err("which goes over the end of a sentence"),
            Some(other) if other != sentence && !rules.far_arguments => Err("which is in another sentence"),
            Some(_) => Ok((words, mention)),
        }
    }

    fn lay_relations(&mut self, rules: Rules) {
        let document = self.document;
        for relation in order::relations(document) {
            let number = |id: &Id| self.mentions.iter().position(|m| &m.id == id);
            let sentence = |nth: usize| self.mentions.get(nth).and_then(|m| self.sentence((m.first, m.end)));
            match (number(&relation.from), number(&relation.to)) {
                (Some(from), Some(to)) if rules.far_relations || sentence(from) == sentence(to) => {
                    self.relations.push((&relation.id, &relation.label, from, to));
                }
                (Some(_), Some(_)) => {
                    self.loses(&relation.id, Treatment::Dropped, "is lost, its ends are in two sentences");
                }
                _ => self.loses(&relation.id, Treatment::Dropped, "is lost, not both of its ends are written mentions"),
            }
        }
    }
}
