//! The detail of a credential: who holds it, what it opens, and what could be done about it.

use super::{
    action::{environment, tool},
    credentials::status,
    reach,
    sheet::Sheet,
};
use crate::{
    console::{
        clock::{ago, date},
        state::{State, dialog::revocable},
        theme::{Role, Theme},
    },
    domain::{CredentialStatus, LastUsed, Locator, OrderKind, PrincipalKind},
    store::{CredentialRow, OrderRow},
};
use ratatui::text::Line;

pub(super) fn page(state: &State, width: u16, brief: bool, theme: &Theme) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(width, theme);
    let Some(row) = state.credentials.selected() else { return sheet.into_lines() };
    let credential = &row.credential;
    sheet.untrusted(&credential.label, Role::Title);
    let (word, role) = status(credential.status);
    let mut value = vec![
        sheet.say(&credential.kind().to_string(), Role::Text),
        sheet.say(", ", Role::Dim),
        sheet.say(word, role),
    ];
    if row.stale {
        value.push(sheet.say(", from before: it cannot be read now", Role::Warning));
    }
    sheet.pair_spans("credential", value);
    environment(&mut sheet, credential.environment);
    if let Some(reach) = &credential.reach {
        reach::line(&mut sheet, reach);
    }
    for held in &credential.holders {
        tool(&mut sheet, held, brief);
    }
    if credential.holders.is_empty() {
        sheet.pair_own("tool", "no AI tool that we recognise", Role::Dim);
    }
    let mut value = sheet.safe(&credential.principal.name, Role::Text);
    value.push(sheet.say(&format!(", {}", principal_kind(credential.principal.kind)), Role::Dim));
    sheet.pair_spans("acts as", value);
    used(&mut sheet, &credential.last_used, state);
    if !brief {
        if let Some(reach) = &credential.reach {
            reach::breadth(&mut sheet, reach);
        }
        reach::section(&mut sheet, credential, state.reasons);
        rest(&mut sheet, row, state);
    }
    sheet.into_lines()
}

/// The words for a kind of principal.
fn principal_kind(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::IamUser => "IAM user",
        PrincipalKind::IamRole => "IAM role",
        PrincipalKind::FederatedIdentity => "federated identity",
        PrincipalKind::GithubApp => "GitHub App",
        PrincipalKind::Repository => "repository",
        PrincipalKind::Organisation => "organisation",
    }
}

/// When it was used last.
pub(super) fn used(sheet: &mut Sheet<'_>, last: &LastUsed, state: &State) {
    match last {
        LastUsed::At { at, what } => {
            let when = format!("{}, {}", ago(state.now.wall, *at), date(*at, &state.zone));
            let mut value = vec![sheet.say(&when, Role::Text)];
            if !what.is_empty() {
                value.push(sheet.say(" for ", Role::Dim));
                value.extend(sheet.safe(what, Role::Text));
            }
            sheet.pair_spans("last used", value);
        }
        LastUsed::Never => sheet.pair_own("last used", "never", Role::Warning),
        LastUsed::Unknown => sheet.pair_own("last used", "the source does not say", Role::Dim),
    }
}

