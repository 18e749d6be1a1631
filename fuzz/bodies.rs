//! What is checked of any input. Part of the fuzz targets and of the room's own tests.

use crate::iam::{
    Actions, Condition, Document, Effect, Glob, NothingKnown, Policy, PolicyKind, Resources, Rules,
    Statement, Truth, Values,
};

/// Reading: no panic, no hang, and what was read is printed so that it reads the same.
pub fn policy(data: &[u8]) {
    let _: Result<Document, _> = serde_json::from_slice(data);
    let text = String::from_utf8_lossy(data);
    let Ok(policy) = Policy::parse(&text) else { return };
    let printed = policy.to_string();
    assert_eq!(Policy::parse(&printed).as_ref(), Ok(&policy), "{printed}");
    for kind in [PolicyKind::Identity, PolicyKind::Trust, PolicyKind::Resource] {
        assert!(policy.problems(kind).len() <= 51);
    }
    let rules = Rules::compile(&policy);
    for rule in rules.rules().iter().take(100) {
        rule.covers_action("s3:GetObject");
        rule.covers_resource("arn:aws:s3:::shop/key", &NothingKnown);
        rule.conditions_hold(&NothingKnown);
        rule.open_conditions(&NothingKnown);
    }
}

/// Asking: no panic, and whoever knows more never contradicts who knew less.
pub fn evaluate(data: &[u8]) {
    let mut bytes = Bytes(data);
    let policy = bytes.policy();
    let request = bytes.request();
    let action = *bytes.pick(&ACTIONS);
    let resource = *bytes.pick(&RESOURCES);
    let rules = Rules::compile(&policy);
    for rule in rules.rules() {
        let written = rule.statement();
        let is_covered = rule.covers_action(action);
        assert_eq!(is_covered, plainly_covers(&written.actions, action), "{policy} {action}");
        refines(
            rule.covers_resource(resource, &NothingKnown),
            rule.covers_resource(resource, &request),
            || format!("{policy} {resource} {request:?}"),
        );
        refines(rule.conditions_hold(&NothingKnown), rule.conditions_hold(&request), || {
            format!("{policy} {request:?}")
        });
        let is_open = rule.conditions_hold(&request) == Truth::Depends;
        assert!(!is_open, "a request says everything: {policy} {request:?}");
        assert!(rule.open_conditions(&request).is_empty(), "{policy} {request:?}");
    }
}

fn refines(offline: Truth, asked: Truth, told: impl Fn() -> String) {
    assert!(offline == Truth::Depends || offline == asked, "{offline:?} {asked:?} {}", told());
}

fn plainly_covers(actions: &Actions, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let any = |all: &[Box<str>]| {
        all.iter().any(|pattern| Glob::new(&pattern.to_ascii_lowercase()).matches(&action))
    };
    match actions {
        Actions::Only(all) => any(all),
        Actions::AllBut(all) => !any(all),
    }
}

const ACTIONS: [&str; 5] = ["s3:GetObject", "S3:getobject", "iam:PassRole", "sts:AssumeRole", "x"];
const PATTERNS: [&str; 9] =
    ["*", "s3:*", "s3:Get*", "S3:GETOBJECT", "iam:PassRole", "*:Pass????", "sts", "sts:*Role", ""];
const RESOURCES: [&str; 7] = [
    "*",
    "arn:aws:s3:::shop",
    "arn:aws:s3:::shop/a/b",
    "arn:aws:s3:::${k}",
    "arn:aws:iam::111122223333:role/a",
    "arn:aws:lambda:eu-west-1:111122223333:function:f:1",
    "",
];
const RESOURCE_PATTERNS: [&str; 12] = [
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::shop/${k}/*",
    "arn:aws:s3:::${k, 'shop'}",
    "arn:aws:iam::${j}:role/*",
    "arn:*:role/a",
    "arn:aws:lambda:*:*:function:?",
    "arn:aws:lambda:*:*:function:*",
    "arn:aws:s3:*",
    "arn:aws:s3:::${$}{k}",
    "${k}",
    "",
];
const OPERATORS: [&str; 16] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericLessThan",
    "NumericNotEquals",
    "DateGreaterThan",
    "DateEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnLike",
    "ArnNotEquals",
    "Null",
];
const VALUES: [&str; 16] = [
    "a",
    "A",
    "b*",
    "*",
    "?",
    "true",
    "false",
    "10",
    "-0.5",
    "2026-01-01",
    "10.0.0.0/8",
    "10.1.2.3",
    "::/0",
    "arn:aws:iam::111122223333:role/a",
    "arn:aws:iam::*:role/*",
    "${j}",
];
const KEYS: [&str; 3] = ["k", "j", "aws:CurrentTime"];
/// Keys that carry a boolean or an address and nothing else.
const FLAG: &str = "aws:SecureTransport";
const ADDRESS: &str = "aws:SourceIp";
/// The only key of several values, asked with set operators alone.
const MANY: &str = "aws:TagKeys";

/// Decisions, read from bytes; zeros once they are used up.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> usize {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(first)
    }

    fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.next() % all.len()]
    }

    fn texts(&mut self, all: &[&str]) -> Box<[Box<str>]> {
        (0..self.next() % 4).map(|_| Box::from(*self.pick(all))).collect()
    }

    fn policy(&mut self) -> Policy {
        let has_variables = !self.next().is_multiple_of(4);
        let statements = (0..=self.next() % 3).map(|_| self.statement()).collect();
        Policy { has_variables, statements }
    }

    fn statement(&mut self) -> Statement {
        let actions = self.texts(&PATTERNS);
        let resources = self.texts(&RESOURCE_PATTERNS);
        let kind = self.next();
        Statement {
            sid: None,
            effect: if kind & 1 == 0 { Effect::Allow } else { Effect::Deny },
            principals: None,
            actions: if kind & 2 == 0 { Actions::Only(actions) } else { Actions::AllBut(actions) },
            resources: Some(if kind & 4 == 0 {
                Resources::Only(resources)
            } else {
                Resources::AllBut(resources)
            }),
            conditions: (0..self.next() % 4).map(|_| self.condition()).collect(),
        }
    }

    fn condition(&mut self) -> Condition {
        let kind = self.next();
        let operator = *self.pick(&OPERATORS);
        let is_null = operator == "Null";
        let set = match kind % 3 {
            _ if is_null => "",
            0 => "",
            1 => "ForAllValues:",
            _ => "ForAnyValue:",
        };
        let suffix = if kind & 64 != 0 && !is_null { "IfExists" } else { "" };
        let is_many = !set.is_empty() && kind & 128 != 0;
        Condition {
            operator: format!("{set}{operator}{suffix}").into(),
            key: match operator {
                "Bool" => FLAG,
                "IpAddress" | "NotIpAddress" => ADDRESS,
                _ if is_many => MANY,
                _ => *self.pick(&KEYS),
            }
            .into(),
            values: self.texts(&VALUES),
        }
    }

    fn request(&mut self) -> Values {
        let mut request = Values::default();
        for key in KEYS {
            if self.next() & 1 == 1 {
                request.set(key, *self.pick(&VALUES));
            }
        }
        if self.next() & 1 == 1 {
            request.set(FLAG, *self.pick(&["true", "false"]));
            request.set(ADDRESS, *self.pick(&["10.1.2.3", "2001:db8::1"]));
        }
        if self.next() & 1 == 1 {
            let values = self.texts(&VALUES);
            request.set_many(MANY, values);
        }
        request
    }
}
