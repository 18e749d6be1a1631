//! Programs that administer Windows: which of their subcommands look, and which lose something.
//!
//! From memory of
//! <https://learn.microsoft.com/windows-server/administration/windows-commands/windows-commands>,
//! not read again.

use crate::{
    classify::{Call, Judge, Word},
    domain::{Span, Verb},
};

/// Programs whose first word says what they do.
pub(super) const PROGRAMS: &[&str] = &[
    "vssadmin",
    "wbadmin",
    "wevtutil",
    "reg",
    "sc",
    "bcdedit",
    "fsutil",
    "netsh",
    "wmic",
    "certutil",
    "net",
    "net1",
    "schtasks",
    "wsl",
    "dism",
    "powercfg",
    "manage-bde",
    "bitsadmin",
];

/// One of them being called, in lower case.
pub(super) struct Called<'w> {
    /// The program.
    pub name: &'w str,
    /// What follows it.
    pub rest: &'w [String],
    /// All of it, as it is written.
    pub words: &'w [Word],
    /// Where the program and its subcommand stand.
    pub span: Span,
}

impl Called<'_> {
    fn has(&self, option: &str) -> bool {
        self.rest.iter().any(|word| word == option)
    }

    fn starts(&self, option: &str) -> bool {
        self.rest.iter().any(|word| word.starts_with(option))
    }

    fn sub(&self) -> &str {
        self.rest.first().map_or("", String::as_str)
    }

    fn looks(&self) -> bool {
        let sub = self.sub();
        match self.name {
            "vssadmin" => sub == "list" || sub == "query",
            "wbadmin" => sub == "get",
            "wevtutil" => matches!(
                sub,
                "qe" | "el" | "gl" | "gli" | "ep" | "gp" | "query-events" | "enum-logs" | "epl"
            ),
            "reg" => matches!(sub, "query" | "export" | "compare"),
            "sc" => {
                sub.starts_with('q')
                    || matches!(
                        sub,
                        "enumdepend" | "getdisplayname" | "getkeyname" | "sdshow" | "showsid"
                    )
            }
            "bcdedit" => sub.is_empty() || sub == "/enum" || sub == "/v",
            "fsutil" => self.rest.iter().any(|word| {
                word.starts_with("query")
                    || matches!(
                        word.as_str(),
                        "volumeinfo" | "drives" | "list" | "diskfree" | "fsinfo"
                    )
            }),
            "netsh" => self.has("show") || self.has("dump"),
            "wmic" => {
                (self.has("get") || self.has("list") || self.starts("get/"))
                    && !self.has("delete")
                    && !self.has("call")
            }
            "certutil" => {
                self.starts("-hashfile")
                    || self.starts("-dump")
                    || self.starts("-store")
                    || self.starts("-verify")
                    || self.starts("-encode")
            }
            "net" | "net1" => self.net_looks(),
            "schtasks" => self.has("/query") || self.rest.is_empty(),
            "wsl" => matches!(sub, "-l" | "--list" | "--status" | "--version" | "--help"),
            "dism" => self.starts("/get"),
            "powercfg" => {
                sub.is_empty() || sub == "/list" || sub == "/query" || sub == "/batteryreport"
            }
            "manage-bde" => sub == "-status",
            _ => false,
        }
    }

    fn net_looks(&self) -> bool {
        let sub = self.sub();
        let change = self
            .rest
            .iter()
            .any(|word| matches!(word.as_str(), "/add" | "/delete" | "/active:no" | "/active:yes"));
        let password =
            matches!(sub, "user") && self.rest.len() > 2 && !self.rest[2].starts_with("/domain");
        matches!(
            sub,
            "user"
                | "localgroup"
                | "group"
                | "use"
                | "view"
                | "share"
                | "accounts"
                | "session"
                | "statistics"
                | "config"
                | "help"
                | "time"
        ) && !change
            && !password
            || sub == "start" && self.rest.len() == 1
    }

    fn loses(&self) -> bool {
        let sub = self.sub();
        match self.name {
            "vssadmin" | "wbadmin" | "reg" | "sc" => {
                sub == "delete" || (self.name == "vssadmin" && sub == "resize")
            }
            "wevtutil" => {
                matches!(sub, "cl" | "clear-log" | "um") || (sub == "sl" && self.starts("/e:false"))
            }
            "bcdedit" => self.starts("/delete"),
            "fsutil" => {
                self.has("deletejournal") || self.has("setzerodata") || self.has("setvaliddata")
            }
            "netsh" => self.has("reset") || self.has("delete"),
            "wmic" => self.has("delete") || self.starts("shadowcopy"),
            "certutil" => self.starts("-delstore") || self.starts("-delkey"),
            "net" | "net1" => self.has("/delete") && sub != "use" && sub != "session",
            "schtasks" => self.has("/delete"),
            "wsl" => sub == "--unregister",
            "manage-bde" => self.starts("-forcerecovery"),
            _ => false,
        }
    }

    /// Judges it.
    pub(super) fn judge(&self, resource: &str, call: &Call<'_>, judge: &mut Judge<'_>) {
        let (service, span) = ("windows", self.span);
        if self.looks() {
            judge.reads(service, resource, span);
        } else if self.loses() {
            judge.destroys(Verb::Delete, service, resource, span, "what it names is gone");
        } else if self.name == "wsl" {
            let inner = self.words[1..].iter().position(|word| !word.text().starts_with('-'));
            match inner {
                Some(at)
                    if self.rest[..at]
                        .iter()
                        .all(|word| matches!(word.as_str(), "-e" | "--exec" | "--")) =>
                {
                    let inner = self.words[at + 1..].to_vec();
                    judge.call(&call.running(&inner));
                }
                _ => judge.opaque(span, "what it runs is not known"),
            }
        } else if self.name == "wmic" && self.has("call") && self.has("create")
            || self.name == "certutil" && self.starts("-urlcache") && !self.starts("-f")
        {
            judge.opaque(span, "what it runs is not known");
        } else {
            judge.changes(Verb::Update, service, resource, span, "set the former value again");
        }
    }
}