fn rest(sheet: &mut Sheet<'_>, row: &CredentialRow, state: &State) {
    let credential = &row.credential;
    if credential.reach.is_some() {
        sheet.heading("Where it is");
    }
    if credential.principal.native != credential.principal.name {
        sheet.pair("in full", &credential.principal.native);
    }
    sheet.pair("belongs to", &credential.principal.home);
    if let Some(created) = credential.created {
        let text = format!("{}, {}", ago(state.now.wall, created), date(created, &state.zone));
        sheet.pair_own("created", &text, Role::Text);
    }
    sheet.pair_own("first seen", &date(row.first_seen, &state.zone), Role::Dim);
    sheet.pair_own("source", credential.source.as_str(), Role::Dim);
    sheet.pair_own("id", credential.id.as_str(), Role::Dim);
    if !credential.grants.is_empty() {
        sheet.heading("Grants");
        for grant in credential.grants.iter().take(60) {
            let mut value = vec![sheet.say("  ", Role::Dim)];
            value.extend(sheet.safe(grant, Role::Text));
            sheet.spans(value);
        }
        if credential.grants.len() > 60 {
            let more = credential.grants.len() - 60;
            sheet.own(&format!("  and {more} more"), Role::Dim);
        }
    }
    if !credential.facts.is_empty() {
        sheet.heading("Facts");
        sheet.label_columns(credential.facts.iter().take(80).map(|fact| fact.name.as_str()));
        for fact in credential.facts.iter().take(80) {
            sheet.pair(&fact.name, &fact.value);
        }
    }
    sheet.label_columns(std::iter::empty());
    sheet.heading("What can be done");
    choices(sheet, row);
    if let Some(order) = &row.last_order {
        sheet.heading("Last order");
        order_told(sheet, order, state);
    }
}

fn choices(sheet: &mut Sheet<'_>, row: &CredentialRow) {
    let credential = &row.credential;
    match (credential.status, revocable(&credential.locator)) {
        (CredentialStatus::Active, Ok(())) => {
            let (what, undo) = match &credential.locator {
                Locator::AccessKey { .. } => {
                    ("sets the key Inactive", "u sets it Active again".to_owned())
                }
                Locator::RoleTrust { .. } => {
                    ("puts a deny-all policy on the role", "u takes it off again".to_owned())
                }
                Locator::DeployKey { .. } => (
                    "deletes the deploy key",
                    "it cannot be undone; the public key is kept, so that it can be added again"
                        .to_owned(),
                ),
                _ => (
                    "deletes the secret",
                    "it cannot be undone; its value is known to nobody here".to_owned(),
                ),
            };
            let value = vec![sheet.say("x ", Role::Key), sheet.say(what, Role::Text)];
            sheet.spans(value);
            sheet.own(&format!("  {undo}"), Role::Dim);
        }
        (CredentialStatus::Active, Err(why)) => {
            sheet.own(&format!("It is not revoked from here: {why}."), Role::Dim);
        }
        (CredentialStatus::Inactive | CredentialStatus::Sealed, _) if row.last_order.is_some() => {
            let value = vec![sheet.say("u ", Role::Key), sheet.say("gives it back", Role::Text)];
            sheet.spans(value);
        }
        (CredentialStatus::Inactive | CredentialStatus::Sealed, _) => {
            sheet.own("It was switched off elsewhere; it can only be given back there.", Role::Dim);
        }
        (CredentialStatus::Gone, _) => sheet.own("It is gone.", Role::Dim),
    }
}

fn order_told(sheet: &mut Sheet<'_>, row: &OrderRow, state: &State) {
    let what = match &row.order.kind {
        OrderKind::SetAccessKey { active: false, .. } => "set inactive",
        OrderKind::SetAccessKey { active: true, .. } => "set active",
        OrderKind::SealRole { .. } => "sealed",
        OrderKind::UnsealRole { .. } => "unsealed",
        OrderKind::DeleteDeployKey { .. } | OrderKind::DeleteActionsSecret { .. } => "deleted",
        _ => "ordered",
    };
    let mut value = vec![sheet.say(&format!("{what} by "), Role::Text)];
    value.extend(sheet.safe(&row.order.by, Role::Text));
    value.push(sheet.say(&format!(", {}", ago(state.now.wall, row.order.at)), Role::Dim));
    sheet.pair_spans(&row.state.to_string(), value);
    if let Some(receipt) = &row.receipt {
        sheet.pair("answer", &receipt.answer);
    }
    if let OrderKind::DeleteDeployKey { public_key, title, .. } = &row.order.kind {
        sheet.pair("key title", title);
        sheet.pair("public key", public_key);
    }
}
