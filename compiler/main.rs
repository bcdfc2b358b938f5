//! The `dpc` command.

mod allocator;

fn main() -> std::process::ExitCode {
    dpc::command::run(allocator::give_back_at_once)
}
