//! The reader as a user meets it: through accessible names and the pointer.

use egui::{Modifiers, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::model::test_support::{event, mention, quote};
use crate::model::{Event, Filler, Header, Mention, Quote, schema};
use crate::theme::LabelPalette;

/// What the app would hold.
pub struct State {
    pub reader: Reader,
    pub document: Document,
    pub revision: u64,
    pub palette: LabelPalette,
    pub options: ReaderOptions,
    pub selection: TextSelection,
    pub selected: Option<Id>,
    pub links: Vec<Link>,
    pub hints: Vec<Hint>,
    pub events: Vec<ReaderEvent>,
    pub visible: Vec<Id>,
}

impl State {
    pub fn new(text: &str, mentions: Vec<Mention>, events: Vec<Event>, quotes: Vec<Quote>) -> Self {
        let text = Text::new(text).expect("short");
        let document = Document::with_annotations(text, Header::default(), [], mentions, events, quotes, []);
        Self {
            reader: Reader::new(),
            document,
            revision: 0,
            palette: LabelPalette::new(schema::builtin("news").expect("ships"), false),
            options: ReaderOptions::default(),
            selection: TextSelection::default(),
            selected: None,
            links: Vec::new(),
            hints: Vec::new(),
            events: Vec::new(),
            visible: Vec::new(),
        }
    }

    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let input = ReaderInput {
            document: &self.document,
            revision: self.revision,
            palette: &self.palette,
            options: &self.options,
            selection: &self.selection,
            selected: self.selected.as_ref(),
            hovered: None,
            links: &self.links,
            hints: &self.hints,
            found: None,
            density: None,
            outlines: None,
            ghosts: None,
            brush: false,
        };
        let output = self.reader.show(ui, &input);
        self.visible = output.visible;
        for event in output.events {
            match &event {
                ReaderEvent::Select(selection) => self.selection = selection.clone(),
                ReaderEvent::Pick { id } => self.selected = Some(id.clone()),
                ReaderEvent::PickNothing => self.selected = None,
                _ => {}
            }
            self.events.push(event);
        }
    }

    /// Where the caret would be drawn.
    fn caret(&self, at: u32) -> Pos2 {
        self.reader.caret_rect(&TextSelection::caret(BytePos(at))).expect("on the screen").center()
    }

    fn selected_text(&self) -> &str {
        self.document.text().slice(self.selection.span())
    }
}

pub fn harness<'a>(state: State) -> Harness<'a, State> {
    let mut is_installed = false;
    let ui = move |ui: &mut egui::Ui, state: &mut State| {
        if !is_installed {
            crate::theme::install(ui.ctx());
            is_installed = true;
            ui.ctx().request_repaint();
            return;
        }
        state.ui(ui);
    };
    let builder = Harness::builder().with_size(vec2(900.0, 600.0)).with_step_dt(1.0 / 60.0).with_max_steps(40);
    let mut harness = builder.build_ui_state(ui, state);
    harness.run();
    harness
}

const NESTED: &str = "The talks at the University of Paris ended today. Anna met Bob there.";

fn nested() -> State {
    let mentions = vec![
        mention("m1", "Organization", &[(17, 36)]),
        mention("m2", "Place", &[(31, 36)]),
        mention("m3", "Person", &[(50, 54)]),
    ];
    State::new(NESTED, mentions, vec![event("e1", "Consult", &[(55, 58)])], vec![])
}

/// Without moving.
fn click(harness: &mut Harness<'_, State>, pos: Pos2) {
    drag(harness, pos, pos, Modifiers::NONE);
}

/// Presses, moves in steps, and releases.
fn drag(harness: &mut Harness<'_, State>, from: Pos2, to: Pos2, modifiers: Modifiers) {
    let button =
        |pos, pressed| egui::Event::PointerButton { pos, button: egui::PointerButton::Primary, pressed, modifiers };
    harness.event(egui::Event::ModifiersChanged(modifiers));
    harness.event(egui::Event::PointerMoved(from));
    harness.event(button(from, true));
    harness.step();
    for i in 1..=4 {
        harness.event(egui::Event::PointerMoved(from.lerp(to, i as f32 / 4.0)));
        harness.step();
    }
    harness.event(button(to, false));
    harness.event(egui::Event::ModifiersChanged(Modifiers::NONE));
    harness.run();
}

