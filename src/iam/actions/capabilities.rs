//! What each action can destroy or expose, from `data/capabilities.toml`.

use super::{Access, ActionId, ActionSet, ActionTable};
use crate::iam::Actions;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

static SHIPPED: &str = include_str!("../../../data/capabilities.toml");

static CAPABILITIES: LazyLock<Capabilities> = LazyLock::new(|| {
    // Proven to load by a test.
    read(SHIPPED).unwrap_or_default()
});

/// What using an action can do to what others rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Harm {
    /// Removes data or a resource.
    Delete,
    /// Ends something that runs, or a membership.
    Terminate,
    /// Empties something that stays.
    Purge,
    /// Switches something off, or a guard against loss.
    Disable,
    /// Begins a waiting time after which something is gone.
    ScheduleDeletion,
    /// Sets a time after which data goes by itself.
    Expire,
    /// Puts something else in its place.
    Overwrite,
    /// Stops what records or watches.
    Blind,
    /// Opens something to others.
    Expose,
    /// Reads data.
    ReadData,
    /// Reads or opens secrets.
    ReadSecret,
    /// Gives a credential or a session.
    Credential,
    /// Hands data to others.
    Share,
}

impl Harm {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Delete,
        Self::Terminate,
        Self::Purge,
        Self::Disable,
        Self::ScheduleDeletion,
        Self::Expire,
        Self::Overwrite,
        Self::Blind,
        Self::Expose,
        Self::ReadData,
        Self::ReadSecret,
        Self::Credential,
        Self::Share,
    ];

    /// Whether it loses data, service, or the evidence of it.
    pub fn destroys(self) -> bool {
        self <= Self::Expose
    }

    /// As a person reads it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Terminate => "terminate",
            Self::Purge => "purge",
            Self::Disable => "disable",
            Self::ScheduleDeletion => "schedule deletion",
            Self::Expire => "expire",
            Self::Overwrite => "overwrite",
            Self::Blind => "stop the record",
            Self::Expose => "expose",
            Self::ReadData => "read data",
            Self::ReadSecret => "read secrets",
            Self::Credential => "obtain credentials",
            Self::Share => "share",
        }
    }
}

/// Which actions do which harm.
#[derive(Debug, Default)]
pub struct Capabilities {
    sets: BTreeMap<Harm, Arc<ActionSet>>,
    destructive: Arc<ActionSet>,
    exposing: Arc<ActionSet>,
    /// By the rule that says so.
    undo: Vec<(ActionSet, Box<str>)>,
}

impl Capabilities {
    /// What the program was built with, read when it is first asked for.
    pub fn get() -> &'static Self {
        &CAPABILITIES
    }

    /// The harm an action can do.
    pub fn kinds(&self, id: ActionId) -> impl Iterator<Item = Harm> {
        self.sets.iter().filter(move |(_, set)| set.contains(id)).map(|(&harm, _)| harm)
    }

    /// The actions that do this harm.
    pub fn of(&self, harm: Harm) -> Arc<ActionSet> {
        self.sets.get(&harm).map(Arc::clone).unwrap_or_default()
    }

    /// Every action that can lose data, service or the evidence of it.
    pub fn destructive(&self) -> &Arc<ActionSet> {
        &self.destructive
    }

    /// Every action that can let data, secrets or access out.
    pub fn exposing(&self) -> &Arc<ActionSet> {
        &self.exposing
    }

    /// Whether it can be turned back, where its name does not say.
    pub fn undo(&self, id: ActionId) -> Option<&str> {
        self.undo.iter().find(|(set, _)| set.contains(id)).map(|(_, words)| &**words)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    kind: Harm,
    #[serde(default)]
    verbs: Vec<Box<str>>,
    #[serde(default)]
    actions: Vec<Box<str>>,
    #[serde(default)]
    except: Vec<Box<str>>,
    undo: Option<Box<str>>,
}

impl Rule {
    fn actions(&self, table: &ActionTable, changing: &ActionSet) -> ActionSet {
        let verbs = self.verbs.iter().map(|verb| table.select(&format!("*:{verb}")));
        let verbs = verbs.fold(ActionSet::default(), |all, one| all.union(&one));
        let select = |patterns: &[Box<str>]| table.select_all(&Actions::Only(patterns.into()));
        verbs.intersect(changing).union(&select(&self.actions)).subtract(&select(&self.except))
    }
}

