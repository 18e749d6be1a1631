//! Redirections: what a command reads from and writes to.

use super::{
    Shell,
    syntax::{List, Redirect, Target, Text},
};
use crate::{
    classify::{Data, HOLE, Word},
    domain::{Span, Verb},
};
use std::rc::Rc;

/// What the redirections of one command come to.
#[derive(Default)]
pub(super) struct Opened {
    /// What it reads, if that is said.
    pub stdin: Option<Data>,
    /// What is written, with whether it is appended and whether it is what the command prints.
    writes: Vec<Write>,
    /// What it prints goes elsewhere.
    taken: bool,
}

struct Write {
    file: Word,
    append: bool,
    printed: bool,
    span: Span,
}

impl Shell<'_, '_> {
    /// Finds out what the redirections of a command are, before it runs.
    pub(super) fn open(&mut self, redirects: &[Redirect]) -> Opened {
        let mut opened = Opened::default();
        for redirect in redirects {
            let printed = redirect.number.is_none_or(|number| number == 1);
            let read = redirect.number.is_none_or(|number| number == 0);
            match &redirect.to {
                Target::From(text) => {
                    let file = self.value(text);
                    let data = self.input(&file, redirect.span);
                    if read {
                        opened.stdin = Some(data);
                    }
                }
                Target::Text(text) => {
                    let value = self.value(text);
                    opened.stdin = Some(Data::Text(value.line()));
                }
                Target::Here(text) => {
                    let text = text
                        .get()
                        .cloned()
                        .unwrap_or_else(|| Text { pieces: Vec::new(), span: redirect.span });
                    let value = self.value(&text);
                    if read {
                        opened.stdin = Some(Data::Text(value));
                    }
                }
                Target::Over(text) => self.output_to(text, redirect, false, printed, &mut opened),
                Target::Append(text) => self.output_to(text, redirect, true, printed, &mut opened),
                Target::All(text, append) => {
                    self.output_to(text, redirect, *append, true, &mut opened);
                }
                Target::Both(text) => {
                    let file = self.value(text);
                    if redirect.number.is_none_or(|number| number == 0) {
                        opened.stdin = Some(Data::Unknown(redirect.span));
                    }
                    self.wrote(&file, true, &Data::Unknown(redirect.span), false, redirect.span);
                }
                Target::CopyIn(text) => {
                    self.value(text);
                    if read {
                        opened.stdin = Some(Data::Unknown(redirect.span));
                    }
                }
                Target::CopyOut(text) => {
                    let to = self.value(text);
                    let descriptor = to.known().is_some_and(|to| {
                        to.trim_end_matches('-').bytes().all(|b| b.is_ascii_digit())
                    });
                    if descriptor {
                        // What goes to the errors does not go into the pipe.
                        opened.taken |= printed && to.is("2");
                    } else {
                        self.output_to(text, redirect, false, true, &mut opened);
                    }
                }
            }
        }
        opened
    }

    fn output_to(
        &mut self,
        text: &Text,
        redirect: &Redirect,
        append: bool,
        printed: bool,
        opened: &mut Opened,
    ) {
        let file = self.value(text);
        if printed {
            opened.taken =
                !matches!(file.known(), Some("/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1"));
        }
        opened.writes.push(Write { file, append, printed, span: redirect.span });
    }

    /// Judges what was written, after the command has run; gives what goes on into the pipe.
    pub(super) fn close(&mut self, opened: &Opened, printed: Data, empties: bool) -> Data {
        for write in &opened.writes {
            let unknown = Data::Unknown(write.span);
            let data = if write.printed { &printed } else { &unknown };
            self.wrote(&write.file, write.append, data, empties && write.printed, write.span);
        }
        if opened.taken { Data::Nothing } else { printed }
    }

    /// What a file holds.
    fn input(&mut self, file: &Word, span: Span) -> Data {
        let Some(name) = file.known() else { return Data::Unknown(span) };
        match name {
            "/dev/null" => Data::Nothing,
            "/dev/stdin" | "/dev/fd/0" => self.stdin.clone(),
            _ => match self.judge.file(name) {
                Some(text) => Data::Text(Word::made(text, span)),
                None => Data::Unknown(span),
            },
        }
    }

    /// `<(…)` and `>(…)`: a name that stands for what is printed or read.
    pub(super) fn process(&mut self, list: &Rc<List>, written: bool, span: Span) -> String {
        if written {
            let stdin = std::mem::replace(&mut self.stdin, Data::Unknown(span));
            self.subshell(|shell| shell.list(list));
            self.stdin = stdin;
            return "/dev/fd/62".to_owned();
        }
        let printed = self.subshell(|shell| shell.list(list));
        self.judge.pipe(&printed)
    }

