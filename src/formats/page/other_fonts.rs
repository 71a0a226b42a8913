//! Fonts beside those of the program: whoever shows on the screen what the program's fonts do not have lends its fonts to a
//! picture of the same. Without any, a picture is the same on every machine.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use resvg::usvg::fontdb::{Database, Source};
use skrifa::{FontRef, MetadataProvider as _};

use super::faces::{is_sign, shown};

/// The bytes of a font file.
pub type FontBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A font of somebody else.
#[derive(Clone)]
pub struct OtherFont {
    /// The file.
    pub bytes: FontBytes,
    /// Which font of the file, from 0.
    pub index: u32,
}

/// Finds fonts for characters that the program's fonts do not have. What it finds need not have all of them.
pub type Lender<'a> = dyn Fn(&BTreeSet<char>) -> Vec<OtherFont> + 'a;

/// Lends nothing.
pub fn no_fonts(_: &BTreeSet<char>) -> Vec<OtherFont> {
    Vec::new()
}

impl fmt::Debug for OtherFont {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.bytes.as_ref().as_ref().len();
        f.debug_struct("OtherFont").field("bytes", &length).field("index", &self.index).finish()
    }
}

impl OtherFont {
    /// Whether it has a character.
    fn has(&self, c: char) -> bool {
        FontRef::from_index(self.bytes.as_ref().as_ref(), self.index).is_ok_and(|font| font.charmap().map(c).is_some())
    }

    /// Puts it behind the fonts that are there, without others of its file.
    pub(super) fn load(&self, fonts: &mut Database) {
        for id in fonts.load_font_source(Source::Binary(Arc::clone(&self.bytes))) {
            if fonts.face(id).is_some_and(|face| face.index != self.index) {
                fonts.remove_face(id);
            }
        }
    }
}

/// Whether these fonts, each for itself, can draw a character that somebody reads as one.
pub fn have(fonts: &[OtherFont], grapheme: &str) -> bool {
    fonts.iter().any(|font| grapheme.chars().all(|c| is_sign(c) || font.has(shown(c))))
}
