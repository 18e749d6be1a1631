//! Policies that cannot be used, one file a case, with what is said about each.

use countersign::policy::Policy;
use std::{fs, path::PathBuf};

const CASES: &str = "tests/fixtures/policy/invalid";

#[test]
fn every_invalid_policy_says_where_it_is_wrong_and_what_to_do() {
    let mut files: Vec<PathBuf> = fs::read_dir(CASES)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "cedar"))
        .collect();
    files.sort();
    assert!(files.len() > 20, "{}", files.len());
    for file in files {
        let read = Policy::load(&file);
        let error = read.err().unwrap_or_else(|| panic!("{file:?} was accepted"));
        let text = error.to_string();
        assert!(error.problems.iter().all(|problem| problem.place.is_some()), "{file:?}:\n{text}");
        assert!(error.problems.iter().all(|problem| problem.help.is_some()), "{file:?}:\n{text}");
        insta::with_settings!({
            snapshot_path => "../../fixtures/policy/invalid/errors",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(file.file_stem().unwrap().to_str().unwrap(), text);
        });
    }
}

#[test]
fn what_is_no_file_of_a_policy_is_said_to_be_none() {
    let error = |path: &str| Policy::load(path.as_ref()).unwrap_err().to_string();
    assert!(error("/nowhere/policy.cedar").contains("there is no such file"));
    assert!(error("/").contains("is a directory"));
    let scratch = tempfile::tempdir().unwrap();
    let huge = scratch.path().join("huge.cedar");
    fs::write(&huge, "// version: 1\n".repeat(30_000)).unwrap();
    assert!(error(huge.to_str().unwrap()).contains("larger than 256 KiB"));
    let deep = scratch.path().join("deep.cedar");
    let brackets = "(".repeat(100_000);
    fs::write(
        &deep,
        format!(
            "// version: 1\n@id(\"a\") permit (principal, action, resource) when {{ {brackets}"
        ),
    )
    .unwrap();
    assert!(error(deep.to_str().unwrap()).contains("nested more than"));
}
