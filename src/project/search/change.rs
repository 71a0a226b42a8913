//! What is done at the hits of a search: the same label on all of them, another one, or none, planned document by document.
//!
//! Only the layers of whoever asks are changed. A plan is made of a document as it is then, so what was marked, changed or
//! deleted since the search is passed over. Carrying it out in many files is somebody else's matter: for each document of
//! [`HitsChange::documents`], what [`HitsChange::plan`] gives is to be done in that layer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::query::{MarkKind, Query};
use super::run::Hit;
use crate::edit::{Editor, Intent, Transaction};
use crate::model::{Document, Id, Schema, Search};
use crate::project::Name;
use crate::text::Span;

/// What is to be done at each hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HitChange {
    /// Mark the words as mentions of this label, as a batch that can be retracted in each document.
    Label(String),
    /// Give marks this label, type or kind.
    Relabel(String),
    /// Delete marks, with relations at them and references to them.
    Delete,
}

/// A change at hits, sorted by document.
#[derive(Clone, Debug)]
pub struct HitsChange {
    /// What is done.
    pub change: HitChange,
    /// Hits that are no marks of the layer that is changed, or of a kind that has no such label: nothing is done there.
    pub unfit: usize,
    schema: Arc<Schema>,
    /// What is written of a batch: what was looked for.
    rule: Search,
    hits: BTreeMap<Name, Vec<Hit>>,
    /// What its documents are called, as far as whoever shows it has said.
    pub titles: BTreeMap<Name, String>,
}

/// Whether the schema has this label for marks of a kind.
fn has_label(schema: &Schema, kind: MarkKind, label: &str) -> bool {
    match kind {
        MarkKind::Mention => schema.mention(label).is_some(),
        MarkKind::Event => schema.event(label).is_some(),
        MarkKind::Quote => {
            schema.quotes.as_ref().is_some_and(|quotes| quotes.kinds.iter().any(|kind| kind.kind == label))
        }
        MarkKind::Relation => schema.relations.iter().any(|relation| relation.label == label),
    }
}

impl HitsChange {
    /// A change at these hits, which `query` has found, in the layers of the annotator with the folder `mine`.
    pub fn new<'a>(
        change: HitChange,
        hits: impl IntoIterator<Item = &'a Hit>,
        query: &Query,
        schema: Arc<Schema>,
        mine: &str,
    ) -> Self {
        let texts = query.words.iter().filter(|words| !words.is_regex).map(|words| words.text.clone()).collect();
        let rule = Search { texts, ignore_case: !query.is_case_sensitive };
        let mut new = Self { change, unfit: 0, schema, rule, hits: BTreeMap::new(), titles: BTreeMap::new() };
        for hit in hits {
            let is_mine = hit.mark.is_some() && hit.folder.as_deref() == Some(mine);
            let fits = match &new.change {
                HitChange::Label(label) => !hit.span.is_empty() && new.schema.mention(label).is_some(),
                HitChange::Relabel(label) => {
                    is_mine
                        && hit.label != label.as_str()
                        && hit.kind.is_some_and(|kind| has_label(&new.schema, kind, label))
                }
                HitChange::Delete => is_mine,
            };
            if fits {
                new.hits.entry(hit.document.clone()).or_default().push(hit.clone());
            } else {
                new.unfit += 1;
            }
        }
        for hits in new.hits.values_mut() {
            hits.sort_unstable();
            hits.dedup();
        }
        new
    }

    /// At how many hits something is to be done.
    pub fn count(&self) -> usize {
        self.hits.values().map(Vec::len).sum()
    }

    /// The documents in which, in their order.
    pub fn documents(&self) -> impl Iterator<Item = &Name> {
        self.hits.keys()
    }

    /// For people: `Label 12 hits Person`.
    pub fn title(&self) -> String {
        let count = self.count();
        let hits = |what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        match &self.change {
            HitChange::Label(label) => format!("Label {} as {label}", hits("hit")),
            HitChange::Relabel(label) => format!("Change {} to {label}", hits("mark")),
            HitChange::Delete => format!("Delete {}", hits("mark")),
        }
    }

    /// What is to be done in a layer as it is now: one transaction; none if there is nothing to do.
    pub fn plan(&self, name: &Name, document: &Document) -> Option<Transaction> {
        let hits = self.hits.get(name)?;
        let mut editor = Editor::new(document.clone(), Arc::clone(&self.schema));
        let marks: Vec<Id> =
            hits.iter().filter_map(|hit| hit.mark.clone().filter(|id| is_still(document, hit, id))).collect();
        match &self.change {
            HitChange::Label(label) => {
                let is_there = |span: &Span| document.text().get(*span).is_some();
                let spans = hits.iter().map(|hit| hit.span).filter(is_there).collect();
                let intent = Intent::MarkAll { label: label.clone(), search: self.rule.clone(), spans };
                let done = editor.execute(&intent).ok()?;
                done.transaction.map(|transaction| transaction.as_ref().clone())
            }
            HitChange::Relabel(label) => {
                let mut whole: Option<Transaction> = None;
                for id in marks {
                    // What is refused (a relation between such ends) stays as it is.
                    let Ok(done) = editor.execute(&Intent::Relabel { id, label: label.clone() }) else { continue };
                    let Some(step) = done.transaction else { continue };
                    match &mut whole {
                        Some(whole) => whole.ops.extend(step.ops.iter().cloned()),
                        None => whole = Some(step.as_ref().clone()),
                    }
                }
                whole.map(|whole| Transaction { title: self.title(), ..whole })
            }
            HitChange::Delete if marks.is_empty() => None,
            HitChange::Delete => {
                let done = editor.execute(&Intent::Delete { ids: marks }).ok()?;
                done.transaction.map(|transaction| transaction.as_ref().clone())
            }
        }
    }
}

/// Whether a mark is there as it was found: not something else that has its identifier now.
fn is_still(document: &Document, hit: &Hit, id: &Id) -> bool {
    let kind = document.kind_of(id).and_then(MarkKind::of);
    kind.is_some() && kind == hit.kind && document.label_of(id) == hit.label
}
