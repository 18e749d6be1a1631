//! Keeps secrets that other people wrote where they do not belong out of everything we write: a
//! token in a configuration file, credentials a server repeats in its errors.
//!
//! ```text
//!   a line of config.toml ──▶ dotted ─────────▶ excerpt, columns kept
//!   a server's own words ───▶ without_secrets ─▶ fault, receipt, log
//! ```
//!
//! It lives here because the room that reads configuration has to know secrets when it sees them,
//! and every room that hears servers may import this one.
//!
//! Forms are all that can be told from here. A secret that looks like plain words is kept out by
//! not repeating words about secrets at all, which is each source's business.

/// How the tokens of GitHub, and some others that end up in such files, begin.
///
/// GitHub: <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats>
/// AWS session tokens have no documented form; these are how STS has begun them for years, and their
/// length gives them away where it begins them otherwise.
const PREFIXES: [&str; 15] = [
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "sk-ant-",
    "sk-proj-",
    "xoxb-",
    "xoxp-",
    "AIza",
    "IQoJ",
    "FwoG",
    "FQoG",
];

/// Fewer characters than this after a prefix are a placeholder, not a token.
const SHORTEST_TOKEN: usize = 8;

/// Parts of key names whose values nobody should see.
const SENSITIVE: [&str; 6] = ["token", "secret", "password", "passwd", "credential", "private"];

/// Whether this text carries something that looks like a secret value.
pub fn looks_secret(text: &str) -> bool {
    text.contains("-----BEGIN ")
        || has_userinfo(text)
        || words(text).any(|(_, word)| is_token(word))
}

/// Whether a key of this name may hold a secret.
pub fn is_sensitive_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SENSITIVE.iter().any(|part| name.contains(part))
}

/// The text with everything that looks like a secret, or might be one, turned into dots of the
/// same number. For excerpts: rather too much than too little.
pub fn dotted(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for (start, word) in words(text) {
        if is_token(word) || is_random(word) {
            masked.push_str(&text[done..start]);
            masked.extend(word.chars().map(|_| '•'));
            done = start + word.len();
        }
    }
    masked.push_str(&text[done..]);
    match (masked.find("://"), masked.find('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            let hidden = masked[scheme + 3..at].chars().count();
            format!("{}{}{}", &masked[..scheme + 3], "•".repeat(hidden), &masked[at..])
        }
        _ => masked,
    }
}

/// Names after which a value stands that nobody should read, whatever its form.
const LABELS: [&str; 9] = [
    "authorization",
    "security-token",
    "access_token",
    "session_token",
    "sessiontoken",
    "password",
    "secret",
    "api_key",
    "api-key",
];

/// What takes the place of a secret.
const HIDDEN: &str = "•••";

/// A server's words with everything that looks like a secret replaced by `•••`: tokens of a known
/// form, long random words, the value behind a telling name (`Authorization: …`), and what an
/// address carries besides its place (user, password, query).
pub fn without_secrets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for chunk in text.split_inclusive(char::is_whitespace) {
        let word = chunk.trim_end();
        let space = &chunk[word.len()..];
        let before = &text[..done];
        done += chunk.len();
        if !word.is_empty() && follows_a_label(before) {
            // `Bearer` and `Basic` say how, not what.
            let is_scheme = ["bearer", "basic", "token"].contains(&&*word.to_ascii_lowercase());
            out.push_str(if is_scheme { word } else { HIDDEN });
        } else {
            out.push_str(&masked(&without_baggage(word)));
        }
        out.push_str(space);
    }
    out
}

/// Whether the words before end in `password: `, `Authorization: Bearer ` and the like.
fn follows_a_label(before: &str) -> bool {
    let mut before = before.trim_end();
    for scheme in ["bearer", "basic", "token"] {
        if ends_with(before, scheme) {
            before = before[..before.len() - scheme.len()].trim_end();
            // The scheme alone, as in `got Bearer ghp_…`, tells it as well.
            if scheme == "bearer" && !before.is_empty() {
                return true;
            }
        }
    }
    let before = before.trim_end_matches(['"', '\'']);
    let Some(name) = before.strip_suffix([':', '=']) else { return false };
    let name = name.trim_end().trim_end_matches(['"', '\'']);
    LABELS.iter().any(|label| ends_with(name, label))
}

