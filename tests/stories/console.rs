//! The whole console on a test screen, driven by typed keys.

mod gate;
mod people;
mod reach;
mod read_first;

use crate::support::screen::{Contents, Opening, Screen, action_row, credential_row, world};
use countersign::{
    console::{
        Event,
        msg::{Effect, Foreseen, LoadedAction, Msg, WouldDo},
        theme::Depth,
        view::diff_pane::DiffPane,
    },
    domain::{
        Action, ActionState, Call, Diff, LastUsed, Order, OrderId, OrderKind, OrderState, Outcome,
        Preview, Receipt, SourceKind, SourceName, Subject, Undo, Untrusted, Verdict,
    },
    review::{self, Carried},
    store::OrderRow,
};
use ratatui::style::Modifier;
use std::sync::Arc;

/// The place of each action of the invented company in the list, from the top.
const COMMAND: usize = 0;
const HOSTILE: usize = 2;
const PRODUCTION: usize = 3;
const HARMLESS: usize = 4;

fn on(row: usize) -> Screen {
    let mut screen = Screen::new(120, 36);
    screen.press(&"j".repeat(row));
    screen.wait(100);
    screen
}

fn decisions(screen: &Screen) -> Vec<(Verdict, String)> {
    let decided = |effect: &Effect| match effect {
        Effect::Decide { verdict, reason, .. } => Some((*verdict, reason.raw().to_owned())),
        _ => None,
    };
    screen.asked.iter().filter_map(decided).collect()
}

#[test]
fn the_queue_at_80_by_24() {
    let mut screen = Screen::new(80, 24);
    screen.press("jjj");
    screen.wait(100);
    insta::assert_snapshot!(screen.text());
}

#[test]
fn the_queue_with_its_diff_at_200_by_50() {
    let mut screen = Screen::new(200, 50);
    screen.press("jjj");
    screen.wait(100);
    insta::assert_snapshot!(screen.text());
}

#[test]
fn the_detail_takes_a_narrow_screen_and_gives_it_back() {
    let mut screen = Screen::new(80, 24);
    screen.press("jjj<enter>");
    screen.wait(100);
    insta::assert_snapshot!(screen.text());
    screen.press("<esc>");
    assert!(screen.shows("Waiting for a second key"));
}

#[test]
fn credentials_at_both_sizes() {
    for (name, width, height) in [("credentials_small", 80, 24), ("credentials_wide", 200, 50)] {
        let mut screen = Screen::new(width, height);
        screen.press("2");
        insta::assert_snapshot!(name, screen.text());
    }
}

#[test]
fn activity_and_sources_at_80_by_24() {
    let mut screen = Screen::new(80, 24);
    screen.press("<tab><tab>");
    insta::assert_snapshot!("activity", screen.text());
    screen.press("<tab>j<enter>");
    insta::assert_snapshot!("a_failing_source", screen.text());
}

#[test]
fn the_approval_of_production_says_exactly_what_is_sent() {
    let mut screen = on(PRODUCTION);
    screen.press("a");
    screen.wait(700);
    insta::assert_snapshot!(screen.text());
}

#[test]
fn a_dialog_starts_on_cancel() {
    for row in [PRODUCTION, HARMLESS] {
        let mut screen = on(row);
        screen.press("a");
        screen.wait(700);
        assert!(screen.shows("[ Cancel ]"));
        screen.press("<enter>");
        assert!(!screen.shows("[ Cancel ]"), "Enter on Cancel closes");
        assert_eq!(decisions(&screen), []);
    }
}

#[test]
fn keys_before_arming_do_nothing() {
    let mut screen = on(HARMLESS);
    screen.press("ayy<tab><enter>");
    assert!(screen.shows("arming"));
    assert!(screen.shows("[ Cancel ]"), "the focus stayed on Cancel");
    screen.wait(550);
    screen.press("y");
    assert_eq!(decisions(&screen), []);
    screen.wait(100);
    assert_eq!(decisions(&screen), [], "an early key is not kept for later");
    screen.press("y");
    assert_eq!(decisions(&screen), [(Verdict::Approve, String::new())]);
}

#[test]
fn who_looked_away_has_to_look_again() {
    let mut screen = on(HARMLESS);
    screen.press("a");
    screen.wait(700);
    screen.event(Event::Resumed);
    screen.press("y");
    assert_eq!(decisions(&screen), []);
    screen.wait(700);
    screen.press("y");
    assert_eq!(decisions(&screen).len(), 1);
}

