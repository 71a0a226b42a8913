//! Looking at many files before anything is done: each is read when its turn comes, several at a time, and what comes of
//! them is taken in their order.

use std::path::{Path, PathBuf};

use super::several::Weights;
use super::{FileChange, Left, OperationError, Operations, Plan, Planned, slashed};
use crate::jobs::ordered::in_order_on;
use crate::model::Document;

/// Takes planned files one after another, and may want no more.
pub type Take<'a> = dyn FnMut(Planned) -> Result<(), OperationError> + 'a;

impl Operations {
    /// Shows files to `look`, with the unsaved work in their journals, and gives to `take` what it says, or why a file cannot
    /// be read, in the order of the paths. These are from the project's folder on. Changes nothing.
    ///
    /// # Errors
    /// That of `take`, which ends it.
    pub fn survey<T: Send>(
        &self,
        paths: &[PathBuf],
        look: impl Fn(&Path, &Document) -> T + Sync,
        mut take: impl FnMut(&Path, Result<T, Left>) -> Result<(), OperationError>,
    ) -> Result<(), OperationError> {
        let looked = |path: &PathBuf, document: Result<Document, Left>| document.map(|document| look(path, &document));
        self.look_at_all(paths, |path| path.as_path(), looked, |path, seen| take(path, seen))
    }

    /// Plans files, for [`Self::begin`]. Paths are those from the project's folder on.
    pub fn plan<'a>(
        &'a self,
        paths: &'a [PathBuf],
        plan: &'a Plan<'a>,
    ) -> impl FnOnce(&mut Take<'_>) -> Result<(), OperationError> + 'a {
        move |take| {
            self.survey(paths, plan, |path, planned| {
                let named = |transaction| FileChange { path: slashed(path), transaction, left_alone: 0 };
                take(match planned {
                    Ok(Some(transaction)) if !transaction.ops.is_empty() => Planned::Change(named(Some(transaction))),
                    Ok(_) => Planned::Nothing,
                    Err(left) => Planned::Unread(named(None), left),
                })
            })
        }
    }

    /// Reads the files of many things, several at a time, and takes what `look` says of them in their order.
    pub(super) fn look_at_all<I: Sync, T: Send>(
        &self,
        things: &[I],
        path: impl Fn(&I) -> &Path + Sync,
        look: impl Fn(&I, Result<Document, Left>) -> T + Sync,
        mut take: impl FnMut(&I, T) -> Result<(), OperationError>,
    ) -> Result<(), OperationError> {
        let weights = Weights::default();
        let work = |_, thing: &I| {
            let path = path(thing);
            let _held = weights.hold(&self.root.join(path));
            look(thing, self.look(path))
        };
        in_order_on(self.at_once, things, work, |nth, seen| match things.get(nth) {
            Some(thing) => take(thing, seen),
            None => Ok(()),
        })
    }
}
