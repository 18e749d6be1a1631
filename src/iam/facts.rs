//! What is known of a request that has not been made: some keys, and nothing of the rest.
//!
//! ```text
//!   technique's facts ──over──▶ principal's facts ──over──▶ NothingKnown, or a concrete request
//! ```

use super::{Context, Known, account_of};
use std::borrow::Cow;

/// No token is valid for longer (an AWS Sign-In or STS session of an IAM user lasts up to 36
/// hours; STS API Reference, `GetSessionToken`).
const LONGEST_TOKEN_SECONDS: i64 = 36 * 60 * 60;

/// Keys of which something is known; every other key is unknown.
///
/// Keys are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Keys in lower case, sorted.
    entries: Vec<(Box<str>, Known<'static>)>,
    /// Beginnings of keys, in lower case, of which every key that is there is among the entries.
    closed: Vec<Box<str>>,
}

/// Facts, and what answers for the keys they do not speak of.
#[derive(Clone, Copy)]
pub struct Layered<'a> {
    above: &'a Facts,
    below: &'a dyn Context,
}

impl Facts {
    /// No facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is known of any request a user or role makes at `now` (seconds since 1970), by its
    /// ARN and tags.
    ///
    /// The keys are those of IAM User Guide, `reference_policies_condition-keys.html`. A role's
    /// session may carry further tags, so only those of a user are taken to be all.
    pub fn of_principal<'a>(
        arn: &str,
        tags: impl IntoIterator<Item = (&'a str, &'a str)>,
        now: i64,
    ) -> Self {
        let mut facts = Self::new();
        let is_user = arn.split(':').nth(5).is_some_and(|rest| rest.starts_with("user/"));
        let name = arn.rsplit('/').next().unwrap_or_default();
        facts.set("aws:PrincipalArn", arn);
        if let Some(account) = account_of(arn) {
            facts.set("aws:PrincipalAccount", account);
        }
        facts.set("aws:PrincipalType", if is_user { "User" } else { "AssumedRole" });
        facts.set("aws:PrincipalIsAWSService", "false");
        facts.absent("aws:PrincipalServiceName");
        facts.absent("aws:PrincipalServiceNamesList");
        facts.put("aws:userid", Known::Present);
        if is_user {
            facts.set("aws:username", name);
            facts.only("aws:PrincipalTag/");
        } else {
            facts.absent("aws:username");
        }
        for (key, value) in tags {
            facts.set(&format!("aws:PrincipalTag/{key}"), value);
        }
        facts.moment("aws:CurrentTime", now, now, false);
        facts.moment("aws:EpochTime", now, now, false);
        facts.moment("aws:TokenIssueTime", now - LONGEST_TOKEN_SECONDS, now, is_user);
        facts
    }

    /// Adds what is known of any request about a resource: the account its ARN names, and its
    /// tags if they are known, all of them.
    ///
    /// IAM's own resources have their tags under `iam:ResourceTag/` too (IAM User Guide,
    /// `reference_policies_iam-condition-keys.html`).
    pub fn about<'a>(
        &mut self,
        arn: &str,
        tags: Option<impl IntoIterator<Item = (&'a str, &'a str)>>,
    ) {
        if let Some(account) = account_of(arn) {
            self.set("aws:ResourceAccount", account);
        }
        let Some(tags) = tags else { return };
        let beginnings: &[&str] = if arn.split(':').nth(2) == Some("iam") {
            &["aws:ResourceTag/", "iam:ResourceTag/"]
        } else {
            &["aws:ResourceTag/"]
        };
        for beginning in beginnings {
            self.only(beginning);
        }
        for (key, value) in tags {
            for beginning in beginnings {
                self.set(&format!("{beginning}{key}"), value);
            }
        }
    }

    /// The key has this value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.put(key, Known::One(Cow::Owned(value.into())));
    }

    /// The key has these values.
    pub fn set_many(&mut self, key: &str, values: Vec<Box<str>>) {
        self.put(key, Known::Many(Cow::Owned(values)));
    }

    /// No request carries the key.
    pub fn absent(&mut self, key: &str) {
        self.put(key, Known::Absent);
    }

    /// Every request carries the key, with a value that is not known.
    pub fn present(&mut self, key: &str) {
        self.put(key, Known::Present);
    }

    /// Nothing is known of the key, whatever a layer below says.
    pub fn unknown(&mut self, key: &str) {
        self.put(key, Known::Unknown);
    }

    /// The key is a moment between these, in seconds since 1970.
    pub fn moment(&mut self, key: &str, from: i64, until: i64, may_be_absent: bool) {
        self.put(key, Known::Moment { from, until, may_be_absent });
    }

    /// Keys that begin like this (`aws:PrincipalTag/`) are absent unless a fact speaks of them.
    pub fn only(&mut self, beginning: &str) {
        self.closed.push(beginning.to_ascii_lowercase().into());
    }

    /// These facts first, then what `below` knows.
    pub fn over<'a>(&'a self, below: &'a dyn Context) -> Layered<'a> {
        Layered { above: self, below }
    }

    fn put(&mut self, key: &str, known: Known<'static>) {
        let key = key.to_ascii_lowercase();
        match self.entries.binary_search_by(|(own, _)| (**own).cmp(&key)) {
            Ok(at) => self.entries[at].1 = known,
            Err(at) => self.entries.insert(at, (key.into(), known)),
        }
    }

    /// What these facts say of a key, if they speak of it.
    fn find(&self, key: &str) -> Option<Known<'_>> {
        let lower;
        let key = if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            lower = key.to_ascii_lowercase();
            &*lower
        } else {
            key
        };
        if let Ok(at) = self.entries.binary_search_by(|(own, _)| (**own).cmp(key)) {
            return Some(borrowed(&self.entries[at].1));
        }
        self.closed.iter().any(|beginning| key.starts_with(&**beginning)).then_some(Known::Absent)
    }
}

