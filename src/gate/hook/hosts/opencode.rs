//! `OpenCode`: `tool.execute.before`, through a plugin of ours.
//!
//! From the types of `@opencode-ai/plugin` 1.18.33 and <https://opencode.ai/docs/plugins>, 2026-11:
//! a plugin that throws there keeps the tool from running. `permission.ask` is never called
//! (anomalyco/opencode issues 7006, 46809, 47674). The plugin (`data/opencode-plugin.js`) sends
//! the call as JSON and throws unless it is told plainly that this very call may go ahead; so the
//! words between the two are ours:
//!
//! ```text
//!   {"tool", "sessionID", "callID", "cwd", "args"} ─▶ {"callID", "decision": "allow" | "deny", "reason"}
//! ```
//!
//! A plugin that comes after ours could change the arguments that were judged. MCP tools are named
//! `server_tool`, like the tools of other plugins. Calls of subagents come through the same plugin;
//! what `batch` calls comes to none (issue 5894), so that is held.

use super::{
    super::{
        Answer, Asked, Host, Malformed, Said,
        reading::{Fields, Occasion, Tool, Tools, document, find, mcp, names, wanted},
    },
    denies, says,
};
use crate::gate::Wanted;
use serde_json::json;
use std::time::Duration;

/// The adapter.
pub struct OpenCode;

/// The plugin. `@COMMAND@` stands for the words to run, as a list in JSON.
pub const PLUGIN: &str = include_str!("../../../../data/opencode-plugin.js");

const EVENT: &str = "tool.execute.before";

const TOOLS: Tools = &[
    ("bash", Tool::Shell(&["command"])),
    ("write", Tool::Whole(&["filePath"], &["content"])),
    ("edit", Tool::Part(&["filePath"])),
    ("multiedit", Tool::Part(&["filePath"])),
    ("patch", Tool::Patch(&["patchText"])),
    ("apply_patch", Tool::Patch(&["patchText"])),
    ("read", Tool::Look(&["filePath"])),
    ("grep", Tool::Look(&[])),
    ("glob", Tool::Look(&[])),
    ("list", Tool::Look(&[])),
    ("lsp", Tool::Look(&[])),
    ("webfetch", Tool::Fetch(&["url"])),
    ("websearch", Tool::Search(&["query"])),
    ("codesearch", Tool::Search(&["query"])),
    ("todowrite", Tool::Own),
    ("todoread", Tool::Own),
    ("question", Tool::Own),
    ("skill", Tool::Own),
    ("plan_enter", Tool::Own),
    ("plan_exit", Tool::Own),
    ("invalid", Tool::Own),
    ("task", Tool::Own),
    ("batch", Tool::Unseen("the calls of a batch come to no hook of this host")),
];

impl Host for OpenCode {
    fn id(&self) -> &'static str {
        "opencode"
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("opencode", "OpenCode")
    }

    fn patience(&self) -> Duration {
        Duration::from_mins(10)
    }

    fn read(&self, payload: &[u8]) -> Result<Asked, Malformed> {
        let document = document(payload)?;
        let fields = Fields::of(&document)?;
        let (session, cwd) = (fields.name("sessionID")?, fields.name("cwd")?);
        let mut told = Occasion { fields, event: EVENT.to_owned(), session, cwd };
        let tool = fields.must("tool")?;
        let input = told.input("args")?;
        let named = names::underscore(&tool).filter(|_| find(TOOLS, &tool).is_none());
        let wanted = match named {
            Some(named) if !tool.starts_with("mcp__") => mcp(named, &input),
            _ => wanted(TOOLS, &tool, &input, "args", &told.cwd)?,
        };
        if matches!(wanted, Wanted::Shell { .. }) {
            told.enter(&input, &["workdir"]);
        }
        let mut asked = told.call(tool, input, wanted, &["description"]);
        // The answer has to be about this call; its id is the host's, and fresh for every one.
        asked.event = fields.must("callID")?;
        Ok(asked)
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        let call = asked.map_or("", |asked| asked.event.as_str());
        match said {
            Said::Allow => says(&json!({ "callID": call, "decision": "allow" })),
            Said::Deny(reason) => denies(
                &json!({ "callID": call, "decision": "deny", "reason": reason.as_str() }),
                reason,
                2,
            ),
        }
    }
}
