//! The files a question is asked of, read into one world.

use super::nearest::nearest;
use crate::{
    cli::{
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::Untrusted,
    iam::world::{self, FilesError, PrincipalId, Problem, World},
    text::SafeText,
};
use clap::Args;
use std::path::{Path, PathBuf};

/// Problems told beside an answer.
const MOST_TOLD: usize = 5;

/// Accounts as files, and what is known beside them.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Files {
    /// Output of `aws iam get-account-authorization-details`, one or more accounts; `-` is
    /// standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    beside: Beside,
}

/// What is known beside the accounts.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Beside {
    /// Service control policies: {"accounts": {"ACCOUNT": [[policy, …], …]}}, the root's level first
    #[arg(long, value_name = "FILE")]
    scps: Option<PathBuf>,
    /// The organisation's management account, which service control policies do not bind
    #[arg(long, value_name = "ACCOUNT")]
    management_account: Option<String>,
    /// Policies of resources: {"ARN": policy, …}
    #[arg(long, value_name = "FILE")]
    resource_policies: Option<PathBuf>,
    /// Resources that exist, as [{"arn": "…", "role": "…"}, …] or as `aws lambda list-functions`
    /// prints them; what is not among them does not exist
    #[arg(long, value_name = "FILE")]
    resources: Option<PathBuf>,
}

impl Files {
    /// Reads everything.
    pub(super) fn world(&self, output: Output) -> Result<World, Failure> {
        read(&self.beside.with(self.files.clone()), output)
    }
}

impl Beside {
    /// With these accounts.
    pub(super) fn with(&self, accounts: Vec<PathBuf>) -> world::Files {
        world::Files {
            accounts,
            scps: self.scps.iter().cloned().collect(),
            resource_policies: self.resource_policies.iter().cloned().collect(),
            resources: self.resources.iter().cloned().collect(),
            management_account: self.management_account.clone(),
        }
    }
}

/// Reads files. One that cannot be read is a problem of the world as long as another can be.
pub(super) fn read(files: &world::Files, output: Output) -> Result<World, Failure> {
    step(output, "reading");
    let tell = |path: &Path, bytes: u64| {
        step(output, &format!("reading {}: {} MB", path.display(), bytes / 1_000_000));
    };
    let world = World::load(files, &tell);
    step(output, "");
    world.map_err(|error| failure(&error))
}

/// Its message ends in what to do.
pub(super) fn failure(error: &FilesError) -> Failure {
    if let FilesError::StdinTwice = error {
        return Failure::new(Kind::Usage, "standard input can be read only once")
            .next("name `-` once, or put the other accounts into files");
    }
    let text = error.to_string();
    match text.rsplit_once(". ") {
        Some((message, advice)) => Failure::new(Kind::Io, message).next(lower(advice)),
        None => Failure::new(Kind::Io, text),
    }
}

fn lower(text: &str) -> String {
    // A name at the beginning (`It`, `Export`) is an ordinary word here.
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Says what was lost, for whoever sees only the answer.
pub(super) fn tell_damage(world: &World, output: Output) {
    tell(&world.problems.iter().collect::<Vec<_>>(), world, output);
}

/// Says what an answer rests on that is not whole.
pub(super) fn tell(problems: &[&Problem], world: &World, output: Output) {
    for problem in problems.iter().take(MOST_TOLD) {
        let line = format!("warning: {}: {}", problem.r#where, problem.what);
        output.notice(Untrusted::new(line));
    }
    let more = problems.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        output.notice(format!("warning: and {more} more; --json lists them as `problems`"));
    }
    if world.damaged_files > 0 {
        output.notice("  next: export again what was cut, or cannot be read");
    }
}

/// How a question ends: as asked for with `--fail-on`, and otherwise as a failure where what
/// nobody could read may hold the answer.
pub(super) fn ending(world: &World, fails: bool, is_gate: bool) -> Exit {
    let is_whole = world.accounts.iter().all(|account| account.is_complete);
    match (fails, world.damaged_files > 0 || is_gate && !is_whole) {
        (true, _) => Exit::Findings,
        (false, true) => Exit::Failure,
        (false, false) => Exit::Done,
    }
}

/// Says on a terminal what takes so long; an empty text takes it away.
pub(super) fn step(output: Output, what: &str) {
    if output.is_watched() {
        let line = SafeText::own(what).clipped(output.stderr_width().saturating_sub(1));
        output.aside(&format!("\r{line}\u{1b}[K"));
    }
}

/// A principal by ARN, or by a name that only one has.
pub(super) fn principal(world: &World, wanted: &str) -> Result<PrincipalId, Failure> {
    if let Some(id) = world.find(wanted) {
        return Ok(id);
    }
    let all = || (0_u32..).zip(&world.principals);
    let named: Vec<_> = all().filter(|(_, principal)| *principal.name == *wanted).collect();
    match named.as_slice() {
        [(id, _)] => Ok(PrincipalId(*id)),
        [] => {
            let whole = world.accounts.iter().all(|account| account.is_complete);
            if let (true, Some(lost)) = (world.damaged_files > 0 || !whole, world.problems.first())
            {
                let what = format!(
                    "nobody in these accounts, as far as they could be read, is called {wanted}"
                );
                let lost = format!("{}: {}", lost.r#where, lost.what);
                return Err(Failure::new(Kind::NotFound, Untrusted::new(what)).next(lost));
            }
            let what = format!("nobody in these accounts is called {wanted}");
            let known = all().flat_map(|(_, principal)| [&*principal.name, &*principal.arn]);
            let next = match nearest(wanted, known) {
                // The name goes out through `SafeText` like the rest of a failure.
                Some(near) => format!("did you mean {near}?"),
                None => "name a user or role by its ARN or name; `iam audit --all` lists them"
                    .to_owned(),
            };
            Err(Failure::new(Kind::NotFound, Untrusted::new(what)).next(next))
        }
        several => {
            let arns: Vec<&str> = several.iter().take(5).map(|(_, who)| &*who.arn).collect();
            let what = format!("{} principals are called {wanted}", several.len());
            Err(Failure::new(Kind::Usage, Untrusted::new(what))
                .next(format!("say which: {}", arns.join(", "))))
        }
    }
}
