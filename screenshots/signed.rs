//! The reviewers of Tidewater Parcel with keys. They are made of fixed bytes, so that a picture does
//! not change, and sign nothing but what is in the pictures.

use super::ago;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign::{
    domain::{Action, DECISION, Decision, Made, Reviewer, Signed, Statement, Verdict},
    trust::{Keys, Reviewers, Revoked, Roster, Signers, armour, signed_data},
};
use jiff::{SignedDuration, tz::TimeZone};

const KIND: &str = "ssh-ed25519";
const PEOPLE: [&str; 3] = ["ines", "mira", "rowan"];

fn key(who: &str) -> Ed25519KeyPair {
    let mut seed = [7_u8; 32];
    seed.iter_mut().zip(who.bytes()).for_each(|(to, from)| *to = from);
    Ed25519KeyPair::from_seed_unchecked(&seed).expect("a key")
}

/// A string as SSH writes it (RFC 4251, section 5).
fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a short one");
    [&length.to_be_bytes(), bytes].concat()
}

fn blob(who: &str) -> Vec<u8> {
    [string(KIND.as_bytes()), string(key(who).public_key().as_ref())].concat()
}

/// Three reviewers with keys, two of them seniors.
pub fn roster() -> Roster {
    let line = |who: &&str| format!("{who} {KIND} {}\n", STANDARD.encode(blob(who)));
    let text: String = PEOPLE.iter().map(line).collect();
    let signers = Signers::parse(text.as_bytes(), &TimeZone::UTC).expect("signers");
    let keys = Keys::from(Reviewers { signers, revoked: Revoked::default() });
    let seniors = ["ines".to_owned(), "rowan".to_owned()];
    Roster::new([("senior".to_owned(), seniors)]).with_keys(keys)
}

/// Somebody's signed approval of an action as it is.
pub fn approval(action: &Action, who: &str, minutes: i64) -> Decision {
    let at = ago(minutes);
    let statement = Statement {
        format: DECISION.to_owned(),
        action: action.id.clone(),
        digest: action.digest().expect("a digest"),
        verdict: Verdict::Approve,
        reason: "".into(),
        reviewer: Reviewer(who.into()),
        at,
        nonce: "5a".repeat(16),
        policy: action.ruling.as_ref().map(|ruling| ruling.policy),
        roster: roster().digest(),
        expires: at + SignedDuration::from_mins(30),
        made: Made::Desk,
    };
    let text = statement.canonical().expect("a text");
    let raw = key(who).sign(&signed_data(DECISION, text.as_bytes()));
    let raw = [string(KIND.as_bytes()), string(raw.as_ref())].concat();
    let signature = armour(&blob(who), DECISION, &raw);
    let Statement { action, digest, verdict, reviewer, reason, .. } = statement;
    let signed = Some(Signed { statement: text, signature });
    Decision { action, digest, verdict, reviewer, reason, at, signed }
}
