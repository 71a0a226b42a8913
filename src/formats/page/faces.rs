//! The fonts of the program: which of them draws what, and how wide that is. Knows nothing of lines.

use std::ops::Range;
use std::sync::LazyLock;

use harfrust::{FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use skrifa::MetadataProvider as _;
use skrifa::charmap::Charmap;
use unicode_segmentation::UnicodeSegmentation as _;

use super::is_shown;
use crate::assets;

/// A face of type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// The article.
    Text,
    /// The headline.
    Headline,
    /// What is said about the article.
    Label,
    /// Tags and headings.
    Strong,
}

/// A font file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Font {
    /// Charis SIL.
    Serif,
    /// Charis SIL, bold.
    SerifBold,
    /// Inter.
    Sans,
    /// Inter, semibold.
    SansBold,
    /// Pictures among words.
    Pictures,
}

/// A stretch of words that one font draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Half-open, in bytes.
    pub range: Range<usize>,
    /// `None` if no font of the program has its characters.
    pub font: Option<Font>,
}

struct Loaded {
    font: FontRef<'static>,
    shaper: ShaperData,
    charmap: Charmap<'static>,
    units: f32,
}

fn load(bytes: &'static [u8]) -> Option<Loaded> {
    let font = FontRef::new(bytes).ok()?;
    let shaper = ShaperData::new(&font);
    let units = shaper.shaper(&font).build().units_per_em().max(1) as f32;
    let charmap = font.charmap();
    Some(Loaded { font, shaper, charmap, units })
}

static LOADED: LazyLock<[Option<Loaded>; 5]> = LazyLock::new(|| Font::ALL.map(|font| load(font.bytes())));

impl Font {
    /// All, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::Serif, Self::SerifBold, Self::Sans, Self::SansBold, Self::Pictures];

    /// The file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Serif => assets::CHARIS,
            Self::SerifBold => assets::CHARIS_BOLD,
            Self::Sans => assets::INTER,
            Self::SansBold => assets::INTER_SEMIBOLD,
            Self::Pictures => assets::EMOJI,
        }
    }

    /// The class of the style.
    pub fn class(self) -> &'static str {
        match self {
            Self::Serif => "t",
            Self::SerifBold => "h",
            Self::Sans => "l",
            Self::SansBold => "s",
            Self::Pictures => "e",
        }
    }

    fn loaded(self) -> Option<&'static Loaded> {
        LOADED.get(self as usize).and_then(Option::as_ref)
    }

    fn has(self, grapheme: &str) -> bool {
        let draws = |c: char| is_sign(c) || self.loaded().is_some_and(|l| l.charmap.map(shown(c)).is_some());
        grapheme.chars().all(draws)
    }
}

impl Face {
    /// The font that it is made for.
    pub fn font(self) -> Font {
        match self {
            Self::Text => Font::Serif,
            Self::Headline => Font::SerifBold,
            Self::Label => Font::Sans,
            Self::Strong => Font::SansBold,
        }
    }

    fn font_for(self, grapheme: &str) -> Option<Font> {
        let own = self.font();
        let other = match own {
            Font::Serif => Font::Sans,
            Font::SerifBold => Font::SansBold,
            Font::Sans | Font::Pictures => Font::Serif,
            Font::SansBold => Font::SerifBold,
        };
        let is_picture =
            grapheme.contains('\u{fe0f}') || grapheme.starts_with(|c| matches!(c, '\u{1f000}'..='\u{1faff}'));
        let fonts = if is_picture { [Font::Pictures, own, other] } else { [own, other, Font::Pictures] };
        fonts.into_iter().find(|font| font.has(grapheme))
    }

