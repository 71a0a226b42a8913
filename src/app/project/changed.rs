//! Documents that this window has changed: each is looked at again, in the order in which that happened.
//!
//! One job at a time, with the list as it is then: of two at once, the one that began first may end last, and bring back
//! what is not so any more.

use std::collections::BTreeSet;

use super::ProjectMessage;
use crate::app::App;
use crate::app::messages::Message;
use crate::project::Name;
use crate::project::Project;
use crate::project::index::{Catalogue, Index, IndexError, IndexPlace};

/// Documents to be looked at again.
#[derive(Default)]
pub struct Changed {
    waiting: BTreeSet<Name>,
    /// Whether a job looks at some.
    is_looking: bool,
    /// Those that changed while all files are being looked at, which may have seen them before.
    beside_scan: BTreeSet<Name>,
}

/// What a look at some documents has found.
pub(in crate::app) struct LookedAgain {
    names: BTreeSet<Name>,
    /// The list with which it began.
    before: Catalogue,
    /// That list with what is so now; `None` if it failed.
    catalogue: Option<Catalogue>,
}

impl App {
    /// Looks at one document again: it was saved, or it is gone.
    pub(in crate::app) fn document_changed(&mut self, name: &Name) {
        let Some(open) = &mut self.project else { return };
        open.changed.waiting.insert(name.clone());
        if open.scan.is_some() {
            open.changed.beside_scan.insert(name.clone());
        }
        self.look_at_changed();
    }

    /// A look at all files has ended: what changed meanwhile is looked at once more.
    pub(super) fn changed_beside_scan(&mut self) {
        let Some(open) = &mut self.project else { return };
        let names = std::mem::take(&mut open.changed.beside_scan);
        open.changed.waiting.extend(names);
        self.look_at_changed();
    }

    fn look_at_changed(&mut self) {
        let Some(open) = &mut self.project else { return };
        if open.changed.is_looking || open.changed.waiting.is_empty() {
            return;
        }
        open.changed.is_looking = true;
        let names = std::mem::take(&mut open.changed.waiting);
        let (project, place, number, before) =
            (open.project.clone(), open.place.clone(), open.number, open.catalogue.clone());
        let failed = LookedAgain { names: names.clone(), before: before.clone(), catalogue: None };
        self.jobs.spawn_or(
            "Looking at a document",
            move || Message::Project(ProjectMessage::Updated { number, looked: Box::new(failed) }),
            move || {
                let found = look(&project, &place, &before, &names);
                let catalogue = found.map_err(|error| tracing::warn!("{error}")).ok();
                let looked = Box::new(LookedAgain { names, before, catalogue });
                Message::Project(ProjectMessage::Updated { number, looked })
            },
        );
    }

    pub(super) fn looked_at_changed(&mut self, looked: LookedAgain) {
        let Some(open) = &mut self.project else { return };
        open.changed.is_looking = false;
        if let Some(catalogue) = looked.catalogue {
            if open.catalogue.is_same(&looked.before) {
                self.has_catalogue(catalogue);
            } else {
                // The list is another one by now.
                open.changed.waiting.extend(looked.names);
            }
        }
        self.look_at_changed();
    }
}

fn look(
    project: &Project,
    place: &IndexPlace,
    before: &Catalogue,
    names: &BTreeSet<Name>,
) -> Result<Catalogue, IndexError> {
    let mut index = Index::open(place)?;
    let mut catalogue = before.clone();
    for name in names {
        index.update(project, name)?;
        catalogue = index.with_entry(&catalogue, name)?;
    }
    Ok(catalogue)
}
