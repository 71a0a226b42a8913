//! Views of a project.

pub mod counting;
pub mod guidelines;
mod hits;
pub mod home;
pub mod queue;
pub mod search;
pub mod signs;
