//! Tests that need programs or rights of a machine: `cargo test --features readers,artifacts --test machine [MODULE::]`.
//!
//! A feature says what is needed: `readers` the programs that read what dpc writes, `artifacts` also root or user namespaces.

// A test fails by panicking, its functions too.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::format_push_string
)]

#[cfg(feature = "artifacts")]
mod artifacts;
mod calendar;
mod import;
#[path = "../hermetic/import/examples.rs"]
mod import_examples;
#[path = "../project.rs"]
#[expect(dead_code, reason = "the hermetic tests ask more of a project")]
mod project;
mod readers;
mod recording_docker;
mod registry;
mod secrets;
#[path = "../tree.rs"]
#[expect(dead_code, reason = "the hermetic tests ask more of a tree")]
mod tree;
