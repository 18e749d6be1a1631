//! Paths in a diff's headers.

/// The path of a `--- ` or `+++ ` line (without that), or `None` for `/dev/null`.
pub(super) fn of_side(text: &str) -> Option<String> {
    // git ends a path that holds blanks with a tab; other tools put a time after it.
    let path = if text.starts_with('"') { text } else { text.split('\t').next().unwrap_or(text) };
    let path = unquoted(path);
    if path == "/dev/null" {
        return None;
    }
    Some(without_prefix(&path).to_owned())
}

/// The path of `diff --git a/x b/x` (without the command), where both halves agree: with blanks
/// in names it cannot be told otherwise, and then the other headers say it.
pub(super) fn of_command(text: &str) -> Option<String> {
    let (left, right) = if text.starts_with('"') {
        let at = text.find("\" ")? + 1;
        (text.get(..at)?, text.get(at + 1..)?)
    } else {
        let half = text.len() / 2;
        (text.get(..half)?, text.get(half..)?.strip_prefix(' ')?)
    };
    let (left, right) = (unquoted(left), unquoted(right));
    (without_prefix(&left) == without_prefix(&right)).then(|| without_prefix(&right).to_owned())
}

/// The path of a `rename to` or `copy to` line (without that).
pub(super) fn of_move(text: &str) -> String {
    unquoted(text)
}

fn without_prefix(path: &str) -> &str {
    path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path)
}

/// Takes off git's quotes (`core.quotePath`): C escapes and octal bytes.
fn unquoted(text: &str) -> String {
    let Some(quoted) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut bytes = Vec::with_capacity(quoted.len());
    let mut rest = quoted.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(digit @ b'0'..=b'7') => {
                let mut code = u32::from(digit - b'0');
                for _ in 0..2 {
                    if let Some(digit) = rest.next_if(|b| (b'0'..=b'7').contains(b)) {
                        code = code * 8 + u32::from(digit - b'0');
                    }
                }
                bytes.push(u8::try_from(code & 0xff).unwrap_or(b'?'));
            }
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b'a') => bytes.push(7),
            Some(b'b') => bytes.push(8),
            Some(b'v') => bytes.push(11),
            Some(b'f') => bytes.push(12),
            Some(other) => bytes.push(other),
            None => bytes.push(b'\\'),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{of_command, of_side};

    #[test]
    fn a_path_is_read_from_every_form_of_header() {
        assert_eq!(of_side("b/src/my file.rs\t").as_deref(), Some("src/my file.rs"));
        assert_eq!(of_side("\"b/caf\\303\\251.txt\"").as_deref(), Some("café.txt"));
        assert_eq!(of_side("/dev/null"), None);
        assert_eq!(of_side("old.txt\t2026-01-01").as_deref(), Some("old.txt"));
        assert_eq!(of_command("a/x y b/x y").as_deref(), Some("x y"));
        assert_eq!(of_command("a/x b/y"), None);
        assert_eq!(of_command("\"a/\\033\" \"b/\\033\"").as_deref(), Some("\u{1b}"));
        assert_eq!(of_command(""), None);
    }
}
