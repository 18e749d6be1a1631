//! The token: read where the configuration says, each time it is used, and kept nowhere.

use crate::{
    config::TokenFrom,
    config::secret::without_secrets,
    domain::{FaultKind, SourceFault},
};
use http::HeaderValue;
use std::{path::Path, time::Duration};
use tokio::process::Command;

/// Longest a token command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(20);

/// Reads the token and makes an `Authorization` header of it, marked sensitive so that no
/// `Debug` of a request shows it.
pub(super) async fn authorization(from: &TokenFrom) -> Result<HeaderValue, SourceFault> {
    let text = match from {
        TokenFrom::Env(name) => std::env::var(name).map_err(|_| {
            bad(
                format!("environment variable {name}"),
                "it is not set: export the token there, or name another place under `token`",
            )
        })?,
        TokenFrom::Command(argv) => from_command(argv).await?,
        TokenFrom::File(path) => tokio::fs::read_to_string(path)
            .await
            .map_err(|error| bad(format!("token file {}", path.display()), error.to_string()))?,
    };
    let token = text.trim();
    if token.is_empty() {
        return Err(bad(origin(from), "it gives an empty token"));
    }
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| bad(origin(from), "it gives text that cannot be a token"))?;
    header.set_sensitive(true);
    Ok(header)
}

/// Where the token comes from, for people; never the token.
pub(super) fn origin(from: &TokenFrom) -> String {
    match from {
        TokenFrom::Env(name) => format!("environment variable {name}"),
        TokenFrom::Command(argv) => {
            format!("token command `{}`", argv.first().map_or("", String::as_str))
        }
        TokenFrom::File(path) => format!("token file {}", path.display()),
    }
}

/// What is wrong with the place itself: a file that others may read.
pub(super) fn complaint(from: &TokenFrom) -> Option<String> {
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

async fn from_command(argv: &[String]) -> Result<String, SourceFault> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(bad("token command", "it is empty"));
    };
    let during = format!("token command `{program}`");
    let run = Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = match tokio::time::timeout(COMMAND_TIMEOUT, run).await {
        Err(_) => return Err(bad(during, "it did not end within 20 s")),
        Ok(Err(error)) => return Err(bad(during, error.to_string())),
        Ok(Ok(output)) => output,
    };
    if !output.status.success() {
        // Its standard output could hold a token; only what it complained about is told.
        let said = String::from_utf8_lossy(&output.stderr);
        let said: String = without_secrets(said.trim()).chars().take(300).collect();
        return Err(bad(during, format!("it failed ({}): {said}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|_| bad(during, "what it printed is not UTF-8"))
}

fn bad(during: impl Into<String>, detail: impl Into<String>) -> SourceFault {
    SourceFault::new(FaultKind::BadToken, during, detail.into())
}

#[cfg(test)]
mod tests {
    use super::{authorization, complaint};
    use crate::{config::TokenFrom, domain::FaultKind};
    use std::os::unix::fs::PermissionsExt as _;

    #[tokio::test]
    async fn the_token_of_a_command_is_trimmed_and_never_shown() {
        let from = TokenFrom::Command(vec!["printf".into(), "canary-7\\n".into()]);
        let header = authorization(&from).await.unwrap();
        assert_eq!(header.as_bytes(), b"Bearer canary-7");
        assert!(!format!("{header:?}").contains("canary"));
    }

    #[tokio::test]
    async fn a_place_without_a_token_is_a_bad_token_that_names_the_place() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        std::fs::write(&empty, "\n").unwrap();
        for (from, names) in [
            (TokenFrom::Env("COUNTERSIGN_NO_SUCH_VARIABLE".into()), "COUNTERSIGN_NO_SUCH_VARIABLE"),
            (TokenFrom::Command(vec!["false".into()]), "false"),
            (TokenFrom::Command(vec!["/no/such/program".into()]), "/no/such/program"),
            (TokenFrom::Command(vec![]), "token command"),
            (TokenFrom::File(folder.path().join("absent")), "absent"),
            (TokenFrom::File(empty), "empty"),
            (TokenFrom::Command(vec!["printf".into(), "a\\nb".into()]), "printf"),
        ] {
            let fault = authorization(&from).await.unwrap_err();
            assert_eq!(fault.kind, FaultKind::BadToken);
            assert!(fault.during.contains(names), "{}", fault.during);
        }
    }

    #[test]
    fn a_token_file_that_others_may_read_is_complained_about() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "x").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(complaint(&TokenFrom::File(path.clone())).unwrap().contains("640"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(complaint(&TokenFrom::File(path)), None);
    }
}
