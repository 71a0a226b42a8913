//! Reads a native file piece by piece; a large one on all cores, with its text first.
//!
//! Only for files that lie as this program writes them and of which nothing has to be told. Everything else, and
//! whatever is in doubt, is `None` here and left to `super::read`, which reads the file as a whole; so this one has no
//! messages, and what it gives is what that one would give.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use serde::de::DeserializeOwned;

use super::locate::Places;
use super::migrate::{self, CURRENT};
use super::pieces::{self, List, Piece, Pieces};
use super::plain;
use super::read::Source;
use super::shape;
use super::to_model::{Counts, Lists, Reader};
use super::tree::Language;
use super::unknown::Kept;
use crate::formats::watch::{Unwatched, Watch};
use crate::model::{Document, Id};
use crate::text::Text;

/// Of shorter files, in bytes, the text alone is not worth to be shown, and they are read sooner than threads are started:
/// whoever reads many of them does that on several threads already.
const LARGE: usize = 512 * 1024;

/// So many pieces of each thread wait at most.
const WAITING: usize = 2;

/// Reads one document; see the module.
pub(super) fn read(source: Source<'_>, watch: &dyn Watch) -> Option<Document> {
    read_on(source, watch, source.text().len() >= LARGE)
}

/// On all cores, or on this thread.
fn read_on(source: Source<'_>, watch: &dyn Watch, all_cores: bool) -> Option<Document> {
    let Pieces { shell, pieces } = pieces::cut(source.text(), source.language())?;
    if pieces.is_empty() {
        // Without lists, or all of it on one line: there is nothing to gain.
        return None;
    }
    let mut file = source.with(&shell).deserialize::<shape::File>().ok()?;
    drop(shell);
    let has_lists = !(file.entities.is_empty()
        && file.mentions.is_empty()
        && file.events.is_empty()
        && file.quotes.is_empty()
        && file.relations.is_empty());
    let is_current = migrate::number_of(&file.format) == Some(CURRENT) && file.offsets == shape::OFFSETS;
    // A map of the document's labels may have a list of that name, on lines of the same look.
    let is_in_labels = pieces.iter().any(|piece| file.labels.contains_key(piece.list.name()));
    if has_lists || is_in_labels || !is_current {
        return None;
    }
    let text = Text::new(std::mem::take(&mut file.document.text)).ok()?;
    let sha256 = std::mem::take(&mut file.document.sha256);
    let mut reader = Reader::new(Places::new("", 1), text.clone(), Vec::new(), Kept::default());
    let mut document = reader.without_lists(file);
    let watch: &dyn Watch = if source.text().len() < LARGE { &Unwatched } else { watch };
    watch.text(&text, document.header());
    if all_cores {
        put_pieces(source, &pieces, &mut reader, &mut document, watch)?;
    } else {
        let mut counts = Counts::default();
        for piece in &pieces {
            let is_unique = reader.put(&mut document, parse(source, piece)?, &mut counts);
            if !is_unique || !reader.found.is_empty() {
                return None;
            }
        }
    }
    reader.check_sha256(&sha256);
    if !reader.found.is_empty() || !has_unique_ids(&document) {
        return None;
    }
    document.reindex();
    Some(document)
}

/// Parses pieces on all cores and puts them into the document in order.
fn put_pieces(
    source: Source<'_>,
    pieces: &[Piece<'_>],
    reader: &mut Reader<'_>,
    document: &mut Document,
    watch: &dyn Watch,
) -> Option<()> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(pieces.len());
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let channels: Vec<Receiver<Option<Lists>>> = (0..threads)
            .map(|nth| {
                let (sender, receiver) = sync_channel(WAITING);
                let is_over = &is_over;
                let mine = pieces.iter().skip(nth).step_by(threads);
                scope.spawn(move || parse_all(source, mine, is_over, &sender));
                receiver
            })
            .collect();
        let mut counts = Counts::default();
        let mut put = || {
            for (nth, receiver) in (0..pieces.len()).zip(channels.iter().cycle()) {
                // A thread that has fallen has sent nothing.
                let lists = receiver.recv().ok()??;
                if !reader.put(document, lists, &mut counts) || !reader.found.is_empty() || watch.is_cancelled() {
                    return None;
                }
                watch.progress((nth + 1) as f32 / pieces.len() as f32);
            }
            Some(())
        };
        let result = put();
        is_over.store(true, Ordering::Relaxed);
        // Whoever waits to send something is told that nobody takes it.
        drop(channels);
        result
    })
}

fn parse_all<'a>(
    source: Source<'_>,
    pieces: impl Iterator<Item = &'a Piece<'a>>,
    is_over: &AtomicBool,
    sender: &SyncSender<Option<Lists>>,
) {
    for piece in pieces {
        let lists = parse(source, piece);
        let has_failed = lists.is_none();
        if is_over.load(Ordering::Relaxed) || sender.send(lists).is_err() || has_failed {
            return;
        }
    }
}

