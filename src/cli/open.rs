//! `countersign` without a command: the console.

use super::{
    Desk, Global,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use std::io::{self, IsTerminal as _};

/// Opens the console.
pub(super) async fn run(global: &Global, output: Output) -> Result<Exit, Failure> {
    if output.is_json() {
        return Err(Failure::new(Kind::Usage, "the console has no JSON form")
            .next("use a command: `countersign queue --json`, `countersign audit --json`"));
    }
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::new(Kind::Usage, "the console needs a terminal")
            .next("use a command: `countersign queue`, `countersign audit`"));
    }
    let desk = Desk::open(global).await?;
    let _ = desk;
    Err(Failure::new(Kind::Unexpected, "this build has no console"))
}
