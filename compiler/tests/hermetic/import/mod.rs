//! What people have, imported: the KDL and the report, held against `golden/import`, and the KDL compiled.
//!
//! `UPDATE_GOLDEN=1 cargo test --test hermetic import::` rewrites. With the feature `readers`, the real docker client is the judge.

mod any;
mod corpus;
mod inspect;
mod limits;
mod mutate;
#[cfg(feature = "readers")]
mod oracle;
#[cfg(feature = "readers")]
#[path = "../../recording_docker/mod.rs"]
mod recording_docker;
