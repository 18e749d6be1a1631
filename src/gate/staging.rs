//! Recognises the same change in another environment: what succeeded in staging, asked for again
//! in production.
//!
//! ```text
//!   argv, effects ─(names of environments masked)─┐
//!   program, files it reads, what it loads ───────┴─▶ key ─┬▶ succeeded outside production: kept
//!                                                          └▶ asked for in production: looked up
//! ```
//!
//! Only what ran through the gate to its end with status 0 counts, and only with the very same
//! program and the very same files: a script that was changed in between is another change. What a
//! command does inside of what it runs is not looked at, so this is a fact for a reviewer and a
//! condition for policy, never a leave by itself.

use super::Request;
use crate::domain::{Digest, DigestError, Pin, Reversibility, Verb};
use serde::Serialize;

/// Words that name an environment. Between two of them a change may differ and still be the same.
const ENVIRONMENTS: &[&str] = &[
    "prod",
    "production",
    "prd",
    "live",
    "staging",
    "stage",
    "stg",
    "preprod",
    "preproduction",
    "dev",
    "develop",
    "development",
    "test",
    "testing",
    "tst",
    "qa",
    "uat",
    "int",
    "integration",
    "sandbox",
    "demo",
];

/// The text with every word that names an environment replaced. A word ends where letters and
/// digits end, so `acme-prod` and `acme-staging` become the same and `product` stays.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let end = piece.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(piece.len());
        let (word, rest) = piece.split_at(end);
        let plain = word.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase();
        out.push_str(if ENVIRONMENTS.contains(&plain.as_str()) { "*" } else { word });
        out.push_str(rest);
    }
    out
}

#[derive(Serialize)]
struct Change<'a> {
    scheme: &'static str,
    tool: &'a str,
    program: Digest,
    argv: Vec<String>,
    effects: Vec<Done<'a>>,
    opaque: usize,
    files: Vec<Digest>,
    code: Digest,
}

#[derive(Serialize)]
struct Done<'a> {
    verb: Verb,
    service: &'a str,
    resource: String,
    reversible: &'a Reversibility,
}

/// The key two requests share when they are the same change in two environments.
pub(super) fn key(request: &Request) -> Result<Digest, DigestError> {
    let mut files: Vec<Digest> = request
        .pins
        .iter()
        .filter_map(|pin| match pin {
            Pin::File { digest, .. } => Some(*digest),
            Pin::Missing { .. } | Pin::Variable { .. } => None,
        })
        .collect();
    files.sort_unstable();
    Digest::of_canonical(&Change {
        scheme: "countersign-change@v1",
        tool: request.tool.tool.as_str(),
        program: request.program.digest(),
        argv: request.argv.iter().map(|word| masked(word)).collect(),
        effects: request
            .found
            .effects
            .iter()
            .map(|effect| Done {
                verb: effect.verb,
                service: &effect.service,
                resource: masked(effect.resource.raw()),
                reversible: &effect.reversible,
            })
            .collect(),
        opaque: request.found.opaque.len(),
        files,
        code: request.surroundings.code(),
    })
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn environments_are_masked_by_whole_words() {
        let same = [
            ("acme-prod", "acme-staging"),
            ("db1.prod.example.com", "db1.stg.example.com"),
            ("--profile=PROD", "--profile=dev"),
            ("envs/production/x.tf", "envs/test/x.tf"),
            ("prod2", "stage1"),
        ];
        for (one, other) in same {
            assert_eq!(masked(one), masked(other));
        }
        for other in ["product", "alive", "latest", "développement"] {
            assert_eq!(masked(other), other);
        }
        assert_ne!(masked("rm -rf /srv/prod"), masked("rm -rf /data/prod"));
    }
}
