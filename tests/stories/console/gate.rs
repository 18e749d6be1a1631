//! What agents ask at the gate, on the screen: how far it is, who is missing, what nobody may
//! approve, what was let through.

use super::{decisions, loaded};
use crate::support::screen::{
    Contents, Opening, Screen, action_row, credential_row, world, world::held,
};
use countersign::{
    console::{msg::Msg, theme::Depth},
    domain::{Action, Confirm, Leave, Subject, Verdict},
    review::{Carried, DecideError},
    trust::{Missing, Standing},
};

/// The place of each action in the list, from the top.
const SHELL: usize = 0;
const APPLY: usize = 1;
const FILE: usize = 2;
const MCP: usize = 3;
const BOUNDARY: usize = 4;

fn opened(opening: Opening, change: impl FnOnce(&mut Contents)) -> Screen {
    let mut screen = Screen::open(opening, |contents| {
        contents.actions =
            held::actions().into_iter().map(|action| (action_row(&action), action)).collect();
        contents.credentials = world::credentials().into_iter().map(credential_row).collect();
        contents.autonomous = held::let_through();
        contents.sources = world::sources();
        change(contents);
    });
    screen.wait(600);
    screen
}

fn gate(width: u16, height: u16) -> Screen {
    opened(Opening { width, height, ..Opening::default() }, |_| {})
}

fn agree(screen: &Screen, row: usize, who: &str) {
    screen.store.change(|contents| {
        let (row, action) = &mut contents.actions[row];
        row.decisions.push(held::approval(action, who, 1));
    });
}

fn on(screen: &mut Screen, row: usize) {
    screen.press("g").press(&"j".repeat(row));
    screen.wait(200);
}

/// Everything a dialog says, paged through to its end.
fn paged(screen: &mut Screen) -> String {
    let mut seen = screen.text();
    for _ in 0..400 {
        let before = screen.text();
        screen.press("<pgdn>");
        if screen.text() == before {
            break;
        }
        seen.push_str(&screen.text());
    }
    seen
}

#[test]
fn help_lists_every_key_of_the_table() {
    let mut screen = Screen::new(120, 70);
    screen.press("?");
    for binding in countersign::console::keymap::KEYMAP {
        assert!(screen.shows(binding.help), "{}", binding.help);
    }
}

#[test]
fn the_queue_says_how_far_each_is() {
    for (name, width, height) in [("gate_80x24", 80, 24), ("gate_200x50", 200, 50)] {
        let mut screen = gate(width, height);
        agree(&screen, SHELL, "rowan");
        screen.wait(600);
        insta::assert_snapshot!(name, screen.text());
    }
}

#[test]
fn without_colour_the_same_is_readable() {
    let opening = Opening { depth: Depth::None, width: 120, height: 36, ..Opening::default() };
    let mut screen = opened(opening, |_| {});
    agree(&screen, SHELL, "rowan");
    screen.wait(600);
    for said in ["1/2", "0/2!", "⊘"] {
        assert!(screen.shows(said), "{said}\n{}", screen.text());
    }
}

#[test]
fn a_tool_call_is_told_by_what_it_is() {
    let mut screen = gate(240, 60);
    for said in [
        "Bash through claude-code on bastion-2",
        "kubectl --context shop-prod delete pvc label-cache",
        "timeout = 120000",
        "no other session may use the approval",
        "KUBECONFIG  variable, as it is now",
        "claude 41902 ← node 41655",
        "https://github.com/tidewater/infra, claude/free-space at 81c2f0d",
        "claimed  Free the disk first",
        "none: it runs on the machine itself",
        "version 7",
        "production-destructive",
    ] {
        assert!(screen.shows(said), "{said}\n{}", screen.text());
    }
    on(&mut screen, FILE);
    assert!(screen.shows("files        /etc/labels/labels.toml"), "{}", screen.text());
    on(&mut screen, MCP);
    assert!(screen.shows("MCP tool     postgres / query"), "{}", screen.text());
    assert!(screen.shows("│ WHERE state = 'lost'"), "{}", screen.text());
    on(&mut screen, APPLY);
    assert!(screen.shows("labels.tfplan  sha256"), "{}", screen.text());
    assert!(screen.shows("terraform.tfvars  is not there, and has to stay away"));
    assert!(screen.shows("AWS_PROFILE  variable, not set"));
}