/// Far enough apart in time that two clicks are not a double-click.
fn wait(harness: &mut Harness<'_, State>) {
    harness.run_steps(40);
}

#[test]
fn clicking_a_mention_by_its_name_picks_it_and_sets_the_caret() {
    let mut harness = harness(nested());
    harness.get_by_label("Person: Anna").click();
    harness.run();
    let state = harness.state();
    assert_eq!(state.selected, Some(Id::from("m3")));
    assert!(state.selection.is_caret() && Span::of(50, 55).contains(state.selection.head), "{:?}", state.selection);
}

#[test]
fn every_annotation_can_be_picked_by_its_name_also_when_others_lie_inside() {
    for (name, id) in [("Organization: University of Paris", "m1"), ("Place: Paris", "m2"), ("Consult: met", "e1")] {
        let mut harness = harness(nested());
        harness.get_by_label(name).click();
        harness.run();
        assert_eq!(harness.state().selected, Some(Id::from(id)), "{name}");
    }
}

#[test]
fn equal_spans_can_each_be_picked_by_name() {
    let mentions = vec![mention("m1", "Person", &[(50, 54)]), mention("m2", "Position", &[(50, 54)])];
    for (name, id) in [("Person: Anna", "m1"), ("Position: Anna", "m2")] {
        let mut harness = harness(State::new(NESTED, mentions.clone(), vec![], vec![]));
        harness.get_by_label(name).click();
        harness.run();
        assert_eq!(harness.state().selected, Some(Id::from(id)), "{name}");
    }
}

#[test]
fn clicking_again_goes_from_the_shortest_outwards_and_round() {
    let mut harness = harness(nested());
    for id in ["m2", "m1", "m2"] {
        wait(&mut harness);
        harness.get_by_label("Place: Paris").click();
        harness.run();
        assert_eq!(harness.state().selected, Some(Id::from(id)));
    }
}

#[test]
fn a_click_elsewhere_picks_nothing() {
    let mut harness = harness(nested());
    harness.state_mut().selected = Some(Id::from("m3"));
    harness.run();
    let pos = harness.state().caret(5);
    click(&mut harness, pos);
    assert_eq!(harness.state().selected, None);
    assert!(harness.state().events.contains(&ReaderEvent::PickNothing));
}

#[test]
fn a_drag_selects_whole_tokens_and_alt_exact_characters() {
    let mut harness = harness(nested());
    let (from, to) = (harness.state().caret(19), harness.state().caret(29));
    drag(&mut harness, from, to, Modifiers::NONE);
    assert_eq!(harness.state().selected_text(), "University of");
    assert_eq!(harness.state().events.last(), Some(&ReaderEvent::SelectionDone));
    drag(&mut harness, from, to, Modifiers::ALT);
    assert_eq!(harness.state().selected_text(), "iversity o");
    drag(&mut harness, to, from, Modifiers::NONE);
    assert_eq!(harness.state().selected_text(), "University of");
    assert_eq!(harness.state().selection.head, BytePos(17), "the caret is where the pointer is");
}

#[test]
fn a_drag_with_control_adds_a_part() {
    let mut harness = harness(nested());
    let at = |h: &Harness<'_, State>, a, b| (h.state().caret(a), h.state().caret(b));
    let (from, to) = at(&harness, 0, 9);
    drag(&mut harness, from, to, Modifiers::NONE);
    let (from, to) = at(&harness, 37, 48);
    drag(&mut harness, from, to, Modifiers::COMMAND);
    assert_eq!(harness.state().selection.spans().as_slice(), &[Span::of(0, 9), Span::of(37, 48)]);
}

#[test]
fn a_double_click_selects_a_word_and_says_so() {
    let mut harness = harness(nested());
    let pos = harness.state().caret(52);
    click(&mut harness, pos);
    click(&mut harness, pos);
    harness.run();
    assert_eq!(harness.state().selected_text(), "Anna");
    assert!(harness.state().events.contains(&ReaderEvent::SelectionDone));
}

#[test]
fn a_key_is_no_click() {
    let mut harness = harness(nested());
    let pos = harness.state().caret(5);
    click(&mut harness, pos);
    harness.get_by_label("Person: Anna").hover();
    harness.run();
    for key in [egui::Key::Space, egui::Key::Enter] {
        harness.key_press(key);
        harness.run();
    }
    assert_eq!(harness.state().selected, None);
    assert!(harness.state().selection.head <= BytePos(6));
}

