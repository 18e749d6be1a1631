//! Audit offline, from authorization-details files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

use crate::support::aws::plain_lens;
use countersign::{
    config::SnapshotFiles,
    domain::{
        Certainty, CredentialKind, CredentialStatus, FaultKind, LastUsed, Observation, Reach,
        Untrusted,
    },
    sources::{Progress, Source, Verdict, snapshot::SnapshotSource},
};
use serde_json::{Value, json};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

/// Authorization details of one account, as the AWS CLI writes them.
struct AccountFile {
    account: &'static str,
    users: Vec<Value>,
    roles: Vec<Value>,
    policies: Vec<Value>,
}

impl AccountFile {
    fn of(account: &'static str) -> Self {
        Self { account, users: Vec::new(), roles: Vec::new(), policies: Vec::new() }
    }

    fn user(mut self, name: &str, more: &Value) -> Self {
        let arn = format!("arn:aws:iam::{}:user/{name}", self.account);
        self.users.push(merged(json!({"Path": "/", "UserName": name, "Arn": arn}), more));
        self
    }

    fn role(mut self, name: &str, more: &Value) -> Self {
        let arn = format!("arn:aws:iam::{}:role/{name}", self.account);
        let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]});
        let role = json!({"Path": "/", "RoleName": name, "Arn": arn,
            "AssumeRolePolicyDocument": trust});
        self.roles.push(merged(role, more));
        self
    }

    fn policy(mut self, name: &str, document: &Value) -> Self {
        let arn = format!("arn:aws:iam::{}:policy/{name}", self.account);
        self.policies.push(json!({"PolicyName": name, "Arn": arn, "PolicyVersionList":
            [{"VersionId": "v1", "IsDefaultVersion": true, "Document": document}]}));
        self
    }

    fn attach(&self, name: &str) -> Value {
        json!([{"PolicyName": name, "PolicyArn": format!("arn:aws:iam::{}:policy/{name}", self.account)}])
    }

    fn text(&self) -> String {
        json!({"UserDetailList": self.users, "GroupDetailList": [], "RoleDetailList": self.roles,
            "Policies": self.policies})
        .to_string()
    }
}

fn merged(mut into: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        into[key] = value.clone();
    }
    into
}

/// A folder with files, and the source over them in the order they were added.
struct Folder {
    dir: TempDir,
    files: Vec<PathBuf>,
}

impl Folder {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap(), files: Vec::new() }
    }

    fn with(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.dir.path().join(name);
        fs::write(&path, content).unwrap();
        self.files.push(path);
        self
    }

    fn settings(&self) -> SnapshotFiles {
        SnapshotFiles {
            name: "test".to_owned(),
            files: self.files.clone(),
            scps: None,
            resource_policies: None,
            resources: None,
            production: None,
        }
    }

    fn source(&self) -> SnapshotSource {
        SnapshotSource::open(&self.settings(), plain_lens())
    }

    async fn poll(&self) -> Observation {
        self.source().poll(&Progress::new()).await.unwrap()
    }
}

fn labels(seen: &Observation) -> Vec<&str> {
    seen.credentials.iter().map(|one| one.label.raw()).collect()
}

const ADMIN: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

