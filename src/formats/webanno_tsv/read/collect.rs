//! From the cells of rows to spans with features and slots, and to chains.

use std::collections::BTreeMap;

use super::super::escape;
use super::super::lines::{Column, Layer};
use super::{Item, Reader, cells, value};
use crate::model::Id;
use crate::text::Span;

/// The number, features and slots of an annotation in a row.
type Stacked = (Option<u64>, BTreeMap<String, String>, BTreeMap<String, Vec<(String, String)>>);

/// The span, relation and type of a link of a chain.
type ChainLink = (Span, Option<String>, Option<String>);

impl Reader<'_> {
    pub(super) fn spans_of(&mut self, number: usize, layer: &Layer) {
        let mut known: BTreeMap<u64, usize> = BTreeMap::new();
        for (row_number, row) in self.file.rows.iter().enumerate() {
            // Stacked annotations are in the same order in all columns.
            let mut stack: Vec<Stacked> = Vec::new();
            let mut roles: Vec<Vec<String>> = Vec::new();
            let mut slot = "";
            for (column, cell) in cells(layer, row) {
                if let Column::Roles(name) = column {
                    slot = name;
                }
                if cell == "_" {
                    if matches!(column, Column::Roles(_)) {
                        roles.clear();
                    }
                    continue;
                }
                let parts = escape::split(cell, '|');
                if stack.len() < parts.len() {
                    stack.resize_with(parts.len(), Default::default);
                }
                if let Column::Targets(_) = column {
                    for (index, (part, own)) in parts.iter().zip(&mut stack).enumerate() {
                        let targets: Vec<&str> = escape::split(part, ';').into_iter().filter(|t| *t != "*").collect();
                        let own_roles = roles.get(index).cloned().unwrap_or_default();
                        if !targets.is_empty() && own_roles.len() != targets.len() && !own_roles.is_empty() {
                            let message = format!("{} roles have {} fillers", own_roles.len(), targets.len());
                            self.builder.refuse("bad-slot", message, "give each role its filler", Some(row.line));
                        }
                        let role = |i: usize| own_roles.get(i).cloned().unwrap_or_else(|| slot.to_owned());
                        let fillers = targets.iter().enumerate().map(|(i, target)| (role(i), (*target).to_owned()));
                        own.2.insert(slot.to_owned(), fillers.collect());
                    }
                    continue;
                }
                if let Column::Roles(_) = column {
                    roles.clear();
                }
                for (part, own) in parts.iter().zip(&mut stack) {
                    let (text, id) = escape::with_brackets(part);
                    own.0 = own.0.or(id.and_then(|id| id.parse().ok()));
                    match column {
                        Column::Roles(slot) => {
                            let of = |role: &&str| value(role).unwrap_or_else(|| slot.clone());
                            let all = escape::split(text, ';');
                            roles.push(if text == "_" { Vec::new() } else { all.iter().map(of).collect() });
                        }
                        Column::Feature(name) => own.1.extend(value(text).map(|value| (name.clone(), value))),
                        _ => {}
                    }
                }
            }
            for (id, features, slots) in stack {
                let span = self.spans.get(row_number).copied().unwrap_or(Span::of(0, 0));
                if let Some(item) = id.and_then(|id| known.get(&id)).and_then(|n| self.items.get_mut(*n)) {
                    let last = item.rows.last().and_then(|last| self.file.rows.get(*last)).map_or(0, |last| last.token);
                    if row.token > last + 1 || item.features != features {
                        let message =
                            format!("the annotation [{}] has a gap or several values", id.unwrap_or_default());
                        let hint =
                            "it was read as one from its first to its last token; numbers are used once in a document";
                        self.builder.warn("duplicate-id", message, hint, Some(row.line));
                    }
                    item.span = Span::new(item.span.start.min(span.start), item.span.end.max(span.end));
                    item.rows.push(row_number);
                    continue;
                }
                if let Some(id) = id {
                    known.insert(id, self.items.len());
                }
                let rows = vec![row_number];
                self.items.push(Item {
                    layer: number,
                    id,
                    rows,
                    line: row.line,
                    span,
                    features,
                    slots,
                    made: None,
                    is_used: false,
                });
            }
        }
    }

    /// A chain is an entity, its links are mentions.
    pub(super) fn chains(&mut self, layer: &Layer) {
        let mut links: BTreeMap<(u64, u64), ChainLink> = BTreeMap::new();
        for (number, row) in self.file.rows.iter().enumerate() {
            let mut found = cells(layer, row).map(|(_, cell)| cell);
            let (Some(relations), Some(types)) = (found.next(), found.next()) else { continue };
            if relations == "_" {
                continue;
            }
            let span = self.spans.get(number).copied().unwrap_or(Span::of(0, 0));
            let types = escape::split(types, '|');
            for (index, part) in escape::split(relations, '|').into_iter().enumerate() {
                let place = part.rsplit_once("->").and_then(|(relation, place)| {
                    let (chain, index) = place.split_once('-')?;
                    Some((relation, (chain.parse().ok()?, index.parse().ok()?)))
                });
                let Some((relation, key)) = place else {
                    let message = format!("{part:?} is no link of a chain");
                    self.builder.refuse("bad-chain", message, "a link is like *->1-1", Some(row.line));
                    continue;
                };
                let r#type = types.get(index).and_then(|r#type| value(escape::with_brackets(r#type).0));
                let link = links.entry(key).or_insert((span, value(relation), r#type));
                link.0 = Span::new(link.0.start.min(span.start), link.0.end.max(span.end));
            }
        }
        let mut entities: BTreeMap<u64, Id> = BTreeMap::new();
        for ((chain, _), (span, relation, r#type)) in links {
            let label = r#type.unwrap_or_else(|| layer.short().to_owned());
            let words = self.builder.text().slice(span).to_owned();
            let entity = entities.entry(chain).or_insert_with(|| self.builder.entity(&label, &words)).clone();
            let id = self.builder.mention(&label, [span]);
            if let Some(mention) = self.builder.mention_mut(&id) {
                mention.entity = Some(entity);
            }
            if let Some(relation) = relation {
                self.builder.attribute(&id, "referenceRelation", escape::unescaped_attribute(&relation));
            }
        }
    }
}
