//! What an order would do, before it is given.
//!
//! ```text
//!   credential ─▶ right account? ─▶ read afresh ─▶ refuse what cannot or must not be done
//!                                                    └─▶ calls, last use, warnings, way back
//! ```

use super::{
    connect::Clients,
    convert::time,
    fault::{fault, malformed},
    listing::{Identity, identity, last_used, list_keys},
    orders::{calls, check_account, other_account, read_seal, refused, reverse},
    seal::{SEAL_POLICY_NAME, Seal},
};
use crate::domain::{
    Credential, FaultKind, LastUsed, Locator, Order, OrderKind, Preview, SourceFault, SourceName,
    Undo,
};

fn preview(order: OrderKind, last_used: LastUsed, warnings: Vec<String>) -> Preview {
    let undo = match reverse(&order).and_then(|reverse| calls(&reverse).into_iter().next()) {
        Some(call) => Undo::By { call },
        None => Undo::No { because: "AWS has no call that takes it back".to_owned() },
    };
    Preview { calls: calls(&order), order, last_used, undo, warnings }
}

pub(super) async fn preview_revoke(
    clients: &Clients,
    source: &SourceName,
    credential: &Credential,
) -> Result<Preview, SourceFault> {
    let during = "revoke";
    let me = same_account(clients, source, &credential.locator).await?;
    match &credential.locator {
        Locator::AccessKey { user, key_id, .. } => {
            let keys = list_keys(&clients.iam, user).await?;
            let Some(key) = keys.iter().find(|key| key.id == *key_id) else {
                return Err(SourceFault::new(
                    FaultKind::NotFound,
                    "iam:ListAccessKeys",
                    format!("{user} has no key {key_id} any more"),
                ));
            };
            if !key.is_active {
                return Err(refused(
                    during,
                    format!("{key_id} is inactive already; there is nothing to take away"),
                ));
            }
            let mut warnings = Vec::new();
            let others = keys.iter().filter(|key| key.is_active && key.id != *key_id);
            let others: Vec<&str> = others.map(|key| key.id.as_str()).collect();
            if !others.is_empty() {
                warnings.push(format!(
                    "the user keeps {} other active access key(s): {}",
                    others.len(),
                    others.join(", ")
                ));
            }
            if clients.signs_with(key_id).await {
                warnings.push(
                    "this is the key Countersign itself signs with: after this call it can no longer reach the account, nor undo it".to_owned(),
                );
            } else if is_user(&me, user) {
                warnings.push("Countersign itself works as this user".to_owned());
            }
            warnings.push(
                "temporary credentials already made with this key stay valid until they expire"
                    .to_owned(),
            );
            let used = last_used(&clients.iam, key_id).await.unwrap_or(LastUsed::Unknown);
            let order = OrderKind::SetAccessKey {
                user: user.clone(),
                key_id: key_id.clone(),
                active: false,
            };
            Ok(preview(order, used, warnings))
        }
        Locator::RoleTrust { role, .. } => preview_seal(clients, &me, role).await,
        Locator::ConsolePassword { .. } | Locator::IamUser { .. } => Err(refused(
            during,
            "only access keys and roles can be switched off from here; delete the user's login profile in IAM",
        )),
        Locator::FederationProvider { .. } => Err(refused(
            during,
            "deleting a provider breaks every role that trusts it and cannot be undone from here; seal the roles that trust it instead",
        )),
        _ => Err(refused(during, "this is not a credential of AWS")),
    }
}

