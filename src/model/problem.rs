//! Problems: what is wrong with a file, a schema or a document, where, and what to do about it.
//!
//! One type for reading, writing and checking, on the command line and on the screen.

use std::fmt;
use std::path::PathBuf;

use super::{Id, Part};
use crate::text::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look.
    Warning,
    /// Wrong: a trainer would stumble over it, or the file cannot be opened as it is.
    Error,
}

/// Where it is. Every part may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: Option<PathBuf>,
    /// Line of the file, from 1.
    pub line: Option<usize>,
    /// Column of the line in characters, from 1.
    pub column: Option<usize>,
    /// The annotation.
    pub id: Option<Id>,
    /// Where in the text of the document.
    pub span: Option<Span>,
    /// Where in the text in code points, from 0, half-open; given together with `span` where that is known.
    pub codepoints: Option<(u32, u32)>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A short fixed name of this kind of problem (`dangling-reference`), for filters and tests.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do, in one sentence without a full stop; may be empty.
    pub hint: String,
    /// Where.
    pub place: Place,
    /// What would mend it, where that is known.
    pub mend: Option<Mend>,
    /// Another annotation without which it would be none.
    pub other: Option<Id>,
}

/// What would mend a problem of an annotation; [`crate::edit::mend`] plans it where the document leaves no choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Takes white space off the ends of a part.
    Trim(Part),
    /// Fills a role.
    Fill {
        /// The role.
        role: String,
    },
    /// Takes a filler out of a role.
    Empty {
        /// The role.
        role: String,
        /// Which of its fillers, from 0.
        nth: usize,
    },
    /// Gives a mention an entity.
    GiveEntity(Id),
    /// Lets the mention refer to no entity.
    LeaveEntity,
    /// Forgets in which quote the event is claimed.
    Unclaim,
    /// Turns the relation around.
    Reverse,
    /// Deletes the annotation or entity.
    Delete,
}

impl Problem {
    /// An error without a place.
    pub fn error(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            hint: hint.into(),
            place: Place::default(),
            mend: None,
            other: None,
        }
    }

    /// A warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, hint) }
    }

    /// The refusal of a file that goes beyond one of the [`crate::limits`]: `what` there are more of than `limit`.
    pub fn beyond(what: &str, limit: impl fmt::Display) -> Self {
        let message = format!("the file has more than {limit} {what}");
        Self::error("too-large", message, "it may be broken or made to do harm; split it if it is neither")
    }

    /// The same, at an annotation.
    #[must_use]
    pub fn at_id(mut self, id: &Id) -> Self {
        self.place.id = Some(id.clone());
        self
    }

    /// The same, with what would mend it.
    #[must_use]
    pub fn mended_by(mut self, mend: Mend) -> Self {
        self.mend = Some(mend);
        self
    }

    /// The same, at a span of the text.
    #[must_use]
    pub fn at_span(mut self, text: &crate::text::Text, span: Span) -> Self {
        self.place.span = Some(span);
        self.place.codepoints = Some((text.codepoint_of(span.start).0, text.codepoint_of(span.end).0));
        self
    }

    /// The same, at a line and column of the file, from 1.
    #[must_use]
    pub fn at_line(mut self, line: usize, column: usize) -> Self {
        self.place.line = Some(line);
        self.place.column = Some(column);
        self
    }

    /// The same, in a file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.place.file = Some(file.into());
        self
    }
}

/// `file:line:column: error: id: message (hint) [code]`, leaving out what is unknown.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.place.file {
            write!(f, "{}:", file.display())?;
        }
        if let Some(line) = self.place.line {
            write!(f, "{line}:{}:", self.place.column.unwrap_or(1))?;
        }
        if self.place.file.is_some() || self.place.line.is_some() {
            f.write_str(" ")?;
        }
        f.write_str(match self.severity {
            Severity::Warning => "warning: ",
            Severity::Error => "error: ",
        })?;
        if let Some(id) = &self.place.id {
            write!(f, "{id}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some((start, end)) = self.place.codepoints {
            write!(f, " at characters {start}–{end}")?;
        }
        if !self.hint.is_empty() {
            write!(f, " ({})", self.hint)?;
        }
        write!(f, " [{}]", self.code)
    }
}
