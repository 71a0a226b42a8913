//! From the shape of the file to the model: offsets become bytes, identifiers are made unique, and what does not hold is
//! told with its place.

use std::collections::HashMap;

use super::locate::Places;
use super::shape;
use super::unknown::Kept;
use crate::model::{
    Annotations, Argument, Batch, Document, Entity, Event, Filler, Header, Id, Kind, Label, Mention, Metadata, Problem,
    Provenance, Quote, Rare, Rejection, Relation, SchemaRef, Search, Severity, Unknown, Zone,
};
use crate::text::{BytePos, CodepointPos, Span, Spans, Text, Utf16Pos};

/// Looking for the words of a wrong span costs a pass over the text; a file that is wrong throughout gets this
/// many hints.
const HINTS_AT_MOST: usize = 20;

/// Makes the model of one file, and keeps what it finds on the way.
pub(super) struct Reader<'a> {
    places: Places<'a>,
    text: Text,
    /// What is worth telling, in the order in which it was found.
    pub found: Vec<Problem>,
    hints: usize,
    /// Fields that no type has.
    kept: Kept,
    renamed: Renamed,
    /// Long labels as they were read.
    labels: HashMap<String, Label>,
    /// Of the annotation before.
    last_provenance: Rare<Provenance>,
}

/// Who owns spans that are being read, for messages.
struct Owner<'a> {
    id: &'a str,
    field: &'a str,
}

/// Annotations as they stand in the file.
#[derive(Default)]
pub(super) struct Lists {
    pub entities: Vec<shape::Entity>,
    pub mentions: Vec<shape::Mention>,
    pub events: Vec<shape::Event>,
    pub quotes: Vec<shape::Quote>,
    pub relations: Vec<shape::Relation>,
}

/// How many annotations of each list were read.
#[derive(Default)]
pub(super) struct Counts {
    entities: usize,
    mentions: usize,
    events: usize,
    quotes: usize,
    relations: usize,
}

/// What becomes of each, and of its number in the file; `before` counts on.
fn counted<S, A>(list: Vec<S>, before: &mut usize, mut make: impl FnMut(S, usize) -> A) -> impl Iterator<Item = A> {
    let first = *before;
    *before += list.len();
    list.into_iter().enumerate().map(move |(nth, one)| make(one, first + nth))
}

/// What the ids of renamed annotations were in the file.
type Renamed = HashMap<String, (String, usize)>;

impl<'a> Reader<'a> {
    /// Of a file whose article is `text`; `found` is told already.
    pub fn new(places: Places<'a>, text: Text, found: Vec<Problem>, kept: Kept) -> Self {
        let (labels, last_provenance) = (HashMap::new(), Rare::default());
        Self { places, text, found, hints: 0, kept, renamed: Renamed::new(), labels, last_provenance }
    }

