//! The inventory: every credential an AI tool holds, and what someone should act on.

use super::{
    Cell, Column, Ink, Report, Table, Tone, csv, findings, markdown, sources::SourceView, words,
};
use crate::{
    domain::{
        Credential, CredentialId, CredentialKind, CredentialStatus, Environment, Finding, Health,
        LastUsed, Locator, Principal, Reach, Severity, SourceName, SourceState, ToolMatch,
        Untrusted,
    },
    store::CredentialRow,
};
use jiff::Timestamp;
use serde::Serialize;
use std::fmt::Write as _;

/// Which credentials an audit is about. Everything set has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Also credentials that no AI tool we know holds.
    pub all: bool,
    /// Only those this tool holds.
    pub tool: Option<String>,
    /// Only those of this source.
    pub source: Option<String>,
    /// Only those known to reach production.
    pub production: bool,
}

impl Scope {
    fn takes(&self, credential: &Credential) -> bool {
        (self.all || credential.is_ai_held())
            && self.tool.as_ref().is_none_or(|tool| {
                credential.holders.iter().any(|holder| holder.tool.as_str() == tool)
            })
            && self.takes_source(&credential.source)
            && (!self.production || credential.environment == Environment::Production)
    }

    fn takes_source(&self, name: &SourceName) -> bool {
        self.source.as_ref().is_none_or(|source| {
            name.as_str() == source
                || name.as_str().split_once('/').is_some_and(|(_, short)| short == source)
        })
    }
}

/// An audit: credentials in scope, findings about them, and which sources that rests on.
pub struct Audit {
    rows: Vec<CredentialRow>,
    findings: Vec<Finding>,
    sources: Vec<SourceState>,
    now: Timestamp,
}

impl Audit {
    /// Looks at an inventory. AI-held credentials come first, production before the rest.
    pub fn new(
        mut rows: Vec<CredentialRow>,
        mut sources: Vec<SourceState>,
        scope: &Scope,
        now: Timestamp,
    ) -> Self {
        rows.retain(|row| scope.takes(&row.credential));
        sources.retain(|source| scope.takes_source(&source.name));
        rows.sort_by_cached_key(|row| {
            let credential = &row.credential;
            (
                !credential.is_ai_held(),
                credential.environment,
                credential.status,
                credential.source.clone(),
                credential.principal.name.clone(),
                credential.id.clone(),
            )
        });
        let findings = findings(rows.iter().map(|row| &row.credential), now);
        Self { rows, findings, sources, now }
    }

    /// The findings, most severe first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether anything is as severe as this, or more.
    pub fn reaches(&self, severity: Severity) -> bool {
        self.findings.iter().any(|finding| finding.severity >= severity)
    }

    /// The sources it rests on that could not be read, whole or in part.
    pub fn unread(&self) -> impl Iterator<Item = &SourceState> {
        self.sources.iter().filter(|source| source.health != Health::Good)
    }

