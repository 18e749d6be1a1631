use super::{DetailsReader, LoadError, Loaded, load_reader};
use crate::iam::{
    Document,
    world::builder::{AccountBuilder, allow},
};
use serde_json::{Value, json};
use std::path::Path;

fn load(bytes: &[u8]) -> Result<Loaded, LoadError> {
    load_reader(Path::new("accounts/prod.json"), bytes)
}

const ONE_ROLE: &str = r#"{
 "UserDetailList": [], "GroupDetailList": [], "Policies": [],
 "RoleDetailList": [{
   "Path": "/agents/", "RoleName": "kiro", "Arn": "arn:aws:iam::111122223333:role/agents/kiro",
   "CreateDate": "2026-01-01 00:00:00+00:00", "Tags": null, "FutureField": {"a": 1},
   "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"Service": "bedrock.amazonaws.com"}}]},
   "InstanceProfileList": [{"InstanceProfileName": "web", "Roles": []}],
   "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:b"},
   "RoleLastUsed": {"LastUsedDate": "2026-02-01T10:00:00Z", "Region": "eu-west-1"}
 }]
}"#;

#[test]
fn a_role_is_read_whole() {
    let loaded = load(ONE_ROLE.as_bytes()).unwrap();
    let role = &loaded.details.roles[0];
    assert_eq!(role.path, "/agents/");
    assert_eq!(role.created.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(role.boundary.as_deref(), Some("arn:b"));
    assert_eq!(role.instance_profiles, ["web"]);
    let last = role.last_used.as_ref().unwrap();
    assert_eq!(last.at.unwrap().to_string(), "2026-02-01T10:00:00Z");
    assert!(matches!(role.trust, Document::Read(_)));
}

#[test]
fn a_byte_order_mark_in_front_is_passed_over() {
    let marked = [b"\xEF\xBB\xBF", ONE_ROLE.as_bytes()].concat();
    assert_eq!(load(&marked).unwrap(), load(ONE_ROLE.as_bytes()).unwrap());
}

#[test]
fn a_truncated_file_is_told_with_its_last_line_and_column() {
    let cut = &ONE_ROLE.as_bytes()[..ONE_ROLE.find("FutureField").unwrap()];
    let error = load(cut).unwrap_err();
    assert!(matches!(error, LoadError::Truncated { line: 5, .. }), "{error}");
    assert!(error.to_string().starts_with("accounts/prod.json:5:"), "{error}");
}

#[test]
fn bytes_that_are_not_utf8_are_told_with_their_place() {
    let mut bytes = ONE_ROLE.as_bytes().to_vec();
    let at = ONE_ROLE.find("kiro").unwrap();
    bytes[at] = 0xFF;
    let error = load(&bytes).unwrap_err();
    assert!(matches!(error, LoadError::NotUtf8 { line: 4, .. }), "{error:?}");
}

#[test]
fn other_json_is_not_taken_for_an_empty_account() {
    for text in ["{}", "{} {}", "[]", "{\"Users\": []}", "{\"UserDetailList\": null}", "3"] {
        let error = load(text.as_bytes()).unwrap_err();
        assert!(matches!(error, LoadError::OtherContent { .. }), "{text}: {error:?}");
    }
    for text in ["<html>", "{} x", "{\"UserDetailList\": [] x"] {
        let error = load(text.as_bytes()).unwrap_err();
        assert!(matches!(error, LoadError::NotJson { .. }), "{text}: {error:?}");
    }
}

#[test]
fn one_malformed_policy_is_kept_as_unreadable_and_the_rest_is_read() {
    let text = ONE_ROLE.replace("\"Allow\"", "\"allow\"");
    let details = load(text.as_bytes()).unwrap().details;
    let unreadable: Vec<_> = details.unreadable().collect();
    assert_eq!(unreadable.len(), 1);
    assert_eq!(unreadable[0].1, "trust policy");
    assert!(unreadable[0].2.to_string().contains("Statement[0].Effect"));
}

const BOB: &str = "arn:aws:iam::111122223333:user/bob";

fn told(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(|p| format!("{}: {}", p.r#where, p.what)).collect()
}

fn part(text: impl AsRef<[u8]>) -> Loaded {
    DetailsReader::default().read(Path::new("prod.json"), text.as_ref()).unwrap()
}

/// Documents that cannot be read, as `name: why`.
fn unreadable(loaded: &Loaded) -> Vec<String> {
    loaded.details.unreadable().map(|(_, name, why)| format!("{name}: {why}")).collect()
}

fn message(text: impl AsRef<[u8]>) -> String {
    let loaded = DetailsReader::default().read(Path::new("prod.json"), text.as_ref());
    loaded.unwrap_err().to_string()
}

/// One role with a member as given.
fn role_with(member: &str, value: Value) -> Loaded {
    part(AccountBuilder::new().role("fine").role("x").raw(member, value).user("bob").text())
}

#[test]
fn a_file_that_was_cut_is_read_as_far_as_it_is_whole_and_says_where_it_ends() {
    let text = AccountBuilder::new().user("amy").user("bob").role("deploy").text();
    let cut = &text[..text.find("\"RoleDetailList\"").unwrap() + 40];
    let loaded = part(cut);
    let cut_at = cut.len();
    assert_eq!(
        loaded.cut.unwrap().to_string(),
        format!(
            "prod.json:1:{cut_at}: the file ends in the middle of the JSON, after 2 users. Export it again; the copy was cut short"
        )
    );
    assert_eq!(loaded.details.users.len(), 2);
    assert!(loaded.details.roles.is_empty());
    assert!(
        matches!(load_reader(Path::new("x"), cut.as_bytes()), Err(LoadError::Truncated { .. })),
        "whoever wants the whole gets none of it"
    );
    assert_eq!(
        message(&text[..30]),
        "prod.json:1:30: the file ends in the middle of the JSON. Export it again; the copy was cut short"
    );
    assert_eq!(
        message(""),
        "prod.json:1:0: the file ends in the middle of the JSON. Export it again; the copy was cut short"
    );
}

#[test]
fn json_that_breaks_in_the_middle_is_read_up_to_there() {
    let text = AccountBuilder::new()
        .user("bob")
        .text()
        .replace("\"RoleDetailList\":[]", "\"RoleDetailList\":[}");
    let loaded = part(text);
    assert!(matches!(loaded.cut, Some(LoadError::NotJson { line: 1, .. })), "{:?}", loaded.cut);
    assert_eq!(loaded.details.users[0].arn, BOB);
}

#[test]
fn other_encodings_are_named_with_what_to_do() {
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let expected = "prod.json: UTF-16, not UTF-8. Write it as UTF-8 (in PowerShell: `| Out-File -Encoding utf8`)";
    assert_eq!(message([b"\xFF\xFE", &utf16[..]].concat()), expected);
    assert_eq!(message(&utf16), expected);
    assert_eq!(
        message(b"\x1F\x8B\x08"),
        "prod.json: compressed with gzip. Unpack it first with `gunzip`"
    );
}

#[test]
fn a_member_of_the_wrong_type_costs_only_itself() {
    let loaded = role_with("AttachedManagedPolicies", json!("AdministratorAccess"));
    assert_eq!(loaded.details.roles.len(), 2);
    assert_eq!(loaded.details.users.len(), 1);
    assert_eq!(
        unreadable(&loaded),
        [
            "AttachedManagedPolicies: RoleDetailList[1] (role/x).AttachedManagedPolicies: expected a list, found a string"
        ]
    );
    let loaded = role_with("AttachedManagedPolicies", json!([{"PolicyName": "p"}]));
    assert_eq!(
        unreadable(&loaded),
        [
            "AttachedManagedPolicies[0]: RoleDetailList[1] (role/x).AttachedManagedPolicies[0]: missing field `PolicyArn`"
        ]
    );
    let loaded = role_with(
        "RolePolicyList",
        json!([{"PolicyName": "p"}, {"PolicyName": "q", "PolicyDocument": allow("*", "*").document()}]),
    );
    assert_eq!(loaded.details.roles[1].inline.len(), 2);
    assert_eq!(
        unreadable(&loaded),
        [
            "RolePolicyList[0]: RoleDetailList[1] (role/x).RolePolicyList[0]: missing field `PolicyDocument`"
        ]
    );
    for (member, value, expected) in [
        (
            "Tags",
            json!("a=b"),
            "Tags: expected a list of objects with Key and Value, found \"a=b\"; its tags are unknown",
        ),
        (
            "CreateDate",
            json!("yesterday"),
            "CreateDate: expected a date, found \"yesterday\"; its age is unknown",
        ),
        (
            "InstanceProfileList",
            json!(7),
            "InstanceProfileList: expected a list of objects with InstanceProfileName, found a number; whether an instance may run as it is unknown",
        ),
        (
            "PermissionsBoundary",
            json!("arn:b"),
            "PermissionsBoundary: expected an object with PermissionsBoundaryArn, found \"arn:b\"; what it has may be forbidden by it",
        ),
        (
            "Path",
            json!({}),
            "Path: expected a string, found invalid type: map, expected a string; its ARN says it too",
        ),
    ] {
        let loaded = role_with(member, value);
        assert_eq!(told(&loaded), [format!("prod.json: RoleDetailList[1] (role/x): {expected}")]);
        assert_eq!(loaded.details.roles.len(), 2);
        assert!(!loaded.has_lost_entries);
    }
    assert!(role_with("PermissionsBoundary", json!(1)).details.roles[1].boundary.is_some());
}

#[test]
fn a_role_without_a_trust_policy_is_kept_with_an_unknown_one() {
    let text = ONE_ROLE.replace("AssumeRolePolicyDocument", "AssumeRolePolicy");
    let loaded = part(text);
    assert_eq!(
        unreadable(&loaded),
        [
            "trust policy: RoleDetailList[0] (role/agents/kiro).AssumeRolePolicyDocument: it is missing"
        ]
    );
}

#[test]
fn an_entry_that_cannot_be_told_apart_is_lost_and_said_to_be() {
    let text = json!({"UserDetailList": [
        7, {"UserName": "amy"}, {"Arn": 7}, {"Arn": BOB, "UserName": "bob"}, {"Arn": BOB, "Arn ": 1}
    ]});
    let loaded = part(text.to_string());
    assert_eq!(
        told(&loaded),
        [
            "prod.json: UserDetailList[0]: expected an object, found a number; it is not analysed",
            "prod.json: UserDetailList[1]: it has no Arn; it is not analysed",
            "prod.json: UserDetailList[2]: Arn: expected a string, found a number; it is not analysed",
        ]
    );
    assert!(loaded.has_lost_entries);
    let twice = part(format!("{{\"UserDetailList\": [{{\"Arn\": \"{BOB}\", \"Arn\": \"x\"}}]}}"));
    assert_eq!(
        told(&twice),
        ["prod.json: UserDetailList[0]: duplicate field `Arn`; it is not analysed"]
    );
}

#[test]
fn a_list_that_is_none_is_told_and_the_others_are_read() {
    let mut details = AccountBuilder::new().user("bob").json();
    details["RoleDetailList"] = json!("none");
    details["GroupDetailList"] = json!({});
    let loaded = part(details.to_string());
    assert_eq!(
        told(&loaded),
        [
            "prod.json: GroupDetailList: expected a list, found an object",
            "prod.json: RoleDetailList: expected a list, found a string",
        ]
    );
    assert_eq!(loaded.missing, ["GroupDetailList", "RoleDetailList"]);
    assert_eq!(loaded.details.users.len(), 1);
}

#[test]
fn documents_read_the_same_as_objects_as_text_and_url_encoded() {
    let plain = allow("s3:Get*", "*").document();
    let encoded = percent_encoding::utf8_percent_encode(
        &plain.to_string(),
        percent_encoding::NON_ALPHANUMERIC,
    )
    .to_string();
    let loaded = part(
        AccountBuilder::new()
            .user("bob")
            .inline(plain.clone())
            .inline(plain.to_string())
            .inline(encoded)
            .text(),
    );
    let inline = &loaded.details.users[0].inline;
    assert_eq!(inline[0].document, inline[1].document);
    assert_eq!(inline[0].document, inline[2].document);
    assert!(inline[0].document.policy().is_some());
}

#[test]
fn conditions_nested_too_deep_cost_only_their_document() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let text = AccountBuilder::new().user("bob").inline(json!("DEEP")).user("amy").text();
    let document = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"Bool":{{"a":{deep}}}}}}}]}}"#
    );
    let loaded = part(text.replace("\"DEEP\"", &document));
    assert_eq!(loaded.details.users.len(), 2);
    let told = unreadable(&loaded);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("inline-0: "), "{told:?}");
    assert!(
        told[0].contains("recursion limit exceeded") || told[0].contains("Condition"),
        "{told:?}"
    );
}

