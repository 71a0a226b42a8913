//! How things are drawn, in light and dark. Pieces of a bar differ in lightness and outline, too: nothing is told by hue
//! alone.

use ecow::EcoString;

use crate::model::Kind;
use crate::model::colors::{LabelShades, Rgb, Shades};
use crate::review::statistics::{Label, Mark};

/// How something is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ink {
    /// As this label in the article.
    Label(Mark, EcoString),
    /// As a kind of mark.
    Mark(Mark),
    /// One of a few, from the darkest.
    Nth(usize),
    /// What is there.
    Full,
    /// What is there in another way.
    Half,
    /// What is not there: an outline.
    Hollow,
}

/// The colours of an ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// Inside; `None` for an outline.
    pub fill: Option<Rgb>,
    /// Around.
    pub line: Rgb,
    /// Words on the inside.
    pub words: Rgb,
}

/// The hue of what has no label: that of the program's accent.
const HUE: f32 = 258.0;
/// Hues of kinds: mentions, events, quotes, relations.
const KINDS: [f32; 4] = [255.0, 30.0, 165.0, 320.0];
/// Hues of the parts of a dataset.
const PARTS: [f32; 4] = [258.0, 160.0, 75.0, 330.0];

impl Ink {
    /// As a label in the article.
    pub fn of(label: &Label) -> Self {
        Self::Label(label.mark, label.label.clone())
    }

    /// Its colours.
    pub fn paint(&self, shades: &LabelShades, is_dark: bool) -> Paint {
        let of_hue = |hue: f32| Shades::new(Rgb::of_hue(hue), is_dark);
        match self {
            Self::Label(mark, label) => {
                let shades = shades.of(mark.kind(), label);
                // Events are filled in the article, mentions are open.
                if mark.kind() == Kind::Event { full(shades) } else { half(shades) }
            }
            Self::Mark(mark) => stepped(of_hue(hue(&KINDS, mark.index())), mark.index()),
            Self::Nth(nth) => stepped(of_hue(hue(&PARTS, *nth)), *nth),
            Self::Full => full(of_hue(HUE)),
            Self::Half => half(of_hue(HUE)),
            Self::Hollow => {
                let grey = Shades::new(Rgb([0x80; 3]), is_dark);
                Paint { fill: None, line: grey.line, words: grey.ink }
            }
        }
    }
}

fn hue(hues: &[f32], nth: usize) -> f32 {
    hues.get(nth % hues.len().max(1)).copied().unwrap_or(HUE)
}

fn full(shades: Shades) -> Paint {
    Paint { fill: Some(shades.chip), line: shades.chip, words: shades.on_chip }
}

fn half(shades: Shades) -> Paint {
    Paint { fill: Some(shades.fill_strong), line: shades.line, words: shades.ink }
}

/// From the strongest to the faintest.
fn stepped(shades: Shades, nth: usize) -> Paint {
    match nth % 4 {
        0 => full(shades),
        1 => Paint { fill: Some(shades.line), line: shades.line, words: shades.on_chip },
        2 => half(shades),
        _ => Paint { fill: Some(shades.fill), line: shades.line, words: shades.ink },
    }
}
