//! Which files hold secrets by their well-known names, whoever looks at them or sends them.

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
