//! One decision that counts, and everything that can be wrong with it.

use super::{Demand, Doubt, Lack, SKEW, Vouched, vouch};
use crate::{
    domain::{
        ActionId, DECISION, Decision, Digest, Made, PolicyId, Reviewer, Signed, Signing, Statement,
        Verdict,
    },
    trust::{
        NotAllowed, Reviewers, Revocation, Revoked, Signers, armour, signed_data,
        soft::{Certified, SoftKey},
        state,
    },
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// The moment in which everything here happens.
const NOON: i64 = 1_790_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOON + seconds).unwrap()
}

fn digest(text: &str) -> Digest {
    Digest::of_bytes(text.as_bytes())
}

/// A decision of mira's, and the world it is given in.
struct Case {
    key: SoftKey,
    /// What the armour names: the key, or a certificate.
    blob: Vec<u8>,
    flags: u8,
    decision: Decision,
    action: ActionId,
    signers: String,
    revoked: String,
    signing: Signing,
    since: Option<Timestamp>,
    now: Timestamp,
}

const POLICY: fn() -> PolicyId = || PolicyId { version: 3, digest: digest("policy") };

impl Case {
    fn with(name: &'static str) -> Self {
        let key = SoftKey::new(name);
        let action: ActionId = ActionId::derive(&["gate", "1"]);
        Self {
            blob: key.blob(),
            flags: 1,
            decision: Decision {
                action: action.clone(),
                digest: digest("shown"),
                verdict: Verdict::Approve,
                reviewer: Reviewer("mira".into()),
                reason: "looks right".into(),
                at: at(0),
                signed: None,
            },
            action,
            signers: format!("mira {}\n", key.line()),
            revoked: String::new(),
            signing: Signing::Signed,
            since: None,
            now: at(60),
            key,
        }
    }

    fn new() -> Self {
        Self::with("ssh-ed25519")
    }

    fn statement(&self) -> Statement {
        state(&self.decision, Some(POLICY()), digest("roster"), at(1800)).unwrap()
    }

    fn signed(&self, text: String, namespace: &str) -> Signed {
        let raw = self.key.sign(&signed_data(namespace, text.as_bytes()), self.flags);
        Signed { signature: armour(&self.blob, namespace, &raw), statement: text }
    }

    fn judged(&self, signed: Option<Signed>) -> Result<Vouched, Doubt> {
        let decision = Decision { signed, ..self.decision.clone() };
        self.judge(&decision)
    }

    fn judge(&self, decision: &Decision) -> Result<Vouched, Doubt> {
        let on = Demand {
            action: &self.action,
            digest: digest("shown"),
            policy: Some(POLICY()),
            roster: digest("roster"),
            signing: self.signing,
            since: self.since,
            longest: SignedDuration::from_hours(1),
            now: self.now,
        };
        let reviewers = Reviewers {
            signers: Signers::parse(self.signers.as_bytes(), &TimeZone::UTC).unwrap(),
            revoked: Revoked::parse(self.revoked.as_bytes()).unwrap(),
        };
        vouch(decision, &on, Some(&reviewers))
    }

    /// Signed as it should be, with the statement changed before.
    fn saying(&self, change: impl FnOnce(&mut Statement)) -> Result<Vouched, Doubt> {
        let mut statement = self.statement();
        change(&mut statement);
        self.judged(Some(self.signed(statement.canonical().unwrap(), DECISION)))
    }

    fn plainly(&self) -> Result<Vouched, Doubt> {
        self.saying(|_| {})
    }
}

#[test]
fn a_decision_that_is_what_it_says_counts() {
    let case = Case::new();
    let vouched = case.plainly().unwrap();
    assert_eq!((vouched.reviewer.as_str(), vouched.person.as_str()), ("mira", "mira"));
    assert_eq!((vouched.touch, vouched.verified), (false, false));
    assert_eq!(vouched.key, Some(crate::trust::Fingerprint::of_blob(&case.blob)));
    assert_eq!(vouched.expires, Some(at(1800)));
}

