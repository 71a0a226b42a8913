//! The page of statistics on documents that are made up, without the rest of the window: what is clicked leads to
//! documents, what is missing is said, and what it looks like.
//!
//! `MANICULE_PICTURES=FOLDER cargo test --test window statistics` writes pictures of all figures there.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Key, Theme, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use manicule::model::schema::builtin;
use manicule::model::{
    Argument, Document, Entity, Event, Filler, Header, Id, Mention, Metadata, Provenance, Quote, SchemaRef, Status,
};
use manicule::review::statistics::plots::{Figure, Section, Show, picture};
use manicule::review::statistics::{Fed, Figures, Statistics, Wanted};
use manicule::text::{Span, Spans, Text};
use manicule::ui::statistics::{Asked, StatisticsPage};
use strum::IntoEnumIterator as _;

/// People, countries and organisations of the articles.
const NAMES: [(&str, &str); 12] = [
    ("Amara Osei", "Person"),
    ("Lena Hartwig", "Person"),
    ("Tomás Ferreira", "Person"),
    ("Ilse Brandt", "Person"),
    ("Noor Haddad", "Person"),
    ("Armenia", "Country"),
    ("Azerbaijan", "Country"),
    ("Georgia", "Country"),
    ("the United Nations", "Organization"),
    ("Port Authority of Batumi", "Organization"),
    ("Tbilisi", "Place"),
    ("Monday", "Date"),
];

/// The nth of some numbers that look like chance.
fn chance(nth: usize, of: usize) -> usize {
    let mut x = (nth as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678);
    x ^= x >> 29;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 32;
    (x % of as u64) as usize
}

/// An article that is being marked.
#[derive(Default)]
struct Draft {
    text: String,
    mentions: Vec<Mention>,
    events: Vec<Event>,
    quotes: Vec<Quote>,
}

fn span(start: usize, end: usize) -> Spans {
    [Span::of(start as u32, end as u32)].into_iter().collect()
}

impl Draft {
    fn say(&mut self, words: &str) -> (usize, usize) {
        let start = self.text.len();
        self.text.push_str(words);
        (start, self.text.len())
    }

    fn name(&mut self, nth: usize, made: &Provenance) -> Id {
        let (name, label) = NAMES[nth];
        let (start, end) = self.say(name);
        let id = Id::new(format!("m{}", self.mentions.len() + 1));
        self.mentions.push(Mention {
            id: id.clone(),
            label: label.into(),
            spans: span(start, end),
            entity: Some(Id::new(format!("n{}", nth + 1))),
            attributes: Default::default(),
            note: Default::default(),
            provenance: made.clone().into(),
        });
        id
    }

    fn event(&mut self, (start, end): (usize, usize), r#type: &str, arguments: Vec<Argument>, made: &Provenance) {
        self.events.push(Event {
            id: Id::new(format!("e{}", self.events.len() + 1)),
            r#type: r#type.into(),
            trigger: span(start, end),
            arguments,
            claimed_in: None,
            attributes: Default::default(),
            note: Default::default(),
            provenance: made.clone().into(),
        });
    }
}

