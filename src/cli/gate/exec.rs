//! `countersign gate exec`: run a command only with leave.
//!
//! Exit status: the command's own when it ran; 77 refused (by a reviewer, or because something
//! did not hold), 75 nobody decided in time, 126 and 127 as a shell gives them for a program that
//! cannot be started or is not there, 128 and the signal's number when told to stop waiting.

use crate::{
    domain::Untrusted,
    gate::{self, Ended, GateError, Notice, Program, ProgramError, Request, Terms},
    sources::Lens,
    store::{SqliteStore, Store},
    text::SafeText,
};
use clap::Args;
use jiff::SignedDuration;
use std::{
    ffi::{OsStr, OsString},
    io::{self, IsTerminal as _, Write as _},
    path::Path,
    time::{Duration, Instant},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

/// Longest time a request may wait.
const LONGEST_WAIT: Duration = Duration::from_hours(24 * 7);
/// Where nobody watches a terminal, the waiting line is repeated this often.
const REPEAT: Duration = Duration::from_mins(5);

/// `countersign gate exec`
#[derive(Debug, Clone, Args)]
pub struct ExecArgs {
    /// How long to wait for a decision (30m, 2h)
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = waiting_time)]
    pub timeout: Duration,
    /// What the command is for; the reviewer reads it
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// The AI tool that asks, by its name in the catalogue
    #[arg(long, value_name = "ID", env = "COUNTERSIGN_TOOL")]
    pub tool: Option<String>,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    pub argv: Vec<OsString>,
}

pub(super) fn waiting_time(text: &str) -> Result<Duration, String> {
    let time: SignedDuration =
        text.parse().map_err(|_| "expected a time such as 30m or 1h30m".to_owned())?;
    let time = Duration::try_from(time).unwrap_or_default();
    if time.is_zero() || time > LONGEST_WAIT {
        return Err("expected more than nothing and at most seven days".to_owned());
    }
    Ok(time)
}

/// Asks, waits, runs or refuses. Everything it has to say goes to stderr; stdout belongs to the
/// command.
pub(super) async fn run(args: &ExecArgs, store: &Path, lens: &Lens) -> u8 {
    let request = match request(args, lens) {
        Ok(request) => request,
        Err((status, why)) => return refused(status, &why),
    };
    let store = match SqliteStore::open(store).await {
        Ok(store) => store,
        Err(error) => {
            return refused(77, &format!("not run, because the queue cannot be opened: {error}"));
        }
    };
    let mut signals = match listen() {
        Ok(signals) => signals,
        Err(error) => return refused(77, &format!("not run, signals cannot be caught: {error}")),
    };
    let terms = Terms { timeout: args.timeout, ..Terms::default() };
    let mut line = WaitingLine::new();
    let store: &dyn Store = &store;
    let ended =
        gate::exec(store, &request, terms, &mut signals, &mut |notice| line.show(notice)).await;
    line.end();
    match ended {
        Ok(Ended::Ran { status }) => status,
        Ok(Ended::Refused { reason }) => {
            let reason = SafeText::line(&reason);
            refused(77, &format!("rejected by the reviewer: {reason}. The command was not run"))
        }
        Ok(Ended::Expired { action }) => refused(
            75,
            &format!("nobody decided on {action} in time. The command was not run; ask again"),
        ),
        Ok(Ended::Withdrawn { signal }) => refused(
            u8::try_from(128 + signal).unwrap_or(u8::MAX),
            "the request was withdrawn. The command was not run",
        ),
        Err(error @ GateError::CannotStart(_)) => refused(126, &error.to_string()),
        Err(error) => refused(77, &error.to_string()),
    }
}

