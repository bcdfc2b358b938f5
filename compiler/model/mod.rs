//! The data that the stages hand on, and nothing else: no file here reads, decides or prints.

pub mod container;
pub mod fleet;
pub mod graph;
pub mod image;
pub mod plan;
pub mod spec;
