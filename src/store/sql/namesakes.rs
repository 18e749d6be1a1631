//! Things that share an id and are not the same.
//!
//! An id is short enough to be typed, so whoever may name a role, a secret or an environment can
//! look for a name whose id is that of another thing, and one of the two would vanish from the
//! inventory. The one that was known first stays, and the other is told as a gap.

use super::{
    db::{Db, query_scalar},
    seen::Found,
    trouble::Trouble,
    values::{from_json, json},
    wording,
};
use crate::domain::{ActionId, Credential, FaultKind, Gap, Part, SourceFault, SourceName};
use std::collections::{HashMap, HashSet, hash_map::Entry};

fn gap(id: &str, hidden: &str) -> Gap {
    let words = format!(
        "{hidden} has the id {id} of another thing, which is shown in its place. That is hardly an \
         accident: look at both where they are, and rename or remove one"
    );
    Gap {
        part: Part::new("ids"),
        fault: SourceFault::new(FaultKind::Refused, "taking it in", words),
    }
}

/// A credential that cannot be taken in.
pub(super) fn credential(hidden: &Credential) -> Gap {
    gap(hidden.id.as_str(), &wording::credential(hidden))
}

/// An action that cannot be taken in.
pub(super) fn action(id: &ActionId, title: &str) -> Gap {
    gap(id.as_str(), title)
}

/// Each id once: of several things the one that is stored already, else the first.
pub(super) async fn one_each<'a>(
    db: &mut Db,
    found: &'a [Found],
    gaps: &mut Vec<Gap>,
) -> Result<Vec<&'a Found>, Trouble> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(found.len());
    let mut kept: Vec<&Found> = Vec::with_capacity(found.len());
    for one in found {
        let place = match places.entry(one.credential.id.as_str()) {
            Entry::Vacant(free) => {
                free.insert(kept.len());
                kept.push(one);
                continue;
            }
            Entry::Occupied(place) => *place.get(),
        };
        let Some(other) = kept.get_mut(place) else { continue };
        if other.credential.locator == one.credential.locator {
            continue;
        }
        let stored: Option<String> = query_scalar("SELECT body FROM credentials WHERE id = $1")
            .bind(one.credential.id.as_str())
            .fetch_optional(&mut *db)
            .await?;
        let stored = stored.as_deref().map(from_json::<Credential>).transpose()?;
        let hidden = if stored.is_some_and(|known| known.locator == one.credential.locator) {
            std::mem::replace(other, one)
        } else {
            one
        };
        gaps.push(credential(&hidden.credential));
    }
    Ok(kept)
}

/// Which of these ids belong to credentials of other sources.
pub(super) async fn foreign(
    db: &mut Db,
    source: &SourceName,
    ids: &[&str],
) -> Result<HashSet<String>, Trouble> {
    let found = query_scalar(
        "SELECT id FROM credentials WHERE source <> $1 AND id IN (SELECT value FROM json_each($2))",
    )
    .bind(source.as_str())
    .bind(json(&ids)?)
    .fetch_all(db)
    .await?;
    Ok(found.into_iter().collect())
}
