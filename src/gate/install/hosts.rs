//! The hosts, as data: what was read in their documentation, their source or their program, and
//! where. `docs/gate.md` has a table made from this.

mod answers;
mod forms;

use super::profile::{
    Base, Behaviour, Covered, Ends, Form, Holds, Place, Profile, Scope, Shell, Switch,
};

const MACOS: bool = cfg!(target_os = "macos");

/// How it differs from system to system.
const fn system(linux: &'static str, macos: &'static str) -> &'static str {
    if MACOS { macos } else { linux }
}

const fn file(scope: Scope, base: Base, below: &'static str, form: &'static Form) -> Place {
    Place { scope, base, below, holds: Holds::File, form }
}

const fn agents(scope: Scope, base: Base, below: &'static str) -> Place {
    Place { scope, base, below, holds: Holds::Agents, form: &forms::KIRO_AGENT }
}

const fn always(crash: Ends, timeout: Ends) -> Behaviour {
    Behaviour { since: None, crash, timeout }
}

const OPEN: Behaviour = always(Ends::Open, Ends::Open);

const CLAUDE: Base = Base::Variable("CLAUDE_CONFIG_DIR", ".claude");
const CODEX: Base = Base::Variable("CODEX_HOME", ".codex");
const COPILOT: Base = Base::Variable("COPILOT_HOME", ".copilot");
const XDG: Base = Base::Variable("XDG_CONFIG_HOME", ".config");

const CLAUDE_CODE: Profile = Profile {
    id: "claude-code",
    name: "Claude Code",
    programs: &["claude"],
    traces: &[".claude"],
    places: &[
        file(Scope::User, CLAUDE, "settings.json", &forms::CLAUDE),
        file(Scope::Project, Base::Project, ".claude/settings.json", &forms::CLAUDE),
        file(
            Scope::Managed,
            Base::Root,
            system(
                "etc/claude-code/managed-settings.json",
                "Library/Application Support/ClaudeCode/managed-settings.json",
            ),
            &forms::CLAUDE,
        ),
    ],
    guarded: &[
        (Base::Project, ".claude/settings.local.json"),
        (CLAUDE, "plugins"),
        (Base::Root, system("etc/claude-code", "Library/Application Support/ClaudeCode")),
    ],
    shell: Shell::Sh,
    seconds: 600,
    behaviours: &[
        Behaviour { since: Some([2, 1, 295]), crash: Ends::Closed, timeout: Ends::Closed },
        OPEN,
    ],
    unclosed: OPEN,
    subagents: (
        Covered::Unknown,
        "meant to be covered; calls of subagents that ran no hook were reported (issues 43612, \
         43772, 78970)",
    ),
    switches: &[Switch { path: &["disableAllHooks"], off: "true", managed_stay: true }],
    notes: &[
        "`claude --bare` runs no hooks (issue 43612)",
        "before 2.1.295 `onFailure` is ignored: a hook that fails lets the call run",
        "`allowManagedHooksOnly` in the managed settings keeps all other hooks from running",
    ],
    then: None,
    source: "code.claude.com/docs/en/hooks; strings of @anthropic-ai/claude-code 2.1.328",
    probe: r#"{"session_id":"countersign-self-test","transcript_path":"","cwd":@CWD@,"permission_mode":"default","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":@COMMAND@,"description":""},"tool_use_id":"countersign-self-test"}"#,
    refuses: answers::claude_code,
};

const CURSOR: Profile = Profile {
    id: "cursor",
    name: "Cursor",
    programs: &["cursor-agent", "cursor"],
    traces: &[".cursor"],
    places: &[
        file(Scope::User, Base::Home, ".cursor/hooks.json", &forms::CURSOR),
        file(Scope::Project, Base::Project, ".cursor/hooks.json", &forms::CURSOR),
        file(
            Scope::Managed,
            Base::Root,
            system("etc/cursor/hooks.json", "Library/Application Support/Cursor/hooks.json"),
            &forms::CURSOR,
        ),
    ],
    guarded: &[(Base::Root, system("etc/cursor", "Library/Application Support/Cursor/hooks.json"))],
    shell: Shell::Sh,
    seconds: 600,
    behaviours: &[always(Ends::Closed, Ends::Closed)],
    unclosed: OPEN,
    subagents: (Covered::Unknown, "nothing was found that says so"),
    switches: &[],
    notes: &[
        "a shell command comes to `preToolUse` and to `beforeShellExecution`: the first leaves it to \
         the second",
        "hooks of the enterprise file come before those of team, project and user",
    ],
    then: None,
    source: "cursor.com/docs/agent/hooks; what others measured with it",
    probe: r#"{"conversation_id":"countersign-self-test","generation_id":"countersign-self-test","model":"","hook_event_name":"beforeShellExecution","cursor_version":"","workspace_roots":[@CWD@],"command":@COMMAND@,"cwd":@CWD@,"sandbox":false}"#,
    refuses: answers::cursor,
};

