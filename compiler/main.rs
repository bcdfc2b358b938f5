//! The `dpc` command.

/// A fleet is many small values: a tenth of a build goes by with the system's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    dpc::command::run()
}
