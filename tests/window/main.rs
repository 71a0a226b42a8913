//! The whole window, driven through accessible names: every feature as its user meets it.

mod again;
mod beside;
mod common;
mod events;
mod exporting;
mod falls;
mod fields;
mod files;
mod find;
mod gold;
mod hands;
mod history;
mod importing;
mod keys;
mod large;
mod marking;
mod opening;
mod outside;
mod panels;
mod pictures;
mod problems;
mod project;
mod read_only;
mod schemas;
mod suggest;
mod trouble;
