//! Patterns as bytes: text stands for itself, four bytes that no UTF-8 text contains stand for
//! wildcards. So a `*` that came out of a variable stays a plain `*`, and matching needs neither
//! tables nor allocation.

/// Any run of characters.
pub(super) const ANY: u8 = 0xFF;
/// Exactly one character.
pub(super) const ONE: u8 = 0xFE;
/// Any run of characters but colons.
pub(super) const ANY_IN_SEGMENT: u8 = 0xFD;
/// Exactly one character but a colon.
pub(super) const ONE_IN_SEGMENT: u8 = 0xFC;

/// Whether a byte of a pattern is a wildcard.
pub(super) fn is_wildcard(unit: u8) -> bool {
    unit >= ONE_IN_SEGMENT
}

/// Whether the pattern matches the whole text. Only the last star is ever moved on: what an
/// earlier one could take as well, the later one can take too, and stars that stop at colons have
/// their colons on either side.
pub(super) fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let step = match pattern.get(p) {
            Some(&(ANY | ANY_IN_SEGMENT)) => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(&ONE) => character(text, t),
            Some(&ONE_IN_SEGMENT) if text[t] != b':' => character(text, t),
            Some(&unit) if unit == text[t] => 1,
            _ => 0,
        };
        if step > 0 {
            p += 1;
            t += step;
            continue;
        }
        let Some((at, from)) = star else { return false };
        if pattern[at] == ANY_IN_SEGMENT && text[from] == b':' {
            return false;
        }
        star = Some((at, from + 1));
        p = at + 1;
        t = from + 1;
    }
    pattern[p..].iter().all(|&unit| matches!(unit, ANY | ANY_IN_SEGMENT))
}

/// Bytes of the character that begins here; none in the middle of one.
fn character(text: &[u8], at: usize) -> usize {
    let is_inside = |byte: &u8| byte & 0xC0 == 0x80;
    if is_inside(&text[at]) {
        return 0;
    }
    1 + text[at + 1..].iter().take_while(|byte| is_inside(byte)).count()
}

/// A pattern for a person to read: what came out of a variable is not told apart.
pub(super) fn written(pattern: &[u8]) -> String {
    let plain: Vec<u8> = pattern
        .iter()
        .map(|&unit| match unit {
            ANY | ANY_IN_SEGMENT => b'*',
            ONE | ONE_IN_SEGMENT => b'?',
            other => other,
        })
        .collect();
    String::from_utf8_lossy(&plain).into_owned()
}

/// What a pattern's text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// No wildcards: `StringEquals`.
    Plain,
    /// `*` and `?` cross everything: `StringLike`, actions.
    Glob,
    /// A `Resource`: see [`super::ArnPattern`].
    Resource,
    /// `ArnLike`: six segments, each with wildcards of its own.
    Arn,
}

/// A piece of a pattern on its way to units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text and wildcards.
    Units(Vec<u8>),
    /// `${key}` or `${key, 'default'}`.
    Variable {
        /// As written.
        key: &'a str,
        /// What stands in for an absent key.
        default: Option<&'a str>,
        /// It stands where a star would stop at colons.
        is_in_segment: bool,
    },
}

/// Reads a pattern. `has_variables` says whether it speaks the language of 2012, in which `${…}`
/// means something.
///
/// IAM User Guide, `reference_policies_variables.html`: `${*}`, `${?}` and `${$}` stand for the
/// characters themselves; defaults follow a comma, in single quotes.
pub(super) fn read(text: &str, flavour: Flavour, has_variables: bool) -> Vec<Piece<'_>> {
    let mut reader = Reader { pieces: Vec::new(), units: Vec::with_capacity(text.len()) };
    let mut colons = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_in_segment = matches!(flavour, Flavour::Resource | Flavour::Arn) && colons < 5;
        if has_variables && let Some((inside, after)) = braces(rest) {
            match inside {
                "*" | "?" | "$" => reader.units.extend(inside.bytes()),
                _ => reader.variable(inside, is_in_segment),
            }
            rest = after;
            continue;
        }
        rest = &rest[first.len_utf8()..];
        match first {
            '*' if flavour != Flavour::Plain => {
                // IAM User Guide, reference_policies_elements_resource.html: a star that ends a
                // resource's pattern runs on beyond colons.
                let runs_on = rest.is_empty() && flavour == Flavour::Resource;
                reader.units.push(if is_in_segment && !runs_on { ANY_IN_SEGMENT } else { ANY });
            }
            '?' if flavour != Flavour::Plain => {
                reader.units.push(if is_in_segment { ONE_IN_SEGMENT } else { ONE });
            }
            other => {
                colons += usize::from(other == ':');
                reader.units.extend(other.encode_utf8(&mut [0; 4]).bytes());
            }
        }
    }
    reader.finish()
}

/// Takes `${inside}` off the front. Looks no further than the next brace, so that a text of many
/// open ones is read in one pass.
fn braces(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix("${")?;
    let (inside, after) = text.split_at(text.find(['{', '}'])?);
    let after = after.strip_prefix('}')?;
    (!inside.trim().is_empty()).then_some((inside, after))
}

struct Reader<'a> {
    pieces: Vec<Piece<'a>>,
    units: Vec<u8>,
}

impl<'a> Reader<'a> {
    fn variable(&mut self, inside: &'a str, is_in_segment: bool) {
        if !self.units.is_empty() {
            self.pieces.push(Piece::Units(std::mem::take(&mut self.units)));
        }
        let (key, default) = match inside.split_once(',') {
            Some((key, default)) => (key.trim(), quoted(default.trim())),
            None => (inside.trim(), None),
        };
        self.pieces.push(Piece::Variable { key, default, is_in_segment });
    }

    fn finish(mut self) -> Vec<Piece<'a>> {
        if !self.units.is_empty() || self.pieces.is_empty() {
            self.pieces.push(Piece::Units(self.units));
        }
        self.pieces
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}
