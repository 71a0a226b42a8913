//! What a journal is about and what stands in it: its first line, its entries, and the key under which it is found.
//! What becomes of them is the matter of [`super::journal`].

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::copies::Copied;
use super::snapshot::{Held, Standing};
use super::{canonical, sha256_of};
use crate::formats::native::{self, Source};
use crate::model::{Document, Problem};

/// The value of [`Header::journal`] where the document is in the header.
const IN_WORDS: &str = "manicule-journal/1";
/// The same where the header names a copy of its file: a program that does not look for that must leave it alone.
const WITH_COPY: &str = "manicule-journal/2";

/// The highest number in these.
pub(super) const VERSION: u32 = 2;

/// Something that happened to a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Entry<T> {
    /// What was done up to here is in no file: a new article was made, the save whose marker stands before this failed, or
    /// the user keeps this version although another program has written another one.
    Begun,
    /// A transaction was applied.
    Apply(T),
    /// The last step was undone: a transaction, or all neighbouring ones of a group.
    Undo,
    /// The last undone step was done again.
    Redo,
    /// The document was saved.
    Saved {
        /// Where.
        path: PathBuf,
        /// SHA-256 of the file's bytes.
        sha256: String,
    },
}

/// Where the document came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Origin {
    /// A native file.
    Native {
        /// The file.
        path: PathBuf,
    },
    /// A file of another format.
    Text {
        /// The file.
        path: PathBuf,
        /// The encoding that it was read in, if the format leaves that open.
        encoding: Option<String>,
        /// Which document of the file it is, from 0, if the file holds several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<usize>,
    },
    /// Pasted as a new article.
    Pasted,
}

impl Origin {
    /// The file it came from.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Native { path } | Self::Text { path, .. } => Some(path),
            Self::Pasted => None,
        }
    }
}

/// The first line of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    journal: String,
    /// Where the document came from.
    pub origin: Origin,
    /// Its title, for the list of unsaved work.
    pub title: String,
    /// SHA-256 of the file it was opened from; empty if it was pasted.
    pub base_sha256: String,
    /// The document before the first entry, as native JSON; on lines, so that a long one is read in pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    /// The file that holds it instead, of which there is a copy beside the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copy: Option<Copied>,
    /// Tells this journal from others under the same key; empty in those from before there were snapshots.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) id: String,
    /// The files that hold less than `base`, the last saved one last; empty: the file of `base_sha256` holds all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) held: Vec<Held>,
    /// The document before the first entry, once it was read.
    #[serde(skip)]
    known: Option<Document>,
}

impl Header {
    fn new(origin: Origin, title: String, base_sha256: String) -> Self {
        let journal = IN_WORDS.to_owned();
        let (base, copy, held, known) = (None, None, Vec::new(), None);
        Self { journal, origin, title, base_sha256, base, copy, id: unique(), held, known }
    }

    /// Of a journal that begins with the document of a snapshot.
    pub(super) fn begun(standing: Standing, document: String) -> Self {
        let Standing { origin, title, held } = standing;
        let base_sha256 = held.last().map(|held| held.sha256.clone()).unwrap_or_default();
        Self { base: Some(document), held, ..Self::new(origin, title, base_sha256) }
    }

    /// With the document before the first entry; costs as much as it is long.
    pub(super) fn with_base(self, document: &Document) -> Self {
        Self { journal: IN_WORDS.to_owned(), base: native::to_json(document).ok(), copy: None, ..self }
    }

    /// With the name of a file that holds it.
    pub(super) fn with_copy(self, copied: Copied) -> Self {
        Self { journal: WITH_COPY.to_owned(), base: None, copy: Some(copied), ..self }
    }

    /// The file of which there is a copy, if that holds the document before the first entry.
    pub(super) fn copy(&self) -> Option<&Copied> {
        self.copy.as_ref()
    }

    /// The document before the first entry was read.
    pub(super) fn know(&mut self, document: Document) {
        self.known = Some(document);
    }

    /// Whether the document before the first entry is all that the file with this SHA-256 holds.
    pub fn is_of(&self, file_sha256: &str) -> bool {
        self.held.is_empty() && self.base_sha256 == file_sha256
    }

    /// Whether this program knows journals of this kind.
    pub(super) fn is_known(&self) -> bool {
        [IN_WORDS, WITH_COPY].contains(&self.journal.as_str())
    }

    /// How many changes of the base the file with this SHA-256 does not hold; `None` if it is another file.
    pub(super) fn lacking(&self, file_sha256: &str) -> Option<usize> {
        let held = self.held.iter().find(|held| held.sha256 == file_sha256).map(|held| held.changes);
        held.or_else(|| (self.base_sha256 == file_sha256).then_some(0))
    }

