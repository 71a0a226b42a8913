//! Articles in: pages, office files, feeds, mail, tables and archives of them, for reading only.
//!
//! Each file here knows one format and makes blocks of text; `compose` makes the document of them. What is not
//! running text is left out, counted and told, because the text does not change any more once it is open. Zones
//! (headline, byline, dateline, caption, body) are kept as spans of the text. Nothing here knows annotations.

mod archive;
mod blocks;
mod compose;
mod docx;
mod epub;
mod feed;
mod html;
pub mod limits;
mod mail;
mod markdown;
mod newsml;
mod odt;
mod page;
mod pdf;
mod pdf_guard;
mod table;
pub(in crate::formats) mod xml;
mod zipped;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(in crate::formats) use tests::zipped as archive_of;

pub use docx::Docx;
pub use epub::Epub;
pub use feed::Feed;
pub use html::Html;
pub use mail::Mail;
pub use markdown::Markdown;
pub use newsml::{NewsMl, Nitf};
pub use odt::Odt;
pub use pdf::Pdf;
pub use table::{CsvText, JsonlText};
pub use zipped::Zip;

use std::io;

use super::{
    Cut, Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit,
    WriteError, losses,
};
use crate::model::{Document, Problem};

/// A format of articles, which is only read.
pub trait Reader: Sync {
    /// Short name for the command line.
    const ID: &'static str;
    /// Name for people.
    const NAME: &'static str;
    /// How names of such files end, in lower case and without the dot.
    const EXTENSIONS: &'static [&'static str];
    /// What can be chosen when it is read.
    const OPTIONS: &'static [OptionInfo] = &[];

    /// As [`Format::sniff`].
    fn looks(&self, bytes: &[u8]) -> Likeness;

    /// As [`Format::read_with`].
    ///
    /// # Errors
    /// Every problem that was found, if there is no article in it.
    fn articles(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>>;

    /// As [`Format::cut`].
    ///
    /// # Errors
    /// Those of reading.
    fn pieces(&self, _source: &mut dyn io::Read, _size: u64) -> io::Result<Option<Cut>> {
        Ok(None)
    }
}

/// What an article has before anybody worked on it.
const HOLDS: Holds = Holds { metadata: true, ..Holds::TEXT };

impl<R: Reader> Format for R {
    fn info(&self) -> Info {
        Info {
            id: R::ID,
            name: R::NAME,
            extensions: R::EXTENSIONS,
            reads: true,
            writes: false,
            joins: Joins::Apart,
            holds: HOLDS,
            unit: Unit::None,
            options: R::OPTIONS,
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        self.looks(bytes)
    }

    fn cut(&self, source: &mut dyn io::Read, size: u64) -> io::Result<Option<Cut>> {
        self.pieces(source, size)
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        self.articles(input, &Options::default())
    }

    fn read_with(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        self.articles(input, options)
    }

    fn write(&self, _documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        Err(WriteError::ReadOnly(R::NAME))
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        losses::that_follow(document, &HOLDS)
    }
}
