//! What an intention is called in the menu and in the history.

use super::intent::Intent;
use super::plan::Planner;
use crate::model::{Id, Kind};
use crate::text::{Spans, quoted};

impl Planner<'_> {
    /// In words, with those of the text that it is about.
    pub(super) fn title(&self, intent: &Intent) -> String {
        let words = |spans: &Spans| quoted(&shorten(&self.document.text().excerpt(spans)));
        let of = |id: &Id| match self.document.kind_of(id) {
            Some(Kind::Relation) | None => self.document.label_of(id).to_owned(),
            Some(_) => format!("{} {}", self.document.label_of(id), quoted(&shorten(&self.document.excerpt_of(id)))),
        };
        match intent {
            Intent::AddMention { label, spans } => format!("Mark {label} {}", words(spans)),
            Intent::AddEvent { r#type, trigger } => format!("Mark {type} {}", words(trigger)),
            Intent::AddQuote { content, .. } => format!("Mark quote {}", words(content)),
            Intent::AcceptMention { label, spans, .. } => format!("Accept {label} {}", words(spans)),
            Intent::AcceptQuote { content, .. } => format!("Accept quote {}", words(content)),
            Intent::Reject(r) => format!("Reject {} {}", r.label, words(&r.spans)),
            Intent::Unreject(r) => format!("Allow {} {}", r.label, words(&r.spans)),
            Intent::AddRelation { label, .. } => format!("Add {label}"),
            Intent::Relabel { id, label } => format!("Change {} to {label}", of(id)),
            Intent::SetSpans { id, .. } | Intent::Resize { id, .. } => format!("Resize {}", of(id)),
            Intent::Delete { ids } => match ids.as_slice() {
                [id] => format!("Delete {}", of(id)),
                ids => format!("Delete {} annotations", ids.len()),
            },
            Intent::SetAttribute { name, .. } => format!("Change {name}"),
            Intent::SetNote { .. } | Intent::SetDocumentNote(_) => "Change note".into(),
            Intent::Join { mentions, .. } if mentions.len() == 1 => "Join mention to entity".into(),
            Intent::Join { mentions, .. } => format!("Join {} mentions", mentions.len()),
            Intent::Propagate { source, spans, .. } => format!("Mark {} more {}", spans.len(), of(source)),
            Intent::MarkAll { label, spans, .. } => format!("Mark {} {label}", spans.len()),
            Intent::Extend { batch, spans, .. } => {
                let label = self.document.batches().get(batch).map_or("", |batch| &batch.label);
                format!("Mark {} more {label}", spans.len())
            }
            Intent::Retract { batch } => {
                let label = self.document.batches().get(batch).map_or("", |batch| &batch.label);
                format!("Retract {} {label}", super::retraction(self.document, batch).removed.len())
            }
            Intent::Split { mention, .. } => format!("Split off {}", of(mention)),
            Intent::MergeEntities { into, from } => format!("Merge {} into {}", of(from), of(into)),
            Intent::UpdateEntity { id, .. } => format!("Change {}", of(id)),
            Intent::SetArgument { role, filler: None, .. } => format!("Empty {role}"),
            Intent::SetArgument { role, .. } | Intent::AddArgumentFromText { role, .. } => format!("Fill {role}"),
            Intent::SetClaimedIn { .. } => "Change claimed in".into(),
            Intent::Reverse { .. } => "Reverse relation".into(),
            Intent::SetStatus(status) => format!("Mark document as {}", status.text().to_lowercase()),
            Intent::SetDocumentLabels { group, .. } => format!("Change {group}"),
            Intent::SetMetadata(_) => "Change metadata".into(),
            Intent::SetAnnotator(_) => "Change annotator".into(),
            Intent::SetSchema { name, .. } => format!("Change schema to {name}"),
        }
    }
}

/// At most 32 characters, for titles.
fn shorten(text: &str) -> String {
    if text.chars().count() <= 32 {
        return text.to_owned();
    }
    let short: String = text.chars().take(31).collect();
    format!("{}…", short.trim_end())
}
