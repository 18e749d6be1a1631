//! `countersign request export` and `countersign request import`

use super::files;
use crate::{
    cli::{
        Desk, Global,
        decide::{exit_of, under_way},
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::{ActionId, DECISION, Reviewer, Signed, Untrusted, Verdict},
    report::{Counted, Done},
    review::{Carried, ImportError},
    trust::{Answer, LONGEST_ANSWER, LONGEST_ARMOUR},
};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Carry a request to a reviewer's own machine, and the answer back
#[derive(Debug, Subcommand)]
pub enum RequestCommand {
    /// Write a waiting action to a file, to be signed on another machine
    Export(Export),
    /// Take in answers that were signed on another machine
    Import(Import),
}

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    Approve,
    Reject,
}

impl From<Way> for Verdict {
    fn from(way: Way) -> Self {
        match way {
            Way::Approve => Self::Approve,
            Way::Reject => Self::Reject,
        }
    }
}

/// Write a waiting action to a file, to be signed on another machine
#[derive(Debug, Args)]
pub struct Export {
    /// Id of the action
    #[arg(value_name = "ID")]
    id: ActionId,
    /// Where to; a file that is not there yet, or - for stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Write the text to sign instead, for plain `ssh-keygen -Y sign`
    #[arg(long, value_name = "WAY")]
    statement: Option<Way>,
    /// With --statement: who will sign, a principal of the allowed signers
    #[arg(long, value_name = "NAME", requires = "statement")]
    reviewer: Option<String>,
    /// With --statement: why
    #[arg(
        long,
        value_name = "TEXT",
        requires = "statement",
        default_value = "",
        hide_default_value = true
    )]
    reason: String,
}

/// Take in answers that were signed on another machine
#[derive(Debug, Args)]
pub struct Import {
    /// Answers of `countersign sign`, or texts from `request export --statement` with the signature
    /// of `ssh-keygen` beside them (FILE.sig); - for stdin
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl RequestCommand {
    /// Exports or imports.
    pub(in crate::cli) async fn run(
        self,
        global: &Global,
        output: Output,
    ) -> Result<Exit, Failure> {
        match self {
            Self::Export(export) => export.run(global, output).await,
            Self::Import(import) => import.run(global, output).await,
        }
    }
}

impl Export {
    async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        let exported = desk.review.export(&self.id).await?;
        let unwritable =
            |error: &dyn std::fmt::Display| Failure::new(Kind::Unexpected, error.to_string());
        let text = match self.statement {
            None => exported.file().map_err(|error| unwritable(&error))?,
            Some(way) => {
                let verdict = Verdict::from(way);
                if verdict == Verdict::Reject && self.reason.trim().is_empty() {
                    return Err(crate::review::DecideError::ReasonRequired.into());
                }
                let who = self
                    .reviewer
                    .map_or(exported.reviewer.clone(), |name| Reviewer(Untrusted::new(name)));
                let reason = Untrusted::new(self.reason.as_str());
                let statement = exported.statement(verdict, who, reason, Timestamp::now());
                let statement = statement.map_err(|error| unwritable(&error))?;
                statement.canonical().map_err(|error| unwritable(&error))?
            }
        };
        if files::is_stream(&self.output) {
            output.text(&text)?;
        } else {
            files::write(&self.output, &text)?;
            let file = self.output.display();
            output.notice(format!("wrote {file}"));
            output.notice(if self.statement.is_some() {
                format!("sign it: ssh-keygen -Y sign -n {DECISION} -f KEY {file}")
            } else {
                format!("on your own machine: countersign sign {file} --approve")
            });
        }
        Ok(Exit::Done)
    }
}

/// An answer, or a text with its signature beside it.
fn answer(path: &Path) -> Result<Answer, Failure> {
    let text = files::read(path, LONGEST_ANSWER)?;
    let is_statement =
        text.contains(&format!("\"format\":\"{DECISION}\"")) && !text.contains("\"signature\":");
    if !is_statement {
        return Answer::read(&text).map_err(|fault| files::unusable(path, &fault));
    }
    if files::is_stream(path) {
        let why =
            "a text alone comes without its signature; give the file, with FILE.sig beside it";
        return Err(files::unusable(path, &why));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".sig");
    let signature = files::read(Path::new(&beside), LONGEST_ARMOUR)?;
    Ok(Answer::of(Signed { statement: text, signature }))
}

impl Import {
    async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        // All of them are read before the first counts.
        let answers: Result<Vec<(PathBuf, Answer)>, Failure> =
            self.files.into_iter().map(|path| answer(&path).map(|one| (path, one))).collect();
        let desk = Desk::open(global).await?;
        let mut worst = Exit::Done;
        for (path, answer) in answers? {
            let importing = under_way(desk.review.import(answer), output);
            let (decision, carried) = importing.await.map_err(|error| refused(&path, error))?;
            let (word, id) = (decision.verdict.word(), &decision.action);
            let exit = match carried {
                Carried::Answered(receipt) => {
                    output.report(&Done::new(word, id, &receipt))?;
                    exit_of(&receipt)
                }
                Carried::Counted(standing) => {
                    output.report(&Counted::new(word, id, &standing))?;
                    Exit::Pending
                }
                Carried::Waiting(order) => {
                    output.report(&Done::waiting(word, id, &order))?;
                    Exit::Pending
                }
            };
            if exit != Exit::Done {
                worst = exit;
            }
        }
        Ok(worst)
    }
}

fn refused(path: &Path, error: ImportError) -> Failure {
    let next = match &error {
        ImportError::Refused(_) => {
            let ImportError::Refused(why) = error else { return files::unusable(path, &"") };
            let mut failure = Failure::from(why);
            let text = format!("{}: {}", files::name(path), failure.message.raw());
            failure.message = Untrusted::new(text);
            return failure;
        }
        ImportError::File(_) => "let it be signed again: `countersign sign`",
        ImportError::OtherStore(_) => "import it where it was exported (--store, [store] path)",
        ImportError::OtherContent(_) | ImportError::NoGood(_) => {
            "`countersign request export` it again, and let it be signed again"
        }
        ImportError::NotFromElsewhere(_) => "do that at the queue itself",
    };
    files::unusable(path, &error).next(next)
}
