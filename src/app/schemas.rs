//! Finding and loading schemas, and using them in the window.
//!
//! A schema that the user loads is copied into the data folder, so that documents which name it open with it again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::App;
use super::data::DataDir;
use super::messages::Message;
use super::session::Session;
use crate::model::schema::{BUILTIN, builtin};
use crate::model::{Problem, Schema, SchemaRef};
use crate::store;

/// The schema of new documents.
pub fn default_schema() -> Arc<Schema> {
    let named = BUILTIN.first().and_then(|(name, _)| builtin(name)).cloned();
    Arc::new(named.unwrap_or_else(|| Schema::empty("none", 1)))
}

/// The schema of this name, if no file is to be read for it: one that ships, or one of those that are in use. A document
/// that names none gets the default.
pub fn at_hand(named: &SchemaRef, in_use: &[Arc<Schema>]) -> Option<Arc<Schema>> {
    if named.name.is_empty() {
        return Some(default_schema());
    }
    let is_it = |schema: &Schema| (schema.name.as_str(), schema.version) == (named.name.as_str(), named.version);
    let ships = builtin(&named.name).filter(|schema| is_it(schema)).map(|schema| Arc::new(schema.clone()));
    ships.or_else(|| in_use.iter().find(|schema| is_it(schema)).cloned())
}

/// The schema that a document at `path` names: one that ships, one beside the document, or one that was loaded before.
/// Reads files: not for a frame.
///
/// # Errors
/// In words, if there is none of this name.
pub fn find(named: &SchemaRef, path: &Path, data: &DataDir) -> Result<Arc<Schema>, String> {
    if let Some(schema) = at_hand(named, &[]) {
        return Ok(schema);
    }
    // The name comes from the document: it must not lead out of the folder.
    let beside = path
        .parent()
        .and_then(|folder| store::confined::inside(folder, Path::new(&format!("{}.ron", named.name))).ok());
    let candidates = beside.into_iter().chain(copy_path(data, &named.name, named.version));
    for candidate in candidates.filter(|c| c.is_file()) {
        let ron = store::confined::read(&candidate).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let read = ron.and_then(|ron| Schema::parse(&ron, Some(&candidate)).ok());
        if let Some(schema) = read.filter(|s| s.name == named.name && s.version == named.version) {
            return Ok(Arc::new(schema));
        }
    }
    Err(format!("the schema {:?} version {} is not at hand, so its labels are not known", named.name, named.version))
}

/// Reads a schema file and keeps a copy.
///
/// # Errors
/// Everything that is wrong with it, with file, line and hint.
pub fn load(path: &Path, data: &DataDir) -> Result<Arc<Schema>, Vec<Problem>> {
    let unreadable = |error: String| {
        let message = format!("the file cannot be read: {error}");
        vec![Problem::error("schema-read", message, "choose a text file in UTF-8").in_file(path)]
    };
    let bytes = store::confined::read(path).map_err(|error| unreadable(error.to_string()))?;
    let ron = String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
    let schema = Schema::parse(&ron, Some(path))?;
    if let Some(copy) = copy_path(data, &schema.name, schema.version) {
        let made = copy.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = made.and_then(|()| store::write_atomically(&copy, ron.as_bytes())) {
            tracing::warn!(%error, "the schema could not be copied");
        }
    }
    Ok(Arc::new(schema))
}

/// Keeps a schema that came with a file of another format, so that the document opens with it again once it is saved in
/// our own.
pub fn keep(schema: Schema, data: &DataDir) -> Arc<Schema> {
    let is_known = builtin(&schema.name).is_some_and(|known| known.version == schema.version);
    if let Some(copy) = copy_path(data, &schema.name, schema.version).filter(|_| !is_known) {
        let ron = ron::ser::to_string_pretty(&schema, ron::ser::PrettyConfig::default());
        let made = copy.parent().map_or(Ok(()), std::fs::create_dir_all);
        let kept = made.and_then(|()| match &ron {
            Ok(ron) => store::write_atomically(&copy, ron.as_bytes()),
            Err(error) => Err(std::io::Error::other(error.to_string())),
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "the schema could not be kept");
        }
    }
    Arc::new(schema)
}

/// Where the copy of a loaded schema is.
fn copy_path(data: &DataDir, name: &str, version: u32) -> Option<PathBuf> {
    let is_plain =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_ .".contains(c)) && !name.starts_with('.');
    let folder = data.schemas()?;
    is_plain.then(|| folder.join(format!("{name}-{version}.ron")))
}

