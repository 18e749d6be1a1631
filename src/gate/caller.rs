//! Which AI tool asks: what the caller declares, else what its environment gives away.

use crate::{
    catalogue::Catalogue,
    domain::{Clue, ClueKind, Confidence, Evidence, ToolId, ToolMatch},
};
use std::ffi::OsString;

/// Variables that agents set for the commands they run, with the tool that sets them. A value of
/// `None` stands for any. Anyone can set them, so what they say is only inferred.
const TELLTALES: &[(&str, Option<&str>, &str)] = &[
    ("CLAUDECODE", Some("1"), "claude-code"),
    ("CURSOR_AGENT", None, "cursor"),
    ("GEMINI_CLI", Some("1"), "gemini-cli"),
    ("CODEX_SANDBOX", None, "codex"),
    ("OPENCODE", Some("1"), "opencode"),
];

/// The tool behind a request. `declared` is `--tool` or `COUNTERSIGN_TOOL`; `variable` reads the
/// environment. A caller that nothing is known about is called `unknown`, never waved through.
pub fn caller(
    catalogue: &Catalogue,
    declared: Option<&str>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> ToolMatch {
    if let Some(id) = declared {
        let rule = "gate/declared";
        return named(catalogue, id, ClueKind::Declared, id, rule, Confidence::Declared);
    }
    let telltale = TELLTALES.iter().find(|(name, value, _)| {
        variable(name).is_some_and(|found| value.is_none_or(|value| found == *value))
    });
    match telltale {
        Some((name, _, id)) => {
            let seen = format!("environment variable {name}");
            let rule = format!("gate/environment {name}");
            named(catalogue, id, ClueKind::Declared, &seen, &rule, Confidence::Inferred)
        }
        None => named(
            catalogue,
            "unknown",
            ClueKind::Declared,
            "the caller names no tool",
            "gate/unnamed",
            Confidence::Inferred,
        ),
    }
}

/// What MCP clients call themselves, in lower case, and the tool that does.
const CLIENTS: &[(&str, &str)] = &[
    ("claude-code", "claude-code"),
    ("cursor", "cursor"),
    ("codex", "codex"),
    ("gemini-cli", "gemini-cli"),
    ("kiro", "kiro"),
    ("q-dev", "amazon-q-developer"),
    ("visual studio code", "copilot"),
    ("github-copilot", "copilot"),
    ("windsurf", "windsurf"),
    ("opencode", "opencode"),
    ("devin", "devin"),
];

/// The tool behind an MCP client: as [`caller`], and where that knows nothing by the name the
/// client gives itself, which anybody can.
pub fn client(
    catalogue: &Catalogue,
    declared: Option<&str>,
    variable: impl Fn(&str) -> Option<OsString>,
    name: &str,
) -> ToolMatch {
    let found = caller(catalogue, declared, variable);
    let lower = name.to_lowercase();
    let known = CLIENTS.iter().find(|(client, _)| lower.starts_with(client));
    match known {
        Some((client, id)) if found.tool.as_str() == "unknown" => {
            let seen = format!("MCP client {client}");
            let rule = format!("gate/mcp-client {client}");
            named(catalogue, id, ClueKind::Declared, &seen, &rule, Confidence::Inferred)
        }
        _ => found,
    }
}

fn named(
    catalogue: &Catalogue,
    id: &str,
    kind: ClueKind,
    seen: &str,
    rule: &str,
    confidence: Confidence,
) -> ToolMatch {
    let tool = ToolId::new(id);
    let known = catalogue.tools().iter().find(|known| known.id == tool);
    ToolMatch {
        // A name that is not in the catalogue came from outside: only its plain part is kept.
        name: known.map_or_else(
            || id.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect(),
            |known| known.name.clone(),
        ),
        tool,
        confidence,
        evidence: vec![Evidence { clue: Clue::new(kind, seen), rule: rule.to_owned(), confidence }],
    }
}

#[cfg(test)]
mod tests {
    use super::{caller, client};
    use crate::{catalogue::Catalogue, domain::Confidence};

    #[test]
    fn what_is_declared_wins_over_the_environment() {
        let found = caller(&Catalogue::default(), Some("kiro"), |_| Some("1".into()));
        assert_eq!((found.tool.as_str(), found.confidence), ("kiro", Confidence::Declared));
    }

    #[test]
    fn an_agents_own_variable_gives_it_away() {
        let set = |name: &str| (name == "CLAUDECODE").then(|| "1".into());
        let found = caller(&Catalogue::default(), None, set);
        assert_eq!((found.tool.as_str(), found.confidence), ("claude-code", Confidence::Inferred));
    }

    #[test]
    fn an_mcp_client_is_known_by_the_name_it_gives_itself() {
        let found = |name| client(&Catalogue::default(), None, |_| None, name).tool;
        assert_eq!(found("claude-code").as_str(), "claude-code");
        assert_eq!(found("Cursor-vscode").as_str(), "cursor");
        assert_eq!(found("somebody").as_str(), "unknown");
        let declared = client(&Catalogue::default(), Some("kiro"), |_| None, "cursor");
        assert_eq!(declared.tool.as_str(), "kiro");
    }

    #[test]
    fn a_caller_nobody_knows_is_still_held() {
        let found = caller(&Catalogue::default(), None, |_| None);
        assert_eq!(found.tool.as_str(), "unknown");
        assert_eq!(found.evidence.len(), 1);
    }
}
