//! Views of a project.

pub mod home;
pub mod queue;
