//! dpc reads services described in KDL and writes what each host runs. [`pipeline`] is the way through it.

// Tests may; what users run may not.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr))]

pub mod artifacts;
pub mod backend;
#[cfg(test)]
mod busy;
pub mod check;
pub mod command;
pub mod container;
pub mod diagnostic;
pub mod diff;
pub mod digest;
mod directory;
mod docker_flags;
pub mod encode;
pub mod faults;
pub mod fleet;
pub mod format;
pub mod graph;
pub mod import;
pub mod init;
pub mod jinja;
pub mod language;
pub mod large;
pub mod limits;
pub mod located;
pub mod output;
pub mod parse;
pub mod pipeline;
pub mod plan;
pub mod project;
pub mod read;
pub mod resolve;
pub(crate) mod secret;
pub mod source;
pub mod spec;
pub mod syntax;
pub mod value;
