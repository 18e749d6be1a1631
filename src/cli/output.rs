//! Where a command writes: results to stdout, everything else to stderr.

use super::failure::{Failure, Kind};
use crate::{
    domain::Untrusted,
    report::{self, Ink, Page, Report},
    text::SafeText,
};
use jiff::Timestamp;
use std::io::{self, IsTerminal as _, Write};

/// Both streams, and in which form results are written.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
    stdout: Ink,
    stderr: Ink,
    watched: bool,
    asks: bool,
}

impl Output {
    /// As the terminal and the environment allow.
    pub fn new(json: bool) -> Self {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let colour_wanted = colour_wanted();
        let ink = |terminal: bool, width: Option<usize>| Ink {
            width: terminal.then(|| width.unwrap_or(80)),
            colour: terminal && colour_wanted,
        };
        Self {
            json,
            stdout: ink(stdout.is_terminal(), columns(&stdout)),
            stderr: ink(stderr.is_terminal(), columns(&stderr)),
            watched: stderr.is_terminal() && !is_dumb() && !json,
            asks: io::stdin().is_terminal() && stderr.is_terminal(),
        }
    }

    /// The same streams, results as JSON.
    #[must_use]
    pub fn as_json(mut self) -> Self {
        self.json = true;
        self
    }

    /// Columns of the terminal stderr is on.
    pub fn stderr_width(&self) -> usize {
        self.stderr.width.unwrap_or(80)
    }

    /// Columns and rows of the terminal stdout is on.
    pub fn screen(&self) -> Option<(u16, u16)> {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        (size.ws_col > 0).then_some((size.ws_col, size.ws_row))
    }

    /// Whether results are JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether somebody watches stderr on a terminal that can redraw a line.
    pub fn is_watched(&self) -> bool {
        self.watched
    }

    /// Whether a question can be asked.
    pub fn can_ask(&self) -> bool {
        self.asks
    }

    /// A result, in the form that was asked for.
    pub fn report<R: Report>(&self, report: &R) -> Result<(), Failure> {
        if self.json {
            let text = report::json(report, Timestamp::now())
                .map_err(|error| Failure::new(Kind::Unexpected, error.to_string()))?;
            self.text(&text)
        } else {
            self.text(&report.human(self.stdout))
        }
    }

    /// A result that may be larger than what should be in memory: as JSON it is written as it is
    /// made.
    pub fn stream<R: Report>(&self, report: &R) -> Result<(), Failure> {
        if !self.json {
            return self.text(&report.human(self.stdout));
        }
        let mut stdout = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let written = report::write_json(report, Timestamp::now(), &mut stdout);
        Self::taken(written.and_then(|()| stdout.flush())).map(|_| ())
    }

    /// A result that is text already. A reader that went away is no failure.
    pub fn text(&self, text: &str) -> Result<(), Failure> {
        self.is_read(text).map(|_| ())
    }

    /// A piece of a result that goes on for as long as somebody reads it; whether somebody does.
    pub fn is_read(&self, text: &str) -> Result<bool, Failure> {
        let mut stdout = io::stdout().lock();
        Self::taken(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
    }

    /// Whether what was written is read.
    fn taken(written: io::Result<()>) -> Result<bool, Failure> {
        match written {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(Failure::new(Kind::Io, format!("cannot write the result: {error}"))
                .next("make room, or write it somewhere else")),
        }
    }

    /// One line beside the result. With `--json` the same is in the object already.
    pub fn notice(&self, text: impl Into<Untrusted>) {
        if !self.json {
            self.aside(&format!("{}\n", SafeText::line(&text.into())));
        }
    }

    /// A page beside the result: what is about to be sent, what changed.
    pub fn page(&self, page: &Page) {
        self.aside(&page.text(self.stderr));
    }

    /// A failure, in the form that was asked for.
    pub fn failure(&self, failure: &Failure) {
        self.aside(&if self.json { failure.json() } else { failure.text() });
    }

    /// Text for stderr. There is nowhere left to complain to when that is gone.
    pub fn aside(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

/// `NO_COLOR` (no-color.org: set and not empty) and terminals without any colour.
fn colour_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && !is_dumb()
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

fn columns(stream: &impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}
