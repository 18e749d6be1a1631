//! Showing what would change in a host's files, asking, and doing it.

use crate::{
    cli::{
        ask,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::Untrusted,
    gate::install::{Change, ChangeFault, FileFault, Profile, Scope},
    report::{Cell, Ink, Page, Report},
};
use serde::Serialize;
use std::path::PathBuf;

/// How to go about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// `install` or `uninstall`.
    pub verb: &'static str,
    /// Whether to show it only.
    pub dry_run: bool,
    /// Whether to do it without asking.
    pub yes: bool,
}

/// What came of it.
struct Changed {
    name: &'static str,
    host: &'static str,
    done: bool,
    files: Vec<ChangedFile>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ChangedFile {
    path: String,
    change: &'static str,
    diff: Untrusted,
    kept: Option<String>,
}

/// Shows the changes, asks, and makes them.
pub(super) async fn carry_out(
    host: &Profile,
    work_out: impl Fn() -> Result<Vec<(Change, bool)>, Failure>,
    manner: Manner,
    notes: Vec<String>,
    output: Output,
) -> Result<Exit, Failure> {
    let changes = work_out()?;
    let wanted = changes.iter().filter(|(change, _)| !change.is_nothing()).count();
    show(&changes, output);
    let ask_first = wanted > 0 && !manner.dry_run && !manner.yes;
    if ask_first {
        if output.is_json() || !output.can_ask() {
            return Err(Failure::new(Kind::Usage, "nothing was changed: nobody can be asked here")
                .next("add --yes to do it, or --dry-run to only look"));
        }
        if !ask::for_word("Write this? [y/N]", "y", output).await? {
            return Err(Failure::new(Kind::Usage, "nothing was changed").next("answer y to do it"));
        }
    }
    let mut files = Vec::new();
    for (change, had_hook) in &changes {
        let mut kept = None;
        if !manner.dry_run && !change.is_nothing() {
            match change.make(*had_hook) {
                Ok(beside) => kept = beside,
                Err(ChangeFault::File(FileFault::Changed(path))) => {
                    // Shown anew, so that nobody agrees to what they have not seen.
                    if let Ok(again) = work_out() {
                        show(&again, output);
                    }
                    let what = format!("{} has changed since it was shown", path.display());
                    return Err(Failure::new(Kind::Changed, what)
                        .next("look at the new difference above, then run this again"));
                }
                Err(fault) => return Err(failure(&fault, host, change.scope, manner.verb)),
            }
        }
        files.push(ChangedFile {
            path: change.shown.display().to_string(),
            change: change.word(),
            diff: Untrusted::new(change.diff()),
            kept: kept.map(|path: PathBuf| path.display().to_string()),
        });
    }
    let name = if manner.verb == "install" { "gate-install" } else { "gate-uninstall" };
    let done = !manner.dry_run && wanted > 0;
    let notes = if wanted > 0 { notes } else { Vec::new() };
    output.report(&Changed { name, host: host.id, done, files, notes })?;
    Ok(Exit::Done)
}

fn show(changes: &[(Change, bool)], output: Output) {
    if output.is_json() {
        return;
    }
    for (change, _) in changes.iter().filter(|(change, _)| !change.is_nothing()) {
        let mut page = Page::new();
        if change.seen.linked {
            let to = change.seen.path.display();
            let from = change.shown.display();
            let note = Untrusted::new(format!("{from} is a link; what changes is {to}"));
            page = page.item(Cell::outside(&note));
        }
        output.page(&page.diff(&Untrusted::new(change.diff())));
    }
}

/// A fault as a failure, with the way on.
pub(super) fn failure(fault: &ChangeFault, host: &Profile, scope: Scope, verb: &str) -> Failure {
    let denied = matches!(fault, ChangeFault::File(fault) if fault.is_denied());
    let next = match fault {
        _ if denied && scope == Scope::Managed => {
            let program = std::env::current_exe().unwrap_or_else(|_| "countersign".into());
            let program = program.display();
            format!("run it as root: sudo {program} gate {verb} {} --managed", host.id)
        }
        _ if denied => "make the file and its directory writable for you".to_owned(),
        ChangeFault::Text { .. } => {
            "put the file right, or add the hook by hand as docs/gate.md shows".to_owned()
        }
        _ => "look at the file, then try again".to_owned(),
    };
    Failure::new(Kind::Io, fault.to_string()).next(next)
}

impl Report for Changed {
    fn human(&self, _ink: Ink) -> String {
        let mut page = Page::new();
        for file in &self.files {
            let said = match (file.change, self.done) {
                ("none", _) => "nothing to do",
                (_, false) => "would change",
                ("create", true) => "written",
                ("remove", true) => "removed",
                (_, true) => "changed",
            };
            let line = Untrusted::new(format!("{said}: {}", file.path));
            page = page.item(Cell::outside(&line));
            if let Some(kept) = &file.kept {
                let line = Untrusted::new(format!("what it held before: {kept}"));
                page = page.detail(Cell::outside(&line));
            }
        }
        for note in &self.notes {
            page = page.item(Cell::own(note.clone()));
        }
        page.text(Ink::default())
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn body(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        struct Body<'a> {
            host: &'a str,
            done: bool,
            files: &'a [ChangedFile],
            notes: &'a [String],
        }
        Body { host: self.host, done: self.done, files: &self.files, notes: &self.notes }
    }
}
