//! Windsurf Cascade: `pre_run_command`, `pre_write_code`, `pre_read_code`, `pre_mcp_tool_use`.
//!
//! From <https://docs.windsurf.com/windsurf/cascade/hooks>, 2026-11. Only status 2 blocks, and the
//! agent is shown standard error; every other status goes ahead. There is one event for each kind
//! of action, and what Cascade does besides comes to none.

use super::super::{
    Answer, Asked, Host, Malformed, Said,
    reading::{Fields, Occasion, Tool, document, mcp},
};
use crate::gate::{Edit, Wanted, Written};
use serde_json::Value;
use std::time::Duration;

/// The adapter.
pub struct Windsurf;

/// Events that are no call.
const ASIDE: &[&str] = &[
    "pre_user_prompt",
    "post_read_code",
    "post_write_code",
    "post_run_command",
    "post_mcp_tool_use",
    "post_cascade_response",
    "post_cascade_response_with_transcript",
    "post_setup_worktree",
];

impl Host for Windsurf {
    fn id(&self) -> &'static str {
        "windsurf"
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("windsurf", "Windsurf")
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn read(&self, payload: &[u8]) -> Result<Asked, Malformed> {
        let document = document(payload)?;
        let mut told = Occasion::read(&document, "agent_action_name", "trajectory_id", "cwd")?;
        if ASIDE.contains(&told.event.as_str()) {
            return Ok(told.aside());
        }
        let input = told.input("tool_info")?;
        let under = "tool_info";
        let wanted = match told.event.as_str() {
            "pre_run_command" => {
                told.enter(&input, &["cwd"]);
                Tool::Shell(&["command_line"]).wanted("command", &input, under, &told.cwd)?
            }
            "pre_read_code" => {
                Tool::Look(&["file_path"]).wanted("read", &input, under, &told.cwd)?
            }
            "pre_write_code" => written(Fields::named(&input, under)?, &told.cwd)?,
            "pre_mcp_tool_use" => {
                let fields = Fields::named(&input, under)?;
                let server = fields.must("mcp_server_name")?;
                let none = Value::Object(serde_json::Map::default());
                let arguments = fields.get("mcp_tool_arguments").unwrap_or(&none);
                mcp((&server, &fields.must("mcp_tool_name")?), arguments)
            }
            _ => return Err(told.strange()),
        };
        let tool = told.event.clone();
        Ok(told.call(tool, input, wanted, &[]))
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        let aside = asked.is_some_and(|asked| ASIDE.contains(&asked.event.as_str()));
        match said {
            Said::Deny(reason) if !aside => {
                Answer { stdout: String::new(), stderr: reason.told(), status: 2 }
            }
            _ => Answer {
                stdout: "let through by countersign\n".to_owned(),
                stderr: String::new(),
                status: 0,
            },
        }
    }
}

/// A file that did not exist has one edit, of nothing.
fn written(fields: Fields<'_>, cwd: &str) -> Result<Wanted, Malformed> {
    let path = fields.path(&["file_path"])?;
    let text = match fields.get("edits") {
        Some(Value::Array(edits)) => match edits.as_slice() {
            [edit] if edit["old_string"].as_str().is_none_or(str::is_empty) => {
                edit["new_string"].as_str()
            }
            _ => None,
        },
        _ => None,
    };
    let edit = text.map_or(Edit::Part, |text| Edit::Whole(Some(text.to_owned())));
    Ok(Wanted::Write { files: vec![Written::new(&path, cwd, edit)] })
}
