//! One condition against one key, three-valued.
//!
//! Sources: IAM User Guide, `reference_policies_elements_condition_operators.html` and
//! `reference_policies_condition-single-vs-multi-valued-context-keys.html`.

use super::{
    super::{Condition, Context, Known, Truth},
    operator::{Comparison, Operator, Order, Set},
    shape::{Filled, Shape},
    units::{self, Flavour},
    value::{self, Number, Range},
};
use jiff::Timestamp;

/// Conditions on one key with more values than this together are not compared.
const MAX_VALUES: usize = 512;

/// A condition, compiled. Its values' text stays in the statement and is passed in.
#[derive(Debug, Clone)]
pub(super) struct Test {
    /// In lower case.
    pub(super) key: Box<str>,
    /// None: an operator AWS does not know, so nothing can be said.
    pub(super) operator: Option<Operator>,
    operands: Operands,
}

/// Values, read as what the operator compares. None: not of that kind, so it never matches.
#[derive(Debug, Clone)]
enum Operands {
    Texts(Box<[Shape]>),
    Numbers(Box<[Option<Number>]>),
    Moments(Box<[Option<Timestamp>]>),
    Ranges(Box<[Option<Range>]>),
    Booleans(Box<[Option<bool>]>),
}

impl Test {
    pub(super) fn new(written: &Condition, has_variables: bool) -> Self {
        let operator = Operator::read(&written.operator);
        let operands = operator.map_or(Operands::Texts([].into()), |operator| {
            Operands::read(operator, &written.values, has_variables)
        });
        Self { key: written.key.to_ascii_lowercase().into(), operator, operands }
    }

    /// Whether it holds.
    pub(super) fn holds(&self, written: &Condition, context: &dyn Context) -> Truth {
        self.holds_for(written, &context.known(&self.key), context)
    }

    /// Whether it holds if this is what is known of its key.
    pub(super) fn holds_for(
        &self,
        written: &Condition,
        known: &Known<'_>,
        context: &dyn Context,
    ) -> Truth {
        let Some(operator) = self.operator else { return Truth::Depends };
        let asked = Asked { test: self, operator, written, context };
        match known {
            Known::Absent => asked.absent().into(),
            Known::Unknown => either(asked.absent().into(), asked.present()),
            Known::Present => asked.present(),
            Known::One(value) => asked.one(value),
            Known::Many(values) => asked.many(values),
            &Known::Moment { from, until, may_be_absent } => {
                let there = asked.between(from, until);
                if may_be_absent { either(asked.absent().into(), there) } else { there }
            }
        }
    }

    /// The only values that can make it true, if it says so itself: those a positive comparison
    /// with plain texts or booleans names.
    pub(super) fn candidates<'a>(&self, written: &'a Condition) -> Option<Vec<&'a str>> {
        let operator = self.operator?;
        if operator.set != Set::One || operator.is_negated {
            return None;
        }
        match (&self.operands, operator.comparison) {
            (Operands::Texts(shapes), Comparison::StringEquals) => {
                let is_exact = shapes.iter().all(|shape| *shape == Shape::Exact);
                is_exact.then(|| written.values.iter().map(|value| &**value).collect())
            }
            (Operands::Booleans(_), Comparison::Bool) => Some(vec!["true", "false"]),
            _ => None,
        }
    }

    /// Its values with variables filled in where their values are known.
    pub(super) fn told(&self, written: &Condition, context: &dyn Context) -> Vec<String> {
        let shapes = match &self.operands {
            Operands::Texts(shapes) => &**shapes,
            _ => &[],
        };
        let told = |(index, text): (usize, &str)| {
            let template = shapes.get(index).filter(|shape| matches!(shape, Shape::Template(_)));
            match template.and_then(|shape| shape.units(text, context)) {
                Some(Filled { units, is_open: false }) => units::written(&units),
                _ => text.to_owned(),
            }
        };
        written.values.iter().map(|value| &**value).enumerate().map(told).collect()
    }

    /// Its values as patterns, where it is a positive comparison of texts. None: it is not, or a
    /// value is not known.
    pub(super) fn patterns(&self, written: &Condition) -> Option<Vec<Vec<u8>>> {
        let operator = self.operator?;
        let Operands::Texts(shapes) = &self.operands else { return None };
        let is_pattern = matches!(
            operator.comparison,
            Comparison::StringEquals | Comparison::StringLike | Comparison::Arn
        );
        if operator.set != Set::One || operator.is_negated || !is_pattern {
            return None;
        }
        let units = shapes.iter().zip(&written.values).map(|(shape, text)| match shape {
            Shape::Template(_) => None,
            shape => shape.units(text, &super::super::NothingKnown).map(|filled| filled.units),
        });
        units.collect()
    }
}

