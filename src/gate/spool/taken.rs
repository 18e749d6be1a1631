//! Takes the records into the store.

use super::{base, wrong_with};
use crate::{
    domain::{Activity, ActivityKind, Leave, LetThrough},
    gate::asker::{content, plain_file},
    store::{Store, StoreError},
};
use std::{
    ffi::OsStr,
    fs::{self, File, TryLockError},
    io,
    os::unix::{ffi::OsStrExt as _, fs::MetadataExt as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Records the store is given at a time.
const BATCH: usize = 500;
/// Lines of history that are looked at for what is there already.
const LOOKED_BACK: u32 = 1_000;
/// A file longer than that was not written by a gate.
const LONGEST: u64 = 64 << 20;
/// How long to wait for a gate that is just writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Records the store did not have yet.
    pub new: u64,
    /// What could not be taken in, and why: it lies where it lay, or under the name given here.
    pub left: Vec<(PathBuf, String)>,
}

/// Takes in everything that lies beside the store, also what somebody who took it before did not
/// come to an end with.
pub async fn take_in(path: &Path, store: &dyn Store) -> Result<TakenIn, StoreError> {
    let mut told = TakenIn::default();
    for found in beside(path) {
        // An empty log stays where it is: somebody may just be about to write.
        if found.path.symlink_metadata().is_ok_and(|found| found.is_file() && found.len() == 0) {
            continue;
        }
        let taken = if found.is_taken { Some(found.path.clone()) } else { renamed(path, &found) };
        let Some(taken) = taken else {
            told.left.push((found.path, "it is not trusted, or cannot be renamed".to_owned()));
            continue;
        };
        match records(&taken).await {
            Ok(Some((records, unreadable))) => {
                let (passed, stopped): (Vec<_>, Vec<_>) =
                    records.into_iter().partition(|one| one.ruling.leave == Leave::LetThrough);
                for batch in passed.chunks(BATCH) {
                    told.new += store.let_through(batch).await?;
                }
                note(&stopped, store).await?;
                finish(path, taken, unreadable, &mut told);
            }
            // Somebody else is at it, or has just finished.
            Ok(None) => {}
            Err(why) => told.left.push((taken, why.to_string())),
        }
    }
    Ok(told)
}

/// Makes lines of history of what was stopped. One that a crash left half taken in is one line all
/// the same, as far back as anybody looks.
async fn note(stopped: &[LetThrough], store: &dyn Store) -> Result<(), StoreError> {
    if stopped.is_empty() {
        return Ok(());
    }
    let lines = store.activity(LOOKED_BACK, None).await?;
    let known =
        |id: &str| lines.iter().any(|line| line.kind == ActivityKind::Stopped && line.about == id);
    for record in stopped.iter().filter(|record| !known(&record.id)) {
        let Leave::Boundary { rule, because } = &record.ruling.leave else { continue };
        let what = format!(
            "nobody may approve it, so it was stopped: {because} (boundary `{rule}`): {}",
            record.title.raw()
        );
        let line = Activity {
            seq: 0,
            at: record.at,
            kind: ActivityKind::Stopped,
            source: record.source.clone(),
            about: record.id.clone(),
            who: format!("{} ({})", record.tool, record.requester.raw()).into(),
            what: what.into(),
        };
        store.note(&line).await?;
    }
    Ok(())
}

/// Files with lines that could not be read and are kept for a person to look at.
pub fn unreadable(store: &Path) -> Vec<PathBuf> {
    listed(store)
        .into_iter()
        .filter(|(_, rest)| rest.starts_with(".unreadable-"))
        .map(|(path, _)| path)
        .collect()
}

struct Beside {
    path: PathBuf,
    is_taken: bool,
}

/// Logs, and what was taken of them.
fn beside(store: &Path) -> Vec<Beside> {
    let is_account =
        |rest: &str| rest.strip_prefix('-').is_some_and(|uid| uid.parse::<u32>().is_ok());
    listed(store)
        .into_iter()
        .filter_map(|(path, rest)| {
            let is_taken = rest.starts_with(".taken-");
            (is_taken || rest.is_empty() || is_account(&rest)).then_some(Beside { path, is_taken })
        })
        .collect()
}

/// Files beside the store whose names begin as those of its logs do, with the rest of the name.
fn listed(store: &Path) -> Vec<(PathBuf, String)> {
    let base = base(store);
    let (folder, name) = (Path::new(&base).parent(), Path::new(&base).file_name());
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = name.map(OsStr::as_bytes) else { return Vec::new() };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let rest = entry.file_name().as_bytes().strip_prefix(name)?.to_owned();
            Some((entry.path(), String::from_utf8(rest).ok()?))
        })
        .collect();
    found.sort();
    found
}

/// Moves a log out of the gates' way; none where that is not possible.
fn renamed(store: &Path, found: &Beside) -> Option<PathBuf> {
    plain_file(&found.path)?;
    let mut name = base(store);
    name.push(format!(".taken-{}", crate::domain::nonce().ok()?));
    let taken = PathBuf::from(name);
    fs::rename(&found.path, &taken).ok()?;
    Some(taken)
}

/// The records of a file that nobody writes any more, and whether a line of it is none. Nothing
/// where somebody else has it.
async fn records(path: &Path) -> io::Result<Option<(Vec<LetThrough>, bool)>> {
    let Some((file, found)) = plain_file(path) else { return Ok(None) };
    // Whoever may put a file of another account's here may write the store as well.
    if let Some(why) = wrong_with(&found, found.uid()) {
        return Err(io::Error::other(why));
    }
    if !alone(&file).await? {
        return Ok(None);
    }
    // Its length is only known now that nobody writes any more.
    let length = file.metadata()?.len();
    let bytes = content(&file, length, LONGEST)
        .ok_or_else(|| io::Error::other("it cannot be read, or is longer than any gate writes"))?;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let (mut records, mut unreadable) = (Vec::new(), false);
    for line in lines {
        match serde_json::from_slice(line) {
            Ok(record) => records.push(record),
            Err(_) => unreadable = true,
        }
    }
    Ok(Some((records, unreadable)))
}

/// Waits for writers that are not done yet, for a while.
async fn alone(file: &File) -> io::Result<bool> {
    let until = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(why)) => return Err(why),
        }
    }
}

/// Removes what is in the store now. What holds a line that nobody could read is kept whole: the
/// records in it count once, however often they are read.
fn finish(store: &Path, taken: PathBuf, unreadable: bool, told: &mut TakenIn) {
    if !unreadable {
        // Where that fails it is read again, and changes nothing.
        let _ = fs::remove_file(taken);
        return;
    }
    let name = taken.to_string_lossy();
    let id = name.rsplit_once(".taken-").map_or("", |(_, id)| id);
    let mut kept = base(store);
    kept.push(format!(".unreadable-{id}"));
    let kept = PathBuf::from(kept);
    let why = "it holds a line that is no record; the others were taken in".to_owned();
    match fs::rename(&taken, &kept) {
        Ok(()) => told.left.push((kept, why)),
        Err(_) => told.left.push((taken, why)),
    }
}
