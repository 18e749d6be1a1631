//! Signatures: how many a core can check in a second, by kind of key, and whole decisions.
//!
//! ```text
//!   armour ──trust::verify──▶ one of each kind
//!   Decision ──trust::vouch──▶ statement, signature, revocation, roster, times
//! ```

use super::soft::{Certified, NAMES, SoftKey};
use super::table::Table;
use countersign::{
    domain::{ActionId, DECISION, Decision, Digest, Reviewer, Signed, Signing, Verdict},
    trust::{Demand, Reviewers, Signers, armour, signed_data, state, verify, vouch},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::{
    fmt::Write as _,
    hint::black_box,
    time::{Duration, Instant},
};

/// A ledger of a million signed decisions is checked within about a minute.
const TARGET: u32 = 15_000;

/// All of it.
pub fn measure(table: &mut Table) {
    let text = "x".repeat(700);
    let data = signed_data(DECISION, text.as_bytes());
    for name in NAMES {
        let key = SoftKey::new(name);
        let made = armour(&key.blob(), DECISION, &key.sign(&data, 1));
        let rate = a_second(|| verify(&made, DECISION, text.as_bytes()).is_ok());
        told(table, &format!("check a signature of {name}"), rate, name == "ssh-ed25519");
    }
    let (key, authority) = (SoftKey::new("ssh-ed25519"), SoftKey::new("ssh-ed25519"));
    let certificate = key.certificate(&authority, &Certified::default());
    let made = armour(&certificate, DECISION, &key.sign(&data, 1));
    let rate = a_second(|| verify(&made, DECISION, text.as_bytes()).is_ok());
    told(table, "check a signature of an ed25519 certificate", rate, false);
    decisions(table);
}

/// Whole decisions, by one of a hundred people.
fn decisions(table: &mut Table) {
    let key = SoftKey::new("ssh-ed25519");
    let mut file = format!("mira {}\n", key.line());
    for number in 0..99 {
        writeln!(file, "person{number} {}", SoftKey::new("ssh-ed25519").line()).unwrap();
    }
    let signers = Signers::parse(file.as_bytes(), &TimeZone::UTC).unwrap();
    let reviewers = Reviewers { signers, ..Reviewers::default() };
    let now = Timestamp::now();
    let mut decision = Decision {
        action: ActionId::derive(&["gate", "1"]),
        digest: Digest::of_bytes(b"shown"),
        verdict: Verdict::Approve,
        reviewer: Reviewer("mira".into()),
        reason: "the table is empty, and its owner knows".into(),
        at: now,
        signed: None,
    };
    let roster = Digest::of_bytes(b"roster");
    let expires = now + Duration::from_mins(30);
    let statement = state(&decision, None, roster, expires).unwrap().canonical().unwrap();
    let raw = key.sign(&signed_data(DECISION, statement.as_bytes()), 0);
    let signature = armour(&key.blob(), DECISION, &raw);
    decision.signed = Some(Signed { statement, signature });
    let action = decision.action.clone();
    let on = Demand {
        action: &action,
        digest: decision.digest,
        policy: None,
        roster,
        signing: Signing::Signed,
        since: None,
        longest: SignedDuration::from_hours(1),
        now,
    };
    let rate = a_second(|| vouch(&decision, &on, Some(&reviewers)).is_ok());
    told(table, "vouch for a decision signed with ed25519, every layer", rate, true);
}

fn told(table: &mut Table, what: &str, rate: u32, has_target: bool) {
    let measured = format!("{rate} /s");
    if has_target {
        table.line(what, &measured, &format!("≥ {TARGET} /s and core"), rate >= TARGET);
    } else {
        table.told(what, &measured);
    }
}

/// How often a core can do it in a second, by the median of single times: while it is done once, the
/// machine seldom does something else.
fn a_second(work: impl Fn() -> bool) -> u32 {
    let once = |_| {
        let began = Instant::now();
        assert!(black_box(work()), "it holds");
        began.elapsed()
    };
    let mut times: Vec<Duration> = (0..4000).map(once).collect();
    times.sort_unstable();
    let median = u64::try_from(times[times.len() / 2].as_nanos()).unwrap();
    u32::try_from(1_000_000_000 / median.max(1)).unwrap()
}
