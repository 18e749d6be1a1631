//! Packages of the system.
//!
//! From the manuals of apt, dpkg, dnf, rpm, zypper, pacman, apk, Homebrew, snap, flatpak, `MacPorts`,
//! Nix, Chocolatey, winget and scoop, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    COMMANDS, PLAIN,
};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["apt", "apt-get", "aptitude", "nala", "apt-fast"], &APT),
    Program::table(
        &[
            "apt-cache",
            "apt-file",
            "dpkg-query",
            "apt-rdepends",
            "apt-listchanges",
            "apt-show-versions",
            "repoquery",
            "pkgfile",
            "dpkg-architecture",
            "lsb_release",
        ],
        &LOOKS,
    ),
    Program::table(
        &[
            "apt-mark",
            "apt-key",
            "add-apt-repository",
            "apt-add-repository",
            "apt-config",
            "debconf-set-selections",
            "deborphan",
            "unattended-upgrade",
            "unattended-upgrades",
            "do-release-upgrade",
            "tasksel",
            "dpkg-divert",
            "dpkg-statoverride",
        ],
        &APT_CHANGES,
    ),
    Program::table(&["dpkg", "dpkg-deb"], &DPKG),
    Program::table(&["yum", "dnf", "dnf5", "microdnf", "tdnf", "yumdownloader"], &DNF),
    Program::table(&["rpm"], &RPM),
    Program::table(&["zypper"], &ZYPPER),
    Program::table(&["pacman", "yay", "paru", "pamac"], &PACMAN),
    Program::table(&["apk"], &APK),
    Program::table(&["brew", "linuxbrew"], &BREW),
    Program::table(&["snap"], &SNAP),
    Program::table(&["flatpak"], &FLATPAK),
    Program::table(
        &[
            "port",
            "pkg",
            "pkgin",
            "opkg",
            "xbps-install",
            "emerge",
            "eopkg",
            "slackpkg",
            "pkgutil",
            "softwareupdate",
            "installer",
            "mas",
        ],
        &PORT,
    ),
    Program::table(&["xbps-query", "equery", "eix"], &LOOKS),
    Program::table(
        &[
            "nix",
            "nix-env",
            "nix-store",
            "nix-collect-garbage",
            "nix-channel",
            "nixos-rebuild",
            "home-manager",
            "darwin-rebuild",
        ],
        &NIX,
    ),
    Program::table(
        &["nix-build", "nix-instantiate", "nix-prefetch-url", "nix-hash", "nix-info"],
        &NIX_BUILDS,
    ),
    Program::table(&["choco", "winget", "scoop", "cinst", "cuninst"], &WINDOWS),
];

const AGAIN: &str = "install the old version again";
const PURGED: Does = Does::Destroys(Verb::Delete, "the package's configuration and data are gone");
const INSTALLS: Does = Does::Changes(Verb::Update, AGAIN);

static LOOKS: Cli = Cli { service: "packages", rules: &[Rule::reads("**")], ..PLAIN };
static APT: Cli = Cli {
    service: "packages",
    abbreviates: true,
    valued: &[
        "-o",
        "--option",
        "-t",
        "--target-release",
        "--default-release",
        "-c",
        "--config-file",
        "-a",
        "--host-architecture",
    ],
    flags: &[
        "--yes",
        "--assume-yes",
        "--quiet",
        "--purge",
        "--simulate",
        "--dry-run",
        "--just-print",
        "--download-only",
        "--no-install-recommends",
        "--fix-broken",
        "--allow-downgrades",
        "--reinstall",
        "--upgradable",
        "--installed",
        "--only-upgrade",
    ],
    rules: &[
        Rule::asks(
            "install|remove|upgrade|full-upgrade|dist-upgrade|autoremove|auto-remove|\
             build-dep|satisfy|reinstall|markauto|hold|unhold|safe-upgrade|\
             dselect-upgrade",
            apt,
        )
        .when(&[("--purge", PURGED)])
        .dry(SIMULATED),
        Rule::new("purge|autopurge", PURGED).dry(SIMULATED),
        Rule::asks(
            "update|clean|autoclean|auto-clean|edit-sources|distclean|source|download|\
             modernize-sources|fetch|history-undo",
            apt,
        )
        .dry(SIMULATED),
        Rule::reads(
            "list|search|show|showsrc|policy|depends|rdepends|changelog|check|help|moo|\
             indextargets|why|why-not|versions|showpkg|history|madison|pkgnames",
        ),
        Rule::reads(""),
    ],
    ..COMMANDS
};
const SIMULATED: &[&str] =
    &["-s", "--simulate", "--dry-run", "--just-print", "--recon", "--no-act", "--print-uris"];

