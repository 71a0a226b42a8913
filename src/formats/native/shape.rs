//! The native file as types: exactly what is in it, in the order in which it is written.
//!
//! Field names are the contract with every file ever written: fields may be added, with a default, and never
//! renamed. These types refuse an unknown field; `super::unknown` takes such fields out before and keeps them, and tells
//! of them, so that a misspelt one is not silently ignored. Fields that came later than the first version are left out
//! where they say nothing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{AttributeValue, Origin, Status, ZoneKind};

/// The value of [`File::format`].
pub const FORMAT: &str = "manicule/1";

/// The value of [`File::offsets`].
pub const OFFSETS: &str = "codepoint";

/// Fields without a type, at the end of a struct: names and values as they are to be written, in the language of the
/// file. Reading does not put anything here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra(pub Vec<(String, String)>);

impl Extra {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As `super::layout` wants it.
impl Serialize for Extra {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// One document with one annotator's work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Always "manicule/1".
    pub format: String,
    /// Always "codepoint": offsets count Unicode code points from 0.
    #[serde(default = "default_offsets")]
    pub offsets: String,
    /// The article.
    pub document: Article,
    /// Where the labels come from.
    #[serde(default)]
    pub schema: SchemaRef,
    /// Who made these annotations.
    #[serde(default)]
    pub annotator: Option<String>,
    /// Labels of the whole document, by group.
    #[serde(default, deserialize_with = "unique_keys")]
    pub labels: BTreeMap<String, Vec<String>>,
    /// What mentions refer to.
    #[serde(default)]
    pub entities: Vec<Entity>,
    /// Labelled spans.
    #[serde(default)]
    pub mentions: Vec<Mention>,
    /// What happened.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Who said what.
    #[serde(default)]
    pub quotes: Vec<Quote>,
    /// Labelled links.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// Propagations: which rule made which mentions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<Batch>,
    /// How far the work is.
    #[serde(default, with = "quoted_status")]
    #[schemars(with = "Status")]
    pub status: Status,
    /// A remark about the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Suggestions that were refused and are not to come again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejection>,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// Which schema the labels come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaRef {
    /// The schema's name.
    pub name: String,
    /// The schema's version.
    pub version: u32,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// Where an annotation came from, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Who or what made it.
    #[serde(default)]
    pub by: Origin,
    /// When, as an RFC 3339 time in UTC.
    #[serde(default)]
    pub at: Option<String>,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// A suggestion that was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// Who proposed it.
    pub suggester: String,
    /// As what: a label, a type, a kind of quote.
    pub label: String,
    /// The words that would have been marked.
    pub spans: Vec<Span>,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// The article: its text, verbatim, and what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Identifies the article across files and annotators.
    #[serde(default)]
    pub id: String,
    /// The headline.
    #[serde(default)]
    pub title: String,
    /// Where it was published: a name or an address.
    #[serde(default)]
    pub source: Option<String>,
    /// When, as an ISO 8601 date.
    #[serde(default)]
    pub published: Option<String>,
    /// BCP 47 language tag.
    #[serde(default)]
    pub language: Option<String>,
    /// The encoding of the file that the text was read from, by its WHATWG name, when it was not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether that file began with a byte order mark, which is not part of the text.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bom: bool,
    /// SHA-256 of the text as UTF-8, in lower-case hexadecimal; not checked if empty.
    #[serde(default)]
    pub sha256: String,
    /// The text, verbatim.
    pub text: String,
    /// Headline, byline and other parts of the text that its source set apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<Zone>,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// A part of the text that its source set apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// What it is.
    #[serde(with = "quoted_zone")]
    #[schemars(with = "ZoneKind")]
    pub kind: ZoneKind,
    /// The first code point.
    pub start: u64,
    /// The code point after the last one.
    pub end: u64,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// A half-open range of the text in code points, with the text between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first code point.
    pub start: u64,
    /// The code point after the last one.
    pub end: u64,
    /// What `text[start:end]` gives.
    pub text: String,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// What one or more mentions refer to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Unique in the file.
    pub id: String,
    /// A mention type of the schema.
    pub r#type: String,
    /// The name it is known by.
    #[serde(default)]
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Identifier in a knowledge base, as "base:id".
    #[serde(default)]
    pub link: Option<String>,
    /// The annotator's remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provenance: Provenance,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// A labelled span, or several if it is discontinuous.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mention {
    /// Unique in the file.
    pub id: String,
    /// The mention type of the schema.
    pub label: String,
    /// In the order of the text.
    pub spans: Vec<Span>,
    /// The id of the entity it refers to.
    #[serde(default)]
    pub entity: Option<String>,
    /// As the schema allows.
    #[serde(default, deserialize_with = "unique_keys")]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The annotator's remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provenance: Provenance,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// What fills a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum Filler {
    /// The id of a mention.
    Mention(String),
    /// The id of another event.
    Event(String),
    /// Words that are no mention.
    Span(Vec<Span>),
    /// Known, but not in the text; described in words.
    Implicit(String),
}

/// A filled role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// The schema's name of the role.
    pub role: String,
    /// What fills it.
    pub filler: Filler,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Unique in the file.
    pub id: String,
    /// The event type of the schema.
    pub r#type: String,
    /// The words that name it.
    pub trigger: Vec<Span>,
    /// Who or what took part.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// The id of the quote in which it is claimed to have happened.
    #[serde(default)]
    pub claimed_in: Option<String>,
    /// As the schema allows.
    #[serde(default, deserialize_with = "unique_keys")]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The annotator's remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provenance: Provenance,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// Who said what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// Unique in the file.
    pub id: String,
    /// Direct, indirect, … as the schema names them.
    pub kind: String,
    /// What was said.
    pub content: Vec<Span>,
    /// The words that introduce it.
    #[serde(default)]
    pub cue: Option<Vec<Span>>,
    /// Who said it; nothing means not yet known.
    #[serde(default)]
    pub speaker: Option<Filler>,
    /// To whom.
    #[serde(default)]
    pub addressee: Option<Filler>,
    /// Further roles; a second speaker or addressee.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<Argument>,
    /// As the schema allows.
    #[serde(default, deserialize_with = "unique_keys")]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The annotator's remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provenance: Provenance,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// A labelled, directed link between two annotations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Unique in the file.
    pub id: String,
    /// The relation type of the schema.
    pub label: String,
    /// The id of where it starts.
    pub from: String,
    /// The id of where it leads.
    pub to: String,
    /// As the schema allows.
    #[serde(default, deserialize_with = "unique_keys", skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The annotator's remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provenance: Provenance,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

/// One propagation of a label over further occurrences of a name. Its mentions name it in their provenance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Unique among the batches of the file.
    pub id: String,
    /// The mention type that the rule gives.
    pub label: String,
    /// The id of the entity that its mentions refer to.
    #[serde(default)]
    pub entity: Option<String>,
    /// What was looked for, as whole words.
    pub texts: Vec<String>,
    /// Whether upper and lower case counted as the same.
    #[serde(default)]
    pub ignore_case: bool,
    /// When it was first applied, as an RFC 3339 time in UTC.
    #[serde(default)]
    pub at: Option<String>,
    /// What has no type here.
    #[serde(rename = "$unknown", skip_deserializing, skip_serializing_if = "Extra::is_empty")]
    #[schemars(skip)]
    pub unknown: Extra,
}

