//! A principal's reach as a page: the path drawn, what it could destroy or expose, and why.
//!
//! ```text
//!   deploy-agent
//!     ──pass-role-lambda──▶ ci-runner
//!         uses iam:PassRole, lambda:CreateFunction
//!         if `aws:MultiFactorAuthPresent` is true
//!     ──assume-role──▶ org-admin
//! ```

use super::{Cell, Page, Tone};
use crate::{
    domain::{Certainty, Few, Power, Reach, ReachStep, Untrusted, party},
    text::SafeText,
};

/// The reach of a principal of the account `home`, in lines of at most `room` columns where words
/// can be parted.
pub(super) fn reach_page(who: &Untrusted, home: &str, reach: &Reach, room: usize) -> Page {
    let mut page = Page::new()
        .heading("reach")
        .field("administrator", certainty(reach.admin))
        .field("becomes one", becomes(reach));
    if reach.breadth > 0 {
        page = page.field("breadth", Cell::own(breadth(reach.breadth)));
    }
    if !reach.path.is_empty() {
        page = page.heading("how it becomes an administrator").and(path(who, home, reach, room));
    }
    if reach.admin == Certainty::Yes {
        let all = "everything the service control policies of its organisation leave it";
        return page.heading("could destroy or expose").item(Cell::own(all).tone(Tone::Bad));
    }
    page.and(powers("could destroy", &reach.destructive, Tone::Bad, room)).and(powers(
        "could read or expose",
        &reach.exposure,
        Tone::Warning,
        room,
    ))
}

/// How much it may do at all.
pub(super) fn breadth(actions: u32) -> String {
    format!("{actions} kind{} of action", if actions == 1 { "" } else { "s" })
}

/// A certainty in words and tone.
pub(super) fn certainty(certainty: Certainty) -> Cell {
    Cell::own(certainty.to_string()).tone(match certainty {
        Certainty::Yes => Tone::Bad,
        Certainty::Conditional => Tone::Warning,
        Certainty::No => Tone::Good,
    })
}

fn becomes(reach: &Reach) -> Cell {
    let steps = match reach.path.total() {
        0 => return certainty(reach.reaches_admin),
        1 => "1 step".to_owned(),
        steps => format!("{steps} steps"),
    };
    let word = match reach.reaches_admin {
        Certainty::Yes => format!("yes, in {steps}"),
        Certainty::Conditional => format!("conditional, in {steps}"),
        Certainty::No => "no".to_owned(),
    };
    let tone =
        if reach.reaches_admin == Certainty::Conditional { Tone::Warning } else { Tone::Bad };
    Cell::own(word).tone(tone)
}

fn path(who: &Untrusted, home: &str, reach: &Reach, room: usize) -> Page {
    let from = reach.path.listed.first().map_or(who, |step| &step.from);
    steps(from, home, &reach.path, room)
}

/// A path, drawn from its first party on.
pub(super) fn steps(from: &Untrusted, home: &str, path: &Few<ReachStep>, room: usize) -> Page {
    let mut page = Page::new().item(Cell::outside(&party(from, home)));
    for step in &path.listed {
        let to = party(&step.to, home);
        let mark = if step.is_conditional() { "┄┄" } else { "──" };
        let arrow = format!("  {mark}{}{mark}▶ {}", step.technique, to.raw());
        let tone = if step.is_conditional() { Tone::Warning } else { Tone::Plain };
        page = page.item(Cell::outside(&Untrusted::new(arrow)).tone(tone));
        page = words(page, "uses", &step.actions, Tone::Quiet, room);
        page = each(page, "on", &step.on, Tone::Quiet);
        page = each(page, "if", &step.conditions, Tone::Warning);
        page = each(page, "by", &step.because, Tone::Quiet);
    }
    if path.more > 0 {
        page = page.detail(Cell::own(format!("and {} more steps", path.more)));
    }
    page
}

fn powers(title: &str, powers: &Few<Power>, tone: Tone, room: usize) -> Page {
    if powers.is_empty() {
        return Page::new();
    }
    let mut page = Page::new().heading(title);
    for power in &powers.listed {
        page = page.item(Cell::own(&power.service).tone(tone));
        let bare = Few {
            listed: power.actions.listed.iter().map(|name| bare(&power.service, name)).collect(),
            more: power.actions.more,
        };
        page = words(page, "", &bare, Tone::Plain, room);
        page = each(page, "on", &power.resources, Tone::Quiet);
        page = each(page, "if", &power.conditions, Tone::Warning);
        page = each(page, "by", &power.because, Tone::Quiet);
    }
    if powers.more > 0 {
        page = page.item(Cell::own(format!("and in {} more services", powers.more)));
    }
    page
}

/// An action without the service it is listed under.
fn bare(service: &str, action: &str) -> Untrusted {
    let name = action.strip_prefix(service).and_then(|rest| rest.strip_prefix(':'));
    Untrusted::new(name.unwrap_or(action))
}

