//! A document made ready for a window: what costs time on a long one is done here, on the thread that has read it.

use std::sync::Arc;

use super::cache::DocumentCache;
use super::journal::restore;
use crate::edit::{Editor, Transaction};
use crate::model::{Document, Problem, Schema};
use crate::store::Recovered;
use crate::text::Text;

/// In bytes.
const CUT_AT_ONCE: usize = 256 * 1024;

/// See the module.
pub struct Ready {
    /// The document as it was read, before anything was done again.
    pub read: Document,
    /// With everything done again that the journal knows.
    pub editor: Editor,
    /// How many changes no file holds, or why the journal does not fit; `None`: it knows nothing.
    pub restored: Option<Result<usize, Problem>>,
    /// What panels show of it.
    pub cache: DocumentCache,
    /// The schema that the document names, if it was found.
    pub schema: Option<Arc<Schema>>,
}

impl Ready {
    /// Without annotations, while these are still being read; its text is not cut, which would hold that up.
    pub fn of_text(read: Document, schema: Option<Arc<Schema>>) -> Self {
        let used = used(&read, schema.as_ref());
        let editor = Editor::new(read.clone(), Arc::clone(&used));
        let cache = DocumentCache::rebuild(editor.document(), &used);
        Self { read, editor, restored: None, cache, schema }
    }

    /// Does again what the journal knows, and makes the lists. Takes a second for a million annotations.
    pub fn new(read: Document, schema: Option<Arc<Schema>>, recovered: Option<Recovered<Transaction>>) -> Self {
        let used = used(&read, schema.as_ref());
        let mut editor = Editor::new(read.clone(), Arc::clone(&used));
        let restored = recovered.map(|recovered| restore(&mut editor, recovered));
        let cache = DocumentCache::rebuild(editor.document(), &used);
        prepare(editor.document().text());
        Self { read, editor, restored, cache, schema }
    }
}

/// The schema to work with: an empty one of the same name, if none was found.
fn used(read: &Document, schema: Option<&Arc<Schema>>) -> Arc<Schema> {
    let named = &read.header().schema;
    schema.cloned().unwrap_or_else(|| Arc::new(Schema::empty(&named.name, named.version)))
}

/// Cuts a text into tokens and sentences: a short one at once, any other on a thread that nobody waits for. Keys are
/// answered from what is near until it is cut.
fn prepare(text: &Text) {
    if text.as_str().len() < CUT_AT_ONCE {
        text.prepare();
        return;
    }
    let text = text.clone();
    // Where there is no thread, it is cut when somebody asks.
    let _ = std::thread::Builder::new().name("cutting the text".into()).spawn(move || text.prepare());
}
