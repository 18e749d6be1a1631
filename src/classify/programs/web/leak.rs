//! Whether what is sent away is a secret or a dump of data.

use super::super::secret_files;

/// Names of files, or ends of them, that hold secrets too: they are no secret to whoever reads
/// them here (see [`secret_files::is_secret`]), and are one to a stranger.
const PRIVATE_FILES: &[&str] = &[
    ".aws/config",
    "_netrc",
    "credentials",
    ".bash_history",
    ".zsh_history",
    "secrets.json",
    "secrets.yaml",
    "secrets.yml",
    "secrets.env",
    "service-account.json",
    "serviceaccount.json",
    "token",
    "tokens.json",
    "hosts.yml",
    "database.yml",
    "wallet.dat",
    "passwd",
];

/// Ends of names of files that hold secrets too, or copies of data.
#[rustfmt::skip]
const PRIVATE_ENDS: &[&str] = &[
    ".pem", ".keystore", ".ppk", ".gpg", ".asc", ".tfstate", ".tfvars", ".sql", ".sql.gz",
    ".sql.zst", ".sql.bz2", ".dump", ".dump.gz", ".dmp", ".bak", ".bson", ".rdb", ".pgdump",
    ".mysqldump", ".sqlite", ".sqlite3", ".db",
];

/// Programs, and words behind them, that print secrets or copies of data.
const SOURCES: &[&str] = &[
    "pg_dump",
    "pg_dumpall",
    "mysqldump",
    "mariadb-dump",
    "mongodump",
    "mongoexport",
    "printenv",
    "env",
    "get-secret-value",
    "get-parameters-by-path",
    "export-credentials",
    "security-credentials",
];

/// Commands that print every variable, or what was typed, when nothing stands behind them.
const PRINTS: &[&str] = &[
    "set",
    "export",
    "export -p",
    "declare",
    "declare -p",
    "declare -px",
    "typeset -p",
    "history",
];

/// Whether a file of that name holds secrets or a dump.
pub fn is_secret_file(name: &str) -> bool {
    let name = name.trim_start_matches('@').to_ascii_lowercase();
    let base = name.rsplit('/').next().unwrap_or(&name);
    let example = ["example", "sample", "template", "dist", ".pub"];
    if example.iter().any(|word| base.contains(word)) {
        return false;
    }
    let ends_with = |end: &&&str| {
        let rest = name.strip_suffix(**end);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/') || end.starts_with('/'))
    };
    secret_files::is_secret(&name)
        || PRIVATE_FILES.iter().any(|end| ends_with(&end))
        || PRIVATE_ENDS.iter().any(|end| base.len() > end.len() && base.ends_with(end))
        || base.starts_with(".env.")
        || (base.contains("dump") || base.contains("backup")) && !base.ends_with("log")
        || base.contains("secret") && base.contains('.')
}

/// Whether a part of a command that makes what is sent prints secrets or a dump.
pub fn is_secret_source(text: &str) -> bool {
    const PRIVATE: &[&str] = &["/etc", "/home", "/root", "/var/lib", "/srv", "~", "/opt", "$HOME"];
    let splits = |c: char| c.is_whitespace() || "$()`|;&<>\"'=,".contains(c);
    if text.split(['|', ';', '&', '(', ')']).any(|command| PRINTS.contains(&command.trim())) {
        return true;
    }
    text.split(splits).any(|word| {
        !word.is_empty() && (SOURCES.contains(&word) || is_secret_file(word) && word.len() > 5)
            || word == ".env"
    }) || text.split(splits).any(|word| matches!(word, "tar" | "zip"))
        && text
            .split(|c: char| c.is_whitespace())
            .any(|word| PRIVATE.iter().any(|start| word.starts_with(start)))
        // The rows that COPY hands to a program.
        || text.to_ascii_lowercase().contains("to program ")
}

/// Whether a text holds a secret itself: a private key.
pub fn is_secret_text(text: &str) -> bool {
    text.contains("PRIVATE KEY-----") || text.contains("aws_secret_access_key")
}