/// A few words after each other, on as many lines as they take.
fn words(page: Page, lead: &str, few: &Few<Untrusted>, tone: Tone, room: usize) -> Page {
    let mut all: Vec<Untrusted> = few.listed.clone();
    if few.more > 0 {
        all.push(Untrusted::new(format!("and {} more", few.more)));
    }
    let lead = if lead.is_empty() { String::new() } else { format!("{lead} ") };
    let lines = fill(&all, room.saturating_sub(6 + lead.len()));
    lines.into_iter().enumerate().fold(page, |page, (index, line)| {
        let lead = if index == 0 { lead.clone() } else { " ".repeat(lead.len()) };
        page.detail(Cell::outside(&Untrusted::new(format!("{lead}{}", line.raw()))).tone(tone))
    })
}

/// One line for each of a few, because they are long.
fn each(page: Page, lead: &str, few: &Few<Untrusted>, tone: Tone) -> Page {
    let page = few.listed.iter().fold(page, |page, word| {
        let line = Untrusted::new(format!("{lead} {}", word.raw()));
        page.detail(Cell::outside(&line).tone(tone))
    });
    match few.more {
        0 => page,
        more => page.detail(Cell::own(format!("{lead} {more} more")).tone(tone)),
    }
}

/// Joins words by commas into lines of at most so many columns; a longer word has a line of its
/// own.
fn fill(words: &[Untrusted], room: usize) -> Vec<Untrusted> {
    let last = words.len().saturating_sub(1);
    let words: Vec<Untrusted> = words
        .iter()
        .enumerate()
        .map(|(at, word)| Untrusted::new(word.raw().to_owned() + if at < last { "," } else { "" }))
        .collect();
    lines(words.iter().map(Untrusted::raw), room)
}

/// Text broken at its spaces into lines of at most so many columns.
pub(super) fn wrapped(text: &Untrusted, room: usize) -> Vec<Untrusted> {
    lines(text.raw().split_whitespace(), room)
}

fn lines<'a>(words: impl Iterator<Item = &'a str>, room: usize) -> Vec<Untrusted> {
    let mut lines: Vec<(String, usize)> = Vec::new();
    for word in words {
        let width = SafeText::line(&Untrusted::new(word)).width();
        match lines.last_mut() {
            Some((line, used)) if *used + 1 + width <= room => {
                line.push(' ');
                line.push_str(word);
                *used += 1 + width;
            }
            _ => lines.push((word.to_owned(), width)),
        }
    }
    lines.into_iter().map(|(line, _)| Untrusted::new(line)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::reach_page;
    use crate::{
        domain::{Certainty, Few, Power, Reach, ReachStep, Untrusted},
        report::Ink,
    };
    use unicode_width::UnicodeWidthStr as _;

    fn few(words: &[&str]) -> Few<Untrusted> {
        Few::of(words, usize::MAX, |&word| word.into())
    }

    /// A user that climbs in two steps, the second under a condition.
    pub(in crate::report) fn climber() -> Reach {
        let arn = |rest: &str| format!("arn:aws:iam::111122223333:{rest}");
        Reach {
            admin: Certainty::No,
            reaches_admin: Certainty::Conditional,
            path: Few {
                listed: vec![
                    ReachStep {
                        because: few(&[]),
                        from: arn("user/deploy-agent").into(),
                        to: arn("role/service/ci-runner").into(),
                        technique: "passrole-lambda".to_owned(),
                        actions: few(&[
                            "iam:PassRole",
                            "lambda:CreateFunction",
                            "lambda:InvokeFunction",
                            "lambda:UpdateFunctionConfiguration",
                        ]),
                        on: few(&[]),
                        conditions: few(&[]),
                    },
                    ReachStep {
                        because: few(&[]),
                        from: arn("role/service/ci-runner").into(),
                        to: "arn:aws:iam::444455556666:role/org-admin".into(),
                        technique: "assume-role".to_owned(),
                        actions: few(&["sts:AssumeRole"]),
                        on: few(&[]),
                        conditions: few(&["`aws:MultiFactorAuthPresent` is true"]),
                    },
                ],
                more: 0,
            },
            destructive: Few {
                listed: vec![Power {
                    service: "s3".to_owned(),
                    actions: Few {
                        listed: vec!["s3:DeleteBucket".to_owned(), "s3:DeleteObject".to_owned()],
                        more: 3,
                    },
                    resources: few(&["arn:aws:s3:::shop-*", "not arn:aws:s3:::shop-logs"]),
                    conditions: few(&[]),
                    because: few(&["data: Cleanup"]),
                }],
                more: 2,
            },
            exposure: Few::default(),
            breadth: 43,
        }
    }

    #[test]
    fn the_page_draws_the_path_and_says_why() {
        let page = reach_page(&"deploy-agent".into(), "111122223333", &climber(), 60);
        let text = page.text(Ink::default());
        assert!(text.lines().all(|line| line.width() <= 60), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn an_administrator_has_one_line_for_everything_it_could_do() {
        let mut reach = climber();
        (reach.admin, reach.reaches_admin) = (Certainty::Yes, Certainty::Yes);
        reach.path = Few::default();
        let page = reach_page(&"root-like".into(), "111122223333", &reach, 80);
        let text = page.text(Ink::default());
        assert!(text.contains("everything"), "{text}");
        assert!(!text.contains("DeleteBucket"), "{text}");
    }
}
