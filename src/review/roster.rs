//! Tells the ledger who may decide, before anything is decided by it.
//!
//! ```text
//!   decide, withdraw, lock ─▶ the roster as it is here ─▶ another than the ledger's last? ─▶ an entry
//! ```
//!
//! It is told with the first decision under it and not before: two hosts that know different rosters
//! would otherwise tell theirs in turn without end.

use super::Review;
use crate::{ledger::RosterInForce, store::StoreError, trust::Roster};

impl Review {
    /// Notes a roster in the ledger, where it is not the last one there. One whose keys cannot be
    /// used is nobody's, and nothing is decided under it.
    pub(super) async fn tell(&self, roster: &Roster) -> Result<(), StoreError> {
        if roster.keys().broken().is_some() {
            return Ok(());
        }
        let keys = roster.keys().reviewers();
        let signers = keys.map(|keys| keys.signers.text());
        let revoked = keys.and_then(|keys| keys.revoked.content());
        let told = RosterInForce::of(roster.text().to_owned(), signers, revoked);
        self.store.adopt_roster(&told, self.store.now()).await?;
        Ok(())
    }
}
