//! What a call of an MCP tool would do: `mcp:<server>/<tool> <json>`.

use super::{Judge, Word, programs::web::json::Json};
use crate::domain::Words;

/// Whether an input is such a call rather than a command line.
pub fn is_call(input: &str) -> bool {
    input.trim_start().starts_with("mcp:")
}

/// Judges a call.
pub fn call(call: &Word, judge: &mut Judge<'_>) {
    judge.opaque(call.span(), "MCP is not read yet");
}

/// Judges a tool of a server with its arguments.
pub fn tool(_server: &Words, tool: &Word, _arguments: &Json, judge: &mut Judge<'_>) {
    judge.opaque(tool.span(), "MCP is not read yet");
}
