//! The grammars of values: text as its user wrote it → a value that its reader on the host takes, or what is wrong with
//! the text. Each file holds one grammar. A value cannot be made but by its `parse` (or from parts that cannot be wrong),
//! `Display` prints its canonical form, and parsing that form gives the same value again.

pub mod address;
pub mod dns;
pub mod duration;
pub mod env_name;
pub mod hostname;
pub mod image;
mod invalid;
pub mod name;
pub mod path;
pub mod port;
pub mod size;
pub mod suggest;
#[cfg(test)]
mod table;
mod text;
pub mod variable;

pub use invalid::{Invalid, quoted};
