//! What the console will find in this terminal.

use super::output::Output;
use crate::{
    domain::Untrusted,
    sources::{Diagnosis, Verdict},
};

/// The smallest screen everything fits on.
const SMALLEST: (u16, u16) = (80, 24);

/// Checks terminal, size, colours and character set.
pub(super) fn checks(output: Output) -> Vec<Diagnosis> {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let check = |what: &str, verdict| Diagnosis { what: what.to_owned(), verdict };
    let mut checks = vec![
        check("TERM", term(&variable("TERM"))),
        check("colours", colours(&variable("TERM"), &variable("COLORTERM"), &variable("NO_COLOR"))),
        check(
            "characters",
            characters([&variable("LC_ALL"), &variable("LC_CTYPE"), &variable("LANG")]),
        ),
    ];
    if let Some(size) = output.screen() {
        checks.push(check("size", room(size)));
    }
    checks
}

fn good(saw: impl Into<Untrusted>) -> Verdict {
    Verdict::Good { saw: saw.into() }
}

fn warning(problem: impl Into<Untrusted>, next_step: &str) -> Verdict {
    Verdict::Warning { problem: problem.into(), next_step: next_step.to_owned() }
}

fn term(term: &str) -> Verdict {
    match term {
        "" => warning("not set", "set TERM, or use the commands instead of the console"),
        "dumb" => warning("dumb", "use the commands instead of the console"),
        term => good(term),
    }
}

/// Colours as terminals announce them: `NO_COLOR`, `COLORTERM`, the name of the terminal.
fn colours(term: &str, colorterm: &str, no_color: &str) -> Verdict {
    good(if !no_color.is_empty() {
        "none (NO_COLOR)"
    } else if colorterm == "truecolor" || colorterm == "24bit" {
        "truecolor"
    } else if term.contains("256color") {
        "256"
    } else {
        "16"
    })
}

/// The character set, by the order of setlocale(3): the first variable that is set.
fn characters(variables: [&str; 3]) -> Verdict {
    let locale = variables.into_iter().find(|value| !value.is_empty()).unwrap_or("");
    let upper = locale.to_ascii_uppercase();
    if upper.contains("UTF-8") || upper.contains("UTF8") {
        good(locale)
    } else {
        let shown = if locale.is_empty() { "no locale is set" } else { locale };
        warning(
            shown,
            "set LANG to a UTF-8 locale such as C.UTF-8, or lines and ellipses look wrong",
        )
    }
}

fn room((columns, rows): (u16, u16)) -> Verdict {
    let size = format!("{columns}×{rows}");
    if columns < SMALLEST.0 || rows < SMALLEST.1 {
        warning(size, "make it at least 80×24")
    } else {
        good(size)
    }
}

#[cfg(test)]
mod tests {
    use super::{Verdict, characters, colours, room, term};

    fn is_good(verdict: &Verdict) -> bool {
        matches!(verdict, Verdict::Good { .. })
    }

    #[test]
    fn the_first_locale_variable_that_is_set_counts() {
        assert!(is_good(&characters(["", "", "en_GB.UTF-8"])));
        assert!(is_good(&characters(["", "C.utf8", "C"])));
        assert!(!is_good(&characters(["C", "", "en_GB.UTF-8"])));
        assert!(!is_good(&characters(["", "", ""])));
    }

    #[test]
    fn a_small_or_dumb_terminal_is_worth_a_warning() {
        assert!(!is_good(&room((79, 24))));
        assert!(is_good(&room((80, 24))));
        assert!(!is_good(&term("dumb")));
        assert!(is_good(&term("screen-256color")));
    }

    #[test]
    fn no_color_wins_over_everything_the_terminal_can() {
        let saw = |verdict: Verdict| match verdict {
            Verdict::Good { saw } => saw.raw().to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(saw(colours("xterm-256color", "truecolor", "1")), "none (NO_COLOR)");
        assert_eq!(saw(colours("xterm-256color", "truecolor", "")), "truecolor");
        assert_eq!(saw(colours("xterm-256color", "", "")), "256");
        assert_eq!(saw(colours("linux", "", "")), "16");
    }
}