/// The nth article with its marks; some are marked far more or less than others.
fn article(nth: usize) -> Document {
    let mut draft = Draft::default();
    let day = format!("2026-{:02}-{:02}T09:30:00Z", 9 + nth / 60, nth / 3 % 27 + 1);
    let made = Provenance { at: Some(day), ..Provenance::default() };
    let title = format!("Talks, round {}", nth + 1);
    draft.say(&format!("{title}\n\n"));
    for sentence in 0..6 + chance(nth * 7, 24) {
        let draw = |salt: usize, of: usize| chance(nth * 1_000 + sentence * 10 + salt, of);
        let (who, other) = (draw(1, 5).min(draw(2, 5)), 5 + draw(3, 7).min(draw(4, 7)));
        let is_bare = nth == 31 || draw(5, 5) == 0;
        if is_bare {
            draft.say("Nothing was decided on the matter before the evening came. ");
            continue;
        }
        let speaker = draft.name(who, &made);
        let role = |role: &str, filler: Filler| Argument { role: role.into(), filler };
        if draw(6, 3) == 0 {
            draft.say(" said: ");
            let start = draft.say("“We will not wait for ").0;
            draft.name(other, &made);
            let end = draft.say(" to answer us once more.”").1;
            draft.quotes.push(Quote {
                id: Id::new(format!("q{}", draft.quotes.len() + 1)),
                kind: if draw(7, 4) == 0 { "indirect" } else { "direct" }.into(),
                content: span(start, end),
                cue: None,
                speaker: (draw(8, 9) > 0).then_some(Filler::Mention(speaker)),
                addressee: None,
                arguments: Vec::new(),
                attributes: Default::default(),
                note: Default::default(),
                provenance: made.clone().into(),
            });
            draft.say(" ");
        } else {
            draft.say(" ");
            let trigger = draft.say(["met", "praised", "accused", "warned"][draw(9, 4)]);
            draft.say(" ");
            let object = draft.name(other, &made);
            let types = ["Consult", "Consult", "Agree", "Accuse", "Support", "Protest"];
            let place = Filler::Implicit("Tbilisi".into());
            let mut arguments = vec![role("Actor", Filler::Mention(speaker))];
            if draw(11, 3) > 0 {
                arguments.push(role("Recipient", Filler::Mention(object)));
            }
            if draw(12, 4) == 0 {
                arguments.push(role("Place", place));
            }
            arguments.truncate(1 + draw(13, 3));
            draft.event(trigger, types[draw(14, 6).min(draw(15, 6))], arguments, &made);
            draft.say(" after a long day of talks. ");
        }
        if nth == 12 {
            (0..5).for_each(|more| {
                draft.name(more, &made);
                draft.say(" ");
            });
        }
    }
    let metadata = Metadata {
        id: format!("a{nth}"),
        title,
        published: (!nth.is_multiple_of(17))
            .then(|| format!("2025-{:02}-{:02}", chance(nth, 12) + 1, chance(nth + 7, 28) + 1)),
        ..Metadata::default()
    };
    let header = Header {
        metadata,
        schema: SchemaRef { name: "news".into(), version: 1 },
        annotator: Some(if nth.is_multiple_of(3) { "Annotator B" } else { "Annotator A" }.into()),
        status: if nth.is_multiple_of(5) { Status::InProgress } else { Status::Done },
        ..Header::default()
    };
    let entities = NAMES.iter().enumerate().map(|(nth, (name, label))| Entity {
        id: Id::new(format!("n{}", nth + 1)),
        r#type: (*label).into(),
        name: (*name).into(),
        aliases: Vec::new(),
        link: None,
        note: Default::default(),
        provenance: Default::default(),
    });
    let text = Text::new(draft.text).expect("short");
    Document::with_annotations(text, header, entities, draft.mentions, draft.events, draft.quotes, [])
}

struct State {
    page: StatisticsPage,
    figures: Arc<Figures>,
    asked: Vec<Asked>,
    is_installed: bool,
}

