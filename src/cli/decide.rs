//! What `approve` and `reject` have in common.

use super::{
    Desk, Global, ask, duty,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    domain::{Action, ActionId, ActionState, Digest, Outcome, Receipt, Tier, Untrusted, Verdict},
    report::{ActionPage, Cell, Counted, Done, Page, Tone},
    review::{self, Carried, DecideError},
    store::ActionRow,
    text::{SafeText, hidden_in},
    trust::{Barrier, Outlook, Yours},
};

/// The digest of what the reviewer saw. Only the whole of it counts: two versions of a pull request
/// that share their first twelve digits are a matter of minutes for whoever writes both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen(Digest);

impl Seen {
    /// Whether it is this one.
    pub(super) fn is(self, digest: Digest) -> bool {
        self.0 == digest
    }
}

impl std::str::FromStr for Seen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hex = text.strip_prefix("sha256:").unwrap_or(text).to_ascii_lowercase();
        format!("sha256:{hex}").parse().map(Self).map_err(|_| {
            "expected sha256: and all 64 hex digits, as `countersign show` prints them; the first \
             few do not name one version"
                .to_owned()
        })
    }
}

/// One decision, as given on the command line.
pub(super) struct Asked {
    pub id: ActionId,
    pub verdict: Verdict,
    pub reason: String,
    pub seen: Option<Seen>,
}

impl Asked {
    /// Decides on exactly what was seen: either named by its digest, or shown here and confirmed.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        if self.seen.is_none() && !output.can_ask() {
            return Err(Failure::new(
                Kind::Usage,
                format!("without a terminal, {} needs --digest: it names what you saw", self.verdict),
            )
            .next(format!(
                "read it with `countersign show {}`, then add --digest with the digest printed there",
                self.id
            )));
        }
        let desk = Desk::open(global).await?;
        duty::tell(desk.review.rules(), output);
        let store = desk.review.store().clone();
        let Some((row, action)) = store.action(&self.id).await? else {
            return Err(DecideError::NoSuchAction(self.id).into());
        };
        self.require_waiting(&row)?;
        if let Some(seen) = &self.seen
            && seen.0 != row.digest
        {
            return Err(Failure::new(
                Kind::Changed,
                format!(
                    "what waits now has digest {}, not the one you named; nothing was sent",
                    row.digest.short()
                ),
            )
            .next(format!("read it again: `countersign show {}`", self.id)));
        }
        let ask = self.seen.is_none();
        let now = desk.review.store().now();
        let outlook = desk.review.outlook(&row, now);
        if ask {
            let assessed = review::assess(&action);
            output.page(&ActionPage::new(&row, &action, &assessed, &outlook, now).page());
        }
        self.require_open(&outlook)?;
        if self.verdict == Verdict::BreakGlass {
            output.page(&loud());
        }
        if !output.is_json() {
            output.page(&self.announcement(&desk, &action, &outlook));
        }
        if ask && !self.confirmed(&action, output).await? {
            return Err(Failure::new(Kind::Usage, "not confirmed; nothing was sent"));
        }
        let reason = Untrusted::new(self.reason.clone());
        let deciding = desk.review.decide(&self.id, row.digest, self.verdict, reason);
        let decided = under_way(deciding, output).await;
        if let Some(trouble) = desk.review.seal().and_then(|seal| seal.trouble()) {
            output.notice(format!("warning: no head of the ledger was signed: {trouble}"));
        }
        match decided {
            Ok(Carried::Answered(receipt)) => {
                output.report(&Done::new(self.verdict.word(), &self.id, &receipt))?;
                Ok(exit_of(&receipt))
            }
            Ok(Carried::Counted(standing)) => {
                output.report(&Counted::new(self.verdict.word(), &self.id, &standing))?;
                Ok(Exit::Pending)
            }
            Ok(Carried::Waiting(order)) => {
                output.report(&Done::waiting(self.verdict.word(), &self.id, &order))?;
                Ok(Exit::Pending)
            }
            Err(error) => {
                if let DecideError::Changed(now) = &error {
                    show_changed(&desk, now, output).await?;
                }
                Err(error.into())
            }
        }
    }

    /// Nobody is asked to confirm what would be refused anyway.
    fn require_open(&self, outlook: &Outlook) -> Result<(), Failure> {
        if self.verdict == Verdict::Reject {
            return Ok(());
        }
        if self.verdict == Verdict::BreakGlass && !matches!(outlook.yours, Yours::Barred(_)) {
            return Ok(());
        }
        Err(match &outlook.yours {
            Yours::Decides | Yours::Counts { .. } | Yours::ChangesNothing => return Ok(()),
            Yours::Given => DecideError::Again.into(),
            Yours::Barred(Barrier::Boundary { rule, because }) => {
                DecideError::Boundary { rule: rule.clone(), because: because.clone() }.into()
            }
            Yours::Barred(Barrier::Unruled { because }) => {
                DecideError::Unruled(because.clone()).into()
            }
            Yours::Barred(Barrier::OtherPolicy { asked, here }) => {
                DecideError::OtherPolicy { asked: *asked, here: *here }.into()
            }
            Yours::Barred(Barrier::NotYou { because }) => {
                DecideError::NotYou(because.clone()).into()
            }
            Yours::Barred(Barrier::Rejected) => {
                DecideError::Ended("somebody has rejected it".to_owned()).into()
            }
            Yours::Barred(Barrier::Late) => {
                DecideError::Ended("it waited as long as it may".to_owned()).into()
            }
        })
    }

    fn require_waiting(&self, row: &ActionRow) -> Result<(), Failure> {
        match row.state {
            ActionState::Pending => Ok(()),
            ActionState::Deciding => Err(Failure::new(
                Kind::Pending,
                format!("{} is being decided; its order is still without an answer", self.id),
            )
            .next("see `countersign activity`")),
            state => Err(Failure::new(
                Kind::Refused,
                format!("{} is {state} and no longer waits for a decision", self.id),
            )
            .next(format!("`countersign show {}` tells how it ended", self.id))),
        }
    }

    /// What will be sent, before it is.
    fn announcement(&self, desk: &Desk, action: &Action, outlook: &Outlook) -> Page {
        if self.verdict == Verdict::Approve && outlook.yours != Yours::Decides {
            return Page::new()
                .heading("nothing is sent yet: your approval is counted")
                .field("approvals now", Cell::own(outlook.standing.with_names()));
        }
        let reason = Untrusted::new(self.reason.clone());
        let calls = desk.review.foresee(action, self.verdict, &reason);
        if calls.is_empty() {
            Page::new().heading(format!("{} will be sent to {}", self.verdict, action.source))
        } else {
            crate::report::calls_page(&calls)
        }
    }

    async fn confirmed(&self, action: &Action, output: Output) -> Result<bool, Failure> {
        let name = SafeText::line(&action.target.name);
        let hidden = hidden_in(action);
        if !hidden.is_empty() {
            output.notice(format!("not what it seems: {}", hidden.join(", ")));
        }
        let expected = match action.tier() {
            _ if !hidden.is_empty() || name.as_str().trim().is_empty() => self.id.to_string(),
            Tier::High => name.as_str().trim().to_owned(),
            Tier::Low | Tier::ReadOnly => "y".to_owned(),
        };
        let prompt = format!("Type {expected} to {}; anything else cancels:", self.verdict);
        ask::for_word(&prompt, &expected, output).await
    }
}

