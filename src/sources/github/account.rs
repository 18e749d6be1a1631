//! As whom we ask, which repositories there are, which apps are installed.

use super::{
    client::{Ask, Session},
    clues::Clues,
    wire,
};
use crate::{
    domain::{
        ClueKind, Credential, CredentialStatus, Environment, Fact, FaultKind, LastUsed, Locator,
        Part, Principal, PrincipalKind, RepoName, SourceFault, SourceName, Untrusted,
    },
    sources::Lens,
};

/// The listing of an organisation's installed apps.
pub(super) fn installations_part(org: &str) -> Part {
    Part::new(format!("app-installations {org}"))
}

/// The login behind the token. An app's installation token has no user; that is said instead.
pub(super) async fn identity(session: &Session<'_>) -> Result<Untrusted, SourceFault> {
    match session.json::<wire::Account>(&Ask::json("/user")).await {
        Ok(account) => Ok(account.login.into()),
        Err(fault) if fault.kind == FaultKind::Forbidden => {
            Ok("an app installation (its token has no user)".into())
        }
        Err(fault) => Err(fault),
    }
}

/// A repository we read.
#[derive(Debug, Clone)]
pub(super) struct Repo {
    /// Its name.
    pub(super) name: RepoName,
    /// Read-only by its owner's wish: it still has keys and secrets, and nothing pending.
    pub(super) archived: bool,
}

/// Every repository of an organisation.
///
/// A listing that is not complete is a failure: without it nobody can tell which things of other
/// repositories are gone and which were only not asked for.
pub(super) async fn repositories(
    session: &Session<'_>,
    org: &str,
) -> Result<Vec<Repo>, SourceFault> {
    let ask = Ask::json(format!("/orgs/{org}/repos?type=all&per_page=100")).needs("Metadata: read");
    let listing = session.pages::<Vec<wire::Repository>>(&ask).await;
    if let Some(fault) = listing.fault {
        return Err(fault);
    }
    let mut repos = Vec::new();
    for repo in listing.items.into_iter().filter(|repo| !repo.disabled) {
        let name = repo.full_name.parse().map_err(|_| {
            let words = format!("a repository with an impossible name: {:?}", repo.full_name);
            SourceFault::new(FaultKind::Malformed, ask.during(), words)
        })?;
        repos.push(Repo { name, archived: repo.archived });
    }
    Ok(repos)
}

/// The apps installed in an organisation.
pub(super) async fn installations(
    session: &Session<'_>,
    source: &SourceName,
    lens: &Lens,
    org: &str,
    reach: Environment,
) -> (Vec<Credential>, Option<SourceFault>) {
    let ask = Ask::json(format!("/orgs/{org}/installations?per_page=100"))
        .needs("Administration: read (organization)");
    let listing = session.pages::<wire::Installations>(&ask).await;
    let credentials = listing
        .items
        .into_iter()
        .map(|installed| installation(source, lens, org, reach, installed))
        .collect();
    (credentials, listing.fault)
}

fn installation(
    source: &SourceName,
    lens: &Lens,
    org: &str,
    reach: Environment,
    installed: wire::Installation,
) -> Credential {
    let mut clues = Clues::default();
    clues.add(ClueKind::GithubAppSlug, &installed.app_slug);
    clues.add(ClueKind::GithubLogin, &format!("{}[bot]", installed.app_slug));
    let mut grants: Vec<(u8, String)> = installed
        .permissions
        .iter()
        .map(|(what, level)| {
            let order = match level.as_str() {
                "admin" => 0,
                "write" => 1,
                _ => 2,
            };
            (order, format!("{what}: {level}"))
        })
        .collect();
    grants.sort();
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: Option<String>| {
        facts.extend(value.filter(|value| !value.is_empty()).map(|value| Fact::new(name, value)));
    };
    fact("repositories", installed.repository_selection);
    fact("app id", installed.app_id.map(|id| id.to_string()));
    fact("installation", Some(installed.id.to_string()));
    fact("settings page", installed.html_url);
    fact("events", Some(installed.events.join(", ")));
    fact("changed", installed.updated_at.map(|at| at.to_string()));
    fact("suspended", installed.suspended_at.map(|at| at.to_string()));
    fact("suspended by", installed.suspended_by.map(|who| who.login));
    let locator = Locator::AppInstallation {
        org: org.to_owned(),
        installation: installed.id,
        slug: installed.app_slug.clone(),
    };
    Credential {
        id: locator.id(source),
        source: source.clone(),
        part: installations_part(org),
        locator,
        principal: Principal {
            kind: PrincipalKind::GithubApp,
            name: Untrusted::new(&*installed.app_slug),
            native: format!("apps/{}", installed.app_slug).into(),
            home: org.into(),
        },
        label: installed.app_slug.into(),
        environment: reach,
        status: if installed.suspended_at.is_some() {
            CredentialStatus::Inactive
        } else {
            CredentialStatus::Active
        },
        created: installed.created_at,
        last_used: LastUsed::Unknown,
        grants: grants.into_iter().map(|(_, grant)| grant.into()).collect(),
        facts,
        holders: lens.catalogue.recognise(clues.as_slice()),
        reach: None,
    }
}
