//! The `dpc` command.
fn main() {}
