//! Colours of labels: from the schema's base colour to what is drawn, for light and dark.
//!
//! Only the hue is taken from the base colour, and some of its strength; lightness comes from the theme, so that
//! every label is readable whatever the schema's author chose. Colour spaces: Oklch (Ottosson 2020); contrast:
//! WCAG 2.1 §1.4.3.

use std::collections::BTreeMap;

use egui::Color32;
use palette::{FromColor as _, IntoColor as _, Oklch, Srgb};

use crate::model::{Kind, Schema};

/// What is drawn for one label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelColors {
    /// Behind the words.
    pub fill: Color32,
    /// Behind the words when selected or hovered.
    pub fill_strong: Color32,
    /// Underline, bracket, border.
    pub line: Color32,
    /// Text of the label's tag; readable on paper, panels and `fill`.
    pub ink: Color32,
    /// A filled chip.
    pub chip: Color32,
    /// Text on `chip`.
    pub on_chip: Color32,
}

/// Hues for labels to which the schema gives none, in an order that keeps neighbours apart.
const HUES: [f32; 12] = [250.0, 30.0, 145.0, 310.0, 75.0, 195.0, 0.0, 110.0, 275.0, 50.0, 170.0, 335.0];

/// The colours of a label with this base colour.
pub fn label_colors(base: Color32, is_dark: bool) -> LabelColors {
    let srgb = Srgb::new(base.r(), base.g(), base.b()).into_format::<f32>();
    let base: Oklch = srgb.into_color();
    // A grey stays grey; anything else gets enough chroma to be told apart.
    let strength = if base.chroma < 0.03 { 0.15 } else { (base.chroma / 0.13).clamp(0.7, 1.15) };
    let shade = |lightness: f32, chroma: f32| {
        let rgb: Srgb<u8> = Srgb::from_color(Oklch::new(lightness, chroma * strength, base.hue)).into_format();
        Color32::from_rgb(rgb.red, rgb.green, rgb.blue)
    };
    if is_dark {
        LabelColors {
            fill: shade(0.30, 0.045),
            fill_strong: shade(0.40, 0.075),
            line: shade(0.68, 0.12),
            ink: shade(0.82, 0.095),
            chip: shade(0.78, 0.10),
            on_chip: shade(0.20, 0.03),
        }
    } else {
        LabelColors {
            fill: shade(0.945, 0.035),
            fill_strong: shade(0.87, 0.075),
            line: shade(0.62, 0.135),
            ink: shade(0.42, 0.105),
            chip: shade(0.46, 0.115),
            on_chip: Color32::WHITE,
        }
    }
}

/// WCAG contrast ratio of two opaque colours, 1 to 21.
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |c: Color32| {
        let linear = Srgb::new(c.r(), c.g(), c.b()).into_format::<f32>().into_linear();
        0.2126 * linear.red + 0.7152 * linear.green + 0.0722 * linear.blue
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colours of every label of a schema, worked out once for light or dark.
#[derive(Clone, Debug)]
pub struct LabelPalette {
    is_dark: bool,
    by_label: BTreeMap<(Kind, String), LabelColors>,
    quote: LabelColors,
    unknown: LabelColors,
}

impl LabelPalette {
    /// Works out all colours.
    pub fn new(schema: &Schema, is_dark: bool) -> Self {
        let colors = |base: Color32| label_colors(base, is_dark);
        let mut by_label = BTreeMap::new();
        for (i, mention) in schema.mentions.iter().enumerate() {
            let base = mention.color.as_deref().and_then(parse).unwrap_or_else(|| from_hue(HUES[i % HUES.len()]));
            by_label.insert((Kind::Mention, mention.label.clone()), colors(base));
        }
        for (i, event) in schema.events.iter().enumerate() {
            let base = event.color.as_deref().and_then(parse).unwrap_or_else(|| from_hue(HUES[(i + 6) % HUES.len()]));
            by_label.insert((Kind::Event, event.r#type.clone()), colors(base));
        }
        let quote = schema.quotes.as_ref().and_then(|q| q.color.as_deref()).and_then(parse);
        Self {
            is_dark,
            by_label,
            quote: colors(quote.unwrap_or_else(|| from_hue(225.0))),
            unknown: colors(Color32::from_rgb(0x80, 0x80, 0x80)),
        }
    }

    /// Whether it is for the dark theme.
    pub fn is_dark(&self) -> bool {
        self.is_dark
    }

    /// The colours of an annotation of this kind and label. Entities have those of mentions.
    pub fn of(&self, kind: Kind, label: &str) -> LabelColors {
        let kind = match kind {
            Kind::Quote => return self.quote,
            Kind::Relation => return self.unknown,
            Kind::Entity => Kind::Mention,
            kind => kind,
        };
        self.by_label.get(&(kind, label.to_owned())).copied().unwrap_or(self.unknown)
    }
}

fn parse(color: &str) -> Option<Color32> {
    let hex = u32::from_str_radix(color.strip_prefix('#')?, 16).ok()?;
    Some(Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8))
}

fn from_hue(hue: f32) -> Color32 {
    let rgb: Srgb<u8> = Srgb::from_color(Oklch::new(0.62, 0.13, hue)).into_format();
    Color32::from_rgb(rgb.red, rgb.green, rgb.blue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Theme;

    #[test]
    fn labels_of_any_hue_are_readable() {
        let greys = [0x00_0000u32, 0xFF_FFFF, 0x80_8080, 0xFF_FF00, 0x00_00FF].map(|h| parse(&format!("#{h:06x}")));
        let hues = (0..36).map(|i| Some(from_hue(i as f32 * 10.0)));
        for base in hues.chain(greys).flatten() {
            for is_dark in [false, true] {
                let (theme, c) = (Theme::of(is_dark), label_colors(base, is_dark));
                for (what, front, back, least) in [
                    ("words on fill", theme.ink, c.fill, 7.0),
                    ("words on strong fill", theme.ink, c.fill_strong, 5.0),
                    ("tag on paper", c.ink, theme.paper, 4.5),
                    ("tag on panel", c.ink, theme.raised, 4.5),
                    ("tag on fill", c.ink, c.fill, 4.5),
                    ("chip", c.on_chip, c.chip, 4.5),
                    ("line on paper", c.line, theme.paper, 2.6),
                ] {
                    let found = contrast(front, back);
                    assert!(found >= least, "{what} {found:.2} < {least} for {base:?}, dark {is_dark}");
                }
            }
        }
    }
}