/// Either may be the case.
fn either(one: Truth, other: Truth) -> Truth {
    if one == other { one } else { Truth::Depends }
}

impl Operands {
    fn read(operator: Operator, values: &[Box<str>], has_variables: bool) -> Self {
        let has_variables = has_variables && operator.takes_variables();
        let texts =
            |flavour| values.iter().map(|value| Shape::of(value, flavour, has_variables)).collect();
        match operator.comparison {
            Comparison::StringLike => Self::Texts(texts(Flavour::Glob)),
            Comparison::Arn => Self::Texts(texts(Flavour::Arn)),
            Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::Binary => {
                Self::Texts(texts(Flavour::Plain))
            }
            Comparison::Numeric(_) => {
                Self::Numbers(values.iter().map(|value| Number::read(value)).collect())
            }
            Comparison::Date(_) => {
                Self::Moments(values.iter().map(|value| value::moment(value)).collect())
            }
            Comparison::IpAddress => {
                Self::Ranges(values.iter().map(|value| Range::read(value)).collect())
            }
            Comparison::Bool
                if has_variables && values.iter().any(|value| value.contains("${")) =>
            {
                Self::Texts(texts(Flavour::Plain))
            }
            Comparison::Bool | Comparison::Null => {
                Self::Booleans(values.iter().map(|value| value::boolean(value)).collect())
            }
        }
    }
}

/// Positions of values that are not of the kind the operator compares. None: AWS knows no such
/// operator.
pub(crate) fn wrong_values(written: &Condition) -> Option<Vec<usize>> {
    fn none<T>(values: &[Option<T>]) -> Vec<usize> {
        let all = values.iter().enumerate();
        all.filter(|(_, value)| value.is_none()).map(|(index, _)| index).collect()
    }
    Some(match Operands::read(Operator::read(&written.operator)?, &written.values, true) {
        Operands::Texts(_) => Vec::new(),
        Operands::Numbers(all) => none(&all),
        Operands::Moments(all) => none(&all),
        Operands::Ranges(all) => none(&all),
        Operands::Booleans(all) => none(&all),
    })
}

/// A test, while it is asked.
struct Asked<'a> {
    test: &'a Test,
    operator: Operator,
    written: &'a Condition,
    context: &'a dyn Context,
}

