//! What a server is called where nobody says it.

use std::{ffi::OsString, path::Path};

/// Programs that only start another one.
const STARTERS: &[&str] = &[
    "npx", "bunx", "pnpx", "uvx", "pipx", "node", "bun", "deno", "python", "python3", "uv", "npm",
    "pnpm", "yarn", "docker", "podman", "env", "sh", "bash", "cmd",
];
/// Their words before the one that matters.
const WORDS: &[&str] = &["run", "exec", "dlx", "x", "tool", "start"];
/// Around the name of many a server.
const AROUND: &[&str] = &["mcp-server-", "server-", "mcp-", "mcp_server_", "mcp_"];
const BEHIND: &[&str] = &["-mcp-server", "-mcp", "-server", "_mcp", ".js", ".py", ".mjs", ".ts"];

/// A name from a command line: `npx -y @modelcontextprotocol/server-filesystem /srv` is
/// `filesystem`.
pub fn name_of_command(argv: &[OsString]) -> String {
    let words = argv.iter().map(|word| word.to_string_lossy());
    let mut named = String::new();
    for word in words {
        let file = Path::new(&*word).file_name().map(|name| name.to_string_lossy().into_owned());
        let file = file.unwrap_or_default();
        let plain = |c: char| c.is_ascii_digit() || c == '.';
        if word.starts_with('-') || word.contains('=') || WORDS.contains(&&*word) {
            continue;
        }
        named = file;
        if !STARTERS.contains(&named.trim_end_matches(plain)) {
            break;
        }
    }
    let version = named.rfind('@').filter(|&at| at > 0).unwrap_or(named.len());
    short(&named[..version])
}

/// A name from an address: `https://mcp.linear.app/mcp` is `linear`.
pub fn name_of_url(url: &str) -> String {
    let host = url.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let parts: Vec<&str> = host.split('.').collect();
    let numbers = parts.iter().all(|part| part.chars().all(|c| c.is_ascii_digit()));
    match parts.as_slice() {
        [.., name, _] if !numbers => short(name),
        _ => short(host),
    }
}

fn short(name: &str) -> String {
    let mut name: &str = name;
    for around in AROUND {
        name = name.strip_prefix(around).unwrap_or(name);
    }
    for behind in BEHIND {
        name = name.strip_suffix(behind).unwrap_or(name);
    }
    let name: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).take(64).collect();
    if name.is_empty() { "server".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::{name_of_command, name_of_url};

    #[test]
    fn servers_are_called_as_people_call_them() {
        for (line, name) in [
            ("npx -y @modelcontextprotocol/server-filesystem /srv", "filesystem"),
            ("npx -y @modelcontextprotocol/server-filesystem@2026.8.31 /srv", "filesystem"),
            ("uvx mcp-server-git --repository /src", "git"),
            ("/opt/venv/bin/mcp-server-sqlite --db-path x.db", "sqlite"),
            ("python3.11 servers/weather.py", "weather"),
            ("docker run -i --rm mcp/postgres", "postgres"),
            ("github-mcp-server stdio", "github"),
            ("npx", "npx"),
        ] {
            let argv: Vec<_> = line.split(' ').map(Into::into).collect();
            assert_eq!(name_of_command(&argv), name, "{line}");
        }
        assert_eq!(name_of_command(&[]), "server");
    }

    #[test]
    fn addresses_too() {
        for (url, name) in [
            ("https://mcp.linear.app/mcp", "linear"),
            ("https://me:secret@mcp.example.com:8443/x?key=1", "example"),
            ("http://127.0.0.1:3001/mcp", "127.0.0.1"),
            ("http://localhost:3001/mcp", "localhost"),
        ] {
            assert_eq!(name_of_url(url), name, "{url}");
        }
    }
}
