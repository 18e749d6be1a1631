//! Addresses, routes and firewalls.
//!
//! From <https://man7.org/linux/man-pages/man8/ip.8.html>, <https://www.netfilter.org/documentation/>,
//! <https://firewalld.org/documentation/> and <https://help.ubuntu.com/community/UFW>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    COMMANDS, PLAIN,
};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["ip", "bridge", "tc"], &IP),
    Program::table(&["ifconfig", "iwconfig"], &IFCONFIG),
    Program::table(&["route", "arp", "ipmaddr", "ndp"], &ROUTE),
    Program::table(
        &[
            "ifup",
            "ifdown",
            "dhclient",
            "dhcpcd",
            "netplan",
            "wg-quick",
            "openvpn",
            "ipsec",
            "swanctl",
            "tailscale",
            "zerotier-cli",
            "wpa_cli",
            "brctl",
            "ovs-vsctl",
            "vtysh",
            "networksetup",
            "scutil",
        ],
        &LINKS,
    ),
    Program::table(&["nmcli"], &NMCLI),
    Program::table(&["wg"], &WG),
    Program::table(
        &["iptables", "ip6tables", "arptables", "ebtables", "iptables-legacy", "iptables-nft"],
        &IPTABLES,
    ),
    Program::table(&["iptables-save", "ip6tables-save", "iptables-xml"], &LOOKS),
    Program::table(
        &[
            "iptables-restore",
            "ip6tables-restore",
            "netfilter-persistent",
            "iptables-apply",
            "pfctl",
        ],
        &RESTORES,
    ),
    Program::table(&["ipset"], &IPSET),
    Program::table(&["nft"], &NFT),
    Program::table(&["ufw"], &UFW),
    Program::table(&["firewall-cmd", "firewall-offline-cmd"], &FIREWALLD),
];

const GUARD_GONE: &str = "the rules that guarded the machine are gone";
const BACK: &str = "set the old address, route or rule again";

