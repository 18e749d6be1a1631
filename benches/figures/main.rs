//! The figures of the design that need a large world or the whole program.
//!
//! ```text
//!   world (seeded) ─▶ store │ audit │ reach │ console on a terminal │ keys during a real poll │ hook
//!                        └──────┴───────┴──▶ one table: what, measured, target
//! ```
//!
//! `cargo bench --bench figures -- reach` measures that part alone, `-- classify` the classifier,
//! `-- hook` the hook of an agent, `-- signatures` those of reviewers, `-- ledger` the ledger,
//! `-- append` a write with its entry; the others are `worlds`.
//!
//! Where memory matters, the work is done in a process of its own: this program starts itself
//! again with the name of the task.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement has nobody to hand an error to"
)]

#[path = "../accounts/mod.rs"]
mod accounts;
mod append;
mod audit;
mod classify;
mod console;
mod decision;
mod hook;
mod ledger;
mod polling;
#[path = "../../tests/stories/support/postgres.rs"]
mod postgres;
mod process;
mod reach;
mod signatures;
#[path = "../../tests/stories/signing/soft.rs"]
mod soft;
mod store;
mod table;
mod world;

use std::path::Path;
use table::Table;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [task, argument] = arguments.as_slice()
        && task == audit::TASK
    {
        return audit::alone(Path::new(argument));
    }
    let is_wanted = |part: &str| match arguments.iter().find(|one| !one.starts_with("--")) {
        Some(only) => only == part,
        None => true,
    };
    let mut table = Table::default();
    let folder = tempfile::tempdir().expect("a folder");
    if is_wanted("classify") {
        classify::measure(&mut table);
    }
    if is_wanted("hook") {
        hook::measure(&mut table, folder.path());
    }
    if is_wanted("signatures") {
        signatures::measure(&mut table);
    }
    if is_wanted("reach") {
        reach::measure(&mut table, folder.path());
    }
    if is_wanted("ledger") {
        ledger::measure(&mut table, folder.path());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    if is_wanted("append") {
        runtime.block_on(append::measure(&mut table, folder.path()));
    }
    if !is_wanted("worlds") {
        return table.end();
    }
    let large = folder.path().join("large.db");
    runtime.block_on(store::credentials(&mut table, folder.path()));
    runtime.block_on(store::actions(&mut table, &large));
    audit::measure(&mut table, folder.path());
    console::measure(&mut table, folder.path(), &large);
    runtime.block_on(polling::measure(&mut table));
    table.end();
}
