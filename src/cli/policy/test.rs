//! `countersign policy test`: given this action, expect that ruling.

use super::{
    super::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    explain::needed,
    given::Given,
    named,
};
use crate::{
    config::ProductionRules,
    domain::{Confirm, Leave, Ruling, Signing},
    policy::Policy,
    report::Said,
};
use clap::Args;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    fmt, fs,
    io::Read as _,
    path::{Path, PathBuf},
};

/// Longest test file, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

/// `countersign policy test`
#[derive(Debug, Args)]
pub struct Test {
    /// Files with tests
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Test this policy instead of the one in force
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// A file of tests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    test: Vec<OneTest>,
}

/// `[[test]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OneTest {
    name: String,
    given: Given,
    expect: Expect,
}

/// What is expected; what is left out may be anything.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Expect {
    /// Name of the tier.
    tier: Option<String>,
    /// So many people.
    approvals: Option<u32>,
    /// Exactly these groups.
    from: Option<Vec<String>>,
    /// How long it waits: `30m`.
    expires: Option<String>,
    /// `key` or `type-target`.
    confirm: Option<Confirm>,
    run_within: Option<String>,
    signing: Option<Signing>,
    /// The boundary's name.
    boundary: Option<String>,
    /// Whether it goes ahead.
    let_through: Option<bool>,
    /// The rules that decide, in any order.
    rules: Option<Vec<String>>,
}

/// How one test ended.
#[derive(Debug, Serialize)]
struct Outcome {
    file: PathBuf,
    name: String,
    passed: bool,
    /// What was expected and did not come, in words.
    missed: Vec<String>,
    /// What came instead.
    ruling: Option<Ruling>,
}

/// How all of them ended.
#[derive(Debug, Serialize)]
struct Report {
    passed: usize,
    failed: usize,
    tests: Vec<Outcome>,
}

impl Test {
    /// Runs the tests.
    pub(super) fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let (policy, config) = named(self.policy.as_deref(), global)?;
        let mut tests = Vec::new();
        for file in &self.files {
            for test in read(file)?.test {
                tests.push(test.run(file, &policy, &config.production)?);
            }
        }
        let passed = tests.iter().filter(|test| test.passed).count();
        let report = Report { passed, failed: tests.len() - passed, tests };
        output.report(&Said::new("policy-test", &report))?;
        Ok(if report.failed == 0 { Exit::Done } else { Exit::Findings })
    }
}

fn read(file: &Path) -> Result<File, Failure> {
    let unread = |why: String| {
        Failure::new(Kind::Config, format!("{}: {why}", file.display()))
            .next("docs/policy.md tells what a test file holds")
    };
    let handle = fs::File::open(file).map_err(|error| unread(error.to_string()))?;
    let mut text = String::new();
    let taken = handle.take(LONGEST + 1).read_to_string(&mut text);
    taken.map_err(|error| unread(error.to_string()))?;
    if text.len() as u64 > LONGEST {
        return Err(unread("it is larger than 4 MiB".to_owned()));
    }
    let read: File = toml::from_str(&text).map_err(|error| unread(error.to_string()))?;
    if read.test.is_empty() {
        return Err(unread("it holds no [[test]]".to_owned()));
    }
    Ok(read)
}

impl OneTest {
    fn run(
        self,
        file: &Path,
        policy: &Policy,
        production: &ProductionRules,
    ) -> Result<Outcome, Failure> {
        let wrong = |why: String| {
            let message = format!("{}: the test `{}`: {why}", file.display(), self.name);
            Failure::new(Kind::Config, message).next("docs/policy.md tells what a test may say")
        };
        if !self.expect.says_something() {
            return Err(wrong("it expects nothing".to_owned()));
        }
        let asked = self.given.asked(production, Timestamp::now()).map_err(&wrong)?;
        let ruling = asked.explained(policy).ruling;
        let missed = self.expect.missed(&ruling).map_err(&wrong)?;
        Ok(Outcome {
            file: file.to_owned(),
            name: self.name,
            passed: missed.is_empty(),
            ruling: (!missed.is_empty()).then_some(ruling),
            missed,
        })
    }
}

impl Expect {
    const fn says_something(&self) -> bool {
        self.tier.is_some()
            || self.approvals.is_some()
            || self.from.is_some()
            || self.expires.is_some()
            || self.confirm.is_some()
            || self.run_within.is_some()
            || self.signing.is_some()
            || self.boundary.is_some()
            || self.let_through.is_some()
            || self.rules.is_some()
    }

    /// What of it did not come.
    fn missed(&self, ruling: &Ruling) -> Result<Vec<String>, String> {
        let mut missed = Vec::new();
        let mut expect = |what: &str, wanted: &dyn fmt::Display, came: bool| {
            if !came {
                missed.push(format!("{what} = {wanted}"));
            }
        };
        let held = ruling.requirement();
        let through = ruling.leave == Leave::LetThrough;
        if let Some(tier) = &self.tier {
            expect("tier", tier, ruling.tier == *tier);
        }
        if let Some(approvals) = self.approvals {
            let came = held.map(|held| held.approvals).or(through.then_some(0));
            expect("approvals", &approvals, came == Some(approvals));
        }
        if let Some(from) = &self.from {
            let mut wanted = from.clone();
            wanted.sort();
            let came = held.map_or(through && wanted.is_empty(), |held| held.from == wanted);
            expect("from", &wanted.join(", "), came);
        }
        let (expires, run_within) = held.map(|held| (held.expires, held.run_within)).unzip();
        let times =
            [("expires", &self.expires, expires), ("run_within", &self.run_within, run_within)];
        for (name, wanted, came) in times {
            let Some(wanted) = wanted else { continue };
            let seconds = wanted
                .parse::<jiff::SignedDuration>()
                .map_err(|_| format!("`{wanted}` is no time such as 30m"))?
                .as_secs();
            expect(name, wanted, came.is_some_and(|came| u64::try_from(seconds) == Ok(came)));
        }
        if let Some(signing) = self.signing {
            let came = held.is_some_and(|held| held.signing == signing);
            expect("signing", &signing.word(), came);
        }
        if let Some(confirm) = self.confirm {
            let wanted = if confirm == Confirm::Key { "key" } else { "type-target" };
            expect("confirm", &wanted, held.is_some_and(|held| held.confirm == confirm));
        }
        if let Some(boundary) = &self.boundary {
            let came = matches!(&ruling.leave, Leave::Boundary { rule, .. } if rule == boundary);
            expect("boundary", boundary, came);
        }
        if let Some(wanted) = self.let_through {
            expect("let_through", &wanted, through == wanted);
        }
        if let Some(rules) = &self.rules {
            let mut wanted = rules.clone();
            wanted.sort();
            expect("rules", &wanted.join(", "), ruling.rules == wanted);
        }
        Ok(missed)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for test in self.tests.iter().filter(|test| !test.passed) {
            writeln!(f, "FAILED {}: {}", test.file.display(), test.name)?;
            writeln!(f, "  expected {}", test.missed.join("; "))?;
            if let Some(ruling) = &test.ruling {
                let rules = ruling.rules.join(", ");
                writeln!(f, "  came     {} (tier {})", needed(&ruling.leave), ruling.tier)?;
                writeln!(f, "  by       {}", if rules.is_empty() { "no rule" } else { &rules })?;
            }
        }
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}
