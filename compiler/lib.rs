//! dpc reads services described in KDL and writes what each host runs. [`pipeline`] is the way through it.

// Items that nobody outside can reach are not `pub`, so that the compiler tells which have no caller.
#![deny(unreachable_pub)]
// Tests may; what users run may not.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr))]
#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::disallowed_methods,
        clippy::disallowed_types,
        clippy::format_push_string
    )
)]

pub mod backend;
pub mod command;
pub mod diagnostic;
pub mod encode;
pub mod front;
pub mod kdl;
pub mod language;
pub mod large;
pub mod model;
pub mod output;
pub mod pipeline;
pub mod project;
#[cfg(feature = "registry")]
pub mod registry;
pub(crate) mod secret;
pub mod template;
pub mod text;
pub mod tools;
pub mod value;
