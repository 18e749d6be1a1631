//! A reviewer's signature, from their agent, checked before anybody else sees it.
//!
//! ```text
//!   KeyChoice + what the agent has + who may ──▶ a key ──▶ Agent::sign ──▶ verified ──▶ Signed
//! ```

use super::{
    agent::{Agent, AgentFault, Identity},
    file::{FileFault, read},
    key::{Fingerprint, KeyFault, NotAFingerprint},
    reviewers::Reviewers,
    signers::NotAllowed,
    sshsig::{Key, SignatureFault, armour, signed_data, verify},
    vouch::{Lack, enough},
};
use crate::domain::{DECISION, Signed, Signing, Statement, Untrusted};
use std::path::Path;

/// With which of an agent's keys to sign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KeyChoice {
    /// The one that counts for the reviewer; where several do, the first that is strong enough.
    #[default]
    Any,
    /// The one with this fingerprint, with or without a certificate.
    Fingerprint(Fingerprint),
    /// This very key or certificate.
    Exactly(Box<Key>),
}

/// Why no key was chosen, or its signature is none.
#[derive(Debug, thiserror::Error)]
pub enum SignFault {
    /// The agent gave none.
    #[error(transparent)]
    Agent(#[from] AgentFault),
    /// `[trust] key` is no key.
    #[error("the key to sign with: {0}")]
    File(#[from] FileFault),
    /// `[trust] key` is no key.
    #[error("the key to sign with cannot be read: {0}")]
    Key(#[source] KeyFault),
    /// `[trust] key` is no key.
    #[error("the key to sign with cannot be read: {0}")]
    Certificate(#[source] SignatureFault),
    /// `[trust] key` is no key.
    #[error("the key to sign with: {0}")]
    Fingerprint(#[from] NotAFingerprint),
    /// The agent has keys, and none of them is the chosen one.
    #[error(
        "the ssh-agent does not have the key {0} that is to sign; add it with `ssh-add`, or change \
         `[trust] key`"
    )]
    NotHeld(Fingerprint),
    /// The agent has keys, and none of them counts anywhere.
    #[error(
        "none of the keys of the ssh-agent counts ({of}); of {comment:?}: {why}. Add another with \
         `ssh-add`"
    )]
    Unusable {
        /// How many there are.
        of: usize,
        /// What the agent calls the first.
        comment: Untrusted,
        /// Why that one does not count.
        why: SignatureFault,
    },
    /// The agent has several keys, and nobody said which.
    #[error(
        "the ssh-agent has {0} keys, and no file of signers says which is yours; set `[trust] key` to \
         the fingerprint of one (`ssh-add -l`)"
    )]
    Several(usize),
    /// None of the agent's keys counts for this reviewer.
    #[error(
        "none of the keys of the ssh-agent counts for {who:?}: {}{why}",
        if *.of > 1 { format!("of {of} keys the closest: ") } else { String::new() }
    )]
    NoneCounts {
        /// For whom.
        who: Untrusted,
        /// How many keys there are.
        of: usize,
        /// Why the one that came closest does not.
        why: NotAllowed,
    },
    /// The chosen key is revoked.
    #[error("the key cannot be used: {0}; make a new one and have it added to the allowed signers")]
    Revoked(super::krl::Revocation),
    /// What is to be signed has no canonical form.
    #[error("what is to be signed has no canonical form: {0}")]
    NotCanonical(#[from] serde_json::Error),
    /// The agent's signature is none.
    #[error("the ssh-agent's signature does not hold: {0}")]
    Useless(#[source] SignatureFault),
    /// The signature holds and is too little.
    #[error(transparent)]
    Lack(#[from] Lack),
}

impl KeyChoice {
    /// Reads the setting `key`: a fingerprint (`SHA256:…`), or the path of a `.pub` file.
    pub fn read(setting: &str) -> Result<Self, SignFault> {
        if setting.starts_with("SHA256:") {
            return Ok(Self::Fingerprint(setting.parse()?));
        }
        let content = read(Path::new(setting))?;
        let content = String::from_utf8_lossy(&content);
        let line = content.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let base64 = line.split_ascii_whitespace().nth(1);
        let base64 = base64.ok_or(SignFault::Key(KeyFault::Missing))?;
        let blob = super::key::decoded(base64).map_err(SignFault::Key)?;
        match Key::parse(&blob).map_err(SignFault::Certificate)? {
            Key::Plain(key) => Ok(Self::Fingerprint(key.fingerprint())),
            certified @ Key::Certified(_) => Ok(Self::Exactly(Box::new(certified))),
        }
    }

    /// Whether it is this one.
    pub fn is(&self, key: &Key) -> bool {
        match self {
            Self::Any => true,
            Self::Fingerprint(fingerprint) => key.fingerprint() == *fingerprint,
            Self::Exactly(this) => key == this.as_ref(),
        }
    }

    /// Its fingerprint, where one is chosen.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        match self {
            Self::Any => None,
            Self::Fingerprint(fingerprint) => Some(*fingerprint),
            Self::Exactly(key) => Some(key.fingerprint()),
        }
    }
}

