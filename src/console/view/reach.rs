//! How far a credential's principal gets: the path drawn, what it could destroy or expose, and
//! why.
//!
//! ```text
//!  How it becomes an administrator
//!    deploy-agent ──passrole-lambda──▶ ci-runner
//!      ┄┄assume-role, if┄┄▶ org-admin, an administrator
//!        if `aws:MultiFactorAuthPresent` is true
//!  Could destroy
//!  s3           DeleteBucket, DeleteObject, 3 more
//!               on arn:aws:s3:::shop-*
//! ```
//!
//! A step that depends on something is drawn with another line, says "if" and is followed by what
//! it depends on, so that it can be told without colours.

use super::{
    safe_span::{spans, width},
    sheet::Sheet,
};
use crate::{
    console::theme::Role,
    domain::{Certainty, Credential, Few, Power, Reach, ReachStep, Untrusted, party},
    text::SafeText,
};
use ratatui::text::Span;

/// The mark of a list: who is or becomes an administrator, who may.
pub(super) fn mark(reach: Option<&Reach>) -> (&'static str, Role) {
    match reach.map_or(0, Reach::rank) {
        6.. => ("▲", Role::Danger),
        4..=5 => ("△", Role::Warning),
        _ => (" ", Role::Dim),
    }
}

/// The weight of a reach in a list.
pub(super) fn role(reach: &Reach) -> Role {
    match reach.rank() {
        6.. => Role::Danger,
        3..=5 => Role::Warning,
        _ => Role::Dim,
    }
}

/// One line: how far it gets.
pub(super) fn line(sheet: &mut Sheet<'_>, reach: &Reach) {
    let steps = match reach.path.total() {
        1 => "1 step".to_owned(),
        steps => format!("{steps} steps"),
    };
    let said = match (reach.admin, reach.reaches_admin) {
        (Certainty::Yes, _) => "is an administrator".to_owned(),
        (_, Certainty::Yes) => format!("becomes an administrator in {steps}"),
        (Certainty::Conditional, _) => "is an administrator under a condition".to_owned(),
        (_, Certainty::Conditional) => {
            format!("becomes an administrator in {steps}, if what they depend on holds")
        }
        _ => match reach.rank() {
            3 => "no administrator, but can destroy".to_owned(),
            2 => "no administrator, but can read or expose data".to_owned(),
            1 => "no administrator".to_owned(),
            _ => "nothing: no action is allowed to it".to_owned(),
        },
    };
    sheet.pair_own("reach", &said, role(reach));
}

/// How many actions it may use at all: what least privilege would take away from.
pub(super) fn breadth(sheet: &mut Sheet<'_>, reach: &Reach) {
    let said = match reach.breadth {
        0 => return,
        1 => "1 kind of action".to_owned(),
        breadth => format!("{breadth} kinds of action"),
    };
    sheet.pair_own("breadth", &said, Role::Text);
}

/// The whole of it; `why` adds which actions a step uses and which statements grant a power.
pub(super) fn section(sheet: &mut Sheet<'_>, credential: &Credential, why: bool) {
    let Some(reach) = credential.reach.as_deref() else { return };
    let home = credential.principal.home.raw();
    if !reach.path.is_empty() {
        sheet.heading("How it becomes an administrator");
        path(sheet, reach, home, why);
    }
    if reach.admin == Certainty::Yes {
        sheet.heading("Could destroy and expose");
        sheet.own("everything in the account that service control policies leave it", Role::Danger);
    } else {
        powers(sheet, "Could destroy", &reach.destructive, Role::Danger, why);
        powers(sheet, "Could read or expose", &reach.exposure, Role::Warning, why);
    }
    if reach.path.is_empty() && reach.destructive.is_empty() && reach.exposure.is_empty() {
        return;
    }
    let hint = if why {
        "w leaves the reasons out"
    } else {
        "w tells why: the actions of each step, the statements behind each line"
    };
    sheet.own(hint, Role::Dim);
}

