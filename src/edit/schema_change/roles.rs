//! What a step makes of the roles of a schema.

use super::definition::{Result, taken, unknown};
use super::{Owner, SchemaChangeError};
use crate::model::Schema;
use crate::model::schema::RoleType;

/// The role that every quote has a place for.
pub const SPEAKER: &str = "Speaker";

/// The roles of an event type or of quotes.
pub fn roles<'s>(schema: &'s Schema, of: &Owner) -> Result<&'s [RoleType]> {
    match of {
        Owner::Event(label) => {
            schema.event(label).map(|e| e.roles.as_slice()).ok_or_else(|| unknown("event type", label))
        }
        Owner::Quotes => {
            schema.quotes.as_ref().map(|q| q.roles.as_slice()).ok_or_else(|| unknown("quote type", "quotes"))
        }
        Owner::Mention(label) | Owner::Relation(label) => {
            Err(SchemaChangeError::Impossible(format!("{label} has no roles: only events and quotes have")))
        }
    }
}

fn roles_mut<'s>(schema: &'s mut Schema, of: &Owner) -> Result<&'s mut Vec<RoleType>> {
    roles(schema, of)?;
    let found = match of {
        Owner::Event(label) => schema.events.iter_mut().find(|e| e.r#type == *label).map(|e| &mut e.roles),
        _ => schema.quotes.as_mut().map(|q| &mut q.roles),
    };
    found.ok_or_else(|| unknown("event type", "?"))
}

fn role_mut<'s>(schema: &'s mut Schema, of: &Owner, role: &str) -> Result<&'s mut RoleType> {
    let what = format!("role of {}", of.words());
    roles_mut(schema, of)?.iter_mut().find(|known| known.role == role).ok_or_else(|| unknown(&what, role))
}

impl Owner {
    /// What it is called in a sentence.
    pub fn words(&self) -> &str {
        match self {
            Self::Mention(label) | Self::Event(label) | Self::Relation(label) => label,
            Self::Quotes => "quotes",
        }
    }
}

fn refuse_speaker(of: &Owner, role: &str) -> Result<()> {
    if *of == Owner::Quotes && role == SPEAKER {
        let message = "every quote has a speaker: the role Speaker of quotes stays as it is".to_owned();
        return Err(SchemaChangeError::Impossible(message));
    }
    Ok(())
}

pub fn rename(schema: &mut Schema, of: &Owner, from: &str, to: &str) -> Result<()> {
    refuse_speaker(of, from)?;
    role_mut(schema, of, from)?;
    if to.trim().is_empty() {
        return Err(SchemaChangeError::Impossible("a role needs a name".into()));
    }
    if roles(schema, of)?.iter().any(|known| known.role == to) {
        return Err(taken(&format!("role of {}", of.words()), to));
    }
    to.clone_into(&mut role_mut(schema, of, from)?.role);
    Ok(())
}

pub fn delete(schema: &mut Schema, of: &Owner, role: &str, to: Option<&str>) -> Result<()> {
    refuse_speaker(of, role)?;
    role_mut(schema, of, role)?;
    if let Some(to) = to {
        role_mut(schema, of, to)?;
        if to == role {
            return Err(SchemaChangeError::Impossible(format!("{role} cannot be deleted and stay")));
        }
    }
    roles_mut(schema, of)?.retain(|known| known.role != role);
    Ok(())
}

pub fn limit(schema: &mut Schema, of: &Owner, role: &str, min: u32, max: Option<u32>) -> Result<()> {
    let known = role_mut(schema, of, role)?;
    if max.is_some_and(|max| max < min.max(1)) {
        let message = format!("{role} cannot take at most {} and at least {min}", max.unwrap_or(0));
        return Err(SchemaChangeError::Impossible(message));
    }
    (known.min, known.max) = (min, max);
    Ok(())
}

/// The list of what may fill a role or end a relation.
pub fn fillers<'s>(schema: &'s Schema, of: &Owner, role: &str) -> Option<&'s [String]> {
    match of {
        Owner::Relation(label) => {
            let relation = schema.relation(label)?;
            match role {
                "from" => Some(&relation.from),
                "to" => Some(&relation.to),
                _ => None,
            }
        }
        _ => roles(schema, of).ok()?.iter().find(|known| known.role == role).map(|known| known.fillers.as_slice()),
    }
}

fn fillers_mut<'s>(schema: &'s mut Schema, of: &Owner, role: &str) -> Result<&'s mut Vec<String>> {
    let Owner::Relation(label) = of else { return Ok(&mut role_mut(schema, of, role)?.fillers) };
    let found = schema.relations.iter_mut().find(|r| r.label == *label);
    let relation = found.ok_or_else(|| unknown("relation type", label))?;
    match role {
        "from" => Ok(&mut relation.from),
        "to" => Ok(&mut relation.to),
        _ => Err(unknown(&format!("end of {label}"), role)),
    }
}

pub fn only_fillers(schema: &mut Schema, of: &Owner, role: &str, only: &[String]) -> Result<()> {
    fillers_mut(schema, of, role)?;
    let is_known = |filler: &str| match filler.strip_prefix('@') {
        Some(group) => schema.groups.contains_key(group),
        None => filler.starts_with('*') || schema.mention(filler).is_some() || schema.event(filler).is_some(),
    };
    if let Some(other) = only.iter().find(|filler| !is_known(filler)) {
        return Err(unknown("label or group", other));
    }
    if only.is_empty() {
        let message = format!("choose at least one type that may fill {role}; without any, it takes anything");
        return Err(SchemaChangeError::Impossible(message));
    }
    only.clone_into(fillers_mut(schema, of, role)?);
    Ok(())
}

pub fn remove_filler(schema: &mut Schema, of: &Owner, role: &str, filler: &str) -> Result<()> {
    let fillers = fillers_mut(schema, of, role)?;
    if !fillers.iter().any(|known| known == filler) {
        return Err(unknown(&format!("filler of {role}"), filler));
    }
    if fillers.len() == 1 {
        let message = format!("{filler} is all that {role} takes; without it, it would take anything");
        return Err(SchemaChangeError::Impossible(message));
    }
    fillers.retain(|known| known != filler);
    Ok(())
}
