//! `dpc diff`: pairs of fleets and their differences, byte for byte in each format; and commits of real repositories.
//! `UPDATE_GOLDEN=1 cargo test --test hermetic diff::` rewrites `golden/diff/` and the schema.

mod command;
mod deceived;
mod git;
mod limits;
mod masks;
mod named;
mod pairs;
mod reasons;
mod repository;
mod schema;
mod truth;
