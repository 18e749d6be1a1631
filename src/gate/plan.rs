//! The plan behind a `terraform apply`: made or taken, shown, and kept so that nobody can change it.
//!
//! ```text
//!   Apply ─┬ no plan given ─▶ terraform plan -out FILE (private folder) ─┐
//!          └ a saved plan ───────────────────────────────────────────────┴▶ sealed memory
//!                                                                            │
//!        show -json ─▶ classify::plan ─▶ effects        (never kept)    ◀────┤
//!        show -no-color ─▶ the text a reviewer reads    (sensitive: masked) ◀┤
//!        after approval: terraform apply /proc/self/fd/N ◀───────────────────┘
//! ```
//!
//! The plan is applied out of memory that is sealed against writing, under the name of an open
//! handle: between the look and the start there is nothing that could be swapped. Making a plan
//! runs code (providers, data sources), so policy is asked about `terraform plan` first.

use super::{Desk, Guard, Open, Request, child, terraform::Apply};
use crate::{
    classify::{self, Setting},
    domain::{Assessment, Diff, Digest, Environment, Leave, Pin, Span, Untrusted, nonce},
};
use jiff::Timestamp;
use rustix::{
    fs::{MemfdFlags, SealFlags},
    io::FdFlags,
};
use std::{
    fs::{self, DirBuilder, File},
    io::{self, Read as _, Write as _},
    os::{fd::AsRawFd as _, unix::fs::DirBuilderExt as _},
    path::{Path, PathBuf},
};
use tokio::sync::mpsc;

/// Largest plan that is taken, and largest JSON of one.
const LARGEST: u64 = 256 << 20;
/// Longest text of a plan that a reviewer is shown; a longer one counts as not shown.
const LONGEST_SHOWN: usize = 4 << 20;
/// How `plan -detailed-exitcode` ends when there is something to do.
const CHANGES: u8 = 2;

/// A plan that will be applied as it is.
#[derive(Debug)]
pub(super) struct Plan {
    /// The line that applies it.
    pub argv: Vec<String>,
    /// What a reviewer reads.
    pub shown: Diff,
    /// Where it came from.
    path: PathBuf,
    digest: Digest,
    /// The sealed memory; the applying process inherits it.
    _memory: File,
}

/// What looking for a plan came to.
#[derive(Debug)]
pub(super) enum Planned {
    /// The command applies no plan, or none that can be made: it stands as it is.
    Not,
    /// Here it is.
    Plan(Box<Plan>, Assessment),
    /// There is nothing to do.
    NoChanges,
    /// Planning failed; its status.
    Failed(u8),
}

/// Why there is no plan to show. Nothing was asked, and nothing runs.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The system would not do it.
    #[error("the plan cannot be made: {0}")]
    Io(#[from] io::Error),
    /// The saved plan cannot be read.
    #[error("the plan {path} cannot be read: {why}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The program that made it cannot show it.
    #[error("the plan cannot be shown, so nobody can approve it: {0}")]
    NotShown(String),
    /// It is larger than anybody could look at.
    #[error("the plan is larger than 256 MiB and cannot be pinned")]
    TooLarge,
}

impl Plan {
    /// What has to be the same when it is applied. It is, because nobody can change it.
    pub fn pin(&self) -> Pin {
        let path = Untrusted::new(self.path.to_string_lossy());
        Pin::File { path, digest: self.digest }
    }
}

/// Looks for the plan a request applies, and makes it where there is none yet.
pub(super) async fn find(
    request: &Request,
    desk: &Desk<'_>,
    open: &Open<'_>,
    signals: &mut mpsc::Receiver<i32>,
) -> Result<Planned, PlanError> {
    let guard = desk.guard;
    let Some(apply) = Apply::read(&request.argv) else { return Ok(Planned::Not) };
    if super::program::handle(0).is_none() && !Path::new("/proc/self/fd").is_dir() {
        // Without /proc a plan in memory has no name.
        return Ok(Planned::Not);
    }
    let (bytes, path) = if let Some(saved) = &apply.saved {
        if !may(request, desk, open, apply.show(saved)).await? {
            return Ok(Planned::Not);
        }
        let path = request.program.cwd().join(apply.directory()).join(saved);
        (read(&path)?, path)
    } else {
        if !may(request, desk, open, apply.plan("countersign.tfplan")).await? {
            return Ok(Planned::Not);
        }
        let folder = Private::new()?;
        let path = folder.0.join("plan");
        let line = apply.plan(&path.to_string_lossy());
        match child::run_aside(request, &line, signals).await? {
            0 => return Ok(Planned::NoChanges),
            CHANGES => (read(&path)?, path),
            status => return Ok(Planned::Failed(status)),
        }
    };
    let digest = Digest::of_bytes(&bytes);
    let memory = sealed(&bytes)?;
    let name = format!("/proc/self/fd/{}", memory.as_raw_fd());
    let json = shown(request, &apply.show_json(&name), signals).await?;
    let text = shown(request, &apply.show(&name), signals).await?;
    let found = judged(request, guard, &json);
    let text = String::from_utf8_lossy(&text);
    let shown = if text.len() > LONGEST_SHOWN {
        Diff::Unavailable(format!("the plan has {} bytes of text, too many to show", text.len()))
    } else {
        Diff::Text(Untrusted::new(text.trim_start_matches('\n')))
    };
    let plan = Plan { argv: apply.apply(&name), shown, path, digest, _memory: memory };
    Ok(Planned::Plan(Box::new(plan), found))
}

