//! The embedded world: what is in it, and that orders really change it.

use countersign::{
    catalogue::Catalogue,
    domain::{
        Action, Certainty, Credential, CredentialStatus, Fate, Observation, Order, OrderId,
        OrderKind, Outcome, RepoName, ReviewState, SourceName, Subject, Undo, Untrusted, Verdict,
    },
    sources::{
        Lens, Progress, Reread, Source,
        embedded::{EmbeddedAccount, EmbeddedForge, World},
    },
};
use jiff::Timestamp;
use std::{collections::BTreeSet, fs, path::Path, sync::Arc};
use tempfile::TempDir;

struct Company {
    dir: TempDir,
    world: World,
    lens: Lens,
}

impl Company {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let world = World::create(dir.path(), Timestamp::now()).unwrap();
        let lens = Lens {
            catalogue: Arc::new(Catalogue::builtin().unwrap()),
            production: Arc::new(World::production_rules()),
        };
        Self { dir, world, lens }
    }

    fn account(&self) -> EmbeddedAccount {
        EmbeddedAccount::new(self.world.clone(), "production", self.lens.clone())
    }

    fn forge(&self) -> EmbeddedForge {
        EmbeddedForge::new(self.world.clone(), self.lens.clone())
    }
}

async fn poll(source: &dyn Source) -> Observation {
    source.poll(&Progress::new()).await.unwrap()
}

fn held_by(seen: &Observation) -> BTreeSet<&str> {
    let matches = seen.credentials.iter().flat_map(|credential| &credential.holders);
    matches.map(|holder| holder.tool.as_str()).collect()
}

fn labelled<'a>(seen: &'a Observation, label: &str) -> &'a Credential {
    let mut all = seen.credentials.iter();
    all.find(|credential| credential.label.raw() == label).unwrap()
}

#[tokio::test]
async fn an_agents_role_climbs_to_an_administrator_and_the_way_is_told() {
    let company = Company::new();
    let seen = poll(&company.account()).await;
    let runtime = labelled(&seen, "dispatch-agent-runtime");
    assert!(runtime.is_ai_held());
    let reach = runtime.reach.as_deref().unwrap();
    assert_eq!((reach.admin, reach.reaches_admin), (Certainty::No, Certainty::Yes));
    let steps: Vec<&str> = reach.path.listed.iter().map(|step| step.to.raw()).collect();
    assert!(steps[0].ends_with("role/service-role/lambda-invoice-render"), "{steps:?}");
    assert!(steps[1].ends_with("role/agents/kiro/KiroProductionOperator"), "{steps:?}");
    let kiro = labelled(&seen, "KiroProductionOperator").reach.as_deref().unwrap();
    assert_eq!(kiro.admin, Certainty::Yes);
    let exporter = labelled(&seen, "ecs-task-ledger-api").reach.as_deref().unwrap();
    assert_eq!(exporter.reaches_admin, Certainty::No);
}

fn order(source: &SourceName, kind: OrderKind) -> Order {
    let shown = format!("{kind:?}");
    Order {
        id: OrderId::derive(&[source.as_str(), &shown]),
        source: source.clone(),
        kind,
        action: None,
        credential: None,
        by: Untrusted::new("imogen"),
        reason: Untrusted::new("never rotated"),
        at: Timestamp::now(),
    }
}

fn pull(seen: &Observation, wanted: u64) -> &Action {
    let mut all = seen.actions.iter();
    all.find(
        |action| matches!(action.subject, Subject::PullRequest { number, .. } if number == wanted),
    )
    .unwrap()
}

fn review_of(action: &Action, verdict: Verdict, body: &str) -> OrderKind {
    let Subject::PullRequest { repo, number, head_sha, .. } = &action.subject else {
        panic!("not a pull request")
    };
    OrderKind::ReviewPullRequest {
        repo: repo.clone(),
        number: *number,
        commit_id: head_sha.clone(),
        verdict,
        body: Untrusted::new(body),
    }
}

