//! The grammars of values: text as its user wrote it → a value that its reader on the host takes, or what is wrong with
//! the text. Each file holds one grammar. A value cannot be made but by its `parse` (or from parts that cannot be wrong),
//! `Display` prints its canonical form, and parsing that form gives the same value again.

pub mod address;
pub mod calendar;
pub mod capability;
pub mod cpus;
pub mod dns;
pub mod duration;
pub mod env_name;
pub mod hostname;
pub mod image;
mod invalid;
pub mod mode;
pub mod name;
pub mod number;
pub mod path;
pub mod port;
pub mod signal;
pub mod size;
pub mod suggest;
pub mod sysctl;
#[cfg(test)]
mod table;
mod text;
pub mod ulimit;
pub mod url_path;
pub mod user;
pub mod variable;

pub use invalid::{Invalid, quoted};
