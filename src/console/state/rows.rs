//! How the rows of each list are named, filtered and sorted.

use super::table::Row;
use crate::{
    domain::{
        Activity, Credential, CredentialStatus, Environment, LastUsed, Leave, Reach, SourceState,
        Untrusted,
    },
    store::{AutonomousRow, CredentialRow, QueueRow},
};
use std::{
    cmp::{Ordering, Reverse},
    fmt::Write as _,
    sync::Arc,
};

impl<R: Row> Row for Arc<R> {
    const SORTS: &'static [&'static str] = R::SORTS;

    fn is_same(&self, other: &Self) -> bool {
        R::is_same(self, other)
    }

    fn write_haystack(&self, into: &mut String) {
        R::write_haystack(self, into);
    }

    fn compare(&self, other: &Self, sort: usize) -> Ordering {
        R::compare(self, other, sort)
    }

    fn is_essential(&self) -> bool {
        R::is_essential(self)
    }
}

impl Row for QueueRow {
    const SORTS: &'static [&'static str] = &["newest first", "oldest first", "target", "tool"];

    fn is_same(&self, other: &Self) -> bool {
        self.id == other.id
    }

    fn write_haystack(&self, into: &mut String) {
        let _ = write!(
            into,
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
            self.id,
            self.source,
            self.name.raw(),
            self.title.raw(),
            self.tool,
            self.requester.raw(),
            self.target.name.raw(),
            self.target.environment,
            self.state,
        );
        if let Some(ruling) = &self.ruling {
            let _ = write!(into, "\n{}", ruling.tier);
            if let Leave::Boundary { rule, .. } = &ruling.leave {
                let _ = write!(into, "\nboundary {rule}");
            }
        }
        for word in self.aliases.iter().flat_map(|aliases| &aliases.words) {
            let _ = write!(into, "\n{}", word.raw());
        }
    }

    fn compare(&self, other: &Self, sort: usize) -> Ordering {
        match sort {
            1 => self.opened.cmp(&other.opened),
            2 => (self.target.environment, &self.target.name, other.opened).cmp(&(
                other.target.environment,
                &other.target.name,
                self.opened,
            )),
            _ => (&self.tool, other.opened).cmp(&(&other.tool, self.opened)),
        }
    }
}

/// How much what a credential is given weighs: by its reach where that is known, otherwise from
/// its grants as sources write them: every action on everything, the same within a boundary or
/// under a condition, writing, anything.
pub fn weight(credential: &Credential) -> u8 {
    if let Some(reach) = &credential.reach {
        return reach.rank();
    }
    let weigh = |grant: &Untrusted| match grant.raw() {
        "PowerUserAccess" | "IAMFullAccess" | "administration: write" => 3,
        "write" => 2,
        other if other.ends_with(": write") => 2,
        _ => 1,
    };
    match credential.administrator_grant().map(Untrusted::raw) {
        Some("administrator") => 7,
        Some(_) => 5,
        None => credential.grants.iter().map(weigh).max().unwrap_or(0),
    }
}

/// The order credentials stand in: held by an AI tool, works, in production, may do much, used
/// lately; the strongest of each first. Smaller comes first.
pub fn danger(row: &CredentialRow) -> impl Ord + use<> {
    let credential = &row.credential;
    let place = match credential.environment {
        Environment::Production => 0,
        Environment::Unknown => 1,
        Environment::NonProduction => 2,
    };
    let used = match credential.last_used {
        LastUsed::At { at, .. } => Some(at),
        LastUsed::Never | LastUsed::Unknown => None,
    };
    (
        !credential.is_ai_held(),
        credential.status != CredentialStatus::Active,
        place,
        Reverse(weight(credential)),
        Reverse(used),
        credential.principal.name.clone(),
        credential.label.clone(),
    )
}

