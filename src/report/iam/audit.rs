//! The audit of one or many accounts.

use super::{
    name_of,
    summary::{self, Summary, summaries},
    view::{EntryView, Principals, problems},
};
use crate::{
    domain::{Certainty, Untrusted, party},
    iam::{
        reach::{Answer, Audit, EntryPoint, Step},
        world::{Principal, Problem, World},
    },
    report::{Cell, Column, Ink, Report, Table, Tone, csv, markdown, reach::wrapped},
    text::SafeText,
};
use serde::{Serialize, Serializer};
use std::fmt::Write as _;

/// Rows a list for people stops at, unless everything is asked for.
const CALM: usize = 40;

/// Who is, and who becomes, an administrator; who gets in from outside; what could not be read.
pub struct IamAudit<'a> {
    world: &'a World,
    audit: &'a Audit,
    everybody: bool,
}

impl<'a> IamAudit<'a> {
    /// An audit as it was made. `everybody` lists those too who reach nothing, and never stops
    /// a list.
    pub fn new(world: &'a World, audit: &'a Audit, everybody: bool) -> Self {
        Self { world, audit, everybody }
    }

    /// Whether somebody who is no administrator becomes one, at least this certainly.
    pub fn somebody_climbs(&self, least: Certainty) -> bool {
        self.audit.answers.iter().any(|answer| {
            Certainty::from(answer.admin) < Certainty::Yes
                && Certainty::from(answer.reaches_admin).max(answer.admin.into()) >= least
        })
    }

    /// Those to list, most dangerous first: who climbs, then administrators, then the rest.
    fn listed(&self) -> Vec<(&'a Principal, &'a Answer)> {
        let mut all: Vec<_> = self
            .world
            .principals
            .iter()
            .zip(&self.audit.answers)
            .filter(|(_, answer)| self.everybody || standing(answer) < Standing::Rest)
            .collect();
        all.sort_by_key(|(principal, answer)| {
            (standing(answer), principal.account, answer.path.len(), &principal.arn)
        });
        all
    }

    /// The principals as a table; `most` rows of it.
    fn table(&self, most: usize) -> (Table, usize) {
        let listed = self.listed();
        let mut table = Table::new(&[
            Column::new("principal", 14),
            Column::or_leave_out("kind", 4, 2),
            Column::new("admin", 5),
            Column::new("path", 24),
            Column::or_leave_out("actions", 5, 1),
        ]);
        table.rows = listed.iter().take(most).map(|(who, answer)| self.row(who, answer)).collect();
        (table, listed.len().saturating_sub(most))
    }

    fn row(&self, principal: &Principal, answer: &Answer) -> Vec<Cell> {
        let (word, tone) = match standing(answer) {
            Standing::Climbs => ("becomes", Tone::Bad),
            Standing::Perhaps => ("perhaps", Tone::Warning),
            Standing::Administrator => ("is one", Tone::Bad),
            Standing::Rest => ("no", Tone::Quiet),
        };
        let home = super::account_of(self.world, principal);
        vec![
            Cell::outside(&name_of(self.world, principal)).exact(safe(&principal.arn)),
            Cell::own(super::kind_of(principal)),
            Cell::own(word).tone(tone),
            Cell::outside(&short_path(&answer.path, home)),
            Cell::own(answer.allowed_actions.to_string()).tone(Tone::Quiet),
        ]
    }

    /// Ways in from outside that are worth a look; all of them if everything is asked for.
    fn entry_table(&self, most: usize) -> (Table, usize) {
        let mut listed: Vec<&EntryPoint> = self
            .audit
            .entry_points
            .iter()
            .filter(|entry| self.everybody || entry.warning.is_some())
            .collect();
        listed.sort_by_key(|entry| {
            (entry.warning.is_none(), std::cmp::Reverse(entry.reaches_admin), &entry.role)
        });
        let mut table = Table::new(&[
            Column::new("who", 16),
            Column::new("gets into", 12),
            Column::or_leave_out("admin", 5, 1),
            Column::new("warning", 20),
        ]);
        let home = |role: &str| {
            let account = role.split(':').nth(4).unwrap_or_default();
            if self.world.accounts.len() > 1 { String::new() } else { account.to_owned() }
        };
        table.rows = listed
            .iter()
            .take(most)
            .map(|entry| {
                let role = party(&entry.role.as_str().into(), &home(&entry.role));
                let word = match Certainty::from(entry.reaches_admin) {
                    Certainty::Yes => Cell::own("becomes").tone(Tone::Bad),
                    Certainty::Conditional => Cell::own("perhaps").tone(Tone::Warning),
                    Certainty::No => Cell::own("no").tone(Tone::Quiet),
                };
                vec![
                    Cell::outside(&entry.who.as_str().into()),
                    Cell::outside(&role).exact(safe(&entry.role)),
                    word,
                    Cell::outside(&entry.warning.as_deref().unwrap_or_default().into())
                        .tone(Tone::Warning),
                ]
            })
            .collect();
        (table, listed.len().saturating_sub(most))
    }

