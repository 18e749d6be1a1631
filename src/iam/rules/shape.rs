//! A pattern beside its text: how it is matched, decided once.

use super::{
    super::{Context, Known, Truth},
    units::{self, ANY, ANY_IN_SEGMENT, Flavour, Piece},
};

/// How a pattern is matched. Holds nothing that its text says already, so the text is passed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Anything.
    Everything,
    /// The text itself.
    Exact,
    /// The text but its last character, a star, in front.
    Prefix,
    /// The text but its first character, a star, at the end.
    Suffix,
    /// Wildcards elsewhere.
    Units(Box<[u8]>),
    /// With variables in it.
    Template(Box<[Part]>),
}

/// A part of a pattern with variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Text and wildcards.
    Units(Box<[u8]>),
    /// The value of a condition key.
    Variable {
        /// In lower case.
        key: Box<str>,
        /// What stands in for an absent key.
        default: Option<Box<str>>,
        /// It stands where a star would stop at colons.
        is_in_segment: bool,
    },
}

/// A pattern with its variables filled in.
pub(super) struct Filled {
    /// What it came to.
    pub(super) units: Vec<u8>,
    /// A star stands in for a value that is not known.
    pub(super) is_open: bool,
}

impl Shape {
    /// Decides how to match `text`.
    pub(super) fn of(text: &str, flavour: Flavour, has_variables: bool) -> Self {
        let is_wild = matches!(flavour, Flavour::Glob | Flavour::Resource);
        if is_wild && !text.is_empty() && text.bytes().all(|byte| byte == b'*') {
            return Self::Everything;
        }
        let mut pieces = units::read(text, flavour, has_variables);
        if let [Piece::Units(units)] = pieces.as_mut_slice() {
            return Self::simple(text, std::mem::take(units));
        }
        Self::Template(pieces.into_iter().map(Part::from).collect())
    }

    fn simple(text: &str, units: Vec<u8>) -> Self {
        let Some(first) = units.iter().position(|&unit| units::is_wildcard(unit)) else {
            return if units == text.as_bytes() { Self::Exact } else { Self::Units(units.into()) };
        };
        let end = units.len() - 1;
        // Escapes make the units shorter than the text.
        if units.len() == text.len() && units[first] == ANY {
            if first == end {
                return Self::Prefix;
            }
            if first == 0 && !units[1..].iter().any(|&unit| units::is_wildcard(unit)) {
                return Self::Suffix;
            }
        }
        Self::Units(units.into())
    }

    /// Whether `text`, of this shape, matches the whole subject. A variable that has no value
    /// matches nothing (IAM User Guide, `reference_policies_variables.html`, "Policy variables
    /// with no value").
    pub(super) fn matches(&self, text: &str, subject: &str, context: &dyn Context) -> Truth {
        let is_match = match self {
            Self::Template(parts) => {
                return match fill(parts, context) {
                    Some(Filled { units, is_open }) => {
                        match units::matches(&units, subject.as_bytes()) {
                            true if is_open => Truth::Depends,
                            is_match => is_match.into(),
                        }
                    }
                    None => Truth::No,
                };
            }
            constant => constant.matches_constant(text, subject),
        };
        is_match.into()
    }

    /// The same for a shape without variables; one with variables matches nothing.
    pub(super) fn matches_constant(&self, text: &str, subject: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Exact => text == subject,
            Self::Prefix => subject.as_bytes().starts_with(&text.as_bytes()[..text.len() - 1]),
            Self::Suffix => subject.as_bytes().ends_with(&text.as_bytes()[1..]),
            Self::Units(units) => units::matches(units, subject.as_bytes()),
            Self::Template(_) => false,
        }
    }

    /// The pattern as units, variables filled in. None: a variable has no value.
    pub(super) fn units(&self, text: &str, context: &dyn Context) -> Option<Filled> {
        let units = match self {
            Self::Everything => vec![ANY],
            Self::Exact => text.as_bytes().to_vec(),
            Self::Prefix => [&text.as_bytes()[..text.len() - 1], &[ANY]].concat(),
            Self::Suffix => [&[ANY], &text.as_bytes()[1..]].concat(),
            Self::Units(units) => units.to_vec(),
            Self::Template(parts) => return fill(parts, context),
        };
        Some(Filled { units, is_open: false })
    }
}

impl From<Piece<'_>> for Part {
    fn from(piece: Piece<'_>) -> Self {
        match piece {
            Piece::Units(units) => Self::Units(units.into()),
            Piece::Variable { key, default, is_in_segment } => Self::Variable {
                key: key.to_ascii_lowercase().into(),
                default: default.map(Into::into),
                is_in_segment,
            },
        }
    }
}

/// Fills in variables. Their values are plain text, whatever characters they have. A key with
/// several values cannot be a variable (IAM User Guide,
/// `reference_policies_condition-single-vs-multi-valued-context-keys.html`).
pub(super) fn fill(parts: &[Part], context: &dyn Context) -> Option<Filled> {
    let mut filled = Filled { units: Vec::with_capacity(96), is_open: false };
    for part in parts {
        match part {
            Part::Units(units) => filled.units.extend_from_slice(units),
            Part::Variable { key, default, is_in_segment } => match context.known(key) {
                // No segment of an ARN has a colon in it.
                Known::One(value) if *is_in_segment && value.contains(':') => return None,
                Known::One(value) => filled.units.extend_from_slice(value.as_bytes()),
                Known::Absent | Known::Many(_) => {
                    filled.units.extend_from_slice(default.as_deref()?.as_bytes());
                }
                Known::Unknown | Known::Present | Known::Moment { .. } => {
                    filled.units.push(if *is_in_segment { ANY_IN_SEGMENT } else { ANY });
                    filled.is_open = true;
                }
            },
        }
    }
    Some(filled)
}