#[tokio::test]
async fn the_account_shows_who_holds_too_much() {
    let company = Company::new();
    let seen = poll(&company.account()).await;
    let tools = held_by(&seen);
    for tool in ["kiro", "claude-code", "cursor", "devin", "copilot", "amazon-q-developer", "v0"] {
        assert!(tools.contains(tool), "{tool} holds nothing: {tools:?}");
    }
    let kiro = labelled(&seen, "KiroProductionOperator");
    assert_eq!(kiro.grants[0].raw(), "administrator");
    let opaque = |c: &&Credential| c.grants.iter().any(|grant| grant.raw().contains("unknown"));
    assert_eq!(seen.credentials.iter().find(opaque), None, "every policy is recorded");
    assert_eq!(kiro.environment.to_string(), "production");
    let unheld = seen.credentials.iter().filter(|credential| !credential.is_ai_held()).count();
    assert!(unheld >= 8, "people and services hold credentials too, {unheld} of them");
    assert!(!labelled(&seen, "AKIALARKTFCI2EXAMPLE").is_ai_held());
}

#[tokio::test]
async fn the_organisation_shows_who_holds_too_much() {
    let company = Company::new();
    let seen = poll(&company.forge()).await;
    let tools = held_by(&seen);
    for tool in ["claude-code", "copilot", "cursor", "devin", "factory-droid", "coderabbit"] {
        assert!(tools.contains(tool), "{tool} holds nothing: {tools:?}");
    }
    assert!(!labelled(&seen, "renovate").is_ai_held());
    assert!(!labelled(&seen, "LEDGER_DATABASE_URL").is_ai_held());
    assert!(labelled(&seen, "TF_TOKEN_PRODUCTION").is_ai_held());
    assert_eq!(labelled(&seen, "factory-droid bridge").grants[0].raw(), "write");
}

#[tokio::test]
async fn what_waits_was_made_by_ai_tools_and_nothing_else() {
    let company = Company::new();
    let seen = poll(&company.forge()).await;
    let mut by: Vec<&str> = seen.actions.iter().map(|action| action.tool.tool.as_str()).collect();
    by.sort_unstable();
    assert_eq!(
        by,
        [
            "claude-code",
            "codex",
            "copilot",
            "copilot",
            "cursor",
            "devin",
            "devin",
            "factory-droid",
            "jules"
        ]
    );
    let copilot = pull(&seen, 118);
    assert!(copilot.change.deletions > 10 && copilot.change.files.len() == 2);
    let codex = pull(&seen, 87);
    assert!(codex.title.raw().contains('\u{1b}') && codex.title.raw().contains('\u{202e}'));
}

#[tokio::test]
async fn ids_and_digests_are_the_same_in_every_poll() {
    let company = Company::new();
    let (first, second) = (poll(&company.forge()).await, poll(&company.forge()).await);
    assert_eq!(first, second);
    let ids: BTreeSet<_> = first.actions.iter().map(|action| &action.id).collect();
    assert_eq!(ids.len(), first.actions.len());
}

#[tokio::test]
async fn an_access_key_is_switched_off_and_on_again() {
    let company = Company::new();
    let account = company.account();
    let key = "AKIALARKCIAGTEXAMPLE";
    let preview = account.preview_revoke(labelled(&poll(&account).await, key)).await.unwrap();
    assert!(matches!(preview.undo, Undo::By { .. }));
    let revoke = order(account.name(), preview.order);
    assert_eq!(account.fate(&revoke).await.unwrap(), Fate::NotDone);
    let receipt = account.carry_out(&revoke).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Done);
    assert!(receipt.answer.raw().contains("demo world"), "{receipt:?}");
    assert_eq!(labelled(&poll(&account).await, key).status, CredentialStatus::Inactive);
    assert_eq!(account.fate(&revoke).await.unwrap(), Fate::Done);

    let back = account.preview_restore(&revoke).await.unwrap();
    account.carry_out(&order(account.name(), back.order)).await.unwrap();
    assert_eq!(labelled(&poll(&account).await, key).status, CredentialStatus::Active);
}

