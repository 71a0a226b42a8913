//! The limits of archives and markup (see [`crate::limits`]), and the refusal of what goes beyond one.

pub use crate::limits::{
    ARCHIVED_FILES, ATTRIBUTES, DEPTH, NODES, PAGE, PDF, PDF_SECONDS, PDF_TEXT, REOPENED, TAGS, UNPACKED,
    UNPACKED_FILE, UNPACKED_SMALL, UNPACKED_TIMES,
};

use crate::model::Problem;

/// The refusal of a file that goes beyond a limit.
pub fn beyond(what: &str, limit: impl std::fmt::Display) -> Problem {
    Problem::beyond(what, limit)
}
