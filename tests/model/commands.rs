//! Any command on what is there.

use manicule::edit::Intent;
use manicule::model::{AttributeValue, Document, Filler, Id, Metadata, Part, Rejection, Search, Status};
use manicule::text::{Span, Spans};

use crate::random::Random;

/// One thing that the user does.
#[derive(Clone, Debug)]
pub enum Command {
    /// A change; with `true` in the group of the change before it.
    Do(Intent, bool),
    /// Take the last step back.
    Undo,
    /// Do the last step taken back again.
    Redo,
    /// Go back to the state of this number.
    GoBack(u64),
    /// Save; so many changes are made while the file is written.
    Save(Vec<Intent>),
    /// Leave the program and open the file again.
    Reopen,
}

/// The next command for a document of which so many states are known.
pub fn next(document: &Document, states: usize, random: &mut Random) -> Command {
    match random.below(1000) {
        0..=779 => Command::Do(any(document, random), random.once_in(3)),
        780..=879 => Command::Undo,
        880..=959 => Command::Redo,
        960..=989 => Command::GoBack(random.below(states) as u64),
        990..=995 => Command::Save((0..random.below(3)).map(|_| any(document, random)).collect()),
        _ if random.once_in(2) => Command::Reopen,
        _ => Command::Undo,
    }
}

