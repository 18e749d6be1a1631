//! This machine's clock against a server's, by the `Date` of an answer (RFC 9110, 6.6.1).

use super::{Diagnosis, Verdict};
use crate::domain::Untrusted;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

/// Less than this is nothing to worry about; the header itself knows whole seconds only.
const WORTH_A_WORD: SignedDuration = SignedDuration::from_secs(60);

/// The clock compared with a `Date` header, for `doctor`. The server wrote it at some moment
/// between asking and answering, so only what lies outside of that counts. `None` where it cannot
/// be read.
pub(in crate::sources) fn check(
    date: &str,
    asked: Timestamp,
    answered: Timestamp,
) -> Option<Diagnosis> {
    let server = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    let (ahead, behind) = (asked.duration_since(server), server.duration_since(answered));
    let (by, which) = if ahead >= behind { (ahead, "ahead of") } else { (behind, "behind") };
    let verdict = if by <= WORTH_A_WORD {
        Verdict::Good { saw: Untrusted::new("agrees with this machine's") }
    } else {
        Verdict::Warning {
            problem: Untrusted::new(format!(
                "this machine's clock is {} s {which} the server's",
                by.as_secs()
            )),
            next_step: "set the clock (NTP): beyond 5 minutes AWS refuses every signed request, \
                        and ages, expiries and the order of history are wrong by as much now"
                .to_owned(),
        }
    };
    Some(Diagnosis { what: "the server's clock".to_owned(), verdict })
}

#[cfg(test)]
mod tests {
    use super::{Verdict, check};
    use jiff::{SignedDuration, Timestamp};

    const DATE: &str = "Fri, 20 Nov 2026 12:00:00 GMT";

    fn verdict(seconds: i64) -> Verdict {
        let asked: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let asked = asked + SignedDuration::from_secs(seconds);
        check(DATE, asked, asked + SignedDuration::from_secs(2)).unwrap().verdict
    }

    #[test]
    fn a_clock_that_is_wrong_by_more_than_a_minute_gets_a_warning_with_what_follows() {
        for (seconds, words) in [(400, "400 s ahead of"), (-302, "300 s behind")] {
            let Verdict::Warning { problem, next_step } = verdict(seconds) else { panic!() };
            assert!(problem.raw().contains(words), "{problem:?}");
            assert!(next_step.contains("5 minutes AWS refuses"));
        }
    }

    #[test]
    fn a_small_difference_and_a_slow_answer_are_fine() {
        for seconds in [0, 60, -62] {
            assert!(matches!(verdict(seconds), Verdict::Good { .. }), "{seconds}");
        }
        assert!(check("yesterday", Timestamp::now(), Timestamp::now()).is_none());
    }
}
