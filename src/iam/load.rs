//! Loads the output of `aws iam get-account-authorization-details` from a file.
//!
//! The file is read as a stream, so memory holds the model and one buffer, never the text too.

use super::{AuthorizationDetails, Group, ManagedPolicy, Role, User, document::without_position};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

/// Largest file that is read: an account at AWS's maximum of 5,000 users and 5,000 roles takes
/// some tens of megabytes, so anything beyond this is not what it claims to be.
pub const MAX_FILE_BYTES: u64 = 2 * 1024 * 1024 * 1024;

const BUFFER_BYTES: usize = 256 * 1024;

/// What a file held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The content.
    pub details: AuthorizationDetails,
    /// The file says itself that more pages follow which it does not hold.
    pub is_truncated: bool,
}

/// Why a file could not be loaded. Each message names the file, the place and what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It cannot be opened or read.
    #[error("{path}: cannot be read: {why}. Check the path and its permissions", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// It is larger than we take.
    #[error("{path}: {bytes} bytes is more than the {MAX_FILE_BYTES} this program reads. Split it by account", path = .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// It ends before the JSON does.
    #[error("{path}:{line}:{column}: the file ends in the middle of the JSON. Export it again; the copy was cut short", path = .path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It holds bytes that are not UTF-8.
    #[error("{path}:{line}:{column}: not UTF-8. Write it as UTF-8 (in PowerShell: `| Out-File -Encoding utf8`)", path = .path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It is not JSON.
    #[error("{path}:{line}:{column}: not JSON: {why}. Export it with `aws iam get-account-authorization-details --output json`", path = .path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser said.
        why: String,
    },
    /// It is JSON, but not what it should be.
    #[error("{path}:{line}:{column}: not authorization details: {why}. Export it with `aws iam get-account-authorization-details --output json`", path = .path.display())]
    OtherContent {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is missing or wrong.
        why: String,
    },
}

/// Loads one file.
pub fn load_file(path: &Path) -> Result<Loaded, LoadError> {
    let unreadable =
        |error: std::io::Error| LoadError::Unreadable { path: path.into(), why: error.to_string() };
    let file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > MAX_FILE_BYTES {
        return Err(LoadError::TooLarge { path: path.into(), bytes });
    }
    load_reader(path, file)
}

/// Loads from a reader; `path` is only for messages.
pub fn load_reader(path: &Path, reader: impl Read) -> Result<Loaded, LoadError> {
    let unreadable =
        |error: std::io::Error| LoadError::Unreadable { path: path.into(), why: error.to_string() };
    // A pipe or a growing file has no size to check beforehand.
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, reader.take(MAX_FILE_BYTES));
    let skip = match std::io::BufRead::fill_buf(&mut reader).map_err(unreadable)? {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => {
            return Err(LoadError::NotUtf8 { path: path.into(), line: 1, column: 1 });
        }
        [0xEF, 0xBB, 0xBF, ..] => 3,
        _ => 0,
    };
    std::io::BufRead::consume(&mut reader, skip);
    let file: Content = serde_json::from_reader(reader).map_err(|error| explain(path, &error))?;
    if let (None, None, None, None) = (&file.users, &file.groups, &file.roles, &file.policies) {
        return Err(LoadError::OtherContent {
            path: path.into(),
            line: 1,
            column: 1,
            why: "none of UserDetailList, GroupDetailList, RoleDetailList and Policies is there"
                .to_owned(),
        });
    }
    let details = AuthorizationDetails {
        users: file.users.unwrap_or_default(),
        groups: file.groups.unwrap_or_default(),
        roles: file.roles.unwrap_or_default(),
        policies: file.policies.unwrap_or_default(),
    };
    Ok(Loaded { details, is_truncated: file.is_truncated })
}

fn explain(path: &Path, error: &serde_json::Error) -> LoadError {
    let (path, line, column) = (path.to_owned(), error.line(), error.column());
    let why = without_position(error);
    match error.classify() {
        Category::Io => LoadError::Unreadable { path, why },
        Category::Eof => LoadError::Truncated { path, line, column },
        Category::Syntax if why.contains("invalid unicode code point") => {
            LoadError::NotUtf8 { path, line, column }
        }
        Category::Syntax => LoadError::NotJson { path, line, column, why },
        Category::Data => LoadError::OtherContent { path, line, column, why },
    }
}

/// The file's outer object. Members AWS may add later are passed over.
#[derive(Deserialize)]
struct Content {
    #[serde(rename = "UserDetailList", default, deserialize_with = "present")]
    users: Option<Vec<User>>,
    #[serde(rename = "GroupDetailList", default, deserialize_with = "present")]
    groups: Option<Vec<Group>>,
    #[serde(rename = "RoleDetailList", default, deserialize_with = "present")]
    roles: Option<Vec<Role>>,
    #[serde(rename = "Policies", default, deserialize_with = "present")]
    policies: Option<Vec<ManagedPolicy>>,
    #[serde(rename = "IsTruncated", default)]
    is_truncated: bool,
}

/// A list that is there must be a list: `null` here would hide every principal of its kind.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    Vec::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::{LoadError, Loaded, load_reader};
    use crate::iam::Document;
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
        assert!(matches!(load(b"\xFF\xFE{\0"), Err(LoadError::NotUtf8 { line: 1, .. })));
    }

    #[test]
    fn other_json_is_not_taken_for_an_empty_account() {
        for text in ["{}", "[]", "{\"Users\": []}", "{\"UserDetailList\": null}", "3"] {
            let error = load(text.as_bytes()).unwrap_err();
            assert!(matches!(error, LoadError::OtherContent { .. }), "{text}: {error:?}");
        }
        for text in ["<html>", "{} {}", "{\"UserDetailList\": [] x"] {
            let error = load(text.as_bytes()).unwrap_err();
            assert!(matches!(error, LoadError::NotJson { .. }), "{text}: {error:?}");
        }
    }

    #[test]
    fn a_role_without_a_trust_policy_is_an_error_with_its_place() {
        let text = ONE_ROLE.replace("AssumeRolePolicyDocument", "AssumeRolePolicy");
        let error = load(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("missing field `AssumeRolePolicyDocument`"), "{error}");
        assert!(error.contains("prod.json:11:"), "{error}");
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
}
