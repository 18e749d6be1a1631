//! From files to a [`World`].
//!
//! ```text
//!   one thread:  file ─▶ entries ─▶ parts ─┐ (a few wait at most)
//!   the other:                             └─▶ compile ─▶ … ─▶ resolve ─▶ World
//! ```

use super::{
    Input, Problem, Sides, World,
    build::{Building, Taking},
    sides::SideError,
};
use crate::iam::{AuthorizationDetails, DetailsReader, LoadError, Loaded, Parts};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::mpsc::sync_channel,
};

/// Largest side file that is read.
const MAX_SIDE_BYTES: u64 = 256 * 1024 * 1024;

/// The files of an audit. `-` is standard input, once.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Authorization details: of one account or several, in one file each or in pages.
    pub accounts: Vec<PathBuf>,
    /// Service control policies.
    pub scps: Vec<PathBuf>,
    /// Policies of resources.
    pub resource_policies: Vec<PathBuf>,
    /// Resources known to exist.
    pub resources: Vec<PathBuf>,
    /// The organisation's management account.
    pub management_account: Option<String>,
}

/// Why there is no world.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// No file of authorization details could be read; this is what is wrong with the first.
    #[error(transparent)]
    Account(#[from] LoadError),
    /// A side file cannot be read. Without it more would seem allowed than is.
    #[error("{path}: cannot be read: {why}. Check the path and its permissions", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// A side file is not of its form.
    #[error("{path}: {why}", path = .path.display())]
    Side {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: SideError,
    },
    /// Standard input is named more than once.
    #[error("`-` is there more than once: standard input can be read only once")]
    StdinTwice,
}

/// Told while a large file is read: the file, and how many bytes of it were read.
pub type OnProgress<'a> = &'a (dyn Fn(&Path, u64) + Sync);

impl World {
    /// Reads files. An account's file that cannot be read is a problem as long as another can be;
    /// side files must be right.
    pub fn load(files: &Files, on_progress: OnProgress<'_>) -> Result<Self, FilesError> {
        Self::load_with(Vec::new(), files, on_progress)
    }

    /// The same, together with accounts that were read from elsewhere.
    pub fn load_with(
        inputs: Vec<Input>,
        files: &Files,
        on_progress: OnProgress<'_>,
    ) -> Result<Self, FilesError> {
        let Files { accounts, scps, resource_policies, resources, .. } = files;
        let all = accounts.iter().chain(scps).chain(resource_policies).chain(resources);
        if all.filter(|path| is_stdin(path)).count() > 1 {
            return Err(FilesError::StdinTwice);
        }
        // First, because they are small and a mistake in them ends it all.
        let sides = read_sides(files)?;
        let mut building = Building::default();
        let mut first_failure = None;
        let mut is_any_read = !inputs.is_empty();
        for input in inputs {
            building.take(input);
        }
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel(WAITING_PARTS);
            scope.spawn(move || {
                for path in accounts {
                    // It fails only when nobody listens any more, and then there is nobody to tell.
                    let mut hand = |details| drop(send.send(Sent::Part(path, details)));
                    let loaded = load(path, &mut Parts::Handed(&mut hand), on_progress);
                    drop(send.send(Sent::End(path, loaded.map(Box::new))));
                }
            });
            let mut taking = None;
            for sent in receive {
                match sent {
                    Sent::Part(path, details) => {
                        let taking = taking.get_or_insert_with(|| Taking::of(&name(path)));
                        building.part(details, taking);
                    }
                    Sent::End(path, Ok(mut loaded)) => {
                        is_any_read = true;
                        building.world.damaged_files += usize::from(loaded.cut.is_some());
                        let mut taking = taking.take().unwrap_or_else(|| Taking::of(&name(path)));
                        building.part(std::mem::take(&mut loaded.details), &mut taking);
                        building.end(input(path, *loaded), taking);
                    }
                    Sent::End(path, Err(error)) => {
                        building.problem_of_file(path, &error, "nothing of it is analysed");
                        first_failure.get_or_insert(error);
                    }
                }
            }
        });
        match first_failure {
            Some(error) if !is_any_read => Err(error.into()),
            _ => Ok(building.finish(sides)),
        }
    }
}

