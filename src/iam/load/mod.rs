//! Loads the output of `aws iam get-account-authorization-details` from a file.
//!
//! ```text
//!   bytes ─Guard: size, UTF-8, place─▶ pages ─▶ lists ─▶ entries (text) ─▶ members ─▶ details
//!                                        a file may hold several pages one after the other
//! ```
//!
//! A file of ordinary size is read whole; a larger one as a stream, so that memory holds the
//! model, one entry and one buffer. What is wrong with one entry leaves the others readable; what
//! is wrong with the JSON itself ends the reading there, and [`Loaded::cut`] says so.

mod entries;
mod error;
mod guard;
mod pages;

pub use error::LoadError;

use super::{AuthorizationDetails, world::Problem};
use entries::{Documents, Entry, Reading};
use guard::Guard;
use pages::{List, Pages, Sink};
use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

/// Largest file that is read: an account at AWS's maximum of 5,000 users and 5,000 roles takes
/// some tens of megabytes, so anything beyond this is not what it claims to be.
pub const MAX_FILE_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Largest policy document that is read. The largest AWS keeps is a key policy of 32 KiB; the rest
/// is for how it may be printed. What a larger one says counts as unknown.
pub const MAX_DOCUMENT_BYTES: usize = 1024 * 1024;

/// Largest user, group, role or policy that is read from a stream.
const MAX_ENTRY_BYTES: u64 = 128 * 1024 * 1024;

/// Files up to here are read whole: reading from memory is several times faster.
const WHOLE_BYTES: u64 = 64 * 1024 * 1024;

const BUFFER_BYTES: usize = 256 * 1024;

/// What a file held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The content.
    pub details: AuthorizationDetails,
    /// The file says itself that more pages follow which it does not hold.
    pub is_truncated: bool,
    /// Lists it does not have (`RoleDetailList`).
    pub missing: Vec<&'static str>,
    /// Entries, and parts of entries, that could not be read.
    pub problems: Vec<Problem>,
    /// Whether whole entries are among [`Loaded::problems`].
    pub has_lost_entries: bool,
    /// The JSON ends or breaks here; what follows was not read.
    pub cut: Option<LoadError>,
}

/// How much is read, and who is told of progress.
pub struct DetailsReader<'a> {
    max_bytes: u64,
    whole_bytes: u64,
    max_entry_bytes: u64,
    on_progress: &'a dyn Fn(u64),
}

impl Default for DetailsReader<'_> {
    fn default() -> Self {
        Self {
            max_bytes: MAX_FILE_BYTES,
            whole_bytes: WHOLE_BYTES,
            max_entry_bytes: MAX_ENTRY_BYTES,
            on_progress: &|_| {},
        }
    }
}

/// Loads one file, whole.
pub fn load_file(path: &Path) -> Result<Loaded, LoadError> {
    whole(DetailsReader::default().file(path)?)
}

/// Loads from a reader, whole; `path` is only for messages.
pub fn load_reader(path: &Path, reader: impl Read) -> Result<Loaded, LoadError> {
    whole(DetailsReader::default().read(path, reader)?)
}

/// Whoever does not look at [`Loaded::cut`] must not take a part for the whole.
fn whole(mut loaded: Loaded) -> Result<Loaded, LoadError> {
    loaded.cut.take().map_or(Ok(loaded), Err)
}

impl<'a> DetailsReader<'a> {
    /// Calls back with the number of bytes read so far, after every few megabytes of a
    /// file that is too large to be read whole.
    #[must_use]
    pub fn on_progress(mut self, tell: &'a dyn Fn(u64)) -> Self {
        self.on_progress = tell;
        self
    }

    /// Reads only files below this size whole, instead of those below 64 MiB.
    #[must_use]
    pub fn whole_bytes(mut self, bytes: u64) -> Self {
        self.whole_bytes = bytes;
        self
    }

    /// Loads one file, as far as it goes.
    pub fn file(&self, path: &Path) -> Result<Loaded, LoadError> {
        self.file_in_parts(path, &mut Parts::Kept)
    }

    /// Loads from a reader, as far as it goes; `path` is only for messages.
    pub fn read(&self, path: &Path, reader: impl Read) -> Result<Loaded, LoadError> {
        self.read_in_parts(path, reader, &mut Parts::Kept)
    }