const CODEX_CLI: Profile = Profile {
    id: "codex",
    name: "Codex CLI",
    programs: &["codex"],
    traces: &[".codex"],
    places: &[
        file(Scope::User, CODEX, "hooks.json", &forms::CODEX),
        file(Scope::Project, Base::Project, ".codex/hooks.json", &forms::CODEX),
        file(Scope::Managed, Base::Root, "etc/codex/hooks.json", &forms::CODEX),
    ],
    guarded: &[
        (CODEX, "config.toml"),
        (Base::Project, ".codex/config.toml"),
        (CODEX, "requirements.toml"),
        (Base::Root, "etc/codex"),
    ],
    shell: Shell::Login,
    seconds: 600,
    behaviours: &[OPEN],
    unclosed: OPEN,
    subagents: (Covered::Yes, "their calls come through the same hook, with an `agent_id`"),
    switches: &[],
    notes: &[
        "a hook outside the managed place is skipped until its user trusts its exact text",
        "`[features] hooks = false` in config.toml turns hooks off",
        "covered are the shell, apply_patch and MCP calls; reading files and searching the web \
         are not",
    ],
    then: Some("start Codex, open /hooks and trust the hook: until then it is skipped"),
    source: "developers.openai.com/codex/hooks; openai/codex codex-rs/hooks @0082977",
    probe: r#"{"session_id":"countersign-self-test","turn_id":"1","transcript_path":null,"cwd":@CWD@,"hook_event_name":"PreToolUse","model":"","permission_mode":"default","tool_name":"Bash","tool_input":{"command":@COMMAND@},"tool_use_id":"countersign-self-test"}"#,
    refuses: answers::codex,
};

const GEMINI: Profile = Profile {
    id: "gemini",
    name: "Gemini CLI",
    programs: &["gemini"],
    traces: &[".gemini"],
    places: &[
        file(
            Scope::User,
            Base::Variable("GEMINI_CLI_HOME", ""),
            ".gemini/settings.json",
            &forms::GEMINI,
        ),
        file(Scope::Project, Base::Project, ".gemini/settings.json", &forms::GEMINI),
        file(
            Scope::Managed,
            Base::Root,
            system(
                "etc/gemini-cli/settings.json",
                "Library/Application Support/GeminiCli/settings.json",
            ),
            &forms::GEMINI,
        ),
    ],
    guarded: &[
        (Base::Home, ".gemini/trustedFolders.json"),
        (Base::Root, system("etc/gemini-cli", "Library/Application Support/GeminiCli")),
    ],
    shell: Shell::Bash,
    seconds: 60,
    behaviours: &[OPEN],
    unclosed: OPEN,
    subagents: (Covered::Yes, "their calls go through the same code"),
    switches: &[
        Switch { path: &["hooksConfig", "enabled"], off: "false", managed_stay: false },
        Switch { path: &["hooks", "enabled"], off: "false", managed_stay: false },
        Switch { path: &["tools", "enableHooks"], off: "false", managed_stay: false },
    ],
    notes: &[
        "a hook that is killed, late or says nothing lets the call run",
        "hooks of a project do not run in a folder that is not trusted",
    ],
    then: None,
    source: "geminicli.com/docs/hooks/reference; google-gemini/gemini-cli @5411f113",
    probe: r#"{"session_id":"countersign-self-test","transcript_path":"","cwd":@CWD@,"hook_event_name":"BeforeTool","timestamp":"2026-01-01T00:00:00.000Z","tool_name":"run_shell_command","tool_input":{"command":@COMMAND@}}"#,
    refuses: answers::gemini,
};

