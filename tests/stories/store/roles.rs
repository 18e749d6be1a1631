//! Rights on a server: each role can do what it must, and is refused what it must not.

use super::{asked, decide, decision, order, source};
use crate::support::{
    memory::{command, pull_request},
    postgres,
};
use countersign::{
    domain::{ActionState, Outcome, Receipt, Verdict},
    ledger::Shelf as _,
    store::{Address, PgStore, Store, StoreError, init_server},
};
use std::sync::atomic::{AtomicU32, Ordering};

static LOGINS: AtomicU32 = AtomicU32::new(0);

/// A database with a store, and logins for it.
struct Server {
    url: String,
}

/// Somebody with one role.
struct Login {
    url: String,
}

impl Server {
    async fn new() -> Self {
        Self { url: postgres::url(&postgres::new_database().await) }
    }

    async fn login(&self, role: &str) -> Login {
        let number = LOGINS.fetch_add(1, Ordering::Relaxed);
        let name = format!("{role}_{}_{number}", std::process::id());
        postgres::run(&self.url, &format!("CREATE ROLE {name} LOGIN IN ROLE countersign_{role}"))
            .await;
        Login { url: self.url.replacen("postgres@", &format!("{name}@"), 1) }
    }

    async fn owner(&self) -> PgStore {
        PgStore::open(&Address::parse(&self.url).unwrap()).await.unwrap()
    }
}

impl Login {
    async fn store(&self) -> PgStore {
        PgStore::open(&Address::parse(&self.url).unwrap()).await.unwrap()
    }

    /// Is refused this, for want of rights.
    async fn may_not(&self, sql: &str) {
        let sql = format!("SET search_path TO countersign; {sql}");
        let error = postgres::attempt(&self.url, &sql).await.expect_err(&sql);
        let state = error.as_database_error().and_then(|error| error.code().map(String::from));
        assert_eq!(state.as_deref(), Some("42501"), "{sql}: {error}");
    }

    async fn may(&self, sql: &str) {
        postgres::run(&self.url, &format!("SET search_path TO countersign; {sql}")).await;
    }
}

