//! Zones: which part of the text is headline, byline, dateline, caption and body.

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// What a part of an article is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
pub enum ZoneKind {
    /// The headline.
    Headline,
    /// Who wrote it.
    Byline,
    /// Where and when it was written.
    Dateline,
    /// What stands below a picture.
    Caption,
    /// The running text.
    Body,
}

impl ZoneKind {
    /// As it stands in files and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Caption => "caption",
            Self::Body => "body",
        }
    }
}

/// A part of the text that its source set apart. Zones are known when an article is read and do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// What it is.
    pub kind: ZoneKind,
    /// Where it is: half-open, in bytes.
    pub span: Span,
}
