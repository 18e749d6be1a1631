//! Other agents that are given a task: what they do is up to them, so nobody can tell.
//!
//! From <https://docs.claude.com/en/docs/claude-code/cli-reference>,
//! <https://kiro.dev/docs/cli/>, <https://developers.openai.com/codex/cli/reference>,
//! <https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/>,
//! <https://docs.cursor.com/en/cli/reference/parameters>,
//! <https://docs.github.com/en/copilot/reference/cli-command-reference>,
//! <https://aider.chat/docs/config/options.html>, <https://opencode.ai/docs/cli/>,
//! <https://block.github.io/goose/docs/guides/goose-cli-commands/>, 2026-11.

use crate::classify::programs::{Cli, Does, Rule};

const DECIDES: &str = "another agent decides what happens";
const UNASKED: Does = Does::Opaque("another agent decides what happens, and asks nobody");
const TASK: Does = Does::Opaque(DECIDES);

/// Options with which any of them works on a task, however its operands read.
const TASKS: &[(&str, Does)] = &[
    ("-p", TASK),
    ("--print", TASK),
    ("--prompt", TASK),
    ("-i", TASK),
    ("--message", TASK),
    ("-m", TASK),
    ("-t", TASK),
    ("--dangerously-skip-permissions", UNASKED),
    ("--trust-all-tools", UNASKED),
    ("--dangerously-bypass-approvals-and-sandbox", UNASKED),
    ("--full-auto", UNASKED),
    ("--yolo", UNASKED),
    ("-y", UNASKED),
    ("--allow-all-tools", UNASKED),
    ("--force", UNASKED),
    ("-f", UNASKED),
    ("--dangerously-allow-all", UNASKED),
    ("--yes-always", UNASKED),
];

/// A task in words, or a session that a person types into.
const fn task(path: &'static str) -> Rule {
    Rule::opaque(path, DECIDES).when(TASKS)
}

const fn reads(path: &'static str) -> Rule {
    Rule::reads(path).when(TASKS)
}

const fn updates(path: &'static str, back: &'static str) -> Rule {
    Rule::updates(path, back).when(TASKS)
}

const fn agent(service: &'static str) -> Cli {
    Cli { harmless: &["--help", "--version", "-h"], ..Cli::new(service) }
}

const BACK: &str = "change it back";

/// Claude Code.
pub(super) static CLAUDE: Cli = Cli {
    valued: &[
        "--model",
        "--fallback-model",
        "--output-format",
        "--input-format",
        "--allowedTools",
        "--allowed-tools",
        "--disallowedTools",
        "--disallowed-tools",
        "--append-system-prompt",
        "--system-prompt",
        "--system-prompt-file",
        "--mcp-config",
        "--permission-mode",
        "--permission-prompt-tool",
        "--resume",
        "-r",
        "--session-id",
        "--add-dir",
        "--settings",
        "--setting-sources",
        "--max-turns",
        "--max-budget-usd",
        "--agents",
        "--agent",
        "--betas",
        "--json-schema",
        "--plugin-dir",
        "--transport",
        "--scope",
        "-s",
        "--env",
        "-e",
        "--header",
        "-H",
        "--tools",
    ],
    flags: &["--verbose", "--debug", "--continue", "-c", "--ide", "--fork-session"],
    harmless: &["--help", "--version", "-h", "-v"],
    rules: &[
        task(""),
        task("*"),
        reads("doctor"),
        reads("mcp list|get"),
        reads("config get|list|ls"),
        reads("plugin|plugins list|validate"),
        reads("plugin|plugins marketplace list"),
        reads("auth status"),
        reads("agents list"),
        updates("mcp add|add-json|add-from-claude-desktop", "remove the server again"),
        updates("mcp remove", "add the server again"),
        updates("mcp reset-project-choices", "choose again"),
        task("mcp serve"),
        updates("config set|add|remove|rm|unset", BACK),
        updates("plugin|plugins install|i|enable|disable|uninstall|remove|update", BACK),
        updates("plugin|plugins marketplace add|remove|rm|update", BACK),
        updates("update|upgrade|install|migrate-installer", "install the former version"),
        Rule::reveals("setup-token", "revoke the token").when(TASKS),
        updates("auth login|logout", "log in again"),
    ],
    ..agent("claude-code")
};

