//! Where a directory stands in version control, read from git's own files. Nothing is run: a
//! repository's configuration may name programs, and none of them is ours to start.
//!
//! ```text
//!   cwd ─up─▶ .git ─┬ a folder                              HEAD ─▶ ref ─▶ commit
//!                   └ a file: "gitdir: …" (a worktree) ─▶   commondir ─▶ refs, packed-refs, config
//! ```
//!
//! `gitrepository-layout(5)` and `git-config(1)` say how they are written.

use super::small;
use crate::domain::Checkout;
use std::path::{Path, PathBuf};

/// Directories above the one that is asked from.
const HIGHEST: usize = 64;
/// `HEAD`, `gitdir: …`, a loose ref: one line.
const LINE: u64 = 4 << 10;
/// A repository's configuration.
const CONFIG: u64 = 256 << 10;
/// The refs of a very large repository.
const REFS: u64 = 16 << 20;
/// A ref may stand for another one, which is seldom more than once.
const DEEPEST: usize = 5;

/// What is checked out in `directory`, if it lies in a repository.
pub(super) fn checkout(directory: &Path) -> Option<Checkout> {
    let (root, folder) = directory.ancestors().take(HIGHEST).find_map(|root| {
        let entry = root.join(".git");
        let found = entry.symlink_metadata().ok()?;
        let folder = if found.is_file() { pointed(&entry, root) } else { Some(entry) };
        Some((root, folder.filter(|_| !found.is_symlink())))
    })?;
    let mut told = Checkout {
        root: root.to_string_lossy().as_ref().into(),
        origin: String::new().into(),
        branch: String::new().into(),
        commit: String::new(),
    };
    let Some(folder) = folder else { return Some(told) };
    let shared = shared(&folder);
    if let Some(head) = small::text(&folder.join("HEAD"), LINE) {
        match head.trim_end().strip_prefix("ref: ") {
            Some(name) if is_ref(name) => {
                told.branch = name.strip_prefix("refs/heads/").unwrap_or(name).into();
                told.commit = resolved(&folder, &shared, name).unwrap_or_default();
            }
            Some(_) => {}
            None => told.commit = object(&head).unwrap_or_default(),
        }
    }
    told.origin = small::text(&shared.join("config"), CONFIG)
        .and_then(|config| origin(&config))
        .map(|url| without_secrets(&url))
        .unwrap_or_default()
        .into();
    Some(told)
}

/// Where a `.git` file points to.
fn pointed(entry: &Path, root: &Path) -> Option<PathBuf> {
    let line = small::text(entry, LINE)?;
    Some(root.join(line.strip_prefix("gitdir: ")?.trim_end_matches(['\n', '\r'])))
}

/// The folder that all worktrees of a repository share.
fn shared(folder: &Path) -> PathBuf {
    small::text(&folder.join("commondir"), LINE)
        .map_or_else(|| folder.to_owned(), |line| folder.join(line.trim_end_matches(['\n', '\r'])))
}

/// The commit a ref stands for, by way of other refs.
fn resolved(folder: &Path, shared: &Path, name: &str) -> Option<String> {
    let mut name = name.to_owned();
    for _ in 0..DEEPEST {
        let loose = small::text(&folder.join(&name), LINE)
            .or_else(|| (folder != shared).then(|| small::text(&shared.join(&name), LINE))?);
        let Some(line) = loose else { return packed(shared, &name) };
        match line.trim_end().strip_prefix("ref: ") {
            Some(next) if is_ref(next) => next.clone_into(&mut name),
            Some(_) => return None,
            None => return object(&line),
        }
    }
    None
}

/// A ref among the packed ones: `COMMIT NAME` a line.
fn packed(shared: &Path, name: &str) -> Option<String> {
    let refs = small::bytes(&shared.join("packed-refs"), REFS)?;
    let line = refs.split(|byte| *byte == b'\n').find(|line| {
        line.strip_suffix(name.as_bytes()).is_some_and(|before| before.ends_with(b" "))
    })?;
    object(std::str::from_utf8(line).ok()?.split(' ').next()?)
}

/// A name that stays below the folder it is looked up in.
fn is_ref(name: &str) -> bool {
    let plain = |c: char| !c.is_control() && !" ~^:?*[\\".contains(c);
    name.starts_with("refs/")
        && name.chars().all(plain)
        && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// The name of an object, by SHA-1 or SHA-256.
fn object(line: &str) -> Option<String> {
    let hex = line.trim_end();
    let is_name = matches!(hex.len(), 40 | 64) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_name.then(|| hex.to_ascii_lowercase())
}

/// `url` of `[remote "origin"]`; the first one is where it is fetched from. Other files that a
/// configuration includes are not read.
fn origin(config: &str) -> Option<String> {
    let mut within = false;
    for line in config.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.split(']').next().unwrap_or_default();
            let (section, name) = header.split_once(char::is_whitespace).unwrap_or((header, ""));
            within = section.eq_ignore_ascii_case("remote") && name.trim() == "\"origin\"";
        } else if within
            && let Some((key, value)) = line.split_once('=')
            && key.trim().eq_ignore_ascii_case("url")
        {
            return Some(unquoted(value.trim()));
        }
    }
    None
}

/// A value without its quotes, and without the comment behind it.
fn unquoted(value: &str) -> String {
    let (mut text, mut quoted, mut escaped) = (String::new(), false, false);
    for c in value.chars() {
        match c {
            _ if escaped => {
                escaped = false;
                text.push(c);
            }
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '#' | ';' if !quoted => break,
            c => text.push(c),
        }
    }
    text.trim_end().to_owned()
}

/// An address without what may be a secret: a password, a token in the place of a name, a query,
/// the words of a helper program.
fn without_secrets(url: &str) -> String {
    if let Some((helper, _)) = url.split_once("::") {
        return format!("{helper}::…");
    }
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = match authority.rsplit_once('@') {
        // Who logs in by SSH is no secret, and often says which of several keys is meant.
        Some((who, host)) if scheme.ends_with("ssh") && !who.contains(':') => {
            return format!("{scheme}://{who}@{host}{path}");
        }
        Some((_, host)) => host,
        None => authority,
    };
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests;
