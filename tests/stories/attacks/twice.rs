//! Many gates, one approval.

use super::office::{Office, is_passed, signed_by_two};
use crate::support::memory::call;
use countersign::{
    domain::Action,
    gate::{self, Queue},
    store,
};
use std::time::Duration;

on_both_stores! {
    of_fifty_gates_with_the_very_same_call_one_lets_it_pass
    an_intruder_who_hands_the_answer_out_again_and_again_lets_it_pass_once
}

/// As many as the issue says.
const GATES: usize = 50;

async fn of_fifty_gates_with_the_very_same_call_one_lets_it_pass(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();

    assert_eq!(race(&office, false).await, 1);
}

async fn an_intruder_who_hands_the_answer_out_again_and_again_lets_it_pass_once(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();

    assert_eq!(race(&office, true).await, 1);
}

/// How many of the gates let the call pass.
async fn race(office: &Office, with_intruder: bool) -> usize {
    let path = office.path("store.db");
    let gates: Vec<_> = (0..GATES)
        .map(|number| {
            let (path, reviewers) = (path.clone(), office.roster());
            tokio::spawn(async move {
                let store = store::open(&path).await.unwrap();
                let nonce = format!("g{number}");
                let action =
                    Action { ruling: Some(signed_by_two()), ..call("terraform destroy", &nonce) };
                let queue = Queue { store: &*store, beside: &path, reviewers: &reviewers };
                let until = tokio::time::Instant::now() + Duration::from_secs(2);
                gate::hold(queue, &action, until).await
            })
        })
        .collect();
    while with_intruder && !gates.iter().all(tokio::task::JoinHandle::is_finished) {
        let again = "UPDATE orders SET state = 'intended', taken = NULL, receipt = NULL";
        office.intruder.writes(again).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let ended = futures::future::join_all(gates).await;
    ended.into_iter().filter(|held| is_passed(held.as_ref().unwrap())).count()
}