static LOOKS: Cli = Cli { service: "network", rules: &[Rule::reads("**")], ..PLAIN };
static IP: Cli = Cli {
    service: "network",
    abbreviates: false,
    valued: &["-f", "-family", "-n", "-netns", "-b", "-batch", "-l", "-loops", "-rc", "-rcvbuf"],
    rules: &[Rule::asks("**", ip)],
    ..PLAIN
};
static IFCONFIG: Cli = Cli {
    service: "network",
    rules: &[Rule::reads("*"), Rule::reads(""), Rule::updates("* *", BACK)],
    ..PLAIN
};
static ROUTE: Cli = Cli {
    service: "network",
    valued: &["-i", "-H", "-A"],
    rules: &[
        Rule::reads("**").when(&[
            ("-d", Does::Changes(Verb::Update, BACK)),
            ("-s", Does::Changes(Verb::Update, BACK)),
            ("-f", Does::Changes(Verb::Update, BACK)),
        ]),
        Rule::updates("add|del|delete|change|flush", BACK),
        Rule::reads("get|monitor|print|show"),
    ],
    ..PLAIN
};
static LINKS: Cli = Cli {
    service: "network",
    rules: &[
        Rule::reads(
            "status|statusall|get|info|listnetworks|listpeers|list-sas|list-conns|\
             netcheck|ping|version|show|list|bugreport|whois|metrics",
        ),
        Rule::updates("**", BACK)
            .when(&[
                ("--up", Does::Opaque("this option runs another program")),
                ("--script-security", Does::Opaque("this option lets programs run")),
            ])
            .dry(&[
                "--version",
                "-listallnetworkservices",
                "-getinfo",
                "--dns",
                "--nwi",
                "-getdnsservers",
            ]),
    ],
    ..COMMANDS
};
static NMCLI: Cli = Cli {
    service: "network",
    valued: &[
        "-f",
        "--fields",
        "-g",
        "--get-values",
        "-m",
        "--mode",
        "-w",
        "--wait",
        "-c",
        "--colors",
    ],
    rules: &[
        Rule::reads(""),
        Rule::reads("general|g|networking|n|radio|r|connection|con|c|device|dev|d|monitor|m"),
        Rule::reads(
            "general|g|networking|n|radio|r|connection|con|c|device|dev|d|agent status|\
             show|connectivity|permissions|logging|wifi|list|monitor|lldp|wwan|all|s",
        ),
        Rule::updates("general|g|networking|n|radio|r hostname|on|off|reload", BACK),
        Rule::updates("radio|r * *", BACK),
        Rule::updates(
            "connection|con|c up|down|modify|mod|add|edit|clone|reload|load|import|export",
            BACK,
        ),
        Rule::deletes("connection|con|c delete|del", "the connection and its settings are gone"),
        Rule::updates("device|dev|d connect|disconnect|reapply|modify|set|up|down|delete", BACK),
    ],
    ..COMMANDS
};
static WG: Cli = Cli {
    service: "network",
    rules: &[
        Rule::reads("show|genkey|genpsk|pubkey"),
        Rule::reads(""),
        Rule::reveals("showconf", "make a new key"),
        Rule::updates("set|addconf|syncconf|setconf", BACK),
    ],
    ..COMMANDS
};
static IPTABLES: Cli = Cli {
    service: "firewall",
    valued: &[
        "-t",
        "--table",
        "-p",
        "-s",
        "-d",
        "-j",
        "-i",
        "-o",
        "-m",
        "--dport",
        "--sport",
        "--dports",
        "--source",
        "--destination",
        "--jump",
        "--protocol",
        "--match",
        "--ctstate",
        "--state",
        "--to-destination",
        "--to-source",
        "--comment",
        "--limit",
        "-c",
        "-w",
        "--in-interface",
        "--out-interface",
        "--icmp-type",
        "--log-prefix",
        "--reject-with",
        "--set-mark",
    ],
    rules: &[Rule::asks("**", iptables)],
    ..PLAIN
};
static RESTORES: Cli = Cli {
    service: "firewall",
    valued: &["-s", "-f", "-a", "-t", "-F", "-w"],
    rules: &[Rule::asks("**", restores)],
    ..PLAIN
};
static IPSET: Cli = Cli {
    service: "firewall",
    rules: &[
        Rule::reads("list|save|test|version|help"),
        Rule::updates("create|add|del|rename|swap|restore", BACK),
        Rule::deletes("flush|destroy", GUARD_GONE),
    ],
    ..COMMANDS
};
static NFT: Cli = Cli {
    service: "firewall",
    valued: &["-f", "--file", "-I", "-D", "--define"],
    harmless: &["--help", "--version", "-h", "-v", "-c", "--check"],
    rules: &[
        Rule::reads("list|monitor|describe|get|export"),
        Rule::updates("add|insert|create|rename|replace|import", BACK),
        Rule::updates("delete rule|element|handle", BACK),
        Rule::deletes("flush|destroy|reset|delete", GUARD_GONE),
        Rule::new("", Does::Opaque("the rules stand in a file")),
    ],
    ..COMMANDS
};
static UFW: Cli = Cli {
    service: "firewall",
    rules: &[
        Rule::reads("status|show|version|help"),
        Rule::reads("app list|info"),
        Rule::grants(
            "allow|deny|reject|limit|delete|insert|prepend|route|enable|reload|logging|\
             default|app",
            BACK,
        )
        .dry(&["--dry-run"]),
        Rule::grants("disable", "ufw enable").dry(&["--dry-run"]),
        Rule::deletes("reset", GUARD_GONE).dry(&["--dry-run"]),
    ],
    ..COMMANDS
};
static FIREWALLD: Cli =
    Cli { service: "firewall", rules: &[Rule::asks("**", firewalld)], ..COMMANDS };

