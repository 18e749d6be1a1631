//! Condition operators by name.
//!
//! IAM User Guide, `reference_policies_elements_condition_operators.html`.

/// What an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Character by character.
    StringEquals,
    /// Without regard to case.
    StringEqualsIgnoreCase,
    /// With `*` and `?`.
    StringLike,
    /// Segment by segment, with `*` and `?`: `ArnEquals` and `ArnLike` are one.
    Arn,
    /// Numbers.
    Numeric(Order),
    /// Moments.
    Date(Order),
    /// True or false.
    Bool,
    /// Base64 text.
    Binary,
    /// Address and range.
    IpAddress,
    /// Whether the key is there at all.
    Null,
}

/// How two ordered values have to lie; the request's is on the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    /// Whether two values lie so.
    pub(super) fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// How the values of a multi-valued key are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// No prefix: the key has one value.
    One,
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// An operator, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) set: Set,
    pub(super) comparison: Comparison,
    pub(super) is_negated: bool,
    pub(super) if_exists: bool,
}

/// Names in lower case, what each compares, and whether it is the negated form.
const NAMES: [(&str, Comparison, bool); 27] = [
    ("stringequals", Comparison::StringEquals, false),
    ("stringnotequals", Comparison::StringEquals, true),
    ("stringequalsignorecase", Comparison::StringEqualsIgnoreCase, false),
    ("stringnotequalsignorecase", Comparison::StringEqualsIgnoreCase, true),
    ("stringlike", Comparison::StringLike, false),
    ("stringnotlike", Comparison::StringLike, true),
    ("numericequals", Comparison::Numeric(Order::Equal), false),
    ("numericnotequals", Comparison::Numeric(Order::Equal), true),
    ("numericlessthan", Comparison::Numeric(Order::Less), false),
    ("numericlessthanequals", Comparison::Numeric(Order::LessOrEqual), false),
    ("numericgreaterthan", Comparison::Numeric(Order::Greater), false),
    ("numericgreaterthanequals", Comparison::Numeric(Order::GreaterOrEqual), false),
    ("dateequals", Comparison::Date(Order::Equal), false),
    ("datenotequals", Comparison::Date(Order::Equal), true),
    ("datelessthan", Comparison::Date(Order::Less), false),
    ("datelessthanequals", Comparison::Date(Order::LessOrEqual), false),
    ("dategreaterthan", Comparison::Date(Order::Greater), false),
    ("dategreaterthanequals", Comparison::Date(Order::GreaterOrEqual), false),
    ("bool", Comparison::Bool, false),
    ("binaryequals", Comparison::Binary, false),
    ("ipaddress", Comparison::IpAddress, false),
    ("notipaddress", Comparison::IpAddress, true),
    ("arnequals", Comparison::Arn, false),
    ("arnlike", Comparison::Arn, false),
    ("arnnotequals", Comparison::Arn, true),
    ("arnnotlike", Comparison::Arn, true),
    ("null", Comparison::Null, false),
];

impl Operator {
    /// Reads an operator's name; case does not count. None: AWS knows no such operator.
    pub(super) fn read(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (set, rest) = if let Some(rest) = lower.strip_prefix("forallvalues:") {
            (Set::All, rest)
        } else if let Some(rest) = lower.strip_prefix("foranyvalue:") {
            (Set::Any, rest)
        } else {
            (Set::One, lower.as_str())
        };
        let (rest, if_exists) =
            rest.strip_suffix("ifexists").map_or((rest, false), |rest| (rest, true));
        let &(_, comparison, is_negated) = NAMES.iter().find(|(name, ..)| *name == rest)?;
        let is_plain = set == Set::One && !if_exists;
        (comparison != Comparison::Null || is_plain).then_some(Self {
            set,
            comparison,
            is_negated,
            if_exists,
        })
    }

    /// Whether variables mean something in its values: with strings and ARNs (IAM User Guide,
    /// `reference_policies_variables.html`, "Where you can use policy variables"), and with
    /// booleans, as the page of the operators has it.
    pub(super) fn takes_variables(self) -> bool {
        matches!(
            self.comparison,
            Comparison::StringEquals
                | Comparison::StringEqualsIgnoreCase
                | Comparison::StringLike
                | Comparison::Arn
                | Comparison::Bool
        )
    }
}