    /// Gives every later bearer of an id, and every annotation with an empty one, an id of its own.
    pub fn make_ids_unique(&mut self, file: &mut shape::File) {
        let mut ids: Vec<(Kind, &mut String)> = Vec::new();
        ids.extend(file.entities.iter_mut().map(|a| (Kind::Entity, &mut a.id)));
        ids.extend(file.mentions.iter_mut().map(|a| (Kind::Mention, &mut a.id)));
        ids.extend(file.events.iter_mut().map(|a| (Kind::Event, &mut a.id)));
        ids.extend(file.quotes.iter_mut().map(|a| (Kind::Quote, &mut a.id)));
        ids.extend(file.relations.iter_mut().map(|a| (Kind::Relation, &mut a.id)));
        // The article's own id may look like one of an annotation; it comes first in the file.
        let mut seen: std::collections::HashSet<&str> = std::collections::HashSet::with_capacity(ids.len() + 1);
        seen.insert(&file.document.id);
        if ids.iter().all(|(_, id)| !id.is_empty() && seen.insert(id)) {
            return;
        }
        // Nobody counts beyond half of the numbers; from the last one there is no going on.
        let number = |id: &str| Id::new(id).number().filter(|number| *number <= u64::MAX / 2);
        let highest = ids.iter().filter_map(|(_, id)| number(id)).max().unwrap_or(0);
        let mut count: HashMap<String, usize> = HashMap::from([(file.document.id.clone(), 1)]);
        let mut is_taken: std::collections::HashSet<String> = ids.iter().map(|(_, id)| (**id).clone()).collect();
        let mut bearers: std::collections::HashSet<String> = std::collections::HashSet::new();
        let mut renamed = Renamed::new();
        let mut next = highest;
        for (kind, id) in ids {
            let nth = count.entry(id.clone()).or_default();
            let this = *nth;
            *nth += 1;
            if !id.is_empty() && bearers.insert(id.clone()) {
                renamed.insert(id.clone(), (id.clone(), this));
                continue;
            }
            let fresh = loop {
                next += 1;
                let fresh = format!("{}{next}", kind.prefix());
                if is_taken.insert(fresh.clone()) {
                    break fresh;
                }
            };
            let (message, hint) = if id.is_empty() {
                (format!("the {} has no id; it is {fresh} from now on", kind.word()), "save the file to keep this id")
            } else {
                let message = format!(
                    "the id {id:?} stands twice; the second one, of the {}, is {fresh} from now on",
                    kind.word()
                );
                (message, "references point to the first one; check them, then save the file")
            };
            let problem = Problem::warning("duplicate-id", message, hint).at_id(&Id::new(fresh.as_str()));
            self.found.push(self.places.put(problem, id, this));
            bearers.insert(fresh.clone());
            renamed.insert(fresh.clone(), (id.clone(), this));
            *id = fresh;
        }
        self.renamed = renamed;
    }

    /// What an id was in the file, and the how-manieth of that name it is. Most often nothing had to be renamed.
    fn in_file(&self, id: &str) -> (String, usize) {
        self.renamed.get(id).map_or((id.to_owned(), 0), |(name, nth)| (name.clone(), *nth))
    }

    /// The whole document. The text of the file itself is not looked at.
    pub fn document(&mut self, file: shape::File) -> Document {
        let mut parts = file;
        let lists = Lists {
            entities: std::mem::take(&mut parts.entities),
            mentions: std::mem::take(&mut parts.mentions),
            events: std::mem::take(&mut parts.events),
            quotes: std::mem::take(&mut parts.quotes),
            relations: std::mem::take(&mut parts.relations),
        };
        let sha256 = std::mem::take(&mut parts.document.sha256);
        let mut document = self.without_lists(parts);
        self.put(&mut document, lists, &mut Counts::default());
        self.check_sha256(&sha256);
        document.reindex();
        document
    }

    /// All but the annotations.
    pub fn without_lists(&mut self, file: shape::File) -> Document {
        let article = file.document;
        let header = Header {
            metadata: Metadata {
                id: article.id,
                title: article.title,
                source: article.source,
                published: article.published,
                language: article.language,
                encoding: article.encoding,
                bom: article.bom,
            },
            schema: SchemaRef { name: file.schema.name, version: file.schema.version },
            annotator: file.annotator,
            labels: file.labels,
            status: file.status,
            note: file.note,
            zones: article.zones.iter().filter_map(|zone| self.zone(zone)).collect(),
            unknown: self.kept.take(""),
        };
        let mut document = Document::new(self.text.clone(), header);
        document.batches = self.batches(file.batches);
        for (at, r) in file.rejected.into_iter().enumerate() {
            let spans = self.rejected(&r);
            let unknown = self.kept.take(&format!("rejected[{at}]"));
            document.rejected.insert(Rejection { spans, label: r.label, suggester: r.suggester, unknown });
        }
        document
    }

    /// Puts annotations into the document; `before` counts those of the file that are in it, and counts on. `false` if
    /// one has an identifier that another of its list has had.
    pub fn put(&mut self, document: &mut Document, lists: Lists, before: &mut Counts) -> bool {
        let mut is_unique = true;
        let entities = counted(lists.entities, &mut before.entities, |n, at| self.entity(n, at));
        is_unique &= document.entities.append(entities.map(|n| (n.id.clone(), n)).collect());
        let mentions = counted(lists.mentions, &mut before.mentions, |m, at| self.mention(m, at));
        is_unique &= document.mentions.append(mentions.map(|m| (m.id.clone(), m)).collect());
        let events = counted(lists.events, &mut before.events, |e, at| self.event(e, at));
        is_unique &= document.events.append(events.map(|e| (e.id.clone(), e)).collect());
        let quotes = counted(lists.quotes, &mut before.quotes, |q, at| self.quote(q, at));
        is_unique &= document.quotes.append(quotes.map(|q| (q.id.clone(), q)).collect());
        let relations = counted(lists.relations, &mut before.relations, |r, at| self.relation(r, at));
        is_unique &= document.relations.append(relations.map(|r| (r.id.clone(), r)).collect());
        is_unique
    }

