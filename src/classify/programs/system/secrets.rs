//! Which files hold secrets by their well-known names, and which data must not go anywhere.

use super::super::{secret_files::is_secret, web::leak};
use crate::{
    classify::{Data, Judge, Word},
    domain::Span,
};

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
    letters.split('$').skip(1).any(|behind| {
        let behind = behind.strip_prefix('{').unwrap_or(behind);
        let end = behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let name = &behind[..end.unwrap_or(behind.len())];
        OF_THE_ENVIRONMENT.contains(&name) || judge.hides(name)
    })
}

/// Variables that hold a secret wherever they are set.
const OF_THE_ENVIRONMENT: &[&str] = &[
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "PGPASSWORD",
    "MYSQL_PWD",
    "SSH_PRIVATE_KEY",
    "DATABASE_URL",
];

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
