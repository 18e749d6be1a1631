//! Recorded diffs, and the list of files that each one changes.

use crate::domain::{Change, Diff, FileChange, FileStatus, Untrusted};

const DIFFS: &[(&str, &str)] = &[
    ("recreate-production.diff", include_str!("../../../data/demo/diffs/recreate-production.diff")),
    ("drop-column.diff", include_str!("../../../data/demo/diffs/drop-column.diff")),
    ("rounding.diff", include_str!("../../../data/demo/diffs/rounding.diff")),
    ("posting-retry.diff", include_str!("../../../data/demo/diffs/posting-retry.diff")),
    ("faster-deploys.diff", include_str!("../../../data/demo/diffs/faster-deploys.diff")),
    ("rates-client.diff", include_str!("../../../data/demo/diffs/rates-client.diff")),
    ("widen-runtime.diff", include_str!("../../../data/demo/diffs/widen-runtime.diff")),
    ("deploy-ledger.diff", include_str!("../../../data/demo/diffs/deploy-ledger.diff")),
    ("deploy-storefront.diff", include_str!("../../../data/demo/diffs/deploy-storefront.diff")),
];

/// The text of a recorded diff. `{U+202E}` in the file stands for that character, so that the
/// repository itself carries none that hide.
pub(super) fn recorded(name: &str) -> Option<String> {
    let (_, text) = DIFFS.iter().find(|(known, _)| *known == name)?;
    let mut out = String::with_capacity(text.len());
    let mut rest = *text;
    while let Some((before, after)) = rest.split_once("{U+") {
        out.push_str(before);
        let named = after.split_once('}').and_then(|(hex, tail)| {
            let character = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
            Some((character, tail))
        });
        if let Some((character, tail)) = named {
            out.push(character);
            rest = tail;
        } else {
            out.push_str("{U+");
            rest = after;
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Size and files of a unified diff, counted from the diff itself so that the two never disagree.
pub(super) fn change(text: &str) -> Change {
    let mut files: Vec<FileChange> = Vec::new();
    let mut in_hunk = false;
    for line in text.lines() {
        if let Some(paths) = line.strip_prefix("diff --git ") {
            let path = paths.rsplit_once(" b/").map_or(paths, |(_, path)| path);
            files.push(FileChange {
                path: Untrusted::new(path),
                status: FileStatus::Modified,
                additions: 0,
                deletions: 0,
            });
            in_hunk = false;
            continue;
        }
        let Some(file) = files.last_mut() else { continue };
        if line.starts_with("@@") {
            in_hunk = true;
        } else if in_hunk && line.starts_with('+') {
            file.additions += 1;
        } else if in_hunk && line.starts_with('-') {
            file.deletions += 1;
        } else if line.starts_with("new file") {
            file.status = FileStatus::Added;
        } else if line.starts_with("deleted file") {
            file.status = FileStatus::Removed;
        }
    }
    Change {
        additions: files.iter().map(|file| file.additions).sum(),
        deletions: files.iter().map(|file| file.deletions).sum(),
        files,
        files_complete: true,
        diff: Diff::Text(Untrusted::new(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::{DIFFS, change, recorded};
    use crate::domain::FileStatus;

    #[test]
    fn every_recorded_diff_changes_files_and_lines() {
        for (name, _) in DIFFS {
            let change = change(&recorded(name).unwrap());
            assert!(!change.files.is_empty(), "{name}");
            assert!(change.additions + change.deletions > 2, "{name}");
        }
    }

    #[test]
    fn a_new_file_counts_as_added() {
        let change = change(&recorded("drop-column.diff").unwrap());
        assert_eq!(change.files[0].status, FileStatus::Added);
        assert_eq!(change.files[0].deletions, 0);
        assert_eq!(change.files[1].path.raw(), "src/shipment/model.rs");
    }

    #[test]
    fn a_named_character_is_put_in() {
        assert!(recorded("rounding.diff").unwrap().contains('\u{202e}'));
    }
}
