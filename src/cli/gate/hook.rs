//! `countersign gate hook HOST`.

use super::exec::account;
use crate::{
    domain::{Asker, Confidence, Leave, LetThrough, Ruling, ToolId, ToolMatch, Untrusted},
    gate::{
        self, Call, Guard, Held,
        hook::{self, Asked, Host, Reason, Said},
        spool,
    },
    policy::Policy,
    sources::Lens,
    store::SqliteStore,
};
use clap::Args;
use jiff::Timestamp;
use std::{
    io::{self, Read as _, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;

/// `countersign gate hook`
#[derive(Debug, Clone, Args)]
pub struct HookArgs {
    /// The agent's host: claude-code, cursor, codex, …
    pub host: String,
}

/// Reads the question, answers it.
pub(super) async fn run(args: &HookArgs, store: &Path, lens: &Lens) -> ExitCode {
    let Some(host) = hook::host(&args.host) else {
        eprintln!("countersign: there is no host `{}`", args.host.escape_debug());
        return ExitCode::from(2);
    };
    let until = Instant::now() + host.patience().saturating_sub(Duration::from_secs(5));
    let mut payload = Vec::new();
    let asked = match io::stdin().lock().read_to_end(&mut payload) {
        Ok(_) => host.read(&payload).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let said = match &asked {
        Ok(asked) => decided(host, asked, store, lens, until).await,
        Err(error) => Err(error.clone()),
    };
    let said = said.unwrap_or_else(|error| Said::Deny(Reason::new(error)));
    let answer = host.answer(&said, asked.as_ref().ok());
    let _ = io::stderr().write_all(answer.stderr.as_bytes());
    let _ = io::stdout().write_all(answer.stdout.as_bytes());
    ExitCode::from(answer.status)
}

async fn decided(
    host: &dyn Host,
    asked: &Asked,
    store: &Path,
    lens: &Lens,
    until: Instant,
) -> Result<Said, String> {
    let name = gate::host_name();
    let guard = Guard {
        policy: Arc::new(Policy::shipped().map_err(|error| error.to_string())?),
        places: lens.production.clone(),
        environment: lens.production.host(&name),
        host: name,
        requester: Untrusted::new(account()),
        freeze: None,
    };
    let (id, agent) = host.agent();
    let call = Call {
        via: host.id(),
        agent: ToolMatch {
            tool: ToolId::new(id),
            name: agent.to_owned(),
            confidence: Confidence::Declared,
            evidence: Vec::new(),
        },
        tool: asked.tool.clone(),
        input: asked.input.clone(),
        wanted: asked.wanted.clone(),
        asker: Asker {
            cwd: asked.cwd.as_str().into(),
            session: asked.session.as_str().into(),
            claimed: asked.claimed.as_str().into(),
            ..Asker::default()
        },
    };
    let action = guard.ruled(&call, Timestamp::now()).map_err(|error| error.to_string())?;
    let Some(ruling) = action.ruling.clone() else { return Err("nobody ruled".to_owned()) };
    if std::env::var_os(hook::SELF_TEST).is_some() {
        return Err(hook::rehearsed(&ruling.leave));
    }
    match &ruling.leave {
        Leave::LetThrough => {
            let_through(store, &action, ruling)?;
            Ok(Said::Allow)
        }
        Leave::Boundary { rule, because } => {
            Err(format!("nobody may approve this: {because} (boundary `{rule}`)"))
        }
        Leave::Refused { because } => Err(format!("refused: {because}")),
        Leave::Held(_) => {
            let store = SqliteStore::open(store).await.map_err(|error| error.to_string())?;
            let held = gate::hold(&store, &action, until).await;
            Ok(match held.map_err(|error| error.to_string())? {
                Held::Passed { .. } => Said::Allow,
                Held::Refused { reason, .. } => Said::Deny(Reason::new(reason)),
                Held::Ticket { action } => Said::Deny(Reason::new(format!(
                    "waits for approval as {action}; make the very same call again once it is approved"
                ))),
            })
        }
    }
}

fn let_through(store: &Path, action: &crate::domain::Action, ruling: Ruling) -> Result<(), String> {
    let record = LetThrough {
        id: action.digest().map_err(|error| error.to_string())?.hex()[..32].to_owned(),
        at: action.opened,
        source: action.source.clone(),
        tool: action.tool.tool.clone(),
        requester: action.requester.clone(),
        title: action.title.clone(),
        asker: action.asker.clone().unwrap_or_default(),
        found: action.found.clone().unwrap_or_default(),
        ruling,
    };
    spool::append(store, &record).map_err(|error| format!("cannot be logged: {error}"))
}
