//! Switching access keys off and on, sealing and unsealing roles.
//!
//! ```text
//!   preview: read afresh ─▶ refuse what cannot or must not be done ─▶ calls, warnings, way back
//!   carry_out: right account? ─▶ one write, never repeated ─▶ Done │ Refused │ Unknown
//!   fate: read the status back
//! ```

use super::{
    connect::Clients,
    fault::{fault, was_never_sent},
    listing::{Identity, identity, last_used, list_keys},
    seal::{SEAL_DOCUMENT, SEAL_POLICY_NAME, Seal, seal_in},
};
use crate::{
    domain::{
        Call, Credential, Fate, FaultKind, LastUsed, Locator, Order, OrderKind, Outcome, Preview,
        Receipt, SourceFault, SourceName, Undo, Untrusted,
    },
    sources::aws::convert::time,
};
use aws_sdk_iam::{
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
    types::StatusType,
};
use jiff::{SignedDuration, Timestamp};
use std::{error::Error, time::Duration};

/// IAM is eventually consistent (IAM User Guide, "Changes that I make are not always immediately
/// visible"): a write younger than this may not show yet.
const SETTLING: SignedDuration = SignedDuration::from_secs(10);

const SETTLING_STEP: Duration = Duration::from_secs(2);

/// What an order sends.
pub(in crate::sources) fn calls(order: &OrderKind) -> Vec<Call> {
    let call = |operation: &str, parameters: &[(&str, &str)]| Call {
        operation: operation.into(),
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Untrusted::new(*value)))
            .collect(),
    };
    match order {
        OrderKind::SetAccessKey { user, key_id, active } => vec![call(
            "iam:UpdateAccessKey",
            &[
                ("UserName", user),
                ("AccessKeyId", key_id),
                ("Status", if *active { "Active" } else { "Inactive" }),
            ],
        )],
        OrderKind::SealRole { role } => vec![call(
            "iam:PutRolePolicy",
            &[
                ("RoleName", role),
                ("PolicyName", SEAL_POLICY_NAME),
                ("PolicyDocument", SEAL_DOCUMENT),
            ],
        )],
        OrderKind::UnsealRole { role } => vec![call(
            "iam:DeleteRolePolicy",
            &[("RoleName", role), ("PolicyName", SEAL_POLICY_NAME)],
        )],
        _ => Vec::new(),
    }
}

/// The order that takes this one back, where there is one.
fn reverse(order: &OrderKind) -> Option<OrderKind> {
    Some(match order {
        OrderKind::SetAccessKey { user, key_id, active } => {
            OrderKind::SetAccessKey { user: user.clone(), key_id: key_id.clone(), active: !active }
        }
        OrderKind::SealRole { role } => OrderKind::UnsealRole { role: role.clone() },
        OrderKind::UnsealRole { role } => OrderKind::SealRole { role: role.clone() },
        _ => return None,
    })
}

fn preview(order: OrderKind, last_used: LastUsed, warnings: Vec<String>) -> Preview {
    let undo = match reverse(&order).and_then(|reverse| calls(&reverse).into_iter().next()) {
        Some(call) => Undo::By { call },
        None => Undo::No { because: "AWS has no call that takes it back".to_owned() },
    };
    Preview { calls: calls(&order), order, last_used, undo, warnings }
}

