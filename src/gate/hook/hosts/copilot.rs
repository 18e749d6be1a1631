//! GitHub Copilot CLI and cloud agent: `preToolUse` and `PreToolUse`.
//!
//! From github/docs `content/copilot/reference/hooks-reference.md` @05da5bc3 and
//! github/copilot-cli `changelog.md` @9532bda, 2026-11. Denies with `permissionDecision: "deny"`
//! and a reason in exactly one JSON document, with status 0: statuses deny only from 1.0.57 on. A
//! hook that is late lets the call run, always, so the answer is early. `ask` is a no in the cloud.
//!
//! An event set up as `preToolUse` brings `toolName` and `toolArgs`; one set up as `PreToolUse`
//! brings `tool_name` and `tool_input` with the names of Claude Code's tools, and both `edit` and
//! `apply_patch` are `Edit` there. What other events bring has no name for the event in the first
//! form; it is told by what it has in the place of a tool, or beside it.

use super::{
    super::{
        Answer, Asked, Host, Malformed, Said,
        reading::{Fields, Occasion, TYPED, Tool, Tools, document, find, mcp, names, wanted},
    },
    claude_code, denies, says,
};
use crate::gate::Wanted;
use serde_json::{Value, json};
use std::time::Duration;

/// The adapter.
pub struct Copilot;

/// Events that are no call, as far as they say which they are.
const ASIDE: &[&str] = &[
    "SessionStart",
    "SessionEnd",
    "UserPromptSubmit",
    "PostToolUse",
    "PostToolUseFailure",
    "PermissionRequest",
    "Notification",
    "Stop",
    "SubagentStart",
    "SubagentStop",
    "ErrorOccurred",
    "PreCompact",
];

/// The name of an event that does not say its own, and is none.
const NAMELESS: &str = "another event";
/// The call, in the form that does not say so.
const CALL: &str = "preToolUse";

/// Fields of a call that has been made already, in the form without the event's name.
const MADE: &[&str] = &["toolResult", "error"];
/// Fields of events without a tool, in that form.
const TOOLLESS: &[&str] = &[
    "source",
    "reason",
    "prompt",
    "transcriptPath",
    "stopReason",
    "agentName",
    "trigger",
    "errorContext",
];

const EDITOR: Tool = Tool::Several(
    "command",
    &[
        ("view", Tool::Look(&["path"])),
        ("create", Tool::Whole(&["path"], &["file_text"])),
        ("str_replace", Tool::Part(&["path"])),
        ("insert", Tool::Part(&["path"])),
        ("undo_edit", Tool::Part(&["path"])),
    ],
);

const TOOLS: Tools = &[
    ("bash", Tool::Shell(&["command"])),
    ("powershell", Tool::PowerShell(&["command"])),
    ("write_bash", TYPED),
    ("write_powershell", TYPED),
    ("read_bash", Tool::Own),
    ("stop_bash", Tool::Own),
    ("list_bash", Tool::Own),
    ("read_powershell", Tool::Own),
    ("stop_powershell", Tool::Own),
    ("list_powershell", Tool::Own),
    ("create", Tool::Whole(&["path"], &["file_text"])),
    ("edit", Tool::Part(&["path"])),
    ("str_replace_editor", EDITOR),
    ("apply_patch", Tool::Patch(&["input", "patch", "command"])),
    ("view", Tool::Look(&["path"])),
    ("grep", Tool::Look(&[])),
    ("rg", Tool::Look(&[])),
    ("glob", Tool::Look(&[])),
    ("web_fetch", Tool::Fetch(&["url"])),
    ("web_search", Tool::Search(&["query"])),
    ("ask_user", Tool::Own),
    ("exit_plan_mode", Tool::Own),
    ("report_intent", Tool::Own),
    ("update_todo", Tool::Own),
    ("skill", Tool::Own),
    ("task", Tool::Own),
    ("read_agent", Tool::Own),
    ("write_agent", Tool::Own),
    ("list_agents", Tool::Own),
];

