//! Roles of events and quotes, seen the same way.
//!
//! A quote keeps its first speaker and addressee in fields of their own (the native file does); the rest of its
//! roles, and all roles of an event, are in a list. Everybody else sees one list of roles.

use super::draft::Draft;
use super::intent::EditError;
use crate::model::schema::RoleType;
use crate::model::{Argument, Document, Event, Filler, Id, Kind, Quote, Schema};

/// The roles that the schema gives an event or quote; empty if it gives none or does not know the type.
pub fn roles_of<'s>(document: &Document, schema: &'s Schema, id: &Id) -> &'s [RoleType] {
    match document.kind_of(id) {
        Some(Kind::Event) => schema.event(document.label_of(id)).map_or(&[], |e| e.roles.as_slice()),
        Some(Kind::Quote) => schema.quotes.as_ref().map_or(&[], |q| q.roles.as_slice()),
        _ => &[],
    }
}

/// All arguments of an event or quote: speaker, then addressee, then the others in their order.
pub fn arguments_of(document: &Document, id: &Id) -> Vec<Argument> {
    if let Some(event) = document.events().get(id) {
        event.arguments.clone()
    } else {
        document.quotes().get(id).map(of_quote).unwrap_or_default()
    }
}

/// The fillers of one role of an event or quote.
pub fn fillers_of(document: &Document, id: &Id, role: &str) -> Vec<Filler> {
    arguments_of(document, id).into_iter().filter(|a| a.role == role).map(|a| a.filler).collect()
}

pub(super) fn of_quote(quote: &Quote) -> Vec<Argument> {
    let named =
        |role: &str, filler: &Option<Filler>| filler.clone().map(|filler| Argument { role: role.into(), filler });
    let mut out: Vec<Argument> = named("Speaker", &quote.speaker).into_iter().collect();
    out.extend(named("Addressee", &quote.addressee));
    out.extend(quote.arguments.iter().cloned());
    out
}

/// Writes the list back into the fields of a quote.
fn into_quote(quote: &mut Quote, arguments: Vec<Argument>) {
    quote.speaker = None;
    quote.addressee = None;
    quote.arguments.clear();
    for argument in arguments {
        let field = match argument.role.as_str() {
            "Speaker" => &mut quote.speaker,
            "Addressee" => &mut quote.addressee,
            _ => {
                quote.arguments.push(argument);
                continue;
            }
        };
        match field {
            None => *field = Some(argument.filler),
            Some(_) => quote.arguments.push(argument),
        }
    }
}

/// Changes the arguments of an event or quote in a draft.
///
/// # Errors
/// [`EditError::Missing`] if `id` is neither.
pub fn change_arguments(
    draft: &mut Draft<'_>,
    id: &Id,
    change: impl FnOnce(&mut Vec<Argument>),
) -> Result<(), EditError> {
    match draft.kind_of(id) {
        Some(Kind::Event) => draft.update::<Event>(id, |event| change(&mut event.arguments)),
        Some(Kind::Quote) => draft.update::<Quote>(id, |quote| {
            let mut arguments = of_quote(quote);
            change(&mut arguments);
            into_quote(quote, arguments);
        }),
        _ => return Err(EditError::Missing { what: "event or quote", id: id.clone() }),
    }
    Ok(())
}
