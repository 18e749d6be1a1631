//! A server, or a proxy in front of it, may repeat our own token: in an error, a header, a login
//! page. It reads `•••` there before anybody looks at the answer, so that nothing that is made of
//! it can hold the token.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

/// In bytes. Anything shorter is no token of GitHub's, and could be a word of any text.
const SHORTEST_TOKEN: usize = 16;

/// An answer without the token that was sent in `authorization`.
pub(super) fn silenced(
    authorization: &HeaderValue,
    mut headers: HeaderMap,
    body: Bytes,
) -> (HeaderMap, Bytes) {
    let sent = authorization.as_bytes();
    let token = sent.strip_prefix(b"Bearer ").unwrap_or(sent);
    if token.len() < SHORTEST_TOKEN {
        return (headers, body);
    }
    for value in headers.values_mut() {
        if find(value.as_bytes(), token).is_some() {
            *value = HeaderValue::from_static("hidden");
        }
    }
    if find(&body, token).is_none() {
        return (headers, body);
    }
    let mut kept = Vec::with_capacity(body.len());
    let mut rest = &body[..];
    while let Some(at) = find(rest, token) {
        kept.extend_from_slice(&rest[..at]);
        kept.extend_from_slice("•••".as_bytes());
        rest = &rest[at + token.len()..];
    }
    kept.extend_from_slice(rest);
    (headers, kept.into())
}

/// Where a piece is in some bytes.
fn find(bytes: &[u8], piece: &[u8]) -> Option<usize> {
    let (first, last) = (*piece.first()?, bytes.len().checked_sub(piece.len())?);
    let mut from = 0;
    while from <= last {
        from += bytes[from..=last].iter().position(|byte| *byte == first)?;
        if bytes[from..].starts_with(piece) {
            return Some(from);
        }
        from += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::silenced;
    use http::{HeaderMap, HeaderValue};

    fn heard(token: &str, body: &str) -> (HeaderMap, String) {
        let sent = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("link", HeaderValue::from_str(&format!("<x?t={token}>")).unwrap());
        headers.insert("date", HeaderValue::from_static("today"));
        let (headers, body) = silenced(&sent, headers, body.to_owned().into());
        (headers, String::from_utf8(body.to_vec()).unwrap())
    }

    #[test]
    fn our_token_is_taken_out_wherever_it_is_repeated() {
        let token = "a-token-of-no-known-form";
        let (headers, body) = heard(token, &format!("{token}aa-{token}, {token}"));
        assert_eq!(body, "•••aa-•••, •••");
        assert_eq!(
            (&headers["link"], &headers["date"]),
            (&"hidden".parse().unwrap(), &"today".parse().unwrap())
        );
        for body in ["", "a", "a-token-of-no-known-for", "nothing of the kind"] {
            assert_eq!(heard(token, body).1, body);
        }
    }

    #[test]
    fn a_short_word_is_no_token() {
        assert_eq!(heard("rowan", "rowan and rowan").1, "rowan and rowan");
    }
}
