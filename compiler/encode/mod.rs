//! Text into the grammars that hosts and people read: one encoder a grammar, each in one file with its rule and its source.
//!
//! In: text as the user means it. Out: the text to write, from which the grammar's reader gets exactly those bytes; or
//! [`Refused`] if the grammar has no way to write them.

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