impl Row for CredentialRow {
    const SORTS: &'static [&'static str] =
        &["most dangerous first", "reach", "last used", "principal", "kind"];

    fn is_same(&self, other: &Self) -> bool {
        self.credential.id == other.credential.id
    }

    fn write_haystack(&self, into: &mut String) {
        let credential = &self.credential;
        let _ = write!(
            into,
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
            credential.id,
            credential.source,
            credential.kind(),
            credential.label.raw(),
            credential.principal.name.raw(),
            credential.principal.home.raw(),
            credential.environment,
            credential.status,
        );
        for held in &credential.holders {
            let _ = write!(into, "\n{}\n{}", held.name, held.confidence);
        }
        for grant in &credential.grants {
            let _ = write!(into, "\n{}", grant.raw());
        }
        if let Some(reach) = &credential.reach {
            let _ = write!(into, "\n{}", reach.filter_words());
        }
    }

    fn compare(&self, other: &Self, sort: usize) -> Ordering {
        let used = |row: &Self| match row.credential.last_used {
            LastUsed::At { at, .. } => Some(at),
            LastUsed::Never | LastUsed::Unknown => None,
        };
        let (a, b) = (&self.credential, &other.credential);
        let reach = |credential: &Credential| {
            let known = credential.reach.as_deref();
            (known.map(Reach::rank), known.map(|reach| Reverse(reach.path.total())))
        };
        match sort {
            1 => reach(b).cmp(&reach(a)).then_with(|| a.principal.name.cmp(&b.principal.name)),
            2 => used(other).cmp(&used(self)),
            3 => a.principal.name.cmp(&b.principal.name),
            _ => (a.kind(), &a.label).cmp(&(b.kind(), &b.label)),
        }
    }

    fn is_essential(&self) -> bool {
        // What was revoked here stays in view although nobody may hold it any more.
        self.credential.is_ai_held()
            && (self.credential.status != CredentialStatus::Gone || self.last_order.is_some())
    }
}

impl Row for Activity {
    const SORTS: &'static [&'static str] = &["newest first", "oldest first"];

    fn is_same(&self, other: &Self) -> bool {
        self.seq == other.seq
    }

    fn write_haystack(&self, into: &mut String) {
        let _ = write!(
            into,
            "{}\n{}\n{}\n{}\n{}",
            self.kind,
            self.source,
            self.about,
            self.who.raw(),
            self.what.raw()
        );
    }

    fn compare(&self, other: &Self, _sort: usize) -> Ordering {
        self.seq.cmp(&other.seq)
    }
}

impl Row for AutonomousRow {
    const SORTS: &'static [&'static str] = &["newest first", "oldest first", "what it did"];

    fn is_same(&self, other: &Self) -> bool {
        self.seq == other.seq
    }

    fn write_haystack(&self, into: &mut String) {
        let record = &self.record;
        let _ = write!(
            into,
            "{}\n{}\n{}\n{}\n{}\n{}",
            record.tool,
            record.source,
            record.requester.raw(),
            record.title.raw(),
            record.ruling.tier,
            record.found.class(),
        );
        for effect in &record.found.effects {
            let _ = write!(into, "\n{}", effect.told().raw());
        }
    }

    fn compare(&self, other: &Self, sort: usize) -> Ordering {
        match sort {
            1 => self.seq.cmp(&other.seq),
            _ => other.record.found.class().cmp(&self.record.found.class()),
        }
    }
}

impl Row for SourceState {
    const SORTS: &'static [&'static str] = &["name", "trouble first"];

    fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
    }

    fn write_haystack(&self, into: &mut String) {
        let _ = write!(into, "{}\n{}\n{:?}", self.name, self.identity.raw(), self.health);
        if let Some(fault) = &self.fault {
            let _ = write!(into, "\n{fault}\n{}", fault.detail.raw());
        }
    }

    fn compare(&self, other: &Self, _sort: usize) -> Ordering {
        let trouble = |row: &Self| (row.fault.is_none(), row.gaps.is_empty());
        trouble(self).cmp(&trouble(other)).then_with(|| self.name.cmp(&other.name))
    }
}
