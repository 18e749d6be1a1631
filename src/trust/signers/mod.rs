//! Whose keys count: an OpenSSH `allowed_signers` file, read line by line and without mercy.
//!
//! ```text
//!   file ──line──▶ Line { principals, options, key } ──┐
//!                                                      ├─▶ Signers::allows(key, person, namespace, time)
//!   a signature's Key, plain or certified ─────────────┘          or NotAllowed, with the reason
//! ```
//!
//! `ssh-keygen` skips a line it cannot read; here one such line makes the whole file useless, and
//! says so with line and column, because who wrote it believes in it. Two more things are asked for
//! that OpenSSH does not ask for: a key is one person's and not everybody's who matches a pattern,
//! and a file that everybody can write to is none.

mod line;
mod moment;
mod pattern;

use super::{
    certificate::{Certificate, Validity},
    file::{FileFault, read},
    key::PublicKey,
    sshsig::Key,
};
use crate::domain::{Digest, Untrusted};
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::HashMap, fmt, path::Path};

pub use line::{Line, LineFault};
pub use moment::NotATime;
pub use pattern::{PatternFault, Patterns};

/// So many faults are told; the others come when these are mended.
const MOST_FAULTS: usize = 20;

/// What is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {fault}")]
pub struct SignersFault {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: LineFault,
}

/// All that is wrong in a file, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignersFaults(pub Vec<SignersFault>);

impl fmt::Display for SignersFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "\n" };
            write!(f, "{comma}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SignersFaults {}

/// Why somebody may not sign with a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// No line has this key, nor the authority of its certificate.
    #[error("the key is in no line of the allowed signers; whoever keeps that file has to add it")]
    UnknownKey,
    /// A certificate by an authority no line has.
    #[error(
        "the certificate is by an authority that is in no line of the allowed signers; list its key \
         with `cert-authority`"
    )]
    UnknownAuthority,
    /// It is somebody else's.
    #[error("line {line} of the allowed signers gives this key to {to:?} and not to {wanted:?}")]
    OtherPerson {
        /// Which line.
        line: usize,
        /// Whose it is.
        to: Untrusted,
        /// And whose it should be.
        wanted: Untrusted,
    },
    /// The certificate is somebody else's.
    #[error("the certificate is for {to:?} and not for {wanted:?}")]
    OtherCertified {
        /// Whose it is.
        to: Vec<Untrusted>,
        /// And whose it should be.
        wanted: Untrusted,
    },
    /// The certificate was not valid then.
    #[error("the certificate is not valid at {at}: {}", told(*.validity))]
    Certificate {
        /// At which time.
        at: Timestamp,
        /// How not.
        validity: Validity,
    },
    /// It is for something else.
    #[error("line {line} of the allowed signers gives this key for other namespaces: {only:?}")]
    Namespace {
        /// Which line.
        line: usize,
        /// For what it is.
        only: Untrusted,
    },
    /// Its time has not come.
    #[error("line {line} of the allowed signers makes this key valid only from {from} on")]
    NotYet {
        /// Which line.
        line: usize,
        /// From when.
        from: Timestamp,
    },
    /// Its time is over.
    #[error(
        "line {line} of the allowed signers ended this key's time at {until}; a new key, or a later \
         valid-before, has to be put there"
    )]
    Over {
        /// Which line.
        line: usize,
        /// Up to when.
        until: Timestamp,
    },
}

fn told(validity: Validity) -> &'static str {
    match validity {
        Validity::NotYet => "its time comes later",
        Validity::Valid => "it is",
        Validity::Over => "its time is over; get a new one",
    }
}

/// The people whose signatures count, with their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signers {
    text: String,
    lines: Vec<Line>,
    /// Lines by their key.
    by_key: HashMap<PublicKey, Vec<usize>>,
    /// The first name of whoever has several.
    first_names: HashMap<String, String>,
}

