//! Patterns with `*` and `?`.

/// A pattern. `*` stands for any run of characters, `?` for exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Glob {
    text: Box<str>,
}

impl Glob {
    /// Takes a pattern as written.
    pub fn new(text: &str) -> Self {
        Self { text: text.into() }
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        matches(self.text.as_bytes(), text.as_bytes())
    }

    /// Whether everything `other` matches is matched by this one too. May say no where it is hard
    /// to see, never yes where it is not so.
    pub fn contains(&self, other: &Self) -> bool {
        self == other || &*self.text == "*"
    }

    /// Whether some text matches both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.contains(other) || other.contains(self)
    }
}

/// Linear but for the last star, which is moved on at most once a character.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}
