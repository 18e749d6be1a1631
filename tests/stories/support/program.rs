//! The real binary, in a home of its own.

use super::pty::Session;
use countersign::{
    domain::{Action, Observation, SourceKind, SourceName},
    store::{SqliteStore, Store as _},
};
use jiff::Timestamp;
use std::{
    fs,
    io::{Read, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Longer than any command may take here.
const PATIENCE: Duration = Duration::from_secs(90);

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The one JSON object on stdout.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error object on stderr.
    pub fn error(&self) -> serde_json::Value {
        let value: serde_json::Value =
            serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        value["error"].clone()
    }

    /// Whether neither stream holds anything that acts on a terminal or hides from a reader.
    pub fn is_harmless(&self) -> bool {
        let bad = |c: char| {
            (c.is_control() && c != '\n' && c != '\r')
                || ('\u{200b}'..='\u{200f}').contains(&c)
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c)
        };
        !self.stdout.contains(bad) && !self.stderr.contains(bad)
    }
}

/// A home directory with a configuration and a store, and the program in it.
pub struct Program {
    home: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

impl Program {
    /// An empty home.
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    /// With this configuration file.
    pub fn configured(text: impl AsRef<[u8]>) -> Self {
        let program = Self::new();
        program.write("config/countersign/config.toml", text);
        program
    }

    /// With a variable in its environment.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path below the home.
    pub fn path(&self, below: &str) -> PathBuf {
        self.home.path().join(below)
    }

    /// Where the store is by default.
    pub fn store_path(&self) -> PathBuf {
        self.path("state/countersign/countersign.db")
    }

    /// Writes a file below the home.
    pub fn write(&self, below: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The store, opened beside the program.
    pub async fn store(&self) -> SqliteStore {
        let path = self.store_path();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        SqliteStore::open(&path).await.unwrap()
    }

    /// Puts a polled world into the store, as if a source of this name had seen it.
    pub async fn saw(&self, source: &SourceName, kind: SourceKind, seen: &Observation) {
        let store = self.store().await;
        let now = Timestamp::now();
        store.register(source, kind).await.unwrap();
        store.record_poll(source, seen, now, now).await.unwrap();
        store.close().await;
    }

    /// Puts one action into the store, as if its source had seen it, and gives its digest.
    pub async fn waits(&self, action: &Action) -> String {
        let seen = Observation { actions: vec![action.clone()], ..Observation::default() };
        self.saw(&action.source, SourceKind::Github, &seen).await;
        action.digest().unwrap().to_string()
    }

    /// The program, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("USER", "robin")
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm-256color")
            .env("COLUMNS", "100")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Starts it on a terminal of this size.
    pub fn on_terminal(&self, columns: u16, rows: u16, arguments: &[&str]) -> Session {
        let program = env!("CARGO_BIN_EXE_countersign");
        self.beside_terminal(program, (columns, rows), arguments)
    }

    /// Starts another program in the same home, on a terminal of this size.
    pub fn beside_terminal(&self, program: &str, size: (u16, u16), arguments: &[&str]) -> Session {
        let place = |below: &str| self.path(below).display().to_string();
        let (config, state, data) = (place("config"), place("state"), place("data"));
        let mut environment = vec![
            ("XDG_CONFIG_HOME", config.as_str()),
            ("XDG_STATE_HOME", state.as_str()),
            ("XDG_DATA_HOME", data.as_str()),
            ("USER", "robin"),
        ];
        environment.extend(self.environment.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        Session::start_program(program, arguments, size, self.home.path(), &environment)
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        wait(self.command(arguments).spawn().unwrap())
    }

    /// Runs it to its end with something on its standard input, which is no terminal.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // A program that never reads is fine.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        wait(child)
    }
}

/// Waits for the end, or kills it and fails.
pub fn wait(mut child: Child) -> Ran {
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let until = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > until {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("still running after {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text =
        |reader: Option<JoinHandle<String>>| reader.map_or_else(String::new, |r| r.join().unwrap());
    Ran { status: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
}

fn drain(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

/// A configuration with one snapshot file.
pub fn snapshot_of(file: &Path) -> String {
    format!("[[snapshot]]\nname = \"prod\"\nfiles = [{:?}]\nproduction = true\n", file.display())
}
