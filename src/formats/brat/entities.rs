//! Entities in brat: equivalence sets, references to knowledge bases, and notes for what these cannot hold.
//!
//! Mentions of one entity stand in one `*` line. Everything else about the entity hangs on its first mention: an `N` line
//! has its link and name; `#` lines of the types [`NAME`], [`TYPE`], [`ALIAS`], [`LINK`] and [`REMARK`] have what is not
//! there and does not follow: an entity has the name and type of its first mention where nothing else is said.

use std::collections::BTreeMap;

use crate::formats::build::Builder;
use crate::model::{Document, Entity, Id, Mention};

/// The type of sets of mentions of the same entity.
pub const SAME: &str = "Equiv";
/// The type of `N` lines.
pub const REFERENCE: &str = "Reference";
/// Types of `#` lines.
pub const NAME: &str = "EntityName";
pub const TYPE: &str = "EntityType";
pub const ALIAS: &str = "EntityAlias";
pub const LINK: &str = "EntityLink";
pub const REMARK: &str = "EntityNote";

/// Whether a `#` line is about the entity of its mention.
pub fn is_note(r#type: &str) -> bool {
    [NAME, TYPE, ALIAS, LINK, REMARK].contains(&r#type)
}

// --- reading --------------------------------------------------------------------------------------------------------

/// What a file says of the entities of mentions.
#[derive(Default)]
pub struct Found {
    /// For each mention another that refers to the same; one per set refers to itself.
    same: BTreeMap<Id, Id>,
    references: Vec<(Id, usize, String, String)>,
    notes: Vec<(Id, usize, String, String)>,
}

impl Found {
    /// The mention that stands for the set of a mention.
    fn root(&self, id: &Id) -> Id {
        let mut at = id;
        while let Some(next) = self.same.get(at)
            && next != at
        {
            at = next;
        }
        at.clone()
    }

    /// All of these refer to the same.
    pub fn same(&mut self, members: &[Id]) {
        let Some(first) = members.first() else { return };
        let root = self.root(first);
        for member in members {
            let other = self.root(member);
            self.same.insert(other, root.clone());
        }
    }

    /// A mention refers to what a knowledge base knows.
    pub fn refers(&mut self, mention: Id, line: usize, link: &str, name: &str) {
        self.references.push((mention, line, link.to_owned(), name.to_owned()));
    }

    /// A note about the entity of a mention.
    pub fn note(&mut self, mention: Id, line: usize, r#type: &str, text: String) {
        self.notes.push((mention, line, r#type.to_owned(), text));
    }

    /// Makes the entities. Mentions in no set that refer to the same link are of one entity, unless they have notes.
    pub fn make(mut self, builder: &mut Builder) {
        for (mention, ..) in &self.notes {
            self.same.entry(mention.clone()).or_insert_with(|| mention.clone());
        }
        let mut first_of_link: BTreeMap<String, Id> = BTreeMap::new();
        let mut joined = Vec::new();
        for (mention, _, link, _) in &self.references {
            if !self.same.contains_key(mention) {
                let first = first_of_link.entry(link.clone()).or_insert_with(|| mention.clone()).clone();
                joined.push([first, mention.clone()]);
            }
        }
        for pair in joined {
            self.same(&pair);
        }
        let mut sets: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for mention in self.same.keys() {
            sets.entry(self.root(mention)).or_default().push(mention.clone());
        }
        let mut made: BTreeMap<Id, Id> = BTreeMap::new();
        let mut in_order: Vec<(Id, Vec<Id>)> = sets.into_iter().collect();
        in_order.sort_by(|a, b| a.1.first().cmp(&b.1.first()));
        for (root, members) in in_order {
            let Some(first) = members.first().and_then(|first| builder.mention_mut(first)).cloned() else { continue };
            let name = words_of(builder.text(), &first);
            let entity = builder.entity(&first.label, &name);
            for member in &members {
                if let Some(mention) = builder.mention_mut(member) {
                    mention.entity = Some(entity.clone());
                }
            }
            made.insert(root, entity);
        }
        self.fill(builder, &made);
    }

    /// Links, names, aliases and notes of the entities that were made.
    fn fill(&self, builder: &mut Builder, made: &BTreeMap<Id, Id>) {
        for (mention, line, link, name) in &self.references {
            let Some(entity) = made.get(&self.root(mention)).and_then(|id| builder.entity_mut(id)) else { continue };
            match &entity.link {
                None => {
                    entity.link = Some(link.clone());
                    if !name.is_empty() {
                        entity.name.clone_from(name);
                    }
                }
                Some(known) if known == link => {}
                Some(known) => {
                    let message =
                        format!("the entity refers to {known} already; {link} is kept as a note on the mention");
                    builder.warn("second-reference", message, "keep one of them", Some(*line));
                    builder.note(mention, &format!("{link} {name}"));
                }
            }
        }
        for (mention, _, r#type, text) in &self.notes {
            let Some(id) = made.get(&self.root(mention)) else { continue };
            if r#type == REMARK {
                builder.note(id, text);
                continue;
            }
            let Some(entity) = builder.entity_mut(id) else { continue };
            match r#type.as_str() {
                NAME => entity.name.clone_from(text),
                TYPE => entity.r#type = text.into(),
                ALIAS => entity.aliases.push(text.clone()),
                _ => entity.link = Some(text.clone()),
            }
        }
    }
}

fn words_of(text: &crate::text::Text, mention: &Mention) -> String {
    text.excerpt(&mention.spans)
}

// --- writing --------------------------------------------------------------------------------------------------------

/// What is written of an entity, on its first mention.
#[derive(Debug, Default)]
pub struct Written {
    /// An `N` line: link and name.
    pub reference: Option<(String, String)>,
    /// `#` lines: type and text.
    pub notes: Vec<(&'static str, String)>,
}

/// What is to be written of an entity whose mentions these are, in the order of the file. `is_shared` says whether
/// another entity has the same link.
pub fn written(document: &Document, entity: &Entity, mentions: &[&Mention], is_shared: bool) -> Written {
    let Some(first) = mentions.first() else { return Written::default() };
    let mut out = Written::default();
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control();
    match &entity.link {
        Some(link) if link.contains(':') && link.chars().all(is_plain) => {
            out.reference = Some((link.clone(), entity.name.clone()));
        }
        Some(link) => out.notes.push((LINK, link.clone())),
        None => {}
    }
    let follows = match &out.reference {
        Some(_) => !entity.name.is_empty() && !is_shared,
        None => mentions.len() > 1 && entity.name == words_of(document.text(), first),
    };
    if !follows {
        out.notes.push((NAME, entity.name.clone()));
    }
    if entity.r#type != first.label {
        out.notes.push((TYPE, entity.r#type.to_string()));
    }
    out.notes.extend(entity.aliases.iter().map(|alias| (ALIAS, alias.clone())));
    out.notes.extend(entity.note.iter().flat_map(|note| note.split('\n')).map(|line| (REMARK, line.to_owned())));
    out
}
