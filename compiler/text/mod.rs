//! Text and its places: the files of a project, places in them, and values that remember theirs.

#[cfg(test)]
pub(crate) mod busy;
mod located;
mod source;

pub(crate) use located::Located;
pub use source::{FileId, Source, Sources, SourcesFull, Span};
pub(crate) use source::{LARGEST_SOURCES, narrow};
