//! The tables, row by row, against what the ledger tells.

use super::{
    Findings, Mismatch, Wrong, each, table,
    told::{Decided, Ordered, Told, says},
};
use crate::{
    domain::{
        Action, ActionState, Decision, Digest, LetThrough, Order, OrderState, Receipt, Verdict,
    },
    store::{
        StoreError,
        moving::{Row, Table, View},
    },
};
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};

/// Compares every table; answers how many rows that were.
pub(super) async fn compare(
    view: &mut dyn View,
    told: Told,
    findings: &mut Findings,
) -> Result<u64, StoreError> {
    let mut rows = 0;
    rows += actions(view, &told, findings).await?;
    rows += bodies(view, findings).await?;
    rows += decisions(view, &told.decisions, findings).await?;
    rows += orders(view, &told.orders, findings).await?;
    rows += policies(view, &told, findings).await?;
    rows += autonomous(view, told, findings).await?;
    Ok(rows)
}

/// A row of one table.
struct Here<'a> {
    table: &'static Table,
    row: &'a Row,
}

impl<'a> Here<'a> {
    fn text(&self, column: &str) -> &'a str {
        self.table.of(self.row, column).text().unwrap_or_default()
    }

    fn id(&self) -> String {
        match self.row.first() {
            Some(super::super::Value::Number(number)) => number.to_string(),
            Some(super::super::Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    fn body<T: DeserializeOwned>(&self, column: &str) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.text(column))
    }

    fn wrong(&self, wrong: Wrong, entry: Option<u64>, told: impl Into<String>) -> Mismatch {
        Mismatch { table: self.table.name, id: self.id(), wrong, entry, told: told.into() }
    }
}

fn gone(table: &'static str, id: &str, entry: u64, told: &str) -> Mismatch {
    let (id, told) = (id.to_owned(), told.to_owned());
    Mismatch { table, id, wrong: Wrong::Deleted, entry: Some(entry), told }
}

async fn actions(
    view: &mut dyn View,
    told: &Told,
    findings: &mut Findings,
) -> Result<u64, StoreError> {
    let table = table("actions")?;
    let mut seen = HashSet::new();
    // An approval or a rejection that a source confirmed, by action.
    let mut confirmed: HashSet<(&str, bool)> = HashSet::new();
    for order in &told.orders {
        if let (Some(verdict), OrderState::Done) = (order.verdict, order.state) {
            confirmed.insert((order.about.as_str(), verdict == Verdict::Reject));
        }
    }
    each(view, table, |row| {
        let here = Here { table, row };
        let id = here.id();
        match told.requests.get(&id) {
            None => findings.add(here.wrong(
                Wrong::Inserted,
                None,
                "no entry tells that this was ever asked",
            )),
            Some((entry, digest)) if digest.to_string() != here.text("digest") => {
                let says = format!("its digest is not {}, which was asked last", digest.short());
                findings.add(here.wrong(Wrong::Altered, Some(*entry), says));
            }
            Some((entry, _)) => {
                let state: Option<ActionState> =
                    serde_json::from_value(here.text("state").into()).ok();
                let rejected = match state {
                    Some(ActionState::Approved) => Some(false),
                    Some(ActionState::Rejected) => Some(true),
                    _ => None,
                };
                if let Some(rejected) = rejected
                    && !confirmed.contains(&(id.as_str(), rejected))
                {
                    let says = format!("it says {}, and no order did that", here.text("state"));
                    findings.add(here.wrong(Wrong::Altered, Some(*entry), says));
                }
            }
        }
        seen.insert(id);
    })
    .await?;
    for (id, (entry, _)) in &told.requests {
        if !seen.contains(id) {
            findings.add(gone("actions", id, *entry, "it was asked, and its row is gone"));
        }
    }
    Ok(seen.len() as u64)
}

