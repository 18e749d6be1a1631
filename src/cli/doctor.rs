//! `countersign doctor`

mod gate;
mod groups;
mod ledger;
mod people;
mod shared;
mod signing;
mod watch;

use super::{Global, assemble, clock, exit::Exit, failure::Failure, gate::place, output::Output};
use crate::{
    config::{self, CheckReport, Config},
    domain::Untrusted,
    report::{Checkup, Section, moment},
    sources::{Diagnosis, Source, Verdict},
    store::{OrderRow, Store},
};
use clap::Args;
use futures::future::join_all;
use jiff::Timestamp;
use std::{path::PathBuf, sync::Arc, time::Duration};

/// How long one source may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A store with less room than this, in bytes, may soon refuse to write down an order.
const LITTLE_SPACE: u64 = 100 << 20;

/// Check configuration, store, sources with their permissions, the gate, terminal and clock
#[derive(Debug, Args)]
pub struct Doctor {
    /// The account agents run as, if it is not this one
    #[arg(long, value_name = "NAME")]
    agent_user: Option<String>,
}

/// Looks at everything, and goes on where something is broken.
pub(super) async fn run(args: Doctor, global: &Global, output: Output) -> Result<Exit, Failure> {
    let agent = place::agent(args.agent_user.as_deref())?;
    let locations = assemble::locations(global);
    let found = config::check(&locations);
    let loaded = config::load(&locations).ok();
    let mut checkup = Checkup::default();
    checkup.sections.push(section("configuration", configuration(&found)));

    let config = loaded.map_or_else(Config::default, |loaded| loaded.config);
    let path = assemble::store_path(global, &config)?;
    let opened = assemble::open_store(&path).await;
    let mut newest = None;
    match &opened {
        Ok(store) => {
            newest = store.activity(1, None).await?.first().map(|line| line.at);
            let mut checks = store_is_well(&**store).await;
            checks.extend(shared::checks(&path));
            checkup.sections.push(section("store", checks));
            checkup.sections.push(section("people", people::checks(&**store).await));
            let ledger = ledger::is_well(&config, &path, &**store).await;
            checkup.sections.push(section("ledger", ledger));
        }
        Err(failure) => checkup.sections.push(section("store", vec![bad("open", failure)])),
    }
    match assemble::lens(&config) {
        Ok(lens) => {
            let sources = assemble::sources_from(&config, &lens);
            checkup.sections.extend(join_all(sources.iter().map(ask)).await);
            let question = gate::Question {
                agent: &agent,
                named: args.agent_user.is_some(),
                locations: &locations,
                rules: &rules_files(&config),
                store: &path,
                catalogue: &lens.catalogue,
            };
            checkup.sections.push(section("gate", gate::checks(&question)));
        }
        Err(failure) => checkup.sections.push(section("catalogue", vec![bad("read", &failure)])),
    }
    let settings = config.clone();
    let policy = super::rules::policy(global, &config).ok();
    let signing =
        tokio::task::spawn_blocking(move || signing::checks(&settings, policy.as_deref())).await;
    checkup.sections.push(section("signatures", signing.unwrap_or_default()));
    if !config.groups_from.is_empty() {
        checkup.sections.push(section("groups", groups::checks(&config).await));
    }
    if !config.notify.is_empty() {
        let checks = watch::checks(global, &config).await;
        checkup.sections.push(section("watch", checks));
    }
    checkup.sections.push(section("terminal", super::terminal::checks(output)));
    checkup.sections.push(section("clock", clock::checks(Timestamp::now(), newest)));
    output.report(&checkup)?;
    Ok(if checkup.is_well() { Exit::Done } else { Exit::Failure })
}

/// The files that say who may approve what.
fn rules_files(config: &Config) -> Vec<PathBuf> {
    let files = [&config.policy.file, &config.trust.signers, &config.trust.revoked];
    files.into_iter().flatten().cloned().collect()
}

fn section(area: &str, checks: Vec<Diagnosis>) -> Section {
    Section { area: area.to_owned(), checks }
}