/// The same without taking the texts along.
fn borrowed<'a>(known: &'a Known<'_>) -> Known<'a> {
    match known {
        Known::One(value) => Known::One(Cow::Borrowed(value)),
        Known::Many(values) => Known::Many(Cow::Borrowed(values)),
        &Known::Moment { from, until, may_be_absent } => {
            Known::Moment { from, until, may_be_absent }
        }
        Known::Absent => Known::Absent,
        Known::Unknown => Known::Unknown,
        Known::Present => Known::Present,
    }
}

impl Context for Facts {
    fn known(&self, key: &str) -> Known<'_> {
        self.find(key).unwrap_or(Known::Unknown)
    }
}

impl Context for Layered<'_> {
    fn known(&self, key: &str) -> Known<'_> {
        self.above.find(key).unwrap_or_else(|| self.below.known(key))
    }
}

#[cfg(test)]
mod tests {
    use super::Facts;
    use crate::iam::{Context, Known, NothingKnown, Policy, Rules, Truth};

    /// 2026-11-20.
    const NOW: i64 = 1_795_132_800;

    fn holds(condition: &str, context: &dyn Context) -> Truth {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{condition}}}}}"#
        );
        Rules::compile(&Policy::parse(&text).unwrap()).rules()[0].conditions_hold(context)
    }

    #[test]
    fn a_user_is_known_by_name_account_and_all_its_tags() {
        let arn = "arn:aws:iam::111122223333:user/agents/kiro";
        let facts = Facts::of_principal(arn, [("Team", "shop")], NOW);
        for (condition, expected) in [
            (r#"{"StringEquals":{"aws:username":"kiro"}}"#, Truth::Yes),
            (r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#, Truth::Yes),
            (r#"{"StringEquals":{"aws:principaltag/team":"shop"}}"#, Truth::Yes),
            (r#"{"StringEquals":{"aws:PrincipalTag/other":"shop"}}"#, Truth::No),
            (r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/agents/*"}}"#, Truth::Yes),
            (r#"{"Bool":{"aws:PrincipalIsAWSService":"true"}}"#, Truth::No),
            (r#"{"Bool":{"aws:ViaAWSService":"true"}}"#, Truth::Depends),
        ] {
            assert_eq!(holds(condition, &facts), expected, "{condition}");
        }
    }

    #[test]
    fn a_session_of_a_role_has_no_user_name_and_perhaps_more_tags() {
        let arn = "arn:aws:iam::111122223333:role/deploy";
        let facts = Facts::of_principal(arn, [("team", "shop")], NOW);
        assert_eq!(holds(r#"{"Null":{"aws:username":"true"}}"#, &facts), Truth::Yes);
        let other = r#"{"StringEquals":{"aws:PrincipalTag/other":"x"}}"#;
        assert_eq!(holds(other, &facts), Truth::Depends);
    }

    #[test]
    fn sessions_from_before_a_revocation_years_ago_are_over() {
        // What "Revoke active sessions" puts on a role.
        let deny = r#"{"DateLessThan":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}}"#;
        let arn = "arn:aws:iam::111122223333:role/deploy";
        assert_eq!(holds(deny, &Facts::of_principal(arn, [], NOW)), Truth::No);
    }

    #[test]
    fn a_resource_is_known_by_account_and_tags() {
        let mut facts = Facts::new();
        facts.about("arn:aws:iam::111122223333:role/x", Some([("team", "shop")]));
        for (condition, expected) in [
            (r#"{"StringEquals":{"aws:ResourceAccount":"111122223333"}}"#, Truth::Yes),
            (r#"{"StringEquals":{"iam:ResourceTag/team":"shop"}}"#, Truth::Yes),
            (r#"{"StringEquals":{"aws:ResourceTag/team":"x"}}"#, Truth::No),
            (r#"{"Null":{"aws:ResourceTag/other":"true"}}"#, Truth::Yes),
        ] {
            assert_eq!(holds(condition, &facts), expected, "{condition}");
        }
        let mut untold = Facts::new();
        untold.about("arn:aws:s3:::shop", None::<[(&str, &str); 0]>);
        let tag = r#"{"StringEquals":{"aws:ResourceTag/team":"x"}}"#;
        assert_eq!(holds(tag, &untold), Truth::Depends);
    }

    #[test]
    fn upper_facts_hide_lower_ones_and_leave_the_rest_to_them() {
        let mut principal = Facts::new();
        principal.set("a", "1");
        principal.set("b", "2");
        let mut technique = Facts::new();
        technique.set("iam:PassedToService", "lambda.amazonaws.com");
        technique.unknown("B");
        let lower = principal.over(&NothingKnown);
        let both = technique.over(&lower);
        assert_eq!(both.known("A"), Known::One("1".into()));
        assert_eq!(both.known("b"), Known::Unknown);
        assert_eq!(both.known("c"), Known::Unknown);
        assert_eq!(both.known("iam:passedtoservice"), Known::One("lambda.amazonaws.com".into()));
    }
}