/// What is shown is what the digest names.
async fn bodies(view: &mut dyn View, findings: &mut Findings) -> Result<u64, StoreError> {
    let (table, rows) = (table("action_bodies")?, table("actions")?);
    let mut digests: HashMap<String, String> = HashMap::new();
    each(view, rows, |row| {
        let here = Here { table: rows, row };
        digests.insert(here.id(), here.text("digest").to_owned());
    })
    .await?;
    let mut count = 0;
    each(view, table, |row| {
        count += 1;
        let here = Here { table, row };
        let action: Action = match here.body("body") {
            Ok(action) => action,
            Err(error) => {
                findings.add(here.wrong(Wrong::Unreadable, None, error.to_string()));
                return;
            }
        };
        let digest = action.digest().map(|digest| digest.to_string()).unwrap_or_default();
        if digests.remove(&here.id()).is_some_and(|kept| kept != digest) {
            findings.add(here.wrong(Wrong::Altered, None, "it is not what its digest names"));
        }
    })
    .await?;
    for id in digests.keys() {
        findings.add(Mismatch {
            table: "action_bodies",
            id: id.clone(),
            wrong: Wrong::Deleted,
            entry: None,
            told: "what was shown is gone".to_owned(),
        });
    }
    Ok(count)
}

/// A row that has not found its entry yet.
struct Loose {
    id: String,
    about: String,
}

async fn decisions(
    view: &mut dyn View,
    told: &[Decided],
    findings: &mut Findings,
) -> Result<u64, StoreError> {
    let table = table("decisions")?;
    let mut by: HashMap<(String, Option<Digest>), Vec<usize>> = HashMap::new();
    for (at, decision) in told.iter().enumerate().rev() {
        by.entry((decision.action.clone(), decision.says)).or_default().push(at);
    }
    let mut found = vec![false; told.len()];
    let mut newest: HashMap<String, u64> = HashMap::new();
    let mut loose: Vec<Loose> = Vec::new();
    let mut count = 0;
    each(view, table, |row| {
        count += 1;
        let here = Here { table, row };
        let about = here.text("action").to_owned();
        let body: Option<Decision> = here.body("body").ok();
        let key = (about.clone(), body.as_ref().and_then(says));
        let at = body.is_some().then(|| by.get_mut(&key).and_then(Vec::pop)).flatten();
        let Some((at, decision)) = at.and_then(|at| Some((at, told.get(at)?))) else {
            loose.push(Loose { id: here.id(), about });
            return;
        };
        if let Some(found) = found.get_mut(at) {
            *found = true;
        }
        let spent = table.of(row, "spent").text();
        if spent != decision.spent.as_deref() {
            let says = match &decision.spent {
                Some(order) => format!("order {order} used it up, and the row says otherwise"),
                None => "no order used it up, and the row says one did".to_owned(),
            };
            findings.add(here.wrong(Wrong::Altered, Some(decision.entry), says));
        }
        let before = newest.entry(about).or_insert(decision.entry);
        if decision.entry < *before {
            let says = "another decision on the same action, which came later, stands before it";
            findings.add(here.wrong(Wrong::Reordered, Some(decision.entry), says));
        }
        *before = decision.entry.max(*before);
    })
    .await?;
    let missing = told.iter().zip(&found).filter(|(_, found)| !**found).map(|(told, _)| told);
    pair(
        "decisions",
        loose,
        missing.map(|told| (told.entry, told.action.as_str(), told.action.as_str())).collect(),
        findings,
    );
    Ok(count)
}

/// Rows without their entry and entries without their row: of the same thing they belong together,
/// and the row was altered; what remains was inserted, or deleted.
fn pair(
    table: &'static str,
    loose: Vec<Loose>,
    mut missing: Vec<(u64, &str, &str)>,
    findings: &mut Findings,
) {
    for Loose { id, about } in loose {
        let same = missing.iter().position(|(_, of, _)| *of == about);
        let (wrong, entry, says) = match same {
            Some(at) => {
                let (entry, ..) = missing.remove(at);
                (Wrong::Altered, Some(entry), "it does not say what its entry says")
            }
            None => (Wrong::Inserted, None, "no entry tells of it"),
        };
        findings.add(Mismatch { table, id, wrong, entry, told: says.to_owned() });
    }
    for (entry, _, id) in missing {
        findings.add(gone(table, id, entry, "an entry tells of it, and its row is gone"));
    }
}

