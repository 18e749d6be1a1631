//! Deploy keys of a repository.

use super::{
    client::{Ask, Session},
    clues::Clues,
    wire,
};
use crate::{
    domain::{
        ClueKind, Credential, CredentialStatus, Fact, Locator, Part, Principal, PrincipalKind,
        RepoName, SourceFault, SourceName,
    },
    sources::Lens,
};

/// The listing they come from.
pub(super) fn part(repo: &RepoName) -> Part {
    Part::new(format!("deploy-keys {repo}"))
}

/// The permission that listing needs.
pub(super) const PERMISSION: &str = "Administration: read";

/// Every deploy key of a repository.
pub(super) async fn list(
    session: &Session<'_>,
    source: &SourceName,
    lens: &Lens,
    repo: &RepoName,
) -> (Vec<Credential>, Option<SourceFault>) {
    let ask = Ask::json(format!("/repos/{repo}/keys?per_page=100")).needs(PERMISSION);
    let listing = session.pages::<Vec<wire::DeployKey>>(&ask).await;
    let keys = listing.items.into_iter().map(|key| credential(source, lens, repo, key)).collect();
    (keys, listing.fault)
}

/// One deploy key as it is now.
pub(super) async fn read(
    session: &Session<'_>,
    repo: &RepoName,
    key: u64,
) -> Result<wire::DeployKey, SourceFault> {
    session.json(&Ask::json(format!("/repos/{repo}/keys/{key}")).needs(PERMISSION)).await
}

fn credential(
    source: &SourceName,
    lens: &Lens,
    repo: &RepoName,
    key: wire::DeployKey,
) -> Credential {
    let locator = Locator::DeployKey { repo: repo.clone(), key: key.id };
    let mut clues = Clues::default();
    clues.add(ClueKind::KeyTitle, &key.title);
    if let Some(who) = &key.added_by {
        clues.add(ClueKind::GithubLogin, who);
    }
    let mut facts = vec![
        Fact::new("key id", key.id.to_string()),
        Fact::new("public key", &*key.key),
        Fact::new("read only", if key.read_only { "yes" } else { "no" }),
    ];
    facts.extend(key.added_by.as_deref().map(|who| Fact::new("added by", who)));
    facts.extend(key.verified.map(|yes| Fact::new("verified", if yes { "yes" } else { "no" })));
    Credential {
        id: locator.id(source),
        source: source.clone(),
        part: part(repo),
        principal: Principal {
            kind: PrincipalKind::Repository,
            name: repo.to_string().into(),
            native: repo.to_string().into(),
            home: repo.owner().into(),
        },
        environment: lens.production.repo(repo),
        status: if key.enabled == Some(false) {
            CredentialStatus::Inactive
        } else {
            CredentialStatus::Active
        },
        created: key.created_at,
        last_used: key.last_used,
        grants: vec![if key.read_only { "read" } else { "write" }.into()],
        facts,
        holders: lens.catalogue.recognise(clues.as_slice()),
        reach: None,
        label: key.title.into(),
        locator,
    }
}
