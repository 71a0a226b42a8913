//! Checks a document against its schema and against itself.

use std::collections::HashMap;

use super::annotation::{Argument, Attributes, Entity, Event, Kind, Mention, Quote, Relation};
use super::schema::{AttributeKind, RoleType, Schema};
use super::{Batch, Document, Filler, Id, Mend, Part, Problem, Severity};
use crate::limits;
use crate::text::{Spans, visible};

/// Every problem of a document, in the order of the text.
///
/// Nothing here keeps a document from being opened or saved: problems are for the eye of the annotator. With an
/// empty schema (one that is not at hand) only references and spans are checked.
pub fn validate(document: &Document, schema: &Schema) -> Vec<Problem> {
    let mut check = Check { document, schema, found: Vec::new(), more: 0, has_more_errors: false };
    check.mentions();
    document.entities.values().for_each(|entity| check.entity(entity));
    document.events.values().for_each(|event| check.event(event));
    document.quotes.values().for_each(|quote| check.quote(quote));
    document.relations.values().for_each(|relation| check.relation(relation));
    document.batches.values().for_each(|batch| check.batch(batch));
    let (mut found, more, has_more_errors) = (check.found, check.more, check.has_more_errors);
    if more > 0 {
        let message = format!("there are {more} more problems, which are not listed");
        let hint = "mend some of these first";
        // Whoever asks whether there are errors must not be told that there are none.
        found.push(if has_more_errors {
            Problem::error("more-problems", message, hint)
        } else {
            Problem::warning("more-problems", message, hint)
        });
    }
    found.sort_by_key(|p| (p.place.span, p.place.id.clone()));
    found
}

/// The problems of one annotation or entity; none if it does not exist. All of them together are what [`validate`]
/// finds.
pub fn validate_one(document: &Document, schema: &Schema, id: &Id) -> Vec<Problem> {
    let mut check = Check { document, schema, found: Vec::new(), more: 0, has_more_errors: false };
    if let Some(mention) = document.mentions.get(id) {
        let twin = check.twin(mention);
        check.mention(mention, twin);
    } else if let Some(entity) = document.entities.get(id) {
        check.entity(entity);
    } else if let Some(event) = document.events.get(id) {
        check.event(event);
    } else if let Some(quote) = document.quotes.get(id) {
        check.quote(quote);
    } else if let Some(relation) = document.relations.get(id) {
        check.relation(relation);
    }
    // Batches have names of their own; one may look like that of an annotation.
    if let Some(batch) = document.batches.get(id) {
        check.batch(batch);
    }
    check.found
}

struct Check<'a> {
    document: &'a Document,
    schema: &'a Schema,
    found: Vec<Problem>,
    /// How many there are beyond [`limits::PROBLEMS_LISTED`].
    more: usize,
    /// Whether one of those is an error.
    has_more_errors: bool,
}

impl<'a> Check<'a> {
    fn push(&mut self, problem: Problem, id: &Id) {
        if self.found.len() >= limits::PROBLEMS_LISTED {
            self.more += 1;
            self.has_more_errors |= problem.severity == Severity::Error;
            return;
        }
        let at = self.document.relations.get(id).map_or(id, |relation| &relation.from);
        let span = self.document.spans_of(at).first().copied();
        let problem = problem.at_id(id);
        self.found.push(match span {
            Some(span) => problem.at_span(&self.document.text, span),
            None => problem,
        });
    }

    fn has_schema(&self) -> bool {
        !self.schema.is_empty()
    }

    fn unknown_label(&mut self, id: &Id, what: &str, label: &str) {
        if self.has_schema() {
            let label = visible::line(label, limits::LABEL_SHOWN);
            let message = format!("the {what} {label:?} is not in the schema {:?}", self.schema.name);
            self.push(
                Problem::error("unknown-label", message, "choose another label, or open the schema that has it"),
                id,
            );
        }
    }

    fn no_words(&mut self, id: &Id, what: &str, spans: &Spans) {
        if spans.is_empty() || spans.iter().any(|s| s.is_empty()) {
            self.push(
                Problem::warning("empty-span", format!("the {what} covers no words"), "extend it or delete it"),
                id,
            );
        }
    }

