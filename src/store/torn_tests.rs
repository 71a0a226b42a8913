//! A real journal, cut at every byte and with every bit flipped, with and without its snapshot.

use std::path::PathBuf;
use std::sync::Arc;

use super::disk::Disk;
use super::disk::tests::Faults;
use super::journal::{Base, Entry, Journals, Key, Pace};
use super::recovery::{Contents, Look, look};
use super::snapshot::Snapshot;
use crate::edit::{Editor, Intent, Transaction};
use crate::model::schema::builtin;
use crate::model::test_support::spans;
use crate::model::{Document, Header};
use crate::text::Text;

type Step = Entry<Transaction>;

/// What the program really wrote.
struct Real {
    journal: Vec<u8>,
    snapshot: Vec<u8>,
    entries: Vec<Step>,
    /// How many entries the snapshot includes, and the document after them.
    seq: usize,
    document: Document,
}

impl Real {
    fn write() -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.ron");
        let text = "Éva met Bob 😀\r\nin Zürich.";
        let document = Document::new(Text::new(text).expect("short"), Header::default());
        let mut editor = Editor::new(document, Arc::new(builtin("news").expect("ships").clone()));
        let disk = Disk::behind(Arc::new(Faults::default()));
        let journals = Journals::on(disk, Pace::default(), folder.path().join("journals"));
        let base = Base::native(&path, "old", editor.document());
        let key = Key::of_path(&path);
        let writer = journals.open::<Transaction>(base, None).expect("opens").writer;
        let mut entries: Vec<Step> = Vec::new();
        let mut put = |entry: Step| {
            writer.append(&entry);
            entries.push(entry);
        };
        let apply = |editor: &mut Editor, intent: Intent| {
            Entry::Apply(Arc::unwrap_or_clone(editor.execute(&intent).expect("legal").transaction.expect("changed")))
        };
        let mention = |at: (u32, u32)| Intent::AddMention { label: "Person".into(), spans: spans(&[at]) };
        put(apply(&mut editor, mention((0, 4))));
        let group = editor.new_group();
        for intent in [
            Intent::AddEvent { r#type: "Consult".into(), trigger: spans(&[(5, 8)]) },
            Intent::SetNote { id: "m1".into(), note: "“Éva” 😀\n".into() },
        ] {
            let done = editor.execute_in(&intent, Some(group)).expect("legal");
            put(Entry::Apply(Arc::unwrap_or_clone(done.transaction.expect("changed"))));
        }
        put(Entry::Saved { path: path.clone(), sha256: "new".into() });
        editor.undo().expect("a group");
        put(Entry::Undo);
        editor.redo().expect("a group");
        put(Entry::Redo);
        writer.snapshot(editor.document().clone());
        let (seq, document) = (6, editor.document().clone());
        put(apply(&mut editor, mention((9, 12))));
        put(Entry::Saved { path, sha256: "newer".into() });
        put(apply(&mut editor, Intent::Delete { ids: vec!["m1".into()] }));
        editor.undo().expect("one");
        put(Entry::Undo);
        // A snapshot is written after whoever flushes has an answer, and before the next one.
        writer.flush().expect("written");
        writer.flush().expect("written");
        let read = |path: PathBuf| std::fs::read(path).expect("written");
        let (journal, snapshot) = (read(journals.journal_path(&key)), read(journals.snapshot_path(&key)));
        Self { journal, snapshot, entries, seq, document }
    }

    fn lines(&self) -> Vec<&[u8]> {
        self.journal.split_inclusive(|b| *b == b'\n').collect()
    }

    /// How many entries stand whole before this byte.
    fn whole_before(&self, at: usize) -> usize {
        let mut end = 0;
        let ends = self.lines().into_iter().map(|line| {
            end += line.len();
            end
        });
        ends.take_while(|end| *end <= at).count().saturating_sub(1)
    }

    fn header_end(&self) -> usize {
        self.lines().first().map_or(0, |line| line.len())
    }
}

fn found(journal: &[u8], snapshot: Option<&[u8]>) -> Option<Contents<Transaction>> {
    match look(Some(journal), snapshot.and_then(Snapshot::parse)) {
        Look::Found(contents) => Some(contents),
        Look::Nothing | Look::Unreadable { .. } => None,
    }
}

