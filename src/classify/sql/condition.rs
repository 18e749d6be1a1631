//! Whether a condition holds for every row.

use super::{Dialect, tokens::parses};
use sqlparser::{
    ast::{BinaryOperator, Expr, SetExpr, UnaryOperator, Value},
    parser::Parser,
};

/// Longer conditions are taken to choose rows.
const LONGEST: usize = 4096;
/// How deep a condition may be nested.
const DEEPEST: usize = 40;

/// Whether the condition is certainly true of all rows, such as `1 = 1`. Also of rows that have
/// what every row has (`id > 0`, `id IS NOT NULL`): these are the usual ways round a guard against
/// a missing condition.
pub(super) fn always(condition: &str, dialect: Dialect) -> bool {
    if condition.len() > LONGEST {
        return false;
    }
    let parser = Parser::new(parses(dialect)).with_recursion_limit(DEEPEST);
    let parsed = parser.try_with_sql(condition).and_then(|mut parser| parser.parse_expr());
    parsed.is_ok_and(|expr| holds(&expr) == Some(true))
}

/// The value of a condition, if it is the same for every row.
fn holds(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Nested(inner) | Expr::IsTrue(inner) => holds(inner),
        Expr::Value(value) => match &value.value {
            Value::Boolean(value) => Some(*value),
            Value::Number(number, _) => number.parse::<f64>().ok().map(|number| number != 0.0),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => holds(expr).map(|value| !value),
        Expr::IsNotNull(inner) => (is_key(inner) || is_constant(inner)).then_some(true),
        Expr::Exists { subquery, negated } => {
            let SetExpr::Select(select) = subquery.body.as_ref() else { return None };
            let is_plain = select.from.is_empty() && select.selection.is_none();
            is_plain.then_some(!negated)
        }
        Expr::Like { negated: false, pattern, .. }
        | Expr::ILike { negated: false, pattern, .. } => (text(pattern)? == "%").then_some(true),
        Expr::BinaryOp { left, op, right } => match op {
            BinaryOperator::And => match (holds(left), holds(right)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            BinaryOperator::Or => match (holds(left), holds(right)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            _ => compares(left, op, right),
        },
        _ => None,
    }
}

fn compares(left: &Expr, op: &BinaryOperator, right: &Expr) -> Option<bool> {
    if left == right {
        return match op {
            BinaryOperator::Eq | BinaryOperator::GtEq | BinaryOperator::LtEq => Some(true),
            _ if is_constant(left) => Some(false),
            _ => None,
        };
    }
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return Some(match op {
            BinaryOperator::Eq => false,
            BinaryOperator::NotEq => true,
            BinaryOperator::Lt => left < right,
            BinaryOperator::LtEq => left <= right,
            BinaryOperator::Gt => left > right,
            BinaryOperator::GtEq => left >= right,
            _ => return None,
        });
    }
    if let (Some(_), Some(_)) = (text(left), text(right)) {
        return (*op == BinaryOperator::NotEq).then_some(true);
    }
    let bound = number(right).filter(|_| is_key(left))?;
    let all = match op {
        BinaryOperator::Gt | BinaryOperator::NotEq => bound <= 0.0,
        BinaryOperator::GtEq => bound <= 1.0,
        _ => false,
    };
    all.then_some(true)
}

fn is_constant(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(_))
}

fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Nested(inner) => number(inner),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => number(expr).map(|number| -number),
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => number.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it is the column that numbers the rows.
fn is_key(expr: &Expr) -> bool {
    let name = match expr {
        Expr::Identifier(name) => name,
        Expr::CompoundIdentifier(names) => match names.last() {
            Some(name) => name,
            None => return false,
        },
        _ => return false,
    };
    ["id", "_id", "rowid", "ctid", "oid"].iter().any(|key| name.value.eq_ignore_ascii_case(key))
}