#[tokio::test]
async fn users_and_roles_of_several_accounts_are_listed_with_what_they_are_given() {
    let admin: Value = serde_json::from_str(ADMIN).unwrap();
    let first = AccountFile::of("111122223333").policy("everything", &admin);
    let attached = first.attach("everything");
    let first = first
        .user("kiro", &json!({"AttachedManagedPolicies": attached, "Tags": [{"Key": "team", "Value": "web"}]}))
        .role("deploy", &json!({"RoleLastUsed": {"LastUsedDate": "2026-03-01T00:00:00+00:00", "Region": "eu-west-1"}}));
    let second = AccountFile::of("444455556666").role("idle", &json!({"RoleLastUsed": {}}));
    let folder = Folder::new().with("a.json", first.text()).with("b.json", second.text());

    let seen = folder.poll().await;
    assert_eq!(seen.gaps, []);
    assert_eq!(labels(&seen), ["kiro", "deploy", "idle"]);
    let user = &seen.credentials[0];
    assert_eq!(user.kind(), CredentialKind::IamUser, "a file holds no keys, so none is shown");
    assert_eq!(user.last_used, LastUsed::Unknown);
    let grants: Vec<&str> = user.grants.iter().map(Untrusted::raw).collect();
    assert_eq!(grants, ["administrator", "everything"]);
    assert!(user.facts.iter().any(|fact| fact.name == "tag" && fact.value.raw() == "team = web"));
    assert!(
        matches!(&seen.credentials[1].last_used, LastUsed::At { what, .. } if what.raw() == "eu-west-1")
    );
    assert_eq!(seen.credentials[2].last_used, LastUsed::Never);
    assert_eq!(seen.credentials[2].principal.home.raw(), "444455556666");
    let accounts = seen.counts.iter().find(|count| count.what == "accounts").unwrap();
    assert_eq!(accounts.number, 2);
}

#[tokio::test]
async fn url_encoded_policies_mean_the_same_as_plain_ones() {
    let encoded = ADMIN.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
    let plain = json!([{"PolicyName": "p", "PolicyDocument": serde_json::from_str::<Value>(ADMIN).unwrap()}]);
    let coded = json!([{"PolicyName": "p", "PolicyDocument": encoded}]);
    let text = json!([{"PolicyName": "p", "PolicyDocument": ADMIN}]);
    let file = AccountFile::of("111122223333")
        .user("plain", &json!({"UserPolicyList": plain}))
        .user("coded", &json!({"UserPolicyList": coded}))
        .user("text", &json!({"UserPolicyList": text}));
    let seen = Folder::new().with("a.json", file.text()).poll().await;
    assert_eq!(seen.gaps, []);
    for credential in &seen.credentials {
        let grants: Vec<&str> = credential.grants.iter().map(Untrusted::raw).collect();
        assert_eq!(grants, ["administrator", "1 inline policy"]);
    }
}

#[tokio::test]
async fn a_sealed_role_is_seen_in_a_file_too() {
    let seal = json!([{"PolicyName": countersign::sources::aws::SEAL_POLICY_NAME,
        "PolicyDocument": countersign::sources::aws::SEAL_DOCUMENT}]);
    let file = AccountFile::of("111122223333").role("agent", &json!({"RolePolicyList": seal}));
    let seen = Folder::new().with("a.json", file.text()).poll().await;
    assert_eq!(seen.credentials[0].status, CredentialStatus::Sealed);
}

#[tokio::test]
async fn a_bad_file_is_named_with_line_and_column_while_the_others_are_read() {
    let good = AccountFile::of("111122223333").role("deploy", &json!({}));
    let cut = AccountFile::of("444455556666").role("lost", &json!({})).text();
    let folder = Folder::new()
        .with("cut.json", &cut[..cut.len() - 40])
        .with("good.json", good.text())
        .with("latin1.json", b"{\"UserDetailList\": [\n{\"UserName\": \"J\xFCrgen\"}]}");
    let seen = folder.poll().await;
    assert_eq!(labels(&seen), ["deploy"]);
    assert_eq!(seen.gaps.len(), 2);
    for (gap, (file, place, what)) in seen.gaps.iter().zip([
        ("cut.json", ":1:", "the file ends in the middle"),
        ("latin1.json", ":2:", "not UTF-8"),
    ]) {
        assert_eq!(gap.fault.kind, FaultKind::Local);
        assert!(gap.part.0.ends_with(file), "{gap:?}");
        let detail = gap.fault.detail.raw();
        assert!(detail.contains(&format!("{file}{place}")) && detail.contains(what), "{detail}");
    }
    let report = folder.source().diagnose().await;
    assert!(matches!(report[0].verdict, Verdict::Bad { .. }), "{report:?}");
    assert!(matches!(&report[1].verdict, Verdict::Good { saw } if saw.raw().contains("1 roles")));
}