impl Host for Copilot {
    fn id(&self) -> &'static str {
        "copilot"
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("copilot", "GitHub Copilot")
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn read(&self, payload: &[u8]) -> Result<Asked, Malformed> {
        let document = document(payload)?;
        let fields = Fields::of(&document)?;
        if fields.get("hook_event_name").is_none() {
            return camel(fields);
        }
        let told = Occasion::read(&document, "hook_event_name", "session_id", "cwd")?;
        match told.event.as_str() {
            "PreToolUse" => {
                let tool = told.fields.must("tool_name")?;
                let input = told.input("tool_input")?;
                let wanted = pascal(&tool, &input, &told.cwd)?;
                Ok(told.call(tool, input, wanted, &["description"]))
            }
            other if ASIDE.contains(&other) => Ok(told.aside()),
            _ => Err(told.strange()),
        }
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        let event = asked.map(|asked| asked.event.as_str());
        if event.is_some_and(|event| event == NAMELESS || ASIDE.contains(&event)) {
            return says(&json!({}));
        }
        let body = |decision: &str, reason: &str| {
            let mut body = json!({
                "permissionDecision": decision,
                "permissionDecisionReason": reason,
            });
            if event == Some("PreToolUse") {
                // Who set it up in Claude Code's form may read the answer in it too.
                body["hookSpecificOutput"] = json!({
                    "hookEventName": "PreToolUse",
                    "permissionDecision": decision,
                    "permissionDecisionReason": reason,
                });
            }
            body
        };
        match said {
            Said::Allow => says(&body("allow", "let through by countersign")),
            Said::Deny(reason) => denies(&body("deny", reason.as_str()), reason, 0),
        }
    }
}

fn camel(fields: Fields<'_>) -> Result<Asked, Malformed> {
    let has = |names: &[&str]| names.iter().any(|name| fields.get(name).is_some());
    let after = if has(&["toolName"]) { has(MADE) } else { has(TOOLLESS) };
    let event = if after { NAMELESS } else { CALL };
    let (session, cwd) = (fields.name("sessionId")?, fields.name("cwd")?);
    let told = Occasion { fields, event: event.to_owned(), session, cwd };
    if after {
        return Ok(told.aside());
    }
    let tool = fields.must("toolName")?;
    let input = told.input("toolArgs")?;
    let hyphenated = names::hyphen(&tool).filter(|_| find(TOOLS, &tool).is_none());
    let wanted = match hyphenated {
        Some(named) => mcp(named, &input),
        None => wanted(TOOLS, &tool, &input, "toolArgs", &told.cwd)?,
    };
    Ok(told.call(tool, input, wanted, &["description"]))
}

fn pascal(tool: &str, input: &Value, cwd: &str) -> Result<Wanted, Malformed> {
    /// What the tools behind `Edit` and `Write` call the path.
    const PATH: &[&str] = &["path", "file_path"];
    let under = "tool_input";
    let patch = || {
        let named = |name: &&str| input.get(name).is_some();
        input.is_string() || ["input", "patch"].iter().any(named)
    };
    match tool {
        "Edit" if patch() => Tool::Patch(&["input", "patch"]).wanted(tool, input, under, cwd),
        "Edit" if input.get("command").is_some() => EDITOR.wanted(tool, input, under, cwd),
        "Edit" => Tool::Part(PATH).wanted(tool, input, under, cwd),
        "Write" => Tool::Whole(PATH, &["file_text", "content"]).wanted(tool, input, under, cwd),
        "Read" => Tool::Look(PATH).wanted(tool, input, under, cwd),
        _ if find(claude_code::TOOLS, tool).is_some() => {
            wanted(claude_code::TOOLS, tool, input, under, cwd)
        }
        _ => match names::hyphen(tool).filter(|_| find(TOOLS, tool).is_none()) {
            Some(named) => Ok(mcp(named, input)),
            None => wanted(TOOLS, tool, input, under, cwd),
        },
    }
}
