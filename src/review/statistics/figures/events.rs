//! Events by type, and which of their roles are filled.

use std::collections::BTreeMap;

use ecow::EcoString;
use serde::Serialize;

use super::{Chosen, Documents};
use crate::model::Schema;
use crate::model::schema::EventType;
use crate::review::statistics::Mark;

/// A type of event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventRow {
    /// The number of its label, for [`crate::review::statistics::Behind`].
    #[serde(skip)]
    pub number: u32,
    /// The type.
    pub r#type: EcoString,
    /// How many there are.
    pub events: u64,
    /// In how many documents.
    pub documents: u32,
    /// Events all of whose required roles are filled, implicitly at least; `None` if no schema knows the type.
    pub complete: Option<u64>,
    /// Its roles: those of the schema in its order, then others by name.
    pub roles: Vec<RoleRow>,
}

/// A role of a type of event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleRow {
    /// The number of its name; `None` if no event has it.
    #[serde(skip)]
    pub number: Option<u32>,
    /// The role.
    pub role: EcoString,
    /// Whether each event needs it; `None` if no schema knows the role.
    pub is_required: Option<bool>,
    /// Events in which it is filled from the text.
    pub filled: u64,
    /// Events in which all that fills it is implicit.
    pub implicit: u64,
    /// Events in which it is empty.
    pub missing: u64,
}

#[derive(Clone, Default)]
struct Count {
    events: u64,
    documents: Documents,
    /// By the number of the role: from the text, implicit.
    roles: BTreeMap<u32, (u64, u64)>,
    /// By the number of the shape.
    shapes: BTreeMap<u32, u64>,
}

pub(super) fn count(chosen: &Chosen<'_>, schemas: &[&Schema]) -> Vec<EventRow> {
    let pools = &chosen.statistics.pools;
    let mut counts: BTreeMap<u32, Count> = BTreeMap::new();
    for layer in &chosen.layers {
        for (number, count) in &layer.shapes {
            let Some(shape) = pools.shapes.get(*number) else { continue };
            let of_type = counts.entry(shape.label).or_default();
            of_type.events += u64::from(*count);
            of_type.documents.see(layer.article);
            *of_type.shapes.entry(*number).or_default() += u64::from(*count);
            for (role, is_implicit) in &shape.roles {
                let (filled, implicit) = of_type.roles.entry(*role).or_default();
                *if *is_implicit { implicit } else { filled } += u64::from(*count);
            }
        }
    }
    let mut rows: Vec<EventRow> = counts
        .into_iter()
        .filter_map(|(number, count)| {
            let label = pools.labels.get(number).filter(|label| label.mark == Mark::Event)?;
            let known = schemas.iter().find_map(|schema| schema.event(&label.label));
            Some(row(chosen, number, &label.label, &count, known))
        })
        .collect();
    rows.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.r#type.cmp(&b.r#type)));
    rows
}

fn row(chosen: &Chosen<'_>, number: u32, r#type: &EcoString, count: &Count, known: Option<&EventType>) -> EventRow {
    let pools = &chosen.statistics.pools;
    let role_row = |number: Option<u32>, role: EcoString, is_required: Option<bool>| {
        let (filled, implicit) = number.and_then(|n| count.roles.get(&n)).copied().unwrap_or_default();
        RoleRow { number, role, is_required, filled, implicit, missing: count.events.saturating_sub(filled + implicit) }
    };
    let of_schema = known.map_or(&[][..], |known| &known.roles);
    let mut roles: Vec<RoleRow> = of_schema
        .iter()
        .map(|role| {
            let name = EcoString::from(&role.role);
            role_row(pools.names.find(&name), name, Some(role.min > 0))
        })
        .collect();
    let is_listed = |role: &str| of_schema.iter().any(|known| known.role == role);
    let mut others: Vec<RoleRow> = (count.roles.keys())
        .filter(|role| !is_listed(chosen.statistics.name(**role)))
        .map(|role| role_row(Some(*role), chosen.statistics.name(*role).into(), None))
        .collect();
    others.sort_by(|a, b| a.role.cmp(&b.role));
    roles.extend(others);
    let required: Vec<Option<u32>> =
        roles.iter().filter(|role| role.is_required == Some(true)).map(|role| role.number).collect();
    let is_complete = |shape: u32| {
        let filled = pools.shapes.get(shape).map_or(&[][..], |shape| &shape.roles);
        required.iter().all(|role| role.is_some_and(|role| filled.iter().any(|(filled, _)| *filled == role)))
    };
    let complete = |_| count.shapes.iter().filter(|(shape, _)| is_complete(**shape)).map(|(_, count)| *count).sum();
    EventRow {
        number,
        r#type: r#type.clone(),
        events: count.events,
        documents: count.documents.count,
        complete: known.map(complete),
        roles,
    }
}
