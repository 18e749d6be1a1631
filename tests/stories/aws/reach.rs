//! How far the principals of a live account get: in a poll, and asked from the command line.

use super::by_label;
use crate::{
    end_to_end::house::{at_home, aws_section},
    support::{
        aws::{Account, ENFORCEMENT, poll, service_trust},
        program::Program,
        server,
    },
};
use aws_sdk_iam::operation::create_access_key::CreateAccessKeyOutput;
use countersign::domain::{Certainty, Observation, Reach};
use serde_json::{Value, json};

fn document(actions: &Value, resources: &Value) -> String {
    let statement = json!(
        { "Sid": "Given", "Effect": "Allow", "Action": actions, "Resource": resources });
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}

/// Three users with a key each: one attaches what it likes to itself, one passes a role to
/// Lambda, one lists instances. The role may do everything.
struct Climbers {
    account: Account,
    attacher: String,
    deployer: String,
    reader: String,
}

impl Climbers {
    async fn at(endpoint: &str) -> Self {
        let account = Account::fresh(endpoint).await;
        account.role("worker", &service_trust("lambda.amazonaws.com")).await;
        let all = document(&json!("*"), &json!("*"));
        let put = account.iam.put_role_policy().role_name("worker").policy_name("everything");
        put.policy_document(all).send().await.unwrap();
        let me = format!("arn:aws:iam::{}:user/${{aws:username}}", account.id);
        let role = format!("arn:aws:iam::{}:role/worker", account.id);
        let functions = json!(["lambda:CreateFunction", "lambda:InvokeFunction", "iam:PassRole"]);
        let attacher =
            user(&account, "attacher", &document(&json!("iam:AttachUserPolicy"), &json!(me))).await;
        let on = json!([role, "arn:aws:lambda:*:*:function:*"]);
        let deployer = user(&account, "deployer", &document(&functions, &on)).await;
        let reader =
            user(&account, "reader", &document(&json!("ec2:DescribeInstances"), &json!("*"))).await;
        Self { account, attacher, deployer, reader }
    }

    /// The program, configured for the account.
    fn program(&self, endpoint: &str) -> Program {
        at_home(Program::configured(aws_section(endpoint, &self.account.id)))
    }
}

/// A user with this policy; gives the id of its key.
async fn user(account: &Account, name: &str, document: &str) -> String {
    account.user(name).await;
    let put = account.iam.put_user_policy().user_name(name).policy_name("own");
    put.policy_document(document).send().await.unwrap();
    account.key(name).await
}