/// The page in a window of its own.
struct Page(Harness<'static, State>);

fn figures(documents: &[Document]) -> Arc<Figures> {
    let mut statistics = Statistics::new();
    for document in documents {
        statistics.feed(&Fed::of(&document.header().metadata.id, document));
    }
    let schema = builtin("news").expect("ships");
    Arc::new(Figures::count(Arc::new(statistics), Wanted::default(), &[schema]))
}

fn many() -> Arc<Figures> {
    figures(&(0..90).map(article).collect::<Vec<_>>())
}

impl Page {
    fn new(size: Vec2, theme: Theme, figures: Arc<Figures>) -> Self {
        let state = State { page: StatisticsPage::default(), figures, asked: Vec::new(), is_installed: false };
        let builder = Harness::builder()
            .with_size(size)
            .with_theme(theme)
            .with_step_dt(1.0 / 60.0)
            .with_max_steps(60)
            .with_os(egui::os::OperatingSystem::Nix)
            .with_render_cursor(false);
        let mut page = Self(builder.build_ui_state(
            |ui, state| {
                // Fonts are there from the second frame on.
                if !std::mem::replace(&mut state.is_installed, true) {
                    manicule::theme::install(ui.ctx());
                    ui.ctx().request_repaint();
                    return;
                }
                let schema = builtin("news").expect("ships");
                // The whole window, without the margin of the panel around it.
                let all = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
                ui.set_clip_rect(ui.ctx().content_rect());
                let asked = ui.scope_builder(all, |ui| state.page.ui(ui, &state.figures, schema)).inner;
                state.asked.extend(asked);
            },
            state,
        ));
        page.0.run();
        page
    }

    fn small(figures: Arc<Figures>) -> Self {
        Self::new(vec2(1000.0, 700.0), Theme::Light, figures)
    }

    fn click(&mut self, part: &str) {
        self.0.query_all_by_label_contains(part).next().unwrap_or_else(|| panic!("{part:?} is not there")).click();
        self.0.run();
        self.0.remove_cursor();
        self.0.run();
    }

    fn says(&self, part: &str) -> bool {
        self.0.query_all_by_label_contains(part).next().is_some()
    }

    /// What was asked for since the last time.
    fn asked(&mut self) -> Vec<Asked> {
        std::mem::take(&mut self.0.state_mut().asked)
    }

    fn show(&mut self, section: Section, is_second: bool) {
        self.0.state_mut().page.choose(Show { section, is_second, period: None });
        self.0.run();
    }

    /// Where the plot is.
    fn plot(&self) -> egui::Rect {
        self.0.query_all_by_label_contains("Plot: ").next().expect("there is a plot").rect()
    }

    fn click_at(&mut self, pos: egui::Pos2) {
        for is_pressed in [true, false] {
            self.0.event(egui::Event::PointerMoved(pos));
            self.0.event(egui::Event::PointerButton {
                pos,
                button: egui::PointerButton::Primary,
                pressed: is_pressed,
                modifiers: egui::Modifiers::NONE,
            });
            self.0.run();
        }
        self.0.remove_cursor();
        self.0.run();
    }

    /// The documents that were asked for.
    #[track_caller]
    fn documents(&mut self) -> (String, Vec<u32>) {
        match self.asked().as_slice() {
            [Asked::Documents { title, documents }] => (title.clone(), documents.clone()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_bar_and_its_row_lead_to_the_documents() {
    let figures = many();
    let mut page = Page::small(figures.clone());
    let most = figures.labels.iter().max_by_key(|row| row.marks).expect("there are marks");
    let plot = page.plot();
    page.click_at(pos2(plot.left() + 30.0, plot.top() + 12.0));
    let (title, documents) = page.documents();
    assert!(title.starts_with(most.label.label.as_str()), "{title}");
    assert_eq!(documents.len() as u32, most.documents);
    page.click(&format!("Label {}, Kind mention", most.label.label));
    assert_eq!(page.documents().1, documents);
    page.click_at(pos2(plot.right() - 3.0, plot.bottom() - 3.0));
    assert_eq!(page.asked(), [], "there is no bar");
}

#[test]
fn every_section_is_reached_by_its_name_and_has_a_plot_and_a_table() {
    let mut page = Page::small(many());
    for section in Section::iter() {
        page.0.query_all_by_role_and_label(Role::Button, section.title()).next().expect("it is listed").click();
        page.0.run();
        assert_eq!(page.0.state().page.shown().section, section);
        assert!(page.says("Plot: ") && page.says("The table below has its numbers"), "{section:?}");
        if let Some([_, second]) = (Show { section, ..Show::default() }).views() {
            page.click(second);
            assert!(page.0.state().page.shown().is_second && page.says("Plot: "), "{section:?}");
        }
        let row = page.0.query_all_by_role(Role::Button).find(|node| {
            node.accesskit_node().label().is_some_and(|label| label.contains(", ") && !label.starts_with("Sort by"))
        });
        let row = row.unwrap_or_else(|| panic!("{section:?} has rows"));
        row.click();
        page.0.run();
        assert!(!page.documents().1.is_empty(), "{section:?}");
    }
}

#[test]
fn tables_are_sorted_by_their_titles_and_walked_by_keys() {
    let mut page = Page::small(many());
    let first = |page: &Page| {
        let mut rows = page.0.query_all_by_label_contains("Kind ");
        rows.find_map(|row| row.accesskit_node().label()).unwrap_or_default()
    };
    page.click("Sort by Marks");
    let largest = first(&page);
    page.click("Sort by Marks, sorted from the largest");
    assert_ne!(first(&page), largest);
    assert!(page.says("Sort by Marks, sorted from the smallest"));
    page.click("Sort by Label");
    let name = first(&page);
    page.0.query_all_by_label_contains("Kind ").next().expect("a row").focus();
    page.0.run();
    page.0.key_press(Key::Enter);
    page.0.run();
    let words = name.trim_start_matches("Label ").split(',').next().unwrap_or_default().to_owned();
    assert!(page.documents().0.contains(&words), "{words}");
}

#[test]
fn what_is_counted_is_chosen_above() {
    let mut page = Page::small(many());
    assert!(page.says("90 documents"));
    page.click("Whose work is counted");
    page.click("Annotator B");
    let wanted = |asked: &[Asked]| match asked {
        [Asked::Count(wanted)] => wanted.clone(),
        other => panic!("{other:?}"),
    };
    let of_b = wanted(&page.asked());
    assert_eq!(of_b.annotator.as_deref(), Some("Annotator B"));
    let statistics = page.0.state().figures.statistics.clone();
    page.0.state_mut().figures = Arc::new(Figures::count(statistics, of_b, &[builtin("news").expect("ships")]));
    page.0.run();
    assert!(page.says("30 documents") && page.says("by Annotator B"));
    page.click("Which statuses are counted");
    page.click("Flagged");
    assert_eq!(wanted(&page.asked()).statuses, [Status::Flagged]);
    for (button, asked) in
        [("Save picture…", Asked::SavePicture), ("Save table…", Asked::SaveTable), ("Close", Asked::Close)]
    {
        page.click(button);
        assert_eq!(page.asked(), [asked], "{button}");
    }
    let (figures, show) = (page.0.state().figures.clone(), page.0.state().page.shown());
    let png = StatisticsPage::picture(&figures, show, builtin("news").expect("ships"), &page.0.ctx).expect("a picture");
    assert!(png.starts_with(b"\x89PNG"));
    assert!(String::from_utf8(StatisticsPage::table(&figures, show)).expect("UTF-8").contains("Person,mention,"));
}

#[test]
fn what_takes_longer_than_a_frame_is_worked_out_elsewhere_and_the_latest_counts() {
    let tiny = |nth: usize| {
        let metadata = Metadata { id: format!("d{nth}"), title: format!("Note {nth}"), ..Metadata::default() };
        let header = Header { metadata, ..Header::default() };
        let mention = Mention {
            id: Id::new("m1"),
            label: ["Person", "Place"][nth % 2].into(),
            spans: span(0, 4),
            entity: None,
            attributes: Default::default(),
            note: Default::default(),
            provenance: Default::default(),
        };
        let text = Text::new(format!("Anna waited {nth} days.")).expect("short");
        Document::with_annotations(text, header, [], [mention], [], [], [])
    };
    let mut page = Page::small(figures(&(0..600).map(tiny).collect::<Vec<_>>()));
    let wishes = |page: &mut Page| {
        let asked = page.asked().into_iter();
        let wishes = asked.map(|asked| if let Asked::Draw(wish) = asked { wish } else { panic!("{asked:?}") });
        wishes.collect::<Vec<_>>()
    };
    assert!(page.says("Working it out"));
    let first = wishes(&mut page);
    assert_eq!(first.len(), 1, "asked for once");
    page.show(Section::Load, false);
    let second = wishes(&mut page);
    assert_eq!(second.len(), 1);
    // The first one comes last, and is not wanted any more.
    for wish in second.into_iter().chain(first) {
        page.0.state_mut().page.take(wish.work_out());
    }
    page.0.run();
    assert!(page.says("Length and density") && page.says("Plot: ") && !page.says("Working it out"));
    assert_eq!(page.asked(), []);
    // In another order, the table stays until it is there.
    let first = |page: &Page| {
        let rows = page.0.query_all_by_label_contains("Annotator").chain(page.0.query_all_by_label_contains("Tokens"));
        rows.filter_map(|row| row.accesskit_node().label()).find(|label| label.starts_with("Document "))
    };
    let before = first(&page);
    page.click("Sort by Document");
    page.click("Sort by Document, sorted from the smallest");
    let sorted = wishes(&mut page);
    assert_eq!((sorted.len(), first(&page)), (2, before));
    for wish in sorted {
        page.0.state_mut().page.take(wish.work_out());
    }
    page.0.run();
    assert!(first(&page).is_some_and(|row| row.starts_with("Document Note 99,")), "{:?}", first(&page));
    page.click("Document Note 99,");
    assert_eq!(page.documents().1, [99]);
}

#[test]
fn what_is_missing_is_said() {
    let mut page = Page::small(figures(&[]));
    assert!(page.says("There is no document to count"));
    page.click("Save picture…");
    page.click("Save table…");
    assert_eq!(page.asked(), [], "there is nothing to save");
    let bare = Document::new(Text::new("Nothing.").expect("short"), Header::default());
    page = Page::small(figures(&[bare]));
    assert!(page.says("Nothing is marked yet"));
    page = Page::small(figures(&[article(17)]));
    assert!(!page.says("Nothing is marked yet"));
    page.show(Section::Time, false);
    assert!(page.says("No document says when it was published") && page.says("as 2023-05-04 or 2023-05"));
    page.show(Section::Load, false);
    assert!(page.says("One document is neither dense nor sparse"));
}

#[test]
fn a_striking_document_is_a_point_that_leads_to_it() {
    let figures = many();
    let mut page = Page::small(figures.clone());
    page.show(Section::Load, false);
    assert!(page.says("Worth a look ▲ many marks") && page.says("Worth a look ▼ few marks"));
    page.click("Worth a look ▼ few marks");
    assert_eq!(page.documents().1, [31]);
}

/// The window draws with fonts of the system what ours do not have; a saved picture does so, too.
#[test]
fn a_saved_picture_has_the_letters_that_the_window_has() {
    let of_label = |label: &str| {
        let span = span(0, 4);
        let mention = Mention {
            id: Id::new("m1"),
            label: label.into(),
            spans: span,
            entity: None,
            attributes: Default::default(),
            note: Default::default(),
            provenance: Default::default(),
        };
        let text = Text::new("Anna waited.").expect("short");
        figures(&[Document::with_annotations(text, Header::default(), [], [mention], [], [], [])])
    };
    let show = Show::default();
    let schema = builtin("news").expect("ships");
    let boxed = |figures: &Figures| {
        let figure = Figure::of(figures, show);
        picture::png(&figure, "1 document, 1 mark", schema, false, &picture::no_fonts).expect("a picture")
    };
    let lent = |figures: &Figures, ctx: &egui::Context| {
        StatisticsPage::picture(figures, show, schema, ctx).expect("a picture")
    };
    let page = Page::small(many());
    let ctx = &page.0.ctx;
    let plain = of_label("Person");
    assert_eq!(lent(&plain, ctx), boxed(&plain), "our fonts have all of that");
    let is_ours = |c: char| {
        let asked = std::cell::Cell::new(false);
        let lender = |_: &std::collections::BTreeSet<char>| {
            asked.set(true);
            Vec::new()
        };
        let figure = Figure::of(&of_label(&c.to_string()), show);
        picture::png(&figure, "", schema, false, &lender).expect("a picture");
        !asked.get()
    };
    let strange =
        ['╬', '▒', '▟', '⣿', '\u{e0a0}'].into_iter().find(|c| !is_ours(*c)).expect("our fonts have no blocks");
    let strange = of_label(&strange.to_string());
    assert_eq!(lent(&strange, ctx), boxed(&strange), "nobody has it");
    // As the system's fonts are found: by whoever is asked for a character that no font has.
    let hack = egui::FontDefinitions::default().font_data.get("Hack").expect("ships").clone();
    ctx.add_font_provider(Arc::new(move |_: &egui::epaint::text::FallbackRequest<'_>| {
        let data = (*hack).clone();
        Some(egui::epaint::text::FontInsert { name: "blocks".into(), data, families: Vec::new() })
    }));
    let mut page = page;
    page.0.run();
    let ctx = &page.0.ctx;
    assert_ne!(lent(&strange, ctx), boxed(&strange));
    assert_eq!(lent(&plain, ctx), boxed(&plain));
}

#[test]
fn all_pages_are_drawn() {
    let Some(folder) = std::env::var_os("MANICULE_PICTURES") else { return };
    for (size, theme, name) in [
        (vec2(1440.0, 900.0), Theme::Light, "large-light"),
        (vec2(1440.0, 900.0), Theme::Dark, "large-dark"),
        (vec2(1000.0, 700.0), Theme::Light, "small-light"),
        (vec2(1000.0, 700.0), Theme::Dark, "small-dark"),
    ] {
        let mut page = Page::new(size, theme, many());
        for section in Section::iter() {
            for is_second in [false, true] {
                page.show(section, is_second);
                let file = format!("{}-{name}.png", page.0.state().page.shown().file_name());
                let picture = page.0.render().expect("drawn");
                picture.save(std::path::Path::new(&folder).join(file)).expect("the folder is there");
            }
        }
    }
}

#[test]
fn the_page_in_light() {
    Page::new(vec2(1000.0, 700.0), Theme::Light, many()).0.snapshot("statistics_light");
}

#[test]
fn the_page_in_dark() {
    let mut page = Page::new(vec2(1000.0, 700.0), Theme::Dark, many());
    page.show(Section::Speech, true);
    page.0.snapshot("statistics_dark");
}