#[test]
fn the_reader_keeps_the_focus_when_arrows_and_tab_are_pressed() {
    let mut harness = harness(nested());
    let pos = harness.state().caret(5);
    click(&mut harness, pos);
    for key in [egui::Key::ArrowDown, egui::Key::ArrowRight, egui::Key::Tab, egui::Key::Escape] {
        harness.key_press(key);
        harness.run();
        assert!(harness.ctx.memory(|m| m.has_focus(Reader::id())), "{key:?}");
    }
}

#[test]
fn dragging_a_handle_resizes_the_selected_annotation_once() {
    let mut harness = harness(nested());
    harness.state_mut().selected = Some(Id::from("m3"));
    harness.run();
    let state = harness.state();
    let page = state.reader.page.as_ref().expect("shown");
    let handles = hit::handles(page, &state.reader.placed, &Id::from("m3"));
    let end = handles.iter().find(|h| !h.is_start).expect("an end").pos;
    let to = state.caret(61);
    drag(&mut harness, end, to, Modifiers::NONE);
    let resized: Vec<_> = harness.state().events.iter().filter(|e| matches!(e, ReaderEvent::Resize { .. })).collect();
    let expected = ReaderEvent::Resize { id: Id::from("m3"), part: Part::Mention, index: 0, span: Span::of(50, 62) };
    assert_eq!(resized, [&expected]);
}

#[test]
fn marking_never_moves_the_text() {
    let text = "Anna met Bob. ".repeat(60) + "\n\n" + &"The talks went on and on. ".repeat(40);
    let rows = |h: &Harness<'_, State>| -> Vec<(f32, f32)> {
        h.state().reader.placed.iter().flat_map(|p| p.layout.rows().iter().map(|r| (p.top, r.baseline))).collect()
    };
    let mut harness = harness(State::new(&text, vec![], vec![], vec![]));
    let before = rows(&harness);
    let mentions = (0..20).map(|i| mention(&format!("m{i}"), "Organization", &[(i, 40 + i)])).collect();
    let marked =
        State::new(&text, mentions, vec![event("e1", "Consult", &[(5, 8)])], vec![quote("q1", "direct", &[(0, 300)])]);
    harness.state_mut().document = marked.document;
    harness.state_mut().revision += 1;
    harness.run();
    assert!(harness.state().visible.len() > 15, "the marks are shown");
    assert_eq!(rows(&harness), before);
}

#[test]
fn an_annotation_far_below_is_reached() {
    let text = "The talks went on and on, said nobody in particular.\n\n".repeat(3000) + "Anna left.";
    let start = text.len() as u32 - 10;
    let mut harness = harness(State::new(&text, vec![mention("m1", "Person", &[(start, start + 4)])], vec![], vec![]));
    assert!(harness.query_by_label("Person: Anna").is_none(), "not on the screen yet");
    harness.state_mut().reader.scroll_to(Span::of(start, start + 4));
    harness.run();
    let rect = harness.get_by_label("Person: Anna").rect();
    assert!((rect.center().y - 300.0).abs() < 60.0, "in the middle: {rect:?}");
    assert_eq!(harness.state().visible, [Id::from("m1")]);
}

#[test]
fn a_visible_place_does_not_scroll() {
    let text = "The talks went on and on, said nobody in particular.\n\n".repeat(30);
    let mut harness = harness(State::new(&text, vec![], vec![], vec![]));
    let before = harness.state().caret(0);
    harness.state_mut().reader.scroll_to(Span::of(120, 125));
    harness.run();
    assert_eq!(harness.state().caret(0), before);
}

#[test]
fn another_text_size_keeps_the_row_that_is_read() {
    let text = "The talks went on and on, said nobody in particular. ".repeat(20) + "\n\n";
    let mut harness = harness(State::new(&text.repeat(40), vec![], vec![], vec![]));
    let middle = text.len() as u32 * 20 + 500;
    harness.state_mut().reader.scroll_to(Span::of(middle, middle));
    harness.run();
    let top = |h: &Harness<'_, State>| {
        let reader = &h.state().reader;
        let placed = reader.placed.iter().flat_map(|p| p.layout.rows().iter().map(move |r| (p, r)));
        placed.filter(|(p, r)| p.top + r.top >= 0.0).map(|(p, r)| p.span.start.0 + r.bytes.start).next().expect("a row")
    };
    let before = top(&harness);
    harness.state_mut().options.text_size = 24.0;
    harness.run();
    let after = top(&harness);
    assert!(after.abs_diff(before) < 120, "{before} became {after}");
}

