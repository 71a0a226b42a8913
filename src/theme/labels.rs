//! Colours of labels on the screen: the shades that the model gives them. Contrast: WCAG 2.1 §1.4.3.

use egui::Color32;
use palette::Srgb;

use crate::model::colors::{LabelShades, Rgb, Shades};
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

impl From<Shades> for LabelColors {
    fn from(shades: Shades) -> Self {
        let color = |Rgb([red, green, blue]): Rgb| Color32::from_rgb(red, green, blue);
        Self {
            fill: color(shades.fill),
            fill_strong: color(shades.fill_strong),
            line: color(shades.line),
            ink: color(shades.ink),
            chip: color(shades.chip),
            on_chip: color(shades.on_chip),
        }
    }
}

/// The colours of a label with this base colour.
pub fn label_colors(base: Color32, is_dark: bool) -> LabelColors {
    Shades::new(Rgb([base.r(), base.g(), base.b()]), is_dark).into()
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
    shades: LabelShades,
}

impl LabelPalette {
    /// Works out all colours.
    pub fn new(schema: &Schema, is_dark: bool) -> Self {
        Self { is_dark, shades: LabelShades::new(schema, is_dark) }
    }

    /// Whether it is for the dark theme.
    pub fn is_dark(&self) -> bool {
        self.is_dark
    }

    /// The colours of an annotation of this kind and label. Entities have those of mentions.
    pub fn of(&self, kind: Kind, label: &str) -> LabelColors {
        self.shades.of(kind, label).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Theme;

    #[test]
    fn labels_of_any_hue_are_readable() {
        let greys = ["#000000", "#ffffff", "#808080", "#ffff00", "#0000ff"].map(Rgb::parse);
        let hues = (0..36).map(|i| Some(Rgb::of_hue(i as f32 * 10.0)));
        for base in hues.chain(greys).flatten() {
            let Rgb([red, green, blue]) = base;
            let base = Color32::from_rgb(red, green, blue);
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
