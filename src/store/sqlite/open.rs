//! Opening the file: looked at before anything is written, so that a file that is not ours stays
//! byte for byte as it was.
//!
//! ```text
//!   a local disk? ─▶ folder there? ─▶ first 16 bytes ─▶ whose tables? ─▶ known schema? ─▶ WAL ─▶ migrate
//! ```

use super::{
    SqliteStore,
    filesystem::network,
    trouble::{explain, is_busy},
};
use crate::store::{StoreError, sql::Trouble};
use rustix::{fs::Mode, process::umask};
use sqlx::{
    Connection as _, SqliteConnection,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, MutexGuard};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/sqlite/migrations");

/// What the first migration writes into the file's header.
const APPLICATION_ID: i64 = 1_129_539_438;

/// How every SQLite 3 file begins, <https://www.sqlite.org/fileformat.html#magic_header_string>.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

const READERS: u32 = 3;

/// Rows the database's thread may read ahead: with sqlx's 50, long lists are mostly thread switches.
const ROWS_AHEAD: usize = 1024;

/// How long SQLite itself waits for another writer, before the waiting is done here.
pub(super) const BRIEFLY: Duration = Duration::from_millis(20);

/// How long reads may wait for other reads of this process, on top of the patience for others.
const QUEUE: Duration = Duration::from_secs(25);

impl SqliteStore {
    /// Opens the store, making the folder (mode 0700) and the file (mode 0600, 0660 in
    /// a folder that a group shares) where they are missing. Waits for other programs that hold it until
    /// for thirty seconds nobody got on.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_patiently(path, Duration::from_secs(30)).await
    }

    /// As [`SqliteStore::open`], waiting for a lock until for `patience` nobody got on, now and at
    /// every later write.
    pub async fn open_patiently(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        if let Some(kind) = network(path) {
            return Err(StoreError::OnNetwork { path: path.to_owned(), kind });
        }
        prepare_file(path)?;
        let opening = Opening { path: path.to_owned(), patience };
        opening.open().await.map_err(|refusal| match refusal {
            Refusal::Told(error) => error,
            Refusal::Database(trouble) => explain(trouble, path, patience.as_secs()),
        })
    }
}

/// A file that is being opened.
struct Opening {
    path: PathBuf,
    patience: Duration,
}

/// Why it was not opened.
enum Refusal {
    Told(StoreError),
    Database(Trouble),
}

impl<E: Into<Trouble>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Database(error.into())
    }
}

impl Opening {
    async fn open(self) -> Result<SqliteStore, Refusal> {
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(self.patience);
        let _open_to_group = Unmasked::as_group_of(&self.path).await;
        let mut first = SqliteConnection::connect_with(&options).await?;
        self.make_ready(&mut first).await?;

        // No timers of the pool's own: an idle console must not wake up.
        let pool = |size: u32| {
            SqlitePoolOptions::new()
                .max_connections(size)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .acquire_timeout(self.patience + QUEUE)
        };
        let wait = BRIEFLY.min(self.patience);
        let writer = pool(1).connect_with(options.clone().busy_timeout(wait)).await?;
        let reader = pool(READERS)
            .connect_with(options.pragma("query_only", "ON").row_buffer_size(ROWS_AHEAD))
            .await?;
        let (path, patience, queue) = (self.path, self.patience, Arc::default());
        let store = SqliteStore { writer, reader, path, patience, queue };
        store.import().await?;
        // Not before others are open: whoever closes last takes the files beside the store away.
        first.close().await?;
        Ok(store)
    }

    async fn make_ready(&self, db: &mut SqliteConnection) -> Result<(), Refusal> {
        let pending = self.check_schema(db).await?;
        self.switch_to_wal(db).await?;
        if pending {
            self.migrate(db).await?;
        }
        Ok(())
    }

