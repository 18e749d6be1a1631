//! Secrets are never kept: canaries where secrets are, and a search of every byte that comes out.
//!
//! ```text
//!   token, AWS keys, session token ─┐                       ┌─▶ stdout, stderr, the terminal
//!   echoes of a hostile server ─────┴─▶ every command ──────┼─▶ store, -wal, log
//! ```

use super::house::{House, aws_section, organisation, pull};
use crate::support::{
    github::World,
    hostile::{Hostile, Reply, Request},
    program::Program,
    server,
};
use serde_json::json;
use std::{path::Path, time::Duration};

/// A GitHub token, in its form.
const TOKEN: &str = "ghp_CanaryA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5";
/// A token in no form that anybody knows.
const PLAIN_TOKEN: &str = "plain-canary-of-no-known-form";
const AWS_SECRET: &str = "cAnArY7xQ2/Zk9mPq3LrT8vWb+N4sD1fGh6JyK0e";
const SESSION: &str =
    "IQoJcAnArYZ2luX2VjEMr9xP3vQ8LkT7wRbN5sD2fGh1JyK0eMcXa4Vu6ZtBq8HnEo9WiPl3SdRf7TgYhUjKm";
/// The value of an Actions secret: nothing about it looks secret.
const SECRET_VALUE: &str = "correct horse battery canary";
/// Somebody else's token, in a body and in an address.
const FOREIGN: &str = "gho_CanaryZ9y8X7w6V5u4T3s2R1q0P9o8N7m6L5";
const IN_CONFIG: &str = "ghs_CanaryInConfig1a2b3c4d5e6f7g8h9i0j1k";

const ALL: [&str; 7] = [TOKEN, PLAIN_TOKEN, AWS_SECRET, SESSION, SECRET_VALUE, FOREIGN, IN_CONFIG];

/// Everything one home put out.
struct Output(Vec<(String, Vec<u8>)>);

impl Output {
    fn add(&mut self, place: &str, bytes: impl Into<Vec<u8>>) {
        self.0.push((place.to_owned(), bytes.into()));
    }

    /// Runs commands, as people and as programs, with the most talkative log there is.
    fn of_commands(&mut self, program: &Program, lines: &[&[&str]]) {
        for line in lines {
            for more in [&[][..], &["--json"]] {
                let arguments = [line, more].concat();
                let ran = program.run(&arguments);
                self.add(&format!("{arguments:?} stdout"), ran.stdout);
                self.add(&format!("{arguments:?} stderr"), ran.stderr);
            }
        }
    }

