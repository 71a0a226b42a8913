//! The sample, marked from nothing to its gold file by keyboard alone.

use std::collections::BTreeMap;

use egui::Key;
use manicule::app::filling::{legal_relations, slots};
use manicule::edit::arguments_of;
use manicule::formats::native::NativeRon;
use manicule::formats::{Format as _, Input};
use manicule::model::schema::{AttributeKind, KeyTable, RESERVED_LETTERS, builtin};
use manicule::model::{Attributes, Document, Filler, Id, Kind, Quote, Status};

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
            let shown = name.replace('_', " ");
            match kind {
                AttributeKind::Choice => {
                    for value in value.texts() {
                        self.window.set(&format!("{shown}: {value}"));
                    }
                }
                AttributeKind::Flag => self.window.set(&shown),
                AttributeKind::Text => self.window.fill_field(&format!("{shown}…"), &value.texts().join(", ")),
            }
        }
        self.spend("attributes");
    }

    fn note(&mut self, note: Option<&String>) {
        if let Some(note) = note {
            self.window.fill_field("Note…", note);
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
        let is_first = self.gold.first_mention_of(&entity.id).is_some_and(|m| &m.id == mention);
        if !is_first {
            self.window.press(CTRL, Key::J);
            self.window.find(&format!("Join to {}", entity.name), &entity.name.to_lowercase());
            self.spend("joining");
            return;
        }
        self.window.press(CTRL.plus(SHIFT), Key::J);
        let made = self.window.document().mentions()[mention].entity.clone().expect("made");
        let own = self.window.document().entities()[&made].clone();
        if own.name != entity.name {
            self.window.fill_field("Name…", &entity.name);
        }
        if !entity.aliases.is_empty() {
            self.window.fill_field("Aliases…", &entity.aliases.join("; "));
        }
        if let Some(link) = &entity.link {
            self.window.fill_field("Identifier…", link);
        }
        if own.r#type != entity.r#type {
            self.window.set(&format!("Entity type: {}", entity.r#type));
        }
        if entity.note.is_some() {
            self.window.set("Go to the entity");
            self.note(entity.note.as_ref());
        }
        self.spend("entities");
    }

    fn events(&mut self) {
        for event in self.gold.events().clone().values() {
            self.window.select_spans(&event.trigger);
            self.window.letter(self.label_key(Kind::Event, &event.r#type));
            self.is_new(&event.id);
            self.spend("events");
            self.roles(&event.id);
            if self.window.asked().is_some() {
                self.window.key(Key::Enter);
            }
            self.spend("arguments");
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
                    self.window.set("Remove the cue");
                }
                self.window.set("Fill Cue");
                self.window.select_spans(cue);
                self.window.key(Key::Enter);
                self.window.key(Key::Enter);
            }
            self.spend("quotes");
            self.attributes(&quote.attributes);
            self.note(quote.note.as_ref());
            self.roles(&quote.id);
            if self.window.asked().is_some() {
                self.window.key(Key::Enter);
            }
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
            self.window.set(&format!("Kind: {}", quote.kind));
        }
    }

    /// Fills the roles of the selected event or quote, as far as their fillers are there; leaves the last one open.
    fn roles(&mut self, owner: &Id) {
        let have = arguments_of(self.window.document(), owner).len();
        for argument in arguments_of(&self.gold, owner).into_iter().skip(have) {
            if argument.filler.target().is_some_and(|id| !self.window.exists(id)) {
                break;
            }
            self.ask(owner, &argument.role);
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
        }
    }

    /// Comes to a role: goes on to it where it comes next, else finds it.
    fn ask(&mut self, owner: &Id, role: &str) {
        if self.window.asked().is_none() {
            self.window.key(Key::Comma);
        }
        let slots: Vec<String> = self.slots(owner);
        let place = |name: &str| slots.iter().position(|slot| slot == name);
        let at = self.window.asked().and_then(|asked| place(&asked));
        match at.zip(place(role)) {
            Some((at, to)) if (at..at + 5).contains(&to) => (at..to).for_each(|_| self.window.key(Key::Space)),
            _ => self.window.set(&format!("Fill {role}")),
        }
        assert_eq!(self.window.asked().as_deref(), Some(role));
    }

    /// The slots of an event or quote in the order in which they are asked for.
    fn slots(&self, owner: &Id) -> Vec<String> {
        let schema = builtin("news").expect("ships");
        slots(self.window.document(), schema, owner).iter().map(|slot| slot.name().to_owned()).collect()
    }

    /// What could not be filled before: with events that come later, and with claims in quotes.
    fn arguments(&mut self) {
        for event in self.gold.events().clone().values() {
            let have = self.window.document().events()[&event.id].clone();
            if have.arguments.len() == event.arguments.len() && have.claimed_in == event.claimed_in {
                continue;
            }
            self.window.pick(&event.id);
            self.roles(&event.id);
            if self.window.asked().is_some() {
                self.window.key(Key::Enter);
            }
            self.spend("arguments");
            if have.claimed_in != event.claimed_in {
                let words = self.window.words(event.claimed_in.as_ref().expect("nothing is claimed that was not"));
                self.window.set(&format!("Claimed in: {words}"));
                self.spend("claims");
            }
        }
    }

    fn relations(&mut self) {
        for relation in self.gold.relations().clone().values() {
            self.window.pick(&relation.from);
            self.window.letter('r');
            self.window.hint(&relation.to);
            if !self.window.exists(&relation.id) {
                let schema = builtin("news").expect("ships");
                let legal = legal_relations(self.window.document(), schema, &relation.from, &relation.to);
                let nth = legal.iter().position(|label| *label == relation.label).expect("legal") + 1;
                assert!(nth < 10, "a digit for each");
                self.window.letter(char::from_digit(nth as u32, 10).expect("a digit"));
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
            self.window.fill_field("Title…", &m.title);
        }
        for (name, text) in [("Source…", m.source), ("Published…", m.published), ("Language…", m.language)] {
            if let Some(text) = text {
                self.window.fill_field(name, &text);
            }
        }
        if let Some(name) = header.annotator {
            self.window.fill_field("Annotator…", &name);
        }
        for (group, values) in &header.labels {
            for value in values {
                self.window.set(&format!("{group}: {value}"));
            }
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
fn the_sample_is_marked_from_nothing_to_its_gold_file_by_keyboard() {
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
