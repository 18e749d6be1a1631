use super::{
    Files, FilesError, Resource, World,
    builder::{AccountBuilder, allow, deny, let_in},
};
use crate::iam::LoadError;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const BOB: &str = "arn:aws:iam::111122223333:user/bob";

/// Files of an audit in a folder of their own.
struct Folder {
    dir: TempDir,
    files: Files,
}

impl Folder {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), files: Files::default() }
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn account(mut self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.accounts.push(self.put(name, text));
        self
    }

    fn scps(mut self, text: &Value) -> Self {
        self.files.scps.push(self.put("scps.json", text.to_string()));
        self
    }

    fn resource_policies(mut self, text: &Value) -> Self {
        let name = format!("policies-{}.json", self.files.resource_policies.len());
        self.files.resource_policies.push(self.put(&name, text.to_string()));
        self
    }

    fn resources(mut self, text: &Value) -> Self {
        let name = format!("resources-{}.json", self.files.resources.len());
        self.files.resources.push(self.put(&name, text.to_string()));
        self
    }

    fn load(&self) -> Result<World, FilesError> {
        World::load(&self.files, &|_, _| {})
    }

    fn world(&self) -> World {
        self.load().unwrap()
    }

    /// A message without the folder's path.
    fn plain(&self, message: &str) -> String {
        message.replace(&format!("{}/", self.dir.path().display()), "")
    }

    fn error(&self) -> String {
        self.plain(&self.load().unwrap_err().to_string())
    }

    fn told(&self) -> Vec<String> {
        self.world().told().iter().map(|line| self.plain(line)).collect()
    }
}

fn bob() -> AccountBuilder {
    AccountBuilder::new().user("bob").inline(allow("*", "*"))
}

fn other() -> AccountBuilder {
    AccountBuilder::of("222233334444").role("deploy").trusted_by_service("ec2.amazonaws.com")
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_others_analysed() {
    let folder = Folder::new()
        .account("html.json", "<html>")
        .account("bob.json", bob().text())
        .account("other.json", other().text());
    let world = folder.world();
    assert_eq!(world.principals.len(), 2);
    assert!(world.accounts.iter().all(|account| account.is_complete));
    assert_eq!(
        folder.told(),
        [
            "html.json:1:1: not JSON: expected value. Export it with `aws iam get-account-authorization-details --output json`; nothing of it is analysed"
        ]
    );
}

#[test]
fn when_no_file_can_be_read_the_first_says_why() {
    let folder = Folder::new().account("a.json", "<html>").account("b.json", "{}");
    assert!(matches!(folder.load(), Err(FilesError::Account(LoadError::NotJson { .. }))));
    assert!(folder.error().starts_with("a.json:1:1: not JSON"));
}

#[test]
fn a_cut_file_is_analysed_as_far_as_it_goes_and_nothing_said_of_it_is_final() {
    let text = bob().text();
    let folder = Folder::new().account("cut.json", &text[..text.len() - 30]);
    let world = folder.world();
    assert!(world.find(BOB).is_some());
    assert!(!world.accounts[0].is_complete);
    let told = folder.told();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("cut.json:1:"), "{told:?}");
    assert!(
        told[0].ends_with(": the file ends in the middle of the JSON, after 1 user. Export it again; the copy was cut short; what comes before is analysed, what follows is missing, so nothing said of this account is final"),
        "{told:?}"
    );
}

#[test]
fn a_file_without_a_list_is_analysed_and_says_what_is_therefore_unknown() {
    let folder =
        Folder::new().account("a.json", bob().without("RoleDetailList").without("Policies").text());
    assert!(folder.world().find(BOB).is_some());
    assert!(!folder.world().accounts[0].is_complete);
    assert_eq!(
        folder.told(),
        [
            "a.json: there is no RoleDetailList: no role is analysed, and nothing that leads through a role is found",
            "a.json: there is no Policies: what attached managed policies give or forbid is unknown, but for AWS's best-known",
        ]
    );
}

#[test]
fn a_first_page_alone_is_not_the_account_but_all_pages_are() {
    let mut first = bob().json();
    first["IsTruncated"] = json!(true);
    let alone = Folder::new().account("1.json", first.to_string());
    assert!(!alone.world().accounts[0].is_complete);
    assert!(alone.told()[0].starts_with("1.json: more pages follow (IsTruncated is true)"));
    let rest = AccountBuilder::new().role("deploy").text();
    let all = Folder::new().account("1.json", first.to_string()).account("2.json", rest);
    assert!(all.world().accounts[0].is_complete);
    assert_eq!(all.told(), [""; 0]);
}

#[test]
fn a_last_page_of_policies_alone_belongs_to_the_account_before_it() {
    let mut first = bob().user("amy").attach("deploy").admin().without("Policies").json();
    first["IsTruncated"] = json!(true);
    let admin = AccountBuilder::new().aws_policy("AdministratorAccess", allow("*", "*"));
    let own = AccountBuilder::new().policy("deploy", allow("s3:*", "*"));
    let all = Folder::new()
        .account("1.json", first.to_string())
        .account("2.json", own.text())
        .account("3.json", admin.text());
    assert_eq!(all.told(), [""; 0]);
    assert!(all.world().accounts[0].is_complete);
}

