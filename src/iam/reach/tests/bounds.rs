//! Graphs that are made to hurt.

use super::options;
use crate::iam::{Truth, reach::audit, world::builder::AccountBuilder};

const ARN: &str = "arn:aws:iam::111122223333:role/";
const MANY: usize = 2_000;

/// Each role may be assumed by the one before it; the last is an administrator if `ends`.
fn ring(ends: bool) -> AccountBuilder {
    let mut account = AccountBuilder::new();
    for index in 0..MANY {
        let before = if ends { index.checked_sub(1) } else { Some((index + MANY - 1) % MANY) };
        account = account.role(&format!("r{index}"));
        if let Some(before) = before {
            account = account.trusted_by(&format!("{ARN}r{before}"));
        }
        if ends && index == MANY - 1 {
            account = account.admin();
        }
    }
    account
}

#[test]
fn a_long_chain_is_followed_to_its_end_and_told_in_part() {
    let audit = audit(&ring(true).world(), &options());
    assert!(audit.answers.iter().all(|answer| answer.reaches_admin == Truth::Yes));
    let path = &audit.answers[0].path;
    assert!(path.len() < 100, "{}", path.len());
    let last = path.last().unwrap();
    assert!(last.on.iter().any(|said| said.contains("more steps")), "{last:?}");
}

#[test]
fn a_ring_leads_nowhere() {
    let audit = audit(&ring(false).world(), &options());
    assert!(audit.answers.iter().all(|answer| answer.reaches_admin == Truth::No));
}

#[test]
fn every_action_of_the_catalogue_is_looked_at() {
    let audit = audit(&AccountBuilder::new().user("start").world(), &options());
    assert_eq!(audit.problems, []);
}
