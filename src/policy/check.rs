//! Reads a policy file and tells everything that is wrong with it, with line and column.
//!
//! ```text
//!   text ─▶ version ─▶ Cedar's parser ─▶ strict validation ─▶ annotations (rules) ─▶ Checked
//!              └─────────────┴────────── each fault a Problem ──────┴──▶ PolicyError
//! ```

use super::{
    outline::{self, Annotation, Head},
    rules::{Rule, rule},
    shipped::shipped_schema,
};
use crate::config::document::{Document, Showing};
use crate::config::nearest::nearest;
use crate::config::problem::{Problem, quoted};
use cedar_policy::{
    Effect, PolicyId, PolicySet, Schema, ValidationMode, Validator, ffi::DetailedError,
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    ops::Range,
    path::Path,
    str::FromStr as _,
    sync::OnceLock,
};

/// More rules than this are no policy somebody could read.
const MOST_RULES: usize = 500;
/// Deeper nesting of brackets is refused before anybody reads it recursively.
const DEEPEST: usize = 64;
/// Faults beyond these are counted, not listed.
const MOST_PROBLEMS: usize = 50;

/// Everything that is wrong with a policy, in the order of its lines.
///
/// The text quotes the file; like anything from outside it goes to a terminal through
/// `text::SafeText`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
pub struct PolicyError {
    /// The faults; at least one.
    pub problems: Vec<Problem>,
}

impl PolicyError {
    fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|a, b| (a.place.is_none(), &a.place).cmp(&(b.place.is_none(), &b.place)));
        problems.dedup();
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        if more > 0 {
            problems.truncate(MOST_PROBLEMS);
            problems.push(Problem::new(format!("{more} more problems are not listed")));
        }
        Self { problems }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            write!(f, "{problem}\n\n")?;
        }
        match self.problems.len() {
            1 => f.write_str("The policy has 1 problem."),
            many => write!(f, "The policy has {many} problems."),
        }
    }
}

/// A policy that passed every check.
pub(super) struct Checked {
    pub version: u64,
    pub set: PolicySet,
    pub rules: HashMap<PolicyId, Rule>,
}

/// One rule before its annotations are understood.
pub(super) struct Draft<'a> {
    pub head: &'a Head,
    pub values: BTreeMap<String, String>,
    pub forbids: bool,
    pub line: usize,
}

/// Collects what is wrong.
pub(super) struct Faults<'a> {
    document: &'a Document,
    problems: Vec<Problem>,
}

