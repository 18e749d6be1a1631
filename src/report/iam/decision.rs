//! May this one do that, and which statements say so.

use super::{account_of, name_of};
use crate::{
    domain::{Certainty, Untrusted},
    iam::{
        evaluate::{Layer, Ruling},
        reach::Say,
        world::{Boundary, PrincipalId, World},
    },
    report::{Cell, Column, Ink, Page, Report, Table, Tone},
};
use serde::Serialize;

/// What was asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// `service:Action`.
    pub action: &'a str,
    /// ARN, or `*`.
    pub resource: &'a str,
}

/// The answer about one principal.
pub struct CanReport<'a> {
    world: &'a World,
    id: PrincipalId,
    asked: Asked<'a>,
    ruling: &'a Ruling<'a>,
    says: &'a [Say],
}

impl<'a> CanReport<'a> {
    /// An answer; `says` adds the statements that have a say (`iam explain`).
    pub fn new(
        world: &'a World,
        id: PrincipalId,
        asked: Asked<'a>,
        ruling: &'a Ruling<'a>,
        says: &'a [Say],
    ) -> Self {
        Self { world, id, asked, ruling, says }
    }

    fn page(&self) -> Page {
        let Some(principal) = self.world.principals.get(self.id.0 as usize) else {
            return Page::new();
        };
        let Asked { action, resource } = self.asked;
        let mut page = Page::new()
            .field("answer", answer(self.ruling))
            .field("who", Cell::outside(&name_of(self.world, principal)))
            .field("action", Cell::own(action))
            .field("on", Cell::outside(&resource.into()))
            .field("because", Cell::outside(&because(self.ruling)));
        for condition in &self.ruling.conditions {
            page = page.field("if", Cell::outside(&condition.as_str().into()).tone(Tone::Warning));
        }
        if self.says.is_empty() { page } else { page.and(says_page(self.says)) }
    }
}

/// `yes`, `no` or `depends`, with the kind of no.
fn answer(ruling: &Ruling<'_>) -> Cell {
    use crate::iam::evaluate::Decision;
    match (Certainty::from(ruling.allowed), ruling.decision) {
        (Certainty::Yes, _) => Cell::own("yes").tone(Tone::Good),
        (Certainty::Conditional, _) => {
            Cell::own("depends: yes, if every condition holds").tone(Tone::Warning)
        }
        (Certainty::No, Decision::ExplicitlyDenied) => {
            Cell::own("no: a statement denies it").tone(Tone::Bad)
        }
        (Certainty::No, _) => Cell::own("no: nothing allows it").tone(Tone::Bad),
    }
}

/// The layer in words.
pub(super) fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Identity => "its own policies",
        Layer::Boundary => "its permissions boundary",
        Layer::Scp => "service control policies",
        Layer::Rcp => "resource control policies",
        Layer::Resource => "the resource's policy",
        Layer::Trust => "the role's trust policy",
        Layer::Session => "the session's policy",
        Layer::Aws => "a rule of AWS itself",
    }
}

fn because(ruling: &Ruling<'_>) -> Untrusted {
    let layer = layer(ruling.because.layer);
    Untrusted::new(match &ruling.because.statement {
        Some(statement) => format!("{layer}, {statement}"),
        None if ruling.allowed == crate::iam::Truth::No => format!("{layer} do not allow it"),
        None if ruling.allowed == crate::iam::Truth::Depends => {
            format!("{layer}, not all of which could be read")
        }
        None => layer.to_owned(),
    })
}

/// The statements, layer by layer.
pub(super) fn says_page(says: &[Say]) -> Page {
    let mut page = Page::new();
    let mut last = None;
    for say in says {
        if last != Some(say.layer) {
            page = page.heading(layer(say.layer));
            last = Some(say.layer);
        }
        let (verb, tone) = match (say.denies, say.holds) {
            (_, Certainty::No) => ("does not apply", Tone::Quiet),
            (false, Certainty::Yes) => ("allows", Tone::Good),
            (false, Certainty::Conditional) => ("allows, if", Tone::Warning),
            (true, Certainty::Yes) => ("denies", Tone::Bad),
            (true, Certainty::Conditional) => ("denies, if", Tone::Warning),
        };
        let line = Untrusted::new(format!("{verb:<14}  {}", say.statement));
        page = page.item(Cell::outside(&line).tone(tone));
        for condition in &say.conditions {
            let line = Untrusted::new(format!("if {condition}"));
            page = page.detail(Cell::outside(&line).tone(Tone::Warning));
        }
        if !say.resources.is_empty() {
            let line = Untrusted::new(format!("on {}", say.resources.join(", ")));
            page = page.detail(Cell::outside(&line).tone(Tone::Quiet));
        }
    }
    page
}

impl Report for CanReport<'_> {
    fn human(&self, ink: Ink) -> String {
        self.page().text(ink)
    }

    fn name(&self) -> &'static str {
        "iam-can"
    }

    fn body(&self) -> impl Serialize + '_ {
        Can {
            answer: View::of(self.world, self.id, self.asked, self.ruling),
            statements: self.says,
        }
    }
}

#[derive(Serialize)]
struct Can<'a> {
    #[serde(flatten)]
    answer: View<'a>,
    #[serde(skip_serializing_if = "<[Say]>::is_empty")]
    statements: &'a [Say],
}

