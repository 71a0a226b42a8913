//! The history of one annotation: who changed it when, and how, from where it came.
//!
//! Told from the transactions that touched it, whatever their intention was. What a file brought along has at least its
//! provenance to tell.

use super::history::{History, Standing, State};
use super::narrator::{Fate, FieldChange, Narrator};
use crate::model::{Document, Id, Origin, Provenance};

/// One thing that happened to an annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The state of the document after it; `None` if it was before the history began.
    pub state: Option<State>,
    /// When, as an RFC 3339 time in UTC.
    pub at: Option<String>,
    /// Who; `None` if nobody said.
    pub by: Option<String>,
    /// What the user did, in words.
    pub title: String,
    /// What that was for the annotation.
    pub fate: Fate,
    /// Field by field, before and after.
    pub fields: Vec<FieldChange>,
    /// Where it came from, in words, where that is said anew.
    pub origin: Option<String>,
    /// Whether it is in force.
    pub standing: Standing,
}

/// Everything that happened to an annotation, an entity or a batch, oldest first.
pub fn timeline(document: &Document, history: &History, id: &Id) -> Vec<Moment> {
    let narrator = Narrator::new(document, history);
    let mut moments: Vec<Moment> = Vec::new();
    for state in history.changes_of(id) {
        let Some(transaction) = history.transaction(*state) else { continue };
        let Some(op) = transaction.ops.iter().find(|op| op.id() == Some(id)) else { continue };
        let told = narrator.tell(op);
        moments.push(Moment {
            state: Some(*state),
            at: Some(transaction.at.clone()),
            by: transaction.by.clone(),
            title: transaction.title.clone(),
            fate: told.fate,
            fields: told.fields,
            origin: told.origin,
            // The present is a matter of the whole document.
            standing: match history.standing(*state) {
                Standing::Present => Standing::Past,
                other => other,
            },
        });
    }
    if moments.first().is_none_or(|first| first.fate != Fate::Made) {
        moments.splice(0..0, before_history(document, &narrator, id));
    }
    moments
}

/// What is known of an annotation that was there when the history began.
fn before_history(document: &Document, narrator: &Narrator<'_>, id: &Id) -> Option<Moment> {
    let Provenance { by, at, .. } = provenance_of(document, id)?;
    let origin = narrator.origin(by);
    // What was read from elsewhere is somebody else's work.
    let is_own = !matches!(by, Origin::Import(_));
    Some(Moment {
        state: None,
        at: at.clone(),
        by: document.header().annotator.clone().filter(|_| is_own),
        title: capitalised(&origin),
        fate: Fate::Made,
        fields: Vec::new(),
        origin: Some(origin),
        standing: Standing::Past,
    })
}

fn provenance_of<'d>(document: &'d Document, id: &Id) -> Option<&'d Provenance> {
    (document.mentions().get(id).map(|a| &*a.provenance))
        .or_else(|| document.events().get(id).map(|a| &*a.provenance))
        .or_else(|| document.quotes().get(id).map(|a| &*a.provenance))
        .or_else(|| document.relations().get(id).map(|a| &*a.provenance))
        .or_else(|| document.entities().get(id).map(|a| &*a.provenance))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
