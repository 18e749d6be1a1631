//! Secrets that the configuration only says the place of: read there each time, and kept nowhere.
//!
//! ```text
//!   env = NAME │ command = […] │ file = PATH ──read──▶ the secret, or what is wrong with the place
//! ```

use crate::{config::TokenFrom, config::secret::without_secrets};
use std::{path::Path, time::Duration};
use tokio::process::Command;

/// Longest a command that prints a secret may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(20);

/// A secret could not be had. Says nothing of the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotHad {
    /// The place: `environment variable X`.
    pub place: String,
    /// What is wrong with it.
    pub why: String,
}

/// Reads a secret, without the white space around it. `what` it is is for people: `token`.
pub async fn read(from: &TokenFrom, what: &str) -> Result<String, NotHad> {
    let bad = |why: String| NotHad { place: place(from, what), why };
    let text = match from {
        TokenFrom::Env(name) => std::env::var(name).map_err(|_| {
            bad(format!("it is not set: export the {what} there, or name another place"))
        })?,
        TokenFrom::Command(argv) => from_command(argv).await.map_err(bad)?,
        TokenFrom::File(path) => {
            tokio::fs::read_to_string(path).await.map_err(|error| bad(error.to_string()))?
        }
    };
    let secret = text.trim();
    if secret.is_empty() {
        return Err(bad(format!("it gives an empty {what}")));
    }
    Ok(secret.to_owned())
}

/// Where a secret comes from, for people; never the secret.
pub fn place(from: &TokenFrom, what: &str) -> String {
    match from {
        TokenFrom::Env(name) => format!("environment variable {name}"),
        TokenFrom::Command(argv) => {
            format!("{what} command `{}`", argv.first().map_or("", String::as_str))
        }
        TokenFrom::File(path) => format!("{what} file {}", path.display()),
    }
}

/// What is wrong with the place itself: a file that others may read.
pub fn complaint(from: &TokenFrom) -> Option<String> {
    let TokenFrom::File(path) = from else { return None };
    let mode = mode_of(path)?;
    (mode & 0o077 != 0).then(|| {
        format!(
            "{} has mode {:03o}: others on this machine may read it",
            path.display(),
            mode & 0o777
        )
    })
}

#[cfg(unix)]
fn mode_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).ok().map(|data| data.permissions().mode())
}

#[cfg(not(unix))]
fn mode_of(_path: &Path) -> Option<u32> {
    None
}

async fn from_command(argv: &[String]) -> Result<String, String> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err("it is empty".to_owned());
    };
    let run = Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = match tokio::time::timeout(COMMAND_TIMEOUT, run).await {
        Err(_) => return Err("it did not end within 20 s".to_owned()),
        Ok(Err(error)) => return Err(error.to_string()),
        Ok(Ok(output)) => output,
    };
    if !output.status.success() {
        // Its standard output could hold a secret; only what it complained about is told.
        let said = String::from_utf8_lossy(&output.stderr);
        let said: String = without_secrets(said.trim()).chars().take(300).collect();
        return Err(format!("it failed ({}): {said}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| "what it printed is not UTF-8".to_owned())
}
