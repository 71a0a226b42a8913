//! Somebody who waits while a file is being read: sees the text before its annotations, knows how far it is, and may
//! lose interest.
//!
//! A format that reads in one go has nothing to tell; those that a large file takes seconds tell what they can.

use crate::model::Header;
use crate::text::Text;

/// What is told on the way. Called on the thread that reads.
pub trait Watch: Sync {
    /// The text of the document is known, and what the file says of it; annotations follow.
    fn text(&self, text: &Text, header: &Header);

    /// So much is read, from 0 to 1.
    fn progress(&self, share: f32);

    /// Nobody waits any more: whoever reads may give up with any result.
    fn is_cancelled(&self) -> bool;
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {
    fn text(&self, _text: &Text, _header: &Header) {}

    fn progress(&self, _share: f32) {}

    fn is_cancelled(&self) -> bool {
        false
    }
}