#[test]
fn the_key_that_opens_never_confirms() {
    let mut screen = on(HARMLESS);
    screen.press("a");
    screen.wait(700);
    screen.press("aaaa");
    assert_eq!(decisions(&screen), []);
    assert!(screen.shows("Press y to go ahead"));
}

#[test]
fn a_low_tier_action_is_approved_by_another_key_or_by_the_button() {
    let mut screen = on(HARMLESS);
    screen.press("a");
    screen.wait(700);
    screen.press("<tab><enter>");
    assert_eq!(decisions(&screen).len(), 1);
    screen.press("<enter>y");
    assert_eq!(decisions(&screen).len(), 1, "nothing is sent twice");
}

#[test]
fn a_change_that_cannot_be_shown_whole_is_not_approved_by_one_key() {
    let mut screen = on(HARMLESS);
    screen.store.change(|contents| {
        let (row, action) = &mut contents.actions[HARMLESS];
        action.change.diff = Diff::Unavailable("too large".to_owned());
        *row = action_row(action);
    });
    screen.wait(1000);
    screen.press("a");
    screen.wait(700);
    screen.press("y<enter>");
    assert_eq!(decisions(&screen), []);
    assert!(screen.shows("letter by letter"));
}

#[test]
fn production_is_approved_only_by_typing_its_name() {
    let mut screen = on(PRODUCTION);
    screen.press("a");
    screen.wait(700);
    screen.type_text("y").press("<enter>");
    assert_eq!(decisions(&screen), []);
    assert!(screen.shows("letter by letter"));
    screen.press("<c-u>").type_text("tidewater/checkout main").press("<enter>");
    assert_eq!(decisions(&screen), [(Verdict::Approve, String::new())]);
    assert!(screen.shows("sending"));
}

#[test]
fn what_hides_characters_is_approved_only_by_its_digest() {
    let mut screen = on(HOSTILE);
    screen.press("a");
    screen.wait(700);
    assert!(screen.shows("characters in the title"));
    let digest = screen.app.state().queue.selected().unwrap().digest.short();
    assert!(screen.shows(&digest));
    screen.type_text("tidewater/labels main").press("<enter>");
    assert_eq!(decisions(&screen), []);
    screen.press("<c-u>").type_text(&digest).press("<enter>");
    assert_eq!(decisions(&screen).len(), 1);
}

#[test]
fn hidden_characters_are_shown_and_never_reach_the_screen() {
    let mut screen = on(HOSTILE);
    screen.press("<enter>");
    assert!(screen.shows("<U+202E>"));
    for cell in screen.buffer().content() {
        for character in cell.symbol().chars() {
            assert!(
                !character.is_control() && !"\u{202e}\u{202c}\u{200b}".contains(character),
                "{character:?} reached the screen"
            );
        }
    }
}

#[test]
fn a_paste_is_never_a_command_and_never_an_answer() {
    let mut screen = on(HARMLESS);
    let before = screen.text();
    screen.event(Event::Paste("a\ny\nq".to_owned()));
    assert_eq!(screen.text(), before);
    let mut screen = on(PRODUCTION);
    screen.press("a");
    screen.wait(700);
    screen.event(Event::Paste("tidewater/checkout main".to_owned()));
    screen.press("<tab><enter>");
    assert_eq!(decisions(&screen), []);
    assert!(screen.shows("letter by letter"));
}

#[test]
fn a_rejection_needs_a_reason_and_a_second_enter() {
    let mut screen = on(PRODUCTION);
    screen.press("r");
    screen.wait(700);
    screen.press("<tab><enter>");
    assert!(screen.shows("needs a reason"));
    screen.type_text("drops a table in use").press("<enter>");
    assert_eq!(decisions(&screen), []);
    screen.press("<enter>");
    assert_eq!(decisions(&screen), [(Verdict::Reject, "drops a table in use".to_owned())]);
}

#[test]
fn escape_leaves_at_any_moment() {
    let mut screen = on(PRODUCTION);
    screen.press("a<esc>");
    assert!(!screen.shows("[ Cancel ]"));
    screen.press("r");
    screen.wait(700);
    screen.type_text("because").press("<esc>");
    assert!(!screen.shows("Why?"));
    assert_eq!(decisions(&screen), []);
}

fn receipt(outcome: Outcome, answer: &str) -> Receipt {
    Receipt { order: OrderId::derive(&["test"]), outcome, answer: answer.into(), at: world::now() }
}

