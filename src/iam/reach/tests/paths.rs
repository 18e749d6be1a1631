//! Every path between two parties.

use super::{options, short, start, with_admin};
use crate::iam::{
    reach::{Bound, Paths, can, paths, who_can},
    world::{
        World,
        builder::{AccountBuilder, allow},
    },
};

const ARN: &str = "arn:aws:iam::111122223333:";

fn told(world: &World, from: &str, to: &str, bound: Bound) -> (Vec<Vec<String>>, Option<String>) {
    let Paths { paths, note } = paths(world, from, to, bound, &options());
    (paths.iter().map(|path| path.iter().map(short).collect()).collect(), note)
}

/// start ▶ a ▶ boss, start ▶ b ▶ boss, a ▶ b.
fn diamond() -> AccountBuilder {
    let role = |name: &str| format!("{ARN}role/{name}");
    let user = format!("{ARN}user/start");
    with_admin()
        .trusted_by(&format!("{} {}", role("a"), role("b")))
        .role("a")
        .trusted_by(&user)
        .role("b")
        .trusted_by(&format!("{user} {}", role("a")))
        .user("start")
}

#[test]
fn all_simple_paths_are_told_shortest_first() {
    let (paths, note) = told(&diamond().world(), "start", "admin", Bound::default());
    assert_eq!(
        paths,
        [
            vec!["assume-role>a", "assume-role>boss"],
            vec!["assume-role>b", "assume-role>boss"],
            vec!["assume-role>a", "assume-role>b", "assume-role>boss"],
        ]
    );
    assert_eq!(note, None);
}

#[test]
fn a_bound_is_said_when_it_cuts() {
    let world = diamond().world();
    let (paths, note) = told(&world, "start", "admin", Bound { steps: 6, paths: 2 });
    assert_eq!(paths.len(), 2);
    assert!(note.unwrap().contains("the first 2"));
    let (paths, note) = told(&world, "start", "admin", Bound { steps: 2, paths: 9 });
    assert_eq!(paths.len(), 2);
    assert!(note.unwrap().contains("more than 2 steps"));
}

#[test]
fn paths_begin_at_a_service_or_outside_too() {
    let account =
        with_admin().trusted_by_service("lambda.amazonaws.com").trusted_by("414141414141");
    let world = account.world();
    for (from, step) in
        [("lambda.amazonaws.com", "service>boss"), ("414141414141", "assume-role>boss")]
    {
        assert_eq!(told(&world, from, "boss", Bound::default()).0, [[step]], "{from}");
    }
}

#[test]
fn an_unknown_name_is_said() {
    let (paths, note) = told(&diamond().world(), "nobody", "admin", Bound::default());
    assert!(paths.is_empty());
    assert!(note.unwrap().contains("no principal is named nobody"));
}

#[test]
fn whoever_is_there_already_is_told_so() {
    let world = diamond().world();
    for (from, to) in [("start", "start"), ("boss", "admin"), ("boss", "administrator")] {
        let (paths, note) = told(&world, from, to, Bound::default());
        assert!(paths.is_empty(), "{from} to {to}: {paths:?}");
        assert_eq!(note.unwrap(), "it is there already", "{from} to {to}");
    }
}

#[test]
fn no_path_is_said_to_be_none() {
    let world = AccountBuilder::new().role("a").user("start").world();
    let (paths, note) = told(&world, "a", "start", Bound::default());
    assert!(paths.is_empty());
    assert!(note.unwrap().contains("no path"));
    let (paths, note) = told(&world, "000000000000", "admin", Bound::default());
    assert!(paths.is_empty());
    assert!(note.unwrap().contains("no role lets a party of that name in"));
    let (paths, note) = told(&world, "start", "nowhere", Bound::default());
    assert!(paths.is_empty());
    assert!(note.unwrap().contains("no principal is named nowhere"));
}

#[test]
fn a_path_by_somebody_raised_is_told_as_the_audit_tells_it() {
    let account = AccountBuilder::new()
        .role("tool")
        .trusted_by(&format!("{ARN}role/middle"))
        .role("middle")
        .trusted_by(&format!("{ARN}user/start"))
        .user("start")
        .inline(allow("iam:AttachRolePolicy", &format!("{ARN}role/tool")));
    let (paths, _) = told(&account.world(), "start", "admin", Bound::default());
    let expected = ["attach-role-policy>start", "assume-role>middle", "assume-role>tool"];
    assert!(paths.contains(&expected.map(str::to_owned).to_vec()), "{paths:?}");
}

#[test]
fn what_is_not_known_is_no_missing_path() {
    let mut world = AccountBuilder::new().user("start").world();
    world.accounts[0].is_complete = false;
    let (paths, note) = told(&world, "start", "admin", Bound::default());
    assert_eq!(paths, [["not-known>administrator"]], "{note:?}");
    let mut world = AccountBuilder::new().role("boss").user("start").world();
    world.accounts[0].is_complete = false;
    let (_, note) = told(&world, "start", "boss", Bound::default());
    assert!(note.unwrap().contains("part of them is missing"));
}

#[test]
fn a_conditional_administrator_is_a_goal_too() {
    let own = allow("*", "*").when("Bool", "aws:MultiFactorAuthPresent", "true");
    let account = AccountBuilder::new()
        .role("boss")
        .inline(own)
        .trusted_by(&format!("{ARN}user/start"))
        .user("start");
    let (paths, note) = told(&account.world(), "start", "admin", Bound::default());
    assert_eq!(paths, [["assume-role>boss", "attach-role-policy>administrator"]], "{note:?}");
}

#[test]
fn who_can_names_everybody_who_may() {
    let world = start(AccountBuilder::new(), "s3:DeleteBucket").user("other").world();
    let all = who_can(&world, "s3:DeleteBucket", "arn:aws:s3:::prod", &options());
    assert_eq!(all.len(), 1);
    let (id, ruling) = &all[0];
    assert_eq!(
        can(&world, *id, "s3:DeleteBucket", "arn:aws:s3:::prod", &options()).allowed,
        ruling.allowed
    );
}