fn reach<'a>(seen: &'a Observation, label: &str) -> &'a Reach {
    by_label(seen, label).reach.as_deref().expect("its reach is known")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn a_poll_tells_how_far_every_credential_gets() {
    let climbers = Climbers::at(&server("MOTO")).await;
    let seen = poll(&climbers.account.source().await).await;
    assert_eq!(seen.gaps, []);

    let attacher = reach(&seen, &climbers.attacher);
    assert_eq!((attacher.admin, attacher.reaches_admin), (Certainty::No, Certainty::Yes));
    let [step] = attacher.path.listed.as_slice() else { panic!("{attacher:?}") };
    assert_eq!(step.to.raw(), "administrator", "{step:?}");
    assert_eq!(step.actions.listed[0].raw(), "iam:AttachUserPolicy");

    let deployer = reach(&seen, &climbers.deployer);
    assert_eq!((deployer.admin, deployer.reaches_admin), (Certainty::No, Certainty::Yes));
    assert!(deployer.path.listed[0].to.raw().ends_with(":role/worker"), "{deployer:?}");

    let reader = reach(&seen, &climbers.reader);
    assert_eq!((reader.admin, reader.reaches_admin), (Certainty::No, Certainty::No));
    assert!(reader.path.is_empty() && reader.destructive.is_empty(), "{reader:?}");
    assert_eq!(reader.breadth, 1);

    let worker = reach(&seen, "worker");
    assert_eq!((worker.admin, worker.rank()), (Certainty::Yes, 7));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn service_control_policies_named_beside_an_account_bind_it() {
    let climbers = Climbers::at(&server("MOTO")).await;
    let program = climbers.program(&server("MOTO"));
    let all = json!({ "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    let no_iam = json!({ "Version": "2012-10-17",
        "Statement": [{ "Effect": "Deny", "Action": "iam:*", "Resource": "*" }] });
    let levels = json!({ "accounts": { &climbers.account.id: [[all, no_iam]] } });
    program.write("config/countersign/scps.json", levels.to_string());
    let text = aws_section(&server("MOTO"), &climbers.account.id);
    let with = text.replacen("region =", "scps = \"scps.json\"\nregion =", 1);
    program.write("config/countersign/config.toml", with);

    let answer = program.run(&["iam", "path", "attacher", "--json"]);
    assert_eq!(answer.json()["paths"], json!([]), "{answer:?}");
    let audit = program.run(&["audit", "--all", "--json"]).json();
    let all = audit["credentials"].as_array().unwrap();
    let of = |label: &str| all.iter().find(|one| one["label"] == label).unwrap();
    assert_eq!(of(&climbers.attacher)["reach"]["reaches_admin"], "no", "{audit}");
    assert_eq!(of(&climbers.deployer)["reach"]["reaches_admin"], "no", "{audit}");

    let doctor = program.run(&["doctor"]);
    assert!(doctor.stdout.contains("scps.json"), "{doctor:?}");

    program.write("config/countersign/scps.json", "{}");
    let doctor = program.run(&["doctor"]);
    assert_eq!(doctor.status, 1, "{doctor:?}");
    assert!(doctor.stdout.contains("there is no \"accounts\""), "{doctor:?}");
    let audit = program.run(&["audit", "--all", "--json"]).json();
    let all = audit["credentials"].as_array().unwrap();
    assert!(all.iter().all(|one| one["reach"].is_null()), "nothing is known: {audit}");
    assert_eq!(audit["complete"], false);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn questions_are_answered_from_the_live_account() {
    let climbers = Climbers::at(&server("MOTO")).await;
    let program = climbers.program(&server("MOTO"));
    let ask = |question: &[&str]| {
        let ran = program.run(&[&["iam"], question, &["--json"]].concat());
        assert_eq!(ran.status, 0, "{ran:?}");
        ran.json()
    };
    let me = format!("arn:aws:iam::{}:user/attacher", climbers.account.id);
    let can = ask(&["can", "attacher", "iam:AttachUserPolicy", &me]);
    assert_eq!(
        (&can["allowed"], &can["because"]["statement"]),
        (&json!("yes"), &json!("own: Given"))
    );
    let other = format!("arn:aws:iam::{}:user/reader", climbers.account.id);
    assert_eq!(ask(&["can", "attacher", "iam:AttachUserPolicy", &other])["allowed"], "no");

    let who = ask(&["who-can", "iam:AttachUserPolicy", &me]);
    let names: Vec<&str> = who["principals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["principal"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(names, ["attacher", "worker"], "{who}");

    let path = ask(&["path", "deployer", "worker"]);
    assert_eq!(path["paths"][0].as_array().unwrap().len(), 1, "{path}");
    assert_eq!(ask(&["path", "reader"])["paths"], json!([]));

    let explained = ask(&["explain", "deployer"]);
    assert_eq!(explained["principal"]["reaches_admin"], "yes", "{explained}");
    let says = ask(&["explain", "deployer", "iam:PassRole"]);
    assert_eq!(says["statements"][0]["statement"], "own: Given", "{says}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn a_missing_permission_is_named_with_what_to_do() {
    let endpoint = server("MOTO_ENFORCED");
    let alone = ENFORCEMENT.lock().await;
    let climbers = Climbers::at(&endpoint).await;
    let iam = &climbers.account.iam;
    let made: CreateAccessKeyOutput =
        iam.create_access_key().user_name("reader").send().await.unwrap();
    let key = made.access_key.unwrap();
    let text = format!(
        "[[aws]]\nname = \"prod\"\nregion = \"us-east-1\"\nendpoint_url = \"{endpoint}\"\n"
    );
    let program = Program::configured(text)
        .with("AWS_ACCESS_KEY_ID", &key.access_key_id)
        .with("AWS_SECRET_ACCESS_KEY", &key.secret_access_key);
    let http = reqwest::Client::new();
    http.post(format!("{endpoint}/moto-api/reset-auth")).body("0").send().await.unwrap();
    let can = program.run(&["iam", "can", "reader", "s3:GetObject", "*"]);
    let json = program.run(&["iam", "path", "reader", "--json"]);
    // Others may want to seed this server after us.
    http.post(format!("{endpoint}/moto-api/reset-auth")).body("1000000").send().await.unwrap();
    drop(alone);

    assert_eq!((can.status, can.stdout.as_str()), (1, ""), "{can:?}");
    assert!(can.stderr.contains("aws/prod"), "{can:?}");
    assert!(can.stderr.contains("iam:GetAccountAuthorizationDetails"), "{can:?}");
    let error = json.error();
    assert_eq!(error["kind"], "source", "{error}");
    let next = error["next_step"].as_str().unwrap();
    assert!(next.contains("iam:GetAccountAuthorizationDetails"), "{error}");
}