#[derive(Serialize)]
struct View<'a> {
    principal: &'a str,
    account: &'a str,
    action: &'a str,
    resource: &'a str,
    allowed: Certainty,
    decision: crate::iam::evaluate::Decision,
    because: &'a crate::iam::evaluate::Because<'a>,
    conditions: &'a [String],
}

impl<'a> View<'a> {
    fn of(world: &'a World, id: PrincipalId, asked: Asked<'a>, ruling: &'a Ruling<'a>) -> Self {
        let principal = world.principals.get(id.0 as usize);
        Self {
            principal: principal.map_or("", |principal| &principal.arn),
            account: principal.map_or("", |principal| account_of(world, principal)),
            action: asked.action,
            resource: asked.resource,
            allowed: ruling.allowed.into(),
            decision: ruling.decision,
            because: &ruling.because,
            conditions: &ruling.conditions,
        }
    }
}

/// The statements that speak of an action of one principal, whatever the resource.
pub struct SaysReport<'a> {
    world: &'a World,
    id: PrincipalId,
    action: &'a str,
    says: &'a [Say],
}

impl<'a> SaysReport<'a> {
    /// What was asked and found.
    pub fn new(world: &'a World, id: PrincipalId, action: &'a str, says: &'a [Say]) -> Self {
        Self { world, id, action, says }
    }
}

impl Report for SaysReport<'_> {
    fn human(&self, ink: Ink) -> String {
        if self.says.is_empty() {
            return "No statement speaks of it, so it is not allowed.\n".to_owned();
        }
        says_page(self.says).text(ink)
    }

    fn name(&self) -> &'static str {
        "iam-statements"
    }

    fn body(&self) -> impl Serialize + '_ {
        let principal = self.world.principals.get(self.id.0 as usize);
        Says {
            principal: principal.map_or("", |principal| &principal.arn),
            action: self.action,
            statements: self.says,
        }
    }
}

#[derive(Serialize)]
struct Says<'a> {
    principal: &'a str,
    action: &'a str,
    statements: &'a [Say],
}

/// Everybody who may do something.
pub struct WhoCanReport<'a> {
    world: &'a World,
    resource: &'a str,
    /// What was asked for, as it was asked: it may be a pattern.
    pattern: &'a str,
    answers: &'a [(&'a str, PrincipalId, Ruling<'a>)],
}

impl<'a> WhoCanReport<'a> {
    /// Each action with whom it is allowed to.
    pub fn new(
        world: &'a World,
        pattern: &'a str,
        resource: &'a str,
        answers: &'a [(&'a str, PrincipalId, Ruling<'a>)],
    ) -> Self {
        Self { world, resource, pattern, answers }
    }

    /// Whether somebody may, at least this certainly.
    pub fn somebody(&self, least: Certainty) -> bool {
        self.answers.iter().any(|(_, _, ruling)| Certainty::from(ruling.allowed) >= least)
    }

    fn table(&self) -> Table {
        let is_pattern = self.pattern.contains(['*', '?']);
        let mut columns = vec![
            Column::new("principal", 12),
            Column::or_leave_out("kind", 4, 2),
            Column::new("answer", 7),
            Column::or_leave_out("by", 12, 1),
        ];
        let is_conditional = self.answers.iter().any(|(_, _, it)| !it.conditions.is_empty());
        if is_conditional {
            columns.push(Column::new("if", 16));
        }
        if is_pattern {
            columns.insert(2, Column::new("action", 12));
        }
        let mut table = Table::new(&columns);
        for (action, id, ruling) in self.answers {
            let Some(principal) = self.world.principals.get(id.0 as usize) else { continue };
            let (word, tone) = match Certainty::from(ruling.allowed) {
                Certainty::Yes => ("yes", Tone::Bad),
                Certainty::Conditional => ("depends", Tone::Warning),
                Certainty::No => ("no", Tone::Quiet),
            };
            let statement =
                ruling.because.statement.as_ref().map(ToString::to_string).unwrap_or_default();
            let mut row = vec![
                Cell::outside(&name_of(self.world, principal)),
                Cell::own(super::kind_of(principal)),
                Cell::own(word).tone(tone),
                Cell::outside(&statement.into()).tone(Tone::Quiet),
            ];
            if is_conditional {
                row.push(Cell::outside(&ruling.conditions.join("; ").into()));
            }
            if is_pattern {
                row.insert(2, Cell::own(action));
            }
            table.rows.push(row);
        }
        table
    }
}

impl Report for WhoCanReport<'_> {
    fn human(&self, ink: Ink) -> String {
        if self.answers.is_empty() {
            return "Nobody in these accounts may do that.\n".to_owned();
        }
        let table = self.table();
        format!("{}{}", table.text(ink), table.left_out_line(ink))
    }

    fn name(&self) -> &'static str {
        "iam-who-can"
    }

    fn body(&self) -> impl Serialize + '_ {
        WhoCan {
            action: self.pattern,
            resource: self.resource,
            principals: self
                .answers
                .iter()
                .map(|(action, id, ruling)| {
                    View::of(self.world, *id, Asked { action, resource: self.resource }, ruling)
                })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct WhoCan<'a> {
    action: &'a str,
    resource: &'a str,
    principals: Vec<View<'a>>,
}

/// A boundary whose content nobody knows, said where a question rests on it.
pub(super) fn unknown_boundary(boundary: &Boundary) -> Option<Cell> {
    let Boundary::Unknown { arn } = boundary else { return None };
    let line = format!("{arn}: what it says is not in the file, so it may deny anything");
    Some(Cell::outside(&line.into()).tone(Tone::Warning))
}
