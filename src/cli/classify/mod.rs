//! `countersign classify`: what a command, plan, manifest, query or diff would do.
//!
//! ```text
//!   COMMAND, FILE, stdin ─▶ classify ─▶ report::Classified ─▶ a few lines, or JSON
//!   --jsonl: one question a line in, one answer a line out
//! ```

mod asked;
mod beside;
mod each_line;

use super::{
    Global, assemble,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    classify::{self, Dialect, Setting},
    config::ProductionRules,
    domain::{Assessment, Class, Environment, Place, PlaceKind, Places},
    report::Classified,
};
use asked::Asked;
use beside::Beside;
use clap::{ArgGroup, Args, ValueEnum};
use std::{
    io::{self, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

/// Longest input that is read, in bytes; a plan can be large.
const LONGEST: u64 = 256 * 1024 * 1024;

/// Tell what a command, plan, manifest, query or diff would do
///
/// The most severe part wins: `read-only` changes nothing, `mutating` can be turned back, `opaque`
/// has a part that cannot be read, and `destructive` loses something or lets it out for good.
/// Nothing is run, and no file is read but those named here and, with `--cwd`, those the command
/// names. Of a diff the registries are asked about the packages it adds (by name), unless
/// `--offline` is given.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true)
        .args(["command", "plan", "diff", "manifest", "jsonl"]),
    after_help = "Examples:\n  \
        countersign classify 'kubectl delete ns payments'\n  \
        countersign classify --sql 'UPDATE users SET plan = 1'\n  \
        terraform show -json plan.out | countersign classify --plan -\n  \
        git diff main | countersign classify --diff - --fail-on destructive\n  \
        countersign classify 'mcp:postgres/query {\"sql\":\"DROP TABLE orders\"}'\n\n\
        --jsonl: {\"id\"?, \"command\"} a line in; {\"id\", \"command\", \"class\", \"effects\", \
        \"opaque\"} or {\"id\", \"error\"} a line out, in order."
)]
pub struct Classify {
    /// A command line as an agent would run it, or `mcp:<server>/<tool> <json>`; `-` reads it
    /// from standard input
    command: Option<String>,
    /// COMMAND is SQL
    #[arg(long, requires = "command")]
    sql: bool,
    /// Which SQL it is
    #[arg(long, value_enum, default_value_t, requires = "sql")]
    dialect: SqlDialect,
    /// A Terraform plan as `terraform show -json` writes it; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// A unified diff, as `git diff` writes it; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    diff: Option<PathBuf>,
    /// Kubernetes manifests, the output of `kubectl diff`, a `CloudFormation` template or a change
    /// set; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Read one JSON question a line from standard input and write one JSON answer a line
    #[arg(long)]
    jsonl: bool,
    /// Read the scripts and files that a command names, below this directory
    #[arg(long, value_name = "DIR")]
    cwd: Option<PathBuf>,
    /// Where it acts unless it says so itself: `production`, `non-production`, `unknown`, or a
    /// name that the `[production]` section judges
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Do not ask the registries about packages that a diff adds
    #[arg(long, requires = "diff")]
    offline: bool,
    /// Exit with 3 when the class is this one or a more severe one
    #[arg(long, value_name = "CLASS")]
    fail_on: Option<FailOn>,
}

/// Which SQL it is.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum SqlDialect {
    /// `PostgreSQL`
    #[default]
    Postgres,
    /// `MySQL` or `MariaDB`
    Mysql,
    /// `SQLite`
    Sqlite,
    /// Any other
    Generic,
}

impl From<SqlDialect> for Dialect {
    fn from(dialect: SqlDialect) -> Self {
        match dialect {
            SqlDialect::Postgres => Self::Postgres,
            SqlDialect::Mysql => Self::MySql,
            SqlDialect::Sqlite => Self::Sqlite,
            SqlDialect::Generic => Self::Generic,
        }
    }
}

/// From which class on the exit status tells.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    /// Anything that changes something
    Mutating,
    /// What cannot be read, and worse
    Opaque,
    /// Only what is lost or let out for good
    Destructive,
}

impl FailOn {
    const fn class(self) -> Class {
        match self {
            Self::Mutating => Class::Mutating,
            Self::Opaque => Class::Opaque,
            Self::Destructive => Class::Destructive,
        }
    }
}

impl Classify {
    /// Classifies and tells.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let rules = assemble::load(global)?.config.production;
        let beside = self.cwd.as_deref().map(Beside::below).transpose()?;
        let mut setting = Setting {
            places: &rules,
            environment: self
                .env
                .as_deref()
                .map_or(Environment::Unknown, |name| named(name, &rules)),
            ..Setting::default()
        };
        if let Some(beside) = &beside {
            setting.files = beside;
        }
        if self.jsonl {
            return each_line::answer(&setting, self.fail_on.map(FailOn::class), output);
        }
        let (kind, input, reader) = self.input()?;
        let asked;
        if kind == "diff" && !self.offline {
            asked = Asked::about(&input, output).await;
            setting.packages = &asked;
        }
        let found = reader(&input, &setting);
        let class = found.class();
        output.stream(&Classified::new(kind, &input, &found))?;
        let fails = self.fail_on.is_some_and(|fail_on| class >= fail_on.class());
        Ok(if fails { Exit::Findings } else { Exit::Done })
    }

    /// The kind of the input, the input, and who reads it.
    fn input(&self) -> Result<(&'static str, String, Reader), Failure> {
        if let Some(path) = &self.plan {
            return Ok(("plan", file(path)?, Box::new(classify::plan)));
        }
        if let Some(path) = &self.diff {
            return Ok(("diff", file(path)?, Box::new(classify::diff)));
        }
        if let Some(path) = &self.manifest {
            return Ok(("manifest", file(path)?, Box::new(classify::manifest)));
        }
        let input = match self.command.as_deref() {
            Some("-") => file(Path::new("-"))?,
            command => command.unwrap_or_default().to_owned(),
        };
        if self.sql {
            let dialect = self.dialect.into();
            let reader =
                move |input: &str, setting: &Setting<'_>| classify::query(input, dialect, setting);
            return Ok(("sql", input, Box::new(reader)));
        }
        Ok(("command", input, Box::new(classify::command)))
    }
}

/// Reads an input of one kind.
type Reader = Box<dyn Fn(&str, &Setting<'_>) -> Assessment>;

/// What `--env` means.
fn named(name: &str, rules: &ProductionRules) -> Environment {
    match name {
        "production" => Environment::Production,
        "non-production" => Environment::NonProduction,
        "unknown" => Environment::Unknown,
        name => Places::environment(rules, &Place { kind: PlaceKind::Name, name: name.into() }),
    }
}

/// The text of a file, or of standard input.
fn file(path: &Path) -> Result<String, Failure> {
    let shown =
        if path == Path::new("-") { "standard input".into() } else { path.display().to_string() };
    let unread = |error: &io::Error| {
        Failure::new(Kind::Io, format!("cannot read {shown}: {error}"))
            .next("name a file that is there and may be read")
    };
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            return Err(Failure::new(Kind::Usage, "nothing comes in on standard input")
                .next("pipe the input in, or name a file"));
        }
        stdin.lock().take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| unread(&error))?;
    if bytes.len() as u64 > LONGEST {
        let most = LONGEST / (1024 * 1024);
        return Err(Failure::new(Kind::Io, format!("{shown} is longer than {most} MiB"))
            .next("give a smaller part of it"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(Kind::Io, format!("{shown} is not UTF-8 text (byte {at})"))
            .next("for a plan, give what `terraform show -json PLAN` writes")
    })
}
