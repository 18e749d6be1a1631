//! Names that read like other names.

use unicode_security::{MixedScript, skeleton};

/// Why a name (a login, a role, a branch, a host) may not be the one it seems to be, or `None`.
///
/// Two tests of UTS #39: letters of scripts that are not written together, and letters that all
/// look like ASCII without being it. Meant for identifiers; prose in two languages is ordinary.
/// The reason holds no character of the name that is not printable ASCII.
pub fn identifier_warnings(name: &str) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    let reads = reads_like(name);
    let foreign = name.chars().find(|c| !c.is_ascii() && c.is_alphanumeric());
    match (reads, foreign) {
        (Some(reads), Some(c)) => {
            Some(format!("reads like `{reads}` but holds U+{:04X}, another letter", u32::from(c)))
        }
        (None, Some(c)) if !name.is_single_script() => {
            Some(format!("mixes scripts that are not written together (U+{:04X})", u32::from(c)))
        }
        _ => None,
    }
}

/// The ASCII name this one is confusable with, if there is one.
fn reads_like(name: &str) -> Option<String> {
    let mut reads = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii() {
            reads.push(c);
        } else {
            let mut one = [0; 4];
            reads.extend(skeleton(c.encode_utf8(&mut one)));
        }
    }
    reads.bytes().all(|b| b.is_ascii_graphic()).then_some(reads)
}

#[cfg(test)]
mod tests {
    use super::identifier_warnings;

    #[test]
    fn a_cyrillic_letter_in_a_latin_name_is_told() {
        let told = identifier_warnings("\u{430}dmin").unwrap();
        assert!(told.contains("`admin`") && told.contains("U+0430"), "{told}");
    }

    #[test]
    fn a_name_wholly_in_look_alikes_is_told() {
        let told = identifier_warnings("\u{441}\u{43e}\u{440}\u{430}").unwrap();
        assert!(told.contains("`copa`"), "{told}");
    }

    #[test]
    fn scripts_that_do_not_go_together_are_told() {
        let told = identifier_warnings("deploy-\u{436}").unwrap();
        assert!(told.contains("mixes scripts"), "{told}");
        assert!(told.is_ascii());
    }

    #[test]
    fn honest_names_of_any_language_pass() {
        for name in ["kiro-prod", "déploiement", "разработка", "本番デプロイ", "배포", "größe", ""]
        {
            assert_eq!(identifier_warnings(name), None, "{name}");
        }
    }
}
