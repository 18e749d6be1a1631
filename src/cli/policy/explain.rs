//! `countersign policy explain`

use super::{
    super::{
        Global, assemble,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    given::{Asked, Given},
    named,
};
use crate::{
    domain::{ActionId, Environment, Leave, Ruling, Untrusted},
    policy::{Circumstances, Explained, Matched},
    report::Said,
    review::assess,
    text::hidden_in,
};
use clap::{ArgGroup, Args};
use jiff::Timestamp;
use serde::Serialize;
use std::{fmt, path::PathBuf};

/// `countersign policy explain`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true)
    .args(["action", "command", "mcp", "sql", "argv"]))]
pub struct Explain {
    /// An action of the queue, by its id
    action: Option<ActionId>,
    /// A command line, as an agent would run it
    #[arg(long, value_name = "LINE")]
    command: Option<String>,
    /// A call of an MCP tool: `server/tool {…}`
    #[arg(long, value_name = "CALL")]
    mcp: Option<String>,
    /// A query
    #[arg(long, value_name = "QUERY")]
    sql: Option<String>,
    /// Where it acts: `production`, `non-production`, `unknown`
    #[arg(long, value_name = "NAME", value_parser = environment, conflicts_with = "action")]
    env: Option<Environment>,
    /// The AI tool that would ask, by its name in the catalogue
    #[arg(long, value_name = "ID", conflicts_with = "action")]
    tool: Option<String>,
    /// Under this policy instead of the one in force
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A program and its arguments, started without a shell
    #[arg(last = true, value_name = "ARGV")]
    argv: Option<Vec<String>>,
}

fn environment(text: &str) -> Result<Environment, String> {
    match text {
        "production" => Ok(Environment::Production),
        "non-production" => Ok(Environment::NonProduction),
        "unknown" => Ok(Environment::Unknown),
        _ => Err("expected production, non-production or unknown".to_owned()),
    }
}

/// A ruling and its reasons, ready to be written.
#[derive(Debug, Serialize)]
struct Report {
    title: Untrusted,
    ruling: Ruling,
    effects: Vec<Matched>,
    boundary_of_the_program: Option<&'static str>,
    strictest: String,
}

impl Explain {
    /// Explains.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let (policy, config) = named(self.policy.as_deref(), global)?;
        let now = Timestamp::now();
        let asked = if let Some(id) = self.action {
            stored(&id, global).await?
        } else {
            let given = Given {
                command: self.command,
                argv: self.argv,
                mcp: self.mcp,
                sql: self.sql,
                environment: self.env,
                tool: self.tool,
                ..Given::default()
            };
            let asked = given.asked(&config.production, now);
            asked.map_err(|why| Failure::new(Kind::Usage, why).next("see --help"))?
        };
        let Explained { ruling, matched, crossed } = asked.explained(&policy);
        let report = Report {
            title: asked.action.title.clone(),
            ruling,
            effects: matched,
            boundary_of_the_program: crossed.map(crate::policy::Boundary::rule),
            strictest: needed(&Leave::Held(policy.strictest().clone())),
        };
        output.report(&Said::new("policy-explain", &report))?;
        Ok(Exit::Done)
    }
}

/// An action of the store, as it would be put to policy now.
async fn stored(id: &ActionId, global: &Global) -> Result<Asked, Failure> {
    let config = assemble::load(global)?.config;
    let store = assemble::open_store(&assemble::store_path(global, &config)?).await?;
    let Some((_, action)) = store.action(id).await? else {
        return Err(Failure::new(Kind::NotFound, format!("no action `{id}` in the store"))
            .next("`countersign queue --closed` lists every action"));
    };
    let circumstances = Circumstances {
        hidden: !hidden_in(&action).is_empty(),
        ..Circumstances::at(Timestamp::now())
    };
    Ok(Asked { found: assess(&action), circumstances, action })
}

/// What is to happen, in words.
pub(super) fn needed(leave: &Leave) -> String {
    match leave {
        Leave::LetThrough => "let through, and logged".to_owned(),
        Leave::Held(requirement) => {
            let people = match requirement.approvals {
                1 => "1 person".to_owned(),
                many => format!("{many} people"),
            };
            let from = match requirement.from.as_slice() {
                [] => String::new(),
                groups => format!(", among them one of {}", groups.join(" and one of ")),
            };
            let minutes = requirement.expires / 60;
            format!("held for {people}{from}; {minutes} min")
        }
        Leave::Boundary { rule, because } => format!("boundary `{rule}`: {because}"),
        Leave::Refused { because } => format!("refused: {because}"),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ruling = &self.ruling;
        writeln!(f, "{}", self.title.raw())?;
        writeln!(f, "  {}", needed(&ruling.leave))?;
        writeln!(f, "  tier {}, policy {}", ruling.tier, ruling.policy)?;
        for effect in &self.effects {
            if effect.beyond > 0 {
                writeln!(f, "\n{} more effects: too many to ask about", effect.beyond)?;
                writeln!(f, "  no rule: {}", self.strictest)?;
                continue;
            }
            let place = effect.environment;
            write!(f, "\n{}", effect.action)?;
            if !effect.name.is_empty() {
                write!(f, " `{}`", effect.name.raw())?;
            }
            let service = if effect.service.is_empty() { "-" } else { &effect.service };
            write!(f, " ({service}): {}, {place}", effect.kind)?;
            let marks = [
                (!effect.reversible, "no way back"),
                (effect.local, "local"),
                (effect.customer_facing, "customer-facing"),
                (effect.protected, "the gate's own"),
                (effect.to_itself, "power for itself"),
            ];
            for (_, mark) in marks.into_iter().filter(|(holds, _)| *holds) {
                write!(f, ", {mark}")?;
            }
            writeln!(f)?;
            if effect.rules.is_empty() {
                writeln!(f, "  no rule matches: {}", self.strictest)?;
            }
            for rule in &effect.rules {
                let decides = if ruling.rules.contains(rule) { "decides" } else { "matches" };
                writeln!(f, "  {rule} {decides}")?;
            }
        }
        if let Some(rule) = self.boundary_of_the_program {
            writeln!(
                f,
                "\nThe boundary `{rule}` is kept by countersign itself, whatever the policy."
            )?;
        }
        Ok(())
    }
}
