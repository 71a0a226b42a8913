//! From an intention to the changes it takes.
//!
//! Reads a document, changes a [`Draft`] of it. What belongs together happens together: deleting a mention takes
//! its relations and the roles it fills along, so that undo brings all of it back in one step.

mod deleting;
mod entities;
mod roles;

use super::accept::Accepted;
use super::draft::{Draft, Drafted};
use super::editor::Ids;
use super::intent::{EditError, Intent};
use crate::model::{
    Anchor, Attributes, Document, Entity, Event, Id, Kind, Mention, Part, Provenance, Quote, Rare, Relation, Schema,
    SchemaRef, Status,
};
use crate::text::{Span, Spans};

/// What a plan found out besides the changes.
pub struct Planned {
    /// In words, for the menu.
    pub title: String,
    /// What was made, or what to select afterwards.
    pub created: Option<Id>,
}

/// Plans one intention.
pub struct Planner<'a> {
    pub document: &'a Document,
    pub schema: &'a Schema,
    pub ids: &'a mut Ids,
    pub now: String,
    pub draft: Draft<'a>,
}

type Result<T> = std::result::Result<T, EditError>;

impl Planner<'_> {
    /// Changes the draft as the intention wants.
    pub fn plan(&mut self, intent: &Intent) -> Result<Planned> {
        let title = self.title(intent);
        let created = match intent {
            Intent::AddMention { label, spans } => Some(self.add_mention(label, spans)?),
            Intent::AddEvent { r#type, trigger } => Some(self.add_event(r#type, trigger)?),
            Intent::AddQuote { kind, content } => Some(self.add_quote(kind.as_deref(), content)?),
            Intent::AcceptMention { label, spans, entity, suggester } => {
                Some(self.accept_mention(label, spans, entity.as_ref(), suggester.as_deref())?)
            }
            Intent::AcceptQuote { kind, content, cue, speaker, suggester, speaker_suggester } => {
                let accepted = Accepted {
                    kind: kind.as_deref(),
                    content,
                    cue: cue.as_ref(),
                    speaker: speaker.as_ref(),
                    suggester: suggester.as_deref(),
                    speaker_suggester: speaker_suggester.as_deref(),
                };
                Some(self.accept_quote(accepted)?)
            }
            Intent::Reject(rejection) => self.set_rejected(rejection, true).map(|()| None)?,
            Intent::Unreject(rejection) => self.set_rejected(rejection, false).map(|()| None)?,
            Intent::AddRelation { label, from, to } => Some(self.add_relation(label, from, to)?),
            Intent::Relabel { id, label } => self.relabel(id, label).map(|()| None)?,
            Intent::SetSpans { id, part, spans } => self.set_spans(id, *part, spans).map(|()| None)?,
            Intent::Resize { id, part, index, span } => self.resize(id, *part, *index, *span).map(|()| None)?,
            Intent::Delete { ids } => self.delete(ids).map(|()| None)?,
            Intent::SetAttribute { id, name, value } => {
                let value = value.clone();
                self.attributes(id, |attributes| match value {
                    Some(value) => drop(attributes.insert(name.clone(), value)),
                    None => drop(attributes.remove(name)),
                })?;
                None
            }
            Intent::SetNote { id, note } => self.set_note(id, note).map(|()| None)?,
            Intent::Join { mentions, entity } => Some(self.join(mentions, entity.as_ref())?),
            Intent::Propagate { source, search, spans } => Some(self.propagate(source, search, spans)?),
            Intent::MarkAll { label, search, spans } => self.mark_all(label, search, spans).map(|()| None)?,
            Intent::Extend { batch, search, spans } => self.extend(batch, search, spans).map(|()| None)?,
            Intent::Retract { batch } => self.retract(batch).map(|()| None)?,
            Intent::Split { mention, own_entity } => self.split(mention, *own_entity)?,
            Intent::MergeEntities { into, from } => self.merge(into, from).map(|()| None)?,
            Intent::UpdateEntity { id, name, aliases, link } => {
                self.require::<Entity>(id, "entity")?;
                self.draft.update::<Entity>(id, |entity| {
                    entity.name = name.clone().unwrap_or_else(|| entity.name.clone());
                    entity.aliases = aliases.clone().unwrap_or_else(|| entity.aliases.clone());
                    if let Some(link) = link {
                        entity.link = non_empty(link);
                    }
                });
                None
            }
            Intent::SetArgument { id, role, nth, filler } => {
                self.set_argument(id, role, *nth, filler.as_ref()).map(|()| None)?
            }
            Intent::AddArgumentFromText { id, role, spans } => self.add_argument_from_text(id, role, spans)?,
            Intent::SetClaimedIn { id, quote } => {
                self.require::<Event>(id, "event")?;
                if let Some(quote) = quote {
                    self.require::<Quote>(quote, "quote")?;
                }
                self.draft.update::<Event>(id, |event| event.claimed_in.clone_from(quote));
                None
            }
            Intent::Reverse { id } => {
                let relation = self.require::<Relation>(id, "relation")?.clone();
                self.check_ends(&relation.label, &relation.to, &relation.from)?;
                self.draft.put(Relation { from: relation.to, to: relation.from, ..relation });
                None
            }
            Intent::SetStatus(status) => {
                self.draft.header_mut().status = *status;
                return Ok(Planned { title, created: None });
            }
            Intent::SetDocumentLabels { group, values } => {
                let labels = &mut self.draft.header_mut().labels;
                if values.is_empty() {
                    labels.remove(group);
                } else {
                    labels.insert(group.clone(), values.clone());
                }
                None
            }
            Intent::SetDocumentNote(note) => {
                self.draft.header_mut().note = non_empty(note);
                None
            }
            Intent::SetMetadata(metadata) => {
                let own = &mut self.draft.header_mut().metadata;
                let (id, encoding, bom) = (own.id.clone(), own.encoding.clone(), own.bom);
                *own = crate::model::Metadata { id, encoding, bom, ..(**metadata).clone() };
                None
            }
            Intent::SetAnnotator(annotator) => {
                self.draft.header_mut().annotator.clone_from(annotator);
                None
            }
            Intent::SetSchema { name, version } => {
                self.draft.header_mut().schema = SchemaRef { name: name.clone(), version: *version };
                None
            }
        };
        self.follow_up_batches(intent);
        // The first mark on a new document begins the work on it.
        if created.is_some() && self.document.header().status == Status::New {
            self.draft.header_mut().status = Status::InProgress;
        }
        Ok(Planned { title, created })
    }

    // --- making ------------------------------------------------------------------------------------------------

    pub(super) fn add_mention(&mut self, label: &str, spans: &Spans) -> Result<Id> {
        self.known("mention type", label, self.schema.mention(label).is_some())?;
        let spans = self.checked(spans)?;
        if let Some(first) = spans.first() {
            let twin = self.document.span_index().touching(*first).into_iter().find(|anchor| {
                self.draft.get::<Mention>(&anchor.id).is_some_and(|m| m.label == label && m.spans == spans)
            });
            if let Some(twin) = twin {
                return Err(EditError::Twice { label: label.into(), id: twin.id });
            }
        }
        let id = self.ids.next(Kind::Mention);
        self.draft.put(Mention {
            id: id.clone(),
            label: label.into(),
            spans,
            entity: None,
            attributes: Default::default(),
            note: Default::default(),
            provenance: self.provenance(),
        });
        Ok(id)
    }

    fn add_event(&mut self, r#type: &str, trigger: &Spans) -> Result<Id> {
        self.known("event type", r#type, self.schema.event(r#type).is_some())?;
        let trigger = self.checked(trigger)?;
        let claimed_in = trigger.first().and_then(|span| self.document.quote_around(*span)).map(|q| q.id.clone());
        let id = self.ids.next(Kind::Event);
        self.draft.put(Event {
            id: id.clone(),
            r#type: r#type.into(),
            trigger,
            arguments: Vec::new(),
            claimed_in,
            attributes: Default::default(),
            note: Default::default(),
            provenance: self.provenance(),
        });
        Ok(id)
    }

    pub(super) fn add_quote(&mut self, kind: Option<&str>, content: &Spans) -> Result<Id> {
        let content = self.checked(content)?;
        let kinds = self.schema.quotes.as_ref().map_or(&[][..], |q| &q.kinds);
        let guessed = guess_kind(self.document, &content);
        let kind = match kind {
            Some(kind) => kind,
            None if kinds.iter().any(|k| k.kind == guessed) => guessed,
            None => kinds.first().map_or(guessed, |k| k.kind.as_str()),
        };
        self.known("kind of quote", kind, kinds.iter().any(|k| k.kind == kind))?;
        let anchors: Vec<Anchor> = content.iter().flat_map(|part| self.document.span_index().touching(*part)).collect();
        let quotes = anchors.iter().filter_map(|anchor| self.document.quotes().get(&anchor.id));
        let twin = quotes.filter(|q| q.content == content).min_by_key(|q| &q.id);
        if let Some(twin) = twin {
            return Err(EditError::Twice { label: "a quote".into(), id: twin.id.clone() });
        }
        let id = self.ids.next(Kind::Quote);
        let is_inside = |event: &&Event| {
            event.claimed_in.is_none()
                && event.trigger.iter().all(|span| content.iter().any(|part| part.covers(*span)))
                && !event.trigger.is_empty()
        };
        let events = anchors.iter().filter_map(|anchor| self.document.events().get(&anchor.id));
        let inside: Vec<Id> = events.filter(is_inside).map(|e| e.id.clone()).collect();
        for event in inside {
            self.draft.update::<Event>(&event, |event| event.claimed_in = Some(id.clone()));
        }
        self.draft.put(Quote {
            id: id.clone(),
            kind: kind.into(),
            content,
            cue: None,
            speaker: None,
            addressee: None,
            arguments: Vec::new(),
            attributes: Default::default(),
            note: Default::default(),
            provenance: self.provenance(),
        });
        Ok(id)
    }

    fn add_relation(&mut self, label: &str, from: &Id, to: &Id) -> Result<Id> {
        self.check_ends(label, from, to)?;
        let at = self.document.references().others_at(from).filter_map(|id| self.document.relations().get(id));
        let twin = at.into_iter().find(|r| r.label == label && &r.from == from && &r.to == to);
        if let Some(twin) = twin {
            return Err(EditError::Twice { label: label.into(), id: twin.id.clone() });
        }
        let id = self.ids.next(Kind::Relation);
        self.draft.put(Relation {
            id: id.clone(),
            label: label.into(),
            from: from.clone(),
            to: to.clone(),
            attributes: Default::default(),
            note: Default::default(),
            provenance: self.provenance(),
        });
        Ok(id)
    }

    fn check_ends(&self, label: &str, from: &Id, to: &Id) -> Result<()> {
        let Some(known) = self.schema.relation(label) else {
            return self.known("relation", label, false);
        };
        if from == to {
            return Err(EditError::Itself);
        }
        self.schema.check_end(self.document, &known.from, &format!("the start of {label}"), from)?;
        self.schema.check_end(self.document, &known.to, &format!("the end of {label}"), to)?;
        Ok(())
    }

    // --- changing ----------------------------------------------------------------------------------------------

    fn relabel(&mut self, id: &Id, label: &str) -> Result<()> {
        match self.document.kind_of(id) {
            Some(Kind::Mention) => {
                self.known("mention type", label, self.schema.mention(label).is_some())?;
                let entity = self.document.mentions().get(id).and_then(|m| m.entity.clone());
                self.draft.update::<Mention>(id, |mention| mention.label = label.into());
                // An entity that only this mention refers to goes along; otherwise validation asks.
                if let Some(entity) = entity.filter(|n| self.document.mention_count_of(n) == 1) {
                    self.draft.update::<Entity>(&entity, |entity| entity.r#type = label.into());
                }
            }
            Some(Kind::Entity) => {
                self.known("mention type", label, self.schema.mention(label).is_some())?;
                self.draft.update::<Entity>(id, |entity| entity.r#type = label.into());
            }
            Some(Kind::Event) => {
                self.known("event type", label, self.schema.event(label).is_some())?;
                self.draft.update::<Event>(id, |event| event.r#type = label.into());
            }
            Some(Kind::Quote) => {
                let is_known = self.schema.quotes.as_ref().is_some_and(|q| q.kinds.iter().any(|k| k.kind == label));
                self.known("kind of quote", label, is_known)?;
                self.draft.update::<Quote>(id, |quote| quote.kind = label.into());
            }
            Some(Kind::Relation) => {
                let relation = self.require::<Relation>(id, "relation")?.clone();
                self.check_ends(label, &relation.from, &relation.to)?;
                self.draft.put(Relation { label: label.into(), ..relation });
            }
            None => return Err(EditError::Missing { what: "annotation", id: id.clone() }),
        }
        Ok(())
    }

    fn resize(&mut self, id: &Id, part: Part, index: usize, span: Span) -> Result<()> {
        let missing = || EditError::Missing { what: "part", id: id.clone() };
        let mut spans = self.part(id, part).ok_or_else(missing)?;
        *spans.get_mut(index).ok_or_else(missing)? = span;
        self.set_spans(id, part, &spans)
    }

    fn part(&self, id: &Id, part: Part) -> Option<Spans> {
        match part {
            Part::Mention => self.document.mentions().get(id).map(|m| m.spans.clone()),
            Part::Trigger => self.document.events().get(id).map(|e| e.trigger.clone()),
            Part::Content => self.document.quotes().get(id).map(|q| q.content.clone()),
            Part::Cue => self.document.quotes().get(id).and_then(|q| q.cue.clone()),
            Part::Argument => None,
        }
    }

    fn set_spans(&mut self, id: &Id, part: Part, spans: &Spans) -> Result<()> {
        if part == Part::Cue && spans.is_empty() {
            self.require::<Quote>(id, "quote")?;
            self.draft.update::<Quote>(id, |quote| quote.cue = None);
            return Ok(());
        }
        let spans = self.checked(spans)?;
        match part {
            Part::Mention => {
                self.require::<Mention>(id, "mention")?;
                self.draft.update::<Mention>(id, |mention| mention.spans = spans);
            }
            Part::Trigger => {
                self.require::<Event>(id, "event")?;
                self.draft.update::<Event>(id, |event| event.trigger = spans);
            }
            Part::Content => {
                self.require::<Quote>(id, "quote")?;
                self.draft.update::<Quote>(id, |quote| quote.content = spans);
            }
            Part::Cue => {
                self.require::<Quote>(id, "quote")?;
                self.draft.update::<Quote>(id, |quote| quote.cue = Some(spans));
            }
            Part::Argument => return Err(EditError::Missing { what: "part", id: id.clone() }),
        }
        Ok(())
    }

    fn attributes(&mut self, id: &Id, change: impl FnOnce(&mut Attributes)) -> Result<()> {
        match self.document.kind_of(id) {
            Some(Kind::Mention) => self.draft.update::<Mention>(id, |a| change(&mut a.attributes)),
            Some(Kind::Event) => self.draft.update::<Event>(id, |a| change(&mut a.attributes)),
            Some(Kind::Quote) => self.draft.update::<Quote>(id, |a| change(&mut a.attributes)),
            Some(Kind::Relation) => self.draft.update::<Relation>(id, |a| change(&mut a.attributes)),
            Some(Kind::Entity) | None => return Err(EditError::Missing { what: "annotation", id: id.clone() }),
        }
        Ok(())
    }

    fn set_note(&mut self, id: &Id, note: &str) -> Result<()> {
        let note = Rare::from(non_empty(note));
        match self.document.kind_of(id) {
            Some(Kind::Mention) => self.draft.update::<Mention>(id, |a| a.note = note),
            Some(Kind::Event) => self.draft.update::<Event>(id, |a| a.note = note),
            Some(Kind::Quote) => self.draft.update::<Quote>(id, |a| a.note = note),
            Some(Kind::Relation) => self.draft.update::<Relation>(id, |a| a.note = note),
            Some(Kind::Entity) => self.draft.update::<Entity>(id, |a| a.note = note),
            None => return Err(EditError::Missing { what: "annotation", id: id.clone() }),
        }
        Ok(())
    }

    // --- checks ------------------------------------------------------------------------------------------------

    pub(super) fn require<A: Drafted>(&self, id: &Id, what: &'static str) -> Result<&A> {
        self.draft.get::<A>(id).ok_or_else(|| EditError::Missing { what, id: id.clone() })
    }

    pub(super) fn known(&self, what: &'static str, label: &str, is_known: bool) -> Result<()> {
        if is_known {
            return Ok(());
        }
        Err(EditError::UnknownLabel { what, label: label.into(), schema: self.schema.name.clone() })
    }

    /// Sorted, merged, inside the text, on character boundaries, at least one and none of them empty.
    pub(super) fn checked(&self, spans: &Spans) -> Result<Spans> {
        let text = self.document.text();
        if let Some(bad) = spans.iter().find(|span| text.get(**span).is_none()) {
            return Err(EditError::BadSpan(*bad));
        }
        let mut spans: Spans = spans.iter().copied().filter(|span| !span.is_empty()).collect();
        crate::text::normalise(&mut spans);
        if spans.iter().all(|span| text.slice(*span).trim().is_empty()) {
            return Err(EditError::NoWords);
        }
        Ok(spans)
    }

    pub(super) fn provenance(&self) -> Rare<Provenance> {
        Provenance { at: Some(self.now.clone()), ..Provenance::default() }.into()
    }
}

/// The kind of a quote by its quotation marks: direct if all of it stands in quotation marks, mixed if some of it does, else indirect.
pub fn guess_kind(document: &Document, content: &Spans) -> &'static str {
    // Swedish and Finnish open with the mark that closes in English.
    const OPENING: &str = "\"“”„«»‘‚‹›「『";
    let text = document.text();
    let trimmed: Vec<&str> = content.iter().map(|span| text.slice(*span).trim()).collect();
    let is_quoted = |part: &&str| part.starts_with(|c| OPENING.contains(c));
    if trimmed.iter().all(is_quoted) {
        "direct"
    } else if trimmed.iter().any(|part| part.contains(|c: char| "\"“”„«»‹›「」『』".contains(c))) {
        "mixed"
    } else {
        "indirect"
    }
}

fn non_empty(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
