//! What was done to the label set, one deed after the other, so that one of them can be left out and those after it stay.

use std::sync::Arc;

use super::edited::Edited;
use super::import::Beside;
use super::merge::merged;
use crate::edit::{SchemaChangeError, SchemaStep};
use crate::model::{Problem, Schema, Severity};

/// One thing that was done.
#[derive(Debug)]
pub struct Deed {
    /// What it is called.
    pub title: String,
    /// The label set that it was done to.
    pub before: Arc<Schema>,
    after: Arc<Schema>,
    what: What,
}

/// What it is.
#[derive(Debug)]
pub enum What {
    /// Something was added or described.
    Edit,
    /// Steps that annotations follow.
    Steps(Vec<SchemaStep>),
    /// Another label set was taken over.
    Import(Box<Beside>),
}

impl Deed {
    /// It led from one label set to the other.
    pub fn new(title: String, before: Arc<Schema>, after: Arc<Schema>, what: What) -> Arc<Self> {
        Arc::new(Self { title, before, after, what })
    }

    /// Does it again to a label set that it was not done to; `None` if it does not fit there.
    fn again(&self, edited: &Edited) -> Option<Edited> {
        let mut again = edited.clone();
        match &self.what {
            What::Edit if *edited.schema == *self.before => again.edit((*self.after).clone()),
            What::Edit => {
                let schema = merged(&self.before, &self.after, &edited.schema)?;
                let known: Vec<Problem> = [edited.schema.check(), self.after.check()].concat();
                let is_new = |problem: &Problem| problem.severity == Severity::Error && !known.contains(problem);
                if schema.check().iter().any(is_new) {
                    return None;
                }
                again.edit(schema);
            }
            What::Steps(steps) => {
                let all: Result<(), SchemaChangeError> = steps.iter().try_for_each(|step| again.step(step.clone()));
                all.ok()?;
            }
            // What differed was found with the label set as it was.
            What::Import(beside) => {
                if *edited.schema != *self.before {
                    return None;
                }
                beside.take(&mut again);
            }
        }
        Some(again)
    }
}

/// What deeds make of a label set if one is left out.
///
/// # Errors
/// The titles of those after it that do not fit without it.
pub fn without(edited: &Edited, after: &[Arc<Deed>]) -> Result<Edited, Vec<String>> {
    let mut edited = edited.clone();
    let mut depending = Vec::new();
    for deed in after {
        match deed.again(&edited) {
            Some(next) => edited = next,
            // What follows may depend on this one in its turn.
            None => depending.push(deed.title.clone()),
        }
    }
    if depending.is_empty() { Ok(edited) } else { Err(depending) }
}
