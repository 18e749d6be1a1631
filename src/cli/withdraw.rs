//! What `revoke` and `restore` have in common.

use super::{
    Desk, ask,
    decide::{exit_of, under_way},
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    domain::{Credential, CredentialId, Preview, Receipt, Untrusted},
    report::{self, Cell, Done, Foreseen, Page},
    review::RevokeError,
    text::SafeText,
};
use clap::Args;
use jiff::Timestamp;

/// What both ask for.
#[derive(Debug, Args)]
pub(super) struct Withdrawal {
    /// Id of the credential
    #[arg(value_name = "ID")]
    pub id: CredentialId,
    /// Why; kept with the order
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub reason: String,
    /// Do not ask; needed where there is no terminal
    #[arg(long)]
    pub yes: bool,
    /// Only show what would be sent
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
}

impl Withdrawal {
    /// A usage error where nobody could be asked.
    pub(super) fn require_consent(&self, verb: &str, output: Output) -> Result<(), Failure> {
        if self.yes || self.dry_run || output.can_ask() {
            return Ok(());
        }
        Err(Failure::new(
            Kind::Usage,
            format!("without a terminal, {verb} needs --yes: there is nobody to ask"),
        )
        .next(format!(
            "look first with `countersign {verb} {} --dry-run`, then add --yes",
            self.id
        )))
    }

    /// The credential, and what to do about it.
    pub(super) async fn credential(&self, desk: &Desk) -> Result<Credential, Failure> {
        match desk.review.store().credential(&self.id).await? {
            Some(row) => Ok(row.credential),
            None => Err(RevokeError::NoSuchCredential(self.id.clone()).into()),
        }
    }

    /// Shows the preview; true when the order may be given.
    pub(super) async fn agreed(
        &self,
        verb: &str,
        credential: &Credential,
        preview: &Preview,
        output: Output,
    ) -> Result<bool, Failure> {
        let now = Timestamp::now();
        if self.dry_run {
            output.report(&Foreseen { id: &self.id, preview, now })?;
            return Ok(false);
        }
        if !output.is_json() || !self.yes {
            let about = Page::new()
                .field("credential", Cell::outside(&credential.label))
                .field("kind", Cell::own(credential.kind().to_string()))
                .field("of", Cell::outside(&credential.principal.native))
                .field("held by", Cell::own(report::holders(&credential.holders)))
                .field("environment", Cell::own(credential.environment.to_string()));
            output.page(&about.and(report::preview_page(preview, now)));
        }
        if self.yes {
            return Ok(true);
        }
        let label = SafeText::line(&credential.label);
        // A name that hides characters cannot be typed as it is.
        let expected = if label.has_hidden() || label.as_str().trim().is_empty() {
            self.id.to_string()
        } else {
            label.as_str().trim().to_owned()
        };
        let prompt = format!("Type {expected} to {verb} it; anything else cancels:");
        if ask::for_word(&prompt, &expected, output).await? {
            Ok(true)
        } else {
            Err(Failure::new(Kind::Usage, "not confirmed; nothing was sent"))
        }
    }

    /// The reason as it goes into the order.
    pub(super) fn why(&self) -> Untrusted {
        Untrusted::new(self.reason.clone())
    }

    /// Waits for the order and tells what was answered.
    pub(super) async fn carry(
        &self,
        verb: &'static str,
        order: impl Future<Output = Result<Receipt, RevokeError>>,
        output: Output,
    ) -> Result<Exit, Failure> {
        let receipt = under_way(order, output).await?;
        output.report(&Done::new(verb, &self.id, &receipt))?;
        Ok(exit_of(&receipt))
    }
}
