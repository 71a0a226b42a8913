//! The program's window without a display: every frame is one of the real one, up to the list of shapes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::App as _;
use egui::{Context, Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, Rect, TouchPhase, vec2};
use manicule::app::App;
use manicule::app::data::DataDir;
use manicule::canvas::Reader;

use crate::figures::{Figures, millis, on_processor};

const PATIENCE: Duration = Duration::from_secs(300);
/// In longer texts suggestions are off: they take a thread minutes, and everything here waits until nothing runs.
const MOST_SUGGESTED: usize = 5_000_000;
/// Enough that one in a hundred is more than the slowest, and no more than the words of the shortest article.
const EDITS: usize = 200;
const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
/// In the middle of the article.
const ARTICLE: Pos2 = Pos2::new(600.0, 450.0);

pub struct Window {
    ctx: Context,
    app: App,
    frame: eframe::Frame,
    begun: Instant,
    time: f64,
    data: PathBuf,
    /// What is dropped on the window in the next frame.
    dropped: Option<PathBuf>,
    /// The longest frame since that was asked for.
    longest: f64,
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

impl Window {
    /// Opens `first.ron` of the folder, and in the running program then `article.ron`, which is of another length.
    pub fn open(folder: &Path, figures: &mut Figures) -> Self {
        let ctx = Context::default();
        let data = folder.join("data");
        let creation = eframe::CreationContext::_new_kittest(ctx.clone());
        let app = App::new(&creation, DataDir::at(data.clone()), Some(folder.join("first.ron")));
        let frame = eframe::Frame::_new_kittest();
        let begun = Instant::now();
        let mut window = Self { ctx, app, frame, begun, time: 0.0, data, dropped: None, longest: 0.0 };
        window.wait(|app| app.document().is_some() && app.read_only().is_none() && app.is_idle());
        window.longest = 0.0;
        let length = |app: &App| app.document().map_or(0, |document| document.text().as_str().len());
        let first = length(&window.app);
        let begun = Instant::now();
        window.dropped = Some(folder.join("article.ron"));
        window.wait(|app| ![0, first].contains(&length(app)));
        // The frame that took the document has not painted it.
        window.run(Vec::new());
        figures.put("open: text shown, ms", millis(begun.elapsed()));
        window.wait(|app| app.read_only().is_none());
        figures.put("open: annotations complete, ms", millis(begun.elapsed()));
        if length(&window.app) > MOST_SUGGESTED {
            window.key(CTRL | SHIFT, Key::G);
        }
        window.wait(App::is_idle);
        figures.put("open: all at rest, ms", millis(begun.elapsed()));
        figures.put("open: longest frame, ms", window.longest);
        figures.put("memory when opened, MB", crate::figures::memory("VmRSS:"));
        window.key(NONE, Key::Escape);
        window
    }

    /// One frame; gives what it cost.
    fn run(&mut self, events: Vec<Event>) -> f64 {
        self.time += 1.0 / 60.0;
        let raw = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
            time: Some(self.time),
            focused: true,
            events,
            dropped_files: self.dropped.take().into_iter().map(|path| Arc::new(Dropped(path)) as _).collect(),
            ..Default::default()
        };
        let before = on_processor(self.begun);
        let (app, frame) = (&mut self.app, &mut self.frame);
        let output = self.ctx.run_ui(raw, |ui| {
            let ctx = ui.ctx().clone();
            app.logic(&ctx, frame);
            app.ui(ui, frame);
        });
        output.drop_without_applying_deltas();
        let cost = on_processor(self.begun) - before;
        self.longest = self.longest.max(cost);
        cost
    }