#[test]
fn a_document_larger_than_aws_keeps_is_unknown_and_the_rest_is_read() {
    let text =
        AccountBuilder::new().user("bob").inline(json!("LARGE")).inline(allow("*", "*")).text();
    let statement = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
    let document = format!("{{\"Statement\":[{}]}}", vec![statement; 100_000].join(","));
    let loaded = part(text.replace("\"LARGE\"", &document));
    let told = unreadable(&loaded);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("inline-0: the document: its ")
            && told[0].ends_with(" bytes are more than the 1048576 that are read; AWS keeps none larger than some tens of thousands"),
        "{told:?}"
    );
    assert!(loaded.details.users[0].inline[1].document.policy().is_some());
}

#[test]
fn several_pages_in_one_file_are_put_together() {
    let first = json!({"UserDetailList": [{"Arn": BOB, "UserName": "bob"}], "IsTruncated": true});
    let second = AccountBuilder::new().role("deploy").json();
    for text in [
        format!("{first}\n{second}\n"),
        format!("{first}{second}"),
        json!([first, second]).to_string(),
    ] {
        let loaded = part(text);
        assert_eq!((loaded.details.users.len(), loaded.details.roles.len()), (1, 1));
        assert!(!loaded.is_truncated, "the last page says so");
        assert_eq!(loaded.missing, [""; 0]);
    }
    assert!(part(first.to_string()).is_truncated);
    assert_eq!(part(first.to_string()).missing, ["GroupDetailList", "RoleDetailList", "Policies"]);
}

