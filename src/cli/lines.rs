//! One question a line: reads lines of bounded length from a stream.

use std::io::{self, BufRead, Read as _};

/// What the stream had next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A line.
    Line,
    /// One that is longer than is read; the rest of it was skipped.
    TooLong,
    /// Nothing more.
    End,
}

/// The next line, without its end, of at most so many bytes.
pub(super) fn next(
    input: &mut impl BufRead,
    line: &mut Vec<u8>,
    longest: usize,
) -> io::Result<Next> {
    line.clear();
    let most = u64::try_from(longest).unwrap_or(u64::MAX);
    if input.by_ref().take(most + 1).read_until(b'\n', line)? == 0 {
        return Ok(Next::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Next::Line);
    }
    if line.len() <= longest {
        return Ok(Next::Line);
    }
    line.clear();
    input.skip_until(b'\n')?;
    Ok(Next::TooLong)
}

#[cfg(test)]
mod tests {
    use super::{Next, next};

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_the_next_one_is_read() {
        let mut input: &[u8] = b"one\naaaaaaaa\n\ntwo";
        let mut line = Vec::new();
        let mut read = Vec::new();
        loop {
            let what = next(&mut input, &mut line, 4).unwrap();
            if what == Next::End {
                break;
            }
            read.push((what, String::from_utf8(line.clone()).unwrap()));
        }
        assert_eq!(
            read,
            [
                (Next::Line, "one".to_owned()),
                (Next::TooLong, String::new()),
                (Next::Line, String::new()),
                (Next::Line, "two".to_owned()),
            ]
        );
    }
}
