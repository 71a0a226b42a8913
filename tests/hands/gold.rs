//! The sample, marked from nothing to its gold file through the window alone.

use std::collections::BTreeMap;

use egui::Key;
use egui::accesskit::Role;
use manicule::edit::arguments_of;
use manicule::formats::native::NativeRon;
use manicule::formats::{Format as _, Input};
use manicule::model::schema::{AttributeKind, KeyTable, RESERVED_LETTERS, builtin};
use manicule::model::{AttributeValue, Attributes, Document, Filler, Id, Kind, Quote, Status};

use crate::common::{CTRL, Desk, SHIFT, Window, seed};

/// What is to be reached, and the window in which it is made.
struct Work {
    gold: Document,
    keys: KeyTable,
    window: Window,
    /// Input events by what they were for.
    spent: BTreeMap<&'static str, usize>,
    before: usize,
}

impl Work {
    fn spend(&mut self, on: &'static str) {
        *self.spent.entry(on).or_default() += self.window.inputs - self.before;
        self.before = self.window.inputs;
    }

    fn label_key(&self, kind: Kind, label: &str) -> char {
        self.keys.key_of(kind, label).unwrap_or_else(|| panic!("{label} has no key"))
    }

    fn is_new(&self, id: &Id) {
        assert_eq!(self.window.harness.state().selected(), Some(id), "the window says {:?}", self.window.labels());
    }

    /// Sets attributes of the selected annotation.
    fn attributes(&mut self, attributes: &Attributes) {
        let schema = builtin("news").expect("ships");
        for (name, value) in attributes {
            let kind = schema.attributes.iter().find(|a| &a.name == name).expect("known").kind;
            match (kind, value) {
                (AttributeKind::Choice, AttributeValue::Text(value)) => self.window.choose(name, value),
                (AttributeKind::Choice, AttributeValue::List(values)) => {
                    self.window.click_role(Role::ComboBox, name);
                    for value in values {
                        self.window.click_role(Role::CheckBox, value);
                    }
                    self.window.key(Key::Escape);
                }
                (AttributeKind::Flag, _) => self.window.click_role(Role::CheckBox, name),
                (_, value) => self.window.fill_field(Role::TextInput, name, &value.texts().join(", ")),
            }
        }
        self.spend("attributes");
    }

    fn note(&mut self, note: Option<&String>) {
        if let Some(note) = note {
            self.window.fill_field(Role::MultilineTextInput, "Note", note);
            self.spend("notes");
        }
    }

    fn mentions(&mut self) {
        for m in self.gold.mentions().clone().values() {
            self.window.select_spans(&m.spans);
            self.window.letter(self.label_key(Kind::Mention, &m.label));
            self.spend("mentions");
            self.is_new(&m.id);
            self.attributes(&m.attributes);
            self.note(m.note.as_ref());
            self.entity_of(&m.id, m.entity.as_ref());
        }
    }

