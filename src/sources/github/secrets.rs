//! Names of Actions secrets: of the organisation, of a repository, of its environments.

use super::{
    client::{Ask, Session},
    clues::Clues,
    wire,
};
use crate::{
    domain::{
        ClueKind, Credential, CredentialStatus, Environment, Fact, LastUsed, Locator, Part,
        Principal, PrincipalKind, RepoName, SecretScope, SourceFault, SourceName, Untrusted,
    },
    sources::Lens,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986 unreserved characters.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The listing secrets of a scope come from. All environments of a repository are one listing.
pub(super) fn part(scope: &SecretScope) -> Part {
    Part::new(match scope {
        SecretScope::Org { org } => format!("actions-secrets {org}"),
        SecretScope::Repo { repo } => format!("actions-secrets {repo}"),
        SecretScope::Environment { repo, .. } => format!("environment-secrets {repo}"),
    })
}

/// Where the secrets of a scope are, under the API root.
pub(super) fn path(scope: &SecretScope) -> String {
    match scope {
        SecretScope::Org { org } => {
            format!("/orgs/{}/actions/secrets", utf8_percent_encode(org, IN_PATH))
        }
        SecretScope::Repo { repo } => format!("/repos/{repo}/actions/secrets"),
        SecretScope::Environment { repo, environment } => format!(
            "/repos/{repo}/environments/{}/secrets",
            utf8_percent_encode(environment, IN_PATH)
        ),
    }
}

/// Where one secret is, under the API root.
pub(super) fn path_of(scope: &SecretScope, name: &str) -> String {
    format!("{}/{}", path(scope), utf8_percent_encode(name, IN_PATH))
}

/// The permission its listing needs.
pub(super) fn permission(scope: &SecretScope) -> &'static str {
    match scope {
        SecretScope::Org { .. } => "Secrets: read (organization)",
        SecretScope::Repo { .. } => "Secrets: read",
        SecretScope::Environment { .. } => "Environments: read",
    }
}

/// The names in one scope.
pub(super) async fn list(
    session: &Session<'_>,
    source: &SourceName,
    lens: &Lens,
    scope: &SecretScope,
    reach: Environment,
) -> (Vec<Credential>, Option<SourceFault>) {
    let ask = Ask::json(format!("{}?per_page=100", path(scope))).needs(permission(scope));
    let listing = session.pages::<wire::Secrets>(&ask).await;
    let found = listing
        .items
        .into_iter()
        .map(|secret| credential(source, lens, scope, reach, secret))
        .collect();
    (found, listing.fault)
}

/// The environments of a repository.
pub(super) async fn environments(
    session: &Session<'_>,
    repo: &RepoName,
) -> (Vec<String>, Option<SourceFault>) {
    let ask = Ask::json(format!("/repos/{repo}/environments?per_page=100")).needs("Actions: read");
    let listing = session.pages::<wire::Environments>(&ask).await;
    (listing.items.into_iter().map(|environment| environment.name).collect(), listing.fault)
}

/// Whether what runs in an environment of a repository is production: the environment's own rule
/// first, then the repository's.
pub(super) fn reach_of(lens: &Lens, repo: &RepoName, environment: &str) -> Environment {
    match lens.production.environment(&Untrusted::new(environment)) {
        Environment::Unknown => lens.production.repo(repo),
        known => known,
    }
}

fn credential(
    source: &SourceName,
    lens: &Lens,
    scope: &SecretScope,
    reach: Environment,
    secret: wire::Secret,
) -> Credential {
    let mut clues = Clues::default();
    clues.add(ClueKind::SecretName, &secret.name);
    let (kind, home, name) = match scope {
        SecretScope::Org { org } => (PrincipalKind::Organisation, org.clone(), org.clone()),
        SecretScope::Repo { repo } => {
            (PrincipalKind::Repository, repo.owner().to_owned(), repo.to_string())
        }
        SecretScope::Environment { repo, environment } => {
            clues.add(ClueKind::SecretEnvironment, environment);
            (PrincipalKind::Repository, repo.owner().to_owned(), format!("{repo} {environment}"))
        }
    };
    let mut facts = Vec::new();
    if let SecretScope::Environment { environment, .. } = scope {
        facts.push(Fact::new("environment", &**environment));
    }
    facts.extend(secret.visibility.map(|who| Fact::new("visible to", who)));
    facts.extend(secret.updated_at.map(|at| Fact::at("last changed", at)));
    let locator = Locator::ActionsSecret { scope: scope.clone(), name: secret.name.clone() };
    Credential {
        id: locator.id(source),
        source: source.clone(),
        part: part(scope),
        locator,
        principal: Principal {
            kind,
            name: Untrusted::new(&*name),
            native: name.into(),
            home: home.into(),
        },
        label: secret.name.into(),
        environment: reach,
        status: CredentialStatus::Active,
        created: secret.created_at,
        last_used: LastUsed::Unknown,
        grants: Vec::new(),
        facts,
        holders: lens.catalogue.recognise(clues.as_slice()),
        reach: None,
    }
}

#[cfg(test)]
mod tests {
    use super::path_of;
    use crate::domain::SecretScope;

    #[test]
    fn an_environment_name_cannot_climb_out_of_its_path() {
        let scope = SecretScope::Environment {
            repo: "acme/shop".parse().unwrap(),
            environment: "prod/../../x ?#".into(),
        };
        assert_eq!(
            path_of(&scope, "A/B"),
            "/repos/acme/shop/environments/prod%2F..%2F..%2Fx%20%3F%23/secrets/A%2FB"
        );
    }
}
