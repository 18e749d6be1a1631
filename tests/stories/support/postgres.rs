//! PostgreSQL from the distribution's package: one server for all stories of a run, one database a
//! story; or a server of a story's own, which it may kill.
//!
//! ```text
//!   COUNTERSIGN_TEST_POSTGRES (tests/servers/run.py) ─▶ template, with a store in it
//!                                                        └─▶ CREATE DATABASE … TEMPLATE
//! ```
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]
#![allow(dead_code, reason = "each story takes what it needs")]

use countersign::store::{Address, init_server};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    str::FromStr as _,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// How to get what is missing.
const INSTALL: &str = "PostgreSQL 15 or newer is missing. On Debian: apt-get install postgresql";

static TEMPLATE: OnceCell<(String, String)> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A new database with an empty store in it, on the server of this run.
pub async fn database() -> Address {
    Address::parse(&url(&new_database().await)).unwrap()
}

/// The URL of a database on the server of this run, as its superuser.
pub fn url(database: &str) -> String {
    with_database(&server(), database)
}

/// The address of the server of this run.
pub fn server() -> String {
    std::env::var("COUNTERSIGN_TEST_POSTGRES")
        .unwrap_or_else(|_| panic!("no PostgreSQL to test with: run `make test`. {INSTALL}"))
}

/// A URL with another database in it: `postgres://user@localhost/database?host=…`.
pub fn with_database(server: &str, database: &str) -> String {
    let (place, asked) = server.split_once('?').unwrap_or((server, ""));
    let (place, _) = place.rsplit_once('/').unwrap();
    format!("{place}/{database}?{asked}")
}

/// A new database with an empty store in it; gives its name.
pub async fn new_database() -> String {
    let (server, template) = TEMPLATE
        .get_or_init(|| async {
            let (server, name) = (server(), format!("template_{}", std::process::id()));
            run(&server, &format!("CREATE DATABASE {name}")).await;
            init_server(&Address::parse(&with_database(&server, &name)).unwrap()).await.unwrap();
            (server, name)
        })
        .await;
    let name = format!("story_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    run(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    name
}

/// Runs SQL as whoever the URL names.
pub async fn run(url: &str, sql: &str) {
    attempt(url, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Runs SQL as whoever the URL names.
pub async fn attempt(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let options = sqlx::postgres::PgConnectOptions::from_str(url)?;
    let mut db = PgConnection::connect_with(&options).await?;
    let done = db.execute(AssertSqlSafe(sql.to_owned())).await;
    db.close().await?;
    done.map(|_| ())
}

/// The processes that this one started.
fn children(of: u32) -> Vec<rustix::process::Pid> {
    let listed = fs::read_to_string(format!("/proc/{of}/task/{of}/children")).unwrap_or_default();
    let numbers = listed.split_whitespace().filter_map(|number| number.parse().ok());
    numbers.filter_map(rustix::process::Pid::from_raw).collect()
}

/// A server of a story's own.
pub struct Cluster {
    bins: PathBuf,
    home: TempDir,
    port: u16,
    settings: Vec<String>,
    server: Mutex<Option<Child>>,
}

impl Cluster {
    /// Starts one that keeps what it says it kept, with these settings (`name=value`) on top.
    pub async fn start(settings: &[&str]) -> Self {
        Self::start_in(TempDir::new().unwrap(), settings).await
    }

    /// As [`Cluster::start`], with its data in this folder.
    pub async fn start_in(home: TempDir, settings: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = settings.iter().map(ToString::to_string).collect();
        let cluster = Self { bins: bins(), home, port, settings, server: Mutex::new(None) };
        give_away(cluster.home.path());
        let made = cluster
            .command("initdb")
            .args(["--auth=trust", "--no-sync", "--username=postgres", "--encoding=UTF8"])
            .args(["--locale=C.UTF-8", "-D"])
            .arg(cluster.data())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.begin().await;
        cluster
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// As user `postgres` where we are root, which PostgreSQL refuses to run as.
    fn command(&self, program: &str) -> Command {
        let program = self.bins.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command.stdin(Stdio::null()).current_dir("/");
        command
    }

    /// Starts the server, again after [`Cluster::kill`].
    pub async fn begin(&self) {
        let begun = Instant::now();
        loop {
            let ended = self.has_ended();
            // After a kill the last processes of the old server may still be ending.
            if ended {
                *self.server.lock().unwrap() = Some(self.respawn());
            }
            if attempt(&self.url("postgres"), "SELECT 1").await.is_ok() {
                return;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn respawn(&self) -> Child {
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.home.path());
        command.args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        let log = self.home.path().join("log");
        let log = fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        command.stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    /// Ends the server as a power cut would.
    pub fn kill(&self) {
        if let Some(mut server) = self.server.lock().unwrap().take() {
            let others = children(server.id());
            // The first of its processes first: it would start the others anew. Those would end by
            // themselves, but only after what they are just doing.
            let _ = server.kill();
            for one in others {
                let _ = rustix::process::kill_process(one, rustix::process::Signal::KILL);
            }
            let _ = server.wait();
        }
    }

    /// Whether the server ended by itself.
    pub fn has_ended(&self) -> bool {
        let mut server = self.server.lock().unwrap();
        server.as_mut().is_none_or(|server| server.try_wait().unwrap().is_some())
    }

    /// What the server said.
    pub fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    /// Has it speak TLS with this certificate and key.
    pub async fn use_certificate(&self, certificate: &Path, key: &Path) {
        for (name, from) in [("server.crt", certificate), ("server.key", key)] {
            let to = self.data().join(name);
            fs::copy(from, &to).unwrap();
            fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).unwrap();
            give_away(&to);
        }
        run(&self.url("postgres"), "ALTER SYSTEM SET ssl = on").await;
        run(&self.url("postgres"), "SELECT pg_reload_conf()").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    /// Its port on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A database on it by its socket, as superuser.
    pub fn url(&self, database: &str) -> String {
        let (home, port) = (self.home.path().display(), self.port);
        format!("postgres://postgres@localhost/{database}?host={home}&port={port}")
    }

    /// A database on it with an empty store in it.
    pub async fn store(&self) -> Address {
        run(&self.url("postgres"), "CREATE DATABASE store").await;
        let address = Address::parse(&self.url("store")).unwrap();
        init_server(&address).await.unwrap();
        address
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Gives the folder to the user the server runs as.
fn give_away(folder: &Path) {
    if !is_root() {
        return;
    }
    let done = Command::new("chown").arg("postgres:postgres").arg(folder).status().unwrap();
    assert!(done.success(), "there is no user postgres. {INSTALL}");
}

/// The folder of the newest server's programs.
pub fn bins() -> PathBuf {
    installed().unwrap_or_else(|| panic!("{INSTALL}"))
}

/// The same, where there is one that is new enough.
pub fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("initdb").exists().then_some((version, bin))
        })
        .collect();
    found.sort();
    Some(found.pop().filter(|(version, _)| *version >= 15)?.1)
}