    /// The same, of the file that was saved last.
    pub(super) fn lacking_last(&self) -> usize {
        self.held.last().map_or(0, |held| held.changes)
    }

    /// The document before the first entry, if the journal holds it. Where a copy of its file does, it is there if it was
    /// needed to open the journal.
    ///
    /// # Errors
    /// The problems of reading it; the checksum makes that a matter of another version of the program.
    pub fn base_document(&self) -> Option<Result<Document, Vec<Problem>>> {
        if let Some(known) = &self.known {
            return Some(Ok(known.clone()));
        }
        let base = self.base.as_ref()?;
        Some(native::read(Source::Json { text: base, first_line: 1 }).map(|read| read.document))
    }
}

/// What is opened: decides which journal belongs to it.
#[derive(Clone, Debug)]
pub struct Base {
    pub(super) key: Key,
    /// Without the document: it is put into words when the first entry is written.
    pub(super) header: Header,
    pub(super) document: Document,
    /// Whether it is what the native file of `header` holds, word for word.
    pub(super) is_file: bool,
}

impl Base {
    /// A native file that holds this document and nothing else; without a SHA-256 there is none yet.
    pub fn native(path: &Path, sha256: &str, document: &Document) -> Self {
        let origin = Origin::Native { path: canonical(path) };
        // Also here: the file may be gone when the work is wanted back.
        Self { is_file: !sha256.is_empty(), ..Self::of(Key::of_path(path), origin, sha256, document) }
    }

    /// A file of another format: its annotations live in the journal until they are saved.
    pub fn text(path: &Path, sha256: &str, encoding: Option<&str>, document: &Document) -> Self {
        let origin = Origin::Text { path: canonical(path), encoding: encoding.map(str::to_owned), document: None };
        Self::of(Key::of_path(path), origin, sha256, document)
    }

    /// The same, for one document of a file that holds several, counted from 0.
    #[must_use]
    pub fn of_several(mut self, path: &Path, nth: usize) -> Self {
        self.key = Key::of_document(path, nth);
        if let Origin::Text { document, .. } = &mut self.header.origin {
            *document = Some(nth);
        }
        self
    }

    /// A new article without a file.
    pub fn pasted(document: &Document) -> Self {
        Self::of(Key::unique(), Origin::Pasted, "", document)
    }

    /// The same, of a document that may not be quite what the file holds: with some changes that it lacks, for certain or
    /// perhaps.
    #[must_use]
    pub fn lacking(mut self, changes: usize) -> Self {
        self.is_file = false;
        if changes > 0 {
            self.header.held = vec![Held { sha256: self.header.base_sha256.clone(), changes }];
        }
        self
    }

    fn of(key: Key, origin: Origin, sha256: &str, document: &Document) -> Self {
        let title = document.header().metadata.title.clone();
        let header = Header::new(origin, title, sha256.to_owned());
        Self { key, header, document: document.clone(), is_file: false }
    }
}

/// The name of a journal in the folder of journals: sixteen hexadecimal digits. Which file has which is told by
/// [`super::Journals::key_of`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub(super) String);

impl Key {
    /// The key of a file wherever it lies, however its path is written.
    pub fn of_path(path: &Path) -> Self {
        Self::of_bytes(canonical(path).as_os_str().as_encoded_bytes())
    }

    /// The key of a document in a file that holds several, counted from 0.
    pub fn of_document(path: &Path, nth: usize) -> Self {
        let path = canonical(path);
        Self::of_bytes(&[path.as_os_str().as_encoded_bytes(), format!("\0{nth}").as_bytes()].concat())
    }

    /// The key of a file in a folder that goes about with its journals, by its path from there on; of a document in it, if it
    /// holds several.
    pub(super) fn of_inside(path: &Path, nth: Option<usize>) -> Self {
        // No path of a whole system begins so.
        let mut bytes = b"inside\0".to_vec();
        for name in path {
            bytes.push(b'/');
            bytes.extend(name.as_encoded_bytes());
        }
        bytes.extend(nth.into_iter().flat_map(|nth| format!("\0{nth}").into_bytes()));
        Self::of_bytes(&bytes)
    }

    /// A key that no file has.
    pub(super) fn unique() -> Self {
        Self(unique())
    }

    fn of_bytes(bytes: &[u8]) -> Self {
        Self(short_sha256_of(bytes))
    }
}

/// Sixteen hexadecimal digits that nobody else has.
fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    short_sha256_of(format!("{} {} {count}", now.as_nanos(), std::process::id()).as_bytes())
}

fn short_sha256_of(bytes: &[u8]) -> String {
    let mut sha256 = sha256_of(bytes);
    sha256.truncate(16);
    sha256
}