impl Asked<'_> {
    /// The key is not there. Set operators look at nothing then: all of nothing match, none of
    /// them does. `IfExists` speaks of each value they look at, so it changes neither.
    fn absent(&self) -> bool {
        match (self.operator.comparison, self.operator.set) {
            (Comparison::Null, _) => self.says(true),
            (_, Set::All) => true,
            (_, Set::Any) => false,
            (_, Set::One) => self.operator.if_exists || self.operator.is_negated,
        }
    }

    /// `Null` has this among its values.
    fn says(&self, expected: bool) -> bool {
        match &self.test.operands {
            Operands::Booleans(values) => values.contains(&Some(expected)),
            _ => false,
        }
    }

    /// The key is there with some value.
    fn present(&self) -> Truth {
        if self.operator.comparison == Comparison::Null {
            return self.says(false).into();
        }
        let may_match = self.can_match();
        let may_miss = !self.matches_always();
        let matching = match (may_match, may_miss) {
            (true, true) => Truth::Depends,
            (may_match, _) => may_match.into(),
        };
        if self.operator.is_negated { matching.negate() } else { matching }
    }

    fn one(&self, value: &str) -> Truth {
        match (self.operator.comparison, self.operator.set) {
            (Comparison::Null, _) => self.says(false).into(),
            // An empty text counts as no value to set operators.
            (_, Set::All | Set::Any) if value.is_empty() => self.absent().into(),
            _ => self.base(value),
        }
    }

    fn many(&self, values: &[Box<str>]) -> Truth {
        if values.is_empty() {
            return self.absent().into();
        }
        match (self.operator.comparison, self.operator.set) {
            (Comparison::Null, _) => self.says(false).into(),
            // Several values need a set operator; without one nothing matches, negated or not.
            (_, Set::One) => Truth::No,
            _ if values.iter().all(|value| value.is_empty()) => self.absent().into(),
            (_, Set::All) => values.iter().fold(Truth::Yes, |all, value| all.and(self.base(value))),
            (_, Set::Any) => values.iter().fold(Truth::No, |any, value| any.or(self.base(value))),
        }
    }

    /// One value against all of the policy's: any of them, or with a negated operator none.
    fn base(&self, value: &str) -> Truth {
        let matching = self.matches(value);
        if self.operator.is_negated { matching.negate() } else { matching }
    }

    fn matches(&self, value: &str) -> Truth {
        match (&self.test.operands, self.operator.comparison) {
            (Operands::Texts(shapes), comparison) => {
                shapes.iter().zip(&self.written.values).fold(Truth::No, |any, (shape, text)| {
                    if any == Truth::Yes {
                        any
                    } else {
                        any.or(self.text(shape, text, value, comparison))
                    }
                })
            }
            (Operands::Numbers(numbers), Comparison::Numeric(order)) => {
                let own = Number::read(value);
                some(numbers, own, |own, number| order.holds(&own, &number))
            }
            (Operands::Moments(moments), Comparison::Date(order)) => {
                some(moments, value::moment(value), |own, moment| order.holds(&own, &moment))
            }
            (Operands::Ranges(ranges), _) => {
                some(ranges, value.trim().parse().ok(), |own, range| range.has(own))
            }
            (Operands::Booleans(values), _) => {
                some(values, value::boolean(value), |own, value| own == value)
            }
            _ => Truth::No,
        }
    }

    fn text(&self, shape: &Shape, text: &str, value: &str, comparison: Comparison) -> Truth {
        // A text of fewer segments is no ARN, and a pattern of fewer matches none.
        if comparison == Comparison::Arn && value.split(':').nth(5).is_none() {
            return Truth::No;
        }
        if !matches!(comparison, Comparison::StringEqualsIgnoreCase | Comparison::Bool) {
            return shape.matches(text, value, self.context);
        }
        if *shape == Shape::Exact {
            return same_but_for_case(text, value).into();
        }
        match shape.units(text, self.context) {
            None => Truth::No,
            Some(Filled { is_open: true, .. }) => Truth::Depends,
            Some(Filled { units, .. }) => {
                std::str::from_utf8(&units).is_ok_and(|own| same_but_for_case(own, value)).into()
            }
        }
    }

    /// The key is there, and lies between these.
    fn between(&self, from: i64, until: i64) -> Truth {
        let matching = match (&self.test.operands, self.operator.comparison) {
            (Operands::Moments(moments), Comparison::Date(order)) => {
                let second = |second| Timestamp::from_second(second).ok();
                within(moments, second(from), second(until), order)
            }
            (Operands::Numbers(numbers), Comparison::Numeric(order)) => {
                let whole = |second| Some(Number::whole(second));
                within(numbers, whole(from), whole(until), order)
            }
            _ => return self.present(),
        };
        if self.operator.is_negated { matching.negate() } else { matching }
    }

    /// Some value could match.
    fn can_match(&self) -> bool {
        match &self.test.operands {
            Operands::Texts(shapes) => {
                let is_arn = self.operator.comparison == Comparison::Arn;
                shapes.iter().zip(&self.written.values).any(|(shape, text)| match shape {
                    Shape::Template(_) => shape.units(text, self.context).is_some_and(|filled| {
                        !is_arn || filled.units.split(|&unit| unit == b':').nth(5).is_some()
                    }),
                    _ => !is_arn || text.split(':').nth(5).is_some(),
                })
            }
            Operands::Numbers(all) => all.iter().any(Option::is_some),
            Operands::Moments(all) => all.iter().any(Option::is_some),
            Operands::Ranges(all) => all.iter().any(Option::is_some),
            Operands::Booleans(all) => all.iter().any(Option::is_some),
        }
    }

    /// Every value of the key's kind matches.
    fn matches_always(&self) -> bool {
        match &self.test.operands {
            Operands::Texts(shapes) => shapes.contains(&Shape::Everything),
            Operands::Booleans(_) => self.says(true) && self.says(false),
            Operands::Ranges(all) => [true, false].iter().all(|&is_ipv4| {
                let mut all = all.iter().flatten();
                all.any(|range| range.is_everything() && range.is_ipv4() == is_ipv4)
            }),
            Operands::Numbers(_) | Operands::Moments(_) => false,
        }
    }
}

