//! One word a line, its columns beside it: CoNLL-2003 and its kin ([`conll`]), and CoNLL-U ([`conllu`]).
//!
//! What the two share is here: tags and their schemes (`tags`), mentions laid on tokens in as many layers as they need
//! (`lay`), and the text that is rebuilt from words (`words`). Neither knows the other, and this module knows of
//! neither's columns.

pub mod conll;
pub mod conllu;
mod lay;
pub(super) mod tags;
pub(super) mod words;

use std::collections::BTreeMap;

use super::build::Builder;

/// At most so many warnings of one kind are listed with their lines.
const MOST_OF_A_KIND: usize = 20;

/// Warnings that a file may have by the thousand: the first of each kind are told with their lines, the others counted.
#[derive(Debug, Default)]
struct Remarks(BTreeMap<&'static str, Vec<Remark>>);

#[derive(Debug)]
struct Remark {
    message: String,
    hint: &'static str,
    line: usize,
}

impl Remarks {
    fn add(&mut self, code: &'static str, message: impl Into<String>, hint: &'static str, line: usize) {
        self.0.entry(code).or_default().push(Remark { message: message.into(), hint, line });
    }

    fn tell(self, builder: &mut Builder) {
        for (code, remarks) in self.0 {
            let others = remarks.len().saturating_sub(MOST_OF_A_KIND);
            let mut last = None;
            for remark in remarks.into_iter().take(MOST_OF_A_KIND) {
                last = Some(remark.hint);
                builder.warn(code, remark.message, remark.hint, Some(remark.line));
            }
            if others > 0 {
                let message = format!("there are {others} more of this kind");
                builder.warn(code, message, last.unwrap_or_default(), None);
            }
        }
    }
}

/// Whether a character would be taken for the end of a cell, a line or the file's mark.
fn breaks_cells(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{feff}'
}
