//! Messages as lines, and as the text they came in.

use bytes::BytesMut;
use rmcp::transport::async_rw::{JsonRpcMessageCodec, JsonRpcMessageCodecError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_util::codec::{Decoder as _, Encoder as _};

/// Bytes of the longest message, in either direction.
pub(super) const LONGEST: usize = 16 * 1024 * 1024;

/// One message, letter by letter as it came, on one line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Frame(Box<RawValue>);

impl Frame {
    /// Takes a text that is JSON.
    ///
    /// Line breaks may stand between the words of JSON, and there are servers that read a carriage
    /// return as the end of a message: what follows it would be another one, that nobody judged.
    pub fn of(text: String) -> Result<Self, serde_json::Error> {
        let breaks = |byte: u8| byte == b'\r' || byte == b'\n';
        let text = if text.bytes().any(breaks) {
            // Within a string they cannot be, there they are escaped.
            text.replace(['\r', '\n'], " ")
        } else {
            text
        };
        RawValue::from_string(text).map(Self)
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// A message of ours.
    pub fn ours(value: &serde_json::Value) -> Result<Self, serde_json::Error> {
        Self::of(value.to_string())
    }
}

/// What a line held.
#[derive(Debug)]
pub(super) enum Read {
    /// A message.
    Message(Frame),
    /// Something else, which is left out; why.
    Garbage(String),
}

/// Reads messages from a stream of bytes.
pub(super) struct Frames<R> {
    from: R,
    buffer: BytesMut,
    codec: JsonRpcMessageCodec<Frame>,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub fn new(from: R) -> Self {
        let codec = JsonRpcMessageCodec::new_with_max_length(LONGEST);
        Self { from, buffer: BytesMut::with_capacity(8 * 1024), codec }
    }

    /// The next line; none at the end. A line without its end is not a message.
    pub async fn next(&mut self) -> io::Result<Option<Read>> {
        loop {
            match self.codec.decode(&mut self.buffer) {
                Ok(Some(frame)) => {
                    let again = Frame::of(frame.0.get().to_owned());
                    return Ok(Some(again.map_or_else(|error| garbage(&error), Read::Message)));
                }
                Ok(None) => {}
                Err(JsonRpcMessageCodecError::Io(error)) => return Err(error),
                // An empty line is nothing at all.
                Err(JsonRpcMessageCodecError::Serde(error))
                    if error.is_eof() && error.column() == 0 =>
                {
                    continue;
                }
                Err(JsonRpcMessageCodecError::Serde(error)) => return Ok(Some(garbage(&error))),
                Err(error) => return Ok(Some(Read::Garbage(error.to_string()))),
            }
            if self.from.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }
}

fn garbage(error: &serde_json::Error) -> Read {
    // serde's own words may quote what came.
    let what = if error.is_eof() { "ends early" } else { "is no JSON" };
    Read::Garbage(format!("{what} (column {})", error.column()))
}

/// Writes a message and its line break.
pub(super) async fn write(
    to: &mut (impl AsyncWrite + Unpin),
    buffer: &mut BytesMut,
    frame: Frame,
) -> io::Result<()> {
    buffer.clear();
    JsonRpcMessageCodec::<Frame>::new().encode(frame, buffer)?;
    to.write_all(buffer).await?;
    to.flush().await
}

#[cfg(test)]
mod tests {
    use super::{Frame, Frames, Read};

    async fn read(bytes: &[u8]) -> Vec<String> {
        let mut frames = Frames::new(bytes);
        let mut all = Vec::new();
        while let Some(read) = frames.next().await.unwrap() {
            all.push(match read {
                Read::Message(frame) => frame.text().to_owned(),
                Read::Garbage(why) => format!("garbage: {why}"),
            });
        }
        all
    }

    #[tokio::test]
    async fn a_message_keeps_every_letter() {
        let line = "{\"id\": 1,  \"n\":1.50e+3,\"x\":\"\\u00e9\u{e9}\"}";
        assert_eq!(read(format!("{line}\n{line}\r\n").as_bytes()).await, [line, line]);
    }

    #[tokio::test]
    async fn what_is_no_json_is_left_out_and_the_next_line_read() {
        let all = read(b"npm notice\n{\"a\":1}\n\xff\n{\"a\":2}\n{\"a\":").await;
        assert_eq!(all.len(), 4, "{all:?}");
        assert!(all[0].starts_with("garbage") && all[2].starts_with("garbage"), "{all:?}");
        assert_eq!((all[1].as_str(), all[3].as_str()), ("{\"a\":1}", "{\"a\":2}"));
    }

    #[tokio::test]
    async fn a_line_that_never_ends_is_not_kept() {
        let mut long = vec![b'['; super::LONGEST + 10];
        long.extend_from_slice(b"\n{\"a\":1}\n");
        let all = read(&long).await;
        assert_eq!(all.last().map(String::as_str), Some("{\"a\":1}"));
        assert!(all[0].starts_with("garbage"), "{}", all[0]);
    }

    #[test]
    fn a_carriage_return_does_not_begin_another_message() {
        let frame = Frame::of("{\"params\":\r{\"method\":\"tools/call\"}\r}".to_owned()).unwrap();
        assert_eq!(frame.text(), "{\"params\": {\"method\":\"tools/call\"} }");
    }
}
