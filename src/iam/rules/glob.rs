//! Patterns with `*` and `?`, of text and of ARNs.

use super::{
    super::NothingKnown,
    sets,
    shape::Shape,
    units::{ANY, Flavour},
};
use std::borrow::Cow;

/// A pattern over plain text. `*` stands for any run of characters, `?` for exactly one; every
/// other character for itself.
#[derive(Debug, Clone)]
pub struct Glob(Pattern);

/// A pattern over ARNs, as `Resource` has them.
///
/// A wildcard stays within its segment, the part between two colons; the sixth segment is all the
/// rest, colons included. A star that ends the pattern runs on beyond colons, so `arn:aws:s3:*`
/// matches every ARN of S3 and a lone `*` everything there is. Case counts. (IAM User Guide,
/// `reference_policies_elements_resource.html`, "Using wildcards in resource ARNs": wildcards are
/// used within segments, and one that is a segment's last character can run on. We take that for
/// the last character of the whole pattern, so `arn:aws:sqs:*:queue` matches no queue.)
#[derive(Debug, Clone)]
pub struct ArnPattern(Pattern);

#[derive(Debug, Clone)]
struct Pattern {
    text: Box<str>,
    shape: Shape,
}

impl Glob {
    /// Takes a pattern as written.
    pub fn new(text: &str) -> Self {
        Self(Pattern::new(text, Flavour::Glob, false))
    }

    /// Takes a pattern of the language of 2012: `${*}`, `${?}` and `${$}` are plain characters.
    /// With a variable in it that is not filled in, it matches nothing.
    pub fn with_escapes(text: &str) -> Self {
        Self(Pattern::new(text, Flavour::Glob, true))
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.shape.matches_constant(&self.0.text, text)
    }

    /// Whether everything `other` matches is matched by this one too. May say no where it is hard
    /// to see, never yes where it is not so.
    pub fn contains(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether some text matches both. Says yes for patterns too long to compare.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.overlaps(&other.0)
    }
}

impl ArnPattern {
    /// Takes a pattern as written, without variables.
    pub fn new(text: &str) -> Self {
        Self(Pattern::new(text, Flavour::Resource, false))
    }

    /// Takes a pattern of the language of 2012: `${*}`, `${?}` and `${$}` are plain characters.
    /// With a variable in it that is not filled in, it matches nothing.
    pub fn with_escapes(text: &str) -> Self {
        Self(Pattern::new(text, Flavour::Resource, true))
    }

    /// A pattern of a statement, whose shape is known already.
    pub(super) fn with_shape(text: &str, shape: Shape) -> Self {
        Self(Pattern { text: text.into(), shape })
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether it is a lone star, which matches everything there is.
    pub fn is_everything(&self) -> bool {
        self.0.shape == Shape::Everything
    }

    /// Whether the ARN matches.
    pub fn matches(&self, arn: &str) -> bool {
        self.0.shape.matches_constant(&self.0.text, arn)
    }

    /// Whether every ARN `other` matches is matched by this one too. May say no where it is hard
    /// to see, never yes where it is not so.
    pub fn contains(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether some ARN matches both. Says yes for patterns too long to compare.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.overlaps(&other.0)
    }
}

impl Pattern {
    fn new(text: &str, flavour: Flavour, has_variables: bool) -> Self {
        Self { text: text.into(), shape: Shape::of(text, flavour, has_variables) }
    }

    fn contains(&self, other: &Self) -> bool {
        match (&self.shape, &other.shape) {
            (Shape::Everything, _) => true,
            (Shape::Template(_), _) => self == other,
            (_, Shape::Exact) => self.shape.matches_constant(&self.text, &other.text),
            (Shape::Exact, Shape::Prefix | Shape::Suffix | Shape::Everything) => false,
            (Shape::Prefix, Shape::Prefix) => {
                let (ours, theirs) = (self.text.as_bytes(), other.text.as_bytes());
                theirs[..theirs.len() - 1].starts_with(&ours[..ours.len() - 1])
            }
            _ => sets::contains(&self.units(), &other.units()),
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        match (&self.shape, &other.shape) {
            (Shape::Everything, _) | (_, Shape::Everything) => true,
            (_, Shape::Exact) => self.shape.matches_constant(&self.text, &other.text),
            (Shape::Exact, _) => other.shape.matches_constant(&other.text, &self.text),
            (Shape::Prefix, Shape::Prefix) => {
                let (ours, theirs) = (self.text.as_bytes(), other.text.as_bytes());
                let (ours, theirs) = (&ours[..ours.len() - 1], &theirs[..theirs.len() - 1]);
                ours.starts_with(theirs) || theirs.starts_with(ours)
            }
            _ => sets::overlap(&self.units(), &other.units()),
        }
    }

    fn units(&self) -> Cow<'_, [u8]> {
        match &self.shape {
            Shape::Units(units) => Cow::Borrowed(units),
            shape => shape
                .units(&self.text, &NothingKnown)
                .map_or(Cow::Borrowed(&[ANY]), |filled| Cow::Owned(filled.units)),
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.shape == other.shape
    }
}

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Glob {}

impl std::hash::Hash for Glob {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.text.hash(state);
    }
}

impl PartialEq for ArnPattern {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for ArnPattern {}

impl std::hash::Hash for ArnPattern {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.text.hash(state);
    }
}
