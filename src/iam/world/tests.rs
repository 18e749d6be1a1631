use super::{
    Boundary, Input, Sides, World,
    builder::{AccountBuilder, allow, deny, let_in},
    testing::worlds,
};
use crate::iam::{AuthorizationDetails, Document};
use serde_json::json;

const BOB: &str = "arn:aws:iam::111122223333:user/bob";
const DEPLOY: &str = "arn:aws:iam::111122223333:role/deploy";

fn two_files(first: &AccountBuilder, second: &AccountBuilder) -> World {
    World::build([first.input("a.json"), second.input("b.json")], Sides::default())
}

#[test]
fn a_user_has_its_own_policies_and_those_of_its_groups_by_name() {
    let world = AccountBuilder::new()
        .policy("deploy", allow("s3:*", "*"))
        .group("ops")
        .attach("deploy")
        .inline(allow("ec2:*", "*"))
        .user("bob")
        .member_of("ops")
        .inline(deny("iam:*", "*"))
        .admin()
        .tag("team", "core")
        .world();
    let bob = world.get(BOB);
    let names: Vec<&str> = bob.policies.iter().map(|policy| &*policy.name).collect();
    assert_eq!(
        names,
        ["inline-0", "AdministratorAccess", "inline-0 (group ops)", "deploy (group ops)"]
    );
    assert!(bob.policies.iter().all(|policy| policy.document.is_some()));
    assert_eq!(&*bob.tags, [("team".into(), "core".into())]);
    let group = &world.groups[0];
    assert_eq!(group.members, [world.find(BOB).unwrap()]);
    let deploy = world.find_policy("arn:aws:iam::111122223333:policy/deploy").unwrap();
    assert_eq!(world.policy(deploy).unwrap().groups.len(), 1);
    assert!(world.policy(deploy).unwrap().principals.is_empty(), "bob has it through the group");
    assert_eq!(world.told(), [""; 0]);
}

#[test]
fn equal_documents_are_one() {
    let world = AccountBuilder::new()
        .role("a")
        .trusted_by_service("lambda.amazonaws.com")
        .role("b")
        .trusted_by_service("lambda.amazonaws.com")
        .role("c")
        .trusted_by_service("ec2.amazonaws.com")
        .world();
    let trust = |at: usize| world.principals[at].trust.clone().unwrap();
    assert!(std::sync::Arc::ptr_eq(&trust(0), &trust(1)));
    assert!(!std::sync::Arc::ptr_eq(&trust(0), &trust(2)));
}

#[test]
fn a_session_finds_its_role_whatever_its_path_and_root_finds_nobody() {
    let world = worlds(&[
        AccountBuilder::new().role_at("/ops/", "deploy").user("bob"),
        AccountBuilder::of("222233334444").role("deploy"),
    ]);
    let role = world.find("arn:aws:iam::111122223333:role/ops/deploy");
    assert!(role.is_some());
    assert_eq!(world.find("arn:aws:sts::111122223333:assumed-role/deploy/i-0a1b"), role);
    assert_eq!(
        world.find("arn:aws:sts::222233334444:assumed-role/deploy/x"),
        world.find("arn:aws:iam::222233334444:role/deploy")
    );
    for nobody in [
        "arn:aws:iam::111122223333:root",
        "arn:aws:sts::111122223333:assumed-role/bob/x",
        "arn:aws:sts::333344445555:assumed-role/deploy/x",
        "arn:aws:iam::111122223333:role/deploy",
        "111122223333",
        "",
    ] {
        assert_eq!(world.find(nobody), None, "{nobody}");
    }
}

#[test]
fn roles_only_aws_may_edit_are_told_apart() {
    let world = AccountBuilder::new()
        .role_at("/aws-service-role/lex.amazonaws.com/", "AWSServiceRoleForLex")
        .role_at("/aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_Admin_0123")
        .role("deploy")
        .profile("web")
        .world();
    let flags: Vec<_> =
        world.principals.iter().map(|p| (p.is_service_linked, p.is_reserved)).collect();
    assert_eq!(flags, [(true, false), (false, true), (false, false)]);
    assert_eq!(*world.get(DEPLOY).instance_profiles, [Box::<str>::from("web")]);
}

