//! The entries of the list of a label set: which there are, adding, copying, moving them.

use strum::IntoEnumIterator as _;

use crate::edit::{LabelKind, Owner};
use crate::model::Schema;
use crate::model::schema::{
    AttributeKind, AttributeType, DocumentLabel, EventType, MentionType, QuoteKind, QuoteType, RelationType, RoleType,
};

/// A part of the list, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumIter)]
pub enum Part {
    /// Mention types.
    Mentions,
    /// Event types.
    Events,
    /// Quotes and their kinds.
    Quotes,
    /// Relation types.
    Relations,
    /// Attributes.
    Attributes,
    /// Groups of labels for the whole document.
    DocumentLabels,
    /// Named sets of labels.
    Groups,
}

impl Part {
    /// Its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Mentions => "Mentions",
            Self::Events => "Events",
            Self::Quotes => "Quotes",
            Self::Relations => "Relations",
            Self::Attributes => "Attributes",
            Self::DocumentLabels => "Document labels",
            Self::Groups => "Groups",
        }
    }

    /// One of it, with its article.
    pub fn a(self) -> String {
        let one = self.one();
        format!("{} {one}", if one.starts_with(['a', 'e']) { "an" } else { "a" })
    }

    /// What one more is called in a sentence.
    pub fn one(self) -> &'static str {
        match self {
            Self::Mentions => "mention type",
            Self::Events => "event type",
            Self::Quotes => "kind of quote",
            Self::Relations => "relation type",
            Self::Attributes => "attribute",
            Self::DocumentLabels => "group of document labels",
            Self::Groups => "group of labels",
        }
    }
}

/// An entry of the list, by the name that it has now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// The label set as a whole: title and description.
    Whole,
    /// A mention type.
    Mention(String),
    /// An event type.
    Event(String),
    /// Quotes of all kinds.
    Quotes,
    /// A kind of quote.
    QuoteKind(String),
    /// A relation type.
    Relation(String),
    /// An attribute, by its id.
    Attribute(String),
    /// A group of labels for the whole document.
    Document(String),
    /// A named set of labels.
    Group(String),
}

impl Entry {
    /// Its name; of an attribute, its id.
    pub fn name(&self) -> &str {
        match self {
            Self::Whole => "Label set",
            Self::Quotes => "Quotes",
            Self::Mention(name)
            | Self::Event(name)
            | Self::QuoteKind(name)
            | Self::Relation(name)
            | Self::Attribute(name)
            | Self::Document(name)
            | Self::Group(name) => name,
        }
    }

    /// Which labels it is one of, if it is a label.
    pub fn kind(&self) -> Option<LabelKind> {
        match self {
            Self::Mention(_) => Some(LabelKind::Mention),
            Self::Event(_) => Some(LabelKind::Event),
            Self::QuoteKind(_) => Some(LabelKind::QuoteKind),
            Self::Relation(_) => Some(LabelKind::Relation),
            Self::Document(_) => Some(LabelKind::DocumentGroup),
            Self::Whole | Self::Quotes | Self::Attribute(_) | Self::Group(_) => None,
        }
    }

    /// Whose roles and attributes its are, if it has any.
    pub fn owner(&self) -> Option<Owner> {
        match self {
            Self::Mention(name) => Some(Owner::Mention(name.clone())),
            Self::Event(name) => Some(Owner::Event(name.clone())),
            Self::Relation(name) => Some(Owner::Relation(name.clone())),
            Self::Quotes => Some(Owner::Quotes),
            _ => None,
        }
    }

    /// The part of the list that it stands in.
    pub fn part(&self) -> Option<Part> {
        Some(match self {
            Self::Whole => return None,
            Self::Mention(_) => Part::Mentions,
            Self::Event(_) => Part::Events,
            Self::Quotes | Self::QuoteKind(_) => Part::Quotes,
            Self::Relation(_) => Part::Relations,
            Self::Attribute(_) => Part::Attributes,
            Self::Document(_) => Part::DocumentLabels,
            Self::Group(_) => Part::Groups,
        })
    }

    /// The same under another name.
    #[must_use]
    pub fn renamed(&self, to: &str) -> Self {
        let to = to.to_owned();
        match self {
            Self::Whole => Self::Whole,
            Self::Quotes => Self::Quotes,
            Self::Mention(_) => Self::Mention(to),
            Self::Event(_) => Self::Event(to),
            Self::QuoteKind(_) => Self::QuoteKind(to),
            Self::Relation(_) => Self::Relation(to),
            Self::Attribute(_) => Self::Attribute(to),
            Self::Document(_) => Self::Document(to),
            Self::Group(_) => Self::Group(to),
        }
    }