    /// The principals as CSV, one a record, uncut.
    pub fn csv(&self) -> String {
        csv(&self.table(usize::MAX).0)
    }

    /// The whole audit as a Markdown document, for a ticket or a pull request.
    pub fn markdown(&self) -> String {
        let mut out = format!("# IAM reach\n\n{}\n", markdown(&summary::table(&self.summaries())));
        for (title, table) in [
            ("Administrators, and who becomes one", self.table(usize::MAX).0),
            ("Open entry points", self.entry_table(usize::MAX).0),
        ] {
            if !table.rows.is_empty() {
                let _ = write!(out, "\n## {title}\n\n{}", markdown(&table));
            }
        }
        for problem in problems(self.world, self.audit) {
            let line = SafeText::line(&problem_line(problem));
            let _ = writeln!(out, "\n> {}", markdown::escape(line.as_str()));
        }
        out
    }

    fn summaries(&self) -> Vec<Summary> {
        summaries(self.world, self.audit)
    }
}

/// Where a principal stands; the order lists have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Climbs,
    Perhaps,
    Administrator,
    Rest,
}

fn standing(answer: &Answer) -> Standing {
    match (Certainty::from(answer.admin), Certainty::from(answer.reaches_admin)) {
        (Certainty::Yes, _) => Standing::Administrator,
        (_, Certainty::Yes) => Standing::Climbs,
        (Certainty::No, Certainty::No) => Standing::Rest,
        _ => Standing::Perhaps,
    }
}

/// `passrole-lambda ▶ ci-runner ▶ org-admin`: assuming a role is the arrow alone; `?` stands where
/// a step depends on something.
fn short_path(path: &[Step], home: &str) -> Untrusted {
    let steps: Vec<String> = path
        .iter()
        .map(|step| {
            let technique = if step.technique == "assume-role" {
                String::new()
            } else {
                format!("{} ", step.technique)
            };
            let mark = if step.conditions.is_empty() { "▶" } else { "▶?" };
            let to = party(&step.to.as_str().into(), home);
            format!("{technique}{mark} {}", to.raw())
        })
        .collect();
    Untrusted::new(steps.join(" "))
}

fn safe(text: &str) -> String {
    SafeText::own(text).to_string()
}

