//! Whose turn it is to write, among all processes that have the file open.
//!
//! ```text
//!   writers ─▶ in this process ─▶ store.next ─▶ store.turn ─▶ BEGIN IMMEDIATE … COMMIT
//!              one after the other  a queue      one waits     nobody else tries meanwhile
//! ```
//!
//! SQLite lets whoever asks at the right moment write: whoever waits for it sleeps and asks again.
//! Among many that leaves the file idle between two of them, and some wait for ever. The system's
//! locks on files are a queue, and wake the one who is next. Two of them, because a process that
//! asks again at once after it let go would be faster than the one that is being woken: here it
//! finds somebody on the way already.
//!
//! Nothing depends on these locks but fairness. Whoever cannot have them asks as before.

use rustix::{
    fs::{Mode, OFlags, fchmod, open},
    io::Errno,
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    thread,
};
use tokio::sync::{OwnedMutexGuard, oneshot};

/// A turn; it ends when this goes.
#[derive(Debug, Default)]
pub(in crate::store) struct Turn {
    _others: Option<File>,
    _here: Option<OwnedMutexGuard<()>>,
}

impl Turn {
    /// A turn in this process, and among the others unless they cannot be queued with.
    pub(super) fn new(here: OwnedMutexGuard<()>, others: Option<File>) -> Self {
        Self { _others: others, _here: Some(here) }
    }
}

/// Waits for a turn among processes, which lasts until the file is closed. None: there is no queue.
pub(super) async fn wait(store: &Path) -> Option<File> {
    let (next, turn) = (lock(store, ".next")?, lock(store, ".turn")?);
    if next.try_lock().is_ok() && turn.try_lock().is_ok() {
        return Some(turn);
    }
    let (send, receive) = oneshot::channel();
    // A thread nobody waits for: the program may end while somebody else is slow. Where the waiting
    // was given up, the lock goes as soon as it comes.
    let wait = move || {
        if next.lock().and_then(|()| turn.lock()).is_ok() {
            drop(next);
            let _ = send.send(turn);
        }
    };
    thread::Builder::new().name("turn".to_owned()).spawn(wait).ok()?;
    receive.await.ok()
}

/// The file beside the store that is locked, made by whoever comes first, for all who share it.
fn lock(store: &Path, end: &str) -> Option<File> {
    let mut name = store.as_os_str().to_owned();
    name.push(end);
    let name = PathBuf::from(name);
    let how = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let as_it_is = || open(&name, how, Mode::empty());
    let found = match as_it_is() {
        Err(Errno::NOENT) => {
            let shared = Mode::from_raw_mode(rustix::fs::stat(store).ok()?.st_mode);
            match open(&name, how | OFlags::CREATE | OFlags::EXCL, Mode::RUSR | Mode::WUSR) {
                Ok(made) => fchmod(&made, shared).map(|()| made),
                Err(Errno::EXIST) => as_it_is(),
                Err(error) => Err(error),
            }
        }
        found => found,
    };
    found.ok().map(File::from)
}

#[cfg(test)]
mod tests {
    use super::wait;
    use std::{fs, os::unix::fs::PermissionsExt as _, time::Duration};
    use tokio::time::timeout;

    #[tokio::test]
    async fn one_has_the_turn_and_the_next_gets_it_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("a.db");
        fs::write(&store, "").unwrap();
        fs::set_permissions(&store, fs::Permissions::from_mode(0o660)).unwrap();
        let first = wait(&store).await.unwrap();
        let mut second = Box::pin(wait(&store));
        assert!(timeout(Duration::from_millis(20), &mut second).await.is_err());
        drop(first);
        let second = second.await.unwrap();
        drop(second);
        assert!(wait(&store).await.is_some());
        for end in ["next", "turn"] {
            let about = fs::metadata(folder.path().join(format!("a.db.{end}"))).unwrap();
            assert_eq!(about.permissions().mode() & 0o777, 0o660);
        }
    }

    #[tokio::test]
    async fn whoever_gives_up_does_not_keep_the_turn() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("a.db");
        fs::write(&store, "").unwrap();
        let first = wait(&store).await.unwrap();
        assert!(timeout(Duration::from_millis(20), wait(&store)).await.is_err());
        drop(first);
        assert!(timeout(Duration::from_secs(20), wait(&store)).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn without_a_folder_to_write_in_there_is_no_queue() {
        let folder = tempfile::tempdir().unwrap();
        assert!(wait(&folder.path().join("nowhere/a.db")).await.is_none());
    }
}