/// `-o` can tell apt to run programs around what it does.
fn apt(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    runs(matched, judge);
    // A dash behind a name removes it, `+` installs it.
    matched.does(INSTALLS, Named::Operands, judge);
}

fn runs(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let options: Vec<Word> = matched.values(&["-o", "--option"]).cloned().collect();
    for option in options {
        let lower = option.text().to_ascii_lowercase();
        if lower.contains("invoke") || lower.contains("pager") || lower.contains("dir::bin") {
            match option.text().find('=') {
                Some(at) => drop(judge.script(
                    &option.after(at + 1),
                    matched.call.variables,
                    matched.call.stdin,
                )),
                None => judge.opaque(option.span(), "this option runs another program"),
            }
        }
    }
}

static APT_CHANGES: Cli = Cli {
    service: "packages",
    rules: &[
        Rule::reads(
            "showauto|showmanual|showhold|showinstall|showremove|list|finger|exportall|\
             export|dump|shell",
        ),
        Rule::updates("**", "set it back").dry(&["-s", "--dry-run", "--list", "--simulate"]),
    ],
    ..COMMANDS
};
static DPKG: Cli = Cli {
    service: "packages",
    valued: &["-D", "--root", "--admindir", "--instdir"],
    abbreviates: true,
    flags: &["--force-all", "--configure", "--install", "--unpack"],
    rules: &[Rule::updates("**", AGAIN).when(&[("-P", PURGED), ("--purge", PURGED)]).dry(&[
        "-l",
        "--list",
        "-L",
        "--listfiles",
        "-s",
        "--status",
        "-S",
        "--search",
        "-p",
        "--print-avail",
        "--get-selections",
        "--audit",
        "-C",
        "-I",
        "--info",
        "-c",
        "--contents",
        "-f",
        "--field",
        "--print-architecture",
        "--compare-versions",
        "-V",
        "--verify",
        "--simulate",
        "--dry-run",
        "--no-act",
        "--print-foreign-architectures",
        "--validate-pkgname",
    ])],
    ..PLAIN
};
static DNF: Cli = Cli {
    service: "packages",
    valued: &[
        "-c",
        "--config",
        "--enablerepo",
        "--disablerepo",
        "--releasever",
        "--installroot",
        "-x",
        "--exclude",
        "--setopt",
        "-d",
        "-e",
        "--repo",
        "--repoid",
        "--forcearch",
        "--advisory",
    ],
    flags: &[
        "--assumeyes",
        "--quiet",
        "--refresh",
        "--best",
        "--nogpgcheck",
        "--downloadonly",
        "--security",
        "--assumeno",
    ],
    rules: &[
        Rule::updates(
            "install|in|reinstall|rei|update|up|upgrade|upgrade-minimal|downgrade|dg|\
             remove|rm|erase|autoremove|swap|distro-sync|dsync|localinstall|groupinstall|\
             groupremove|groupupdate|builddep|mark|offline-upgrade|system-upgrade|\
             update-minimal|copr|versionlock|config-manager|update-to|do|\
             debuginfo-install",
            AGAIN,
        )
        .dry(&["--assumeno"]),
        Rule::updates(
            "makecache|clean|download|reposync|modulesync|offline|fastestmirror",
            "it is fetched again",
        ),
        Rule::reads(
            "list|ls|info|search|se|provides|whatprovides|repolist|repoinfo|repoquery|rq|\
             check-update|check-upgrade|check|deplist|updateinfo|needs-restarting|help|\
             history|version|advisory|changelog|leaves|environment",
        ),
        Rule::reads("group|groups|module|environment list|info|summary|provides"),
        Rule::updates(
            "group|groups|module install|remove|upgrade|update|enable|disable|reset|\
             switch-to|mark",
            AGAIN,
        ),
        Rule::reads("history list|info|userinstalled"),
        Rule::updates("history undo|redo|rollback|store|replay", AGAIN),
        Rule::reads("copr|versionlock list"),
        Rule::reads(""),
    ],
    ..COMMANDS
};
static RPM: Cli = Cli {
    service: "packages",
    valued: &["--root", "--prefix", "--dbpath", "--queryformat", "--qf"],
    rules: &[Rule::asks("**", rpm)],
    ..PLAIN
};

