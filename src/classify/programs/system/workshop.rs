//! Virtual machines, mail, documents, load tests, the Mac's and the phone's own tools.
//!
//! From the manual of each (<https://libvirt.org/manpages/virsh.html>, <https://linuxcontainers.org/incus/docs/main/>,
//! <https://min.io/docs/minio/linux/reference/minio-mc.html>, <https://developer.wordpress.org/cli/commands/>,
//! <https://www.drush.org/>, <https://developer.android.com/tools/adb>, <https://ss64.com/mac/>), 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    COMMANDS, PLAIN,
    secrets::{is_sensitive, names_secret},
};
use crate::{classify::Judge, domain::Verb};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(
        &[
            "inotifywait",
            "inotifywatch",
            "iw",
            "iwlist",
            "lpstat",
            "pdfinfo",
            "pdftotext",
            "ffprobe",
            "identify",
            "aspell",
            "hunspell",
            "lynx",
            "w3m",
            "links",
            "elinks",
            "jot",
            "dua",
            "gdu",
            "xsv",
            "qsv",
            "textql",
            "errno",
            "isutf8",
            "ifdata",
            "visidata",
            "vd",
            "wireshark",
            "ssh-agent",
            "watchman",
            "mpv",
            "vlc",
            "plutil",
            "lipo",
            "iperf",
            "iperf3",
        ],
        &LOOKS,
    ),
    Program::table(
        &[
            "ab",
            "wrk",
            "hey",
            "vegeta",
            "siege",
            "oha",
            "jmeter",
            "masscan",
            "nikto",
            "http-server",
            "live-server",
            "browser-sync",
            "serve",
            "amixer",
            "pactl",
            "xset",
            "xrandr",
            "setxkbmap",
            "bluetoothctl",
            "rfkill",
            "lp",
            "lpr",
            "cancel",
            "gs",
            "pdftk",
            "qpdf",
            "pdfunite",
            "img2pdf",
            "ocrmypdf",
            "tesseract",
            "sox",
            "yt-dlp",
            "youtube-dl",
            "gnuplot",
            "plantuml",
            "mmdc",
            "libreoffice",
            "soffice",
            "wkhtmltopdf",
            "chromium",
            "google-chrome",
            "firefox",
            "stow",
            "mmv",
            "detox",
            "codesign",
            "hdiutil",
            "scanimage",
            "notation",
            "traefik",
            "envoy",
        ],
        &CHANGES,
    ),
    Program::table(&["dot", "neato", "circo", "fdp", "twopi", "sfdp"], &DRAWS),
    Program::table(&["mail", "mailx", "mutt", "msmtp", "sendmail", "swaks"], &MAIL),
    Program::table(&["exim", "exim4"], &EXIM),
    Program::table(&["ngrok", "localtunnel", "lt"], &TUNNELS),
    Program::table(&["fdupes", "jdupes", "rdfind"], &DUPES),
    Program::table(&["virsh"], &VIRSH),
    Program::table(&["lxc", "incus", "multipass", "limactl", "colima", "orb", "tkn"], &MACHINES),
    Program::table(&["mc"], &MC),
    Program::table(&["wp"], &WP),
    Program::table(&["drush"], &DRUSH),
    Program::table(&["adb"], &ADB),
    Program::table(&["tmutil"], &TMUTIL),
    Program::table(&["defaults"], &DEFAULTS),
    Program::table(&["security"], &SECURITY),
    Program::table(&["bw", "lpass"], &VAULTS),
    Program::table(&["chezmoi", "yadm"], &DOTFILES),
];

const BACK: &str = "undo it with the opposite command";
const RUNS: Does = Does::Opaque("this option runs another program");
const MACHINE_GONE: &str = "the machine and its disks are gone";

