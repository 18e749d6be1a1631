//! `countersign` without a command: the console. And the same on the world of the demo.

use super::{
    Desk, Global, assemble,
    demo::{self, DemoArgs},
    duty,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    config::{Config, UiSettings},
    console::{self, ConsoleError, Setup, Theme},
    review::{Poller, Review},
    text::SafeText,
};
use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
    sync::Arc,
};

/// Opens the console.
pub(super) async fn run(global: &Global, output: Output) -> Result<ExitCode, Failure> {
    require_terminal(output)?;
    let desk = Desk::open(global).await?;
    let _asking = duty::keep_asking(&desk.review.rules().reviewers);
    console(desk.review, Arc::new(desk.poller), desk.config.ui, None).await
}

/// Opens the console on the demo's world.
pub(super) async fn demo(args: &DemoArgs, output: Output) -> Result<ExitCode, Failure> {
    require_terminal(output)?;
    let config = Config::default();
    let reviewer = assemble::reviewer(&config);
    let program = std::env::current_exe()?;
    let shown = demo::run(args, reviewer, &program, async |desk| {
        let banner = Some(SafeText::own(demo::BANNER));
        console(desk.review, desk.poller, config.ui, banner).await
    });
    let (ended, farewell) = shown.await.map_err(|error| {
        Failure::new(Kind::Io, error.to_string())
            .next("nothing was left behind; put that right and start the demo again")
    })?;
    if !farewell.text.is_empty() {
        output.aside(&format!("{}\n", farewell.text.trim_end()));
    }
    if let Some(kept) = farewell.kept {
        output.notice(format!("kept: {}", kept.display()));
    }
    ended
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

async fn console(
    review: Review,
    poller: Arc<Poller>,
    ui: UiSettings,
    banner: Option<SafeText>,
) -> Result<ExitCode, Failure> {
    let theme = Theme::load(&ui.theme).map_err(|error| {
        Failure::new(Kind::Config, error.to_string()).next("put `[ui] theme` right")
    })?;
    let setup = Setup { review, poller, ui, theme, banner };
    match console::run(setup).await {
        Ok(()) => Ok(Exit::Done.into()),
        Err(ended @ ConsoleError::Signal(_)) => Ok(ended.exit_status().into()),
        Err(error @ ConsoleError::NoTerminal) => Err(Failure::new(Kind::Usage, error.to_string())),
        Err(error @ ConsoleError::Terminal(_)) => Err(Failure::new(Kind::Io, error.to_string())),
    }
}
