//! Requests, policies and what comes of them, in few words.

use crate::support::program::Program;
use serde_json::{Value, json};

pub const ACCOUNT: &str = "111122223333";
pub const OTHER: &str = "444455556666";
pub const BOB: &str = "arn:aws:iam::111122223333:user/bob";
pub const ANN: &str = "arn:aws:iam::111122223333:user/ann";
pub const ROOT: &str = "arn:aws:iam::111122223333:root";
pub const ROLE: &str = "arn:aws:iam::111122223333:role/app";
pub const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/run-1";
pub const STRANGER: &str = "arn:aws:iam::444455556666:user/bob";
pub const OBJECT: &str = "arn:aws:s3:::shop/orders/1";
pub const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/k1";
pub const TARGET: &str = "arn:aws:iam::111122223333:role/target";

pub const ALLOWED: &str = "Allowed";
pub const DENIED: &str = "ExplicitlyDenied";
pub const NOT_ALLOWED: &str = "ImplicitlyDenied";

/// A statement; without [`Says::to`] it names no principal.
#[derive(Clone)]
pub struct Says(Value);

fn says(effect: &str, actions: impl Into<Value>) -> Says {
    Says(json!({ "Effect": effect, "Action": actions.into(), "Resource": "*" }))
}

pub fn allow(actions: impl Into<Value>) -> Says {
    says("Allow", actions)
}

pub fn deny(actions: impl Into<Value>) -> Says {
    says("Deny", actions)
}

impl Says {
    fn with(mut self, key: &str, value: Value) -> Self {
        self.0.as_object_mut().unwrap().insert(key.to_owned(), value);
        self
    }

    fn without(mut self, key: &str) -> Self {
        self.0.as_object_mut().unwrap().remove(key);
        self
    }

    pub fn on(self, resources: impl Into<Value>) -> Self {
        self.with("Resource", resources.into())
    }

    /// On everything but this.
    pub fn not_on(self, resources: impl Into<Value>) -> Self {
        self.without("Resource").with("NotResource", resources.into())
    }

    /// Everything but its actions.
    pub fn but(self) -> Self {
        let actions = self.0["Action"].clone();
        self.without("Action").with("NotAction", actions)
    }

    /// `{ "AWS": … }`, or whatever object is given.
    pub fn to(self, principal: impl Into<Value>) -> Self {
        let principal = principal.into();
        let named = if principal.is_object() { principal } else { json!({ "AWS": principal }) };
        self.with("Principal", named)
    }

    pub fn not_to(self, principals: impl Into<Value>) -> Self {
        self.with("NotPrincipal", json!({ "AWS": principals.into() }))
    }

    /// A trust policy's statement.
    pub fn trusting(self, principal: impl Into<Value>) -> Self {
        self.without("Resource").to(principal)
    }

    pub fn when(mut self, operator: &str, key: &str, values: impl Into<Value>) -> Self {
        self.0["Condition"][operator][key] = values.into();
        self
    }
}

/// A policy of these statements.
pub fn policy(says: impl IntoIterator<Item = Says>) -> Value {
    dated("2012-10-17", says)
}

/// A policy of another version.
pub fn dated(version: &str, says: impl IntoIterator<Item = Says>) -> Value {
    let says: Vec<Value> = says.into_iter().map(|says| says.0).collect();
    json!({ "Version": version, "Statement": says })
}

/// One request.
#[derive(Clone)]
pub struct Ask(Value);

/// Bob asks this of an object in his account, and nothing grants it yet.
pub fn ask(action: &str) -> Ask {
    Ask(json!({
        "principal": BOB, "action": action, "resource": OBJECT, "resourceAccount": ACCOUNT,
        "context": {}, "identity": [],
    }))
}

impl Ask {
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0[field] = value.into();
        self
    }

    pub fn request(&self) -> &Value {
        &self.0
    }

    pub fn by(self, principal: impl Into<Value>) -> Self {
        self.set("principal", principal)
    }

    pub fn of(self, resource: &str) -> Self {
        self.set("resource", resource)
    }

    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0["context"][key] = value.into();
        self
    }

    /// Adds a policy to the identity's.
    pub fn identity(mut self, says: impl IntoIterator<Item = Says>) -> Self {
        self.0["identity"].as_array_mut().unwrap().push(policy(says));
        self
    }

    pub fn boundary(self, says: impl IntoIterator<Item = Says>) -> Self {
        let policies = vec![policy(says)];
        self.set("boundary", policies)
    }

    pub fn session(self, says: impl IntoIterator<Item = Says>) -> Self {
        let session = policy(says);
        self.set("session", session)
    }

    pub fn resource(self, says: impl IntoIterator<Item = Says>) -> Self {
        let own = policy(says);
        self.set("resourcePolicy", own)
    }

    /// One policy a level, from the root down.
    pub fn scps(self, levels: impl IntoIterator<Item = Vec<Says>>) -> Self {
        let levels: Vec<Value> = levels.into_iter().map(|says| json!([policy(says)])).collect();
        self.set("scps", levels)
    }

    pub fn rcp(self, says: impl IntoIterator<Item = Says>) -> Self {
        let level = vec![json!([policy(says)])];
        self.set("rcps", level)
    }
}

