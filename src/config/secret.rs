//! Keeps secrets that somebody put into a configuration file out of everything we print.

/// How the tokens of GitHub, and some others that end up in such files, begin.
///
/// GitHub: <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats>
const PREFIXES: [&str; 12] = [
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
];

/// Fewer characters than this after a prefix are a placeholder, not a token.
const SHORTEST_TOKEN: usize = 8;

/// Parts of key names whose values nobody should see.
const SENSITIVE: [&str; 6] = ["token", "secret", "password", "passwd", "credential", "private"];

/// Whether this text carries something that looks like a secret value.
pub(super) fn looks_secret(text: &str) -> bool {
    text.contains("-----BEGIN ")
        || has_userinfo(text)
        || words(text).any(|(_, word)| is_token(word))
}

/// Whether a key of this name may hold a secret.
pub(super) fn is_sensitive_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SENSITIVE.iter().any(|part| name.contains(part))
}

/// The text with everything that looks like a secret, or might be one, turned into dots of the
/// same number. For excerpts: rather too much than too little.
pub(super) fn dotted(text: &str) -> String {
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
    use super::{dotted, looks_secret};

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