/// What must be found of a journal that is damaged at a byte.
fn check(real: &Real, at: usize, damaged: &[u8], is_cut: bool) {
    let before = real.whole_before(at);
    // By itself: exactly the entries before the damage; a record without its line end is whole.
    let contents = found(damaged, None);
    let is_headed = at >= real.header_end() || (is_cut && at + 1 == real.header_end());
    assert_eq!(contents.is_some(), is_headed, "byte {at}");
    if let Some(contents) = contents {
        let count = contents.entries.len();
        assert!(count == before || (is_cut && count == before + 1), "byte {at}: {count} of {before}");
        assert_eq!(contents.entries, real.entries[..count], "byte {at}");
    }
    // With the snapshot: at least what it holds, and of later entries what is whole.
    let contents = found(damaged, Some(&real.snapshot)).expect("the snapshot is whole");
    if let Some(base) = contents.header.held.last().map(|_| contents.header.base_document()) {
        assert_eq!(base.expect("held").expect("readable"), real.document, "byte {at}");
        let after = &real.entries[real.seq..];
        assert!(after.starts_with(&contents.entries), "byte {at}");
        assert_eq!(contents.entries.len(), if is_cut { 0 } else { after.len() }, "byte {at}");
        assert!(before < real.seq, "byte {at}: there was no need");
        assert!(found(&contents.bytes, None).is_some_and(|again| again.entries == contents.entries), "byte {at}");
    } else {
        assert!(contents.entries.len() >= real.seq, "byte {at}");
        assert_eq!(contents.entries, real.entries[..contents.entries.len()], "byte {at}");
        assert!(contents.snapshot.is_none_or(|(seq, _)| seq == real.seq), "byte {at}");
    }
}

#[test]
fn a_real_journal_cut_at_every_byte_loses_nothing_before_the_cut() {
    let real = Real::write();
    for cut in 0..real.journal.len() {
        check(&real, cut, &real.journal[..cut], true);
    }
}

#[test]
fn a_real_journal_with_every_bit_flipped_loses_only_what_follows() {
    let real = Real::write();
    let mut bytes = real.journal.clone();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            check(&real, at, &bytes, false);
            bytes[at] ^= 1 << bit;
        }
    }
    println!("{} bits of a journal of {} bytes with {} entries", bytes.len() * 8, bytes.len(), real.entries.len());
}

#[test]
fn a_snapshot_with_any_bit_flipped_is_none() {
    let real = Real::write();
    let mut bytes = real.snapshot.clone();
    assert!(Snapshot::parse(&bytes).is_some());
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            assert!(Snapshot::parse(&bytes).is_none(), "byte {at}");
            bytes[at] ^= 1 << bit;
        }
        // All but the line end is needed.
        assert_eq!(Snapshot::parse(&bytes[..at]).is_some(), at + 1 == bytes.len(), "cut at {at}");
    }
    let contents = found(&real.journal, None).expect("the journal is whole");
    assert_eq!((contents.entries, contents.damaged), (real.entries, 0));
}

#[test]
fn snapshot_and_journal_tell_of_the_same_document() {
    let real = Real::write();
    let contents = found(&real.journal, Some(&real.snapshot)).expect("whole");
    let (seq, snapshot) = contents.snapshot.expect("it fits");
    let mut editor = Editor::new(
        contents.header.base_document().expect("held").expect("readable"),
        Arc::new(builtin("news").expect("ships").clone()),
    );
    for entry in contents.entries.into_iter().take(seq) {
        match entry {
            Entry::Apply(transaction) => editor.replay(transaction).expect("fits"),
            Entry::Undo => drop(editor.undo()),
            Entry::Redo => drop(editor.redo()),
            Entry::Begun | Entry::Saved { .. } => {}
        }
    }
    assert_eq!(Some(editor.document()), snapshot.read_document().as_ref());
    let held: Vec<(&str, usize)> = snapshot.held.iter().map(|held| (held.sha256.as_str(), held.changes)).collect();
    assert_eq!(held, [("old", 5), ("new", 2)]);
}
