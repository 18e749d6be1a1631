//! Making somebody stronger who is further away than one step.

use super::{answer, path, reaches};
use crate::iam::{
    Truth,
    world::builder::{AccountBuilder, allow, deny},
};

const ARN: &str = "arn:aws:iam::111122223333:";

fn role(name: &str) -> String {
    format!("{ARN}role/{name}")
}

/// start ▶ middle ▶ tool, and nobody is an administrator.
fn chain() -> AccountBuilder {
    AccountBuilder::new()
        .role("tool")
        .trusted_by(&role("middle"))
        .role("middle")
        .trusted_by(&format!("{ARN}user/start"))
}

#[test]
fn whoever_raises_a_role_two_hops_away_becomes_it_all_the_same() {
    let account = chain().user("start").inline(allow("iam:AttachRolePolicy", &role("tool")));
    let told = answer(&account.world(), "start");
    assert_eq!(told.reaches_admin, Truth::Yes);
    assert_eq!(
        path(&account),
        ["attach-role-policy>start", "assume-role>middle", "assume-role>tool"]
    );
    assert!(told.path.iter().all(|step| step.conditions.is_empty()), "{:?}", told.path);
    assert!(told.path[0].on.contains(&role("tool")), "{:?}", told.path[0]);
    // The one in the middle reaches the tool and raises nobody.
    assert_eq!(answer(&account.world(), "middle").reaches_admin, Truth::No);
}

#[test]
fn one_role_raises_what_another_leads_to() {
    let user = format!("{ARN}user/start");
    let account = chain()
        .role("hand")
        .trusted_by(&user)
        .inline(allow("iam:PutRolePolicy", &role("tool")))
        .user("start");
    assert_eq!(reaches(&account), Truth::Yes);
    assert_eq!(
        path(&account),
        ["assume-role>hand", "put-role-policy>start", "assume-role>middle", "assume-role>tool"]
    );
    // By itself the hand gets nowhere surely: it cannot act as the tool.
    assert_eq!(answer(&account.world(), "hand").reaches_admin, Truth::Depends);
    assert_eq!(answer(&account.world(), "middle").reaches_admin, Truth::No);
}

#[test]
fn a_step_that_depends_leaves_the_whole_conditional() {
    let open = allow("iam:AttachRolePolicy", &role("tool"));
    let open = open.when("Bool", "aws:MultiFactorAuthPresent", "true");
    let account = chain().user("start").inline(open);
    assert_eq!(reaches(&account), Truth::Depends);
}

#[test]
fn what_holds_the_raised_one_down_is_minded() {
    let start = |account: AccountBuilder| {
        reaches(&account.user("start").inline(allow("iam:AttachRolePolicy", &role("tool"))))
    };
    let tool = AccountBuilder::new().policy("cap", allow("s3:*", "*")).role("tool");
    let rest = |tool: AccountBuilder| {
        tool.trusted_by(&role("middle")).role("middle").trusted_by(&format!("{ARN}user/start"))
    };
    assert_eq!(start(rest(tool.clone())), Truth::Yes);
    assert_ne!(start(rest(tool.clone().bounded_by("cap"))), Truth::Yes);
    assert_ne!(start(rest(tool.inline(deny("iam:*", "*")))), Truth::Yes);
}

#[test]
fn through_a_group_one_may_join_it_works_as_well() {
    let account = chain()
        .group("hands")
        .inline(allow("iam:AttachRolePolicy", &role("tool")))
        .user("start")
        .inline(allow("iam:AddUserToGroup", "*"));
    assert_eq!(reaches(&account), Truth::Yes);
    assert_eq!(path(&account)[0], "add-user-to-group + attach-role-policy>start");
}
