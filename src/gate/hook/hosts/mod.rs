//! The hosts, a file each: what it sends, and in which words it takes a no.
//!
//! ```text
//!   host          no, said so that it counts                    yes
//!   claude-code   permissionDecision: deny, status 0            permissionDecision: allow
//!   cursor        permission: deny, status 0                    permission: allow
//!   codex         permissionDecision: deny, status 0            continue: true
//!   gemini        decision: deny, status 2                      decision: allow
//!   kiro          status 2 and standard error                   status 0
//!   copilot       permissionDecision: deny, status 0            permissionDecision: allow
//!   windsurf      status 2 and standard error                   status 0
//!   devin         decision: block, status 2                     decision: approve
//!   opencode      decision: deny (our plugin throws)            decision: allow, of this call
//! ```
//!
//! `cursor-tools` is `cursor` for one of two events that bring the same call; its file says why.
//!
//! An event that is no call is answered so that nothing changes; one that an adapter does not know
//! is refused like a call.

mod claude_code;
mod codex;
mod copilot;
mod cursor;
mod devin;
mod gemini;
mod kiro;
mod opencode;
mod windsurf;

pub use opencode::PLUGIN as OPENCODE_PLUGIN;

use super::{Answer, Host, Reason};
use serde_json::Value;

/// Every adapter.
pub static ALL: &[&dyn Host] = &[
    &claude_code::ClaudeCode,
    &cursor::CURSOR,
    &cursor::CURSOR_TOOLS,
    &codex::Codex,
    &gemini::Gemini,
    &kiro::Kiro,
    &copilot::Copilot,
    &windsurf::Windsurf,
    &devin::Devin,
    &opencode::OpenCode,
];

/// A document on standard output, and nothing else.
fn says(body: &Value) -> Answer {
    Answer { stdout: format!("{body}\n"), stderr: String::new(), status: 0 }
}

/// A document on standard output, the reason on standard error too.
fn denies(body: &Value, reason: &Reason, status: u8) -> Answer {
    Answer { stdout: format!("{body}\n"), stderr: reason.told(), status }
}
