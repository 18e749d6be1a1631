//! Asking a person on the terminal.

use super::{
    failure::{Failure, Kind},
    output::Output,
};
use crate::text::SafeText;
use std::{
    fs::OpenOptions,
    io::{self, BufRead as _, BufReader},
};

/// The longest answer that is read.
const LONGEST: u64 = 4096;

/// Asks for `expected` to be typed; true when it was. Anything else is a no.
///
/// What was typed before the question was shown is thrown away first: only an answer given with
/// the question in sight counts.
pub(super) async fn for_word(
    prompt: &str,
    expected: &str,
    output: Output,
) -> Result<bool, Failure> {
    let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
    output.aside(&format!("\n{} ", SafeText::own(prompt)));
    let answer = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::Read::take(io::stdin().lock(), LONGEST).read_line(&mut line).map(|_| line)
    })
    .await
    .map_err(|error| Failure::from(color_eyre::Report::new(error)))??;
    Ok(answer.trim() == expected)
}

/// As [`for_word`], from the terminal itself, so that standard input may hold something else.
pub(super) async fn at_terminal(
    prompt: &str,
    expected: &str,
    output: Output,
) -> Result<bool, Failure> {
    let terminal = OpenOptions::new().read(true).open("/dev/tty").map_err(|_| {
        Failure::new(
            Kind::Usage,
            "without a terminal, --digest is needed: it names what you saw",
        )
        .next("read the request at a terminal first, then add --digest with the digest shown there")
    })?;
    let _ = rustix::termios::tcflush(&terminal, rustix::termios::QueueSelector::IFlush);
    output.aside(&format!("\n{} ", SafeText::own(prompt)));
    let answer = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        io::Read::take(BufReader::new(terminal), LONGEST).read_line(&mut line).map(|_| line)
    })
    .await
    .map_err(|error| Failure::from(color_eyre::Report::new(error)))??;
    Ok(answer.trim() == expected)
}
