//! What a call of an MCP tool would do: `mcp:<server>/<tool> <json>`.
//!
//! ```text
//!   mcp:railway/volume_list {…}   the verb in the tool's name says it
//!   mcp:postgres/query {"sql":…}  a generic tool: SQL, shell, code or a request in its arguments
//! ```
//!
//! What a tool is told to run is judged; what a reading tool is told to look for is not. Names
//! that mislead are in [`known`].

mod cypher;
mod hidden;
mod known;
mod runs;
mod tool;

pub use tool::tool;

use super::{
    Judge, Word,
    programs::web::json::{self, Json},
};
use crate::domain::Words;

/// Whether an input is such a call rather than a command line.
pub fn is_call(input: &str) -> bool {
    input.trim_start().starts_with("mcp:")
}

/// Judges a call.
pub fn call(call: &Word, judge: &mut Judge<'_>) {
    let text = call.text();
    let start = text.len() - text.trim_start().len() + "mcp:".len();
    let Some(rest) = text.get(start..) else { return };
    let end = rest.find(|c: char| c.is_whitespace() || c == '{').unwrap_or(rest.len());
    let named = &rest[..end];
    let Some(slash) = named.rfind('/').filter(|slash| slash + 1 < named.len()) else {
        return judge.opaque(call.span(), "which tool is called cannot be read");
    };
    let server = Words::Owned(named[..slash].to_owned());
    let name = call.part(start + slash + 1..start + end);
    let given = &rest[end..];
    let from = start + end + (given.len() - given.trim_start().len());
    let given = call.part(from..from + given.trim().len());
    let arguments = if given.text().is_empty() {
        Json::Object(Vec::new())
    } else if let Some(read) = json::read(&given, judge) {
        read
    } else {
        judge.opaque(given.span(), "its arguments are not JSON that can be read");
        Json::Null
    };
    tool(&server, &name, &arguments, judge);
    hidden::look(&name, &arguments, judge);
}
