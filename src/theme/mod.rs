//! The look: one palette, one type scale, one spacing scale. Everything on screen takes colours and sizes
//! from here, so that light and dark agree and contrast can be tested in one place.
//!
//! Knows egui and the schema's colours; knows nothing of documents or panels.

mod fonts;
mod hidden;
mod labels;

use std::sync::LazyLock;

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Visuals, vec2};

pub use fonts::{install_fonts, lend_fonts, medium, reading, reading_bold, semibold};
pub use labels::{LabelColors, LabelPalette, contrast, label_colors};

/// Sizes of type, in points. Nothing on screen uses another size.
pub mod size {
    /// Label tags in the reader.
    pub const TAG: f32 = 9.5;
    /// Key caps, counters, captions.
    pub const SMALL: f32 = 11.0;
    /// Everything in panels.
    pub const BODY: f32 = 13.0;
    /// Headings in panels.
    pub const HEADING: f32 = 15.0;
    /// Titles of dialogs and of the welcome screen.
    pub const TITLE: f32 = 24.0;
    /// The article.
    pub const READING: f32 = 18.0;
    /// The headline of the article.
    pub const HEADLINE: f32 = 26.0;
}

/// Distances, in points. Multiples of four.
pub mod space {
    /// Between things that belong together.
    pub const XS: f32 = 4.0;
    /// Between neighbours.
    pub const S: f32 = 8.0;
    /// Padding of panels and cards.
    pub const M: f32 = 12.0;
    /// Between groups.
    pub const L: f32 = 16.0;
    /// Between sections.
    pub const XL: f32 = 24.0;
    /// Rounding of corners.
    pub const RADIUS: u8 = 5;
}

/// The colours of one mode, light or dark.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Whether this is the dark one.
    pub is_dark: bool,
    /// Behind the article.
    pub paper: Color32,
    /// The article's text.
    pub ink: Color32,
    /// Panels.
    pub panel: Color32,
    /// Bars at the top and bottom.
    pub bar: Color32,
    /// Cards, fields and list rows that stand out from a panel.
    pub raised: Color32,
    /// Under the pointer.
    pub hovered: Color32,
    /// Lines between things.
    pub border: Color32,
    /// Text in panels.
    pub text: Color32,
    /// Secondary text; readable, but quieter.
    pub muted: Color32,
    /// What is active, focused or linked.
    pub accent: Color32,
    /// Behind something selected in a list.
    pub accent_soft: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    /// The rubricator's red: the manicule itself.
    pub rubric: Color32,
    /// Selected words in the article.
    pub selection: Color32,
    /// Something is wrong.
    pub error: Color32,
    /// Something wants a look.
    pub warning: Color32,
    /// Done, saved.
    pub success: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

static LIGHT: LazyLock<Theme> = LazyLock::new(|| Theme {
    is_dark: false,
    paper: rgb(0xFDFCF9),
    ink: rgb(0x211F1B),
    panel: rgb(0xF5F3EE),
    bar: rgb(0xEDEAE3),
    raised: rgb(0xFFFFFF),
    hovered: rgb(0xE6E2D8),
    border: rgb(0xD9D4C9),
    text: rgb(0x2A2722),
    muted: rgb(0x67625A),
    accent: rgb(0x2459A8),
    accent_soft: rgb(0xD9E5F7),
    on_accent: rgb(0xFFFFFF),
    rubric: rgb(0xA8321F),
    selection: rgb(0xBBD3F5),
    error: rgb(0xB3261E),
    warning: rgb(0x8A5A00),
    success: rgb(0x2F6B3A),
});

static DARK: LazyLock<Theme> = LazyLock::new(|| Theme {
    is_dark: true,
    paper: rgb(0x17181B),
    ink: rgb(0xE6E3DC),
    panel: rgb(0x1E2024),
    bar: rgb(0x24272C),
    raised: rgb(0x2A2D33),
    hovered: rgb(0x353941),
    border: rgb(0x3A3E46),
    text: rgb(0xE2E0DB),
    muted: rgb(0xA3A099),
    accent: rgb(0x8DB4F2),
    accent_soft: rgb(0x2B3D5C),
    on_accent: rgb(0x10151F),
    rubric: rgb(0xEE8A76),
    selection: rgb(0x33517F),
    error: rgb(0xF28B82),
    warning: rgb(0xE6B566),
    success: rgb(0x8CCB97),
});