#[test]
fn a_directory_and_a_file_that_is_not_there_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let error = super::load_file(folder.path()).unwrap_err().to_string();
    assert_eq!(error, format!("{path}: is a directory. Name the files in it"));
    let error = super::load_file(&folder.path().join("a.json")).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "{path}/a.json: cannot be read: No such file or directory (os error 2). Check the path and its permissions"
        )
    );
}

/// Endless users, as a stream that is never whole in memory.
struct Endless {
    entry: Vec<u8>,
    begin: &'static [u8],
    at: usize,
}

impl std::io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if !self.begin.is_empty() {
            return self.begin.read(buffer);
        }
        let rest = &self.entry[self.at..];
        let bytes = rest.len().min(buffer.len());
        buffer[..bytes].copy_from_slice(&rest[..bytes]);
        self.at = (self.at + bytes) % self.entry.len();
        Ok(bytes)
    }
}

#[test]
fn a_file_beyond_the_limit_is_told_with_the_limit_and_progress_on_the_way() {
    let told = std::cell::RefCell::new(Vec::new());
    let tell = |bytes| told.borrow_mut().push(bytes);
    let mut reader = DetailsReader::default().on_progress(&tell).whole_bytes(1000);
    reader.max_bytes = 10 * 1024 * 1024;
    let blanks = Endless { begin: b"{\"UserDetailList\":[", entry: vec![b' '; 4096], at: 0 };
    let error = reader.read(Path::new("prod.json"), blanks).unwrap_err();
    assert_eq!(
        error.to_string(),
        "prod.json: more than 10485760 bytes, which is more than this program reads. Split it by account"
    );
    assert_eq!(told.borrow().len(), 2, "{told:?}");
}

