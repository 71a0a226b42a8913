//! Roles, relations, and what else leads from one annotation to another.

use super::Reader;
use super::form::{self, Form};
use super::make::label;
use crate::formats::cas::store::{Resolved, Structure};
use crate::model::{Filler, Id, Kind};
use crate::text::Spans;

impl<'a> Reader<'a> {
    pub fn connect(&mut self) {
        let all = self.all.clone();
        for (structure, form) in &all {
            match form {
                Form::Relation => self.relation(structure),
                Form::Link => self.link(structure),
                Form::Mention | Form::Event | Form::Quote => {
                    if let Some(id) = self.made.get(&structure.id).cloned() {
                        self.lead_on(structure, &id, *form);
                    }
                }
                _ => {}
            }
        }
        for (structure, form) in &all {
            let is_left = matches!(form, Form::Part | Form::Filler | Form::SlotLink | Form::Other);
            if is_left && !self.used.contains(&structure.id) {
                self.leave(format!("{} is left out, no annotation refers to it", structure.short()), structure);
            }
        }
    }

    /// What fills a role.
    fn filler(&mut self, structure: &'a Structure) -> Option<Filler> {
        match self.form_of(structure) {
            Form::Filler | Form::Part | Form::Token => {
                self.used.insert(structure.id);
                if let Some(words) = structure.text("implicit") {
                    return Some(Filler::Implicit(words.to_owned()));
                }
                let mut spans = self.spans(structure)?;
                crate::text::normalise(&mut spans);
                Some(Filler::Span(spans))
            }
            _ => {
                let id = self.made_of(structure)?;
                self.builder.filler_of(&id)
            }
        }
    }

    fn no_filler(&mut self, what: &str, target: &Structure, at: &Structure) {
        if self.made.contains_key(&target.id) || target.begin.is_some() || target.features.is_empty() {
            let message = format!(
                "{what} of {} is filled by {}, which fills no roles; it is left out",
                at.short(),
                target.short()
            );
            self.leave(message, at);
        }
    }

    /// Roles, the cue, the quote in which an event is claimed; and references that are relations.
    fn lead_on(&mut self, structure: &'a Structure, id: &Id, form: Form) {
        for (name, value) in &structure.features {
            let is_in_chain = name == "next" && self.used.contains(&structure.id);
            if is_in_chain || (name == "parts" && form::has_parts(structure, &self.by_id)) {
                continue;
            }
            let Some(Resolved::Targets(targets)) = self.resolve(value, structure) else { continue };
            let targets: Vec<&'a Structure> = targets.iter().filter_map(|t| self.by_id.get(t).copied()).collect();
            for target in targets {
                if self.form_of(target) == Form::SlotLink {
                    self.used.insert(target.id);
                    self.slot(structure, id, name, target);
                } else if let Some(to) = self.made_of(target) {
                    self.builder.relation(name, id, &to);
                } else {
                    let what = format!(
                        "the feature {name} of {} is left out, it leads to {}",
                        structure.short(),
                        target.short()
                    );
                    self.used.insert(target.id);
                    self.leave(what, structure);
                }
            }
        }
        if form == Form::Quote {
            let cue: Spans = {
                let parts = self.links(structure, "cue");
                parts.into_iter().filter_map(|(_, part)| self.part(part)).flatten().collect()
            };
            if let Some(quote) = self.builder.quote_mut(id).filter(|_| !cue.is_empty()) {
                let mut cue = cue;
                crate::text::normalise(&mut cue);
                quote.cue = Some(cue);
            }
        }
    }

    fn part(&mut self, structure: &'a Structure) -> Option<Spans> {
        self.used.insert(structure.id);
        self.spans(structure)
    }

    fn slot(&mut self, owner: &'a Structure, id: &Id, name: &str, link: &'a Structure) {
        for feature in link.features.keys().filter(|name| !matches!(name.as_str(), "role" | "target" | "escaped")) {
            self.leave(format!("the feature {feature} of {} is left out", link.short()), link);
        }
        let targets = self.targets(link, "target");
        if targets.is_empty() {
            self.leave(format!("{} is left out, nothing is in its role", link.short()), link);
        }
        let role = link.text("role").unwrap_or(name).to_owned();
        for target in targets {
            let kind = self.made.get(&target.id).and_then(|to| self.builder.kind_of(to));
            match (self.builder.kind_of(id), name) {
                (Some(Kind::Quote), "cue") => {}
                (Some(Kind::Event), "claimedIn") if kind == Some(Kind::Quote) => {
                    let quote = self.made.get(&target.id).cloned();
                    if let Some(event) = self.builder.event_mut(id) {
                        event.claimed_in = quote;
                    }
                }
                (Some(Kind::Event | Kind::Quote), _) => match self.filler(target) {
                    Some(filler) => self.builder.argument(id, &role, filler),
                    None => self.no_filler(&format!("the role {role}"), target, owner),
                },
                _ => match self.made_of(target) {
                    Some(to) => {
                        self.builder.relation(&role, id, &to);
                    }
                    None => self.no_filler(&format!("the role {role}"), target, owner),
                },
            }
        }
    }

    fn relation(&mut self, structure: &'a Structure) {
        let mut end = |feature: &str| {
            let target = self.targets(structure, feature).into_iter().next()?;
            self.made_of(target)
        };
        let ends = (end("Governor"), end("Dependent"));
        self.between(structure, ends);
    }

    fn link(&mut self, structure: &'a Structure) {
        let ends = self.links(structure, "ends");
        let mut end = |role: &str, feature: &str| {
            if let Some(key) = structure.text(feature) {
                let found = self.entities.get(key).cloned();
                if found.is_none() {
                    let message = format!("there is no entity with the key {key:?}");
                    self.refuse("unknown-reference", message, "the file may be cut off", structure);
                }
                return found;
            }
            let target = ends.iter().find(|(known, _)| known == role).map(|(_, target)| *target)?;
            self.made_of(target)
        };
        let ends = (end("from", "fromEntity"), end("to", "toEntity"));
        self.between(structure, ends);
    }

    fn between(&mut self, structure: &'a Structure, ends: (Option<Id>, Option<Id>)) {
        if let (Some(from), Some(to)) = ends {
            let (label, used) = label(structure);
            let id = self.builder.relation(&label, &from, &to);
            self.describe(structure, &id, used);
            self.made.insert(structure.id, id);
        } else {
            self.leave(format!("{} is left out, an end of it is not there", structure.short()), structure);
        }
    }
}
