//! A window for tests, driven by keys, clicks and accessible names; the only place that builds one.
//!
//! No network, no fonts of the system, no user's folder: everything lives in a temporary folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eframe::App as _;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use manicule::app::App;
use manicule::app::data::DataDir;
use manicule::model::{Document, Id, Kind};

/// Far more than any job takes; a test that needs it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

pub const ARTICLE: &str = "Talks in Paris end\n\nAnna Berg met Bob in Paris on Monday.\n\n\
    \"We will sign the treaty\", said Anna Berg. Bob thanked the mayor.\n";

pub const CTRL: Modifiers = Modifiers::COMMAND;
pub const SHIFT: Modifiers = Modifiers::SHIFT;
pub const NONE: Modifiers = Modifiers::NONE;

/// A folder with the articles and the data of one imagined user.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("the folder is there").join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("the folder can be written");
        path
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("the file is there")
    }

    /// A window on the welcome screen.
    pub fn window(&self) -> Window {
        self.window_on(None, Storage::default())
    }

    /// A window that opens this file of the folder.
    pub fn open(&self, name: &str) -> Window {
        self.window_on(Some(self.path(name)), Storage::default())
    }

    /// A window on an article of this text.
    pub fn article(&self, text: &str) -> Window {
        self.write("article.txt", text);
        self.open("article.txt")
    }

    /// A window with the settings of an earlier one.
    pub fn window_on(&self, file: Option<PathBuf>, storage: Storage) -> Window {
        Window::new(vec2(1280.0, 1000.0), egui::Theme::Light, self.path("data"), file, storage)
    }

    /// A window of this size and theme on the welcome screen, for pictures.
    pub fn window_of(&self, size: egui::Vec2, theme: egui::Theme) -> Window {
        Window::new(size, theme, self.path("data"), None, Storage::default())
    }
}

/// The settings, in memory.
#[derive(Default)]
pub struct Storage(HashMap<String, String>);

