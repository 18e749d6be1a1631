//! Switching access keys off and on, sealing and unsealing roles.
//!
//! ```text
//!   carry_out: right account? ─▶ one write, never repeated ─▶ Done │ Refused │ Unknown
//!   fate: read the status back
//! ```

use super::{
    connect::Clients,
    fault::{fault, was_never_sent},
    listing::{Identity, identity, list_keys},
    seal::{SEAL_DOCUMENT, SEAL_POLICY_NAME, Seal, seal_in},
};
use crate::domain::{
    Call, Fate, FaultKind, Locator, Order, OrderKind, Outcome, Receipt, SourceFault, SourceName,
    Untrusted,
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
pub(super) fn reverse(order: &OrderKind) -> Option<OrderKind> {
    Some(match order {
        OrderKind::SetAccessKey { user, key_id, active } => {
            OrderKind::SetAccessKey { user: user.clone(), key_id: key_id.clone(), active: !active }
        }
        OrderKind::SealRole { role } => OrderKind::UnsealRole { role: role.clone() },
        OrderKind::UnsealRole { role } => OrderKind::SealRole { role: role.clone() },
        _ => return None,
    })
}

pub(super) fn refused(during: &str, why: impl Into<Untrusted>) -> SourceFault {
    SourceFault::new(FaultKind::Refused, during, why)
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
pub(super) async fn read_seal(clients: &Clients, role: &str) -> Result<Seal, SourceFault> {
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

/// An order names its credential, whose id depends on the account; a role of the same name in
/// another account is another credential.
pub(super) fn check_account(
    source: &SourceName,
    order: &Order,
    me: &Identity,
) -> Result<(), SourceFault> {
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

pub(super) fn other_account(source: &SourceName, me: &Identity) -> SourceFault {
    refused(
        "sts:GetCallerIdentity",
        format!(
            "{source} now speaks for account {}, where this credential is not; nothing was sent",
            me.account
        ),
    )
}