/// Any of the policy's values suits the request's, if both are of the right kind.
fn some<T: Copy, V: Copy>(
    values: &[Option<T>],
    own: Option<V>,
    suits: impl Fn(V, T) -> bool,
) -> Truth {
    own.is_some_and(|own| values.iter().flatten().any(|&value| suits(own, value))).into()
}

/// Any of the policy's values lies so to something between two bounds.
fn within<T: Ord>(values: &[Option<T>], from: Option<T>, until: Option<T>, order: Order) -> Truth {
    let (Some(from), Some(until)) = (from, until) else { return Truth::Depends };
    values.iter().flatten().fold(Truth::No, |any, value| {
        any.or(match (order, order.holds(&from, value), order.holds(&until, value)) {
            (Order::Equal, true, true) => Truth::Yes,
            (Order::Equal, ..) if *value < from || *value > until => Truth::No,
            (Order::Equal, ..) => Truth::Depends,
            (_, at_first, at_last) => either(at_first.into(), at_last.into()),
        })
    })
}

fn same_but_for_case(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
        || left.chars().flat_map(char::to_lowercase).eq(right.chars().flat_map(char::to_lowercase))
}

/// Whether the conditions on one key, of which nothing is known but perhaps that it is there, can
/// all hold at once. Says yes where it is hard to see.
pub(super) fn can_hold_together(
    tests: &[(&Test, &Condition)],
    known: &Known<'_>,
    context: &dyn Context,
) -> bool {
    let all = |known: &Known<'_>| {
        tests.iter().all(|(test, written)| test.holds_for(written, known, context).is_possible())
    };
    if *known == Known::Unknown && all(&Known::Absent) {
        return true;
    }
    if !all(&Known::Present) {
        return false;
    }
    if tests.iter().map(|(_, written)| written.values.len()).sum::<usize>() > MAX_VALUES {
        return true;
    }
    let finite = tests.iter().find_map(|(test, written)| test.candidates(written));
    if let Some(candidates) = finite {
        return candidates.into_iter().any(|value| all(&Known::One(value.into())));
    }
    let patterns: Vec<_> =
        tests.iter().filter_map(|(test, written)| test.patterns(written)).collect();
    patterns.iter().enumerate().all(|(index, ours)| {
        patterns[..index].iter().all(|theirs| {
            ours.iter().any(|our| theirs.iter().any(|their| super::sets::overlap(our, their)))
        })
    })
}