impl eframe::Storage for Storage {
    fn get_string(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn set_string(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    fn remove_string(&mut self, key: &str) {
        self.0.remove(key);
    }

    fn flush(&mut self) {}
}

/// A window and what can be done in it. Everything returns when the window has come to rest.
pub struct Window {
    pub harness: Harness<'static, App>,
    /// Input events so far: a key with what is held with it, a click, a double-click, a typed character are one each.
    pub inputs: usize,
    /// A job hangs, and nothing waits until all have ended.
    pub hangs: bool,
}

impl Window {
    fn new(size: egui::Vec2, theme: egui::Theme, data: PathBuf, file: Option<PathBuf>, storage: Storage) -> Self {
        let builder = Harness::builder()
            .with_size(size)
            .with_theme(theme)
            .with_step_dt(1.0 / 60.0)
            .with_max_steps(60)
            .with_os(egui::os::OperatingSystem::Nix)
            .with_render_cursor(false);
        let harness = builder.build_eframe(move |cc| {
            // Lives as long as the context of creation claims to.
            cc.storage = Some(Box::leak(Box::new(storage)));
            App::new(cc, DataDir::at(data), file)
        });
        let mut window = Self { harness, inputs: 0, hangs: false };
        window.settle();
        window
    }

    /// Lets frames pass until nothing moves, no job runs, and the journal is on disk.
    pub fn settle(&mut self) {
        let begun = Instant::now();
        loop {
            self.harness.run();
            if self.hangs || self.harness.state().is_idle() {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "a job does not end");
            std::thread::yield_now();
        }
        // What ended after the last frame is shown now.
        self.harness.run();
    }

    /// Settings as they are kept when the window closes. The window goes away without saving, as if killed.
    pub fn kill(self) -> Storage {
        let mut storage = Storage::default();
        self.harness.into_state().save(&mut storage);
        storage
    }

    // --- keys --------------------------------------------------------------------------------------------------

    pub fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.press_times(modifiers, key, 1);
    }

    pub fn key(&mut self, key: Key) {
        self.press(NONE, key);
    }

    fn press_times(&mut self, modifiers: Modifiers, key: Key, times: usize) {
        self.press_at_once(std::iter::repeat_n((modifiers, key), times));
    }

    /// Presses keys within one frame, as a slow machine gets them.
    pub fn press_at_once(&mut self, keys: impl IntoIterator<Item = (Modifiers, Key)>) {
        self.push_keys(keys);
        self.harness.step();
        self.settle();
    }

    /// Presses keys in the next frame, whenever that comes.
    pub fn push_keys(&mut self, keys: impl IntoIterator<Item = (Modifiers, Key)>) {
        let events = &mut self.harness.input_mut().events;
        for (modifiers, key) in keys {
            self.inputs += 1;
            let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
            events.push(Event::ModifiersChanged(modifiers));
            events.extend([event(true), event(false)]);
            events.push(Event::ModifiersChanged(NONE));
        }
    }

    /// Text as the keyboard types it.
    pub fn type_text(&mut self, text: &str) {
        self.inputs += text.chars().count();
        self.harness.event(Event::Text(text.to_owned()));
        self.settle();
    }

    /// Selects words by the keyboard: the part in brackets, or all of `pattern`, where it occurs first.
    pub fn select(&mut self, pattern: &str) {
        let (plain, from, to) = match (pattern.find('['), pattern.find(']')) {
            (Some(from), Some(to)) => (pattern.replace(['[', ']'], ""), from, to - 1),
            _ => (pattern.to_owned(), 0, pattern.len()),
        };
        let text = self.document().text().clone();
        let at = text.as_str().find(&plain).unwrap_or_else(|| panic!("the text has no {plain:?}"));
        let before = text.tokens().iter().filter(|token| token.start.to_usize() < at + from).count();
        let within = text.tokens().iter().filter(|token| (at + from..at + to).contains(&token.start.to_usize()));
        let within = within.count();
        self.press(CTRL, Key::Home);
        self.press_times(NONE, Key::ArrowRight, before);
        self.press_times(SHIFT, Key::ArrowRight, within);
    }

    /// Selects words and presses the key of a label; capitals are typed with Shift.
    pub fn mark(&mut self, pattern: &str, key: char) -> Id {
        let known: Vec<Id> = self.ids();
        self.select(pattern);
        self.letter(key);
        let new: Vec<Id> = self.ids().into_iter().filter(|id| !known.contains(id)).collect();
        match new.as_slice() {
            [id] => id.clone(),
            _ => panic!("{key} on {pattern:?} made {new:?}; the window says {:?}", self.labels()),
        }
    }

    /// Selects what was said and takes the quote as it is proposed.
    pub fn quote(&mut self, pattern: &str) -> Id {
        let known: Vec<Id> = self.ids();
        self.select(pattern);
        self.letter('q');
        self.key(Key::Enter);
        let new: Vec<Id> = self.ids().into_iter().filter(|id| id.as_str().starts_with('q')).collect();
        let made = new.into_iter().find(|id| !known.contains(id));
        made.unwrap_or_else(|| panic!("no quote was made; the window says {:?}", self.labels()))
    }

    pub fn letter(&mut self, key: char) {
        let modifiers = if key.is_uppercase() { SHIFT } else { NONE };
        self.press(modifiers, Key::from_name(&key.to_uppercase().to_string()).expect("a key"));
    }

    // --- what is shown -----------------------------------------------------------------------------------------

    pub fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
            || self.harness.query_all_by_value(label).next().is_some()
    }

    pub fn shows_part(&self, label: &str) -> bool {
        self.harness.query_all_by_label_contains(label).next().is_some()
            || self.texts().iter().any(|value| value.contains(label))
    }

    #[track_caller]
    pub fn expect(&self, label: &str) {
        assert!(self.shows(label), "the window does not show {label:?} but {:?}", self.labels());
    }

    #[track_caller]
    pub fn expect_part(&self, label: &str) {
        assert!(self.shows_part(label), "the window does not show {label:?} but {:?}", self.labels());
    }

    #[track_caller]
    pub fn expect_not(&self, label: &str) {
        assert!(!self.shows(label), "the window shows {label:?}");
    }