fn ends_with(text: &str, end: &str) -> bool {
    text.len() >= end.len()
        && text.as_bytes()[text.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

/// An address without user, password and query.
fn without_baggage(word: &str) -> String {
    let Some(at) = word.find("://").map(|at| at + 3) else { return word.to_owned() };
    let (scheme, rest) = word.split_at(at);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let path = match path.split_once(['?', '#']) {
        Some((path, _)) => format!("{path}?{HIDDEN}"),
        None => path.to_owned(),
    };
    format!("{scheme}{host}{path}")
}

/// A word of text, which may be several of ours, with the secret ones hidden.
fn masked(word: &str) -> String {
    // `name:value` and `name=value` without a space between.
    let mut out = String::with_capacity(word.len());
    let is_arn = word.contains("arn:");
    let mut done = 0;
    for (start, part) in words(word) {
        let (name, value) = part.split_once('=').unwrap_or(("", part));
        let labelled = LABELS.iter().any(|label| ends_with(name, label)) && !value.is_empty();
        let told = labelled || follows_a_label(&word[..start]);
        if told || is_token(part) || (!is_arn && is_jumbled(part)) {
            out.push_str(&word[done..start]);
            if labelled {
                out.push_str(name);
                out.push('=');
            }
            out.push_str(HIDDEN);
            done = start + part.len();
        }
    }
    out.push_str(&word[done..]);
    out
}

/// Long, of all kinds of characters, and changing between them all the time: no name, no digest
/// (those know one case only), but a key or a blob.
fn is_jumbled(word: &str) -> bool {
    let kind = |byte: u8| match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let has = |wanted: u8| word.bytes().any(|byte| kind(byte) == wanted);
    if word.len() < 20 || !(has(0) && has(1) && has(2)) {
        return false;
    }
    let changes = word.as_bytes().windows(2).filter(|two| kind(two[0]) != kind(two[1])).count();
    // Random base64 changes two times out of three, CamelCase names about one time in four.
    changes * 5 >= word.len() * 2 - 2
}

fn is_token(word: &str) -> bool {
    PREFIXES.iter().any(|prefix| {
        word.find(prefix).is_some_and(|start| word.len() - start - prefix.len() >= SHORTEST_TOKEN)
    })
}

/// Long, and of the mix of characters that people do not type: an AWS secret key, a base64 blob.
fn is_random(word: &str) -> bool {
    word.len() >= 32
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_lowercase())
        && word.bytes().any(|b| b.is_ascii_uppercase())
}

/// Whether a URL carries a user name or password.
fn has_userinfo(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, rest)| {
        rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
    })
}

/// Runs of the characters tokens are made of, with their byte positions.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let part = |c: char| c.is_ascii_alphanumeric() || "_-+/=".contains(c);
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(part)?;
        let length = text[start..].find(|c| !part(c)).unwrap_or(text.len() - start);
        rest = start + length;
        Some((start, &text[start..rest]))
    })
}

#[cfg(test)]
mod tests {
    use super::{dotted, looks_secret, without_secrets};

    #[test]
    fn a_servers_words_lose_their_secrets_and_nothing_else() {
        for (said, kept) in [
            ("got Bearer ghp_0123456789abcdef0123 from you", "got Bearer ••• from you"),
            ("Authorization: Bearer hunter2hunter2", "Authorization: Bearer •••"),
            ("authorization:token hunter2", "authorization:••• •••"),
            ("password=hunter2 refused", "password=••• refused"),
            ("{\"secret\": \"hunter2\"}", "{\"secret\": •••"),
            (
                "x-amz-security-token:FwoGZXIvYXdzEA/abc+def== host:x",
                "x-amz-security-token:••• host:x",
            ),
            ("secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY bad", "secret ••• bad"),
            ("see https://me:pw@host.example/a/b?code=1#x", "see https://host.example/a/b?•••"),
        ] {
            assert_eq!(without_secrets(said), kept);
        }
    }

    #[test]
    fn names_digests_and_arns_are_no_secrets() {
        for said in [
            "User: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_1a2B3c4D5e6F7g8H/jo is not authorized to perform: iam:ListUsers",
            "review 80 APPROVED of 9f3c1d2e9f3c1d2e9f3c1d2e9f3c1d2e9f3c1d2e, request C0DE:1A2B:3C4D5E",
            "The security token included in the request is invalid",
            "Resource not accessible by personal access token",
            "request id 6b9a7f8e-7c1d-4b5a-9e3f-2d1c0b9a8f7e",
            "no such host: GetAccountAuthorizationDetailsOfOrganization1",
            "  two  spaces\n\tand lines ",
        ] {
            assert_eq!(without_secrets(said), said);
        }
    }

    #[test]
    fn tokens_keys_and_urls_with_passwords_are_recognised() {
        for secret in [
            "ghp_0123456789abcdef0123456789abcdef0123",
            "echo github_pat_11AAAAAAA0aaaaaaaaaaaa_bbbbbbbb",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            "https://me:hunter2@ghe.example.com/api/v3",
        ] {
            assert!(looks_secret(secret), "{secret}");
        }
        for plain in ["GITHUB_TOKEN", "ghp_…", "https://ghe.example.com/@me", "acme/ghp_tools"] {
            assert!(!looks_secret(plain), "{plain}");
        }
    }

    #[test]
    fn dots_keep_the_columns_where_they_were() {
        let line = "key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY # and more";
        let shown = dotted(line);
        assert!(!shown.contains("wJalr"), "{shown}");
        assert_eq!(shown.chars().count(), line.chars().count());
        assert!(shown.ends_with(" # and more"));
    }

    #[test]
    fn text_of_any_alphabet_survives() {
        assert_eq!(dotted("ключ = «значение» é"), "ключ = «значение» é");
    }
}