#[test]
fn steps_by_rows_keep_the_column_and_come_back() {
    let text = "The talks went on and on, said nobody in particular at the time. ".repeat(12)
        + "\n\nShort\n\n"
        + &"More was said. ".repeat(30);
    let harness = harness(State::new(&text, vec![], vec![], vec![]));
    let State { reader, document, .. } = harness.state();
    let start = TextSelection::caret(BytePos(40));
    let mut selection = start.clone();
    let mut heads = vec![selection.head];
    for _ in 0..16 {
        selection = reader.vertical(document, &selection, 1, false);
        assert!(selection.head > *heads.last().expect("some"));
        heads.push(selection.head);
    }
    for expected in heads.iter().rev().skip(1) {
        selection = reader.vertical(document, &selection, -1, false);
        assert_eq!(selection.head, *expected);
    }
    let extended = reader.vertical(document, &start, 2, true);
    assert_eq!((extended.anchor, extended.head), (BytePos(40), heads[2]));
    assert!(reader.row_edge(document, &start, true, false).head < heads[1]);
    assert_eq!(reader.row_edge(document, &start, false, false).head, BytePos(0));
}

#[test]
fn quotes_paragraphs_and_the_canvas_have_names() {
    let text = "“We agree,” Anna said, “and we will sign.”";
    let mut q = quote("q1", "direct", &[(0, 15), (27, 49)]);
    q.cue = Some([Span::of(21, 25)].into_iter().collect());
    q.speaker = Some(Filler::Mention(Id::from("m1")));
    let mut harness = harness(State::new(text, vec![mention("m1", "Person", &[(16, 20)])], vec![], vec![q]));
    harness.get_by_label("Article: ");
    harness.get_by_value(text);
    harness.get_by_label_contains("direct: “We agree,”").click();
    harness.run();
    assert_eq!(harness.state().selected, Some(Id::from("q1")));
}

#[test]
fn a_screen_reader_can_pick() {
    let mut harness = harness(nested());
    harness.get_by_label("Place: Paris").click_accesskit();
    harness.run();
    assert_eq!(harness.state().selected, Some(Id::from("m2")));
    assert!(harness.get_by_label("Place: Paris").accesskit_node().is_selected().unwrap_or(false));
}

#[test]
fn odd_documents_do_not_panic() {
    let deep = (0..40).map(|i| mention(&format!("m{i}"), "Person", &[(0, 3 + i)])).collect::<Vec<_>>();
    let texts = ["", "\n\n\n", "x", "\r\n \r\n", &"word ".repeat(3000), &"é".repeat(6000)];
    for text in texts {
        let state = State::new(text, deep.clone(), vec![], vec![quote("q1", "direct", &[(0, 2), (1, 900)])]);
        let mut harness = harness(state);
        harness.state_mut().selected = Some(Id::from("m3"));
        harness.state_mut().hints = vec![Hint { id: Id::from("m1"), keys: "ab".into(), typed: 1 }];
        harness.state_mut().links = vec![Link { from: Id::from("m1"), to: Id::from("q1"), label: "Actor".into() }];
        harness.state_mut().reader.scroll_to(Span::of(9000, 9001));
        harness.run();
        for rows in [-100, 100, 1, -1] {
            let State { reader, document, selection, .. } = harness.state();
            let moved = reader.vertical(document, selection, rows, true);
            assert!(document.text().is_char_boundary(moved.head.to_usize()));
        }
    }
}

#[test]
fn the_scroll_bar_has_a_name_and_moves_the_article() {
    let text = "The talks went on and on, said nobody in particular.\n\n".repeat(300);
    let mut harness = harness(State::new(&text, vec![], vec![], vec![]));
    let bar: Rect = harness.get_by_label("Scroll the article").rect();
    let from = bar.center_top() + vec2(0.0, 8.0);
    drag(&mut harness, from, bar.center_bottom(), Modifiers::NONE);
    let last = harness.state().reader.placed.last().expect("chunks").span;
    assert_eq!(last.end, harness.state().document.text().end(), "the end is on the screen");
}

