//! One line an account: how many principals there are and how far they get.

use crate::{
    domain::Certainty,
    iam::{
        Truth,
        reach::Audit,
        world::{AccountId, World},
    },
    report::{Cell, Column, Table, Tone},
};
use serde::Serialize;
use std::collections::HashMap;

/// Counts of one account.
#[derive(Debug, Default, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) account: String,
    pub(super) principals: usize,
    /// Administrators themselves.
    pub(super) admins: usize,
    /// Who becomes one.
    pub(super) reaching_admin: usize,
    /// Who is or becomes one under a condition.
    pub(super) conditional: usize,
    /// Who could destroy something.
    pub(super) destructive: usize,
    pub(super) entry_points: usize,
    pub(super) warnings: usize,
}

/// A summary for each account, in the order of the files.
pub(super) fn summaries(world: &World, audit: &Audit) -> Vec<Summary> {
    let named = |account: &crate::iam::world::Account| Summary {
        account: account.id.to_string(),
        ..Summary::default()
    };
    let mut all: Vec<Summary> = world.accounts.iter().map(named).collect();
    for (principal, answer) in world.principals.iter().zip(&audit.answers) {
        let Some(summary) = all.get_mut(principal.account.0 as usize) else { continue };
        summary.principals += 1;
        match (Certainty::from(answer.admin), Certainty::from(answer.reaches_admin)) {
            (Certainty::Yes, _) => summary.admins += 1,
            (_, Certainty::Yes) => summary.reaching_admin += 1,
            (Certainty::No, Certainty::No) => {}
            _ => summary.conditional += 1,
        }
        let destroys = !answer.destructive.is_empty() || answer.admin == Truth::Yes;
        summary.destructive += usize::from(destroys);
    }
    let of_role: HashMap<&str, AccountId> =
        world.principals.iter().map(|role| (&*role.arn, role.account)).collect();
    for entry in &audit.entry_points {
        let account = of_role.get(entry.role.as_str());
        let summary = account.and_then(|account| all.get_mut(account.0 as usize));
        if let Some(summary) = summary {
            summary.entry_points += 1;
            summary.warnings += usize::from(entry.warning.is_some());
        }
    }
    all
}

/// The summaries as a table.
pub(super) fn table(summaries: &[Summary]) -> Table {
    let mut table = Table::new(&[
        Column::new("account", 12),
        Column::new("principals", 5),
        Column::new("admins", 4),
        Column::new("reach admin", 4),
        Column::new("perhaps", 4),
        Column::or_leave_out("can destroy", 4, 1),
        Column::new("entries", 4),
    ]);
    table.rows = summaries
        .iter()
        .map(|it| {
            let entries = match it.warnings {
                0 => Cell::own(it.entry_points.to_string()),
                warned => {
                    Cell::own(format!("{}, {warned} open", it.entry_points)).tone(Tone::Warning)
                }
            };
            vec![
                Cell::own(&it.account),
                Cell::own(it.principals.to_string()),
                count(it.admins, Tone::Bad),
                count(it.reaching_admin, Tone::Bad),
                count(it.conditional, Tone::Warning),
                count(it.destructive, Tone::Plain),
                entries,
            ]
        })
        .collect();
    table
}

fn count(number: usize, tone: Tone) -> Cell {
    Cell::own(number.to_string()).tone(if number == 0 { Tone::Quiet } else { tone })
}
