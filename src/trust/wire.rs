//! SSH's way of writing values as bytes (RFC 4251, section 5), read without mercy.
//!
//! Whatever is signed or compared is compared as bytes, so one value may have one form only: a
//! number with a needless zero in front, or a byte left over, is a fault and not a matter of taste.

/// Why bytes are not what they are said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireFault {
    /// They end before the value does.
    #[error("it ends too early")]
    Short,
    /// Something follows the last value.
    #[error("bytes are left over at its end")]
    Trailing,
    /// A text is not UTF-8, or holds a control character.
    #[error("a text in it is not plain text")]
    NotText,
    /// A number is negative or written with needless zeros.
    #[error("a number in it is negative or not in its shortest form")]
    Number,
}

/// Takes values off the front of some bytes.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Begins at the front.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether all was read.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may follow.
    pub fn end(&self) -> Result<(), WireFault> {
        if self.rest.is_empty() { Ok(()) } else { Err(WireFault::Trailing) }
    }

    /// So many bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], WireFault> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(WireFault::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireFault> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(WireFault::Short)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, WireFault> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// A `uint32`.
    pub fn u32(&mut self) -> Result<u32, WireFault> {
        self.array().map(u32::from_be_bytes)
    }

    /// A `uint64`.
    pub fn u64(&mut self) -> Result<u64, WireFault> {
        self.array().map(u64::from_be_bytes)
    }

    /// A `string`: its length, then its bytes.
    pub fn string(&mut self) -> Result<&'a [u8], WireFault> {
        let length = usize::try_from(self.u32()?).map_err(|_| WireFault::Short)?;
        self.take(length)
    }

    /// A `string` that is text. Control characters have no business in a name.
    pub fn text(&mut self) -> Result<&'a str, WireFault> {
        let text = std::str::from_utf8(self.string()?).map_err(|_| WireFault::NotText)?;
        if text.chars().any(char::is_control) { Err(WireFault::NotText) } else { Ok(text) }
    }

    /// An `mpint` that is no less than zero, as the bytes of its magnitude: none for zero.
    pub fn number(&mut self) -> Result<&'a [u8], WireFault> {
        match self.string()? {
            [0, rest @ ..] if rest.first().is_some_and(|first| first & 0x80 != 0) => Ok(rest),
            [0, ..] => Err(WireFault::Number),
            [first, ..] if first & 0x80 != 0 => Err(WireFault::Number),
            bytes => Ok(bytes),
        }
    }
}

/// Writes a `string`. One longer than the format can say is cut, which no reader takes for whole.
pub fn put_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::{Reader, WireFault, put_string};

    #[test]
    fn a_string_is_its_length_and_its_bytes() {
        let mut bytes = Vec::new();
        put_string(&mut bytes, b"ssh");
        assert_eq!(bytes, [0, 0, 0, 3, b's', b's', b'h']);
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.string(), Ok(&b"ssh"[..]));
        assert_eq!(reader.end(), Ok(()));
    }

    #[test]
    fn what_ends_early_is_a_fault_however_long_it_says_to_be() {
        for bytes in [&[0, 0, 0][..], &[0, 0, 0, 2, 1], &[0xff, 0xff, 0xff, 0xff, 1]] {
            assert_eq!(Reader::new(bytes).string(), Err(WireFault::Short));
        }
        assert_eq!(Reader::new(&[]).byte(), Err(WireFault::Short));
        assert_eq!(Reader::new(&[1; 7]).u64(), Err(WireFault::Short));
    }

    #[test]
    fn a_number_has_one_form() {
        let number = |bytes: &[u8]| {
            let mut written = Vec::new();
            put_string(&mut written, bytes);
            Reader::new(&written).number().map(<[u8]>::to_vec)
        };
        assert_eq!(number(&[]), Ok(vec![]));
        assert_eq!(number(&[0, 0x80]), Ok(vec![0x80]));
        assert_eq!(number(&[1, 0]), Ok(vec![1, 0]));
        for wrong in [&[0][..], &[0, 1], &[0, 0, 0x80], &[0x80]] {
            assert_eq!(number(wrong), Err(WireFault::Number), "{wrong:?}");
        }
    }

    #[test]
    fn a_name_holds_no_control_character() {
        for wrong in [&b"a\0"[..], b"a\nb", b"\xff"] {
            let mut written = Vec::new();
            put_string(&mut written, wrong);
            assert_eq!(Reader::new(&written).text(), Err(WireFault::NotText));
        }
    }
}
