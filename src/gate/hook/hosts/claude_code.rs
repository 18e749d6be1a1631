//! Claude Code: `PreToolUse`.
//!
//! From <https://code.claude.com/docs/en/hooks> and the strings of `@anthropic-ai/claude-code`
//! 2.1.328, 2026-11. Denies with `permissionDecision: "deny"` and a reason on standard output, with
//! status 0: before 2.1.90 a document beside status 2 kept the status from counting. Without
//! `"onFailure": "block"` on the hook (2.1.295 and newer) it runs the tool when the hook fails or
//! is late.
//!
//! By the documentation calls of subagents come through the same hook, with an `agent_id`, so
//! starting one is the host's own business. Issues 43612, 69260, 78970 and, still open, 88441 tell of
//! versions where they did not; there a subagent has no gate.

use super::{
    super::{
        Answer, Asked, Host, Malformed, Said,
        reading::{Occasion, Tool, Tools, document, wanted},
    },
    denies, says,
};
use serde_json::json;
use std::time::Duration;

/// The adapter.
pub struct ClaudeCode;

/// Events that are no call.
const ASIDE: &[&str] = &[
    "PostToolUse",
    "PostToolUseFailure",
    "PermissionRequest",
    "PermissionDenied",
    "Notification",
    "UserPromptSubmit",
    "Stop",
    "StopFailure",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
    "PostCompact",
    "SessionStart",
    "SessionEnd",
    "Setup",
    "TaskCreated",
    "TaskCompleted",
    "TeammateIdle",
    "ConfigChange",
    "CwdChanged",
    "FileChanged",
    "InstructionsLoaded",
    "Elicitation",
    "ElicitationResult",
    "WorktreeCreate",
    "WorktreeRemove",
];

/// Its tools, by <https://code.claude.com/docs/en/tools-reference>.
pub(super) const TOOLS: Tools = &[
    ("Bash", Tool::Shell(&["command"])),
    ("Monitor", Tool::Shell(&["command"])),
    ("PowerShell", Tool::PowerShell(&["command"])),
    ("BashOutput", Tool::Own),
    ("TaskOutput", Tool::Own),
    ("TaskStop", Tool::Own),
    ("KillBash", Tool::Own),
    ("KillShell", Tool::Own),
    ("Write", Tool::Whole(&["file_path"], &["content"])),
    ("Edit", Tool::Part(&["file_path"])),
    ("MultiEdit", Tool::Part(&["file_path"])),
    ("NotebookEdit", Tool::Part(&["notebook_path"])),
    ("Read", Tool::Look(&["file_path"])),
    ("NotebookRead", Tool::Look(&["notebook_path"])),
    ("Glob", Tool::Look(&[])),
    ("Grep", Tool::Look(&[])),
    ("LS", Tool::Look(&[])),
    ("LSP", Tool::Look(&[])),
    ("ListMcpResourcesTool", Tool::Look(&[])),
    ("ReadMcpResourceTool", Tool::Look(&[])),
    ("WebFetch", Tool::Fetch(&["url"])),
    ("WebSearch", Tool::Search(&["query"])),
    ("TodoRead", Tool::Own),
    ("TodoWrite", Tool::Own),
    ("TaskCreate", Tool::Own),
    ("TaskGet", Tool::Own),
    ("TaskList", Tool::Own),
    ("TaskUpdate", Tool::Own),
    ("Task", Tool::Own),
    ("Agent", Tool::Own),
    ("SendMessage", Tool::Own),
    ("Skill", Tool::Own),
    ("SlashCommand", Tool::Own),
    ("ToolSearch", Tool::Own),
    ("AskUserQuestion", Tool::Own),
    ("EnterPlanMode", Tool::Own),
    ("ExitPlanMode", Tool::Own),
    ("StructuredOutput", Tool::Own),
];

impl Host for ClaudeCode {
    fn id(&self) -> &'static str {
        "claude-code"
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("claude-code", "Claude Code")
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
                Ok(told.call(tool, input, wanted, &["description"]))
            }
            other if ASIDE.contains(&other) => Ok(told.aside()),
            _ => Err(told.strange()),
        }
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        if asked.is_some_and(|asked| ASIDE.contains(&asked.event.as_str())) {
            // No decision: the host goes on as it would.
            return says(&json!({ "continue": true }));
        }
        let body = |decision: &str, reason: &str| {
            json!({ "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": decision,
                "permissionDecisionReason": reason,
            }})
        };
        match said {
            Said::Allow => says(&body("allow", "let through by countersign")),
            Said::Deny(reason) => denies(&body("deny", reason.as_str()), reason, 0),
        }
    }
}
