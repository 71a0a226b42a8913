//! What a hostile file may cost at most. Every limit on expansion and nesting is named here.

use crate::model::Problem;

/// Bytes that the files of an archive may unpack to, all together.
pub const UNPACKED: u64 = 256 << 20;

/// Bytes that one file of an archive may unpack to.
pub const UNPACKED_FILE: u64 = 64 << 20;

/// Files in an archive.
pub const ARCHIVED_FILES: usize = 20_000;

/// Elements inside elements, in XML and HTML.
pub const DEPTH: usize = 256;

/// Elements and pieces of text of an XML file or a page.
pub const NODES: usize = 2_000_000;

/// Opening tags of a page.
pub const TAGS: usize = 400_000;

/// Elements that a page makes a browser open again because they were not closed, all together.
pub const REOPENED: usize = 2_000_000;

/// The sum of the squares of the numbers of words in each tag: a parser compares each attribute with all others.
pub const ATTRIBUTES: usize = 1_000_000_000;

/// Bytes of a page, decoded.
pub const PAGE: usize = 32 << 20;

/// Bytes of a PDF file.
pub const PDF: usize = 64 << 20;

/// Seconds that a PDF file may take.
pub const PDF_SECONDS: u64 = 60;

/// Bytes of text of a PDF file.
pub const PDF_TEXT: usize = 64 << 20;

/// The refusal of a file that goes beyond a limit.
pub fn beyond(what: &str, limit: impl std::fmt::Display) -> Problem {
    let message = format!("the file has more than {limit} {what}");
    Problem::error("too-large", message, "it may be broken or made to do harm; split it if it is neither")
}
