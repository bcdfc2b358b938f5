//! What people have, imported: the KDL and the report, held against `golden/import`, and the KDL compiled.
//!
//! `UPDATE_GOLDEN=1 cargo test --test hermetic import::` rewrites. The real docker client judges it in
//! the tests of `machine`.

mod any;
mod corpus;
mod examples;
mod inspect;
mod limits;
mod mutate;
