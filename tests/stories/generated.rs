//! The accounts that are made for benches and stories: always the same, whole, and what was
//! planted in them is in them.

#[path = "../../benches/accounts/mod.rs"]
pub mod accounts;

use accounts::{Plan, Truth};
use countersign::iam::{
    load_reader,
    world::{Input, Sides, World},
};
use std::path::Path;

const PLAN: Plan<'_> = Plan { principals: 1_200, seed: 3, account: "111122223333" };

fn made(plan: Plan<'_>) -> (Vec<u8>, Truth) {
    let mut text = Vec::new();
    let truth = accounts::write(plan, &mut text).unwrap();
    (text, truth)
}

#[test]
fn the_same_plan_gives_the_same_account_and_another_seed_another() {
    assert_eq!(made(PLAN), made(PLAN));
    assert_ne!(made(PLAN).0, made(Plan { seed: 4, ..PLAN }).0);
}

#[test]
fn a_generated_account_loads_without_a_problem_and_holds_what_was_planted() {
    for principals in [40, 1_200] {
        let plan = Plan { principals, ..PLAN };
        let (text, truth) = made(plan);
        let details = load_reader(Path::new("made.json"), text.as_slice()).unwrap().details;
        let mut sides = Sides::default();
        sides.take_scps(&accounts::scps(plan).to_string()).unwrap();
        let policies = accounts::resource_policies(plan).to_string();
        sides.take_resource_policies("policies.json", &policies).unwrap();
        let world = World::build([Input::new("made.json", details)], sides);
        assert_eq!(world.problems, []);
        assert_eq!(world.principals.len(), principals);
        assert!(!truth.climbers.is_empty() && !truth.stopped.is_empty());
        let planted = truth.administrators.iter().chain(
            truth.climbers.iter().chain(&truth.stopped).chain(&truth.open).map(|(arn, _)| arn),
        );
        for arn in planted {
            assert!(world.find(arn).is_some(), "{arn}");
        }
    }
}