#[test]
fn a_boundary_that_is_not_in_the_file_is_unknown_and_told_with_its_consequence() {
    let world = AccountBuilder::new()
        .policy("known", allow("s3:*", "*"))
        .user("amy")
        .bounded_by("known")
        .user("bob")
        .bounded_by("dev")
        .user("eve")
        .bounded_by("dev")
        .world();
    assert!(matches!(world.principals[0].boundary, Boundary::Known { .. }));
    assert!(matches!(world.principals[1].boundary, Boundary::Unknown { .. }));
    assert_eq!(
        world.told(),
        [
            "arn:aws:iam::111122223333:policy/dev: no file has its content; it is the permissions boundary of arn:aws:iam::111122223333:user/bob and 1 more, so what they have may be forbidden by it (AWS leaves out a policy that is used only as a boundary; add it with `aws iam get-policy-version`)"
        ]
    );
}

#[test]
fn an_attached_policy_without_content_is_unknown_unless_everybody_knows_what_it_says() {
    let world = AccountBuilder::new()
        .user("bob")
        .attach("gone")
        .attach_aws("AdministratorAccess")
        .attach_aws("PowerUserAccess")
        .attach_aws("AmazonFooFullAccess")
        .world();
    let known: Vec<bool> =
        world.get(BOB).policies.iter().map(|policy| policy.document.is_some()).collect();
    assert_eq!(known, [false, true, true, false]);
    assert_eq!(
        world.told(),
        [
            "arn:aws:iam::111122223333:policy/gone: no file has its content; it is attached to arn:aws:iam::111122223333:user/bob, so what they may do is unknown",
            "arn:aws:iam::aws:policy/AmazonFooFullAccess: no file has its content; it is attached to arn:aws:iam::111122223333:user/bob, so what they may do is unknown",
        ]
    );
    assert!(
        world.get(BOB).policies.iter().all(|policy| policy.managed.is_some()),
        "somebody may be able to rewrite a policy we cannot read"
    );
}

#[test]
fn what_is_known_to_everybody_reads_as_policies() {
    for name in ["AdministratorAccess", "AWSDenyAll", "PowerUserAccess"] {
        let world = AccountBuilder::new().user("bob").attach_aws(name).world();
        assert!(world.principals[0].policies[0].document.is_some(), "{name}");
    }
}

#[test]
fn versions_that_are_not_in_force_are_kept_apart() {
    let world = AccountBuilder::new()
        .policy("deploy", allow("s3:*", "*"))
        .version("v2", allow("*", "*"))
        .user("bob")
        .attach("deploy")
        .world();
    let deploy = &world.policies[0];
    assert_eq!(deploy.others.len(), 1);
    assert_eq!(&*deploy.others[0].0, "v2");
    assert_eq!(deploy.principals, [world.find(BOB).unwrap()]);
}

#[test]
fn a_group_that_is_nowhere_leaves_its_member_with_an_unknown_policy() {
    let world = AccountBuilder::new().user("bob").member_of("ops").world();
    assert_eq!(&*world.get(BOB).policies[0].name, "(group ops)");
    assert!(world.get(BOB).policies[0].document.is_none());
    assert_eq!(
        world.told(),
        [
            "group ops of account 111122223333: no file has it; arn:aws:iam::111122223333:user/bob belong to it, so what they have through it is unknown"
        ]
    );
}

#[test]
fn documents_that_cannot_be_read_are_unknown_with_place_and_consequence() {
    let world = AccountBuilder::new()
        .policy("deploy", json!({"Statement": [{"Effect": "allow", "Action": "*"}]}))
        .user("bob")
        .attach("deploy")
        .inline(json!("%7B"))
        .role("deploy")
        .trust(json!({"Version": "2012-10-17"}))
        .world();
    assert!(world.get(BOB).policies.iter().all(|policy| policy.document.is_none()));
    assert!(world.get(DEPLOY).trust.is_none());
    assert_eq!(
        world.told(),
        [
            "account.json: arn:aws:iam::111122223333:policy/deploy v1: Statement[0].Effect: expected \"Allow\" or \"Deny\", found \"allow\"; what it gives or forbids those it is attached to is unknown",
            "account.json: arn:aws:iam::111122223333:user/bob inline-0: not JSON at line 1, column 1: EOF while parsing an object; what it gives or forbids is unknown",
            "account.json: arn:aws:iam::111122223333:role/deploy trust policy: the document: it has no `Statement`; who may assume the role is unknown",
        ]
    );
}

