//! What counts as production: the `[production]` section.

use crate::domain::{Environment, Place, PlaceKind, Places, RepoName, Untrusted};

/// Rules that say what is production. Patterns may use `*` for any run of characters.
///
/// For each kind of thing: what a rule matches is production; what none matches is not, once
/// there are rules of that kind; without any rule of that kind nobody has said, and it is
/// [`Environment::Unknown`], which is treated with the care of production.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProductionRules {
    /// AWS account ids, 12 digits.
    pub account_ids: Vec<String>,
    /// Repository patterns, `owner/name`.
    pub repos: Vec<String>,
    /// GitHub environment name patterns.
    pub environments: Vec<String>,
    /// AWS profile name patterns.
    pub profiles: Vec<String>,
    /// kube-context patterns.
    pub kube_contexts: Vec<String>,
    /// Host name patterns.
    pub hosts: Vec<String>,
    /// Patterns of names that customers depend on, of any kind. They say nothing about what is
    /// production.
    pub customer_facing: Vec<String>,
}

/// Whether capital letters make another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Matters,
    Ignored,
}

impl ProductionRules {
    /// An AWS account. `declared` is `production = …` of its `[[aws]]` entry, which wins.
    pub fn account(&self, id: &str, declared: Option<bool>) -> Environment {
        match declared {
            Some(true) => Environment::Production,
            Some(false) => Environment::NonProduction,
            // Digits, and no patterns.
            None => judge(&self.account_ids, id, |rule, id| rule == id),
        }
    }

    /// A repository.
    pub fn repo(&self, repo: &RepoName) -> Environment {
        by_pattern(&self.repos, &repo.to_string(), Case::Ignored)
    }

    /// A deployment environment, by name.
    pub fn environment(&self, name: &Untrusted) -> Environment {
        by_pattern(&self.environments, name.raw(), Case::Ignored)
    }

    /// An AWS profile, by name.
    pub fn profile(&self, name: &str) -> Environment {
        by_pattern(&self.profiles, name, Case::Matters)
    }

    /// A kube-context, by name.
    pub fn kube_context(&self, name: &str) -> Environment {
        by_pattern(&self.kube_contexts, name, Case::Matters)
    }

    /// A host.
    pub fn host(&self, name: &str) -> Environment {
        // `db1.` is `db1` to the resolver.
        by_pattern(&self.hosts, name.strip_suffix('.').unwrap_or(name), Case::Ignored)
    }
}

impl Places for ProductionRules {
    /// By the rules of its kind. A name of something that is not a deployment environment by
    /// itself (an application, a namespace) is not taken for harmless because no rule names it:
    /// only a usual name of a stage is. What no rule speaks of and reads as production, is.
    fn environment(&self, place: &Place<'_>) -> Environment {
        let name = place.name.as_ref();
        let judged = match place.kind {
            PlaceKind::Profile => self.profile(name),
            PlaceKind::Context => self.kube_context(name),
            PlaceKind::Host => self.host(name),
            PlaceKind::Repository => {
                name.parse().map_or(Environment::Unknown, |name| self.repo(&name))
            }
            PlaceKind::Account if is_account_id(name) => self.account(name, None),
            PlaceKind::Account | PlaceKind::Name => {
                match by_pattern(&self.environments, name, Case::Ignored) {
                    Environment::NonProduction if !reads_as(name, &STAGES) => Environment::Unknown,
                    judged => judged,
                }
            }
            PlaceKind::Branch => Environment::Unknown,
        };
        match judged {
            Environment::Unknown if reads_as(name, &LIVE) => Environment::Production,
            judged => judged,
        }
    }
}

/// Words in names that say production.
const LIVE: [&str; 4] = ["prod", "production", "prd", "live"];
/// Words in names that say which other stage it is.
const STAGES: [&str; 16] = [
    "dev",
    "devel",
    "development",
    "test",
    "testing",
    "staging",
    "stage",
    "stg",
    "qa",
    "uat",
    "sandbox",
    "preview",
    "demo",
    "local",
    "ci",
    "preprod",
];