#[test]
fn a_file_of_policies_alone_is_told() {
    let own = AccountBuilder::new().policy("deploy", allow("s3:*", "*"));
    let folder = Folder::new().account("a.json", own.text());
    assert!(folder.told()[0].starts_with("a.json: it names no user, role or group"));
    let aws = AccountBuilder::new().aws_policy("AdministratorAccess", allow("*", "*"));
    let folder = Folder::new().account("a.json", aws.text());
    assert!(folder.told()[0].starts_with("a.json: it names no user, role or group"));
}

#[test]
fn an_entry_of_the_wrong_type_leaves_the_account_incomplete() {
    let text = bob().role("x").raw("Arn", 7).text();
    let folder = Folder::new().account("prod.json", text);
    assert!(!folder.world().accounts[0].is_complete);
    assert_eq!(
        folder.told(),
        [
            "prod.json: RoleDetailList[0]: Arn: expected a string, found a number; it is not analysed"
        ]
    );
}

#[test]
fn a_list_of_policies_of_the_wrong_type_leaves_its_owner_with_an_unknown_policy() {
    let text = bob().role("x").raw("AttachedManagedPolicies", "Admin").text();
    let folder = Folder::new().account("prod.json", text);
    let world = folder.world();
    let role = world.get("arn:aws:iam::111122223333:role/x");
    assert_eq!(role.policies.len(), 1);
    assert!(role.policies[0].document.is_none());
    assert!(world.accounts[0].is_complete, "everybody is there");
    assert_eq!(
        folder.told(),
        [
            "prod.json: arn:aws:iam::111122223333:role/x AttachedManagedPolicies: RoleDetailList[0] (role/x).AttachedManagedPolicies: expected a list, found a string; what it gives or forbids is unknown"
        ]
    );
}

#[test]
fn a_ring_of_five_thousand_roles_is_loaded() {
    let mut account = AccountBuilder::new();
    for at in 0..5_000 {
        let next = account.arn(&format!("role/r{}", (at + 1) % 5_000));
        let before = account.arn(&format!("role/r{}", (at + 4_999) % 5_000));
        account = account
            .role(&format!("r{at}"))
            .inline(allow("sts:AssumeRole", &next))
            .trusted_by(&before);
    }
    let folder = Folder::new().account("ring.json", account.text());
    let world = folder.world();
    assert_eq!(world.principals.len(), 5_000);
    assert_eq!(world.problems, []);
}

#[test]
fn service_control_policies_bind_their_accounts_level_by_level() {
    let full = allow("*", "*").document();
    let leave = deny("organizations:LeaveOrganization", "*").document();
    let folder = Folder::new()
        .account("bob.json", bob().text())
        .account("other.json", other().text())
        .scps(&json!({
            "managementAccount": "222233334444",
            "accounts": {"111122223333": [
                [full],
                [full.to_string(), {"Name": "leave", "Content": leave.to_string()}, {"Statement": 3}],
            ]}
        }));
    let world = folder.world();
    let levels = world.accounts[0].scps.as_ref().unwrap();
    let names: Vec<Vec<(&str, bool)>> = levels
        .iter()
        .map(|level| level.iter().map(|p| (&*p.name, p.document.is_some())).collect())
        .collect();
    assert_eq!(
        names,
        [
            vec![("scp[0][0]", true)],
            vec![("scp[1][0]", true), ("leave", true), ("scp[1][2]", false)]
        ]
    );
    assert!(world.accounts[1].scps.is_none());
    assert!(world.accounts[1].is_management && !world.accounts[0].is_management);
    assert_eq!(
        folder.told(),
        [
            "service control policy scp[1][2] of account 111122223333: Statement: expected a statement or a list of statements, found a number; what it allows or forbids is unknown",
            "account 222233334444: the service control policies given do not name it, so it is analysed as if none bound it",
        ]
    );
}

#[test]
fn a_file_of_service_control_policies_of_another_form_is_refused_with_its_place() {
    let form = r#"It has the form {"accounts":{"<id>":[[policy,…],…]}}, the root's policies first"#;
    for (text, expected) in [
        (json!({}), "there is no \"accounts\"".to_owned()),
        (json!([]), "invalid type: sequence, expected an object at line 1 column 0".to_owned()),
        (json!({"accounts": {"1": []}}), "accounts.1: an account id has 12 digits".to_owned()),
        (
            json!({"accounts": {"111122223333": [{}]}}),
            "accounts.111122223333: invalid type: map, expected a sequence at line 1 column 1"
                .to_owned(),
        ),
        (
            json!({"accounts": {"111122223333": []}}),
            "accounts.111122223333: there is no level. AWS has FullAWSAccess at each".to_owned(),
        ),
    ] {
        let folder = Folder::new().account("a.json", bob().text()).scps(&text);
        assert_eq!(folder.error(), format!("scps.json: {expected}. {form}"));
    }
}

