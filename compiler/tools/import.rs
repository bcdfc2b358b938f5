//! Compose files, `docker run` lines, containers and units → the same in KDL, and a report of what became of every key.
//!
//! Each kind of source is read into containers as [`found`]; [`convert`] makes KDL of them. Nothing is executed, and values
//! stay text.

pub mod compose;
pub mod container;
mod convert;
pub mod document;
pub mod env_file;
pub mod error;
pub mod found;
pub mod limits;
pub mod place;
pub mod report;
pub mod run;
pub mod shell;
pub mod shorthand;
pub mod unit;
pub mod yaml;

use convert::is_secret;
pub use convert::{Options, convert};
pub use error::ImportError;
pub use report::{Handling, ImportReport};
