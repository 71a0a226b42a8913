//! The program's window on a project, without a display: the list beside the document in every frame.

use std::path::Path;
use std::time::{Duration, Instant};

use eframe::App as _;
use egui::{Context, Event, Key, Modifiers, Pos2, RawInput, Rect, vec2};
use manicule::app::App;
use manicule::app::data::DataDir;

use crate::figures::{Figures, millis, on_processor};

const PATIENCE: Duration = Duration::from_secs(600);
const NONE: Modifiers = Modifiers::NONE;

struct Window {
    ctx: Context,
    app: App,
    frame: eframe::Frame,
    begun: Instant,
    time: f64,
    /// The longest frame since that was asked for.
    longest: f64,
}

/// Opens the project `p` of the folder and goes from document to document.
pub fn measure(folder: &Path, figures: &mut Figures) {
    let begun = Instant::now();
    let ctx = Context::default();
    let creation = eframe::CreationContext::_new_kittest(ctx.clone());
    let app = App::new(&creation, DataDir::at(folder.join("data")), Some(folder.join("p")));
    let frame = eframe::Frame::_new_kittest();
    let mut window = Window { ctx, app, frame, begun, time: 0.0, longest: 0.0 };
    window.run(Vec::new());
    window.longest = 0.0;
    window.wait(App::is_idle);
    window.run(vec![Event::Text("Anna".to_owned())]);
    window.key(NONE, Key::Enter);
    window.wait(App::is_idle);
    figures.put("window: project at rest, ms", millis(begun.elapsed()));
    let mut steps = Vec::new();
    for _ in 0..30 {
        let before = window.app.document().map(|document| document.header().metadata.title.clone());
        let began = Instant::now();
        window.key(Modifiers::COMMAND, Key::PageDown);
        window.wait(|app| app.document().map(|document| document.header().metadata.title.clone()) != before);
        steps.push(millis(began.elapsed()));
        window.wait(App::is_idle);
    }
    assert!(window.app.document().is_some(), "a document is open");
    figures.put_frames("window: next document shown, ms", steps);
    figures.put("window: longest frame until here, ms", std::mem::take(&mut window.longest));
    let frames = (0..100).map(|_| window.run(vec![Event::PointerMoved(Pos2::new(100.0, 400.0))])).collect();
    figures.put_frames("window: frame with the list, ms", frames);
}

impl Window {
    /// One frame; gives what it cost.
    fn run(&mut self, events: Vec<Event>) -> f64 {
        self.time += 1.0 / 60.0;
        let raw = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
            time: Some(self.time),
            focused: true,
            events,
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
    fn key(&mut self, modifiers: Modifiers, key: Key) {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.run(vec![Event::ModifiersChanged(modifiers), event(true), event(false), Event::ModifiersChanged(NONE)]);
    }
}
