use super::{Catalogue, Gives, Lever, Place, Value, Who};
use crate::iam::{Glob, actions::ActionTable};
use std::collections::BTreeSet;

fn shipped() -> Catalogue {
    Catalogue::shipped().unwrap()
}

/// A catalogue of one technique, `body` put into it.
fn one(body: &str) -> Result<Catalogue, String> {
    let head = "[kind.function]\nis = \"a function\"\narn = \"arn:{partition}:lambda:*:{account}:function:*\"\n\
                [[technique]]\nid = \"x\"\ntitle = \"X\"\ncategory = \"grant\"\n";
    Catalogue::parse(&format!("{head}{body}")).map_err(|error| error.to_string())
}

#[test]
fn the_shipped_catalogue_is_whole_and_large() {
    let catalogue = shipped();
    let sets: BTreeSet<Vec<&str>> = catalogue.techniques().iter().map(|t| t.action_set()).collect();
    assert!(sets.len() >= 125, "{}", sets.len());
    for technique in catalogue.techniques() {
        assert!(catalogue.get(&technique.id).is_some_and(|found| found == technique));
    }
}

#[test]
fn every_role_that_is_passed_is_passed_to_a_service() {
    for technique in shipped().techniques() {
        for step in &technique.steps {
            if step.any_of.iter().any(|action| &**action == "iam:PassRole") {
                let to = step.with.iter().find(|bring| &*bring.key == "iam:PassedToService");
                assert!(to.is_some_and(|to| !to.values.is_empty()), "{}", technique.id);
                assert_eq!(step.on, Place::Target, "{}", technique.id);
                assert!(technique.target.must_be_editable, "{}", technique.id);
            }
        }
    }
}

// IAM User Guide, `access_policies_managed-versioning.html`: only customer managed policies have
// versions that a customer can write; the lever says so, so that AWS's own are never a target.
#[test]
fn rewriting_a_policy_goes_through_a_policy_of_the_customer() {
    let catalogue = shipped();
    let levers: Vec<_> = catalogue
        .techniques()
        .iter()
        .filter(|t| t.action_set().contains(&"iam:CreatePolicyVersion"))
        .map(|t| t.target.through)
        .collect();
    assert!(levers.len() >= 2);
    assert!(levers.iter().all(|l| matches!(l, Some(Lever::Policy | Lever::BoundaryPolicy))));
}

#[test]
fn attaching_a_policy_lets_the_caller_choose_one_that_allows_everything() {
    let catalogue = shipped();
    let attach = catalogue.get("attach-user-policy").unwrap();
    let [step] = &*attach.steps else { panic!("{attach:?}") };
    let policy = step.with.iter().find(|bring| &*bring.key == "iam:PolicyARN").unwrap();
    assert_eq!(*policy.values, [Value::AdministratorPolicy]);
    assert_eq!((attach.target.who, attach.gives), (Who::User, Gives::Administrator));
}

#[test]
fn a_template_is_filled_with_partition_and_account() {
    let catalogue = shipped();
    let create = catalogue.get("lambda-create-invoke").unwrap();
    let Place::New(templates) = &create.steps[1].on else { panic!("{create:?}") };
    assert_eq!(
        templates[0].fill("aws-cn", "111122223333"),
        "arn:aws-cn:lambda:*:111122223333:function:*"
    );
}

#[test]
fn what_has_no_known_target_gives_no_known_power() {
    for technique in shipped().techniques() {
        if technique.target.who == Who::Unknown {
            assert_eq!(technique.gives, Gives::Unknown, "{}", technique.id);
        }
    }
}

#[test]
fn what_is_left_to_simpler_techniques_asks_for_more_than_each_of_them() {
    let catalogue = shipped();
    for technique in catalogue.techniques() {
        let whole = technique.action_set();
        for part in technique.composed_of.iter().filter_map(|id| catalogue.get(id)) {
            let part_set = part.action_set();
            assert!(
                part_set.iter().all(|action| whole.contains(action)) && part_set != whole,
                "{} and {}",
                technique.id,
                part.id
            );
        }
    }
}

