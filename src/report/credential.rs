//! One credential, whole.

use super::{
    Cell, Ink, Page, Report, Tone,
    action::{evidence, tool_line},
    audit::CredentialView,
    reach::reach_page,
    words,
};
use crate::{
    domain::{Fact, Finding, Untrusted},
    store::{CredentialRow, OrderRow},
};
use jiff::Timestamp;
use serde::Serialize;

/// A credential with evidence, facts, findings and its last order.
pub struct CredentialPage<'a> {
    row: &'a CredentialRow,
    findings: Vec<Finding>,
    now: Timestamp,
}

impl<'a> CredentialPage<'a> {
    /// A credential as the store keeps it.
    pub fn new(row: &'a CredentialRow, now: Timestamp) -> Self {
        Self { row, findings: super::findings([&row.credential], now), now }
    }

    fn page(&self, room: usize) -> Page {
        let credential = &self.row.credential;
        let mut page = Page::new()
            .field("id", Cell::own(credential.id.as_str()))
            .field("label", Cell::outside(&credential.label))
            .field("kind", Cell::own(credential.kind().to_string()))
            .field("status", words::status(credential.status, self.row.stale))
            .field("environment", words::environment(credential.environment))
            .field("principal", Cell::outside(&credential.principal.native))
            .field("home", Cell::outside(&credential.principal.home))
            .field("source", Cell::own(credential.source.as_str()))
            .field(
                "created",
                credential
                    .created
                    .map_or_else(|| Cell::own("unknown"), |at| words::since(at, self.now)),
            )
            .field("last used", words::last_used_long(&credential.last_used, self.now))
            .field("first seen", words::since(self.row.first_seen, self.now))
            .field("last seen", words::since(self.row.last_seen, self.now));
        page = page.heading("held by");
        if credential.holders.is_empty() {
            page = page.item(Cell::own("no AI tool we recognise").tone(Tone::Quiet));
        }
        for holder in &credential.holders {
            page = page.item(tool_line(holder)).and(evidence(holder));
        }
        if let Some(reach) = &credential.reach {
            let who = &credential.principal.name;
            page = page.and(reach_page(who, credential.principal.home.raw(), reach, room));
        }
        if !credential.grants.is_empty() {
            page = page.heading("grants");
            page =
                credential.grants.iter().fold(page, |page, grant| page.item(Cell::outside(grant)));
        }
        if !credential.facts.is_empty() {
            page = page.heading("facts");
            page = credential
                .facts
                .iter()
                .fold(page, |page, fact| page.field(&fact.name, Cell::outside(&fact.value)));
        }
        if !self.findings.is_empty() {
            page = page.heading("findings");
            for finding in &self.findings {
                let line = format!(
                    "{}: {}; next: {}",
                    finding.severity,
                    finding.message.raw(),
                    finding.next_step
                );
                page = page.item(Cell::outside(&Untrusted::new(line)).tone(Tone::Warning));
            }
        }
        match &self.row.last_order {
            Some(order) => page.and(last_order(order)),
            None => page,
        }
    }
}

fn last_order(row: &OrderRow) -> Page {
    let page = Page::new()
        .heading("last order")
        .field("order", Cell::own(row.order.id.as_str()))
        .field("given", Cell::own(words::moment(row.order.at)))
        .field("by (unsigned)", Cell::outside(&row.order.by))
        .field("reason", Cell::outside(&row.order.reason))
        .field("stands", words::order_state(row.state));
    match &row.receipt {
        Some(receipt) => page.field("answer", Cell::outside(&receipt.answer)),
        None => page,
    }
}

impl Report for CredentialPage<'_> {
    fn human(&self, ink: Ink) -> String {
        self.page(ink.width.unwrap_or(80)).text(ink)
    }

    fn name(&self) -> &'static str {
        "credential"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body {
            credential: Whole {
                row: CredentialView::of(self.row),
                facts: &self.row.credential.facts,
                last_order: self.row.last_order.as_ref(),
            },
            findings: &self.findings,
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    credential: Whole<'a>,
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    row: CredentialView<'a>,
    facts: &'a [Fact],
    last_order: Option<&'a OrderRow>,
}

#[cfg(test)]
mod tests {
    use super::CredentialPage;
    use crate::report::{Ink, Report as _, json, samples};

    #[test]
    fn the_page_reads_like_this() {
        let mut key = samples::deploy_key();
        key.grants = vec!["write".into()];
        let row = samples::credential_row(key);
        let page = CredentialPage::new(&row, samples::now());
        insta::assert_snapshot!(page.human(Ink::default()));
        insta::assert_snapshot!(json(&page, samples::now()).unwrap());
    }
}
