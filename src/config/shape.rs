//! What a string value has to look like.

use super::{freeze::frozen, nearest::nearest, problem::quoted, secret, span::span};
use crate::domain::RepoName;
use jiff::tz::TimeZone;

/// The shapes of strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Anything.
    Any,
    /// What a source is called.
    Name,
    /// An AWS account id.
    AccountId,
    /// ARN of an IAM role.
    RoleArn,
    /// What a role's trust policy asks for in `sts:ExternalId`.
    ExternalId,
    /// An AWS region.
    Region,
    /// An endpoint of AWS.
    AwsUrl,
    /// The API root of a GitHub Enterprise Server.
    GithubUrl,
    /// A PostgreSQL server and a database on it.
    StoreUrl,
    /// The name of a ledger, as its signed heads carry it.
    LedgerName,
    /// A GitHub organisation.
    Org,
    /// `owner/name`.
    Repo,
    /// `owner/name` with `*` in it.
    RepoPattern,
    /// A file.
    Path,
    /// A built-in theme or a file.
    Theme,
    /// The name of an environment variable.
    Variable,
    /// A time zone.
    TimeZone,
    /// A stretch of time and why changes are frozen in it.
    Freeze,
    /// An SSH key: its fingerprint, or the file of its public half.
    Key,
    /// Something `watch` tells of.
    Event,
    /// Where news are posted to.
    Receiver,
    /// A length of time.
    Span,
}

/// The built-in themes.
pub(super) const THEMES: [&str; 4] = ["dark", "light", "ansi16", "high-contrast"];

/// What `watch` tells of, by the names a configuration uses.
pub const EVENTS: [&str; 19] = [
    "waiting",
    "changed",
    "expiring",
    "decided",
    "approved",
    "rejected",
    "failed",
    "expired",
    "ended",
    "boundary",
    "break-glass",
    "follow-up",
    "withdrawn",
    "locked",
    "unlocked",
    "source-failing",
    "source-recovered",
    "policy",
    "roster",
];

/// Why a string will not do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misshapen {
    pub message: String,
    pub help: Option<String>,
}

fn wrong(message: String, help: &str) -> Misshapen {
    Misshapen { message, help: Some(help.to_owned()) }
}

impl Shape {
    /// Whether the value is a file path, which starts at the configuration file's directory.
    pub fn is_path(self, value: &str) -> bool {
        match self {
            Self::Path => true,
            Self::Theme => !THEMES.contains(&value),
            Self::Key => !value.starts_with("SHA256:"),
            _ => false,
        }
    }

    /// Checks a value. Messages never quote what might be a secret.
    pub fn check(self, value: &str) -> Result<(), Misshapen> {
        // A login before `@` looks like one; that it holds no password is looked at below.
        let without_login = match (self, value.split_once("://"), value.split_once('@')) {
            (Self::StoreUrl, Some((_, rest)), Some((_, after)))
                if !rest.split('@').next().unwrap_or_default().contains([':', '/', '?']) =>
            {
                after
            }
            _ => value,
        };
        if secret::looks_secret(without_login) {
            return Err(wrong(
                "this looks like a secret, and a configuration file is no place for one".to_owned(),
                "take it out, have it replaced by a new one, and name where the new one is kept",
            ));
        }
        if value.trim().is_empty() {
            return Err(wrong("the value is empty".to_owned(), "leave the key out instead"));
        }
        if value.chars().any(char::is_control) {
            return Err(Misshapen {
                message: format!("{} has control characters in it", quoted(value)),
                help: None,
            });
        }
        match self {
            Self::Any | Self::Path => Ok(()),
            Self::Name => name(value),
            Self::AccountId => account_id(value),
            Self::RoleArn => role_arn(value),
            Self::ExternalId => external_id(value),
            Self::Region => region(value),
            Self::AwsUrl => url(value, false),
            Self::GithubUrl => url(value, true),
            Self::StoreUrl => store_url(value),
            Self::LedgerName => ledger_name(value),
            Self::Org => org(value),
            Self::Repo => repo(value),
            Self::RepoPattern => repo_pattern(value),
            Self::Theme => theme(value),
            Self::Variable => variable(value),
            Self::TimeZone => time_zone(value),
            Self::Freeze => freeze(value),
            Self::Key => key(value),
            Self::Event => event(value),
            Self::Receiver => receiver(value),
            Self::Span => length(value),
        }
    }
}

