//! Every test that needs nothing but this repository: `cargo test --test hermetic [MODULE::]`, such as `golden::`.
//!
//! `UPDATE_GOLDEN=1 cargo test --test hermetic` rewrites `golden/` and the pages that are generated.

// A test fails by panicking, its functions too.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::format_push_string
)]

mod command;
mod diff;
mod golden;
mod import;
mod init;
#[path = "../project.rs"]
mod project;
#[cfg(feature = "registry")]
mod registry;
mod syntax;
#[path = "../tree.rs"]
mod tree;
