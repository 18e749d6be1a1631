//! Anchored patterns with `*`, and the spellings of a name.

/// A pattern that has to cover a whole value; `*` stands for any run of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The literal parts between the stars; empty ones at either end where a star is.
    parts: Vec<String>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self { parts: text.split('*').map(str::to_owned).collect() }
    }

    /// Whether it has a star at all.
    pub(super) fn is_open(&self) -> bool {
        self.parts.len() > 1
    }

    /// Takes time in proportion to the value's length times the number of stars: every part is
    /// looked for once, leftmost first, which is enough when nothing but stars lies between.
    pub(super) fn matches(&self, value: &str) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let Some((last, middle)) = rest.split_last() else { return value == first };
        let Some(mut left) = value.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            let Some(at) = left.find(part.as_str()) else { return false };
            left = left.get(at + part.len()..).unwrap_or_default();
        }
        left.ends_with(last.as_str())
    }

    /// Whether every literal part that touches a star has a separator there, so that `*` never
    /// completes a word.
    pub(super) fn stars_stand_apart(&self) -> bool {
        let last = self.parts.len() - 1;
        self.parts.iter().enumerate().all(|(at, part)| {
            let starts = at == 0 || part.is_empty() || part.starts_with(is_separator);
            let ends = at == last || part.is_empty() || part.ends_with(is_separator);
            starts && ends
        })
    }

    /// Letters and digits that have to be there.
    pub(super) fn weight(&self) -> usize {
        self.parts.iter().flat_map(|part| part.chars()).filter(|c| c.is_alphanumeric()).count()
    }
}

pub(super) fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '/' | '.' | '@' | ':' | ' ' | '|')
}

/// Both spellings of a name that people choose: in lower case with `-` for `_` and blanks, and
/// the same with humps taken apart (`ClaudeCodeRole` is `claude-code-role`). One when they agree.
pub(super) fn spellings(name: &str) -> Vec<String> {
    let flat = hyphened(name.chars());
    let apart = hyphened(humps(name).chars());
    if flat == apart { vec![flat] } else { vec![flat, apart] }
}

fn hyphened(chars: impl Iterator<Item = char>) -> String {
    chars.map(|c| if c == '_' || c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// Puts `-` before a capital that follows a small letter or a digit, and before the last capital
/// of an abbreviation (`AWSRole`: `AWS-Role`).
fn humps(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut apart = String::with_capacity(name.len() + 8);
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or('-');
        let after = chars.get(at + 1).copied().unwrap_or('-');
        let hump = before.is_ascii_lowercase() || before.is_ascii_digit();
        let word = before.is_ascii_uppercase() && after.is_ascii_lowercase();
        if c.is_ascii_uppercase() && (hump || word) {
            apart.push('-');
        }
        apart.push(c);
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::{Pattern, spellings};

    #[test]
    fn a_pattern_covers_the_whole_value() {
        assert!(Pattern::new("kiro-*").matches("kiro-prod"));
        assert!(!Pattern::new("kiro-*").matches("my-kiro-prod"));
        assert!(!Pattern::new("kiro-*").matches("kiro"));
        assert!(Pattern::new("*-claude-code-*").matches("ci-claude-code-prod"));
        assert!(!Pattern::new("*-ab").matches("ab"));
        assert!(!Pattern::new("*-kiro").matches("my-kirov"));
        assert!(Pattern::new("a*a").matches("aa") && !Pattern::new("a*a").matches("a"));
    }

    #[test]
    fn a_star_may_not_finish_a_word() {
        assert!(Pattern::new("kiro-*").stars_stand_apart());
        assert!(Pattern::new("*/kiro/*").stars_stand_apart());
        assert!(!Pattern::new("kiro*").stars_stand_apart());
        assert!(!Pattern::new("*claude").stars_stand_apart());
    }

    #[test]
    fn names_are_read_in_every_spelling() {
        assert_eq!(spellings("ClaudeCodeRole"), ["claudecoderole", "claude-code-role"]);
        assert_eq!(spellings("claude_code_ci"), ["claude-code-ci"]);
        assert!(
            spellings("AWSServiceRoleForAmazonQDeveloper")
                .contains(&"aws-service-role-for-amazon-q-developer".to_owned())
        );
    }
}
