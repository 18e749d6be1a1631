//! Processes that wait, a queue, and the people who answer.

use countersign::{
    catalogue::Catalogue,
    classify::NoPlaces,
    domain::{
        Action, ActionId, ActionState, Activity, Decision, Environment, Order, OrderId, OrderKind,
        Place, PlaceKind, Places, Reviewer, Subject, Untrusted, Verdict,
    },
    gate::{
        Desk, Ended, GateError, Guard, Notice, Program, Request, Surroundings, Terms, caller, exec,
    },
    policy::{Policy, unsigned_text},
    store::{Counted, Intent, IntentError, OrderRow, SqliteStore, Store, StoreError},
    trust::{Account, LiveRoster, Matter, Roster, stand},
};
use futures::future::BoxFuture;
use jiff::Timestamp;
use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{sync::mpsc, task::JoinHandle};

pub const HOST: &str = "bastion-1";

/// People who may answer, as many as any policy here wants; the first is in every group.
pub const PEOPLE: [&str; 3] = ["imogen", "piet", "ana"];

pub type Outcomes = JoinHandle<Result<Ended, GateError>>;

/// One waiting process: its directory, its future, and a way to send it signals.
pub struct Waiting {
    pub dir: TempDir,
    pub ended: Outcomes,
    pub signals: mpsc::Sender<i32>,
}

pub fn terms() -> Terms {
    Terms {
        timeout: Some(Duration::from_mins(1)),
        every: Duration::from_millis(5),
        grace: Duration::from_millis(50),
    }
}

pub fn roster() -> Roster {
    Roster::new([("senior".to_owned(), [PEOPLE[0].to_owned()])])
}

/// A gate on a host of this environment.
pub fn guard(environment: Environment, places: Arc<dyn Places + Send + Sync>) -> Guard {
    Guard {
        policy: Arc::new(Policy::parse(&unsigned_text(), "unsigned.cedar").unwrap()),
        places,
        host: HOST.to_owned(),
        environment,
        requester: Untrusted::new("agent"),
    }
}

/// Names with `prod` in them are production, those with `stag` are not.
pub struct ByName;

impl Places for ByName {
    fn environment(&self, place: &Place<'_>) -> Environment {
        if place.kind != PlaceKind::Host && place.name.contains("prod") {
            Environment::Production
        } else if place.kind != PlaceKind::Host && place.name.contains("stag") {
            Environment::NonProduction
        } else {
            Environment::Unknown
        }
    }
}

pub fn request(dir: &Path, argv: &[&str], variables: &[(&str, &str)]) -> Request {
    let mut all: Vec<_> = std::env::vars_os().collect();
    for (name, value) in variables {
        all.retain(|(known, _)| known != name);
        all.push((name.into(), value.into()));
    }
    let search = all.iter().find(|(name, _)| name == "PATH").map(|(_, value)| value.clone());
    let mut request = Request::new(
        argv.iter().map(|word| (*word).to_owned()).collect(),
        Program::pin(OsStr::new(argv[0]), dir, search).unwrap(),
        caller(&Catalogue::default(), Some("kiro"), |_| None),
        Surroundings::new(all, &["WHICH".to_owned()]).unwrap(),
    );
    request.reason = Untrusted::new("rebuild the environment");
    request
}

/// The queue that processes and reviewers share.
#[derive(Clone)]
pub struct Queue {
    pub store: Arc<SqliteStore>,
    folder: Arc<TempDir>,
}

