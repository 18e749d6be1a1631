//! Taking back, stopping, acting alone: the keys, what they say, and what stays in red.

use super::decisions;
use crate::support::screen::{
    Contents, Opening, Screen, action_row, world,
    world::{held, signed},
};
use countersign::{
    console::{msg::Effect, theme::Depth},
    domain::{
        Action, Lock, Locked, OrderId, Reviewer, SourceKind, SourceName, Subject, Turn, Verdict,
    },
};
use ratatui::style::Color;

fn gate(change: impl FnOnce(&mut Contents)) -> Screen {
    let opening = Opening { width: 120, height: 40, depth: Depth::Ansi16, ..Opening::default() };
    let mut screen = Screen::open(opening, |contents| {
        contents.actions =
            held::actions().into_iter().map(|action| (action_row(&action), action)).collect();
        contents.sources = world::sources();
        change(contents);
    });
    screen.wait(600);
    screen
}

fn locked(by: &str) -> Lock {
    Lock {
        what: Locked::behind(&held::actions()[0]),
        turn: Turn::Lock,
        reason: "it loops".into(),
        reviewer: Reviewer(by.into()),
        at: world::now(),
        signed: None,
    }
}

fn turned(screen: &Screen) -> Vec<(Turn, String)> {
    let turned = |effect: &Effect| match effect {
        Effect::Turn { turn, reason, .. } => Some((*turn, reason.raw().to_owned())),
        _ => None,
    };
    screen.asked.iter().filter_map(turned).collect()
}

#[test]
fn an_approval_of_ones_own_is_taken_back_with_one_key_and_a_confirmation() {
    let mut screen = gate(|contents| {
        let (row, action) = &mut contents.actions[0];
        row.decisions.push(held::approval(action, "mira", 1));
    });
    screen.press("w");
    screen.wait(700);
    assert!(screen.shows("What others approved still counts."), "{}", screen.text());
    screen.press("w");
    assert_eq!(decisions(&screen), [], "the key that opened it does not confirm");
    screen.press("y");
    assert_eq!(decisions(&screen), [(Verdict::Withdraw, String::new())]);
}

#[test]
fn where_nothing_was_approved_or_nobody_has_a_key_the_keys_say_so() {
    let mut screen = gate(|_| {});
    screen.press("w");
    assert!(screen.shows("You have approved nothing of it"), "{}", screen.text());
    screen.press("!");
    assert!(screen.shows("takes a security key"), "{}", screen.text());
    assert_eq!(decisions(&screen), []);
}

#[test]
fn whoever_asks_is_locked_out_with_a_reason() {
    let mut screen = gate(|_| {});
    screen.press("L");
    screen.wait(700);
    assert!(screen.shows("until another reviewer unlocks it"), "{}", screen.text());
    screen.type_text("it loops").press("<enter>").press("<enter>");
    assert_eq!(turned(&screen), [(Turn::Lock, "it loops".to_owned())], "{}", screen.text());
}

#[test]
fn what_is_locked_is_unlocked_by_somebody_else_only() {
    let mut screen = gate(|contents| contents.locks = vec![locked("mira")]);
    screen.press("L");
    assert!(screen.shows("another reviewer has to unlock it"), "{}", screen.text());
    let mut screen = gate(|contents| contents.locks = vec![locked("ines")]);
    screen.press("L");
    screen.wait(700);
    assert!(screen.shows("locked by"), "{}", screen.text());
    screen.type_text("looked at it").press("<enter>").press("<enter>");
    assert_eq!(turned(&screen), [(Turn::Unlock, "looked at it".to_owned())], "{}", screen.text());
}

/// The review of a glass that ines broke.
fn owed() -> Action {
    let broken = &held::actions()[0];
    let source = SourceName::new(SourceKind::Gate, "break-glass");
    let subject = Subject::FollowUp {
        of: broken.id.clone(),
        digest: broken.digest().unwrap(),
        order: OrderId::derive(&["broken"]),
        by: Reviewer("ines".into()),
        reason: "checkout is down and nobody answers".into(),
    };
    Action {
        id: subject.id(&source),
        title: "break-glass by ines: terraform destroy".into(),
        requester: "ines".into(),
        source,
        subject,
        asker: None,
        ..broken.clone()
    }
}

#[test]
fn a_broken_glass_and_a_lock_are_in_red_at_the_top() {
    let screen = gate(|contents| {
        let owed = owed();
        contents.actions.push((action_row(&owed), owed));
        contents.locks = vec![locked("ines")];
    });
    let text = screen.text();
    let at = text.lines().position(|line| line.contains("BREAK-GLASS to review")).unwrap();
    assert!(at < 3 && text.lines().nth(at).unwrap().contains("locked: "), "{text}");
    let (x, y) = (1, u16::try_from(at).unwrap());
    let red = [Color::Red, Color::LightRed];
    assert!(red.contains(&screen.buffer()[(x, y)].fg), "{:?}", screen.buffer()[(x, y)]);
}

#[test]
fn the_review_of_a_broken_glass_says_who_and_why_and_needs_a_reason_either_way() {
    let mut screen = gate(|contents| {
        let owed = Action { ruling: None, ..owed() };
        contents.actions = vec![(action_row(&owed), owed)];
    });
    screen.press("a");
    screen.wait(700);
    for part in ["BREAK-GLASS by ines", "checkout is down", "seen, and right"] {
        assert!(screen.shows(part), "no {part}: {}", screen.text());
    }
    screen.type_text("it was").press("<enter>").press("<enter>");
    assert_eq!(decisions(&screen), [(Verdict::Approve, "it was".to_owned())], "{}", screen.text());
}

#[test]
fn a_signature_is_waited_for_and_can_be_left() {
    let opening = Opening { width: 120, height: 40, signed: true, ..Opening::default() };
    let mut screen = Screen::open(opening, |contents| {
        contents.actions =
            held::actions().into_iter().map(|action| (action_row(&action), action)).collect();
        let (row, action) = &mut contents.actions[0];
        row.decisions.push(signed::approval(action, "rowan", 1));
    });
    screen.wait(600);
    assert!(screen.shows("agreed, signed") && !screen.shows("unsigned"), "{}", screen.text());
    screen.press("a");
    screen.wait(700);
    screen.press("<down><down><down><down><down>").type_text("bastion-2").press("<enter>");
    assert_eq!(decisions(&screen), [(Verdict::Approve, String::new())]);
    assert!(screen.shows("waiting for your key: touch it, or Esc stops"), "{}", screen.text());
    screen.press("<esc>");
    let stopped = |effect: &Effect| matches!(effect, Effect::StopSigning(_));
    assert!(screen.asked.iter().any(stopped), "{:?}", screen.asked);
    assert!(!screen.shows("waiting for your key"), "{}", screen.text());
}
