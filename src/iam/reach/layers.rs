//! The layers of a request by a principal of the world.

use crate::iam::{
    evaluate::{Caller, Layers, Named},
    world::{Attachment, Boundary, Kind, Principal, PrincipalId, World},
};

impl<'a> Layers<'a> {
    /// Every policy of the world that has a say when this principal asks for this resource. The
    /// resource is looked up among the roles (whose trust policy it brings) and the known
    /// resource policies. None: there is no such principal.
    pub fn of(world: &'a World, id: PrincipalId, resource: &str) -> Option<Self> {
        let principal = world.principals.get(id.0 as usize)?;
        let account = world.accounts.get(principal.account.0 as usize)?;
        let (boundary, has_unknown_boundary) = match &principal.boundary {
            Boundary::None => (None, false),
            Boundary::Known { arn, document } => {
                (Some(vec![Named { name: arn, rules: document }]), false)
            }
            Boundary::Unknown { .. } => (None, true),
        };
        let is_bound_by_scps = !account.is_management && !principal.is_service_linked;
        let scps = account.scps.as_ref().filter(|_| is_bound_by_scps);
        Some(Self {
            identity: named(&principal.policies),
            boundary,
            has_unknown_boundary,
            scps: scps.map(|levels| levels.iter().map(|level| named(level)).collect()),
            resource: policy_of(world, resource),
            ..Self::default()
        })
    }
}

pub(super) fn named(attachments: &[Attachment]) -> Vec<Named<'_>> {
    attachments
        .iter()
        .filter_map(|attachment| {
            Some(Named { name: &attachment.name, rules: attachment.document.as_deref()? })
        })
        .collect()
}

/// A role's trust policy, or the policy of a known resource (a bucket's covers its objects).
fn policy_of<'a>(world: &'a World, resource: &str) -> Option<Named<'a>> {
    if let Some(role) = world.find(resource).and_then(|id| world.principals.get(id.0 as usize)) {
        return Some(Named { name: &role.arn, rules: role.trust.as_deref()? });
    }
    let bucket = resource
        .contains(":s3:::")
        .then(|| resource.split_once('/').map(|(bucket, _)| bucket))
        .flatten();
    let (arn, document) = [Some(resource), bucket].into_iter().flatten().find_map(|arn| {
        let at = world.resource_policies.binary_search_by(|(known, _)| (**known).cmp(arn)).ok()?;
        world.resource_policies.get(at)
    })?;
    Some(Named { name: arn, rules: document.as_deref()? })
}

/// How a principal of the world shows itself when it asks.
pub(super) fn caller(principal: &Principal) -> Caller {
    match principal.kind {
        Kind::User => Caller::User(principal.arn.clone()),
        Kind::Role => Caller::Role { arn: principal.arn.clone(), session: None },
    }
}