#[tokio::test]
async fn when_no_file_can_be_read_the_poll_fails() {
    let folder = Folder::new().with("a.json", "<html>").with("b.json", "{}");
    let fault = folder.source().poll(&Progress::new()).await.unwrap_err();
    assert!(fault.detail.raw().contains("a.json:1:1"), "{fault:?}");
    let mut missing = Folder::new();
    missing.files.push(missing.dir.path().join("no-such.json"));
    let fault = missing.source().poll(&Progress::new()).await.unwrap_err();
    assert!(fault.detail.raw().contains("no-such.json"), "{fault:?}");
}

#[tokio::test]
async fn a_malformed_policy_is_said_to_be_unknown_and_never_passed_over() {
    let broken = json!([{"PolicyName": "odd", "PolicyDocument":
        {"Statement": [{"Effect": "Permit", "Action": "*", "Resource": "*"}]}}]);
    let file = AccountFile::of("111122223333").user("kiro", &json!({"UserPolicyList": broken}));
    let seen = Folder::new().with("a.json", file.text()).poll().await;
    let grants: Vec<&str> = seen.credentials[0].grants.iter().map(Untrusted::raw).collect();
    assert_eq!(grants, ["1 inline policy", "unknown content: odd"]);
    let detail = seen.gaps[0].fault.detail.raw();
    assert!(detail.contains("user/kiro, odd: Statement[0].Effect"), "{detail}");
}

#[tokio::test]
async fn a_file_of_only_the_first_page_is_not_taken_for_the_whole_account() {
    let text = AccountFile::of("111122223333").role("deploy", &json!({})).text();
    let text = text.replacen('{', "{\"IsTruncated\": true, ", 1);
    let folder = Folder::new().with("a.json", text);
    let seen = folder.poll().await;
    assert_eq!(labels(&seen), ["deploy"]);
    assert_eq!(seen.gaps[0].part, seen.credentials[0].part, "what an earlier poll saw must stay");
    assert!(seen.gaps[0].fault.detail.raw().contains("IsTruncated"));
}

#[tokio::test]
async fn the_later_of_two_files_about_one_account_counts() {
    let old = AccountFile::of("111122223333").role("deploy", &json!({"Path": "/old/"}));
    let new = AccountFile::of("111122223333").role("deploy", &json!({"Path": "/new/"}));
    let folder = Folder::new().with("old.json", old.text()).with("new.json", new.text());
    let seen = folder.poll().await;
    assert_eq!(labels(&seen), ["deploy"]);
    assert!(seen.credentials[0].facts.iter().any(|fact| fact.value.raw() == "/new/"));
    assert!(seen.gaps[0].part.0.ends_with("old.json"), "{:?}", seen.gaps);
}

#[tokio::test]
async fn a_changed_file_is_read_again() {
    let folder = Folder::new()
        .with("a.json", AccountFile::of("111122223333").role("one", &json!({})).text());
    let source = folder.source();
    assert_eq!(labels(&source.poll(&Progress::new()).await.unwrap()), ["one"]);
    assert_eq!(labels(&source.poll(&Progress::new()).await.unwrap()), ["one"]);
    let changed = AccountFile::of("111122223333").role("one", &json!({})).role("two", &json!({}));
    fs::write(&folder.files[0], changed.text()).unwrap();
    assert_eq!(labels(&source.poll(&Progress::new()).await.unwrap()), ["one", "two"]);
}

#[tokio::test]
async fn nothing_can_be_revoked_in_a_file() {
    let file = AccountFile::of("111122223333").role("deploy", &json!({}));
    let folder = Folder::new().with("a.json", file.text());
    let source = folder.source();
    let seen = source.poll(&Progress::new()).await.unwrap();
    let refusal = source.preview_revoke(&seen.credentials[0]).await.unwrap_err();
    assert_eq!(refusal.kind, FaultKind::Refused);
    assert!(refusal.detail.raw().contains("nothing can be revoked"), "{refusal:?}");
}

