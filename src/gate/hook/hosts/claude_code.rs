//! Claude Code: `PreToolUse`, <https://code.claude.com/docs/en/hooks>.
//!
//! Denies with `permissionDecision: "deny"` and a reason on standard output. Without
//! `"onFailure": "block"` on the hook (2.1.295 and newer) it runs the tool when the hook fails or
//! is late, so the answer is always early and the exit status 0.

use super::super::{Answer, Asked, Host, Malformed, Said};
use crate::gate::Wanted;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// The adapter.
pub struct ClaudeCode;

#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    session_id: String,
    #[serde(default)]
    cwd: String,
    hook_event_name: String,
    tool_name: String,
    tool_input: Value,
}

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
        let payload: Payload =
            serde_json::from_slice(payload).map_err(|error| Malformed(error.to_string()))?;
        let text = |key: &str| payload.tool_input.get(key).and_then(Value::as_str);
        let wanted = match payload.tool_name.as_str() {
            "Bash" => Wanted::Shell {
                command: text("command")
                    .ok_or_else(|| Malformed("tool_input.command is missing".to_owned()))?
                    .to_owned(),
            },
            other => Wanted::Unknown { tool: other.to_owned() },
        };
        Ok(Asked {
            event: payload.hook_event_name,
            session: payload.session_id,
            cwd: payload.cwd,
            claimed: text("description").unwrap_or_default().to_owned(),
            tool: payload.tool_name,
            wanted,
            input: payload.tool_input,
        })
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        let event = asked.map_or("PreToolUse", |asked| asked.event.as_str());
        let (decision, reason) = match said {
            Said::Allow => ("allow", "let through by countersign"),
            Said::Deny(reason) => ("deny", reason.as_str()),
        };
        let body = json!({ "hookSpecificOutput": {
            "hookEventName": event,
            "permissionDecision": decision,
            "permissionDecisionReason": reason,
        }});
        let stderr = match said {
            Said::Allow => String::new(),
            Said::Deny(reason) => format!("countersign: {}\n", reason.as_str()),
        };
        Answer { stdout: format!("{body}\n"), stderr, status: 0 }
    }
}
