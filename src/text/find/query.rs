//! What is looked for, and how it becomes a regular expression that cannot do harm.

use regex::{Regex, RegexBuilder};
use unicode_segmentation::UnicodeSegmentation as _;

use super::Finder;
use crate::limits;

/// White space within a text that is looked for: any, with one end of a line at most.
const BLANK: &str = r"(?:[^\S\r\n]+(?:(?:\r\n|\r|\n)[^\S\r\n]*)?|(?:\r\n|\r|\n)[^\S\r\n]*)";

/// Characters of a text that is found quickly wherever it is looked for.
const QUICK: usize = 200;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The text, or the regular expression.
    pub text: String,
    /// Whether upper and lower case differ.
    pub is_case_sensitive: bool,
    /// Whether a hit must not begin or end within a word.
    pub is_whole_words: bool,
    /// Whether the text is a regular expression.
    pub is_regex: bool,
}

/// A query that is not searched for, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadQuery {
    /// The text is longer than [`limits::FIND_TEXT`].
    #[error("at most {} characters can be looked for; these are {characters}", limits::FIND_TEXT)]
    TooLong {
        /// How many there are.
        characters: usize,
    },
    /// It is no regular expression.
    #[error("this is no regular expression: {why}, at character {at}")]
    Syntax {
        /// What is wrong.
        why: String,
        /// Where, from 1.
        at: usize,
    },
    /// As an automaton it has more states than [`limits::FIND_STATES`] allows.
    #[error("this regular expression is too large to search with: repeat less, or fewer kinds of characters")]
    TooLarge,
}

impl Query {
    /// Whether there is anything to look for.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Makes it ready to search. A text costs no time to speak of; a regular expression may take milliseconds.
    ///
    /// # Errors
    /// [`BadQuery`] if it is no regular expression, or would take too much memory or time.
    pub fn finder(&self) -> Result<Finder, BadQuery> {
        let characters = self.text.chars().count();
        if characters > limits::FIND_TEXT {
            return Err(BadQuery::TooLong { characters });
        }
        if !self.is_regex {
            let regex = self.build(&self.escaped())?;
            return Ok(Finder { regex, is_quick: characters <= QUICK });
        }
        let alone = self.build(&self.text)?;
        if !self.is_whole_words {
            return Ok(Finder { regex: alone, is_quick: false });
        }
        let whole = |end: &str| format!(r"\b{{start-half}}(?:{}{end})\b{{end-half}}", self.text);
        // A comment at the end of an expression with blanks (`(?x)`) runs to the end of its line.
        let regex = self.build(&whole("")).or_else(|_| self.build(&whole("\n")))?;
        Ok(Finder { regex, is_quick: false })
    }

    /// The text as a regular expression.
    fn escaped(&self) -> String {
        let mut out = String::new();
        if self.is_whole_words && self.text.chars().next().is_some_and(asks_for_edge) {
            out.push_str(r"\b{start-half}");
        }
        let mut was_blank = false;
        for c in self.text.chars() {
            if c.is_whitespace() {
                if !was_blank {
                    out.push_str(BLANK);
                }
            } else {
                out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
            }
            was_blank = c.is_whitespace();
        }
        if self.is_whole_words && self.text.chars().next_back().is_some_and(asks_for_edge) {
            out.push_str(r"\b{end-half}");
        }
        out
    }

    fn build(&self, pattern: &str) -> Result<Regex, BadQuery> {
        let built = RegexBuilder::new(pattern)
            .case_insensitive(!self.is_case_sensitive)
            // Lines are what ^ and $ and the dot know, however they end.
            .multi_line(true)
            .crlf(true)
            .size_limit(limits::FIND_STATES)
            .dfa_size_limit(limits::FIND_CACHE)
            .nest_limit(limits::FIND_DEPTH)
            .build();
        built.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => BadQuery::TooLarge,
            error => syntax(pattern, &error),
        })
    }
}

/// Whether whole words with this character at their edge ask for no letter beside it. Scripts without blanks between words
/// have a word's edge everywhere.
fn asks_for_edge(c: char) -> bool {
    let twice: String = [c, c].iter().collect();
    !c.is_alphanumeric() || twice.unicode_words().count() < 2
}

/// What is wrong with an expression, and where.
fn syntax(pattern: &str, error: &regex::Error) -> BadQuery {
    let parsed = regex_syntax::ParserBuilder::new()
        .multi_line(true)
        .crlf(true)
        .nest_limit(limits::FIND_DEPTH)
        .build()
        .parse(pattern);
    let (why, offset) = match parsed {
        Err(regex_syntax::Error::Parse(error)) => (error.kind().to_string(), error.span().start.offset),
        Err(regex_syntax::Error::Translate(error)) => (error.kind().to_string(), error.span().start.offset),
        // What `regex` refuses and its own parser takes is unknown today.
        _ => (error.to_string().lines().last().unwrap_or_default().to_owned(), 0),
    };
    let at = pattern.char_indices().take_while(|(byte, _)| *byte < offset).count() + 1;
    BadQuery::Syntax { why, at }
}
