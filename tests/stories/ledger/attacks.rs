//! Somebody can write every row of the store. In the worse half of these stories they have the
//! ledger's key too, and sign what they made of it.

use super::world::{Asked, NAME, World};
use countersign::{
    domain::{
        Action, Digest, Lock, Locked, Outcome, Receipt, Reviewer, Signing, Subject, Turn, Verdict,
    },
    ledger::{
        Entry, SigningKey, Signs,
        verify::{Report, Wrong},
    },
};

/// One fault, and no other.
fn only(report: &Report) -> &Wrong {
    assert_eq!(report.faults.len(), 1, "{:#?}", report.faults);
    &report.faults[0].wrong
}

fn told(report: &Report) -> String {
    report.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn two_actions() -> World {
    let mut world = World::new();
    world.whole(1);
    world.head();
    world.whole(2);
    world.head();
    world
}

#[test]
fn a_ledger_as_it_should_be_has_no_fault() {
    let report = two_actions().verify();
    assert!(report.is_good(), "{}", told(&report));
    assert_eq!((report.size, report.covered, report.heads), (14, 14, 2));
    assert_eq!((report.counts.requests, report.counts.orders, report.signatures), (2, 2, 4));
    assert_eq!(report.unsigned, 0);
}

#[test]
fn a_row_that_was_altered_deleted_added_or_moved_is_found_by_the_next_head() {
    type Alter = fn(&mut World);
    let alter: [(&str, Alter); 4] = [
        // The last receipt below the first head.
        ("altered", |world| world.replace(7, "exit 0", "exit 1")),
        ("deleted", |world| drop(world.entries.remove(8))),
        ("added", |world| world.entries.insert(3, world.entries[2].clone())),
        ("moved", |world| world.entries.swap(3, 4)),
    ];
    for (what, alter) in alter {
        let mut world = two_actions();
        alter(&mut world);
        let report = world.verify();
        let noticed = report.faults.iter().any(|fault| {
            matches!(fault.wrong, Wrong::Root { .. } | Wrong::CutOff { .. } | Wrong::Head { .. })
        });
        assert!(noticed, "{what}: {}", told(&report));
    }
}

#[test]
fn a_ledger_that_was_cut_off_contradicts_its_own_heads() {
    let mut world = two_actions();
    world.entries.truncate(10);
    assert_eq!(*only(&world.verify()), Wrong::CutOff { signed: 14, found: 10 });
}

#[test]
fn a_ledger_cut_off_with_its_heads_contradicts_whoever_kept_one() {
    let mut world = two_actions();
    let kept = world.checkpoint();
    world.entries.truncate(8);
    world.notes.truncate(1);
    assert!(world.verify().is_good(), "by itself it looks whole");
    let mut options = world.options();
    options.since = Some(kept);
    assert_eq!(*only(&world.verify_with(&options)), Wrong::CutOff { signed: 14, found: 8 });
}

#[test]
fn a_ledger_that_was_rewritten_and_signed_anew_contradicts_a_kept_head() {
    let mut world = two_actions();
    let mut options = world.options();
    options.since = Some(world.checkpoint());
    world.replace(7, "exit 0", "exit 1");
    world.sign_anew();
    assert!(world.verify().is_good(), "a receipt is nobody's signature");
    let report = world.verify_with(&options);
    assert!(matches!(only(&report), Wrong::NotContinued { size: 14, .. }), "{}", told(&report));
}

#[test]
fn a_swapped_ledger_key_is_told() {
    let mut world = two_actions();
    let known = world.options();
    world.key = SigningKey::create(&world.folder.path().join("other"), NAME, Signs::Heads).unwrap();
    world.sign_anew();
    let report = world.verify_with(&known);
    let said = told(&report);
    assert!(said.contains("another key of the same name"), "{said}");
}

#[test]
fn a_decision_does_not_move_to_another_action() {
    let mut world = World::new();
    let one = world.ask(1);
    let mut decision = world.decision(&one, "mira", Verdict::Approve);
    let other = world.ask(2);
    decision.action = other.id.clone();
    decision.digest = other.digest;
    world.push(&Entry::decision(&decision));
    world.approve(&other, &["ines"]);
    world.order(&other, Verdict::Approve);
    world.sign_anew();
    let report = world.verify();
    let said = told(&report);
    assert!(
        said.contains("entry 4, ") && said.contains("says something else than what was signed"),
        "{said}"
    );
    assert!(said.contains("without its quorum: 1 of 2; missing: one more person"), "{said}");
}

#[test]
fn a_decision_is_not_used_twice() {
    let mut world = World::new();
    let asked = world.ask(1);
    let decision = world.decide(&asked, "mira", Verdict::Approve);
    world.approve(&asked, &["ines"]);
    let order = world.order(&asked, Verdict::Approve);
    world.carry_out(&asked, &order);
    world.push(&Entry::decision(&decision));
    world.order(&asked, Verdict::Approve);
    world.sign_anew();
    let report = world.verify();
    let wrong: Vec<&Wrong> = report.faults.iter().map(|fault| &fault.wrong).collect();
    assert!(wrong.iter().any(|one| matches!(one, Wrong::Replayed { first: 3 })), "{wrong:#?}");
    assert!(wrong.iter().any(|one| matches!(one, Wrong::OrderAgain { .. })), "{wrong:#?}");
    assert!(wrong.iter().any(|one| matches!(one, Wrong::Quorum { .. })), "{wrong:#?}");
}

#[test]
fn what_a_reviewer_signed_cannot_be_reworded() {
    let mut world = two_actions();
    world.replace(4, "\"reason\":\"looked at\"", "\"reason\":\"approved by all\"");
    world.sign_anew();
    let report = world.verify();
    assert!(told(&report).contains("the reason"), "{}", told(&report));
}

#[test]
fn one_person_with_two_keys_is_one_person() {
    let mut world = World::new();
    let second = super::soft::SoftKey::new("ssh-ed25519");
    // Two lines with the same name: both are ines.
    let line = format!("ines {}\n", second.line());
    world.keys.insert("ines-2", second);
    let signers = world.signers().replace("ines-2 ", "ines ") + &line;
    let signers = signers.replacen(&line, "", 1);
    world.keep_roster(&signers);
    let asked = world.ask(1);
    world.approve(&asked, &["ines"]);
    let decision = world.decision_with(&asked, "ines", "ines-2", Verdict::Approve, 1);
    world.push(&Entry::decision(&decision));
    world.order(&asked, Verdict::Approve);
    world.head();
    let report = world.verify();
    assert!(matches!(only(&report), Wrong::Quorum { .. }), "{}", told(&report));
}

#[test]
fn whoever_asked_does_not_agree_to_it() {
    let mut world = World::new();
    let asked = world.ask_for(1, "mira", Signing::Signed);
    world.approve(&asked, &["mira", "ines"]);
    world.order(&asked, Verdict::Approve);
    world.head();
    let said = told(&world.verify());
    assert!(said.contains("nobody decides on their own") && said.contains("1 of 2"), "{said}");
}

#[test]
fn an_approval_that_nobody_signed_counts_for_nothing() {
    let mut world = World::new();
    let asked = world.ask(1);
    world.approve(&asked, &["mira"]);
    let mut invented = world.decision(&asked, "ines", Verdict::Approve);
    invented.signed = None;
    world.push(&Entry::decision(&invented));
    world.order(&asked, Verdict::Approve);
    world.sign_anew();
    let report = world.verify();
    assert!(matches!(only(&report), Wrong::Quorum { .. }), "{}", told(&report));
    assert_eq!(report.unsigned, 1);
}

#[test]
fn a_key_that_was_not_touched_is_too_little_where_touch_is_asked_for() {
    let mut world = World::new();
    let asked = world.ask_for(1, "agent", Signing::Touch);
    for flags in [0, 1] {
        let decision = world.decision_with(&asked, "rowan", "rowan", Verdict::Approve, flags);
        world.push(&Entry::decision(&decision));
    }
    world.order(&asked, Verdict::Approve);
    world.head();
    let said = told(&world.verify());
    assert!(said.contains("was not touched") && said.contains("1 of 2"), "{said}");
}

#[test]
fn what_was_agreed_to_under_another_policy_or_roster_does_not_count() {
    let mut world = World::new();
    let asked = world.ask(1);
    world.approve(&asked, &["mira", "ines"]);
    world.keep_policy(8);
    world.order(&asked, Verdict::Approve);
    world.head();
    let report = world.verify();
    assert!(matches!(only(&report), Wrong::PolicyNotInForce { .. }), "{}", told(&report));

    let mut world = World::new();
    let asked = world.ask(1);
    world.approve(&asked, &["mira", "ines"]);
    let signers = world.signers() + "# a comment makes another file\n";
    world.keep_roster(&signers);
    world.order(&asked, Verdict::Approve);
    world.head();
    let said = told(&world.verify());
    assert!(said.contains("have changed since it was decided"), "{said}");
}

#[test]
fn a_policy_does_not_go_back() {
    let mut world = two_actions();
    world.keep_policy(6);
    world.head();
    assert!(matches!(only(&world.verify()), Wrong::PolicyOlder { .. }));
}

#[test]
fn a_roster_written_into_the_store_is_not_the_one_that_is_kept_elsewhere() {
    let mut world = two_actions();
    let mut options = world.options();
    options.roster = Some(world.roster);
    assert!(world.verify_with(&options).is_good());
    let mallory = super::soft::SoftKey::new("ssh-ed25519");
    let signers = format!("{}mallory {}\n", world.signers(), mallory.line());
    world.keep_roster(&signers);
    world.head();
    assert!(matches!(only(&world.verify_with(&options)), Wrong::OtherRoster { .. }));
    assert_eq!(world.verify().rosters.len(), 2, "and every report lists them");
}

#[test]
fn an_answer_is_handed_out_once() {
    let mut world = World::new();
    let asked = world.ask(1);
    world.approve(&asked, &["mira", "ines"]);
    let order = world.order(&asked, Verdict::Approve);
    world.carry_out(&asked, &order);
    let at = world.now();
    world.push(&Entry::taken(&order, &asked.id, at));
    world.push(&Entry::order(&order));
    world.head();
    let report = world.verify();
    let wrong: Vec<&Wrong> = report.faults.iter().map(|fault| &fault.wrong).collect();
    assert!(
        wrong.iter().any(|one| matches!(one, Wrong::TakenTwice { first: 6, .. })),
        "{wrong:#?}"
    );
    assert!(
        wrong.iter().any(|one| matches!(one, Wrong::OrderTwice { first: 5, .. })),
        "{wrong:#?}"
    );
}

#[test]
fn a_diff_that_was_swapped_is_not_the_one_that_was_shown() {
    let mut world = two_actions();
    world.replace(2, "+nothing", "+harmless");
    world.sign_anew();
    let report = world.verify();
    assert!(
        matches!(only(&report), Wrong::Digest { field: "body.action.diff", .. }),
        "{}",
        told(&report)
    );
    let mut world = two_actions();
    world.replace(2, "\"title\":\"dropdb", "\"title\":\"showdb");
    world.sign_anew();
    let report = world.verify();
    assert!(
        matches!(only(&report), Wrong::Digest { field: "body.digest", .. }),
        "{}",
        told(&report)
    );
}

#[test]
fn an_import_that_comes_late_excuses_nothing() {
    let mut world = World::new();
    let asked = world.ask(1);
    world.order(&asked, Verdict::Approve);
    world.head();
    assert!(matches!(only(&world.verify()), Wrong::Quorum { .. }));
    let at = world.now();
    let entries = world.entries.len() as u64;
    world.push(&Entry::upkeep(countersign::ledger::Upkeep::Imported { entries }, at));
    world.head();
    let report = world.verify();
    assert!(
        report.faults.iter().any(|one| matches!(one.wrong, Wrong::Quorum { .. })),
        "{}",
        told(&report)
    );
    assert!(report.faults.iter().any(|one| one.wrong == Wrong::LateImport), "{}", told(&report));
    // Before anything was signed, it is what it says.
    world.notes.clear();
    world.head();
    let report = world.verify();
    assert!(report.is_good(), "{}", told(&report));
    assert_eq!(report.imported, entries);
}

/// The review that is owed for what went ahead alone.
fn owed(world: &mut World, of: &Asked) -> Asked {
    let subject = Subject::FollowUp {
        of: of.id.clone(),
        digest: of.digest,
        order: countersign::domain::OrderId::derive(&["alone"]),
        by: Reviewer("rowan".into()),
        reason: "looked at".into(),
    };
    let at = world.now();
    let wish = world.wish(90, "rowan", Signing::Signed, at).action;
    let mut action = Action { id: subject.id(&wish.source), subject, ..wish };
    let ruling = action.ruling.as_mut().unwrap();
    ruling.leave = countersign::domain::Leave::Held(countersign::domain::Requirement::AFTERWARDS);
    world.push(&Entry::request(&action, at).unwrap());
    Asked { id: action.id.clone(), digest: action.digest().unwrap(), action }
}

#[test]
fn going_ahead_alone_stays_open_until_somebody_else_has_looked() {
    let mut world = World::new();
    let asked = world.ask(1);
    world.decide(&asked, "rowan", Verdict::BreakGlass);
    let order = world.order(&asked, Verdict::Approve);
    world.carry_out(&asked, &order);
    let owed = owed(&mut world, &asked);
    world.head();
    let report = world.verify();
    assert!(report.is_good(), "{}", told(&report));
    assert_eq!(report.open.len(), 1);

    let until_here = world.entries.len();
    world.decide(&owed, "rowan", Verdict::Approve);
    world.order(&owed, Verdict::Approve);
    world.head();
    let report = world.verify();
    let own = report.faults.iter().any(|one| matches!(one.wrong, Wrong::OwnReview { .. }));
    assert!(own, "{}", told(&report));
    assert_eq!(report.open.len(), 1);

    world.entries.truncate(until_here);
    world.notes.pop();
    world.decide(&owed, "mira", Verdict::Approve);
    world.order(&owed, Verdict::Approve);
    world.head();
    let report = world.verify();
    assert!(report.is_good() && report.open.is_empty(), "{}", told(&report));
}

#[test]
fn going_ahead_alone_takes_a_key_that_is_touched() {
    let mut world = World::new();
    let asked = world.ask(1);
    world.decide(&asked, "mira", Verdict::BreakGlass);
    world.order(&asked, Verdict::Approve);
    world.head();
    let said = told(&world.verify());
    assert!(said.contains("in software") && said.contains("without its quorum"), "{said}");
}

#[test]
fn an_approval_that_was_taken_back_is_none_and_the_others_count_again() {
    let mut world = World::new();
    let asked = world.ask(1);
    world.approve(&asked, &["ines", "mira"]);
    let order = world.order(&asked, Verdict::Approve);
    // Nobody had fetched the answer, so it is called off.
    let called_off = Receipt {
        order: order.id.clone(),
        outcome: Outcome::Refused,
        answer: "mira withdrew their approval before anybody used it".into(),
        at: world.now(),
    };
    world.push(&Entry::receipt(&called_off, asked.id.as_str()));
    world.decide(&asked, "mira", Verdict::Withdraw);
    let until_here = world.entries.len();
    world.approve(&asked, &["rowan"]);
    let again = world.order(&asked, Verdict::Approve);
    world.carry_out(&asked, &again);
    world.head();
    let report = world.verify();
    assert!(report.is_good(), "{}", told(&report));

    world.entries.truncate(until_here);
    world.notes.clear();
    world.order(&asked, Verdict::Approve);
    world.head();
    let report = world.verify();
    let Wrong::Quorum { missing, .. } = only(&report) else { panic!("{}", told(&report)) };
    assert_eq!(missing, "1 of 2; missing: one more person");
}

#[test]
fn whoever_stopped_something_does_not_let_it_go_on_and_nobody_does_unsigned() {
    let mut world = World::new();
    let turn = |world: &mut World, who: &str, turn: Turn| {
        let lock = Lock {
            what: Locked::Host("host-1".into()),
            turn,
            reason: "it runs wild".into(),
            reviewer: Reviewer(who.into()),
            at: world.now(),
            signed: None,
        };
        world.push(&Entry::lock(&lock));
    };
    turn(&mut world, "mira", Turn::Lock);
    world.head();
    let report = world.verify();
    assert!(report.is_good(), "stopping is safe: {}", told(&report));
    turn(&mut world, "mira", Turn::Unlock);
    world.head();
    let said = told(&world.verify());
    assert!(said.contains("whoever stopped it does not let it go on"), "{said}");
    assert!(said.contains("to unlock does not hold: the decision is not signed"), "{said}");
}

#[test]
fn the_digest_of_nothing_is_no_roster() {
    let mut world = two_actions();
    world.roster = Digest::of_bytes(b"invented");
    world.replace(1, "senior", "junior");
    world.sign_anew();
    let said = told(&world.verify());
    assert!(said.contains("entry 1, roster: field `body.roster`"), "{said}");
}
