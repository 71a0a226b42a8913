//! Another label set laid beside the edited one: what differs, and which renamings are believed.

use crate::edit::{Difference, LabelKind, Owner, SchemaDiff, SchemaStep, in_order};
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
    /// The steps from the one to the other, each renaming in one, in no order that could be done.
    proposal: Vec<SchemaStep>,
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
        let proposal = direct(&diff.proposal().steps);
        let renames = proposal.iter().filter(|step| is_guess(step)).map(|step| (step.clone(), true)).collect();
        Self { file, schema, diff, proposal, renames, is_import }
    }

    /// The differences without what is asked about.
    pub fn told(&self) -> impl Iterator<Item = &Difference> {
        let is_asked = self.is_import;
        self.diff
            .differences
            .iter()
            .filter(move |difference| !(is_asked && matches!(difference, Difference::Renamed { .. })))
    }

    /// The steps that follow from what is believed, in an order in which they can be done to this label set. A renaming to a
    /// name that never becomes free stands at the end, for somebody to be told.
    pub fn steps(&self, edited: &Schema) -> Vec<SchemaStep> {
        let refused: Vec<&SchemaStep> =
            self.renames.iter().filter(|(_, believed)| !believed).map(|(step, _)| step).collect();
        let mut steps = Vec::new();
        let mut deletions = Vec::new();
        for step in &self.proposal {
            if refused.contains(&step) {
                deletions.extend(instead(step));
            } else if !refused.iter().any(|refused| is_part_of(step, refused)) {
                steps.push(step.clone());
            }
        }
        steps.extend(deletions);
        let mut ordered = in_order(edited, steps.clone());
        // What else does not fit says what is so already.
        let is_lost = |step: &SchemaStep| match step {
            SchemaStep::Rename { of, to, .. } => !ordered
                .iter()
                .any(|done| matches!(done, SchemaStep::Rename { of: a, to: b, .. } if a == of && b == to)),
            SchemaStep::RenameRole { .. } | SchemaStep::RenameValue { .. } | SchemaStep::RenameAttribute { .. } => {
                !ordered.contains(step)
            }
            _ => false,
        };
        let lost: Vec<SchemaStep> = steps.into_iter().filter(is_lost).collect();
        ordered.extend(lost);
        ordered
    }

    /// Makes the edited label set this one. Answers with steps that could not be done, in words.
    pub fn take(&self, edited: &mut Edited) -> Vec<String> {
        let mut failed = Vec::new();
        for step in self.steps(&edited.schema) {
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

/// The same steps with each renaming in one: two labels that take each other's names go by way of a third, which concerns
/// nobody who decides whether they were renamed.
fn direct(steps: &[SchemaStep]) -> Vec<SchemaStep> {
    let mut direct: Vec<SchemaStep> = Vec::with_capacity(steps.len());
    for step in steps {
        if let SchemaStep::Rename { of, from, to } = step
            && let Some(first) = direct.iter_mut().find_map(|known| match known {
                SchemaStep::Rename { of: known_of, to, .. } if known_of == of && to == from => Some(to),
                _ => None,
            })
        {
            first.clone_from(to);
            continue;
        }
        direct.push(step.clone());
    }
    direct
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
                SchemaStep::Limit { of: a, role, .. }
                | SchemaStep::RemoveFiller { of: a, role, .. }
                | SchemaStep::OnlyFillers { of: a, role, .. },
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
        | SchemaStep::RemoveFiller { of, .. }
        | SchemaStep::OnlyFillers { of, .. } => *of == owner,
        SchemaStep::DeleteAttribute { of, .. } => of.as_ref() == Some(&owner),
        _ => false,
    }
}
