//! Everything that an encoder lets through arrives unchanged at the program that reads it, or is refused.
//!
//! Each module tries one reader with at least 10,000 texts, many in one process: `cargo test --features readers --test
//! machine readers::`. A reader that is not installed is named on standard error, and its tests pass without it.

mod dns;
mod docker;
mod env_file;
mod etcd;
mod image;
mod json;
mod manager;
mod markdown;
mod script;
mod shell;
mod systemd;
mod terminal;
mod texts;
pub mod tool;
