//! Against Prism on GitHub's published description: every path and every body we send exists.

use super::told;
use crate::support::{
    github::{Recorded, Recorder, lens, order, settings},
    server,
};
use countersign::{
    config::GithubSettings,
    domain::{
        Action, Change, Confidence, Credential, CredentialStatus, Deployed, Diff, Environment,
        FaultKind, LastUsed, Locator, OrderKind, Outcome, Part, Principal, PrincipalKind,
        SecretScope, Subject, Target, ToolId, ToolMatch, Untrusted, Verdict,
    },
    sources::{Progress, Source, github::GithubSource},
};

async fn through_prism() -> (Recorder, GithubSource) {
    let recorder = Recorder::before(server("PRISM")).await;
    let settings = GithubSettings {
        repos: vec!["octocat/hello-world".parse().unwrap()],
        ..settings(&recorder.url, Some("github"), "rowan")
    };
    let source = GithubSource::connect(&settings, lens()).unwrap();
    (recorder, source)
}

/// Requests the description does not allow: unknown paths, wrong parameters, wrong bodies.
fn forbidden(log: &[Recorded]) -> Vec<&Recorded> {
    log.iter()
        .filter(|one| one.status == 422 || one.answer.contains("stoplight.io/prism/errors"))
        // The diff of a pull request is documented in prose only; Prism says 406 and the files
        // are read instead.
        .filter(|one| one.status != 406)
        .collect()
}

fn subject(run: bool) -> Subject {
    let repo = "octocat/hello-world".parse().unwrap();
    if run {
        Subject::Deployment {
            repo,
            run_id: 30_433_642,
            attempt: 1,
            workflow: "Build".into(),
            head_sha: "009b8a3a9ccbb128af87f9b1c0f4c62e8a304f6d".into(),
            head_ref: "main".into(),
            environments: vec![Deployed {
                id: 161_171_787,
                name: "staging".into(),
                can_approve: true,
            }],
        }
    } else {
        Subject::PullRequest {
            repo,
            number: 1347,
            head_sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e".into(),
            head_ref: "new-topic".into(),
            base_ref: "master".into(),
        }
    }
}

/// The commit of GitHub's example of a review.
const REVIEWED: &str = "ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091";