#[test]
fn the_receipt_is_shown_and_a_refusal_is_not_taken_for_success() {
    for (outcome, said) in [
        (Outcome::Done, "Approved tidewater/labels#75"),
        (Outcome::Refused, "Refused by the source"),
        (Outcome::Unknown, "no answer that can be relied on"),
    ] {
        let mut screen = on(HARMLESS);
        screen.press("a");
        screen.wait(700);
        screen.press("y");
        let id = screen.app.state().queue.selected().unwrap().id.clone();
        let carried = Carried::Answered(receipt(outcome, "review 80"));
        screen.answer(Msg::Decided(id, Verdict::Approve, Ok(carried)));
        assert!(screen.shows(said), "{said}\n{}", screen.text());
        assert!(!screen.shows("sending"));
    }
}

pub(crate) fn loaded(action: Action) -> Box<LoadedAction> {
    let digest = action.digest().unwrap();
    let diff = match &action.change.diff {
        Diff::Text(text) => DiffPane::parse(text),
        _ => DiffPane::default(),
    };
    let would_do = Arc::new(WouldDo::of(&review::assess(&action)));
    let diff = Arc::new(diff);
    Box::new(LoadedAction {
        action: Arc::new(action),
        digest,
        row_digest: digest,
        diff,
        would_do,
        hidden: Vec::new(),
        script: None,
        foreseen: Foreseen::default(),
    })
}

fn moved(action: &mut Action) {
    if let Subject::PullRequest { head_sha, .. } = &mut action.subject {
        *head_sha = "77ab012f".repeat(5);
    }
    action.change.diff = Diff::Text(
        "diff --git a/new b/new\n--- a/new\n+++ b/new\n@@ -1 +1 @@\n-a\n+smuggled\n".into(),
    );
}

#[test]
fn when_the_head_moved_nothing_is_sent_and_the_new_diff_is_shown() {
    let mut screen = on(PRODUCTION);
    screen.press("a");
    screen.wait(700);
    screen.type_text("tidewater/checkout main").press("<enter>");
    let mut action = world::actions().remove(PRODUCTION);
    moved(&mut action);
    let id = action.id.clone();
    screen.store.change(|contents| {
        contents.actions[PRODUCTION] = (action_row(&action), action.clone());
    });
    screen.answer(Msg::Changed(id, loaded(action)));
    assert!(screen.shows("Nothing was sent"));
    assert!(screen.shows("to 77ab012"));
    screen.press("G");
    assert!(screen.shows("smuggled"), "{}", screen.text());
}

#[test]
fn a_poll_that_changes_what_is_being_confirmed_closes_the_dialog() {
    let mut screen = on(PRODUCTION);
    screen.press("a");
    screen.wait(700);
    screen.type_text("tidewater/checkout main");
    screen.store.change(|contents| {
        let action = &mut contents.actions[PRODUCTION].1;
        moved(action);
        contents.actions[PRODUCTION].0 = action_row(action);
    });
    screen.wait(700);
    assert!(!screen.shows("Approve  ") && screen.shows("It changed"), "{}", screen.text());
    screen.press("<enter>");
    assert_eq!(decisions(&screen), []);
}

#[test]
fn what_another_console_decides_is_seen_within_a_second() {
    let mut screen = Screen::new(80, 24);
    assert!(screen.shows("labels#75"));
    screen.store.change(|contents| {
        contents.actions.retain(|(row, _)| !row.title.raw().starts_with("Retry label"));
    });
    screen.wait(1000);
    assert!(!screen.shows("labels#75"));
}

#[test]
fn an_action_that_is_being_decided_cannot_be_decided_again() {
    let mut screen = Screen::new(80, 24);
    screen.store.change(|contents| contents.actions[0].0.state = ActionState::Deciding);
    screen.wait(600);
    screen.press("ga");
    assert!(screen.shows("on its way"));
    assert!(!screen.shows("[ Cancel ]"));
}

#[test]
fn a_waiting_command_shows_every_argument() {
    let mut screen = on(COMMAND);
    screen.press("a");
    screen.wait(700);
    assert!(screen.shows("VACUUM FULL parcels"));
    assert!(screen.shows("Sends this call, once") && screen.shows("answer = let it run, once"));
}