fn default_offsets() -> String {
    OFFSETS.to_owned()
}

/// How a status is written.
pub(super) fn status_word(status: Status) -> &'static str {
    quoted_status::word(status)
}

/// The status stands in quotation marks in RON too. A bare word, as RON writes enumerations, is read as well.
mod quoted_status {
    use serde::de::value::{Error, StrDeserializer};
    use serde::de::{Error as _, IntoDeserializer as _};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::Status;

    /// Untagged, because serde then asks for whatever is there, and both forms arrive as a string.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Word {
        Word(String),
    }

    // The signature that serde wants.
    #[expect(clippy::trivially_copy_pass_by_ref)]
    pub fn serialize<S: Serializer>(status: &Status, serializer: S) -> Result<S::Ok, S::Error> {
        word(*status).serialize(serializer)
    }

    /// As it is written.
    pub fn word(status: Status) -> &'static str {
        match status {
            Status::New => "new",
            Status::InProgress => "in_progress",
            Status::Done => "done",
            Status::Flagged => "flagged",
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Status, D::Error> {
        let Word::Word(word) = Word::deserialize(source)
            .map_err(|_| D::Error::custom("the status is one of \"new\", \"in_progress\", \"done\", \"flagged\""))?;
        let word: StrDeserializer<'_, Error> = word.as_str().into_deserializer();
        Status::deserialize(word).map_err(D::Error::custom)
    }
}

/// The kind of a zone stands in quotation marks in RON too.
mod quoted_zone {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use strum::IntoEnumIterator as _;

    use crate::model::ZoneKind;

    // The signature that serde wants.
    #[expect(clippy::trivially_copy_pass_by_ref)]
    pub fn serialize<S: Serializer>(kind: &ZoneKind, serializer: S) -> Result<S::Ok, S::Error> {
        kind.word().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<ZoneKind, D::Error> {
        let word = String::deserialize(source)?;
        ZoneKind::iter().find(|kind| kind.word() == word).ok_or_else(|| {
            let known: Vec<String> = ZoneKind::iter().map(|kind| format!("{:?}", kind.word())).collect();
            D::Error::custom(format!("a zone is one of {}, not {word:?}", known.join(", ")))
        })
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A map in which no key stands twice; serde alone keeps the last one and says nothing.
fn unique_keys<'de, D: Deserializer<'de>, V: Deserialize<'de>>(source: D) -> Result<BTreeMap<String, V>, D::Error> {
    struct Keys<V>(std::marker::PhantomData<V>);
    impl<'de, V: Deserialize<'de>> Visitor<'de> for Keys<V> {
        type Value = BTreeMap<String, V>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a map")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = access.next_entry::<String, V>()? {
                if map.contains_key(&key) {
                    return Err(serde::de::Error::custom(format!("the key {key:?} stands twice")));
                }
                map.insert(key, value);
            }
            Ok(map)
        }
    }
    source.deserialize_map(Keys(std::marker::PhantomData))
}