fn refused(during: &str, why: impl Into<Untrusted>) -> SourceFault {
    SourceFault::new(FaultKind::Refused, during, why)
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
        return Err(super::fault::malformed(call, "the answer holds no role"));
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

pub(super) async fn carry_out(
    clients: &Clients,
    source: &SourceName,
    order: &Order,
) -> Result<Receipt, SourceFault> {
    // A profile or role may have come to mean another account since the preview.
    check_account(source, order, &identity(clients).await?)?;
    let iam = &clients.iam_writes;
    match &order.kind {
        OrderKind::SetAccessKey { user, key_id, active } => {
            let status = if *active { StatusType::Active } else { StatusType::Inactive };
            let answer =
                iam.update_access_key().user_name(user).access_key_id(key_id).status(status);
            receipt(order, "iam:UpdateAccessKey", &answer.send().await)
        }
        OrderKind::SealRole { role } => {
            let call = iam
                .put_role_policy()
                .role_name(role)
                .policy_name(SEAL_POLICY_NAME)
                .policy_document(SEAL_DOCUMENT);
            receipt(order, "iam:PutRolePolicy", &call.send().await)
        }
        OrderKind::UnsealRole { role } => {
            let call = iam.delete_role_policy().role_name(role).policy_name(SEAL_POLICY_NAME);
            receipt(order, "iam:DeleteRolePolicy", &call.send().await)
        }
        _ => Err(refused("carry out", "this is not an order for AWS")),
    }
}

fn receipt<O, E>(
    order: &Order,
    operation: &str,
    answer: &Result<O, SdkError<E>>,
) -> Result<Receipt, SourceFault>
where
    O: RequestId,
    E: ProvideErrorMetadata + Error + 'static,
{
    let (outcome, line) = match answer {
        Ok(output) => {
            let id = output.request_id().unwrap_or("not given");
            (Outcome::Done, format!("{operation} accepted, request id {id}"))
        }
        Err(error) => {
            let why = fault(operation, error);
            if was_never_sent(error) {
                return Err(why);
            }
            let id = error.request_id().map(|id| format!(", request id {id}")).unwrap_or_default();
            let status = error.raw_response().map(|raw| raw.status().as_u16());
            // Only a clear no from the service itself means that nothing changed.
            let is_refusal = matches!(error, SdkError::ServiceError(context) if context.err().code().is_some())
                && status.is_some_and(|status| (400..500).contains(&status));
            let outcome = if is_refusal { Outcome::Refused } else { Outcome::Unknown };
            (outcome, format!("{operation}: {}: {}{id}", why.kind, why.detail.raw()))
        }
    };
    Ok(Receipt { order: order.id.clone(), outcome, answer: line.into(), at: Timestamp::now() })
}

pub(super) async fn fate(
    clients: &Clients,
    source: &SourceName,
    order: &Order,
) -> Result<Fate, SourceFault> {
    check_account(source, order, &identity(clients).await?)?;
    loop {
        let fate = read_fate(clients, &order.kind).await?;
        // A young order that seems undone may only not show yet. An order dated in the future
        // (another host's clock) is waited for no longer than one from now.
        let age = Timestamp::now().duration_since(order.at);
        if fate != Fate::NotDone || age >= SETTLING || age < SignedDuration::ZERO {
            return Ok(fate);
        }
        tokio::time::sleep(SETTLING_STEP).await;
    }
}

async fn read_fate(clients: &Clients, order: &OrderKind) -> Result<Fate, SourceFault> {
    let when = |is_done: bool| if is_done { Fate::Done } else { Fate::NotDone };
    Ok(match order {
        OrderKind::SetAccessKey { user, key_id, active } => {
            match list_keys(&clients.iam, user).await {
                Ok(keys) => match keys.iter().find(|key| key.id == *key_id) {
                    Some(key) => when(key.is_active == *active),
                    None => Fate::Unknown,
                },
                Err(gone) if gone.kind == FaultKind::NotFound => Fate::Unknown,
                Err(why) => return Err(why),
            }
        }
        OrderKind::SealRole { role } => when(read_seal(clients, role).await? == Seal::Ours),
        OrderKind::UnsealRole { role } => when(read_seal(clients, role).await? == Seal::None),
        _ => Fate::Unknown,
    })
}

/// How a role stands with the seal right now. A role that is gone carries none.
async fn read_seal(clients: &Clients, role: &str) -> Result<Seal, SourceFault> {
    let answer =
        clients.iam.get_role_policy().role_name(role).policy_name(SEAL_POLICY_NAME).send().await;
    match answer {
        Ok(policy) => Ok(seal_in(&policy.policy_document)),
        Err(error) => match fault("iam:GetRolePolicy", &error) {
            gone if gone.kind == FaultKind::NotFound => Ok(Seal::None),
            why => Err(why),
        },
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

/// An order names its credential, whose id depends on the account; a role of the same name in
/// another account is another credential.
fn check_account(source: &SourceName, order: &Order, me: &Identity) -> Result<(), SourceFault> {
    let account = me.account.clone();
    let locator = match &order.kind {
        OrderKind::SetAccessKey { user, key_id, .. } => {
            Locator::AccessKey { account, user: user.clone(), key_id: key_id.clone() }
        }
        OrderKind::SealRole { role } | OrderKind::UnsealRole { role } => {
            Locator::RoleTrust { account, role: role.clone() }
        }
        _ => return Ok(()),
    };
    match &order.credential {
        Some(credential) if *credential != locator.id(source) => Err(other_account(source, me)),
        _ => Ok(()),
    }
}

fn other_account(source: &SourceName, me: &Identity) -> SourceFault {
    refused(
        "sts:GetCallerIdentity",
        format!(
            "{source} now speaks for account {}, where this credential is not; nothing was sent",
            me.account
        ),
    )
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
