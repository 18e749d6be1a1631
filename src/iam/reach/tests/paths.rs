//! Every path between two parties.

use super::{options, short, start, with_admin};
use crate::iam::{
    reach::{Bound, Paths, can, paths, who_can},
    world::{World, builder::AccountBuilder},
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