#[test]
fn where_somebody_has_a_key_nothing_unsigned_counts() {
    let mut case = Case::new();
    case.signing = Signing::Unsigned;
    assert_eq!(case.judged(None), Err(Doubt::Unsigned));
}

#[test]
fn a_row_that_says_other_than_was_signed_is_found_field_by_field() {
    let case = Case::new();
    let signed = case.signed(case.statement().canonical().unwrap(), DECISION);
    let whole = Decision { signed: Some(signed), ..case.decision.clone() };
    let changed = |change: &dyn Fn(&mut Decision)| {
        let mut decision = whole.clone();
        change(&mut decision);
        case.judge(&decision).unwrap_err()
    };
    assert_eq!(changed(&|row| row.verdict = Verdict::Reject), Doubt::Differs("approve or reject"));
    assert_eq!(changed(&|row| row.reason = "".into()), Doubt::Differs("the reason"));
    assert_eq!(changed(&|row| row.digest = digest("x")), Doubt::Differs("what was shown"));
    assert_eq!(changed(&|row| row.at = at(1)), Doubt::Differs("the time"));
    let tom = changed(&|row| row.reviewer = Reviewer("tom".into()));
    assert_eq!(tom, Doubt::Differs("the reviewer"));
    let other = changed(&|row| row.action = ActionId::derive(&["gate", "2"]));
    assert_eq!(other, Doubt::Differs("the action"));
}

#[test]
fn a_signature_holds_for_one_action_one_policy_and_one_roster() {
    let mut case = Case::new();
    case.decision.action = ActionId::derive(&["gate", "2"]);
    assert_eq!(case.plainly(), Err(Doubt::OtherAction));
    let mut case = Case::new();
    case.decision.digest = digest("something else");
    assert_eq!(case.plainly(), Err(Doubt::OtherContent));
    let case = Case::new();
    let older = PolicyId { version: 2, ..POLICY() };
    assert_eq!(case.saying(|said| said.policy = Some(older)), Err(Doubt::OtherPolicy));
    assert_eq!(case.saying(|said| said.policy = None), Err(Doubt::OtherPolicy));
    assert_eq!(case.saying(|said| said.roster = digest("old")), Err(Doubt::OtherRoster));
}

#[test]
fn what_is_signed_has_one_form_and_one_purpose() {
    let case = Case::new();
    let text = case.statement().canonical().unwrap();
    let judged = |text: String| case.judged(Some(case.signed(text, DECISION))).unwrap_err();
    let told = |doubt: Doubt| doubt.to_string();
    assert!(told(judged(text.replacen(':', ": ", 1))).contains("canonical"));
    assert!(told(judged(text.replacen('{', "{\"more\":1,", 1))).contains("not a decision"));
    assert!(told(judged(format!("{text}\n"))).contains("canonical"));
    assert!(told(judged(text.replace(DECISION, "countersign-decision@v2"))).contains("format"));
    assert!(told(judged("x".repeat(70_000))).contains("longer"));
    assert!(told(case.saying(|said| said.nonce = "A".repeat(32)).unwrap_err()).contains("nonce"));
    let elsewhere = case.judged(Some(case.signed(text, "file"))).unwrap_err();
    assert!(told(elsewhere).contains("was made for"));
}

#[test]
fn somebody_elses_signature_is_none() {
    let mut case = Case::new();
    case.decision.reviewer = Reviewer("tom".into());
    assert!(matches!(case.plainly(), Err(Doubt::NotAllowed(NotAllowed::OtherPerson { .. }))));
    let mut case = Case::new();
    case.signers = format!("mira {}\n", SoftKey::new("ssh-ed25519").line());
    assert_eq!(case.plainly(), Err(Doubt::NotAllowed(NotAllowed::UnknownKey)));
    let case = Case::new();
    let one = case.signed(case.statement().canonical().unwrap(), DECISION);
    let other = case.signed(case.statement().canonical().unwrap(), DECISION);
    let swapped = Signed { signature: other.signature, ..one };
    assert!(matches!(case.judged(Some(swapped)), Err(Doubt::Signature(_))));
}