fn action(source: &GithubSource, run: bool) -> Action {
    let subject = subject(run);
    Action {
        id: subject.id(source.name()),
        source: source.name().clone(),
        part: Part::new("pull-requests octocat/hello-world"),
        subject,
        tool: ToolMatch {
            tool: ToolId::new("copilot"),
            name: "Copilot".into(),
            confidence: Confidence::Observed,
            evidence: Vec::new(),
        },
        requester: "octocat".into(),
        authors: Vec::new(),
        title: "t".into(),
        description: Untrusted::default(),
        target: Target { name: "x".into(), environment: Environment::Unknown },
        opened: jiff::Timestamp::now(),
        url: Untrusted::default(),
        change: Change {
            additions: 0,
            deletions: 0,
            files: Vec::new(),
            files_complete: true,
            diff: Diff::None,
        },
        checks: Vec::new(),
        reviews: Vec::new(),
        asker: None,
        found: None,
        ruling: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Prism: make test"]
async fn every_path_a_poll_a_reread_and_doctor_ask_for_is_in_the_description() {
    let (recorder, source) = through_prism().await;
    let seen = source.poll(&Progress::new()).await.unwrap();
    for gap in &seen.gaps {
        println!("gap: {:?}: {}", gap.part, told(&gap.fault));
    }
    assert!(seen.gaps.is_empty(), "GitHub's own examples are read without a gap");
    assert!(!seen.credentials.is_empty());
    for run in [false, true] {
        let before = action(&source, run);
        source.reread(&before).await.unwrap();
    }
    let lines = source.diagnose().await;
    assert!(lines.len() > 10, "{lines:?}");
    let log = recorder.log();
    assert!(log.len() > 30, "{}", log.len());
    assert!(forbidden(&log).is_empty(), "{:#?}", forbidden(&log));
    for part in ["/check-runs", "/status", "/commits", "/files", "/reviews", "/pending_deployments"]
    {
        assert!(log.iter().any(|one| one.call.contains(part)), "{part} was never asked for");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Prism: make test"]
async fn every_order_is_a_request_the_description_knows_with_a_body_it_accepts() {
    let (recorder, source) = through_prism().await;
    let repo: countersign::domain::RepoName = "octocat/hello-world".parse().unwrap();
    let mut orders = Vec::new();
    for verdict in [Verdict::Approve, Verdict::Reject] {
        orders.push(OrderKind::ReviewPullRequest {
            repo: repo.clone(),
            number: 1347,
            commit_id: REVIEWED.into(),
            verdict,
            body: Untrusted::default(),
        });
        orders.push(OrderKind::ReviewDeployment {
            repo: repo.clone(),
            run_id: 1,
            environment_ids: vec![161_171_787, 161_171_795],
            verdict,
            comment: Untrusted::default(),
        });
    }
    let scopes = [
        SecretScope::Org { org: "github".into() },
        SecretScope::Repo { repo: repo.clone() },
        SecretScope::Environment { repo: repo.clone(), environment: "prod eu/1".into() },
    ];
    for scope in &scopes {
        orders.push(OrderKind::DeleteActionsSecret { scope: scope.clone(), name: "KEY".into() });
    }
    orders.push(OrderKind::DeleteDeployKey {
        repo: repo.clone(),
        key: 1,
        title: "k".into(),
        public_key: "ssh-ed25519 AAAA".into(),
        read_only: true,
    });
    for kind in orders {
        let shown = source.calls(&kind);
        assert_eq!(shown.len(), 1);
        let order = order(source.name(), kind, None);
        let receipt = source.carry_out(&order).await.unwrap();
        let expected = match &order.kind {
            // The example always asks for changes, which is no answer to an approval.
            OrderKind::ReviewPullRequest { verdict: Verdict::Approve, .. } => Outcome::Unknown,
            _ => Outcome::Done,
        };
        assert_eq!(receipt.outcome, expected, "{:?}: {:?}", order.kind, receipt.answer);
        let sent = recorder.log().last().unwrap().call.clone();
        assert_eq!(sent, shown[0].operation.raw(), "what was shown is what was sent");
        source.fate(&order).await.unwrap();
    }
    for locator in [
        Locator::DeployKey { repo: repo.clone(), key: 1 },
        Locator::ActionsSecret { scope: scopes[0].clone(), name: "KEY".into() },
        Locator::ActionsSecret { scope: scopes[1].clone(), name: "KEY".into() },
        Locator::ActionsSecret { scope: scopes[2].clone(), name: "KEY".into() },
    ] {
        source.preview_revoke(&credential(&source, locator)).await.unwrap();
    }
    assert!(forbidden(&recorder.log()).is_empty(), "{:#?}", forbidden(&recorder.log()));
}

fn credential(source: &GithubSource, locator: Locator) -> Credential {
    Credential {
        id: locator.id(source.name()),
        source: source.name().clone(),
        part: Part::new("x"),
        locator,
        principal: Principal {
            kind: PrincipalKind::Repository,
            name: "x".into(),
            native: "x".into(),
            home: "x".into(),
        },
        label: "x".into(),
        environment: Environment::Unknown,
        status: CredentialStatus::Active,
        created: None,
        last_used: LastUsed::Unknown,
        grants: Vec::new(),
        facts: Vec::new(),
        holders: Vec::new(),
        reach: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Prism: make test"]
async fn the_description_catches_what_is_wrong_and_we_see_it_as_refused() {
    for (right, wrong, named) in [
        (r#""state":"approved""#, r#""state":"APPROVE""#, "state"),
        (r#""comment":"#, r#""remark":"#, "comment"),
        (r#""environment_ids":[11]"#, r#""environment_ids":["staging"]"#, "environment_ids"),
    ] {
        // Spoilt on the way: our own types cannot say anything that wrong.
        let recorder = Recorder::spoiling(server("PRISM"), right, wrong).await;
        let settings = settings(&recorder.url, Some("github"), "rowan");
        let source = GithubSource::connect(&settings, lens()).unwrap();
        let kind = OrderKind::ReviewDeployment {
            repo: "octocat/hello-world".parse().unwrap(),
            run_id: 1,
            environment_ids: vec![11],
            verdict: Verdict::Approve,
            comment: Untrusted::new("x"),
        };
        let receipt = source.carry_out(&order(source.name(), kind, None)).await.unwrap();
        assert_eq!(recorder.log().last().unwrap().status, 422);
        assert_eq!(receipt.outcome, Outcome::Refused, "{wrong}: {:?}", receipt.answer);
        assert!(receipt.answer.raw().contains(named), "{wrong}: {:?}", receipt.answer);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Prism: make test"]
async fn an_api_root_that_is_none_is_said_at_once() {
    let recorder = Recorder::before(server("PRISM")).await;
    let host = format!("{}/no/such/root", recorder.url);
    let source = GithubSource::connect(&settings(&host, Some("github"), "rowan"), lens()).unwrap();
    let fault = source.poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotFound, "{}", told(&fault));
    assert_eq!(recorder.log().len(), 1);
}
