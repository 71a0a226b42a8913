//! What is found, where, and how it is asked for.

mod changed;
mod found;
mod lines;
