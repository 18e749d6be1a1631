//! Files and unified diff of a change.
//!
//! GitHub's own diff is preferred. Where it gives none (too large, a server that knows only
//! JSON), the diff is put together from the patches of the file list, but only if those are
//! whole; otherwise the reason is shown instead of half a diff.

use super::{
    client::{Answer, Ask, Session},
    wire::File,
};
use crate::domain::{Change, Diff, FaultKind, FileChange, FileStatus, SourceFault, Untrusted};
use http::header;
use std::fmt::Write as _;

/// Files, sizes and diff. `ask` is the address of GitHub's own diff.
pub(super) async fn change(
    session: &Session<'_>,
    ask: &Ask,
    files: &[File],
    files_complete: bool,
) -> Result<Change, SourceFault> {
    let reason = match session.get(ask).await {
        Ok(answer) if is_diff(&answer) && (!answer.body.is_empty() || files.is_empty()) => {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            return Ok(assemble(files, files_complete, Diff::Text(text.into())));
        }
        Ok(_) => "the server gave no diff".to_owned(),
        // 406: too many files or lines for a diff; an answer that is too long or broke off.
        Err(fault) if matches!(fault.kind, FaultKind::Refused | FaultKind::Malformed) => {
            format!("the server gave no diff ({})", fault.detail.raw())
        }
        Err(fault) => return Err(fault),
    };
    let diff = if files_complete {
        match from_patches(files) {
            Ok(text) => Diff::Text(text.into()),
            Err(why) => Diff::Unavailable(format!("{reason}; {why}")),
        }
    } else {
        Diff::Unavailable(format!("{reason}; its list of files is not complete"))
    };
    Ok(assemble(files, files_complete, diff))
}

fn assemble(files: &[File], files_complete: bool, diff: Diff) -> Change {
    Change {
        additions: files.iter().fold(0, |all, file| all.saturating_add(file.additions)),
        deletions: files.iter().fold(0, |all, file| all.saturating_add(file.deletions)),
        files: files
            .iter()
            .map(|file| FileChange {
                path: Untrusted::new(&*file.filename),
                status: status(&file.status),
                additions: file.additions,
                deletions: file.deletions,
            })
            .collect(),
        files_complete,
        diff,
    }
}

fn status(word: &str) -> FileStatus {
    match word {
        "added" => FileStatus::Added,
        "modified" => FileStatus::Modified,
        "removed" => FileStatus::Removed,
        "renamed" => FileStatus::Renamed,
        _ => FileStatus::Other,
    }
}

fn is_diff(answer: &Answer) -> bool {
    let json = answer
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("json") && !value.contains("diff"));
    !json && (answer.body.is_empty() || answer.body.starts_with(b"diff --git "))
}

/// A unified diff made of the patches in a file list, or why it would not be whole.
fn from_patches(files: &[File]) -> Result<String, String> {
    let mut text = String::new();
    for file in files {
        let new = &file.filename;
        let old = file.previous_filename.as_ref().unwrap_or(new);
        // git quotes such names; a line break in one would begin a file that is not there.
        if let Some(odd) = [new, old].into_iter().find(|name| name.contains(char::is_control)) {
            return Err(format!("and the file name `{}` cannot stand in one", odd.escape_debug()));
        }
        let patch = file.patch.as_deref().unwrap_or_default();
        if counted(patch) != (file.additions, file.deletions) {
            return Err(format!(
                "and the list of files has no whole patch for `{}`",
                new.escape_debug()
            ));
        }
        let _ = writeln!(text, "diff --git a/{old} b/{new}");
        match status(&file.status) {
            FileStatus::Added => text.push_str("new file\n"),
            FileStatus::Removed => text.push_str("deleted file\n"),
            FileStatus::Renamed => {
                let _ = writeln!(text, "rename from {old}\nrename to {new}");
            }
            FileStatus::Modified | FileStatus::Other => {}
        }
        if patch.is_empty() {
            text.push_str("(no text shown: empty, binary, or only its name or mode changed)\n");
            continue;
        }
        let before =
            if file.status == "added" { "/dev/null".to_owned() } else { format!("a/{old}") };
        let after =
            if file.status == "removed" { "/dev/null".to_owned() } else { format!("b/{new}") };
        let _ = writeln!(text, "--- {before}\n+++ {after}\n{}", patch.trim_end_matches('\n'));
    }
    Ok(text)
}

/// Lines a patch adds and removes.
fn counted(patch: &str) -> (u64, u64) {
    patch.lines().fold((0, 0), |(added, removed), line| match line.as_bytes().first() {
        Some(b'+') => (added + 1, removed),
        Some(b'-') => (added, removed + 1),
        _ => (added, removed),
    })
}

#[cfg(test)]
mod tests {
    use super::{from_patches, is_diff};
    use crate::sources::github::{client::Answer, wire::File};
    use bytes::Bytes;

    fn file(name: &str, status: &str, plus: u64, minus: u64, patch: Option<&str>) -> File {
        File {
            filename: name.into(),
            previous_filename: None,
            status: status.into(),
            additions: plus,
            deletions: minus,
            patch: patch.map(str::to_owned),
        }
    }

    #[test]
    fn whole_patches_make_a_diff() {
        let mut moved = file("new.rs", "renamed", 0, 0, None);
        moved.previous_filename = Some("old.rs".into());
        let text = from_patches(&[
            file("a.rs", "added", 1, 0, Some("@@ -0,0 +1 @@\n+fn a() {}")),
            file(
                "b.rs",
                "modified",
                1,
                1,
                Some("@@ -1 +1 @@\n-x\n+y\n\\ No newline at end of file"),
            ),
            moved,
        ])
        .unwrap();
        assert_eq!(
            text,
            "diff --git a/a.rs b/a.rs\nnew file\n--- /dev/null\n+++ b/a.rs\n@@ -0,0 +1 @@\n+fn a() {}\n\
             diff --git a/b.rs b/b.rs\n--- a/b.rs\n+++ b/b.rs\n@@ -1 +1 @@\n-x\n+y\n\\ No newline at end of file\n\
             diff --git a/old.rs b/new.rs\nrename from old.rs\nrename to new.rs\n\
             (no text shown: empty, binary, or only its name or mode changed)\n"
        );
    }

    #[test]
    fn a_patch_that_was_cut_is_never_shown_as_the_whole() {
        for cut in [None, Some(""), Some("@@ -1 +1,9 @@\n+only the first")] {
            let error = from_patches(&[file("big.sql", "modified", 9, 0, cut)]).unwrap_err();
            assert!(error.contains("big.sql"));
        }
    }

    #[test]
    fn a_file_name_cannot_pretend_to_be_another_file() {
        let name = "a\n+++ b/harmless.md\n@@ -0,0 +1 @@\n+nothing to see";
        let error = from_patches(&[file(name, "added", 1, 0, Some("@@ -0,0 +1 @@\n+x"))]);
        assert!(error.unwrap_err().contains("harmless.md"));
    }

    #[test]
    fn json_is_not_taken_for_a_diff() {
        let answer = |kind: &'static str, body: &'static str| {
            let mut headers = http::HeaderMap::new();
            headers.insert("content-type", http::HeaderValue::from_static(kind));
            Answer { headers, body: Bytes::from_static(body.as_bytes()) }
        };
        assert!(!is_diff(&answer("application/json; charset=utf-8", "{\"number\":1}")));
        assert!(!is_diff(&answer("text/plain", "{\"number\":1}")));
        assert!(is_diff(&answer(
            "application/vnd.github.diff; charset=utf-8",
            "diff --git a/x b/x"
        )));
    }
}
