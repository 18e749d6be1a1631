//! Gemini CLI: `BeforeTool`.
//!
//! From google-gemini/gemini-cli @5411f113 (2026-08-21), `packages/core/src/hooks/hookRunner.ts`,
//! `hookAggregator.ts`, `core/coreToolHookTriggers.ts` and `tools/definitions/`. Standard output,
//! and only where that is empty standard error, is read as JSON whatever the status; text that is
//! none counts as a no with a status above 1. So a no is a document with `decision: "deny"` and
//! status 2: cut short on its way it is still a no. Silence, a signal and lateness are a yes.
//!
//! An MCP call brings `mcp_context` with both names. Calls of subagents (`invoke_agent`) go through
//! the same code.

use super::{
    super::{
        Answer, Asked, Host, Malformed, Said,
        reading::{Fields, Occasion, Tool, Tools, document, find, mcp, names, wanted},
    },
    denies, says,
};
use crate::gate::Wanted;
use serde_json::{Value, json};
use std::time::Duration;

/// The adapter.
pub struct Gemini;

/// Events that are no call.
const ASIDE: &[&str] = &[
    "AfterTool",
    "BeforeAgent",
    "AfterAgent",
    "BeforeModel",
    "AfterModel",
    "BeforeToolSelection",
    "SessionStart",
    "SessionEnd",
    "PreCompress",
    "Notification",
];

const TOOLS: Tools = &[
    ("run_shell_command", Tool::Shell(&["command"])),
    ("write_file", Tool::Whole(&["file_path"], &["content"])),
    ("replace", Tool::Part(&["file_path"])),
    ("read_file", Tool::Look(&["file_path"])),
    ("read_many_files", Tool::Look(&["include"])),
    ("list_directory", Tool::Look(&[])),
    ("glob", Tool::Look(&[])),
    ("grep_search", Tool::Look(&[])),
    ("search_file_content", Tool::Look(&[])),
    ("get_internal_docs", Tool::Look(&[])),
    ("read_mcp_resource", Tool::Look(&[])),
    ("list_mcp_resources", Tool::Look(&[])),
    ("google_web_search", Tool::Search(&["query"])),
    ("web_fetch", Tool::Fetch(&["prompt", "url"])),
    ("write_todos", Tool::Own),
    ("activate_skill", Tool::Own),
    ("ask_user", Tool::Own),
    ("enter_plan_mode", Tool::Own),
    ("exit_plan_mode", Tool::Own),
    ("update_topic", Tool::Own),
    ("complete_task", Tool::Own),
    ("invoke_agent", Tool::Own),
    ("tracker_create_task", Tool::Own),
    ("tracker_update_task", Tool::Own),
    ("tracker_get_task", Tool::Own),
    ("tracker_list_tasks", Tool::Own),
    ("tracker_add_dependency", Tool::Own),
    ("tracker_visualize", Tool::Own),
];

/// Where a shell command is run, if not in the session's directory.
const FOLDERS: &[&str] = &["dir_path", "directory"];

impl Host for Gemini {
    fn id(&self) -> &'static str {
        "gemini"
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("gemini", "Gemini CLI")
    }

    fn patience(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn read(&self, payload: &[u8]) -> Result<Asked, Malformed> {
        let document = document(payload)?;
        let mut told = Occasion::read(&document, "hook_event_name", "session_id", "cwd")?;
        match told.event.as_str() {
            "BeforeTool" => {
                let tool = told.fields.must("tool_name")?;
                let input = told.input("tool_input")?;
                let wanted = call(&told, &tool, &input)?;
                if matches!(wanted, Wanted::Shell { .. }) {
                    told.enter(&input, FOLDERS);
                }
                Ok(told.call(tool, input, wanted, &["description"]))
            }
            other if ASIDE.contains(&other) => Ok(told.aside()),
            _ => Err(told.strange()),
        }
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        if asked.is_some_and(|asked| ASIDE.contains(&asked.event.as_str())) {
            return says(&json!({ "continue": true }));
        }
        match said {
            Said::Allow => says(&json!({ "decision": "allow" })),
            Said::Deny(reason) => {
                denies(&json!({ "decision": "deny", "reason": reason.as_str() }), reason, 2)
            }
        }
    }
}

fn call(told: &Occasion<'_>, tool: &str, input: &Value) -> Result<Wanted, Malformed> {
    if let Some(context) = told.fields.get("mcp_context") {
        let context = Fields::named(context, "mcp_context")?;
        let (server, name) = (context.must("server_name")?, context.must("tool_name")?);
        return Ok(mcp((&server, &name), input));
    }
    match names::single(tool).filter(|_| find(TOOLS, tool).is_none()) {
        Some(named) if !tool.starts_with("mcp__") => Ok(mcp(named, input)),
        _ => wanted(TOOLS, tool, input, "tool_input", &told.cwd),
    }
}