impl Signers {
    /// Reads a file's content. Times without `Z` are of this zone.
    pub fn parse(content: &[u8], zone: &TimeZone) -> Result<Self, SignersFaults> {
        let text = std::str::from_utf8(content).map_err(|wrong| {
            let before = &content[..wrong.valid_up_to()];
            let line = before.split(|byte| *byte == b'\n').count();
            let column = before
                .rsplit(|byte| *byte == b'\n')
                .next()
                .map_or(0, |last| String::from_utf8_lossy(last).chars().count());
            let fault = LineFault::Control;
            SignersFaults(vec![SignersFault { line, column: column + 1, fault }])
        })?;
        let (mut lines, mut faults) = (Vec::new(), Vec::new());
        for (at, written) in text.split('\n').enumerate() {
            let written = written.strip_suffix('\r').unwrap_or(written);
            match line::line(at + 1, written, zone) {
                Ok(found) => lines.extend(found),
                Err((byte, fault)) => {
                    let column = written[..byte].chars().count() + 1;
                    faults.push(SignersFault { line: at + 1, column, fault });
                    if faults.len() == MOST_FAULTS {
                        break;
                    }
                }
            }
        }
        if !faults.is_empty() {
            return Err(SignersFaults(faults));
        }
        let mut by_key: HashMap<PublicKey, Vec<usize>> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            by_key.entry(line.key.clone()).or_default().push(at);
        }
        let first_names = first_names(&lines);
        Ok(Self { text: text.to_owned(), lines, by_key, first_names })
    }

    /// Reads a file, with this host's time zone.
    pub fn load(path: &Path) -> Result<Self, FileFault> {
        Self::parse(&read(path)?, &TimeZone::system())
            .map_err(|faults| FileFault::Signers { path: path.to_owned(), faults })
    }

    /// The file as it was, for evidence.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the file as it was.
    pub fn digest(&self) -> Digest {
        Digest::of_bytes(self.text.as_bytes())
    }

    /// Its lines, in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines by whose own key this person signs; those of authorities are not among them.
    pub fn keys_of(&self, person: &str) -> impl Iterator<Item = &Line> {
        let is_theirs = move |line: &&Line| !line.is_authority && line.principals.matches(person);
        self.lines.iter().filter(is_theirs)
    }

    /// One name for whoever has several: names that share a line or a key are one person, as far as
    /// anybody can tell, and count once.
    pub fn person<'a>(&'a self, name: &'a str) -> &'a str {
        self.first_names.get(name).map_or(name, String::as_str)
    }

    /// Lines whose times are those of the host's zone, and so mean another moment elsewhere.
    pub fn in_local_time(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().filter(|line| line.is_local_time).map(|line| line.number)
    }

    /// Who may have signed with this, for this purpose, at this time: principals of the lines, or
    /// those of the certificate that its authority may certify; in order, each once.
    pub fn who(&self, by: &Key, namespace: &str, at: Timestamp) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for line in self.lines_for(by) {
            let names: Vec<&str> = match by {
                Key::Plain(_) => line.principals.names().into_iter().flatten().collect(),
                Key::Certified(certificate) => {
                    certificate.principals().iter().map(String::as_str).collect()
                }
            };
            for name in names {
                if check(line, by, name, namespace, at).is_ok()
                    && !found.iter().any(|is| is == name)
                {
                    found.push(name.to_owned());
                }
            }
        }
        found
    }

    /// Whether this person may sign with this, for this purpose, at this time. Otherwise the reason
    /// of the line that came closest.
    pub fn allows(
        &self,
        by: &Key,
        person: &str,
        namespace: &str,
        at: Timestamp,
    ) -> Result<&Line, NotAllowed> {
        let mut closest: Option<(u8, NotAllowed)> = None;
        for line in self.lines_for(by) {
            let (rank, reason) = match check(line, by, person, namespace, at) {
                Ok(()) => return Ok(line),
                Err(wrong) => wrong,
            };
            if closest.as_ref().is_none_or(|(before, _)| rank > *before) {
                closest = Some((rank, reason));
            }
        }
        let unknown = match by {
            Key::Plain(_) => NotAllowed::UnknownKey,
            Key::Certified(_) => NotAllowed::UnknownAuthority,
        };
        Err(closest.map_or(unknown, |(_, reason)| reason))
    }

    /// A plain key counts by its own lines, a certified one by those of its authority alone.
    fn lines_for(&self, by: &Key) -> impl Iterator<Item = &Line> {
        let key = by.certificate().map_or(by.public(), Certificate::authority);
        let is_certified = by.certificate().is_some();
        let lines = self.by_key.get(key).into_iter().flatten().map(|at| &self.lines[*at]);
        lines.filter(move |line| line.is_authority == is_certified)
    }
}

