//! The token: read where the configuration says, each time it is used, and kept nowhere.

use crate::{
    config::TokenFrom,
    domain::{FaultKind, SourceFault},
    sources::kept,
};
use http::HeaderValue;

/// Reads the token and makes an `Authorization` header of it, marked sensitive so that no
/// `Debug` of a request shows it.
pub(super) async fn authorization(from: &TokenFrom) -> Result<HeaderValue, SourceFault> {
    let token = kept::read(from, "token").await.map_err(|fault| bad(fault.place, fault.why))?;
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| bad(origin(from), "it gives text that cannot be a token"))?;
    header.set_sensitive(true);
    Ok(header)
}

/// Where the token comes from, for people; never the token.
pub(super) fn origin(from: &TokenFrom) -> String {
    kept::place(from, "token")
}

/// What is wrong with the place itself: a file that others may read.
pub(super) fn complaint(from: &TokenFrom) -> Option<String> {
    kept::complaint(from)
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
