//! Imports of real input: the KDL and the report are compared with `golden/import`, and the KDL is compiled.
//!
//! `UPDATE_GOLDEN=1 cargo test --test hermetic import::` rewrites. The real docker client judges it in
//! the tests of `machine`.

mod any;
mod corpus;
mod examples;
mod inspect;
mod limits;
mod mutate;
mod truth;
