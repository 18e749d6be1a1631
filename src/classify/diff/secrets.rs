//! Secrets that a diff adds: tokens of a published form, private keys, passwords in addresses, and
//! random values behind telling names.
//!
//! The forms are those the issuers document, the same that secret scanners publish as rules
//! (gitleaks' default configuration, MIT; GitHub's supported secret scanning patterns), read
//! 2026-11. The value itself is never put into an effect: only how it begins.

use super::unified::FileDiff;
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

/// A form that tokens of one kind have.
struct Form {
    what: &'static str,
    /// How it begins.
    prefix: &'static str,
    /// Fewest characters behind that.
    tail: usize,
    /// Which characters those are.
    of: Of,
}

#[derive(Clone, Copy)]
enum Of {
    /// Letters and digits.
    Alphanumeric,
    /// Capital letters and digits.
    Capitals,
    /// Hexadecimal digits.
    Hex,
    /// Letters, digits, `-`, `_`, `.`.
    Token,
}

impl Of {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Token => byte.is_ascii_alphanumeric() || b"-_.".contains(&byte),
        }
    }
}

const fn form(what: &'static str, prefix: &'static str, tail: usize, of: Of) -> Form {
    Form { what, prefix, tail, of }
}

const FORMS: &[Form] = &[
    form("an AWS access key", "AKIA", 16, Of::Capitals),
    form("an AWS session key", "ASIA", 16, Of::Capitals),
    form("a GitHub token", "ghp_", 36, Of::Alphanumeric),
    form("a GitHub token", "gho_", 36, Of::Alphanumeric),
    form("a GitHub token", "ghu_", 36, Of::Alphanumeric),
    form("a GitHub token", "ghs_", 36, Of::Alphanumeric),
    form("a GitHub token", "ghr_", 36, Of::Alphanumeric),
    form("a GitHub token", "github_pat_", 40, Of::Token),
    form("a GitLab token", "glpat-", 20, Of::Token),
    form("a GitLab deploy token", "gldt-", 20, Of::Token),
    form("a Slack token", "xoxb-", 20, Of::Token),
    form("a Slack token", "xoxp-", 20, Of::Token),
    form("a Slack token", "xapp-", 20, Of::Token),
    form("a Slack webhook", "hooks.slack.com/services/T", 8, Of::Alphanumeric),
    form("a Stripe live key", "sk_live_", 16, Of::Alphanumeric),
    form("a Stripe live key", "rk_live_", 16, Of::Alphanumeric),
    form("a Google API key", "AIza", 35, Of::Token),
    form("a Google client secret", "GOCSPX-", 20, Of::Token),
    form("an Anthropic key", "sk-ant-", 20, Of::Token),
    form("an OpenAI key", "sk-proj-", 20, Of::Token),
    form("an OpenAI key", "sk-svcacct-", 20, Of::Token),
    form("an npm token", "npm_", 36, Of::Alphanumeric),
    form("a PyPI token", "pypi-AgEIcHlwaS", 20, Of::Token),
    form("a RubyGems key", "rubygems_", 40, Of::Hex),
    form("a SendGrid key", "SG.", 60, Of::Token),
    form("a DigitalOcean token", "dop_v1_", 64, Of::Hex),
    form("a Shopify token", "shpat_", 32, Of::Hex),
    form("a Vault token", "hvs.", 24, Of::Token),
    form("a Databricks token", "dapi", 32, Of::Hex),
    form("a Linear key", "lin_api_", 32, Of::Alphanumeric),
    form("a Notion token", "ntn_", 40, Of::Alphanumeric),
    form("a Supabase token", "sbp_", 40, Of::Hex),
    form("a Doppler token", "dp.pt.", 40, Of::Alphanumeric),
    form("a PlanetScale password", "pscale_pw_", 32, Of::Token),
    form("a PlanetScale token", "pscale_tkn_", 32, Of::Token),
    form("a Hugging Face token", "hf_", 34, Of::Alphanumeric),
    form("a Grafana token", "glsa_", 32, Of::Token),
    form("a New Relic key", "NRAK-", 27, Of::Capitals),
    form("a Sentry token", "sntrys_", 40, Of::Token),
    form("a Postman key", "PMAK-", 50, Of::Token),
    form("an age key", "AGE-SECRET-KEY-1", 50, Of::Capitals),
    form("a Terraform Cloud token", ".atlasv1.", 60, Of::Token),
    form("a Fly.io token", "fm2_", 40, Of::Token),
];