impl Faults<'_> {
    pub fn count(&self) -> usize {
        self.problems.len()
    }

    /// What stands at a place.
    pub fn source(&self, span: Range<usize>) -> &str {
        self.document.text.get(span).unwrap_or_default()
    }

    pub fn quoted(&self, value: &str) -> String {
        let _ = self;
        quoted(value)
    }

    pub fn at(&mut self, span: Range<usize>, message: String, help: impl Into<String>) {
        let problem = self.document.problem(span, Showing::Line, message);
        self.problems.push(problem.help(help));
    }

    /// With the name that was probably meant.
    pub fn near(&mut self, span: Range<usize>, message: String, given: &str, known: &[&str]) {
        let help = nearest(given, known.iter().copied()).map_or_else(
            || format!("use one of {}", known.join(", ")),
            |name| format!("did you mean `{name}`?"),
        );
        self.at(span, message, help);
    }

    pub fn unknown_annotation(&mut self, found: &Annotation, known: &[&str], forbids: bool) {
        let name = found.name.as_str();
        let whole = found.whole.clone();
        if forbids
            && matches!(
                name,
                "approvals"
                    | "from"
                    | "expires"
                    | "run_within"
                    | "confirm"
                    | "signing"
                    | "break_glass"
                    | "tier"
            )
        {
            let message = format!("`@{name}` stands before a forbid, which nobody can approve");
            let help = "take it away; or write permit, if people may agree to it";
            return self.at(whole, message, help);
        }
        let message = format!("unknown annotation {}", quoted(&format!("@{name}")));
        let near = nearest(name, known.iter().copied()).map_or_else(
            || {
                let names: Vec<String> = known.iter().map(|name| format!("@{name}")).collect();
                format!("the annotations are {}", names.join(", "))
            },
            |name| format!("did you mean `@{name}`?"),
        );
        self.at(whole, message, near);
    }

    /// What Cedar says is wrong.
    fn cedar(&mut self, error: &DetailedError, whole: &Range<usize>) {
        for related in &error.related {
            self.cedar(related, whole);
        }
        let message = plain(&error.message);
        let label = error.source_locations.first();
        let span = label.map_or(whole.clone(), |label| label.loc.start..label.loc.end);
        let told = error.help.clone().or_else(|| label?.label.clone());
        let told = told.map(|help| plain(&help));
        let help = meant(&message, told.as_deref()).or(told);
        let help = help
            .or_else(|| Some("`countersign policy show --schema` lists what there is".to_owned()));
        let problem = self.document.problem(span, Showing::Line, message);
        self.problems.push(Problem { help, ..problem });
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without the number Cedar gives a rule that has a name of its own.
fn plain(message: &str) -> String {
    let text = one_line(message);
    let Some(rest) = text.strip_prefix("for policy `policy") else { return text };
    let said = rest.split_once("`, ").or_else(|| rest.split_once("`: "));
    said.map_or(text.clone(), |(_, said)| said.to_owned())
}

/// What was probably meant, where Cedar only lists what there is or guesses badly.
fn meant(message: &str, help: Option<&str>) -> Option<String> {
    if message.contains("is impossible") {
        return Some("it can never match: put it right, or take the rule away".to_owned());
    }
    if message.contains("duplicate annotation") {
        return Some("leave one of them out".to_owned());
    }
    if message.starts_with("unrecognized action") {
        let given = message.split('"').nth(1)?;
        return Some(nearest(given, ACTIONS).map_or_else(
            || format!("the actions are {}", ACTIONS.join(", ")),
            |near| format!("did you mean `Action::\"{near}\"`?"),
        ));
    }
    // Of several that are equally far off, Cedar names another one each time.
    if let Some(given) = message.strip_prefix("unrecognized entity type `") {
        let given = given.split('`').next()?;
        return Some(nearest(given, TYPES).map_or_else(
            || format!("the types are {}", TYPES.join(", ")),
            |near| format!("did you mean `{near}`?"),
        ));
    }
    let known = help?.strip_prefix("valid entity eids: ")?;
    let (kind, given) = message.split_once("::\"")?;
    let (kind, given) = (kind.rsplit('`').next()?, given.split('"').next()?);
    let known: Vec<&str> = known.split(", ").map(|name| name.trim_matches('"')).collect();
    Some(nearest(given, known.iter().copied()).map_or_else(
        || format!("the values of {kind} are {}", known.join(", ")),
        |near| format!("did you mean `{kind}::\"{near}\"`?"),
    ))
}

/// Every action of the schema.
const ACTIONS: [&str; 9] =
    ["read", "change", "create", "update", "delete", "run", "grant", "reveal", "opaque"];

/// Every type of the schema.
const TYPES: [&str; 10] = [
    "Class",
    "Effect",
    "Environment",
    "Isolation",
    "Kind",
    "Requester",
    "Source",
    "Staging",
    "Tool",
    "Weekday",
];

/// The schema every policy is checked against.
pub(super) fn schema() -> Result<&'static Schema, PolicyError> {
    static SCHEMA: OnceLock<Result<Schema, String>> = OnceLock::new();
    let read = SCHEMA.get_or_init(|| {
        let read = Schema::from_cedarschema_str(shipped_schema());
        read.map(|(schema, _)| schema).map_err(|error| DetailedError::from(&error).message)
    });
    read.as_ref().map_err(|why| {
        PolicyError::new(vec![Problem::new(format!(
            "the schema of policies cannot be read: {why}"
        ))])
    })
}

/// Reads a file, within bounds.
pub(super) fn load(path: &Path) -> Result<Checked2, PolicyError> {
    match Document::read(path) {
        Ok(Some(document)) => {
            let checked = check(&document)?;
            Ok((document.text, checked))
        }
        Ok(None) => Err(PolicyError::new(vec![
            Problem::new(format!("{}: there is no such file", path.display())).help(
                "name one that is there, or leave `[policy] file` out for the shipped policy",
            ),
        ])),
        Err(problem) => Err(PolicyError::new(vec![*problem])),
    }
}

/// The text and what it comes to.
type Checked2 = (String, Checked);

/// Checks a policy whose text is at hand.
pub(super) fn parse(text: &str, name: &str) -> Result<Checked, PolicyError> {
    check(&Document::new(Path::new(name), text.to_owned()))
}

fn check(document: &Document) -> Result<Checked, PolicyError> {
    let mut faults = Faults { document, problems: Vec::new() };
    let text = document.text.as_str();
    let version = version(text, &mut faults);
    if let Some(at) = too_deep(text) {
        let message = format!("brackets are nested more than {DEEPEST} deep here");
        faults.at(at..at + 1, message, "write it as several rules");
        return Err(PolicyError::new(faults.problems));
    }
    let once = outline::each_once(text);
    let set = match PolicySet::from_str(&once) {
        Ok(set) => set,
        Err(error) => {
            faults.cedar_all(&DetailedError::from(&error));
            return Err(PolicyError::new(faults.problems));
        }
    };
    let heads = outline::heads(&once);
    let rules = rules(&set, &heads, &mut faults);
    validate(&set, &heads, &mut faults)?;
    match (version, faults.problems.is_empty()) {
        (Some(version), true) => Ok(Checked { version, set, rules }),
        _ => Err(PolicyError::new(faults.problems)),
    }
}

