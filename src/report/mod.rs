//! The same data as a table, JSON, CSV or Markdown.
//!
//! ```text
//!   rows of the store ──▶ Report ──human──▶ Table / Page ──▶ text (fitted to the terminal)
//!                           │                   ├──▶ CSV
//!                           │                   └──▶ Markdown
//!                           └────json──▶ one object, `docs/json.md`
//! ```
//!
//! Nothing here reads or writes anything: a report is made from rows and gives back text. What
//! other systems chose goes through [`SafeText`](crate::text::SafeText) in every form but JSON,
//! which keeps it exactly and writes whatever is not plainly printable as `\uXXXX`.

mod action;
mod activity;
mod audit;
mod autonomous;
mod cell;
mod checkup;
mod classified;
mod credential;
mod csv;
mod done;
mod findings;
mod fit;
mod iam;
mod json;
mod locks;
mod markdown;
mod page;
mod preview;
mod queue;
mod reach;
mod ruling;
mod said;
mod sources;
mod table;
mod words;

pub use action::ActionPage;
pub use activity::ActivityReport;
pub use audit::{Audit, Scope};
pub use autonomous::AutonomousReport;
pub use cell::{Cell, Ink, Tone};
pub use checkup::{Checkup, Section};
pub use classified::{Classified, ClassifiedLine};
pub use credential::CredentialPage;
pub use csv::csv;
pub use done::{Counted, Done};
pub use findings::{Rule, findings};
pub use iam::{
    Asked, CanReport, IamAudit, PathsReport, PrincipalReach, Resting, SaysReport, WhoCanReport,
};
pub use json::{SCHEMA, json, write_json};
pub(crate) use json::{line, single_line};
pub use locks::Locks;
pub use markdown::markdown;
pub use page::Page;
pub use preview::{Foreseen, calls_page, preview_page};
pub use queue::Queue;
pub use said::Said;
pub use sources::SourcesReport;
pub use table::{Column, Table};
pub use words::{age, call_line, fault_line, holders, moment, subject_kind};

use serde::Serialize;

/// What a command has to tell, ready to be written in either form.
pub trait Report {
    /// For people. Ends with a line break unless there is nothing to say.
    fn human(&self, ink: Ink) -> String;

    /// The name that goes into the `report` field of the JSON object.
    fn name(&self) -> &'static str;

    /// The other fields of the JSON object. Has to serialise as a map.
    fn body(&self) -> impl Serialize + '_;
}

#[cfg(test)]
mod samples;