/// The path: step after step on a line as long as there is room, then on the next.
fn path(sheet: &mut Sheet<'_>, reach: &Reach, home: &str, why: bool) {
    let Some(first) = reach.path.listed.first() else { return };
    let mut row = vec![sheet.say("  ", Role::Text)];
    row.extend(sheet.safe(&party(&first.from, home), Role::Text));
    let room = sheet.width();
    let last = reach.path.listed.len() - 1;
    for (index, step) in reach.path.listed.iter().enumerate() {
        let piece = arrow(sheet, step, home, index == last && reach.path.more == 0);
        if width(&row) > 0 && width(&row) + 1 + width(&piece) <= room {
            row.push(sheet.say(" ", Role::Text));
        } else {
            if width(&row) > 0 {
                sheet.spans(std::mem::take(&mut row));
            }
            row.push(sheet.say("    ", Role::Text));
        }
        row.extend(piece);
        if step.is_conditional() || why {
            sheet.spans(std::mem::take(&mut row));
            if why {
                reasons(sheet, "uses ", &step.actions, Role::Dim);
                reasons(sheet, "on ", &step.on, Role::Dim);
            }
            reasons(sheet, "if ", &step.conditions, Role::Warning);
            if why {
                reasons(sheet, "by ", &step.because, Role::Accent);
            }
        }
    }
    if width(&row) > 0 {
        sheet.spans(row);
    }
    if reach.path.more > 0 {
        sheet.own(&format!("    and {} more steps", reach.path.more), Role::Dim);
    }
}

