//! Quotes in formats that know events and no quotes: one convention for all of them.
//!
//! A quote is an event of type [`TYPE`]:
//!
//! - its trigger is the content, in all its parts,
//! - its kind is the attribute [`KIND`], which an ordinary event of that type does not have,
//! - its cue fills the role [`CUE`], as words and not as a mention; formats whose roles take labelled spans alone label
//!   these [`CUE`] too,
//! - speaker, addressee and all further roles are roles of the same name.
//!
//! An event that is claimed in a quote has it in its role [`CLAIMED_IN`].
//!
//! An event of another form is an event, whatever its type is called: nothing is guessed. What the convention cannot
//! carry, [`losses`] tells.

use super::losses::{Loss, Treatment};
use crate::model::{Argument, AttributeValue, Attributes, Document, Event, Filler, Quote};

/// The event type, and the label of its trigger.
pub const TYPE: &str = "Quote";
/// The attribute that holds the kind (`direct`, `indirect`, …).
pub const KIND: &str = "Kind";
/// The role of the words that introduce it, and their label.
pub const CUE: &str = "Cue";
/// The role of an event that leads to the quote in which it is claimed.
pub const CLAIMED_IN: &str = "Claimed_in";

/// The event that a quote is written as. It has the identifier of the quote.
pub fn to_event(quote: &Quote) -> Event {
    let role = |role: &str, filler: Filler| Argument { role: role.into(), filler };
    let cue = quote.cue.iter().map(|cue| role(CUE, Filler::Span(cue.clone())));
    let speaker = quote.speaker.iter().map(|filler| role("Speaker", filler.clone()));
    let addressee = quote.addressee.iter().map(|filler| role("Addressee", filler.clone()));
    let others = quote.arguments.iter().filter(|a| a.role != CUE).cloned();
    let mut attributes = quote.attributes.clone();
    attributes.insert(KIND.to_owned(), AttributeValue::Text(quote.kind.to_string()));
    Event {
        id: quote.id.clone(),
        r#type: TYPE.into(),
        trigger: quote.content.clone(),
        arguments: cue.chain(speaker).chain(addressee).chain(others).collect(),
        claimed_in: None,
        attributes,
        note: quote.note.clone(),
        provenance: quote.provenance.clone(),
    }
}

/// Whether an event is a quote: it has the type, one kind, and at most one cue, which is words.
/// `cues` says of each filler of the role [`CUE`] whether it is words.
pub fn is_quote(r#type: &str, kinds: &[&AttributeValue], cues: &[bool]) -> bool {
    r#type == TYPE && matches!(kinds, [AttributeValue::Text(_)]) && matches!(cues, [] | [true])
}

/// Whether an event of the model would be taken for a quote when it is read.
fn looks_like_quote(event: &Event) -> bool {
    let cues: Vec<bool> =
        event.arguments.iter().filter(|a| a.role == CUE).map(|a| matches!(a.filler, Filler::Span(_))).collect();
    is_quote(&event.r#type, &event.attributes.get(KIND).into_iter().collect::<Vec<_>>(), &cues)
}

/// What the convention cannot carry.
pub fn losses(document: &Document) -> Vec<Loss> {
    let mut losses = Vec::new();
    for quote in document.quotes().values() {
        if quote.attributes.contains_key(KIND) {
            let what = "loses its attribute Kind, since that is where its kind is written";
            losses.push(Loss::of(document, &quote.id, Treatment::Cut, what));
        }
        if quote.arguments.iter().any(|a| a.role == CUE) {
            let what = "loses the fillers of its role Cue, since that is where its cue is written";
            losses.push(Loss::of(document, &quote.id, Treatment::Cut, what));
        }
    }
    for event in document.events().values() {
        if looks_like_quote(event) {
            let what = "is written like a quote, since its type is Quote and it has an attribute Kind";
            losses.push(Loss::of(document, &event.id, Treatment::Altered, what));
        }
    }
    losses
}

/// Attributes of an event that is a quote, without its kind.
pub fn without_kind(attributes: &Attributes) -> Attributes {
    attributes.iter().filter(|(name, _)| *name != KIND).map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_full_form_is_a_quote() {
        let text = AttributeValue::Text("direct".into());
        let flag = AttributeValue::Flag(true);
        assert!(is_quote("Quote", &[&text], &[]));
        assert!(is_quote("Quote", &[&text], &[true]));
        for (r#type, kinds, cues) in [
            ("Statement", vec![&text], vec![true]),
            ("Quote", vec![], vec![true]),
            ("Quote", vec![&flag], vec![]),
            ("Quote", vec![&text, &text], vec![]),
            ("Quote", vec![&text], vec![false]),
            ("Quote", vec![&text], vec![true, true]),
        ] {
            assert!(!is_quote(r#type, &kinds, &cues), "{type} {kinds:?} {cues:?}");
        }
    }
}