    fn all(&self) -> impl Iterator<Item = Node<'_>> {
        self.harness.query_all(egui_kittest::kittest::By::new().predicate(|_| true))
    }

    /// Every accessible name, for messages.
    pub fn labels(&self) -> Vec<String> {
        self.all().filter_map(|node| node.accesskit_node().label()).chain(self.texts()).collect()
    }

    /// Every accessible value: texts of labels and fields.
    pub fn texts(&self) -> Vec<String> {
        self.all().filter_map(|node| node.value()).collect()
    }

    /// The accessible name of what has the keyboard, or its value.
    #[allow(dead_code)] // Not used by the counts.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough over lifetimes")]
    pub fn focused(&self) -> String {
        let nodes = self.harness.query_all(egui_kittest::kittest::By::new().predicate(|node| node.is_focused()));
        let name = |node: Node<'_>| node.accesskit_node().label().or_else(|| node.accesskit_node().value());
        nodes.filter_map(name).collect::<Vec<String>>().join(" and ")
    }

    /// The key that an entry of a menu shows.
    #[allow(dead_code)] // Not used by the counts.
    pub fn key_of(&self, label: &str) -> Option<String> {
        let entry = self.harness.query_all_by_role_and_label(Role::Button, label).last()?;
        entry.accesskit_node().data().keyboard_shortcut().map(str::to_owned)
    }

    pub fn is_selected(&self, label: &str) -> bool {
        self.harness.get_by_role_and_label(Role::Mark, label).accesskit_node().is_selected() == Some(true)
    }

    // --- the pointer -------------------------------------------------------------------------------------------

    /// Clicks what has this name.
    #[track_caller]
    pub fn click(&mut self, label: &str) {
        self.expect(label);
        self.inputs += 1;
        self.harness.get_by_label(label).click();
        self.settle();
        self.harness.remove_cursor();
        self.rest();
    }

    /// Clicks the button of this name; labels and values of the same name do not count.
    #[track_caller]
    pub fn click_button(&mut self, label: &str) {
        self.click_role(Role::Button, label);
    }

    #[track_caller]
    pub fn click_role(&mut self, role: Role, label: &str) {
        self.expect(label);
        self.harness.get_by_role_and_label(role, label).scroll_to_me();
        self.settle();
        self.inputs += 1;
        self.harness.get_by_role_and_label(role, label).click();
        self.settle();
        self.harness.remove_cursor();
        self.rest();
    }

    /// Clicks the first thing of this role and name.
    #[track_caller]
    pub fn click_first(&mut self, role: Role, label: &str) {
        self.expect(label);
        self.inputs += 1;
        self.harness.query_all_by_role_and_label(role, label).next().expect("just seen").click();
        self.settle();
        self.harness.remove_cursor();
        self.rest();
    }

    /// Chooses in a combo box.
    #[track_caller]
    pub fn choose(&mut self, combo: &str, choice: &str) {
        self.click_role(Role::ComboBox, combo);
        self.click_last(choice);
    }

    /// Clicks the last thing of this name: what opened last lies on top.
    #[track_caller]
    pub fn click_last(&mut self, label: &str) {
        self.expect(label);
        self.harness.query_all_by_label(label).last().expect("just seen").scroll_to_me();
        self.settle();
        self.inputs += 1;
        self.harness.query_all_by_label(label).last().expect("just seen").click();
        self.settle();
        self.harness.remove_cursor();
        self.rest();
    }

    /// Clicks a command in a menu.
    #[track_caller]
    pub fn menu(&mut self, menu: &str, command: &str) {
        self.click_button(menu);
        self.click_part(command);
    }

    /// Clicks the last thing whose name contains this; names of menu items end with their keys.
    #[track_caller]
    pub fn click_part(&mut self, part: &str) {
        self.expect_part(part);
        self.inputs += 1;
        self.harness.query_all_by_label_contains(part).last().expect("just seen").click();
        self.settle();
        self.harness.remove_cursor();
        self.rest();
    }

    #[allow(dead_code)] // Used by the counts.
    pub fn click_at(&mut self, pos: Pos2) {
        self.press_pointer(pos, &[true, false]);
    }

    pub fn double_click(&mut self, pos: Pos2) {
        self.press_pointer(pos, &[true, false, true, false]);
    }

    /// Presses and lets go of the pointer's button at a place.
    fn press_pointer(&mut self, pos: Pos2, presses: &[bool]) {
        let button =
            |pressed| Event::PointerButton { pos, button: egui::PointerButton::Primary, pressed, modifiers: NONE };
        self.inputs += 1;
        self.harness.event(Event::PointerMoved(pos));
        for pressed in presses {
            self.harness.event(button(*pressed));
        }
        self.settle();
        self.harness.remove_cursor();
        self.rest();
    }

    /// Lets enough of the window's time pass that two clicks are not a double-click.
    fn rest(&mut self) {
        let later = self.harness.ctx.input(|input| input.time) + 0.5;
        self.harness.input_mut().time = Some(later);
        self.harness.step();
        self.harness.input_mut().time = None;
        self.settle();
    }

    /// Lets so many seconds of the window's time pass, and everything happen that waits for them.
    #[allow(dead_code)] // Not used by the counts.
    pub fn pass(&mut self, secs: f64) {
        let later = self.harness.ctx.input(|input| input.time) + secs;
        self.harness.input_mut().time = Some(later);
        self.harness.step();
        self.harness.input_mut().time = None;
        self.settle();
    }

    /// Lets frames pass until something is shown, whatever else goes on.
    #[allow(dead_code)] // Not used by the counts.
    #[track_caller]
    pub fn wait_for(&mut self, part: &str) {
        let begun = Instant::now();
        while !self.shows_part(part) {
            assert!(begun.elapsed() < PATIENCE, "{part:?} is not shown but {:?}", self.labels());
            self.harness.run();
            std::thread::yield_now();
        }
    }

    /// What the title bar says.
    #[allow(dead_code)] // Not used by the counts.
    pub fn title(&self) -> String {
        self.harness.state().window_title().to_owned()
    }

    /// Types a path into our own file dialog, and presses its button.
    #[allow(dead_code)] // Not used by the counts.
    pub fn choose_path(&mut self, path: &Path, button: &str) {
        self.wait_for("Name or path");
        self.click_role(Role::TextInput, "Name or path");
        self.press(CTRL, Key::A);
        self.type_text(&path.display().to_string());
        self.click_button(button);
    }

    /// Drops a file on the window.
    pub fn drop_file(&mut self, path: PathBuf) {
        self.harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path)));
        self.settle();
    }

    // --- the document ------------------------------------------------------------------------------------------

    #[track_caller]
    pub fn document(&self) -> &Document {
        match self.harness.state().document() {
            Some(document) => document,
            None => panic!("no document is open; the window shows {:?}", self.labels()),
        }
    }

    fn ids(&self) -> Vec<Id> {
        let d = self.document();
        (d.mentions().keys())
            .chain(d.events().keys())
            .chain(d.quotes().keys())
            .chain(d.relations().keys())
            .cloned()
            .collect()
    }

    /// Mentions as `Person: Anna`, in the order of their ids.
    pub fn mentions(&self) -> Vec<String> {
        let d = self.document();
        d.mentions().values().map(|m| format!("{}: {}", m.label, d.excerpt_of(&m.id))).collect()
    }

    pub fn words(&self, id: &Id) -> String {
        self.document().excerpt_of(id)
    }

    /// What fills the roles of an event or quote, as `Actor: Anna`.
    pub fn roles(&self, id: &Id) -> Vec<String> {
        let d = self.document();
        manicule::edit::arguments_of(d, id)
            .iter()
            .map(|a| format!("{}: {}", a.role, manicule::app::filling::filler_text(d, &a.filler)))
            .collect()
    }

    pub fn exists(&self, id: &Id) -> bool {
        self.document().kind_of(id).is_some()
    }

    pub fn kind(&self, id: &Id) -> Option<Kind> {
        self.document().kind_of(id)
    }
}

/// A file that is dropped on the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// The sample that ships, with its annotation or without.
pub fn seed(extension: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("seeds/000_1a5c9ff20c0ee09c.{extension}"))
}