/// `ip OBJECT COMMAND`: without a command it shows. Both may be cut short.
fn ip(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.has("-b") {
        return judge.opaque(matched.call.span(), "the commands stand in a file");
    }
    let object = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let verb = matched.operands.get(1);
    let text = verb.map_or("show", |word| word.text());
    if object == "netns" && "exec".starts_with(text) && text.starts_with('e') {
        let words = matched.call.arguments();
        let at = words.iter().position(|word| word.is(text)).map_or(words.len(), |at| at + 2);
        if let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            judge.call(&matched.call.running(rest));
            return;
        }
    }
    let does = if verb.is_some_and(|word| word.has_holes()) {
        return judge.opaque(matched.call.span(), "which command of ip runs is not known");
    } else if [
        "show", "list", "get", "lst", "help", "monitor", "identify", "pids", "save", "sh", "l",
        "ls", "s",
    ]
    .iter()
    .any(|looks| looks.starts_with(text))
        && text != "se"
        || object.is_empty()
        || matches!(object, "monitor" | "mon" | "help")
    {
        Does::Reads
    } else if text.starts_with("fl") {
        Does::Changes(Verb::Delete, "restart the network")
    } else {
        Does::Changes(Verb::Update, BACK)
    };
    matched.does(does, Named::Operands, judge);
}

fn iptables(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let does = if has(&["-F", "--flush", "-X", "--delete-chain"]) {
        Does::Destroys(Verb::Grant, GUARD_GONE)
    } else if has(&["-P", "--policy"]) {
        let open = matched.operands.iter().any(|word| word.is("ACCEPT"));
        if open { Does::Changes(Verb::Grant, BACK) } else { Does::Changes(Verb::Update, BACK) }
    } else if has(&[
        "-A",
        "-I",
        "-D",
        "-R",
        "-N",
        "-E",
        "-Z",
        "--append",
        "--insert",
        "--delete",
        "--replace",
        "--new-chain",
        "--rename-chain",
        "--zero",
    ]) {
        Does::Changes(Verb::Grant, BACK)
    } else {
        Does::Reads
    };
    matched.does(does, Named::Operands, judge);
}

fn restores(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let first = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let flush = first == "flush" || matched.has("-F") || matched.has("-d");
    let does = if matched.has("-t")
        || matched.has("--test")
        || matched.has("-s")
        || matched.has("-n") && matched.has("-f")
    {
        Does::Reads
    } else if flush {
        Does::Destroys(Verb::Grant, GUARD_GONE)
    } else {
        Does::Changes(Verb::Grant, "restore the old rules")
    };
    matched.does(does, Named::Operands, judge);
}

fn firewalld(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let starts = |starts: &[&str]| {
        matched.options.iter().any(|given| starts.iter().any(|start| given.name.starts_with(start)))
    };
    let does = if starts(&[
        "--delete-zone",
        "--delete-policy",
        "--delete-service",
        "--delete-ipset",
        "--reset-to-defaults",
    ]) {
        Does::Destroys(Verb::Grant, GUARD_GONE)
    } else if starts(&[
        "--add",
        "--remove",
        "--set",
        "--change",
        "--new",
        "--reload",
        "--complete-reload",
        "--runtime-to-permanent",
        "--panic",
        "--load",
        "--direct",
        "--disable",
        "--enable",
    ]) {
        Does::Changes(Verb::Grant, BACK)
    } else if starts(&["--list", "--get", "--query", "--state", "--info", "--check", "--path"])
        || matched.options.is_empty()
    {
        Does::Reads
    } else {
        Does::Changes(Verb::Grant, BACK)
    };
    let resource = matched
        .options
        .iter()
        .take(4)
        .map(|given| given.name.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let span = matched.call.words.first().map(Word::span).unwrap_or_default();
    match does {
        Does::Reads => judge.reads("firewall", resource, span),
        _ => matched.does(does, Named::Operands, judge),
    }
}
