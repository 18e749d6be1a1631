//! Asking every source once, with progress for whoever watches.

use super::{
    Desk,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    domain::{Health, SourceKind, SourceName, SourceState, Untrusted},
    report,
    review::Polled,
    sources::Step,
    text::SafeText,
};
use std::time::Duration;

/// How often the progress line is drawn.
const FRAME: Duration = Duration::from_millis(200);

/// Asks every source once. Ctrl-C stops it: what was read so far by sources that are done is
/// kept, and nothing of the others.
pub(super) async fn once(desk: &Desk, output: Output) -> Result<(), Failure> {
    let mut asking = std::pin::pin!(desk.poller.once());
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    let mut frames = tokio::time::interval(FRAME);
    let polled = loop {
        tokio::select! {
            polled = &mut asking => break polled,
            _ = &mut interrupted => {
                clear(output);
                return Err(Failure::new(Kind::Interrupted, "stopped while asking the sources")
                    .next("run it again, or use --no-poll to see what is stored"));
            }
            _ = frames.tick() => draw(&desk.poller.progress(), output),
        }
    };
    clear(output);
    for (_, polled) in polled {
        if let Polled::NotKept(error) = polled {
            return Err(error.into());
        }
    }
    Ok(())
}

/// Says which sources could not be read, whole or in part, and what to do; `asking` is how to ask
/// one that never was.
pub(super) fn tell_unread<'a>(
    sources: impl Iterator<Item = &'a SourceState>,
    asking: &str,
    output: Output,
) {
    // Requests at the gate come through the store by themselves; there is nothing to ask.
    for source in sources.filter(|source| source.kind != SourceKind::Gate) {
        match (source.health, &source.fault) {
            (Health::Failing, Some(fault)) => {
                let line = report::fault_line(fault);
                output.notice(Untrusted::new(format!("warning: {}: {}", source.name, line.raw())));
                output.notice(format!("  next: {}", fault.next_step()));
            }
            (Health::Waiting, _) => {
                output.notice(format!("warning: {}: never asked", source.name));
                output.notice(format!("  next: {asking}"));
            }
            _ => {}
        }
        for gap in &source.gaps {
            let line = report::fault_line(&gap.fault);
            output.notice(Untrusted::new(format!(
                "warning: {}: could not read {}: {}",
                source.name,
                gap.part.0,
                line.raw()
            )));
            output.notice(format!("  next: {}", gap.fault.next_step()));
        }
    }
}

/// One line, drawn over itself.
fn draw(progress: &[(SourceName, Step)], output: Output) {
    if !output.is_watched() || progress.is_empty() {
        return;
    }
    let parts: Vec<String> = progress
        .iter()
        .map(|(source, step)| match step.total {
            Some(total) => format!("{source}: {} {} of {total}", step.what, step.done),
            None => format!("{source}: {} {}", step.what, step.done),
        })
        .collect();
    let line = SafeText::own(&parts.join("  "));
    let line = line.clipped(output.stderr_width().saturating_sub(1));
    output.aside(&format!("\r{line}\u{1b}[K"));
}

fn clear(output: Output) {
    if output.is_watched() {
        output.aside("\r\u{1b}[K");
    }
}
