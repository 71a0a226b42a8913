//! A journal of any bytes: it is opened, what is whole in it is done again, and nothing of it is thrown away.
//!
//! An input is the file as it stands if it begins with `{"seq"`. Otherwise each line is the entry of a line, whose number
//! and checksum are put before it, so that what stands in the entries is tried, too; an empty first line stands for
//! the one that the program writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use manicule::app::journal::restore;
use manicule::edit::{Editor, Transaction};
use manicule::formats::native;
use manicule::model::schema::builtin;
use manicule::model::{Document, Header};
use manicule::store::{Base, Entry, JournalError, Journals, Opening, Recovered};
use manicule::text::Text;

use super::documents;

const TEXT: &str = "Anna Müller met Bob 😀 in Kyiv.\r\n“We will not sign,” she said.\r\n";

/// A journal that the program wrote: its name and its first line.
static WRITTEN: LazyLock<(PathBuf, Vec<u8>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let opening = open(folder.path()).expect("nobody has it");
    opening.writer.append(&Entry::<Transaction>::Begun);
    opening.writer.flush().expect("it is written");
    drop(opening);
    let files = files(folder.path());
    let (name, bytes) = files.iter().find(|(name, _)| is_journal(name)).expect("a journal");
    let first = bytes.split_inclusive(|b| *b == b'\n').next().unwrap_or_default();
    (name.clone(), first.to_vec())
});

fn document() -> Document {
    Document::new(Text::new(TEXT).expect("short"), Header::default())
}

fn open(folder: &Path) -> Result<Opening<Transaction>, JournalError> {
    let base = Base::native(Path::new("/fuzz/article.ron"), "0123", &document());
    Journals::in_folder(folder.to_owned()).open(base, None)
}

fn is_journal(name: &Path) -> bool {
    name.extension().is_some_and(|extension| extension == "journal")
}

/// All files but locks.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let all = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let all = all.filter(|path| path.extension().is_none_or(|extension| extension != "lock"));
    all.map(|path| (path.file_name().expect("a name").into(), fs::read(&path).expect("readable"))).collect()
}

/// See the module.
pub fn journal(bytes: &[u8]) {
    let bytes = if bytes.starts_with(b"{\"seq\"") { bytes.to_vec() } else { framed(bytes) };
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(&WRITTEN.0), &bytes).expect("writable");
    let _ = Journals::in_folder(folder.path().to_owned()).list_unsaved();
    let opening = match open(folder.path()) {
        Ok(opening) => opening,
        Err(JournalError::Newer { .. }) => {
            let files = files(folder.path());
            return assert_eq!(files, [(WRITTEN.0.clone(), bytes)], "the journal of a newer program was touched");
        }
        Err(error) => panic!("{error}"),
    };
    let Opening { writer, recovered, diverged, problems } = opening;
    // One that begins with a copy of a file that nobody has begins again, with what is in memory; the old one is kept.
    writer.flush().expect("nothing is waiting");
    let now = files(folder.path());
    let is_kept_whole = now.iter().any(|(name, kept)| !is_journal(name) && *kept == bytes);
    let is_begun_again = is_kept_whole && now.iter().any(|(name, _)| is_journal(name));
    if !is_begun_again {
        is_kept(&now, &bytes);
    }
    assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.hint.is_empty()));
    // Opened again it is the same, and nothing is wrong with it any more.
    drop(writer);
    let again = open(folder.path()).expect("nobody has it");
    assert!(again.problems.is_empty(), "{:?}", again.problems);
    if !is_begun_again {
        assert_eq!(again.recovered, recovered, "it is another one when it is opened again");
        assert_eq!(again.diverged, diverged, "it is another one when it is opened again");
    }
    drop(again);
    for recovered in recovered.into_iter().chain(diverged) {
        done_again(recovered);
    }
    for unsaved in Journals::in_folder(folder.path().to_owned()).list_unsaved() {
        let resumed = Journals::in_folder(folder.path().to_owned()).resume::<Transaction>(&unsaved.key, None);
        if let Some(recovered) = resumed.ok().and_then(|opening| opening.recovered) {
            done_again(recovered);
        }
    }
}

/// Every byte of it is still there: in the journal, after it in what was cut off, or in what was set aside.
fn is_kept(files: &[(PathBuf, Vec<u8>)], bytes: &[u8]) {
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by_key(|(name, _)| !is_journal(name));
    let all: Vec<u8> = files.into_iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect();
    assert!(all == bytes, "something of the journal is gone: {:?}", String::from_utf8_lossy(&all));
}

/// Does everything again, takes all of it back, and looks at the document in between.
fn done_again(recovered: Recovered<Transaction>) {
    let base = match recovered.header.base_document() {
        Some(Ok(base)) => base,
        _ => document(),
    };
    documents::check(&base, None);
    let is_all = recovered.before_saved.is_empty();
    let mut editor = Editor::new(base.clone(), Arc::new(builtin("news").expect("ships").clone()));
    if let Err(problem) = restore(&mut editor, recovered) {
        assert!(!problem.message.is_empty());
    }
    assert_eq!(editor.document().text(), base.text());
    documents::check(editor.document(), None);
    let restored = native::to_ron(editor.document()).expect("it can be written");
    while editor.undo().is_some() {}
    documents::check(editor.document(), None);
    if is_all {
        assert!(*editor.document() == base, "taken back, it is not what it was: {:#?}", editor.document());
        while editor.redo().is_some() {}
        let _ = restored;
        documents::check(editor.document(), None);
    }
}

/// Lines with number and checksum.
fn framed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (seq, entry) in (0_u64..).zip(bytes.split(|b| *b == b'\n')) {
        if seq == 0 && entry.is_empty() {
            out.extend(&WRITTEN.1);
            continue;
        }
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&seq.to_le_bytes());
        hasher.update(entry);
        out.extend(format!("{{\"seq\":{seq},\"crc32\":{},\"entry\":", hasher.finalize()).bytes());
        out.extend(entry);
        out.extend(b"}\n");
    }
    out
}
