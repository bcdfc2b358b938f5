//! Everything that an encoder lets through arrives unchanged at the program that reads it, or is refused.
//!
//! Each module tries one reader with at least 10,000 texts, many in one process: `cargo test --features readers --test
//! readers`. A reader that is not installed is named on standard error, and its tests pass without it.

// A test fails by panicking, its functions too.
#![allow(clippy::unwrap_used)]

mod dns;
mod docker;
mod env_file;
mod etcd;
mod image;
mod json;
mod manager;
mod markdown;
#[path = "../recording_docker/mod.rs"]
mod recording_docker;
mod script;
mod shell;
mod systemd;
mod terminal;
mod texts;
mod tool;
