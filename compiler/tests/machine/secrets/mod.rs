//! A secret is planted by every way that there is, and looked for wherever it must not be: in artifacts, in the plan, in
//! what each command prints and says, in diagnostics, in the arguments of processes, in what docker is asked for.
//!
//! `cargo test --features readers --test machine secrets::` needs docker's client, dash and bash for the last part.

mod place;
mod said;
mod script;
