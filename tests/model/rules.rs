//! What each intention must change, and what it must not: a simple implementation on plain maps.
//!
//! Where the program may choose (who is meant by a name, which kind a quote is), its choice is looked at and then taken
//! over; everything else is worked out here, so that whatever else changed is found.

use std::collections::HashSet;
use std::rc::Rc;

use manicule::edit::Intent;
use manicule::model::{
    Argument, Attributes, Batch, Entity, Event, Filler, Header, Id, Mention, Metadata, Origin, Part, Provenance, Quote,
    Rejection, Relation, SchemaRef, Status, Unknown,
};
use manicule::text::{Span, Spans, Text};

use crate::plain::{Plain, Thing};

type Checked<T = ()> = Result<T, String>;

/// Whether `intent` may lead from one state to the other.
pub fn check(text: &Text, before: &Plain, intent: &Intent, after: &Plain, created: Option<&Id>) -> Checked {
    let mut wanted = Wanted { text, before, after, plain: before.clone() };
    wanted.carry_out(intent, created)?;
    wanted.follow_up(intent, created);
    let differences = after.differences(&wanted.plain);
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

/// What holds of every state.
pub fn is_whole(text: &Text, plain: &Plain) -> Checked {
    for (id, thing) in &plain.things {
        if let Some(gone) = thing.references().iter().find(|other| !plain.things.contains_key(*other)) {
            return Err(format!("{id} refers to {gone}, which is gone"));
        }
        let spans = match thing {
            Thing::Mention(m) => {
                if m.entity.as_ref().is_some_and(|entity| plain.entity(entity).is_none()) {
                    return Err(format!("{id} refers to what is no entity"));
                }
                m.spans.clone()
            }
            Thing::Event(e) => {
                if e.claimed_in.as_ref().is_some_and(|quote| plain.quote(quote).is_none()) {
                    return Err(format!("{id} is claimed in what is no quote"));
                }
                e.trigger.clone()
            }
            Thing::Quote(q) => q.content.clone(),
            Thing::Entity(_) | Thing::Relation(_) | Thing::Batch(_) => continue,
        };
        let is_right = !spans.is_empty()
            && spans.iter().all(|span| !span.is_empty() && text.get(*span).is_some())
            && spans.windows(2).all(|pair| pair[0].end < pair[1].start);
        if !is_right {
            return Err(format!("{id} stands at {spans:?}"));
        }
    }
    Ok(())
}

struct Wanted<'a> {
    text: &'a Text,
    before: &'a Plain,
    after: &'a Plain,
    plain: Plain,
}

/// Parts of the same words in order, those that overlap or touch as one.
fn joined(spans: &Spans) -> Spans {
    let mut left: Vec<Span> = spans.iter().copied().filter(|span| !span.is_empty()).collect();
    left.sort_by_key(|span| (span.start.0, span.end.0));
    let mut out = Spans::new();
    for span in left {
        if let Some(last) = out.last_mut().filter(|last| span.start.0 <= last.end.0) {
            last.end.0 = last.end.0.max(span.end.0);
        } else {
            out.push(span);
        }
    }
    out
}