    /// Loads one file and hands its content on while it goes; what comes back holds the rest. No
    /// part was handed on if there is an error.
    pub fn file_in_parts(&self, path: &Path, parts: &mut Parts<'_>) -> Result<Loaded, LoadError> {
        let unreadable = |error: std::io::Error| LoadError::unreadable(path, &error);
        let file = File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        if bytes > self.max_bytes {
            return Err(self.too_large(path));
        }
        self.read_sized(path, file, bytes, parts)
    }

    /// Like [`Self::file_in_parts`], from a reader; `path` is only for messages.
    pub fn read_in_parts(
        &self,
        path: &Path,
        reader: impl Read,
        parts: &mut Parts<'_>,
    ) -> Result<Loaded, LoadError> {
        self.read_sized(path, reader, 0, parts)
    }

    fn read_sized(
        &self,
        path: &Path,
        mut reader: impl Read,
        expected_bytes: u64,
        parts: &mut Parts<'_>,
    ) -> Result<Loaded, LoadError> {
        let limit = self.whole_bytes.min(self.max_bytes);
        let room = usize::try_from(expected_bytes.min(limit)).unwrap_or_default();
        // One more, so that the end is met without growing.
        let mut start = Vec::with_capacity(room + 1);
        (&mut reader)
            .take(limit)
            .read_to_end(&mut start)
            .map_err(|error| LoadError::unreadable(path, &error))?;
        let skip = encoding(path, &start)?;
        let is_whole = (start.len() as u64) < limit;
        let mut gathered = Gathered::new(path, parts);
        let failure = if is_whole {
            let text = start.get(skip..).unwrap_or_default();
            gathered.read_slice(text)
        } else {
            let all = std::io::Cursor::new(start).chain(reader);
            let guard = Guard::new(all, self.max_bytes, self.max_entry_bytes, self.on_progress);
            gathered.read_stream(guard, skip)
        };
        gathered.finish(failure)
    }

    fn too_large(&self, path: &Path) -> LoadError {
        LoadError::TooLarge { path: path.into(), limit: self.max_bytes }
    }
}

/// How many bytes the byte order mark takes, unless the text is in another encoding.
fn encoding(path: &Path, start: &[u8]) -> Result<usize, LoadError> {
    let other = |what, advice| Err(LoadError::OtherEncoding { path: path.into(), what, advice });
    match start {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [b'{' | b'[', 0, ..] | [0, b'{' | b'[', ..] => other(
            "UTF-16, not UTF-8",
            "Write it as UTF-8 (in PowerShell: `| Out-File -Encoding utf8`)",
        ),
        [0x1F, 0x8B, ..] => other("compressed with gzip", "Unpack it first with `gunzip`"),
        [0xEF, 0xBB, 0xBF, ..] => Ok(3),
        _ => Ok(0),
    }
}

/// What becomes of the content while it is read.
pub enum Parts<'a> {
    /// It is kept to the end.
    Kept,
    /// It is handed on, some hundred entries at a time.
    Handed(&'a mut dyn FnMut(AuthorizationDetails)),
}

/// How many entries are handed on together.
const PART_ENTRIES: usize = 512;

/// What was read so far.
struct Gathered<'p, 'a> {
    path: &'p Path,
    parts: &'p mut Parts<'a>,
    loaded: Loaded,
    /// In the order of [`List::ALL`].
    counts: [usize; 4],
    seen: Vec<List>,
    documents: Documents,
    entries: usize,
    /// Set back to nothing whenever an entry is complete.
    entry_bytes: std::rc::Rc<std::cell::Cell<u64>>,
}

impl<'p, 'a> Gathered<'p, 'a> {
    fn new(path: &'p Path, parts: &'p mut Parts<'a>) -> Self {
        Self {
            path,
            parts,
            loaded: Loaded::default(),
            counts: [0; 4],
            seen: Vec::new(),
            documents: Documents::default(),
            entries: 0,
            entry_bytes: std::rc::Rc::default(),
        }
    }