/// Amazon Q and Kiro.
pub(super) static Q: Cli = Cli {
    valued: &[
        "--agent",
        "--model",
        "--trust-tools",
        "--profile",
        "--format",
        "-f0",
        "--command",
        "--name",
        "--args",
        "--scope",
        "--url",
        "--env",
        "--timeout",
        "--license",
        "--identity-provider",
        "--region",
        "--wrap",
    ],
    flags: &["--no-interactive", "--resume", "-r", "-a", "--verbose", "-v", "--legacy-ui"],
    harmless: &["--help", "--version", "-h", "-V", "--help-all", "--list-sessions"],
    rules: &[
        task(""),
        task("*"),
        task("chat|translate|agent|acp"),
        Rule::reads("doctor|diagnostic|diagnostics|issue|whoami|version|settings|integrations"),
        Rule::reads("settings all|list|get"),
        Rule::reads("integrations status"),
        Rule::reads("mcp list|status"),
        Rule::reads("agent list|schema|validate"),
        Rule::reads("inspect|completion|quit|launch|help"),
        Rule::updates("mcp add|import", "remove the server again"),
        Rule::updates("mcp remove", "add the server again"),
        Rule::updates("agent create|edit|migrate|set-default", BACK),
        Rule::updates("integrations install|uninstall|reinstall", BACK),
        Rule::updates("settings set|delete|open|*", BACK),
        Rule::updates("login|logout|user|setup|update|restart|theme|profile|init|dashboard", BACK),
        Rule::updates("user login|logout|profile", BACK),
        Rule::reads("user whoami"),
    ],
    ..agent("amazon-q")
};

/// `OpenAI` Codex.
pub(super) static CODEX: Cli = Cli {
    valued: &[
        "--model",
        "-m",
        "--config",
        "-c",
        "--sandbox",
        "-s",
        "--ask-for-approval",
        "-a",
        "--cd",
        "-C",
        "--image",
        "-i",
        "--profile",
        "--add-dir",
        "--color",
        "--output-last-message",
        "-o",
        "--output-schema",
        "--enable",
        "--disable",
        "--url",
        "--env",
        "--remote",
    ],
    harmless: &["--help", "--version", "-h", "-V"],
    rules: &[
        task(""),
        task("*"),
        Rule::reads("login status"),
        Rule::reads("mcp list|get"),
        Rule::reads("completion"),
        Rule::reads("features"),
        Rule::reads("features list"),
        Rule::reads("cloud list|status|diff"),
        Rule::reads("execpolicy check"),
        Rule::updates("features enable|disable", BACK),
        Rule::updates("login|logout|update", "log in again"),
        Rule::updates("mcp add", "remove the server again"),
        Rule::updates("mcp remove|login|logout", "add the server again"),
    ],
    ..agent("codex")
};

/// Gemini CLI.
pub(super) static GEMINI: Cli = Cli {
    valued: &[
        "--model",
        "-m",
        "--prompt",
        "-p",
        "--prompt-interactive",
        "-i",
        "--approval-mode",
        "--allowed-mcp-server-names",
        "--allowed-tools",
        "--extensions",
        "-e",
        "--include-directories",
        "--output-format",
        "-o",
        "--resume",
        "-r",
        "--delete-session",
        "--scope",
        "-s0",
        "--transport",
        "-t",
        "--env",
        "--header",
        "-H",
        "--timeout",
    ],
    harmless: &["--help", "--version", "-h", "-v", "--list-extensions", "-l", "--list-sessions"],
    rules: &[
        task(""),
        task("*"),
        Rule::reads("mcp list"),
        Rule::reads("extensions list|validate"),
        Rule::reads("skills|hooks list"),
        Rule::updates("mcp add", "remove the server again"),
        Rule::updates("mcp remove|enable|disable", "add the server again"),
        Rule::updates("extensions install|uninstall|update|enable|disable|link|new|config", BACK),
        Rule::updates("skills install|uninstall|enable|disable|link", BACK),
    ],
    ..agent("gemini-cli")
};

/// Cursor's agent.
pub(super) static CURSOR: Cli = Cli {
    valued: &[
        "--model",
        "-m",
        "--output-format",
        "--api-key",
        "-a",
        "--resume",
        "--workspace",
        "-H",
        "--header",
        "--mode",
        "--sandbox",
    ],
    harmless: &["--help", "--version", "-h", "-v", "--list-models"],
    rules: &[
        task(""),
        task("*"),
        reads("status|whoami|models|ls|about"),
        reads("mcp list|list-tools"),
        updates("mcp enable|disable|login", BACK),
        updates(
            "login|logout|update|upgrade|install-shell-integration|uninstall-shell-integration",
            BACK,
        ),
        updates("create-chat", BACK),
    ],
    ..agent("cursor")
};

