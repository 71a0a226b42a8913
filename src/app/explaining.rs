//! What a label means: its definition and two examples beside the annotation, when that is asked for.

use super::App;
use crate::model::schema::LabelTarget;
use crate::model::{Document, Id, Kind, Schema};
use crate::ui::explain::Explanation;

/// So many examples are shown: more would cover the article.
const EXAMPLES: usize = 2;

impl App {
    /// Explains the label of the selected annotation, else of the innermost at the caret, else the last one that was set;
    /// once more hides it.
    pub(super) fn explain_label(&mut self) {
        if self.explanation.take().is_some() {
            return;
        }
        let Some(session) = &self.session else { return };
        let document = session.document();
        let at = session.selected.clone().or_else(|| innermost(document, session));
        let explained = match (&at, &session.last_label) {
            (Some(id), _) => explain(document, session.editor.schema(), id),
            (None, Some(label)) => explain_target(session.editor.schema(), label),
            (None, None) => None,
        };
        match explained {
            Some(explanation) => self.explanation = Some(Explanation { at, ..explanation }),
            None => self.toasts.refused("Put the caret on an annotation, or select one, to see what its label means"),
        }
    }
}

fn innermost(document: &Document, session: &super::session::Session) -> Option<Id> {
    crate::ui::live::innermost(document, session.selection.head)
}

fn explain(document: &Document, schema: &Schema, id: &Id) -> Option<Explanation> {
    let label = document.label_of(id);
    let of = |definition: &str, examples: &[String]| Explanation {
        label: label.to_owned(),
        definition: definition.to_owned(),
        examples: examples.iter().take(EXAMPLES).cloned().collect(),
        at: None,
    };
    let unknown = || of("The label set has no such label", &[]);
    Some(match document.kind_of(id)? {
        Kind::Mention | Kind::Entity => schema.mention(label).map_or_else(unknown, |m| of(&m.definition, &m.examples)),
        Kind::Event => schema.event(label).map_or_else(unknown, |e| of(&e.definition, &e.examples)),
        Kind::Relation => schema.relation(label).map_or_else(unknown, |r| of(&r.definition, &r.examples)),
        Kind::Quote => {
            let kind = schema.quotes.iter().flat_map(|quotes| &quotes.kinds).find(|kind| kind.kind == label);
            kind.map_or_else(unknown, |kind| of(&kind.definition, &kind.examples))
        }
    })
}

fn explain_target(schema: &Schema, target: &LabelTarget) -> Option<Explanation> {
    let label = &target.label;
    let (definition, examples) = match target.kind {
        Kind::Mention => schema.mention(label).map(|mention| (&mention.definition, &mention.examples)),
        Kind::Event => schema.event(label).map(|event| (&event.definition, &event.examples)),
        _ => None,
    }?;
    let examples = examples.iter().take(EXAMPLES).cloned().collect();
    Some(Explanation { label: label.clone(), definition: definition.clone(), examples, at: None })
}
