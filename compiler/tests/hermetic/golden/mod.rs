//! Every example, and what it compiles to, byte for byte. `UPDATE_GOLDEN=1 cargo test` rewrites `golden/` and the pages
//! that are generated; what has no example is removed then, and fails otherwise.

mod case;
mod copied;
mod errors;
mod examples;
mod files;
mod pages;
mod reordered;
mod show;