    /// Which fonts draw words, and the advance of each character at the place of its first byte.
    pub fn measure(self, size: f32, words: &str) -> (Vec<Piece>, Vec<f32>) {
        let mut pieces: Vec<Piece> = Vec::new();
        for (at, grapheme) in words.grapheme_indices(true) {
            let end = at + grapheme.len();
            // Spaces stay with the words of a script that is set by other fonts, since it may be cursive.
            let is_space = grapheme.chars().all(char::is_whitespace);
            let font = match pieces.last() {
                Some(last) if is_space && last.font.is_none() => None,
                _ if is_space => Some(self.font()),
                _ => self.font_for(grapheme),
            };
            match pieces.last_mut() {
                Some(last) if last.font == font => last.range.end = end,
                _ => pieces.push(Piece { range: at..end, font }),
            }
        }
        let mut advances = vec![0.0; words.len()];
        for piece in &pieces {
            let inner = words.get(piece.range.clone()).unwrap_or_default();
            match piece.font.and_then(Font::loaded) {
                Some(loaded) => shape(loaded, size, inner, piece.range.start, &mut advances),
                None => {
                    for (at, grapheme) in inner.grapheme_indices(true) {
                        if let Some(advance) = advances.get_mut(piece.range.start + at) {
                            *advance = guess(grapheme) * size;
                        }
                    }
                }
            }
        }
        (pieces, advances)
    }

    /// What of the words no font of the program has, character by character as they are read.
    pub fn lacking(self, words: &str) -> impl Iterator<Item = &str> {
        words
            .graphemes(true)
            .filter(move |grapheme| !grapheme.chars().all(char::is_whitespace) && self.font_for(grapheme).is_none())
    }

    /// How wide words are at this size.
    pub fn width(self, size: f32, words: &str) -> f32 {
        self.measure(size, words).1.into_iter().sum()
    }
}

/// Adds up the advances of glyphs at the characters that they stand for. Those of a ligature share its width.
fn shape(loaded: &Loaded, size: f32, words: &str, base: usize, advances: &mut [f32]) {
    let mut buffer = UnicodeBuffer::new();
    for (at, c) in words.char_indices() {
        buffer.add(shown(c), at as u32);
    }
    buffer.guess_segment_properties();
    let shaped = loaded.shaper.shaper(&loaded.font).build().shape(buffer, ShapeOptions::new());
    let mut clusters: Vec<usize> = Vec::new();
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let cluster = info.cluster as usize;
        clusters.push(cluster);
        if let Some(advance) = advances.get_mut(base + cluster) {
            *advance += position.x_advance as f32 / loaded.units * size;
        }
    }
    clusters.sort_unstable();
    clusters.dedup();
    for (i, start) in clusters.iter().enumerate() {
        let end = clusters.get(i + 1).copied().unwrap_or(words.len());
        let inner = words.get(*start..end).unwrap_or_default();
        if inner.chars().nth(1).is_none() {
            continue;
        }
        let places: Vec<usize> = inner.grapheme_indices(true).map(|(at, _)| base + start + at).collect();
        let whole = advances.get(base + start).copied().unwrap_or_default();
        for place in &places {
            if let Some(advance) = advances.get_mut(*place) {
                *advance = whole / places.len() as f32;
            }
        }
    }
}

/// About how wide, in ems, another font draws what ours do not have.
fn guess(grapheme: &str) -> f32 {
    match grapheme.chars().next() {
        Some(c) if is_wide(c) => 1.0,
        Some(c) if c.is_whitespace() => 0.27,
        // Letters that are written together are narrow.
        Some('\u{600}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}') => 0.42,
        Some(c) if is_sign(c) => 0.0,
        _ => 0.58,
    }
}

/// What stands on paper for a character.
pub fn shown(c: char) -> char {
    match c {
        c if c.is_whitespace() => ' ',
        c if !is_shown(c) => '\u{fffd}',
        c => c,
    }
}

/// Whether the fonts of the program can draw a character.
pub fn has_glyph(c: char) -> bool {
    c.is_whitespace() || is_sign(c) || Face::Text.font_for(c.encode_utf8(&mut [0; 4])).is_some()
}

/// Joiners, selectors and signs of direction: nothing of them is seen.
pub fn is_sign(c: char) -> bool {
    is_direction(c)
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Signs that say in which direction to write.
pub fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// Ideographs, syllables and pictures, which are as wide as high.
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}