#[test]
fn the_first_of_two_approvals_is_counted_and_then_waits_for_others() {
    let mut screen = gate(120, 60);
    screen.press("a");
    screen.wait(700);
    insta::assert_snapshot!("the_first_of_two", screen.text());
    screen.type_text("bastion-2").press("<enter>");
    assert_eq!(decisions(&screen), [(Verdict::Approve, String::new())]);
    let id = held::actions()[SHELL].id.clone();
    agree(&screen, SHELL, "mira");
    let standing = Standing {
        agreed: vec![countersign::domain::Reviewer("mira".into())],
        needed: 2,
        missing: vec![Missing::Group {
            group: "senior".to_owned(),
            members: vec!["ines".to_owned(), "rowan".to_owned()],
        }],
        signed: false,
        rejected: None,
        void: Vec::new(),
    };
    screen.answer(Msg::Decided(id, Verdict::Approve, Ok(Carried::Counted(standing))));
    assert!(screen.shows("Counted for bastion-2: Bash: 1 of 2"), "{}", screen.text());
    assert!(screen.shows("missing: one of senior (ines, rowan)"), "{}", screen.text());
    screen.wait(600);
    assert!(screen.shows("approved; it waits for others"), "{}", screen.text());
    screen.press("a");
    assert!(screen.shows("You approved it; it waits for others"), "{}", screen.text());
    assert!(!screen.shows("[ Cancel ]"));
    screen.press("r");
    assert!(screen.shows("[ Cancel ]"), "rejecting stays possible");
}

#[test]
fn the_last_approval_says_that_it_decides() {
    let mut screen = gate(120, 60);
    agree(&screen, SHELL, "rowan");
    screen.wait(600);
    screen.press("a");
    screen.wait(700);
    assert!(screen.shows("may approve, and yours would decide"), "{}", screen.text());
    assert!(screen.shows("Sends this call, once"), "{}", screen.text());
}

#[test]
fn somebody_elses_approval_shows_while_the_dialog_is_open() {
    let mut screen = gate(120, 60);
    screen.press("a");
    screen.wait(700);
    assert!(screen.shows("Sends nothing yet"), "{}", screen.text());
    agree(&screen, SHELL, "rowan");
    screen.wait(600);
    assert!(screen.shows("Meanwhile: 1 of 2"), "{}", screen.text());
    assert!(screen.shows("Sends this call, once"), "{}", screen.text());
    screen.type_text("bastion-2").press("<enter>");
    assert_eq!(decisions(&screen), [(Verdict::Approve, String::new())]);
}

#[test]
fn what_others_ended_meanwhile_closes_the_dialog() {
    let mut screen = gate(120, 40);
    screen.press("a");
    screen.wait(700);
    screen.store.change(|contents| {
        contents.actions.remove(SHELL);
    });
    screen.wait(600);
    assert!(screen.shows("It no longer waits here"), "{}", screen.text());
    assert!(!screen.shows("[ Cancel ]"));
}

#[test]
fn a_boundary_is_shown_and_nobody_is_asked_to_approve_it() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut screen = gate(width, height);
        on(&mut screen, BOUNDARY);
        screen.press("<enter>");
        let text = screen.text().replace('\n', " ");
        assert!(text.contains("⊘ Nobody may approve this"), "{}", screen.text());
        screen.press("<esc>a");
        assert!(screen.shows("(boundary `audit-trail`)"), "{}", screen.text());
        assert!(!screen.shows("[ Cancel ]"), "{}", screen.text());
        screen.press("r");
        screen.wait(700);
        assert!(screen.shows("[ Cancel ]"), "it can be rejected:\n{}", screen.text());
    }
}

#[test]
fn policy_says_whether_a_key_is_enough() {
    let mut screen = gate(120, 60);
    on(&mut screen, FILE);
    screen.press("a");
    screen.wait(700);
    assert!(screen.shows("y goes ahead"), "{}", screen.text());
    screen.press("y");
    assert_eq!(decisions(&screen), [(Verdict::Approve, String::new())]);
}