fn request(args: &ExecArgs, lens: &Lens) -> Result<Request, (u8, String)> {
    let command = Request::argv(args.argv.clone()).map_err(|error| (77, error.to_string()))?;
    let name = command.first().map_or("", String::as_str);
    let cwd = std::env::current_dir()
        .map_err(|error| (77, format!("the working directory cannot be named: {error}")))?;
    let program = Program::pin(OsStr::new(name), &cwd, std::env::var_os("PATH")).map_err(
        |error| match error {
            ProgramError::NotFound(_) => (127, error.to_string()),
            _ => (77, error.to_string()),
        },
    )?;
    let host = gate::host_name();
    Ok(Request {
        tool: gate::caller(&lens.catalogue, args.tool.as_deref(), |name| std::env::var_os(name)),
        reason: Untrusted::new(&args.reason),
        requester: Untrusted::new(gate::asker::account()),
        environment: lens.production.host(&host),
        argv: command,
        program,
        host,
    })
}

fn refused(status: u8, why: &str) -> u8 {
    tell(&format!("countersign: {}\n", SafeText::line(&Untrusted::new(why))));
    status
}

/// A closed stderr is no reason to run anything, nor to fail.
fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Every signal that would end us, as numbers in a channel.
fn listen() -> io::Result<mpsc::Receiver<i32>> {
    let (sender, receiver) = mpsc::channel(16);
    let kinds = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::quit(),
    ];
    for kind in kinds {
        let mut stream = signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                if sender.send(kind.as_raw_value()).await.is_err() {
                    break;
                }
            }
        });
    }
    Ok(receiver)
}

/// One line that stays up to date on a terminal, and is said now and then elsewhere.
struct WaitingLine {
    live: bool,
    said: Option<(String, Instant)>,
}

impl WaitingLine {
    fn new() -> Self {
        Self { live: io::stderr().is_terminal(), said: None }
    }

    fn show(&mut self, notice: &Notice) {
        match notice {
            Notice::Waiting { action, left } => {
                self.update(format!(
                    "waiting for 1 approval: {action}; expires in {}",
                    time(*left)
                ));
            }
            Notice::AskedAgain { action } => {
                self.end();
                tell(&format!(
                    "countersign: the request had left the queue; asked again as {action}\n"
                ));
            }
            Notice::Approved => {
                self.end();
                tell("countersign: approved\n");
            }
            Notice::NotRecorded(why) => {
                let why = SafeText::line(&Untrusted::new(why));
                tell(&format!("countersign: the command runs, but this was not recorded: {why}\n"));
            }
        }
    }

    fn update(&mut self, text: String) {
        let again = self.said.as_ref().is_none_or(|(said, at)| {
            if self.live { *said != text } else { at.elapsed() >= REPEAT }
        });
        if !again {
            return;
        }
        if self.live {
            tell(&format!("\r\u{1b}[Kcountersign: {text}"));
        } else {
            tell(&format!("countersign: {text}\n"));
        }
        self.said = Some((text, Instant::now()));
    }

    /// Leaves the live line behind, so that what follows starts on a new one.
    fn end(&mut self) {
        if self.live && self.said.take().is_some() {
            tell("\n");
        }
    }
}

fn time(left: Duration) -> String {
    match left.as_secs() {
        seconds @ 0..=99 => format!("{seconds} s"),
        seconds @ 100..=7199 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{GateArgs, GateCommand},
        time, waiting_time,
    };
    use clap::Parser;
    use std::time::Duration;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        gate: GateArgs,
    }

    #[test]
    fn everything_after_the_dashes_is_the_command() {
        let words = ["gate", "exec", "--tool", "kiro", "--", "rm", "--timeout", "1s"];
        let GateCommand::Exec(exec) = Line::try_parse_from(words).unwrap().gate.command else {
            unreachable!("exec was asked for");
        };
        assert_eq!(exec.argv, ["rm", "--timeout", "1s"]);
        assert_eq!(exec.timeout, Duration::from_mins(30));
        assert!(Line::try_parse_from(["gate", "exec"]).is_err());
    }

    #[test]
    fn a_waiting_time_is_bounded() {
        assert_eq!(waiting_time("1h30m"), Ok(Duration::from_mins(90)));
        for bad in ["", "0s", "-5m", "8000h", "soon"] {
            assert!(waiting_time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_left_is_told_in_few_words() {
        assert_eq!(time(Duration::from_mins(27)), "27 min");
        assert_eq!(time(Duration::from_secs(42)), "42 s");
        assert_eq!(time(Duration::from_hours(3)), "3 h");
    }
}
