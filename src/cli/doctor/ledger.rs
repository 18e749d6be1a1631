//! Who signs the ledger's heads, and whether what is signed goes on.

use super::{bad, good, warning};
use crate::{
    cli::assemble,
    config::Config,
    ledger::{Entry, Head, ShelfError},
    report::moment,
    review::Seal,
    sources::Diagnosis,
    store::Store,
};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

const WHAT: &str = "signed heads";

/// What nobody has signed for longer than this, nobody signs.
const UNSIGNED: SignedDuration = SignedDuration::from_hours(1);

/// Who signs the ledger's heads, and whether it continues the last one that was signed here.
pub(super) async fn is_well(config: &Config, path: &Path, store: &dyn Store) -> Vec<Diagnosis> {
    let (key, memory) = assemble::seal_files(config, path);
    let shelf = store.shelf();
    if !key.exists() {
        return vec![match signed_elsewhere(store).await {
            Ok(None) => good(WHAT, "none is signed yet"),
            Ok(Some(None)) => good(WHAT, "signed on another host"),
            Ok(Some(Some(since))) => warning(
                WHAT,
                format!(
                    "nobody signs them: what happened since {} is under no head, and the ledger's \
                     key is not at {}",
                    moment(since),
                    key.display()
                ),
                "where the store was copied, move the key and the last head (`.ledger-key`, \
                 `.ledger-head` beside the old store) to the new place; else run `countersign watch` \
                 on the host that has the key",
            ),
            Err(error) => bad(WHAT, &error.into()),
        }];
    }
    // The name only matters where a key is made.
    let found = match Seal::open(&key, &memory, "", shelf).await {
        Ok(Some(seal)) => seal.continued(shelf).await,
        Ok(None) => return vec![good(WHAT, "signed on another host")],
        Err(error) => Err(error),
    };
    vec![match found {
        Ok((Some(last), now)) if !memory.exists() => warning(
            WHAT,
            format!(
                "{} entries, {} of them under the last head of the store, and none is remembered at \
                 {}: a ledger that was cut off before that head would be taken for whole",
                now.size,
                last.size,
                memory.display()
            ),
            "where the store was copied, move `.ledger-head` from beside the old store; else look \
             whether a head that somebody kept is continued (`countersign ledger verify --since`). \
             The next head that is signed is remembered",
        ),
        Ok((last, now)) => {
            let covered = last.map_or(0, |last| last.size);
            good(WHAT, format!("{} entries, {covered} of them under the last head", now.size))
        }
        Err(error) => bad(WHAT, &error.into()),
    }]
}

/// Whether somebody signed heads of this store, and since when entries are waiting in vain for the
/// next one.
async fn signed_elsewhere(store: &dyn Store) -> Result<Option<Option<Timestamp>>, ShelfError> {
    let shelf = store.shelf();
    let Some(last) = shelf.ledger_heads(0).await?.pop() else { return Ok(None) };
    let Ok(last) = Head::claimed(&last) else { return Ok(Some(None)) };
    let first = shelf.ledger_entries(last.size, 1).await?.pop().flatten();
    let at = first.and_then(|bytes| Entry::read(&bytes).ok()).map(|entry| entry.at);
    // Whoever signs does so within minutes, as long as anybody looks at the queue there.
    Ok(Some(at.filter(|at| store.now().duration_since(*at) > UNSIGNED)))
}
