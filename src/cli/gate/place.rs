//! What `install`, `uninstall` and `status` have in common: which host, where, as whom.

use crate::{
    cli::{
        Global,
        failure::{Failure, Kind},
    },
    gate::install::{self, Account, Around, Profile, Scope, Spot},
    store::Address,
};
use clap::Args;
use directories::BaseDirs;
use std::path::PathBuf;

/// For whom a host's file counts.
#[derive(Debug, Clone, Copy, Default, Args)]
#[group(multiple = false)]
pub struct ScopeArgs {
    /// In your own settings of the host (the default)
    #[arg(long)]
    pub user: bool,
    /// In the project's settings, for everybody who works in it
    #[arg(long)]
    pub project: bool,
    /// In the machine's settings, which only an administrator can change
    #[arg(long)]
    pub managed: bool,
}

impl ScopeArgs {
    /// The scope asked for.
    pub fn scope(self) -> Scope {
        match self {
            Self { project: true, .. } => Scope::Project,
            Self { managed: true, .. } => Scope::Managed,
            _ => Scope::User,
        }
    }
}

/// The host of this name.
pub(super) fn host(name: &str) -> Result<&'static Profile, Failure> {
    install::host(name).ok_or_else(|| {
        let names: Vec<&str> = install::HOSTS.iter().map(|host| host.id).collect();
        Failure::new(Kind::Usage, format!("there is no host `{name}`"))
            .next(format!("use one of {}", names.join(", ")))
    })
}

/// Where everything is, by the environment.
pub(in crate::cli) fn around() -> Around {
    let home = BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    let project = std::env::current_dir().ok().map(|cwd| install::project_top(&cwd));
    Around::new(home.filter(|home| home.is_absolute()), project, |name| std::env::var_os(name))
}

/// The files of a host in a scope; a failure that says what to do where there are none.
pub(super) fn spots(host: &Profile, scope: Scope, around: &Around) -> Result<Vec<Spot>, Failure> {
    let spots = around.of(host, scope);
    if !spots.is_empty() {
        return Ok(spots);
    }
    let known = host.places.iter().any(|place| place.scope == scope);
    let others: Vec<String> = [Scope::User, Scope::Project, Scope::Managed]
        .into_iter()
        .filter(|scope| host.places.iter().any(|place| place.scope == *scope))
        .map(|scope| format!("--{}", scope.word()))
        .collect();
    Err(if !known {
        Failure::new(
            Kind::Usage,
            format!("{} reads no hooks from a {} place", host.name, scope.word()),
        )
        .next(format!("use {}", others.join(" or ")))
    } else if around.home.is_none() {
        Failure::new(Kind::Io, "there is no home directory").next("set HOME to an absolute path")
    } else {
        let folders = host.places.iter().filter(|place| place.scope == scope);
        let folders: Vec<String> = folders
            .filter_map(|place| around.path(place.base, place.below))
            .map(|path| path.display().to_string())
            .collect();
        Failure::new(
            Kind::NotFound,
            format!("{} has no agent there: {}", host.name, folders.join(", ")),
        )
        .next("make an agent in it first: the hook lives in an agent's file")
    })
}

/// This program's own file.
fn own_program() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(|why| {
        Failure::new(Kind::Io, format!("this program cannot name its own file: {why}"))
            .next("start it by its absolute path")
    })
}

/// The program that hosts are to start: the small one, where it lies beside this one.
fn hook_program() -> Result<PathBuf, Failure> {
    let own = own_program()?;
    let small = own.with_file_name("countersign-hook");
    Ok(if small.is_file() { small } else { own })
}

/// Every program of ours that a host may start.
pub(in crate::cli) fn own_programs() -> Result<Vec<PathBuf>, Failure> {
    let (own, hook) = (own_program()?, hook_program()?);
    Ok(if own == hook { vec![own] } else { vec![own, hook] })
}

/// An absolute path, so that it means the same wherever the host runs the hook.
pub(super) fn absolute(path: Option<&PathBuf>) -> Result<Option<PathBuf>, Failure> {
    path.map(std::path::absolute).transpose().map_err(Failure::from)
}

/// The options every command has, as the hook is to have them.
pub(super) fn installed(host: &Profile, global: &Global) -> Result<install::Installed, Failure> {
    Ok(install::Installed {
        program: hook_program()?,
        config: absolute(global.config.as_ref())?,
        store: match global.store.as_ref() {
            Some(url) if url.to_str().is_some_and(Address::is_url) => Some(url.clone()),
            path => absolute(path)?,
        },
        host: host.id.to_owned(),
    })
}

/// The account agents run as: the one named, else the one this runs as.
pub(in crate::cli) fn agent(name: Option<&str>) -> Result<Account, Failure> {
    let Some(name) = name else { return Ok(Account::current()) };
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    Account::named(name, &read("/etc/passwd"), &read("/etc/group")).ok_or_else(|| {
        Failure::new(Kind::Usage, format!("there is no account `{name}` in /etc/passwd"))
            .next("name an account of this machine")
    })
}
