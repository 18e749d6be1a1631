//! The real programs.

use std::{
    ffi::OsStr,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// What every signature here is made for.
pub const FOR: &str = "countersign-decision@v1";

/// What a program answered.
#[derive(Debug)]
#[allow(dead_code, reason = "what it says is for whoever reads a failure")]
pub struct Answer {
    pub is_ok: bool,
    pub out: String,
    pub err: String,
}

fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for variable in ["SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY"] {
        command.env_remove(variable);
    }
    command.env("TZ", "UTC").env("LC_ALL", "C");
    command
}

fn missing(program: &str, why: &std::io::Error) -> ! {
    panic!(
        "{program} cannot be started ({why}): install OpenSSH's client (Debian: apt install \
         openssh-client); without it nothing shows that others can check our signatures"
    )
}

fn run(mut command: Command, input: &[u8]) -> Answer {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|why| missing(&program, &why));
    // A program that refuses early does not read all of it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Answer {
        is_ok: status.success(),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// A folder in which the real programs work.
pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// `ssh-keygen` in this folder.
    pub fn keygen<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Answer {
        self.keygen_with(words, &[], b"")
    }

    /// `ssh-keygen` with these variables and this input.
    pub fn keygen_with<S: AsRef<OsStr>>(
        &self,
        words: impl IntoIterator<Item = S>,
        variables: &[(&str, &OsStr)],
        input: &[u8],
    ) -> Answer {
        let mut command = command("ssh-keygen");
        command.args(words).current_dir(self.folder.path()).envs(variables.iter().copied());
        run(command, input)
    }

    /// A new key of this type, as files `name` and `name.pub`; its line.
    pub fn key(&self, name: &str, kind: &[&str]) -> String {
        let words = [&["-q", "-N", "", "-C", name, "-f", name, "-t"], kind].concat();
        let made = self.keygen(words);
        assert!(made.is_ok, "{made:?}");
        self.read(&format!("{name}.pub"))
    }

    /// `ssh-keygen -Y verify` of an armour over a text.
    pub fn verify(&self, signers: &str, who: &str, armour: &str, text: &[u8]) -> Answer {
        self.verify_with(signers, who, armour, text, &[])
    }

    pub fn verify_with(
        &self,
        signers: &str,
        who: &str,
        armour: &str,
        text: &[u8],
        more: &[&str],
    ) -> Answer {
        self.write("signers", signers);
        self.write("signature", armour);
        let words = ["-Y", "verify", "-f", "signers", "-I", who, "-n", FOR, "-s", "signature"];
        self.keygen_with([&words, more].concat(), &[], text)
    }
}

/// A real ssh-agent, which ends with the test.
pub struct RealAgent {
    child: Child,
    socket: PathBuf,
    _folder: TempDir,
}

impl RealAgent {
    pub fn start() -> Self {
        Self::asking(None)
    }

    /// One that asks its questions through this program.
    pub fn asking(askpass: Option<&Path>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("agent");
        let mut command = command("ssh-agent");
        command.args(["-D", "-a"]).arg(&socket).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        command.env("SSH_ASKPASS", askpass.unwrap_or(Path::new("/nowhere")));
        command.env("SSH_ASKPASS_REQUIRE", "force");
        let child = command.spawn().unwrap_or_else(|why| missing("ssh-agent", &why));
        let agent = Self { child, socket, _folder: folder };
        let until = Instant::now() + Duration::from_secs(20);
        while std::os::unix::net::UnixStream::connect(&agent.socket).is_err() {
            assert!(Instant::now() < until, "ssh-agent does not listen");
            thread::sleep(Duration::from_millis(10));
        }
        agent
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// `ssh-add` with these words; a pass phrase it asks for is `open`.
    pub fn add(&self, desk: &Desk, words: &[&str]) -> Answer {
        let askpass = script(desk, "open", "echo open");
        let mut command = command("ssh-add");
        command.args(words).current_dir(desk.path("")).env("SSH_AUTH_SOCK", &self.socket);
        command.env("SSH_ASKPASS", askpass).env("SSH_ASKPASS_REQUIRE", "force");
        run(command, b"")
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops it without ending it, or lets it go on.
    pub fn signal(&self, name: &str) {
        let mut command = Command::new("kill");
        command.arg(name).arg(self.child.id().to_string());
        assert!(command.status().unwrap().success());
    }
}

impl Drop for RealAgent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A small program in a folder of its own.
pub fn script(desk: &Desk, name: &str, body: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = desk.write(name, format!("#!/bin/sh\n{body}\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}