fn rpm(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(text) = matched.call.arguments().iter().find(|word| word.text().contains("%(")) {
        judge.opaque(text.span(), "a macro runs a command");
    }
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let looks = has(&[
        "-q",
        "--query",
        "-V",
        "--verify",
        "-K",
        "--checksig",
        "--eval",
        "-E",
        "--showrc",
        "--test",
        "--querytags",
        "--whatprovides",
    ]);
    matched.does(if looks { Does::Reads } else { INSTALLS }, Named::Operands, judge);
}

static ZYPPER: Cli = Cli {
    service: "packages",
    valued: &["-r", "--repo", "-t", "--type", "--root", "--from"],
    rules: &[
        Rule::updates(
            "install|in|remove|rm|update|up|patch|dist-upgrade|dup|source-install|si|\
             verify|ve|install-new-recommends|inr|addrepo|ar|removerepo|rr|modifyrepo|mr|\
             renamerepo|nr|refresh|ref|clean|cc|addlock|al|removelock|rl|cleanlocks|cl|\
             addservice|as|removeservice|rs|refresh-services|refs|download|purge-kernels",
            AGAIN,
        )
        .dry(&["-D", "--dry-run"]),
        Rule::reads(
            "search|se|info|if|list-updates|lu|list-patches|lp|patches|pch|packages|pa|\
             patterns|pt|products|pd|what-provides|wp|repos|lr|services|ls|locks|ll|ps|\
             patch-check|pchk|help|licenses|needs-rebooting|versioncmp|targetos|\
             system-architecture|patch-info",
        ),
    ],
    ..COMMANDS
};
static PACMAN: Cli = Cli {
    service: "packages",
    valued: &["-r", "-b", "--root", "--dbpath", "--config", "--cachedir"],
    rules: &[Rule::asks("**", pacman)],
    ..PLAIN
};

/// The operation is a capital letter, what it does with it small ones.
fn pacman(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let does = if has(&["-R", "--remove"]) && has(&["-n", "--nosave"]) {
        PURGED
    } else if has(&["-Q", "--query", "-T", "--deptest", "-p", "--print"])
        || (has(&["-F", "--files"]) && !has(&["-y"]))
        || (has(&["-S", "--sync"])
            && has(&["-s", "--search", "-i", "--info", "-l", "--list", "-g"])
            && !has(&["-y", "-u"]))
    {
        Does::Reads
    } else {
        INSTALLS
    };
    matched.does(does, Named::Operands, judge);
}