#[test]
fn a_script_is_shown_line_by_line_as_it_will_run() {
    let mut action = world::actions().remove(COMMAND);
    if let Subject::Command { argv, .. } = &mut action.subject {
        *argv =
            ["sh", "-c", "# clean\nrm -rv \"production\"\n", " spaced "].map(Into::into).to_vec();
    }
    let mut screen =
        Screen::open(Opening { width: 120, height: 36, ..Opening::default() }, |contents| {
            contents.actions = vec![(action_row(&action), action)];
        });
    screen.wait(200);
    let text = screen.text();
    assert!(text.contains("│ # clean\n") && text.contains("│ rm -rv \"production\"\n"), "{text}");
    assert!(text.contains("' spaced '"), "blanks at the ends are visible: {text}");
    assert!(!text.contains("Hidden characters"), "line breaks of a script are not hidden: {text}");
}

#[test]
fn a_rejection_shows_its_call_with_the_reason_as_it_is_typed() {
    let mut screen = Screen::new(120, 50);
    screen.press("jjj");
    screen.wait(200);
    screen.press("r");
    screen.wait(700);
    assert!(screen.shows("POST /repos/tidewater/checkout/pulls/412/reviews"), "{}", screen.text());
    assert!(screen.shows("event = REQUEST_CHANGES") && screen.shows("body = <your reason>"));
    screen.type_text("drops a table that is read");
    assert!(screen.shows("body = drops a table that is read"), "{}", screen.text());
    screen.press("<c-u>");
    assert!(screen.shows("body = <your reason>"));
}

#[test]
fn a_source_that_is_not_here_makes_a_dialog_that_says_so() {
    let mut action = world::actions().remove(PRODUCTION);
    action.source = SourceName::new(SourceKind::Github, "elsewhere");
    let mut screen =
        Screen::open(Opening { width: 120, height: 36, ..Opening::default() }, |contents| {
            contents.actions = vec![(action_row(&action), action)];
        });
    screen.wait(200);
    screen.press("a");
    screen.wait(700);
    assert!(screen.shows("`github/elsewhere` is not among"));
}

#[test]
fn credentials_that_may_do_most_stand_first() {
    let mut screen = Screen::new(200, 50);
    screen.press("2");
    let rows = screen.app.state().credentials.rows();
    let place = |label: &str| rows.iter().position(|row| row.credential.label.raw() == label);
    let order = ["AKIAEXAMPLEKIRO00001", "bedrock-ops-agent", "AKIAEXAMPLENIGHT0002"].map(place);
    assert_eq!(order[0], Some(0));
    assert!(order.is_sorted(), "administrators before others: {order:?}");
    let inactive = place("AKIAEXAMPLECOPIL0003");
    assert!(inactive > order[2], "what works before what does not");
    assert!(screen.shows("contents: write +3"), "{}", screen.text());
}

fn preview(undo: Undo) -> Preview {
    Preview {
        order: OrderKind::SetAccessKey {
            user: "kiro-deploy".to_owned(),
            key_id: "AKIAEXAMPLEKIRO00001".to_owned(),
            active: false,
        },
        calls: vec![Call {
            operation: "iam:UpdateAccessKey".into(),
            parameters: vec![("Status".to_owned(), "Inactive".into())],
        }],
        last_used: LastUsed::Never,
        undo,
        warnings: Vec::new(),
    }
}

#[test]
fn a_revocation_shows_its_calls_and_asks_for_the_name() {
    let mut screen = Screen::new(120, 36);
    screen.press("2x");
    assert!(matches!(screen.asked.pop_back(), Some(Effect::PreviewRevoke(_))));
    let id = world::credentials()[0].id.clone();
    let undo = Undo::No { because: "keys cannot be brought back".to_owned() };
    screen.answer(Msg::Previewed(id.clone(), Ok(preview(undo))));
    screen.wait(700);
    assert!(screen.shows("iam:UpdateAccessKey") && screen.shows("Status = Inactive"));
    assert!(screen.shows("no way back") && screen.shows("keys cannot be brought back"));
    screen.press("xx<enter>");
    assert!(screen.asked.is_empty());
    screen.press("<c-u>").type_text("kiro-deploy").press("<enter>");
    assert!(matches!(screen.asked.pop_back(), Some(Effect::Revoke(of, _)) if of == id));
    screen.answer(Msg::Carried(id, Ok(receipt(Outcome::Done, "200"))));
    assert!(screen.shows("Revoked AKIAEXAMPLEKIRO00001"));
}