/// What is said to whoever is about to act alone.
fn loud() -> Page {
    Page::new()
        .heading("BREAK-GLASS: you alone let this go ahead")
        .item(Cell::own("signed with a security key that you touch").tone(Tone::Bad))
        .item(
            Cell::own("in red on every console until somebody else has reviewed it")
                .tone(Tone::Bad),
        )
}

/// Shows the action as it is now, when it changed under the reviewer's hands.
async fn show_changed(desk: &Desk, now: &Action, output: Output) -> Result<(), Failure> {
    if output.is_json() {
        return Ok(());
    }
    if let Some((row, _)) = desk.review.store().action(&now.id).await? {
        let (assessed, at) = (review::assess(now), desk.review.store().now());
        let outlook = desk.review.outlook(&row, at);
        output.page(&ActionPage::new(&row, now, &assessed, &outlook, at).page());
    }
    Ok(())
}

/// Waits for an order that is on its way. Ctrl-C does not stop it: half an order is worse than
/// one that can be read about afterwards.
pub(super) async fn under_way<T>(order: impl Future<Output = T>, output: Output) -> T {
    let mut order = std::pin::pin!(order);
    loop {
        tokio::select! {
            biased;
            done = &mut order => return done,
            interrupted = tokio::signal::ctrl_c() => {
                if interrupted.is_err() {
                    return order.await;
                }
                output.notice("the order is on its way; waiting for the answer");
            }
        }
    }
}

/// The exit status a receipt means.
pub(super) fn exit_of(receipt: &Receipt) -> Exit {
    match receipt.outcome {
        Outcome::Done => Exit::Done,
        Outcome::Refused => Exit::Refused,
        Outcome::Unknown => Exit::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::domain::Digest;

    #[test]
    fn a_digest_is_named_with_or_without_its_scheme() {
        let digest = Digest::of_bytes(b"shown");
        for text in [digest.to_string(), digest.hex(), digest.hex().to_uppercase()] {
            assert_eq!(text.parse::<Seen>().unwrap().0, digest, "{text}");
        }
    }

    #[test]
    fn a_part_of_a_digest_names_nothing() {
        let digest = Digest::of_bytes(b"shown");
        for text in [&digest.short(), &digest.hex()[..63], "", "sha256:", &"0".repeat(65)] {
            assert!(text.parse::<Seen>().is_err(), "{text}");
        }
    }
}