fn trimmed(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn suggested(by: Option<&String>) -> Origin {
    by.map_or(Origin::Hand, |name| Origin::Suggestion(name.clone()))
}

/// The roles of a quote as one list, as an event has them.
fn roles(quote: &Quote) -> Vec<Argument> {
    let first = [("Speaker", &quote.speaker), ("Addressee", &quote.addressee)];
    let first = first
        .into_iter()
        .filter_map(|(role, filler)| filler.clone().map(|filler| Argument { role: role.into(), filler }));
    first.chain(quote.arguments.iter().cloned()).collect()
}

fn set_roles(quote: &mut Quote, mut all: Vec<Argument>) {
    let mut take = |role: &str| {
        let at = all.iter().position(|argument| argument.role == role)?;
        Some(all.remove(at).filler)
    };
    quote.speaker = take("Speaker");
    quote.addressee = take("Addressee");
    quote.arguments = all;
}

impl Wanted<'_> {
    fn carry_out(&mut self, intent: &Intent, created: Option<&Id>) -> Checked {
        match intent {
            Intent::AddMention { label, spans } => self.new_mention(made(created)?, label, spans, None, Origin::Hand),
            Intent::AddEvent { r#type, trigger } => self.new_event(made(created)?, r#type, trigger),
            Intent::AddQuote { kind, content } => {
                self.new_quote(made(created)?, kind.as_deref(), content, &Origin::Hand)
            }
            Intent::AddRelation { label, from, to } => {
                let id = made(created)?;
                let at = self.after.relation(id).ok_or("no relation was made")?.provenance.at.clone();
                self.make(
                    Thing::Relation(Rc::new(Relation {
                        id: id.clone(),
                        label: label.into(),
                        from: from.clone(),
                        to: to.clone(),
                        attributes: Default::default(),
                        note: Default::default(),
                        provenance: Provenance { by: Origin::Hand, at, ..Provenance::default() }.into(),
                    })),
                    id,
                )
            }
            Intent::AcceptMention { label, spans, entity, suggester } => {
                self.new_mention(made(created)?, label, spans, entity.clone(), suggested(suggester.as_ref()))?;
                self.allow(spans, label, suggester.as_ref());
                Ok(())
            }
            Intent::AcceptQuote { kind, content, cue, speaker, suggester, speaker_suggester } => {
                let id = made(created)?;
                self.new_quote(id, kind.as_deref(), content, &suggested(suggester.as_ref()))?;
                let chosen = self.after.quote(id).and_then(|quote| quote.speaker.clone());
                self.spoken(speaker.as_ref(), chosen.as_ref(), &suggested(speaker_suggester.as_ref()))?;
                let kind = self.after.quote(id).map(|quote| quote.kind.clone()).unwrap_or_default();
                self.quote(id, |quote| {
                    quote.cue = cue.as_ref().map(joined);
                    quote.speaker = chosen;
                })?;
                self.allow(content, &kind, suggester.as_ref());
                Ok(())
            }
            Intent::Reject(rejection) => {
                let spans = joined(&rejection.spans);
                Rc::make_mut(&mut self.plain.rejected).insert(Rejection { spans, ..rejection.clone() });
                Ok(())
            }
            Intent::Unreject(rejection) => {
                self.allow(&rejection.spans, &rejection.label, Some(&rejection.suggester));
                Ok(())
            }
            Intent::Relabel { id, label } => self.relabel(id, label),
            Intent::SetSpans { id, part: Part::Cue, spans } if spans.is_empty() => self.quote(id, |q| q.cue = None),
            Intent::SetSpans { id, part, spans } => self.set_spans(id, *part, &joined(spans)),
            Intent::Resize { id, part, index, span } => {
                let mut spans = match part {
                    Part::Mention => self.before.mention(id).map(|m| m.spans.clone()),
                    Part::Trigger => self.before.event(id).map(|e| e.trigger.clone()),
                    Part::Content => self.before.quote(id).map(|q| q.content.clone()),
                    Part::Cue => self.before.quote(id).and_then(|q| q.cue.clone()),
                    Part::Argument => None,
                }
                .ok_or("there is no such part")?;
                *spans.get_mut(*index).ok_or("there is no such span")? = *span;
                self.set_spans(id, *part, &joined(&spans))
            }
            Intent::Delete { ids } => ids.iter().try_for_each(|id| self.delete(id)),
            Intent::SetAttribute { id, name, value } => self.attributes(id, |attributes| {
                attributes.remove(name);
                attributes.extend(value.clone().map(|value| (name.clone(), value)));
            }),
            Intent::SetNote { id, note } => self.set_note(id, trimmed(note)),
            Intent::Join { mentions, entity } => self.join(mentions, entity.as_ref(), made(created)?),
            Intent::Propagate { source, search, spans } => {
                let batch = self.new_ids().find(|id| self.after.batch(id).is_some()).ok_or("no batch was made")?;
                self.named(source, true)?;
                let source = self.plain.mention(source).ok_or("the mention is gone")?;
                let made = Batch {
                    id: batch.clone(),
                    label: source.label.to_string(),
                    entity: source.entity.clone(),
                    search: search.clone(),
                    at: self.after.batch(&batch).and_then(|batch| batch.at.clone()),
                    unknown: Unknown::default(),
                };
                self.occurrences(&made, spans)?;
                self.make(Thing::Batch(Rc::new(made)), &batch)
            }
            Intent::MarkAll { label, search, spans } => {
                let batch = self.new_ids().find(|id| self.after.batch(id).is_some()).ok_or("no batch was made")?;
                let made = Batch {
                    id: batch.clone(),
                    label: label.clone(),
                    entity: None,
                    search: search.clone(),
                    at: self.after.batch(&batch).and_then(|batch| batch.at.clone()),
                    unknown: Unknown::default(),
                };
                self.occurrences(&made, spans)?;
                self.make(Thing::Batch(Rc::new(made)), &batch)
            }
            Intent::Extend { batch: id, search, spans } => {
                let known = self.before.batch(id).ok_or("there is no such batch")?;
                let batch = Batch { search: search.clone(), ..known.clone() };
                self.occurrences(&batch, spans)?;
                self.plain.things.insert(id.clone(), Thing::Batch(Rc::new(batch)));
                Ok(())
            }
            Intent::Retract { batch } => self.retract(batch),
            Intent::Split { mention, own_entity } => {
                let old = self.before.mention(mention).ok_or("there is no such mention")?.entity.clone();
                let new = if *own_entity { Some(made(created)?.clone()) } else { None };
                if let Some(new) = &new {
                    self.new_entity(new, mention)?;
                }
                self.mention(mention, |mention| mention.entity = new)?;
                self.sweep(old.iter());
                Ok(())
            }
            Intent::MergeEntities { into, from } => self.merge(into, from),
            Intent::UpdateEntity { id, name, aliases, link } => self.entity(id, |entity| {
                entity.name = name.clone().unwrap_or(entity.name.clone());
                entity.aliases = aliases.clone().unwrap_or(entity.aliases.clone());
                if let Some(link) = link {
                    entity.link = trimmed(link);
                }
            }),
            Intent::SetArgument { id, role, nth, filler } => {
                self.arguments(id, |all| {
                    let places: Vec<usize> = (0..all.len()).filter(|at| &all[*at].role == role).collect();
                    match (places.get(*nth), filler.clone()) {
                        (Some(at), Some(filler)) => all[*at].filler = filler,
                        (Some(at), None) => drop(all.remove(*at)),
                        (None, Some(filler)) => all.push(Argument { role: role.into(), filler }),
                        (None, None) => {}
                    }
                })?;
                self.named_as(id, role, filler.as_ref())
            }
            Intent::AddArgumentFromText { id, role, spans } => {
                let before = self.roles_of(self.before, id)?;
                let after = self.roles_of(self.after, id)?;
                let filler = (after.iter().find(|argument| !before.contains(argument)))
                    .filter(|argument| &argument.role == role)
                    .map(|argument| argument.filler.clone())
                    .ok_or("the role was not filled")?;
                self.words_as_filler(&filler, spans, &Origin::Hand)?;
                if created != filler.target().filter(|id| !self.before.things.contains_key(*id)) {
                    return Err("what was made is not what fills the role".into());
                }
                self.arguments(id, |all| all.push(Argument { role: role.into(), filler: filler.clone() }))?;
                self.named_as(id, role, Some(&filler))
            }
            Intent::SetClaimedIn { id, quote } => self.event(id, |event| event.claimed_in = quote.clone()),
            Intent::Reverse { id } => self.relation(id, |r| std::mem::swap(&mut r.from, &mut r.to)),
            Intent::SetStatus(status) => self.header(|header| header.status = *status),
            Intent::SetDocumentLabels { group, values } => self.header(|header| {
                header.labels.remove(group);
                if !values.is_empty() {
                    header.labels.insert(group.clone(), values.clone());
                }
            }),
            Intent::SetDocumentNote(note) => self.header(|header| header.note = trimmed(note)),
            Intent::SetMetadata(new) => self.header(|header| {
                let old = header.metadata.clone();
                header.metadata = Metadata {
                    id: old.id,
                    encoding: old.encoding,
                    bom: old.bom,
                    title: new.title.clone(),
                    source: new.source.clone(),
                    published: new.published.clone(),
                    language: new.language.clone(),
                };
            }),
            Intent::SetAnnotator(annotator) => self.header(|header| header.annotator = annotator.clone()),
            Intent::SetSchema { name, version } => {
                self.header(|header| header.schema = SchemaRef { name: name.clone(), version: *version })
            }
        }
    }

    /// What follows whatever was wanted: edited mentions leave their batch's rule, batches do not name what is gone,
    /// and the first mark begins the work.
    fn follow_up(&mut self, intent: &Intent, created: Option<&Id>) {
        let is_by_hand = !matches!(
            intent,
            Intent::Propagate { .. }
                | Intent::MarkAll { .. }
                | Intent::Extend { .. }
                | Intent::Retract { .. }
                | Intent::MergeEntities { .. }
                | Intent::Delete { .. }
        );
        let mut edited = Vec::new();
        for mention in self.plain.mentions().filter(|_| is_by_hand) {
            let Some(old) = self.before.mention(&mention.id) else { continue };
            if let Origin::Rule(batch) = &old.provenance.by
                && mention.provenance == old.provenance
                && mention != old
            {
                edited.push((mention.id.clone(), batch.clone()));
            }
        }
        for (id, batch) in edited {
            let _ = self.mention(&id, |mention| mention.provenance.by = Origin::Edited(batch));
        }
        let heir = match intent {
            Intent::MergeEntities { into, from } => Some((from, into)),
            _ => None,
        };
        let batches: Vec<Batch> = (self.plain.things.values())
            .filter_map(|thing| if let Thing::Batch(batch) = thing { Some((**batch).clone()) } else { None })
            .collect();
        for batch in batches {
            let lost = batch.entity.as_ref().filter(|id| self.plain.entity(id).is_none());
            if let Some(lost) = lost {
                let entity = heir.filter(|(from, _)| *from == lost).map(|(_, into)| into.clone());
                self.plain.things.insert(batch.id.clone(), Thing::Batch(Rc::new(Batch { entity, ..batch })));
            }
        }
        if created.is_some() && self.before.header.status == Status::New && !matches!(intent, Intent::SetStatus(_)) {
            Rc::make_mut(&mut self.plain.header).status = Status::InProgress;
        }
    }

    // --- making ------------------------------------------------------------------------------------------------

    /// What is there now and was not before.
    fn new_ids(&self) -> impl Iterator<Item = Id> {
        self.after
            .things
            .keys()
            .filter(|id| !self.before.things.contains_key(*id))
            .cloned()
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn make(&mut self, thing: Thing, id: &Id) -> Checked {
        match self.plain.things.insert(id.clone(), thing) {
            Some(_) => Err(format!("{id} was there already")),
            None => Ok(()),
        }
    }

    fn new_mention(&mut self, id: &Id, label: &str, spans: &Spans, entity: Option<Id>, by: Origin) -> Checked {
        let at = self.after.mention(id).ok_or_else(|| format!("no mention {id} was made"))?.provenance.at.clone();
        let mention = Mention {
            id: id.clone(),
            label: label.into(),
            spans: joined(spans),
            entity,
            attributes: Default::default(),
            note: Default::default(),
            provenance: Provenance { by, at, ..Provenance::default() }.into(),
        };
        self.make(Thing::Mention(Rc::new(mention)), id)
    }

    fn new_event(&mut self, id: &Id, r#type: &str, trigger: &Spans) -> Checked {
        let made = self.after.event(id).ok_or("no event was made")?;
        let trigger = joined(trigger);
        let holds = |quote: &Quote| trigger.first().is_some_and(|t| quote.content.iter().any(|part| part.covers(*t)));
        let is_inside = self.before.things.keys().filter_map(|id| self.before.quote(id)).any(holds);
        let is_claimed = made.claimed_in.as_ref().map(|quote| self.before.quote(quote).is_some_and(holds));
        if is_claimed != is_inside.then_some(true) {
            return Err(format!("{id} is claimed in {:?}", made.claimed_in));
        }
        let event = Event {
            id: id.clone(),
            r#type: r#type.into(),
            trigger,
            arguments: Vec::new(),
            claimed_in: made.claimed_in.clone(),
            attributes: Default::default(),
            note: Default::default(),
            provenance: Provenance { by: Origin::Hand, at: made.provenance.at.clone(), ..Provenance::default() }.into(),
        };
        self.make(Thing::Event(Rc::new(event)), id)
    }

    fn new_quote(&mut self, id: &Id, kind: Option<&str>, content: &Spans, by: &Origin) -> Checked {
        let made = self.after.quote(id).ok_or("no quote was made")?;
        if kind.is_none() && !["direct", "indirect", "mixed"].contains(&made.kind.as_str()) {
            return Err(format!("a quote became {}", made.kind));
        }
        let content = joined(content);
        let is_inside = |event: &&Event| {
            event.claimed_in.is_none() && event.trigger.iter().all(|span| content.iter().any(|part| part.covers(*span)))
        };
        let events = self.before.things.keys().filter_map(|id| self.before.event(id)).filter(is_inside);
        let claimed: Vec<Id> = events.map(|event| event.id.clone()).collect();
        let quote = Quote {
            id: id.clone(),
            kind: kind.unwrap_or(&made.kind).into(),
            content: content.clone(),
            cue: None,
            speaker: None,
            addressee: None,
            arguments: Vec::new(),
            attributes: Default::default(),
            note: Default::default(),
            provenance: Provenance { by: by.clone(), at: made.provenance.at.clone(), ..Provenance::default() }.into(),
        };
        for event in claimed {
            self.event(&event, |event| event.claimed_in = Some(id.clone()))?;
        }
        self.make(Thing::Quote(Rc::new(quote)), id)
    }

    /// An entity of a mention's type and words.
    fn new_entity(&mut self, id: &Id, mention: &Id) -> Checked {
        let made = self.after.entity(id).ok_or_else(|| format!("no entity {id} was made"))?;
        let mention = self.plain.mention(mention).ok_or("its mention is gone")?;
        let entity = Entity {
            id: id.clone(),
            r#type: mention.label.clone(),
            name: self.text.excerpt(&mention.spans),
            aliases: Vec::new(),
            link: None,
            note: Default::default(),
            // Who proposed a speaker is said to have named it, too.
            provenance: made.provenance.clone(),
        };
        self.make(Thing::Entity(Rc::new(entity)), id)
    }

    /// A mention without entity may have got one, new or known; with `must` it has.
    fn named(&mut self, id: &Id, must: bool) -> Checked {
        let mention = self.plain.mention(id).ok_or_else(|| format!("{id} is gone"))?.clone();
        let now = self.after.mention(id).ok_or_else(|| format!("{id} is gone"))?.entity.clone();
        if mention.entity.is_some() {
            return Ok(());
        }
        let Some(entity) = now else {
            return if must { Err(format!("{id} has no entity")) } else { Ok(()) };
        };
        match self.plain.entity(&entity) {
            Some(known) if known.r#type != mention.label => Err(format!("{id} became another thing: {known:?}")),
            Some(_) => Ok(()),
            None => self.new_entity(&entity, id),
        }?;
        self.mention(id, |mention| mention.entity = Some(entity))
    }

    /// Who becomes the speaker of a quote may be named by that.
    fn named_as(&mut self, owner: &Id, role: &str, filler: Option<&Filler>) -> Checked {
        match filler {
            Some(Filler::Mention(mention)) if role == "Speaker" && self.before.quote(owner).is_some() => {
                self.named(mention, false)
            }
            _ => Ok(()),
        }
    }

    /// Whether what fills a role stands for these words: themselves, or a mention of them that was there or was made.
    fn words_as_filler(&mut self, filler: &Filler, words: &Spans, by: &Origin) -> Checked {
        let is_right = match filler {
            Filler::Span(spans) => *spans == joined(words),
            Filler::Mention(id) => match self.before.mention(id) {
                Some(known) => known.spans == joined(words),
                None => {
                    let label = self.after.mention(id).map(|m| m.label.clone()).unwrap_or_default();
                    self.new_mention(id, &label, words, None, by.clone())?;
                    true
                }
            },
            Filler::Event(_) | Filler::Implicit(_) => false,
        };
        if is_right { Ok(()) } else { Err(format!("{filler:?} does not stand for {words:?}")) }
    }

    /// The speaker that was chosen for what was proposed.
    fn spoken(&mut self, proposed: Option<&Filler>, chosen: Option<&Filler>, by: &Origin) -> Checked {
        match (proposed, chosen) {
            (Some(Filler::Span(words)), Some(filler)) => self.words_as_filler(filler, words, by)?,
            (proposed, chosen) if proposed == chosen => {}
            _ => return Err(format!("proposed as the speaker was {proposed:?}, and {chosen:?} became it")),
        }
        match chosen {
            Some(Filler::Mention(mention)) => self.named(mention, false),
            _ => Ok(()),
        }
    }

    /// The mentions that a rule made: one for each place that was not marked alike.
    fn occurrences(&mut self, batch: &Batch, spans: &[Span]) -> Checked {
        let new: Vec<Id> = self.new_ids().filter(|id| self.after.mention(id).is_some()).collect();
        let mut seen: HashSet<Spans> = HashSet::new();
        for id in &new {
            let words = self.after.mention(id).map(|m| m.spans.clone()).unwrap_or_default();
            let is_wanted = words.len() == 1 && spans.contains(&words[0]);
            let is_twin = |m: &Mention| m.label == batch.label && m.spans == words;
            if !is_wanted || self.before.mentions().any(is_twin) || !seen.insert(words.clone()) {
                return Err(format!("{id} at {words:?} was not asked for"));
            }
            self.new_mention(id, &batch.label, &words, batch.entity.clone(), Origin::Rule(batch.id.to_string()))?;
        }
        let is_marked = |span: &Span| self.plain.mentions().any(|m| m.label == batch.label && m.spans[..] == [*span]);
        match spans.iter().find(|span| !is_marked(span)) {
            Some(left_out) => Err(format!("{left_out:?} was left out")),
            None if new.is_empty() => Err("nothing was marked".into()),
            None => Ok(()),
        }
    }

    fn allow(&mut self, spans: &Spans, label: &str, suggester: Option<&String>) {
        let Some(suggester) = suggester.cloned() else { return };
        let rejection = Rejection::new(joined(spans), label, suggester);
        if self.plain.rejected.contains(&rejection) {
            Rc::make_mut(&mut self.plain.rejected).remove(&rejection);
        }
    }

    // --- changing ----------------------------------------------------------------------------------------------

    fn mention(&mut self, id: &Id, change: impl FnOnce(&mut Mention)) -> Checked {
        match self.plain.things.get_mut(id) {
            Some(Thing::Mention(mention)) => change(Rc::make_mut(mention)),
            _ => return Err(format!("there is no mention {id}")),
        }
        Ok(())
    }

    fn entity(&mut self, id: &Id, change: impl FnOnce(&mut Entity)) -> Checked {
        match self.plain.things.get_mut(id) {
            Some(Thing::Entity(entity)) => change(Rc::make_mut(entity)),
            _ => return Err(format!("there is no entity {id}")),
        }
        Ok(())
    }

    fn event(&mut self, id: &Id, change: impl FnOnce(&mut Event)) -> Checked {
        match self.plain.things.get_mut(id) {
            Some(Thing::Event(event)) => change(Rc::make_mut(event)),
            _ => return Err(format!("there is no event {id}")),
        }
        Ok(())
    }

    fn quote(&mut self, id: &Id, change: impl FnOnce(&mut Quote)) -> Checked {
        match self.plain.things.get_mut(id) {
            Some(Thing::Quote(quote)) => change(Rc::make_mut(quote)),
            _ => return Err(format!("there is no quote {id}")),
        }
        Ok(())
    }

    fn relation(&mut self, id: &Id, change: impl FnOnce(&mut Relation)) -> Checked {
        match self.plain.things.get_mut(id) {
            Some(Thing::Relation(relation)) => change(Rc::make_mut(relation)),
            _ => return Err(format!("there is no relation {id}")),
        }
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "so that all intentions read alike")]
    fn header(&mut self, change: impl FnOnce(&mut Header)) -> Checked {
        change(Rc::make_mut(&mut self.plain.header));
        Ok(())
    }

    fn roles_of(&self, plain: &Plain, id: &Id) -> Checked<Vec<Argument>> {
        match (plain.event(id), plain.quote(id)) {
            (Some(event), _) => Ok(event.arguments.clone()),
            (None, Some(quote)) => Ok(roles(quote)),
            (None, None) => Err(format!("{id} has no roles")),
        }
    }

    fn arguments(&mut self, id: &Id, change: impl FnOnce(&mut Vec<Argument>)) -> Checked {
        let mut all = self.roles_of(&self.plain, id)?;
        change(&mut all);
        if self.plain.event(id).is_some() {
            self.event(id, |event| event.arguments = all)
        } else {
            self.quote(id, |quote| set_roles(quote, all))
        }
    }

    fn relabel(&mut self, id: &Id, label: &str) -> Checked {
        match self.plain.things.get(id) {
            Some(Thing::Mention(mention)) => {
                let entity = mention.entity.clone();
                self.mention(id, |mention| mention.label = label.into())?;
                let others = |entity: &Id| self.plain.mentions().filter(|m| m.entity.as_ref() == Some(entity)).count();
                match entity.filter(|entity| others(entity) == 1) {
                    Some(entity) => self.entity(&entity, |entity| entity.r#type = label.into()),
                    None => Ok(()),
                }
            }
            Some(Thing::Entity(_)) => self.entity(id, |entity| entity.r#type = label.into()),
            Some(Thing::Event(_)) => self.event(id, |event| event.r#type = label.into()),
            Some(Thing::Quote(_)) => self.quote(id, |quote| quote.kind = label.into()),
            Some(Thing::Relation(_)) => self.relation(id, |relation| relation.label = label.into()),
            Some(Thing::Batch(_)) | None => Err(format!("{id} has no label")),
        }
    }

    fn set_spans(&mut self, id: &Id, part: Part, spans: &Spans) -> Checked {
        match part {
            Part::Mention => self.mention(id, |mention| mention.spans = spans.clone()),
            Part::Trigger => self.event(id, |event| event.trigger = spans.clone()),
            Part::Content => self.quote(id, |quote| quote.content = spans.clone()),
            Part::Cue => self.quote(id, |quote| quote.cue = Some(spans.clone())),
            Part::Argument => Err("the words of a filler cannot be set".into()),
        }
    }

    fn attributes(&mut self, id: &Id, change: impl FnOnce(&mut Attributes)) -> Checked {
        match self.plain.things.get(id) {
            Some(Thing::Mention(_)) => self.mention(id, |a| change(&mut a.attributes)),
            Some(Thing::Event(_)) => self.event(id, |a| change(&mut a.attributes)),
            Some(Thing::Quote(_)) => self.quote(id, |a| change(&mut a.attributes)),
            Some(Thing::Relation(_)) => self.relation(id, |a| change(&mut a.attributes)),
            Some(Thing::Entity(_) | Thing::Batch(_)) | None => Err(format!("{id} has no attributes")),
        }
    }

    fn set_note(&mut self, id: &Id, note: Option<String>) -> Checked {
        match self.plain.things.get(id) {
            Some(Thing::Entity(_)) => self.entity(id, |a| a.note = note.into()),
            Some(Thing::Mention(_)) => self.mention(id, |a| a.note = note.into()),
            Some(Thing::Event(_)) => self.event(id, |a| a.note = note.into()),
            Some(Thing::Quote(_)) => self.quote(id, |a| a.note = note.into()),
            Some(Thing::Relation(_)) => self.relation(id, |a| a.note = note.into()),
            Some(Thing::Batch(_)) | None => Err(format!("{id} has no note")),
        }
    }

    // --- removing, joining -------------------------------------------------------------------------------------

    fn delete(&mut self, id: &Id) -> Checked {
        if !self.before.things.contains_key(id) || self.before.batch(id).is_some() {
            return Err(format!("there is no annotation {id}"));
        }
        let Some(gone) = self.plain.things.remove(id) else { return Ok(()) };
        self.remove_relations_at(id);
        let others: Vec<Id> = self.plain.things.keys().cloned().collect();
        for other in others {
            match self.plain.things.get(&other).filter(|thing| thing.references().contains(id)) {
                Some(Thing::Mention(_)) => self.mention(&other, |mention| mention.entity = None)?,
                Some(Thing::Event(_) | Thing::Quote(_)) => {
                    self.arguments(&other, |all| all.retain(|argument| argument.filler.target() != Some(id)))?;
                    let _ = self.event(&other, |event| drop(event.claimed_in.take_if(|quote| quote == id)));
                }
                // Batches are looked at in the end.
                _ => {}
            }
        }
        if let Thing::Mention(mention) = gone {
            self.sweep(mention.entity.iter());
        }
        Ok(())
    }

    fn remove_relations_at(&mut self, id: &Id) {
        let at: Vec<Id> =
            self.plain.relations().filter(|r| r.from == *id || r.to == *id).map(|r| r.id.clone()).collect();
        for relation in at {
            self.plain.things.remove(&relation);
        }
    }

    /// Removes those of these entities that no mention refers to, with relations at them.
    fn sweep<'i>(&mut self, entities: impl Iterator<Item = &'i Id>) {
        for entity in entities {
            let is_in_use = self.plain.mentions().any(|mention| mention.entity.as_ref() == Some(entity));
            if !is_in_use && self.plain.things.remove(entity).is_some() {
                self.remove_relations_at(entity);
            }
        }
    }

    fn join(&mut self, mentions: &[Id], entity: Option<&Id>, into: &Id) -> Checked {
        let of = |id: &Id| self.before.mention(id).and_then(|mention| mention.entity.clone());
        let old: Vec<Id> = mentions.iter().filter_map(of).collect();
        match entity.or(old.first()) {
            Some(known) if known != into => return Err(format!("joined to {into}, not to {known}")),
            Some(_) => {}
            None => self.new_entity(into, mentions.first().ok_or("nothing was joined")?)?,
        }
        for mention in mentions {
            self.mention(mention, |mention| mention.entity = Some(into.clone()))?;
        }
        self.sweep(old.iter().filter(|entity| *entity != into));
        Ok(())
    }

    fn retract(&mut self, batch: &Id) -> Checked {
        let in_use: HashSet<Id> = (self.before.things.values())
            .filter(|thing| matches!(thing, Thing::Event(_) | Thing::Quote(_) | Thing::Relation(_)))
            .flat_map(Thing::references)
            .collect();
        let mut left = Vec::new();
        for mention in self.before.mentions() {
            match &mention.provenance.by {
                Origin::Rule(by) if by == batch.as_str() && !in_use.contains(&mention.id) => {
                    self.plain.things.remove(&mention.id);
                    left.extend(mention.entity.clone());
                }
                Origin::Rule(by) | Origin::Edited(by) if by == batch.as_str() => {
                    self.mention(&mention.id, |mention| mention.provenance.by = Origin::Hand)?;
                }
                _ => {}
            }
        }
        self.plain.things.remove(batch).ok_or("there is no such batch")?;
        self.sweep(left.iter());
        Ok(())
    }

    fn merge(&mut self, into: &Id, from: &Id) -> Checked {
        let gone = self.before.entity(from).ok_or("there is no such entity")?.clone();
        self.plain.things.remove(from);
        for mention in self.before.mentions().filter(|mention| mention.entity.as_ref() == Some(from)) {
            self.mention(&mention.id, |mention| mention.entity = Some(into.clone()))?;
        }
        for relation in self.before.relations().filter(|r| r.from == *from || r.to == *from) {
            let turned = |end: &Id| if end == from { into.clone() } else { end.clone() };
            if turned(&relation.from) == turned(&relation.to) {
                self.plain.things.remove(&relation.id);
            } else {
                self.relation(&relation.id, |r| (r.from, r.to) = (turned(&r.from), turned(&r.to)))?;
            }
        }
        self.entity(into, |entity| {
            for name in [vec![gone.name], gone.aliases].concat() {
                if name != entity.name && !entity.aliases.contains(&name) {
                    entity.aliases.push(name);
                }
            }
            entity.link = entity.link.clone().or(gone.link);
            let notes: Vec<String> =
                entity.note.clone().into_inner().into_iter().chain(gone.note.into_inner()).collect();
            *entity.note = Some(notes.join("\n")).filter(|note| !note.is_empty());
        })
    }
}

fn made(created: Option<&Id>) -> Checked<&Id> {
    created.ok_or_else(|| "nothing was made".to_owned())
}
