//! How a hook is written into each host's files.

use super::super::{
    json::Json,
    profile::{EventList, FileVersion, Filling, Form, JsonForm},
};

const fn at(path: &'static [&'static str]) -> EventList {
    EventList { path, adapter: None }
}

pub(super) static CLAUDE: Form = Form::Json(JsonForm {
    lists: &[at(&["hooks", "PreToolUse"])],
    grouped: true,
    command: &["command"],
    version: None,
    closed_by: Some(("onFailure", "block")),
    entry: |filling| {
        let mut hook = command(filling);
        hook.extend([
            ("timeout", Json::Number(filling.seconds)),
            ("onFailure", Json::text("block")),
        ]);
        group("*", hook)
    },
});

/// A shell command comes to `preToolUse` too, and an approval serves once; `cursor-tools` leaves such
/// calls to the events that are for them.
pub(super) static CURSOR: Form = Form::Json(JsonForm {
    lists: &[
        EventList { path: &["hooks", "preToolUse"], adapter: Some("cursor-tools") },
        at(&["hooks", "beforeShellExecution"]),
        at(&["hooks", "beforeMCPExecution"]),
    ],
    grouped: false,
    command: &["command"],
    version: Some(FileVersion::Number(1)),
    closed_by: Some(("failClosed", "true")),
    entry: |filling| {
        Json::Object(vec![
            ("command", Json::text(&filling.command)),
            ("type", Json::text("command")),
            ("timeout", Json::Number(filling.seconds)),
            ("failClosed", Json::Bool(true)),
        ])
    },
});

pub(super) static CODEX: Form = Form::Json(JsonForm {
    lists: &[at(&["hooks", "PreToolUse"])],
    grouped: true,
    command: &["command"],
    version: None,
    closed_by: None,
    entry: |filling| {
        let mut hook = command(filling);
        hook.push(("timeout", Json::Number(filling.seconds)));
        group("*", hook)
    },
});

pub(super) static GEMINI: Form = Form::Json(JsonForm {
    lists: &[at(&["hooks", "BeforeTool"])],
    grouped: true,
    command: &["command"],
    version: None,
    closed_by: None,
    entry: |filling| {
        let mut hook = vec![("name", Json::text("countersign"))];
        hook.extend(command(filling));
        hook.push(("timeout", Json::Number(filling.seconds * 1000)));
        group("*", hook)
    },
});

/// Kiro CLI 2 and Amazon Q CLI. A cached answer would cover every later call whatever its input.
pub(super) static KIRO_AGENT: Form = Form::Json(JsonForm {
    lists: &[at(&["hooks", "preToolUse"])],
    grouped: false,
    command: &["command"],
    version: None,
    closed_by: None,
    entry: |filling| {
        Json::Object(vec![
            ("matcher", Json::text("*")),
            ("command", Json::text(&filling.command)),
            ("timeout_ms", Json::Number(filling.seconds * 1000)),
            ("cache_ttl_seconds", Json::Number(0)),
        ])
    },
});

/// Kiro CLI 3 and IDE 1.
pub(super) static KIRO_HOOKS: Form = Form::Json(JsonForm {
    lists: &[at(&["hooks"])],
    grouped: false,
    command: &["action", "command"],
    version: Some(FileVersion::Word("v1")),
    closed_by: None,
    entry: |filling| {
        let action =
            vec![("type", Json::text("command")), ("command", Json::text(&filling.command))];
        Json::Object(vec![
            ("name", Json::text("countersign")),
            ("trigger", Json::text("PreToolUse")),
            ("matcher", Json::text(".*")),
            ("action", Json::Object(action)),
            ("timeout", Json::Number(filling.seconds)),
            ("enabled", Json::Bool(true)),
        ])
    },
});

pub(super) static COPILOT: Form = Form::Json(JsonForm {
    lists: &[at(&["hooks", "preToolUse"])],
    grouped: false,
    command: &["bash"],
    version: Some(FileVersion::Number(1)),
    closed_by: None,
    entry: |filling| {
        Json::Object(vec![
            ("type", Json::text("command")),
            ("bash", Json::text(&filling.command)),
            ("timeoutSec", Json::Number(filling.seconds)),
        ])
    },
});

pub(super) static WINDSURF: Form = Form::Json(JsonForm {
    lists: &[
        at(&["hooks", "pre_run_command"]),
        at(&["hooks", "pre_mcp_tool_use"]),
        at(&["hooks", "pre_write_code"]),
    ],
    grouped: false,
    command: &["command"],
    version: None,
    closed_by: None,
    entry: |filling| {
        Json::Object(vec![
            ("command", Json::text(&filling.command)),
            ("show_output", Json::Bool(true)),
        ])
    },
});

pub(super) static DEVIN_USER: Form = Form::Json(JsonForm {
    lists: &[at(&["hooks", "PreToolUse"])],
    grouped: true,
    command: &["command"],
    version: None,
    closed_by: None,
    entry: devin,
});

pub(super) static DEVIN_PROJECT: Form = Form::Json(JsonForm {
    lists: &[at(&["PreToolUse"])],
    grouped: true,
    command: &["command"],
    version: None,
    closed_by: None,
    entry: devin,
});

fn devin(filling: &Filling) -> Json {
    let mut hook = command(filling);
    hook.push(("timeout", Json::Number(filling.seconds)));
    group("", hook)
}

fn command(filling: &Filling) -> Vec<(&'static str, Json)> {
    vec![("type", Json::text("command")), ("command", Json::text(&filling.command))]
}

fn group(matcher: &str, hook: Vec<(&'static str, Json)>) -> Json {
    Json::Object(vec![
        ("matcher", Json::text(matcher)),
        ("hooks", Json::List(vec![Json::Object(hook)])),
    ])
}