/// Parts of names whose values are secrets.
const TELLING: [&str; 9] = [
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "private_key",
    "access_key",
];

/// What stands where a secret belongs, and is none.
const PLACEHOLDERS: [&str; 12] = [
    "example",
    "changeme",
    "change_me",
    "placeholder",
    "your",
    "xxxx",
    "dummy",
    "redacted",
    "sample",
    "fake",
    "****",
    "....",
];

/// No secret fits into a line shorter than this.
const SHORTEST_LINE: usize = 12;
/// Shortest value behind a telling name that is looked at.
const SHORTEST: usize = 16;
/// Bits a character, from which on a value counts as random. English words have some 3, random
/// base64 of 20 characters about 4.
const RANDOM: f64 = 3.5;

/// Tells the secrets that a file's added lines hold.
pub(super) fn judge(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    for line in file.added() {
        let Some((what, start, length)) = secret(line.text) else { continue };
        // How it begins is enough to find it by.
        let shown = length.min(6);
        let end = (start..=start + shown).rev().find(|at| line.text.is_char_boundary(*at));
        let at = line.at.start..line.at.start + end.unwrap_or(start);
        judge.destroys(
            Verb::Reveal,
            "secrets",
            format!("{what} in {}", file.path()),
            diff.at(at),
            "whoever can read the repository has it from then on: revoke it",
        );
    }
}

/// What secret a line holds, where it begins, and how long it is.
fn secret(line: &str) -> Option<(&'static str, usize, usize)> {
    if line.len() < SHORTEST_LINE {
        return None;
    }
    private_key(line).or_else(|| token(line)).or_else(|| in_address(line)).or_else(|| named(line))
}

fn private_key(line: &str) -> Option<(&'static str, usize, usize)> {
    let start = line.find("-----BEGIN ")?;
    let is_private = line.get(start..)?.contains("PRIVATE KEY");
    is_private.then_some(("a private key", start, line.len() - start))
}

fn token(line: &str) -> Option<(&'static str, usize, usize)> {
    FORMS.iter().find_map(|form| {
        line.match_indices(form.prefix).find_map(|(start, prefix)| {
            let before = start.checked_sub(1).and_then(|at| line.as_bytes().get(at));
            let begins = !form.prefix.starts_with(|c: char| c.is_ascii_alphanumeric())
                || before.is_none_or(|byte| !byte.is_ascii_alphanumeric());
            let tail = &line.as_bytes()[start + prefix.len()..];
            let length = tail.iter().take_while(|byte| form.of.has(**byte)).count();
            let whole = line.get(start..start + prefix.len() + length)?;
            (begins && length >= form.tail && !is_placeholder(whole)).then_some((
                form.what,
                start,
                whole.len(),
            ))
        })
    })
}

/// `scheme://user:password@host`
fn in_address(line: &str) -> Option<(&'static str, usize, usize)> {
    line.match_indices("://").find_map(|(at, mark)| {
        let start = at + mark.len();
        let rest = line.get(start..)?;
        let end = rest.find(|c: char| "/?# \"'`<>".contains(c)).unwrap_or(rest.len());
        let (userinfo, host) = rest[..end].rsplit_once('@')?;
        let (user, password) = userinfo.split_once(':')?;
        let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.starts_with(name));
        let secret = password.len() >= 4 && password != user && !local && !is_reference(password);
        (secret && !is_placeholder(password))
            .then(|| ("a password in an address", start + user.len() + 1, password.len()))
    })
}

