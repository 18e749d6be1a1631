//! Codex CLI, by `OpenAI`: `PreToolUse`.
//!
//! From openai/codex `codex-rs/hooks/src/events/pre_tool_use.rs` and `engine/output_parser.rs`
//! (@0082977, with earlier versions beside it), 2026-11. Denies with `permissionDecision: "deny"`
//! and a reason that is not blank. What it does not expect lets the call run and counts as a
//! failure of the hook: `ask`, `allow` without `updatedInput`, `approve`, `continue: false`, keys
//! it does not know. So a yes is a document without any decision: `continue: true`, which is what
//! it takes for granted anyway.
//!
//! A shell call comes as `Bash` with the command as one string; MCP calls as
//! `mcp__server__tool`. Reading files and searching the web come to no hook. Calls of subagents
//! come through this hook, with an `agent_id`.

use super::{
    super::{
        Answer, Asked, Host, Malformed, Said,
        reading::{Occasion, TYPED, Tool, Tools, document, wanted},
    },
    denies, says,
};
use serde_json::json;
use std::time::Duration;

/// The adapter.
pub struct Codex;

/// Events that are no call.
const ASIDE: &[&str] = &[
    "PostToolUse",
    "PermissionRequest",
    "UserPromptSubmit",
    "SessionStart",
    "SessionEnd",
    "Stop",
    "StopFailure",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
    "PostCompact",
    "Interrupt",
    "Notification",
];

const TOOLS: Tools = &[
    ("Bash", Tool::Shell(&["command"])),
    ("apply_patch", Tool::Patch(&["command", "input", "patch"])),
    ("write_stdin", TYPED),
    ("view_image", Tool::Look(&["path"])),
    ("list_mcp_resources", Tool::Look(&[])),
    ("list_mcp_resource_templates", Tool::Look(&[])),
    ("read_mcp_resource", Tool::Look(&[])),
    ("web_search", Tool::Search(&["query"])),
    ("update_plan", Tool::Own),
    ("request_user_input", Tool::Own),
    ("spawn_agent", Tool::Own),
    ("send_input", Tool::Own),
    ("resume_agent", Tool::Own),
    ("wait", Tool::Own),
    ("wait_agent", Tool::Own),
    ("close_agent", Tool::Own),
];

impl Host for Codex {
    fn id(&self) -> &'static str {
        "codex"
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("codex", "Codex CLI")
    }

    fn patience(&self) -> Duration {
        Duration::from_mins(10)
    }

    fn read(&self, payload: &[u8]) -> Result<Asked, Malformed> {
        let document = document(payload)?;
        let told = Occasion::read(&document, "hook_event_name", "session_id", "cwd")?;
        match told.event.as_str() {
            "PreToolUse" => {
                let tool = told.fields.must("tool_name")?;
                let input = told.input("tool_input")?;
                let wanted = wanted(TOOLS, &tool, &input, "tool_input", &told.cwd)?;
                Ok(told.call(tool, input, wanted, &["description", "justification"]))
            }
            other if ASIDE.contains(&other) => Ok(told.aside()),
            _ => Err(told.strange()),
        }
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        let aside = asked.is_some_and(|asked| ASIDE.contains(&asked.event.as_str()));
        match said {
            Said::Deny(reason) if !aside => denies(
                &json!({ "hookSpecificOutput": {
                    "hookEventName": "PreToolUse",
                    "permissionDecision": "deny",
                    "permissionDecisionReason": reason.as_str(),
                }}),
                reason,
                0,
            ),
            _ => says(&json!({ "continue": true })),
        }
    }
}
