//! Small files of others, read without waiting for anybody.

use rustix::fs::OFlags;
use std::{
    fs::{File, Metadata, OpenOptions},
    io::Read as _,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

/// Neither a link is followed, nor a writer waited for, nor a terminal taken.
const CAREFULLY: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

/// Opens a plain file for reading, and says what it is. Nothing where it is something else: a link,
/// a pipe, a device.
pub fn plain_file(path: &Path) -> Option<(File, Metadata)> {
    let flags = i32::try_from(CAREFULLY.bits()).ok()?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    let found = file.metadata().ok()?;
    found.is_file().then_some((file, found))
}

/// A plain file of at most `longest` bytes.
pub(super) fn bytes(path: &Path, longest: u64) -> Option<Vec<u8>> {
    let (file, found) = plain_file(path)?;
    content(&file, found.len(), longest)
}

/// All of a file that has a length, unless it is longer than `longest`.
pub fn content(file: &File, length: u64, longest: u64) -> Option<Vec<u8>> {
    if length > longest {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).ok()?.saturating_add(1));
    // It may grow while it is read.
    file.take(longest + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= longest).then_some(bytes)
}

/// The same as text.
pub(super) fn text(path: &Path, longest: u64) -> Option<String> {
    String::from_utf8(bytes(path, longest)?).ok()
}

/// The first bytes of a file of the kernel's (`proc(5)`), which tells no length.
pub(super) fn of_kernel<'a>(path: &str, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    let mut file = File::open(path).ok()?;
    let count = file.read(buffer).ok()?;
    buffer.get(..count)
}
