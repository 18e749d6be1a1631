//! Kiro and Amazon Q CLI: `preToolUse` and `PreToolUse`.
//!
//! From aws/amazon-q-developer-cli @15cc8f3 (`crates/chat-cli/src/cli/chat/cli/hooks.rs`,
//! `cli/chat/mod.rs`, `tools/tool_index.json`), <https://kiro.dev/docs/cli/hooks>,
//! <https://kiro.dev/docs/cli/v3/hooks> and <https://kiro.dev/docs/reference/built-in-tools>,
//! 2026-11. Only status 2 blocks, and standard error goes to the model. What stands on standard
//! output is taken down but not shown for a call; for `agentSpawn` and `userPromptSubmit` it goes
//! into the agent's context, so those are answered with silence.
//!
//! | what | told by |
//! |---|---|
//! | Amazon Q CLI, Kiro CLI 2 | event `preToolUse`, tools `execute_bash`, `fs_write`, `use_aws`, … |
//! | Kiro CLI 3, Kiro IDE 1 | event `PreToolUse`, with a `session_id` |
//! | Kiro IDE before 1.0 | nothing on standard input, which stays open: cannot be judged |
//!
//! Subagents run no hooks there (kirodotdev/Kiro issues 7671, 7755), so starting one is held.

use super::super::{
    Answer, Asked, Host, Malformed, Said,
    reading::{Occasion, SUBAGENT, TYPED, Tool, Tools, document, mcp, names, wanted},
};
use std::time::Duration;

/// The adapter.
pub struct Kiro;

const BEFORE: &[&str] = &["preToolUse", "PreToolUse"];

/// Events that are no call.
const ASIDE: &[&str] = &[
    "agentSpawn",
    "userPromptSubmit",
    "postToolUse",
    "stop",
    "AgentSpawn",
    "SessionStart",
    "SessionEnd",
    "UserPromptSubmit",
    "PostToolUse",
    "Stop",
    "FileCreated",
    "FileEdited",
    "FileSaved",
    "FileDeleted",
    "PreTaskExecution",
    "PostTaskExecution",
    "Manual",
];

const WRITE: Tool = Tool::Several(
    "command",
    &[
        ("create", Tool::Whole(&["path"], &["file_text", "content"])),
        ("str_replace", Tool::Part(&["path"])),
        ("strReplace", Tool::Part(&["path"])),
        ("insert", Tool::Part(&["path"])),
        ("append", Tool::Part(&["path"])),
    ],
);

const READ: Tool = Tool::Look(&["operations", "path", "paths", "image_paths"]);

const KNOWLEDGE: Tool = Tool::Several(
    "command",
    &[
        ("show", Tool::Own),
        ("search", Tool::Own),
        ("status", Tool::Own),
        ("cancel", Tool::Own),
        ("add", Tool::Own),
        ("update", Tool::Own),
    ],
);

/// The operations that only look; others rewrite code.
const CODE: Tool = Tool::Several(
    "operation",
    &[
        ("search_symbols", Tool::Look(&[])),
        ("lookup_symbols", Tool::Look(&[])),
        ("find_references", Tool::Look(&[])),
        ("goto_definition", Tool::Look(&[])),
        ("get_document_symbols", Tool::Look(&[])),
        ("get_diagnostics", Tool::Look(&[])),
        ("get_hover", Tool::Look(&[])),
        ("pattern_search", Tool::Look(&[])),
        ("generate_codebase_overview", Tool::Look(&[])),
        ("search_codebase_map", Tool::Look(&[])),
    ],
);

const TOOLS: Tools = &[
    // Both command lines.
    ("execute_bash", Tool::Shell(&["command"])),
    ("execute_cmd", Tool::Shell(&["command"])),
    ("shell", Tool::Shell(&["command"])),
    ("fs_write", WRITE),
    ("write", WRITE),
    ("fs_read", READ),
    ("read", READ),
    ("glob", Tool::Look(&[])),
    ("grep", Tool::Look(&[])),
    ("code", CODE),
    ("use_aws", Tool::Aws),
    ("aws", Tool::Aws),
    ("web_search", Tool::Search(&["query"])),
    ("web_fetch", Tool::Fetch(&["url"])),
    ("knowledge", KNOWLEDGE),
    ("introspect", Tool::Own),
    ("thinking", Tool::Own),
    ("todo_list", Tool::Own),
    ("todo", Tool::Own),
    ("report_issue", Tool::Own),
    ("gh_issue", Tool::Own),
    ("switch_to_execution", Tool::Own),
    ("dummy", Tool::Own),
    ("delegate", SUBAGENT),
    ("subagent", SUBAGENT),
    ("use_subagent", SUBAGENT),
    // The IDE.
    ("executeBash", Tool::Shell(&["command"])),
    ("executePwsh", Tool::PowerShell(&["command"])),
    ("controlBashProcess", TYPED),
    ("controlPwshProcess", TYPED),
    ("getProcessOutput", Tool::Own),
    ("listProcesses", Tool::Own),
    ("fsWrite", Tool::Whole(&["path"], &["text", "content"])),
    ("fsAppend", Tool::Part(&["path"])),
    ("strReplace", Tool::Part(&["path"])),
    ("deleteFile", Tool::Remove(&["targetFile", "path"])),
    ("readFile", Tool::Look(&["path"])),
    ("readMultipleFiles", Tool::Look(&["paths"])),
    ("readCode", Tool::Look(&["path"])),
    ("listDirectory", Tool::Look(&[])),
    ("fileSearch", Tool::Look(&[])),
    ("grepSearch", Tool::Look(&[])),
    ("getDiagnostics", Tool::Look(&[])),
    ("remote_web_search", Tool::Search(&["query"])),
    ("webFetch", Tool::Fetch(&["url"])),
    ("userInput", Tool::Own),
    ("taskStatus", Tool::Own),
    ("invokeSubAgent", SUBAGENT),
];

/// Where the IDE runs a command, if not in the session's directory.
const FOLDERS: &[&str] = &["cwd", "path"];

impl Host for Kiro {
    fn id(&self) -> &'static str {
        "kiro"
    }

    fn agent(&self) -> (&'static str, &'static str) {
        ("kiro", "Kiro")
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn read(&self, payload: &[u8]) -> Result<Asked, Malformed> {
        let document = document(payload)?;
        let mut told = Occasion::read(&document, "hook_event_name", "session_id", "cwd")?;
        if ASIDE.contains(&told.event.as_str()) {
            return Ok(told.aside());
        }
        if !BEFORE.contains(&told.event.as_str()) {
            return Err(told.strange());
        }
        let tool = told.fields.must("tool_name")?;
        let input = told.input("tool_input")?;
        let wanted = match names::at(&tool) {
            Some(named) => mcp(named, &input),
            None => wanted(TOOLS, &tool, &input, "tool_input", &told.cwd)?,
        };
        if ["executeBash", "executePwsh"].contains(&tool.as_str()) {
            told.enter(&input, FOLDERS);
        }
        Ok(told.call(tool, input, wanted, &["summary", "label", "explanation", "reason"]))
    }

    fn answer(&self, said: &Said, asked: Option<&Asked>) -> Answer {
        let silent = || Answer { stdout: String::new(), stderr: String::new(), status: 0 };
        if asked.is_some_and(|asked| ASIDE.contains(&asked.event.as_str())) {
            return silent();
        }
        match said {
            Said::Allow => Answer { stdout: "let through by countersign\n".to_owned(), ..silent() },
            Said::Deny(reason) => Answer { stderr: reason.told(), status: 2, ..silent() },
        }
    }
}