#[test]
fn the_same_file_twice_counts_once() {
    let account = AccountBuilder::new().policy("p", allow("*", "*")).user("bob").attach("p");
    let world = two_files(&account, &account);
    assert_eq!((world.principals.len(), world.policies.len(), world.accounts.len()), (1, 1, 1));
    assert_eq!(
        world.told(),
        [
            "b.json: arn:aws:iam::111122223333:policy/p and 1 more were there already; the first of each is kept, these are passed over"
        ]
    );
}

#[test]
fn files_of_one_account_are_put_together_in_any_order() {
    let users = AccountBuilder::new().user("bob").member_of("ops").attach("p").without("Policies");
    let rest = AccountBuilder::new().group("ops").policy("p", allow("*", "*"));
    for world in [two_files(&users, &rest), two_files(&rest, &users)] {
        assert_eq!(world.accounts.len(), 1);
        assert!(world.accounts[0].is_complete);
        assert_eq!(world.told(), [""; 0]);
        assert!(world.get(BOB).policies.iter().all(|policy| policy.document.is_some()));
    }
}

#[test]
fn a_missing_list_is_told_and_the_account_is_not_complete() {
    let world = AccountBuilder::new().user("bob").without("RoleDetailList").world();
    assert!(world.find(BOB).is_some());
}

#[test]
fn one_file_may_speak_of_several_accounts_and_partitions() {
    let mut details = AccountBuilder::new().user("bob").input("a.json").details;
    details.absorb(AccountBuilder::of("222233334444").user("bob").input("a.json").details);
    let china = AccountBuilder::of("333344445555").partition("aws-cn").user("bob").admin();
    details.absorb(china.input("a.json").details);
    let world = World::of("a.json", details);
    let accounts: Vec<_> = world.accounts.iter().map(|a| (&*a.id, &*a.partition)).collect();
    assert_eq!(
        accounts,
        [("111122223333", "aws"), ("222233334444", "aws"), ("333344445555", "aws-cn")]
    );
    assert!(world.principals[2].policies[0].document.is_some(), "AWS's policies are everywhere");
}

#[test]
fn an_empty_account_is_told() {
    let world = AccountBuilder::new().world();
    assert!(world.principals.is_empty());
    assert!(world.told()[0].starts_with("account.json: it names no user, role or group"));
}

#[test]
fn an_arn_without_an_account_is_passed_over_and_told() {
    let world = AccountBuilder::of("prod").user("bob").world();
    assert!(world.principals.is_empty());
    assert!(world.told()[0].contains("arn:aws:iam::prod:user/bob: its ARN names no account"));
}

#[test]
fn what_resources_say_is_found_by_arn() {
    let document = |says: super::builder::Says| Document::from_text(&says.document().to_string());
    let sides = Sides {
        resource_policies: vec![
            ("arn:aws:s3:::b".into(), document(let_in("*", "s3:GetObject").on("arn:aws:s3:::b/*"))),
            ("arn:aws:s3:::a".into(), document(let_in("*", "s3:GetObject").on("arn:aws:s3:::a/*"))),
            ("arn:aws:s3:::c".into(), Document::from_text("{}")),
        ],
        ..Sides::default()
    };
    let world = AccountBuilder::new().user("bob").world_with(sides);
    assert!(world.resource_policy("arn:aws:s3:::a").is_some());
    assert!(world.resource_policy("arn:aws:s3:::b").is_some());
    assert_eq!(world.resource_policy("arn:aws:s3:::c").map(|known| known.is_some()), Some(false));
    assert!(world.resource_policy("arn:aws:s3:::d").is_none());
    assert_eq!(
        world.told(),
        [
            "resource policy of arn:aws:s3:::c: the document: it has no `Statement`; whom it lets in is unknown"
        ]
    );
}

#[test]
fn an_input_by_hand_is_whole() {
    let world = World::of("live", AccountBuilder::new().user("bob").input("x").details);
    assert!(world.accounts[0].is_complete);
    assert!(Input::new("live", AuthorizationDetails::default()).missing.is_empty());
}
