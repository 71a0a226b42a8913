//! What is fuzzed. Each target takes any bytes and falls (panics) if the program does not keep a promise about them.
//!
//! A format that reads is a target of its own, named by its id (`brat`); a format that writes is one, too (`write-brat`).
//! The others are in [`OTHERS`].

mod bundle;
mod documents;
mod generate;
mod journal;
mod reading;
mod small;
mod writing;

use manicule::formats::{FORMATS, Format, by_id};

pub use writing::seed;

/// A target that is no format.
type Other = (&'static str, fn(&[u8]));

/// Targets that are no format.
const OTHERS: &[Other] = &[
    ("detect", small::detect),
    ("journal", journal::journal),
    ("keymap", small::keymap),
    ("native", writing::native),
    ("options", small::options),
    ("pieces", small::pieces),
    ("schema", small::schema),
];

/// Something that takes any bytes.
#[derive(Clone, Copy)]
pub enum Target {
    /// A file of this format is read.
    Read(&'static dyn Format),
    /// A document made from the bytes is written in this format, and read again if it reads.
    Write(&'static dyn Format),
    /// Something else.
    Other(Other),
}

impl Target {
    /// The target of this name.
    pub fn named(name: &str) -> Option<Self> {
        let other = || OTHERS.iter().find(|(other, _)| *other == name).map(|other| Self::Other(*other));
        match name.strip_prefix("write-") {
            Some(id) => by_id(id).filter(|format| format.info().writes).map(Self::Write),
            None => other().or_else(|| by_id(name).filter(|format| format.info().reads).map(Self::Read)),
        }
    }

    /// All of them, in a fixed order.
    pub fn all() -> Vec<Self> {
        let reading = FORMATS.iter().copied().filter(|format| format.info().reads).map(Self::Read);
        let writing = FORMATS.iter().copied().filter(|format| format.info().writes).map(Self::Write);
        reading.chain(writing).chain(OTHERS.iter().map(|other| Self::Other(*other))).collect()
    }

    /// Its name on the command line.
    pub fn name(self) -> String {
        match self {
            Self::Read(format) => format.info().id.to_owned(),
            Self::Write(format) => format!("write-{}", format.info().id),
            Self::Other((name, _)) => name.to_owned(),
        }
    }

    /// The folder of its inputs in the corpus. Documents are made from the same bytes for all formats.
    pub fn corpus(self) -> String {
        match self {
            Self::Write(_) => "native".to_owned(),
            _ => self.name(),
        }
    }

    /// Gives it an input; gives the number of documents that were read.
    pub fn run(self, bytes: &[u8]) -> usize {
        match self {
            Self::Read(format) => return reading::read(format, bytes),
            Self::Write(format) => writing::write(format, bytes),
            Self::Other((_, run)) => run(bytes),
        }
        0
    }
}
