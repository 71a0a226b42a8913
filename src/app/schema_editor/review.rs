//! What a change of the label set would do to the annotations of a project, worked out before anything is done.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::edit::{Effect, Migrated, Op};
use crate::model::{Document, Id, Kind, Problem};
use crate::project::{Layout, Name, Place};

/// So many removed annotations are kept to be shown; all are counted.
const SHOWN: usize = 20_000;

/// How far work over all files is.
#[derive(Debug, Default)]
pub struct Work {
    done: AtomicUsize,
    total: AtomicUsize,
    is_stopped: AtomicBool,
}

impl Work {
    /// So many of so many files had their turn.
    pub fn reached(&self, done: usize, total: usize) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// How many files had their turn.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.total.load(Ordering::Relaxed)
    }

    /// The share that is done, from 0 to 1.
    pub fn share(&self) -> f32 {
        self.done() as f32 / self.total().max(1) as f32
    }

    /// Lets it end after the file that has its turn.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it goes on.
    pub fn goes_on(&self) -> bool {
        !self.is_stopped.load(Ordering::Relaxed)
    }
}

/// One layer that is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The document.
    pub document: Name,
    /// The folder of the annotator.
    pub folder: Name,
    /// How many annotations become others.
    pub changed: usize,
    /// How many are removed.
    pub removed: usize,
    /// Whether anything is lost.
    pub is_loss: bool,
}

/// One annotation that is removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// In which of the touched layers.
    pub layer: usize,
    /// Its label.
    pub label: String,
    /// Its words.
    pub words: String,
}

/// One thing that fits no longer, and that nobody takes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The document.
    pub document: Name,
    /// The folder of the annotator.
    pub folder: Name,
    /// The label of the annotation.
    pub label: String,
    /// Its words.
    pub words: String,
    /// Why, as the list of problems will say it.
    pub why: String,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reviewed {
    /// Everything together.
    pub total: Effect,
    /// The layers that are touched, in the order of annotators and documents.
    pub touched: Vec<Touched>,
    /// What is removed, as much of it as can be shown.
    pub removed: Vec<Removed>,
    /// How many layers were looked at.
    pub looked: usize,
    /// How many change in nothing but the version that they name.
    pub named_only: usize,
    /// Files that could not be read, and why. They stay as they are.
    pub unread: Vec<(PathBuf, String)>,
    /// What fits no longer, as much of it as can be shown, in the order of annotators and documents.
    pub misfits: Vec<Misfit>,
    /// How many problems that are.
    pub problem_count: usize,
    /// How many annotations fit no longer.
    pub misfit_count: usize,
    /// Documents that have some.
    pub misfit_documents: BTreeSet<Name>,
    /// Folders of annotators that have some.
    pub misfit_folders: BTreeSet<Name>,
}

impl Reviewed {
    /// Counts what becomes of a layer; `problems` are those that it has afterwards and did not have before.
    pub fn add(
        &mut self,
        layout: &Layout,
        path: &Path,
        document: &Document,
        migrated: &Migrated,
        problems: &[Problem],
    ) {
        self.looked += 1;
        self.add_misfits(layout, path, document, problems);
        let Some(transaction) = &migrated.transaction else { return };
        let effect = &migrated.effect;
        if effect.documents == 0 {
            self.named_only += 1;
            return;
        }
        self.total += effect;
        let Some(Place::Layer { folder, document: name }) = layout.place_of(&layout.root().join(path)) else { return };
        let layer = self.touched.len();
        for op in &transaction.ops {
            if self.removed.len() >= SHOWN {
                break;
            }
            if let Some((label, words)) = gone(document, op) {
                self.removed.push(Removed { layer, label, words });
            }
        }
        self.touched.push(Touched {
            document: name,
            folder,
            changed: effect.changed_count() + effect.document_labels.values().sum::<usize>(),
            removed: effect.removed_count() + effect.document_labels_removed,
            is_loss: effect.is_loss(),
        });
    }