fn problem_line(problem: &Problem) -> Untrusted {
    Untrusted::new(format!("{}: {}", problem.r#where, problem.what))
}

/// A list with a heading and, where it stops, how much more there is.
fn section(out: &mut String, title: &str, (table, more): &(Table, usize), ink: Ink) {
    if table.rows.is_empty() {
        return;
    }
    out.push('\n');
    out.push_str(&ink.bold(title));
    out.push('\n');
    out.push_str(&table.text(ink));
    out.push_str(&table.left_out_line(ink));
    if *more > 0 {
        let line = format!("and {more} more (--all lists them)");
        out.push_str(&ink.paint(Tone::Quiet, &line));
        out.push('\n');
    }
}

impl Report for IamAudit<'_> {
    fn human(&self, ink: Ink) -> String {
        let most = if self.everybody { usize::MAX } else { CALM };
        let summaries = self.summaries();
        let mut out = summary::table(&summaries).text(ink);
        let people = self.table(most);
        let is_calm = people.0.rows.is_empty();
        section(&mut out, "Administrators, and who becomes one", &people, ink);
        section(&mut out, "Open doors", &self.entry_table(most), ink);
        let all: Vec<&Problem> = problems(self.world, self.audit).collect();
        if !all.is_empty() {
            out.push('\n');
            out.push_str(&ink.bold("Not read, or not whole"));
            out.push('\n');
            for problem in all.iter().take(most) {
                let room = ink.width.map_or(usize::MAX, |width| width.saturating_sub(4));
                for (index, line) in wrapped(&problem_line(problem), room).iter().enumerate() {
                    out.push_str(if index == 0 { "  " } else { "    " });
                    out.push_str(&ink.safe(Tone::Warning, &SafeText::line(line)));
                    out.push('\n');
                }
            }
            if all.len() > most {
                let _ = writeln!(out, "  and {} more (--all lists them)", all.len() - most);
            }
        }
        out.push('\n');
        if summaries.iter().all(|it| it.principals == 0) {
            out.push_str("Nobody is in these files: no users and no roles.\n");
        } else if is_calm {
            out.push_str("Nobody is or becomes an administrator.\n");
        }
        if people.0.rows.iter().any(|row| row.iter().any(|cell| cell.text().contains("▶?"))) {
            out.push_str("▶? depends on something the files do not say; --principal tells what.\n");
        }
        out
    }

    fn name(&self) -> &'static str {
        "iam-audit"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body {
            accounts: self.world.accounts.iter().map(|account| &*account.id).collect(),
            summary: self.summaries(),
            principals: Principals { world: self.world, audit: self.audit },
            entry_points: self.audit.entry_points.iter().map(EntryView::of).collect(),
            problems: Problems(self),
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    accounts: Vec<&'a str>,
    summary: Vec<Summary>,
    principals: Principals<'a>,
    entry_points: Vec<EntryView<'a>>,
    problems: Problems<'a>,
}

struct Problems<'a>(&'a IamAudit<'a>);

impl Serialize for Problems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(problems(self.0.world, self.0.audit))
    }
}

#[cfg(test)]
mod tests {
    use super::{Audit, IamAudit, World};
    use crate::{
        domain::Certainty,
        report::{Ink, Report as _, iam::samples, json, write_json},
    };
    use unicode_width::UnicodeWidthStr as _;

    const TERMINAL: Ink = Ink { width: Some(80), colour: false };

    #[test]
    fn the_table_fits_a_narrow_terminal_and_begins_with_who_climbs() {
        let (world, audit) = samples::climbing();
        let text = IamAudit::new(&world, &audit, false).human(TERMINAL);
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn everybody_is_listed_when_asked_for() {
        let (world, audit) = samples::climbing();
        let text = IamAudit::new(&world, &audit, true).human(TERMINAL);
        assert!(text.contains("reader"), "{text}");
    }

    #[test]
    fn the_json_object_keeps_its_form() {
        let (world, audit) = samples::climbing();
        let report = IamAudit::new(&world, &audit, false);
        let mut written = Vec::new();
        write_json(&report, crate::report::samples::now(), &mut written).unwrap();
        insta::assert_snapshot!(String::from_utf8(written).unwrap());
    }

    #[test]
    fn a_long_list_stops_and_says_so() {
        let (mut world, mut audit) = samples::climbing();
        for number in 0..100 {
            samples::add_administrator(&mut world, &mut audit, &format!("admin-{number}"));
        }
        let text = IamAudit::new(&world, &audit, false).human(TERMINAL);
        assert!(text.contains("more (--all lists them)"), "{text}");
        assert!(!IamAudit::new(&world, &audit, true).human(TERMINAL).contains("--all"));
    }

    #[test]
    fn hostile_names_never_reach_the_terminal_raw() {
        let (mut world, mut audit) = samples::climbing();
        samples::add_administrator(&mut world, &mut audit, "a\u{1b}[2J\u{202e}b");
        let report = IamAudit::new(&world, &audit, true);
        for text in [report.human(TERMINAL), report.csv(), report.markdown()] {
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        }
        let json = json(&report, crate::report::samples::now()).unwrap();
        assert!(!json.contains(['\u{1b}', '\u{202e}']), "{json}");
    }

    #[test]
    fn an_administrator_does_not_climb_but_who_becomes_one_does() {
        let (world, audit) = samples::climbing();
        assert!(IamAudit::new(&world, &audit, false).somebody_climbs(Certainty::Yes));
        let (mut world, mut audit) = (World::default(), Audit::default());
        samples::add_account(&mut world);
        samples::add_administrator(&mut world, &mut audit, "root-like");
        assert!(!IamAudit::new(&world, &audit, false).somebody_climbs(Certainty::Conditional));
    }
}