#[test]
fn a_key_has_to_be_theirs_when_they_signed_and_not_be_revoked_since() {
    let key = |options: &str| {
        let mut case = Case::new();
        case.signers = format!("mira {options} {}\n", case.key.line());
        case.plainly()
    };
    // Noon is 2026-09-21 14:13:20 UTC.
    assert!(key("valid-after=\"20260921141320Z\"").is_ok());
    assert!(key("valid-before=\"20260921141320Z\"").is_ok());
    let late = key("valid-after=\"20260921141321Z\"");
    assert!(matches!(late, Err(Doubt::NotAllowed(NotAllowed::NotYet { line: 1, .. }))));
    let over = key("valid-before=\"20260921141319Z\"");
    assert!(matches!(over, Err(Doubt::NotAllowed(NotAllowed::Over { line: 1, .. }))));
    let file = key("namespaces=\"file,git\"");
    assert!(matches!(file, Err(Doubt::NotAllowed(NotAllowed::Namespace { .. }))));
    assert!(key("namespaces=\"file,countersign-*\"").is_ok());
    let mut case = Case::new();
    case.revoked = case.key.line();
    assert_eq!(case.plainly(), Err(Doubt::Revoked(Revocation::Key)));
}

#[test]
fn the_signers_own_times_are_bounded_by_ours() {
    let mut case = Case::new();
    case.now = at(1801);
    assert_eq!(case.plainly(), Err(Doubt::Expired(at(1800))));
    case.now = at(0).checked_sub(SKEW).unwrap();
    assert!(case.plainly().is_ok());
    case.now = at(-301);
    assert_eq!(case.plainly(), Err(Doubt::Future { at: at(0) }));
    case.now = at(60);
    let forever = case.saying(|said| said.expires = at(3601));
    assert_eq!(forever, Err(Doubt::TooLong { expires: at(3601) }));
    case.since = Some(at(300));
    assert!(case.plainly().is_ok());
    case.since = Some(at(301));
    assert_eq!(case.plainly(), Err(Doubt::Early { at: at(0), since: at(301) }));
}

