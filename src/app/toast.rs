//! Short messages at the lower edge that go away by themselves.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::action::Action;
use crate::limits;
use crate::text::visible;

/// How long a message stays that should not be missed, in seconds.
const STAY_SECS: f64 = 60.0;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something was not possible; the message says what to do.
    Refused,
}

/// One message.
#[derive(Clone, Debug)]
pub struct Toast {
    /// What to say.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// Whether it stays for long, and can be closed.
    pub stays: bool,
    /// The report that it tells of.
    pub report: Option<PathBuf>,
    /// What can be done about it: the words of a button, and what it asks for.
    pub offer: Option<(String, Action)>,
    /// When it goes away, in seconds of the context's clock; `None` until first shown.
    until_secs: Option<f64>,
}

/// The messages that are shown.
#[derive(Default)]
pub struct Toasts {
    list: Vec<Toast>,
}

impl Toasts {
    /// Says that something was done.
    pub fn done(&mut self, text: impl Into<String>) {
        self.push(text.into(), Tone::Done);
    }

    /// Says that something was refused, and why.
    pub fn refused(&mut self, text: impl Into<String>) {
        self.push(text.into(), Tone::Refused);
    }

    /// Says that the program made a mistake; stays for a minute, or until the user closes it.
    pub fn failed(&mut self, text: impl Into<String>, report: Option<PathBuf>) {
        self.add(Toast { text: text.into(), tone: Tone::Refused, stays: true, report, offer: None, until_secs: None });
    }

    /// Says that something was done, with a button; stays for a minute, or until the user closes it.
    pub fn offer(&mut self, text: impl Into<String>, button: &str, action: Action) {
        let offer = Some((button.to_owned(), action));
        self.add(Toast { text: text.into(), tone: Tone::Done, stays: true, report: None, offer, until_secs: None });
    }

    /// The user has seen this report.
    pub fn forget_report(&mut self, report: &Path) {
        self.list.retain(|toast| toast.report.as_deref() != Some(report));
    }

    /// Closes the messages that offer such an action: it would mean something else now.
    pub fn withdraw(&mut self, is_offered: impl Fn(&Action) -> bool) {
        self.list.retain(|toast| toast.offer.as_ref().is_none_or(|(_, action)| !is_offered(action)));
    }

    /// Closes the message with this text.
    pub fn close(&mut self, text: &str) {
        self.list.retain(|toast| toast.text != text);
    }

    fn push(&mut self, text: String, tone: Tone) {
        self.add(Toast { text, tone, stays: false, report: None, offer: None, until_secs: None });
    }

    fn add(&mut self, mut toast: Toast) {
        toast.text = visible::shortened(&toast.text, limits::MESSAGE_SHOWN).into_owned();
        self.list.retain(|known| known.text != toast.text);
        self.list.push(toast);
        if self.list.len() > 3 {
            // Those that stay have something to tell that would not be told again.
            let first = self.list.iter().position(|toast| !toast.stays).unwrap_or(0);
            self.list.remove(first);
        }
    }

    /// The messages to show now; asks for a repaint when the next one ends.
    pub fn current(&mut self, ctx: &egui::Context) -> &[Toast] {
        let now = ctx.input(|i| i.time);
        for toast in &mut self.list {
            let secs: f64 = if toast.tone == Tone::Refused { 7.0 } else { 3.5 };
            // Long ones take longer to read.
            let secs = secs.max(toast.text.chars().count() as f64 / 14.0);
            let secs = if toast.stays { secs.max(STAY_SECS) } else { secs };
            toast.until_secs.get_or_insert(now + secs);
        }
        self.list.retain(|toast| toast.until_secs.is_none_or(|until| until > now));
        let next = self.list.iter().filter_map(|t| t.until_secs).fold(f64::INFINITY, f64::min);
        if next.is_finite() {
            ctx.request_repaint_after(Duration::from_secs_f64((next - now).max(0.05)));
        }
        &self.list
    }
}
