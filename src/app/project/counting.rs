//! Counting what is marked in all layers, on jobs.
//!
//! Every layer is read once: what was counted of it stays in memory, and in the project's `.cache` for the next time the
//! project is opened. Whenever the page is shown, the stamps of all files say which have changed since; only the documents
//! that they belong to are read again. Figures are worked out of that for whoever is wanted, and the newest answer wins.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::ProjectMessage;
use crate::app::App;
use crate::app::messages::Message;
use crate::jobs::ordered::in_order;
use crate::model::Schema;
use crate::project::kept::{self, LayerFile, Stamps};
use crate::project::{Layout, Name, Project};
use crate::review::statistics::{self, Fed, Figures, Statistics, Wanted};
use crate::store::{self, OpenOptions};

/// The file in `.cache` with what was counted.
const KEPT: &str = "statistics";
/// So many documents are one piece of work: the names in them are put together by the thread that reads them.
const PIECE: usize = 16;
/// With more documents, few changes are not worth writing all of it again.
const MANY: usize = 2_000;
/// And one document of so many is few: that many are soon read again.
const FEW: usize = 200;
/// So many documents that were counted before somebody stopped it are worth keeping.
const BEGUN: usize = 500;

/// What was counted, and of which files.
#[derive(Clone, Default)]
pub(super) struct Base {
    pub(super) statistics: Arc<Statistics>,
    stamps: Arc<Stamps>,
}

/// Where counting stands. All of it is about the project that is open.
#[derive(Default)]
pub(super) struct Standing {
    /// What was counted last.
    pub(super) base: Option<Base>,
    /// What the page is to show.
    pub(super) wanted: Wanted,
    /// The label set of the figures that are shown.
    schema: Option<Arc<Schema>>,
    /// Which count of files, and which figures, are awaited.
    counts: u64,
    figures: u64,
    /// Whether files were changed while they were counted.
    is_stale: bool,
}

/// How far counting is.
#[derive(Default)]
pub struct CountingProgress {
    done: AtomicUsize,
    of: AtomicUsize,
    is_stopped: AtomicBool,
}

impl CountingProgress {
    /// Lets it end.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Documents that were counted, and all that have to be.
    pub fn looked(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }
}

/// What a job has counted.
pub struct Counted {
    base: Base,
    /// `None`: nothing is other than it was.
    figures: Option<Arc<Figures>>,
    wanted: Wanted,
    schema: Arc<Schema>,
    /// Whether it is to be kept on the disk.
    is_to_keep: bool,
}

impl App {
    /// Counts what is not counted as it is now.
    pub(super) fn count_all(&mut self) {
        let Some(open) = &mut self.project else { return };
        if open.presence.is_away() {
            return;
        }
        if open.counting.progress.is_some() {
            open.counting.standing.is_stale = true;
            return;
        }
        let progress = Arc::new(CountingProgress::default());
        open.counting.progress = Some(Arc::clone(&progress));
        let standing = &mut open.counting.standing;
        standing.counts += 1;
        standing.is_stale = false;
        let (project, number, asked) = (open.project.clone(), open.number, standing.counts);
        let (wanted, known, ctx) = (standing.wanted.clone(), standing.base.clone(), self.ctx.clone());
        let has_figures = standing.schema.as_ref().is_some_and(|schema| *schema == project.schema);
        self.jobs.spawn_or(
            "Counting",
            move || Message::Project(ProjectMessage::Counted { number, asked, counted: Box::new(Ok(None)) }),
            move || {
                let counted = count(&project, &progress, wanted, known, has_figures, &ctx);
                Message::Project(ProjectMessage::Counted { number, asked, counted: Box::new(counted) })
            },
        );
    }

    /// Counts anew what has changed, now or when the page is shown next.
    pub(in crate::app) fn count_anew(&mut self) {
        if self.project.as_ref().is_some_and(|project| project.counting.is_shown) {
            self.count_all();
        }
    }

    pub(super) fn files_counted(&mut self, asked: u64, counted: Result<Option<Counted>, String>) {
        let Some(project) = &mut self.project else { return };
        let counting = &mut project.counting;
        if asked != counting.standing.counts {
            return;
        }
        counting.progress = None;
        match counted {
            Ok(Some(counted)) => self.has_counted(counted),
            // Stopped, or failed, which was said.
            Ok(None) => counting.is_shown &= counting.figures.is_some(),
            Err(why) => {
                counting.is_shown &= counting.figures.is_some();
                self.look_for_project();
                self.toasts.refused(why);
            }
        }
        let standing = self.project.as_mut().map(|project| &mut project.counting.standing);
        if standing.is_some_and(|standing| std::mem::take(&mut standing.is_stale)) {
            self.count_anew();
        }
    }

    fn has_counted(&mut self, counted: Counted) {
        let Counted { base, figures, wanted, schema, is_to_keep } = counted;
        let Some(project) = &mut self.project else { return };
        let counting = &mut project.counting;
        counting.left_out = base.stamps.broken();
        let layout = project.project.layout.clone();
        let is_wanted = wanted == counting.standing.wanted;
        self.jobs.throw_away(counting.standing.base.replace(base.clone()));
        if is_to_keep {
            self.jobs.spawn("Keeping what was counted", move || {
                keep(&layout, &base.stamps, &base.statistics);
                Message::Project(ProjectMessage::Kept)
            });
        }
        match figures {
            // What was asked for before is of other files.
            Some(figures) if is_wanted => {
                counting.standing.figures += 1;
                counting.standing.schema = Some(schema);
                self.jobs.throw_away(counting.figures.replace(figures));
            }
            Some(_) => self.work_out_figures(),
            None => {}
        }
    }

