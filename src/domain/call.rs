//! What a tool call asks for, by its input: a command, files to write, or arguments.
//!
//! ```text
//!   {"command":"rm -r x","timeout":5} ─▶ command `rm -r x`, and timeout = 5
//!   {"file_path":"/etc/hosts","content":"…"} ─▶ writes /etc/hosts, and content = …
//!   anything else ─▶ each argument by its name, the whole text where it has none
//! ```
//!
//! It only sorts what is there, so that it can be read; nothing of the input is left out.

use super::Untrusted;
use serde_json::Value;

/// An input, sorted for reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallInput {
    /// A tool of an MCP server: the server, and the tool's own name.
    pub server: Option<(Untrusted, Untrusted)>,
    /// The line it gives to a shell.
    pub command: Option<Untrusted>,
    /// The files it names.
    pub paths: Vec<Untrusted>,
    /// Everything else: its name, empty where it has none, and its value. A text is as it is;
    /// anything else is JSON over several lines.
    pub arguments: Vec<(Untrusted, Untrusted)>,
}

/// Names hosts give to the line of a shell tool.
const COMMANDS: [&str; 3] = ["command", "cmd", "command_line"];
/// Names hosts give to the file a tool works on.
const PATHS: [&str; 7] =
    ["file_path", "filePath", "path", "target_file", "notebook_path", "absolute_path", "paths"];

impl CallInput {
    /// Sorts the input of a call of this tool.
    pub fn of(via: &str, tool: &Untrusted, input: &Untrusted) -> Self {
        let server = server(via, tool.raw());
        let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(input.raw()) else {
            let arguments = vec![(Untrusted::default(), input.clone())];
            return Self { server, arguments, ..Self::default() };
        };
        let mut sorted = Self { server, ..Self::default() };
        let is_line = |name: &&&str| fields.get(**name).is_some_and(Value::is_string);
        let line = COMMANDS.iter().find(is_line).filter(|_| sorted.server.is_none());
        for (name, value) in &fields {
            if line.is_some_and(|line| line == name) {
                sorted.command = value.as_str().map(Untrusted::from);
                continue;
            }
            let may_be_files = line.is_none() && sorted.server.is_none();
            let paths = texts(value).filter(|_| may_be_files && PATHS.contains(&name.as_str()));
            match paths {
                Some(paths) => sorted.paths.extend(paths),
                None => sorted.arguments.push((name.as_str().into(), told(value))),
            }
        }
        sorted
    }
}

fn texts(value: &Value) -> Option<Vec<Untrusted>> {
    match value {
        Value::String(text) => Some(vec![text.as_str().into()]),
        Value::Array(all) => all.iter().map(|one| one.as_str().map(Untrusted::from)).collect(),
        _ => None,
    }
}

fn told(value: &Value) -> Untrusted {
    match value {
        Value::String(text) => text.as_str().into(),
        other => serde_json::to_string_pretty(other).unwrap_or_else(|_| other.to_string()).into(),
    }
}

/// `mcp__server__tool`, `MCP:server/tool`, or `server/tool` from our own proxy.
fn server(via: &str, tool: &str) -> Option<(Untrusted, Untrusted)> {
    let pair = |text: &str, between: &str| {
        let (server, tool) = text.split_once(between)?;
        Some((Untrusted::from(server), Untrusted::from(tool)))
    };
    if let Some(rest) = tool.strip_prefix("mcp__") {
        return pair(rest, "__");
    }
    if let Some(rest) = tool.strip_prefix("MCP:") {
        return pair(rest, "/").or_else(|| Some((Untrusted::default(), rest.into())));
    }
    if via == "mcp" { pair(tool, "/") } else { None }
}

#[cfg(test)]
mod tests {
    use super::CallInput;

    fn of(tool: &str, input: &str) -> CallInput {
        CallInput::of("claude-code", &tool.into(), &input.into())
    }

    #[test]
    fn a_shell_tool_is_its_command_and_whatever_else_it_says() {
        let call = of("Bash", r#"{"command":"ls\nrm x","timeout":5}"#);
        assert_eq!(call.command, Some("ls\nrm x".into()));
        assert_eq!(call.arguments, [("timeout".into(), "5".into())]);
    }

    #[test]
    fn a_second_command_is_not_lost() {
        let call = of("Bash", r#"{"cmd":"two","command":"one"}"#);
        assert_eq!(call.command, Some("one".into()));
        assert_eq!(call.arguments, [("cmd".into(), "two".into())]);
    }

    #[test]
    fn a_write_is_its_paths() {
        let call = of("Write", r#"{"content":"x","file_path":"/etc/hosts"}"#);
        assert_eq!(call.paths, ["/etc/hosts".into()]);
        assert_eq!(call.arguments, [("content".into(), "x".into())]);
    }

    #[test]
    fn a_tool_of_a_server_is_told_by_both_names() {
        let call = of("mcp__github__merge", r#"{"path":"x","deep":{"a":[1]}}"#);
        assert_eq!(call.server, Some(("github".into(), "merge".into())));
        assert!(call.paths.is_empty(), "a server's `path` may be anything");
        assert_eq!(call.arguments.len(), 2);
        assert!(call.arguments.iter().any(|(_, value)| value.raw().contains("\n  \"a\": [\n")));
    }

    #[test]
    fn what_is_no_object_is_shown_as_it_came() {
        for input in ["[1]", "not json", ""] {
            assert_eq!(of("Bash", input).arguments, [("".into(), input.into())]);
        }
    }
}
