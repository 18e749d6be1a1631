//! The layers of a request by a principal of the world.

use crate::iam::{
    account_of,
    evaluate::{Caller, Layer, Layers, Named, Unread},
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
        let mut unread: Vec<Unread<'_>> = unread(&principal.policies, Layer::Identity, 0).collect();
        for (number, level) in scps.into_iter().flatten().enumerate() {
            unread.extend(self::unread(level, Layer::Scp, number));
        }
        let resource = match policy_of(world, resource) {
            Policy::Read(policy) => Some(policy),
            Policy::Unread(layer, name) => {
                unread.push(Unread { layer, level: 0, name });
                None
            }
            Policy::None => None,
        };
        Some(Self {
            identity: named(&principal.policies),
            boundary,
            has_unknown_boundary,
            scps: scps.map(|levels| levels.iter().map(|level| named(level)).collect()),
            resource,
            unread,
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

/// Those of these policies that cannot be read.
pub(super) fn unread(
    attachments: &[Attachment],
    layer: Layer,
    level: usize,
) -> impl Iterator<Item = Unread<'_>> {
    let unread = attachments.iter().filter(|attachment| attachment.document.is_none());
    unread.map(move |attachment| Unread { layer, level, name: &attachment.name })
}

/// A resource's own policy.
enum Policy<'a> {
    None,
    Read(Named<'a>),
    /// There is one, or there may be.
    Unread(Layer, &'a str),
}

/// A role's trust policy, or the policy of a known resource (a bucket's covers its objects).
fn policy_of<'a>(world: &'a World, resource: &str) -> Policy<'a> {
    if let Some(found) = world.find(resource).and_then(|id| world.principals.get(id.0 as usize)) {
        return match (&found.trust, found.kind) {
            (Some(rules), _) => Policy::Read(Named { name: &found.arn, rules }),
            (None, Kind::Role) => Policy::Unread(Layer::Trust, &found.arn),
            (None, Kind::User) => Policy::None,
        };
    }
    if resource.contains(":role/") {
        let account = account_of(resource).and_then(|account| world.account_named(account));
        let account = account.and_then(|account| world.accounts.get(account.0 as usize));
        if account.is_some_and(|account| !account.is_complete) {
            return Policy::Unread(Layer::Trust, "a trust policy that is not in the files");
        }
    }
    let bucket = resource
        .contains(":s3:::")
        .then(|| resource.split_once('/').map(|(bucket, _)| bucket))
        .flatten();
    let found = [Some(resource), bucket].into_iter().flatten().find_map(|arn| {
        let at = world.resource_policies.binary_search_by(|(known, _)| (**known).cmp(arn)).ok()?;
        world.resource_policies.get(at)
    });
    match found {
        Some((arn, Some(rules))) => Policy::Read(Named { name: arn, rules }),
        Some((arn, None)) => Policy::Unread(Layer::Resource, arn),
        None => Policy::None,
    }
}

/// How a principal of the world shows itself when it asks.
pub(super) fn caller(principal: &Principal) -> Caller {
    match principal.kind {
        Kind::User => Caller::User(principal.arn.clone()),
        Kind::Role => Caller::Role { arn: principal.arn.clone(), session: None },
    }
}
