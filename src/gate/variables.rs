//! The environment a command gets, and which of its variables decide what it does.
//!
//! ```text
//!   environment, once ─▶ Surroundings ─┬▶ the child gets exactly this
//!                                     ├▶ the classifier: what names a place
//!                                     └▶ pins: names, and digests under a key nobody else has
//! ```

use crate::{
    classify::{Variables, Word},
    domain::{Digest, Pin, Span},
};
use std::ffi::OsString;

/// What a variable's value is good for here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    /// Where it acts: the classifier may know it.
    Place,
    /// What is loaded or run besides: the classifier may know it, and another value makes another
    /// change of it.
    Code,
    /// It may hold a secret: only pinned.
    Secret,
}

/// Variables that decide what a command does, by their names; a `*` at the end stands for any
/// rest. The first that fits counts.
#[rustfmt::skip]
const TABLE: &[(&str, Tells)] = &[
    ("AWS_PROFILE", Tells::Place),
    ("AWS_DEFAULT_PROFILE", Tells::Place),
    ("AWS_REGION", Tells::Place),
    ("AWS_DEFAULT_REGION", Tells::Place),
    ("AWS_ENDPOINT_URL*", Tells::Place),
    ("AWS_CONFIG_FILE", Tells::Place),
    ("AWS_ROLE_ARN", Tells::Place),
    ("AWS_*", Tells::Secret),
    ("CLOUDSDK_CORE_PROJECT", Tells::Place),
    ("CLOUDSDK_ACTIVE_CONFIG_NAME", Tells::Place),
    ("CLOUDSDK_*", Tells::Secret),
    ("GOOGLE_CLOUD_PROJECT", Tells::Place),
    ("GOOGLE_APPLICATION_CREDENTIALS", Tells::Place),
    ("ARM_SUBSCRIPTION_ID", Tells::Place),
    ("ARM_CLIENT_SECRET", Tells::Secret),
    ("AZURE_*", Tells::Secret),
    ("KUBECONFIG", Tells::Place),
    ("KUBE_CONTEXT", Tells::Place),
    ("KUBE_NAMESPACE", Tells::Place),
    ("KUBE_*", Tells::Secret),
    ("HELM_KUBECONTEXT", Tells::Place),
    ("HELM_NAMESPACE", Tells::Place),
    ("HELM_*", Tells::Secret),
    ("DOCKER_HOST", Tells::Place),
    ("DOCKER_CONTEXT", Tells::Place),
    ("TF_WORKSPACE", Tells::Place),
    ("TF_DATA_DIR", Tells::Place),
    ("TF_CLI_ARGS*", Tells::Place),
    ("TF_CLI_CONFIG_FILE", Tells::Code),
    ("TF_*", Tells::Secret),
    ("TOFU_*", Tells::Secret),
    ("PULUMI_STACK", Tells::Place),
    ("PULUMI_*", Tells::Secret),
    ("CDK_*", Tells::Secret),
    ("VAULT_ADDR", Tells::Place),
    ("VAULT_*", Tells::Secret),
    ("DATABASE_URL", Tells::Secret),
    ("*_DATABASE_URL", Tells::Secret),
    ("REDISCLI_HOST", Tells::Place),
    ("REDIS_URL", Tells::Secret),
    ("MONGODB_URI", Tells::Secret),
    ("MYSQL_*", Tells::Secret),
    ("PGPASSWORD", Tells::Secret),
    ("PGPASSFILE", Tells::Secret),
    ("PGOPTIONS", Tells::Place),
    ("PGHOST", Tells::Place),
    ("PGHOSTADDR", Tells::Place),
    ("PGDATABASE", Tells::Place),
    ("PGSERVICE", Tells::Place),
    ("PGUSER", Tells::Place),
    ("PG*", Tells::Secret),
    ("GH_HOST", Tells::Place),
    ("GH_REPO", Tells::Place),
    ("GIT_CONFIG_VALUE*", Tells::Secret),
    ("GIT_CONFIG_PARAMETERS", Tells::Secret),
    ("GIT_*", Tells::Code),
    ("SSH_AUTH_SOCK", Tells::Secret),
    ("RAILS_ENV", Tells::Place),
    ("NODE_ENV", Tells::Place),
    ("MIX_ENV", Tells::Place),
    ("APP_ENV", Tells::Place),
    ("DJANGO_SETTINGS_MODULE", Tells::Place),
    ("PATH", Tells::Code),
    ("LD_*", Tells::Code),
    ("DYLD_*", Tells::Code),
    ("BASH_ENV", Tells::Code),
    ("ENV", Tells::Code),
    ("BASH_FUNC_*", Tells::Code),
    ("SHELLOPTS", Tells::Code),
    ("BASHOPTS", Tells::Code),
    ("IFS", Tells::Code),
    ("ZDOTDIR", Tells::Code),
    ("NODE_OPTIONS", Tells::Code),
    ("NODE_PATH", Tells::Code),
    ("PYTHONPATH", Tells::Code),
    ("PYTHONHOME", Tells::Code),
    ("PYTHONSTARTUP", Tells::Code),
    ("PYTHON*", Tells::Code),
    ("PERL5LIB", Tells::Code),
    ("PERL5OPT", Tells::Code),
    ("RUBYLIB", Tells::Code),
    ("RUBYOPT", Tells::Code),
    ("CLASSPATH", Tells::Code),
    ("JAVA_TOOL_OPTIONS", Tells::Code),
    ("MAKEFLAGS", Tells::Code),
    ("MAKEFILES", Tells::Code),
    ("RSYNC_RSH", Tells::Code),
    ("PSQLRC", Tells::Code),
    ("PAGER", Tells::Code),
    ("EDITOR", Tells::Code),
    ("VISUAL", Tells::Code),
    ("LESSOPEN", Tells::Code),
    ("HOME", Tells::Code),
    ("XDG_CONFIG_HOME", Tells::Code),
];