#[test]
fn each_demand_takes_what_is_as_strong_or_stronger() {
    let judged = |name, flags, signing| {
        let mut case = Case::with(name);
        (case.flags, case.signing) = (flags, signing);
        match case.plainly() {
            Ok(_) => None,
            Err(Doubt::Lack(lack)) => Some(lack),
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(judged("ssh-ed25519", 0, Signing::Signed), None);
    assert_eq!(judged("ssh-ed25519", 0, Signing::Touch), Some(Lack::Software));
    for name in ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"] {
        assert_eq!(judged(name, 0, Signing::Signed), None);
        assert_eq!(judged(name, 0, Signing::Touch), Some(Lack::Touch));
        assert_eq!(judged(name, 1, Signing::Touch), None);
        assert_eq!(judged(name, 4, Signing::Touch), Some(Lack::Touch));
        assert_eq!(judged(name, 1, Signing::Verified), Some(Lack::Verified));
        assert_eq!(judged(name, 4, Signing::Verified), Some(Lack::Touch));
        assert_eq!(judged(name, 5, Signing::Verified), None);
    }
}

#[test]
fn out_of_band_needs_a_key_of_which_somebody_says_so() {
    let mut case = Case::with("sk-ssh-ed25519@openssh.com");
    (case.flags, case.signing) = (5, Signing::OutOfBand);
    assert_eq!(case.plainly(), Err(Doubt::NotOutOfBand { line: 1 }));
    let marked = |list: &str| format!("mira namespaces=\"{list}\" {}\n", case.key.line());
    let (all, both) = (marked("*"), marked("countersign-decision@v1,countersign-out-of-band@v1"));
    case.signers = all;
    assert_eq!(case.plainly(), Err(Doubt::NotOutOfBand { line: 1 }));
    case.signers = both;
    assert_eq!(case.plainly(), Err(Doubt::MadeHere));
    assert!(case.saying(|statement| statement.made = Made::OwnMachine).is_ok());
}

#[test]
fn a_certificate_counts_by_its_authority_its_people_and_its_time() {
    let authority = SoftKey::new("ecdsa-sha2-nistp256");
    let judged = |options: &str, says: Certified<'_>| {
        let mut case = Case::new();
        case.signers = format!("* {options} {}\n", authority.line());
        case.blob = case.key.certificate(&authority, &says);
        case.plainly()
    };
    let noon = u64::try_from(NOON).unwrap();
    let ca = "cert-authority";
    assert!(judged(ca, Certified::default()).is_ok());
    assert!(judged(ca, Certified { after: noon, before: noon + 1, ..Default::default() }).is_ok());
    for (after, before) in [(noon + 1, noon + 9), (0, noon)] {
        let doubt = judged(ca, Certified { after, before, ..Default::default() }).unwrap_err();
        assert!(matches!(doubt, Doubt::NotAllowed(NotAllowed::Certificate { .. })), "{doubt}");
    }
    let tom = judged(ca, Certified { principals: &["tom"], ..Default::default() });
    assert!(matches!(tom, Err(Doubt::NotAllowed(NotAllowed::OtherCertified { .. }))));
    let verified = Certified { critical: &[("verify-required", b"")], ..Default::default() };
    assert_eq!(judged(ca, verified), Err(Doubt::Lack(Lack::Software)));

    let mut stranger = Case::new();
    stranger.blob = stranger.key.certificate(&authority, &Certified::default());
    assert_eq!(stranger.plainly(), Err(Doubt::NotAllowed(NotAllowed::UnknownAuthority)));
    // The authority's own key signs certificates and nothing else.
    let mut itself = Case::new();
    itself.signers = format!("mira cert-authority {}\n", itself.key.line());
    assert_eq!(itself.plainly(), Err(Doubt::NotAllowed(NotAllowed::UnknownKey)));
}

#[test]
fn names_that_share_a_line_or_a_key_are_one_person() {
    let mut case = Case::new();
    let other = SoftKey::new("ssh-ed25519").line();
    case.signers = format!(
        "m.stone,mira {}\nmira,stone {other}\ntom {}\n",
        case.key.line(),
        SoftKey::new("ssh-ed25519").line()
    );
    assert_eq!(case.plainly().unwrap().person, "m.stone");
    let signers = Signers::parse(case.signers.as_bytes(), &TimeZone::UTC).unwrap();
    assert_eq!((signers.person("stone"), signers.person("tom")), ("m.stone", "tom"));
    let shared = format!("tom {other}\nmira {other}\n");
    let signers = Signers::parse(shared.as_bytes(), &TimeZone::UTC).unwrap();
    assert_eq!(signers.person("mira"), "tom");
}

#[test]
fn without_any_key_only_what_needs_no_signature_counts() {
    let case = Case::new();
    let on = |signing| Demand {
        action: &case.action,
        digest: digest("shown"),
        policy: Some(POLICY()),
        roster: digest("roster"),
        signing,
        since: None,
        longest: SignedDuration::from_hours(1),
        now: at(60),
    };
    let vouched = vouch(&case.decision, &on(Signing::Unsigned), None).unwrap();
    assert_eq!((vouched.reviewer.as_str(), vouched.key), ("mira", None));
    assert_eq!(vouch(&case.decision, &on(Signing::Signed), None), Err(Doubt::NoSigners));
}