static LOOKS: Cli = Cli { rules: &[Rule::reads("**")], ..PLAIN };
static CHANGES: Cli = Cli {
    rules: &[Rule::creates("**", "remove what it has made, or stop it")
        .when(&[("--exec", RUNS), ("--exec-before-download", RUNS)])],
    ..PLAIN
};
/// Graphviz prints the picture, unless it is told where to write it.
static DRAWS: Cli = Cli {
    attached: &["-T", "-K", "-G", "-N", "-E", "-l"],
    valued: &["-o"],
    rules: &[Rule::reads("**").when(&[
        ("-o", Does::Changes(Verb::Create, "remove the picture")),
        ("-O", Does::Changes(Verb::Create, "remove the picture")),
    ])],
    ..PLAIN
};
static MAIL: Cli = Cli { service: "mail", rules: &[Rule::asks("**", mails)], ..PLAIN };
static EXIM: Cli = Cli { service: "mail", rules: &[Rule::asks("**", exim)], ..PLAIN };
static TUNNELS: Cli = Cli {
    service: "network",
    rules: &[Rule::grants("**", "stop it; whoever had the address has none then")],
    ..PLAIN
};
static DUPES: Cli = Cli {
    valued: &["-deleteduplicates"],
    rules: &[Rule::reads("**").when(&[
        ("-d", Does::Destroys(Verb::Delete, "the files it takes for copies are gone")),
        ("--delete", Does::Destroys(Verb::Delete, "the files it takes for copies are gone")),
        (
            "-deleteduplicates",
            Does::Destroys(Verb::Delete, "the files it takes for copies are gone"),
        ),
    ])],
    ..PLAIN
};
static VIRSH: Cli = Cli {
    service: "libvirt",
    valued: &["-c", "--connect", "--pool", "--domain", "--snapshotname", "--config-file"],
    rules: &[
        Rule::reads(
            "list|dominfo|domstate|domstats|domblklist|domblkinfo|domblkstat|domiflist|\
             domifaddr|domifstat|dumpxml|vcpuinfo|vcpucount|nodeinfo|capabilities|version|\
             help|uri|hostname|net-list|net-info|net-dumpxml|net-dhcp-leases|pool-list|\
             pool-info|pool-dumpxml|vol-list|vol-info|vol-dumpxml|snapshot-list|\
             snapshot-info|snapshot-dumpxml|checkpoint-list|secret-list|iface-list|\
             nodedev-list|freecell|sysinfo|event|domjobinfo",
        ),
        Rule::updates(
            "start|shutdown|reboot|reset|destroy|suspend|resume|save|restore|managedsave|\
             autostart|create|define|edit|setmem|setmaxmem|setvcpus|attach-disk|\
             detach-disk|attach-device|detach-device|attach-interface|detach-interface|\
             migrate|snapshot-create|snapshot-create-as|net-start|net-destroy|net-define|\
             net-autostart|pool-start|pool-destroy|pool-define|pool-define-as|pool-build|\
             pool-refresh|pool-autostart|vol-create|vol-create-as|vol-clone|vol-resize|\
             vol-upload|vol-download|domrename|console|blockcommit|blockpull|blockcopy",
            "start or define it again",
        ),
        Rule::deletes(
            "undefine|vol-delete|vol-wipe|pool-delete|pool-undefine|net-undefine",
            MACHINE_GONE,
        ),
        Rule::deletes(
            "snapshot-delete|checkpoint-delete|managedsave-remove|secret-undefine",
            "it is gone",
        ),
        Rule::deletes("snapshot-revert", "whatever changed since the snapshot is gone"),
    ],
    ..COMMANDS
};
static MACHINES: Cli = Cli {
    service: "machines",
    valued: &["-n", "--namespace", "--project", "-c", "-p", "--profile", "--name"],
    rules: &[
        Rule::reads(
            "list|ls|info|show|status|version|help|find|get|networks|aliases|logs|\
             monitor|operation|warning|top|validate",
        ),
        Rule::reads(
            "image|network|storage|profile|project|snapshot|cluster|config|remote|\
             pipelinerun|taskrun|pipeline|task|hub list|ls|show|info|describe|logs|get|\
             get-default",
        ),
        Rule::updates(
            "launch|create|init|start|stop|restart|pause|resume|suspend|snapshot|copy|cp|\
             move|rename|mount|umount|unmount|transfer|set|alias|unalias|prefer|recover|\
             rebuild|publish|import|export|file|edit|authenticate|config|profile|network|\
             storage|project|remote|template|update|prune|kubernetes|completion|run",
            "start or set it again",
        ),
        Rule::updates(
            "pipeline|task|clustertask|pipelinerun|taskrun start|cancel|create",
            "start or cancel it again",
        ),
        Rule::deletes("delete|rm|purge|reset|factory-reset", MACHINE_GONE),
        Rule::deletes("restore", "whatever changed since the snapshot is gone"),
        Rule::deletes(
            "image|network|storage|profile|project|snapshot|config|pipelinerun|taskrun|\
             pipeline|task|template delete|rm|unset",
            "it is gone",
        ),
        Rule::deletes("storage volume delete", "the volume and everything on it is gone"),
        Rule::opaque("exec|shell|ssh|console", "what runs there is not read"),
    ],
    ..COMMANDS
};
static MC: Cli = Cli {
    service: "minio",
    valued: &["-C", "--config-dir", "--older-than", "--newer-than"],
    rules: &[
        Rule::reads("ls|tree|du|stat|cat|head|diff|find|ping|version|watch|od|sql"),
        Rule::reads(
            "alias|event|tag|ilm|policy|anonymous|encrypt|retention|legalhold|replicate|\
             admin list|ls|get|info|status|export",
        ),
        Rule::updates(
            "cp|put|get|mv|mb|pipe|alias|update|event|tag|ilm|retention|legalhold|\
             encrypt|replicate|undo",
            BACK,
        ),
        Rule::updates("mirror", BACK).when(&[(
            "--remove",
            Does::Destroys(Verb::Delete, "what is not at the source is gone at the target"),
        )]),
        Rule::deletes("rm", "the objects are gone").dry(&["--fake", "--dry-run"]),
        Rule::deletes("rb", "the bucket and every object in it are gone"),
        Rule::leaks("anonymous|policy set", "what anybody may read can be copied by everybody"),
        Rule::grants("share", "let the link run out"),
        Rule::deletes("version suspend", "overwritten objects are not kept any more"),
    ],
    ..COMMANDS
};
static WP: Cli = Cli {
    service: "wordpress",
    valued: &["--path", "--url", "--user", "--format", "--fields", "--field", "--ssh", "--http"],
    rules: &[
        Rule::reads(
            "** list|get|status|version|is-installed|is-active|verify-checksums|\
             check-update|size|tables|columns|path|search|check|exists|pluck|info|\
             describe|has",
        ),
        Rule::updates(
            "** install|activate|deactivate|update|create|generate|add|set|add-role|\
             remove-role|flush|regenerate|enable|disable|toggle|export|optimize|repair",
            BACK,
        ),
        Rule::deletes(
            "** delete|uninstall|drop|reset|clean|empty|destroy",
            "it and what it held is gone",
        ),
        Rule::deletes("db import", "what the database held is overwritten"),
        Rule::overwrites("search-replace", "the old text is overwritten in every table")
            .dry(&["--dry-run"]),
        Rule::creates("db export", "remove the file again"),
        Rule::updates("cache|rewrite|transient flush", "it is made again"),
        Rule::opaque("db query|cli|eval|eval-file|shell", "what it runs is not read"),
        Rule::opaque("eval|eval-file|shell", "what it runs is not read"),
    ],
    ..COMMANDS
};
static DRUSH: Cli = Cli {
    service: "drupal",
    valued: &["-l", "--uri", "-r", "--root", "--format", "--fields"],
    rules: &[
        Rule::reads(
            "status|st|core-status|core:status|pm:list|pml|watchdog:show|ws|wd-show|\
             config:get|cget|config:status|cst|state:get|sget|user:information|uinf|\
             updatedb:status|updbst|list|help|version|site:alias|sa|role:list|field:info|\
             queue:list|sql:conf|sql:connect|core:requirements|rq",
        ),
        Rule::updates(
            "cache:rebuild|cr|rebuild|updatedb|updb|config:set|cset|config:export|cex|\
             config:import|cim|pm:install|pm:enable|en|pm:uninstall|pmu|state:set|sset|\
             cron|core:cron|user:create|ucrt|user:login|uli|user:password|upwd|\
             user:block|user:unblock|user:role:add|urol|locale:update|maint:set|deploy|\
             search:index|queue:run|sql:dump|sql-dump|theme:enable|archive:dump",
            BACK,
        ),
        Rule::deletes(
            "sql:drop|sql-drop|site:install|si|site-install|sql:sync|sql-sync|\
             sql:sanitize|sql-sanitize|entity:delete|edel|user:cancel|ucan|\
             watchdog:delete|wd-del|config:delete|cdel|state:delete|sdel|queue:delete|\
             rsync|core:rsync|archive:restore",
            "what the site held is gone or overwritten",
        ),
        Rule::opaque(
            "php:eval|ev|php:script|scr|sql:query|sqlq|sql:cli|sqlc|php:cli|ssh",
            "what it runs is not read",
        ),
    ],
    ..COMMANDS
};
static ADB: Cli = Cli {
    service: "android",
    valued: &["-s", "-t", "-H", "-P"],
    rules: &[
        Rule::reads("devices|logcat|version|help|get-state|get-serialno|bugreport|features|mdns"),
        Rule::updates(
            "install|install-multiple|push|pull|start-server|kill-server|connect|\
             disconnect|pair|reboot|root|unroot|forward|reverse|tcpip|usb|\
             wait-for-device|remount|backup|sync|reconnect|emu",
            BACK,
        ),
        Rule::deletes(
            "uninstall|restore|sideload|disable-verity",
            "the application and its data are gone",
        ),
        Rule::asks("shell|exec-out", adb_shell),
    ],
    ..COMMANDS
};
static TMUTIL: Cli = Cli {
    service: "backups",
    rules: &[
        Rule::reads(
            "listbackups|latestbackup|status|destinationinfo|machinedirectory|isexcluded|\
             listlocalsnapshots|listlocalsnapshotdates|compare|uniquesize|version|help",
        ),
        Rule::updates(
            "startbackup|stopbackup|enable|addexclusion|removeexclusion|setdestination|\
             localsnapshot|restore|snapshot|inheritbackup|associatedisk|setquota",
            BACK,
        ),
        Rule::deletes("disable", "nothing is backed up any more"),
        Rule::deletes(
            "delete|deletelocalsnapshots|thinlocalsnapshots|deleteinprogress|\
             removedestination",
            "the backups are gone",
        ),
    ],
    ..COMMANDS
};
static DEFAULTS: Cli = Cli {
    service: "settings",
    rules: &[
        Rule::reads("read|read-type|domains|find|help|export"),
        Rule::updates("write|rename|import", "write the old value again"),
        Rule::deletes("delete|delete-all", "the settings are gone"),
    ],
    ..COMMANDS
};
static SECURITY: Cli = Cli {
    service: "keychain",
    valued: &["-s", "-a", "-l", "-k", "-p", "-c", "-t", "-D", "-G", "-j"],
    rules: &[
        Rule::reads(
            "list-keychains|default-keychain|login-keychain|find-certificate|\
             find-identity|show-keychain-info|verify-cert|help|error|cms|\
             dump-trust-settings|smartcards",
        ),
        Rule::reads("find-generic-password|find-internet-password").when(&[
            ("-w", Does::Changes(Verb::Reveal, "change the password it shows")),
            ("-g", Does::Changes(Verb::Reveal, "change the password it shows")),
        ]),
        Rule::reveals("dump-keychain|export", "change the passwords it shows"),
        Rule::updates(
            "unlock-keychain|lock-keychain|create-keychain|set-keychain-settings|\
             add-generic-password|add-internet-password|add-certificates|\
             add-trusted-cert|import|set-key-partition-list|authorizationdb|\
             set-keychain-password",
            BACK,
        ),
        Rule::deletes(
            "delete-keychain|delete-generic-password|delete-internet-password|\
             delete-certificate|delete-identity|remove-trusted-cert",
            "the password or key is gone",
        ),
    ],
    ..COMMANDS
};
static VAULTS: Cli = Cli {
    service: "passwords",
    rules: &[
        Rule::reads("status|list|ls|help|sync|encode|generate|update|version|completion|config"),
        Rule::reveals("get|show|export|unlock", "change the password it shows"),
        Rule::updates(
            "login|logout|lock|create|edit|add|mv|restore|confirm|import|duplicate|share|\
             send|receive|passwd|serve",
            BACK,
        ),
        Rule::deletes("delete|rm", "the password is gone"),
    ],
    ..COMMANDS
};
static DOTFILES: Cli = Cli {
    rules: &[
        Rule::reads(
            "status|diff|managed|unmanaged|data|doctor|source-path|target-path|verify|\
             list|log|show|cat|dump|ignored|help|introspect",
        ),
        Rule::updates(
            "apply|add|re-add|edit|update|init|chattr|merge|import|pull|push|commit|\
             clone|alt|perms|bootstrap|fetch",
            "put the old files back",
        )
        .dry(&["-n", "--dry-run"]),
        Rule::deletes("destroy|purge|remove|rm|reset|clean", "the files are gone")
            .dry(&["-n", "--dry-run"]),
        Rule::updates("forget", "add it again"),
    ],
    ..COMMANDS
};

