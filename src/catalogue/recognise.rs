//! Matching clues against rules.

use crate::domain::{Clue, Tool, ToolMatch};

/// The known AI tools and the rules that recognise them.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    tools: Vec<Tool>,
}

impl Catalogue {
    /// Every tool the clues point to, surest first; each with all its evidence.
    pub fn recognise(&self, _clues: &[Clue]) -> Vec<ToolMatch> {
        Vec::new()
    }

    /// The tools, in the order of the data file.
    pub fn tools(&self) -> &[Tool] {
        &self.tools
    }
}
