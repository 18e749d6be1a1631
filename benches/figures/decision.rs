//! One authorization decision, with everything compiled already: the average over all principals
//! of an account, each asked eight questions.

use super::table::Table;
use countersign::iam::{
    Context, Inline, NothingKnown, Rules, Truth, Values,
    evaluate::{Caller, Layers, Named, Request, decide},
    load_file,
};
use std::{
    collections::HashMap,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

const QUESTIONS: [(&str, &str); 8] = [
    ("s3:GetObject", "arn:aws:s3:::core-prod-00000/k"),
    ("s3:DeleteBucket", "arn:aws:s3:::core-prod-00000"),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/x"),
    ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:f"),
    ("ec2:TerminateInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1"),
    ("kms:ScheduleKeyDeletion", "arn:aws:kms:us-east-1:111122223333:key/1"),
    ("dynamodb:DeleteTable", "arn:aws:dynamodb:us-east-1:111122223333:table/t"),
    ("sts:GetFederationToken", "*"),
];

const ROUNDS: u32 = 5;

/// A principal with its own rules.
struct Person<'d> {
    caller: Caller,
    inline: Vec<(&'d str, Rules)>,
    attached: Vec<&'d str>,
    boundary: Option<&'d str>,
}

impl<'d> Person<'d> {
    fn new(
        arn: &str,
        inline: &'d [Inline],
        attached: impl Iterator<Item = &'d str>,
        boundary: Option<&'d str>,
    ) -> Self {
        let rules = |one: &'d Inline| Some((&*one.name, Rules::compile(one.document.policy()?)));
        Self {
            caller: Caller::parse(arn).unwrap(),
            inline: inline.iter().filter_map(rules).collect(),
            attached: attached.collect(),
            boundary,
        }
    }

    fn layers<'p>(&'p self, managed: &'p HashMap<&str, Rules>) -> Layers<'p> {
        let named = |arn: &&'p str| Some(Named { name: arn, rules: managed.get(arn)? });
        let own = self.inline.iter().map(|(name, rules)| Named { name, rules });
        Layers {
            identity: own.chain(self.attached.iter().filter_map(named)).collect(),
            boundary: self.boundary.as_ref().and_then(named).map(|one| vec![one]),
            ..Layers::default()
        }
    }
}

/// Concrete questions, and the same with nothing known of the caller.
pub fn measure(table: &mut Table, file: &Path) {
    let loaded = load_file(file).unwrap();
    let details = &loaded.details;
    let managed: HashMap<&str, Rules> = details
        .policies
        .iter()
        .filter_map(|policy| {
            let version = policy.versions.iter().find(|version| version.is_default)?;
            Some((&*policy.arn, Rules::compile(version.document.policy()?)))
        })
        .collect();
    let users = details.users.iter().map(|user| {
        let attached = user.attached.iter().map(|one| &*one.arn);
        Person::new(&user.arn, &user.inline, attached, user.boundary.as_deref())
    });
    let roles = details.roles.iter().map(|role| {
        let attached = role.attached.iter().map(|one| &*one.arn);
        Person::new(&role.arn, &role.inline, attached, role.boundary.as_deref())
    });
    let people: Vec<Person<'_>> = users.chain(roles).collect();
    let asked: Vec<(&Caller, Layers<'_>)> =
        people.iter().map(|person| (&person.caller, person.layers(&managed))).collect();
    let mut known = Values::default();
    known.set("aws:username", "bob");
    known.set("aws:SourceIp", "10.0.0.1");
    known.set("aws:MultiFactorAuthPresent", "true");
    let limit = Duration::from_micros(2);
    let mut tell = |what: &str, context: &dyn Context| {
        let (average, allowed) = average(&asked, context);
        assert!(allowed > 0, "somebody may do something");
        let measured = format!("{:.2} µs", average.as_secs_f64() * 1e6);
        table.line(what, &measured, "≤ 2 µs", average <= limit);
    };
    tell("one decision, warm, over 10000 principals", &known);
    tell("  the same, nothing known of the request", &NothingKnown);
}

fn average(asked: &[(&Caller, Layers<'_>)], context: &dyn Context) -> (Duration, u32) {
    let (mut decisions, mut allowed) = (0, 0);
    let began = Instant::now();
    for _ in 0..ROUNDS {
        for (caller, layers) in asked {
            for (action, resource) in QUESTIONS {
                let request = Request {
                    caller,
                    action,
                    resource,
                    resource_account: None,
                    is_wildcard_only: resource == "*",
                };
                let ruling = decide(black_box(&request), layers, context);
                decisions += 1;
                allowed += u32::from(ruling.allowed == Truth::Yes);
            }
        }
    }
    (began.elapsed() / decisions, allowed)
}
