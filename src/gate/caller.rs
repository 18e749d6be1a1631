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
    use super::caller;
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
    fn a_caller_nobody_knows_is_still_held() {
        let found = caller(&Catalogue::default(), None, |_| None);
        assert_eq!(found.tool.as_str(), "unknown");
        assert_eq!(found.evidence.len(), 1);
    }
}