#[test]
fn what_policy_could_not_be_asked_about_says_so() {
    let mut screen = opened(Opening { width: 240, height: 40, ..Opening::default() }, |contents| {
        let action = &mut contents.actions[SHELL].1;
        let refused = Leave::Refused { because: "`context.freeze` is no text".into() };
        action.ruling = Some(held::ruling("refused", refused, &[]));
        contents.actions[SHELL].0 = action_row(&contents.actions[SHELL].1);
    });
    assert!(screen.shows("policy could not be asked"), "{}", screen.text());
    screen.press("a");
    assert!(!screen.shows("[ Cancel ]"));
}

#[test]
fn what_was_asked_under_another_policy_has_to_be_asked_again() {
    let here = countersign::domain::PolicyId { version: 8, ..held::policy() };
    let opening = Opening { width: 120, height: 40, policy: Some(here), ..Opening::default() };
    let mut screen = opened(opening, |_| {});
    assert!(screen.shows("It was asked under policy version 7"), "{}", screen.text());
    screen.press("a");
    assert!(!screen.shows("[ Cancel ]"));
}

#[test]
fn the_time_runs_out_with_the_clock_and_takes_the_approval_with_it() {
    let mut screen = gate(120, 60);
    on(&mut screen, MCP);
    assert!(screen.shows("in 4 min, at 14:36"), "{}", screen.text());
    screen.press("a");
    screen.wait(700);
    screen.type_text("bastion-2");
    screen.pass(3);
    assert!(screen.shows("in less than a minute"), "{}", screen.text());
    screen.pass(1);
    assert!(screen.shows("it can no longer be approved"), "{}", screen.text());
    screen.press("<enter>");
    assert_eq!(decisions(&screen), [], "{}", screen.text());
    screen.press("<esc>");
    assert!(screen.shows("late"), "{}", screen.text());
    screen.press("a");
    assert!(screen.shows("Its time is over"), "{}", screen.text());
}

#[test]
fn a_policy_that_changes_under_the_dialog_closes_it() {
    let mut screen = gate(120, 60);
    screen.press("a");
    screen.wait(700);
    let mut action = held::actions().remove(SHELL);
    renewed(&mut action);
    screen.store.change(|contents| {
        contents.actions[SHELL] = (action_row(&action), action.clone());
    });
    screen.wait(700);
    assert!(!screen.shows("[ Cancel ]"), "{}", screen.text());
    assert!(screen.shows("policy is another one now, version 8 after 7"), "{}", screen.text());
    assert_eq!(decisions(&screen), []);
}

fn renewed(action: &mut Action) {
    if let Some(ruling) = &mut action.ruling {
        ruling.policy.version = 8;
    }
}

#[test]
fn a_policy_that_changed_before_it_was_sent_is_told() {
    let mut screen = gate(120, 60);
    screen.press("a");
    screen.wait(700);
    screen.type_text("bastion-2").press("<enter>");
    let mut action = held::actions().remove(SHELL);
    let id = action.id.clone();
    renewed(&mut action);
    screen.answer(Msg::Changed(id, loaded(action)));
    assert!(screen.shows("Nothing was sent: policy is another one now"), "{}", screen.text());
}

#[test]
fn every_refusal_of_a_decision_is_told_in_words() {
    let boundary =
        DecideError::Boundary { rule: "audit".to_owned(), because: "it deletes it".to_owned() };
    for (error, said) in [
        (DecideError::Again, "you have decided on this already"),
        (boundary, "nobody may approve this"),
        (DecideError::Unruled("why".to_owned()), "policy could not be asked"),
        (DecideError::Forbidden("two have to agree".to_owned()), "two have to agree"),
        (DecideError::Ended("nobody decided in time".to_owned()), "nobody decided in time"),
    ] {
        let mut screen = gate(120, 60);
        screen.press("a");
        screen.wait(700);
        screen.type_text("bastion-2").press("<enter>");
        let id = held::actions()[SHELL].id.clone();
        screen.answer(Msg::Decided(id, Verdict::Approve, Err(error)));
        assert!(screen.shows(said), "{said}\n{}", screen.text());
        assert!(screen.shows("Nothing was sent"), "{}", screen.text());
    }
}

