//! How what hosts send is read, whichever of them it is.
//!
//! ```text
//!   bytes ─(payload)─▶ a document nobody can read otherwise ─▶ Fields
//!   tool and its input ─(tools: a table a host)─▶ Wanted
//!                          ├ patch   which files a patch touches
//!                          └ names   which server and tool an MCP call is
//! ```

pub mod names;
mod patch;
mod payload;
mod tools;

pub use payload::{Fields, document};
use tools::opened;
pub use tools::{SUBAGENT, TYPED, Tool, Tools, find, mcp, wanted};

use super::{Asked, Malformed};
use crate::gate::Wanted;
use serde_json::Value;
use std::path::Path;

/// What most hosts say alike: the event, the session, the directory.
pub struct Occasion<'a> {
    /// The document.
    pub fields: Fields<'a>,
    /// The host's name for the event.
    pub event: String,
    /// The host's name for the session.
    pub session: String,
    /// Working directory; empty where the host does not say.
    pub cwd: String,
}

impl<'a> Occasion<'a> {
    /// From the fields of these names.
    pub fn read(
        document: &'a Value,
        event: &str,
        session: &str,
        cwd: &str,
    ) -> Result<Self, Malformed> {
        let fields = Fields::of(document)?;
        let event = fields.must(event)?;
        Ok(Self { fields, event, session: fields.name(session)?, cwd: fields.name(cwd)? })
    }

    /// The input that stands under this name.
    pub fn input(&self, name: &str) -> Result<Value, Malformed> {
        let input = self.fields.get(name).ok_or_else(|| self.fields.fault(name, "is missing"))?;
        opened(input)
    }

    /// The call is made in the directory that the input says in one of these fields, from where
    /// the session is.
    pub fn enter(&mut self, input: &Value, names: &[&str]) {
        let said = names.iter().find_map(|name| input.get(name)?.as_str());
        if let Some(folder) = said.filter(|folder| !folder.is_empty()) {
            self.cwd = Path::new(&self.cwd).join(folder).to_string_lossy().into_owned();
        }
    }

    /// A call of a tool.
    pub fn call(self, tool: String, input: Value, wanted: Wanted, claimed: &[&str]) -> Asked {
        Asked {
            event: self.event,
            session: self.session,
            cwd: self.cwd,
            tool,
            claimed: text_of(&input, claimed),
            input,
            wanted,
        }
    }

    /// An event that is no call: it is answered so that nothing changes.
    pub fn aside(self) -> Asked {
        let event = self.event.clone();
        self.call(event, Value::Null, Wanted::Own, &[])
    }

    /// An event that this adapter does not know may be one that decides, so it is not passed over.
    pub fn strange(&self) -> Malformed {
        Malformed(format!("the event `{}` is not known here", self.event.escape_debug()))
    }
}

/// The text of the first of these that has one: what the agent says about the call. It is only
/// shown, so one of another type is no error.
fn text_of(input: &Value, names: &[&str]) -> String {
    /// More than that is no explanation.
    const LONGEST: usize = 2000;
    let text = names.iter().find_map(|name| input.get(name)?.as_str()).unwrap_or_default();
    text.chars().take(LONGEST).collect()
}