    fn entity(&mut self, n: shape::Entity, at: usize) -> Entity {
        Entity {
            id: Id::new(n.id),
            r#type: self.label(n.r#type),
            name: n.name,
            aliases: n.aliases,
            link: n.link,
            note: n.note.into(),
            provenance: self.provenance(n.provenance, "entities", at),
        }
    }

    fn mention(&mut self, m: shape::Mention, at: usize) -> Mention {
        let spans = self.spans(&Owner { id: &m.id, field: "spans" }, &m.spans);
        Mention {
            id: Id::new(m.id),
            label: self.label(m.label),
            spans,
            entity: m.entity.map(Id::new),
            attributes: m.attributes.into(),
            note: m.note.into(),
            provenance: self.provenance(m.provenance, "mentions", at),
        }
    }

    fn event(&mut self, e: shape::Event, at: usize) -> Event {
        let owner = Owner { id: &e.id, field: "trigger" };
        let trigger = self.spans(&owner, &e.trigger);
        let arguments = self.arguments(&owner, e.arguments);
        Event {
            id: Id::new(e.id),
            r#type: self.label(e.r#type),
            trigger,
            arguments,
            claimed_in: e.claimed_in.map(Id::new),
            attributes: e.attributes.into(),
            note: e.note.into(),
            provenance: self.provenance(e.provenance, "events", at),
        }
    }

    fn quote(&mut self, q: shape::Quote, at: usize) -> Quote {
        let owner = |field| Owner { id: &q.id, field };
        Quote {
            id: Id::new(q.id.as_str()),
            kind: self.label(q.kind),
            content: self.spans(&owner("content"), &q.content),
            cue: q.cue.map(|cue| self.spans(&owner("cue"), &cue)),
            speaker: q.speaker.map(|f| self.filler(&owner("speaker"), f)),
            addressee: q.addressee.map(|f| self.filler(&owner("addressee"), f)),
            arguments: self.arguments(&owner("arguments"), q.arguments),
            attributes: q.attributes.into(),
            note: q.note.into(),
            provenance: self.provenance(q.provenance, "quotes", at),
        }
    }

    fn relation(&mut self, r: shape::Relation, at: usize) -> Relation {
        Relation {
            id: Id::new(r.id),
            label: self.label(r.label),
            from: Id::new(r.from),
            to: Id::new(r.to),
            attributes: r.attributes.into(),
            note: r.note.into(),
            provenance: self.provenance(r.provenance, "relations", at),
        }
    }

    /// Where the annotation at this place of a list came from, and what is unknown of it.
    fn provenance(&mut self, provenance: shape::Provenance, list: &str, at: usize) -> Rare<Provenance> {
        let shape::Provenance { by, at: when, .. } = provenance;
        let unknown = if self.kept.is_empty() { Unknown::default() } else { self.kept.take(&format!("{list}[{at}]")) };
        // What was made at once stands together.
        let mut provenance = Rare::from(Provenance { by, at: when, unknown });
        provenance.share(&self.last_provenance);
        self.last_provenance = provenance.clone();
        provenance
    }

    /// Equal names of the schema share what does not fit into the value itself.
    fn label(&mut self, label: String) -> Label {
        if label.len() <= Label::INLINE_LIMIT {
            return label.into();
        }
        self.labels.entry(label).or_insert_with_key(|label| label.into()).clone()
    }

