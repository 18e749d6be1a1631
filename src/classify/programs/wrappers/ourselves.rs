//! `countersign` itself, after its own `--help`. What decides, or changes the gate, is for people:
//! an agent that ran it would answer itself.

use crate::classify::programs::{Cli, Rule};

const ANSWERS: &str = "see `countersign activity`, and revoke or reject what it agreed to";
const BACK: &str = "set it back";

/// The table.
pub(super) static COUNTERSIGN: Cli = Cli {
    valued: &["--config", "--store"],
    flags: &["--json", "-v", "--verbose"],
    harmless: &["--help", "-h", "--version", "-V"],
    rules: &[
        Rule::reads("audit|queue|show|activity|sources|doctor|classify|completions|man|iam|help"),
        Rule::reads("config check|show"),
        Rule::reads("policy check|show|explain|test|diff"),
        Rule::reads("gate status"),
        Rule::grants("approve", ANSWERS),
        Rule::updates("reject", ANSWERS),
        Rule::updates("revoke|restore", BACK),
        Rule::updates("init", BACK),
        Rule::updates("gate install|uninstall", BACK),
        Rule::opaque("gate exec|hook|mcp", "which store and policy it would ask is not known"),
    ],
    ..Cli::new("countersign")
};
