//! Field by field: what a merged annotation is made of.
//!
//! Each kind lists its fields once; the list serves for merging and for saying what differs.

use std::collections::BTreeSet;

use super::engine::{Conflicts, Found};
use super::{Key, Place, Side, words};
use crate::model::{
    Argument, Attributes, Batch, Document, Entity, Event, Header, Mention, Origin, Provenance, Quote, Relation, Schema,
};
use crate::text::Spans;

/// Merges the fields of one thing.
pub struct Fields<'a> {
    pub mine: &'a Document,
    pub theirs: &'a Document,
    pub schema: &'a Schema,
    pub place: Place,
    /// What was chosen for a conflict; `None` if nobody was asked.
    pub choose: &'a dyn Fn(&Key) -> Option<Side>,
    pub conflicts: &'a mut Conflicts,
    /// The names of the fields that differ between mine and theirs.
    pub differing: Vec<String>,
}

/// A thing that is merged field by field.
pub trait Merged: Clone + PartialEq {
    /// Without a base, both sides made it.
    fn merged(base: Option<&Self>, mine: &Self, theirs: &Self, fields: &mut Fields<'_>) -> Self;
}

impl Fields<'_> {
    fn ask(&mut self, name: &str, mine: String, theirs: String) -> Side {
        let key = Key { place: self.place.clone(), field: Some(name.to_owned()) };
        let side = (self.choose)(&key).unwrap_or_default();
        self.conflicts.insert(key, Found { mine, theirs });
        side
    }

    /// A field that is always there.
    fn field<T: Clone + PartialEq>(
        &mut self,
        name: &str,
        base: Option<&T>,
        mine: &T,
        theirs: &T,
        words: impl Fn(&T, &Document) -> String,
    ) -> T {
        if mine == theirs {
            return mine.clone();
        }
        self.differing.push(name.to_owned());
        if base == Some(mine) {
            return theirs.clone();
        }
        if base == Some(theirs) {
            return mine.clone();
        }
        match self.ask(name, words(mine, self.mine), words(theirs, self.theirs)) {
            Side::Mine => mine.clone(),
            Side::Theirs => theirs.clone(),
        }
    }

    /// A field that may be empty: what was made by both sides was empty before.
    fn optional<T: Clone + PartialEq + Default>(
        &mut self,
        name: &str,
        base: Option<&T>,
        mine: &T,
        theirs: &T,
        words: impl Fn(&T, &Document) -> String,
    ) -> T {
        let empty = T::default();
        self.field(name, Some(base.unwrap_or(&empty)), mine, theirs, words)
    }

    #[allow(clippy::ref_option, reason = "notes are compared as the fields that they are")]
    fn note(
        &mut self,
        base: Option<&Option<String>>,
        mine: &Option<String>,
        theirs: &Option<String>,
    ) -> Option<String> {
        self.optional("note", base, mine, theirs, |note, _| words::optional(note.as_deref()))
    }

    fn spans(&mut self, name: &str, base: Option<&Spans>, mine: &Spans, theirs: &Spans) -> Spans {
        self.field(name, base, mine, theirs, |spans, document| words::words_of(document, spans))
    }

    /// A list in which what is added and removed on both sides goes together, as long as there is room for it.
    fn list(
        &mut self,
        name: &str,
        (base, mine, theirs): (&[String], &[String], &[String]),
        max: Option<usize>,
    ) -> Vec<String> {
        if mine == theirs || base == theirs {
            if mine != theirs {
                self.differing.push(name.to_owned());
            }
            return mine.to_vec();
        }
        self.differing.push(name.to_owned());
        if base == mine {
            return theirs.to_vec();
        }
        united(base, mine, theirs, max).unwrap_or_else(|| {
            match self.ask(name, words::list(mine), words::list(theirs)) {
                Side::Mine => mine.to_vec(),
                Side::Theirs => theirs.to_vec(),
            }
        })
    }

    fn attributes(&mut self, base: Option<&Attributes>, mine: &Attributes, theirs: &Attributes) -> Attributes {
        let names: BTreeSet<&String> = mine.keys().chain(theirs.keys()).collect();
        let one = |name: &String, list: &Attributes| list.get(name).cloned();
        let merged = names.into_iter().filter_map(|name| {
            let before = base.and_then(|base| one(name, base));
            let words = |value: &Option<_>, _: &Document| words::attribute(value.as_ref());
            let value = self.optional(name, Some(&before), &one(name, mine), &one(name, theirs), words);
            value.map(|value| (name.clone(), value))
        });
        merged.collect()
    }

