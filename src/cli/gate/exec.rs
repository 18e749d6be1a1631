//! `countersign gate exec`: run a command only with leave.
//!
//! Exit status: the command's own when it ran; 77 refused (by policy, by a reviewer, or because
//! something changed), 75 not approved in time, 126 and 127 as a shell gives them for a program
//! that cannot be started or is not there, 128 and the signal's number when told to stop waiting.

use crate::{
    domain::Untrusted,
    gate::{
        self, Desk, Ended, GateError, Notice, Program, ProgramError, Request, Surroundings, Terms,
        asker::{self, Told},
    },
    review::Rules,
    sources::Lens,
    store::{self, Store, StoreError},
    text::SafeText,
    trust::Standing,
};
use clap::Args;
use jiff::SignedDuration;
use rustix::process::Signal;
use std::{
    ffi::{OsStr, OsString},
    io::{self, IsTerminal as _, Write as _},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{OnceCell, mpsc},
};

/// Longest time a request may wait.
const LONGEST_WAIT: Duration = Duration::from_hours(24 * 7);
/// Where nobody watches a terminal, the waiting line is repeated this often.
const REPEAT: Duration = Duration::from_mins(5);

/// `countersign gate exec`
#[derive(Debug, Clone, Args)]
pub struct ExecArgs {
    /// Wait no longer than this for the approvals, where policy would allow more (30m, 2h)
    #[arg(long, value_name = "TIME", value_parser = waiting_time)]
    pub timeout: Option<Duration>,
    /// What it lands on, where the host's name does not say: a cluster, a service. What is known of
    /// that name can only make it stricter
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// A variable its outcome depends on, beside those that are known: part of what is approved.
    /// May be repeated
    #[arg(long = "env", value_name = "NAME")]
    pub variables: Vec<String>,
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
pub(super) async fn run(
    args: &ExecArgs,
    store: &Path,
    lens: &Lens,
    rules: &Rules,
    verbose: bool,
) -> u8 {
    let request = match request(args, lens) {
        Ok(request) => request,
        Err((status, why)) => return refused(status, &why),
    };
    let guard = match super::guard(lens, rules) {
        Ok(guard) => guard,
        Err(why) => return refused(77, &format!("not run: {why}")),
    };
    let mut signals = match listen() {
        Ok(signals) => signals,
        Err(error) => return refused(77, &format!("not run, signals cannot be caught: {error}")),
    };
    let terms = Terms { timeout: args.timeout, ..Terms::default() };
    let desk = Desk { guard: &guard, reviewers: &rules.reviewers, spool: store, terms };
    let opened = OnceCell::new();
    let open = || Box::pin(open_once(&opened, store)) as _;
    let mut line = WaitingLine::new(verbose);
    let ended =
        gate::exec(&desk, &open, request, &mut signals, &mut |notice| line.show(notice)).await;
    line.end();
    match ended {
        Ok(ended) => told(ended),
        Err(error @ GateError::CannotStart(_)) => refused(126, &error.to_string()),
        Err(error) => refused(77, &error.to_string()),
    }
}

/// Says how it ended, unless the command speaks for itself.
fn told(ended: Ended) -> u8 {
    match ended {
        Ended::Ran { status } => status,
        Ended::NothingToDo => refused(0, "the plan changes nothing, so there is nothing to apply"),
        Ended::NotPlanned { status } => refused(
            status,
            "the plan could not be made. Nothing was asked, and nothing was applied",
        ),
        Ended::Refused { reason } => {
            let reason = SafeText::line(&reason);
            refused(77, &format!("rejected by the reviewer: {reason}. The command was not run"))
        }
        Ended::Expired { action, standing } => refused(
            75,
            &format!(
                "not approved in time: {action} was still {}. The command was not run. Run the \
                 same command again to ask again; what was agreed so far does not count for it",
                waiting_for(&standing)
            ),
        ),
        Ended::Withdrawn { signal } => refused(
            u8::try_from(128 + signal).unwrap_or(u8::MAX),
            "the request was withdrawn. The command was not run",
        ),
    }
}

/// The store, opened when it is asked for and kept.
async fn open_once(
    cell: &OnceCell<Arc<dyn Store>>,
    path: &Path,
) -> Result<Arc<dyn Store>, StoreError> {
    cell.get_or_try_init(|| store::open_patiently(path, gate::PATIENCE)).await.cloned()
}

fn request(args: &ExecArgs, lens: &Lens) -> Result<Request, (u8, String)> {
    let command = Request::argv(args.argv.clone()).map_err(|error| (77, error.to_string()))?;
    let name = command.first().map_or("", String::as_str);
    let cwd = std::env::current_dir()
        .map_err(|error| (77, format!("the working directory cannot be named: {error}")))?;
    let program = Program::pin(OsStr::new(name), &cwd, std::env::var_os("PATH")).map_err(
        |error| match error {
            ProgramError::NotFound(_) => (127, error.to_string()),
            ProgramError::NotRunnable(_) => (126, error.to_string()),
            _ => (77, error.to_string()),
        },
    )?;
    let surroundings = Surroundings::current(&args.variables)
        .map_err(|error| (77, format!("the system gives no random numbers: {error}")))?;
    let tool = gate::caller(&lens.catalogue, args.tool.as_deref(), |name| std::env::var_os(name));
    let mut request = Request::new(command, program, tool, surroundings);
    request.reason = Untrusted::new(&args.reason);
    request.target.clone_from(&args.target);
    let told = Told { session: Untrusted::default(), claimed: Untrusted::new(&args.reason) };
    request.asker = asker::asker(&cwd.to_string_lossy(), told);
    Ok(request)
}

pub(super) fn refused(status: u8, why: &str) -> u8 {
    tell(&format!("countersign: {}\n", SafeText::line(&Untrusted::new(why))));
    status
}

/// A closed stderr is no reason to run anything, nor to fail.
pub(super) fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Every signal that would end or stop us, and those a command may care for, as numbers in a
/// channel.
pub(super) fn listen() -> io::Result<mpsc::Receiver<i32>> {
    let (sender, receiver) = mpsc::channel(16);
    let kinds = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::quit(),
        SignalKind::user_defined1(),
        SignalKind::user_defined2(),
        SignalKind::alarm(),
        SignalKind::window_change(),
        SignalKind::from_raw(Signal::TSTP.as_raw()),
        SignalKind::from_raw(Signal::CONT.as_raw()),
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

/// One line that stays up to date on a terminal, and is said at every change and now and then
/// elsewhere.
struct WaitingLine {
    live: bool,
    verbose: bool,
    said: Option<(String, String, Instant)>,
}

impl WaitingLine {
    fn new(verbose: bool) -> Self {
        Self { live: io::stderr().is_terminal(), verbose, said: None }
    }

    fn show(&mut self, notice: &Notice) {
        match notice {
            Notice::LetThrough { tier } if self.verbose => {
                let tier = SafeText::line(&Untrusted::new(tier));
                tell(&format!("countersign: let through and logged ({tier})\n"));
            }
            Notice::LetThrough { .. } => {}
            Notice::Planned(text) => {
                tell(&format!("{}\n\n", SafeText::block(text).as_str().trim_end()));
            }
            Notice::Waiting { action, standing, left } => self.update(
                &waiting_for(standing),
                &format!("; {} ({action})", gate::expires_in(*left)),
            ),
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
                tell(&format!("countersign: the command ran, but this was not recorded: {why}\n"));
            }
        }
    }

    fn update(&mut self, who: &str, rest: &str) {
        let again = self.said.as_ref().is_none_or(|(said, then, at)| {
            said != who || if self.live { then != rest } else { at.elapsed() >= REPEAT }
        });
        if !again {
            return;
        }
        if self.live {
            tell(&format!("\r\u{1b}[Kcountersign: {who}{rest}"));
        } else {
            tell(&format!("countersign: {who}{rest}\n"));
        }
        self.said = Some((who.to_owned(), rest.to_owned(), Instant::now()));
    }

    /// Leaves the live line behind, so that what follows starts on a new one.
    fn end(&mut self) {
        if self.live && self.said.take().is_some() {
            tell("\n");
        }
    }
}

/// Names of groups are shown as what they are: outside text.
fn waiting_for(standing: &Standing) -> String {
    SafeText::line(&Untrusted::new(gate::waiting_for(standing))).to_string()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{GateArgs, GateCommand},
        waiting_time,
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
        assert_eq!(exec.timeout, None);
        assert!(Line::try_parse_from(["gate", "exec"]).is_err());
    }

    #[test]
    fn a_waiting_time_is_bounded() {
        assert_eq!(waiting_time("1h30m"), Ok(Duration::from_mins(90)));
        for bad in ["", "0s", "-5m", "8000h", "soon"] {
            assert!(waiting_time(bad).is_err(), "{bad}");
        }
    }
}