/// The reach of a user in what was seen.
fn reach_of(seen: &Observation, label: &str) -> Reach {
    let mut all = seen.credentials.iter().filter(|one| one.label.raw() == label);
    all.next().unwrap().reach.as_deref().unwrap().clone()
}

#[tokio::test]
async fn reach_goes_from_one_file_into_another_and_follows_a_change_of_either() {
    let walker = "arn:aws:iam::111111111111:user/walker";
    let chief = "arn:aws:iam::222222222222:role/chief";
    let may_assume = json!({"UserPolicyList": [{"PolicyName": "walk", "PolicyDocument":
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Resource": chief}]}}]});
    let other = |trusted: &str| {
        let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": "sts:AssumeRole", "Principal": {"AWS": trusted}}]});
        let admin = json!([{"PolicyName": "all", "PolicyDocument": ADMIN}]);
        AccountFile::of("222222222222")
            .role("chief", &json!({"AssumeRolePolicyDocument": trust, "RolePolicyList": admin}))
            .text()
    };
    let folder = Folder::new()
        .with("one.json", AccountFile::of("111111111111").user("walker", &may_assume).text())
        .with("two.json", other(walker));
    let source = folder.source();
    let seen = source.poll(&Progress::new()).await.unwrap();
    let reach = reach_of(&seen, "walker");
    assert_eq!((reach.admin, reach.reaches_admin), (Certainty::No, Certainty::Yes));
    assert_eq!(reach.path.listed[0].to.raw(), chief);
    let again = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(reach_of(&again, "walker"), reach, "nothing changed");
    fs::write(&folder.files[1], other("arn:aws:iam::111111111111:user/somebody-else")).unwrap();
    let closed = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(reach_of(&closed, "walker").reaches_admin, Certainty::No);
}

#[tokio::test]
async fn what_is_known_beside_the_files_counts_and_is_read_again_when_it_changes() {
    let account = "111122223333";
    let boss = json!({"UserPolicyList": [{"PolicyName": "all", "PolicyDocument": ADMIN}]});
    let folder = Folder::new().with("a.json", AccountFile::of(account).user("boss", &boss).text());
    let scps = folder.dir.path().join("scps.json");
    let levels = |policies: Value| json!({"accounts": {account: [policies]}}).to_string();
    let all: Value = serde_json::from_str(ADMIN).unwrap();
    let nothing = json!({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}});
    fs::write(&scps, levels(json!([all, nothing]))).unwrap();
    let settings = SnapshotFiles { scps: Some(scps.clone()), ..folder.settings() };
    let source = SnapshotSource::open(&settings, plain_lens());
    let seen = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(seen.gaps, []);
    assert_eq!(reach_of(&seen, "boss").rank(), 0, "it may do nothing");

    fs::write(&scps, levels(json!([all]))).unwrap();
    let open = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(reach_of(&open, "boss").admin, Certainty::Yes);

    fs::remove_file(&scps).unwrap();
    for _ in 0..2 {
        let lost = source.poll(&Progress::new()).await.unwrap();
        assert_eq!(labels(&lost), ["boss"]);
        assert!(lost.credentials[0].reach.is_none(), "nothing is known without them");
        let detail = lost.gaps[0].fault.detail.raw();
        assert!(detail.contains("scps.json") && detail.contains("reach"), "{detail}");
    }
    let report = source.diagnose().await;
    assert!(
        report.iter().any(|line| line.what == "reach"
            && matches!(&line.verdict, Verdict::Warning { problem, .. } if problem.raw().contains("scps.json"))),
        "{report:?}"
    );
    fs::write(&scps, levels(json!([all]))).unwrap();
    let back = source.poll(&Progress::new()).await.unwrap();
    assert_eq!((back.gaps.len(), reach_of(&back, "boss").admin), (0, Certainty::Yes));
}