const KIRO: Profile = Profile {
    id: "kiro",
    name: "Kiro, Amazon Q CLI",
    programs: &["kiro-cli", "kiro", "qchat"],
    traces: &[".kiro", ".aws/amazonq"],
    places: &[
        agents(Scope::User, Base::Home, ".kiro/agents"),
        agents(Scope::User, Base::Home, ".aws/amazonq/cli-agents"),
        agents(Scope::Project, Base::Project, ".kiro/agents"),
        agents(Scope::Project, Base::Project, ".amazonq/cli-agents"),
        file(Scope::Project, Base::Project, ".kiro/hooks/countersign.json", &forms::KIRO_HOOKS),
    ],
    guarded: &[(Base::Home, ".kiro/settings"), (Base::Project, ".kiro/hooks")],
    shell: Shell::Bash,
    seconds: 30,
    // Kiro 3 documents neither.
    behaviours: &[
        Behaviour { since: Some([3, 0, 0]), crash: Ends::Unknown, timeout: Ends::Unknown },
        OPEN,
    ],
    unclosed: OPEN,
    subagents: (Covered::No, "subagents run no hooks (kirodotdev/Kiro issues 7671, 7755)"),
    switches: &[],
    notes: &[
        "a hook lives in one agent's file: an agent without it, and the built-in one, has no gate",
        "only exit status 2 blocks; Kiro 3 and the IDE read `.kiro/hooks`, a project's only",
    ],
    then: Some(
        "make an agent file with the hook the default agent: the built-in one has no file and no \
         gate",
    ),
    source: "kiro.dev/docs/cli/hooks, /docs/cli/v3/hooks; aws/amazon-q-developer-cli @15cc8f3",
    probe: r#"{"hook_event_name":"preToolUse","cwd":@CWD@,"tool_name":"execute_bash","tool_input":{"command":@COMMAND@}}"#,
    refuses: answers::status_two,
};

const COPILOT_CLI: Profile = Profile {
    id: "copilot",
    name: "GitHub Copilot CLI and cloud agent",
    programs: &["copilot"],
    traces: &[".copilot"],
    places: &[
        file(Scope::User, COPILOT, "hooks/countersign.json", &forms::COPILOT),
        file(Scope::Project, Base::Project, ".github/hooks/countersign.json", &forms::COPILOT),
        file(
            Scope::Managed,
            Base::Root,
            "etc/github-copilot/policy.d/50-countersign.json",
            &forms::COPILOT,
        ),
    ],
    guarded: &[
        (COPILOT, "settings.json"),
        (COPILOT, "hooks"),
        (Base::Project, ".github/hooks"),
        (Base::Project, ".github/copilot"),
        (Base::Root, "etc/github-copilot"),
    ],
    shell: Shell::Bash,
    seconds: 30,
    behaviours: &[
        Behaviour { since: Some([1, 0, 57]), crash: Ends::Closed, timeout: Ends::Open },
        OPEN,
    ],
    unclosed: OPEN,
    subagents: (Covered::Unknown, "not in 1.0.12 (copilot-cli issue 2392); said to be fixed later"),
    switches: &[Switch { path: &["disableAllHooks"], off: "true", managed_stay: true }],
    notes: &[
        "a hook that is late lets the call run, always; so the gate answers early",
        "the cloud agent reads the project's file only, in a sandbox where this program is not: \
         there every call is refused",
    ],
    then: None,
    source: "docs.github.com/copilot/reference/hooks-reference; copilot-cli changelog @9532bda",
    probe: r#"{"sessionId":"countersign-self-test","timestamp":1767225600000,"cwd":@CWD@,"toolName":"bash","toolArgs":{"command":@COMMAND@,"description":""}}"#,
    refuses: answers::copilot,
};

