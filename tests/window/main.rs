//! The whole window, driven through accessible names: every feature as its user meets it.

mod common;
mod events;
mod files;
mod gold;
mod keys;
mod marking;
mod pictures;
