//! Reading the keymap file at the start and again, and writing it the first time.

use std::sync::Arc;

use super::{Keymap, read, template};
use crate::app::App;
use crate::app::command::Command;
use crate::app::dialog::Dialog;
use crate::model::Problem;
use crate::store;

impl App {
    /// Reads the keymap file, if there is one; tells what is wrong with it.
    pub(in crate::app) fn load_keymap(&mut self, ctx: &egui::Context) {
        let path = self.data.keymap();
        let (keymap, problems) = match path.as_ref().filter(|path| path.exists()) {
            None => (Keymap::default(), Vec::new()),
            Some(path) => match std::fs::read_to_string(path) {
                // Some editors put a byte order mark before the text.
                Ok(source) => read(source.trim_start_matches('\u{feff}'), path),
                Err(error) => {
                    let message = format!("the keymap cannot be read: {error}");
                    let hint = "the keys are those of the program; make it a text file in UTF-8";
                    (Keymap::default(), vec![Problem::error("keymap-read", message, hint).in_file(path)])
                }
            },
        };
        self.keymap = Arc::new(keymap);
        self.keymap.install(ctx);
        if let Some(session) = &mut self.session {
            session.set_keys(&self.keymap.reserved());
        }
        if !problems.is_empty() {
            self.dialog = Some(Dialog::Problems {
                title: "The keymap has problems".into(),
                message: path.map(|path| path.display().to_string()).unwrap_or_default(),
                problems,
            });
        }
        // Each for itself, with both names; the sheet of keys lists them all.
        let count = self.keymap.notices.len();
        let shown = if count > 2 { 1 } else { count };
        for notice in self.keymap.notices.iter().take(shown) {
            self.toasts.done(notice.clone());
        }
        if count > shown {
            let how = self.how(Command::KeyboardSheet);
            self.toasts.done(format!("{} more keys were taken from others; {how} to see which", count - shown));
        }
    }

    /// Reads the keymap file again, and says so.
    pub(in crate::app) fn reload_keymap(&mut self, ctx: &egui::Context) {
        self.dialog = None;
        self.load_keymap(ctx);
        if self.dialog.is_none() {
            self.toasts.done("The keymap was read");
        }
    }

    /// Shows where the keymap file is; writes it if there is none yet.
    pub(in crate::app) fn edit_keymap(&mut self) {
        let Some(path) = self.data.keymap() else {
            self.toasts.refused("There is no folder for the keymap; set MANICULE_DATA_DIR to one");
            return;
        };
        let is_new = !path.exists();
        if is_new {
            let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            let source = template(&self.keymap);
            let written = folder
                .map_err(|error| error.to_string())
                .and_then(|()| store::write_atomically(&path, source.as_bytes()).map_err(|error| error.to_string()));
            if let Err(error) = written {
                self.toasts.refused(format!("The keymap cannot be written to {}: {error}", path.display()));
                return;
            }
        }
        self.dialog = Some(Dialog::Keymap { path, is_new });
    }
}