    /// Judges that `data` is written to a file.
    fn wrote(&mut self, file: &Word, append: bool, data: &Data, empties: bool, span: Span) {
        let name = self.judge.name(file);
        let text = file.text();
        if let Some(device) = text.strip_prefix("/dev/") {
            return self.device(device, data, span, name);
        }
        if text == "/proc/sysrq-trigger" {
            let lost =
                "the machine is stopped or started at once, and what was not written is gone";
            return self.judge.destroys(Verb::Update, "system", name, span, lost);
        }
        let ends = |ends: &[&str]| ends.iter().any(|end| text.ends_with(end));
        let begins = |begins: &[&str]| begins.iter().any(|begin| text.starts_with(begin));
        let keys =
            ends(&["authorized_keys", "/sudoers", "/etc/passwd", "/etc/shadow", "/etc/group"])
                || begins(&["/etc/sudoers.d/", "/etc/pam.d/", "/etc/ssh/"]);
        let system = begins(&[
            "/boot/",
            "/usr/bin/",
            "/usr/sbin/",
            "/usr/lib",
            "/bin/",
            "/sbin/",
            "/lib/",
            "/lib64/",
            "/etc/fstab",
            "/etc/crontab",
            "/System/",
            "C:\\Windows\\",
        ]);
        let passing = begins(&["/tmp/", "/var/tmp/", "/dev/shm/", "/proc/", "/sys/"]);
        if append && keys {
            self.judge.changes(Verb::Grant, "files", name, span, "take the line out again");
        } else if append {
            self.judge.changes(Verb::Update, "files", name, span, "take what was added out again");
        } else if keys {
            let lost = "who may come in is overwritten";
            self.judge.destroys(Verb::Update, "files", name, span, lost);
        } else if system {
            let lost = "a file of the system is overwritten";
            self.judge.destroys(Verb::Update, "files", name, span, lost);
        } else if empties && !passing {
            let lost = "what the file held is gone";
            self.judge.destroys(Verb::Delete, "files", name, span, lost);
        } else {
            self.judge.changes(
                Verb::Update,
                "files",
                name,
                span,
                "write the file anew, or remove it",
            );
        }
        let unknown = Data::Unknown(span);
        self.judge.wrote(file, if append { &unknown } else { data });
        if is_job(text) {
            self.judge.opaque(span, "a job that runs later, and is not read");
        } else if runs_later(text) {
            // The shell, or git, will run it without being asked.
            match data {
                Data::Text(script) => {
                    let script = script.clone();
                    self.subshell(|shell| shell.nested(&script));
                }
                Data::Nothing => {}
                Data::Unknown(_) => {
                    self.judge.opaque(span, "what is written there is run later, and is not known");
                }
            }
        }
    }

    fn device(&mut self, device: &str, data: &Data, span: Span, name: String) {
        let harmless =
            ["null", "stdout", "stderr", "tty", "full", "zero", "random", "urandom", "console"];
        if harmless.contains(&device)
            || device.starts_with("fd/")
            || device.starts_with("pts/")
            || device.starts_with("tty")
        {
            return;
        }
        if device.starts_with("shm/") {
            return self.judge.changes(Verb::Update, "files", name, span, "remove the file");
        }
        if device.starts_with("tcp/") || device.starts_with("udp/") {
            return match data {
                Data::Text(word) if !word.has_holes() && word.text().len() < 256 => {
                    self.judge.reads("network", name, span);
                }
                Data::Nothing => self.judge.reads("network", name, span),
                _ => {
                    let lost = "what is sent there cannot be called back";
                    self.judge.destroys(Verb::Reveal, "network", name, span, lost);
                }
            };
        }
        let lost = "what the device held is overwritten";
        self.judge.destroys(Verb::Delete, "files", name, span, lost);
    }
}

/// Whether a file is run at its time, in a form of its own.
pub fn is_job(name: &str) -> bool {
    let folders =
        ["/etc/cron", "/var/spool/cron", "/etc/systemd/system/", "/etc/init.d/", "/etc/rc"];
    folders.iter().any(|folder| name.starts_with(folder))
}

/// Whether a file is run by a shell or by git without being asked.
fn runs_later(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    matches!(
        last,
        ".bashrc"
            | ".bash_profile"
            | ".bash_login"
            | ".bash_logout"
            | ".bash_aliases"
            | ".profile"
            | ".zshrc"
            | ".zprofile"
            | ".zshenv"
            | ".zlogin"
            | ".kshrc"
            | ".envrc"
            | "config.fish"
    ) || name.contains(".git/hooks/")
        || name.contains(".husky/")
        || name.starts_with("/etc/profile")
        || name.starts_with("/etc/bash")
        || name.contains(HOLE) && name.contains("hooks/")
}