    /// A later bearer of an id, or one without, gets an id of its own; mentions go on naming the first.
    fn batches(&mut self, batches: Vec<shape::Batch>) -> Annotations<Batch> {
        let mut is_taken: std::collections::HashSet<String> = batches.iter().map(|b| b.id.clone()).collect();
        let mut out = Annotations::new();
        let mut next = 0_u64;
        for (at, b) in batches.into_iter().enumerate() {
            let unknown = self.kept.take(&format!("batches[{at}]"));
            let mut id = Id::new(b.id.as_str());
            if b.id.is_empty() || out.contains_key(&id) {
                let fresh = loop {
                    next = next.saturating_add(1);
                    let fresh = format!("b{next}");
                    if is_taken.insert(fresh.clone()) {
                        break fresh;
                    }
                };
                let message =
                    format!("the id {:?} of a batch stands twice or is empty; it is {fresh} from now on", b.id);
                let hint = "its mentions count to the batch that they name; save the file to keep this id";
                id = Id::new(fresh);
                self.found.push(Problem::warning("duplicate-id", message, hint).at_id(&id));
            }
            let search = Search { texts: b.texts, ignore_case: b.ignore_case };
            let entity = b.entity.map(Id::new);
            out.insert(id.clone(), Batch { id, label: b.label, entity, search, at: b.at, unknown });
        }
        out
    }

    /// After the spans: a wrong sum alone is a warning, because every annotation still stands on its words.
    pub fn check_sha256(&mut self, sha256: &str) {
        if sha256.is_empty() || sha256.eq_ignore_ascii_case(self.text.sha256()) {
            return;
        }
        let message = format!("the text does not have the sha256 of the file: {} and not {sha256}", self.text.sha256());
        let has_wrong_spans = self.found.iter().any(|p| p.severity == Severity::Error);
        self.found.push(if has_wrong_spans {
            Problem::error("wrong-sha256", message, "the text was changed after it was annotated: restore the text")
        } else {
            let hint = "the text was changed outside; every span still matches its words, saving corrects the sum";
            Problem::warning("wrong-sha256", message, hint)
        });
    }

    /// A zone carries no words of its own, so only its ends can be wrong.
    fn zone(&mut self, zone: &shape::Zone) -> Option<Zone> {
        let (start, end) = (zone.start, zone.end);
        let byte = |at: u64| u32::try_from(at).ok().and_then(|at| self.text.byte_of_codepoint(CodepointPos(at)));
        match (byte(start), byte(end)) {
            (Some(first), Some(last)) if start <= end => {
                Some(Zone { kind: zone.kind, span: Span { start: first, end: last } })
            }
            _ => {
                let (kind, length) = (zone.kind.word(), self.text.codepoints());
                let message =
                    format!("the zone {kind} is {start}–{end} of a text of {length} characters (code points)");
                let hint = "correct its ends, or delete the zone";
                self.found.push(Problem::error("zone-out-of-range", message, hint));
                None
            }
        }
    }

