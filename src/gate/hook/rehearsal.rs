//! The self-test of `gate status`: the whole way of a question, and always a denial at its end.

use crate::domain::Leave;

/// With this variable set, the hook says what would become of a call and denies it, whatever that
/// is. Nothing is let through, held or logged for it, so an agent that sets it only stops itself.
pub const SELF_TEST: &str = "COUNTERSIGN_SELF_TEST";

/// How the reason begins where policy would not have let the call through.
pub const WOULD_STOP: &str = "self-test: this would be stopped: ";

/// How it begins where policy would have.
pub const WOULD_PASS: &str = "self-test: this would be let through";

/// Whether this is one.
pub(super) fn is_rehearsal() -> bool {
    std::env::var_os(SELF_TEST).is_some()
}

/// The reason for the denial.
pub fn rehearsed(leave: &Leave) -> String {
    match leave {
        Leave::LetThrough => WOULD_PASS.to_owned(),
        Leave::Held(_) => format!("{WOULD_STOP}held for approval"),
        Leave::Boundary { rule, .. } => format!("{WOULD_STOP}boundary `{rule}`"),
        Leave::Refused { because } => format!("{WOULD_STOP}{because}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{WOULD_PASS, WOULD_STOP, rehearsed};
    use crate::domain::Leave;

    #[test]
    fn what_would_pass_is_told_from_what_would_be_stopped() {
        assert_eq!(rehearsed(&Leave::LetThrough), WOULD_PASS);
        let refused = Leave::Refused { because: "no policy".into() };
        assert!(rehearsed(&refused).starts_with(WOULD_STOP));
        assert!(!rehearsed(&refused).contains(WOULD_PASS));
    }
}
