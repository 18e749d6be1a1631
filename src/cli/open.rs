//! `countersign` without a command: the console.

use super::{
    Desk, Global,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::console::{self, ConsoleError, Setup, Theme};
use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

/// Opens the console.
pub(super) async fn run(global: &Global, output: Output) -> Result<Exit, Failure> {
    require_terminal(output)?;
    let desk = Desk::open(global).await?;
    let theme = Theme::load(&desk.config.ui.theme).map_err(|error| {
        Failure::new(Kind::Config, error.to_string()).next("put `[ui] theme` right")
    })?;
    let setup = Setup {
        review: desk.review,
        poller: Arc::new(desk.poller),
        ui: desk.config.ui,
        theme,
        banner: None,
    };
    match console::run(setup).await {
        Ok(()) => Ok(Exit::Done),
        Err(ended @ ConsoleError::Signal(_)) => Ok(Exit::Passed(ended.exit_status())),
        Err(error @ ConsoleError::NoTerminal) => Err(Failure::new(Kind::Usage, error.to_string())),
        Err(error @ ConsoleError::Terminal(_)) => Err(Failure::new(Kind::Io, error.to_string())),
    }
}

fn require_terminal(output: Output) -> Result<(), Failure> {
    let advice = "use a command: `countersign queue`, `countersign audit`";
    if output.is_json() {
        return Err(Failure::new(Kind::Usage, "the console has no JSON form").next(advice));
    }
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::new(Kind::Usage, "the console needs a terminal").next(advice));
    }
    Ok(())
}
