//! The log file: only when asked for, never the terminal.
//!
//! ```text
//!   -v                      ─▶ countersign=debug ─┐
//!   COUNTERSIGN_LOG=filter  ─▶ filter ────────────┴─▶ escaping ─▶ countersign.log (0600)
//! ```

use super::{
    Global, assemble,
    failure::{Failure, Kind},
};
use crate::{config::secret::without_secrets, domain::Untrusted, text::SafeText};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    sync::{Arc, Mutex},
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// The variable that sets the filter, in the form of `tracing_subscriber::EnvFilter`.
const VARIABLE: &str = "COUNTERSIGN_LOG";

/// Starts logging if `-v` or the variable asks for it.
pub(super) fn start(global: &Global) -> Result<(), Failure> {
    let asked = std::env::var(VARIABLE).ok().filter(|filter| !filter.is_empty());
    let Some(filter) = asked.or_else(|| global.verbose.then(|| "countersign=debug".to_owned()))
    else {
        return Ok(());
    };
    let filter = EnvFilter::try_new(&filter).map_err(|error| {
        Failure::new(Kind::Usage, format!("{VARIABLE}={filter}: {error}"))
            .next(format!("use something like {VARIABLE}=countersign=debug"))
    })?;
    let path = assemble::state_dir()?.join("countersign.log");
    let file = open(&path).map_err(|error| {
        Failure::new(Kind::Io, format!("cannot write the log {}: {error}", path.display()))
            .next("leave out -v and COUNTERSIGN_LOG, or make the folder writable")
    })?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Escaped(Arc::new(Mutex::new(file))))
        .finish();
    // Fails only when somebody logs already; then theirs is the one that was wanted.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

fn open(path: &std::path::Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

/// Lets nothing through that would act on the terminal of whoever reads the file.
#[derive(Clone)]
struct Escaped<W>(Arc<Mutex<W>>);

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = Untrusted::new(without_secrets(&String::from_utf8_lossy(bytes)));
        let mut file = self.0.lock().map_err(|_| io::Error::other("the log is poisoned"))?;
        // One write a line, so that two processes do not mix their lines.
        file.write_all(SafeText::block(&text).as_str().as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().map_err(|_| io::Error::other("the log is poisoned"))?.flush()
    }
}

impl<W: Write> MakeWriter<'_> for Escaped<W> {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Escaped;
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_log_line_cannot_act_on_a_terminal() {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(Escaped(Arc::clone(&kept)))
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!("title {}", "a\u{1b}[2J\u{9b}1m\u{202e}b");
        });
        let text = String::from_utf8(kept.lock().unwrap().clone()).unwrap();
        assert!(text.ends_with("b\n"), "{text:?}");
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{text:?}");
    }
}
