//! The `dpc` command.

mod allocator;

fn main() -> std::process::ExitCode {
    allocator::keep();
    dpc::command::run(allocator::give_back)
}