    /// The credentials as a table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&[
            Column::new("id", 12),
            Column::new("tool", 14),
            Column::or_leave_out("kind", 8, 2),
            Column::new("principal", 10),
            Column::new("environment", 4),
            Column::or_leave_out("status", 6, 3),
            Column::or_leave_out("last used", 7, 1),
            Column::or_leave_out("grants", 10, 5),
            Column::or_leave_out("reach", 13, 4),
        ]);
        table.rows = self
            .rows
            .iter()
            .map(|row| {
                let credential = &row.credential;
                vec![
                    Cell::own(credential.id.as_str()),
                    Cell::own(words::holders(&credential.holders)),
                    Cell::own(credential.kind().to_string()),
                    Cell::outside(&credential.principal.name),
                    words::environment(credential.environment),
                    words::status(credential.status, row.stale),
                    words::last_used(&credential.last_used, self.now),
                    words::list(&credential.grants),
                    reach_word(credential.reach.as_deref()),
                ]
            })
            .collect();
        table
    }

    /// The findings as a table.
    pub fn findings_table(&self) -> Table {
        let mut table = Table::new(&[
            Column::new("severity", 8),
            Column::new("about", 12),
            Column::or_leave_out("rule", 10, 2),
            Column::new("finding", 20),
            Column::or_leave_out("next step", 20, 1),
        ]);
        table.rows = self
            .findings
            .iter()
            .map(|finding| {
                vec![
                    words::severity(finding.severity),
                    Cell::own(&finding.about),
                    Cell::own(&finding.rule),
                    Cell::outside(&finding.message),
                    Cell::own(&finding.next_step),
                ]
            })
            .collect();
        table
    }

    /// The credentials as CSV, one a record, with all there is to say of each.
    pub fn csv(&self) -> String {
        let mut table = self.table();
        table.columns.extend(
            ["source", "account or organisation", "label", "created", "findings"]
                .map(|title| Column::new(title, 0)),
        );
        for (row, cells) in self.rows.iter().zip(&mut table.rows) {
            let credential = &row.credential;
            let rules: Vec<&str> = self
                .findings
                .iter()
                .filter(|finding| finding.about == credential.id.as_str())
                .map(|finding| finding.rule.as_str())
                .collect();
            cells.extend([
                Cell::own(credential.source.as_str()),
                Cell::outside(&credential.principal.home),
                Cell::outside(&credential.label),
                Cell::own(credential.created.map(words::moment).unwrap_or_default()),
                Cell::own(rules.join(" ")),
            ]);
        }
        csv(&table)
    }

    /// The whole audit as a Markdown document, for a ticket or a pull request.
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "# AI-held credentials\n\nAs of {}. {}\n",
            words::moment(self.now),
            self.summary()
        );
        for source in self.unread() {
            let _ = writeln!(out, "\n> {}", markdown::escape(&unread_line(source)));
        }
        if !self.findings.is_empty() {
            out.push_str("\n## Findings\n\n");
            out.push_str(&markdown(&self.findings_table()));
        }
        if !self.rows.is_empty() {
            out.push_str("\n## Credentials\n\n");
            out.push_str(&markdown(&self.table()));
        }
        out
    }

    /// How much there is, in one sentence.
    fn summary(&self) -> String {
        let held = self.rows.iter().filter(|row| row.credential.is_ai_held()).count();
        let production = self
            .rows
            .iter()
            .filter(|row| row.credential.is_ai_held())
            .filter(|row| row.credential.environment == Environment::Production)
            .count();
        let others = match self.rows.len() - held {
            0 => String::new(),
            others => format!(", {others} not AI-held"),
        };
        let unread = match self.unread().count() {
            0 => String::new(),
            unread => format!(
                " Not the whole picture: {unread} source{} could not be read whole.",
                plural(unread)
            ),
        };
        format!(
            "{held} AI-held credential{}, {production} of them in production{others}; {} finding{}.{unread}",
            plural(held),
            self.findings.len(),
            plural(self.findings.len())
        )
    }
}

/// How far the principal gets, in a word or two.
fn reach_word(reach: Option<&Reach>) -> Cell {
    let Some(reach) = reach else { return Cell::default() };
    Cell::own(reach.word()).tone(match reach.rank() {
        6.. => Tone::Bad,
        3..=5 => Tone::Warning,
        _ => Tone::Quiet,
    })
}

/// What a source that was not read whole means for the reader.
fn unread_line(source: &SourceState) -> String {
    use crate::text::SafeText;
    match (source.health, &source.fault) {
        (Health::Failing, Some(fault)) => {
            let age = source.last_good.map_or_else(
                || "nothing of it is in this report".to_owned(),
                |at| format!("what is shown of it was read at {}", words::moment(at)),
            );
            format!("{}: {}; {age}", source.name, SafeText::line(&words::fault_line(fault)))
        }
        (Health::Waiting, _) => {
            format!("{}: never asked; nothing of it is in this report", source.name)
        }
        (Health::Partial, _) => {
            let parts: Vec<&str> = source.gaps.iter().map(|gap| gap.part.0.as_str()).collect();
            let parts = SafeText::own(&parts.join(", "));
            format!("{}: could not read {parts}", source.name)
        }
        (_, _) => format!("{}: {:?}", source.name, source.health),
    }
}

fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}

impl Report for Audit {
    fn human(&self, ink: Ink) -> String {
        let mut out = String::new();
        if !self.rows.is_empty() {
            let table = self.table();
            out.push_str(&table.text(ink));
            out.push_str(&table.left_out_line(ink));
        }
        if !self.findings.is_empty() {
            let table = self.findings_table();
            out.push('\n');
            out.push_str(&table.text(ink));
            out.push_str(&table.left_out_line(ink));
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&self.summary());
        out.push('\n');
        out
    }

