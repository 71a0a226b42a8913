//! Work of before that no file holds: found, gone on with, thrown away.

use std::path::Path;

use super::App;
use super::data::DataDir;
use super::files::notify;
use super::journal::{Found, base_document};
use super::messages::Message;
use super::ready::Ready;
use super::schemas;
use super::session::Origin;
use crate::store::{Key, Notify, OpenOptions, Unsaved};

/// A document that is in no file, from its journal.
pub struct Resumed {
    ready: Ready,
    found: Found,
}

impl App {
    /// Finds work that no file holds, on a thread of its own: the files are looked at too, and their disks may hang.
    pub(super) fn look_for_unsaved(&mut self) {
        self.unsaved_request += 1;
        let (request, data) = (self.unsaved_request, self.data.clone());
        self.jobs.spawn("Looking for unsaved work", move || {
            let unsaved = data.journals().map(|journals| journals.list_unsaved()).unwrap_or_default();
            Message::UnsavedFound { request, unsaved }
        });
    }

    pub(super) fn recover(&mut self, ctx: &egui::Context, work: &Unsaved) {
        let key = work.key.clone();
        let Some(path) = work.path.clone() else { return self.resume(ctx, key) };
        let options = OpenOptions { document: work.document, ..OpenOptions::default() };
        self.open_or_resume(ctx, path, options, Some(key));
    }

    pub(super) fn resumed(&mut self, ctx: &egui::Context, result: Result<Resumed, String>) {
        match result {
            Ok(Resumed { ready, found }) => {
                self.start_with(ctx, ready, Origin::default(), found, Vec::new());
                self.make_homeless();
            }
            Err(why) => self.toasts.refused(why),
        }
    }

    /// Opens the journal of an article that is in no file.
    pub(super) fn resume(&mut self, ctx: &egui::Context, key: Key) {
        let (data, notify) = (self.data.clone(), notify(ctx));
        self.jobs.spawn("Recovering", move || Message::Resumed(Box::new(resume(&data, &key, notify))));
    }

    pub(super) fn discard_unsaved(&mut self, key: &Key) {
        let (data, key) = (self.data.clone(), key.clone());
        self.jobs.spawn("Discarding unsaved work", move || {
            let discarded = data.journals().and_then(|journals| journals.discard(&key));
            Message::Discarded(discarded.map_err(|error| error.to_string()))
        });
    }
}

/// Opens the journal of a pasted article and the document that it began with.
pub(super) fn resume(data: &DataDir, key: &Key, notify: Notify) -> Result<Resumed, String> {
    let mut found = Found::resume(data, key, notify).map_err(|error| error.to_string())?;
    let document = found.recovered.as_ref().and_then(base_document);
    let document = document.ok_or_else(|| "the article of this unsaved work is gone".to_owned())?;
    let schema = schemas::find(&document.header().schema, Path::new(""), data).ok();
    let ready = Ready::new(document, schema, found.recovered.take());
    Ok(Resumed { ready, found })
}
