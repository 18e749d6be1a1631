//! What a call of an MCP tool would do: `mcp:<server>/<tool> <json>`.

use super::{Judge, Word};

/// Whether an input is such a call rather than a command line.
pub fn is_call(input: &str) -> bool {
    input.trim_start().starts_with("mcp:")
}

/// Judges a call.
pub fn call(call: &Word, judge: &mut Judge<'_>) {
    judge.opaque(call.span(), "MCP is not read yet");
}
