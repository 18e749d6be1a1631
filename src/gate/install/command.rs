//! The command a host runs: written so that every shell reads it the same, and read back.

use std::path::{Path, PathBuf};

/// Why a command cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandFault {
    /// A path is not text.
    #[error("the path {0} is not UTF-8, and a host's file can only hold text")]
    NotText(String),
    /// A path has characters that no host can be trusted to hand on.
    #[error("the path {0} has control characters or `$` in it, which hosts read in their own ways")]
    Unsafe(String),
    /// A path depends on the directory it is read in.
    #[error("the path {0} is not absolute")]
    Relative(String),
}

/// What is installed: this program, and the files it is to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The program.
    pub program: PathBuf,
    /// `--config`, if it is to be given.
    pub config: Option<PathBuf>,
    /// `--store`, if it is to be given.
    pub store: Option<PathBuf>,
    /// The host's name.
    pub host: String,
}

impl Installed {
    /// Its words, the program first.
    pub fn words(&self) -> Result<Vec<String>, CommandFault> {
        let mut words = vec![word(&self.program)?];
        for (option, path) in [("--config", &self.config), ("--store", &self.store)] {
            if let Some(path) = path {
                words.extend([option.to_owned(), word(path)?]);
            }
        }
        words.extend(["gate", "hook", self.host.as_str()].map(str::to_owned));
        Ok(words)
    }

    /// As one line for a shell.
    pub fn line(&self) -> Result<String, CommandFault> {
        Ok(self.words()?.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "))
    }

    /// Reads a line back. None for whatever we would not have written: such a line is somebody
    /// else's, and is neither changed nor run.
    pub fn read(line: &str) -> Option<Self> {
        let words = split(line)?;
        let (program, mut rest) = words.split_first()?;
        let mut found = Self {
            program: PathBuf::from(program),
            config: None,
            store: None,
            host: String::new(),
        };
        loop {
            match rest {
                [option, path, after @ ..] if option == "--config" && found.config.is_none() => {
                    found.config = Some(PathBuf::from(path));
                    rest = after;
                }
                [option, path, after @ ..] if option == "--store" && found.store.is_none() => {
                    found.store = Some(PathBuf::from(path));
                    rest = after;
                }
                [gate, hook, host] if gate == "gate" && hook == "hook" => {
                    host.clone_into(&mut found.host);
                    return Some(found);
                }
                _ => return None,
            }
        }
    }
}

fn word(path: &Path) -> Result<String, CommandFault> {
    let shown = path.display().to_string();
    let text = path.to_str().ok_or_else(|| CommandFault::NotText(shown.clone()))?;
    if !path.is_absolute() {
        return Err(CommandFault::Relative(shown));
    }
    if text.chars().any(|c| c.is_control() || c == '$') {
        return Err(CommandFault::Unsafe(shown.escape_debug().to_string()));
    }
    Ok(text.to_owned())
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_./=:@%+,-".contains(c)
}

fn quoted(word: &str) -> String {
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The words of a line that holds nothing but plain and single-quoted words.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut chars = line.chars().peekable();
    while chars.peek().is_some() {
        let mut word = String::new();
        while let Some(c) = chars.next_if(|c| *c != ' ') {
            match c {
                '\'' => loop {
                    match chars.next()? {
                        '\'' => break,
                        c => word.push(c),
                    }
                },
                '\\' => word.push(chars.next_if_eq(&'\'')?),
                c if is_plain(c) => word.push(c),
                _ => return None,
            }
        }
        words.push(word);
        chars.next();
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::Installed;
    use proptest::prelude::*;
    use std::{path::PathBuf, process::Command};

    fn installed(program: &str, store: Option<&str>) -> Installed {
        Installed {
            program: program.into(),
            config: None,
            store: store.map(PathBuf::from),
            host: "kiro".to_owned(),
        }
    }

    #[test]
    fn a_plain_path_needs_no_quotes() {
        let line = installed("/usr/bin/countersign", Some("/var/lib/c s/it's.db")).line().unwrap();
        assert_eq!(line, r"/usr/bin/countersign --store '/var/lib/c s/it'\''s.db' gate hook kiro");
    }

    #[test]
    fn what_we_would_not_have_written_is_not_ours() {
        for other in [
            "",
            "countersign",
            "/usr/bin/countersign gate hook kiro; rm -rf /",
            "/usr/bin/countersign gate hook kiro extra",
            "/usr/bin/countersign gate hook $(id)",
            "/usr/bin/countersign --store a --store b gate hook kiro",
            "/usr/bin/countersign gate exec -- ls",
            "X=1 /usr/bin/countersign gate hook kiro\nid",
            "'/usr/bin/countersign gate hook kiro",
        ] {
            assert_eq!(Installed::read(other), None, "{other}");
        }
    }

    #[test]
    fn a_path_no_host_can_be_trusted_with_is_refused() {
        for bad in ["bin/countersign", "/a\n/b", "/opt/$HOME/c", "/a\u{1b}[2J"] {
            assert!(installed(bad, None).line().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn what_is_written_is_read_back(path in "/[ -#%-~é]{0,24}") {
            let written = installed(&path, Some(&path));
            let line = written.line().unwrap();
            prop_assert_eq!(Installed::read(&line), Some(written));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_real_shell_reads_the_same_words(path in "/[ -#%-~é]{0,24}") {
            let written = installed(&path, None);
            let script = format!("printf '%s\\n' {}", written.line().unwrap());
            let out = Command::new("sh").arg("-c").arg(script).output().unwrap();
            let words: Vec<String> =
                String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect();
            prop_assert_eq!(words, written.words().unwrap());
        }
    }
}
