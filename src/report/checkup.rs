//! What `doctor` found.

use super::{Cell, Ink, Page, Report, Tone};
use crate::{
    domain::Untrusted,
    sources::{Diagnosis, Verdict},
};
use serde::Serialize;

/// Checks of one area: the configuration, the store, one source.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// What was looked at.
    pub area: String,
    /// The checks.
    pub checks: Vec<Diagnosis>,
}

/// Everything `doctor` looked at.
#[derive(Debug, Clone, Default)]
pub struct Checkup {
    /// Area by area.
    pub sections: Vec<Section>,
}

impl Checkup {
    /// Whether nothing is broken. Warnings do not count.
    pub fn is_well(&self) -> bool {
        !self.checks().any(|check| matches!(check.verdict, Verdict::Bad { .. }))
    }

    fn checks(&self) -> impl Iterator<Item = &Diagnosis> {
        self.sections.iter().flat_map(|section| &section.checks)
    }
}

impl Report for Checkup {
    fn human(&self, ink: Ink) -> String {
        let mut page = Page::new();
        for section in &self.sections {
            page = page.heading(&section.area);
            for check in &section.checks {
                page = match &check.verdict {
                    Verdict::Good { saw } => line(page, "ok  ", Tone::Good, &check.what, saw),
                    Verdict::Warning { problem, next_step } => {
                        line(page, "warn", Tone::Warning, &check.what, problem)
                            .detail(Cell::own(format!("next: {next_step}")))
                    }
                    Verdict::Bad { problem, next_step } => {
                        line(page, "BAD ", Tone::Bad, &check.what, problem)
                            .detail(Cell::own(format!("next: {next_step}")))
                    }
                };
            }
        }
        let count = |is: fn(&Verdict) -> bool| self.checks().filter(|c| is(&c.verdict)).count();
        format!(
            "{}\n{} ok, {} to look at, {} broken\n",
            page.text(ink),
            count(|verdict| matches!(verdict, Verdict::Good { .. })),
            count(|verdict| matches!(verdict, Verdict::Warning { .. })),
            count(|verdict| matches!(verdict, Verdict::Bad { .. })),
        )
    }

    fn name(&self) -> &'static str {
        "doctor"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body { well: self.is_well(), sections: &self.sections }
    }
}

fn line(page: Page, mark: &str, tone: Tone, what: &str, said: &Untrusted) -> Page {
    let text = if said.is_empty() {
        format!("{mark}  {what}")
    } else {
        format!("{mark}  {what}: {}", said.raw())
    };
    page.item(Cell::outside(&Untrusted::new(text)).tone(tone))
}

#[derive(Serialize)]
struct Body<'a> {
    well: bool,
    sections: &'a [Section],
}

#[cfg(test)]
mod tests {
    use super::{Checkup, Section};
    use crate::{
        report::{Ink, Report as _, json, samples},
        sources::{Diagnosis, Verdict},
    };

    fn check(what: &str, verdict: Verdict) -> Diagnosis {
        Diagnosis { what: what.to_owned(), verdict }
    }

    fn checkup() -> Checkup {
        Checkup {
            sections: vec![Section {
                area: "aws/prod".to_owned(),
                checks: vec![
                    check("identity", Verdict::Good { saw: "arn:aws:iam::1:user/x".into() }),
                    check(
                        "iam:ListAccessKeys",
                        Verdict::Bad {
                            problem: "access denied".into(),
                            next_step: "grant it".to_owned(),
                        },
                    ),
                ],
            }],
        }
    }

    #[test]
    fn one_broken_check_makes_the_whole_unwell() {
        assert!(!checkup().is_well());
        let mut checkup = checkup();
        checkup.sections[0].checks.pop();
        assert!(checkup.is_well());
    }

    #[test]
    fn both_forms_name_the_permission_and_the_next_step() {
        insta::assert_snapshot!(checkup().human(Ink::default()));
        insta::assert_snapshot!(json(&checkup(), samples::now()).unwrap());
    }
}