    /// Frames until something is so.
    fn wait(&mut self, is_so: impl Fn(&App) -> bool) {
        let begun = Instant::now();
        while !is_so(&self.app) {
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            self.run(Vec::new());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// A key: the frame that takes it and the one that shows all of it.
    fn key(&mut self, modifiers: Modifiers, key: Key) -> f64 {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.run(vec![Event::ModifiersChanged(modifiers), event(true), event(false), Event::ModifiersChanged(NONE)])
    }

    /// The caret by words, rows and pages.
    pub fn move_about(&mut self, figures: &mut Figures) {
        self.key(NONE, Key::Escape);
        self.key(CTRL, Key::Home);
        let frames = (0..100).map(|i| self.key(NONE, if i % 4 == 3 { Key::ArrowDown } else { Key::ArrowRight }));
        let frames = frames.collect();
        figures.put_frames("key: move, ms", frames);
        let frames = (0..100).map(|_| self.key(NONE, Key::PageDown)).collect();
        figures.put_frames("key: Page Down, ms", frames);
        let frames = (0..20).map(|i| self.key(CTRL, if i % 2 == 0 { Key::End } else { Key::Home })).collect();
        figures.put_frames("key: to the end and back, ms", frames);
    }

    /// Marks a word, takes it back, deletes.
    pub fn edit(&mut self, figures: &mut Figures) {
        self.wait(App::is_idle);
        // Into the midst of a long article; a short one has room for all edits from its beginning only.
        for key in [Key::PageDown; 40].into_iter().chain([Key::PageUp; 20]) {
            self.key(NONE, key);
        }
        self.key(SHIFT, Key::ArrowRight);
        self.key(NONE, Key::P);
        self.wait(App::is_idle);
        let size = self.journal();
        let (mut marks, mut undone, mut shown) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..EDITS {
            self.key(NONE, Key::ArrowRight);
            self.key(SHIFT, Key::ArrowRight);
            marks.push(self.key(NONE, Key::P));
            shown.push(self.run(Vec::new()));
            undone.push(self.key(CTRL, Key::Z));
            self.run(Vec::new());
            self.key(NONE, Key::Escape);
        }
        figures.put_frames("key: mark, ms", marks);
        figures.put_frames("frame after a mark, ms", shown);
        figures.put_frames("key: undo, ms", undone);
        self.longest = 0.0;
        let begun = Instant::now();
        self.wait(App::is_idle);
        figures.put("suggestions after an edit, ms", millis(begun.elapsed()));
        figures.put("suggestions after an edit: longest frame, ms", self.longest);
        figures.put("journal, bytes an edit", (self.journal() - size).max(0.0) / (2.0 * EDITS as f64));
    }

    /// Bytes of the journals.
    fn journal(&self) -> f64 {
        let Ok(files) = std::fs::read_dir(self.data.join("journals")) else { return 0.0 };
        let journals = files.flatten().filter(|file| file.path().extension().is_some_and(|ext| ext == "journal"));
        journals.filter_map(|file| Some(file.metadata().ok()?.len())).sum::<u64>() as f64
    }

    /// The wheel, and the bar to any place.
    pub fn scroll(&mut self, figures: &mut Figures) {
        self.run(vec![Event::PointerMoved(ARTICLE)]);
        let wheel = |_| {
            let delta = vec2(0.0, -3.0);
            let (unit, phase, modifiers, source) =
                (MouseWheelUnit::Line, TouchPhase::Move, NONE, MouseWheelSource::Wheel);
            self.run(vec![Event::MouseWheel { unit, delta, phase, modifiers, source }])
        };
        let frames = (0..400).map(wheel).collect();
        figures.put_frames("frame: wheel, ms", frames);
        let still = (0..100).map(|_| self.run(Vec::new())).collect();
        figures.put_frames("frame: still, ms", still);
        let Some(bar) = self.ctx.read_response(Reader::id().with("scroll bar")) else { return };
        let bar = bar.rect;
        let button =
            |pos, pressed| Event::PointerButton { pos, button: egui::PointerButton::Primary, pressed, modifiers: NONE };
        self.key(CTRL, Key::Home);
        for _ in 0..20 {
            self.run(Vec::new());
        }
        let top = bar.center_top() + vec2(0.0, 10.0);
        self.run(vec![Event::PointerMoved(top)]);
        self.run(vec![button(top, true)]);
        let mut at = top;
        let frames = (0..200u32).map(|i| {
            let share = f64::from(i.wrapping_mul(0x9E37_79B9)) / f64::from(u32::MAX);
            at = top + vec2(0.0, (f64::from(bar.height() - 20.0) * share) as f32);
            self.run(vec![Event::PointerMoved(at)])
        });
        let frames = frames.collect();
        figures.put_frames("frame: drag of the bar, ms", frames);
        self.run(vec![button(at, false)]);
    }

    /// All other places of a name.
    pub fn propagate(&mut self, figures: &mut Figures) {
        self.wait(App::is_idle);
        self.key(CTRL, Key::Home);
        self.key(NONE, Key::Escape);
        self.key(NONE, Key::ArrowRight);
        self.key(SHIFT, Key::ArrowRight);
        self.key(NONE, Key::P);
        self.wait(App::is_idle);
        self.longest = 0.0;
        let begun = Instant::now();
        self.key(NONE, Key::A);
        self.wait(App::is_idle);
        figures.put("a on a name: preview, ms", millis(begun.elapsed()));
        figures.put("a on a name: longest frame, ms", self.longest);
        let begun = Instant::now();
        self.longest = 0.0;
        let before = self.app.document().map_or(0, |document| document.mentions().len());
        self.key(NONE, Key::Enter);
        // Many places are marked on a thread; what is pressed then waits for that.
        self.wait(|app| app.document().is_some_and(|document| document.mentions().len() > before));
        figures.put("a on a name: marked, ms", millis(begun.elapsed()));
        figures.put("mentions then", self.app.document().map_or(0.0, |document| document.mentions().len() as f64));
        let begun = Instant::now();
        self.key(CTRL, Key::Z);
        self.wait(|app| app.document().is_some_and(|document| document.mentions().len() == before));
        figures.put("a on a name: undone, ms", millis(begun.elapsed()));
        figures.put("a on a name: longest frame of marking and undo, ms", self.longest);
        self.key(NONE, Key::Escape);
        self.wait(App::is_idle);
    }

    /// Long enough for a snapshot.
    pub fn rest(&mut self, figures: &mut Figures) {
        self.key(NONE, Key::Escape);
        self.key(NONE, Key::ArrowRight);
        self.key(SHIFT, Key::ArrowRight);
        self.key(NONE, Key::P);
        self.longest = 0.0;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) || !self.app.is_idle() {
            self.run(Vec::new());
            std::thread::sleep(Duration::from_millis(15));
        }
        figures.put("snapshot: longest frame, ms", self.longest);
    }

    pub fn save(&mut self, figures: &mut Figures) {
        self.longest = 0.0;
        let begun = Instant::now();
        self.key(CTRL, Key::S);
        self.wait(App::is_idle);
        figures.put("save, ms", millis(begun.elapsed()));
        figures.put("save: longest frame, ms", self.longest);
    }
}
