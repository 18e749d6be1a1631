//! The resources of a statement as patterns, for those who compute with sets of them.

use super::{
    ArnPattern, Rule,
    shape::Shape,
    units::{ANY, ANY_IN_SEGMENT, ONE, ONE_IN_SEGMENT},
};
use crate::iam::{Context, Resources};

/// A resource pattern with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResourcePattern {
    /// What it came to. A variable whose value is not known became a star.
    pub pattern: ArnPattern,
    /// Such a star is in it: what it matches, it matches perhaps.
    pub is_open: bool,
}

impl Rule {
    /// The patterns of `Resource` or `NotResource`, in order. Those with a variable that has no
    /// value match nothing and are left out. Empty for a statement without either.
    pub fn resource_patterns(&self, context: &dyn Context) -> Vec<ResourcePattern> {
        let texts = match &self.statement.resources {
            Some(Resources::Only(texts) | Resources::AllBut(texts)) => &**texts,
            None => &[],
        };
        let fill = |(text, shape): (&str, &Shape)| {
            if !matches!(shape, Shape::Template(_)) {
                let pattern = ArnPattern::with_shape(text, shape.clone());
                return Some(ResourcePattern { pattern, is_open: false });
            }
            let filled = shape.units(text, context)?;
            let pattern = ArnPattern::with_escapes(&written(&filled.units));
            Some(ResourcePattern { pattern, is_open: filled.is_open })
        };
        texts.iter().map(|text| &**text).zip(&self.resources).filter_map(fill).collect()
    }
}

/// Units as a policy would write them.
fn written(units: &[u8]) -> String {
    let mut text = Vec::with_capacity(units.len() + 8);
    for &unit in units {
        match unit {
            ANY | ANY_IN_SEGMENT => text.push(b'*'),
            ONE | ONE_IN_SEGMENT => text.push(b'?'),
            b'*' | b'?' | b'$' => text.extend([b'$', b'{', unit, b'}']),
            _ => text.push(unit),
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}
