//! Synthetic accounts: authorization details of any size, with what was planted in them.
//!
//! ```text
//!   Plan { principals, seed, account } ─▶ write ─▶ JSON, entry after entry
//!                                           └────▶ Truth: who must be found, who must not
//! ```
//!
//! The same plan gives the same bytes. An entry is written as soon as it is made, so memory does
//! not grow with the account. Used by the benches, and by the stories through its path.

#![allow(dead_code, reason = "benches and stories need different parts of it")]

mod chance;
mod entries;
mod says;

use chance::Chance;
use entries::Account;
use serde_json::{Value, json};
use std::io::{self, Write};

/// What account to make.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// Users and roles together; at least 40 to hold everything that is planted.
    pub principals: usize,
    /// Two plans that differ only here give different accounts.
    pub seed: u64,
    /// Twelve digits.
    pub account: &'a str,
}

/// What was planted, by ARN.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// Administrators by their own policies.
    pub administrators: Vec<String>,
    /// Those who become administrators, and how.
    pub climbers: Vec<(String, &'static str)>,
    /// Those who look like climbers and are not, and what stops them. They have nothing else.
    pub stopped: Vec<(String, &'static str)>,
    /// Roles that strangers may enter, and through what.
    pub open: Vec<(String, &'static str)>,
}

/// Writes the authorization details.
pub fn write(plan: Plan<'_>, out: &mut impl Write) -> io::Result<Truth> {
    let mut account = Account::new(plan);
    out.write_all(b"{")?;
    let size = account.size;
    list(out, "UserDetailList", (0..size.users).map(|at| account.user(at)))?;
    out.write_all(b",")?;
    list(out, "GroupDetailList", (0..size.groups).map(|at| account.group(at)))?;
    out.write_all(b",")?;
    list(out, "RoleDetailList", (0..size.roles).map(|at| account.role(at)))?;
    out.write_all(b",")?;
    list(out, "Policies", (0..size.policies).map(|at| account.policy(at)))?;
    out.write_all(b",\"IsTruncated\":false}\n")?;
    Ok(account.truth)
}

fn list(out: &mut impl Write, name: &str, entries: impl Iterator<Item = Value>) -> io::Result<()> {
    write!(out, "\"{name}\":[")?;
    for (at, entry) in entries.enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        // Printed with indentation, as AWS's command line does: parsing has to get over it.
        serde_json::to_writer_pretty(&mut *out, &entry)?;
    }
    out.write_all(b"]")
}

/// A file for `--scps` that leaves the planted truth as it is.
pub fn scps(plan: Plan<'_>) -> Value {
    let full = says::policy(&[says::allow(&["*"], &["*"])]);
    let leave = says::policy(&[says::deny(&["organizations:LeaveOrganization"], &["*"])]);
    let levels = json!([[full.clone()], [full, leave]]);
    json!({"accounts": {plan.account: levels}})
}

/// A file for `--resource-policies`: buckets, a third of them open to another account.
pub fn resource_policies(plan: Plan<'_>) -> Value {
    let mut chance = Chance::of(plan.seed ^ 0xB0C4);
    let buckets = (0..=plan.principals / 50).map(|at| {
        let bucket = format!("arn:{}:s3:::{}", "aws", says::bucket(&mut chance, at));
        let who = if chance.once_in(3) {
            json!({"AWS": "arn:aws:iam::999900001111:root"})
        } else {
            json!({"AWS": format!("arn:aws:iam::{}:root", plan.account)})
        };
        let policy = says::policy(&[json!({
            "Effect": "Allow", "Principal": who, "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": format!("{bucket}/*")
        })]);
        (bucket, policy)
    });
    Value::Object(buckets.collect())
}