/// An intention of any kind; many are refused.
fn any(document: &Document, random: &mut Random) -> Intent {
    let ids = Ids::of(document);
    let label = ["Person", "Place", "Date", "Organization"][random.below(4)].to_owned();
    let role = ["Actor", "Recipient", "Place", "Date", "Speaker", "Addressee", "Topic"][random.below(7)].to_owned();
    // Larger documents shrink again.
    if ids.all.len() > 30 && random.once_in(6) {
        return Intent::Delete { ids: (0..4).map(|_| ids.any(random)).collect() };
    }
    match random.below(41) {
        0..=3 => Intent::AddMention { label, spans: words(document, random) },
        4 | 5 => Intent::AddEvent {
            r#type: ["Consult", "Agree", "Nothing"][random.below(3)].into(),
            trigger: words(document, random),
        },
        6 => Intent::AddQuote {
            kind: [None, Some("direct".to_owned()), Some("sung".to_owned())][random.below(3)].clone(),
            content: words(document, random),
        },
        7 | 8 => {
            let label = ["PartOf", "LocatedIn", "MemberOf", "NationalOf"][random.below(4)].to_owned();
            Intent::AddRelation { label, from: ids.end(random), to: ids.end(random) }
        }
        9 => Intent::AcceptMention {
            label,
            spans: refused_or(document, random),
            entity: random.one_of(&ids.entities).filter(|_| random.once_in(2)),
            suggester: [None, Some("names".to_owned())][random.below(2)].clone(),
        },
        10 => Intent::AcceptQuote {
            kind: None,
            content: words(document, random),
            cue: Some(words(document, random)).filter(|_| random.once_in(2)),
            speaker: [None, Some(Filler::Mention(ids.mention(random))), Some(Filler::Span(words(document, random)))]
                [random.below(3)]
            .clone(),
            suggester: Some("quotes".into()),
            speaker_suggester: [None, Some("quotes".to_owned())][random.below(2)].clone(),
        },
        11 => Intent::Reject(Rejection::new(words(document, random), label, "names")),
        12 => Intent::Unreject(
            (random.one_of(&document.rejected().iter().cloned().collect::<Vec<_>>()))
                .unwrap_or_else(|| Rejection::new(words(document, random), label, "names")),
        ),
        13 | 14 => {
            let label = [label, "Agree".into(), "indirect".into(), "MemberOf".into()][random.below(4)].clone();
            Intent::Relabel { id: ids.any(random), label }
        }
        15 => {
            let part = [Part::Mention, Part::Trigger, Part::Content, Part::Cue, Part::Argument][random.below(5)];
            let spans = if random.once_in(5) { Spans::new() } else { words(document, random) };
            Intent::SetSpans { id: ids.of_part(part, random), part, spans }
        }
        16 => {
            let part = [Part::Mention, Part::Trigger, Part::Content, Part::Cue][random.below(4)];
            let span = words(document, random).first().copied().unwrap_or(Span::of(0, 0));
            Intent::Resize { id: ids.of_part(part, random), part, index: random.below(2), span }
        }
        17 | 18 => Intent::Delete { ids: (0..=random.below(2)).map(|_| ids.any(random)).collect() },
        19 => {
            let value = [None, Some(AttributeValue::Text("negative".into())), Some(AttributeValue::Flag(true))];
            let name = ["polarity", "metonymy"][random.below(2)].to_owned();
            Intent::SetAttribute { id: ids.any(random), name, value: value[random.below(3)].clone() }
        }
        20 => {
            let note = [String::new(), " ".into(), format!(" look at “{}” 😀\n", random.below(100))];
            Intent::SetNote { id: ids.any(random), note: note[random.below(3)].clone() }
        }
        21..=23 => Intent::Join {
            mentions: (0..=random.below(3)).map(|_| ids.mention(random)).collect(),
            entity: random.one_of(&ids.entities).filter(|_| random.once_in(2)),
        },
        24 => Intent::Propagate {
            source: ids.mention(random),
            search: Search { texts: vec!["Anna".into()], ignore_case: random.once_in(2) },
            spans: (0..=random.below(3)).flat_map(|_| words(document, random)).collect(),
        },
        25 => Intent::Extend {
            batch: ids.batch(random),
            search: Search { texts: vec!["Anna".into(), "Berg".into()], ignore_case: false },
            spans: (0..=random.below(2)).flat_map(|_| words(document, random)).collect(),
        },
        26 => Intent::Retract { batch: ids.batch(random) },
        27 => Intent::Split { mention: ids.mention(random), own_entity: random.once_in(2) },
        28 => Intent::MergeEntities { into: ids.entity(random), from: ids.entity(random) },
        29 => {
            let id = ids.entity(random);
            let name = [None, Some("A. Berg".to_owned())][random.below(2)].clone();
            let aliases = [None, Some(vec!["Berg".to_owned()])][random.below(2)].clone();
            let link = [None, Some(" ".to_owned()), Some("wikidata:Q1".to_owned())][random.below(3)].clone();
            Intent::UpdateEntity { id, name, aliases, link }
        }
        30..=32 => {
            let filler = [
                Some(Filler::Mention(ids.mention(random))),
                Some(Filler::Mention(ids.mention(random))),
                Some(Filler::Event(ids.event(random))),
                Some(Filler::Implicit("they".into())),
                Some(Filler::Span(words(document, random))),
                None,
            ];
            let filler = filler[random.below(6)].clone();
            Intent::SetArgument { id: ids.owner(random), role, nth: random.below(3), filler }
        }
        33 => Intent::AddArgumentFromText { id: ids.owner(random), role, spans: words(document, random) },
        34 => Intent::SetClaimedIn { id: ids.event(random), quote: random.one_of(&ids.quotes) },
        35 => Intent::Reverse { id: random.one_of(&ids.relations).unwrap_or_else(|| "r1".into()) },
        36 => Intent::SetStatus([Status::New, Status::InProgress, Status::Done, Status::Flagged][random.below(4)]),
        37 => match random.below(3) {
            0 => Intent::SetDocumentLabels { group: "topic".into(), values: Vec::new() },
            1 => Intent::SetDocumentLabels { group: "topic".into(), values: vec!["sport".into(), "money".into()] },
            _ => Intent::SetDocumentNote([" ", "look\nagain"][random.below(2)].into()),
        },
        38 => Intent::SetMetadata(Box::new(Metadata {
            id: "another".into(),
            title: format!("Talks {}", random.below(3)),
            source: Some("The Paper".into()),
            bom: true,
            ..Metadata::default()
        })),
        39 => Intent::MarkAll {
            label,
            search: Search { texts: vec!["Anna".into()], ignore_case: random.once_in(2) },
            spans: (0..=random.below(3)).flat_map(|_| words(document, random)).collect(),
        },
        _ => match random.below(3) {
            0 => Intent::SetSchema { name: "news".into(), version: 1 + random.below(2) as u32 },
            _ => Intent::SetAnnotator([None, Some("Éva".to_owned()), Some("Noor".to_owned())][random.below(3)].clone()),
        },
    }
}