/// GitHub Copilot CLI.
pub(super) static COPILOT: Cli = Cli {
    valued: &[
        "--model",
        "-p",
        "--prompt",
        "-i",
        "--interactive",
        "--allow-tool",
        "--deny-tool",
        "--add-dir",
        "--agent",
        "--log-level",
        "--log-dir",
        "--additional-mcp-config",
        "--resume",
        "--stream",
        "--disable-mcp-server",
        "--available-tools",
        "--excluded-tools",
    ],
    harmless: &["--help", "--version", "-h", "-v"],
    rules: &[
        task(""),
        task("*"),
        Rule::reads("help|version"),
        Rule::reads("help *"),
        Rule::reads("plugin list"),
        Rule::reads("mcp list|get"),
        Rule::updates("mcp add|remove", BACK),
        Rule::updates("plugin install|uninstall|update", BACK),
        Rule::updates("update|login|init", BACK),
    ],
    ..agent("copilot")
};

/// Aider.
pub(super) static AIDER: Cli = Cli {
    harmless: &[
        "--help",
        "--version",
        "-h",
        "--list-models",
        "--models",
        "--show-repo-map",
        "--show-prompts",
        "--check-update",
        "--dry-run",
    ],
    valued: &["--model", "--message", "-m", "--msg", "--message-file", "-f", "--file", "--read"],
    rules: &[task(""), task("*")],
    ..agent("aider")
};

/// Amp.
pub(super) static AMP: Cli = Cli {
    valued: &["-x", "--execute", "--log-level", "--mcp-config", "--settings-file", "--mode", "-m"],
    harmless: &["--help", "--version", "-h", "-V"],
    rules: &[
        task(""),
        task("*"),
        reads("threads|thread|t list|l|ls|markdown|search"),
        reads("mcp list|doctor"),
        reads("tools list|show"),
        reads("permissions list|test"),
        reads("doctor|usage"),
        updates("mcp add|remove|approve|oauth", BACK),
        updates("permissions add|edit", BACK),
        updates("login|logout|update", BACK),
    ],
    ..agent("amp")
};

/// opencode.
pub(super) static OPENCODE: Cli = Cli {
    valued: &[
        "--model",
        "-m",
        "--agent",
        "--session",
        "-s",
        "--file",
        "-f",
        "--title",
        "--format",
        "--port",
        "--hostname",
        "--prompt",
        "--log-level",
        "--attach",
    ],
    harmless: &["--help", "--version", "-h", "-v"],
    rules: &[
        task(""),
        task("*"),
        Rule::reads("models|stats|debug|completion"),
        Rule::reads("models *"),
        Rule::reads("auth list|ls"),
        Rule::reads("mcp|agent|session list|ls"),
        Rule::reads("export"),
        Rule::updates("auth login|logout", "log in again"),
        Rule::updates("mcp add|auth|logout", "remove the server again"),
        Rule::updates("agent create", "delete it again"),
        Rule::deletes("session delete", "the session is gone"),
        Rule::updates("upgrade|import", BACK),
        Rule::updates("github install", "take the workflow out again"),
    ],
    ..agent("opencode")
};

/// Goose.
pub(in super::super) static GOOSE: Cli = Cli {
    valued: &[
        "--text",
        "-t",
        "--instructions",
        "-i",
        "--name",
        "-n",
        "--with-extension",
        "--with-builtin",
        "--recipe",
        "--params",
        "--provider",
        "--model",
        "--system",
        "--session-id",
    ],
    harmless: &["--help", "--version", "-h", "-V"],
    rules: &[
        task(""),
        task("*"),
        Rule::reads("info|help|completion"),
        Rule::reads("session list|export"),
        Rule::reads("recipe validate|list|deeplink"),
        Rule::reads("schedule list|sessions"),
        Rule::updates("configure|update", BACK),
        Rule::deletes("session remove", "the session is gone"),
        Rule::updates("schedule remove", "schedule it again"),
    ],
    ..agent("goose")
};

/// Agents of which only asking for help or the version is known to do nothing.
#[rustfmt::skip]
pub(super) const OTHERS: &[&str] = &[
    "cline", "devin", "windsurf", "crush", "droid", "auggie", "qwen", "kiro", "openhands",
    "plandex", "interpreter", "swe-agent", "sweagent", "mini", "forge", "gptme", "codebuff",
    "continue", "cn", "warp-agent", "rovodev", "junie", "kimi", "grok", "jules", "mentat",
    "tabnine", "cody", "llm", "sgpt", "gpt-engineer", "trae-cli", "iflow", "cagent",
];

/// Any other agent.
pub(super) static OTHER: Cli = Cli {
    harmless: &["--help", "--version", "-h", "-V"],
    rules: &[
        task(""),
        task("*"),
        reads("version|doctor|status|help|whoami"),
        reads("mcp list"),
        updates("mcp add|remove", BACK),
        updates("login|logout|update", BACK),
    ],
    ..agent("agents")
};
