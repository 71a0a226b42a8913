//! A hand on the keyboard: reaches places and things in the window by input events only.

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use manicule::canvas::{Motion, Reader, TextSelection};
use manicule::model::Id;
use manicule::text::{BytePos, Span};

use crate::common::{CTRL, NONE, SHIFT, Window};
use egui::Modifiers;

/// The keys of a motion; with Shift it extends.
const MOTIONS: [(Motion, Modifiers, Key); 6] = [
    (Motion::NextSentence, CTRL, Key::ArrowRight),
    (Motion::PreviousSentence, CTRL, Key::ArrowLeft),
    (Motion::NextToken, NONE, Key::ArrowRight),
    (Motion::PreviousToken, NONE, Key::ArrowLeft),
    (Motion::NextCharacter, Modifiers::ALT, Key::ArrowRight),
    (Motion::PreviousCharacter, Modifiers::ALT, Key::ArrowLeft),
];

type Keys = Vec<(Modifiers, Key)>;

impl Window {
    /// Moves the caret, or with `extend` the end of the selection, to a place in as few keys as a practised hand.
    pub fn caret_to(&mut self, to: BytePos, extend: bool) {
        self.go_to_article();
        let now = self.harness.state().selection().expect("a document is open").clone();
        let part = TextSelection { more: Default::default(), ..now };
        let edges = [(Motion::DocumentStart, Key::Home), (Motion::DocumentEnd, Key::End)];
        let mut ways = vec![self.way(part.clone(), to, extend)];
        if !extend {
            for (motion, key) in edges {
                let moved = part.moved(self.document().text(), motion, false);
                ways.push(self.way(moved, to, false).map(|way| [vec![(CTRL, key)], way].concat()));
            }
        }
        let best = ways.into_iter().flatten().min_by_key(Vec::len);
        let keys = best.unwrap_or_else(|| panic!("no keys lead to {to:?}"));
        if !keys.is_empty() {
            self.press_at_once(keys);
        }
        let head = self.harness.state().selection().expect("still open").head;
        assert_eq!(head, to, "the caret is elsewhere; the window says {:?}", self.labels());
    }

    /// Keys that lead from a selection to a place: the largest steps first, each while it brings the caret nearer.
    fn way(&self, mut at: TextSelection, to: BytePos, extend: bool) -> Option<Keys> {
        let text = self.document().text();
        let distance = |s: &TextSelection| (s.head.0.abs_diff(to.0), s.is_caret() == extend);
        let mut keys = Keys::new();
        while at.head != to || (!extend && !at.is_caret()) {
            let steps = MOTIONS.iter().map(|(motion, held, key)| (at.moved(text, *motion, extend), *held, *key));
            let (next, held, key) = steps.min_by_key(|(next, ..)| distance(next))?;
            if distance(&next) >= distance(&at) {
                return None;
            }
            keys.push((if extend { held | SHIFT } else { held }, key));
            at = next;
        }
        Some(keys)
    }

    /// Double-clicks the first word in brackets.
    pub fn double_click_word(&mut self, pattern: &str) {
        let from = pattern.find('[').expect("a word in brackets");
        let plain = pattern.replace(['[', ']'], "");
        let at = self.document().text().as_str().find(&plain).expect("in the text") + from;
        let pos = self.harness.state().place_of(BytePos::from_usize(at)).expect("on the screen");
        self.double_click(pos + egui::vec2(4.0, 0.0));
    }

    /// Clicks an annotation.
    pub fn click_mark(&mut self, id: &Id) {
        let start = self.document().spans_of(id).first().expect("it has words").start;
        let pos = self.harness.state().place_of(start).expect("on the screen");
        self.click_at(pos + egui::vec2(4.0, 0.0));
    }

    /// Selects these words.
    pub fn select_spans(&mut self, spans: &[Span]) {
        for (i, span) in spans.iter().enumerate() {
            if i > 0 {
                self.press(CTRL, Key::D);
            }
            self.caret_to(span.start, false);
            self.caret_to(span.end, true);
        }
        let selected = self.harness.state().selection().expect("open").spans();
        assert_eq!(selected.as_slice(), spans, "other words are selected");
    }

