//! What can be got back from the bytes of a journal and of the snapshot beside it. Looks only, changes nothing.
//!
//! A journal is believed up to its first damaged line. If the snapshot includes more than that, it is taken instead, with
//! the lines after it that are whole; then history begins at the snapshot, and the journal has to be begun again.

use serde::de::DeserializeOwned;

use super::journal::{Entry, Header};
use super::log;
use super::snapshot::{Snapshot, Standing};

/// What is there.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one is made when a document is opened")]
pub enum Look<T> {
    /// Neither journal nor snapshot.
    Nothing,
    /// A journal without a good beginning, and no snapshot.
    Unreadable {
        /// How many of its lines are damaged.
        damaged: usize,
    },
    /// Work.
    Found(Contents<T>),
}

/// A journal as it should be.
#[derive(Debug)]
pub struct Contents<T> {
    /// The first line.
    pub header: Header,
    /// The good lines after it.
    pub entries: Vec<Entry<T>>,
    /// All of these as bytes; the line end of the last may be missing.
    pub bytes: Vec<u8>,
    /// How many entries the snapshot includes, and the snapshot.
    pub snapshot: Option<(usize, Snapshot)>,
    /// How the file differs from `bytes`.
    pub damage: Damage,
    /// How many lines are damaged, and those after them that cannot be trusted any more.
    pub damaged: usize,
}

/// How a journal's file differs from what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Not at all.
    None,
    /// More follows in the file.
    Rest,
    /// The journal is another one, which begins with what the snapshot held.
    Begun,
}

/// Looks at the bytes of a journal and at a whole snapshot with its number.
pub fn look<T: DeserializeOwned>(journal: Option<&[u8]>, snapshot: Option<(u64, Snapshot)>) -> Look<T> {
    let bytes = journal.unwrap_or_default();
    let log = log::read::<Header, Entry<T>>(bytes);
    let header = log.header.filter(Header::is_known);
    // A snapshot of another journal is none.
    let snapshot = snapshot.filter(|(_, snapshot)| header.as_ref().is_none_or(|header| header.id == snapshot.journal));
    if let Some((seq, snapshot)) = &snapshot
        && (header.is_none() || *seq > log.entries.len() as u64)
    {
        return Look::Found(begun_from(*seq, snapshot, bytes));
    }
    match header {
        Some(header) => {
            let good = bytes.get(..log.good_bytes).unwrap_or_default();
            let rest = bytes.get(log.good_bytes..).unwrap_or_default();
            let snapshot = snapshot.map(|(seq, snapshot)| (seq as usize, snapshot)).filter(|(seq, snapshot)| {
                let included = usize::try_from(snapshot.bytes).ok().and_then(|end| good.get(..end));
                log.ends.get(*seq).map(|end| *end as u64) == Some(snapshot.bytes)
                    && included.is_some_and(|included| crc32fast::hash(included) == snapshot.crc32)
            });
            Look::Found(Contents {
                header,
                entries: log.entries,
                bytes: good.to_vec(),
                snapshot,
                damage: if rest.is_empty() { Damage::None } else { Damage::Rest },
                damaged: rest.split_inclusive(|b| *b == b'\n').count(),
            })
        }
        None if journal.is_some() => Look::Unreadable { damaged: log::damaged_lines(bytes) },
        None => Look::Nothing,
    }
}

/// The journal that begins with a snapshot and goes on with the good lines after it.
pub fn begun_from<T: DeserializeOwned>(seq: u64, snapshot: &Snapshot, bytes: &[u8]) -> Contents<T> {
    let at = usize::try_from(snapshot.bytes).unwrap_or(usize::MAX).min(bytes.len());
    let (before, after) = bytes.split_at(at);
    let run = log::read_on::<Entry<T>>(after, seq + 1);
    let standing =
        Standing { origin: snapshot.origin.clone(), title: snapshot.title.clone(), held: snapshot.held.clone() };
    let header = Header::begun(standing, snapshot.document.clone());
    let (good, rest) = after.split_at(run.good_bytes);
    // A header is plain data and always serialises.
    let mut lines = log::line(0, &header).unwrap_or_default();
    lines += &log::renumbered(good, 1);
    Contents {
        header,
        entries: run.entries,
        bytes: lines.into_bytes(),
        snapshot: None,
        damage: Damage::Begun,
        damaged: log::damaged_lines(before) + rest.split_inclusive(|b| *b == b'\n').count(),
    }
}
