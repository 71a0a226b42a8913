//! Manicule: a native desktop workbench for marking up news articles.

pub mod canvas;
pub mod edit;
pub mod formats;
pub mod model;
pub mod store;
pub mod text;
pub mod theme;