#[tokio::test]
async fn a_role_is_sealed_and_unsealed() {
    let company = Company::new();
    let account = company.account();
    let name = "KiroProductionOperator";
    let preview = account.preview_revoke(labelled(&poll(&account).await, name)).await.unwrap();
    let seal = order(account.name(), preview.order);
    assert_eq!(account.carry_out(&seal).await.unwrap().outcome, Outcome::Done);
    assert_eq!(labelled(&poll(&account).await, name).status, CredentialStatus::Sealed);

    let back = order(account.name(), account.preview_restore(&seal).await.unwrap().order);
    assert_eq!(account.carry_out(&back).await.unwrap().outcome, Outcome::Done);
    assert_eq!(labelled(&poll(&account).await, name).status, CredentialStatus::Active);
    let again = account.carry_out(&back).await.unwrap();
    assert_eq!(again.outcome, Outcome::Refused, "there is nothing left to take off");
}

#[tokio::test]
async fn a_deleted_deploy_key_is_gone_and_its_public_half_is_kept() {
    let company = Company::new();
    let forge = company.forge();
    let seen = poll(&forge).await;
    let preview = forge.preview_revoke(labelled(&seen, "factory-droid bridge")).await.unwrap();
    assert!(matches!(preview.undo, Undo::No { .. }));
    let OrderKind::DeleteDeployKey { public_key, read_only, .. } = &preview.order else {
        panic!("{preview:?}")
    };
    assert!(public_key.raw().starts_with("ssh-ed25519 ") && !read_only);
    let delete = order(forge.name(), preview.order);
    assert_eq!(forge.carry_out(&delete).await.unwrap().outcome, Outcome::Done);
    let left = poll(&forge).await;
    assert!(left.credentials.iter().all(|c| c.label.raw() != "factory-droid bridge"));
    assert_eq!(left.credentials.len(), seen.credentials.len() - 1);
    assert!(forge.preview_restore(&delete).await.is_err());
}

#[tokio::test]
async fn a_deleted_secret_is_gone_from_its_own_scope_only() {
    let company = Company::new();
    let forge = company.forge();
    let seen = poll(&forge).await;
    let secret = labelled(&seen, "COPILOT_MCP_DATABASE_URL");
    let delete = order(forge.name(), forge.preview_revoke(secret).await.unwrap().order);
    assert_eq!(forge.carry_out(&delete).await.unwrap().outcome, Outcome::Done);
    assert_eq!(forge.fate(&delete).await.unwrap(), Fate::Done);
    assert_eq!(poll(&forge).await.credentials.len(), seen.credentials.len() - 1);
}

#[tokio::test]
async fn a_review_is_visible_and_pinned_to_the_head_that_was_shown() {
    let company = Company::new();
    let forge = company.forge();
    let seen = poll(&forge).await;
    let shown = pull(&seen, 118);
    let kind = review_of(shown, Verdict::Reject, "recreating production is not a fix");
    let first = order(forge.name(), kind);
    assert_eq!(forge.carry_out(&first).await.unwrap().outcome, Outcome::Done);
    let now = poll(&forge).await;
    let review = pull(&now, 118).reviews.last().unwrap().clone();
    assert_eq!(review.state, ReviewState::ChangesRequested);
    assert_eq!(shown.digest().unwrap(), pull(&now, 118).digest().unwrap());

    let repo: RepoName = "larkspur/infra".parse().unwrap();
    let moved = "diff --git a/x.tf b/x.tf\n--- a/x.tf\n+++ b/x.tf\n@@ -1 +1 @@\n-a\n+b\n";
    forge.push(&repo, 118, &"f".repeat(40), moved).unwrap();
    let Reread::Waiting(fresh) = forge.reread(shown).await.unwrap() else { panic!("it waits") };
    assert_eq!(fresh.id, shown.id);
    assert_ne!(fresh.digest().unwrap(), shown.digest().unwrap());
    let late = order(forge.name(), review_of(shown, Verdict::Approve, "late"));
    let refused = forge.carry_out(&late).await.unwrap();
    assert_eq!(refused.outcome, Outcome::Refused, "{refused:?}");
    assert_eq!(pull(&poll(&forge).await, 118).reviews.len(), 1);

    forge.close(&repo, 118).unwrap();
    assert!(matches!(forge.reread(shown).await.unwrap(), Reread::Ended(_)));
}