    /// Works out other figures of what was counted.
    pub(super) fn count_wanted(&mut self, wanted: Wanted) {
        let Some(open) = &mut self.project else { return };
        open.counting.standing.wanted = wanted;
        self.work_out_figures();
    }

    fn work_out_figures(&mut self) {
        let Some(open) = &mut self.project else { return };
        let standing = &mut open.counting.standing;
        let Some(base) = standing.base.clone() else { return };
        standing.figures += 1;
        let (asked, number, wanted) = (standing.figures, open.number, standing.wanted.clone());
        let schema = Arc::clone(&open.project.schema);
        self.jobs.spawn("Working out figures", move || {
            let figures = Arc::new(Figures::count(base.statistics, wanted, &[&schema]));
            Message::Project(ProjectMessage::Figured { number, asked, figures })
        });
    }

    pub(super) fn figures_worked_out(&mut self, asked: u64, figures: Arc<Figures>) {
        let Some(project) = &mut self.project else { return };
        let counting = &mut project.counting;
        if asked == counting.standing.figures {
            self.jobs.throw_away(counting.figures.replace(figures));
        }
    }

    /// Stops counting.
    pub(super) fn stop_counting(&mut self) -> bool {
        let progress = self.project.as_ref().and_then(|project| project.counting.progress.as_ref());
        if let Some(progress) = progress {
            progress.stop();
        }
        progress.is_some()
    }
}

fn keep(layout: &Layout, stamps: &Stamps, counted: &Statistics) {
    if let Err(error) = kept::write(layout, KEPT, statistics::VERSION, stamps, counted) {
        // It is counted anew next time.
        tracing::warn!("what was counted cannot be kept: {error}");
    }
}

/// Counts on all cores what is not known as it is now; `None` if it was stopped.
fn count(
    project: &Project,
    progress: &CountingProgress,
    wanted: Wanted,
    known: Option<Base>,
    has_figures: bool,
    ctx: &egui::Context,
) -> Result<Option<Counted>, String> {
    let now = kept::layers_now(&project.layout).map_err(|error| error.to_string())?;
    let is_in_memory = known.is_some();
    let known = known.or_else(|| {
        let (stamps, statistics) = kept::read(&project.layout, KEPT, statistics::VERSION)?;
        Some(Base { statistics: Arc::new(statistics), stamps: Arc::new(stamps) })
    });
    let known = known.unwrap_or_default();
    let is_known = |(name, layers): &(&Name, &Vec<LayerFile>)| known.stamps.is_same(name, layers);
    let changed: Vec<(&Name, &Vec<LayerFile>)> = now.iter().filter(|document| !is_known(document)).collect();
    let finish = |base: Base, is_to_keep: bool| {
        let schema = Arc::clone(&project.schema);
        let figures = Figures::count(Arc::clone(&base.statistics), wanted.clone(), &[&schema]);
        Counted { base, figures: Some(Arc::new(figures)), wanted: wanted.clone(), schema, is_to_keep }
    };
    if changed.is_empty() && !known.stamps.has_others_than(&now) {
        if is_in_memory && has_figures {
            let schema = Arc::clone(&project.schema);
            return Ok(Some(Counted { base: known, figures: None, wanted, schema, is_to_keep: false }));
        }
        return Ok(Some(finish(known, false)));
    }
    let stale: HashSet<&str> = changed.iter().map(|(name, _)| name.as_str()).collect();
    let is_kept = |key: &str| !stale.contains(key) && Name::new(key).is_some_and(|name| now.contains_key(&name));
    let (mut counted, mut stamps) = (Arc::unwrap_or_clone(known.statistics), Arc::unwrap_or_clone(known.stamps));
    counted.retain(|article, _| is_kept(&article.key));
    stamps.retain(is_kept);
    progress.of.store(changed.len(), Ordering::Relaxed);
    let pieces: Vec<&[(&Name, &Vec<LayerFile>)]> = changed.chunks(PIECE).collect();
    let result = in_order(
        &pieces,
        |_, piece| count_piece(piece),
        |nth, (one, broken)| {
            counted.merge(one);
            for ((name, layers), broken) in pieces.get(nth).copied().into_iter().flatten().zip(broken) {
                stamps.put(name, layers, &broken);
            }
            progress.done.store((nth * PIECE + PIECE).min(changed.len()), Ordering::Relaxed);
            if nth % 4 == 0 {
                ctx.request_repaint();
            }
            if progress.is_stopped.load(Ordering::Relaxed) { Err(()) } else { Ok(()) }
        },
    );
    let is_few = now.len() > MANY && changed.len() * FEW < now.len();
    if result.is_err() {
        if progress.done.load(Ordering::Relaxed) >= BEGUN && !is_few {
            keep(&project.layout, &stamps, &counted);
        }
        return Ok(None);
    }
    Ok(Some(finish(Base { statistics: Arc::new(counted), stamps: Arc::new(stamps) }, !is_few)))
}

/// Counts some documents; tells of each of their layers whether it could not be read.
fn count_piece(piece: &[(&Name, &Vec<LayerFile>)]) -> (Statistics, Vec<Vec<bool>>) {
    let mut counted = Statistics::new();
    let options = OpenOptions { format: Some("ron".to_owned()), ..OpenOptions::default() };
    let mut count_one = |name: &Name, layer: &LayerFile| {
        // The list of documents says what is wrong with it.
        let Ok(opened) = store::open_path(&layer.path, &options) else { return true };
        counted.feed(&Fed::of(name.as_str(), &opened.document));
        false
    };
    let broken = piece.iter().map(|(name, layers)| layers.iter().map(|layer| count_one(name, layer)).collect());
    let broken = broken.collect();
    (counted, broken)
}
