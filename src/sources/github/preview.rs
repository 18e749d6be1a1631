//! What taking a credential away would do, said before it is done.

use super::{
    client::{Ask, Session},
    keys, orders, secrets, wire,
};
use crate::domain::{
    Credential, FaultKind, LastUsed, Locator, Order, OrderKind, Preview, SecretScope, SourceFault,
    Undo, Untrusted,
};

/// The order that would take this credential away, from the credential as it is right now.
pub(super) async fn revoke(
    session: &Session<'_>,
    web: &str,
    credential: &Credential,
) -> Result<Preview, SourceFault> {
    match &credential.locator {
        Locator::DeployKey { repo, key } => {
            let now = keys::read(session, repo, *key).await?;
            let order = OrderKind::DeleteDeployKey {
                repo: repo.clone(),
                key: *key,
                title: now.title.into(),
                public_key: now.key.into(),
                read_only: now.read_only,
            };
            Ok(Preview {
                calls: orders::calls(&order),
                order,
                last_used: now.last_used,
                undo: Undo::No {
                    because: "GitHub forgets a deleted deploy key. Its public half is kept here, \
                              so it can be added again by hand as a new key; its private half \
                              was never known to us"
                        .to_owned(),
                },
                warnings: vec![
                    "everything that still uses this key loses its access at once".to_owned(),
                ],
            })
        }
        Locator::ActionsSecret { scope, name } => {
            let ask = Ask::json(secrets::path_of(scope, name)).needs(secrets::permission(scope));
            session.json::<wire::Secret>(&ask).await?;
            let order = OrderKind::DeleteActionsSecret { scope: scope.clone(), name: name.clone() };
            let mut warnings = vec![
                "workflows that read it get an empty text from now on".to_owned(),
                "the value itself stays valid wherever it was issued: revoke it there too"
                    .to_owned(),
            ];
            if matches!(scope, SecretScope::Org { .. }) {
                warnings.push("every repository it is shared with loses it".to_owned());
            }
            Ok(Preview {
                calls: orders::calls(&order),
                order,
                last_used: LastUsed::Unknown,
                undo: Undo::No {
                    because: "the value of a secret cannot be read, so it cannot be put back; \
                              set it again from where it was issued"
                        .to_owned(),
                },
                warnings,
            })
        }
        Locator::AppInstallation { org, installation, slug } => Err(refused(
            format!("revoke app {slug}"),
            format!(
                "GitHub's API lets only the app itself end an installation. An owner of {org} can \
                 suspend or uninstall it here: \
                 {web}/organizations/{org}/settings/installations/{installation}"
            ),
        )),
        _ => Err(refused(
            format!("revoke {}", credential.id),
            "this source holds no credentials of this kind",
        )),
    }
}

/// Nothing this source takes away can be given back by it; the reason, by kind.
pub(super) fn restore(revoked: &Order) -> SourceFault {
    let why: Untrusted = match &revoked.kind {
        OrderKind::DeleteDeployKey { repo, title, public_key, read_only, .. } => format!(
            "a deleted deploy key cannot come back by itself. Add it again in the settings of \
             {repo} as `{}` ({}): {}",
            title.raw(),
            if *read_only { "read only" } else { "with write access" },
            public_key.raw()
        )
        .into(),
        OrderKind::DeleteActionsSecret { .. } => {
            "the value of a deleted secret is not known to us: set it again from where it was issued"
                .into()
        }
        _ => "this order took nothing away".into(),
    };
    refused(format!("restore of order {}", revoked.id), why)
}

fn refused(during: String, detail: impl Into<Untrusted>) -> SourceFault {
    SourceFault::new(FaultKind::Refused, during, detail)
}
