//! Views of a project.

pub mod counting;
pub mod guidelines;
pub mod home;
pub mod queue;
pub mod signs;
