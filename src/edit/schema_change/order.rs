//! The order in which steps can be done, where one needs a name that another gives up.

use super::definition::change;
use super::{SchemaChangeError, SchemaStep};
use crate::model::Schema;

/// The steps in an order in which each fits the schema that those before it leave: as they come where that is possible, and
/// a step that does not fit yet as soon as it does. Two labels that take each other's names go by way of a third.
///
/// A step that never fits says what is so already (a filler that went with its label), and is left out.
pub fn in_order(schema: &Schema, mut pending: Vec<SchemaStep>) -> Vec<SchemaStep> {
    let mut now = schema.clone();
    let mut done = Vec::with_capacity(pending.len());
    loop {
        let fits = pending.iter().position(|step| is_done(&mut now, step).is_ok());
        let step = match fits {
            Some(at) => pending.remove(at),
            None => match detour(&mut now, &mut pending) {
                Some(step) => step,
                None => return done,
            },
        };
        done.push(step);
    }
}

/// Does the step to the schema, which stays as it is if the step does not fit.
fn is_done(now: &mut Schema, step: &SchemaStep) -> Result<(), SchemaChangeError> {
    let mut after = now.clone();
    change(&mut after, step, &mut Vec::new())?;
    *now = after;
    Ok(())
}

/// Gives a label whose new name is taken a name that nothing has, from which it goes on when the name is free.
fn detour(now: &mut Schema, pending: &mut [SchemaStep]) -> Option<SchemaStep> {
    for step in pending {
        let SchemaStep::Rename { of, from, to } = &*step else { continue };
        let spare = format!("{to} (new)");
        // Who is there already waits for somebody who will never go.
        if *from == spare {
            continue;
        }
        let first = SchemaStep::Rename { of: of.clone(), from: from.clone(), to: spare.clone() };
        let rest = SchemaStep::Rename { of: of.clone(), from: spare, to: to.clone() };
        if is_done(now, &first).is_ok() {
            *step = rest;
            return Some(first);
        }
    }
    None
}
