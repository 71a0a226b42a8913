//! Any intention on what is there.

use manicule::edit::Intent;
use manicule::model::{AttributeValue, Document, Filler, Id, Part, Rejection, Search, Status};
use manicule::text::Span;

use crate::random::Random;

/// An intention of any kind; many are refused.
pub fn any(document: &Document, random: &mut Random) -> Intent {
    let ids = Ids::of(document);
    let label = ["Person", "Place", "Date", "Organization"][random.below(4)].to_owned();
    let role = ["Actor", "Recipient", "Place", "Date", "Speaker", "Addressee"][random.below(6)].to_owned();
    let spans = words(document, random).into_iter().collect();
    match random.below(28) {
        0..=5 => Intent::AddMention { label, spans },
        6 => Intent::AddEvent { r#type: "Consult".into(), trigger: spans },
        7 => Intent::AddQuote { kind: None, content: spans },
        8 => Intent::AddRelation { label: "PartOf".into(), from: ids.mention(random), to: ids.mention(random) },
        9 => {
            let entity = random.one_of(&ids.entities);
            Intent::AcceptMention { label, spans, entity, suggester: Some("names".into()) }
        }
        10 => {
            let (cue, speaker) = (words(document, random).into_iter().collect(), Filler::Mention(ids.mention(random)));
            Intent::AcceptQuote {
                kind: None,
                content: spans,
                cue: Some(cue),
                speaker: Some(speaker),
                suggester: Some("quotes".into()),
                speaker_suggester: None,
            }
        }
        11 => {
            let rejection = Rejection::new(spans, label, "names");
            if random.once_in(3) { Intent::Unreject(rejection) } else { Intent::Reject(rejection) }
        }
        12 => Intent::Relabel { id: ids.any(random), label },
        13 => {
            let part = [Part::Mention, Part::Trigger, Part::Content, Part::Cue][random.below(4)];
            Intent::SetSpans { id: ids.any(random), part, spans }
        }
        14 => Intent::Delete { ids: (0..=random.below(2)).map(|_| ids.any(random)).collect() },
        15 => {
            let value = Some(AttributeValue::Text("negative".into()));
            Intent::SetAttribute { id: ids.any(random), name: "polarity".into(), value }
        }
        16 => Intent::SetNote { id: ids.any(random), note: format!("look at “{}” 😀\n", random.below(100)) },
        17 => {
            let mentions = (0..2 + random.below(3)).map(|_| ids.mention(random)).collect();
            Intent::Join { mentions, entity: random.one_of(&ids.entities) }
        }
        18 => {
            let spans = (0..=random.below(4)).filter_map(|_| words(document, random)).collect();
            Intent::Propagate { source: ids.mention(random), search: Search::default(), spans }
        }
        19 => Intent::Retract { batch: Id::new(format!("b{}", 1 + random.below(9))) },
        20 => Intent::Split { mention: ids.mention(random), own_entity: random.once_in(2) },
        21 => Intent::MergeEntities { into: ids.entity(random), from: ids.entity(random) },
        22 => {
            let link = Some("https://www.wikidata.org/wiki/Q1".into());
            Intent::UpdateEntity { id: ids.entity(random), name: Some("A. Berg".into()), aliases: None, link }
        }
        23 => {
            let filler = [Some(Filler::Mention(ids.mention(random))), Some(Filler::Implicit("they".into())), None];
            Intent::SetArgument {
                id: ids.any(random),
                role,
                nth: random.below(2),
                filler: filler[random.below(3)].clone(),
            }
        }
        24 => Intent::AddArgumentFromText { id: ids.any(random), role, spans },
        25 => Intent::SetClaimedIn { id: ids.any(random), quote: random.one_of(&ids.quotes) },
        26 => Intent::Reverse { id: ids.any(random) },
        _ => Intent::SetStatus([Status::New, Status::Done][random.below(2)]),
    }
}

/// Some words that stand beside each other.
fn words(document: &Document, random: &mut Random) -> Option<Span> {
    let tokens = document.text().tokens();
    let first = random.below(tokens.len());
    let last = (first + random.below(3)).min(tokens.len().saturating_sub(1));
    Some(Span::new(tokens.get(first)?.start, tokens.get(last)?.end))
}

struct Ids {
    all: Vec<Id>,
    mentions: Vec<Id>,
    entities: Vec<Id>,
    quotes: Vec<Id>,
}

impl Ids {
    fn of(document: &Document) -> Self {
        let mentions: Vec<Id> = document.mentions().keys().cloned().collect();
        let entities: Vec<Id> = document.entities().keys().cloned().collect();
        let quotes: Vec<Id> = document.quotes().keys().cloned().collect();
        let others = document.events().keys().chain(document.relations().keys()).cloned();
        let all = mentions.iter().chain(&quotes).cloned().chain(others).collect();
        Self { all, mentions, entities, quotes }
    }

    fn any(&self, random: &mut Random) -> Id {
        random.one_of(&self.all).unwrap_or_else(|| Id::from("m1"))
    }

    fn mention(&self, random: &mut Random) -> Id {
        random.one_of(&self.mentions).unwrap_or_else(|| Id::from("m1"))
    }

    fn entity(&self, random: &mut Random) -> Id {
        random.one_of(&self.entities).unwrap_or_else(|| Id::from("n1"))
    }
}
