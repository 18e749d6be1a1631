//! Audit and revoke in a live AWS account (moto).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod faults;
mod reach;

use crate::support::{
    aws::{
        Account, ENFORCEMENT, count, credentials, order, plain_lens, poll, service_trust, settings,
    },
    server,
};
use aws_sdk_iam::types::Tag;
use countersign::{
    domain::{
        Credential, CredentialKind, CredentialStatus, Fate, FaultKind, LastUsed, Locator,
        Observation, Order, OrderKind, Outcome, Protocol, Undo,
    },
    sources::{
        Progress, Source, Verdict,
        aws::{AwsSource, SEAL_POLICY_NAME},
    },
};

fn by_label<'a>(seen: &'a Observation, label: &str) -> &'a Credential {
    let found = seen.credentials.iter().find(|one| one.label.raw() == label);
    found.unwrap_or_else(|| panic!("no credential {label} in {:#?}", seen.credentials))
}

fn facts(credential: &Credential, name: &str) -> Vec<String> {
    let named = credential.facts.iter().filter(|fact| fact.name == name);
    named.map(|fact| fact.value.raw().to_owned()).collect()
}

fn grants(credential: &Credential) -> Vec<&str> {
    credential.grants.iter().map(countersign::domain::Untrusted::raw).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn the_inventory_of_an_account_is_complete_and_right() {
    let account = Account::fresh(&server("MOTO")).await;
    let iam = &account.iam;
    let tag = Tag::builder().key("ai-tool").value("claude-code").build().unwrap();
    iam.create_user().user_name("release-bot").path("/agents/").tags(tag).send().await.unwrap();
    account.user("ada").await;
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    iam.attach_user_policy().user_name("release-bot").policy_arn(admin).send().await.unwrap();
    iam.create_group().group_name("readers").send().await.unwrap();
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    iam.attach_group_policy().group_name("readers").policy_arn(read_only).send().await.unwrap();
    iam.add_user_to_group().group_name("readers").user_name("ada").send().await.unwrap();
    let (first, second) = (account.key("release-bot").await, account.key("release-bot").await);
    iam.update_access_key()
        .user_name("release-bot")
        .access_key_id(&second)
        .status(aws_sdk_iam::types::StatusType::Inactive)
        .send()
        .await
        .unwrap();
    let of_ada = account.key("ada").await;
    let boundary = "arn:aws:iam::aws:policy/PowerUserAccess";
    iam.create_role()
        .role_name("bedrock-agent")
        .assume_role_policy_document(service_trust("bedrock.amazonaws.com"))
        .permissions_boundary(boundary)
        .send()
        .await
        .unwrap();
    iam.put_role_policy()
        .role_name("bedrock-agent")
        .policy_name("all")
        .policy_document(r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#)
        .send()
        .await
        .unwrap();
    let github = "token.actions.githubusercontent.com";
    iam.create_open_id_connect_provider()
        .url(format!("https://{github}"))
        .client_id_list("sts.amazonaws.com")
        .thumbprint_list("6938fd4d98bab03faadb97b34396831e3780aea1")
        .send()
        .await
        .unwrap();
    account
        .role(
            "deploy",
            &format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
                "Principal":{{"Federated":"arn:aws:iam::{}:oidc-provider/{github}"}},
                "Condition":{{"StringLike":{{"{github}:sub":"repo:acme/shop:*"}}}}}}]}}"#,
                account.id
            ),
        )
        .await;
    iam.create_account_alias().account_alias(format!("acme-{}", account.id)).send().await.unwrap();

    let saml =
        iam.create_saml_provider().name("corporate").saml_metadata_document("<x/>".repeat(300));
    saml.send().await.unwrap();

    let progress = Progress::new();
    let seen = account.source().await.poll(&progress).await.unwrap();

    assert_eq!(seen.gaps, []);
    assert!(seen.identity.raw().contains(&format!("::{}:assumed-role/auditor/", account.id)));
    assert_eq!(count(&seen, CredentialKind::AccessKey), 3);
    assert_eq!(count(&seen, CredentialKind::RoleTrust), 2);
    assert_eq!(count(&seen, CredentialKind::FederationProvider), 2);
    assert_eq!(progress.now().unwrap().what, "last use of access keys");
    assert_eq!(progress.now().unwrap().done, 3);

    let key = by_label(&seen, &first);
    assert_eq!(key.status, CredentialStatus::Active);
    assert_eq!(key.last_used, LastUsed::Never);
    assert!(key.created.is_some());
    assert_eq!(key.principal.name.raw(), "release-bot");
    assert_eq!(grants(key), ["administrator", "AdministratorAccess"]);
    assert_eq!(facts(key, "path"), ["/agents/"]);
    assert_eq!(facts(key, "tag"), ["ai-tool = claude-code"]);
    assert_eq!(facts(key, "account"), [format!("{0} (acme-{0})", account.id)]);
    assert_eq!(by_label(&seen, &second).status, CredentialStatus::Inactive);

    let key = by_label(&seen, &of_ada);
    assert_eq!(grants(key), ["ReadOnlyAccess (group readers)"]);
    assert_eq!(facts(key, "groups"), ["readers"]);

    let role = by_label(&seen, "bedrock-agent");
    assert_eq!(facts(role, "permission boundary"), [boundary]);
    assert_eq!(facts(role, "trusts"), ["service bedrock.amazonaws.com"]);
    assert_eq!(grants(role), ["administrator within its boundary", "1 inline policy"]);
    let role = by_label(&seen, "deploy");
    let trusts = facts(role, "trusts");
    assert!(trusts[0].contains("sub StringLike repo:acme/shop:*"), "{trusts:?}");

    let provider = by_label(&seen, github);
    assert_eq!(grants(provider), ["audience sts.amazonaws.com"]);
    let saml = by_label(&seen, "corporate");
    assert!(matches!(&saml.locator, Locator::FederationProvider { protocol: Protocol::Saml, .. }));
    let refusal = account.source().await.preview_revoke(saml).await.unwrap_err();
    assert_eq!(refusal.kind, FaultKind::Refused, "deleting a provider has no way back");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn a_revoked_key_is_inactive_on_the_server_and_restore_makes_it_active() {
    let account = Account::fresh(&server("MOTO")).await;
    account.user("kiro").await;
    let (key, other) = (account.key("kiro").await, account.key("kiro").await);
    let source = account.source().await;
    let seen = poll(&source).await;
    let credential = by_label(&seen, &key);

    let preview = source.preview_revoke(credential).await.unwrap();
    assert_eq!(preview.calls.len(), 1);
    assert_eq!(preview.calls[0].operation.raw(), "iam:UpdateAccessKey");
    let parameters: Vec<_> = preview.calls[0].parameters.iter().map(|(_, v)| v.raw()).collect();
    assert_eq!(parameters, ["kiro", &key, "Inactive"]);
    assert!(matches!(&preview.undo, Undo::By { call } if call.parameters[2].1.raw() == "Active"));
    assert!(preview.warnings.iter().any(|w| w.contains(&other)), "{:?}", preview.warnings);
    assert_eq!(account.key_status("kiro", &key).await, "Active", "a preview changes nothing");

    let revoke = Order { credential: Some(credential.id.clone()), ..order(&source, preview.order) };
    let receipt = source.carry_out(&revoke).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Done, "{receipt:?}");
    assert!(receipt.answer.raw().contains("request id"), "{receipt:?}");
    assert_eq!(account.key_status("kiro", &key).await, "Inactive");
    assert_eq!(account.key_status("kiro", &other).await, "Active");
    assert_eq!(source.fate(&revoke).await.unwrap(), Fate::Done);
    assert_eq!(by_label(&poll(&source).await, &key).status, CredentialStatus::Inactive);
    let again = source.preview_revoke(credential).await.unwrap_err();
    assert_eq!(again.kind, FaultKind::Refused, "{again:?}");

    let preview = source.preview_restore(&revoke).await.unwrap();
    let restore = order(&source, preview.order);
    assert_eq!(source.carry_out(&restore).await.unwrap().outcome, Outcome::Done);
    assert_eq!(account.key_status("kiro", &key).await, "Active");
    assert_eq!(source.preview_restore(&revoke).await.unwrap_err().kind, FaultKind::Refused);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn a_sealed_role_carries_the_deny_all_policy_until_it_is_restored() {
    let account = Account::fresh(&server("MOTO")).await;
    account.role("agent", &service_trust("lambda.amazonaws.com")).await;
    let source = account.source().await;
    let seen = poll(&source).await;
    let preview = source.preview_revoke(by_label(&seen, "agent")).await.unwrap();
    assert!(preview.warnings.iter().any(|w| w.contains("issued before")), "{preview:?}");

    let seal = order(&source, preview.order);
    assert_eq!(source.carry_out(&seal).await.unwrap().outcome, Outcome::Done);
    assert_eq!(account.inline_policies("agent").await, [SEAL_POLICY_NAME]);
    assert_eq!(source.fate(&seal).await.unwrap(), Fate::Done);
    let seen = poll(&source).await;
    let sealed = by_label(&seen, "agent");
    assert_eq!(sealed.status, CredentialStatus::Sealed);
    assert_eq!(grants(sealed), [""; 0], "the seal is not counted as a grant");

    let preview = source.preview_restore(&seal).await.unwrap();
    assert_eq!(preview.calls[0].operation.raw(), "iam:DeleteRolePolicy");
    let unseal = order(&source, preview.order);
    assert_eq!(source.carry_out(&unseal).await.unwrap().outcome, Outcome::Done);
    assert_eq!(account.inline_policies("agent").await, [""; 0]);
    assert_eq!(by_label(&poll(&source).await, "agent").status, CredentialStatus::Active);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn a_policy_that_only_has_the_name_of_the_seal_is_left_alone() {
    let account = Account::fresh(&server("MOTO")).await;
    account.role("agent", &service_trust("lambda.amazonaws.com")).await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    let put = account.iam.put_role_policy().role_name("agent").policy_name(SEAL_POLICY_NAME);
    put.policy_document(policy).send().await.unwrap();
    let source = account.source().await;
    let seen = poll(&source).await;
    let role = by_label(&seen, "agent");
    assert_eq!(role.status, CredentialStatus::Active);
    assert_eq!(facts(role, "not sealed").len(), 1);
    let refusal = source.preview_revoke(role).await.unwrap_err();
    assert!(refusal.detail.raw().contains("by hand"), "{refusal:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn a_service_linked_role_is_shown_and_cannot_be_sealed() {
    let account = Account::fresh(&server("MOTO")).await;
    let create = account.iam.create_service_linked_role().aws_service_name("ecs.amazonaws.com");
    let name = create.send().await.unwrap().role.unwrap().role_name;
    let source = account.source().await;
    let seen = poll(&source).await;
    let role = by_label(&seen, &name);
    assert_eq!(facts(role, "managed by").len(), 1);
    let refusal = source.preview_revoke(role).await.unwrap_err();
    assert_eq!(refusal.kind, FaultKind::Refused);
    assert!(refusal.detail.raw().contains("/aws-service-role/"), "{refusal:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn what_aws_refuses_is_a_receipt_that_says_so() {
    let account = Account::fresh(&server("MOTO")).await;
    account.user("kiro").await;
    let source = account.source().await;
    let kind = OrderKind::SetAccessKey {
        user: "kiro".to_owned(),
        key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        active: false,
    };
    let receipt = source.carry_out(&order(&source, kind)).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Refused);
    assert!(receipt.answer.raw().contains("NoSuchEntity"), "{receipt:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn an_order_meant_for_another_account_is_not_sent() {
    let (here, there) =
        (Account::fresh(&server("MOTO")).await, Account::fresh(&server("MOTO")).await);
    for account in [&here, &there] {
        account.role("agent", &service_trust("lambda.amazonaws.com")).await;
    }
    let seen = poll(&here.source().await).await;
    let role = by_label(&seen, "agent");
    let elsewhere = there.source().await;
    assert_eq!(elsewhere.preview_revoke(role).await.unwrap_err().kind, FaultKind::Refused);
    let kind = OrderKind::SealRole { role: "agent".to_owned() };
    let seal = Order { credential: Some(role.id.clone()), ..order(&elsewhere, kind) };
    let refusal = elsewhere.carry_out(&seal).await.unwrap_err();
    assert!(refusal.detail.raw().contains(&there.id), "{refusal:?}");
    assert_eq!(there.inline_policies("agent").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn a_key_that_countersign_signs_with_is_pointed_out_before_it_is_revoked() {
    let endpoint = server("MOTO");
    let account = Account::fresh(&endpoint).await;
    account.user("auditor").await;
    let made = account.iam.create_access_key().user_name("auditor").send().await.unwrap();
    let made = made.access_key.unwrap();
    let own = credentials(&made.access_key_id, &made.secret_access_key);
    let source = AwsSource::connect_as(&settings(&endpoint), plain_lens(), own).await;
    let seen = poll(&source).await;
    let preview = source.preview_revoke(by_label(&seen, &made.access_key_id)).await.unwrap();
    assert!(preview.warnings[0].contains("Countersign itself signs with"), "{preview:?}");
}

/// The second moto checks permissions from the moment it is told to.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn doctor_names_exactly_the_permissions_that_are_missing() {
    let endpoint = server("MOTO_ENFORCED");
    let alone = ENFORCEMENT.lock().await;
    let account = Account::fresh(&endpoint).await;
    let allow = |actions: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{actions},"Resource":"*"}}]}}"#
        )
    };
    account.user("auditor").await;
    let policy = allow(
        r#"["iam:GetAccountAuthorizationDetails","iam:ListOpenIDConnectProviders","iam:GetOpenIDConnectProvider","iam:ListSAMLProviders","iam:GetRole","iam:GetRolePolicy"]"#,
    );
    let put = account.iam.put_user_policy().user_name("auditor").policy_name("audit");
    put.policy_document(policy).send().await.unwrap();
    let made = account.iam.create_access_key().user_name("auditor").send().await.unwrap();
    let made = made.access_key.unwrap();
    let http = reqwest::Client::new();
    http.post(format!("{endpoint}/moto-api/reset-auth")).body("0").send().await.unwrap();

    let own = credentials(&made.access_key_id, &made.secret_access_key);
    let source = AwsSource::connect_as(&settings(&endpoint), plain_lens(), own).await;
    let report = source.diagnose().await;
    let seen = source.poll(&Progress::new()).await;
    let wrong = credentials(&made.access_key_id, "not-the-secret");
    let stranger = AwsSource::connect_as(&settings(&endpoint), plain_lens(), wrong).await;
    let refused = stranger.poll(&Progress::new()).await;
    // Others may want to seed this server after us.
    http.post(format!("{endpoint}/moto-api/reset-auth")).body("1000000").send().await.unwrap();
    drop(alone);

    let bad: Vec<&str> = report
        .iter()
        .filter(|line| matches!(line.verdict, Verdict::Bad { .. }))
        .map(|line| line.what.as_str())
        .collect();
    assert_eq!(bad, ["iam:ListAccessKeys", "iam:ListAccountAliases"], "{report:#?}");
    for line in &report {
        if let Verdict::Bad { next_step, .. } = &line.verdict {
            assert!(next_step.contains(&line.what), "{line:?}");
        }
    }
    let writes: Vec<_> = report.iter().filter(|line| line.what == "iam:UpdateAccessKey").collect();
    assert!(
        matches!(&writes[0].verdict, Verdict::Warning { problem, .. } if problem.raw().contains("not checked")),
        "{writes:?}"
    );

    let seen = seen.unwrap();
    let gap = seen.gaps.iter().find(|gap| gap.part.0 == "access-keys").unwrap();
    assert_eq!(gap.fault.missing_permission.as_deref(), Some("iam:ListAccessKeys"));
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, FaultKind::BadToken, "{refused:?}");
}
