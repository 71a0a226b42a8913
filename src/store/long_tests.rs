//! Journals of long documents: what is packed in memory, and what is not written again for a few entries.

use super::*;
use crate::model::Document;
use crate::text::Text;

type Step = Entry<String>;

fn apply(text: &str) -> Step {
    Entry::Apply(text.to_owned())
}

fn long_document() -> Document {
    Document::new(Text::new("Anna met Bob in Berlin.\n".repeat(250_000)).expect("short enough"), Default::default())
}

struct Place {
    folder: tempfile::TempDir,
    document: Document,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("temporary folder"), document: long_document() }
    }

    fn journals(&self) -> Journals {
        Journals::in_folder(self.folder.path().join("journals"))
    }

    fn open(&self) -> Opening<String> {
        let file = self.folder.path().join("a.ron");
        self.journals().open(Base::native(&file, "sum", &self.document), None).expect("opens")
    }

    fn journal(&self) -> PathBuf {
        self.journals().journal_path(&Key::of_path(&self.folder.path().join("a.ron")))
    }
}

#[test]
fn a_long_journal_that_is_removed_is_written_again_as_it_was() {
    let place = Place::new();
    let opening = place.open();
    opening.writer.append(&apply("1"));
    opening.writer.flush().expect("synced");
    opening.writer.append(&apply("2"));
    // Packed after the answer to the first.
    opening.writer.flush().expect("synced");
    let before = fs::read(place.journal()).expect("there");
    fs::remove_file(place.journal()).expect("can be removed");
    opening.writer.append(&apply("3"));
    opening.writer.flush().expect("synced");
    let after = fs::read(place.journal()).expect("written again");
    assert!(after.starts_with(&before) && after.len() > before.len());
    drop(opening);
    // Opened again, it is packed too.
    let again = place.open();
    assert_eq!(again.recovered.as_ref().map(|recovered| recovered.after.len()), Some(3));
    again.writer.append(&apply("4"));
    again.writer.flush().expect("synced");
    fs::remove_file(place.journal()).expect("can be removed");
    again.writer.append(&apply("5"));
    again.writer.flush().expect("synced");
    assert!(fs::read(place.journal()).expect("written again").starts_with(&after));
}

#[test]
fn a_long_document_is_not_written_again_for_a_few_entries() {
    let place = Place::new();
    let opening = place.open();
    let snapshot_after = |entry: &str| {
        opening.writer.append(&apply(entry));
        opening.writer.snapshot(place.document.clone());
        opening.writer.flush().expect("synced");
        // It is written after the answer, and before the next one.
        opening.writer.flush().expect("synced");
        opening.writer.snapshot_count()
    };
    assert_eq!(snapshot_after("few"), 0);
    let many = "x".repeat(place.document.text().as_str().len());
    assert_eq!(snapshot_after(&many), 1);
    assert_eq!(snapshot_after("few more"), 1, "the last one has nearly all");
    assert_eq!(snapshot_after(&many), 2);
    drop(opening);
    assert_eq!(place.open().recovered.map(|recovered| recovered.reached.map(|reached| reached.entries)), Some(Some(4)));
}
