//! Servers and clients that other people wrote.

use super::talk::{Talk, at_home, decide, waiting};
use crate::support::program::Program;
use countersign::domain::Verdict;
use rmcp::{
    ServiceExt as _,
    model::{CallToolRequestParams, ReadResourceRequestParams},
    transport::TokioChildProcess,
};
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// A file of the servers that `make servers` installs.
pub fn tools(below: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".tools").join(below);
    assert!(path.exists(), "{} is missing: run `make servers`", path.display());
    path.display().to_string()
}

pub fn node(script: &str) -> [String; 2] {
    let machine = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    [
        tools(&format!("npm/node_modules/node-linux-{machine}/bin/node")),
        tools(&format!("npm/node_modules/@modelcontextprotocol/{script}/dist/index.js")),
    ]
}

fn words(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// The same conversation, with the gate and without it.
fn the_same(server: &[&str], requests: &[(&str, Value)]) {
    let program = at_home();
    let told = |mut talk: Talk| {
        let mut all = vec![talk.begin()];
        all.extend(requests.iter().map(|(method, params)| talk.ask(method, params)));
        all
    };
    let straight = told(Talk::straight(&program, server));
    let through = told(Talk::with(&program, &[], server));
    for ((one, other), at) in straight.iter().zip(&through).zip(0..) {
        assert_eq!(one, other, "answer {at}");
    }
}

#[test]
#[ignore = "needs server-everything: make test"]
fn server_everything_says_the_same_through_the_gate() {
    let server = node("server-everything");
    the_same(
        &words(&server),
        &[
            ("ping", json!({})),
            ("tools/list", json!({})),
            ("prompts/list", json!({})),
            ("resources/list", json!({})),
            ("resources/templates/list", json!({})),
            ("logging/setLevel", json!({"level": "error"})),
            ("prompts/get", json!({"name": "simple-prompt"})),
            ("vendor/unknown", json!({"x": 1})),
        ],
    );
}

#[test]
#[ignore = "needs server-filesystem: make test"]
fn files_are_read_at_once_and_written_once_somebody_agreed() {
    let program = at_home();
    let config = std::fs::read_to_string(program.path("config/countersign/config.toml")).unwrap();
    let everywhere = format!("{config}\n[production]\nhosts = [\"*\"]\n");
    program.write("config/countersign/config.toml", everywhere);
    program.write("files/a.txt", "hello");
    let folder = program.path("files").canonicalize().unwrap().display().to_string();
    let mut server = node("server-filesystem").to_vec();
    server.push(folder.clone());
    let read = json!({"name": "read_text_file", "arguments": {"path": format!("{folder}/a.txt")}});
    the_same(&words(&server), &[("tools/list", json!({})), ("tools/call", read)]);

    let mut talk = Talk::with(&program, &["--name", "filesystem"], &words(&server));
    talk.begin();
    let other = json!({"name": "write_file", "arguments": {
        "path": format!("{folder}/a.txt"), "content": "good bye"}});
    let id = talk.request("tools/call", &other);
    waiting(&program);
    assert_eq!(std::fs::read_to_string(program.path("files/a.txt")).unwrap(), "hello");
    decide(&program, Verdict::Approve, "");
    assert!(talk.answer(&id)["result"].is_object());
    assert_eq!(std::fs::read_to_string(program.path("files/a.txt")).unwrap(), "good bye");
    assert_eq!(talk.end(), Some(0));
}

#[test]
#[ignore = "needs mcp-server-git: make test"]
fn git_says_the_same_through_the_gate() {
    let program = at_home();
    let repository = program.path("repository").display().to_string();
    for arguments in [
        vec!["init", "-q", &repository],
        vec![
            "-C",
            &repository,
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "first",
        ],
    ] {
        assert!(Command::new("git").args(arguments).status().unwrap().success());
    }
    let server = tools("python/bin/mcp-server-git");
    let status = json!({"name": "git_status", "arguments": {"repo_path": repository}});
    let log = json!({"name": "git_log", "arguments": {"repo_path": repository}});
    the_same(
        &[&server, "--repository", &repository],
        &[("tools/list", json!({})), ("tools/call", status), ("tools/call", log)],
    );
}

#[test]
#[ignore = "needs mcp-server-sqlite: make test"]
fn a_table_is_not_dropped() {
    let program = at_home();
    let file = program.path("shop.db").display().to_string();
    let server = tools("python/bin/mcp-server-sqlite");
    let mut talk = Talk::with(
        &program,
        &["--timeout", "1s", "--name", "sqlite"],
        &[&server, "--db-path", &file],
    );
    talk.begin();
    talk.ask("tools/list", &json!({}));
    let create = json!({"query": "CREATE TABLE customers (id INTEGER)"});
    let id = talk.request("tools/call", &json!({"name": "create_table", "arguments": create}));
    let first = talk.answer(&id);
    if first["error"]["code"] == 75 {
        decide(&program, Verdict::Approve, "");
        let passed = talk.call("create_table", &create);
        assert!(passed["result"].is_object(), "{passed}");
    }
    let refused = talk.call("write_query", &json!({"query": "DROP TABLE customers"}));
    assert!(matches!(refused["error"]["code"].as_i64(), Some(75 | 77)), "{refused}");
    let tables = talk.call("list_tables", &json!({}));
    assert!(tables["result"].to_string().contains("customers"), "{tables}");
}

#[tokio::test]
#[ignore = "needs server-everything: make test"]
async fn a_client_built_on_rmcp_is_served() {
    let program = at_home();
    let server = node("server-everything");
    let command = rmcp_command(&program, &server);
    let (transport, _) = TokioChildProcess::builder(command).stderr(Stdio::null()).spawn().unwrap();
    let client = ().serve(transport).await.unwrap();
    let info = client.peer_info().unwrap();
    assert!(info.capabilities.tools.is_some());
    let tools = client.list_all_tools().await.unwrap();
    assert!(tools.iter().any(|tool| tool.name == "echo"), "{tools:?}");
    let resources = client.list_all_resources().await.unwrap();
    let read = ReadResourceRequestParams::new(resources[0].uri.clone());
    assert!(!client.read_resource(read).await.unwrap().contents.is_empty());
    let refused = client.call_tool(CallToolRequestParams::new("nobody-knows-this-one")).await;
    let words = refused.unwrap_err().to_string();
    assert!(words.contains("waits for approval as"), "{words}");
    client.cancel().await.unwrap();
}

fn rmcp_command(program: &Program, server: &[String]) -> tokio::process::Command {
    let mut arguments = vec!["gate", "mcp", "--timeout", "1s", "--"];
    arguments.extend(words(server));
    program.command(&arguments).into()
}

#[test]
#[ignore = "needs the Python client: make test"]
fn a_client_built_on_the_python_sdk_is_served() {
    let program = at_home();
    let script = r#"
import asyncio, os, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main():
    server = StdioServerParameters(command=sys.argv[1], args=sys.argv[2:], env=dict(os.environ))
    async with stdio_client(server) as (read, write):
        async with ClientSession(read, write) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            print("tools", len(tools))
            try:
                print("passed", await session.call_tool("nobody-knows-this-one", {}))
            except Exception as error:
                print("refused", error)

asyncio.run(main())
"#;
    let script = program.write("client.py", script);
    let countersign = env!("CARGO_BIN_EXE_countersign");
    let server = node("server-everything");
    let mut command = Command::new(tools("python/bin/python"));
    command
        .arg(script)
        .arg(countersign)
        .args(["gate", "mcp", "--timeout", "1s", "--"])
        .args(server);
    let template = program.command(&[]);
    command.env_clear().envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ran = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(out.contains("tools "), "{out}\n{err}");
    assert!(out.contains("refused") && out.contains("waits for approval"), "{out}\n{err}");
}
