//! `countersign gate mcp -- SERVER CMD…`, `countersign gate mcp --url URL`.

use super::{
    exec::{listen, refused, tell, waiting_time},
    in_force::InForce,
};
use crate::{
    catalogue::Catalogue,
    cli::Global,
    domain::{ToolMatch, Untrusted},
    gate::{
        self,
        mcp::{Now, Reach, Setup, StartError, name_of_command, name_of_url, serve},
    },
    text::SafeText,
};
use clap::Args;
use std::{ffi::OsString, path::Path, sync::Arc, time::Duration};

/// `countersign gate mcp`
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Put it before the server's command in the host's configuration:
  before: npx -y @modelcontextprotocol/server-filesystem /srv
  after:  countersign gate mcp -- npx -y @modelcontextprotocol/server-filesystem /srv

A refused call is a JSON-RPC error with code 77, one that still waits has code 75. The exit status
is the server's own where it ended first, 0 where the client did.")]
pub struct McpArgs {
    /// What the server is called, for reviewers and in policy [default: from its command or URL]
    #[arg(long, value_name = "NAME", value_parser = server_name)]
    pub name: Option<String>,
    /// How long a call is held before the agent gets a ticket; less than its host waits
    #[arg(long, value_name = "TIME", default_value = "50s", value_parser = waiting_time)]
    pub timeout: Duration,
    /// The AI tool that asks, by its name in the catalogue
    #[arg(long, value_name = "ID", env = "COUNTERSIGN_TOOL")]
    pub tool: Option<String>,
    /// A server that is reached over streamable HTTP
    #[arg(long, value_name = "URL", conflicts_with = "argv", required_unless_present = "argv")]
    pub url: Option<String>,
    /// A header for it, with the value from a variable: `Authorization=LINEAR_AUTHORIZATION`
    #[arg(long, value_name = "NAME=VAR", conflicts_with = "argv", value_parser = header_env)]
    pub header_env: Vec<(String, String)>,
    /// The server's program and its arguments
    #[arg(last = true, value_name = "SERVER")]
    pub argv: Vec<OsString>,
}

fn server_name(text: &str) -> Result<String, String> {
    let fits = !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if fits { Ok(text.to_owned()) } else { Err("expected letters, digits, -, _ and .".to_owned()) }
}

fn header_env(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, variable)) if !name.is_empty() && !variable.is_empty() => {
            Ok((name.to_owned(), variable.to_owned()))
        }
        _ => Err("expected the header's name, = and the variable's name".to_owned()),
    }
}

/// Stands between the client on our standard streams and the server. Everything it has to say
/// itself goes to stderr.
pub(super) async fn run(args: &McpArgs, store: &Path, global: &Global) -> u8 {
    let reach = match reach(args) {
        Ok(reach) => reach,
        Err(why) => return refused(2, &why),
    };
    let setup = match setup(args, &reach, store, global) {
        Ok(setup) => setup,
        Err(why) => return refused(77, &format!("the server was not started: {why}")),
    };
    let mut signals = match listen() {
        Ok(signals) => signals,
        Err(error) => return refused(77, &format!("signals cannot be caught: {error}")),
    };
    match serve(setup, &reach, &mut signals).await {
        Ok(status) => status,
        Err(error) => refused(status_of(&error), &error.to_string()),
    }
}

/// As a shell puts it: 127 for what is not there, 126 for what cannot be run.
fn status_of(error: &StartError) -> u8 {
    match error {
        StartError::NotStarted(why) if why.kind() == std::io::ErrorKind::NotFound => 127,
        StartError::NotStarted(_) => 126,
        StartError::BadAddress(_) => 2,
        StartError::NoHttp(_) => 1,
    }
}

fn reach(args: &McpArgs) -> Result<Reach, String> {
    let Some(url) = &args.url else {
        return Ok(Reach::Command(args.argv.clone()));
    };
    let headers = args.header_env.iter().map(|(name, variable)| {
        std::env::var(variable)
            .map(|value| (name.clone(), value))
            .map_err(|_| format!("the variable {variable} for the header {name} is not set"))
    });
    Ok(Reach::Url { url: url.clone(), headers: headers.collect::<Result<_, _>>()? })
}

fn setup(args: &McpArgs, reach: &Reach, store: &Path, global: &Global) -> Result<Setup, String> {
    let name = args.name.clone().unwrap_or_else(|| match reach {
        Reach::Command(command) => name_of_command(command),
        Reach::Url { url, .. } => name_of_url(url),
    });
    let cwd = std::env::current_dir()
        .map_err(|error| format!("the working directory cannot be named: {error}"))?;
    let declared = args.tool.clone();
    let rules = Arc::new(InForce::new(global, say));
    // Whoever looks at the agent's log sees it before the first call is refused.
    let _ = rules.now();
    let clients = Arc::clone(&rules);
    Ok(Setup {
        name,
        identity: reach.identity().map_err(|error| error.to_string())?,
        told: reach.told(),
        store: store.to_owned(),
        patience: args.timeout,
        guard: Box::new(move || {
            let (lens, rules) = rules.now()?;
            let guard = super::guard(&lens, &rules)?;
            Ok(Now { guard, reviewers: rules.reviewers })
        }),
        agent: Box::new(move |client| {
            let catalogue = clients.now().map(|(lens, _)| lens.catalogue).unwrap_or_default();
            agent(&catalogue, declared.as_deref(), client)
        }),
        cwd: cwd.to_string_lossy().into_owned(),
        say: Box::new(say),
    })
}

fn say(text: &str) {
    tell(&format!("countersign: {}\n", SafeText::line(&Untrusted::new(text))));
}

fn agent(catalogue: &Catalogue, declared: Option<&str>, client: &str) -> ToolMatch {
    gate::client(catalogue, declared, |name| std::env::var_os(name), client)
}

#[cfg(test)]
mod tests {
    use super::super::{GateArgs, GateCommand};
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        gate: GateArgs,
    }

    fn mcp(words: &str) -> Result<super::McpArgs, clap::Error> {
        let words = ["gate", "mcp"].into_iter().chain(words.split_whitespace());
        Line::try_parse_from(words).map(|line| match line.gate.command {
            GateCommand::Mcp(args) => args,
            other => unreachable!("{other:?}"),
        })
    }

    #[test]
    fn a_server_is_a_command_or_an_address() {
        let args = mcp("--name files -- npx --timeout 3s").unwrap();
        assert_eq!((args.argv.len(), args.name.as_deref()), (3, Some("files")));
        let args = mcp("--url https://x/mcp --header-env Authorization=TOKEN").unwrap();
        assert_eq!(args.header_env, [("Authorization".to_owned(), "TOKEN".to_owned())]);
        for wrong in ["", "--url https://x -- npx", "--name a/b -- npx", "--header-env A=B -- npx"]
        {
            assert!(mcp(wrong).is_err(), "{wrong}");
        }
    }
}