/// Whether one of the words a name is made of is one of these.
fn reads_as(name: &str, words: &[&str]) -> bool {
    let mut parts = name.split(|c: char| !c.is_ascii_alphabetic());
    parts.any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

/// Whether a name of something that no rule speaks of reads like production: `prod-data`, not
/// `preprod`, `non-prod` nor `prod-test`.
pub fn says_production(name: &str) -> bool {
    reads_as(name, &LIVE) && !reads_as(name, &STAGES) && !reads_as(name, &["non", "not", "no"])
}

/// Whether a pattern with `*` covers a whole name. Capital letters do not matter.
pub fn covers(pattern: &str, name: &str) -> bool {
    matches(&pattern.to_lowercase(), &name.to_lowercase())
}

fn is_account_id(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn by_pattern(rules: &[String], name: &str, case: Case) -> Environment {
    let judged = judge(rules, name, |rule, name| match case {
        Case::Matters => matches(rule, name),
        Case::Ignored => matches(&rule.to_lowercase(), &name.to_lowercase()),
    });
    // "prod" with a hidden or a look-alike character in it is not what the rules name, and still
    // may be what somebody reads: nobody can tell.
    if judged == Environment::NonProduction && !name.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return Environment::Unknown;
    }
    judged
}

fn judge(rules: &[String], name: &str, matches: impl Fn(&str, &str) -> bool) -> Environment {
    if rules.is_empty() {
        Environment::Unknown
    } else if rules.iter().any(|rule| matches(rule, name)) {
        Environment::Production
    } else {
        Environment::NonProduction
    }
}

/// Whether a pattern with `*` covers the whole text. Takes pattern length times text length at
/// the very most: after a mismatch only the last star moves on.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match (pattern.get(at), star) {
            (Some(b'*'), _) => {
                star = Some((at + 1, read));
                at += 1;
            }
            (Some(byte), _) if *byte == text[read] => {
                at += 1;
                read += 1;
            }
            (_, Some((after, taken))) => {
                star = Some((after, taken + 1));
                at = after;
                read = taken + 1;
            }
            (_, None) => return false,
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::{ProductionRules, matches};
    use crate::domain::{Environment, Place, PlaceKind, Places, Untrusted};
    use proptest::prelude::*;

    #[test]
    fn a_place_is_judged_by_the_rules_of_its_kind() {
        let rules = rules();
        let judged = |kind, name: &'static str| {
            Places::environment(&rules, &Place { kind, name: name.into() })
        };
        assert_eq!(judged(PlaceKind::Profile, "shop-prod"), Environment::Production);
        assert_eq!(judged(PlaceKind::Profile, "shop"), Environment::NonProduction);
        assert_eq!(judged(PlaceKind::Account, "444455556666"), Environment::NonProduction);
        assert_eq!(judged(PlaceKind::Name, "staging"), Environment::NonProduction);
        assert_eq!(judged(PlaceKind::Name, "shop-api"), Environment::Unknown);
        assert_eq!(judged(PlaceKind::Branch, "main"), Environment::Unknown);
    }

    #[test]
    fn without_rules_a_name_that_says_production_is_production_and_no_name_is_harmless() {
        let rules = ProductionRules::default();
        let judged = |name: &'static str| {
            Places::environment(&rules, &Place { kind: PlaceKind::Host, name: name.into() })
        };
        assert_eq!(judged("db1.prod.example.com"), Environment::Production);
        assert_eq!(judged("PRD-db"), Environment::Production);
        assert_eq!(judged("products.example.com"), Environment::Unknown);
        assert_eq!(judged("staging-db"), Environment::Unknown);
    }

    fn rules() -> ProductionRules {
        let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        ProductionRules {
            account_ids: list(&["111122223333"]),
            repos: list(&["Acme/shop", "acme/infra-*"]),
            environments: list(&["prod*", "live"]),
            profiles: list(&["*-prod"]),
            kube_contexts: list(&["arn:aws:eks:*:cluster/prod"]),
            hosts: list(&["*.prod.example.com"]),
            customer_facing: Vec::new(),
        }
    }

    #[test]
    fn what_a_rule_matches_is_production_and_the_rest_is_not() {
        let rules = rules();
        assert_eq!(rules.account("111122223333", None), Environment::Production);
        assert_eq!(rules.account("444455556666", None), Environment::NonProduction);
        assert_eq!(rules.repo(&"acme/Shop".parse().unwrap()), Environment::Production);
        assert_eq!(rules.repo(&"acme/infra-dns".parse().unwrap()), Environment::Production);
        assert_eq!(rules.repo(&"acme/notes".parse().unwrap()), Environment::NonProduction);
        assert_eq!(rules.environment(&"Production-EU".into()), Environment::Production);
        assert_eq!(rules.environment(&"staging".into()), Environment::NonProduction);
        assert_eq!(rules.profile("billing-prod"), Environment::Production);
        assert_eq!(rules.profile("billing-PROD"), Environment::NonProduction);
        let cluster = "arn:aws:eks:eu-central-1:111122223333:cluster/prod";
        assert_eq!(rules.kube_context(cluster), Environment::Production);
        assert_eq!(rules.host("db1.prod.example.com."), Environment::Production);
        assert_eq!(rules.host("db1.test.example.com"), Environment::NonProduction);
    }

    #[test]
    fn without_a_rule_of_its_kind_nobody_knows() {
        let rules = ProductionRules { hosts: vec!["db1".to_owned()], ..ProductionRules::default() };
        assert_eq!(rules.account("111122223333", None), Environment::Unknown);
        assert_eq!(rules.repo(&"acme/shop".parse().unwrap()), Environment::Unknown);
        assert_eq!(rules.environment(&"production".into()), Environment::Unknown);
        assert_eq!(rules.profile("prod"), Environment::Unknown);
        assert_eq!(rules.kube_context("prod"), Environment::Unknown);
    }

    #[test]
    fn what_the_entry_declares_wins_over_the_rules() {
        let rules = rules();
        assert_eq!(rules.account("111122223333", Some(false)), Environment::NonProduction);
        assert_eq!(rules.account("444455556666", Some(true)), Environment::Production);
    }

    #[test]
    fn a_disguised_name_does_not_slip_out_of_production() {
        let rules = rules();
        for disguised in ["l\u{200b}ive", "p\u{440}od", "\u{202e}dorp", "live\u{0}"] {
            let name = Untrusted::new(disguised);
            assert_eq!(rules.environment(&name), Environment::Unknown, "{disguised:?}");
        }
    }

    #[test]
    fn a_pattern_covers_the_whole_name() {
        assert!(matches("a*b*c", "a-b-b-c"));
        assert!(matches("*", ""));
        assert!(matches("**x", "x"));
        assert!(!matches("prod", "production"));
        assert!(!matches("prod", "preprod"));
        assert!(!matches("a*b", "a-b-c"));
        assert!(!matches("", "a"));
    }

    proptest! {
        #[test]
        fn stars_stand_for_anything(parts in prop::collection::vec("[ab]{0,4}", 1..5), fill in "[ab]{0,4}") {
            prop_assert!(matches(&parts.join("*"), &parts.join(&fill)));
        }

        #[test]
        fn matching_agrees_with_trying_every_split(pattern in "[ab*]{0,6}", text in "[ab]{0,8}") {
            fn slow(pattern: &[u8], text: &[u8]) -> bool {
                match pattern.split_first() {
                    None => text.is_empty(),
                    Some((b'*', rest)) => (0..=text.len()).any(|n| slow(rest, &text[n..])),
                    Some((byte, rest)) => text.first() == Some(byte) && slow(rest, &text[1..]),
                }
            }
            prop_assert_eq!(matches(&pattern, &text), slow(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