    /// Reads whose file it is and how new; says whether migrations are missing. Writes nothing.
    async fn check_schema(&self, db: &mut SqliteConnection) -> Result<bool, Refusal> {
        // One snapshot: another program may be making the store right now.
        let mut look = db.begin().await?;
        let application: i64 =
            sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *look).await?;
        let tables: i64 =
            sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut *look).await?;
        if tables == 0 {
            return Ok(true);
        }
        if application != APPLICATION_ID {
            let why = "it is the database of another program".to_owned();
            return Err(Refusal::Told(StoreError::Damaged { path: self.path.clone(), why }));
        }
        let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(&mut *look)
            .await?;
        look.rollback().await?;
        let found = found.unwrap_or(0);
        let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
        if found > known {
            let path = self.path.clone();
            return Err(Refusal::Told(StoreError::UnknownSchema { path, found, known }));
        }
        Ok(found < known)
    }

    /// Write-ahead logging lets readers go on while somebody writes. Switching to it takes a lock
    /// that SQLite's own busy timeout does not wait for, so two programs that start at once would
    /// collide.
    async fn switch_to_wal(&self, db: &mut SqliteConnection) -> Result<(), Trouble> {
        let begun = Instant::now();
        loop {
            let tried = sqlx::query_scalar::<_, String>("PRAGMA journal_mode = WAL")
                .fetch_one(&mut *db)
                .await;
            match tried {
                Err(error) if is_busy(&error) && begun.elapsed() < self.patience => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => return Err(error.into()),
                Ok(_) => return Ok(()),
            }
        }
    }

    /// Brings the schema up to date in one transaction, so that two programs that start at once do
    /// it one after the other and the second finds it done.
    async fn migrate(&self, db: &mut SqliteConnection) -> Result<(), Refusal> {
        let mut all = db.begin_with("BEGIN IMMEDIATE").await?;
        // `run` does the same, but its future is not provably `Send`, and the store is opened from
        // spawned tasks too.
        match MIGRATIONS.run_direct(None, &mut *all, false).await {
            Ok(()) => Ok(all.commit().await?),
            Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
                Err(error.into())
            }
            Err(other) => Err(Trouble::Unreadable(other.to_string()).into()),
        }
    }
}

/// While it lasts, files are made as open to a group as the store is, whatever the umask says.
///
/// SQLite makes the files beside a store and gives them its mode only then. Whoever of the same
/// group opens them between the two is refused, takes the store for one that can only be read, and
/// stays at that.
///
/// A process has one umask: two of these at once would not leave it as it was.
struct Unmasked {
    before: Mode,
    _alone: MutexGuard<'static, ()>,
}

static UNMASKED: Mutex<()> = Mutex::const_new(());

impl Unmasked {
    async fn as_group_of(path: &Path) -> Option<Self> {
        let open = Mode::from_raw_mode(rustix::fs::stat(path).ok()?.st_mode) & Mode::RWXG;
        if open.is_empty() {
            return None;
        }
        let alone = UNMASKED.lock().await;
        let before = umask(Mode::RWXG | Mode::RWXO);
        umask(before & !open);
        Some(Self { before, _alone: alone })
    }
}

impl Drop for Unmasked {
    fn drop(&mut self) {
        umask(self.before);
    }
}

/// Makes folder and file, and refuses a file that cannot be a database before SQLite sees it.
fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let refused = |why: &std::io::Error| StoreError::NotWritable {
        path: path.to_owned(),
        why: why.to_string(),
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => StoreError::NotWritable {
                path: path.to_owned(),
                why: format!("{} is not a folder", folder.display()),
            },
            _ => refused(&error),
        })?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    let mut fresh = options.clone();
    fresh.create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut fresh, 0o600);
    match fresh.open(path) {
        Ok(file) => return share(&file, path).map_err(|error| refused(&error)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(refused(&error)),
    }
    let file = options.open(path).map_err(|e| refused(&e))?;
    if anyone_can_write(&file) {
        return Err(StoreError::Exposed { path: path.to_owned() });
    }
    let why = match looks_like_a_database(file) {
        Ok(true) => return Ok(()),
        Ok(false) => "it is not an SQLite database".to_owned(),
        Err(error) => error.to_string(),
    };
    Err(StoreError::Damaged { path: path.to_owned(), why })
}

/// In a folder that a group shares (setgid, and the group may write), the group shares the store too,
/// whatever the umask of whoever comes first. What SQLite puts beside it gets the same mode.
#[cfg(unix)]
fn share(file: &File, path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    const SHARED: u32 = 0o2020;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mode = folder.unwrap_or(Path::new(".")).metadata()?.permissions().mode();
    if mode & SHARED == SHARED {
        file.set_permissions(std::fs::Permissions::from_mode(0o660))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn share(_file: &File, _path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn anyone_can_write(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o002 != 0)
}

#[cfg(not(unix))]
fn anyone_can_write(_file: &File) -> bool {
    false
}

fn looks_like_a_database(file: File) -> std::io::Result<bool> {
    let mut head = Vec::with_capacity(MAGIC.len());
    file.take(MAGIC.len() as u64).read_to_end(&mut head)?;
    Ok(head.is_empty() || head == MAGIC)
}