/// Whether a line lets this person sign; else why not, and how close it was.
fn check(
    line: &Line,
    by: &Key,
    person: &str,
    namespace: &str,
    at: Timestamp,
) -> Result<(), (u8, NotAllowed)> {
    let number = line.number;
    if !line.principals.matches(person) {
        let to = line.principals.written().into();
        return Err((0, NotAllowed::OtherPerson { line: number, to, wanted: person.into() }));
    }
    if let Some(certificate) = by.certificate() {
        if !certificate.principals().iter().any(|name| name == person) {
            let to = certificate.principals().iter().map(Untrusted::new).collect();
            return Err((1, NotAllowed::OtherCertified { to, wanted: person.into() }));
        }
        let validity = certificate.validity(at);
        if validity != Validity::Valid {
            return Err((2, NotAllowed::Certificate { at, validity }));
        }
    }
    if let Some(only) = line.namespaces.as_ref().filter(|list| !list.matches(namespace)) {
        return Err((3, NotAllowed::Namespace { line: number, only: only.written().into() }));
    }
    let second = at.as_second();
    let time = |second| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
    if let Some(from) = line.after.filter(|after| second < *after) {
        return Err((4, NotAllowed::NotYet { line: number, from: time(from) }));
    }
    if let Some(until) = line.before.filter(|before| second > *before) {
        return Err((4, NotAllowed::Over { line: number, until: time(until) }));
    }
    Ok(())
}

/// For every name the first of all that share a line or a key with it, directly or by way of others.
fn first_names(lines: &[Line]) -> HashMap<String, String> {
    let mut names: Vec<&str> = Vec::new();
    let mut number_of: HashMap<&str, usize> = HashMap::new();
    let mut owner_of: HashMap<&PublicKey, usize> = HashMap::new();
    let mut same_as: Vec<usize> = Vec::new();
    for line in lines.iter().filter(|line| !line.is_authority) {
        for name in line.principals.names().into_iter().flatten() {
            let this = *number_of.entry(name).or_insert_with(|| {
                names.push(name);
                same_as.push(same_as.len());
                same_as.len() - 1
            });
            let owner = *owner_of.entry(&line.key).or_insert(this);
            let (one, other) = (root(&same_as, this), root(&same_as, owner));
            same_as[one.max(other)] = one.min(other);
        }
    }
    let first = |at: usize| names[root(&same_as, at)].to_owned();
    names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), first(at))).collect()
}

fn root(same_as: &[usize], mut at: usize) -> usize {
    while same_as[at] != at {
        at = same_as[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{NotAllowed, Signers};
    use crate::trust::{Key, soft::SoftKey};
    use jiff::{Timestamp, tz::TimeZone};

    fn signers(file: &str) -> Signers {
        Signers::parse(file.as_bytes(), &TimeZone::UTC).unwrap()
    }

    fn key() -> (String, Key) {
        let soft = SoftKey::new("ssh-ed25519");
        (soft.line(), Key::parse(&soft.blob()).unwrap())
    }

    const AT: fn() -> Timestamp = || Timestamp::from_second(1_790_000_000).unwrap();

    #[test]
    fn of_several_lines_the_one_that_came_closest_says_why() {
        let (line, key) = key();
        let why = |file: &str| signers(file).allows(&key, "mira", "git", AT()).unwrap_err();
        let tom = format!("tom {line}\n");
        let file = format!("mira namespaces=\"file\" {line}\n");
        let over = format!("mira valid-before=\"20200101Z\" {line}\n");
        assert_eq!(why("# nobody\n"), NotAllowed::UnknownKey);
        assert!(matches!(why(&tom), NotAllowed::OtherPerson { line: 1, .. }));
        assert!(matches!(why(&(tom.clone() + &file)), NotAllowed::Namespace { line: 2, .. }));
        assert!(matches!(why(&(over.clone() + &file)), NotAllowed::Over { line: 1, .. }));
        assert!(matches!(why(&(tom + &file + &over)), NotAllowed::Over { line: 3, .. }));
    }

    #[test]
    fn whoever_may_sign_is_found_each_once_and_in_order() {
        let (line, key) = key();
        let (other, _) = self::key();
        let found = signers(&format!(
            "tom,mira {line}\nada {other}\nmira {line}\nmax namespaces=\"file\" {line}\n\
             eve valid-after=\"20990101Z\" {line}\n"
        ));
        assert_eq!(found.who(&key, "git", AT()), ["tom", "mira"]);
        assert_eq!(found.who(&key, "file", AT()), ["tom", "mira", "max"]);
        assert_eq!(found.keys_of("mira").map(|line| line.number).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn lines_in_local_time_are_named_and_a_comment_is_another_file() {
        let (line, _) = key();
        let local = "valid-before=\"20300101\"";
        let file = format!("a {line}\nb {local} {line}\nc valid-before=\"20300101Z\" {line}\n");
        let found = signers(&file);
        assert_eq!(found.in_local_time().collect::<Vec<_>>(), [2]);
        assert_ne!(found.digest(), signers(&format!("{file}# more\n")).digest());
    }
}