#[test]
fn an_entry_without_an_end_is_refused() {
    let mut reader = DetailsReader::default().whole_bytes(1000);
    reader.max_entry_bytes = 1024 * 1024;
    let text = Endless { begin: b"{\"UserDetailList\":[\"", entry: vec![b'a'; 4096], at: 0 };
    let error = reader.read(Path::new("prod.json"), text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "prod.json: an entry of more than 1048576 bytes, the first one. IAM keeps nothing that large; export it again"
    );
}

#[test]
fn a_stream_reads_the_same_as_a_whole_file() {
    let text = AccountBuilder::new()
        .user("J\u{fc}rgen \u{1f511}")
        .inline(allow("*", "*"))
        .role("deploy")
        .text();
    for start in ["", "\u{feff}", "\n\n  "] {
        let text = format!("{start}{text}");
        let stream = DetailsReader::default().whole_bytes(16);
        let streamed = stream.read(Path::new("prod.json"), text.as_bytes()).unwrap();
        assert_eq!(streamed, part(&text));
    }
}

#[test]
fn a_stream_tells_bytes_that_are_not_utf8_with_their_place() {
    let mut text =
        AccountBuilder::new().user("amy").user("bob").text().replace(',', ",\n").into_bytes();
    let at = text.windows(5).position(|window| window == b"\"bob\"").unwrap() + 2;
    text[at] = 0xFF;
    let whole = part(&text).cut;
    let stream = DetailsReader::default().whole_bytes(16);
    let streamed = stream.read(Path::new("prod.json"), text.as_slice()).unwrap_err();
    let whole = whole.unwrap();
    assert!(matches!(whole, LoadError::NotUtf8 { .. }), "{whole:?}");
    assert_eq!(streamed, whole, "the stream stops a buffer earlier and says the same");
}

#[test]
fn wherever_a_file_is_cut_it_is_never_taken_for_whole() {
    let text = AccountBuilder::new()
        .user("J\u{fc}rgen")
        .inline(allow("*", "*").when("Bool", "aws:SecureTransport", "true"))
        .role("deploy")
        .trusted_by_account()
        .policy("p", allow("s3:*", "*"))
        .text();
    for whole_bytes in [16, 1 << 20] {
        let reader = DetailsReader::default().whole_bytes(whole_bytes);
        let read = |bytes: &[u8]| reader.read(Path::new("prod.json"), bytes);
        assert_eq!(read(text.as_bytes()).unwrap().cut, None);
        for end in 0..text.len() {
            let found = read(&text.as_bytes()[..end]);
            let (Err(why) | Ok(Loaded { cut: Some(why), .. })) = &found else {
                panic!("cut at {end}: {found:?}")
            };
            assert!(
                matches!(why, LoadError::Truncated { .. } | LoadError::NotUtf8 { .. }),
                "cut at {end}: {why:?}"
            );
        }
    }
}
