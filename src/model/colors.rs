//! Colours of labels: from the schema's base colour to what is drawn, for light and dark.
//!
//! Only the hue is taken from the base colour, and some of its strength; lightness is fixed here, so that every label
//! is readable whatever the schema's author chose. Colour space: Oklch (Ottosson 2020). Knows no screen: the window
//! and the pages that are written take their colours from here, and so look alike.

use std::collections::BTreeMap;
use std::fmt;

use palette::{FromColor as _, IntoColor as _, Oklch, Srgb};

use super::{Kind, Schema};

/// An opaque colour in sRGB; shown as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// A colour of a schema: `#rrggbb`.
    pub fn parse(color: &str) -> Option<Self> {
        let hex = u32::from_str_radix(color.strip_prefix('#')?, 16).ok()?;
        Some(Self([(hex >> 16) as u8, (hex >> 8) as u8, hex as u8]))
    }

    /// A base colour of this hue, in degrees of Oklch.
    pub fn of_hue(hue: f32) -> Self {
        Self::of(Oklch::new(0.62, 0.13, hue))
    }

    fn of(color: Oklch) -> Self {
        let rgb: Srgb<u8> = Srgb::from_color(color).into_format();
        Self([rgb.red, rgb.green, rgb.blue])
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// What is drawn for one label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades {
    /// Behind the words.
    pub fill: Rgb,
    /// Behind the words when selected or hovered.
    pub fill_strong: Rgb,
    /// Underline, bracket, border.
    pub line: Rgb,
    /// Text of the label's tag; readable on paper, panels and `fill`.
    pub ink: Rgb,
    /// A filled chip.
    pub chip: Rgb,
    /// Text on `chip`.
    pub on_chip: Rgb,
}

impl Shades {
    /// The shades of a base colour.
    pub fn new(base: Rgb, is_dark: bool) -> Self {
        let [red, green, blue] = base.0;
        let base: Oklch = Srgb::new(red, green, blue).into_format::<f32>().into_color();
        // A grey stays grey; anything else gets enough chroma to be told apart.
        let strength = if base.chroma < 0.03 { 0.15 } else { (base.chroma / 0.13).clamp(0.7, 1.15) };
        let shade = |lightness: f32, chroma: f32| Rgb::of(Oklch::new(lightness, chroma * strength, base.hue));
        if is_dark {
            Self {
                fill: shade(0.30, 0.045),
                fill_strong: shade(0.40, 0.075),
                line: shade(0.68, 0.12),
                ink: shade(0.82, 0.095),
                chip: shade(0.78, 0.10),
                on_chip: shade(0.20, 0.03),
            }
        } else {
            Self {
                fill: shade(0.945, 0.035),
                fill_strong: shade(0.87, 0.075),
                line: shade(0.62, 0.135),
                ink: shade(0.42, 0.105),
                chip: shade(0.46, 0.115),
                on_chip: Rgb([255; 3]),
            }
        }
    }
}

/// Hues for labels to which the schema gives none, in an order that keeps neighbours apart.
const HUES: [f32; 12] = [250.0, 30.0, 145.0, 310.0, 75.0, 195.0, 0.0, 110.0, 275.0, 50.0, 170.0, 335.0];

/// The shades of every label of a schema, worked out once for light or dark.
#[derive(Clone, Debug)]
pub struct LabelShades {
    by_label: BTreeMap<(Kind, String), Shades>,
    quote: Shades,
    unknown: Shades,
}

impl LabelShades {
    /// Works out all shades.
    pub fn new(schema: &Schema, is_dark: bool) -> Self {
        let hue = |i: usize| Rgb::of_hue(HUES.get(i % HUES.len()).copied().unwrap_or_default());
        let shades = |color: Option<&String>, other: Rgb| {
            Shades::new(color.and_then(|color| Rgb::parse(color)).unwrap_or(other), is_dark)
        };
        let mut by_label = BTreeMap::new();
        for (i, mention) in schema.mentions.iter().enumerate() {
            by_label.insert((Kind::Mention, mention.label.clone()), shades(mention.color.as_ref(), hue(i)));
        }
        for (i, event) in schema.events.iter().enumerate() {
            by_label.insert((Kind::Event, event.r#type.clone()), shades(event.color.as_ref(), hue(i + 6)));
        }
        let quote = schema.quotes.as_ref().and_then(|q| q.color.as_ref());
        Self { by_label, quote: shades(quote, Rgb::of_hue(225.0)), unknown: shades(None, Rgb([0x80; 3])) }
    }

    /// The shades of an annotation of this kind and label. Entities have those of mentions.
    pub fn of(&self, kind: Kind, label: &str) -> Shades {
        let kind = match kind {
            Kind::Quote => return self.quote,
            Kind::Relation => return self.unknown,
            Kind::Entity => Kind::Mention,
            kind => kind,
        };
        self.by_label.get(&(kind, label.to_owned())).copied().unwrap_or(self.unknown)
    }
}
