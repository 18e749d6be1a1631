//! The hosts, a file each.

mod claude_code;

use super::Host;

/// Every adapter.
pub static ALL: &[&dyn Host] = &[&claude_code::ClaudeCode];
