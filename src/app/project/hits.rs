//! What is done at the hits of a search: one label on all of them, another one, or none; as one operation over the project
//! that survives a kill and can be taken back.

use std::path::Path;

use crate::app::App;
use crate::app::dialog::{AfterClosing, Dialog};
use crate::app::schema_editor::operating;
use crate::model::Document;
use crate::project::operation::{Operation, OperationKind};
use crate::project::search::{HitChange, HitsChange};
use crate::project::{Name, Place};

impl App {
    /// Shows what a change of the chosen hits (all, if none is chosen) would do.
    pub(super) fn preview_hits(&mut self, change: HitChange) {
        let Some(open) = &self.project else { return };
        let Some(mine) = open.folder().map(str::to_owned) else { return self.choose_annotator() };
        if !open.project.is_writable || open.project.newer().is_some() {
            return self.toasts.refused("Nothing can be changed in this project; see its problems");
        }
        let search = &open.search;
        let Some(query) = search.asked_query() else { return };
        if search.has_lost_choice && search.chosen.is_empty() {
            return self.toasts.refused("What was chosen is not among the hits any more; choose again, or choose all");
        }
        let hits = search.hits.iter().filter(|hit| search.chosen.is_empty() || search.chosen.contains(*hit));
        let mut change = HitsChange::new(change, hits, &query, open.project.schema.clone(), &mine);
        if change.count() == 0 {
            let why = match change.change {
                HitChange::Label(_) => "None of these hits can get that label",
                _ => "None of these hits is a mark of yours that this could change",
            };
            return self.toasts.refused(why);
        }
        let title = |name: &Name| open.catalogue.entry(name).map(|entry| entry.title.to_string());
        let titled = |name: &Name| title(name).filter(|title| !title.is_empty()).map(|title| (name.clone(), title));
        change.titles = change.documents().filter_map(titled).collect();
        self.dialog = Some(Dialog::HitsChange(Box::new(change)));
    }

    /// Begins what was shown, once the open document is left.
    pub(super) fn begin_hits(&mut self, ctx: &egui::Context) {
        let Some(Dialog::HitsChange(change)) = self.dialog.take() else { return };
        if self.refuse_while_files_change() {
            return;
        }
        self.pending_hits = Some(change);
        self.leave_then(ctx, AfterClosing::HitsChange);
    }

    /// Changes the hits, now that no document is open.
    pub(in crate::app) fn change_hits(&mut self) {
        let Some(change) = self.pending_hits.take() else { return };
        let Some(open) = &mut self.project else { return };
        open.search.chosen.clear();
        open.search.has_lost_choice = false;
        let (Some(folder), by) = (open.me.clone(), open.my_name().map(str::to_owned)) else { return };
        let title = change.title();
        self.operate(operating::Begun::Hits, title.clone(), move |project, data, work, wake| {
            let _lock = operating::lock(project)?;
            let operations = operating::operations(project, data);
            let layout = &project.layout;
            // A layer that is not there yet is made: the hits may be in documents that nobody has begun.
            let mut paths = Vec::new();
            for name in change.documents() {
                let path = layout.layer_of(&folder, name);
                operating::begin_layer(project, name, &path, by.as_deref())?;
                paths.extend(path.strip_prefix(layout.root()).map(Path::to_owned));
            }
            let (total, operation) = (
                paths.len() + 1,
                Operation { title, made_at: operating::now(), by: by.clone(), kind: OperationKind::Batch },
            );
            let plan = |path: &Path, document: &Document| match layout.place_of(&layout.root().join(path)) {
                Some(Place::Layer { document: name, .. }) => change.plan(&name, document),
                _ => None,
            };
            let mut planned = |done: usize| {
                work.reached(done, total);
                wake();
                work.goes_on()
            };
            let id = operations.begin(&operation, operations.plan(&paths, &plan), &[], &mut planned);
            operating::run(&operations, &id.map_err(operating::words)?, work, wake).map_err(operating::words)
        });
    }
}
