//! What the strip above the article says: what is wrong or out of the ordinary now, and what can be done about it.
//!
//! A banner is worked out anew from the state of the window in every frame; nothing is put up or taken down, so none
//! outlives its reason. How it looks is `ui/banner.rs`'s business.

use std::path::Path;

use super::App;
use super::action::Action;

/// How a banner is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    /// Good to know.
    Info,
    /// Something cannot be done now; no work is in danger.
    Warning,
    /// Work is in memory only.
    Error,
}

/// One line of the strip.
#[derive(Clone, Debug)]
pub struct Banner {
    /// How it is meant.
    pub kind: BannerKind,
    /// What is wrong and why, in one sentence; cut in the middle where it does not fit.
    pub text: String,
    /// More, shown under the pointer and told to assistive programs: whole paths, what the system said.
    pub detail: Option<String>,
    /// How much of what goes on is done, from 0 to 1, if that is known.
    pub share: Option<f32>,
    /// What can be done: the text of a button and what it asks for, from left to right.
    pub buttons: Vec<(String, Action)>,
}

impl Banner {
    /// A banner without buttons.
    pub fn new(kind: BannerKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), detail: None, share: None, buttons: Vec::new() }
    }

    /// With more to say under the pointer.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With a bar that shows how much is done.
    #[must_use]
    pub fn share(mut self, share: f32) -> Self {
        self.share = Some(share.clamp(0.0, 1.0));
        self
    }

    /// With a button at the right end.
    #[must_use]
    pub fn button(mut self, text: impl Into<String>, action: Action) -> Self {
        self.buttons.push((text.into(), action));
        self
    }
}

impl App {
    /// What the strip says now, from top to bottom.
    pub fn banners(&self) -> Vec<Banner> {
        let mut banners = Vec::new();
        banners.extend(self.operation_banners());
        banners.extend(self.presence_banner());
        banners.extend(self.trouble_banners());
        banners.extend(self.outside_banners());
        banners.extend(self.read_only_banner());
        banners
    }
}

/// A path of at most `max_chars` characters: folders in its middle give way to `…`, the name of the file last.
pub fn short_path(path: &Path, max_chars: usize) -> String {
    let whole = path.display().to_string();
    if whole.chars().count() <= max_chars {
        return whole;
    }
    let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let separator = std::path::MAIN_SEPARATOR;
    let (Some(first), Some(name)) = (parts.first(), parts.last()) else { return whole };
    // As many folders from the end as fit.
    let mut tail = name.clone();
    for part in parts.iter().rev().skip(1) {
        let longer = format!("{part}{separator}{tail}");
        if first.chars().count() + longer.chars().count() + 3 > max_chars {
            break;
        }
        tail = longer;
    }
    let root = if path.has_root() { String::from(separator) } else { format!("{first}{separator}") };
    elide_middle(&format!("{root}…{separator}{tail}"), max_chars)
}

/// The text with `…` in its middle, so that it has at most `max_chars` characters.
pub fn elide_middle(text: &str, max_chars: usize) -> String {
    let count = text.chars().count();
    if count <= max_chars {
        return text.to_owned();
    }
    let kept = max_chars.saturating_sub(1);
    let head = kept.div_ceil(2);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - (kept - head)).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_gives_way() {
        assert_eq!(elide_middle("short", 5), "short");
        assert_eq!(elide_middle("abcdefghij", 5), "ab…ij");
        assert_eq!(elide_middle("žluťoučký kůň", 6), "žlu…ůň");
        assert_eq!(elide_middle("abc", 1), "…");
        assert_eq!(elide_middle("abc", 0), "…");
    }

    #[cfg(unix)]
    #[test]
    fn folders_in_the_middle_of_a_path_give_way_before_the_name() {
        let path = Path::new("/media/somebody/a disk/2026/articles/of november/talks.ron");
        assert_eq!(short_path(path, 100), path.display().to_string());
        assert_eq!(short_path(path, 34), "/…/articles/of november/talks.ron");
        assert_eq!(short_path(path, 12), "/…/talks.ron");
        let short = short_path(path, 8);
        assert!(short.chars().count() == 8 && short.contains('…'), "{short}");
        let relative = Path::new("some/where/far/away/talks.ron");
        assert_eq!(short_path(relative, 20), "some/…/talks.ron");
    }
}
