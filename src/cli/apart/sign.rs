//! `countersign sign`: on a reviewer's own machine, without store or configuration.

use super::files;
use crate::{
    cli::{
        Global, ask,
        decide::Seen,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::{Action, Reviewer, Signed, Signing, Statement, Tier, Untrusted, Verdict},
    report::{ActionPage, Cell, Page, Tone, moment},
    review::{self, is_a_reason},
    store::ActionRow,
    text::{SafeText, hidden_in},
    trust::{
        Agent, Answer, Exported, KeyChoice, LONGEST_REQUEST, Outlook, SignFault, Standing, Yours,
        sign,
    },
};
use clap::{ArgGroup, Args};
use jiff::Timestamp;
use std::path::PathBuf;

/// Read, judge and sign an exported request on your own machine
#[allow(clippy::struct_excessive_bools, reason = "one field a switch of the command line")]
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("way").required(true)))]
pub struct Sign {
    /// The exported request; - for stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Let it go ahead
    #[arg(long, group = "way")]
    approve: bool,
    /// Stop it; needs --reason
    #[arg(long, group = "way", requires = "reason")]
    reject: bool,
    /// Let it go ahead alone, in an emergency; needs --reason
    #[arg(long, group = "way", requires = "reason")]
    break_glass: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who you are: a principal of the allowed signers; without it, for whom it was exported
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
    /// The key: its fingerprint (`ssh-add -l`), or the file of its public half
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Socket of the SSH agent; without it, what `SSH_AUTH_SOCK` says
    #[arg(long, value_name = "SOCKET")]
    agent: Option<PathBuf>,
    /// Where the answer goes; a file that is not there yet, or - for stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Only write the text to sign, for `ssh-keygen -Y sign -n countersign-decision@v1`
    #[arg(long, conflicts_with_all = ["key", "agent"])]
    print_statement: bool,
    /// Digest of what you saw, where nobody can be asked
    #[arg(long, value_name = "DIGEST")]
    digest: Option<Seen>,
}

impl Sign {
    fn verdict(&self) -> Verdict {
        match (self.reject, self.break_glass) {
            (true, _) => Verdict::Reject,
            (_, true) => Verdict::BreakGlass,
            _ => Verdict::Approve,
        }
    }

    /// Shows it, asks, signs.
    pub(in crate::cli) async fn run(
        self,
        _global: &Global,
        output: Output,
    ) -> Result<Exit, Failure> {
        let text = files::read(&self.file, LONGEST_REQUEST)?;
        let now = Timestamp::now();
        let request =
            Exported::read(&text, now).map_err(|fault| files::unusable(&self.file, &fault))?;
        let verdict = self.verdict();
        let reason = Untrusted::new(self.reason.clone().unwrap_or_default());
        if verdict == Verdict::BreakGlass && !is_a_reason(&reason) {
            return Err(review::DecideError::ShortReason.into());
        }
        let named = self.reviewer.clone().map(|name| Reviewer(Untrusted::new(name)));
        let reviewer = named.unwrap_or_else(|| request.reviewer.clone());
        output.page(&shown(&request, verdict, &reviewer, now));
        self.confirmed(&request, verdict, output).await?;
        // After the person has read it: that is when it is signed.
        let statement = request.statement(verdict, reviewer, reason, Timestamp::now());
        let statement = statement.map_err(|error| {
            Failure::new(Kind::Unexpected, format!("no random numbers: {error}"))
        })?;
        let text = if self.print_statement {
            statement
                .canonical()
                .map_err(|error| Failure::new(Kind::Unexpected, error.to_string()))?
        } else {
            let signed = self.signed(&request, statement, verdict).await?;
            Answer::of(signed)
                .file()
                .map_err(|error| Failure::new(Kind::Unexpected, error.to_string()))?
        };
        if files::is_stream(&self.output) {
            output.text(&text)?;
        } else {
            files::write(&self.output, &text)?;
            output.notice(format!("wrote {}", self.output.display()));
        }
        Ok(Exit::Done)
    }