/// Asks all of them in one run, and wants these decisions.
#[track_caller]
#[allow(clippy::needless_pass_by_value)] // the cases read better without a borrow in each test
pub fn decides<const N: usize>(cases: [(Ask, &str); N]) {
    let lines: Vec<Value> =
        cases.iter().map(|(ask, wanted)| json!({ "request": ask.0, "want": wanted })).collect();
    let wrong = disagreeing(&lines);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Of `{"request", "want"}`, those that come out otherwise.
pub fn disagreeing(cases: &[Value]) -> Vec<String> {
    let numbered = cases.iter().enumerate().map(|(number, case)| {
        let mut request = case["request"].clone();
        request["id"] = json!(number);
        request.to_string()
    });
    let input: Vec<String> = numbered.collect();
    let ran = Program::new().run_with_input(&["iam", "simulate", "--jsonl"], &input.join("\n"));
    assert_eq!(ran.status, 0, "{ran:?}");
    let answers: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), cases.len());
    let pairs = cases.iter().zip(&answers).enumerate();
    let wrong = pairs.filter(|(number, (case, answer))| {
        assert_eq!(answer["id"], json!(number));
        let got = answer.get("decision").and_then(Value::as_str).unwrap_or("error");
        case["want"] != got
    });
    wrong.map(|(_, (case, answer))| format!("{case}\n  came out as {answer}")).collect()
}

/// What `iam audit` says of one account.
pub struct Audit(Value);

pub fn audit(users: &[Value], roles: &[Value]) -> Audit {
    Audit::of(&[json!({
        "UserDetailList": users, "GroupDetailList": [], "RoleDetailList": roles, "Policies": [],
    })])
}

impl Audit {
    /// One file an account.
    pub fn of(files: &[Value]) -> Self {
        let program = Program::new();
        let paths: Vec<String> = files
            .iter()
            .enumerate()
            .map(|(at, file)| {
                program.write(&format!("{at}.json"), file.to_string()).display().to_string()
            })
            .collect();
        let mut arguments = vec!["iam", "audit", "--format", "json", "--all"];
        arguments.extend(paths.iter().map(String::as_str));
        let ran = program.run(&arguments);
        assert_eq!(ran.status, 0, "{ran:?}");
        Self(ran.json())
    }

    fn of_principal(&self, name: &str, field: &str) -> Value {
        let ends = format!("/{name}");
        let all = self.0["principals"].as_array().unwrap();
        let it = all.iter().find(|it| it["arn"].as_str().unwrap().ends_with(&ends));
        it.unwrap_or_else(|| panic!("nobody is named {name}"))[field].clone()
    }

    pub fn admin(&self, name: &str) -> String {
        self.of_principal(name, "admin").as_str().unwrap().to_owned()
    }

    pub fn reaches(&self, name: &str) -> String {
        self.of_principal(name, "reaches_admin").as_str().unwrap().to_owned()
    }

    /// Everything that is said of a principal, as text to look for words in.
    pub fn told(&self, name: &str) -> String {
        ["path", "destructive"].map(|field| self.of_principal(name, field).to_string()).concat()
    }

    /// What is said of the ways into a role.
    pub fn entries(&self, role: &str) -> Vec<&Value> {
        let ends = format!("/{role}");
        let all = self.0["entry_points"].as_array().unwrap();
        all.iter().filter(|it| it["role"].as_str().unwrap().ends_with(&ends)).collect()
    }

    pub fn problems(&self) -> String {
        self.0["problems"].to_string()
    }
}

pub fn user(name: &str, says: impl IntoIterator<Item = Says>) -> Value {
    crate::iam::accounts::user(ACCOUNT, name, &policy(says))
}

/// A role that trusts this.
pub fn role(name: &str, trust: Says, says: impl IntoIterator<Item = Says>) -> Value {
    let mut role = crate::iam::accounts::role(ACCOUNT, name, &json!({}), &policy(says));
    role["AssumeRolePolicyDocument"] = policy([trust]);
    role
}

/// An administrator whom only a service trusts.
pub fn chief() -> Value {
    role("chief", allow("sts:AssumeRole").trusting(service("lambda")), [allow("*")])
}

pub fn service(name: &str) -> Value {
    json!({ "Service": format!("{name}.amazonaws.com") })
}
