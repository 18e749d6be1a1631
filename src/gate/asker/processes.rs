//! The processes above a gate, up to the agent's own.

use super::small;
use crate::domain::Process;

/// Processes above this one are not told.
const MOST: usize = 16;

/// Names under which agents run (`comm` of `proc(5)`, at most 15 bytes). One of them ends the walk:
/// what started the agent is a person's shell, and none of our business.
const AGENTS: [&str; 18] = [
    "amp",
    "claude",
    "codex",
    "copilot",
    "cursor",
    "cursor-agent",
    "devin",
    "gemini",
    "goose",
    "kiro",
    "kiro-cli",
    "kiro-cli-chat",
    "opencode",
    "q",
    "qchat",
    "windsurf",
    "zed",
    "aider",
];

/// The processes above this one, nearest first. Ends at an agent's, at the first, and where the
/// system shows no more.
pub(super) fn above() -> Vec<Process> {
    let mut found = Vec::new();
    let mut next = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get().unsigned_abs());
    while let Some(pid) = next
        && found.len() < MOST
    {
        let mut buffer = [0_u8; 512];
        let Some((name, parent)) =
            small::of_kernel(&format!("/proc/{pid}/stat"), &mut buffer).and_then(stat)
        else {
            break;
        };
        let is_agent = AGENTS.iter().any(|agent| name.eq_ignore_ascii_case(agent));
        found.push(Process { pid, name: name.into() });
        next = (!is_agent && parent != 0 && parent != pid).then_some(parent);
    }
    found
}

/// Name and parent in `/proc/PID/stat`. The name may hold anything, brackets too; nothing behind
/// it does.
fn stat(line: &[u8]) -> Option<(String, u32)> {
    let open = line.iter().position(|byte| *byte == b'(')?;
    let close = line.iter().rposition(|byte| *byte == b')')?;
    let name = String::from_utf8_lossy(line.get(open + 1..close)?).into_owned();
    let mut fields = line.get(close + 1..)?.split(|byte| *byte == b' ').filter(|f| !f.is_empty());
    let parent = std::str::from_utf8(fields.nth(1)?).ok()?.parse().ok()?;
    Some((name, parent))
}

#[cfg(test)]
mod tests {
    use super::{above, stat};

    #[test]
    fn a_name_may_hold_brackets_and_spaces() {
        let line = b"4711 (a) S 1 (b) R 42 4711 0 0 -1 4194304";
        assert_eq!(stat(line), Some(("a) S 1 (b".to_owned(), 42)));
        assert_eq!(stat(b"4711 (sh"), None);
        assert_eq!(stat(b""), None);
    }

    #[test]
    fn the_nearest_process_is_the_one_that_started_this() {
        let found = above();
        let parent = std::os::unix::process::parent_id();
        assert_eq!(found.first().map(|process| process.pid), Some(parent));
        assert!(found.len() <= super::MOST);
    }
}