/// A mail cannot be called back; with a secret in it that is a leak.
fn mails(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let attached = matched.call.arguments().iter().any(names_secret);
    let does = if attached || is_sensitive(matched.call.stdin, judge) {
        Does::Destroys(Verb::Reveal, "the secret or the data is in somebody's mailbox")
    } else {
        Does::Changes(Verb::Create, "write to them again")
    };
    matched.does(does, Named::Operands, judge);
}

/// The options of exim are words: `-bp` lists, `-Mrm` removes.
fn exim(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |name: &str| matched.call.arguments().iter().any(|word| word.is(name));
    let does = if has("-Mrm") || has("-Mg") {
        Does::Destroys(Verb::Delete, "the mails are gone")
    } else if ["-bp", "-bpc", "-bV", "-bt", "-bP", "-Mvh", "-Mvb", "-Mvl", "-bh"]
        .iter()
        .any(|name| has(name))
    {
        Does::Reads
    } else {
        Does::Changes(Verb::Update, "release or freeze the mails again")
    };
    matched.does(does, Named::Operands, judge);
}

/// A command on the phone is a command.
fn adb_shell(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    let at = words.iter().position(|word| word.is("shell") || word.is("exec-out"));
    match words.get(at.map_or(words.len(), |at| at + 1)..).unwrap_or_default() {
        [] => judge.opaque(matched.call.span(), "what is typed there is not known"),
        [script] => drop(judge.script(script, matched.call.variables, matched.call.stdin)),
        words => drop(judge.call(&matched.call.running(words))),
    }
}