#[test]
fn a_technique_that_contradicts_itself_is_refused_with_its_id() {
    let target = "target = { who = \"user\" }\n";
    let step = "steps = [{ action = \"iam:PutUserPolicy\", on = \"target\" }]\n";
    let end = "gives = \"administrator\"\nreason = \"r\"\n";
    assert!(one(&format!("{target}{step}{end}")).is_ok());
    let cases = [
        (format!("{target}{step}gives = \"administrator\"\n"), "missing field `reason`"),
        (format!("{target}{step}gives = \"administrator\"\nreason = \" \"\n"), "does not say why"),
        (format!("{target}{step}{end}colour = 1\n"), "unknown field `colour`"),
        (format!("{target}{step}gives = \"all\"\nreason = \"r\"\n"), "unknown variant `all`"),
        (format!("{target}steps = []\n{end}"), "no steps"),
        (
            format!("{target}steps = [{{ action = \"iam:*\", on = \"target\" }}]\n{end}"),
            "no single action",
        ),
        (format!("{target}steps = [{{ action = \"a:B\", on = \"moon\" }}]\n{end}"), "no `moon`"),
        (format!("{target}steps = [{{ action = \"a:B\" }}]\n{end}"), "needs one of"),
        (format!("{target}steps = [{{ action = \"a:B\", new = [\"car\"] }}]\n{end}"), "[kind.car]"),
        (
            format!("{target}steps = [{{ action = \"iam:PassRole\", on = \"target\" }}]\n{end}"),
            "to no service",
        ),
        (
            format!("{target}steps = [{{ action = \"a:B\", on = \"group\" }}]\n{end}"),
            "belong together",
        ),
        (format!("{target}{step}composed_of = [\"y\"]\n{end}"), "no other technique"),
        (format!("target = {{ who = \"user\", trusts = [\"s\"] }}\n{step}{end}"), "only a role"),
    ];
    for (body, expected) in cases {
        let error = one(&body).unwrap_err();
        assert!(error.contains(expected), "{body}: {error}");
    }
}

#[test]
fn two_techniques_with_the_same_actions_and_target_are_refused() {
    let technique = |id: &str| {
        format!(
            "[[technique]]\nid = \"{id}\"\ntitle = \"X\"\ncategory = \"grant\"\n\
             target = {{ who = \"user\" }}\nsteps = [{{ action = \"a:B\", on = \"target\" }}]\n\
             gives = \"administrator\"\nreason = \"r\"\n"
        )
    };
    let error = Catalogue::parse(&format!("{}{}", technique("x"), technique("y"))).unwrap_err();
    assert_eq!(error.to_string(), "technique `y`: says the same as `x`; join the two");
}

// AWS Service Authorization Reference, as the table of actions has it.
#[test]
fn every_action_exists_and_is_asked_on_a_resource_it_works_on() {
    let table = ActionTable::get();
    for technique in shipped().techniques() {
        for action in &technique.optional {
            assert!(table.find(action).is_some(), "{}: {action}", technique.id);
        }
        for step in &technique.steps {
            for action in &step.any_of {
                let Some(id) = table.find(action) else { panic!("{}: {action}", technique.id) };
                assert_eq!(table.name(id), &**action, "{}", technique.id);
                let is_any = step.on == Place::Any;
                assert_eq!(table.is_wildcard_only(id), is_any, "{}: {action}", technique.id);
                let templates = match &step.on {
                    Place::New(all) | Place::Existing(all) => &**all,
                    Place::Created(one) => std::slice::from_ref(one),
                    _ => &[],
                };
                for template in templates {
                    let arn = Glob::new(&template.fill("aws", "111122223333"));
                    assert!(
                        table.resource_patterns(id).any(|known| known.arn.overlaps(&arn)),
                        "{}: {action} on {}",
                        technique.id,
                        template.text()
                    );
                }
            }
        }
    }
}