    fn name(&self) -> &'static str {
        "audit"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body {
            complete: self.unread().next().is_none(),
            credentials: self.rows.iter().map(CredentialView::of).collect(),
            findings: &self.findings,
            sources: self.sources.iter().map(SourceView::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    complete: bool,
    credentials: Vec<CredentialView<'a>>,
    findings: &'a [Finding],
    sources: Vec<SourceView<'a>>,
}

/// A credential in JSON.
#[derive(Serialize)]
pub(super) struct CredentialView<'a> {
    id: &'a CredentialId,
    source: &'a SourceName,
    kind: CredentialKind,
    ai_held: bool,
    held_by: &'a [ToolMatch],
    principal: &'a Principal,
    label: &'a Untrusted,
    locator: &'a Locator,
    environment: Environment,
    status: CredentialStatus,
    stale: bool,
    created: Option<Timestamp>,
    last_used: LastUsedView<'a>,
    grants: &'a [Untrusted],
    reach: Option<&'a Reach>,
    first_seen: Timestamp,
    last_seen: Timestamp,
}

#[derive(Serialize)]
struct LastUsedView<'a> {
    known: bool,
    at: Option<Timestamp>,
    what: Option<&'a Untrusted>,
}

impl<'a> CredentialView<'a> {
    pub(super) fn of(row: &'a CredentialRow) -> Self {
        let credential = &row.credential;
        Self {
            id: &credential.id,
            source: &credential.source,
            kind: credential.kind(),
            ai_held: credential.is_ai_held(),
            held_by: &credential.holders,
            principal: &credential.principal,
            label: &credential.label,
            locator: &credential.locator,
            environment: credential.environment,
            status: credential.status,
            stale: row.stale,
            created: credential.created,
            last_used: match &credential.last_used {
                LastUsed::At { at, what } => {
                    LastUsedView { known: true, at: Some(*at), what: Some(what) }
                }
                LastUsed::Never => LastUsedView { known: true, at: None, what: None },
                LastUsed::Unknown => LastUsedView { known: false, at: None, what: None },
            },
            grants: &credential.grants,
            reach: credential.reach.as_deref(),
            first_seen: row.first_seen,
            last_seen: row.last_seen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Audit, Scope};
    use crate::{
        domain::{Environment, Severity},
        report::{Ink, Report as _, json, samples},
    };

    fn world() -> Vec<crate::store::CredentialRow> {
        let mut unheld = samples::deploy_key();
        unheld.holders.clear();
        let mut outside = samples::app_installation();
        outside.environment = Environment::NonProduction;
        [unheld, outside, samples::access_key()].map(samples::credential_row).into()
    }

    fn audit(scope: &Scope) -> Audit {
        Audit::new(world(), Vec::new(), scope, samples::now())
    }

    #[test]
    fn ai_held_credentials_come_first_and_others_only_when_asked_for() {
        let labels = |scope: &Scope| -> Vec<String> {
            let rows = audit(scope).rows;
            rows.iter().map(|row| row.credential.label.raw().to_owned()).collect()
        };
        assert_eq!(labels(&Scope::default()), ["AKIAEXAMPLE000000001", "helpful-agent"]);
        assert_eq!(
            labels(&Scope { all: true, ..Scope::default() }),
            ["AKIAEXAMPLE000000001", "helpful-agent", "agent key"]
        );
    }

    #[test]
    fn every_filter_narrows() {
        let count = |scope: Scope| audit(&scope).rows.len();
        assert_eq!(count(Scope { production: true, ..Scope::default() }), 1);
        assert_eq!(count(Scope { source: Some("acme".to_owned()), ..Scope::default() }), 1);
        assert_eq!(count(Scope { source: Some("aws/prod".to_owned()), ..Scope::default() }), 1);
        assert_eq!(count(Scope { tool: Some("kiro".to_owned()), ..Scope::default() }), 0);
        assert_eq!(count(Scope { tool: Some("claude-code".to_owned()), ..Scope::default() }), 2);
    }

    #[test]
    fn a_threshold_counts_what_is_as_severe_or_more() {
        let mut rows = world();
        rows[2].credential.created = Some(samples::days_ago(200));
        let audit = Audit::new(rows, Vec::new(), &Scope::default(), samples::now());
        assert!(audit.reaches(Severity::Low));
        assert!(audit.reaches(Severity::Medium));
        assert!(!audit.reaches(Severity::High));
    }

    #[test]
    fn the_table_reads_like_this() {
        insta::assert_snapshot!(audit(&Scope::default()).human(Ink::default()));
    }

    #[test]
    fn the_json_object_keeps_its_form() {
        insta::assert_snapshot!(json(&audit(&Scope::default()), samples::now()).unwrap());
    }

    #[test]
    fn csv_has_a_record_a_credential() {
        insta::assert_snapshot!(audit(&Scope::default()).csv());
    }

    #[test]
    fn markdown_names_the_sources_that_could_not_be_read() {
        let mut rows = world();
        rows[2].credential.created = Some(samples::days_ago(200));
        let audit =
            Audit::new(rows, vec![samples::failing_source()], &Scope::default(), samples::now());
        insta::assert_snapshot!(audit.markdown());
    }
}