fn read(text: &str) -> Result<Capabilities, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    let table = ActionTable::get();
    let changing = changing(table);
    let mut sets: BTreeMap<Harm, ActionSet> = BTreeMap::new();
    let mut undo = Vec::new();
    for rule in file.rule {
        let actions = rule.actions(table, &changing);
        let set = sets.entry(rule.kind).or_default();
        *set = set.union(&actions);
        if let Some(words) = rule.undo {
            undo.push((actions, words));
        }
    }
    let all = |destroys| {
        let of_kind = sets.iter().filter(|(harm, _)| harm.destroys() == destroys);
        Arc::new(of_kind.fold(ActionSet::default(), |all, (_, set)| all.union(set)))
    };
    let (destructive, exposing) = (all(true), all(false));
    let sets = sets.into_iter().map(|(harm, set)| (harm, Arc::new(set))).collect();
    Ok(Capabilities { sets, destructive, exposing, undo })
}

/// Actions that write or manage permissions.
fn changing(table: &ActionTable) -> ActionSet {
    let changes = |&id: &ActionId| matches!(table.access(id), Access::Write | Access::Permissions);
    table.ids().filter(changes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(action: &str) -> Vec<Harm> {
        let id = ActionTable::get().find(action).unwrap_or_else(|| panic!("{action} is gone"));
        Capabilities::get().kinds(id).collect()
    }

    fn destroys(action: &str) -> bool {
        kinds(action).iter().any(|harm| harm.destroys())
    }

    #[test]
    fn every_name_and_pattern_of_the_file_means_something() {
        let file: File = toml::from_str(SHIPPED).unwrap();
        let table = ActionTable::get();
        let changing = changing(table);

        for rule in &file.rule {
            for verb in &rule.verbs {
                let found = table.select(&format!("*:{verb}"));
                assert!(found.meets(&changing), "{:?}: no action for {verb}", rule.kind);
            }
            for name in rule.actions.iter().chain(&rule.except) {
                assert!(!table.select(name).is_empty(), "{:?}: no action for {name}", rule.kind);
            }
            assert!(!rule.actions(table, &changing).is_empty(), "{:?}: an empty rule", rule.kind);
        }
        for harm in Harm::ALL {
            assert!(!Capabilities::get().of(harm).is_empty(), "no action does {}", harm.word());
        }
    }

    #[test]
    fn loss_by_other_names_than_delete_is_known() {
        for (action, harm) in [
            ("s3:DeleteObject", Harm::Delete),
            ("rds:DeleteDBInstance", Harm::Delete),
            ("backup:DeleteRecoveryPoint", Harm::Delete),
            ("cloudformation:DeleteStack", Harm::Delete),
            ("elasticache:DeleteReplicationGroup", Harm::Delete),
            ("ec2:TerminateInstances", Harm::Terminate),
            ("organizations:LeaveOrganization", Harm::Terminate),
            ("sqs:PurgeQueue", Harm::Purge),
            ("kms:DisableKey", Harm::Disable),
            ("rds:ModifyDBInstance", Harm::Disable),
            ("kms:ScheduleKeyDeletion", Harm::ScheduleDeletion),
            ("s3:PutLifecycleConfiguration", Harm::Expire),
            ("dynamodb:UpdateTimeToLive", Harm::Expire),
            ("logs:PutRetentionPolicy", Harm::Expire),
            ("route53:ChangeResourceRecordSets", Harm::Overwrite),
            ("cloudtrail:StopLogging", Harm::Blind),
            ("s3:PutBucketPolicy", Harm::Expose),
            ("ec2:ModifySnapshotAttribute", Harm::Expose),
        ] {
            assert!(kinds(action).contains(&harm), "{action} should {}", harm.word());
        }
    }

    #[test]
    fn taking_off_a_label_or_a_link_is_no_loss() {
        for action in [
            "ec2:DeleteTags",
            "s3:DeleteObjectTagging",
            "kms:DeleteAlias",
            "lambda:DeleteAlias",
            "cloudwatch:DeleteDashboards",
            "ec2:DescribeInstances",
            "s3:GetObject",
            "iam:PassRole",
            "s3:AbortMultipartUpload",
        ] {
            assert!(!destroys(action), "{action}: {:?}", kinds(action));
        }
    }

    #[test]
    fn secrets_data_and_credentials_are_told_apart() {
        assert_eq!(kinds("secretsmanager:GetSecretValue"), [Harm::ReadSecret]);
        assert_eq!(kinds("s3:GetObject"), [Harm::ReadData]);
        assert_eq!(kinds("iam:CreateAccessKey"), [Harm::Credential]);
    }

    #[test]
    fn it_is_told_whether_it_can_be_turned_back() {
        let id = ActionTable::get().find("kms:ScheduleKeyDeletion").unwrap();

        assert!(Capabilities::get().undo(id).unwrap().contains("7 to 30 days"));
    }

    #[test]
    fn a_kind_nobody_knows_is_refused() {
        assert!(read("[[rule]]\nkind = \"annoy\"\n").is_err());
        assert!(read("[[rule]]\nkind = \"delete\"\nunless = []\n").is_err());
    }
}