/// Some words that stand beside each other, at times in two places.
fn words(document: &Document, random: &mut Random) -> Spans {
    let tokens = document.text().tokens();
    let mut part = || {
        let first = random.below(tokens.len());
        let last = (first + random.below(3)).min(tokens.len().saturating_sub(1));
        Some(Span::new(tokens.get(first)?.start, tokens.get(last)?.end))
    };
    let mut spans: Spans = part().into_iter().collect();
    if spans.first().is_some_and(|span| span.start.0 % 7 == 0) {
        spans.extend(part());
    }
    spans
}

/// What was refused, at times.
fn refused_or(document: &Document, random: &mut Random) -> Spans {
    let refused: Vec<Spans> = document.rejected().iter().map(|rejection| rejection.spans.clone()).collect();
    let mut spans = random.one_of(&refused).filter(|_| random.once_in(2)).unwrap_or_else(|| words(document, random));
    if random.once_in(2) {
        spans.reverse();
    }
    spans
}

struct Ids {
    all: Vec<Id>,
    mentions: Vec<Id>,
    entities: Vec<Id>,
    events: Vec<Id>,
    quotes: Vec<Id>,
    relations: Vec<Id>,
    batches: Vec<Id>,
}

impl Ids {
    fn of(document: &Document) -> Self {
        let mentions: Vec<Id> = document.mentions().keys().cloned().collect();
        let entities: Vec<Id> = document.entities().keys().cloned().collect();
        let events: Vec<Id> = document.events().keys().cloned().collect();
        let quotes: Vec<Id> = document.quotes().keys().cloned().collect();
        let relations: Vec<Id> = document.relations().keys().cloned().collect();
        let batches: Vec<Id> = document.batches().keys().cloned().collect();
        let all = [&mentions, &entities, &events, &quotes, &relations].into_iter().flatten().cloned().collect();
        Self { all, mentions, entities, events, quotes, relations, batches }
    }

    fn any(&self, random: &mut Random) -> Id {
        random.one_of(&self.all).unwrap_or_else(|| "m1".into())
    }

    fn mention(&self, random: &mut Random) -> Id {
        random.one_of(&self.mentions).unwrap_or_else(|| "m1".into())
    }

    fn entity(&self, random: &mut Random) -> Id {
        random.one_of(&self.entities).unwrap_or_else(|| "n1".into())
    }

    fn event(&self, random: &mut Random) -> Id {
        random.one_of(&self.events).unwrap_or_else(|| "e1".into())
    }

    fn batch(&self, random: &mut Random) -> Id {
        random.one_of(&self.batches).unwrap_or_else(|| "b1".into())
    }

    /// An event or a quote.
    fn owner(&self, random: &mut Random) -> Id {
        let all: Vec<Id> = self.events.iter().chain(&self.quotes).cloned().collect();
        random.one_of(&all).unwrap_or_else(|| "e1".into())
    }

    /// What a relation may lead to.
    fn end(&self, random: &mut Random) -> Id {
        if random.once_in(3) { self.entity(random) } else { self.mention(random) }
    }

    /// Something that has this part, mostly.
    fn of_part(&self, part: Part, random: &mut Random) -> Id {
        let fitting = match part {
            Part::Mention => &self.mentions,
            Part::Trigger | Part::Argument => &self.events,
            Part::Content | Part::Cue => &self.quotes,
        };
        random.one_of(fitting).filter(|_| !random.once_in(10)).unwrap_or_else(|| self.any(random))
    }
}