/// Three hundred lines of arguments for a server's tool.
#[test]
fn long_arguments_are_paged_through_before_anything_is_confirmed() {
    let rows: Vec<String> = (0..300).map(|row| format!("\"row-{row:03}\"")).collect();
    let input = format!("{{\"rows\":[{}]}}", rows.join(","));
    let subject = held::call("mcp", "postgres/import", &input, "long");
    let mut action =
        held::at_gate(subject, "postgres/import", held::actions()[MCP].tool.clone(), 1);
    let one = held::held(1, &[], Confirm::TypeTarget);
    action.ruling = Some(held::ruling("production", one, &["production-reversible"]));
    for (width, height) in [(80, 24), (200, 50)] {
        let opening = Opening { width, height, ..Opening::default() };
        let mut screen = opened(opening, |contents| {
            contents.actions = vec![(action_row(&action), action.clone())];
        });
        screen.press("a");
        screen.wait(700);
        screen.type_text("bastion-2").press("<enter>");
        assert_eq!(decisions(&screen), [], "it is not read yet:\n{}", screen.text());
        let seen = paged(&mut screen);
        for row in 0..300 {
            assert!(seen.contains(&format!("row-{row:03}")), "row {row} was on the screen");
        }
        screen.press("<enter>");
        assert_eq!(decisions(&screen).len(), 1, "{}", screen.text());
    }
}

#[test]
fn characters_that_hide_in_a_call_are_shown_and_ask_for_the_digest() {
    let hostile = "x\u{202e}y\u{1b}[2J";
    let input = r#"{"command":"ls \u202e\u001b[2J"}"#;
    let mut action = held::actions().remove(SHELL);
    let rules = ["a\u{202e}b"];
    action.ruling = Some(held::ruling("t\u{1b}", held::held(1, &[], Confirm::Key), &rules));
    if let Subject::Call { tool, session, input: given, .. } = &mut action.subject {
        *tool = hostile.into();
        *session = hostile.into();
        *given = input.into();
    }
    if let Some(asker) = &mut action.asker {
        asker.claimed = hostile.into();
        asker.session = hostile.into();
        asker.processes[0].name = hostile.into();
        asker.checkout.as_mut().unwrap().branch = hostile.into();
    }
    for (width, height) in [(80, 24), (200, 60)] {
        let opening = Opening { width, height, ..Opening::default() };
        let mut screen = opened(opening, |contents| {
            contents.actions = vec![(action_row(&action), action.clone())];
        });
        let mut seen = screen.text();
        screen.press("<enter>");
        seen.push_str(&screen.text());
        screen.press("a");
        screen.wait(700);
        seen.push_str(&paged(&mut screen));
        assert!(!seen.contains(['\u{202e}', '\u{1b}']), "{}", seen.escape_debug());
        assert!(seen.contains("<U+202E>"), "{seen}");
        assert!(seen.contains("Type its digest"), "{seen}");
    }
}

#[test]
fn what_was_let_through_is_a_key_away() {
    for (name, width, height) in [("let_through_80x24", 80, 24), ("let_through_200x50", 200, 50)] {
        let mut screen = gate(width, height);
        screen.press("3t");
        screen.press("j");
        insta::assert_snapshot!(name, screen.text());
        screen.press("<enter>");
        assert!(screen.shows("reversible, by policy version 7"), "{}", screen.text());
        screen.press("<esc>t");
        assert!(screen.shows("What happened"), "{}", screen.text());
    }
}

#[test]
fn nothing_let_through_says_what_it_is_for() {
    let mut screen = opened(Opening::default(), |contents| contents.autonomous.clear());
    screen.press("3t");
    assert!(screen.shows("Nothing was let through yet."), "{}", screen.text());
}

#[test]
fn a_key_of_another_page_says_where_it_works() {
    let mut screen = gate(120, 36);
    screen.press("4a");
    assert!(screen.shows("That key works on Queue (1)."), "{}", screen.text());
    screen.press("1t");
    assert!(screen.shows("That key works on Credentials (2)."), "{}", screen.text());
}
