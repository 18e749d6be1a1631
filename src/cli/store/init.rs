//! `countersign store init`

use super::super::{
    Global, assemble,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    report::Said,
    store::{Address, init_server, server},
};
use clap::Args;
use serde::Serialize;
use std::fmt;

/// `countersign store init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The server and the database on it, as somebody who may make roles and tables there; without
    /// it, the configured one
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// What was done.
#[derive(Debug, Serialize)]
struct Made {
    store: String,
    done: Vec<String>,
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.store)?;
        for line in &self.done {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "\nGive each person and each agents' host a login of its own, with one role:")?;
        writeln!(f, "  CREATE ROLE ana LOGIN IN ROLE countersign_reviewer;")?;
        write!(f, "  CREATE ROLE build7 LOGIN IN ROLE countersign_agent;")
    }
}

impl InitArgs {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let address = if let Some(url) = &self.url {
            Address::parse(url).map_err(|error| {
                let text = error.to_string();
                Failure::new(Kind::Usage, text).next("see `countersign store init --help`")
            })?
        } else {
            let config = assemble::load(global)?.config;
            let path = assemble::store_path(global, &config)?;
            server(&path)?.ok_or_else(|| {
                Failure::new(Kind::Config, "the configured store is a file, which makes itself")
                    .next("name a server with --url, or with `url` under [store]")
            })?
        };
        let done = init_server(&address).await?;
        let made = Made { store: address.to_string(), done };
        output.report(&Said::new("store-init", &made))?;
        Ok(Exit::Done)
    }
}
