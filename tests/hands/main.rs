//! How many input events work takes, driven through the window and counted. `cargo test --test hands -- --nocapture`
//! prints the tables.

#[path = "../window/common.rs"]
#[allow(dead_code)] // Shared with the window's tests; not all of it is used here.
mod common;
mod counts;
mod gold;
mod hand;
