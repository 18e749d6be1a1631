//! The files that a patch in the form of `apply_patch` touches.
//!
//! From openai/codex `codex-rs/apply-patch` (2026-11): hunks begin with `*** Add File:`,
//! `*** Update File:` with perhaps `*** Move to:`, and `*** Delete File:`; lines of an added file
//! begin with `+`. The reader there forgives blanks around its marks, so this one does too, and it
//! takes a mark for one wherever it stands at the beginning of a line: a file too many is asked
//! about, none is missed.

use super::super::Malformed;
use crate::gate::{Edit, Written};

/// Files of one patch; more than a person would read.
const MOST: usize = 1000;

/// What a patch does to which files.
pub fn files(patch: &str, cwd: &str) -> Result<Vec<Written>, Malformed> {
    let mut found: Vec<(String, Edit)> = Vec::new();
    for line in patch.lines() {
        let mark = line.trim();
        let named = |mark: &str, prefix: &str| -> Option<String> {
            let file = mark.strip_prefix("***")?.trim_start().strip_prefix(prefix)?.trim();
            (!file.is_empty()).then(|| file.to_owned())
        };
        if let Some(path) = named(mark, "Add File:") {
            found.push((path, Edit::Whole(Some(String::new()))));
        } else if let Some(path) = named(mark, "Update File:") {
            found.push((path, Edit::Part));
        } else if let Some(path) = named(mark, "Delete File:") {
            found.push((path, Edit::Gone));
        } else if let Some(to) = named(mark, "Move to:") {
            match found.last_mut() {
                Some((_, edit)) => *edit = Edit::MovedTo(to),
                None => return Err(Malformed("the patch moves no file".to_owned())),
            }
        } else if let (Some(added), Some((_, Edit::Whole(Some(text))))) =
            (line.strip_prefix('+'), found.last_mut())
        {
            text.push_str(added);
            text.push('\n');
        }
        if found.len() > MOST {
            return Err(Malformed(format!("the patch touches more than {MOST} files")));
        }
    }
    if found.is_empty() {
        return Err(Malformed("the patch names no file".to_owned()));
    }
    Ok(found.into_iter().map(|(path, edit)| Written::new(&path, cwd, edit)).collect())
}

#[cfg(test)]
mod tests {
    use super::files;

    fn told(patch: &str) -> Vec<String> {
        files(patch, "/w").unwrap().iter().map(crate::gate::Written::told).collect()
    }

    #[test]
    fn every_file_is_found_with_what_happens_to_it() {
        let patch = "*** Begin Patch\n*** Add File: a.txt\n+hello\n*** Update File: b.rs\n\
                     *** Move to: c.rs\n@@ fn x\n-old\n+new\n*** Delete File: d.md\n*** End Patch\n";
        assert_eq!(told(patch), ["write /w/a.txt", "move /w/b.rs to /w/c.rs", "delete /w/d.md"]);
    }

    #[test]
    fn a_mark_that_the_host_would_take_is_taken() {
        let patch = "<<'EOF'\n*** Begin Patch\r\n  *** Delete File: x \r\n***  Update File:y\nEOF";
        assert_eq!(told(patch), ["delete /w/x", "edit /w/y"]);
    }

    #[test]
    fn lines_of_a_file_are_no_marks() {
        let patch = "*** Add File: notes\n+*** Delete File: all\n-*** Delete File: more\n";
        assert_eq!(told(patch), ["write /w/notes"]);
    }

    #[test]
    fn a_patch_of_nothing_is_an_error() {
        for odd in ["", "*** Begin Patch\n*** End Patch", "*** Move to: x", "*** Add File: "] {
            assert!(files(odd, "/w").is_err(), "{odd}");
        }
        assert!(files(&"*** Delete File: x\n".repeat(2000), "/w").is_err());
    }
}
