//! One user, group, role or policy, read member by member: what is wrong with one member leaves
//! the others readable.
//!
//! A list of policies that cannot be read stays as one document that cannot be read, so that its
//! owner never counts as given nothing.

use super::super::{
    Attached, Document, DocumentError, Group, Inline, ManagedPolicy, PolicyVersion, Role, RoleUse,
    Tag, User,
};
use super::{MAX_DOCUMENT_BYTES, pages::List};
use foldhash::HashMap;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Stands for a permissions boundary that is set and cannot be read.
const UNREADABLE: &str = "(unreadable)";

/// Documents beyond this are not worth remembering: large ones are rarely the same.
const REMEMBERED_BYTES: usize = 16 * 1024;
const REMEMBERED_DOCUMENTS: usize = 100_000;

/// Documents by their text: most are there many times.
#[derive(Default)]
pub(super) struct Documents {
    by_text: HashMap<Box<str>, Document>,
}

impl Documents {
    fn read(&mut self, text: &str) -> Document {
        if let Some(known) = self.by_text.get(text) {
            return known.clone();
        }
        let document = read_document(text);
        if text.len() <= REMEMBERED_BYTES && self.by_text.len() < REMEMBERED_DOCUMENTS {
            self.by_text.insert(text.into(), document.clone());
        }
        document
    }
}

fn read_document(text: &str) -> Document {
    if text.len() > MAX_DOCUMENT_BYTES {
        return unreadable(
            "the document",
            format!(
                "its {} bytes are more than the {MAX_DOCUMENT_BYTES} that are read; AWS keeps none larger than some tens of thousands",
                text.len()
            ),
        );
    }
    if !text.starts_with('"') {
        return Document::from_text(text);
    }
    match serde_json::from_str::<Cow<'_, str>>(text) {
        Ok(inner) => Document::from_text(&inner),
        Err(error) => unreadable("the document", error.to_string()),
    }
}

fn unreadable(place: impl Into<String>, problem: impl Into<String>) -> Document {
    Document::Unreadable(DocumentError::NotAPolicy { place: place.into(), problem: problem.into() })
}

/// Every member of any of the four kinds.
#[derive(Deserialize)]
struct Members<'a> {
    #[serde(rename = "Arn", borrow)]
    arn: Option<&'a RawValue>,
    #[serde(rename = "UserName", alias = "GroupName", alias = "RoleName", alias = "PolicyName")]
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(rename = "Path", borrow)]
    path: Option<&'a RawValue>,
    #[serde(rename = "CreateDate", borrow)]
    created: Option<&'a RawValue>,
    #[serde(rename = "GroupList", borrow)]
    groups: Option<&'a RawValue>,
    #[serde(rename = "UserPolicyList", alias = "GroupPolicyList", alias = "RolePolicyList")]
    #[serde(borrow)]
    inline: Option<&'a RawValue>,
    #[serde(rename = "AttachedManagedPolicies", borrow)]
    attached: Option<&'a RawValue>,
    #[serde(rename = "PermissionsBoundary", borrow)]
    boundary: Option<&'a RawValue>,
    #[serde(rename = "Tags", borrow)]
    tags: Option<&'a RawValue>,
    #[serde(rename = "AssumeRolePolicyDocument", borrow)]
    trust: Option<&'a RawValue>,
    #[serde(rename = "InstanceProfileList", borrow)]
    profiles: Option<&'a RawValue>,
    #[serde(rename = "RoleLastUsed", borrow)]
    last_used: Option<&'a RawValue>,
    #[serde(rename = "PolicyVersionList", borrow)]
    versions: Option<&'a RawValue>,
    #[serde(rename = "DefaultVersionId", borrow)]
    default_version: Option<&'a RawValue>,
}

/// Reads one entry at a time.
pub(super) struct Reading<'d> {
    pub(super) documents: &'d mut Documents,
    list: List,
    /// `RoleDetailList[12]`.
    place: String,
    /// What is wrong, each with its place within the entry.
    pub(super) problems: Vec<(String, String)>,
}

/// An entry that could be read, perhaps with documents that could not.
pub(super) enum Entry {
    User(User),
    Group(Group),
    Role(Role),
    Policy(ManagedPolicy),
}

impl<'d> Reading<'d> {
    pub(super) fn new(documents: &'d mut Documents, list: List, position: usize) -> Self {
        let place = format!("{}[{position}]", list.key());
        Self { documents, list, place, problems: Vec::new() }
    }

