//! How rules add up, and that nothing that goes wrong lets anything through.

use super::case::{asked, told};
use countersign::{
    domain::{Assessment, Confirm, Effect, Environment, Leave, Opaque, Reversibility, Span, Verb},
    policy::Policy,
};
use proptest::prelude::*;

fn policy(rules: &str) -> Policy {
    let text = format!("// version: 1\n{rules}");
    Policy::parse(&text, "policy.cedar").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_rule_that_matches_adds_and_the_strictest_counts() {
    let policy = policy(
        r#"
@id("a") @tier("low") @approvals("1") @from("senior") @expires("2h") @confirm("key")
permit (principal, action, resource);
@id("b") @tier("high") @approvals("3") @expires("10m") @from("security") @from("dba") @from_2("audit")
permit (principal, action == Action::"delete", resource);
@id("c") @approvals("0")
permit (principal, action, resource);
"#,
    );
    let both = asked("rm notes.txt").by(&policy);
    let Leave::Held(needed) = &both.leave else { panic!("{both:?}") };
    assert_eq!(needed.approvals, 3);
    assert_eq!(needed.from, ["audit", "dba", "security", "senior"]);
    assert_eq!((needed.expires, needed.confirm), (600, Confirm::TypeTarget));
    assert_eq!(
        (both.tier.as_str(), both.rules.as_slice()),
        ("high", &["a".to_owned(), "b".into()][..])
    );

    let one = asked("touch x").by(&policy);
    let Leave::Held(needed) = &one.leave else { panic!("{one:?}") };
    assert_eq!((needed.approvals, needed.expires, needed.confirm), (1, 7200, Confirm::Key));
}

#[test]
fn of_several_effects_the_strictest_counts() {
    let shipped = Policy::shipped().unwrap_or_else(|error| panic!("{error}"));
    let ruling = asked("npm test; git push origin main; rm notes.txt; ls").by(&shipped);
    assert_eq!(told(&ruling), "2 from senior (destructive)");
    assert_eq!(ruling.rules, ["destructive", "reversible-in-production"]);
}

#[test]
fn what_no_rule_speaks_of_is_held_as_strictly_as_the_policy_can() {
    assert_eq!(told(&asked("touch x").by(&policy(""))), "2 from senior (unmatched)");
    let more = policy(
        r#"@id("a") @approvals("4") @from("dba")
permit (principal, action, resource) when { resource.service == "postgresql" };"#,
    );
    assert_eq!(told(&asked("touch x").by(&more)), "4 from dba, senior (unmatched)");
    // One effect that no rule speaks of is enough.
    let reads = policy(
        r#"@id("read") @approvals("0") permit (principal, action == Action::"read", resource);"#,
    );
    assert_eq!(told(&asked("ls; touch x").by(&reads)), "2 from senior (unmatched)");
    assert_eq!(told(&asked("ls").by(&reads)), "through (read)");
}

#[test]
fn a_condition_that_errs_is_a_refusal_even_beside_a_permit() {
    // Cedar skips a rule that errs: this forbid would be overlooked.
    let errs = "context.resources * 9223372036854775807 * 9223372036854775807 > 0";
    for rule in [
        format!(
            "@id(\"b\") @because(\"x\") forbid (principal, action, resource) when {{ {errs} }};"
        ),
        format!(
            "@id(\"b\") @approvals(\"1\") permit (principal, action, resource) when {{ {errs} }};"
        ),
    ] {
        let all = "@id(\"a\") @approvals(\"0\") permit (principal, action, resource);";
        let policy = policy(&format!("{all}\n{rule}"));
        let ruling = asked("git push origin main && aws s3 cp a s3://b/c").by(&policy);
        assert!(matches!(&ruling.leave, Leave::Refused { .. }), "{ruling:?}");
        assert_eq!(ruling.tier, "refused");
    }
}

#[test]
fn more_effects_than_can_be_asked_about_are_held_at_the_strictest_and_still_looked_at() {
    let policy = policy("@id(\"a\") @approvals(\"0\") permit (principal, action, resource);");
    let mut many = asked("true");
    let effect = |number: usize, environment| Effect {
        verb: Verb::Update,
        service: "kubernetes".into(),
        resource: format!("deploy/web-{number}").into(),
        environment,
        reversible: Reversibility::Reversible("scale it back".into()),
        evidence: Span::new(0, 4),
    };
    many.found.effects =
        (0..5000).map(|number| effect(number, Environment::NonProduction)).collect();
    let explained = many.explained(&policy);
    assert_eq!(told(&explained.ruling), "2 from senior (unmatched)");
    assert_eq!(explained.matched.last().unwrap().beyond, 4000);
    // The same effect five thousand times is one question.
    many.found.effects = vec![effect(1, Environment::NonProduction); 5000];
    assert_eq!(told(&many.by(&policy)), "through (a)");
}

fn effects() -> impl Strategy<Value = Assessment> {
    let services =
        ["files", "git", "kubernetes", "aws:s3", "aws:kms", "terraform", "http", "sqlite", "x"];
    let verbs = [
        Verb::Read,
        Verb::Create,
        Verb::Update,
        Verb::Delete,
        Verb::Run,
        Verb::Grant,
        Verb::Reveal,
    ];
    let lost = [
        "the namespace and every object in it are gone",
        "it is gone",
        "push a commit that reverts it",
    ];
    let effect = (
        prop::sample::select(verbs.to_vec()),
        prop::sample::select(services.to_vec()),
        "\\PC{0,12}|~?/?[a-z./:_ ]{0,20}|ns prod|s3://prod",
        0..3_usize,
        0..3_usize,
        prop::sample::select(lost.to_vec()),
        (0..40_usize, 0..40_usize),
    );
    let effect =
        effect.prop_map(|(verb, service, resource, place, way, lost, (start, end))| Effect {
            verb,
            service: service.into(),
            resource: resource.into(),
            environment: [
                Environment::Production,
                Environment::Unknown,
                Environment::NonProduction,
            ][place],
            reversible: match way {
                0 => Reversibility::Unchanged,
                1 => Reversibility::Reversible(lost.into()),
                _ => Reversibility::Irreversible(lost.into()),
            },
            evidence: Span::new(start, end),
        });
    let opaque = (0..40_usize, 0..40_usize)
        .prop_map(|(start, end)| Opaque { evidence: Span::new(start, end), because: "x".into() });
    (prop::collection::vec(effect, 0..4), prop::collection::vec(opaque, 0..2))
        .prop_map(|(effects, opaque)| Assessment { effects, opaque })
}

/// How strict a ruling is, from going ahead to never.
fn weight(leave: &Leave) -> (u8, u32, usize, bool, u64) {
    match leave {
        Leave::LetThrough => (0, 0, 0, false, 0),
        Leave::Held(needed) => (
            1,
            needed.approvals,
            needed.from.len(),
            needed.confirm == Confirm::TypeTarget,
            u64::MAX - needed.expires,
        ),
        Leave::Refused { .. } => (2, 0, 0, false, 0),
        Leave::Boundary { .. } => (3, 0, 0, false, 0),
    }
}

/// Whether one is at least as strict as the other in every respect.
fn is_as_strict(one: &Leave, other: &Leave) -> bool {
    let (one, other) = (weight(one), weight(other));
    if one.0 != other.0 {
        return one.0 > other.0;
    }
    one.1 >= other.1 && one.2 >= other.2 && one.3 >= other.3 && one.4 >= other.4
}

const MORE: [&str; 5] = [
    "@id(\"more\") @approvals(\"0\") permit (principal, action, resource);",
    "@id(\"more\") @approvals(\"1\") @expires(\"7d\") @confirm(\"key\") permit (principal, action, resource);",
    "@id(\"more\") @approvals(\"5\") @from(\"dba\") permit (principal, action, resource) when { resource.local };",
    "@id(\"more\") @approvals(\"0\") permit (principal, action == Action::\"delete\", resource);",
    "@id(\"more\") @because(\"x\") forbid (principal, action, resource) when { resource.kind == Kind::\"file\" };",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_put_to_it_a_policy_answers(found in effects(), line in "\\PC{0,30}") {
        let shipped = Policy::shipped().unwrap_or_else(|error| panic!("{error}"));
        let mut any = asked("true");
        any.found = found;
        any.action.title = line.into();
        let ruling = any.by(&shipped);
        prop_assert!(!matches!(ruling.leave, Leave::Refused { .. }), "{:?}", ruling);
    }

    /// But for what no rule spoke of: there a rule that does takes the place of the strictest.
    #[test]
    fn one_more_rule_never_loosens_what_rules_ask_for(found in effects(), which in 0..MORE.len()) {
        let text = countersign::policy::shipped_text();
        let shipped = Policy::shipped().unwrap_or_else(|error| panic!("{error}"));
        let more = Policy::parse(&format!("{text}\n{}", MORE[which]), "more.cedar");
        let more = more.unwrap_or_else(|error| panic!("{error}"));
        let mut any = asked("true");
        any.found = found;
        let (before, after) = (any.explained(&shipped), any.explained(&more));
        prop_assume!(before.matched.iter().all(|matched| !matched.rules.is_empty()));
        prop_assert!(
            is_as_strict(&after.ruling.leave, &before.ruling.leave),
            "{:?}\n{:?}", before.ruling, after.ruling
        );
    }
}