/// `──technique──▶ name`.
fn arrow(sheet: &Sheet<'_>, step: &ReachStep, home: &str, is_last: bool) -> Vec<Span<'static>> {
    let (line, note, role) = if step.is_conditional() {
        ("┄┄", ", if", Role::Warning)
    } else {
        ("──", "", Role::Accent)
    };
    let mut piece = vec![
        sheet.say(line, role),
        sheet.say(&step.technique, role),
        sheet.say(note, role),
        sheet.say(line, role),
        sheet.say("▶ ", role),
    ];
    let to = party(&step.to, home);
    let names_it = to == Untrusted::new("administrator");
    piece.extend(sheet.safe(&to, if is_last { Role::Danger } else { Role::Text }));
    if is_last && !names_it {
        piece.push(sheet.say(", an administrator", Role::Danger));
    }
    piece
}

/// Each of a few on lines of its own, behind a word.
fn reasons(sheet: &mut Sheet<'_>, word: &str, few: &Few<Untrusted>, role: Role) {
    for one in &few.listed {
        let mut row = vec![sheet.say("      ", role), sheet.say(word, role)];
        row.extend(sheet.safe(one, role));
        sheet.spans(row);
    }
    if few.more > 0 {
        sheet.own(&format!("      {word}{} more", few.more), role);
    }
}

fn powers(sheet: &mut Sheet<'_>, title: &str, powers: &Few<Power>, role: Role, why: bool) {
    if powers.is_empty() {
        return;
    }
    sheet.heading(title);
    sheet.label_columns(powers.listed.iter().map(|power| power.service.as_str()));
    for power in &powers.listed {
        let mut actions: Vec<&str> = power
            .actions
            .listed
            .iter()
            .map(|name| name.split_once(':').map_or(name.as_str(), |(_, name)| name))
            .collect();
        let more = format!("{} more", power.actions.more);
        if power.actions.more > 0 {
            actions.push(&more);
        }
        sheet.pair_own(&power.service, &actions.join(", "), role);
        listed(sheet, "on ", &power.resources, Role::Dim);
        listed(sheet, "if ", &power.conditions, Role::Warning);
        if why {
            listed(sheet, "by ", &power.because, Role::Accent);
        }
    }
    if powers.more > 0 {
        sheet.own(&format!("and in {} more services", powers.more), Role::Dim);
    }
    sheet.label_columns(std::iter::empty());
}

/// A few behind a word, under the value they belong to.
fn listed(sheet: &mut Sheet<'_>, word: &str, few: &Few<Untrusted>, role: Role) {
    if few.is_empty() {
        return;
    }
    let mut row = vec![sheet.say(word, Role::Dim)];
    for (index, one) in few.listed.iter().enumerate() {
        if index > 0 {
            row.push(sheet.say(", ", Role::Dim));
        }
        let style = sheet.theme().style(role);
        row.extend(spans(&SafeText::line(one), style, sheet.theme()));
    }
    if few.more > 0 {
        row.push(sheet.say(&format!(", {} more", few.more), Role::Dim));
    }
    sheet.pair_spans("", row);
}

#[cfg(test)]
mod tests {
    use super::{breadth, section};
    use crate::{
        console::{
            theme::{Depth, Theme},
            view::sheet::Sheet,
        },
        domain::{
            Certainty, Credential, CredentialStatus, Environment, Few, LastUsed, Locator, Part,
            Power, Principal, PrincipalKind, Reach, ReachStep, SourceKind, SourceName, Untrusted,
        },
    };

    fn few(words: &[&str]) -> Few<Untrusted> {
        Few::of(words, usize::MAX, |&word| word.into())
    }

    fn step(from: &str, technique: &str, to: &str, conditions: &[&str]) -> ReachStep {
        let arn = |name: &str| format!("arn:aws:iam::111122223333:role/{name}").into();
        ReachStep {
            because: few(&["deploy: PassTheRunner"]),
            from: arn(from),
            to: arn(to),
            technique: technique.to_owned(),
            actions: few(&["iam:PassRole", "lambda:CreateFunction"]),
            on: few(&[]),
            conditions: few(conditions),
        }
    }

    fn role_with(reach: Reach) -> Credential {
        let source = SourceName::new(SourceKind::Aws, "prod");
        let (account, role) = ("111122223333".to_owned(), "deploy-agent".to_owned());
        let locator = Locator::RoleTrust { account, role };
        Credential {
            id: locator.id(&source),
            source,
            part: Part::new("roles"),
            locator,
            principal: Principal {
                kind: PrincipalKind::IamRole,
                name: "deploy-agent".into(),
                native: "arn:aws:iam::111122223333:role/deploy-agent".into(),
                home: "111122223333".into(),
            },
            label: "deploy-agent".into(),
            environment: Environment::Production,
            status: CredentialStatus::Active,
            created: None,
            last_used: LastUsed::Unknown,
            grants: Vec::new(),
            facts: Vec::new(),
            holders: Vec::new(),
            reach: Some(reach.into()),
        }
    }

    fn drawn(width: u16, why: bool, last: &[&str]) -> String {
        let reach = Reach {
            reaches_admin: Certainty::Yes,
            path: Few {
                listed: vec![
                    step("deploy-agent", "passrole-lambda", "ci-runner", &[]),
                    step("ci-runner", "assume-role", "org-admin", last),
                ],
                more: 0,
            },
            destructive: Few {
                listed: vec![Power {
                    service: "s3".to_owned(),
                    actions: Few { listed: vec!["s3:DeleteBucket".to_owned()], more: 3 },
                    resources: few(&["arn:aws:s3:::shop-*"]),
                    conditions: few(&[]),
                    because: few(&["data: Cleanup"]),
                }],
                more: 0,
            },
            breadth: 43,
            ..Reach::default()
        };
        let credential = role_with(reach);
        let theme = Theme::load("dark").unwrap().adapt(Depth::None);
        let mut sheet = Sheet::new(width, &theme);
        breadth(&mut sheet, credential.reach.as_deref().unwrap());
        section(&mut sheet, &credential, why);
        let lines: Vec<String> = sheet.into_lines().iter().map(ToString::to_string).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= usize::from(width)), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn a_short_path_is_one_line() {
        insta::assert_snapshot!(drawn(100, false, &[]));
    }

    #[test]
    fn a_narrow_page_breaks_between_steps_and_a_condition_is_told_in_words() {
        insta::assert_snapshot!(drawn(56, true, &["`aws:MultiFactorAuthPresent` is true"]));
    }
}
