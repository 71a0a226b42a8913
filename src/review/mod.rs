//! What is made of the work of many documents: statistics. Knows documents, not where they come from: it is fed one
//! document after the other, by a project, the command line or a test.

pub mod statistics;
