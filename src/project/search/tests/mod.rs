//! What is found, where, and how it is asked for.

mod found;
mod lines;
