//! Devin CLI: `PreToolUse`.
//!
//! From <https://docs.devin.ai/cli/extensibility/hooks>, its page on lifecycle hooks and
//! <https://docs.devin.ai/cli/reference/permissions>, 2026-11. Blocks with status 2, or with
//! `decision: "block"` and a reason on standard output; other statuses are logged and let the call
//! run, whatever an older page says. A no is both. It reads the hooks of Claude Code too, so the
//! names of those tools are known here.
//!
//! Whether calls of subagents come to the hook was not found, so starting one is held.

use super::{
    super::{
        Answer, Asked, Host, Malformed, Said,
        reading::{Occasion, SUBAGENT, TYPED, Tool, Tools, document, find, wanted},
    },
    claude_code, denies, says,
};
use serde_json::json;
use std::time::Duration;

/// The adapter.
pub struct Devin;

/// Events that are no call.
const ASIDE: &[&str] = &[
    "PostToolUse",
    "PermissionRequest",
    "UserPromptSubmit",
    "Stop",
    "SessionStart",
    "SessionEnd",
    "SubagentStop",
    "PreCompact",
    "Notification",
];

const PATH: &[&str] = &["file_path", "path"];

const TOOLS: Tools = &[
    ("exec", Tool::Shell(&["command"])),
    ("write_to_process", TYPED),
    ("get_output", Tool::Own),
    ("kill_shell", Tool::Own),
    ("write", Tool::Whole(PATH, &["content"])),
    ("edit", Tool::Part(PATH)),
    ("multi_edit", Tool::Part(PATH)),
    ("notebook_edit", Tool::Part(&["notebook_path"])),
    ("apply_patch", Tool::Patch(&["input", "patch"])),
    ("read", Tool::Look(PATH)),
    ("grep", Tool::Look(&[])),
    ("glob", Tool::Look(&[])),
    ("fetch", Tool::Fetch(&["url"])),
    ("webfetch", Tool::Fetch(&["url"])),
    ("web_fetch", Tool::Fetch(&["url"])),
    ("web_search", Tool::Search(&["query"])),
    ("todo_write", Tool::Own),
    ("ask_user_question", Tool::Own),
    ("exit_plan_mode", Tool::Own),
    ("skill", Tool::Own),
    ("run_subagent", SUBAGENT),
    ("task", SUBAGENT),
    ("Task", SUBAGENT),
    ("Agent", SUBAGENT),
];

impl Host for Devin {
    fn id(&self) -> &'static str {
        "devin"
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("devin", "Devin")
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
                let own = find(TOOLS, &tool).is_some();
                let tools = if own { TOOLS } else { claude_code::TOOLS };
                let wanted = wanted(tools, &tool, &input, "tool_input", &told.cwd)?;
                Ok(told.call(tool, input, wanted, &["description"]))
            }
            other if ASIDE.contains(&other) => Ok(told.aside()),
            _ => Err(told.strange()),
        }
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        if asked.is_some_and(|asked| ASIDE.contains(&asked.event.as_str())) {
            return says(&json!({}));
        }
        match said {
            Said::Allow => says(&json!({ "decision": "approve" })),
            Said::Deny(reason) => {
                denies(&json!({ "decision": "block", "reason": reason.as_str() }), reason, 2)
            }
        }
    }
}