const WINDSURF: Profile = Profile {
    id: "windsurf",
    name: "Windsurf Cascade",
    programs: &["windsurf"],
    traces: &[".codeium/windsurf"],
    places: &[
        file(Scope::User, Base::Home, ".codeium/windsurf/hooks.json", &forms::WINDSURF),
        file(Scope::Project, Base::Project, ".windsurf/hooks.json", &forms::WINDSURF),
        file(
            Scope::Managed,
            Base::Root,
            system("etc/windsurf/hooks.json", "Library/Application Support/Windsurf/hooks.json"),
            &forms::WINDSURF,
        ),
    ],
    guarded: &[(Base::Root, system("etc/windsurf", "Library/Application Support/Windsurf"))],
    shell: Shell::Bash,
    seconds: 30,
    behaviours: &[always(Ends::Open, Ends::Unknown)],
    unclosed: always(Ends::Open, Ends::Unknown),
    subagents: (Covered::Unknown, "nothing was found that says so"),
    switches: &[],
    notes: &["only exit status 2 blocks; no setting for the timeout was found"],
    then: None,
    source: "docs.windsurf.com/windsurf/cascade/hooks",
    probe: r#"{"agent_action_name":"pre_run_command","trajectory_id":"countersign-self-test","execution_id":"countersign-self-test","timestamp":"2026-01-01T00:00:00Z","tool_info":{"command_line":@COMMAND@,"cwd":@CWD@}}"#,
    refuses: answers::status_two,
};

const DEVIN: Profile = Profile {
    id: "devin",
    name: "Devin CLI",
    programs: &["devin"],
    traces: &[".config/devin"],
    places: &[
        file(Scope::User, XDG, "devin/config.json", &forms::DEVIN_USER),
        file(Scope::Project, Base::Project, ".devin/hooks.v1.json", &forms::DEVIN_PROJECT),
    ],
    guarded: &[(Base::Project, ".devin/config.json"), (Base::Project, ".devin/config.local.json")],
    shell: Shell::Sh,
    seconds: 600,
    behaviours: &[always(Ends::Open, Ends::Unknown)],
    unclosed: always(Ends::Open, Ends::Unknown),
    subagents: (Covered::Unknown, "nothing was found that says so"),
    switches: &[],
    notes: &["it reads the hooks in `.claude` too"],
    then: None,
    source: "docs.devin.ai/cli/extensibility/hooks",
    probe: r#"{"session_id":"countersign-self-test","cwd":@CWD@,"hook_event_name":"PreToolUse","tool_name":"exec","tool_input":{"command":@COMMAND@,"shell_id":"main"}}"#,
    refuses: answers::devin,
};

const OPENCODE: Profile = Profile {
    id: "opencode",
    name: "OpenCode",
    programs: &["opencode"],
    traces: &[".config/opencode"],
    places: &[
        file(Scope::User, XDG, "opencode/plugins/countersign.js", &Form::Plugin),
        file(Scope::Project, Base::Project, ".opencode/plugins/countersign.js", &Form::Plugin),
    ],
    guarded: &[
        (XDG, "opencode"),
        (Base::Project, ".opencode"),
        (Base::Project, "opencode.json"),
        (Base::Project, "opencode.jsonc"),
    ],
    shell: Shell::Sh,
    seconds: 600,
    // The plugin is ours: it throws, which blocks, whatever happens to the program it asks.
    behaviours: &[always(Ends::Closed, Ends::Closed)],
    unclosed: always(Ends::Unknown, Ends::Unknown),
    subagents: (Covered::Unknown, "nothing was found that says so"),
    switches: &[],
    notes: &["`permission.ask` of its plugins is never called (issues 7006, 46809, 47674)"],
    then: None,
    source: "opencode.ai/docs/plugins; @opencode-ai/plugin 1.18.33",
    probe: r#"{"tool":"bash","sessionID":"countersign-self-test","callID":"countersign-self-test","cwd":@CWD@,"args":{"command":@COMMAND@,"description":""}}"#,
    refuses: answers::opencode,
};

/// Every host there is something to install for.
pub static HOSTS: &[Profile] =
    &[CLAUDE_CODE, CURSOR, CODEX_CLI, GEMINI, KIRO, COPILOT_CLI, WINDSURF, DEVIN, OPENCODE];

/// The host of this name.
pub fn host(id: &str) -> Option<&'static Profile> {
    HOSTS.iter().find(|host| host.id == id)
}
