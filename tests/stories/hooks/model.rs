//! Whether a host would run the tool after what a hook said: by the host's published rules, not by
//! ours. Sources as in the adapters (`src/gate/hook/hosts`) and `tests/fixtures/hooks/README.md`.

use serde_json::Value;

/// How a hook ended, as its host sees it.
#[derive(Debug, Clone, Default)]
pub struct Ended {
    /// None: a signal.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// It did not answer in the time it has.
    pub late: bool,
}

/// Whether the tool runs.
pub fn runs(host: &str, ended: &Ended) -> bool {
    !match host {
        "claude-code" => claude_code(ended),
        "cursor" | "cursor-tools" => cursor(ended),
        "codex" => codex(ended),
        "gemini" => gemini(ended),
        "kiro" | "windsurf" => !ended.late && ended.status == Some(2),
        "copilot" => copilot(ended),
        "devin" => devin(ended),
        other => panic!("no model of {other}"),
    }
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn document(stdout: &str) -> Option<Value> {
    serde_json::from_str(stdout.trim()).ok().filter(Value::is_object)
}

/// With `onFailure: "block"`, as it is installed: whatever is no answer blocks.
fn claude_code(ended: &Ended) -> bool {
    if ended.late {
        return true;
    }
    match ended.status {
        Some(0) if ended.stdout.trim().is_empty() => false,
        Some(0) => match document(&ended.stdout) {
            Some(value) => {
                text(&value, "/hookSpecificOutput/permissionDecision") == "deny"
                    || text(&value, "/decision") == "block"
            }
            // Text that begins like a document and is none failed; other text says nothing.
            None => ended.stdout.trim_start().starts_with('{'),
        },
        _ => true,
    }
}

/// With `failClosed`, as it is installed.
fn cursor(ended: &Ended) -> bool {
    ended.late
        || ended.status != Some(0)
        || document(&ended.stdout).is_none_or(|value| text(&value, "/permission") != "allow")
}

/// Only a denial with words counts; everything it does not expect lets the call run.
fn codex(ended: &Ended) -> bool {
    if ended.late {
        return false;
    }
    match ended.status {
        Some(2) => !ended.stderr.trim().is_empty(),
        Some(0) => document(&ended.stdout).is_some_and(|value| {
            let supported = value["continue"] != Value::Bool(false)
                && value.get("stopReason").is_none()
                && value["suppressOutput"] != Value::Bool(true);
            let own = &value["hookSpecificOutput"];
            let denied = if own.get("permissionDecision").is_some() {
                own["permissionDecision"] == "deny"
                    && !text(own, "/permissionDecisionReason").trim().is_empty()
            } else {
                text(&value, "/decision") == "block" && !text(&value, "/reason").trim().is_empty()
            };
            supported && denied
        }),
        _ => false,
    }
}

/// Whether Codex counts the answer as a failure of the hook, and tells its user so.
pub fn codex_complains(ended: &Ended) -> bool {
    let Some(value) = document(&ended.stdout) else { return !ended.stdout.trim().is_empty() };
    let known = [
        "continue",
        "stopReason",
        "suppressOutput",
        "systemMessage",
        "decision",
        "reason",
        "hookSpecificOutput",
    ];
    let strange = value.as_object().unwrap().keys().any(|key| !known.contains(&key.as_str()));
    let own = &value["hookSpecificOutput"];
    let decides = own["permissionDecision"].as_str();
    strange
        || matches!(decides, Some("ask"))
        || decides == Some("allow") && own.get("updatedInput").is_none()
        || value["decision"] == "approve"
}

/// Standard output, or else standard error, as JSON whatever the status; other text counts as a no
/// with a status above 1. Killed by a signal, the status counts as 0.
fn gemini(ended: &Ended) -> bool {
    if ended.late {
        return false;
    }
    let out = ended.stdout.trim();
    let words = if out.is_empty() { ended.stderr.trim() } else { out };
    if words.is_empty() {
        return false;
    }
    match serde_json::from_str::<Value>(words) {
        Ok(value) => {
            matches!(text(&value, "/decision"), "deny" | "block")
                || value["continue"] == Value::Bool(false)
        }
        Err(_) => ended.status.unwrap_or(0) > 1,
    }
}

/// Lateness lets it run, always; every status but 0 denies (1.0.57 and newer); with 0 exactly one
/// document counts, besides lines of progress.
fn copilot(ended: &Ended) -> bool {
    if ended.late {
        return false;
    }
    if ended.status != Some(0) {
        return true;
    }
    let is_progress = |line: &&str| {
        serde_json::from_str::<Value>(line).is_ok_and(|value| text(&value, "/type") == "progress")
    };
    let rest: Vec<&str> = ended.stdout.lines().filter(|line| !is_progress(line)).collect();
    document(&rest.join("\n")).is_some_and(|value| text(&value, "/permissionDecision") == "deny")
}

fn devin(ended: &Ended) -> bool {
    if ended.late {
        return false;
    }
    match ended.status {
        Some(2) => true,
        Some(0) => document(&ended.stdout)
            .is_some_and(|value| matches!(text(&value, "/decision"), "block" | "deny")),
        _ => false,
    }
}

/// The reason in the field that the host shows to the model.
pub fn reason(host: &str, ended: &Ended) -> String {
    let field = match host {
        "claude-code" | "codex" => "/hookSpecificOutput/permissionDecisionReason",
        "cursor" | "cursor-tools" => "/user_message",
        "gemini" | "devin" => "/reason",
        "copilot" => "/permissionDecisionReason",
        _ => return ended.stderr.trim().to_owned(),
    };
    document(&ended.stdout).map(|value| text(&value, field).trim().to_owned()).unwrap_or_default()
}

const DENIED: &str = r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"no"}}"#;
const WORDLESS: &str =
    r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny"}}"#;
