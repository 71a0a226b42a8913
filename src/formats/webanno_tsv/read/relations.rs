//! Relations: those of a layer of their own, and those that are spans with a slot.

use std::collections::BTreeMap;

use super::super::escape;
use super::super::lines::{Column, Layer};
use super::super::table::ANY;
use super::{LABELS, Reader, cells, value};
use crate::model::Id;

impl Reader<'_> {
    pub(super) fn link(&mut self, number: usize) {
        let line = self.items.get(number).map(|item| item.line);
        let (mut from, mut to) = (None, None);
        for (role, target) in self.fillers(number, "ends") {
            let id = target.ok().and_then(|n| self.items.get(n)).and_then(|item| item.made.clone());
            match role.as_str() {
                "from" => from = id,
                "to" => to = id,
                _ => {}
            }
        }
        let (Some(from), Some(to)) = (from, to) else {
            let hint = "it needs the roles from and to";
            return self.builder.refuse("bad-relation", "the relation has not two ends", hint, line);
        };
        let label = self.items.get(number).and_then(|item| item.feature("label")).unwrap_or_default().to_owned();
        let id = self.builder.relation(&label, &from, &to);
        self.features(&id, number, "label", &[]);
    }

    pub(super) fn relations(&mut self, layer: &Layer) {
        let base =
            layer.columns.iter().find_map(|c| if let Column::Base(base) = c { Some(base.as_str()) } else { None });
        let base = base.unwrap_or(ANY);
        for row in &self.file.rows {
            let sources = cells(layer, row).find(|(column, _)| matches!(column, Column::Base(_)));
            let Some((_, sources)) = sources.filter(|(_, cell)| *cell != "_") else { continue };
            for (index, source) in escape::split(sources, '|').into_iter().enumerate() {
                let (unit, ids) = escape::with_brackets(source);
                let (from, to) = ids.and_then(|ids| ids.split_once('_')).unwrap_or(("0", "0"));
                let with_id = |unit: &str, id: &str| if id == "0" { unit.to_owned() } else { format!("{unit}[{id}]") };
                let from = self.end(&with_id(unit, from), base, row.line);
                let to = self.end(&with_id(&row.unit, to), base, row.line);
                let (Some(from), Some(to)) = (from, to) else { continue };
                let mut features = BTreeMap::new();
                for (column, cell) in cells(layer, row).filter(|(_, cell)| *cell != "_") {
                    let part = escape::split(cell, '|').get(index).and_then(|part| value(part));
                    if let (Column::Feature(name), Some(value)) = (column, part) {
                        features.insert(name.clone(), value);
                    }
                }
                let label = LABELS.iter().find_map(|name| features.remove(*name));
                let id = self.builder.relation(&label.unwrap_or_else(|| layer.short().to_owned()), &from, &to);
                for (name, value) in features {
                    if name == "note" {
                        self.builder.note(&id, &value);
                    } else {
                        let value = escape::unescaped_attribute(&value);
                        self.builder.attribute(&id, &escape::unescaped_name(&name), value);
                    }
                }
            }
        }
    }

    /// An end of a relation. Tokens become mentions, since relations of the model join annotations.
    fn end(&mut self, reference: &str, base: &str, line: usize) -> Option<Id> {
        match self.target(reference, base, line)? {
            Ok(number) => {
                let made = self.items.get(number).and_then(|item| item.made.clone());
                if made.is_none() {
                    let message = "the relation ends at something that is no annotation of its own";
                    self.builder.warn("bad-relation", message, "it was left out", Some(line));
                }
                made
            }
            Err(span) => {
                if let Some(id) = self.ends.get(&span) {
                    return Some(id.clone());
                }
                let label = base.rsplit('.').next().unwrap_or(base);
                let message =
                    format!("the relation ends at {:?}, which is no annotation", self.builder.text().slice(span));
                self.builder.warn("no-annotation", message, format!("it was read as a mention {label}"), Some(line));
                let id = self.builder.mention(label, [span]);
                self.ends.insert(span, id.clone());
                Some(id)
            }
        }
    }
}
