//! What an agent wants to do with a tool, and what that would do.
//!
//! ```text
//!   hook payload, MCP call ─▶ Wanted ─▶ assess ─(classify)─▶ Assessment
//! ```

use crate::{
    classify::{self, Setting},
    domain::{Assessment, Effect, Environment, Opaque, Reversibility, Span, Untrusted, Verb},
};
use serde_json::Value;

/// What a tool call comes to, whatever its host calls the tool.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// A line for a shell.
    Shell {
        /// The line.
        command: String,
    },
    /// Files are written, by the host's own tools.
    Write {
        /// Their paths, as given.
        paths: Vec<String>,
    },
    /// Files are read, searched or listed; nothing leaves the machine.
    Look,
    /// A tool of an MCP server.
    Mcp {
        /// The server's name.
        server: String,
        /// The tool's.
        tool: String,
        /// Its arguments.
        arguments: Value,
    },
    /// The host's own business that touches nothing outside it: its to-do list, its plan.
    Own,
    /// A tool nobody here knows.
    Unknown {
        /// Its name.
        tool: String,
    },
}

impl Wanted {
    /// What it would do.
    pub fn assess(&self, setting: &Setting<'_>) -> Assessment {
        match self {
            Self::Shell { command } => classify::command(command, setting),
            Self::Write { paths } => {
                let effects = paths.iter().map(|path| written(path, setting.environment));
                Assessment { effects: effects.collect(), opaque: Vec::new() }
            }
            Self::Look | Self::Own => Assessment::default(),
            Self::Mcp { server, tool, arguments } => {
                classify::command(&format!("mcp:{server}/{tool} {arguments}"), setting)
            }
            Self::Unknown { tool } => {
                let because = format!("the tool {} is not known here", tool.escape_debug()).into();
                let opaque = Opaque { evidence: Span::default(), because };
                Assessment { effects: Vec::new(), opaque: vec![opaque] }
            }
        }
    }

    /// It in one line, as one would type it.
    pub fn title(&self) -> Untrusted {
        match self {
            Self::Shell { command } => command.as_str().into(),
            Self::Write { paths } => format!("write {}", paths.join(", ")).into(),
            Self::Look => "look at files".into(),
            Self::Own => "the agent's own business".into(),
            Self::Mcp { server, tool, arguments } => format!("{server}/{tool} {arguments}").into(),
            Self::Unknown { tool } => tool.as_str().into(),
        }
    }
}

fn written(path: &str, environment: Environment) -> Effect {
    Effect {
        verb: Verb::Update,
        service: "files".into(),
        resource: path.into(),
        environment,
        reversible: Reversibility::Reversible("restore it from version control".into()),
        evidence: Span::default(),
    }
}
