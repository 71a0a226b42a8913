//! What differs between roles, and between the ends of relations.

use super::super::guess::{Candidate, renamed};
use super::super::{Owner, SchemaStep, Unfit};
use super::{Compare, Item, candidates, joined, old_name};
use crate::model::schema::RoleType;

impl Compare<'_> {
    pub(super) fn roles(&mut self, of: &Owner, before: &[RoleType], after: &[RoleType]) {
        let traits = |roles: &[RoleType]| {
            candidates(roles, |role| Candidate {
                name: role.role.clone(),
                traits: vec![
                    ("definition", 4, role.definition.clone()),
                    ("fillers", 1, joined(&self.translated(&role.fillers))),
                ],
            })
        };
        let guesses = renamed(&traits(before), &traits(after));
        let names = |roles: &[RoleType]| roles.iter().map(|role| role.role.clone()).collect::<Vec<_>>();
        for role in names(before) {
            let of = of.clone();
            if let Some(guess) = guesses.iter().find(|guess| guess.from == role) {
                self.steps.parts.push(SchemaStep::RenameRole { of, from: role, to: guess.to.clone() });
            } else if !names(after).contains(&role) {
                self.steps.parts.push(SchemaStep::DeleteRole { of, role, to: None });
            }
        }
        let item = |role: String| Item::Role { of: of.clone(), role };
        for (old, new) in self.names(names(before), names(after), &guesses, item) {
            let find = |roles: &[RoleType], name: &str| roles.iter().find(|role| role.role == name).cloned();
            let (Some(was), Some(is)) = (find(before, &old), find(after, &new)) else { continue };
            let item = item(new.clone());
            self.changed(&item, "definition", was.definition.clone(), is.definition.clone());
            self.changed(&item, "least", was.min.to_string(), is.min.to_string());
            let most = |max: Option<u32>| max.map_or("any number".to_owned(), |max| max.to_string());
            self.changed(&item, "most", most(was.max), most(is.max));
            if is.max.is_some_and(|max| was.max.is_none_or(|before| max < before)) {
                let (role, min, max) = (new.clone(), is.min, is.max);
                let step = SchemaStep::Limit { of: of.clone(), role, min, max, excess: Unfit::Leave };
                self.steps.parts.push(step);
            }
            self.fillers(&item, "fillers", of, &new, &was.fillers, &is.fillers);
        }
    }

    pub(super) fn fillers(
        &mut self,
        item: &Item,
        what: &'static str,
        of: &Owner,
        role: &str,
        before: &[String],
        after: &[String],
    ) {
        let was = self.translated(before);
        let words = |fillers: &[String]| if fillers.is_empty() { "anything".to_owned() } else { joined(fillers) };
        self.changed(item, what, words(&was), words(after));
        let stays = was.iter().any(|filler| after.contains(filler));
        if !stays {
            self.only_fillers(of, role, after);
            return;
        }
        let is_label = |filler: &String| self.after.mention(filler).is_some() || self.after.event(filler).is_some();
        // A label that is deleted goes from all lists by itself, and without any filler left a role takes everything.
        let gone: Vec<String> = was
            .iter()
            .filter(|filler| !after.contains(filler))
            .filter(|filler| filler.starts_with(['*', '@']) || is_label(filler))
            .cloned()
            .collect();
        for filler in gone {
            let filler = match filler.strip_prefix('@') {
                // No step renames a group.
                Some(group) => format!("@{}", old_name(&self.names.groups, group)),
                None => filler,
            };
            let (of, role) = (of.clone(), role.to_owned());
            self.steps.parts.push(SchemaStep::RemoveFiller { of, role, filler, unfit: Unfit::Leave });
        }
    }

    /// A role takes something where it took anything, or none of what it took. What is new in the label set comes later:
    /// nothing can be labelled so yet.
    fn only_fillers(&mut self, of: &Owner, role: &str, after: &[String]) {
        let known = after.iter().filter_map(|filler| match filler.strip_prefix('@') {
            // No step renames a group.
            Some(group) => {
                let old = old_name(&self.names.groups, group);
                self.before.groups.contains_key(old).then(|| format!("@{old}"))
            }
            None => {
                let is_mention = self.before.mention(old_name(&self.names.mentions, filler)).is_some();
                let is_event = self.before.event(old_name(&self.names.events, filler)).is_some();
                (is_mention || is_event || filler.starts_with('*')).then(|| filler.clone())
            }
        });
        let fillers: Vec<String> = known.collect();
        if !fillers.is_empty() {
            let (of, role) = (of.clone(), role.to_owned());
            self.steps.parts.push(SchemaStep::OnlyFillers { of, role, fillers, unfit: Unfit::Leave });
        }
    }
}
