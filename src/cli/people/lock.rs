//! `countersign lock` and `countersign unlock`

use crate::{
    cli::{
        Desk, Global, assemble,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::{ActionId, Lock as Word, Locked, ToolId, Turn, Untrusted},
    gate::locks,
    report::Locks,
    review::TurnError,
};
use clap::Args;
use std::{convert::Infallible, str::FromStr};

/// What is meant by a word on the command line.
#[derive(Debug, Clone)]
enum What {
    Action(ActionId),
    Exactly(Locked),
    /// A tool, if the catalogue knows one of that name, else a session.
    Name(String),
}

impl FromStr for What {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Action(id));
        }
        Ok(match text.split_once(':') {
            Some(("session", name)) => Self::Exactly(Locked::Session(name.into())),
            Some(("tool", name)) => Self::Exactly(Locked::Tool(ToolId::new(name))),
            Some(("host", name)) => Self::Exactly(Locked::Host(name.into())),
            _ => Self::Name(text.to_owned()),
        })
    }
}

impl What {
    async fn found(self, desk: &Desk) -> Result<Locked, Failure> {
        match self {
            Self::Exactly(what) => Ok(what),
            Self::Action(id) => match desk.review.store().action(&id).await? {
                Some((_, action)) => Ok(Locked::behind(&action)),
                None => Err(Failure::new(Kind::NotFound, format!("no action `{id}`"))
                    .next("`countersign queue --closed` lists every action")),
            },
            Self::Name(name) => {
                let lens = assemble::lens(&desk.config)?;
                let tool = ToolId::new(&name);
                let known = lens.catalogue.tools().iter().any(|one| one.id == tool);
                Ok(if known { Locked::Tool(tool) } else { Locked::Session(name.into()) })
            }
        }
    }
}

/// Stop an agent: every gate refuses a session, a tool or a host until somebody else unlocks it
#[derive(Debug, Args)]
pub struct Lock {
    /// What: id of an action (locks who asked for it), a tool, a session; or session:NAME,
    /// tool:NAME, host:NAME. Without it, what is locked is listed
    #[arg(value_name = "WHAT", requires = "reason")]
    what: Option<What>,
    /// Why; the agent and whoever looks at it later will read it
    #[arg(long, value_name = "TEXT", requires = "what")]
    reason: Option<String>,
}

/// Let what was locked go on; another reviewer than the one who locked it
#[derive(Debug, Args)]
pub struct Unlock {
    /// What, as `countersign lock` lists it
    #[arg(value_name = "WHAT")]
    what: What,
    /// Why; it stays in the history
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Lock {
    /// Locks, or lists what is locked.
    pub(in crate::cli) async fn run(
        self,
        global: &Global,
        output: Output,
    ) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        if let (Some(what), Some(reason)) = (self.what, self.reason) {
            return turn(&desk, what, Turn::Lock, reason, global, output).await;
        }
        let path = assemble::store_path(global, &desk.config)?;
        let all = locks::note(&path, &**desk.review.store()).await?;
        output.report(&Locks::all(&all))?;
        Ok(Exit::Done)
    }
}

impl Unlock {
    /// Unlocks.
    pub(in crate::cli) async fn run(
        self,
        global: &Global,
        output: Output,
    ) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        turn(&desk, self.what, Turn::Unlock, self.reason, global, output).await
    }
}

async fn turn(
    desk: &Desk,
    what: What,
    way: Turn,
    reason: String,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let what = what.found(desk).await?;
    let word: Word = desk.review.turn(what, way, Untrusted::new(reason)).await?;
    let path = assemble::store_path(global, &desk.config)?;
    locks::note(&path, &**desk.review.store()).await?;
    output.report(&Locks::one(&word))?;
    Ok(Exit::Done)
}

impl From<TurnError> for Failure {
    fn from(error: TurnError) -> Self {
        let text = error.to_string();
        match error {
            TurnError::ReasonRequired => Self::new(Kind::Usage, text).next("add --reason TEXT"),
            TurnError::NotLocked => {
                Self::new(Kind::NotFound, text).next("`countersign lock` lists what is locked")
            }
            TurnError::Yours => {
                Self::new(Kind::Refused, text).next("ask another reviewer to unlock it")
            }
            TurnError::Keys(_) => Self::new(Kind::Config, text)
                .next("put the file right; `countersign doctor` looks at it again"),
            TurnError::NotSigned(_) | TurnError::NoGood(_) => Self::new(Kind::Refused, text)
                .next("`countersign doctor` looks at your key and your agent"),
            TurnError::NoRandomness(_) => {
                Self::new(Kind::Unexpected, text).next("please report this with `-v` output")
            }
            TurnError::Store(error) => error.into(),
        }
    }
}