/// `password = "…"` with a value that looks random.
fn named(line: &str) -> Option<(&'static str, usize, usize)> {
    let lower = line.to_ascii_lowercase();
    let name = TELLING.iter().find_map(|name| Some(lower.find(name)? + name.len()))?;
    let rest = line.get(name..)?;
    let sign = rest.find([':', '='])?;
    // Whatever stands between belongs to the name, or this is a sentence.
    if !rest[..sign]
        .trim_matches(|c: char| c.is_ascii_alphanumeric() || "_-\"' ".contains(c))
        .is_empty()
    {
        return None;
    }
    let after = &rest[sign + 1..];
    let value = after.trim_start_matches(['=', '>', ' ', '\t']);
    let from = name + sign + 1 + (after.len() - value.len());
    let quote = value.chars().next().filter(|c| "\"'`".contains(*c));
    let (from, value) = match quote {
        Some(quote) => (from + 1, value[1..].split(quote).next().unwrap_or_default()),
        None => (from, value.split([' ', ',', ';']).next().unwrap_or_default()),
    };
    let random = value.len() >= SHORTEST
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().all(|byte| byte.is_ascii_graphic())
        && entropy(value) >= RANDOM;
    (random && !is_reference(value) && !is_placeholder(value)).then_some((
        "a random value behind a telling name",
        from,
        value.len(),
    ))
}

/// Whether a value only says where the secret is to be found.
fn is_reference(value: &str) -> bool {
    let points = [
        "$",
        "<",
        "{{",
        "%",
        "process.env",
        "os.environ",
        "os.getenv",
        "var.",
        "data.",
        "vault:",
        "arn:",
        "ssm:",
        "op://",
        "secrets.",
        "env(",
        "ENV[",
    ];
    points.iter().any(|point| value.starts_with(point)) || value.contains(['(', '{', '/'])
}

fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    PLACEHOLDERS.iter().any(|placeholder| lower.contains(placeholder))
}

/// Bits a character by Shannon's formula.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    let share = |count: &u32| f64::from(*count) / length;
    -counts.iter().filter(|count| **count > 0).map(|c| share(c) * share(c).log2()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::secret;

    /// Put together here, so that no scanner takes this file for a leak.
    fn joined(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn tokens_of_published_forms_are_found() {
        for line in [
            joined(&["key = \"AKI", "AQ3EGRIXTR3ZLKOPA\""]),
            joined(&["token: gh", "p_0a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f6g7h"]),
            joined(&["-----BEGIN RSA PRI", "VATE KEY-----"]),
            joined(&["STRIPE=sk_", "live_51H8abcDEFghiJKLmno"]),
            joined(&["url: postgres://app:", "s3cr3tpw@db.prod.internal:5432/x"]),
            joined(&["db_password = \"", "f8K2mQ9xLw4RzT7vBn3c\""]),
            joined(&["  \"clientSecret\": \"", "8Q~xYz0aBcDeF1gHiJkL2mNo\","]),
        ] {
            assert!(secret(&line).is_some(), "{line}");
        }
    }

    #[test]
    fn placeholders_references_and_plain_words_are_no_secrets() {
        for line in [
            "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
            "password = \"${var.db_password}\"",
            "token: ${{ secrets.GITHUB_TOKEN }}",
            "password: process.env.DATABASE_PASSWORD_2024",
            "DATABASE_URL=postgres://postgres:postgres@localhost:5432/test",
            "secret_name = \"production-database-credentials\"",
            "// the token is rotated every 30 days by the job",
            "const tokenizer = new Tokenizer({ maxTokens: 4096 });",
            "sha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"",
        ] {
            assert_eq!(secret(line), None, "{line}");
        }
    }
}