impl Queue {
    pub async fn new() -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let store = SqliteStore::open(&folder.path().join("store.db")).await.unwrap();
        Self { store: Arc::new(store), folder }
    }

    pub async fn actions(&self) -> Vec<(Action, ActionState)> {
        let mut actions = Vec::new();
        for row in self.store.actions(true).await.unwrap() {
            actions.push((self.store.action(&row.id).await.unwrap().unwrap().1, row.state));
        }
        actions
    }

    /// The only order that was given.
    pub async fn order(&self) -> OrderRow {
        self.store.orders(false).await.unwrap().remove(0)
    }

    pub async fn newest_line(&self) -> Activity {
        self.store.activity(1, None).await.unwrap().remove(0)
    }

    fn order_for(action: &Action, verdict: Verdict, reason: &str, nonce: &str) -> Order {
        Order {
            id: OrderId::derive(&[action.id.as_str(), nonce]),
            source: action.source.clone(),
            kind: OrderKind::AnswerCommand {
                nonce: nonce.to_owned(),
                verdict,
                reason: Untrusted::new(reason),
            },
            action: Some(action.id.clone()),
            credential: None,
            by: Untrusted::new(PEOPLE[0]),
            reason: Untrusted::new(reason),
            at: Timestamp::now(),
        }
    }

    fn decision(action: &Action, verdict: Verdict, reviewer: &str) -> Decision {
        Decision {
            action: action.id.clone(),
            digest: action.digest().unwrap(),
            verdict,
            reviewer: Reviewer(Untrusted::new(reviewer)),
            reason: Untrusted::new("because"),
            at: Timestamp::now(),
            signed: None,
        }
    }

    /// One person decides on a waiting command; the order follows when that is enough.
    pub async fn decide(&self, action: &Action, verdict: Verdict, reviewer: &str) -> Counted {
        let Subject::Command { nonce, .. } = &action.subject else { panic!("not a command") };
        let order = Self::order_for(action, verdict, "because", nonce);
        let decision = Self::decision(action, verdict, reviewer);
        let (about, digest, at) = (action.clone(), decision.digest, decision.at);
        let enough = move |all: &[Decision]| {
            let account = Account::behind(&about.source, &about.requester);
            let matter = Matter::of(&about.id, digest, about.ruling.as_ref(), account, at);
            stand(&matter, all, &roster()).is_met()
        };
        self.store.decide(&decision, &order, &enough).await.unwrap()
    }

    /// As many people as it takes approve.
    pub async fn approve(&self, action: &Action) {
        for person in PEOPLE {
            if self.decide(action, Verdict::Approve, person).await == Counted::Ordered {
                return;
            }
        }
        panic!("{} approvals were not enough: {:?}", PEOPLE.len(), action.ruling);
    }

    /// An order as somebody would write it who does not ask whether anybody agreed.
    pub async fn order_anyway(
        &self,
        action: &Action,
        verdict: Verdict,
        reason: &str,
        nonce: &str,
    ) -> Result<(), IntentError> {
        let order = Self::order_for(action, verdict, reason, nonce);
        let decision = Some(Self::decision(action, verdict, "imogen"));
        self.store.intend(&Intent { decision, order }).await
    }

    /// Where the store's file lies.
    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("store.db")
    }

    /// Runs a request through a gate, and says what it says.
    pub fn start(
        &self,
        guard: Guard,
        terms: Terms,
        dir: TempDir,
        request: Request,
        mut say: impl FnMut(&Notice) + Send + 'static,
    ) -> Waiting {
        let (signals, mut received) = mpsc::channel(4);
        let (store, spool) = (Arc::clone(&self.store), self.path());
        let ended = tokio::spawn(async move {
            let reviewers = LiveRoster::from(roster());
            let desk = Desk { guard: &guard, reviewers: &reviewers, spool: &spool, terms };
            let open = || -> BoxFuture<'_, Result<Arc<dyn Store>, StoreError>> {
                let store: Arc<dyn Store> = store.clone();
                Box::pin(async move { Ok(store) })
            };
            exec(&desk, &open, request, &mut received, &mut say).await
        });
        Waiting { dir, ended, signals }
    }

    /// Runs a command in production.
    pub fn wait_in(&self, dir: TempDir, argv: &[&str], terms: Terms) -> Waiting {
        let request = request(dir.path(), argv, &[]);
        let guard = guard(Environment::Production, Arc::new(NoPlaces));
        self.start(guard, terms, dir, request, |_| {})
    }

    /// Runs a script in production.
    pub fn wait(&self, script: &str) -> Waiting {
        self.wait_in(TempDir::new().unwrap(), &["sh", "-c", script], terms())
    }

    /// The request of the process that waits in this directory.
    pub async fn asked(&self, dir: &TempDir) -> Action {
        let cwd = dir.path().to_string_lossy().into_owned();
        until("the request", async || {
            let pending = self.actions().await.into_iter();
            let pending = pending.filter(|(_, state)| *state == ActionState::Pending);
            pending.map(|(action, _)| action).find(|action| {
                matches!(&action.subject, Subject::Command { cwd: there, .. } if there.raw() == cwd)
            })
        })
        .await
    }

    pub async fn state(&self, id: &ActionId) -> ActionState {
        self.store.action(id).await.unwrap().unwrap().0.state
    }
}

/// Looks until `found` answers, for at most half a minute.
pub async fn until<T>(what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = found().await {
            return found;
        }
        assert!(Instant::now() < deadline, "never came: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

pub fn lines(dir: &TempDir, name: &str) -> usize {
    fs::read_to_string(dir.path().join(name)).map_or(0, |text| text.lines().count())
}

/// Writes a file, for a person or a program to run.
pub fn script(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}