static APK: Cli = Cli {
    service: "packages",
    valued: &["-X", "--repository", "-t", "--virtual", "-p", "--root", "--arch", "--keys-dir"],
    rules: &[
        Rule::updates("add|upgrade|fix|update|cache|fetch|mkndx|index", AGAIN)
            .dry(&["-s", "--simulate"]),
        Rule::updates("del", AGAIN).when(&[("--purge", PURGED)]).dry(&["-s", "--simulate"]),
        Rule::reads("info|list|search|policy|dot|stats|audit|verify|version|manifest|query|help"),
    ],
    ..COMMANDS
};
static BREW: Cli = Cli {
    service: "packages",
    valued: &["--file", "--appdir"],
    harmless: &[
        "--help",
        "--version",
        "-h",
        "-v",
        "--prefix",
        "--cellar",
        "--cache",
        "--repository",
        "--caskroom",
        "--config",
        "--env",
    ],
    rules: &[
        Rule::updates(
            "install|reinstall|upgrade|uninstall|remove|rm|update|update-reset|link|ln|\
             unlink|pin|unpin|tap|untap|cleanup|autoremove|fetch|tap-new|switch|migrate|\
             analytics|developer|completions|postinstall|edit|create|extract|bump|style|\
             test|vendor-gems|tests|alias|unalias",
            AGAIN,
        )
        .when(&[("--zap", PURGED)])
        .dry(&["-n", "--dry-run"]),
        Rule::reads(
            "list|ls|info|abv|search|outdated|deps|uses|leaves|desc|home|homepage|config|\
             doctor|dr|cat|log|missing|options|formulae|casks|audit|livecheck|tap-info|\
             commands|help|which-formula|command|docs|source|shellenv|gist-logs|readall|\
             unbottled|which-update",
        ),
        Rule::reads("services|bundle|analytics list|info|check|state"),
        Rule::reads("services"),
        Rule::updates("services start|stop|restart|run|cleanup|kill", "start or stop it again"),
        Rule::updates("bundle", AGAIN),
        Rule::updates("bundle install|dump|cleanup|add|remove|upgrade|edit", AGAIN),
        Rule::opaque("bundle exec|sh|env", "what it runs is not read"),
        Rule::opaque("sh|ruby|irb|prof", "what it runs is not read"),
    ],
    ..COMMANDS
};
static SNAP: Cli = Cli {
    service: "packages",
    valued: &["--channel", "--revision", "-n", "--name"],
    rules: &[
        Rule::updates(
            "install|refresh|revert|enable|disable|connect|disconnect|start|stop|restart|\
             set|unset|switch|alias|unalias|prefer|try|ack|download|login|logout|abort|\
             wait|pack|quota|set-quota|save|restore|create-cohort|model|reboot|recovery",
            AGAIN,
        ),
        Rule::updates("remove", "install it again; a snapshot of its data is kept")
            .when(&[("--purge", PURGED)]),
        Rule::deletes("forget", "the snapshot of its data is gone"),
        Rule::deletes("remove-quota", "the quota is gone"),
        Rule::reads(
            "list|info|find|search|changes|tasks|connections|interface|interfaces|\
             services|logs|get|aliases|version|warnings|known|whoami|saved|\
             check-snapshot|debug|help|quotas|components|okay",
        ),
        Rule::opaque("run", "what the program does is not known"),
    ],
    ..COMMANDS
};
static FLATPAK: Cli = Cli {
    service: "packages",
    rules: &[
        Rule::updates(
            "install|update|upgrade|override|mask|pin|make-current|config|remote-add|\
             remote-modify|remote-delete|permission-set|permission-reset|repair|build|\
             build-init|build-finish|build-export|build-bundle|build-import-bundle|\
             build-update-repo|create-usb|enter|kill|permission-remove|document-export|\
             document-unexport",
            AGAIN,
        ),
        Rule::updates("uninstall|remove", AGAIN).when(&[("--delete-data", PURGED)]),
        Rule::reads(
            "list|info|history|search|remotes|remote-ls|remote-info|ps|permissions|\
             permission-show|documents|document-info|help",
        ),
        Rule::opaque("run", "what the program does is not known"),
    ],
    ..COMMANDS
};
static PORT: Cli = Cli {
    service: "packages",
    rules: &[
        Rule::reads(
            "list|ls|info|search|query|installed|outdated|contents|deps|rdeps|dependents|\
             variants|version|which|files|depends|provides|audit|check|stats|whatdepends|\
             status|help|notes|rdependents|platform|livecheck|updating|shlib|leaf|leaves|\
             list-installed|list-upgradable|list-changed-conffiles|compare-versions|\
             print-architecture|find|account",
        ),
        Rule::updates("**", AGAIN).when(&[("--purge", PURGED)]).dry(&[
            "-p",
            "--pretend",
            "-n",
            "--dry-run",
            "-l",
            "--list",
            "--pkgs",
            "--files",
            "--pkg-info",
        ]),
    ],
    ..COMMANDS
};
static NIX: Cli = Cli {
    service: "nix",
    valued: &[
        "-p",
        "--profile",
        "-f",
        "--file",
        "-I",
        "--arg",
        "--argstr",
        "--option",
        "-o",
        "--out-link",
        "--expr",
        "-A",
        "-E",
        "--delete-older-than",
        "--override-input",
    ],
    rules: &[
        Rule::reads(
            "search|eval|path-info|why-depends|log|show-config|show-derivation|\
             derivation|hash|config|doctor|help|edit|ping-store|store|registry|profile|\
             print-dev-env|news|generations|packages|option|list-generations|dry-build|\
             dry-activate",
        ),
        Rule::reads(
            "flake|derivation|registry|profile|store|config|channel show|metadata|check|\
             info|list|diff-closures|history|ls|cat|ping|verify|path-from-hash-part|diff",
        ),
        Rule::updates(
            "build|develop|shell|flake|fmt|copy|upgrade-nix|bundle|switch|boot|test|\
             build-vm|edit|init|env",
            "switch to the old generation",
        ),
        Rule::updates(
            "flake|registry|profile|store update|lock|init|new|clone|archive|prefetch|\
             add|install|remove|upgrade|rollback|pin|optimise|repair|sign|copy-log|\
             add-file|add-path|prefetch-file",
            "switch to the old generation",
        ),
        Rule::deletes("store delete|gc", "what nothing points to is gone"),
        Rule::deletes("profile wipe-history", "the old generations are gone"),
        Rule::deletes("expire-generations|remove-generations", "the old generations are gone"),
        Rule::opaque("run|repl|shell-run", "what the program does is not known"),
        Rule::asks("**", nix),
    ],
    ..COMMANDS
};
static NIX_BUILDS: Cli =
    Cli { service: "nix", rules: &[Rule::creates("**", "remove the link again")], ..COMMANDS };

