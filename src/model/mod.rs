//! The annotation model: documents, annotations, schema, validation.
//!
//! Knows the text ([`crate::text`]) and nothing else: no files, no undo, no screen. Everything here is a
//! value; changes go through [`crate::edit`].

pub mod annotation;
mod annotations;
mod batch;
pub mod colors;
mod document;
mod id;
pub mod lanes;
mod place_list;
pub mod problem;
mod rare;
mod reference_index;
mod rejection;
pub mod schema;
mod span_index;
mod unknown;
mod validate;
mod zone;

#[cfg(test)]
pub(crate) mod test_support;

pub use annotation::{
    Annotation, Argument, AttributeValue, Attributes, Entity, Event, Filler, Kind, Label, Mention, Origin, Part,
    Provenance, Quote, Relation,
};
pub use annotations::Annotations;
pub use batch::{Batch, Search};
pub use document::{Document, Header, Metadata, SchemaRef, Status, guess_title};
pub use id::Id;
pub use place_list::{PlaceChanges, PlaceList, start_of};
pub use problem::{Mend, Place, Problem, Severity};
pub use rare::{Absent, Rare};
pub use reference_index::{MentionChanges, ReferenceIndex};
pub use rejection::Rejection;
pub use schema::Schema;
pub use span_index::{Anchor, SpanIndex};
pub use unknown::{JSON_IN_RON, Unknown, UnknownField};
pub use validate::{validate, validate_one};
pub use zone::{Zone, ZoneKind};
