//! What somebody does alone, takes back or stops is told at once, and what is owed stays told.

use super::{bodies, taking, told_at};
use crate::{
    attacks::office::order,
    support::{
        hostile::{Hostile, Reply},
        memory,
        program::Program,
    },
};
use countersign::{
    domain::{
        Action, Decision, Leave, Lock, Locked, Order, OrderId, OrderKind, Outcome, Part, Receipt,
        Requirement, Reviewer, Ruling, Signed, SourceKind, SourceName, Subject, Turn, Verdict,
    },
    review::Review,
    store::{SqliteStore, Store},
    watch::{Event, Frame, Memory, look},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::{fs, sync::Arc};

const WHY: &str = "checkout is down and nobody else answers";

fn decided(asked: &Action, who: &str, verdict: Verdict, why: &str) -> Decision {
    let signed = Signed { statement: "{}".to_owned(), signature: "none".to_owned() };
    Decision {
        action: asked.id.clone(),
        digest: asked.digest().unwrap(),
        verdict,
        reviewer: Reviewer(who.into()),
        reason: why.into(),
        at: Timestamp::now(),
        signed: Some(signed),
    }
}

/// The review that somebody else owes.
fn owed(of: &Action) -> Action {
    let source = SourceName::new(SourceKind::Gate, "break-glass");
    let subject = Subject::FollowUp {
        of: of.id.clone(),
        digest: of.digest().unwrap(),
        order: order(of).id,
        by: Reviewer("kim".into()),
        reason: WHY.into(),
    };
    Action {
        id: subject.id(&source),
        source,
        part: Part::new("follow-up reviews"),
        subject,
        title: format!("break-glass by kim: {}", of.title.raw()).into(),
        ruling: Some(Ruling {
            leave: Leave::Held(Requirement::AFTERWARDS),
            ..memory::held(1, &[])
        }),
        ..of.clone()
    }
}

/// A call that waits, which kim lets go ahead alone.
async fn breaks(store: &SqliteStore) -> Action {
    let asked =
        Action { ruling: Some(memory::held(2, &["senior"])), ..memory::call("deploy", "n1") };
    store.put_action(&asked, asked.opened).await.unwrap();
    let alone = decided(&asked, "kim", Verdict::BreakGlass, WHY);
    store.break_glass(&alone, &order(&asked), &owed(&asked)).await.unwrap();
    asked
}

fn one<'a>(bodies: &'a [Value], event: &str) -> &'a Value {
    let mut of = bodies.iter().filter(|body| body["event"] == event);
    let found = of.next().unwrap_or_else(|| panic!("no {event}: {bodies:#?}"));
    assert!(of.next().is_none(), "two of {event}: {bodies:#?}");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_glass_is_told_to_everybody_at_once_with_who_why_and_what() {
    let (webhook, slack) =
        (taking().await, Hostile::answering(|_| Reply::of(200, "text/plain", "ok")).await);
    // Nobody asked for it.
    let more = "on = [\"policy\"]\n\
         [[notify]]\nname = \"chat\"\nslack = { env = \"CHAT\" }\non = [\"policy\"]\n\
         [[notify]]\nname = \"desk\"\non = [\"policy\"]\n\
         command = [\"sh\", \"-c\", \"cat >> \\\"$HOME/heard\\\"\"]\n\
         [[notify]]\nname = \"terminal\"\nbell = true\n";
    let program = told_at(&webhook.url, more).with("CHAT", &format!("{}/chat", slack.url));
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let store = program.store().await;
    let asked = breaks(&store).await;
    store.close().await;
    let ran = program.run(&["watch", "--once"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let said = bodies(&webhook);
    assert_eq!(said.len(), 1, "{said:#?}");
    let told = one(&said, "break-glass");
    assert_eq!((&told["who"], &told["why"]), (&"kim".into(), &WHY.into()));
    assert_eq!(told["action"]["id"], asked.id.as_str());
    let summary = told["summary"].as_str().unwrap();
    for part in ["BREAK-GLASS: kim", "deploy", "acme/shop main (production)", WHY, "somebody else"]
    {
        assert!(summary.contains(part), "{part}: {summary}");
    }
    let chat = bodies(&slack);
    assert!(chat[0]["text"].as_str().unwrap().contains("BREAK-GLASS: kim"), "{chat:?}");
    let heard = fs::read_to_string(program.path("heard")).unwrap();
    assert!(heard.contains("\"event\":\"break-glass\"") && heard.contains(WHY), "{heard}");
    assert!(ran.stdout.contains("break-glass") && ran.stdout.contains("follow-up"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_review_that_is_owed_is_told_again_until_somebody_makes_it() {
    let program = Program::new();
    let store: Arc<dyn Store> = Arc::new(program.store().await);
    let frame = Frame {
        review: Review::new(Arc::clone(&store), Vec::new(), Reviewer("ana".into())),
        host: "bastion".to_owned(),
        expiring: SignedDuration::from_mins(5),
        remind: SignedDuration::from_hours(4),
    };
    let mut memory = Memory::begin(&*store).await.unwrap();
    let asked = breaks(&program.store().await).await;
    let now = Timestamp::now();
    let mut told = Vec::new();
    let mut dues = Vec::new();
    for minutes in [0, 1, 239, 241, 300, 482] {
        let at = now + SignedDuration::from_mins(minutes);
        let looked = look(&frame, &mut memory, false, at).await.unwrap();
        dues.push(looked.due.unwrap().duration_since(now).as_mins());
        let owed = looked.news.into_iter().filter(|news| news.event == Event::FollowUp);
        told.extend(owed.map(|news| (minutes, news)));
    }
    let when: Vec<i64> = told.iter().map(|(minutes, _)| *minutes).collect();
    assert_eq!(when, [0, 241, 482]);
    assert_eq!(dues, [240, 240, 240, 481, 481, 722]);
    assert!(told[0].1.id != told[1].1.id && told[1].1.id != told[2].1.id);
    for (_, news) in &told {
        assert_eq!((news.who.as_deref(), news.why.as_deref()), (Some("kim"), Some(WHY)));
        assert!(news.summary.contains("somebody other than kim"), "{}", news.summary);
    }
    let owed = owed(&asked);
    let kind = OrderKind::AnswerCommand {
        nonce: "n1".into(),
        verdict: Verdict::Reject,
        reason: "too much".into(),
    };
    let (id, action) = (OrderId::derive(&["2"]), Some(owed.id.clone()));
    let answer = Order { id, action, kind, ..order(&asked) };
    let seen = decided(&owed, "ana", Verdict::Reject, "too much");
    store.decide(&seen, &answer, &|_| true).await.unwrap();
    let receipt = Receipt {
        order: answer.id.clone(),
        outcome: Outcome::Done,
        answer: "looked at: wrong".into(),
        at: Timestamp::now(),
    };
    store.settle(&answer.id, &receipt).await.unwrap();
    let later = now + SignedDuration::from_hours(20);
    let looked = look(&frame, &mut memory, false, later).await.unwrap();
    let words: Vec<&str> = looked.news.iter().map(|news| news.event.word()).collect();
    assert_eq!(words, ["decided", "rejected"]);
    assert!(looked.news[1].summary.contains("looked at, and WRONG"), "{:?}", looked.news);
    assert_eq!(looked.due, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_locked_and_unlocked_is_told_with_who_and_why() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "on = [\"withdrawn\", \"locked\", \"unlocked\"]\n");
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let store = program.store().await;
    let asked =
        Action { ruling: Some(memory::held(2, &["senior"])), ..memory::call("deploy", "n1") };
    store.put_action(&asked, asked.opened).await.unwrap();
    let yes = decided(&asked, "ines", Verdict::Approve, "");
    store.decide(&yes, &order(&asked), &|_| false).await.unwrap();
    let back = decided(&asked, "ines", Verdict::Withdraw, "looked again");
    store.withdraw(&back).await.unwrap();
    // A session whose name is that of an action is still a session.
    for (turn, who) in [(Turn::Lock, "ana"), (Turn::Unlock, "ines")] {
        let what = Locked::Session(asked.id.as_str().into());
        let (reviewer, at) = (Reviewer(who.into()), Timestamp::now());
        let lock = Lock { what, turn, reason: "it ran wild".into(), reviewer, at, signed: None };
        store.turn(&lock).await.unwrap();
    }
    store.close().await;
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    let said = bodies(&receiver);
    assert_eq!(said.len(), 3, "{said:#?}");
    let back = one(&said, "withdrawn");
    assert_eq!((&back["who"], &back["why"]), (&"ines".into(), &"looked again".into()));
    assert_eq!(back["action"]["id"], asked.id.as_str());
    let locked = one(&said, "locked");
    let summary = locked["summary"].as_str().unwrap();
    assert_eq!((&locked["who"], locked.get("action")), (&"ana".into(), None));
    for part in ["ana: locked session", asked.id.as_str(), "it ran wild", "every gate refuses"] {
        assert!(summary.contains(part), "{part}: {summary}");
    }
    assert_eq!(one(&said, "unlocked")["who"], "ines");
}