impl Theme {
    /// The light or the dark palette.
    pub fn of(is_dark: bool) -> &'static Self {
        if is_dark { &DARK } else { &LIGHT }
    }

    /// The palette that this context shows now.
    pub fn current(ctx: &egui::Context) -> &'static Self {
        Self::of(ctx.theme() == egui::Theme::Dark)
    }

    /// Panels with a breath of another colour: behind something that is to be noticed.
    pub fn tinted(&self, color: Color32) -> Color32 {
        self.panel.lerp_to_gamma(color, 0.13)
    }

    /// A hairline.
    pub fn hairline(&self) -> Stroke {
        Stroke::new(1.0, self.border)
    }

    fn visuals(&self) -> Visuals {
        let mut v = if self.is_dark { Visuals::dark() } else { Visuals::light() };
        let radius = CornerRadius::same(space::RADIUS);
        v.panel_fill = self.panel;
        v.window_fill = self.panel;
        v.window_stroke = self.hairline();
        v.window_corner_radius = CornerRadius::same(8);
        v.menu_corner_radius = CornerRadius::same(6);
        v.extreme_bg_color = self.raised;
        v.text_edit_bg_color = Some(self.raised);
        v.faint_bg_color = self.bar;
        v.code_bg_color = self.bar;
        v.hyperlink_color = self.accent;
        v.warn_fg_color = self.warning;
        v.error_fg_color = self.error;
        v.weak_text_color = Some(self.muted);
        v.selection.bg_fill = self.accent_soft;
        v.selection.stroke = Stroke::new(1.0, self.accent);
        v.striped = false;
        for (widget, fill, stroke) in [
            (&mut v.widgets.noninteractive, self.panel, self.hairline()),
            (&mut v.widgets.inactive, self.raised, self.hairline()),
            (&mut v.widgets.hovered, self.hovered, Stroke::new(1.0, self.muted)),
            (&mut v.widgets.active, self.accent_soft, Stroke::new(1.0, self.accent)),
            (&mut v.widgets.open, self.hovered, self.hairline()),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = stroke;
            widget.fg_stroke = Stroke::new(1.0, self.text);
            widget.corner_radius = radius;
            widget.expansion = 0.0;
        }
        v
    }
}

/// Gives a context our fonts, sizes, distances and colours, for light and dark. Call once.
pub fn install(ctx: &egui::Context) {
    install_fonts(ctx);
    ctx.add_glyph_rasterizer(hidden::rasterizer());
    for theme in [egui::Theme::Light, egui::Theme::Dark] {
        ctx.style_mut_of(theme, |style| {
            let proportional = |size| FontId::new(size, FontFamily::Proportional);
            style.text_styles = [
                (TextStyle::Small, proportional(size::SMALL)),
                (TextStyle::Body, proportional(size::BODY)),
                (TextStyle::Button, proportional(size::BODY)),
                (TextStyle::Heading, semibold(size::HEADING)),
                (TextStyle::Monospace, FontId::new(size::BODY, FontFamily::Monospace)),
            ]
            .into();
            style.spacing.item_spacing = vec2(space::S, space::S - 2.0);
            style.spacing.button_padding = vec2(space::S, space::XS - 1.0);
            style.spacing.interact_size.y = 24.0;
            style.spacing.window_margin = Margin::same(space::L as i8);
            style.spacing.menu_margin = Margin::same(6);
            style.visuals = Theme::of(theme == egui::Theme::Dark).visuals();
            style.animation_time = 0.08;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_contrast_in_both_modes() {
        for theme in [Theme::of(false), Theme::of(true)] {
            let grounds = [theme.paper, theme.panel, theme.bar, theme.raised];
            for ground in grounds {
                assert!(contrast(theme.text, ground) >= 7.0);
                for quiet in [theme.muted, theme.accent, theme.error, theme.warning, theme.success, theme.rubric] {
                    let found = contrast(quiet, ground);
                    assert!(found >= 4.5, "{quiet:?} on {ground:?}: {found:.2} (dark: {})", theme.is_dark);
                }
            }
            assert!(contrast(theme.ink, theme.paper) >= 10.0);
            assert!(contrast(theme.ink, theme.selection) >= 4.5);
            assert!(contrast(theme.text, theme.accent_soft) >= 4.5);
            assert!(contrast(theme.muted, theme.hovered) >= 4.0);
            assert!(contrast(theme.on_accent, theme.accent) >= 4.5);
            for color in [theme.accent, theme.warning, theme.error] {
                assert!(contrast(theme.text, theme.tinted(color)) >= 7.0);
                assert!(contrast(theme.paper, color) >= 4.5);
            }
        }
    }
}
