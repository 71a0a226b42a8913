//! Short ways to make annotations in tests.

use super::{Entity, Event, Id, Mention, Quote};
use crate::text::{Span, Spans};

pub fn spans(list: &[(u32, u32)]) -> Spans {
    list.iter().map(|(a, b)| Span::of(*a, *b)).collect()
}

pub fn mention(id: &str, label: &str, list: &[(u32, u32)]) -> Mention {
    Mention {
        id: Id::from(id),
        label: label.into(),
        spans: spans(list),
        entity: None,
        attributes: Default::default(),
        note: Default::default(),
        provenance: Default::default(),
    }
}

pub fn entity(id: &str, r#type: &str, name: &str) -> Entity {
    Entity {
        id: Id::from(id),
        r#type: r#type.into(),
        name: name.into(),
        aliases: Vec::new(),
        link: None,
        note: Default::default(),
        provenance: Default::default(),
    }
}

pub fn event(id: &str, r#type: &str, list: &[(u32, u32)]) -> Event {
    Event {
        id: Id::from(id),
        r#type: r#type.into(),
        trigger: spans(list),
        arguments: Vec::new(),
        claimed_in: None,
        attributes: Default::default(),
        note: Default::default(),
        provenance: Default::default(),
    }
}

pub fn quote(id: &str, kind: &str, list: &[(u32, u32)]) -> Quote {
    Quote {
        id: Id::from(id),
        kind: kind.into(),
        content: spans(list),
        cue: None,
        speaker: None,
        addressee: None,
        arguments: Vec::new(),
        attributes: Default::default(),
        note: Default::default(),
        provenance: Default::default(),
    }
}