#[test]
fn resource_policies_are_taken_in_every_form() {
    let arn = "arn:aws:s3:::b";
    let policy = let_in("*", "s3:GetObject").on("arn:aws:s3:::b/*").document();
    for text in [
        json!({arn: policy}),
        json!({arn: policy.to_string()}),
        json!({"resourcePolicies": {arn: policy}}),
        json!({"account": "1", "resource_policies": {arn: policy}, "functions": []}),
        json!([{"arn": arn, "policy": policy}]),
        json!({"resourcePolicies": [{"arn": arn, "policy": policy}]}),
    ] {
        let folder = Folder::new().account("a.json", bob().text()).resource_policies(&text);
        assert!(matches!(folder.world().resource_policy(arn), Some(Some(_))), "{text}");
    }
    let twice = Folder::new()
        .account("a.json", bob().text())
        .resource_policies(&json!({arn: policy}))
        .resource_policies(&json!([{"arn": arn, "policy": policy}]));
    assert_eq!(
        twice.told(),
        ["policies-1.json: [0]: the policy of arn:aws:s3:::b was there already; the first is kept"]
    );
    let wrong = Folder::new().account("a.json", bob().text()).resource_policies(&json!({"b": {}}));
    assert_eq!(
        wrong.error(),
        r#"policies-0.json: b: the name of a resource is an ARN. It has the form {"<arn>":policy,…} or [{"arn":"…","policy":…},…]"#
    );
}

#[test]
fn known_resources_are_taken_as_lists_and_as_the_aws_cli_prints_them() {
    let account = AccountBuilder::new().role("web").profile("web-profile").role("fn").text();
    let profile = "arn:aws:iam::111122223333:instance-profile/x/web-profile";
    let folder = Folder::new()
        .account("a.json", account)
        .resources(&json!([{"arn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/t:1"}]))
        .resources(&json!({"Functions": [{
            "FunctionName": "f", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f",
            "Role": "arn:aws:iam::111122223333:role/fn"}]}))
        .resources(&json!({"Reservations": [{"Instances": [{
            "InstanceId": "i-1", "Placement": {"AvailabilityZone": "eu-west-1a"},
            "IamInstanceProfile": {"Arn": profile, "Id": "AIPA"}}, {"InstanceId": "i-2"}]}]}))
        .resources(&json!({"instances": [{
            "InstanceId": "i-3",
            "IamInstanceProfile": "arn:aws:iam::111122223333:instance-profile/gone"}],
            "functions": []}));
    let known: Vec<(String, Option<String>)> = folder
        .world()
        .resources
        .unwrap()
        .into_iter()
        .map(|Resource { arn, role }| (arn.into(), role.map(Into::into)))
        .collect();
    let role = |name: &str| Some(format!("arn:aws:iam::111122223333:{name}"));
    assert_eq!(
        known,
        [
            ("arn:aws:ecs:eu-west-1:111122223333:task-definition/t:1".to_owned(), None),
            ("arn:aws:lambda:eu-west-1:111122223333:function:f".to_owned(), role("role/fn")),
            ("arn:aws:ec2:eu-west-1:111122223333:instance/i-1".to_owned(), role("role/web")),
            ("arn:aws:ec2:*:*:instance/i-2".to_owned(), None),
            ("arn:aws:ec2:*:111122223333:instance/i-3".to_owned(), role("instance-profile/gone")),
        ]
    );
    assert_eq!(
        folder.told(),
        [
            "known resources: arn:aws:ec2:*:111122223333:instance/i-3 runs as arn:aws:iam::111122223333:instance-profile/gone, which no role carries, so what its code may do is unknown"
        ]
    );
}

#[test]
fn resources_of_another_form_are_refused_with_their_place() {
    let form = "It has the form [{\"arn\":\"…\",\"role\":\"…\"},…], or is what `aws lambda list-functions` or `aws ec2 describe-instances` prints";
    for (text, expected) in [
        (json!({"buckets": []}), "it has none of the lists that name resources"),
        (
            json!({"functions": [{"FunctionName": "f"}]}),
            "functions[0]: it has neither an \"arn\", nor a \"FunctionArn\", nor an \"InstanceId\"",
        ),
    ] {
        let folder = Folder::new().account("a.json", bob().text()).resources(&text);
        assert_eq!(folder.error(), format!("resources-0.json: {expected}. {form}"));
    }
}

#[test]
fn nobody_looked_for_resources_is_not_that_there_are_none() {
    let folder = Folder::new().account("a.json", bob().text());
    assert!(folder.world().resources.is_none());
    let none = Folder::new().account("a.json", bob().text()).resources(&json!([]));
    assert_eq!(none.world().resources, Some(Vec::new()));
}

#[test]
fn standard_input_is_read_once() {
    let mut files = Files { accounts: vec!["-".into()], ..Files::default() };
    files.scps.push("-".into());
    let error = World::load(&files, &|_: &Path, _| {}).unwrap_err();
    assert!(matches!(error, FilesError::StdinTwice));
}
