//! One principal in depth.

use super::{account_of, kind_of, view::PrincipalView};
use crate::{
    domain::Untrusted,
    iam::{
        Bounds,
        reach::{Answer, Audit},
        told,
        world::{Boundary, Principal, PrincipalId, World},
    },
    report::{Cell, Ink, Page, Report, Tone, reach::reach_page},
};
use serde::Serialize;

/// What is known of one principal, nothing left out.
pub struct PrincipalReach<'a> {
    world: &'a World,
    audit: &'a Audit,
    id: PrincipalId,
}

impl<'a> PrincipalReach<'a> {
    /// The page about one principal.
    pub fn new(world: &'a World, audit: &'a Audit, id: PrincipalId) -> Self {
        Self { world, audit, id }
    }

    fn known(&self) -> Option<(&'a Principal, &'a Answer)> {
        Some((self.world.principals.get(self.id.0 as usize)?, self.audit.of(self.id)?))
    }

    fn page(&self, room: usize) -> Page {
        let Some((principal, answer)) = self.known() else { return Page::new() };
        let home = account_of(self.world, principal);
        let who = Untrusted::new(&*principal.name);
        let reach = told(answer, Bounds::NONE);
        head(principal, home).and(reach_page(&who, home, &reach, room)).and(self.entries(principal))
    }

    /// Who gets in from outside, if it is a role.
    fn entries(&self, principal: &Principal) -> Page {
        let mut entries =
            self.audit.entry_points.iter().filter(|entry| *entry.role == *principal.arn).peekable();
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
        Boundary::None => page,
        Boundary::Known { arn, .. } => {
            page.field("boundary", Cell::outside(&Untrusted::new(&**arn)))
        }
        Boundary::Unknown { arn } => {
            let line = format!("{arn}: what it says is not in the file, so it may deny anything");
            page.field("boundary", Cell::outside(&line.into()).tone(Tone::Warning))
        }
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
        Body { principal: PrincipalView::of(self.world, self.audit, self.id) }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    principal: Option<PrincipalView<'a>>,
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