fn name(value: &str) -> Result<(), Misshapen> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if value.len() <= 64 && value.bytes().all(plain) {
        return Ok(());
    }
    Err(wrong(
        format!("{} cannot be a name", quoted(value)),
        "a name has at most 64 letters, digits, `-`, `_` and `.`",
    ))
}

/// What `ssh-keygen -l` and `ssh-add -l` print: SHA-256 in base64 without padding, 43 characters.
fn key(value: &str) -> Result<(), Misshapen> {
    let base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/".contains(&b);
    match value.strip_prefix("SHA256:") {
        Some(rest) if rest.len() == 43 && rest.bytes().all(base64) => Ok(()),
        None if std::path::Path::new(value).extension().is_some_and(|end| end == "pub") => Ok(()),
        _ => Err(wrong(
            format!("{} is neither a fingerprint nor a public key file", quoted(value)),
            "`ssh-add -l` prints the fingerprints, SHA256:…; a public key file ends in .pub",
        )),
    }
}

fn account_id(value: &str) -> Result<(), Misshapen> {
    if value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(wrong(
        format!("{} is not an AWS account id", quoted(value)),
        "an account id is 12 digits, without dashes: \"123456789012\"",
    ))
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>
fn role_arn(value: &str) -> Result<(), Misshapen> {
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    if let ["arn", partition, "iam", "", account, resource] = parts.as_slice()
        && partition.starts_with("aws")
        && account_id(account).is_ok()
        && resource.strip_prefix("role/").is_some_and(|name| {
            !name.is_empty()
                && !name.ends_with('/')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&b))
        })
    {
        return Ok(());
    }
    Err(wrong(
        format!("{} is not the ARN of a role", quoted(value)),
        "it has the form arn:aws:iam::123456789012:role/countersign",
    ))
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>: 2 to 1224
/// characters of a fixed set.
fn external_id(value: &str) -> Result<(), Misshapen> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&b);
    if (2..=1224).contains(&value.len()) && value.bytes().all(allowed) {
        return Ok(());
    }
    // Not quoted: some treat it as a shared secret.
    Err(wrong(
        "the value is no external id".to_owned(),
        "AWS allows 2 to 1224 letters, digits and _+=,.@:/-",
    ))
}

fn region(value: &str) -> Result<(), Misshapen> {
    let mut parts = value.split('-');
    let shaped = value.len() <= 32
        && parts.clone().count() >= 3
        && parts.next_back().is_some_and(|last| last.parse::<u8>().is_ok())
        && parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()));
    if shaped {
        return Ok(());
    }
    Err(wrong(format!("{} is not an AWS region", quoted(value)), "for example eu-central-1"))
}

/// An API root. What carries a bearer token must be encrypted unless it stays on this machine;
/// AWS requests are signed and carry no secret, so a test server may be anywhere.
fn url(value: &str, carries_token: bool) -> Result<(), Misshapen> {
    let example = if carries_token {
        "for GitHub Enterprise Server it is https://HOST/api/v3; leave it out for github.com"
    } else {
        "for example https://vpce-0a1b.iam.eu-central-1.vpce.amazonaws.com or http://127.0.0.1:5000"
    };
    let bad = || wrong(format!("{} is not the address of an API", quoted(value)), example);
    let parsed: http::Uri = value.parse().map_err(|_| bad())?;
    let host = parsed.host().filter(|host| !host.is_empty()).ok_or_else(bad)?;
    if parsed.query().is_some() || value.contains('#') {
        return Err(bad());
    }
    match parsed.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if !carries_token || is_loopback(host) => Ok(()),
        Some("http") => Err(wrong(
            format!("{} is not encrypted, and the token would travel in it", quoted(value)),
            "use https://",
        )),
        _ => Err(bad()),
    }
}