const ASKED: &str = r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"ask","permissionDecisionReason":"no"}}"#;
const FLAT: &str = r#"{"permissionDecision":"deny","permissionDecisionReason":"no"}"#;

/// What is known of the hosts: host, status, standard output, standard error, whether it runs.
const FACTS: &[(&str, Option<i32>, &str, &str, bool)] = &[
    ("claude-code", Some(0), DENIED, "", false),
    ("claude-code", Some(0), "", "", true),
    ("claude-code", Some(0), "{", "", false),
    ("claude-code", Some(2), "", "", false),
    ("claude-code", Some(1), "", "", false),
    ("claude-code", None, "", "", false),
    ("cursor", Some(0), "", "", false),
    ("cursor", Some(0), r#"{"permission":"allow"}"#, "", true),
    ("cursor", Some(0), r#"{"permission":"ask"}"#, "", false),
    ("cursor", Some(0), DENIED, "", false),
    ("cursor", Some(2), "", "", false),
    ("codex", Some(0), DENIED, "", false),
    ("codex", Some(0), WORDLESS, "", true),
    ("codex", Some(0), ASKED, "", true),
    ("codex", Some(0), "", "", true),
    ("codex", Some(0), r#"{"decision":"block","reason":"no"}"#, "", false),
    ("codex", Some(2), "", "no", false),
    ("codex", Some(2), "", " ", true),
    ("codex", Some(1), DENIED, "no", true),
    ("codex", None, "", "no", true),
    ("gemini", Some(2), r#"{"decision":"allow"}"#, "no", true),
    ("gemini", Some(0), r#"{"decision":"deny","reason":"no"}"#, "", false),
    ("gemini", Some(2), "", "no", false),
    ("gemini", Some(2), "", "", true),
    ("gemini", Some(1), "", "no", true),
    ("gemini", None, "no", "", true),
    ("kiro", Some(2), "", "", false),
    ("kiro", Some(1), DENIED, "no", true),
    ("kiro", None, "", "", true),
    ("copilot", Some(0), FLAT, "", false),
    ("copilot", Some(0), "{}\n{}", "", true),
    ("copilot", Some(0), "", "", true),
    ("copilot", Some(1), "", "", false),
    ("copilot", None, "", "", false),
    ("windsurf", Some(2), "", "", false),
    ("windsurf", Some(1), "", "no", true),
    ("devin", Some(0), r#"{"decision":"block","reason":"no"}"#, "", false),
    ("devin", Some(2), "", "", false),
    ("devin", Some(1), "", "no", true),
];

#[test]
fn the_model_knows_what_is_known_of_the_hosts() {
    for &(host, status, stdout, stderr, expected) in FACTS {
        let (stdout, stderr) = (stdout.to_owned(), stderr.to_owned());
        let ended = Ended { status, stdout, stderr, late: false };
        assert_eq!(runs(host, &ended), expected, "{host}: {ended:?}");
    }
}

#[test]
fn lateness_is_a_no_for_the_two_that_can_be_told_so() {
    for (host, closed) in [
        ("claude-code", true),
        ("cursor", true),
        ("codex", false),
        ("gemini", false),
        ("kiro", false),
        ("copilot", false),
        ("windsurf", false),
        ("devin", false),
    ] {
        let late = Ended { late: true, ..Ended::default() };
        assert_eq!(runs(host, &late), !closed, "{host}");
    }
}
