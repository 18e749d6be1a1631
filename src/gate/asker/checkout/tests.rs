//! Against repositories that the real git made, and against hostile ones.

use super::{checkout, is_ref, origin, without_secrets};
use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

fn git(folder: &Path, words: &[&str]) -> String {
    let ran = Command::new("git")
        .args(["-c", "init.defaultBranch=trunk", "-c", "commit.gpgsign=false"])
        .args(["-c", "user.name=Robin", "-c", "user.email=robin@example.com"])
        .args(words)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{words:?}: {ran:?}");
    String::from_utf8(ran.stdout).unwrap().trim().to_owned()
}

fn repository() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    git(home.path(), &["init", "-q"]);
    git(home.path(), &["commit", "-q", "--allow-empty", "-m", "one"]);
    home
}

/// Branch and commit.
fn stands(folder: &Path) -> (String, String) {
    let found = checkout(folder).unwrap();
    (found.branch.raw().to_owned(), found.commit)
}

#[test]
fn a_branch_is_told_with_its_commit_from_any_directory_below() {
    let home = repository();
    let commit = git(home.path(), &["rev-parse", "HEAD"]);
    let below = home.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    assert_eq!(stands(&below), ("trunk".to_owned(), commit.clone()));
    assert_eq!(checkout(&below).unwrap().root.raw(), home.path().to_str().unwrap());
    git(home.path(), &["pack-refs", "--all"]);
    assert_eq!(stands(home.path()), ("trunk".to_owned(), commit.clone()));
    git(home.path(), &["checkout", "-q", "--detach"]);
    assert_eq!(stands(home.path()), (String::new(), commit));
}

#[test]
fn a_worktree_stands_where_it_stands() {
    let home = repository();
    let beside = tempfile::tempdir().unwrap();
    let tree = beside.path().join("tree");
    git(home.path(), &["remote", "add", "origin", "https://robin:hunter2@git.example.com/shop"]);
    git(home.path(), &["worktree", "add", "-q", "-b", "topic", tree.to_str().unwrap()]);
    git(&tree, &["commit", "-q", "--allow-empty", "-m", "two"]);
    let commit = git(&tree, &["rev-parse", "HEAD"]);
    assert_eq!(stands(&tree), ("topic".to_owned(), commit));
    let found = checkout(&tree).unwrap();
    assert_eq!(found.origin.raw(), "https://git.example.com/shop");
    assert_eq!(found.root.raw(), tree.to_str().unwrap());
}

#[test]
fn before_the_first_commit_there_is_a_branch_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    git(home.path(), &["init", "-q"]);
    assert_eq!(stands(home.path()), ("trunk".to_owned(), String::new()));
    assert!(checkout(Path::new("/")).is_none());
}

#[test]
fn a_repository_that_means_harm_tells_nothing_and_holds_nobody_up() {
    let home = repository();
    let git = home.path().join(".git");
    let secret = home.path().join("secret");
    fs::write(&secret, "0123456789012345678901234567890123456789\n").unwrap();
    let commit = |head: &dyn Fn(&Path)| {
        let _ = fs::remove_file(git.join("HEAD"));
        head(&git.join("HEAD"));
        stands(home.path())
    };
    let nothing = (String::new(), String::new());
    assert_eq!(commit(&|head| symlink(&secret, head).unwrap()), nothing, "a link");
    assert_eq!(commit(&|head| fs::write(head, "ref: ../secret\n").unwrap()), nothing, "outside");
    let up = "ref: refs/heads/../../../secret\n";
    assert_eq!(commit(&|head| fs::write(head, up).unwrap()), nothing, "up");
    assert_eq!(commit(&|head| fs::write(head, vec![b'a'; 1 << 20]).unwrap()), nothing, "long");
    assert_eq!(commit(&|head| fs::write(head, b"ref: refs/heads/\x1b[2J\n").unwrap()), nothing);
    let pipe = |head: &Path| {
        let made = Command::new("mkfifo").arg(head).status().unwrap();
        assert!(made.success());
    };
    assert_eq!(commit(&pipe), nothing, "a pipe that nobody writes to");
    let round = |head: &Path| {
        fs::write(head, "ref: refs/heads/round\n").unwrap();
        fs::write(git.join("refs/heads/round"), "ref: refs/heads/round\n").unwrap();
    };
    assert_eq!(commit(&round), ("round".to_owned(), String::new()), "round in a circle");
}

#[test]
fn a_linked_git_folder_is_not_followed() {
    let (home, real) = (tempfile::tempdir().unwrap(), repository());
    symlink(real.path().join(".git"), home.path().join(".git")).unwrap();
    assert_eq!(stands(home.path()), (String::new(), String::new()));
}

#[test]
fn the_origin_is_found_in_every_form_git_writes() {
    let config = "[core]\n\tbare = false\n[remote \"up\"]\n\turl = no\n[REMOTE \"origin\"]\n  \
                  Url = \"https://example.com/a b\" ; why\n\turl = second\n";
    assert_eq!(origin(config).as_deref(), Some("https://example.com/a b"));
    assert_eq!(origin("[remote \"origin\"]\n\tfetch = +refs\n[branch]\n\turl = x"), None);
}

#[test]
fn no_secret_stays_in_an_address() {
    for (given, told) in [
        ("https://ghp_token@github.com/a/b.git", "https://github.com/a/b.git"),
        ("https://x:y@z@example.com/a", "https://example.com/a"),
        ("https://example.com/a?access_token=1", "https://example.com/a"),
        ("ssh://git@example.com:22/a", "ssh://git@example.com:22/a"),
        ("ssh://git:word@example.com/a", "ssh://example.com/a"),
        ("git@github.com:a/b.git", "git@github.com:a/b.git"),
        ("/srv/git/a.git", "/srv/git/a.git"),
        ("ext::sh -c 'curl -H token'", "ext::…"),
    ] {
        assert_eq!(without_secrets(given), told);
    }
}

#[test]
fn a_ref_never_leads_out_of_its_folder() {
    for name in ["refs/heads/a", "refs/heads/a.b/c-d"] {
        assert!(is_ref(name), "{name}");
    }
    for name in ["HEAD", "refs/../x", "refs/heads//x", "refs/heads/.x", "/refs/x", "refs/a\nb"] {
        assert!(!is_ref(name), "{name}");
    }
}
