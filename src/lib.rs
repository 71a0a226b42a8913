//! Manicule: a native desktop workbench for marking up news articles.
//!
//! The map, from the bottom up; each module uses only what stands before it:
//!
//! | module | what it is |
//! |---|---|
//! | [`limits`] | what a file may cost at most |
//! | [`text`] | the immutable text, its offsets, tokens, sentences, paragraphs |
//! | [`model`] | documents, annotations, schemas, validation |
//! | [`edit`] | intentions, transactions, undo |
//! | [`formats`], [`store`] | files, and the journal that keeps work safe between saves |
//! | [`project`] | a folder of documents: label set, layers of annotators, index |
//! | [`suggest`] | proposed annotations |
//! | [`review`] | statistics of many documents |
//! | [`panics`], [`jobs`] | threads, and what becomes of those that fall |
//! | [`theme`], [`canvas`], [`ui`], [`app`] | the window |
//! | [`cli`] | the command line |
//!
//! What never changes is in `ARCHITECTURE.md`, under *Invariants*.

pub mod app;
pub mod assets;
pub mod canvas;
pub mod cli;
pub mod edit;
pub mod formats;
pub mod jobs;
pub mod limits;
pub mod model;
pub mod panics;
pub mod project;
pub mod review;
pub mod store;
pub mod suggest;
pub mod text;
pub mod theme;
pub mod ui;

#[cfg(test)]
mod architecture;
