//! Which actions a resource pattern can grant at all.
//!
//! ```text
//!   "arn:aws:s3:::logs/*" ──▶ templates it meets: arn:*:s3:::*/* ──▶ s3:GetObject, s3:PutObject, …
//! ```
//!
//! A statement may name any action beside any resource. AWS compares the resource of the request,
//! and that always has the form of one of the action's resource types (Service Authorization
//! Reference), lies in the principal's partition, and for most services in its own account. So
//! `lambda:CreateFunction` on a bucket grants nothing, nor does an action without resource types
//! on anything but `*`.

use crate::iam::{
    ArnPattern, Glob,
    actions::{Access, ActionId, ActionSet, ActionTable},
};
use foldhash::{HashMap, HashMapExt as _};
use std::sync::{Arc, LazyLock};

/// Services whose resources are used by their own account only: they have no resource policies and
/// are not shared. `sts:AssumeRole` is another service's action on IAM's resources.
const OWN_ACCOUNT_ONLY: [&str; 16] = [
    "iam",
    "cloudformation",
    "autoscaling",
    "ecs",
    "eks",
    "elasticbeanstalk",
    "batch",
    "elasticmapreduce",
    "cognito-idp",
    "cognito-identity",
    "codepipeline",
    "codedeploy",
    "states",
    "apprunner",
    "datapipeline",
    "access-analyzer",
];

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::new);

/// The table's templates, taken apart, with the actions that have each.
struct Catalog {
    templates: Vec<Template>,
    /// By the service of the ARN.
    by_service: HashMap<&'static str, Vec<usize>>,
    everything: Arc<ActionSet>,
    reading: ActionSet,
    own_account_only: ActionSet,
}

struct Template {
    text: &'static str,
    parts: Option<Parts<'static>>,
    actions: ActionSet,
}

/// The segments of an ARN, or of a pattern of one.
#[derive(Debug, Clone, Copy)]
struct Parts<'a> {
    partition: &'a str,
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return None;
        }
        Some(Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }
}

impl Catalog {
    fn new() -> Self {
        let table = ActionTable::get();
        let mut rows: Vec<Vec<ActionId>> = vec![Vec::new(); table.templates().len()];
        for id in table.ids() {
            for template in table.resource_patterns(id) {
                if let Some(actions) = rows.get_mut(usize::from(template.index)) {
                    actions.push(id);
                }
            }
        }
        let templates: Vec<_> = table
            .templates()
            .iter()
            .zip(rows)
            .map(|(glob, actions)| Template {
                text: glob.text(),
                parts: Parts::of(glob.text()),
                actions: actions.into_iter().collect(),
            })
            .collect();
        let mut by_service: HashMap<_, Vec<_>> = HashMap::new();
        for (index, template) in templates.iter().enumerate() {
            let service = template.parts.map_or("*", |parts| parts.service);
            by_service.entry(service).or_default().push(index);
        }
        let reads = |&id: &ActionId| matches!(table.access(id), Access::Read | Access::List);
        let own = OWN_ACCOUNT_ONLY.iter().filter_map(|prefix| table.service_actions(prefix));
        Self {
            templates,
            by_service,
            everything: Arc::new(table.all()),
            reading: table.ids().filter(reads).collect(),
            own_account_only: own.flat_map(|service| service.rows).map(ActionId).collect(),
        }
    }

    /// Templates whose service may be this one.
    fn of_service(&self, service: &str) -> Vec<usize> {
        if service.contains(['*', '?', '$']) {
            return (0..self.templates.len()).collect();
        }
        let any = self.by_service.get("*").into_iter().flatten();
        any.chain(self.by_service.get(service).into_iter().flatten()).copied().collect()
    }
}

/// Answers for the principals of one account.
#[derive(Debug, Default)]
pub(super) struct Possible {
    partition: Box<str>,
    account: Box<str>,
    /// By the templates that are met: many patterns meet the same.
    unions: HashMap<(Vec<usize>, Owner), Arc<ActionSet>>,
}

/// Whose resources a pattern speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    Own,
    /// Another account's.
    Other,
    /// AWS's own, which everybody may look at and nobody may change.
    Aws,
}

impl Possible {
    pub(super) fn new(partition: &str, account: &str) -> Self {
        let (partition, account) = (partition.into(), account.into());
        Self { partition, account, unions: HashMap::new() }
    }

    /// The actions that a pattern can grant.
    pub(super) fn actions(&mut self, pattern: &ArnPattern) -> Arc<ActionSet> {
        let catalog = &*CATALOG;
        if pattern.is_everything() {
            return Arc::clone(&catalog.everything);
        }
        let (met, owner) = self.met(catalog, pattern);
        let union = self.unions.entry((met, owner)).or_insert_with_key(|(met, owner)| {
            let all = met.iter().filter_map(|&index| catalog.templates.get(index));
            let all = all.fold(ActionSet::default(), |all, one| all.union(&one.actions));
            Arc::new(match owner {
                Owner::Own => all,
                Owner::Other => all.subtract(&catalog.own_account_only),
                Owner::Aws => all.intersect(&catalog.reading),
            })
        });
        Arc::clone(union)
    }

