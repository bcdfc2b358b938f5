//! `dpc init` without its questions: facts of a repository about its service → the KDL to start with.
//!
//! ```text
//! files ──found──▶ RepositoryFacts ──(answers)──▶ Draft ──pages──▶ Page… ──prove──▶ files that compile without a warning
//! ```
//!
//! A value stands beside the words that say where it is from ([`Sourced`](source::Sourced)), up to the comment of its line.
//!
//! Nothing here reads or writes but through a [`Project`](crate::project::Project); the questions are the command's.

pub mod ci;
pub mod dockerfile;
pub mod draft;
pub mod facts;
pub mod found;
mod framework;
mod listening;
pub mod manifest;
pub mod page;
mod procfile;
pub mod prove;
mod repository;
pub mod source;
mod started;
pub mod surroundings;
