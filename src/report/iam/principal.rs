//! One principal in depth.

use super::{
    account_of,
    decision::unknown_boundary,
    kind_of,
    view::{EntryView, PrincipalView},
};
use crate::{
    domain::Untrusted,
    iam::{
        Bounds,
        evaluate::Ruling,
        reach::{Answer, Audit, EntryPoint},
        told,
        world::{Boundary, Principal, PrincipalId, World},
    },
    report::{Cell, Ink, Page, Report, Tone, reach::reach_page},
};
use serde::Serialize;

/// Callers listed of one role.
const MOST_CALLERS: usize = 40;

/// What is known of one principal, nothing left out.
pub struct PrincipalReach<'a> {
    world: &'a World,
    audit: &'a Audit,
    id: PrincipalId,
    callers: &'a [(PrincipalId, Ruling<'a>)],
}

impl<'a> PrincipalReach<'a> {
    /// The page about one principal.
    pub fn new(world: &'a World, audit: &'a Audit, id: PrincipalId) -> Self {
        Self { world, audit, id, callers: &[] }
    }

    /// With those of these accounts who may assume it.
    #[must_use]
    pub fn with_callers(self, callers: &'a [(PrincipalId, Ruling<'a>)]) -> Self {
        Self { callers, ..self }
    }

    fn known(&self) -> Option<(&'a Principal, &'a Answer)> {
        Some((self.world.principals.get(self.id.0 as usize)?, self.audit.of(self.id)?))
    }

    fn page(&self, room: usize) -> Page {
        let Some((principal, answer)) = self.known() else { return Page::new() };
        let home = account_of(self.world, principal);
        let who = Untrusted::new(&*principal.name);
        let reach = told(self.world, answer, Bounds::NONE);
        head(principal, home)
            .and(reach_page(&who, home, &reach, room))
            .and(self.entries())
            .and(self.inside())
    }

    /// Who of these accounts may assume it.
    fn inside(&self) -> Page {
        if self.callers.is_empty() {
            return Page::new();
        }
        let page = Page::new().heading("who of these accounts may assume it");
        let told = self.callers.iter().take(MOST_CALLERS);
        let page = told.fold(page, |page, (id, ruling)| {
            let Some(caller) = self.world.principals.get(id.0 as usize) else { return page };
            let mut page = page.item(Cell::outside(&Untrusted::new(&*caller.arn)));
            for condition in &ruling.conditions {
                let line = Untrusted::new(format!("if {condition}"));
                page = page.detail(Cell::outside(&line).tone(Tone::Warning));
            }
            page
        });
        match self.callers.len().saturating_sub(MOST_CALLERS) {
            0 => page,
            more => {
                let line = format!("and {more} more (`iam who-can sts:AssumeRole` lists them)");
                page.item(Cell::own(line).tone(Tone::Quiet))
            }
        }
    }

    fn entering(&self) -> impl Iterator<Item = &'a EntryPoint> {
        let arn = self.known().map_or("", |(principal, _)| &*principal.arn);
        self.audit.entry_points.iter().filter(move |entry| *entry.role == *arn)
    }

    /// Who gets in from outside, if it is a role.
    fn entries(&self) -> Page {
        let mut entries = self.entering().peekable();
        if entries.peek().is_none() {
            return Page::new();
        }
        entries.fold(Page::new().heading("who gets in from outside"), |page, entry| {
            let line = format!("{}, by {}", entry.who, entry.how);
            let mut page = page.item(Cell::outside(&line.into()));
            for condition in &entry.conditions {
                page = page.detail(Cell::outside(&format!("if {condition}").into()));
            }
            match &entry.warning {
                Some(warning) => {
                    page.detail(Cell::outside(&warning.as_str().into()).tone(Tone::Warning))
                }
                None => page,
            }
        })
    }
}

fn head(principal: &Principal, home: &str) -> Page {
    let mut page = Page::new()
        .field(kind_of(principal), Cell::outside(&Untrusted::new(&*principal.name)))
        .field("ARN", Cell::outside(&Untrusted::new(&*principal.arn)))
        .field("account", Cell::own(home));
    let names: Vec<&str> = principal.policies.iter().map(|policy| &*policy.name).collect();
    if !names.is_empty() {
        page = page.field("policies", Cell::outside(&names.join(", ").into()));
    }
    match &principal.boundary {
        Boundary::Known { arn, .. } => {
            page.field("boundary", Cell::outside(&Untrusted::new(&**arn)))
        }
        other => match unknown_boundary(other) {
            Some(cell) => page.field("boundary", cell),
            None => page,
        },
    }
}

impl Report for PrincipalReach<'_> {
    fn human(&self, ink: Ink) -> String {
        self.page(ink.width.unwrap_or(80)).text(ink)
    }

    fn name(&self) -> &'static str {
        "iam-principal"
    }

    fn body(&self) -> impl Serialize + '_ {
        let callers = self.callers.iter().filter_map(|(id, ruling)| {
            Some(CallerView {
                arn: &self.world.principals.get(id.0 as usize)?.arn,
                conditions: &ruling.conditions,
            })
        });
        Body {
            principal: PrincipalView::of(self.world, self.audit, self.id),
            entry_points: self.entering().map(EntryView::of).collect(),
            assumed_by: callers.collect(),
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    principal: Option<PrincipalView<'a>>,
    entry_points: Vec<EntryView<'a>>,
    assumed_by: Vec<CallerView<'a>>,
}

#[derive(Serialize)]
struct CallerView<'a> {
    arn: &'a str,
    conditions: &'a [String],
}

#[cfg(test)]
mod tests {
    use super::PrincipalReach;
    use crate::{
        iam::world::PrincipalId,
        report::{Ink, Report as _, iam::samples},
    };

    #[test]
    fn the_page_tells_the_path_and_what_it_could_destroy() {
        let (world, audit) = samples::climbing();
        let page = PrincipalReach::new(&world, &audit, PrincipalId(0));
        insta::assert_snapshot!(page.human(Ink { width: Some(80), colour: false }));
    }
}