#[tokio::test]
async fn the_fate_of_a_review_is_known_by_the_order_it_carries() {
    let company = Company::new();
    let forge = company.forge();
    let seen = poll(&forge).await;
    let sent = order(forge.name(), review_of(pull(&seen, 412), Verdict::Approve, ""));
    assert_eq!(forge.fate(&sent).await.unwrap(), Fate::NotDone);
    forge.carry_out(&sent).await.unwrap();
    assert_eq!(forge.fate(&sent).await.unwrap(), Fate::Done);
}

#[tokio::test]
async fn an_approved_deployment_waits_no_more() {
    let company = Company::new();
    let forge = company.forge();
    let seen = poll(&forge).await;
    let waiting: Vec<_> = seen
        .actions
        .iter()
        .filter_map(|action| match &action.subject {
            Subject::Deployment { repo, run_id, environments, .. } => {
                Some((action, repo.clone(), *run_id, environments.clone()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(waiting.len(), 2);
    for (action, repo, run_id, environments) in &waiting {
        let kind = OrderKind::ReviewDeployment {
            repo: repo.clone(),
            run_id: *run_id,
            environment_ids: environments.iter().map(|environment| environment.id).collect(),
            verdict: Verdict::Approve,
            comment: Untrusted::new("agreed"),
        };
        let receipt = forge.carry_out(&order(forge.name(), kind.clone())).await.unwrap();
        assert_eq!(receipt.outcome, Outcome::Done, "{receipt:?}");
        assert!(matches!(forge.reread(action).await.unwrap(), Reread::Ended(_)));
        let again = forge.carry_out(&order(forge.name(), kind)).await.unwrap();
        assert_eq!(again.outcome, Outcome::Refused, "one approval, one effect");
    }
    assert_eq!(poll(&forge).await.actions.len(), seen.actions.len() - 2);
}

#[tokio::test]
async fn one_source_loses_its_access_after_the_first_poll_and_says_what_is_missing() {
    let company = Company::new();
    let sources = company.world.sources(&company.lens);
    let analytics = sources.iter().find(|s| s.name().as_str() == "aws/analytics").unwrap();
    assert!(!poll(analytics.as_ref()).await.credentials.is_empty());
    let fault = analytics.poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.missing_permission.as_deref(), Some("iam:ListAccessKeys"));
    assert!(fault.detail.raw().contains("simulated"), "{fault:?}");
}

#[tokio::test]
async fn two_instances_on_one_directory_see_each_others_orders() {
    let company = Company::new();
    let other =
        EmbeddedAccount::new(World::open(company.dir.path()), "production", company.lens.clone());
    let seal = OrderKind::SealRole { role: "v0-preview-deployments".to_owned() };
    company.account().carry_out(&order(other.name(), seal)).await.unwrap();
    let seen = poll(&other).await;
    assert_eq!(labelled(&seen, "v0-preview-deployments").status, CredentialStatus::Sealed);
    let odd: Vec<_> = fs::read_dir(company.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "new"))
        .collect();
    assert!(odd.is_empty(), "half-written files are left: {odd:?}");
}

#[tokio::test]
async fn a_damaged_world_is_a_fault_that_names_the_file() {
    let company = Company::new();
    fs::write(company.dir.path().join("github.json"), b"{\"org\": ").unwrap();
    let fault = company.forge().poll(&Progress::new()).await.unwrap_err();
    assert!(fault.during.contains("github.json"), "{fault:?}");
}
