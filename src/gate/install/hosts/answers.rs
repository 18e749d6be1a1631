//! Whether a host would leave a call alone after an answer, by what is known of each host and not
//! by our adapters: the self-test must not believe them.

use super::super::profile::Answered;
use serde_json::Value;

/// The one JSON document on standard output, if that is what is there.
fn said(answered: &Answered) -> Option<Value> {
    serde_json::from_str(answered.stdout.trim()).ok()
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// `permissionDecision: "deny"` with a reason, or exit status 2.
pub(super) fn claude_code(answered: &Answered) -> bool {
    match answered.status {
        Some(2) => true,
        Some(0) => said(answered).is_some_and(|value| denies(&value)),
        _ => false,
    }
}

/// As Claude Code; exit status 2 counts only with words on standard error, a denial only with a
/// reason.
pub(super) fn codex(answered: &Answered) -> bool {
    match answered.status {
        Some(2) => !answered.stderr.trim().is_empty(),
        Some(0) => said(answered).is_some_and(|value| {
            denies(&value) || text(&value, "/decision") == "block" && has_reason(&value)
        }),
        _ => false,
    }
}

fn denies(value: &Value) -> bool {
    let own = "/hookSpecificOutput/permissionDecision";
    text(value, own) == "deny"
        && !text(value, "/hookSpecificOutput/permissionDecisionReason").trim().is_empty()
}

fn has_reason(value: &Value) -> bool {
    !text(value, "/reason").trim().is_empty()
}

/// A flat `permission: "deny"`, or exit status 2.
pub(super) fn cursor(answered: &Answered) -> bool {
    match answered.status {
        Some(2) => true,
        Some(0) => said(answered).is_some_and(|value| text(&value, "/permission") == "deny"),
        _ => false,
    }
}

/// What is on standard output, else on standard error, is read as JSON whatever the status;
/// plain text counts as a denial only with a status other than 0 and 1.
pub(super) fn gemini(answered: &Answered) -> bool {
    let own = answered.stdout.trim();
    let words = if own.is_empty() { answered.stderr.trim() } else { own };
    match serde_json::from_str::<Value>(words) {
        Ok(value) => matches!(text(&value, "/decision"), "deny" | "block"),
        Err(_) => !words.is_empty() && answered.status.is_some_and(|status| status > 1),
    }
}

/// Exit status 2 and nothing else.
pub(super) fn status_two(answered: &Answered) -> bool {
    answered.status == Some(2)
}

/// Every exit status but 0 denies (from 1.0.70 on); with 0, exactly one document that denies.
pub(super) fn copilot(answered: &Answered) -> bool {
    match answered.status {
        Some(0) => {
            let lines = answered.stdout.lines().filter(|line| {
                serde_json::from_str::<Value>(line)
                    .map_or(true, |v| text(&v, "/type") != "progress")
            });
            let rest: String = lines.collect::<Vec<_>>().join("\n");
            serde_json::from_str::<Value>(rest.trim()).is_ok_and(|value| {
                text(&value, "/permissionDecision") == "deny"
                    && !text(&value, "/permissionDecisionReason").trim().is_empty()
            })
        }
        Some(_) => true,
        None => false,
    }
}

/// Exit status 2, or a decision against it.
pub(super) fn devin(answered: &Answered) -> bool {
    match answered.status {
        Some(2) => true,
        Some(0) => said(answered)
            .is_some_and(|value| matches!(text(&value, "/decision"), "block" | "deny")),
        _ => false,
    }
}

/// Our plugin throws unless it is told plainly that the call may go ahead.
pub(super) fn opencode(answered: &Answered) -> bool {
    answered.status != Some(0)
        || said(answered).is_none_or(|value| text(&value, "/decision") != "allow")
}

#[cfg(test)]
mod tests {
    use super::{super::HOSTS, Answered};

    fn answered(status: i32, stdout: &str, stderr: &str) -> Answered {
        Answered { status: Some(status), stdout: stdout.into(), stderr: stderr.into() }
    }

    #[test]
    fn silence_is_a_refusal_for_nobody_who_takes_it_for_a_yes() {
        for host in HOSTS.iter().filter(|host| host.id != "opencode") {
            assert!(!(host.refuses)(&answered(0, "", "")), "{}", host.id);
            assert!(!(host.refuses)(&answered(0, "", "no")), "{}", host.id);
        }
    }

    #[test]
    fn a_denial_without_a_reason_counts_for_nothing_where_the_host_ignores_it() {
        let empty = answered(2, "", "");
        let refusing = |host: &str| (super::super::host(host).unwrap().refuses)(&empty);
        assert!(!refusing("codex") && !refusing("gemini"));
        assert!(refusing("claude-code") && refusing("kiro") && refusing("windsurf"));
    }

    #[test]
    fn each_host_is_refused_in_its_own_words_only() {
        let claude = r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"no"}}"#;
        let ask = claude.replace("deny", "ask");
        let flat = r#"{"permission":"deny","user_message":"no"}"#;
        let gemini = r#"{"decision":"deny","reason":"no"}"#;
        let copilot = r#"{"permissionDecision":"deny","permissionDecisionReason":"no"}"#;
        let check = |host: &str, out: &str| {
            (super::super::host(host).unwrap().refuses)(&answered(0, out, "no"))
        };
        assert!(check("claude-code", claude) && check("codex", claude));
        assert!(!check("claude-code", &ask) && !check("codex", &ask));
        assert!(check("cursor", flat) && !check("cursor", claude));
        assert!(check("gemini", gemini) && check("devin", gemini));
        assert!(check("copilot", copilot) && !check("copilot", &format!("{copilot}\n{copilot}")));
        assert!(check(
            "copilot",
            &format!("{{\"type\":\"progress\",\"message\":\"…\"}}\n{copilot}")
        ));
        // Gemini reads a decision on standard output even when the status says otherwise.
        let allowed = answered(2, r#"{"decision":"allow"}"#, "no");
        assert!(!(super::super::host("gemini").unwrap().refuses)(&allowed));
    }
}
