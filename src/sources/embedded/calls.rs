//! The calls that a real account or organisation would receive for an order.

use crate::{
    domain::{Call, OrderKind},
    sources::{aws, github},
};

/// What would be sent for `order`: exactly what the real sources send. None of it leaves the
/// embedded world; it is shown so that a preview there reads like a preview anywhere.
pub(super) fn of(order: &OrderKind) -> Vec<Call> {
    let mut calls = aws::calls(order);
    calls.extend(github::calls(order));
    calls
}