    /// Fillers, role by role. `max` tells how many a role takes.
    fn arguments(
        &mut self,
        base: &[Argument],
        mine: &[Argument],
        theirs: &[Argument],
        max: impl Fn(&str) -> Option<usize>,
    ) -> Vec<Argument> {
        if mine == theirs {
            return mine.to_vec();
        }
        let roles: BTreeSet<&str> = mine.iter().chain(theirs).map(|argument| argument.role.as_str()).collect();
        let of = |list: &[Argument], role: &str| -> Vec<Argument> {
            list.iter().filter(|argument| argument.role == role).cloned().collect()
        };
        let mut decided: Vec<Argument> = Vec::new();
        for role in roles {
            let (before, here, there) = (of(base, role), of(mine, role), of(theirs, role));
            if here == there || before == there {
                decided.extend(here.iter().cloned());
            } else if before == here {
                decided.extend(there.iter().cloned());
            } else if let Some(both) = united(&before, &here, &there, max(role)) {
                decided.extend(both);
            } else {
                let words = |list: &[Argument], document: &Document| words::arguments(document, list);
                match self.ask(role, words(&here, self.mine), words(&there, self.theirs)) {
                    Side::Mine => decided.extend(here.iter().cloned()),
                    Side::Theirs => decided.extend(there.iter().cloned()),
                }
            }
            if here != there {
                self.differing.push(role.to_owned());
            }
        }
        // The order of one side is kept where only the other was left as it was.
        let (first, second) = if base == mine { (theirs, mine) } else { (mine, theirs) };
        let mut ordered: Vec<Argument> = Vec::new();
        for argument in first.iter().chain(second) {
            let left = decided.iter().filter(|other| *other == argument).count();
            if ordered.iter().filter(|other| *other == argument).count() < left {
                ordered.push(argument.clone());
            }
        }
        ordered
    }

    /// Nobody is asked where something came from: work by hand tells more than a rule.
    fn provenance(&mut self, base: Option<&Provenance>, mine: &Provenance, theirs: &Provenance) -> Provenance {
        let is_edited = |provenance: &Provenance| matches!(provenance.by, Origin::Edited(_));
        let chosen = if base == Some(mine) || (base != Some(theirs) && is_edited(theirs) && !is_edited(mine)) {
            theirs
        } else {
            mine
        };
        let before = base.map(|base| base.unknown.clone()).unwrap_or_default();
        Provenance { unknown: mine.unknown.merged(&before, &theirs.unknown), ..chosen.clone() }
    }
}

/// What both sides made of a list: what either added is there, what either removed is not. `None` if both replaced
/// something, or there is no room for all of it.
fn united<T: Clone + PartialEq>(base: &[T], mine: &[T], theirs: &[T], max: Option<usize>) -> Option<Vec<T>> {
    let lacking = |list: &[T], than: &[T]| -> Vec<T> { list.iter().filter(|x| !than.contains(x)).cloned().collect() };
    let (mine_added, theirs_added) = (lacking(mine, base), lacking(theirs, base));
    let (mine_removed, theirs_removed) = (lacking(base, mine), lacking(base, theirs));
    let is_replaced = |added: &[T], removed: &[T]| !added.is_empty() && !removed.is_empty();
    if is_replaced(&mine_added, &mine_removed) && is_replaced(&theirs_added, &theirs_removed) {
        return None;
    }
    let kept = mine.iter().filter(|x| !theirs_removed.contains(x));
    let both: Vec<T> = kept.cloned().chain(lacking(&theirs_added, mine)).collect();
    // More than a role takes is allowed where one side has it already.
    let has_room = max.is_none_or(|max| both.len() <= max.max(mine.len()).max(theirs.len()));
    has_room.then_some(both)
}

fn plain<T: AsRef<str>>(text: &T, _: &Document) -> String {
    words::text(text.as_ref())
}

impl Merged for Entity {
    fn merged(base: Option<&Self>, mine: &Self, theirs: &Self, fields: &mut Fields<'_>) -> Self {
        let aliases = (base.map_or(&[][..], |b| &b.aliases), mine.aliases.as_slice(), theirs.aliases.as_slice());
        Self {
            r#type: fields.field("type", base.map(|b| &b.r#type), &mine.r#type, &theirs.r#type, plain),
            name: fields.field("name", base.map(|b| &b.name), &mine.name, &theirs.name, plain),
            aliases: fields.list("other names", aliases, None),
            link: fields.optional("link", base.map(|b| &b.link), &mine.link, &theirs.link, |link, _| {
                words::optional(link.as_deref())
            }),
            note: fields.note(base.map(|b| &*b.note), &mine.note, &theirs.note).into(),
            provenance: fields.provenance(base.map(|b| &*b.provenance), &mine.provenance, &theirs.provenance).into(),
            ..mine.clone()
        }
    }
}

