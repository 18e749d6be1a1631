//! The files a question is asked of, read into one world.

use super::{nearest::nearest, sides};
use crate::{
    cli::{
        failure::{Failure, Kind},
        output::Output,
    },
    domain::Untrusted,
    iam::{
        LoadError, Loaded, load_file, load_reader,
        world::{Input, PrincipalId, Sides, World},
    },
    text::SafeText,
};
use clap::Args;
use std::{
    io,
    path::{Path, PathBuf},
};

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
    /// Service control policies: {"accounts": {"<id>": [[policy, …], …]}}, the root's level first
    #[arg(long, value_name = "FILE")]
    scps: Option<PathBuf>,
    /// Policies of resources: {"<arn>": policy, …}
    #[arg(long, value_name = "FILE")]
    resource_policies: Option<PathBuf>,
    /// Resources that exist: ["<arn>", {"arn": "<arn>", "role": "<arn>"}, …]. What is not among
    /// them does not exist
    #[arg(long, value_name = "FILE")]
    resources: Option<PathBuf>,
}

impl Files {
    /// Reads everything.
    pub(super) fn world(&self, output: Output) -> Result<World, Failure> {
        read(&self.files, &self.beside, output)
    }
}

impl Beside {
    /// Reads what there is of it.
    pub(super) fn sides(&self) -> Result<Sides, Failure> {
        let mut sides = Sides::default();
        if let Some(path) = &self.scps {
            sides::scps(path, &mut sides)?;
        }
        if let Some(path) = &self.resource_policies {
            sides::resource_policies(path, &mut sides)?;
        }
        if let Some(path) = &self.resources {
            sides::resources(path, &mut sides)?;
        }
        Ok(sides)
    }
}

/// Reads one file after another; the first that cannot be read ends it, because an answer about
/// only some of the accounts would look like one about all.
pub(super) fn read(files: &[PathBuf], beside: &Beside, output: Output) -> Result<World, Failure> {
    let pipes = files.iter().filter(|path| is_standard_input(path)).count();
    if pipes > 1 {
        return Err(Failure::new(Kind::Usage, "standard input can be read only once")
            .next("name `-` once, or put the other accounts into files"));
    }
    let sides = beside.sides()?;
    let mut failed = None;
    let inputs = files.iter().enumerate().map_while(|(index, path)| {
        step(output, &format!("reading {} ({} of {})", path.display(), index + 1, files.len()));
        match load(path) {
            Ok(loaded) => Some(input(path, loaded)),
            Err(error) => {
                failed = Some(error);
                None
            }
        }
    });
    let world = World::build(inputs, sides);
    step(output, "");
    match failed {
        Some(error) => Err(failure(&error)),
        None => Ok(world),
    }
}

/// Reads one file.
pub(super) fn one(path: &Path, output: Output) -> Result<Input, Failure> {
    step(output, &format!("reading {}", path.display()));
    let loaded = load(path);
    step(output, "");
    loaded.map(|loaded| input(path, loaded)).map_err(|error| failure(&error))
}

fn load(path: &Path) -> Result<Loaded, LoadError> {
    if is_standard_input(path) {
        load_reader(Path::new("standard input"), io::stdin().lock())
    } else {
        load_file(path)
    }
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

fn input(path: &Path, loaded: Loaded) -> Input {
    let name = if is_standard_input(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    Input { is_continued: loaded.is_truncated, ..Input::new(name, loaded.details) }
}

/// A file that could not be loaded: its message ends in what to do.
fn failure(error: &LoadError) -> Failure {
    let text = error.to_string();
    match text.rsplit_once(". ") {
        Some((message, advice)) => Failure::new(Kind::Io, message).next(lower(advice)),
        None => Failure::new(Kind::Io, text),
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
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
