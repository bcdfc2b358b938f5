//! The `dpc` command.

fn main() -> std::process::ExitCode {
    dpc::command::run()
}
