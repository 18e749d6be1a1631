//! `doctor` for one GitHub source: token, identity, and each permission by its documented name,
//! tried with a read that changes nothing.

use super::{
    account,
    client::{Ask, Client, Session},
    deployments, keys, proxy, pulls, secrets, token, wire,
};
use crate::{
    config::GithubSettings,
    config::secret::without_secrets,
    domain::{FaultKind, RepoName, SecretScope, SourceFault, Untrusted},
    sources::{Diagnosis, Verdict, skew},
};
use jiff::Timestamp;

/// Every check, in the order a person would fix things.
pub(super) async fn run(client: &Client, settings: &GithubSettings) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    let place = token::origin(client.token());
    if let Some(problem) = token::complaint(client.token()) {
        found.push(warning(place.clone(), problem, "run `chmod 600` on it"));
    }
    if let Some(proxy) = proxy::in_use(client.base()) {
        found.push(good("proxy".to_owned(), proxy.into()));
    }
    let session = match client.session(true).await {
        Ok(session) => session,
        Err(fault) => {
            found.push(bad(place, &fault));
            return found;
        }
    };
    let (line, go_on) = identity(&session, client.base()).await;
    found.extend(line);
    if !go_on {
        return found;
    }
    let mut repo = settings.repos.first().cloned();
    if let Some(org) = &settings.org {
        found.push(repositories(&session, org, &mut repo).await);
        found.push(
            tried(
                &session,
                Ask::json(format!("/orgs/{org}/installations?per_page=1"))
                    .needs("Administration: read (organization)"),
                "app installations",
            )
            .await,
        );
        let scope = SecretScope::Org { org: org.clone() };
        found.push(
            tried(
                &session,
                Ask::json(format!("{}?per_page=1", secrets::path(&scope)))
                    .needs(secrets::permission(&scope)),
                "names of the organisation's Actions secrets",
            )
            .await,
        );
    }
    match repo {
        Some(repo) => repository(&session, &repo, &mut found).await,
        None => found.push(warning(
            "repositories".to_owned(),
            "there is none to try the other permissions on",
            "check `org` and `repos` in config.toml",
        )),
    }
    found
}

async fn identity(session: &Session<'_>, base: &str) -> (Vec<Diagnosis>, bool) {
    let what = format!("identity at {base}");
    let mut lines = Vec::new();
    let asked = Timestamp::now();
    let answer = match session.get(&Ask::json("/user")).await {
        Ok(answer) => answer,
        Err(fault) if fault.kind == FaultKind::Forbidden => {
            let saw = account::identity(session).await.unwrap_or_default();
            lines.push(good(what, saw));
            lines.push(warning(
                "reviewing deployments".to_owned(),
                "an app's installation token cannot approve a pending deployment",
                "use a token of a person who is a required reviewer",
            ));
            return (lines, true);
        }
        Err(fault) => {
            lines.push(bad(what, &fault));
            return (lines, false);
        }
    };
    let header = |name: &str| {
        answer.headers.get(name).and_then(|value| value.to_str().ok()).map(without_secrets)
    };
    let clock = header("date").and_then(|date| skew::check(&date, asked, Timestamp::now()));
    let Ok(account) = serde_json::from_slice::<wire::Account>(&answer.body) else {
        let fault = SourceFault::new(FaultKind::Malformed, "GET /user", "not a GitHub account");
        lines.push(bad(what, &fault));
        return (lines, false);
    };
    let scopes = header("x-oauth-scopes").filter(|scopes| !scopes.is_empty());
    let more = scopes.map_or_else(String::new, |scopes| format!(", scopes {scopes}"));
    lines.push(good(what, format!("{} (id {}){more}", account.login, account.id).into()));
    lines.extend(clock);
    if let Some(until) = header("github-authentication-token-expiration") {
        lines.push(good("token expiry".to_owned(), until.into()));
    }
    (lines, true)
}

async fn repositories(session: &Session<'_>, org: &str, first: &mut Option<RepoName>) -> Diagnosis {
    let what = "Metadata: read (repositories)".to_owned();
    match account::repositories(session, org).await {
        Ok(repos) => {
            if let Some(repo) = repos.iter().find(|repo| !repo.archived).or(repos.first()) {
                first.get_or_insert_with(|| repo.name.clone());
            }
            good(what, format!("{} repositories of {org}", repos.len()).into())
        }
        Err(fault) => bad(what, &fault),
    }
}

