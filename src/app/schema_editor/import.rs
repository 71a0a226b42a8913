//! Another label set laid beside the edited one: what differs, and which renamings are believed.

use crate::edit::{Difference, LabelKind, Owner, SchemaDiff, SchemaStep};
use crate::model::Schema;

use super::edited::Edited;

/// Another label set, beside the one that is edited.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The name of its file.
    pub file: String,
    /// What it says.
    pub schema: Schema,
    /// What differs, from the edited one to it.
    pub diff: SchemaDiff,
    /// Renamings that were guessed, and whether they are believed.
    pub renames: Vec<(SchemaStep, bool)>,
    /// Whether it may take the place of the edited one; else it is only compared.
    pub is_import: bool,
}

impl Beside {
    /// Lays a label set beside the edited one.
    pub fn new(edited: &Schema, schema: Schema, file: String, is_import: bool) -> Self {
        let schema = as_that(edited, schema);
        let diff = SchemaDiff::between(edited, &schema);
        let is_guess = |step: &SchemaStep| {
            matches!(step, SchemaStep::Rename { .. } | SchemaStep::RenameRole { .. } | SchemaStep::RenameValue { .. })
        };
        let renames =
            diff.proposal().steps.iter().filter(|step| is_guess(step)).map(|step| (step.clone(), true)).collect();
        Self { file, schema, diff, renames, is_import }
    }

    /// The differences without what is asked about.
    pub fn told(&self) -> impl Iterator<Item = &Difference> {
        let is_asked = self.is_import;
        self.diff
            .differences
            .iter()
            .filter(move |difference| !(is_asked && matches!(difference, Difference::Renamed { .. })))
    }

    /// The steps that follow from what is believed.
    pub fn steps(&self) -> Vec<SchemaStep> {
        let refused: Vec<&SchemaStep> =
            self.renames.iter().filter(|(_, believed)| !believed).map(|(step, _)| step).collect();
        let mut steps = Vec::new();
        let mut deletions = Vec::new();
        for step in &self.diff.proposal().steps {
            if refused.contains(&step) {
                deletions.extend(instead(step));
            } else if !refused.iter().any(|refused| is_part_of(step, refused)) {
                steps.push(step.clone());
            }
        }
        steps.extend(deletions);
        steps
    }

    /// Makes the edited label set this one. Answers with steps that could not be done, in words.
    pub fn take(&self, edited: &mut Edited) -> Vec<String> {
        let mut failed = Vec::new();
        for step in self.steps() {
            let words = step.to_string();
            // What a step before has taken along is not there any more.
            if let Err(error) = edited.step(step) {
                failed.push(format!("{words}: {error}"));
            }
        }
        edited.edit(self.schema.clone());
        failed
    }
}

/// The same labels as the label set of the project, whose name documents have.
fn as_that(edited: &Schema, schema: Schema) -> Schema {
    Schema { name: edited.name.clone(), version: edited.version, ..schema }
}

/// What a renaming is that nobody believes: the old one goes, the new one is there anyway.
fn instead(step: &SchemaStep) -> Option<SchemaStep> {
    Some(match step.clone() {
        SchemaStep::Rename { of, from, .. } => SchemaStep::Delete { of, label: from, to: None },
        SchemaStep::RenameRole { of, from, .. } => SchemaStep::DeleteRole { of, role: from, to: None },
        SchemaStep::RenameValue { attribute, from, .. } => SchemaStep::DeleteValue { attribute, value: from, to: None },
        _ => return None,
    })
}

/// Whether a step is about a part of what was renamed.
fn is_part_of(step: &SchemaStep, renamed: &SchemaStep) -> bool {
    let SchemaStep::Rename { of, to, .. } = renamed else {
        return match (step, renamed) {
            (
                SchemaStep::Limit { of: a, role, .. } | SchemaStep::RemoveFiller { of: a, role, .. },
                SchemaStep::RenameRole { of: b, to, .. },
            ) => a == b && role == to,
            _ => false,
        };
    };
    let owner = match of {
        LabelKind::Mention => Owner::Mention(to.clone()),
        LabelKind::Event => Owner::Event(to.clone()),
        LabelKind::Relation => Owner::Relation(to.clone()),
        LabelKind::QuoteKind | LabelKind::DocumentGroup | LabelKind::DocumentValue(_) => return false,
    };
    match step {
        SchemaStep::RenameRole { of, .. }
        | SchemaStep::DeleteRole { of, .. }
        | SchemaStep::Limit { of, .. }
        | SchemaStep::RemoveFiller { of, .. } => *of == owner,
        SchemaStep::DeleteAttribute { of, .. } => of.as_ref() == Some(&owner),
        _ => false,
    }
}