    async fn signed(
        &self,
        request: &Exported,
        statement: Statement,
        verdict: Verdict,
    ) -> Result<Signed, Failure> {
        let signing = request.requirement.signing_of(verdict).ok_or_else(|| {
            Failure::new(Kind::Refused, "policy lets nobody break the glass for it")
        })?;
        let choice = self.key.as_deref().map_or(Ok(KeyChoice::Any), KeyChoice::read);
        let choice = choice.map_err(|fault| unsigned(&fault))?;
        let agent = Agent::from_env(self.agent.as_deref());
        let agent = agent.map_err(|fault| unsigned(&fault.into()))?;
        let work = move || sign(&agent, &choice, &statement, signing, None);
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Failure::from(color_eyre::Report::new(error)))?
            .map_err(|fault| unsigned(&fault))
    }

    /// Asks as the console does: the target is typed, or the digest where characters hide.
    async fn confirmed(
        &self,
        request: &Exported,
        verdict: Verdict,
        output: Output,
    ) -> Result<(), Failure> {
        if let Some(seen) = &self.digest {
            return if seen.is(request.digest) {
                Ok(())
            } else {
                let text = format!(
                    "{}: `digest` is {}, not the one you named; nothing was signed",
                    files::name(&self.file),
                    request.digest.short()
                );
                Err(Failure::new(Kind::Changed, text).next("read it again"))
            };
        }
        let expected = to_type(&request.action, verdict);
        let hidden = hidden_in(&request.action);
        if !hidden.is_empty() {
            output.notice(format!("not what it seems: {}", hidden.join(", ")));
        }
        let prompt = format!("Type {expected} to {verdict}; anything else cancels:");
        if ask::at_terminal(&prompt, &expected, output).await? {
            Ok(())
        } else {
            Err(Failure::new(Kind::Usage, "not confirmed; nothing was signed"))
        }
    }
}

/// What has to be typed.
fn to_type(action: &Action, verdict: Verdict) -> String {
    let name = SafeText::line(&action.target.name);
    let name = name.as_str().trim();
    if !hidden_in(action).is_empty() || name.is_empty() {
        return action.id.to_string();
    }
    match action.tier() {
        Tier::Low | Tier::ReadOnly if verdict != Verdict::BreakGlass => "y".to_owned(),
        _ => name.to_owned(),
    }
}

fn unsigned(fault: &SignFault) -> Failure {
    Failure::new(Kind::Refused, format!("it was not signed: {fault}"))
        .next("`ssh-add -l` lists the keys your agent has; --key names one")
}

/// The whole of it, judged by this machine.
fn shown(request: &Exported, verdict: Verdict, reviewer: &Reviewer, now: Timestamp) -> Page {
    let action = &request.action;
    let row = ActionRow::alone(action, request.digest, now);
    // What policy said is told below, from the file; nothing here could check it.
    let plain = Action { ruling: None, ..action.clone() };
    let assessed = review::assess(&plain);
    let outlook = Outlook {
        standing: Standing {
            agreed: Vec::new(),
            needed: request.requirement.approvals,
            missing: Vec::new(),
            signed: true,
            rejected: None,
            broken: None,
            void: Vec::new(),
        },
        yours: Yours::ChangesNothing,
        until: Some(request.expires),
    };
    let mut page = ActionPage::new(&row, &plain, &assessed, &outlook, now)
        .page()
        .heading("as the desk says, which only the desk can check");
    let requirement = &request.requirement;
    let mut needs = format!("{} to approve", requirement.approvals);
    if !requirement.from.is_empty() {
        needs = format!("{needs}, one of each of {}", requirement.from.join(", "));
    }
    page = page.field("needs", Cell::outside(&needs.into()));
    if let Some(policy) = request.policy {
        page = page.field("policy", Cell::own(policy.to_string()));
    }
    page = page
        .field("reviewers", Cell::own(request.roster.to_string()))
        .field("expires", Cell::own(moment(request.expires)));
    page = page.heading("you are about to sign");
    let tone = if verdict == Verdict::Approve { Tone::Plain } else { Tone::Bad };
    page = page
        .field("verdict", Cell::own(verdict.word()).tone(tone))
        .field("as", Cell::outside(&reviewer.0))
        .field("of digest", Cell::own(request.digest.to_string()));
    if requirement.signing_of(verdict) >= Some(Signing::Touch) {
        page = page.field("with", Cell::own("a security key that you touch"));
    }
    page
}