#[test]
fn three_thousand_marks_on_one_word_are_drawn_as_a_few_and_a_number() {
    let many = (0..3000).map(|i| mention(&format!("m{i}"), if i == 7 { "Person" } else { "Place" }, &[(50, 54)]));
    let mut mentions: Vec<Mention> = many.collect();
    mentions.push(mention("m9000", "Organization", &[(17, 36)]));
    let mut harness = harness(State::new(NESTED, mentions, vec![], vec![]));
    let drawn = |harness: &Harness<'_, State>| {
        let marks = harness.state().reader.placed.iter().map(|placed| placed.marks.clone());
        marks.fold((0, 0), |(drawn, hidden), marks| {
            let counted: usize = marks.rows.iter().map(|row| row.hidden).sum();
            (drawn + marks.fragments.len(), hidden + counted)
        })
    };
    let (fragments, hidden) = drawn(&harness);
    // The few that are drawn in lanes are told apart; all others are in the number beside the row.
    assert_eq!(fragments, crate::limits::MARKS_OF_PLACE + 1);
    assert_eq!(hidden, 3000 - super::lanes::MAX_LANES);
    let shown: Vec<Id> = harness.state().visible.clone();
    let missing =
        (0..3000).map(|i| Id::from(format!("m{i}").as_str())).find(|id| !shown.contains(id)).expect("too many");
    assert!(harness.state().reader.rect_of(&harness.state().document, &missing).is_none());
    harness.state_mut().selected = Some(missing.clone());
    harness.run();
    assert!(harness.state().reader.rect_of(&harness.state().document, &missing).is_some(), "what is selected is drawn");
    assert!(drawn(&harness).0 <= crate::limits::MARKS_OF_PLACE + 2);
}

#[test]
fn a_label_of_ten_kilobytes_is_a_short_tag() {
    let long = "Label\n\u{202e}".repeat(1500);
    let harness = harness(State::new(NESTED, vec![mention("m1", &long, &[(50, 54)])], vec![], vec![]));
    let marks = &harness.state().reader.placed[0].marks;
    let tag = marks.tags.first().expect("a tag");
    assert!(tag.galley.rows.len() == 1 && tag.galley.size().x < 600.0, "{:?}", tag.galley.size());
    assert!(tag.galley.text().chars().count() <= crate::limits::TAG_SHOWN);
    assert_eq!(marks.fragments[0].label, long, "the label itself is whole");
}

#[test]
fn hidden_characters_are_selected_like_others() {
    let text = "Ann\u{202e}a met \u{1b}Bob pay\u{200d}pal.";
    let mut harness = harness(State::new(text, vec![], vec![], vec![]));
    // One by one with the caret; a joiner belongs to the letter before it, as in every text.
    let mut at = TextSelection::caret(BytePos(0));
    let mut stops = vec![0];
    while at.head.0 < text.len() as u32 {
        at = at.moved(harness.state().document.text(), Motion::NextCharacter, false);
        stops.push(at.head.0);
    }
    let places: Vec<(u32, f32)> = stops.iter().map(|at| (*at, harness.state().caret(*at).x)).collect();
    for pair in places.windows(2) {
        assert!(pair[0].1 < pair[1].1, "{pair:?}");
    }
    // Dragging over the override takes just that.
    let (start, end) = (harness.state().caret(3), harness.state().caret(6));
    drag(&mut harness, start, end, Modifiers::ALT);
    assert_eq!(harness.state().selected_text(), "\u{202e}");
}

/// The paper was once drawn over the bar.
#[test]
fn the_scroll_bar_is_seen() {
    let text = "Nothing happened on this day.\n\n".repeat(200);
    let mut harness = harness(State::new(&text, vec![], vec![], vec![]));
    harness.run();
    let shapes = &harness.output().shapes;
    let rects: Vec<_> = shapes
        .iter()
        .filter_map(|shape| match &shape.shape {
            egui::Shape::Rect(rect) => Some((rect.rect, rect.fill)),
            _ => None,
        })
        .collect();
    let theme = crate::theme::Theme::of(false);
    let paper = rects.iter().rposition(|(rect, fill)| *fill == theme.paper && rect.width() > 600.0).expect("a page");
    let thumb = rects.iter().rposition(|(rect, _)| rect.width() < 8.0 && rect.height() > 20.0).expect("a thumb");
    assert!(paper < thumb, "what is drawn later lies above");
}