impl Faults<'_> {
    /// Where the whole is only a list of its parts, the parts alone are told.
    fn cedar_all(&mut self, error: &DetailedError) {
        if error.related.is_empty() || !error.source_locations.is_empty() {
            return self.cedar(error, &(0..1));
        }
        for related in &error.related {
            self.cedar(related, &(0..1));
        }
    }
}

fn version(text: &str, faults: &mut Faults<'_>) -> Option<u64> {
    let Some((span, value)) = outline::version(text) else {
        faults.at(
            0..text.lines().next().unwrap_or_default().len().max(1),
            "the file does not say which version of the policy it is".to_owned(),
            "begin it with the line `// version: 1`, and raise the number with every change",
        );
        return None;
    };
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let read = value.parse::<u64>().ok().filter(|number| digits && *number > 0);
    // The store counts in signed 64 bit.
    let read = read.filter(|number| i64::try_from(*number).is_ok());
    if read.is_none() {
        let message = format!("{} is not the number of a version", quoted(value));
        faults.at(span, message, "write a whole number from 1: `// version: 2`");
    }
    read
}

/// Where brackets are nested too deep, strings and comments aside.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut string, mut escaped, mut comment) = (0_usize, false, false, false);
    let mut before = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => comment = false,
            _ if comment => {}
            _ if string => {
                string = escaped || byte != b'"';
                escaped = !escaped && byte == b'\\';
            }
            b'"' => string = true,
            b'/' if before == b'/' => comment = true,
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(at);
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = byte;
    }
    None
}

/// The number in the name Cedar gives to the rules of a file, in order.
fn number(id: &PolicyId) -> Option<usize> {
    id.to_string().strip_prefix("policy")?.parse().ok()
}

fn rules(set: &PolicySet, heads: &[Head], faults: &mut Faults<'_>) -> HashMap<PolicyId, Rule> {
    let mut read = HashMap::new();
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for template in set.templates() {
        let span =
            number(template.id()).and_then(|at| heads.get(at)).map(|head| head.effect.clone());
        faults.at(
            span.unwrap_or(0..1),
            "a rule with ?principal or ?resource is a template, and nothing fills it in here"
                .into(),
            "write the rule out",
        );
    }
    let mut numbered: Vec<_> = set.policies().filter_map(|p| Some((number(p.id())?, p))).collect();
    numbered.sort_by_key(|(at, _)| *at);
    let complete = numbered.len() + set.templates().count() == heads.len();
    if !complete || heads.len() > MOST_RULES {
        let message = if complete {
            format!("the file has more than {MOST_RULES} rules")
        } else {
            "the rules of this file cannot be told apart".to_owned()
        };
        faults.at(0..1, message, "write fewer, and wider ones");
        return read;
    }
    for (at, policy) in numbered {
        let head = &heads[at];
        let values: BTreeMap<String, String> =
            policy.annotations().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        if values.len() != head.annotations.len() {
            faults.at(
                head.effect.clone(),
                "the annotations of this rule cannot be read".to_owned(),
                "write each as @name(\"value\")",
            );
            continue;
        }
        let line = document_line(faults, head.effect.start);
        let forbids = policy.effect() == Effect::Forbid;
        let Some(rule) = rule(&Draft { head, values, forbids, line }, faults) else { continue };
        if let Some(before) = first.insert(rule.id.clone(), line) {
            let message =
                format!("two rules are called `{}`; the first is on line {before}", rule.id);
            faults.at(head.value("id"), message, "give one of them another name");
        }
        read.insert(policy.id().clone(), rule);
    }
    read
}

fn document_line(faults: &Faults<'_>, offset: usize) -> usize {
    faults.document.line(offset)
}

fn validate(set: &PolicySet, heads: &[Head], faults: &mut Faults<'_>) -> Result<(), PolicyError> {
    let validator = Validator::new(schema()?.clone());
    let found = validator.validate(set, ValidationMode::Strict);
    let place = |id: &PolicyId| {
        number(id).and_then(|at| heads.get(at)).map_or(0..1, |head| head.effect.clone())
    };
    // That a rule never matches follows from the mistake that keeps it from it.
    let follows = |message: &str| message.contains("unable to find an applicable action");
    let mut wrong = HashSet::new();
    for error in found.validation_errors() {
        let told = DetailedError::from(error);
        if !follows(&told.message) {
            wrong.insert(error.policy_id().clone());
            faults.cedar(&told, &place(error.policy_id()));
        }
    }
    for error in found.validation_errors().filter(|error| !wrong.contains(error.policy_id())) {
        faults.cedar(&DetailedError::from(error), &place(error.policy_id()));
    }
    // What Cedar only warns of (a rule that can never match, a name with look-alike letters) is
    // not what its author meant.
    for warning in found.validation_warnings().filter(|w| !wrong.contains(w.policy_id())) {
        faults.cedar(&DetailedError::from(warning), &place(warning.policy_id()));
    }
    Ok(())
}
