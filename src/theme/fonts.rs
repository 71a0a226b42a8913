//! The fonts: Inter for the workbench, Charis SIL for the article. Both ship with the program, so that it looks
//! the same everywhere; other scripts come from the system's fonts.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId};

use crate::assets;

const MEDIUM: &str = "medium";
const SEMIBOLD: &str = "semibold";
const READING: &str = "reading";
const READING_BOLD: &str = "reading-bold";

/// Inter, a little heavier than body text.
pub fn medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(MEDIUM.into()))
}

/// Inter, for headings and tags.
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

/// The article's face.
pub fn reading(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(READING.into()))
}

/// The headline's face.
pub fn reading_bold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(READING_BOLD.into()))
}

/// Puts our fonts before egui's own, which stay as fallback.
pub fn install_fonts(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let files: [(&str, &'static [u8]); 5] = [
        ("Inter", assets::INTER),
        ("Inter Medium", assets::INTER_MEDIUM),
        ("Inter SemiBold", assets::INTER_SEMIBOLD),
        ("Charis", assets::CHARIS),
        ("Charis Bold", assets::CHARIS_BOLD),
    ];
    for (name, bytes) in files {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let own = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let family = |first: &str, second: &str| {
        let mut list = vec![first.to_owned(), second.to_owned()];
        list.extend(own.iter().cloned());
        list
    };
    for (name, first, second) in [
        (FontFamily::Proportional, "Inter", "Charis"),
        (FontFamily::Name(MEDIUM.into()), "Inter Medium", "Charis"),
        (FontFamily::Name(SEMIBOLD.into()), "Inter SemiBold", "Charis Bold"),
        (FontFamily::Name(READING.into()), "Charis", "Inter"),
        (FontFamily::Name(READING_BOLD.into()), "Charis Bold", "Inter SemiBold"),
    ] {
        fonts.families.insert(name, family(first, second));
    }
    ctx.set_fonts(fonts);
}

/// A font file with the number of the font in it, as [`lend_fonts`] gives it.
pub type Lent = (Arc<dyn AsRef<[u8]> + Send + Sync>, u32);

/// The fonts in which the window draws characters that ours do not have: egui's own, then those of the system, which are
/// looked for if nobody has needed them yet. That may take a moment: not for a frame.
pub fn lend_fonts(ctx: &egui::Context, missing: &BTreeSet<char>) -> Vec<Lent> {
    ctx.fonts_mut(|fonts| {
        let font = FontId::proportional(12.0);
        for c in missing {
            // Asking is what makes it look.
            fonts.has_glyph(&font, *c);
        }
        let definitions = fonts.definitions();
        let own = definitions.families.get(&FontFamily::Proportional).into_iter().flatten();
        let own = own.filter_map(|name| definitions.font_data.get(name)).map(Arc::as_ref);
        let found = fonts.discovered_fonts().iter().map(|found| &found.data);
        own.chain(found).map(|data| (Arc::clone(&data.font), data.index)).collect()
    })
}
