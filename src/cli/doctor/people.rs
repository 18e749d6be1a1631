//! What reviewers still owe, and what they have stopped.

use super::{bad, good, warning};
use crate::{domain::Subject, sources::Diagnosis, store::Store};

/// Broken glasses that nobody has reviewed, and locks.
pub(super) async fn checks(store: &dyn Store) -> Vec<Diagnosis> {
    let mut checks = Vec::new();
    match store.actions(false).await {
        Ok(rows) => {
            for row in &rows {
                if let Subject::FollowUp { of, by, .. } = &row.subject {
                    checks.push(warning(
                        "BREAK-GLASS without a review",
                        format!("{} let {of} go ahead alone", by.0.raw()),
                        &format!(
                            "somebody else: `countersign show {of}`, then approve or reject {}",
                            row.id
                        ),
                    ));
                }
            }
        }
        Err(error) => checks.push(bad("broken glasses", &error.into())),
    }
    match store.locks().await {
        Ok(locks) => checks.extend(locks.iter().map(|lock| {
            let (kind, name) = (lock.what.kind(), lock.what.name());
            let who = lock.reviewer.0.raw();
            warning(
                "locked",
                format!("{kind} {} by {who}: {}", name.raw(), lock.reason.raw()),
                "another reviewer lifts it with `countersign unlock`",
            )
        })),
        Err(error) => checks.push(bad("locks", &error.into())),
    }
    if checks.is_empty() {
        checks.push(good("broken glasses and locks", "none"));
    }
    checks
}