    /// Every file below a folder.
    fn of_files(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.of_files(&path);
            } else {
                self.add(&path.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }

    /// Fails where a canary, or the larger part of one, is in it.
    fn has_no_canary(&self) {
        let mut found = Vec::new();
        for (place, bytes) in &self.0 {
            for canary in ALL {
                let part = &canary.as_bytes()[..canary.len() * 2 / 3];
                if let Some(at) = bytes.windows(part.len()).position(|window| window == part) {
                    let around = &bytes[at.saturating_sub(120)..(at + 80).min(bytes.len())];
                    found.push(format!("{canary} in {place}: {}", String::from_utf8_lossy(around)));
                }
            }
        }
        assert!(found.is_empty(), "{} leaks:\n{}", found.len(), found.join("\n\n"));
    }

    /// The log file.
    fn log(&self) -> &[u8] {
        let log = self.0.iter().find(|(place, _)| place.ends_with("countersign.log"));
        &log.expect("a log").1
    }

    fn mentions(&self, words: &str) -> bool {
        let all: Vec<u8> = self.0.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        all.windows(words.len()).any(|window| window == words.as_bytes())
    }
}

fn talkative(program: Program) -> Program {
    program.with("COUNTERSIGN_LOG", "trace").with("RUST_BACKTRACE", "1")
}

/// Opens the console, looks at every tab, and quits.
fn console(program: &Program, output: &mut Output) {
    let mut session = program.on_terminal(140, 40, &[]);
    session.wait_for("Sources");
    for key in ["1", "2", "3", "4", "R", "4", "\r"] {
        session.send(key);
        session.wait_until_quiet(Duration::from_millis(300));
    }
    session.send("\u{1b}qq");
    session.wait_for_end();
    output.add("console", session.bytes());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn credentials_of_our_own_are_nowhere_after_a_day_of_work() {
    // The fake takes the token for the user's name, and so tells it back as our identity.
    for (org, token, setting) in [
        ("canary-env", TOKEN, r#"{ env = "GITHUB_TOKEN" }"#),
        ("canary-command", TOKEN, r#"{ command = ["cat", "config/countersign/token"] }"#),
        ("canary-file", PLAIN_TOKEN, r#"{ file = "token" }"#),
    ] {
        let house = House::build(org, "GITHUB_FAKE_DIRECT").await;
        let text = format!(
            "{}[[github]]\nname = \"acme\"\norg = \"{org}\"\nhost = \"{}\"\ntoken = {setting}\n",
            aws_section(&server("MOTO"), &house.account.id),
            server("GITHUB_FAKE_DIRECT"),
        );
        house.program.write("config/countersign/config.toml", text);
        let token_file = house.program.write("config/countersign/token", format!("{token}\n"));
        let program = talkative(house.program)
            .with("GITHUB_TOKEN", token)
            .with("AWS_SECRET_ACCESS_KEY", AWS_SECRET)
            .with("AWS_SESSION_TOKEN", SESSION);
        let mut output = Output(Vec::new());
        output.of_commands(&program, &[&["audit", "--all"], &["doctor"]]);
        if setting.contains("command") {
            output.of_files(&program.path("state"));
            output.has_no_canary();
            continue;
        }
        let queue = program.run(&["queue", "--json"]).json();
        let action = super::house::find(&queue["actions"], "title", "Change 7");
        let (id, digest) = (
            action["id"].as_str().unwrap().to_owned(),
            action["digest"].as_str().unwrap().to_owned(),
        );
        let fault = format!("cannot, because you sent Authorization: Bearer {token}");
        house.world.fault(json!({"path": "/reviews", "method": "POST", "fault": "422", "times": 1, "message": fault})).await;
        output.of_commands(
            &program,
            &[
                &["show", &id],
                &["approve", &id, "--digest", &digest],
                &["reject", &id, "--digest", &digest, "--reason", "no"],
                &["activity"],
                &["doctor"],
                &["config", "show"],
                &["config", "check"],
            ],
        );
        console(&program, &mut output);
        std::fs::remove_file(token_file).unwrap();
        output.of_commands(&program, &[&["audit"]]);
        output.of_files(&program.path("state"));
        assert!(output.mentions("Countersign order o-"), "an order was announced and written down");
        assert!(output.log().len() > 10_000, "the log is as talkative as it can be");
        output.has_no_canary();
    }
}

/// Answers like a GitHub that wants to have our secrets, and others', written down.
fn hostile_github(request: &Request) -> Reply {
    let path = request.call.split_once(' ').map_or("", |(_, path)| path);
    let path = path.split('?').next().unwrap_or_default();
    let sent = request.header("authorization");
    match path {
        "/user" => {
            Reply::json(200, json!({"login": "rowan", "id": 1}).to_string()).with("x-oauth-scopes", &sent)
        }
        "/orgs/canary/repos" => Reply::json(
            200,
            json!([
                {"name": "shop", "full_name": "canary/shop", "owner": {"login": "canary", "id": 1}, "archived": false, "id": 2}
            ]).to_string(),
        ),
        "/orgs/canary/installations" => {
            Reply::json(500, json!({"message": format!("upstream got {sent} and {FOREIGN}")}).to_string())
        }
        "/orgs/canary/actions/secrets" => {
            Reply::json(422, json!({"message": format!("value {SECRET_VALUE} is too weak")}).to_string())
        }
        "/repos/canary/shop/actions/secrets" => {
            Reply::json(200, json!({"total_count": SECRET_VALUE}).to_string())
        }
        "/repos/canary/shop/keys" => {
            let there = format!("https://elsewhere.example/login?access_token={FOREIGN}");
            Reply::json(302, "{}").with("location", &there)
        }
        "/repos/canary/shop/environments" => {
            Reply::of(200, "text/plain", format!("proxy: password={SECRET_VALUE}"))
        }
        "/repos/canary/shop/pulls" => Reply::json(200, format!(r#"[{{"number": "{FOREIGN}"}}]"#)),
        _ => Reply::of(403, "text/plain", format!("{}: {sent}", request.headers.join("; "))),
    }
}

/// Answers like an AWS that signs nothing and repeats everything.
fn hostile_aws(request: &Request) -> Reply {
    let error = |message: String| {
        Reply::of(
            403,
            "text/xml",
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>\
                 <Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            ),
        )
    };
    if request.body.contains("AssumeRole") {
        return Reply::of(
            200,
            "text/xml",
            format!(
                "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIACANARY</AccessKeyId>\
                 <SecretAccessKey>{AWS_SECRET}</SecretAccessKey><SessionToken>{SESSION}</SessionToken>\
                 <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
            ),
        );
    }
    error(format!(
        "The Canonical String should have been 'POST / host:x x-amz-security-token:{} \
         secret {AWS_SECRET}'",
        request.header("x-amz-security-token"),
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hostile_servers_echo_is_not_written_down() {
    for token in [TOKEN, PLAIN_TOKEN] {
        let github = Hostile::answering(hostile_github).await;
        let aws = Hostile::answering(hostile_aws).await;
        let text = format!(
            "{}[[aws]]\nname = \"plain\"\nendpoint_url = \"{}\"\n\n[[github]]\nname = \"acme\"\n\
             org = \"canary\"\nhost = \"{}\"\ntoken = {{ env = \"GITHUB_TOKEN\" }}\n",
            aws_section(&aws.url, "123456789012"),
            aws.url,
            github.url,
        );
        let program = talkative(Program::configured(text))
            .with("GITHUB_TOKEN", token)
            .with("AWS_ACCESS_KEY_ID", "AKIACANARY")
            .with("AWS_SECRET_ACCESS_KEY", AWS_SECRET)
            .with("AWS_SESSION_TOKEN", SESSION);
        let mut output = Output(Vec::new());
        output.of_commands(
            &program,
            &[
                &["audit"],
                &["sources"],
                &["queue"],
                &["doctor"],
                &["activity"],
                &["config", "show"],
            ],
        );
        console(&program, &mut output);
        output.of_files(&program.path("state"));
        assert!(github.log().len() > 10 && aws.log().len() > 3, "the servers were asked");
        assert!(output.mentions("SignatureDoesNotMatch"), "what matters is still told");
        output.has_no_canary();
    }
}

#[test]
fn a_token_in_the_configuration_is_an_error_that_does_not_repeat_it() {
    for line in [
        format!("token = \"{IN_CONFIG}\""),
        format!("token = \"{PLAIN_TOKEN}\""),
        format!("token = {{ value = \"{IN_CONFIG}\" }}"),
        format!("token = {{ env = \"{IN_CONFIG}\" }}"),
        format!("token = {{ command = [\"echo\", \"{IN_CONFIG}\"] }}"),
        format!("token = {{ file = \"{IN_CONFIG}\" }}"),
        format!("token = \"{IN_CONFIG}"),
        format!("host = \"https://rowan:{IN_CONFIG}@ghe.example.com/api/v3\""),
        format!("{IN_CONFIG} = 1"),
    ] {
        let text = format!("[[github]]\norg = \"acme\"\n{line}\n");
        let program = talkative(Program::configured(text));
        let mut output = Output(Vec::new());
        output.of_commands(
            &program,
            &[&["config", "check"], &["config", "show"], &["doctor"], &["audit"], &[]],
        );
        let _ = std::fs::create_dir_all(program.path("state"));
        output.of_files(&program.path("state"));
        output.has_no_canary();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn the_search_itself_finds_what_it_looks_for() {
    // A title is the requester's own text and is shown as it is: the search has to notice.
    let mut seed = organisation();
    let mut spoilt = pull(7, 'a');
    spoilt["title"] = json!(format!("use {FOREIGN}"));
    seed["repos"][0]["pulls"] = json!([spoilt]);
    let world = World::seeded("canary-control", seed).await;
    let program = super::house::at_home(Program::configured(super::house::github_section(
        &world.org,
        "GITHUB_FAKE_DIRECT",
    )));
    let mut output = Output(Vec::new());
    output.of_commands(&program, &[&["queue", "--poll"]]);
    output.of_files(&program.path("state"));
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| output.has_no_canary()));
    assert!(found.is_err());
}
