//! The `countersign-hook` program: answers an agent's host at a glance, or becomes `countersign`.
//!
//! It has the system's allocator: the other one takes longer to set up than a whole glance.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign::cli::hook()
}