/// The annotations of a piece; `None` unless all of it is what it should be. No string goes over a line end there, so the
/// next piece does not begin inside one.
fn parse(source: Source<'_>, piece: &Piece<'_>) -> Option<Lists> {
    let (language, lines) = (source.language(), piece);
    let mut lists = Lists::default();
    match piece.list {
        List::Entities => lists.entities = elements(language, lines)?,
        List::Mentions => lists.mentions = elements(language, lines)?,
        List::Events => lists.events = elements(language, lines)?,
        List::Quotes => lists.quotes = elements(language, lines)?,
        List::Relations => lists.relations = elements(language, lines)?,
    }
    Some(lists)
}

fn elements<T: DeserializeOwned>(language: Language, piece: &Piece<'_>) -> Option<Vec<T>> {
    match language {
        Language::Ron => plain::elements(piece.lines).ok(),
        // Between elements JSON has a comma, and none after the last.
        Language::Json => {
            let lines = piece.lines.trim_end_matches([' ', '\n']);
            let lines = if piece.is_last { lines } else { lines.strip_suffix(',')? };
            serde_json::from_str(&format!("[{lines}]")).ok()
        }
    }
}

/// Whether no identifier is empty or stands for two things; the article's own counts too. Within a list this is known.
fn has_unique_ids(document: &Document) -> bool {
    let article = Id::new(document.header.metadata.id.as_str());
    let nothing = Id::new("");
    if [&article, &nothing].into_iter().any(|id| document.kind_of(id).is_some()) {
        return false;
    }
    let others = document.events.keys().chain(document.quotes.keys()).chain(document.relations.keys());
    let count = |id: &Id| {
        usize::from(document.mentions.contains_key(id))
            + usize::from(document.events.contains_key(id))
            + usize::from(document.quotes.contains_key(id))
            + usize::from(document.entities.contains_key(id))
            + usize::from(document.relations.contains_key(id))
    };
    others.chain(document.entities.keys()).all(|id| count(id) == 1)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use proptest::prelude::*;

    use super::*;
    use crate::formats::native::migrate::STEPS;
    use crate::formats::native::read::read_with;
    use crate::formats::native::{to_json, to_ron};
    use crate::formats::test_support;
    use crate::model::Header;

    const GOLD: &str = include_str!("../../../seeds/000_1a5c9ff20c0ee09c.ron");

    /// Reads on all cores and on one, which comes to the same.
    fn read(source: Source<'_>, watch: &dyn Watch) -> Option<Document> {
        let together = read_on(source, watch, true);
        if !watch.is_cancelled() {
            assert!(read_on(source, &Unwatched, false) == together);
        }
        together
    }

    fn both(text: &str) -> [Source<'_>; 2] {
        [Source::Ron(text), Source::Json { text, first_line: 1 }]
    }

    /// A file of so many mentions, in pieces if there are enough.
    fn long(count: usize) -> String {
        let head = "(\n    format: \"manicule/1\",\n    document: (id: \"long\", text: \"Anna met Bob.\"),\n";
        let mention = "label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")]";
        let mentions: Vec<String> = (0..count).map(|i| format!("        (id: \"m{i}\", {mention}),\n")).collect();
        let mentions = mentions.concat();
        format!("{head}    mentions: [\n{mentions}    ],\n)\n")
    }

    fn slowly(source: Source<'_>) -> Option<Document> {
        read_with(source, STEPS).ok().map(|read| read.document)
    }

    /// Same document, same indexes.
    fn is_same(quick: &Document, slow: &Document) -> bool {
        let places = |document: &Document| document.span_index().touching(crate::text::Span::of(0, u32::MAX));
        quick == slow && places(quick) == places(slow)
    }

    proptest! {
        /// What is written is read quickly, and as it is read as a whole.
        #[test]
        fn it_reads_what_the_other_reads(document in test_support::sane_document()) {
            let (ron, json) = (to_ron(&document).unwrap(), to_json(&document).unwrap());
            for source in [Source::Ron(&ron), Source::Json { text: &json, first_line: 1 }] {
                match read(source, &Unwatched) {
                    Some(quick) => prop_assert!(is_same(&quick, &document)),
                    None => prop_assert_eq!(document.annotation_count(), 0, "it lies on lines"),
                }
            }
        }

        /// Whatever is done to a file: what it reads, the other reads too, and has nothing to tell.
        #[test]
        fn it_reads_nothing_else(
            document in test_support::document_with_unknown(),
            at in any::<prop::sample::Index>(),
            patch in prop::sample::select(vec!["", "\n", "\"", "\\", "'", "//", "r\"", "    ],\n", "        (", ",", "1", "m1"]),
            cut in 0usize..12,
        ) {
            for (nth, text) in [to_ron(&document).unwrap(), to_json(&document).unwrap()].into_iter().enumerate() {
                let from = text.floor_char_boundary(at.index(text.len()));
                let to = text.floor_char_boundary((from + cut).min(text.len())).max(from);
                let patched = format!("{}{patch}{}", &text[..from], &text[to..]);
                let source = both(&patched)[nth];
                if let Some(quick) = read(source, &Unwatched) {
                    let slow = read_with(source, STEPS).map_err(|problems| format!("{problems:?}\n{patched}"));
                    let slow = slow.expect("it is read");
                    prop_assert!(is_same(&quick, &slow.document), "{}", patched);
                    prop_assert_eq!(slow.problems, vec![]);
                }
            }
        }
    }

    #[test]
    fn the_sample_is_read_in_pieces() {
        let quick = read(Source::Ron(GOLD), &Unwatched).expect("lies on lines");
        assert!(is_same(&quick, &slowly(Source::Ron(GOLD)).expect("is right")));
        // Many pieces, in order.
        let text = long(20_000);
        let quick = read(Source::Ron(&text), &Unwatched).expect("lies on lines");
        assert_eq!(quick.mentions().len(), 20_000);
        assert!(is_same(&quick, &slowly(Source::Ron(&text)).expect("is right")));
    }

    /// A list inside the text of an article is text.
    #[test]
    fn what_looks_like_a_list_inside_a_string_is_left_to_the_other() {
        let text = "(\n    format: \"manicule/1\",\n    document: (text: \"a\n    mentions: [\n        (id: \\\"m1\\\")\n    ],\nb\"),\n)\n";
        assert!(read(Source::Ron(text), &Unwatched).is_none());
        assert!(slowly(Source::Ron(text)).is_some());
    }

    #[test]
    fn json_that_is_wrong_is_left_to_the_other() {
        let file = |end: &str, labels: &str| {
            let mention = "{\"id\": \"m1\", \"label\": \"P\", \"spans\": []}";
            format!(
                "{{\n  \"format\": \"manicule/1\",\n  \"document\": {{\"text\": \"Anna\"}},\n{labels}  \"mentions\": [\n    {mention}{end}\n  ]\n}}\n"
            )
        };
        let read = |text: &str| read(Source::Json { text, first_line: 1 }, &Unwatched);
        assert!(read(&file("", "")).is_some());
        for end in [",", ",,", "\u{a0}", "]"] {
            assert!(read(&file(end, "")).is_none(), "{end:?}");
        }
        let inside = file("", "  \"labels\": {\n").replace("  ]\n}\n", "  ]\n  }\n}\n");
        assert!(read(&inside).is_none() && slowly(Source::Json { text: &inside, first_line: 1 }).is_none());
    }

    #[test]
    fn whatever_is_to_be_told_is_left_to_the_other() {
        let change = |from: &str, to: &str| {
            assert!(GOLD.contains(from), "{from}");
            GOLD.replacen(from, to, 1)
        };
        for text in [
            change("(id: \"m2\"", "(id: \"m1\""),
            change("(id: \"m2\"", "(id: \"\""),
            change("(id: \"m2\"", "(id: \"e1\""),
            change("(id: \"m2\"", "(id: \"77a2bea568e7a404\""),
            change("(id: \"m2\"", "(colour: 1, id: \"m2\""),
            change("manicule/1", "manicule/2"),
            change("codepoint", "byte"),
            change("sha256: \"7", "sha256: \"8"),
            change("[(start: ", "[(start: 1"),
        ] {
            assert!(read(Source::Ron(&text), &Unwatched).is_none());
        }
    }

    /// Tells the text first, then how far it is; and stops.
    #[test]
    fn the_text_comes_first_and_nobody_waiting_ends_it() {
        struct Watcher {
            told: Mutex<Vec<String>>,
            is_cancelled: bool,
        }
        impl Watch for Watcher {
            fn text(&self, text: &Text, header: &Header) {
                let words = format!("{} {}", text.as_str().len(), header.metadata.id);
                self.told.lock().expect("no panic").push(words);
            }
            fn progress(&self, share: f32) {
                self.told.lock().expect("no panic").push(format!("{share}"));
            }
            fn is_cancelled(&self) -> bool {
                self.is_cancelled
            }
        }
        let large = long(20_000);
        let told = |text: &str, is_cancelled| {
            let watcher = Watcher { told: Mutex::default(), is_cancelled };
            let read = read(Source::Ron(text), &watcher);
            (read.is_some(), watcher.told.into_inner().expect("no panic"))
        };
        assert_eq!(told(GOLD, false), (true, vec![]), "it is read before one could look at its text");
        let (is_read, words) = told(&large, false);
        assert!(is_read);
        assert_eq!(words.first().map(String::as_str), Some("13 long"));
        assert_eq!(words.last().map(String::as_str), Some("1"));
        let (is_read, words) = told(&large, true);
        assert!(!is_read && words.len() == 1);
    }
}
