//! How hosts name the tools of MCP servers.
//!
//! ```text
//!   mcp__github__create_issue   Claude Code, Codex, Devin      @github/create_issue   Kiro
//!   mcp_github_create_issue     Gemini, which also says both   MCP:create_issue       Cursor
//!   github-create_issue         Copilot                        github_create_issue    OpenCode
//! ```
//!
//! Where the name can be cut in two ways, the server is the shorter part: what a tool does is read
//! from the verb in its own name and from its arguments.

/// `mcp__SERVER__TOOL`.
pub fn double(name: &str) -> Option<(&str, &str)> {
    both(name.strip_prefix("mcp__")?.split_once("__")?)
}

/// `mcp_SERVER_TOOL`.
pub fn single(name: &str) -> Option<(&str, &str)> {
    both(name.strip_prefix("mcp_")?.split_once('_')?)
}

/// `@SERVER/TOOL`.
pub fn at(name: &str) -> Option<(&str, &str)> {
    both(name.strip_prefix('@')?.split_once('/')?)
}

/// `MCP:TOOL`; the server is not said.
pub fn colon(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("MCP:").map(str::trim).filter(|tool| !tool.is_empty()).map(|tool| ("", tool))
}

/// `SERVER-TOOL`: tools rarely have a hyphen in their names, servers often have.
pub fn hyphen(name: &str) -> Option<(&str, &str)> {
    both(name.rsplit_once('-')?)
}

/// `SERVER_TOOL`.
pub fn underscore(name: &str) -> Option<(&str, &str)> {
    both(name.split_once('_')?)
}

fn both<'a>((server, tool): (&'a str, &'a str)) -> Option<(&'a str, &'a str)> {
    (!server.is_empty() && !tool.is_empty()).then_some((server, tool))
}

#[cfg(test)]
mod tests {
    use super::{at, colon, double, hyphen, single, underscore};

    #[test]
    fn every_way_of_naming_is_read() {
        assert_eq!(double("mcp__github__create_issue"), Some(("github", "create_issue")));
        assert_eq!(double("mcp__a__b__c"), Some(("a", "b__c")));
        assert_eq!(single("mcp_github_create_issue"), Some(("github", "create_issue")));
        assert_eq!(at("@postgres/query"), Some(("postgres", "query")));
        assert_eq!(colon("MCP: query"), Some(("", "query")));
        let named = hyphen("github-mcp-server-list_issues");
        assert_eq!(named, Some(("github-mcp-server", "list_issues")));
        assert_eq!(underscore("github_create_issue"), Some(("github", "create_issue")));
    }

    #[test]
    fn half_a_name_is_none() {
        for odd in ["mcp__", "mcp____x", "mcp__x__", "mcp__x", "Bash", ""] {
            assert_eq!(double(odd), None, "{odd}");
        }
        assert_eq!((at("@x"), at("@/x"), colon("MCP:"), hyphen("-x")), (None, None, None, None));
    }
}