/// A server's database, without a password: everybody who can read the configuration would have it.
fn store_url(value: &str) -> Result<(), Misshapen> {
    let example = "for example postgres://ana@db.example.com/countersign?sslmode=verify-full";
    let rest = value.strip_prefix("postgres://").or_else(|| value.strip_prefix("postgresql://"));
    let Some(rest) = rest else {
        return Err(wrong("a store's URL begins with postgres://".to_owned(), example));
    };
    let (place, asked) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let login = authority.rsplit_once('@').map_or("", |(login, _)| login);
    if login.contains(':') || asked.split('&').any(|pair| pair.starts_with("password=")) {
        return Err(wrong(
            "the URL holds a password, and a configuration file is no place for one".to_owned(),
            "take it out; put it into ~/.pgpass or PGPASSWORD, or name a file with password_file",
        ));
    }
    Ok(())
}

/// C2SP signed-note: the name of a key has no space and no plus.
fn ledger_name(value: &str) -> Result<(), Misshapen> {
    let fits = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    if !value.is_empty() && value.len() <= 200 && value.chars().all(fits) {
        return Ok(());
    }
    Err(wrong(
        "the name of a ledger has no spaces and no `+`".to_owned(),
        "for example \"acme.example/countersign\"",
    ))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn org(value: &str) -> Result<(), Misshapen> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    if value.len() <= 39 && value.bytes().all(plain) {
        return Ok(());
    }
    let help = if value.contains('/') {
        "a repository goes into `repos`; `org` is only its owner"
    } else {
        "it is the part after https://github.com/ in the organisation's address"
    };
    Err(wrong(format!("{} is not the name of an organisation", quoted(value)), help))
}

fn repo(value: &str) -> Result<(), Misshapen> {
    value.parse::<RepoName>().map(drop).map_err(|_| {
        wrong(format!("{} is not a repository", quoted(value)), "write it as owner/name")
    })
}

fn repo_pattern(value: &str) -> Result<(), Misshapen> {
    // With a letter in place of each star it must be a repository.
    value.replace('*', "x").parse::<RepoName>().map(drop).map_err(|_| {
        wrong(
            format!("{} is not a repository pattern", quoted(value)),
            "write owner/name, with `*` for any characters: acme/*",
        )
    })
}

fn theme(value: &str) -> Result<(), Misshapen> {
    let names_file = value.contains('/')
        || std::path::Path::new(value).extension().is_some_and(|end| end == "toml");
    if THEMES.contains(&value) || names_file {
        return Ok(());
    }
    let message = format!("there is no theme {}", quoted(value));
    Err(match nearest(value, THEMES) {
        Some(name) => wrong(message, &format!("did you mean `{name}`?")),
        None => wrong(
            message,
            &format!("use one of {}, or the path of a theme file", THEMES.join(", ")),
        ),
    })
}

fn time_zone(value: &str) -> Result<(), Misshapen> {
    TimeZone::get(value).map(drop).map_err(|_| {
        wrong(
            format!("{} is no time zone known here", quoted(value)),
            "use a name such as UTC, Europe/Berlin or America/New_York",
        )
    })
}

fn freeze(value: &str) -> Result<(), Misshapen> {
    frozen(value, &TimeZone::UTC).map(drop).map_err(|why| {
        wrong(
            format!("{} is no freeze: {why}", quoted(value)),
            "write FROM/TO and why: \"2026-12-20/2027-01-03 winter holidays\", or with times: \
             \"2026-11-27T06:00/2026-11-30T22:00 sale\"",
        )
    })
}

fn length(value: &str) -> Result<(), Misshapen> {
    span(value).map(drop).map_err(|why| {
        wrong(
            format!("{} is no length of time: {why}", quoted(value)),
            "write a whole number and s, m, h or d: \"90s\", \"5m\", \"1h\"",
        )
    })
}

fn event(value: &str) -> Result<(), Misshapen> {
    if EVENTS.contains(&value) {
        return Ok(());
    }
    let message = format!("there is no event {}", quoted(value));
    Err(match nearest(value, EVENTS) {
        Some(name) => wrong(message, &format!("did you mean `{name}`?")),
        None => wrong(message, &format!("the events are {}", EVENTS.join(", "))),
    })
}

