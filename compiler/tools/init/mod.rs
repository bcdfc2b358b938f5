//! `dpc init` without its questions: facts of a repository about its service → the KDL to start with.
//!
//! ```text
//! files ──found──▶ Found ──(answers)──▶ Draft ──pages──▶ Page… ──prove──▶ files that compile without a warning
//! ```
//!
//! Nothing here reads or writes but through a [`Project`](crate::project::Project); the questions are the command's.

pub mod ci;
pub mod dockerfile;
pub mod draft;
pub mod found;
pub mod manifest;
pub mod page;
pub mod prove;
pub mod surroundings;
