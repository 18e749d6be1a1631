//! Cursor: `preToolUse`, `beforeShellExecution`, `beforeMCPExecution`, `beforeReadFile`.
//!
//! From <https://cursor.com/docs/agent/hooks> and what others measured with it, 2026-11. The answer
//! is flat: `permission`, and `user_message`, which is what the model gets to see. Status 2 beside
//! a document shows the document to the model, so the status is 0. `ask` blocks, or is ignored.
//! With `failClosed` silence blocks too, so a yes is always said.
//!
//! A shell command comes to two events, first `preToolUse`, then `beforeShellExecution`, and an
//! MCP call likewise. An approval serves one of them, and the other would ask for the next. So
//! there are two names: `cursor` judges whatever it is asked; `cursor-tools` is for `preToolUse`
//! where the other events ask `cursor`, and leaves shell and MCP calls to those. Versions that know
//! only one of the events are judged there either way.
//!
//! `beforeMCPExecution` brings its input as JSON in a string, and what starts the server or where
//! it is, but not its name.

use super::{
    super::{
        Answer, Asked, Host, Malformed, Said,
        reading::{Occasion, Tool, Tools, document, mcp, names, wanted},
    },
    denies, says,
};
use crate::gate::Wanted;
use serde_json::{Value, json};
use std::time::Duration;

/// The adapter.
pub struct Cursor {
    id: &'static str,
    /// Whether other events ask about shell and MCP calls.
    beside: bool,
}

/// Judges whatever it is asked.
pub const CURSOR: Cursor = Cursor { id: "cursor", beside: false };

/// For `preToolUse` beside the other events.
pub const CURSOR_TOOLS: Cursor = Cursor { id: "cursor-tools", beside: true };

/// Events that are no call.
const ASIDE: &[&str] = &[
    "afterShellExecution",
    "afterMCPExecution",
    "afterFileEdit",
    "afterTabFileEdit",
    "afterAgentResponse",
    "afterAgentThought",
    "beforeSubmitPrompt",
    "postToolUse",
    "postToolUseFailure",
    "preCompact",
    "sessionStart",
    "sessionEnd",
    "stop",
    "subagentStart",
    "subagentStop",
    "workspaceOpen",
];

const PATH: &[&str] = &["file_path", "path", "target_file"];

const TOOLS: Tools = &[
    ("Shell", Tool::Shell(&["command"])),
    ("Write", Tool::Whole(PATH, &["content", "contents"])),
    ("Edit", Tool::Part(PATH)),
    ("MultiEdit", Tool::Part(PATH)),
    ("StrReplace", Tool::Part(PATH)),
    ("TabWrite", Tool::Part(PATH)),
    ("EditNotebook", Tool::Part(&["target_notebook", "notebook_path", "file_path", "path"])),
    ("ApplyPatch", Tool::Patch(&["patch", "input"])),
    ("Delete", Tool::Remove(PATH)),
    ("Read", Tool::Look(PATH)),
    ("TabRead", Tool::Look(PATH)),
    ("Grep", Tool::Look(&[])),
    ("Glob", Tool::Look(&[])),
    ("LS", Tool::Look(&[])),
    ("SemanticSearch", Tool::Look(&[])),
    ("ReadLints", Tool::Look(&[])),
    ("FetchMcpResource", Tool::Look(&[])),
    ("ListMcpResources", Tool::Look(&[])),
    ("WebFetch", Tool::Fetch(&["url"])),
    ("WebSearch", Tool::Search(&["search_term", "query"])),
    ("Task", Tool::Own),
    ("TodoWrite", Tool::Own),
    ("UpdateTodos", Tool::Own),
    ("CreatePlan", Tool::Own),
    ("SwitchMode", Tool::Own),
    ("AskQuestion", Tool::Own),
    ("Await", Tool::Own),
];

impl Host for Cursor {
    fn id(&self) -> &'static str {
        self.id
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("cursor", "Cursor")
    }

    fn patience(&self) -> Duration {
        Duration::from_mins(10)
    }

    fn read(&self, payload: &[u8]) -> Result<Asked, Malformed> {
        let document = document(payload)?;
        let mut told = Occasion::read(&document, "hook_event_name", "conversation_id", "cwd")?;
        if ASIDE.contains(&told.event.as_str()) {
            return Ok(told.aside());
        }
        if told.cwd.is_empty() {
            // The first of the workspace's folders is where a relative path begins.
            let roots = told.fields.get("workspace_roots");
            let root = roots.and_then(|roots| roots.get(0)?.as_str());
            root.unwrap_or_default().clone_into(&mut told.cwd);
        }
        match told.event.as_str() {
            "preToolUse" => {
                let tool = told.fields.must("tool_name")?;
                let input = told.input("tool_input")?;
                let called = names::colon(&tool);
                let wanted = if self.beside && (tool == "Shell" || called.is_some()) {
                    Wanted::Own
                } else if let Some(named) = called {
                    mcp(named, &input)
                } else {
                    wanted(TOOLS, &tool, &input, "tool_input", &told.cwd)?
                };
                if tool == "Shell" {
                    told.enter(&input, &["cwd", "working_directory"]);
                }
                Ok(told.call(tool, input, wanted, &["description", "explanation"]))
            }
            "beforeShellExecution" => {
                let command = told.fields.line(&["command"])?;
                let input = json!({ "command": command });
                Ok(told.call("Shell".to_owned(), input, Wanted::Shell { command }, &[]))
            }
            "beforeMCPExecution" => {
                let tool = told.fields.must("tool_name")?;
                let input = told.input("tool_input")?;
                let wanted = mcp(("", tool.trim_start_matches("MCP:").trim()), &input);
                // The same tool of another server is another call.
                let server = ["url", "command", "server_name"].map(|name| told.fields.get(name));
                let whole = json!({ "arguments": input, "server": server });
                Ok(told.call(tool, whole, wanted, &[]))
            }
            "beforeReadFile" | "beforeTabFileRead" => {
                let path = told.fields.path(&["file_path"])?;
                let mut paths = vec![path];
                if let Some(Value::Array(more)) = told.fields.get("attachments") {
                    let named = |one: &Value| {
                        let path = one.get("file_path").or_else(|| one.get("filePath"))?;
                        path.as_str().map(str::to_owned)
                    };
                    paths.extend(more.iter().filter_map(named));
                }
                // What the file holds is sent along; it is nobody's business to keep it.
                let input = json!({ "paths": paths });
                Ok(told.call("Read".to_owned(), input, Wanted::Look { paths }, &[]))
            }
            _ => Err(told.strange()),
        }
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        if asked.is_some_and(|asked| ASIDE.contains(&asked.event.as_str())) {
            return says(&json!({ "continue": true, "permission": "allow" }));
        }
        match said {
            Said::Allow => says(&json!({ "permission": "allow" })),
            Said::Deny(reason) => denies(
                &json!({
                    "permission": "deny",
                    "user_message": reason.as_str(),
                    "agent_message": reason.as_str(),
                }),
                reason,
                0,
            ),
        }
    }
}