fn fits(name: &str, pattern: &str) -> bool {
    match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (Some(begin), _) => name.starts_with(begin),
        (None, Some(end)) => name.ends_with(end),
        (None, None) => name == pattern,
    }
}

fn tells(name: &str) -> Option<Tells> {
    TABLE.iter().find(|(pattern, _)| fits(name, pattern)).map(|(_, tells)| *tells)
}

/// An environment as it was when a command was asked for.
#[derive(Clone)]
pub struct Surroundings {
    all: Vec<(OsString, OsString)>,
    named: Vec<String>,
    /// Values may be short secrets: without this key nobody can try them against the digests.
    key: [u8; 32],
}

impl Surroundings {
    /// This process's own, with the names that have to be pinned besides those of the table.
    pub fn current(named: &[String]) -> Result<Self, getrandom::Error> {
        Self::new(std::env::vars_os().collect(), named)
    }

    /// These variables.
    pub fn new(all: Vec<(OsString, OsString)>, named: &[String]) -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self { all, named: named.to_vec(), key })
    }

    /// All variables, for the child.
    pub(super) fn all(&self) -> &[(OsString, OsString)] {
        &self.all
    }

    /// The value of one.
    pub(super) fn get(&self, name: &str) -> Option<&OsString> {
        self.all.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Those that decide what a command does, and those that were named, as pins.
    pub(super) fn pins(&self) -> Vec<Pin> {
        let known = self.all.iter().filter_map(|(name, _)| name.to_str());
        let mut names: Vec<&str> = known.filter(|name| tells(name).is_some()).collect();
        names.extend(self.named.iter().map(String::as_str));
        names.sort_unstable();
        names.dedup();
        let pin = |name: &str| Pin::Variable {
            name: name.to_owned(),
            digest: self.get(name).map(|value| self.digest(name, value)),
        };
        names.into_iter().map(pin).collect()
    }

    fn digest(&self, name: &str, value: &OsString) -> Digest {
        let mut text = self.key.to_vec();
        text.extend_from_slice(name.as_bytes());
        text.push(0);
        text.extend_from_slice(value.as_encoded_bytes());
        Digest::of_bytes(&text)
    }

    /// What the classifier may know: what names a place or loads code, and is no secret.
    pub(super) fn for_classifier(&self) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in &self.all {
            let (Some(name), Some(value)) = (name.to_str(), value.to_str()) else { continue };
            // Everybody has these, and what they lead to is pinned.
            let usual = matches!(name, "PATH" | "HOME" | "PAGER" | "EDITOR" | "VISUAL");
            if !usual && matches!(tells(name), Some(Tells::Place | Tells::Code)) {
                variables.set(name, Word::made(value, Span::default()));
            }
        }
        variables
    }

    /// What makes the same command another change: what it loads, but not where it acts.
    pub(super) fn code(&self) -> Digest {
        let mut text = Vec::new();
        let mut all: Vec<_> = self.all.iter().collect();
        all.sort_unstable();
        for (name, value) in all {
            let Some(known) = name.to_str() else { continue };
            if tells(known) == Some(Tells::Code) {
                text.extend_from_slice(known.as_bytes());
                text.push(0);
                text.extend_from_slice(value.as_encoded_bytes());
                text.push(0);
            }
        }
        Digest::of_bytes(&text)
    }
}

/// Names only: a value may be a secret.
impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.all.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Surroundings;
    use crate::domain::Pin;

    fn of(all: &[(&str, &str)], named: &[&str]) -> Surroundings {
        let all = all.iter().map(|(name, value)| (name.into(), value.into())).collect();
        let named: Vec<String> = named.iter().map(|&name| name.to_owned()).collect();
        Surroundings::new(all, &named).unwrap()
    }

    #[test]
    fn what_decides_is_pinned_and_what_does_not_is_left_alone() {
        let pins = of(
            &[("AWS_PROFILE", "prod"), ("LINES", "40"), ("TF_VAR_password", "x"), ("WHY", "y")],
            &["WHY", "NOT_SET"],
        )
        .pins();
        let names: Vec<_> = pins
            .iter()
            .map(|pin| match pin {
                Pin::Variable { name, digest } => (name.as_str(), digest.is_some()),
                _ => unreachable!("variables only"),
            })
            .collect();
        let set = [("AWS_PROFILE", true), ("NOT_SET", false), ("TF_VAR_password", true)];
        assert_eq!(names, [set.as_slice(), &[("WHY", true)]].concat());
    }

    #[test]
    fn a_digest_says_nothing_to_whoever_tries_values() {
        let one = of(&[("PGPASSWORD", "1234")], &[]);
        assert_ne!(one.pins(), of(&[("PGPASSWORD", "1234")], &[]).pins());
        assert_eq!(one.pins(), one.clone().pins());
        assert!(!format!("{one:?}").contains("1234"));
    }

    #[test]
    fn the_classifier_is_told_places_and_no_secrets() {
        let told =
            of(&[("AWS_PROFILE", "prod"), ("AWS_SECRET_ACCESS_KEY", "s"), ("TF_VAR_x", "s")], &[])
                .for_classifier();
        assert!(told.get("AWS_PROFILE").is_some_and(|word| word.is("prod")));
        assert!(told.get("AWS_SECRET_ACCESS_KEY").is_none() && told.get("TF_VAR_x").is_none());
    }
}
