//! A document made ready for a window: what costs time on a long one is done here, on the thread that has read it.

use std::sync::Arc;

use super::cache::DocumentCache;
use super::journal::restore;
use crate::edit::{Editor, Transaction};
use crate::model::{Document, Problem, Schema};
use crate::store::Recovered;

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
    /// Does again what the journal knows, and makes the lists. Takes a second for a million annotations.
    pub fn new(read: Document, schema: Option<Arc<Schema>>, recovered: Option<Recovered<Transaction>>) -> Self {
        let used = schema.clone().unwrap_or_else(|| {
            let named = &read.header().schema;
            Arc::new(Schema::empty(&named.name, named.version))
        });
        let mut editor = Editor::new(read.clone(), Arc::clone(&used));
        let restored = recovered.map(|recovered| restore(&mut editor, recovered));
        let cache = DocumentCache::rebuild(editor.document(), &used);
        Self { read, editor, restored, cache, schema }
    }
}
