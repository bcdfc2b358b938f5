//! What people have → KDL that says the same the dpc way, and a report of what became of every key.
//!
//! Each kind of source is read into containers as [`found`]; [`turn`] makes KDL of them. Nothing is executed, and values
//! stay text.

pub mod compose;
pub mod container;
pub mod document;
pub mod env_file;
pub mod found;
pub mod limits;
pub mod place;
pub mod report;
pub mod run;
pub mod shell;
pub mod short;
pub mod trouble;
mod turn;
pub mod unit;
pub mod yaml;

pub use report::{Fate, Report};
pub use trouble::Trouble;
use turn::is_secret;
pub use turn::{Options, turn};
