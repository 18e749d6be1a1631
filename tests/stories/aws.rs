//! Audit and revoke in a live AWS account (moto).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

use crate::support::{
    aws::{
        Account, Reply, TinyServer, blurting_server, count, credentials, order, plain_lens, poll,
        service_trust, settings, source_at,
    },
    server,
};
use aws_sdk_iam::types::Tag;
use countersign::{
    domain::{
        Credential, CredentialKind, CredentialStatus, Fate, FaultKind, LastUsed, Locator,
        Observation, Order, OrderKind, Outcome, SourceFault, Undo,
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

    let progress = Progress::new();
    let seen = account.source().await.poll(&progress).await.unwrap();

    assert_eq!(seen.gaps, []);
    assert!(seen.identity.raw().contains(&format!("::{}:assumed-role/auditor/", account.id)));
    assert_eq!(count(&seen, CredentialKind::AccessKey), 3);
    assert_eq!(count(&seen, CredentialKind::RoleTrust), 2);
    assert_eq!(count(&seen, CredentialKind::FederationProvider), 1);
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

/// How a poll of a server that answers like this fails.
async fn fault_of(answer: impl Fn() -> Reply + Send + Sync + 'static) -> SourceFault {
    let server = TinyServer::start(move |_, _| answer()).await;
    let source = source_at(&server.url).await;
    source.poll(&Progress::new()).await.expect_err("a fault")
}

const IDENTITY: &str = "sts:GetCallerIdentity";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_no_api_answer_is_called_malformed() {
    let page = || Reply::Http(500, "text/html", "<!doctype html><h1>oops</h1>".to_owned());
    let fault = fault_of(page).await;
    assert_eq!((fault.kind, fault.during.as_str()), (FaultKind::Malformed, IDENTITY), "{fault:?}");
    let login = || Reply::Http(200, "text/html", "<html><form>sign in</form></html>".to_owned());
    assert_eq!(fault_of(login).await.kind, FaultKind::Malformed);
    let cut = || Reply::xml(200, "<GetCallerIdentityResponse xmlns=\"x\"><GetCallerIdent");
    assert_eq!(fault_of(cut).await.kind, FaultKind::Malformed);
    let noise = || Reply::Raw(b"SSH-2.0-OpenSSH_9.2\r\n");
    let fault = fault_of(noise).await;
    assert_eq!(fault.kind, FaultKind::Malformed, "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_aws_are_told_apart_by_their_code() {
    let cases = [
        (403, "InvalidClientTokenId", FaultKind::BadToken),
        (403, "ExpiredToken", FaultKind::BadToken),
        (403, "SignatureDoesNotMatch", FaultKind::BadToken),
        (403, "AccessDenied", FaultKind::Forbidden),
        (400, "Throttling", FaultKind::RateLimited),
        (500, "ServiceFailure", FaultKind::ServerError),
        (400, "SomethingNew", FaultKind::Refused),
    ];
    for (status, code, kind) in cases {
        let fault = fault_of(move || {
            Reply::error(
                status,
                code,
                "User: x is not authorized to perform: iam:ListUsers on resource: y",
            )
        })
        .await;
        assert_eq!(fault.kind, kind, "{code}: {fault:?}");
        let missing = (kind == FaultKind::Forbidden).then_some("iam:ListUsers");
        assert_eq!(fault.missing_permission.as_deref(), missing);
        assert!(fault.detail.raw().contains(code), "{fault:?}");
    }
    let fault = fault_of(|| Reply::xml(429, "slow down")).await;
    assert_eq!(fault.kind, FaultKind::RateLimited);
    assert_eq!(fault.retry_after, Some(std::time::Duration::from_secs(7)));
    assert_eq!(fault_of(|| Reply::xml(503, "")).await.kind, FaultKind::ServerError);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_at_all_is_told_by_its_cause() {
    let fault = fault_of(|| Reply::HangUp).await;
    assert_eq!(fault.kind, FaultKind::Connect, "{fault:?}");
    let cut = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 5000\r\n\r\n<GetCallerIdentityResponse>";
    let fault = fault_of(|| Reply::Raw(cut)).await;
    assert_eq!(fault.kind, FaultKind::Malformed, "{fault:?}");

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let plain = blurting_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    for (endpoint, kind) in [
        (format!("http://{free}"), FaultKind::Connect),
        ("http://no-such-host.invalid".to_owned(), FaultKind::Dns),
        (format!("https://{plain}"), FaultKind::Tls),
    ] {
        let fault = source_at(&endpoint).await.poll(&Progress::new()).await.unwrap_err();
        assert_eq!(fault.kind, kind, "{endpoint}: {fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_profile_is_a_credential_problem_and_not_a_crash() {
    let server = TinyServer::start(|_, _| Reply::identity("111122223333")).await;
    let mut missing = settings(&server.url);
    missing.profile = Some("countersign-no-such-profile".to_owned());
    let source = AwsSource::connect(&missing, plain_lens()).await;
    let fault = source.poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::BadToken, "{fault:?}");
    assert!(fault.detail.raw().contains("countersign-no-such-profile"), "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_we_may_not_assume_is_named() {
    let server = TinyServer::start(|action, _| match action {
        "AssumeRole" => Reply::error(
            403,
            "AccessDenied",
            "User: a is not authorized to perform: sts:AssumeRole on resource: b",
        ),
        _ => Reply::identity("111122223333"),
    })
    .await;
    let mut role = settings(&server.url);
    role.role_arn = Some("arn:aws:iam::111122223333:role/auditor".to_owned());
    let source = AwsSource::connect_as(&role, plain_lens(), credentials("test", "test")).await;
    let fault = source.poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Forbidden, "{fault:?}");
    assert_eq!(fault.missing_permission.as_deref(), Some("sts:AssumeRole"));
}

/// One page of authorization details with one user, in the form of the query protocol.
fn details_page(user: &str, next: Option<&str>) -> Reply {
    let next = match next {
        Some(marker) => format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>"),
        None => "<IsTruncated>false</IsTruncated>".to_owned(),
    };
    Reply::xml(
        200,
        format!(
            "<GetAccountAuthorizationDetailsResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetAccountAuthorizationDetailsResult>{next}<UserDetailList><member><UserName>{user}</UserName><Path>/</Path><Arn>arn:aws:iam::111122223333:user/{user}</Arn></member></UserDetailList></GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>"
        ),
    )
}

fn keys_page(user: &str) -> Reply {
    Reply::xml(
        200,
        format!(
            "<ListAccessKeysResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListAccessKeysResult><IsTruncated>false</IsTruncated><AccessKeyMetadata><member><UserName>{user}</UserName><AccessKeyId>AKIA{user}</AccessKeyId><Status>Active</Status></member></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>"
        ),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_read_and_a_user_deleted_meanwhile_is_no_failure() {
    let server = TinyServer::start(|action, body| match action {
        "GetCallerIdentity" => Reply::identity("111122223333"),
        "GetAccountAuthorizationDetails" if body.contains("Marker=two") => {
            details_page("bob", None)
        }
        "GetAccountAuthorizationDetails" => details_page("alice", Some("two")),
        "ListAccessKeys" if body.contains("UserName=bob") => {
            Reply::error(404, "NoSuchEntity", "The user with name bob cannot be found.")
        }
        "ListAccessKeys" => keys_page("alice"),
        _ => Reply::error(403, "AccessDenied", "no"),
    })
    .await;
    let seen = poll(&source_at(&server.url).await).await;
    assert_eq!(count(&seen, CredentialKind::AccessKey), 1);
    let key = by_label(&seen, "AKIAalice");
    let expected = Locator::AccessKey {
        account: "111122223333".to_owned(),
        user: "alice".to_owned(),
        key_id: "AKIAalice".to_owned(),
    };
    assert_eq!(key.locator, expected);
    assert_eq!(key.last_used, LastUsed::Unknown, "we could not ask, so it is not called never");
    let users = seen.counts.iter().find(|count| count.what == "users").unwrap();
    assert_eq!(users.number, 2);
    let mut gaps: Vec<&str> = seen.gaps.iter().map(|gap| gap.part.0.as_str()).collect();
    gaps.sort_unstable();
    assert_eq!(
        gaps,
        ["account alias", "last use of access keys", "oidc-providers", "saml-providers"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_of_a_key_is_not_asked_again_within_minutes() {
    let used = "<GetAccessKeyLastUsedResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetAccessKeyLastUsedResult><UserName>alice</UserName><AccessKeyLastUsed><LastUsedDate>2026-03-01T10:00:00Z</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-1</Region></AccessKeyLastUsed></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>";
    let server = TinyServer::start(move |action, _| match action {
        "GetCallerIdentity" => Reply::identity("111122223333"),
        "GetAccountAuthorizationDetails" => details_page("alice", None),
        "ListAccessKeys" => keys_page("alice"),
        "GetAccessKeyLastUsed" => Reply::xml(200, used),
        _ => Reply::error(403, "AccessDenied", "no"),
    })
    .await;
    let source = source_at(&server.url).await;
    for _ in 0..3 {
        let seen = poll(&source).await;
        let LastUsed::At { at, what } = &by_label(&seen, "AKIAalice").last_used else {
            panic!("{seen:?}")
        };
        assert_eq!(at.to_string(), "2026-03-01T10:00:00Z");
        assert_eq!(what.raw(), "s3 in eu-west-1");
    }
    assert_eq!(server.asked("ListAccessKeys"), 3);
    assert_eq!(server.asked("GetAccessKeyLastUsed"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_never_ends_is_cut_off_and_keeps_what_was_there() {
    let server = TinyServer::start(|action, _| match action {
        "GetCallerIdentity" => Reply::identity("111122223333"),
        "GetAccountAuthorizationDetails" => details_page("alice", Some("again")),
        "ListOpenIDConnectProviders" => Reply::xml(200, "<ListOpenIDConnectProvidersResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListOpenIDConnectProvidersResult><OpenIDConnectProviderList/></ListOpenIDConnectProvidersResult></ListOpenIDConnectProvidersResponse>"),
        _ => Reply::error(403, "AccessDenied", "no"),
    })
    .await;
    let seen = poll(&source_at(&server.url).await).await;
    assert_eq!(server.asked("GetAccountAuthorizationDetails"), 2);
    for part in ["roles", "access-keys"] {
        let gap = seen.gaps.iter().find(|gap| gap.part.0 == part).unwrap();
        assert_eq!(gap.fault.kind, FaultKind::Malformed, "{gap:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_is_lost_is_sent_once_and_reported_as_unknown() {
    for reply in [
        || Reply::HangUp,
        || Reply::xml(500, "<ErrorResponse/>"),
        || Reply::xml(200, "<UpdateAccessKeyRes"),
        || Reply::Http(200, "text/html", "<html>please sign in</html>".to_owned()),
        || Reply::error(503, "ServiceUnavailable", "later"),
    ] {
        let server = TinyServer::start(move |action, _| match action {
            "GetCallerIdentity" => Reply::identity("111122223333"),
            "ListAccessKeys" => keys_page("kiro"),
            _ => reply(),
        })
        .await;
        let source = source_at(&server.url).await;
        let kind = OrderKind::SetAccessKey {
            user: "kiro".to_owned(),
            key_id: "AKIAkiro".to_owned(),
            active: false,
        };
        let mut order = order(&source, kind);
        let receipt = source.carry_out(&order).await.unwrap();
        assert_eq!(receipt.outcome, Outcome::Unknown, "{receipt:?}");
        assert_eq!(server.asked("UpdateAccessKey"), 1);
        order.at = jiff::Timestamp::UNIX_EPOCH;
        assert_eq!(source.fate(&order).await.unwrap(), Fate::NotDone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_cannot_be_sent_is_a_fault_and_not_a_receipt() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let source = source_at(&format!("http://{free}")).await;
    let kind = OrderKind::SealRole { role: "agent".to_owned() };
    let fault = source.carry_out(&order(&source, kind)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Connect, "{fault:?}");
}
