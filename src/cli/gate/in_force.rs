//! The rules as they are now, for a gate that runs for days.
//!
//! ```text
//!   each call ─▶ bytes of config, policy, catalogue: as before? ─yes─▶ the rules of before
//!                                                       │no
//!                                                       └─ all read anew ─▶ rules, or why there are none
//! ```
//!
//! What cannot be read leaves no rules at all, rather than those of before: somebody changed them
//! because they were to hold no more.

use crate::{
    cli::{Global, assemble, failure::Failure, rules},
    config::Config,
    domain::Digest,
    review::Rules,
    sources::Lens,
    text::SafeText,
};
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// Lens and rules, read again when a file they come from is another one.
pub(super) struct InForce {
    global: Global,
    say: Box<dyn Fn(&str) + Send + Sync>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    /// The files that were read, with the digest of each that was there.
    files: Vec<(PathBuf, Option<Digest>)>,
    rules: Result<(Lens, Rules), String>,
}

impl InForce {
    /// By the options of the command line. `say` hears when the rules change.
    pub fn new(global: &Global, say: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { global: global.clone(), say: Box::new(say), kept: Mutex::new(None) }
    }

    /// The rules now, or why there are none.
    pub fn now(&self) -> Result<(Lens, Rules), String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = &*kept
            && kept.files.iter().all(|(path, seen)| digest(path) == *seen)
        {
            return kept.rules.clone();
        }
        let known = kept.as_ref().map(|kept| kept.files.as_slice()).unwrap_or_default();
        let anew = self.read(known);
        self.tell(kept.as_ref(), &anew);
        let rules = anew.rules.clone();
        *kept = Some(anew);
        rules
    }

    /// Reads everything. Digests are taken first: what changes meanwhile is seen the next time.
    fn read(&self, known: &[(PathBuf, Option<Digest>)]) -> Kept {
        let locations = assemble::locations(&self.global);
        let configs = [&locations.system, &locations.user, &locations.explicit];
        let mut files: Vec<PathBuf> = configs.into_iter().flatten().cloned().collect();
        let seen = |files: &[PathBuf]| -> Vec<(PathBuf, Option<Digest>)> {
            files.iter().map(|path| (path.clone(), digest(path))).collect()
        };
        let before = seen(&files);
        match assemble::load(&self.global) {
            Ok(loaded) => {
                files = named(&loaded.config);
                let files = before.into_iter().chain(seen(&files)).collect();
                Kept { files, rules: self.rules(&loaded.config).map_err(|why| told(&why)) }
            }
            // A policy that was named before may be a part of what is put right.
            Err(why) => {
                files = known.iter().map(|(path, _)| path.clone()).collect();
                let files = before.into_iter().chain(seen(&files)).collect();
                Kept { files, rules: Err(told(&why)) }
            }
        }
    }

    fn rules(&self, config: &Config) -> Result<(Lens, Rules), Failure> {
        Ok((assemble::lens(config)?, rules::rules(&self.global, config)?))
    }

    fn tell(&self, before: Option<&Kept>, now: &Kept) {
        let id = |rules: &Rules| rules.policy.as_ref().map(|policy| policy.id());
        match (before.map(|kept| &kept.rules), &now.rules) {
            (Some(Err(before)), Err(why)) if before == why => {}
            (_, Err(why)) => {
                (self.say)(&format!("until this is put right, every call is refused: {why}"));
            }
            (Some(Ok((_, before))), Ok((_, rules))) if id(before) == id(rules) => {}
            (Some(_), Ok((_, rules))) => {
                if let Some(policy) = id(rules) {
                    (self.say)(&format!("from now on, policy {policy} holds"));
                }
            }
            (None, Ok(_)) => {}
        }
    }
}

/// Files that the configuration names and the rules are read from.
fn named(config: &Config) -> Vec<PathBuf> {
    [&config.policy.file, &config.catalogue.file].into_iter().flatten().cloned().collect()
}

/// Of what is in a file; none where it cannot be read.
fn digest(path: &PathBuf) -> Option<Digest> {
    std::fs::read(path).ok().map(|bytes| Digest::of_bytes(&bytes))
}

/// A failure in one line.
fn told(failure: &Failure) -> String {
    SafeText::block(&failure.message).to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
