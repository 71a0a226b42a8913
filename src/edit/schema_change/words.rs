//! Steps and differences in words, for menus, histories and the terminal.

use std::fmt;

use super::diff::{Difference, Item};
use super::{LabelKind, Owner, SchemaChange, SchemaStep, Unfit};

impl SchemaChange {
    /// What it is called in the menu and in the history.
    pub fn title(&self) -> String {
        let is_step = |step: &&SchemaStep| !matches!(step, SchemaStep::Redefine { .. });
        let steps: Vec<&SchemaStep> = self.steps.iter().filter(is_step).collect();
        match (steps.as_slice(), self.steps.is_empty()) {
            ([step], _) => step.to_string(),
            ([], false) => "Edit definitions of the schema".to_owned(),
            (steps, _) => format!("Change the schema ({} steps)", steps.len()),
        }
    }
}

/// A label with its kind where the name alone would not tell.
fn labelled(of: &LabelKind, label: &str) -> String {
    match of {
        LabelKind::Mention | LabelKind::Event | LabelKind::Relation => label.to_owned(),
        LabelKind::QuoteKind => format!("the kind of quote {label}"),
        LabelKind::DocumentGroup => format!("the document labels {label}"),
        LabelKind::DocumentValue(group) => format!("{label} ({group})"),
    }
}

/// `a, b and c`.
fn listed(names: &[String]) -> String {
    match names.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

impl fmt::Display for SchemaStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename { of, from, to } => write!(f, "Rename {} to {to}", labelled(of, from)),
            Self::Merge { from, into, .. } => write!(f, "Merge {} into {into}", listed(from)),
            Self::Split { label, attribute, .. } => write!(f, "Split {label} by {attribute}"),
            Self::Delete { of, label, to: Some(to) } => write!(f, "Delete {}, re-label to {to}", labelled(of, label)),
            Self::Delete { of, label, to: None } => write!(f, "Delete {} with its annotations", labelled(of, label)),
            Self::RenameAttribute { id, to } => write!(f, "Rename the attribute {id} to {to}"),
            Self::MergeAttributes { from, into } => write!(f, "Merge the attribute {from} into {into}"),
            Self::DeleteAttribute { id, of: None } => write!(f, "Delete the attribute {id}"),
            Self::DeleteAttribute { id, of: Some(of) } => write!(f, "Take the attribute {id} from {}", of.words()),
            Self::RenameValue { attribute, from, to } => write!(f, "Rename the value {from} of {attribute} to {to}"),
            Self::MergeValues { attribute, from, into } => {
                write!(f, "Merge the values {} of {attribute} into {into}", listed(from))
            }
            Self::DeleteValue { attribute, value, to: Some(to) } => {
                write!(f, "Delete the value {value} of {attribute}, use {to}")
            }
            Self::DeleteValue { attribute, value, to: None } => write!(f, "Delete the value {value} of {attribute}"),
            Self::RenameRole { of, from, to } => write!(f, "Rename the role {from} of {} to {to}", of.words()),
            Self::DeleteRole { of, role, to: Some(to) } => {
                write!(f, "Delete the role {role} of {}, fill {to}", of.words())
            }
            Self::DeleteRole { of, role, to: None } => {
                write!(f, "Delete the role {role} of {} with its fillers", of.words())
            }
            Self::Limit { of, role, min, max, excess } => {
                write!(f, "Let the role {role} of {} take ", of.words())?;
                match (*min, *max) {
                    (0, None) => write!(f, "any number"),
                    (0, Some(max)) => write!(f, "at most {max}"),
                    (min, None) => write!(f, "at least {min}"),
                    (min, Some(max)) if min == max => write!(f, "exactly {min}"),
                    (min, Some(max)) => write!(f, "at least {min} and at most {max}"),
                }?;
                if *excess == Unfit::Remove { f.write_str(", keeping the first") } else { Ok(()) }
            }
            Self::RemoveFiller { of, role, filler, unfit } => {
                write!(f, "Let {filler} not fill {role} of {}", of.words())?;
                if *unfit == Unfit::Remove { f.write_str(", removing what does") } else { Ok(()) }
            }
            Self::OnlyFillers { of, role, fillers, unfit } => {
                write!(f, "Let only {} fill {role} of {}", listed(fillers), of.words())?;
                if *unfit == Unfit::Remove { f.write_str(", removing what does not fit") } else { Ok(()) }
            }
            Self::Redefine { .. } => f.write_str("Edit definitions"),
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owner = |of: &Owner| of.words().to_owned();
        match self {
            Self::Schema => f.write_str("the schema"),
            Self::Group { name } => write!(f, "the group {name}"),
            Self::Attribute { id } => write!(f, "the attribute {id}"),
            Self::Value { attribute, value } => write!(f, "the value {value} of {attribute}"),
            Self::Mention { label } => write!(f, "the mention type {label}"),
            Self::Event { label } => write!(f, "the event type {label}"),
            Self::Relation { label } => write!(f, "the relation type {label}"),
            Self::Quotes => f.write_str("quotes"),
            Self::QuoteKind { label } => write!(f, "the kind of quote {label}"),
            Self::Role { of, role } => write!(f, "the role {role} of {}", owner(of)),
            Self::DocumentGroup { name } => write!(f, "the document labels {name}"),
            Self::DocumentValue { group, value } => write!(f, "the document label {value} ({group})"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { item } => write!(f, "added: {item}"),
            Self::Removed { item } => write!(f, "removed: {item}"),
            Self::Renamed { item, to, because } if because.is_empty() => write!(f, "renamed: {item} to {to}"),
            Self::Renamed { item, to, because } => {
                write!(f, "perhaps renamed: {item} to {to} ({})", because.join(", "))
            }
            Self::Changed { item, what, before, after } => {
                let shown = |value: &str| if value.is_empty() { "nothing".to_owned() } else { shorten(value) };
                write!(f, "changed: {what} of {item}: {} → {}", shown(before), shown(after))
            }
        }
    }
}

/// So much of it as fits a line.
fn shorten(value: &str) -> String {
    const LONGEST: usize = 120;
    if value.chars().count() <= LONGEST {
        return value.to_owned();
    }
    value.chars().take(LONGEST - 1).chain(['…']).collect()
}
