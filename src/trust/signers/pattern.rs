//! Comma-separated patterns: `*@shop.example,!guest@shop.example` (`ssh_config(5)`, PATTERNS).

/// Most patterns in a list.
const MOST: usize = 256;
/// Longest pattern, in bytes; OpenSSH stops a little above.
const LONGEST: usize = 1000;

/// A list of patterns, of which one has to match and none that is negated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns {
    written: String,
    each: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    is_not: bool,
    text: String,
}

/// Why a text is no list of patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PatternFault {
    /// There is nothing between two commas, or nothing at all.
    #[error("a name is missing: two commas in a row, or one at an end")]
    Empty,
    /// It only says who not.
    #[error("a list of only `!` matches nobody; say who as well")]
    OnlyNot,
    /// A space at the edge of a name.
    #[error("a name begins or ends with a space")]
    Space,
    /// A character that cannot be seen.
    #[error("a name holds a character that cannot be seen, so it is not the name it looks like")]
    Hidden,
    /// It is too long.
    #[error("the list is too long: at most {MOST} names of {LONGEST} bytes")]
    TooLong,
}

impl Patterns {
    /// Reads a list.
    pub fn parse(text: &str) -> Result<Self, PatternFault> {
        let mut each = Vec::new();
        for part in text.split(',') {
            let (is_not, part) = match part.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, part),
            };
            if part.is_empty() {
                return Err(PatternFault::Empty);
            }
            if part.trim() != part {
                return Err(PatternFault::Space);
            }
            if part.chars().any(is_hidden) {
                return Err(PatternFault::Hidden);
            }
            if part.len() > LONGEST || each.len() == MOST {
                return Err(PatternFault::TooLong);
            }
            each.push(Pattern { is_not, text: part.to_owned() });
        }
        if each.iter().all(|pattern| pattern.is_not) {
            return Err(PatternFault::OnlyNot);
        }
        Ok(Self { written: text.to_owned(), each })
    }

    /// Whether one matches, and none that is negated.
    pub fn matches(&self, name: &str) -> bool {
        let hit = |pattern: &&Pattern| matches(&pattern.text, name);
        self.each.iter().filter(|pattern| !pattern.is_not).any(|pattern| hit(&pattern))
            && !self.each.iter().filter(|pattern| pattern.is_not).any(|pattern| hit(&pattern))
    }

    /// The names, if all of them are names and none is a pattern.
    pub fn names(&self) -> Option<impl Iterator<Item = &str>> {
        let is_name = |one: &Pattern| !one.is_not && !one.text.contains(['*', '?']);
        let are_names = self.each.iter().all(is_name);
        are_names.then(|| self.each.iter().map(|one| one.text.as_str()))
    }

    /// As it is written in the file.
    pub fn written(&self) -> &str {
        &self.written
    }
}

/// Characters that leave no mark: what looks like one name is another.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}'
            | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// `*` is any number of characters, `?` is one byte, as in OpenSSH. In linear time for one star, and
/// in the product of both lengths at worst.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(b'?') => (p, n) = (p + 1, n + 1),
            Some(byte) if *byte == name[n] => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, n) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::{PatternFault, Patterns};

    #[test]
    fn one_has_to_match_and_none_that_is_negated() {
        let matches = |list: &str, name| Patterns::parse(list).unwrap().matches(name);
        assert!(matches("mira", "mira"));
        assert!(!matches("mira", "miranda"));
        assert!(!matches("mira", "Mira"));
        assert!(matches("*@shop.example", "mira@shop.example"));
        assert!(!matches("*@shop.example,!mira@*", "mira@shop.example"));
        assert!(!matches("!mira@*,*@shop.example", "mira@shop.example"));
        assert!(matches("m?ra", "mora"));
        assert!(!matches("m?ra", "mra"));
        assert!(matches("*a*b*", "xxaxxbxx"));
        assert!(!matches("*a*b", "xxaxxbxx"));
        assert!(matches("**", ""));
        assert!(!matches("?", ""));
    }

    #[test]
    fn a_list_that_says_nobody_is_a_fault() {
        let fault = |list| Patterns::parse(list).unwrap_err();
        for list in ["", ",", "a,", ",a", "a,,b", "!", "a,!"] {
            assert_eq!(fault(list), PatternFault::Empty, "{list}");
        }
        assert_eq!(fault("!a,!b"), PatternFault::OnlyNot);
        assert_eq!(fault("a, b"), PatternFault::Space);
        assert_eq!(fault("mira\u{200b}"), PatternFault::Hidden);
        assert_eq!(fault(&"a,".repeat(300)), PatternFault::TooLong);
    }

    #[test]
    fn many_stars_take_no_long_time() {
        let list = Patterns::parse(&"*a".repeat(400)).unwrap();
        assert!(!list.matches(&"a".repeat(300)));
    }
}
