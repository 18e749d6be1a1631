//! Whether decisions are signed here, and whether whoever sits here can sign one.

use super::{bad_with, good, warning};
use crate::{
    config::Config,
    domain::{Signing, Untrusted},
    policy::Policy,
    sources::Diagnosis,
    trust::{Hand, Key, KeyKind, Keys, LiveRoster, Pen, Reviewers, Roster},
};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// Every check, each with the way out. Asks the agent; call it where that may take a while.
pub(super) fn checks(config: &Config, policy: Option<&Policy>) -> Vec<Diagnosis> {
    let roster = LiveRoster::of(config).now();
    let reviewers = match roster.keys() {
        Keys::None => return vec![nobody()],
        Keys::Broken(why) => {
            let next = "put the file right; until then nothing can be approved";
            return vec![bad_with("reviewers' keys", why, next)];
        }
        Keys::There(_) => match roster.keys().reviewers() {
            Some(reviewers) => reviewers,
            None => return vec![nobody()],
        },
    };
    let mut checks = vec![listed(reviewers)];
    checks.extend(local_times(reviewers));
    checks.extend(without_a_key(config, &roster, reviewers));
    let pen = Pen::new(config.trust.clone());
    let socket = config.trust.agent.clone().or_else(|| named("SSH_AUTH_SOCK").map(PathBuf::from));
    checks.extend(socket.as_deref().and_then(|socket| forwarded(socket, named)));
    match pen.whose(&roster) {
        Ok(hand) => {
            checks.push(good("your key", told(&hand)));
            checks.extend(too_weak(&hand, policy));
        }
        Err(why) => checks.push(bad_with(
            "your key",
            &why.to_string(),
            "without it you can look at everything here and decide nothing",
        )),
    }
    checks
}

fn named(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|name| !name.is_empty())
}

fn nobody() -> Diagnosis {
    let problem = "none are set up: decisions are unsigned, whoever can write to the store can make \
                   one, and what policy wants signed cannot be approved";
    warning("reviewers' keys", problem, "[trust] signers names a file of them: docs/signing.md")
}

fn listed(reviewers: &Reviewers) -> Diagnosis {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for line in reviewers.signers.lines() {
        *kinds.entry(line.key.kind().name()).or_default() += 1;
    }
    let kinds: Vec<String> =
        kinds.into_iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    good("reviewers' keys", kinds.join(", "))
}

fn local_times(reviewers: &Reviewers) -> Option<Diagnosis> {
    let lines: Vec<String> =
        reviewers.signers.in_local_time().map(|line| line.to_string()).collect();
    (!lines.is_empty()).then(|| {
        warning(
            "times of keys",
            format!(
                "valid-after or valid-before without Z in line {} of the allowed signers: ssh-keygen \
                 reads them in the zone of whoever looks, and so do other hosts and auditors",
                lines.join(", ")
            ),
            "end them in Z, so that they mean the same moment everywhere",
        )
    })
}

/// Members of groups who cannot sign.
fn without_a_key(
    config: &Config,
    roster: &Roster,
    reviewers: &Reviewers,
) -> impl Iterator<Item = Diagnosis> {
    let has_authority = reviewers.signers.lines().iter().any(|line| line.is_authority);
    let known = roster.everybody();
    let groups = config.groups.iter().filter(|_| !has_authority);
    let found: Vec<Diagnosis> = groups
        .filter_map(|(group, members)| {
            let without: Vec<&str> = members
                .iter()
                .map(String::as_str)
                .filter(|name| !known.contains(&roster.person(name)))
                .collect();
            (!without.is_empty()).then(|| {
                warning(
                    "groups",
                    format!("{group}: no key of {}", without.join(", ")),
                    "use the names of the allowed signers in [groups], or add their keys",
                )
            })
        })
        .collect();
    found.into_iter()
}

fn told(hand: &Hand) -> Untrusted {
    let key = &hand.key;
    let place = if key.public().kind().is_in_hardware() { "a security key" } else { "in software" };
    let kind = match key {
        Key::Plain(key) => key.kind().name(),
        Key::Certified(_) => key.public().kind().certificate_name(),
    };
    format!("{}, {} ({kind}, {place})", hand.reviewer.0.raw(), key.fingerprint()).into()
}

/// Whether policy asks for more than this key can do.
fn too_weak(hand: &Hand, policy: Option<&Policy>) -> Option<Diagnosis> {
    let asked = policy?.signing();
    let is_hardware = hand.key.public().kind().is_in_hardware();
    if asked >= Signing::Touch && !is_hardware {
        return Some(warning(
            "touch",
            "policy asks for keys that are touched, for some actions, and yours is in software",
            "make one with `ssh-keygen -t ed25519-sk`, and have it added to the allowed signers",
        ));
    }
    let rsa = hand.key.public().kind() == KeyKind::Rsa;
    (!is_hardware).then(|| {
        let next = "a security key (`ssh-keygen -t ed25519-sk`) signs only when it is touched";
        let what = if rsa { "RSA, and in software" } else { "in software" };
        let problem = format!("your key is {what}: whatever can use your agent can sign as you");
        warning("touch", problem, next)
    })
}

/// Whether the agent is one that somebody brought along from their own machine: whoever is root
/// here can use it while they are logged in.
fn forwarded(socket: &Path, variable: impl Fn(&str) -> Option<OsString>) -> Option<Diagnosis> {
    variable("SSH_CONNECTION")?;
    let name = socket.file_name()?.to_str()?;
    // sshd calls it agent.PID, with the number of its own process; since OpenSSH 10, s.….sshd.….
    let by_sshd = name.contains(".sshd.")
        || name.strip_prefix("agent.").is_some_and(|pid| {
            pid.bytes().all(|byte| byte.is_ascii_digit())
                && fs::read_to_string(format!("/proc/{pid}/comm"))
                    .is_ok_and(|name| name.starts_with("sshd"))
        });
    by_sshd.then(|| {
        warning(
            "agent",
            "it is forwarded from your own machine: whoever is root here can sign as you while you \
             are logged in",
            "use a key that has to be touched, or sign on your own machine (`countersign request \
             export`)",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::forwarded;
    use std::{ffi::OsString, path::Path};

    #[test]
    fn an_agent_that_sshd_brought_is_told() {
        let over_ssh = |name: &str| {
            (name == "SSH_CONNECTION").then(|| OsString::from("10.0.0.1 1 10.0.0.2 22"))
        };
        let brought = Path::new("/home/ines/.ssh/agent/s.Zk3.sshd.Qm1");
        assert!(forwarded(brought, over_ssh).is_some());
        assert!(forwarded(brought, |_| None).is_none(), "not over SSH");
        assert!(forwarded(Path::new("/run/user/1000/agent"), over_ssh).is_none());
    }
}