fn is_denied<T>(answer: &Result<T, StoreError>) -> bool {
    matches!(answer, Err(StoreError::Denied { .. }))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn an_agent_asks_and_takes_its_own_answer_and_nothing_else() {
    let server = Server::new().await;
    let (agent, other) = (server.login("agent").await, server.login("agent").await);
    let reviewer = server.login("reviewer").await.store().await;
    let (mine, theirs) = (agent.store().await, other.store().await);
    let call = asked(&mine, "drop table", 1).await;
    assert!(mine.action(&call.id).await.unwrap().is_some());
    assert!(theirs.action(&call.id).await.unwrap().is_none(), "others' requests are not seen");
    decide(&reviewer, &call, "ana", Verdict::Approve).await.unwrap();
    assert!(theirs.take_answer(&call.id).await.unwrap().is_none());
    let order = mine.take_answer(&call.id).await.unwrap().unwrap();
    let receipt = Receipt {
        order: order.id.clone(),
        outcome: Outcome::Done,
        answer: "it runs".into(),
        at: mine.now(),
    };
    mine.settle(&order.id, &receipt).await.unwrap();
    let (row, _) = reviewer.action(&call.id).await.unwrap().unwrap();
    assert_eq!(row.state, ActionState::Approved);
    assert_eq!(row.decisions.len(), 1);
    assert_eq!(mine.action(&call.id).await.unwrap().unwrap().0.decisions, row.decisions);
    assert!(!mine.ledger_about(call.id.as_str()).await.is_ok_and(|entries| !entries.is_empty()));
    assert!(!reviewer.ledger_about(call.id.as_str()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn an_agent_cannot_decide_nor_forge_nor_take_back() {
    let server = Server::new().await;
    let agent = server.login("agent").await;
    let store = agent.store().await;
    let call = asked(&store, "drop table", 1).await;
    let other = asked(&server.owner().await, "drop index", 1).await;
    let decided = decide(&store, &call, "ana", Verdict::Approve).await;
    assert!(
        matches!(&decided, Err(countersign::store::IntentError::Store(error))
            if matches!(error, StoreError::Denied { .. })),
        "{decided:?}"
    );
    let id = &call.id;
    for sql in [
        format!("INSERT INTO decisions (action, body) VALUES ('{id}', '{{}}')"),
        format!(
            "INSERT INTO orders (id, action, body, state) VALUES ('o', '{id}', '', 'intended')"
        ),
        format!("UPDATE actions SET state = 'approved' WHERE id = '{id}'"),
        "UPDATE actions SET asked_by = 'ana'".to_owned(),
        "UPDATE decisions SET spent = NULL".to_owned(),
        "DELETE FROM decisions".to_owned(),
        format!("DELETE FROM actions WHERE id = '{id}'"),
        "INSERT INTO policies (version, digest, since) VALUES (99, 'x', 0)".to_owned(),
        "INSERT INTO ledger_entries (entry, at, kind, about) VALUES (0, 0, 'x', '')".to_owned(),
        "INSERT INTO ledger_pending (at, kind, about, body) VALUES (0, 'decision', '', '{}')"
            .to_owned(),
        "DELETE FROM ledger_pending".to_owned(),
        "SELECT body FROM ledger_pending".to_owned(),
        "SELECT body FROM autonomous".to_owned(),
        "SELECT body FROM credentials".to_owned(),
        "SELECT what FROM activity".to_owned(),
        "INSERT INTO mcp_tools VALUES ('s', 't', '{}', 'a-0123456789', 0)".to_owned(),
        "SELECT place_entries(0, '{}', 0, '{}', '{}')".to_owned(),
        "TRUNCATE actions CASCADE".to_owned(),
        "ALTER TABLE actions DISABLE ROW LEVEL SECURITY".to_owned(),
    ] {
        agent.may_not(&sql).await;
    }
    assert!(store.action(&other.id).await.unwrap().is_none());
    agent.may("UPDATE actions SET touched = 1").await;
    let (row, _) = server.owner().await.action(&other.id).await.unwrap().unwrap();
    assert_eq!(row.state, ActionState::Pending, "what is not seen is not changed");
    let mut foreign = command("nonce");
    foreign.source = source();
    assert!(store.put_action(&foreign, store.now()).await.is_ok());
    let request = pull_request(&source(), 7, "aaa");
    assert!(is_denied(&store.put_action(&request, store.now()).await), "only what waits at gates");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn an_auditor_reads_everything_and_writes_nothing() {
    let server = Server::new().await;
    let owner = server.owner().await;
    let call = asked(&owner, "drop table", 1).await;
    decide(&owner, &call, "ana", Verdict::Approve).await.unwrap();
    assert!(owner.ledger_size().await.unwrap() >= 3);
    let login = server.login("auditor").await;
    let auditor = login.store().await;
    assert_eq!(auditor.action(&call.id).await.unwrap(), owner.action(&call.id).await.unwrap());
    assert_eq!(auditor.actions(true).await.unwrap().len(), 1);
    assert_eq!(auditor.orders(false).await.unwrap().len(), 1);
    assert!(!auditor.activity(10, None).await.unwrap().is_empty());
    assert!(auditor.ledger_size().await.unwrap() >= 3);
    assert!(auditor.version().await.unwrap() > 0);
    assert!(auditor.changes(0).await.unwrap().is_some());
    assert!(is_denied(&auditor.put_action(&call, auditor.now()).await));
    assert!(is_denied(&auditor.end_action(&call.id, "no", auditor.now()).await));
    for table in ["actions", "decisions", "orders", "activity", "ledger_entries", "ledger_pending"]
    {
        login.may_not(&format!("DELETE FROM {table}")).await;
        login.may_not(&format!("TRUNCATE {table} CASCADE")).await;
        login.may(&format!("SELECT count(*) FROM {table}")).await;
    }
    login
        .may_not(
            "INSERT INTO activity (at, kind, source, about, who, what) VALUES (0,'','','','','')",
        )
        .await;
    login.may_not("UPDATE meta SET version = 0").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn nobody_changes_decisions_orders_or_the_ledger() {
    let server = Server::new().await;
    let owner = server.owner().await;
    let call = asked(&owner, "drop table", 1).await;
    decide(&owner, &call, "ana", Verdict::Approve).await.unwrap();
    assert!(owner.ledger_size().await.unwrap() >= 3);
    let owning = Login { url: server.url.clone() };
    let reviewing = server.login("reviewer").await;
    for login in [&owning, &reviewing] {
        for sql in [
            "UPDATE decisions SET body = '{}'",
            "UPDATE decisions SET spent = NULL",
            "UPDATE decisions SET spent = 'o-0123456789'",
            "DELETE FROM decisions",
            "TRUNCATE decisions",
            "UPDATE orders SET body = '{}'",
            "DELETE FROM orders",
            "UPDATE ledger_entries SET body = '{}' WHERE entry = 0",
            "UPDATE ledger_entries SET body = NULL WHERE entry = 0",
            "DELETE FROM ledger_entries",
            "TRUNCATE ledger_entries",
            "UPDATE ledger_nodes SET hash = hash",
            "DELETE FROM ledger_nodes",
        ] {
            login.may_not(sql).await;
        }
    }
    reviewing.may_not("DELETE FROM ledger_pending").await;
    reviewing.may_not("SET countersign.upkeep = 'on'; DELETE FROM decisions").await;
    reviewing.may_not("SET countersign.upkeep = 'on'; DELETE FROM ledger_entries").await;
    reviewing
        .may_not("INSERT INTO ledger_entries (entry, at, kind, about) VALUES (9, 0, 'x', '')")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn a_reviewer_does_all_a_console_does() {
    let server = Server::new().await;
    let login = server.login("reviewer").await;
    let reviewer = login.store().await;
    let request = pull_request(&source(), 7, "aaa");
    reviewer.put_action(&request, reviewer.now()).await.unwrap();
    let given = decision(&reviewer, &request, "ana", Verdict::Approve);
    let sent = order(&given, &request);
    reviewer.decide(&given, &sent, &|_| true).await.unwrap();
    let receipt = Receipt {
        order: sent.id.clone(),
        outcome: Outcome::Done,
        answer: "200".into(),
        at: reviewer.now(),
    };
    reviewer.settle(&sent.id, &receipt).await.unwrap();
    assert!(reviewer.lease("poll", "me", std::time::Duration::from_secs(5)).await.unwrap());
    reviewer.release("poll", "me").await.unwrap();
    assert!(reviewer.ledger_size().await.unwrap() >= 4, "entries get their places");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn init_can_be_run_again_and_says_what_it_did() {
    let server = Server::new().await;
    let address = Address::parse(&server.url).unwrap();
    let store = server.owner().await;
    let call = asked(&store, "drop table", 1).await;
    let (one, two) = tokio::join!(init_server(&address), init_server(&address));
    for done in [one.unwrap(), two.unwrap()] {
        let done = done.join("\n");
        assert!(done.contains("role countersign_agent: there already"), "{done}");
        assert!(done.contains("tables: up to date"), "{done}");
    }
    assert!(store.action(&call.id).await.unwrap().is_some(), "nothing is lost by it");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn what_is_missing_or_newer_is_said_with_the_next_step() {
    let empty = postgres::with_database(&postgres::server(), "postgres");
    let error = PgStore::open(&Address::parse(&empty).unwrap()).await.unwrap_err();
    assert!(matches!(error, StoreError::Unprepared { .. }), "{error}");
    assert!(error.to_string().contains("countersign store init"), "{error}");
    let server = Server::new().await;
    postgres::run(
        &server.url,
        "UPDATE countersign._sqlx_migrations SET version = 9000 WHERE version = 1",
    )
    .await;
    let address = Address::parse(&server.url).unwrap();
    let error = PgStore::open(&address).await.unwrap_err();
    assert!(matches!(error, StoreError::UnknownSchema { found: 9000, .. }), "{error}");
    let error = init_server(&address).await.unwrap_err();
    assert!(matches!(error, StoreError::UnknownSchema { .. }), "{error}");
    let nobody = server.url.replacen("postgres@", "nobody_there@", 1);
    let error = PgStore::open(&Address::parse(&nobody).unwrap()).await.unwrap_err();
    assert!(matches!(error, StoreError::Denied { .. }), "{error}");
}
