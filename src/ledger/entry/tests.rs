use super::{Body, Entry, EntryError, EntryKind, RosterInForce, Upkeep};
use crate::domain::{
    Action, Decision, Digest, Lock, Locked, Order, OrderId, OrderKind, Outcome, PolicyId, Receipt,
    Reviewer, SourceKind, SourceName, Turn, Verdict,
};
use jiff::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn action() -> Action {
    serde_json::from_value(serde_json::json!({
        "id": "a-0123456789", "source": "github/acme", "part": "pulls",
        "subject": {"kind": "pull-request", "repo": "acme/shop", "number": 7,
            "head_sha": "c0ffee", "head_ref": "fix", "base_ref": "main"},
        "tool": {"tool": "claude-code", "name": "Claude Code", "confidence": "declared", "evidence": []},
        "requester": "bot", "title": "drop \u{202e}table", "description": "",
        "target": {"name": "acme/shop main", "environment": "production"},
        "opened": "2026-11-20T17:00:00Z", "url": "https://example.com/7",
        "change": {"additions": 1, "deletions": 0, "files": [], "files_complete": true,
            "diff": {"diff": "text", "text": "+x\n"}},
        "checks": [], "reviews": [],
    }))
    .unwrap()
}

fn decision() -> Decision {
    Decision {
        action: "a-0123456789".parse().unwrap(),
        digest: action().digest().unwrap(),
        verdict: Verdict::Approve,
        reviewer: Reviewer("mira".into()),
        reason: "looks \"right\"\n".into(),
        at: at(1_800_000_000),
        signed: None,
    }
}

fn order() -> Order {
    Order {
        id: OrderId::derive(&["one"]),
        source: SourceName::new(SourceKind::Gate, "host"),
        kind: OrderKind::AnswerCommand {
            nonce: "ff".into(),
            verdict: Verdict::Approve,
            reason: "".into(),
        },
        action: Some("a-0123456789".parse().unwrap()),
        credential: None,
        by: "mira".into(),
        reason: "".into(),
        at: at(1_800_000_001),
    }
}

fn every_kind() -> Vec<Entry> {
    let policy = PolicyId { version: 3, digest: Digest::of_bytes(b"p") };
    let told_as = |verdict| Entry::decision(&Decision { verdict, ..decision() });
    let lock = Lock {
        what: Locked::Host("host".into()),
        turn: Turn::Lock,
        reason: "fire".into(),
        reviewer: Reviewer("mira".into()),
        at: at(9),
        signed: None,
    };
    let receipt = Receipt {
        order: OrderId::derive(&["one"]),
        outcome: Outcome::Done,
        answer: "200".into(),
        at: at(5),
    };
    let mut revocation = order();
    revocation.action = None;
    revocation.credential = Some("c-0123456789".parse().unwrap());
    let roster = r#"{"groups":{"senior":["mira"]},"revoked":null,"signers":null}"#.to_owned();
    let roster = RosterInForce::of(roster, None, None);
    assert_eq!(roster.whole().unwrap().0.groups["senior"], ["mira"]);
    let id = "a-0123456789".parse().unwrap();
    vec![
        Entry::request(&action(), at(1)).unwrap(),
        Entry::decision(&decision()),
        Entry::order(&order()),
        Entry::order(&revocation),
        Entry::taken(&order(), &id, at(2)),
        Entry::receipt(&receipt, "a-0123456789"),
        Entry::policy(policy, Some("permit(principal, action, resource);".into()), at(3)),
        Entry::roster(roster, at(4)),
        told_as(Verdict::BreakGlass),
        told_as(Verdict::Withdraw),
        Entry::lock(&lock),
        Entry::autonomous(&SourceName::new(SourceKind::Gate, "host"), Vec::new(), at(10)),
        Entry::ended(&id, "the head changed".into(), at(11)),
        Entry::upkeep(Upkeep::Pruned { before: at(1), entries: vec![(0, 3), (5, 5)] }, at(12)),
    ]
}

#[test]
fn every_kind_is_one_canonical_line_and_reads_back() {
    let all = every_kind();
    let kinds: Vec<EntryKind> = all.iter().map(Entry::kind).collect();
    assert_eq!(kinds, EntryKind::ALL);
    for entry in all {
        let bytes = entry.bytes().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json_canonicalizer::to_vec(&value).unwrap(), bytes, "{}", entry.kind());
        assert!(!bytes.contains(&b'\n'));
        assert_eq!(Entry::read(&bytes).unwrap(), entry);
    }
}

#[test]
fn a_request_holds_the_very_bytes_its_digest_names() {
    let entry = Entry::request(&action(), at(1)).unwrap();
    let Body::Request(request) = &entry.body else { panic!("{entry:?}") };
    assert_eq!(request.digest, action().digest().unwrap());
    let line = String::from_utf8(entry.bytes().unwrap()).unwrap();
    let inner =
        line.split_once(r#""action":"#).unwrap().1.split_once(r#","diff":{"diff""#).unwrap();
    assert_eq!(Digest::of_bytes(inner.0.as_bytes()), request.digest);
    let shown = request.shown().unwrap();
    assert_eq!(shown.diff, Digest::of_canonical(&request.diff).unwrap());
}

#[test]
fn a_fault_names_the_field() {
    let line = String::from_utf8(Entry::decision(&decision()).bytes().unwrap()).unwrap();
    for (from, to, field) in [
        ("\"approve\"", "\"perhaps\"", "body.verdict"),
        ("\"sha256:", "\"sha255:", "body.digest"),
        ("\"kind\":\"decision\"", "\"kind\":\"decisive\"", "kind"),
        ("entry@v1", "entry@v2", "entry"),
        ("\"at\":\"2", "\"at\":\"x", "at"),
        (",\"entry\":\"countersign-entry@v1\"", "", "entry"),
        ("\"kind\":\"decision\"", "\"kind\":\"decision\",\"more\":1", "more"),
    ] {
        let altered = line.replacen(from, to, 1);
        assert_ne!(altered, line);
        match Entry::read(altered.as_bytes()) {
            Err(EntryError::Field { field: named, .. }) => assert_eq!(named, field, "{altered}"),
            other => panic!("{other:?}"),
        }
    }
    let spaced = line.replacen(':', ": ", 1);
    assert!(matches!(Entry::read(spaced.as_bytes()), Err(EntryError::NotCanonical(_))));
}