    /// White space at the ends of a part: offsets that a tokenizer does not share.
    fn edges(&mut self, id: &Id, part: Part, what: &str, spans: &Spans) {
        let is_ragged = |words: &str| words.trim() != words;
        if spans.iter().any(|span| self.document.text.get(*span).is_some_and(is_ragged)) {
            let message = format!("the {what} begins or ends with white space");
            self.push(Problem::warning("space-at-edge", message, "take it off").mended_by(Mend::Trim(part)), id);
        }
    }

    /// The first mention with the same words under the same label, or under any where the schema gives words one.
    fn twin(&self, mention: &Mention) -> Option<&'a Mention> {
        let first = mention.spans.first()?;
        let is_exclusive = self.schema.one_label_per_span;
        let document = self.document;
        let same_start = document.span_index.touching(*first).into_iter().filter(|anchor| anchor.span == *first);
        same_start
            .filter_map(|anchor| document.mentions.get(&anchor.id))
            .filter(|m| m.id < mention.id && m.spans == mention.spans)
            .filter(|m| is_exclusive || m.label == mention.label)
            .min_by_key(|m| &m.id)
    }

    fn twice(&mut self, mention: &Mention, twin: Option<&Mention>) {
        let Some(twin) = twin else { return };
        let problem = if twin.label == mention.label {
            let message = format!("these words are marked as {} twice", twin.label);
            Problem::warning("twice", message, "delete one of them").mended_by(Mend::Delete)
        } else {
            let message = format!("the same words are marked as {} and as {}", twin.label, mention.label);
            Problem::warning("two-labels", message, "the schema gives words one label; delete one")
        };
        self.push(Problem { other: Some(twin.id.clone()), ..problem }, &mention.id);
    }

    fn mentions(&mut self) {
        let twins = self.twins();
        for mention in self.document.mentions.values() {
            self.mention(mention, twins.get(&mention.id).copied());
        }
    }

    /// The twin of each mention that has one: the first of those on the same words.
    fn twins(&self) -> HashMap<&'a Id, &'a Mention> {
        let is_exclusive = self.schema.one_label_per_span;
        let words = |m: &'a Mention| (m.spans.as_slice(), if is_exclusive { "" } else { m.label.as_str() });
        let mut mentions: Vec<&Mention> = self.document.mentions.values().filter(|m| !m.spans.is_empty()).collect();
        // Those on the same words stay in the order of identifiers. Most files have all of them in the order of the text.
        mentions.sort_by(|a, b| words(a).cmp(&words(b)));
        let same = mentions.chunk_by(|a, b| words(a) == words(b));
        let twins = same.filter_map(|same| same.split_first());
        twins.flat_map(|(first, others)| others.iter().map(|other| (&other.id, *first))).collect()
    }

    /// `twin` is a mention before it that has the same words.
    fn mention(&mut self, mention: &Mention, twin: Option<&Mention>) {
        let id = &mention.id;
        match self.schema.mention(&mention.label) {
            Some(known) => self.attributes(id, &mention.attributes, &known.attributes),
            None => self.unknown_label(id, "label", &mention.label),
        }
        self.no_words(id, "mention", &mention.spans);
        self.batch_of(mention);
        self.edges(id, Part::Mention, "mention", &mention.spans);
        self.twice(mention, twin);
        let Some(entity) = &mention.entity else {
            if self.schema.mention(&mention.label).is_some_and(|known| known.needs_entity) {
                let message = format!("the {} belongs to no entity", mention.label);
                let problem = Problem::warning("no-entity", message, "join it to an entity");
                self.push(problem.mended_by(Mend::GiveEntity(id.clone())), id);
            }
            return;
        };
        match self.document.entities.get(entity) {
            None => self.dangling(id, "entity", entity, &[Kind::Entity], Mend::LeaveEntity),
            Some(entity) if entity.r#type != mention.label && self.has_schema() => {
                let message = format!(
                    "{} {} refers to the {} {:?}",
                    article(&mention.label),
                    mention.label,
                    entity.r#type,
                    entity.name
                );
                self.push(
                    Problem::warning("entity-type", message, "re-label one of them, or split the mention off"),
                    id,
                );
            }
            Some(_) => {}
        }
    }

    /// A batch that is missing harms nothing but that its mentions cannot be retracted together.
    fn batch_of(&mut self, mention: &Mention) {
        let Some(batch) = mention.provenance.by.batch() else { return };
        if !self.document.batches.contains_key(&Id::new(batch)) {
            let message = format!("it was made by the batch {batch}, which is not in the document");
            let hint = "it stays as it is; only it cannot be retracted with its batch";
            self.push(Problem::warning("dangling-batch", message, hint), &mention.id);
        }
    }

    fn batch(&mut self, batch: &Batch) {
        if let Some(entity) = batch.entity.as_ref().filter(|id| !self.document.entities.contains_key(id)) {
            let message = format!("the batch belongs to the entity {entity}, which does not exist");
            let hint = "its mentions stay as they are; what it is extended by refers to no entity";
            self.push(Problem::warning("dangling-batch", message, hint), &batch.id);
        }
    }

    fn entity(&mut self, entity: &Entity) {
        if self.schema.mention(&entity.r#type).is_none() {
            self.unknown_label(&entity.id, "entity type", &entity.r#type);
        }
        if self.document.mention_count_of(&entity.id) == 0 {
            let message = format!("the entity {:?} has no mention", entity.name);
            let hint = "join a mention to it or delete it";
            let problem = Problem::warning("entity-without-mention", message, hint).mended_by(Mend::Delete);
            self.push(problem, &entity.id);
        }
    }

    fn event(&mut self, event: &Event) {
        let id = &event.id;
        self.no_words(id, "trigger", &event.trigger);
        self.edges(id, Part::Trigger, "trigger", &event.trigger);
        if let Some(quote) = &event.claimed_in
            && !self.document.quotes.contains_key(quote)
        {
            self.dangling(id, "quote in which it is claimed", quote, &[Kind::Quote], Mend::Unclaim);
        }
        match self.schema.event(&event.r#type) {
            Some(known) => {
                self.attributes(id, &event.attributes, &known.attributes);
                self.arguments(id, &event.r#type, &event.arguments, &known.roles);
            }
            None => {
                self.unknown_label(id, "event type", &event.r#type);
                self.arguments(id, &event.r#type, &event.arguments, &[]);
            }
        }
    }

    fn quote(&mut self, quote: &Quote) {
        let id = &quote.id;
        self.no_words(id, "quote", &quote.content);
        self.edges(id, Part::Content, "quote", &quote.content);
        if let Some(cue) = &quote.cue {
            self.edges(id, Part::Cue, "cue", cue);
        }
        let named =
            |role: &str, filler: &Option<Filler>| filler.clone().map(|filler| Argument { role: role.into(), filler });
        let mut arguments: Vec<Argument> = named("Speaker", &quote.speaker).into_iter().collect();
        arguments.extend(named("Addressee", &quote.addressee));
        arguments.extend(quote.arguments.iter().cloned());
        let Some(known) = &self.schema.quotes else {
            self.unknown_label(id, "quote of kind", &quote.kind);
            self.arguments(id, "the quote", &arguments, &[]);
            return;
        };
        if !known.kinds.iter().any(|k| k.kind == quote.kind) {
            self.unknown_label(id, "kind of quote", &quote.kind);
        }
        self.attributes(id, &quote.attributes, &known.attributes);
        self.arguments(id, "the quote", &arguments, &known.roles);
        if quote.speaker.is_none() {
            let hint = "choose a mention as the speaker, or mark it as implicit";
            let problem = Problem::warning("no-speaker", "the quote has no speaker", hint);
            self.push(problem.mended_by(Mend::Fill { role: "Speaker".into() }), id);
        }
        if quote.cue.is_none() && known.kinds.iter().any(|k| k.kind == quote.kind && k.needs_cue) {
            let message = format!("the {} quote has no cue", quote.kind);
            self.push(Problem::warning("no-cue", message, "select the words that introduce it and fill Cue"), id);
        }
        if let Some(Filler::Mention(speaker)) = &quote.speaker
            && self.document.mentions.get(speaker).is_some_and(|m| m.entity.is_none())
        {
            let message = "the speaker's mention belongs to no entity";
            let problem = Problem::warning("speaker-without-entity", message, "join the mention to an entity");
            self.push(problem.mended_by(Mend::GiveEntity(speaker.clone())), id);
        }
    }

    fn relation(&mut self, relation: &Relation) {
        let id = &relation.id;
        let known = self.schema.relation(&relation.label);
        match known {
            Some(known) => self.attributes(id, &relation.attributes, &known.attributes),
            None => self.unknown_label(id, "relation", &relation.label),
        }
        for (end, target, allowed) in
            [("from", &relation.from, known.map(|k| &k.from)), ("to", &relation.to, known.map(|k| &k.to))]
        {
            if self.document.kind_of(target).is_none() {
                self.dangling(id, end, target, &[], Mend::Delete);
            } else if let Some(allowed) = allowed
                && let Err(illegal) = self.schema.check_end(self.document, allowed, end, target)
            {
                let problem = Problem::error("illegal-end", illegal.to_string(), "change the relation or its label");
                self.push(problem.mended_by(Mend::Reverse), id);
            }
        }
    }

    /// Checks fillers, legal types and cardinality.
    fn arguments(&mut self, id: &Id, owner: &str, arguments: &[Argument], roles: &[RoleType]) {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for argument in arguments {
            let count = counts.entry(&argument.role).or_default();
            let nth = *count;
            *count += 1;
            let empty = || Mend::Empty { role: argument.role.to_string(), nth };
            if let Some(target) = argument.filler.target() {
                let wanted = if matches!(argument.filler, Filler::Event(_)) { Kind::Event } else { Kind::Mention };
                if self.document.kind_of(target) != Some(wanted) {
                    self.dangling(id, &argument.role, target, &[wanted], empty());
                    continue;
                }
            }
            if !self.has_schema() {
                continue;
            }
            match roles.iter().find(|r| r.role == argument.role) {
                Some(role) => {
                    if let Err(illegal) = self.schema.check_filler(self.document, role, &argument.filler) {
                        let problem = Problem::error("illegal-filler", illegal.to_string(), "choose another filler");
                        self.push(problem.mended_by(empty()), id);
                    }
                }
                None if !roles.is_empty() => {
                    let message = format!("{owner} has no role {:?}", argument.role);
                    let problem = Problem::error("unknown-role", message, "move the filler to another role");
                    self.push(problem.mended_by(empty()), id);
                }
                None => {}
            }
        }
        for role in roles {
            let count = arguments.iter().filter(|a| a.role == role.role).count();
            if count < role.min as usize && !(role.role == "Speaker" && owner == "the quote") {
                let message = format!(
                    "{owner} needs {} {}",
                    if role.min == 1 { article(&role.role).to_owned() } else { role.min.to_string() },
                    role.role
                );
                let problem = Problem::error("missing-role", message, "fill it, or mark it as implicit");
                self.push(problem.mended_by(Mend::Fill { role: role.role.clone() }), id);
            }
            if role.max.is_some_and(|max| count > max as usize) {
                let message = format!(
                    "{owner} has {count} fillers for {}, at most {} are allowed",
                    role.role,
                    role.max.unwrap_or(0)
                );
                self.push(Problem::error("too-many-fillers", message, "remove one"), id);
            }
        }
    }

    fn attributes(&mut self, id: &Id, attributes: &Attributes, allowed: &[String]) {
        for (name, value) in attributes {
            let known: Vec<_> = self.schema.attributes_of(allowed).filter(|a| &a.name == name).collect();
            let Some(attribute) = known.first() else {
                let message = format!("the attribute {name:?} is not in the schema for this label");
                self.push(
                    Problem::warning("unknown-attribute", message, "remove it, or use the schema that has it"),
                    id,
                );
                continue;
            };
            if attribute.kind != AttributeKind::Choice {
                continue;
            }
            for text in value.texts() {
                if !attribute.values.iter().any(|v| v == text) {
                    let message = format!("{text:?} is no value of the attribute {name:?}");
                    self.push(Problem::error("unknown-value", message, "choose one of the schema's values"), id);
                }
            }
        }
    }

    fn dangling(&mut self, id: &Id, what: &str, target: &Id, wanted: &[Kind], mend: Mend) {
        let message = match (self.document.kind_of(target), wanted.first()) {
            (Some(found), Some(wanted)) => {
                format!("{what} points to {target}, which is a {} and not a {}", found.word(), wanted.word())
            }
            _ => format!("{what} points to {target}, which does not exist"),
        };
        let problem = Problem::error("dangling-reference", message, "choose another, or remove the reference");
        self.push(problem.mended_by(mend), id);
    }
}

/// “a” or “an”.
fn article(word: &str) -> &'static str {
    if word.starts_with(|c: char| "AEIOUaeiou".contains(c)) { "an" } else { "a" }
}

#[cfg(test)]
#[path = "validate_tests.rs"]
mod tests;