    /// Joins the selected mention to its entity, which is made with its first mention.
    fn entity_of(&mut self, mention: &Id, entity: Option<&Id>) {
        let Some(entity) = entity.and_then(|id| self.gold.entities().get(id)).cloned() else { return };
        let is_first = self.gold.mentions_of(&entity.id).first().is_some_and(|m| &m.id == mention);
        if !is_first {
            self.window.press(CTRL, Key::J);
            self.window.type_text(&entity.name);
            self.window.click_role(Role::Button, &format!("Join to {}", entity.name));
            self.spend("joining");
            return;
        }
        self.window.click_button("New entity");
        let made = self.window.document().mentions()[mention].entity.clone().expect("made");
        let own = self.window.document().entities()[&made].clone();
        if own.name != entity.name {
            self.window.fill_field(Role::TextInput, "Name", &entity.name);
        }
        if !entity.aliases.is_empty() {
            self.window.fill_field(Role::TextInput, "Aliases", &entity.aliases.join("; "));
        }
        if let Some(link) = &entity.link {
            self.window.fill_field(Role::TextInput, "Identifier", link);
        }
        if own.r#type != entity.r#type || entity.note.is_some() {
            self.window.click_button(&format!("Go to {}: {}", own.r#type, entity.name));
            if own.r#type != entity.r#type {
                self.window.choose("Type", &entity.r#type);
            }
            self.note(entity.note.as_ref());
        }
        self.spend("entities");
    }

    fn events(&mut self) {
        for event in self.gold.events().clone().values() {
            self.window.select_spans(&event.trigger);
            self.window.letter(self.label_key(Kind::Event, &event.r#type));
            self.is_new(&event.id);
            // The roles come when all that may fill them is there.
            self.window.key(Key::Enter);
            self.spend("events");
            self.attributes(&event.attributes);
            self.note(event.note.as_ref());
        }
    }

    fn quotes(&mut self) {
        for quote in self.gold.quotes().clone().values() {
            self.window.select_spans(&quote.content);
            self.window.letter('q');
            // What was found is taken without its speaker, who comes with the other roles.
            self.window.key(Key::Space);
            self.is_new(&quote.id);
            self.content_of(quote);
            self.kind_of(quote);
            let found = self.window.document().quotes()[&quote.id].cue.clone();
            if let Some(cue) = &quote.cue
                && found.as_ref() != Some(cue)
            {
                if found.is_some() {
                    self.window.click_button("Remove the cue");
                }
                self.window.click_button("Fill Cue");
                self.window.select_spans(cue);
                self.window.key(Key::Enter);
                self.window.key(Key::Enter);
            }
            self.spend("quotes");
            self.attributes(&quote.attributes);
            self.note(quote.note.as_ref());
            self.roles(&quote.id);
            self.spend("quotes");
        }
    }

    /// Where the finder proposed other words than were selected, makes the quote of the selected ones.
    fn content_of(&mut self, quote: &Quote) {
        let made = &self.window.document().quotes()[&quote.id].content;
        assert_eq!(made, &quote.content, "another content was proposed");
    }

    fn kind_of(&mut self, quote: &Quote) {
        if self.window.document().quotes()[&quote.id].kind != quote.kind {
            self.window.choose("Kind", &quote.kind);
        }
    }

    /// Fills the roles of the selected event or quote.
    fn roles(&mut self, owner: &Id) {
        for argument in arguments_of(&self.gold, owner) {
            self.window.click_button(&format!("Fill {}", argument.role));
            match &argument.filler {
                Filler::Mention(id) | Filler::Event(id) => self.window.hint(id),
                Filler::Span(spans) => {
                    self.window.select_spans(spans);
                    self.window.key(Key::Enter);
                }
                Filler::Implicit(words) => {
                    self.window.letter('i');
                    self.window.type_text(words);
                    self.window.key(Key::Enter);
                }
            }
            self.window.key(Key::Enter);
        }
    }

    fn arguments(&mut self) {
        for event in self.gold.events().clone().values() {
            self.window.pick(&event.id);
            self.roles(&event.id);
            self.spend("arguments");
            let claimed = &self.window.document().events()[&event.id].claimed_in;
            if claimed != &event.claimed_in {
                self.claim(event.claimed_in.as_ref());
                self.spend("claims");
            }
        }
    }

    /// Says in which quote the selected event is claimed.
    fn claim(&mut self, quote: Option<&Id>) {
        let Some(quote) = quote else {
            self.window.choose("Claimed in", "–");
            return;
        };
        let words = self.window.words(quote);
        let short: String = words.chars().take(36).collect();
        self.window.choose("Claimed in", &if short == words { words } else { format!("{short}…") });
    }

    fn relations(&mut self) {
        for relation in self.gold.relations().clone().values() {
            self.window.pick(&relation.from);
            self.window.letter('r');
            self.window.hint(&relation.to);
            if !self.window.exists(&relation.id) {
                self.window.click_part(&relation.label);
            }
            self.spend("relations");
            assert_eq!(self.window.document().relations()[&relation.id].label, relation.label);
        }
    }

    fn header(&mut self) {
        let header = self.gold.header().clone();
        self.window.key(Key::Escape);
        self.window.key(Key::Escape);
        let m = header.metadata;
        if self.window.document().header().metadata.title != m.title {
            self.window.fill_field(Role::TextInput, "Title", &m.title);
        }
        for (name, text) in [("Source", m.source), ("Published", m.published), ("Language", m.language)] {
            if let Some(text) = text {
                self.window.fill_field(Role::TextInput, name, &text);
            }
        }
        if let Some(name) = header.annotator {
            self.window.fill_field(Role::TextInput, "Annotator", &name);
        }
        for (group, values) in &header.labels {
            self.window.click_role(Role::ComboBox, group);
            for value in values {
                self.window.click_role(Role::CheckBox, value);
            }
            self.window.key(Key::Escape);
        }
        self.note(header.note.as_ref());
        assert_eq!(header.status, Status::Done);
        self.window.press(CTRL, Key::Enter);
        self.spend("document");
    }
}

/// A native file without what only says when and by whom each annotation was made.
fn without_provenance(mut file: String) -> String {
    const BEGIN: &str = ", provenance: (";
    while let Some(at) = file.find(BEGIN) {
        let end = file[at..].find("\"))").map(|n| at + n + 3).expect("closed");
        file.replace_range(at..end, "");
    }
    file
}

#[test]
fn the_sample_is_marked_from_nothing_to_its_gold_file_through_the_window() {
    let bytes = std::fs::read(seed("ron")).expect("ships");
    let gold = NativeRon.read(&Input::of_bytes(&bytes)).expect("opens").remove(0).document;
    let desk = Desk::new();
    desk.write("000_1a5c9ff20c0ee09c.txt", std::fs::read(seed("txt")).expect("ships"));
    let window = desk.open("000_1a5c9ff20c0ee09c.txt");
    let keys = KeyTable::new(builtin("news").expect("ships"), RESERVED_LETTERS);
    let mut work = Work { gold, keys, window, spent: BTreeMap::new(), before: 0 };
    // Marked by hand, as if nothing were proposed.
    work.window.press(CTRL.plus(SHIFT), Key::G);
    work.mentions();
    work.events();
    work.quotes();
    work.arguments();
    work.relations();
    work.header();
    work.window.press(CTRL, Key::S);
    work.spend("document");

    let made = without_provenance(desk.read("000_1a5c9ff20c0ee09c.ron"));
    let wanted = String::from_utf8(bytes).expect("UTF-8");
    let differing: Vec<_> = made.lines().zip(wanted.lines()).filter(|(made, wanted)| made != wanted).collect();
    assert!(made == wanted, "{} lines differ: {:#?}", differing.len(), differing.iter().take(5).collect::<Vec<_>>());

    let gold = &work.gold;
    let annotations = gold.mentions().len() + gold.events().len() + gold.quotes().len() + gold.relations().len();
    println!("| the sample, {annotations} annotations | input events |\n|---|---|");
    for (what, events) in &work.spent {
        println!("| {what} | {events} |");
    }
    let total = work.window.inputs;
    println!("| all | {total}: {:.1} an annotation |", total as f32 / annotations as f32);
}