/// What goes from the thread that reads to the one that builds.
enum Sent<'a> {
    Part(&'a Path, AuthorizationDetails),
    End(&'a Path, Result<Box<Loaded>, LoadError>),
}

/// How many parts wait at most.
const WAITING_PARTS: usize = 4;

impl Building {
    fn problem_of_file(&mut self, path: &Path, error: &LoadError, consequence: &str) {
        let Problem { r#where, what } = problem_of(path, error, consequence);
        self.problem(r#where, what);
        self.world.damaged_files += 1;
    }
}

/// The place is in front of the message already.
fn problem_of(path: &Path, error: &LoadError, consequence: &str) -> Problem {
    let message = error.to_string();
    let name = shown(path).display().to_string();
    let rest = message.strip_prefix(&name).unwrap_or(&message);
    let (place, what) = rest.split_once(": ").unwrap_or(("", rest));
    Problem { r#where: format!("{name}{place}"), what: format!("{what}; {consequence}") }
}

fn input(path: &Path, loaded: Loaded) -> Input {
    let mut problems = loaded.problems;
    if let Some(cut) = &loaded.cut {
        let consequence = "what comes before is analysed, what follows is missing, so nothing said of this account is final";
        problems.push(problem_of(path, cut, consequence));
    }
    Input {
        name: name(path),
        details: loaded.details,
        // What is missing because the file was cut is told with the cut.
        missing: if loaded.cut.is_some() { Vec::new() } else { loaded.missing },
        is_continued: loaded.is_truncated,
        is_damaged: loaded.has_lost_entries || loaded.cut.is_some(),
        problems,
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn shown(path: &Path) -> &Path {
    if is_stdin(path) { Path::new("standard input") } else { path }
}

fn name(path: &Path) -> String {
    shown(path).display().to_string()
}

fn load(
    path: &Path,
    parts: &mut Parts<'_>,
    on_progress: OnProgress<'_>,
) -> Result<Loaded, LoadError> {
    let tell = |bytes| on_progress(shown(path), bytes);
    let reader = DetailsReader::default().on_progress(&tell);
    if is_stdin(path) {
        return reader.read_in_parts(shown(path), std::io::stdin().lock(), parts);
    }
    reader.file_in_parts(path, parts)
}

fn read_sides(files: &Files) -> Result<Sides, FilesError> {
    let mut sides = Sides {
        management_account: files.management_account.as_deref().map(Into::into),
        ..Sides::default()
    };
    for path in &files.scps {
        let text = text(path)?;
        sides.take_scps(&text).map_err(|why| FilesError::Side { path: path.clone(), why })?;
    }
    for path in &files.resource_policies {
        let (name, text) = (name(path), text(path)?);
        sides
            .take_resource_policies(&name, &text)
            .map_err(|why| FilesError::Side { path: path.clone(), why })?;
    }
    for path in &files.resources {
        let (name, text) = (name(path), text(path)?);
        sides
            .take_resources(&name, &text)
            .map_err(|why| FilesError::Side { path: path.clone(), why })?;
    }
    Ok(sides)
}

fn text(path: &Path) -> Result<String, FilesError> {
    let unreadable = |why: String| FilesError::Unreadable { path: shown(path).into(), why };
    let reader: Box<dyn Read> = if is_stdin(path) {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(|error| unreadable(error.to_string()))?)
    };
    let mut bytes = Vec::new();
    reader
        .take(MAX_SIDE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > MAX_SIDE_BYTES {
        return Err(unreadable(format!("it has more than {MAX_SIDE_BYTES} bytes")));
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        unreadable(format!("it is not UTF-8 from byte {} on", error.utf8_error().valid_up_to()))
    })
}