    /// The entries of a part.
    pub fn of(part: Part, schema: &Schema) -> Vec<Self> {
        match part {
            Part::Mentions => schema.mentions.iter().map(|m| Self::Mention(m.label.clone())).collect(),
            Part::Events => schema.events.iter().map(|e| Self::Event(e.r#type.clone())).collect(),
            Part::Quotes => {
                let kinds = schema.quotes.iter().flat_map(|q| &q.kinds).map(|k| Self::QuoteKind(k.kind.clone()));
                schema.quotes.iter().map(|_| Self::Quotes).chain(kinds).collect()
            }
            Part::Relations => schema.relations.iter().map(|r| Self::Relation(r.label.clone())).collect(),
            Part::Attributes => schema.attributes.iter().map(|a| Self::Attribute(a.id.clone())).collect(),
            Part::DocumentLabels => schema.document_labels.iter().map(|d| Self::Document(d.group.clone())).collect(),
            Part::Groups => schema.groups.keys().map(|name| Self::Group(name.clone())).collect(),
        }
    }

    /// Whether the label set has it.
    pub fn is_in(&self, schema: &Schema) -> bool {
        self.part().is_none_or(|part| Self::of(part, schema).contains(self))
    }

    /// Where it stands in its part.
    fn position(&self, schema: &Schema) -> Option<usize> {
        match self {
            Self::Mention(name) => schema.mentions.iter().position(|m| m.label == *name),
            Self::Event(name) => schema.events.iter().position(|e| e.r#type == *name),
            Self::QuoteKind(name) => schema.quotes.as_ref()?.kinds.iter().position(|k| k.kind == *name),
            Self::Relation(name) => schema.relations.iter().position(|r| r.label == *name),
            Self::Attribute(id) => schema.attributes.iter().position(|a| a.id == *id),
            Self::Document(name) => schema.document_labels.iter().position(|d| d.group == *name),
            // Groups are in the order of their names.
            Self::Whole | Self::Quotes | Self::Group(_) => None,
        }
    }

    /// Moves it up or down in its part. Answers whether it could.
    pub fn shift(&self, schema: &mut Schema, down: bool) -> bool {
        fn swap<T>(list: &mut [T], at: usize, down: bool) -> bool {
            let other = if down { at + 1 } else { at.wrapping_sub(1) };
            if other < list.len() {
                list.swap(at, other);
            }
            other < list.len()
        }
        let Some(at) = self.position(schema) else { return false };
        match self {
            Self::Mention(_) => swap(&mut schema.mentions, at, down),
            Self::Event(_) => swap(&mut schema.events, at, down),
            Self::QuoteKind(_) => schema.quotes.as_mut().is_some_and(|q| swap(&mut q.kinds, at, down)),
            Self::Relation(_) => swap(&mut schema.relations, at, down),
            Self::Attribute(_) => swap(&mut schema.attributes, at, down),
            Self::Document(_) => swap(&mut schema.document_labels, at, down),
            Self::Whole | Self::Quotes | Self::Group(_) => false,
        }
    }

    /// Adds one of a part, with a name that nothing has, and gives it.
    pub fn add(part: Part, schema: &mut Schema) -> Self {
        let is_taken = |schema: &Schema, name: &str| {
            Part::iter().any(|part| Self::of(part, schema).iter().any(|entry| entry.name() == name))
        };
        let free = |schema: &Schema, name: &str| {
            let numbered = (2..).map(|n| format!("{name}{n}"));
            std::iter::once(name.to_owned()).chain(numbered).find(|name| !is_taken(schema, name)).unwrap_or_default()
        };
        match part {
            Part::Mentions => {
                let label = free(schema, "NewMention");
                schema.mentions.push(MentionType {
                    label: label.clone(),
                    color: None,
                    key: None,
                    definition: String::new(),
                    examples: Vec::new(),
                    attributes: Vec::new(),
                    needs_entity: false,
                });
                Self::Mention(label)
            }
            Part::Events => {
                let r#type = free(schema, "NewEvent");
                schema.events.push(EventType {
                    r#type: r#type.clone(),
                    group: None,
                    color: None,
                    key: None,
                    definition: String::new(),
                    examples: Vec::new(),
                    roles: Vec::new(),
                    attributes: Vec::new(),
                });
                Self::Event(r#type)
            }
            Part::Quotes => {
                let kind = match &schema.quotes {
                    None => "direct".to_owned(),
                    Some(_) => free(schema, "new-kind"),
                };
                let quotes = schema.quotes.get_or_insert_with(quotes_begun);
                quotes.kinds.push(QuoteKind {
                    kind: kind.clone(),
                    definition: String::new(),
                    examples: Vec::new(),
                    needs_cue: false,
                });
                Self::QuoteKind(kind)
            }
            Part::Relations => {
                let label = free(schema, "NewRelation");
                schema.relations.push(RelationType {
                    label: label.clone(),
                    from: Vec::new(),
                    to: Vec::new(),
                    symmetric: false,
                    definition: String::new(),
                    examples: Vec::new(),
                    attributes: Vec::new(),
                });
                Self::Relation(label)
            }
            Part::Attributes => {
                let id = free(schema, "new-attribute");
                schema.attributes.push(AttributeType {
                    id: id.clone(),
                    name: id.clone(),
                    kind: AttributeKind::Flag,
                    values: Vec::new(),
                    value_definitions: std::collections::BTreeMap::new(),
                    multiple: false,
                    default: None,
                    definition: String::new(),
                });
                Self::Attribute(id)
            }
            Part::DocumentLabels => {
                let group = free(schema, "new-labels");
                schema.document_labels.push(DocumentLabel {
                    group: group.clone(),
                    values: Vec::new(),
                    multiple: false,
                    definition: String::new(),
                });
                Self::Document(group)
            }
            Part::Groups => {
                let name = free(schema, "NewGroup");
                schema.groups.insert(name.clone(), Vec::new());
                Self::Group(name)
            }
        }
    }

    /// Adds one like it below it. Its key stays with the first; so does its colour, or nobody could tell them apart.
    pub fn duplicate(&self, schema: &mut Schema) -> Option<Self> {
        let part = self.part()?;
        let names: Vec<String> = Self::of(part, schema).iter().map(|entry| entry.name().to_owned()).collect();
        let all = names.iter().map(String::as_str).chain(schema.events.iter().map(|e| e.r#type.as_str()));
        let all: Vec<&str> = all.chain(schema.mentions.iter().map(|m| m.label.as_str())).collect();
        let new = (2..).map(|n| format!("{}{n}", self.name())).find(|name| !all.contains(&name.as_str()))?;
        let after = self.position(schema).map(|at| at + 1);
        match (self, after) {
            (Self::Mention(_), Some(after)) => {
                let copy = schema.mentions.get(after - 1)?.clone();
                schema.mentions.insert(after, MentionType { label: new.clone(), key: None, color: None, ..copy });
            }
            (Self::Event(_), Some(after)) => {
                let copy = schema.events.get(after - 1)?.clone();
                schema.events.insert(after, EventType { r#type: new.clone(), key: None, color: None, ..copy });
            }
            (Self::QuoteKind(_), Some(after)) => {
                let kinds = &mut schema.quotes.as_mut()?.kinds;
                let copy = kinds.get(after - 1)?.clone();
                kinds.insert(after, QuoteKind { kind: new.clone(), ..copy });
            }
            (Self::Relation(_), Some(after)) => {
                let copy = schema.relations.get(after - 1)?.clone();
                schema.relations.insert(after, RelationType { label: new.clone(), ..copy });
            }
            (Self::Attribute(_), Some(after)) => {
                let copy = schema.attributes.get(after - 1)?.clone();
                let copy = AttributeType { id: new.clone(), name: format!("{}2", copy.name), ..copy };
                schema.attributes.insert(after, copy);
            }
            (Self::Document(_), Some(after)) => {
                let copy = schema.document_labels.get(after - 1)?.clone();
                schema.document_labels.insert(after, DocumentLabel { group: new.clone(), ..copy });
            }
            (Self::Group(name), _) => {
                let members = schema.groups.get(name)?.clone();
                schema.groups.insert(new.clone(), members);
            }
            _ => return None,
        }
        Some(self.renamed(&new))
    }
}

fn quotes_begun() -> QuoteType {
    let role = |role: &str, max| RoleType {
        role: role.to_owned(),
        fillers: vec!["*mention".to_owned()],
        min: 0,
        max,
        definition: String::new(),
    };
    QuoteType {
        color: None,
        definition: String::new(),
        examples: Vec::new(),
        kinds: Vec::new(),
        roles: vec![role("Speaker", Some(1)), role("Addressee", None)],
        attributes: Vec::new(),
    }
}

/// Gives a group another name, wherever it stands. Answers whether it could.
pub fn rename_group(schema: &mut Schema, from: &str, to: &str) -> bool {
    if to.trim().is_empty() || schema.groups.contains_key(to) {
        return false;
    }
    let Some(members) = schema.groups.remove(from) else { return false };
    schema.groups.insert(to.to_owned(), members);
    for_each_filler_list(schema, |list| {
        for filler in list.iter_mut().filter(|filler| filler.strip_prefix('@') == Some(from)) {
            *filler = format!("@{to}");
        }
    });
    true
}

/// Takes a group away; where it stood, its labels stand, so that roles take what they took.
pub fn remove_group(schema: &mut Schema, name: &str) {
    let Some(members) = schema.groups.remove(name) else { return };
    let named = format!("@{name}");
    for_each_filler_list(schema, |list| {
        if let Some(at) = list.iter().position(|filler| *filler == named) {
            list.remove(at);
            for (nth, member) in members
                .iter()
                .filter(|member| !list.contains(member))
                .cloned()
                .collect::<Vec<_>>()
                .into_iter()
                .enumerate()
            {
                list.insert(at + nth, member);
            }
        }
    });
}

fn for_each_filler_list(schema: &mut Schema, mut change: impl FnMut(&mut Vec<String>)) {
    let of_events = schema.events.iter_mut().flat_map(|event| &mut event.roles).map(|role| &mut role.fillers);
    let of_quotes = schema.quotes.iter_mut().flat_map(|q| &mut q.roles).map(|role| &mut role.fillers);
    let ends = schema.relations.iter_mut().flat_map(|relation| [&mut relation.from, &mut relation.to]);
    of_events.chain(of_quotes).chain(ends).for_each(&mut change);
}