    /// The entry, or why there is none.
    pub(super) fn read(&mut self, text: &str) -> Result<Entry, String> {
        let members: Members<'_> = match serde_json::from_str(text) {
            Ok(members) => members,
            Err(error) if error.is_data() && !text.starts_with('{') => {
                return Err(format!("expected an object, found {}", kind(text)));
            }
            Err(error) => return Err(super::super::document::without_position(&error)),
        };
        let arn = match members.arn.map(parse::<String>) {
            Some(Ok(arn)) => arn,
            Some(Err(found)) => return Err(format!("Arn: expected a string, found {found}")),
            None => return Err("it has no Arn".to_owned()),
        };
        self.place = format!("{} ({})", self.place, short(&arn));
        let name = self
            .value(members.name, "its name", "a string", "the end of its ARN is taken instead")
            .unwrap_or_else(|| arn.rsplit('/').next().unwrap_or_default().to_owned());
        Ok(match self.list {
            List::Users => Entry::User(self.user(arn, name, &members)),
            List::Groups => Entry::Group(self.group(arn, name, &members)),
            List::Roles => Entry::Role(self.role(arn, name, &members)),
            List::Policies => Entry::Policy(self.policy(arn, name, &members)),
        })
    }

    /// Where it is, for a message.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    fn user(&mut self, arn: String, name: String, members: &Members<'_>) -> User {
        let mut inline = self.inline(members);
        User {
            path: self.path(members, &arn),
            created: self.created(members),
            groups: self.or_opaque(members.groups, "GroupList", &mut inline),
            attached: self.attached(members, &mut inline),
            boundary: self.boundary(members),
            tags: self.tags(members),
            arn,
            name,
            inline,
        }
    }

    fn group(&mut self, arn: String, name: String, members: &Members<'_>) -> Group {
        let mut inline = self.inline(members);
        Group { attached: self.attached(members, &mut inline), arn, name, inline }
    }

    fn role(&mut self, arn: String, name: String, members: &Members<'_>) -> Role {
        let mut inline = self.inline(members);
        let trust = match members.trust {
            Some(raw) => self.documents.read(raw.get()),
            None => unreadable(format!("{}.AssumeRolePolicyDocument", self.place), "it is missing"),
        };
        Role {
            path: self.path(members, &arn),
            created: self.created(members),
            instance_profiles: self.profiles(members),
            attached: self.attached(members, &mut inline),
            boundary: self.boundary(members),
            tags: self.tags(members),
            last_used: self.last_used(members),
            arn,
            name,
            trust,
            inline,
        }
    }

    fn policy(&mut self, arn: String, name: String, members: &Members<'_>) -> ManagedPolicy {
        #[derive(Deserialize)]
        struct Version<'a> {
            #[serde(rename = "VersionId")]
            id: String,
            #[serde(rename = "IsDefaultVersion")]
            is_default: Option<bool>,
            #[serde(rename = "Document", borrow)]
            document: &'a RawValue,
        }
        let default: Option<String> = self.value(
            members.default_version,
            "DefaultVersionId",
            "a string",
            "the versions themselves say which one is in force",
        );
        let what = "what it says is unknown";
        let versions = self.items(members.versions, "PolicyVersionList", what);
        let mut read = Vec::with_capacity(versions.len());
        for (position, raw) in versions.into_iter().enumerate() {
            match serde_json::from_str::<Version<'_>>(raw.get()) {
                Ok(version) => read.push(PolicyVersion {
                    is_default: version
                        .is_default
                        .unwrap_or_else(|| default.as_ref() == Some(&version.id)),
                    id: version.id,
                    document: self.documents.read(version.document.get()),
                }),
                Err(error) => self.tell(
                    &format!("PolicyVersionList[{position}]"),
                    &format!("{}; {what}", super::super::document::without_position(&error)),
                ),
            }
        }
        ManagedPolicy { arn, name, versions: read }
    }

    fn tell(&mut self, member: &str, what: &str) {
        self.problems.push((self.place.clone(), format!("{member}: {what}")));
    }

    fn value<T: DeserializeOwned>(
        &mut self,
        raw: Option<&RawValue>,
        member: &str,
        expected: &str,
        consequence: &str,
    ) -> Option<T> {
        match parse(raw?) {
            Ok(value) => Some(value),
            Err(found) => {
                self.tell(member, &format!("expected {expected}, found {found}; {consequence}"));
                None
            }
        }
    }

    /// The items of a list that may be missing.
    fn items<'a>(
        &mut self,
        raw: Option<&'a RawValue>,
        member: &str,
        consequence: &str,
    ) -> Vec<&'a RawValue> {
        let Some(raw) = raw else { return Vec::new() };
        if let Ok(items) = serde_json::from_str(raw.get()) {
            return items;
        }
        let found = kind(raw.get());
        self.tell(member, &format!("expected a list, found {found}; {consequence}"));
        Vec::new()
    }

    fn path(&mut self, members: &Members<'_>, arn: &str) -> String {
        let written = self.value(members.path, "Path", "a string", "its ARN says it too");
        written.unwrap_or_else(|| {
            let path = arn.split_once('/').and_then(|(_, rest)| rest.rsplit_once('/'));
            path.map_or_else(|| "/".to_owned(), |(path, _)| format!("/{path}/"))
        })
    }

    /// RFC 3339, with `T` (AWS CLI) or a space (boto3 printed with `str`) in the middle.
    fn created(&mut self, members: &Members<'_>) -> Option<jiff::Timestamp> {
        self.value(members.created, "CreateDate", "a date", "its age is unknown")
    }

    fn boundary(&mut self, members: &Members<'_>) -> Option<String> {
        #[derive(Deserialize)]
        struct Boundary {
            #[serde(rename = "PermissionsBoundaryArn")]
            arn: Option<String>,
        }
        let raw = members.boundary?;
        let consequence = "what it has may be forbidden by it";
        let expected = "an object with PermissionsBoundaryArn";
        match self.value::<Boundary>(Some(raw), "PermissionsBoundary", expected, consequence) {
            Some(boundary) => boundary.arn,
            None => Some(UNREADABLE.to_owned()),
        }
    }

    fn tags(&mut self, members: &Members<'_>) -> Vec<Tag> {
        let expected = "a list of objects with Key and Value";
        self.value(members.tags, "Tags", expected, "its tags are unknown").unwrap_or_default()
    }

    fn last_used(&mut self, members: &Members<'_>) -> Option<RoleUse> {
        self.value(members.last_used, "RoleLastUsed", "an object", "its last use is unknown")
    }

    fn profiles(&mut self, members: &Members<'_>) -> Vec<String> {
        #[derive(Deserialize)]
        struct Profile {
            #[serde(rename = "InstanceProfileName")]
            name: String,
        }
        let expected = "a list of objects with InstanceProfileName";
        let consequence = "whether an instance may run as it is unknown";
        let member = "InstanceProfileList";
        let profiles: Option<Vec<Profile>> =
            self.value(members.profiles, member, expected, consequence);
        profiles.unwrap_or_default().into_iter().map(|profile| profile.name).collect()
    }

    fn inline(&mut self, members: &Members<'_>) -> Vec<Inline> {
        #[derive(Deserialize)]
        struct Written<'a> {
            #[serde(rename = "PolicyName")]
            name: String,
            #[serde(rename = "PolicyDocument", borrow)]
            document: &'a RawValue,
        }
        let Some(raw) = members.inline else { return Vec::new() };
        let member = match self.list {
            List::Users => "UserPolicyList",
            List::Groups => "GroupPolicyList",
            List::Roles | List::Policies => "RolePolicyList",
        };
        let mut all = Vec::new();
        let items: Vec<&RawValue> = self.or_opaque(Some(raw), member, &mut all);
        for (position, raw) in items.into_iter().enumerate() {
            match serde_json::from_str::<Written<'_>>(raw.get()) {
                Ok(written) => all.push(Inline {
                    name: written.name,
                    document: self.documents.read(written.document.get()),
                }),
                Err(error) => all.push(self.opaque(&format!("{member}[{position}]"), &error)),
            }
        }
        all
    }

    fn attached(&mut self, members: &Members<'_>, inline: &mut Vec<Inline>) -> Vec<Attached> {
        let member = "AttachedManagedPolicies";
        if let Some(raw) = members.attached
            && let Ok(all) = serde_json::from_str(raw.get())
        {
            return all;
        }
        let items: Vec<&RawValue> = self.or_opaque(members.attached, member, inline);
        let mut all = Vec::with_capacity(items.len());
        for (position, raw) in items.into_iter().enumerate() {
            match serde_json::from_str(raw.get()) {
                Ok(attached) => all.push(attached),
                Err(error) => inline.push(self.opaque(&format!("{member}[{position}]"), &error)),
            }
        }
        all
    }

    /// A list of what it is given; if it cannot be read, an opaque policy in its place.
    fn or_opaque<'a, T: Deserialize<'a>>(
        &self,
        raw: Option<&'a RawValue>,
        member: &str,
        inline: &mut Vec<Inline>,
    ) -> Vec<T> {
        let Some(raw) = raw else { return Vec::new() };
        match serde_json::from_str(raw.get()) {
            Ok(items) => items,
            Err(error) => {
                let opaque = if raw.get().starts_with('[') {
                    self.opaque(member, &error)
                } else {
                    let found = format!("expected a list, found {}", kind(raw.get()));
                    let place = format!("{}.{member}", self.place);
                    Inline { name: member.to_owned(), document: unreadable(place, found) }
                };
                inline.push(opaque);
                Vec::new()
            }
        }
    }

    fn opaque(&self, member: &str, error: &serde_json::Error) -> Inline {
        let why = super::super::document::without_position(error);
        let place = format!("{}.{member}", self.place);
        Inline { name: member.to_owned(), document: unreadable(place, why) }
    }
}

fn parse<T: DeserializeOwned>(raw: &RawValue) -> Result<T, String> {
    serde_json::from_str(raw.get()).map_err(|error| match kind(raw.get()) {
        // The kind alone would not say what is wrong with these.
        "a list" | "an object" => super::super::document::without_position(&error),
        "a string" => raw.get().chars().take(40).collect(),
        kind => kind.to_owned(),
    })
}

/// What kind of value a JSON text is.
fn kind(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// `role/ops/deploy` of an ARN.
fn short(arn: &str) -> &str {
    arn.splitn(6, ':').nth(5).unwrap_or(arn)
}
