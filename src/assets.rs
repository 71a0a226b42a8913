//! The fonts that ship with the program, as bytes: the window and the pages that are written share them.

/// Inter, for the workbench and for labels.
pub const INTER: &[u8] = include_bytes!("../assets/fonts/Inter-Regular.otf");
/// Inter, a little heavier.
pub const INTER_MEDIUM: &[u8] = include_bytes!("../assets/fonts/Inter-Medium.otf");
/// Inter, for headings and tags.
pub const INTER_SEMIBOLD: &[u8] = include_bytes!("../assets/fonts/Inter-SemiBold.otf");
/// Charis SIL, for the article.
pub const CHARIS: &[u8] = include_bytes!("../assets/fonts/CharisSIL-Regular.ttf");
/// Charis SIL, for the headline.
pub const CHARIS_BOLD: &[u8] = include_bytes!("../assets/fonts/CharisSIL-Bold.ttf");
/// Noto Emoji, for pictures among words.
pub const EMOJI: &[u8] = epaint_default_fonts::NOTO_EMOJI_REGULAR;