/// The older programs are told by their options what to do.
fn nix(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map_or("", |word| word.text());
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let does = match program {
        "nix-collect-garbage" if matched.dry(&["--dry-run"]) => Does::Reads,
        "nix-collect-garbage" if has(&["-d", "--delete-old", "--delete-older-than"]) => {
            Does::Destroys(Verb::Delete, "the old generations are gone")
        }
        "nix-collect-garbage" => Does::Changes(Verb::Delete, "build or fetch it again"),
        "nix-env" if has(&["-q", "--query", "--list-generations"]) => Does::Reads,
        "nix-env" if has(&["--delete-generations"]) => {
            Does::Destroys(Verb::Delete, "the old generations are gone")
        }
        "nix-store"
            if has(&[
                "-q",
                "--query",
                "--verify",
                "--read-log",
                "-l",
                "--print-env",
                "--dump",
                "--export",
            ]) =>
        {
            Does::Reads
        }
        "nix-store"
            if has(&["--delete", "--gc"])
                && !has(&["--print-dead", "--print-roots", "--print-live"]) =>
        {
            Does::Changes(Verb::Delete, "build or fetch it again")
        }
        "nix-channel" if has(&["--list"]) => Does::Reads,
        "nix-env" | "nix-store" | "nix-channel" => INSTALLS,
        _ => Does::Opaque("this subcommand is not known"),
    };
    matched.does(does, Named::Operands, judge);
}

static WINDOWS: Cli = Cli {
    service: "packages",
    valued: &["--id", "--name", "--version", "--source", "-s", "-v"],
    rules: &[
        Rule::reads(
            "list|search|find|info|show|outdated|status|help|features|which|home|cat|\
             depends|checkup|prefix|export|hash|validate",
        ),
        Rule::reads("source|bucket|feature|config list|known|export"),
        Rule::updates("**", AGAIN),
    ],
    ..COMMANDS
};
