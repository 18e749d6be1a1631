//! Whether this machine's clock can be believed, as far as that shows from here.
//!
//! Ages, expiries and the order of history rest on it, and TLS fails without it.

use crate::{
    domain::Untrusted,
    report::moment,
    sources::{Diagnosis, Verdict},
};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

/// No build of this program is older than this: 2026-01-01, in seconds since 1970.
const EARLIEST: i64 = 1_767_225_600;

/// systemd-timesyncd touches this file whenever it has synchronized the clock
/// (systemd-timesyncd.service(8)).
const SYNCHRONIZED: &str = "/run/systemd/timesync/synchronized";

/// How far two hosts that share a store may differ before it is worth a word.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Checks the clock against itself and against the newest line in the store.
pub(super) fn checks(now: Timestamp, newest: Option<Timestamp>) -> Vec<Diagnosis> {
    let mut checks = vec![Diagnosis { what: "time".to_owned(), verdict: time(now, newest) }];
    let synchronized = if Path::new(SYNCHRONIZED).exists() {
        Verdict::Good { saw: Untrusted::new("synchronized by systemd-timesyncd") }
    } else {
        Verdict::Warning {
            problem: Untrusted::new("cannot tell from here whether the clock is synchronized"),
            next_step: "make sure that an NTP client such as chrony runs".to_owned(),
        }
    };
    checks.push(Diagnosis { what: "synchronization".to_owned(), verdict: synchronized });
    checks
}

fn time(now: Timestamp, newest: Option<Timestamp>) -> Verdict {
    if now.as_second() < EARLIEST {
        return Verdict::Bad {
            problem: Untrusted::new(format!("the clock says {}, which cannot be", moment(now))),
            next_step: "set the clock; TLS, ages and history depend on it".to_owned(),
        };
    }
    match newest {
        Some(newest) if newest.duration_since(now) > TOLERANCE => Verdict::Bad {
            problem: Untrusted::new(format!(
                "the clock says {}, but the store holds a line of {}",
                moment(now),
                moment(newest)
            )),
            next_step: "set the clock of the host that is wrong; history is ordered by it"
                .to_owned(),
        },
        _ => Verdict::Good { saw: Untrusted::new(moment(now)) },
    }
}

#[cfg(test)]
mod tests {
    use super::time;
    use crate::sources::Verdict;

    #[test]
    fn a_clock_before_this_program_existed_is_bad() {
        let then = "1970-01-01T00:10:00Z".parse().unwrap();
        assert!(matches!(time(then, None), Verdict::Bad { .. }));
    }

    #[test]
    fn a_clock_behind_the_store_is_bad_and_a_little_skew_is_not() {
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let line = |text: &str| Some(text.parse().unwrap());
        assert!(matches!(time(now, line("2026-11-20T12:05:00Z")), Verdict::Bad { .. }));
        assert!(matches!(time(now, line("2026-11-20T12:00:30Z")), Verdict::Good { .. }));
        assert!(matches!(time(now, line("2026-11-19T12:00:00Z")), Verdict::Good { .. }));
    }
}