async fn preview_seal(
    clients: &Clients,
    me: &Identity,
    name: &str,
) -> Result<Preview, SourceFault> {
    let call = "iam:GetRole";
    let answer =
        clients.iam.get_role().role_name(name).send().await.map_err(|error| fault(call, &error))?;
    let Some(role) = answer.role else {
        return Err(malformed(call, "the answer holds no role"));
    };
    for path in ["/aws-service-role/", "/aws-reserved/"] {
        if role.path.starts_with(path) {
            return Err(refused(
                "revoke",
                format!(
                    "{name} lies under {path}: AWS manages it and this account cannot edit it. Remove it in the service that owns it"
                ),
            ));
        }
    }
    match read_seal(clients, name).await? {
        Seal::None => {}
        Seal::Ours => return Err(refused("revoke", format!("{name} is sealed already"))),
        Seal::Foreign => return Err(foreign_seal("revoke", name)),
    }
    let mut warnings = vec![
        "the denial is explicit and works at once: sessions of this role that were issued before are denied too, and so is every service that uses the role (allow some seconds for it to reach all regions)".to_owned(),
    ];
    if is_role(me, name) {
        warnings.push(
            "Countersign itself works as this role: after this call it can no longer reach the account, nor undo it".to_owned(),
        );
    }
    let used = match role
        .role_last_used
        .map(|last| (last.last_used_date.and_then(time), last.region))
    {
        Some((Some(at), region)) => LastUsed::At { at, what: region.unwrap_or_default().into() },
        Some((None, _)) => LastUsed::Never,
        None => LastUsed::Unknown,
    };
    Ok(preview(OrderKind::SealRole { role: name.to_owned() }, used, warnings))
}

fn foreign_seal(during: &str, role: &str) -> SourceFault {
    refused(
        during,
        format!(
            "{role} has an inline policy named {SEAL_POLICY_NAME} that is not the one we write; look at it and rename or remove it by hand"
        ),
    )
}

pub(super) async fn preview_restore(
    clients: &Clients,
    source: &SourceName,
    revoked: &Order,
) -> Result<Preview, SourceFault> {
    let during = "restore";
    let me = identity(clients).await?;
    check_account(source, revoked, &me)?;
    match &revoked.kind {
        OrderKind::SetAccessKey { user, key_id, active: false } => {
            let keys = list_keys(&clients.iam, user).await?;
            match keys.iter().find(|key| key.id == *key_id) {
                None => {
                    return Err(SourceFault::new(
                        FaultKind::NotFound,
                        "iam:ListAccessKeys",
                        format!("{user} has no key {key_id} any more; it was deleted elsewhere"),
                    ));
                }
                Some(key) if key.is_active => {
                    return Err(refused(during, format!("{key_id} is active already")));
                }
                Some(_) => {}
            }
            let used = last_used(&clients.iam, key_id).await.unwrap_or(LastUsed::Unknown);
            let order = OrderKind::SetAccessKey {
                user: user.clone(),
                key_id: key_id.clone(),
                active: true,
            };
            Ok(preview(order, used, Vec::new()))
        }
        OrderKind::SealRole { role } => match read_seal(clients, role).await? {
            Seal::Ours => {
                let order = OrderKind::UnsealRole { role: role.clone() };
                Ok(preview(order, LastUsed::Unknown, Vec::new()))
            }
            Seal::None => Err(refused(during, format!("{role} is not sealed any more"))),
            Seal::Foreign => Err(foreign_seal(during, role)),
        },
        _ => Err(refused(during, "this order took nothing away that AWS could give back")),
    }
}

/// Fails unless the credential lies in the account we speak for.
async fn same_account(
    clients: &Clients,
    source: &SourceName,
    locator: &Locator,
) -> Result<Identity, SourceFault> {
    let me = identity(clients).await?;
    let (Locator::AccessKey { account, .. }
    | Locator::ConsolePassword { account, .. }
    | Locator::IamUser { account, .. }
    | Locator::RoleTrust { account, .. }
    | Locator::FederationProvider { account, .. }) = locator
    else {
        return Ok(me);
    };
    if *account == me.account { Ok(me) } else { Err(other_account(source, &me)) }
}

/// Whether we are this user (`arn:aws:iam::…:user/path/name`).
fn is_user(me: &Identity, name: &str) -> bool {
    me.arn.contains(":user/") && me.arn.rsplit('/').next() == Some(name)
}

/// Whether we are a session of this role (`arn:aws:sts::…:assumed-role/name/session`).
fn is_role(me: &Identity, name: &str) -> bool {
    me.arn
        .split_once(":assumed-role/")
        .is_some_and(|(_, rest)| rest.split('/').next() == Some(name))
}