    fn read_slice(&mut self, bytes: &[u8]) -> Option<LoadError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let failure = self.pages(serde_json::Deserializer::from_str(text));
                failure.map(|error| LoadError::of_json(self.path, &error, self.after()))
            }
            Err(error) => {
                let (valid, _) = bytes.split_at(error.valid_up_to());
                let text = std::str::from_utf8(valid).unwrap_or_default();
                // Whatever was whole before the byte counts; that it ends there is no news.
                let failure = self.pages(serde_json::Deserializer::from_str(text));
                Some(match failure {
                    Some(error) if !error.is_eof() => {
                        LoadError::of_json(self.path, &error, self.after())
                    }
                    _ => {
                        let (line, column) = guard::place(valid);
                        LoadError::NotUtf8 { path: self.path.into(), line, column }
                    }
                })
            }
        }
    }

    fn read_stream<R: Read>(&mut self, guard: Guard<'_, R>, skip: usize) -> Option<LoadError> {
        let watch = guard.watch();
        self.entry_bytes = watch.entry_bytes.clone();
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, guard);
        if let Err(error) = reader.read_exact(&mut [0; 3][..skip]) {
            return Some(LoadError::unreadable(self.path, &error));
        }
        let error = self.pages(serde_json::Deserializer::from_reader(reader))?;
        Some(
            watch
                .failure(self.path, &self.after())
                .unwrap_or_else(|| LoadError::of_json(self.path, &error, self.after())),
        )
    }

    /// Reads page after page.
    fn pages<'de, R: serde_json::de::Read<'de>>(
        &mut self,
        mut json: serde_json::Deserializer<R>,
    ) -> Option<serde_json::Error> {
        use serde::de::DeserializeSeed;
        loop {
            if let Err(error) = Pages(&mut *self).deserialize(&mut json) {
                return Some(error);
            }
            match json.end() {
                Ok(()) => return None,
                // Something follows: another page, or an error that is told when it is read.
                Err(error) if error.is_syntax() => {}
                Err(error) => return Some(error),
            }
        }
    }

    /// What was read, for a message: `, after 3 users and 1 role`.
    fn after(&self) -> String {
        let counts = self.counts.into_iter().zip(["user", "group", "role", "policy"]);
        let told: Vec<String> = counts
            .filter(|(count, _)| *count > 0)
            .map(|counted| match counted {
                (1, what) => format!("1 {what}"),
                (count, "policy") => format!("{count} policies"),
                (count, what) => format!("{count} {what}s"),
            })
            .collect();
        if told.is_empty() { String::new() } else { format!(", after {}", told.join(", ")) }
    }

    fn finish(mut self, failure: Option<LoadError>) -> Result<Loaded, LoadError> {
        match failure {
            Some(failure) if self.entries == 0 => return Err(failure),
            Some(failure) => self.loaded.cut = Some(failure),
            None if self.seen.is_empty() => {
                return Err(LoadError::OtherContent {
                    path: self.path.into(),
                    line: 1,
                    column: 1,
                    why: self.loaded.problems.first().map_or_else(
                        || {
                            "none of UserDetailList, GroupDetailList, RoleDetailList and Policies is there".to_owned()
                        },
                        |problem| problem.what.clone(),
                    ),
                });
            }
            None => {}
        }
        let missing = List::ALL.into_iter().filter(|list| !self.seen.contains(list));
        self.loaded.missing = missing.map(List::key).collect();
        Ok(self.loaded)
    }

    fn problem(&mut self, place: &str, what: String) {
        let r#where = format!("{}: {place}", self.path.display());
        self.loaded.problems.push(Problem { r#where, what });
    }
}

impl Sink for Gathered<'_, '_> {
    fn entry(&mut self, list: List, position: usize, text: &str) {
        self.entry_bytes.set(0);
        self.entries += 1;
        let mut reading = Reading::new(&mut self.documents, list, position);
        let entry = reading.read(text);
        let place = reading.place().to_owned();
        for (place, what) in std::mem::take(&mut reading.problems) {
            self.problem(&place, what);
        }
        if entry.is_ok() {
            self.counts[list as usize] += 1;
        }
        let details = &mut self.loaded.details;
        match entry {
            Ok(Entry::User(user)) => details.users.push(user),
            Ok(Entry::Group(group)) => details.groups.push(group),
            Ok(Entry::Role(role)) => details.roles.push(role),
            Ok(Entry::Policy(policy)) => details.policies.push(policy),
            Err(why) => {
                self.loaded.has_lost_entries = true;
                self.problem(&place, format!("{why}; it is not analysed"));
            }
        }
        if self.entries.is_multiple_of(PART_ENTRIES)
            && let Parts::Handed(hand) = self.parts
        {
            hand(std::mem::take(&mut self.loaded.details));
        }
    }

    fn list(&mut self, list: List, instead: Option<&'static str>) {
        match instead {
            None if self.seen.contains(&list) => {}
            None => self.seen.push(list),
            Some(found) => {
                self.problem(list.key(), format!("expected a list, found {found}"));
            }
        }
    }

    fn is_truncated(&mut self, is: bool) {
        self.loaded.is_truncated = is;
    }
}

#[cfg(test)]
mod tests;