/// Where news go. They say who may approve what, so they are encrypted unless they stay on this
/// machine.
fn receiver(value: &str) -> Result<(), Misshapen> {
    let bad = || {
        wrong(
            format!("{} is not the address of a receiver", quoted(value)),
            "for example https://alerts.example.com/countersign",
        )
    };
    let parsed: http::Uri = value.parse().map_err(|_| bad())?;
    let host = parsed.host().filter(|host| !host.is_empty()).ok_or_else(bad)?;
    // <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>: whoever has the
    // address can post.
    if host == "hooks.slack.com" || parsed.query().is_some() {
        return Err(wrong(
            "this address is a secret of its own, and a configuration file is no place for one"
                .to_owned(),
            "say where it is kept: slack = { env = \"SLACK_URL\" } or { file = \"PATH\" }",
        ));
    }
    match parsed.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if is_loopback(host) => Ok(()),
        Some("http") => Err(wrong(
            format!("{} is not encrypted, and what waits would travel in it", quoted(value)),
            "use https://",
        )),
        _ => Err(bad()),
    }
}

fn variable(value: &str) -> Result<(), Misshapen> {
    let named = value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !value.starts_with(|c: char| c.is_ascii_digit());
    if named {
        return Ok(());
    }
    // Not quoted: what stands here by mistake is most likely the token.
    Err(wrong(
        "this is not the name of an environment variable".to_owned(),
        "write its name, without `$` and never the token itself: env = \"GITHUB_TOKEN\"",
    ))
}

#[cfg(test)]
mod tests {
    use super::Shape;

    fn all(shape: Shape, values: &[&str]) {
        for value in values {
            assert_eq!(shape.check(value), Ok(()), "{value}");
        }
    }

    fn none(shape: Shape, values: &[&str]) {
        for value in values {
            assert!(shape.check(value).is_err(), "{value}");
        }
    }

    #[test]
    fn role_arns_of_every_partition_are_known() {
        all(
            Shape::RoleArn,
            &[
                "arn:aws:iam::123456789012:role/audit",
                "arn:aws-us-gov:iam::123456789012:role/ops/security/audit",
                "arn:aws-cn:iam::123456789012:role/a+b=c,d.e@f-g_h",
            ],
        );
        none(
            Shape::RoleArn,
            &[
                "arn:aws:iam::123456789012:user/audit",
                "arn:aws:iam::12345:role/audit",
                "arn:aws:iam::123456789012:role/",
                "arn:aws:sts::123456789012:assumed-role/audit/me",
                "audit",
            ],
        );
    }

    #[test]
    fn a_github_token_never_travels_in_the_clear() {
        all(
            Shape::GithubUrl,
            &["https://ghe.example.com/api/v3", "http://127.0.0.1:4000", "http://[::1]:4000"],
        );
        none(
            Shape::GithubUrl,
            &[
                "http://ghe.example.com/api/v3",
                "ghe.example.com",
                "ftp://ghe.example.com",
                "https://me:hunter2@ghe.example.com",
                "https://ghe.example.com/?a=b",
                "http://127.0.0.1.example.com",
            ],
        );
    }

    #[test]
    fn an_aws_test_server_may_be_plain_http() {
        all(Shape::AwsUrl, &["http://localstack:4566", "https://iam.amazonaws.com"]);
        none(Shape::AwsUrl, &["localstack:4566", "iam"]);
    }

    #[test]
    fn news_travel_encrypted_and_an_address_that_is_a_secret_is_none_to_write_down() {
        all(Shape::Receiver, &["https://alerts.example.com/in", "http://127.0.0.1:9000/x"]);
        none(
            Shape::Receiver,
            &[
                "http://alerts.example.com/in",
                "https://hooks.slack.com/services/T0/B0/x",
                "https://alerts.example.com/in?key=x",
                "alerts.example.com",
                "https://me:pw@alerts.example.com",
            ],
        );
        all(Shape::Event, &["waiting", "break-glass"]);
        none(Shape::Event, &["approve", "test", "dropped"]);
    }

    #[test]
    fn regions_names_and_repositories() {
        all(Shape::Region, &["eu-central-1", "us-gov-west-1", "us-iso-east-1"]);
        none(Shape::Region, &["frankfurt", "eu-central", "EU-central-1", "eu--1"]);
        all(Shape::RepoPattern, &["acme/*", "*/shop", "acme/shop-*"]);
        none(Shape::RepoPattern, &["acme", "*", "acme/*/x"]);
        none(Shape::Name, &["a b", "a/b", "ä", ""]);
    }
}
