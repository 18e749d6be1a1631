//! The `countersign` program: hands the command line to the library and exits with its status.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign::cli::main()
}