impl App {
    pub(super) fn use_builtin_schema(&mut self, name: &'static str) {
        if let Some(schema) = crate::model::schema::builtin(name) {
            self.use_schema(Arc::new(schema.clone()));
        }
    }

    pub(super) fn use_schema(&mut self, schema: Arc<Schema>) {
        // Everything is compared with it.
        let is_large = self.session.as_ref().is_some_and(Session::is_long);
        let words = is_large.then(|| format!("Comparing all annotations with the labels of {}", schema.title));
        self.change(words, move |changing| {
            let set = changing.set_schema(Arc::clone(&schema));
            Box::new(move |app| match set {
                Ok(()) => app.uses_schema(schema),
                Err(error) => app.edit_refused(error),
            })
        });
    }

    /// The document has got another schema.
    fn uses_schema(&mut self, schema: Arc<Schema>) {
        let Some(session) = &mut self.session else { return };
        let title = schema.title.clone();
        session.schemas.insert(0, schema);
        session.set_keys(&self.keymap.reserved());
        let notices = session.keys.notices.join("; ");
        self.toasts.done(format!("Labels of {title}{}{notices}", if notices.is_empty() { "" } else { ": " }));
    }

    /// After undo or redo: the document may name another schema now. One that is not at hand is looked for.
    pub(super) fn follow_schema(&mut self) {
        let Some(session) = &mut self.session else { return };
        // A project has one label set, whatever its documents name.
        if session.document_name().is_some() {
            return;
        }
        let named = &session.document().header().schema;
        let current = session.editor.schema();
        if (named.name.as_str(), named.version) == (current.name.as_str(), current.version) {
            return;
        }
        match at_hand(named, &session.schemas) {
            Some(schema) => {
                session.use_schema(schema);
                session.set_keys(&self.keymap.reserved());
            }
            None => self.look_for_schema(),
        }
    }

    /// Looks for the schema that the document names, on a thread of its own: the disk may hang.
    pub(super) fn look_for_schema(&mut self) {
        let Some(session) = &self.session else { return };
        let (number, named) = (session.number, session.document().header().schema.clone());
        let place = session.origin.shown().unwrap_or(Path::new("")).to_owned();
        let data = self.data.clone();
        self.jobs.spawn("Looking for a schema", move || {
            let result = find(&named, &place, &data);
            Message::SchemaFound { session: number, named, result }
        });
    }

    /// Uses a schema that was looked for, if the document still names it.
    pub(super) fn schema_found(&mut self, number: u64, named: &SchemaRef, result: Result<Arc<Schema>, String>) {
        let Some(session) = self.session.as_mut().filter(|session| session.number == number) else { return };
        // Another search may have been quicker.
        if session.document().header().schema != *named || at_hand(named, &session.schemas).is_some() {
            return;
        }
        match result {
            Ok(schema) => {
                session.schemas.push(Arc::clone(&schema));
                session.use_schema(schema);
                session.set_keys(&self.keymap.reserved());
            }
            Err(why) => self.toasts.refused(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::derive::schema_of;
    use crate::formats::native::NativeRon;
    use crate::formats::{Format as _, Input};

    #[test]
    fn a_schema_that_came_with_a_file_is_found_again() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let data = DataDir::at(folder.path().join("data"));
        let sample = include_bytes!("../../seeds/000_1a5c9ff20c0ee09c.ron");
        let read = NativeRon.read(&Input::of_bytes(sample)).expect("ships");
        let mut schema = schema_of(read.iter().map(|read| &read.document));
        schema.name = "imported-0123".to_owned();
        let kept = keep(schema, &data);
        let named = SchemaRef { name: kept.name.clone(), version: kept.version };
        let found = find(&named, &folder.path().join("a.ron"), &data).expect("kept");
        assert_eq!(*found, *kept);
        // A name that would leave the folder is not read there,
        let elsewhere = folder.path().join("elsewhere");
        std::fs::create_dir(&elsewhere).expect("writable");
        let mut stolen = kept.as_ref().clone();
        stolen.name = "../stolen".to_owned();
        let ron = ron::ser::to_string_pretty(&stolen, ron::ser::PrettyConfig::default()).expect("plain");
        std::fs::write(folder.path().join("stolen.ron"), ron).expect("writable");
        let named = SchemaRef { name: stolen.name.clone(), version: stolen.version };
        assert!(find(&named, &elsewhere.join("a.ron"), &data).is_err());
        // and not written.
        let mut outside = kept.as_ref().clone();
        outside.name = "../outside".to_owned();
        keep(outside, &data);
        assert!(!folder.path().join("outside-1.ron").exists() && !folder.path().join("data/outside-1.ron").exists());
    }
}
