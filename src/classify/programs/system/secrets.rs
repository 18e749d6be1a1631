//! Which files hold secrets by their well-known names, and which data must not go anywhere.

use super::super::web::leak;
use crate::{
    classify::{Data, Judge, Word},
    domain::Span,
};

/// Directories in which everything is secret.
const DIRECTORIES: &[&str] =
    &[".ssh", ".aws", ".gnupg", ".kube", ".azure", "gcloud", ".password-store"];
/// Files that are secret by their last name.
const FILES: &[&str] = &[
    ".netrc",
    ".pgpass",
    ".my.cnf",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".vault-token",
    ".htpasswd",
    "shadow",
    "gshadow",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "kubeconfig",
    "credentials.json",
    "master.key",
    "application_default_credentials.json",
    "credentials.tfrc.json",
];
/// Endings that only files with secrets have.
const ENDINGS: &[&str] = &[".p12", ".pfx", ".kdbx", ".jks", ".key", "key.pem", "_rsa", "_ed25519"];
/// Files in those directories that hold nothing secret.
const KNOWN: &[&str] = &["known_hosts", "authorized_keys", "config"];
/// Programs whose output is a whole database, or all of its secrets.
const DUMPS: &[&str] = &[
    "pg_dump",
    "mysqldump",
    "mariadb-dump",
    "mongodump",
    "sqlite3",
    "redis-cli --rdb",
    "pg_basebackup",
];

/// Whether a file, or a directory, holds secrets by its name.
pub(in crate::classify) fn is_secret(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let last = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if last.rsplit('.').next() == Some("pub") {
        return false;
    }
    if last == ".env" || last.starts_with(".env.") {
        return !["example", "sample", "template", "dist", "test"]
            .iter()
            .any(|e| last.ends_with(e));
    }
    if last == "shadow" || last == "gshadow" {
        return path.starts_with("/etc/") || path == last;
    }
    let inside = || path.split('/').any(|part| DIRECTORIES.contains(&part));
    let kube = path.ends_with(".kube/config") || path.ends_with(".docker/config.json");
    let environ = path.starts_with("/proc/") && last == "environ";
    FILES.contains(&last)
        || ENDINGS.iter().any(|ending| last.ends_with(ending))
        || kube
        || environ
        || (inside() && !KNOWN.contains(&last))
}

/// Whether a word names a file with secrets, as far as it is known.
pub(in crate::classify) fn names_secret(word: &Word) -> bool {
    is_secret(word.text())
}

/// Whether data comes from a secret or from a dump, so that sending it away is a leak.
pub(in crate::classify) fn is_sensitive(data: &Data, judge: &Judge<'_>) -> bool {
    let span = match data {
        Data::Nothing => return false,
        Data::Text(word) => return carries(word, judge) || leak::is_secret_text(word.text()),
        Data::Unknown(span) => *span,
    };
    judge.reveals(span) || {
        let letters = judge.name(&Word::unknown(span));
        let dumps = DUMPS.iter().any(|dump| letters.contains(dump));
        dumps || leak::is_secret_source(&letters) || names_hidden(&letters, judge)
    }
}

/// Whether the unknown part of a word is a secret: `"$(vault kv get …)"`, or a variable that was
/// set to one.
pub(in crate::classify) fn carries(word: &Word, judge: &Judge<'_>) -> bool {
    word.has_holes()
        && (judge.reveals(word.span()) || {
            let letters = judge.name(word);
            let runs = ["$(", "`", "<("].iter().any(|mark| letters.contains(mark));
            runs && leak::is_secret_source(&letters) || names_hidden(&letters, judge)
        })
}

/// Whether letters of the input name a variable that holds a secret.
fn names_hidden(letters: &str, judge: &Judge<'_>) -> bool {
    judge.hides_any()
        && letters.split('$').skip(1).any(|behind| {
            let behind = behind.strip_prefix('{').unwrap_or(behind);
            let end = behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            judge.hides(&behind[..end.unwrap_or(behind.len())])
        })
}

/// What is printed by something that reads its standard input, so that a secret stays one.
pub(super) fn passed_on(stdin: &Data, span: Span) -> Data {
    Data::Unknown(match stdin {
        Data::Nothing => span,
        Data::Text(word) => span.with(word.span()),
        Data::Unknown(from) => span.with(*from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_names() {
        for path in
            ["~/.aws/credentials", ".env", "app/.env.production", "/etc/shadow", "~/.ssh/id_rsa"]
        {
            assert!(is_secret(path), "{path}");
        }
        for path in
            ["~/.ssh/id_rsa.pub", ".env.example", "src/shadow.rs", "~/.ssh/config", "key.rs"]
        {
            assert!(!is_secret(path), "{path}");
        }
    }
}
