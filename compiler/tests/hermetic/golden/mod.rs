//! Every example and its output, byte for byte. `UPDATE_GOLDEN=1 cargo test` rewrites `golden/` and the generated pages. Output
//! without an example is removed then, and fails otherwise.

pub mod case;
mod copied;
mod errors;
mod examples;
mod files;
mod pages;
mod reordered;
mod show;