    /// Goes on with what was counted of later layers.
    pub fn append(&mut self, later: Self) {
        self.total += &later.total;
        self.looked += later.looked;
        self.named_only += later.named_only;
        let before = self.touched.len();
        let room = SHOWN.saturating_sub(self.removed.len());
        let removed = later.removed.into_iter().take(room);
        self.removed.extend(removed.map(|removed| Removed { layer: removed.layer + before, ..removed }));
        self.touched.extend(later.touched);
        self.unread.extend(later.unread);
        self.misfit_count += later.misfit_count;
        self.problem_count += later.problem_count;
        let room = SHOWN.saturating_sub(self.misfits.len());
        self.misfits.extend(later.misfits.into_iter().take(room));
        self.misfit_documents.extend(later.misfit_documents);
        self.misfit_folders.extend(later.misfit_folders);
    }

    fn add_misfits(&mut self, layout: &Layout, path: &Path, document: &Document, problems: &[Problem]) {
        let ids: BTreeSet<&Id> = problems.iter().filter_map(|problem| problem.place.id.as_ref()).collect();
        if ids.is_empty() {
            return;
        }
        self.misfit_count += ids.len();
        self.problem_count += problems.len();
        let Some(Place::Layer { folder, document: name }) = layout.place_of(&layout.root().join(path)) else { return };
        for problem in problems {
            let Some(id) = problem.place.id.as_ref().filter(|_| self.misfits.len() < SHOWN) else { continue };
            let (label, words) = (document.label_of(id).to_owned(), document.brief_of(id));
            let (document, folder, why) = (name.clone(), folder.clone(), problem.message.clone());
            self.misfits.push(Misfit { document, folder, label, words, why });
        }
        self.misfit_documents.insert(name);
        self.misfit_folders.insert(folder);
    }

    /// What annotators have of it: the folder, how many layers, how many annotations become others or are removed.
    pub fn by_annotator(&self) -> Vec<(Name, usize, usize, usize)> {
        let mut all: Vec<(Name, usize, usize, usize)> = Vec::new();
        for touched in &self.touched {
            match all.last_mut().filter(|(folder, ..)| *folder == touched.folder) {
                Some((_, layers, changed, removed)) => {
                    *layers += 1;
                    *changed += touched.changed;
                    *removed += touched.removed;
                }
                None => all.push((touched.folder.clone(), 1, touched.changed, touched.removed)),
            }
        }
        all
    }

    /// Counts by label: its kind, the label before, how many become others, how many are removed.
    pub fn by_label(&self) -> Vec<(Kind, String, usize, usize)> {
        let mut keys: Vec<&(Kind, String)> = self.total.changed.keys().chain(self.total.removed.keys()).collect();
        keys.sort();
        keys.dedup();
        let count = |counts: &std::collections::BTreeMap<(Kind, String), usize>, key| {
            counts.get(key).copied().unwrap_or_default()
        };
        keys.into_iter()
            .map(|key| (key.0, key.1.clone(), count(&self.total.changed, key), count(&self.total.removed, key)))
            .collect()
    }

    /// How many annotations become others, with labels of whole documents.
    pub fn changed(&self) -> usize {
        self.touched.iter().map(|touched| touched.changed).sum()
    }

    /// How many are removed.
    pub fn removed(&self) -> usize {
        self.touched.iter().map(|touched| touched.removed).sum()
    }
}

/// Label and words of what an operation removes.
fn gone(document: &Document, op: &Op) -> Option<(String, String)> {
    let is_removed = match op {
        Op::Mention(change) => change.after.is_none(),
        Op::Event(change) => change.after.is_none(),
        Op::Quote(change) => change.after.is_none(),
        Op::Relation(change) => change.after.is_none(),
        Op::Entity(change) => change.after.is_none(),
        Op::Header(_) | Op::Batch(_) | Op::Rejection(_) => false,
    };
    let id = op.id().filter(|_| is_removed)?;
    Some((document.label_of(id).to_owned(), document.brief_of(id)))
}