async fn repository(session: &Session<'_>, repo: &RepoName, found: &mut Vec<Diagnosis>) {
    let own = SecretScope::Repo { repo: repo.clone() };
    let reads = [
        (format!("/repos/{repo}/pulls?state=open&per_page=1"), pulls::PERMISSION, "pull requests"),
        (format!("/repos/{repo}/commits?per_page=1"), "Contents: read", "commits and diffs"),
        (format!("/repos/{repo}/commits/HEAD/check-runs?per_page=1"), "Checks: read", "checks"),
        (
            format!("/repos/{repo}/commits/HEAD/status?per_page=1"),
            "Commit statuses: read",
            "commit statuses",
        ),
        (
            format!("/repos/{repo}/actions/runs?status=waiting&per_page=1"),
            deployments::PERMISSION,
            "waiting runs",
        ),
        (format!("/repos/{repo}/keys?per_page=1"), keys::PERMISSION, "deploy keys"),
        (
            format!("{}?per_page=1", secrets::path(&own)),
            secrets::permission(&own),
            "names of Actions secrets",
        ),
    ];
    for (path, permission, what) in reads {
        found.push(tried(session, Ask::json(path).needs(permission), what).await);
    }
    let (environments, fault) = secrets::environments(session, repo).await;
    if let Some(fault) = fault {
        found.push(bad("Actions: read (environments)".to_owned(), &fault));
    } else if let Some(environment) = environments.into_iter().next() {
        let scope = SecretScope::Environment { repo: repo.clone(), environment };
        let ask = Ask::json(format!("{}?per_page=1", secrets::path(&scope)))
            .needs(secrets::permission(&scope));
        found.push(tried(session, ask, "names of environment secrets").await);
    }
    found.push(writes(session, repo).await);
}

/// Writes cannot be tried without making one; the repository says what the identity may do.
async fn writes(session: &Session<'_>, repo: &RepoName) -> Diagnosis {
    #[derive(serde::Deserialize)]
    struct Alone {
        permissions: Option<Role>,
    }
    #[derive(serde::Deserialize)]
    struct Role {
        #[serde(default)]
        admin: bool,
        #[serde(default)]
        push: bool,
    }
    let what = format!("role in {repo}");
    match session.json::<Alone>(&Ask::json(format!("/repos/{repo}")).needs("Metadata: read")).await
    {
        Err(fault) => bad(what, &fault),
        Ok(Alone { permissions: Some(Role { admin: true, .. }) }) => good(what, "admin".into()),
        Ok(Alone { permissions: Some(Role { push: true, .. }) }) => warning(
            what,
            "write: it may review, but neither delete deploy keys nor secrets",
            "give it the admin role if it should revoke",
        ),
        Ok(Alone { permissions: Some(_) }) => warning(
            what,
            "read: GitHub does not count its reviews, and it may revoke nothing",
            "give it the write role to approve, the admin role to revoke",
        ),
        Ok(Alone { permissions: None }) => warning(
            what,
            "GitHub does not say what this token may write",
            "grant `Pull requests: write`, `Deployments: write`, `Administration: write`, \
             `Secrets: write` and `Environments: write` to decide and revoke from here",
        ),
    }
}

async fn tried(session: &Session<'_>, ask: Ask, what: &str) -> Diagnosis {
    let name = format!("{} ({what})", ask.permission.unwrap_or("read"));
    match session.json::<serde_json::Value>(&ask).await {
        Ok(_) => good(name, what.into()),
        // An empty repository has no HEAD to ask about (409 or 422), which says nothing about the
        // permission.
        Err(fault) if fault.kind == FaultKind::Refused => {
            warning(name, fault.detail, "try again once the repository has a commit")
        }
        Err(mut fault) => {
            // GitHub hides what a token may not see behind 404.
            if fault.kind == FaultKind::NotFound {
                fault.missing_permission = ask.permission.map(str::to_owned);
            }
            bad(name, &fault)
        }
    }
}

fn good(what: String, saw: Untrusted) -> Diagnosis {
    Diagnosis { what, verdict: Verdict::Good { saw } }
}

fn warning(what: String, problem: impl Into<Untrusted>, next_step: &str) -> Diagnosis {
    Diagnosis {
        what,
        verdict: Verdict::Warning { problem: problem.into(), next_step: next_step.to_owned() },
    }
}

fn bad(what: String, fault: &SourceFault) -> Diagnosis {
    let problem = format!("{fault}: {}", fault.detail.raw()).into();
    Diagnosis { what, verdict: Verdict::Bad { problem, next_step: fault.next_step() } }
}