impl Merged for Mention {
    fn merged(base: Option<&Self>, mine: &Self, theirs: &Self, fields: &mut Fields<'_>) -> Self {
        Self {
            label: fields.field("label", base.map(|b| &b.label), &mine.label, &theirs.label, plain),
            spans: fields.spans("words", base.map(|b| &b.spans), &mine.spans, &theirs.spans),
            entity: fields.optional("entity", base.map(|b| &b.entity), &mine.entity, &theirs.entity, |id, document| {
                words::reference(document, id.as_ref())
            }),
            attributes: fields.attributes(base.map(|b| &*b.attributes), &mine.attributes, &theirs.attributes).into(),
            note: fields.note(base.map(|b| &*b.note), &mine.note, &theirs.note).into(),
            provenance: fields.provenance(base.map(|b| &*b.provenance), &mine.provenance, &theirs.provenance).into(),
            ..mine.clone()
        }
    }
}

impl Merged for Event {
    fn merged(base: Option<&Self>, mine: &Self, theirs: &Self, fields: &mut Fields<'_>) -> Self {
        let r#type = fields.field("type", base.map(|b| &b.r#type), &mine.r#type, &theirs.r#type, plain);
        let schema = fields.schema;
        let roles = schema.event(&r#type).map_or(&[][..], |event| &event.roles);
        let max = |name: &str| roles.iter().find(|r| r.role == name).and_then(|r| r.max).map(|max| max as usize);
        let before = base.map_or(&[][..], |b| &b.arguments);
        Self {
            trigger: fields.spans("trigger", base.map(|b| &b.trigger), &mine.trigger, &theirs.trigger),
            arguments: fields.arguments(before, &mine.arguments, &theirs.arguments, max),
            claimed_in: fields.optional(
                "claimed in",
                base.map(|b| &b.claimed_in),
                &mine.claimed_in,
                &theirs.claimed_in,
                |id, document| words::reference(document, id.as_ref()),
            ),
            attributes: fields.attributes(base.map(|b| &*b.attributes), &mine.attributes, &theirs.attributes).into(),
            note: fields.note(base.map(|b| &*b.note), &mine.note, &theirs.note).into(),
            provenance: fields.provenance(base.map(|b| &*b.provenance), &mine.provenance, &theirs.provenance).into(),
            r#type,
            ..mine.clone()
        }
    }
}

impl Merged for Quote {
    fn merged(base: Option<&Self>, mine: &Self, theirs: &Self, fields: &mut Fields<'_>) -> Self {
        let schema = fields.schema;
        let roles = schema.quotes.as_ref().map_or(&[][..], |quotes| &quotes.roles);
        let max = |name: &str| roles.iter().find(|r| r.role == name).and_then(|r| r.max).map(|max| max as usize);
        let before = base.map_or(&[][..], |b| &b.arguments);
        let filler = |filler: &Option<_>, document: &Document| words::filler(document, filler.as_ref());
        Self {
            kind: fields.field("kind", base.map(|b| &b.kind), &mine.kind, &theirs.kind, plain),
            content: fields.spans("content", base.map(|b| &b.content), &mine.content, &theirs.content),
            cue: fields.optional("cue", base.map(|b| &b.cue), &mine.cue, &theirs.cue, |cue, document| {
                cue.as_ref().map_or_else(words::nothing, |cue| words::words_of(document, cue))
            }),
            speaker: fields.optional("speaker", base.map(|b| &b.speaker), &mine.speaker, &theirs.speaker, filler),
            addressee: fields.optional(
                "addressee",
                base.map(|b| &b.addressee),
                &mine.addressee,
                &theirs.addressee,
                filler,
            ),
            arguments: fields.arguments(before, &mine.arguments, &theirs.arguments, max),
            attributes: fields.attributes(base.map(|b| &*b.attributes), &mine.attributes, &theirs.attributes).into(),
            note: fields.note(base.map(|b| &*b.note), &mine.note, &theirs.note).into(),
            provenance: fields.provenance(base.map(|b| &*b.provenance), &mine.provenance, &theirs.provenance).into(),
            ..mine.clone()
        }
    }
}

impl Merged for Relation {
    fn merged(base: Option<&Self>, mine: &Self, theirs: &Self, fields: &mut Fields<'_>) -> Self {
        // Both ends go together: one side may have turned it around.
        let ends = |relation: &Self| (relation.from.clone(), relation.to.clone());
        let before = base.map(ends);
        let (from, to) = fields.field("ends", before.as_ref(), &ends(mine), &ends(theirs), |(from, to), document| {
            format!("{} → {}", words::reference(document, Some(from)), words::reference(document, Some(to)))
        });
        Self {
            label: fields.field("label", base.map(|b| &b.label), &mine.label, &theirs.label, plain),
            from,
            to,
            attributes: fields.attributes(base.map(|b| &*b.attributes), &mine.attributes, &theirs.attributes).into(),
            note: fields.note(base.map(|b| &*b.note), &mine.note, &theirs.note).into(),
            provenance: fields.provenance(base.map(|b| &*b.provenance), &mine.provenance, &theirs.provenance).into(),
            ..mine.clone()
        }
    }
}

impl Merged for Batch {
    fn merged(base: Option<&Self>, mine: &Self, theirs: &Self, fields: &mut Fields<'_>) -> Self {
        let texts = (base.map_or(&[][..], |b| &b.search.texts), &*mine.search.texts, &*theirs.search.texts);
        let mut search = mine.search.clone();
        search.texts = fields.list("what is looked for", texts, None);
        search.ignore_case = fields.field(
            "capitals",
            base.map(|b| &b.search.ignore_case),
            &mine.search.ignore_case,
            &theirs.search.ignore_case,
            |ignores, _| if *ignores { "do not matter".to_owned() } else { "matter".to_owned() },
        );
        Self {
            label: fields.field("label", base.map(|b| &b.label), &mine.label, &theirs.label, plain),
            entity: fields.optional("entity", base.map(|b| &b.entity), &mine.entity, &theirs.entity, |id, document| {
                words::reference(document, id.as_ref())
            }),
            search,
            at: if base.is_some_and(|b| b.at == mine.at) { theirs.at.clone() } else { mine.at.clone() },
            unknown: mine.unknown.merged(&base.map(|b| b.unknown.clone()).unwrap_or_default(), &theirs.unknown),
            ..mine.clone()
        }
    }
}

impl Merged for Header {
    fn merged(base: Option<&Self>, mine: &Self, theirs: &Self, fields: &mut Fields<'_>) -> Self {
        let mut out = mine.clone();
        out.unknown = mine.unknown.merged(&base.map(|base| base.unknown.clone()).unwrap_or_default(), &theirs.unknown);
        let optional = |text: &Option<String>, _: &Document| words::optional(text.as_deref());
        let (before, here, there) = (base.map(|b| &b.metadata), &mine.metadata, &theirs.metadata);
        let metadata = &mut out.metadata;
        metadata.id = fields.field("identifier", before.map(|b| &b.id), &here.id, &there.id, plain);
        metadata.title = fields.field("title", before.map(|b| &b.title), &here.title, &there.title, plain);
        metadata.source = fields.optional("source", before.map(|b| &b.source), &here.source, &there.source, optional);
        metadata.published =
            fields.optional("date", before.map(|b| &b.published), &here.published, &there.published, optional);
        metadata.language =
            fields.optional("language", before.map(|b| &b.language), &here.language, &there.language, optional);
        metadata.encoding =
            fields.optional("encoding", before.map(|b| &b.encoding), &here.encoding, &there.encoding, optional);
        metadata.bom = fields.field("byte order mark", before.map(|b| &b.bom), &here.bom, &there.bom, |bom, _| {
            if *bom { "yes".to_owned() } else { "no".to_owned() }
        });
        out.schema = fields.field("schema", base.map(|b| &b.schema), &mine.schema, &theirs.schema, |schema, _| {
            format!("{} {}", words::named(&schema.name), schema.version)
        });
        out.annotator =
            fields.optional("annotator", base.map(|b| &b.annotator), &mine.annotator, &theirs.annotator, optional);
        out.status = fields.field("status", base.map(|b| &b.status), &mine.status, &theirs.status, |status, _| {
            status.text().to_lowercase()
        });
        out.note = fields.note(base.map(|b| &b.note), &mine.note, &theirs.note);
        out.zones = fields.optional("parts", base.map(|b| &b.zones), &mine.zones, &theirs.zones, |zones, _| {
            words::list(&zones.iter().map(|zone| zone.kind.word().to_owned()).collect::<Vec<_>>())
        });
        let groups: BTreeSet<&String> = mine.labels.keys().chain(theirs.labels.keys()).collect();
        for group in groups {
            let of = |header: &Self| header.labels.get(group).cloned().unwrap_or_default();
            let known = fields.schema.document_labels.iter().find(|known| &known.group == group);
            let max = known.filter(|known| !known.multiple).map(|_| 1);
            let merged = fields.list(group, (&base.map(of).unwrap_or_default(), &of(mine), &of(theirs)), max);
            // A group without labels is kept as whoever made it so has it.
            let is_empty_group = |header: &Self| header.labels.get(group).is_some_and(Vec::is_empty);
            if merged.is_empty() && !(is_empty_group(mine) || is_empty_group(theirs)) {
                out.labels.remove(group);
            } else {
                out.labels.insert(group.clone(), merged);
            }
        }
        out
    }
}
