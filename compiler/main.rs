//! The `dpc` command.

mod allocator;

fn main() -> std::process::ExitCode {
    allocator::give_back_soon();
    dpc::command::run()
}
