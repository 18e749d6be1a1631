//! A small ledger as a team would have it: three reviewers with keys, a policy, actions that were
//! asked for, agreed to and carried out. Stories alter it, and look who notices.

#![allow(dead_code, reason = "stories and the bench include it, and neither uses all of it")]

use super::soft::SoftKey;
use countersign::{
    domain::{
        Action, ActionId, Confirm, DECISION, Decision, Digest, Leave, Order, OrderId, OrderKind,
        Outcome, PolicyId, Receipt, Requirement, Reviewer, Ruling, Signed, Signing, Statement,
        Verdict,
    },
    ledger::{
        self, Checkpoint, Edge, Entry, Hash, Head, Nodes as _, RosterInForce, ShelfError,
        SigningKey, Signs, leaf_hash, pieces,
        verify::{Options, Report, Start, verify},
    },
    trust::{armour, signed_data},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

pub const NAME: &str = "countersign.example.com/prod";

pub struct World {
    pub folder: tempfile::TempDir,
    pub key: SigningKey,
    pub entries: Vec<Vec<u8>>,
    pub notes: Vec<String>,
    pub keys: BTreeMap<&'static str, SoftKey>,
    pub roster: Digest,
    pub policy: PolicyId,
    /// What whoever decides says.
    pub reason: &'static str,
    groups: BTreeMap<String, Vec<String>>,
    clock: Timestamp,
    step: SignedDuration,
    drawn: u64,
}

/// An action that was asked for.
#[derive(Clone)]
pub struct Asked {
    pub id: ActionId,
    pub digest: Digest,
    pub action: Action,
}

pub fn ledger_key(folder: &std::path::Path) -> SigningKey {
    SigningKey::create(&folder.join("ledger.key"), NAME, Signs::Heads).unwrap()
}

impl World {
    /// Three reviewers, a policy, and nothing asked for yet.
    pub fn new() -> Self {
        Self::starting("2026-11-20T09:00:00Z".parse().unwrap(), SignedDuration::from_secs(60))
    }

    /// The same from a time on, with so much time between two things that happen.
    pub fn starting(clock: Timestamp, step: SignedDuration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = ledger_key(folder.path());
        let keys = BTreeMap::from([
            ("ines", SoftKey::new("ssh-ed25519")),
            ("mira", SoftKey::new("ssh-ed25519")),
            ("rowan", SoftKey::new("sk-ssh-ed25519@openssh.com")),
        ]);
        let mut world = Self {
            folder,
            key,
            entries: Vec::new(),
            notes: Vec::new(),
            keys,
            roster: Digest::of_bytes(b""),
            policy: PolicyId { version: 7, digest: Digest::of_bytes(POLICY.as_bytes()) },
            reason: "looked at",
            groups: BTreeMap::from([("senior".to_owned(), vec!["ines".into(), "rowan".into()])]),
            clock,
            step,
            drawn: 0,
        };
        world.keep_policy(7);
        let signers = world.signers();
        world.keep_roster(&signers);
        world
    }

    /// A little later.
    pub fn now(&mut self) -> Timestamp {
        self.clock = self.clock.checked_add(self.step).unwrap();
        self.clock
    }

    pub fn push(&mut self, entry: &Entry) {
        self.entries.push(entry.bytes().unwrap());
    }

    pub fn signers(&self) -> String {
        self.keys.iter().fold(String::new(), |text, (name, key)| {
            format!("{text}{name} namespaces=\"{DECISION}\" {}\n", key.line())
        })
    }

    pub fn keep_roster(&mut self, signers: &str) {
        let at = self.now();
        let written = serde_json::json!({
            "format": "countersign-roster@v1", "groups": self.groups, "people": {},
            "revoked": null, "signers": Digest::of_bytes(signers.as_bytes()),
        });
        let written = serde_json_canonicalizer::to_string(&written).unwrap();
        let entry = RosterInForce::of(written, Some(signers), None);
        self.roster = entry.digest;
        self.push(&Entry::roster(entry, at));
    }

    pub fn keep_policy(&mut self, version: u64) {
        let at = self.now();
        self.policy.version = version;
        self.push(&Entry::policy(self.policy, Some(POLICY.into()), at));
    }

    /// Somebody's agent asks; two have to agree, one of them a senior.
    pub fn ask(&mut self, number: u64) -> Asked {
        self.ask_for(number, "agent", Signing::Signed)
    }

    pub fn ask_for(&mut self, number: u64, requester: &str, signing: Signing) -> Asked {
        let at = self.now();
        let asked = self.wish(number, requester, signing, at);
        self.push(&Entry::request(&asked.action, at).unwrap());
        asked
    }

    /// What an agent would ask for, before it is written down.
    pub fn wish(&self, number: u64, requester: &str, signing: Signing, at: Timestamp) -> Asked {
        let requirement = Requirement {
            approvals: 2,
            from: vec!["senior".to_owned()],
            expires: 3600,
            run_within: 1800,
            confirm: Confirm::TypeTarget,
            signing,
            break_glass: countersign::domain::BreakGlass::Touch,
        };
        let ruling = Ruling {
            policy: self.policy,
            tier: "destructive".to_owned(),
            leave: Leave::Held(requirement),
            rules: vec!["destructive".to_owned()],
        };
        let mut action: Action = serde_json::from_value(serde_json::json!({
            "id": "a-0000000000", "source": "gate/host-1", "part": "gate",
            "subject": {"kind": "call", "via": "claude-code", "tool": "Bash",
                "input": format!(r#"{{"command":"dropdb payments-{number}"}}"#),
                "cwd": "/srv/app", "session": "s-1", "host": "host-1",
                "nonce": format!("{number:032x}")},
            "tool": {"tool": "claude-code", "name": "Claude Code", "confidence": "declared",
                "evidence": []},
            "requester": requester, "title": format!("dropdb payments-{number}: {}", self.reason),
            "description": "", "opened": at, "url": "",
            "target": {"name": format!("payments-{number}"), "environment": "production"},
            "change": {"additions": 1, "deletions": 1, "files": [], "files_complete": true,
                "diff": {"diff": "text", "text": format!("-payments-{number}\n+nothing\n")}},
            "checks": [], "reviews": [], "ruling": ruling,
        }))
        .unwrap();
        action.id = action.subject.id(&action.source);
        Asked { id: action.id.clone(), digest: action.digest().unwrap(), action }
    }

    /// A decision by whoever, signed with their key; a security key is touched.
    pub fn decision(&mut self, asked: &Asked, who: &str, verdict: Verdict) -> Decision {
        self.decision_with(asked, who, who, verdict, 1)
    }

    /// A decision in one name, signed with the key of another.
    pub fn decision_with(
        &mut self,
        asked: &Asked,
        who: &str,
        whose: &str,
        verdict: Verdict,
        flags: u8,
    ) -> Decision {
        let at = self.now();
        self.drawn += 1;
        let statement = Statement {
            format: DECISION.to_owned(),
            action: asked.id.clone(),
            digest: asked.digest,
            verdict,
            reason: self.reason.into(),
            reviewer: Reviewer(who.into()),
            at,
            nonce: format!("{:032x}", self.drawn),
            policy: Some(self.policy),
            roster: self.roster,
            expires: at.checked_add(SignedDuration::from_secs(1800)).unwrap(),
            made: countersign::domain::Made::Desk,
        };
        let text = statement.canonical().unwrap();
        let key = &self.keys[whose];
        let raw = key.sign(&signed_data(DECISION, text.as_bytes()), flags);
        let signature = armour(&key.blob(), DECISION, &raw);
        Decision {
            action: asked.id.clone(),
            digest: asked.digest,
            verdict,
            reviewer: statement.reviewer,
            reason: statement.reason,
            at,
            signed: Some(Signed { statement: text, signature }),
        }
    }

    pub fn decide(&mut self, asked: &Asked, who: &str, verdict: Verdict) -> Decision {
        let decision = self.decision(asked, who, verdict);
        self.push(&Entry::decision(&decision));
        decision
    }

    pub fn approve(&mut self, asked: &Asked, who: &[&str]) {
        for one in who {
            self.decide(asked, one, Verdict::Approve);
        }
    }

    pub fn order(&mut self, asked: &Asked, verdict: Verdict) -> Order {
        let order = self.draw_up(asked, verdict);
        self.push(&Entry::order(&order));
        order
    }

    /// An order, before it is written down.
    pub fn draw_up(&mut self, asked: &Asked, verdict: Verdict) -> Order {
        let at = self.now();
        self.drawn += 1;
        Order {
            id: OrderId::derive(&[&self.drawn.to_string()]),
            source: asked.action.source.clone(),
            kind: OrderKind::AnswerCommand {
                nonce: "00".to_owned(),
                verdict,
                reason: "looked at".into(),
            },
            action: Some(asked.id.clone()),
            credential: None,
            by: "mira".into(),
            reason: "looked at".into(),
            at,
        }
    }

    pub fn carry_out(&mut self, asked: &Asked, order: &Order) {
        let at = self.now();
        self.push(&Entry::taken(order, &asked.id, at));
        let receipt = Receipt {
            order: order.id.clone(),
            outcome: Outcome::Done,
            answer: "exit 0".into(),
            at: self.now(),
        };
        self.push(&Entry::receipt(&receipt, asked.id.as_str()));
    }

    /// An action from its request to its receipt, as it should be.
    pub fn whole(&mut self, number: u64) -> Asked {
        let asked = self.ask(number);
        self.approve(&asked, &["mira", "ines"]);
        let order = self.order(&asked, Verdict::Approve);
        self.carry_out(&asked, &order);
        asked
    }

    /// Signs the head as it is now.
    pub fn head(&mut self) -> Checkpoint {
        let head = self.checkpoint();
        self.notes.push(head.sign(&self.key).unwrap());
        head
    }

    pub fn checkpoint(&self) -> Checkpoint {
        let mut edge = Edge::default();
        self.entries.iter().for_each(|entry| edge.extend(leaf_hash(entry)));
        Checkpoint { origin: NAME.to_owned(), size: edge.size(), root: edge.root() }
    }

    pub fn nodes(&self) -> Vec<Hash> {
        let mut edge = Edge::default();
        self.entries.iter().flat_map(|entry| edge.push(leaf_hash(entry)).1).collect()
    }

    pub fn options(&self) -> Options {
        Options {
            key: self.key.public().clone(),
            witnesses: Vec::new(),
            cosigned: 0,
            since: None,
            roster: None,
            structure_only: false,
            threads: 2,
        }
    }

    pub fn verify(&self) -> Report {
        self.verify_with(&self.options())
    }

    pub fn verify_with(&self, options: &Options) -> Report {
        let pieces = pieces(&self.entries, &self.notes);
        verify(pieces.into_iter().map(Ok), Start::default(), options).unwrap()
    }

    /// Whoever can write the store and has the ledger's key signs everything anew.
    pub fn sign_anew(&mut self) {
        self.notes.clear();
        self.head();
    }

    /// The entries with another text in one of them.
    pub fn replace(&mut self, entry: usize, from: &str, to: &str) {
        let text = String::from_utf8(self.entries[entry].clone()).unwrap();
        assert!(text.contains(from), "{text}");
        self.entries[entry] = text.replace(from, to).into_bytes();
    }
}

const POLICY: &str = "permit(principal, action, resource);\n";

/// A store's side, in memory.
#[derive(Default)]
pub struct Shelf {
    pub entries: Vec<Vec<u8>>,
    pub nodes: Vec<Hash>,
    pub notes: Vec<String>,
    about: BTreeMap<String, Vec<u64>>,
}

impl Shelf {
    pub fn of(world: &World) -> Self {
        let (entries, notes) = (world.entries.clone(), world.notes.clone());
        let mut shelf = Self { entries, nodes: world.nodes(), notes, about: BTreeMap::new() };
        shelf.index_from(0);
        shelf
    }

    /// Notes what entries are about, from one on; the first two are policy and roster.
    pub fn index_from(&mut self, from: usize) {
        self.about =
            BTreeMap::from([("policy".to_owned(), vec![0]), ("roster".to_owned(), vec![1])]);
        for (number, entry) in self.entries.iter().enumerate().skip(from.max(2)) {
            let entry = Entry::read(entry).unwrap();
            self.about.entry(entry.about).or_default().push(number as u64);
        }
    }
}

#[async_trait::async_trait]
impl ledger::Shelf for Shelf {
    async fn ledger_size(&self) -> Result<u64, ShelfError> {
        Ok(self.entries.len() as u64)
    }

    async fn ledger_entries(
        &self,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Option<Vec<u8>>>, ShelfError> {
        let from = usize::try_from(from).unwrap();
        let some = self.entries.iter().skip(from).take(limit as usize);
        Ok(some.cloned().map(Some).collect())
    }

    async fn ledger_nodes(&self, indexes: &[u64]) -> Result<Vec<Hash>, ShelfError> {
        Ok(self.nodes.read(indexes)?)
    }

    async fn ledger_about(&self, about: &str) -> Result<Vec<u64>, ShelfError> {
        Ok(self.about.get(about).cloned().unwrap_or_default())
    }

    async fn ledger_heads(&self, from: u64) -> Result<Vec<String>, ShelfError> {
        let size = |note: &String| Head::claimed(note).unwrap().size;
        Ok(self.notes.iter().filter(|note| size(note) >= from).cloned().collect())
    }

    async fn keep_head(&self, _size: u64, _note: &str) -> Result<(), ShelfError> {
        Err(ShelfError::Store("only to be read".to_owned()))
    }
}