/// Signs a statement, with a key that counts for its reviewer where it is known whose do.
///
/// Blocks as long as the agent may take. The signature was checked, and is as strong as `signing`
/// asks, before it is handed back.
pub fn sign(
    agent: &Agent,
    choice: &KeyChoice,
    statement: &Statement,
    signing: Signing,
    reviewers: Option<&Reviewers>,
) -> Result<Signed, SignFault> {
    let text = statement.canonical()?;
    let found = agent.identities()?;
    if let ([], [(comment, why), ..]) = (&*found.keys, &*found.unusable) {
        let (of, comment, why) = (found.unusable.len(), comment.clone(), why.clone());
        return Err(SignFault::Unusable { of, comment, why });
    }
    let key = chosen(&found.keys, choice, statement, signing, reviewers)?;
    let raw = agent.sign(key, &signed_data(DECISION, text.as_bytes()))?;
    let signature = armour(key.blob(), DECISION, &raw);
    let made = verify(&signature, DECISION, text.as_bytes()).map_err(SignFault::Useless)?;
    enough(signing, &made)?;
    Ok(Signed { statement: text, signature })
}

fn chosen<'a>(
    all: &'a [Identity],
    choice: &KeyChoice,
    statement: &Statement,
    signing: Signing,
    reviewers: Option<&Reviewers>,
) -> Result<&'a Key, SignFault> {
    let mut keys: Vec<&Key> = all.iter().map(|one| &one.key).filter(|key| choice.is(key)).collect();
    // A key in hardware is tried first where one is needed; otherwise the agent's order is kept.
    if signing >= Signing::Touch {
        keys.sort_by_key(|key| !key.public().kind().is_in_hardware());
    }
    let Some(first) = keys.first() else {
        return Err(match choice.fingerprint() {
            Some(fingerprint) => SignFault::NotHeld(fingerprint),
            None => AgentFault::Empty.into(),
        });
    };
    let Some(reviewers) = reviewers else {
        // A key and its certificates are one.
        let is_one = keys.iter().all(|key| key.fingerprint() == first.fingerprint());
        return if is_one { Ok(first) } else { Err(SignFault::Several(keys.len())) };
    };
    let who = statement.reviewer.0.raw();
    let (mut closest, mut revoked) = (None, None);
    for &key in &keys {
        match reviewers.signers.allows(key, who, DECISION, statement.at) {
            Ok(_) => match reviewers.revoked.why(key) {
                None => return Ok(key),
                Some(why) => revoked = revoked.or(Some(why)),
            },
            // That a key is known at all tells more than that another one is not.
            Err(NotAllowed::UnknownKey | NotAllowed::UnknownAuthority) if closest.is_some() => {}
            Err(why) => closest = Some(why),
        }
    }
    if let Some(why) = revoked {
        return Err(SignFault::Revoked(why));
    }
    let why = closest.unwrap_or(NotAllowed::UnknownKey);
    Err(SignFault::NoneCounts { who: who.into(), of: keys.len(), why })
}