    fn met(&self, catalog: &Catalog, pattern: &ArnPattern) -> (Vec<usize>, Owner) {
        let Some(parts) = Parts::of(pattern.text()) else {
            // `arn:aws:s3:*`, `*:production`: the star runs on beyond segments.
            let meets = |&index: &usize| {
                catalog.templates.get(index).is_some_and(|template| {
                    let text = template.text.replacen('*', &self.partition, 1);
                    pattern.overlaps(&ArnPattern::new(&text))
                })
            };
            return ((0..catalog.templates.len()).filter(meets).collect(), Owner::Own);
        };
        if !fits(parts.partition, &self.partition) {
            return (Vec::new(), Owner::Own);
        }
        let owner = if fits(parts.account, &self.account) {
            Owner::Own
        } else if parts.account.is_empty() || parts.account == "aws" {
            Owner::Aws
        } else {
            Owner::Other
        };
        let mut has_own_kind = false;
        let meets = |&index: &usize| {
            let Some(template) = catalog.templates.get(index).and_then(|it| it.parts) else {
                return false;
            };
            let is_met = meet(template.service, parts.service)
                && meet(template.region, parts.region)
                && (template.account == "*" || fits(parts.account, template.account))
                && resources_meet(&template, parts.resource);
            // A resource that no account owns is everybody's.
            has_own_kind |= is_met && template.account != "*";
            is_met
        };
        let met: Vec<_> = catalog.of_service(parts.service).into_iter().filter(meets).collect();
        (met, if has_own_kind && owner == Owner::Aws { Owner::Own } else { owner })
    }
}

/// Whether a segment of a pattern can be this text.
fn fits(segment: &str, text: &str) -> bool {
    segment == "*" || segment == text || (has_wildcard(segment) && Glob::new(segment).matches(text))
}

/// Whether two patterns of one segment have a text in common.
fn meet(template: &str, segment: &str) -> bool {
    if template == "*" || segment == "*" || template == segment {
        return true;
    }
    match (has_wildcard(template), has_wildcard(segment)) {
        (false, false) => false,
        _ => Glob::new(template).overlaps(&Glob::new(segment)),
    }
}

fn resources_meet(template: &Parts<'_>, pattern: &str) -> bool {
    // Names of buckets have no slash, though the template's star would take one.
    if template.resource == "*" && template.service == "s3" && template.account.is_empty() {
        return !pattern.contains('/');
    }
    let (ours, theirs) = (literal(template.resource), literal(pattern));
    if !ours.starts_with(theirs) && !theirs.starts_with(ours) {
        return false;
    }
    let is_open_ended = template.resource.len() == ours.len() + 1;
    (is_open_ended && theirs.starts_with(ours)) || meet(template.resource, pattern)
}

/// What stands before the first wildcard.
fn literal(text: &str) -> &str {
    text.split(['*', '?', '$']).next().unwrap_or_default()
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(pattern: &str, action: &str) -> bool {
        let mut possible = Possible::new("aws", "111122223333");
        let actions = possible.actions(&ArnPattern::new(pattern));
        actions.contains(ActionTable::get().find(action).unwrap())
    }

    #[test]
    fn a_resource_of_the_actions_own_kind_can_be_granted() {
        for (pattern, action) in [
            ("arn:aws:s3:::logs/*", "s3:GetObject"),
            ("arn:aws:s3:::logs", "s3:DeleteBucket"),
            ("arn:aws:s3:::*", "s3:GetObject"),
            ("arn:aws:s3:*", "s3:GetObject"),
            ("arn:aws:iam::111122223333:role/deploy", "iam:PassRole"),
            ("arn:*:iam::*:role/*", "iam:PassRole"),
            ("arn:aws:iam::999999999999:role/other", "sts:AssumeRole"),
            ("arn:aws:lambda:eu-west-1:111122223333:function:f", "lambda:CreateFunction"),
            ("arn:aws:ec2:*::image/*", "ec2:RunInstances"),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", "iam:GetPolicyVersion"),
            ("arn:aws:kms:*:999999999999:key/abc", "kms:Decrypt"),
            ("*", "ec2:DescribeInstances"),
            ("**", "ec2:DescribeInstances"),
        ] {
            assert!(grants(pattern, action), "{action} on {pattern}");
        }
    }

    #[test]
    fn a_resource_the_action_cannot_have_grants_nothing() {
        for (pattern, action) in [
            ("arn:aws:s3:::logs", "lambda:CreateFunction"),
            ("arn:aws:s3:::logs", "s3:GetObject"),
            ("arn:aws:s3:::logs/*", "s3:DeleteBucket"),
            ("arn:aws:s3:::logs", "ec2:DescribeInstances"),
            ("arn:aws:iam::aws:policy/AdministratorAccess", "iam:CreatePolicyVersion"),
            ("arn:aws:iam::999999999999:role/other", "iam:PassRole"),
            ("arn:aws:iam::999999999999:user/other", "iam:CreateAccessKey"),
            ("arn:aws-cn:s3:::logs/*", "s3:GetObject"),
            ("arn:aws:iam::111122223333:user/deploy", "iam:PassRole"),
            ("not-an-arn", "s3:GetObject"),
        ] {
            assert!(!grants(pattern, action), "{action} on {pattern}");
        }
    }
}