    /// Selects an annotation: the caret to its start, then Enter until it is the one.
    pub fn pick(&mut self, id: &Id) {
        if self.harness.state().selected() == Some(id) {
            return;
        }
        let start = self.document().spans_of(id).first().expect("it has words").start;
        self.caret_to(start, false);
        for _ in 0..30 {
            if self.harness.state().selected() == Some(id) {
                return;
            }
            self.key(Key::Enter);
        }
        panic!("{id} cannot be picked");
    }

    /// Types the hint letters of an annotation; brings it on the page first.
    pub fn hint(&mut self, id: &Id) {
        let keys = self.hint_of(id).or_else(|| {
            let start = self.document().spans_of(id).first().expect("it has words").start;
            self.caret_to(start, false);
            self.hint_of(id)
        });
        let keys = keys.unwrap_or_else(|| panic!("{id} has no hint; the window shows {:?}", self.labels()));
        for letter in keys.chars() {
            self.letter(letter);
        }
    }

    fn hint_of(&self, id: &Id) -> Option<String> {
        let is_it = |node: &egui_kittest::kittest::AccessKitNode<'_>| node.author_id() == Some(id.as_str());
        let mut nodes = self.harness.root().query_all(By::new().predicate(is_it));
        let node = nodes.next()?;
        node.accesskit_node().data().keyboard_shortcut().map(str::to_owned)
    }

    /// Chooses in a list that is found by typing: types until what is wanted is one of the first, then steps to it.
    pub fn find(&mut self, wanted: &str, query: &str) {
        let mut letters = query.chars();
        loop {
            let Some(steps) = self.steps_to(wanted) else {
                let letter = letters.next().unwrap_or_else(|| panic!("{wanted} is not found: {:?}", self.labels()));
                self.type_text(&letter.to_string());
                continue;
            };
            match letters.next() {
                // A step costs as much as a letter; letters are surer.
                Some(letter) if steps > 2 => self.type_text(&letter.to_string()),
                _ => {
                    (0..steps).for_each(|_| self.key(Key::ArrowDown));
                    break;
                }
            }
        }
        self.key(Key::Enter);
    }

    /// How many steps down an option is.
    fn steps_to(&self, wanted: &str) -> Option<usize> {
        let options: Vec<_> = self.harness.get_all_by_role(Role::ListBoxOption).collect();
        let at = options.iter().position(|node| node.accesskit_node().is_selected() == Some(true))?;
        let to = options.iter().position(|node| node.accesskit_node().label().as_deref() == Some(wanted))?;
        to.checked_sub(at)
    }

    /// Sets a field of what is selected.
    pub fn set(&mut self, field: &str) {
        let query = field.rsplit(": ").next().unwrap_or(field).trim_end_matches('…').to_lowercase();
        self.go_to_article();
        self.key(Key::Period);
        self.find(field, &query);
    }

    /// Types into a field of what is selected.
    pub fn fill_field(&mut self, field: &str, text: &str) {
        self.set(field);
        self.type_text(text);
        // A field of several lines keeps Enter.
        let held = if field == "Note…" { CTRL } else { NONE };
        self.press(held, Key::Enter);
        assert!(self.harness.ctx.memory(|memory| memory.has_focus(Reader::id())), "the article has the keyboard again");
    }

    /// The role that is asked for.
    pub fn asked(&self) -> Option<String> {
        self.labels().iter().find_map(|label| {
            let role = label.split_once(": type the letters").map(|(role, _)| role.to_owned());
            role.or_else(|| label.starts_with("Select the words of the cue").then(|| "Cue".to_owned()))
        })
    }

    /// Gives the keyboard back to the article.
    fn go_to_article(&mut self) {
        for _ in 0..8 {
            if self.harness.ctx.memory(|memory| memory.has_focus(Reader::id())) {
                return;
            }
            self.key(Key::F6);
        }
        panic!("F6 does not lead to the article");
    }
}
