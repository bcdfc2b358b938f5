//! The `dpc` command.

mod allocator;

fn main() -> std::process::ExitCode {
    allocator::give_back_at_once();
    dpc::command::run()
}
