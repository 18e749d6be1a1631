//! The table: every action AWS has, its access level, and the resources it works on.

use super::{Access, ActionId, ActionSet, read};
use crate::iam::Glob;
use std::{cmp::Ordering, ops::Range, sync::LazyLock};

static TABLE: LazyLock<ActionTable> = LazyLock::new(|| {
    // What is shipped is proven to load by a test; an empty table would make the engine say that
    // nobody can do anything, so it must never come to this.
    read::shipped().unwrap_or_default()
});

/// Every action of AWS, sorted by name without regard to case.
///
/// Made from two public collections of AWS's Service Authorization Reference, see
/// `data/aws-actions/README.md`.
#[derive(Debug, Default)]
pub struct ActionTable {
    /// All names, one after the other.
    names: Box<str>,
    /// Where each name ends.
    ends: Vec<u32>,
    access: Vec<Access>,
    services: Vec<Service>,
    pub(super) templates: Vec<Glob>,
    /// Template and whether it is required, of all actions one after the other.
    resources: Vec<(u16, bool)>,
    /// Where each action's resources end.
    resource_ends: Vec<u32>,
    /// Sorted by the first.
    dependent: Vec<(ActionId, Box<[ActionId]>)>,
}

#[derive(Debug)]
struct Service {
    prefix: Box<str>,
    first: u16,
}

/// A service and its actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceActions<'a> {
    /// As actions are prefixed with it (`s3`).
    pub prefix: &'a str,
    /// Its rows.
    pub rows: Range<u16>,
}

/// A kind of resource an action works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template<'a> {
    /// Position among all templates.
    pub index: u16,
    /// An ARN with `*` for every part that varies.
    pub arn: &'a Glob,
    /// Every call names one; otherwise it names at least one of those that are not required.
    pub is_required: bool,
}