async fn orders(
    view: &mut dyn View,
    told: &[Ordered],
    findings: &mut Findings,
) -> Result<u64, StoreError> {
    let table = table("orders")?;
    let by: HashMap<&str, usize> =
        told.iter().enumerate().map(|(at, order)| (order.id.as_str(), at)).collect();
    let mut found = vec![false; told.len()];
    let mut newest: HashMap<&str, u64> = HashMap::new();
    let mut count = 0;
    each(view, table, |row| {
        count += 1;
        let here = Here { table, row };
        let known = by.get(here.text("id")).and_then(|at| Some((*at, told.get(*at)?)));
        let Some((at, order)) = known else {
            findings.add(here.wrong(
                Wrong::Inserted,
                None,
                format!("no entry tells of order {}", here.text("id")),
            ));
            return;
        };
        if let Some(found) = found.get_mut(at) {
            *found = true;
        }
        order_row(&here, order, findings);
        let before = newest.entry(&order.about).or_insert(order.entry);
        if order.entry < *before {
            let says = "another order about the same, which came later, stands before it";
            findings.add(here.wrong(Wrong::Reordered, Some(order.entry), says));
        }
        *before = order.entry.max(*before);
    })
    .await?;
    for (order, found) in told.iter().zip(found) {
        if !found {
            findings.add(gone(
                "orders",
                &order.id,
                order.entry,
                "it was written down, and its row is gone",
            ));
        }
    }
    Ok(count)
}

fn order_row(here: &Here<'_>, order: &Ordered, findings: &mut Findings) {
    let body: Option<Order> = here.body("body").ok();
    if body.as_ref().and_then(says) != order.says {
        let says = format!("order {} does not say what its entry says", order.id);
        findings.add(here.wrong(Wrong::Altered, Some(order.entry), says));
    }
    let taken = here.table.of(here.row, "taken").number();
    if taken != order.taken.map(|(_, at)| at) {
        let says = match order.taken {
            Some(_) => format!("order {} was taken, and the row says otherwise", order.id),
            None => format!("nothing tells that order {} was taken, as the row says", order.id),
        };
        let entry = order.taken.map_or(order.entry, |(entry, _)| entry);
        findings.add(here.wrong(Wrong::Altered, Some(entry), says));
    }
    let receipt: Option<Receipt> = here.body("receipt").ok();
    let state = serde_json::to_value(order.state).ok();
    let same = state.as_ref().and_then(|state| state.as_str()) == Some(here.text("state"));
    if receipt.as_ref().and_then(says) != order.receipt.and_then(|(_, says)| says) || !same {
        let says = format!("what was answered to order {} is not what its entries say", order.id);
        let entry = order.receipt.map_or(order.entry, |(entry, _)| entry);
        findings.add(here.wrong(Wrong::Altered, Some(entry), says));
    }
}

async fn policies(
    view: &mut dyn View,
    told: &Told,
    findings: &mut Findings,
) -> Result<u64, StoreError> {
    let table = table("policies")?;
    let mut missing: HashMap<i64, (u64, String)> = told
        .policies
        .iter()
        .map(|(entry, policy)| {
            let version = i64::try_from(policy.version).unwrap_or(i64::MAX);
            (version, (*entry, policy.digest.to_string()))
        })
        .collect();
    let mut count = 0;
    each(view, table, |row| {
        count += 1;
        let here = Here { table, row };
        let version = table.of(row, "version").number().unwrap_or_default();
        match missing.remove(&version) {
            Some((_, digest)) if digest == here.text("digest") => {}
            Some((entry, _)) => findings.add(here.wrong(
                Wrong::Altered,
                Some(entry),
                "its digest is not that of the policy that came into force",
            )),
            None => findings.add(here.wrong(
                Wrong::Inserted,
                None,
                "no entry tells that this policy came into force",
            )),
        }
    })
    .await?;
    for (version, (entry, _)) in missing {
        let told = "it came into force, and its row is gone";
        findings.add(gone("policies", &version.to_string(), entry, told));
    }
    Ok(count)
}

async fn autonomous(
    view: &mut dyn View,
    told: Told,
    findings: &mut Findings,
) -> Result<u64, StoreError> {
    let table = table("autonomous")?;
    let mut missing = told.let_through;
    let mut count = 0;
    each(view, table, |row| {
        count += 1;
        let here = Here { table, row };
        let record: Option<LetThrough> = here.body("body").ok();
        match missing.remove(here.text("id")) {
            Some((_, kept)) if kept == record.as_ref().and_then(says) => {}
            Some((entry, _)) => findings.add(here.wrong(
                Wrong::Altered,
                Some(entry),
                "it does not say what its entry says",
            )),
            None => findings.add(here.wrong(Wrong::Inserted, None, "no entry tells of it")),
        }
    })
    .await?;
    for (id, (entry, _)) in missing {
        findings.add(gone("autonomous", &id, entry, "it was let through, and its row is gone"));
    }
    Ok(count)
}
