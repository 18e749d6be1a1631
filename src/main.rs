//! The `countersign` program: hands the command line to the library and exits with its status.

use std::process::ExitCode;

/// An audit of a large account asks for small pieces of memory by the million.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    countersign::cli::main()
}
