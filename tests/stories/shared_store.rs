//! One store on a bastion that several accounts share, and places where it must not lie.

use crate::support::program::Program;
use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

/// Accounts that exist only as numbers.
const KIM: u32 = 42_001;
const ADA: u32 = 42_002;
const STRANGER: u32 = 42_003;
const ONCALL: u32 = 42_500;

#[test]
fn a_network_filesystem_is_refused_before_anything_is_written() {
    for kind in ["nfs4", "cifs", "9p", "fuse.sshfs", "fuse"] {
        let program = Program::new().with("COUNTERSIGN_TEST_FILESYSTEM", kind);
        let ran = program.run(&["queue"]);
        assert_eq!(ran.status, 1, "{kind}: {ran:?}");
        assert!(ran.stderr.contains(&format!("network filesystem ({kind})")), "{ran:?}");
        assert!(ran.stderr.contains("next: put it on a local disk"), "{ran:?}");
        assert!(!program.path("state").exists(), "{kind}");
        let ran = program.run(&["gate", "exec", "--", "true"]);
        assert_ne!(ran.status, 0, "{kind}: {ran:?}");
    }
    let local = Program::new().with("COUNTERSIGN_TEST_FILESYSTEM", "ext4");
    assert_eq!(local.run(&["queue"]).status, 0);
}

#[test]
fn doctor_says_who_can_change_the_store() {
    let program = Program::new();
    let told = |program: &Program| {
        let json = program.run(&["--json", "doctor"]).json();
        let sections = json["sections"].as_array().unwrap();
        let store = sections.iter().find(|one| one["area"] == "store").unwrap();
        let checks = store["checks"].as_array().unwrap();
        let ours = checks.iter().filter(|one| one["what"] == "who can change it");
        ours.map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let own = told(&program);
    assert!(own.contains("good") && own.contains("and root"), "{own}");
    let folder = program.path("state/countersign");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o2770)).unwrap();
    let shared = told(&program);
    assert!(shared.contains("can delete the store") && shared.contains("chmod +t"), "{shared}");
    assert!(shared.contains("readonly database") && shared.contains("chmod 660"), "{shared}");
}

/// A folder that two accounts share, each with a home of their own.
struct Bastion {
    folder: tempfile::TempDir,
    program: PathBuf,
}

impl Bastion {
    /// None where this test may not be other accounts.
    fn new() -> Option<Self> {
        let can = rustix::process::geteuid().is_root()
            && Command::new("setpriv").arg("--version").output().is_ok();
        if !can {
            eprintln!("NOT TESTED: several accounts on one store: needs root and setpriv");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for (name, uid) in [("kim", KIM), ("ada", ADA), ("stranger", STRANGER)] {
            let home = folder.path().join(name);
            fs::create_dir(&home).unwrap();
            chown(&home, Some(uid), Some(uid)).unwrap();
        }
        let shared = folder.path().join("shared");
        fs::create_dir(&shared).unwrap();
        chown(&shared, Some(0), Some(ONCALL)).unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o3770)).unwrap();
        // Where it was built, other accounts may have no way to it.
        let program = folder.path().join("countersign");
        let built = Path::new(env!("CARGO_BIN_EXE_countersign"));
        if fs::hard_link(built, &program).is_err() {
            fs::copy(built, &program).unwrap();
        }
        Some(Self { folder, program })
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("shared/countersign.db")
    }

    fn account(&self, name: &str) -> Command {
        let (uid, gid) = match name {
            "kim" => (KIM, ONCALL),
            "ada" => (ADA, ONCALL),
            _ => (STRANGER, STRANGER),
        };
        let home = self.folder.path().join(name);
        let mut command = Command::new("setpriv");
        command
            .args([format!("--reuid={uid}"), format!("--regid={gid}")])
            .args(["--clear-groups", "sh", "-c", "umask 077; exec \"$@\"", "sh"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &home)
            .env("USER", name)
            .current_dir(&home);
        command
    }

    fn run(&self, name: &str, arguments: &[&str]) -> Output {
        let mut command = self.account(name);
        command.arg(&self.program).arg("--store").arg(self.store()).args(arguments);
        command.output().unwrap()
    }
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn two_accounts_share_a_store_whatever_their_umask_and_a_third_has_no_part_in_it() {
    let Some(bastion) = Bastion::new() else { return };
    let first = bastion.run("kim", &["queue"]);
    assert!(first.status.success(), "{}", text(&first));
    let about = fs::metadata(bastion.store()).unwrap();
    assert_eq!((about.uid(), about.gid(), about.mode() & 0o7777), (KIM, ONCALL, 0o660));
    let second = bastion.run("ada", &["queue"]);
    assert!(second.status.success(), "{}", text(&second));
    let stranger = bastion.run("stranger", &["queue"]);
    assert_eq!(stranger.status.code(), Some(1), "{}", text(&stranger));
    assert!(text(&stranger).contains("cannot write the store"), "{}", text(&stranger));
    // Sticky: what somebody else owns cannot be taken away.
    let mut remove = bastion.account("ada");
    let removed = remove.arg("rm").arg("-f").arg(bastion.store()).output().unwrap();
    assert!(!removed.status.success() && bastion.store().exists(), "{}", text(&removed));
    let doctor = text(&bastion.run("ada", &["doctor"]));
    assert!(doctor.contains("who can change it: uid 42001 and the group gid 42500"), "{doctor}");
}

#[test]
fn two_accounts_at_once_never_hear_that_the_store_is_busy() {
    let Some(bastion) = Bastion::new() else { return };
    assert!(bastion.run("kim", &["queue"]).status.success());
    thread::scope(|scope| {
        for name in ["kim", "ada", "kim", "ada"] {
            let bastion = &bastion;
            scope.spawn(move || {
                for _ in 0..8 {
                    let ran = bastion.run(name, &["queue", "--poll"]);
                    let said = text(&ran).to_lowercase();
                    assert!(ran.status.success(), "{said}");
                    assert!(!said.contains("busy") && !said.contains("locked"), "{said}");
                }
            });
        }
    });
    for end in ["-wal", "-shm"] {
        let beside = PathBuf::from(format!("{}{end}", bastion.store().display()));
        if let Ok(about) = fs::metadata(&beside) {
            assert_eq!((about.gid(), about.mode() & 0o777), (ONCALL, 0o660), "{beside:?}");
        }
    }
}