impl ActionTable {
    /// The table, unpacked when it is first asked for.
    pub fn get() -> &'static Self {
        &TABLE
    }

    /// How many actions there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none, which never holds for [`ActionTable::get`].
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// An action by its full name (`s3:GetObject`), in any case.
    pub fn find(&self, name: &str) -> Option<ActionId> {
        let at = self.partition(0..self.row_count(), |row| compare(row, name) == Ordering::Less);
        let id = ActionId(at);
        self.name_of(id).eq_ignore_ascii_case(name).then_some(id).filter(|_| !name.is_empty())
    }

    /// Its full name (`s3:GetObject`). Empty for an id that is not of this table.
    pub fn name(&'static self, id: ActionId) -> &'static str {
        self.name_of(id)
    }

    /// The prefix of its service (`s3`).
    pub fn service(&'static self, id: ActionId) -> &'static str {
        self.name_of(id).split_once(':').map_or("", |(service, _)| service)
    }

    /// Its access level.
    pub fn access(&self, id: ActionId) -> Access {
        self.access.get(usize::from(id.0)).copied().unwrap_or(Access::Write)
    }

    /// Whether it knows no resource: only `Resource: "*"` grants it (Service Authorization
    /// Reference, "Actions that don't support resource-level permissions").
    pub fn is_wildcard_only(&self, id: ActionId) -> bool {
        self.resource_range(id).is_empty()
    }

    /// The kinds of resource it works on; none of a wildcard-only action.
    pub fn resource_patterns(&self, id: ActionId) -> impl Iterator<Item = Template<'_>> {
        let resources = self.resources.get(self.resource_range(id)).unwrap_or_default();
        resources.iter().filter_map(|&(index, is_required)| {
            let arn = self.templates.get(usize::from(index))?;
            Some(Template { index, arn, is_required })
        })
    }

    /// Every ARN template of the table, by [`Template::index`].
    pub fn templates(&self) -> &[Glob] {
        &self.templates
    }

    /// What a caller needs besides it for some of its calls (`iam:PassRole`).
    pub fn dependent(&self, id: ActionId) -> &[ActionId] {
        match self.dependent.binary_search_by_key(&id, |(of, _)| *of) {
            Ok(at) => self.dependent.get(at).map_or(&[], |(_, ids)| ids),
            Err(_) => &[],
        }
    }

    /// Every action, by name.
    pub fn ids(&self) -> impl Iterator<Item = ActionId> + use<> {
        (0..self.row_count()).map(ActionId)
    }

    /// Every service with its actions, by prefix.
    pub fn services(&self) -> impl Iterator<Item = ServiceActions<'_>> {
        let services = self.services.iter().enumerate();
        services
            .map(|(at, service)| ServiceActions { prefix: &service.prefix, rows: self.rows_of(at) })
    }

    /// The service an action belongs to, with all its actions.
    pub fn service_of(&self, id: ActionId) -> Option<ServiceActions<'_>> {
        let at = self.services.partition_point(|service| service.first <= id.0).checked_sub(1)?;
        let prefix = &*self.services.get(at)?.prefix;
        Some(ServiceActions { prefix, rows: self.rows_of(at) })
    }

    fn rows_of(&self, service: usize) -> Range<u16> {
        let first = |at: usize| self.services.get(at).map_or(self.row_count(), |it| it.first);
        first(service)..first(service + 1)
    }

    /// The actions of a service, by its prefix in any case.
    pub fn service_actions(&self, prefix: &str) -> Option<ServiceActions<'_>> {
        // As the rows are sorted: by `prefix:`.
        let at = self.services.partition_point(|service| {
            let ours = service.prefix.bytes().chain([b':']);
            let theirs = prefix.bytes().map(|byte| byte.to_ascii_lowercase()).chain([b':']);
            ours.cmp(theirs).is_lt()
        });
        let service = self.services.get(at)?;
        let is_it = service.prefix.eq_ignore_ascii_case(prefix);
        is_it.then(|| ServiceActions { prefix: &service.prefix, rows: self.rows_of(at) })
    }

    /// Every action, as a set.
    pub fn all(&self) -> ActionSet {
        ActionSet::from_range(0..self.row_count())
    }

    pub(super) fn name_of(&self, id: ActionId) -> &str {
        let at = usize::from(id.0);
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.names.get(start.unwrap_or(0) as usize..end as usize).unwrap_or_default()
    }

    /// The first row of a range for which `is_before` no longer holds.
    pub(super) fn partition(&self, rows: Range<u16>, is_before: impl Fn(&str) -> bool) -> u16 {
        let (mut low, mut high) = (rows.start, rows.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(self.name_of(ActionId(middle))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub(super) fn row_count(&self) -> u16 {
        u16::try_from(self.ends.len()).unwrap_or(u16::MAX)
    }

    fn resource_range(&self, id: ActionId) -> Range<usize> {
        let at = usize::from(id.0);
        let end = self.resource_ends.get(at).copied().unwrap_or_default();
        let start = at.checked_sub(1).and_then(|before| self.resource_ends.get(before)).copied();
        (start.unwrap_or(0).min(end)) as usize..end as usize
    }
}

/// Filling it, for [`super::read`].
impl ActionTable {
    pub(super) fn open_service(&mut self, prefix: &str) {
        let first = self.row_count();
        self.services.push(Service { prefix: prefix.into(), first });
    }

    pub(super) fn push(&mut self, name_end: usize, access: Access) -> Option<ActionId> {
        let id = u16::try_from(self.ends.len()).ok()?;
        if usize::from(id) >= ActionSet::CAPACITY {
            return None;
        }
        self.ends.push(u32::try_from(name_end).ok()?);
        self.access.push(access);
        self.resource_ends.push(u32::try_from(self.resources.len()).ok()?);
        Some(ActionId(id))
    }

    pub(super) fn push_resource(&mut self, template: u16, is_required: bool) -> Option<()> {
        self.templates.get(usize::from(template))?;
        self.resources.push((template, is_required));
        *self.resource_ends.last_mut()? = u32::try_from(self.resources.len()).ok()?;
        Some(())
    }

    pub(super) fn close(&mut self, names: String) {
        self.names = names.into();
    }

    pub(super) fn set_dependent(&mut self, id: ActionId, on: Box<[ActionId]>) {
        self.dependent.push((id, on));
    }
}

/// Without regard to case, as the rows are sorted.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    a.bytes()
        .map(|byte| byte.to_ascii_lowercase())
        .cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(name: &str) -> ActionId {
        ActionTable::get().find(name).unwrap()
    }

    #[test]
    fn actions_are_found_in_any_case_and_told_in_awss_own() {
        let table = ActionTable::get();

        assert_eq!(table.name(action("S3:getobject")), "s3:GetObject");
        assert_eq!(table.service(action("s3:GetObject")), "s3");
        assert_eq!(table.find("s3:GetObjects"), None);
        assert_eq!(table.find(""), None);
        assert_eq!(table.find("zzz:Last"), None);
    }

    #[test]
    fn passing_a_role_and_making_a_key_are_permissions() {
        let table = ActionTable::get();

        assert_eq!(table.access(action("iam:PassRole")), Access::Permissions);
        assert_eq!(table.access(action("iam:CreateAccessKey")), Access::Permissions);
        assert_eq!(table.access(action("s3:DeleteObject")), Access::Write);
        assert_eq!(table.access(action("s3:ListBucket")), Access::List);
    }

    #[test]
    fn an_action_knows_its_resources() {
        let table = ActionTable::get();

        let of = |name| -> Vec<_> {
            table.resource_patterns(action(name)).map(|t| (t.arn.text(), t.is_required)).collect()
        };

        assert_eq!(of("iam:PassRole"), [("arn:*:iam::*:role/*", true)]);
        assert!(of("s3:GetObject").contains(&("arn:*:s3:::*/*", false)));
        assert!(table.is_wildcard_only(action("ec2:DescribeInstances")));
        assert!(!table.is_wildcard_only(action("ec2:RunInstances")));
    }

    #[test]
    fn an_action_knows_what_it_needs_besides() {
        let table = ActionTable::get();

        assert!(table.dependent(action("lambda:CreateFunction")).contains(&action("iam:PassRole")));
        assert!(table.dependent(action("s3:GetObject")).is_empty());
    }

    #[test]
    fn the_actions_of_a_service_lie_together() {
        let table = ActionTable::get();

        let iam = table.service_actions("IAM").unwrap();

        assert!(iam.rows.clone().all(|row| table.service(ActionId(row)) == "iam"));
        assert!(iam.rows.contains(&action("iam:PassRole").0));
        let rows: usize = table.services().map(|service| service.rows.len()).sum();
        assert_eq!(rows, table.len());
    }
}