fn good(what: impl Into<String>, saw: impl Into<Untrusted>) -> Diagnosis {
    Diagnosis { what: what.into(), verdict: Verdict::Good { saw: saw.into() } }
}

fn bad(what: &str, failure: &Failure) -> Diagnosis {
    Diagnosis {
        what: what.to_owned(),
        verdict: Verdict::Bad {
            problem: failure.message.clone(),
            next_step: failure.next_step.clone().unwrap_or_default(),
        },
    }
}

fn bad_with(what: &str, problem: &str, next_step: &str) -> Diagnosis {
    Diagnosis {
        what: what.to_owned(),
        verdict: Verdict::Bad { problem: Untrusted::new(problem), next_step: next_step.to_owned() },
    }
}

fn configuration(found: &CheckReport) -> Vec<Diagnosis> {
    let mut checks: Vec<Diagnosis> = found
        .files
        .iter()
        .map(|file| {
            let state = if file.found { "read" } else { "not there, which is fine" };
            good(file.path.display().to_string(), state)
        })
        .collect();
    checks.extend(found.problems.iter().map(|problem| {
        let place =
            problem.place.as_ref().map_or_else(|| "problem".to_owned(), ToString::to_string);
        Diagnosis {
            what: place,
            verdict: Verdict::Bad {
                problem: Untrusted::new(problem.message.clone()),
                next_step: problem
                    .help
                    .clone()
                    .unwrap_or_else(|| "`countersign config check` shows the line".to_owned()),
            },
        }
    }));
    checks.extend(found.warnings.iter().map(|warning| Diagnosis {
        what: "note".to_owned(),
        verdict: Verdict::Warning {
            problem: Untrusted::new(warning.clone()),
            next_step: "change it in config.toml, or leave it if it is meant so".to_owned(),
        },
    }));
    if found.problems.is_empty() {
        checks.push(good("sources configured", found.sources.to_string()));
    }
    checks
}

async fn store_is_well(store: &dyn Store) -> Vec<Diagnosis> {
    let about = match store.about().await {
        Ok(about) => about,
        Err(error) => return vec![bad("open", &error.into())],
    };
    let mut checks = vec![
        good("open and writable", about.place),
        good("schema", format!("version {}", about.schema)),
    ];
    for (what, problem, next_step) in about.warnings {
        checks.push(warning(what, problem, next_step));
    }
    match about.free {
        Some(free) if free < LITTLE_SPACE => checks.push(warning(
            "free space",
            format!("{} MiB left", free >> 20),
            "make room: what cannot be written down is not sent",
        )),
        Some(free) => checks.push(good("free space", format!("{} MiB", free >> 20))),
        None => {}
    }
    match store.orders(true).await {
        Ok(open) if open.is_empty() => checks.push(good("orders without an answer", "none")),
        Ok(open) => checks.extend(open.iter().map(without_answer)),
        Err(error) => checks.push(bad("orders", &error.into())),
    }
    checks
}

/// An order that was sent, or may have been, and whose fate is open.
fn without_answer(row: &OrderRow) -> Diagnosis {
    warning(
        "order without an answer",
        format!(
            "{} to {}, given {}, is {}",
            row.order.id,
            row.order.source,
            moment(row.order.at),
            row.state
        ),
        "ask its source what happened: `countersign queue --poll`; if it cannot tell, look there",
    )
}

fn warning(what: &str, problem: impl Into<Untrusted>, next_step: &str) -> Diagnosis {
    Diagnosis {
        what: what.to_owned(),
        verdict: Verdict::Warning { problem: problem.into(), next_step: next_step.to_owned() },
    }
}

/// One source's own checks, all sources side by side, none for ever.
async fn ask(source: &Arc<dyn Source>) -> Section {
    let checks = tokio::time::timeout(PATIENCE, source.diagnose()).await.unwrap_or_else(|_| {
        vec![Diagnosis {
            what: "answer".to_owned(),
            verdict: Verdict::Bad {
                problem: Untrusted::new(format!("none within {} s", PATIENCE.as_secs())),
                next_step: "check the network and the endpoint in config.toml".to_owned(),
            },
        }]
    });
    section(source.name().as_str(), checks)
}