/// Whether policy lets the gate's own first step through; if so, it is logged.
async fn may(
    request: &Request,
    desk: &Desk<'_>,
    open: &Open<'_>,
    line: Vec<String>,
) -> Result<bool, PlanError> {
    let action = request
        .errand(line, desk.guard, Timestamp::now())
        .map_err(|error| other(error.to_string()))?;
    if !action.ruling.as_ref().is_some_and(|ruling| ruling.leave == Leave::LetThrough) {
        return Ok(false);
    }
    let record = super::guard::let_through(&action).map_err(|error| other(error.to_string()))?;
    if let Some(record) = record {
        let logged = super::exec::logged(desk.spool, &record, open).await;
        logged.map_err(|error| other(error.to_string()))?;
    }
    Ok(true)
}

fn other(why: String) -> PlanError {
    PlanError::Io(io::Error::other(why))
}

/// What applying the plan would do. Places in its JSON mean nothing without it.
fn judged(request: &Request, guard: &Guard, json: &[u8]) -> Assessment {
    // What the command line says of where it acts holds for all of the plan.
    let on_the_line = request.found.effects.iter().map(|effect| effect.environment);
    let environment = on_the_line.fold(guard.environment, Environment::min);
    let setting = Setting { places: &*guard.places, environment, ..Setting::default() };
    let mut found = classify::plan(&String::from_utf8_lossy(json), &setting);
    for effect in &mut found.effects {
        effect.evidence = Span::default();
    }
    for opaque in &mut found.opaque {
        opaque.evidence = Span::default();
    }
    found
}

async fn shown(
    request: &Request,
    line: &[String],
    signals: &mut mpsc::Receiver<i32>,
) -> Result<Vec<u8>, PlanError> {
    let (status, text) = child::output(request, line, LARGEST, signals).await?;
    if status != 0 {
        let program = line.first().map_or("", String::as_str);
        return Err(PlanError::NotShown(format!("`{program} show` ended with status {status}")));
    }
    if text.len() as u64 > LARGEST {
        return Err(PlanError::TooLarge);
    }
    Ok(text)
}

fn read(path: &Path) -> Result<Vec<u8>, PlanError> {
    let unreadable = |why: String| PlanError::Unreadable { path: path.to_owned(), why };
    let file = super::beside::open(path).map_err(|error| unreadable(error.to_string()))?;
    let file = file.ok_or_else(|| unreadable("it is no plain file".to_owned()))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(PlanError::TooLarge);
    }
    Ok(bytes)
}

/// Memory with these bytes that nobody can write any more, and that children inherit.
fn sealed(bytes: &[u8]) -> io::Result<File> {
    let memory = rustix::fs::memfd_create("plan", MemfdFlags::ALLOW_SEALING | MemfdFlags::CLOEXEC)?;
    let mut file = File::from(memory);
    file.write_all(bytes)?;
    let seals = SealFlags::WRITE | SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL;
    rustix::fs::fcntl_add_seals(&file, seals)?;
    rustix::io::fcntl_setfd(&file, FdFlags::empty())?;
    Ok(file)
}

/// A folder only this account can look into, gone when this is.
struct Private(PathBuf);

impl Private {
    fn new() -> io::Result<Self> {
        let name = nonce().map_err(|error| io::Error::other(error.to_string()))?;
        let folder = std::env::temp_dir().join(format!("countersign-plan-{name}"));
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::sealed;
    use std::{io::Write as _, os::fd::AsRawFd as _};

    #[test]
    fn nobody_writes_into_a_sealed_plan() {
        let mut memory = sealed(b"a plan").unwrap();
        assert!(memory.write_all(b"another").is_err());
        let name = format!("/proc/self/fd/{}", memory.as_raw_fd());
        assert!(std::fs::write(&name, b"another").is_err());
        assert_eq!(std::fs::read(&name).unwrap(), b"a plan");
    }
}