#[test]
fn the_late_preview_of_a_revocation_does_not_fill_a_restoration() {
    let mut screen = Screen::new(120, 36);
    let mut row = credential_row(world::credentials()[0].clone());
    let order = Order {
        id: OrderId::derive(&["earlier"]),
        source: row.credential.source.clone(),
        kind: OrderKind::UnsealRole { role: "any".to_owned() },
        action: None,
        credential: Some(row.credential.id.clone()),
        by: "mira".into(),
        reason: Untrusted::default(),
        at: world::now(),
    };
    row.last_order = Some(OrderRow { order, state: OrderState::Done, receipt: None, taken: None });
    screen.store.change(|contents| contents.credentials[0] = row.clone());
    screen.wait(1000);
    screen.press("2u");
    let undo = Undo::No { because: "none".to_owned() };
    screen.answer(Msg::Previewed(row.credential.id, Ok(preview(undo))));
    screen.wait(700);
    assert!(!screen.shows("Status = Inactive"));
}

#[test]
fn what_cannot_be_done_says_why() {
    let mut screen = Screen::new(120, 36);
    screen.press("2u");
    assert!(screen.shows("nothing to restore"));
    screen.press("Gx");
    assert!(screen.shows("Not revoked:"), "{}", screen.text());
    screen.press("1x");
    assert!(screen.shows("works on Credentials"));
}

#[test]
fn the_filter_narrows_as_it_is_typed_and_escape_clears_it() {
    let mut screen = Screen::new(120, 36);
    screen.press("/").type_text("claude !ledger");
    assert!(screen.shows("2 of 8") || screen.shows("3 of 8"), "{}", screen.text());
    assert!(!screen.shows("Round VAT"));
    screen.press("<enter>");
    assert!(screen.shows("/claude !ledger"), "the title says that a filter is on");
    screen.press("/").type_text(" nothing-like-it");
    assert!(screen.shows("Nothing matches the filter"));
    screen.press("<esc>");
    assert!(screen.shows("Round VAT"));
}

#[test]
fn empty_pages_say_what_to_do() {
    let mut screen = Screen::open(Opening::default(), |_: &mut Contents| {});
    assert!(screen.shows("countersign init"));
    screen.store.change(|contents| {
        contents.sources = world::sources();
        contents.credentials = world::credentials()
            .into_iter()
            .filter(|c| c.holders.is_empty())
            .map(credential_row)
            .collect();
    });
    screen.wait(600);
    assert!(screen.shows("Nothing waits for a second key"));
    assert!(screen.shows("R asks again"));
    screen.press("2");
    assert!(screen.shows("t shows all"), "{}", screen.text());
    screen.press("t");
    assert!(screen.shows("billing-export"));
}

#[test]
fn copying_offers_what_is_there_and_refuses_what_hides() {
    let mut screen = on(PRODUCTION);
    screen.press("yu");
    let Some(Effect::Copy(text)) = screen.asked.pop_back() else { panic!("nothing was copied") };
    assert_eq!(text, "https://github.com/tidewater/checkout/pull/412");
    screen.store.change(|contents| {
        contents.credentials[0].credential.label = Untrusted::new("AKIA\n\u{1b}]52;c;cm0=\u{7}");
    });
    screen.wait(600);
    screen.press("2yl");
    assert!(screen.asked.is_empty());
    assert!(screen.shows("Not copied"));
}

#[test]
fn no_size_makes_it_fail() {
    let mut screen = on(PRODUCTION);
    for keys in ["", "?", "a", "2", "x", "3", "4<enter>", "<esc>1<enter>v"] {
        screen.press("<esc><esc>").press(keys);
        for width in (1..=200).step_by(23) {
            for height in (1..=60).step_by(7) {
                screen.resize(width, height);
            }
        }
    }
}

#[test]
fn without_colour_the_whole_selected_row_is_reversed_and_nothing_is_coloured() {
    let opening = Opening { depth: Depth::None, ..Opening::default() };
    let screen = Screen::open(opening, |contents| {
        contents.actions =
            world::actions().into_iter().map(|action| (action_row(&action), action)).collect();
        contents.sources = world::sources();
    });
    let buffer = screen.buffer();
    for x in 0..80 {
        assert!(buffer[(x, 3)].modifier.contains(Modifier::REVERSED), "column {x}");
        assert!(
            !buffer[(x, 4)].modifier.contains(Modifier::REVERSED) || buffer[(x, 4)].symbol() == "<"
        );
    }
    for cell in buffer.content() {
        assert_eq!(
            (cell.fg, cell.bg),
            (ratatui::style::Color::Reset, ratatui::style::Color::Reset)
        );
    }
}