    fn arguments(&mut self, owner: &Owner<'_>, arguments: Vec<shape::Argument>) -> Vec<Argument> {
        let mut out = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let filler = self.filler(&Owner { field: &argument.role, ..*owner }, argument.filler);
            out.push(Argument { role: self.label(argument.role), filler });
        }
        out
    }

    fn filler(&mut self, owner: &Owner<'_>, filler: shape::Filler) -> Filler {
        match filler {
            shape::Filler::Mention(id) => Filler::Mention(Id::new(id)),
            shape::Filler::Event(id) => Filler::Event(Id::new(id)),
            shape::Filler::Span(spans) => Filler::Span(self.spans(owner, &spans)),
            shape::Filler::Implicit(description) => Filler::Implicit(description),
        }
    }

    fn spans(&mut self, owner: &Owner<'_>, spans: &[shape::Span]) -> Spans {
        let mut read: Spans = spans.iter().filter_map(|span| self.span(owner, span)).collect();
        if !read.is_sorted() {
            read.sort_unstable();
        }
        let overlap = read.iter().zip(read.iter().skip(1)).find(|(a, b)| a.end > b.start || a == b);
        if let Some((a, b)) = overlap.map(|(a, b)| (*a, *b)) {
            let message = format!(
                "two spans of {} overlap, they are one from now on: {:?} and {:?}",
                owner.field,
                shorten(self.text.slice(a)),
                shorten(self.text.slice(b))
            );
            let problem = Problem::warning("overlapping-spans", message, "check the annotation, then save the file");
            self.push(problem.at_span(&self.text, Span { start: a.start, end: b.end.max(a.end) }), owner);
            read = without_overlaps(&read);
        }
        read
    }

    /// The words of a refused suggestion, which has no id that a problem could name.
    fn rejected(&mut self, rejection: &shape::Rejection) -> Spans {
        let before = self.found.len();
        let spans = self.spans(&Owner { id: "", field: "rejected" }, &rejection.spans);
        for problem in self.found.iter_mut().skip(before) {
            problem.place.id = None;
        }
        spans
    }

    fn span(&mut self, owner: &Owner<'_>, span: &shape::Span) -> Option<Span> {
        let shape::Span { start, end, text: expected, .. } = span;
        let length = u64::from(self.text.codepoints());
        let field = owner.field;
        let place = |problem: Problem| {
            let mut problem = problem;
            problem.place.codepoints = u32::try_from(*start).ok().zip(u32::try_from(*end).ok());
            problem
        };
        if start > end {
            let message = format!("a span of {field} ends at {end}, before its start {start}");
            self.push(place(Problem::error("inverted-span", message, "exchange start and end")), owner);
            return None;
        }
        let byte = |at: &u64| u32::try_from(*at).ok().and_then(|at| self.text.byte_of_codepoint(CodepointPos(at)));
        let (Some(first), Some(last)) = (byte(start), byte(end)) else {
            let message =
                format!("a span of {field} is {start}–{end}, but the text has only {length} characters (code points)");
            let hint = self.hint(span);
            self.push(place(Problem::error("span-out-of-range", message, hint)), owner);
            return None;
        };
        let read = Span { start: first, end: last };
        let found = self.text.slice(read);
        if found != expected {
            let message = format!(
                "a span of {field} should be {:?}, but the text there is {:?}",
                shorten(expected),
                shorten(found)
            );
            let hint = self.hint(span);
            self.push(place(Problem::error("span-text-mismatch", message, hint)), owner);
            return None;
        }
        Some(read)
    }

    /// What may have gone wrong with a span: another unit, or another place.
    fn hint(&mut self, span: &shape::Span) -> String {
        const GENERAL: &str = "correct the offsets, which count Unicode code points from 0";
        self.hints += 1;
        let (Ok(start), Ok(end)) = (u32::try_from(span.start), u32::try_from(span.end)) else {
            return GENERAL.to_owned();
        };
        if self.hints > HINTS_AT_MOST || span.text.is_empty() || end < start {
            return GENERAL.to_owned();
        }
        let text = &self.text;
        let utf16 = text.byte_of_utf16(Utf16Pos(start)).zip(text.byte_of_utf16(Utf16Pos(end)));
        if utf16.is_some_and(|(start, end)| text.slice(Span { start, end }) == span.text) {
            return "the offsets count UTF-16 units; count Unicode code points".to_owned();
        }
        if text.get(Span { start: BytePos(start), end: BytePos(end) }) == Some(&span.text) {
            return "the offsets count bytes; count Unicode code points".to_owned();
        }
        let nearest = text
            .match_indices(&span.text)
            .map(|(at, _)| text.codepoint_of(BytePos::from_usize(at)).0)
            .min_by_key(|at| at.abs_diff(start));
        match nearest {
            Some(at) => {
                let length = u32::try_from(span.text.chars().count()).unwrap_or(u32::MAX);
                format!("these words stand at {at}–{}; correct the offsets", at.saturating_add(length))
            }
            None => "these words are nowhere in the text; restore the text, or delete the annotation".to_owned(),
        }
    }

    fn push(&mut self, problem: Problem, owner: &Owner<'_>) {
        let (name, nth) = self.in_file(owner.id);
        let problem = self.places.put(problem.at_id(&Id::new(owner.id)), &name, nth);
        self.found.push(problem);
    }
}

/// Sorted spans with those that overlap made one; those that touch stay two.
fn without_overlaps(spans: &[Span]) -> Spans {
    let mut out = Spans::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start < last.end || *last == *span => last.end = last.end.max(span.end),
            _ => out.push(*span),
        }
    }
    out
}

/// Enough of a long text to recognise it.
fn shorten(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(60).chain(['…']).collect()
}
