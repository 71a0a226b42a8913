//! A page to show: the marked article with its legend, entities, event cards and quotes, for reports and papers.
//!
//! `view` decides what is shown and in which words; the writers beside it only draw that. Works without a display.
//! Nothing here is read again: a page is for people. Text is escaped, there is no script, and nothing is loaded from
//! outside.

mod article;
mod cards;
mod drawing;
mod faces;
mod html;
mod lines;
mod marks;
mod other_fonts;
mod panels;
mod png;
mod runs;
mod svg;
mod view;

#[cfg(test)]
mod tests;

pub use html::Html;
pub use other_fonts::{Lender, OtherFont, no_fonts};
pub use png::Png;
pub use svg::Svg;

// For other pictures that are made of words and boxes.
pub(crate) use drawing::{Area, DARK, Drawing, Ink, LIGHT};
pub(crate) use faces::Face;
pub(crate) use lines::cut;
pub(crate) use other_fonts::have;
pub(crate) use png::picture_with;
pub(crate) use svg::framed;

use super::{Holds, Loss, Options, Treatment, losses};
use crate::model::Document;

/// What a page shows.
const HOLDS: Holds = Holds { text: false, history: false, ..Holds::ALL };

/// Puts text where XML and HTML may have it, in elements and in quoted attributes. Characters that cannot stand there are
/// shown as U+FFFD.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ if is_shown(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
}

/// Whether a page can show a character (or the space that it is).
fn is_shown(c: char) -> bool {
    matches!(c, '\t' | '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// What a page loses of a document.
fn losses_of(document: &Document, _options: &Options) -> Vec<Loss> {
    let text = document.text().as_str();
    let mut losses = losses::that_follow(document, &Holds { text: true, ..HOLDS });
    if text.contains('\r') {
        losses.insert(0, Loss::whole(Treatment::Altered, "line ends of the text are not kept"));
    }
    let hidden = text.chars().filter(|c| *c != '\r' && !is_shown(*c)).count();
    if hidden > 0 {
        let what = format!("{hidden} control characters of the text are shown as U+FFFD");
        losses.insert(0, Loss::whole(Treatment::Altered, what));
    }
    losses
}
