//! Text into the grammars that hosts and people read: one encoder a grammar, each in one file with its rule and its source.
//!
//! What arrives is text as the user means it. What leaves is the same text as the grammar's reader takes it, so that
//! exactly those bytes arrive behind it; or [`Refused`] where the grammar has no way to write them.

pub mod digest;
pub mod dns;
pub mod docker;
pub mod env_file;
pub mod etcd;
pub mod json;
pub mod markdown;
mod refused;
pub mod shell;
pub mod terminal;
pub mod unit;

pub(crate) use refused::Refused;
