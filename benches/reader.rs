//! What a frame of the reader costs on one core, without a window: layout, marks, gestures and the list of
//! shapes. Turning shapes into triangles and drawing them is not part of it.
//!
//! `cargo bench --bench reader`

mod article;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use egui::{Context, Pos2, RawInput, Rect, vec2};
use manicule::app::cache::DocumentCache;
use manicule::canvas::{Reader, ReaderInput, ReaderOptions, TextSelection};
use manicule::edit::{Editor, Intent};
use manicule::formats::{self, Input, Named, Options};
use manicule::model::{Document, Id, schema};
use manicule::suggest;
use manicule::text::{BytePos, Span};
use manicule::theme::{self, LabelPalette};

/// A window of 1440 × 900 points with nothing but the reader.
struct Window {
    ctx: Context,
    reader: Reader,
    palette: LabelPalette,
    options: ReaderOptions,
    selection: TextSelection,
    time: f64,
}

impl Window {
    fn new(document: &Document) -> Self {
        let ctx = Context::default();
        theme::install(&ctx);
        let mut window = Self {
            ctx,
            reader: Reader::new(),
            palette: LabelPalette::new(schema::builtin("news").expect("ships"), false),
            options: ReaderOptions::default(),
            selection: TextSelection::caret(BytePos(0)),
            time: 0.0,
        };
        // The budget of a frame may spread the first layout over several.
        for _ in 0..20 {
            window.frame(document, 0);
        }
        window
    }

    /// One frame; returns the number of shapes.
    fn frame(&mut self, document: &Document, revision: u64) -> usize {
        self.time += 1.0 / 60.0;
        let raw = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
            time: Some(self.time),
            ..Default::default()
        };
        let (reader, palette, options, selection) = (&mut self.reader, &self.palette, &self.options, &self.selection);
        let output = self.ctx.run_ui(raw, |ui| {
            let input = ReaderInput {
                document,
                revision,
                palette,
                options,
                selection,
                selected: None,
                hovered: None,
                links: &[],
                hints: &[],
                found: None,
                density: None,
                outlines: None,
                ghosts: None,
                brush: false,
            };
            black_box(reader.show(ui, &input));
        });
        let shapes = output.shapes.len();
        output.drop_without_applying_deltas();
        shapes
    }
}

fn middle(document: &Document) -> Span {
    let at = document.text().floor_boundary(BytePos(document.text().end().0 / 2));
    Span::empty(document.text().next_token_start(at))
}

/// A frame in which nothing happens; one in which the article scrolls by a row, to and fro over text that is laid
/// out; and one in which it jumps to another place and lays out what is there.
fn frames(c: &mut Criterion) {
    for (name, document) in [("sample", article::sample()), ("1 MB, 20,000 mentions", article::long())] {
        let mut window = Window::new(&document);
        window.reader.scroll_to(middle(&document));
        for _ in 0..30 {
            window.frame(&document, 0);
        }
        c.bench_function(&format!("frame/still/{name}"), |b| b.iter(|| window.frame(&document, 0)));
        let (mut rows, mut count) = (1.0, 0);
        c.bench_function(&format!("frame/scrolling/{name}"), |b| {
            b.iter(|| {
                count += 1;
                if count % 500 == 0 {
                    rows = -rows;
                }
                window.reader.scroll_by_rows(rows);
                window.frame(&document, 0)
            });
        });
        let mut at = 0u32;
        c.bench_function(&format!("frame/jumping/{name}"), |b| {
            b.iter(|| {
                at = at.wrapping_add(0x9E37_79B9);
                let share = f64::from(at) / f64::from(u32::MAX);
                let place = BytePos((f64::from(document.text().end().0) * share) as u32);
                window.reader.scroll_to(Span::empty(document.text().floor_boundary(place)));
                window.frame(&document, 0)
            });
        });
    }
}

/// From the intent to mark a word to the shapes that show it: the edit, the lists of the panels, the frame after it.
fn after_an_edit(c: &mut Criterion) {
    let schema = Arc::new(schema::builtin("news").expect("ships").clone());
    for (name, document) in [("sample", article::sample()), ("1 MB, 20,000 mentions", article::long())] {
        let mut editor = Editor::new(document, schema.clone());
        let mut cache = DocumentCache::rebuild(editor.document(), &schema);
        let mut window = Window::new(editor.document());
        let place = middle(editor.document());
        window.reader.scroll_to(place);
        for _ in 0..30 {
            window.frame(editor.document(), editor.revision());
        }
        let word = editor.document().text().token_at(place.start).unwrap_or(Span::of(0, 1));
        let intent = Intent::AddMention { label: "Person".to_owned(), spans: [word].into_iter().collect() };
        c.bench_function(&format!("mark and show/{name}"), |b| {
            b.iter_custom(|times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    let started = Instant::now();
                    let done = editor.execute(&intent).expect("can be marked");
                    let made: Vec<Id> = done.created.into_iter().collect();
                    cache.update(editor.document(), &schema, &made);
                    black_box(window.frame(editor.document(), editor.revision()));
                    spent += started.elapsed();
                    editor.undo();
                    cache.update(editor.document(), &schema, &made);
                    window.frame(editor.document(), editor.revision());
                }
                spent
            });
        });
    }
}

/// Reading and writing the long article, without the disk.
fn files(c: &mut Criterion) {
    let document = article::long();
    for id in ["ron", "json"] {
        let format = formats::by_id(id).expect("exists");
        let named = [Named { name: "article", document: &document, schema: None }];
        let bytes = format.write(&named, &Options::default()).expect("can be written").remove(0).bytes;
        c.bench_function(&format!("save/1 MB, 20,000 mentions/{id}"), |b| {
            b.iter(|| black_box(format.write(&named, &Options::default()).expect("can be written")));
        });
        c.bench_function(&format!("load/1 MB, 20,000 mentions/{id}"), |b| {
            b.iter(|| black_box(format.read(&Input::of_bytes(&bytes)).expect("can be read")));
        });
    }
}

/// What a pause costs: the copy that the frame hands over, and the work of the thread that gets it.
fn suggesting(c: &mut Criterion) {
    let schema = schema::builtin("news").expect("ships").clone();
    for (name, document) in [("sample", article::sample()), ("1 MB, 20,000 mentions", article::long())] {
        c.bench_function(&format!("suggest/in the frame/{name}"), |b| b.iter(|| black_box(document.clone())));
        c.bench_function(&format!("suggest/on the thread/{name}"), |b| {
            b.iter(|| black_box(suggest::suggestions(&document, &schema)));
        });
    }
}

criterion_group! {
    name = reader;
    config = Criterion::default().sample_size(30).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    targets = frames, after_an_edit, suggesting, files
}
criterion_main!(reader);
