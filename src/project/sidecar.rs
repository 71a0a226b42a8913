//! What is known of a document: the file beside its text.
//!
//! Offsets of zones are code points, as everywhere in files.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::settings::conflict_line;
use crate::model::{Header, Metadata, Problem, Zone, ZoneKind};
use crate::text::{BytePos, CodepointPos, Span, Text};

/// The value of [`Sidecar::format`].
pub const FORMAT: &str = "manicule-document/1";

/// The contents of `documents/ID.ron`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// [`FORMAT`].
    pub format: String,
    /// Identifies the article across files and annotators.
    #[serde(default)]
    pub id: String,
    /// The headline.
    #[serde(default)]
    pub title: String,
    /// Where it was published.
    #[serde(default)]
    pub source: Option<String>,
    /// When, as an ISO 8601 date.
    #[serde(default)]
    pub published: Option<String>,
    /// BCP 47 language tag.
    #[serde(default)]
    pub language: Option<String>,
    /// The encoding of the file that the text was read from, when it was not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether that file began with a byte order mark.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bom: bool,
    /// SHA-256 of the text as UTF-8, in lower-case hexadecimal.
    #[serde(default)]
    pub sha256: String,
    /// Parts of the text that its source set apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<ZoneOfFile>,
}

/// A part of the text, in code points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneOfFile {
    kind: ZoneKind,
    start: u32,
    end: u32,
}

impl Sidecar {
    /// Of a document that is added.
    pub fn of(text: &Text, metadata: &Metadata, zones: &[Zone]) -> Self {
        let zone = |zone: &Zone| ZoneOfFile {
            kind: zone.kind,
            start: text.codepoint_of(zone.span.start).0,
            end: text.codepoint_of(zone.span.end).0,
        };
        Self {
            format: FORMAT.to_owned(),
            id: metadata.id.clone(),
            title: metadata.title.clone(),
            source: metadata.source.clone(),
            published: metadata.published.clone(),
            language: metadata.language.clone(),
            encoding: metadata.encoding.clone(),
            bom: metadata.bom,
            sha256: text.sha256().to_owned(),
            zones: zones.iter().map(zone).collect(),
        }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, without the file's name.
    pub fn read(ron: &str) -> Result<Self, Box<Problem>> {
        ron::from_str(ron).map_err(|error: ron::error::SpannedError| {
            let line = conflict_line(ron);
            let mut problem = match line {
                Some(_) => Problem::error(
                    "merge-conflict",
                    "git could not merge this file, and left marks in it",
                    "choose one of the two versions between the marks, and remove the marks",
                ),
                None => Problem::error(
                    "not-ron",
                    format!("what is known of the document cannot be read: {}", error.code),
                    "correct it, or remove it; the text beside it stays",
                ),
            };
            problem.place.line = line.or(Some(error.span.start.line));
            Box::new(problem)
        })
    }

    /// As it is written.
    pub fn to_ron(&self) -> String {
        let pretty = ron::ser::PrettyConfig::new().struct_names(false).new_line("\n").indentor("    ");
        let mut ron = ron::ser::to_string_pretty(self, pretty).unwrap_or_default();
        ron.push('\n');
        ron
    }

    /// The header of a document without annotations, and what is wrong with the zones or the text.
    pub fn header(&self, text: &Text, path: &Path) -> (Header, Vec<Problem>) {
        let mut problems = Vec::new();
        if !self.sha256.is_empty() && self.sha256 != text.sha256() {
            let hint = "annotations of the text as it was do not fit; take it back, or add it as another document";
            problems
                .push(Problem::error("text-changed", "the text was changed since it was added", hint).in_file(path));
        }
        let byte = |at: u32| -> Option<BytePos> { text.byte_of_codepoint(CodepointPos(at)) };
        let zone = |zone: &ZoneOfFile| {
            let (start, end) = (byte(zone.start)?, byte(zone.end)?);
            (start <= end).then_some(Zone { kind: zone.kind, span: Span { start, end } })
        };
        let zones: Vec<Zone> = self.zones.iter().filter_map(zone).collect();
        if zones.len() < self.zones.len() {
            let message = format!("{} zones do not fit the text and are left out", self.zones.len() - zones.len());
            problems.push(Problem::warning("zone-outside", message, "correct or remove them").in_file(path));
        }
        let metadata = Metadata {
            id: self.id.clone(),
            title: self.title.clone(),
            source: self.source.clone(),
            published: self.published.clone(),
            language: self.language.clone(),
            encoding: self.encoding.clone(),
            bom: self.bom,
        };
        (Header { metadata, zones, ..Header::default() }, problems)
    }
}
