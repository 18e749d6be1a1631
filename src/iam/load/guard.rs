//! Watches a stream on its way to the parser: its size, the size of an entry, and whether it is
//! UTF-8, with the line and column where it is not.

use super::LoadError;
use std::{
    cell::{Cell, RefCell},
    io::{self, Read},
    path::Path,
    rc::Rc,
};

/// A reader that stops where the text does.
pub(super) struct Guard<'a, R> {
    inner: R,
    max_bytes: u64,
    max_entry_bytes: u64,
    read: u64,
    told: u64,
    on_progress: &'a dyn Fn(u64),
    /// Start of a character whose rest has not come yet.
    begun: Vec<u8>,
    line: usize,
    /// Characters of the line so far, in bytes.
    column: usize,
    watch: Watch,
}

/// What the guard saw, for whoever gets the parser's error.
#[derive(Clone, Default)]
pub(super) struct Watch {
    /// Bytes since the last entry; set back by the taker of entries.
    pub(super) entry_bytes: Rc<Cell<u64>>,
    failure: Rc<RefCell<Option<Failure>>>,
}

#[derive(Clone, Copy)]
enum Failure {
    NotUtf8 { line: usize, column: usize },
    TooLarge { limit: u64 },
    EntryTooLarge { limit: u64 },
}

impl Watch {
    /// What the guard stopped for, if it did.
    pub(super) fn failure(&self, path: &Path, after: &str) -> Option<LoadError> {
        let path = path.to_owned();
        Some(match (*self.failure.borrow())? {
            Failure::NotUtf8 { line, column } => LoadError::NotUtf8 { path, line, column },
            Failure::TooLarge { limit } => LoadError::TooLarge { path, limit },
            Failure::EntryTooLarge { limit } => {
                let after = after.trim_start_matches(", ");
                let after = if after.is_empty() { "the first one" } else { after }.to_owned();
                LoadError::EntryTooLarge { path, limit, after }
            }
        })
    }
}

const PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

impl<'a, R: Read> Guard<'a, R> {
    pub(super) fn new(
        inner: R,
        max_bytes: u64,
        max_entry_bytes: u64,
        on_progress: &'a dyn Fn(u64),
    ) -> Self {
        Self {
            inner,
            max_bytes,
            max_entry_bytes,
            read: 0,
            told: 0,
            on_progress,
            begun: Vec::new(),
            line: 1,
            column: 0,
            watch: Watch::default(),
        }
    }

    pub(super) fn watch(&self) -> Watch {
        self.watch.clone()
    }

    fn stop<T>(&self, failure: Failure) -> io::Result<T> {
        *self.watch.failure.borrow_mut() = Some(failure);
        Err(io::Error::from(io::ErrorKind::InvalidData))
    }

    fn count(&mut self, bytes: usize) -> io::Result<()> {
        self.read += bytes as u64;
        if self.read > self.max_bytes {
            return self.stop(Failure::TooLarge { limit: self.max_bytes });
        }
        let since_entry = self.watch.entry_bytes.get() + bytes as u64;
        if since_entry > self.max_entry_bytes {
            return self.stop(Failure::EntryTooLarge { limit: self.max_entry_bytes });
        }
        self.watch.entry_bytes.set(since_entry);
        if self.read - self.told >= PROGRESS_BYTES {
            self.told = self.read;
            (self.on_progress)(self.read);
        }
        Ok(())
    }

    /// Checks what came, together with what was begun before it.
    fn check(&mut self, came: &[u8]) -> io::Result<()> {
        let joined;
        let text = if self.begun.is_empty() {
            came
        } else {
            joined = [&self.begun, came].concat();
            &joined
        };
        let (valid, rest, is_wrong) = match std::str::from_utf8(text) {
            Ok(_) => (text, &[][..], false),
            Err(error) => {
                let (valid, rest) = text.split_at(error.valid_up_to());
                (valid, rest, error.error_len().is_some())
            }
        };
        let (lines, last) = place(valid);
        if lines > 1 {
            self.column = 0;
        }
        self.line += lines - 1;
        self.column += last - 1;
        if is_wrong {
            return self.stop(Failure::NotUtf8 { line: self.line, column: self.column + 1 });
        }
        self.begun = rest.to_vec();
        Ok(())
    }
}

/// Line and column after this text, from 1.
pub(super) fn place(text: &[u8]) -> (usize, usize) {
    let lines = text.split(|byte| *byte == b'\n').count() - 1;
    let last = text.iter().rev().take_while(|byte| **byte != b'\n').count();
    (lines + 1, last + 1)
}

impl<R: Read> Read for Guard<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.count(bytes)?;
        let came = buffer.get(..bytes).unwrap_or_default();
        if bytes == 0 && !self.begun.is_empty() && !buffer.is_empty() {
            return self.stop(Failure::NotUtf8 { line: self.line, column: self.column + 1 });
        }
        self.check(came)?;
        Ok(bytes)
    }
}
