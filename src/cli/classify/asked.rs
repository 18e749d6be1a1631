//! What the registries say about the packages that a diff adds.

use crate::{
    classify::{
        Packages,
        diff::{self, Dependency, Registry, Seen},
    },
    cli::output::Output,
    sources::registries::{self, Answer, Places},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// The answers, as the classifier asks for them.
pub(super) struct Asked {
    now: Timestamp,
    seen: HashMap<(Registry, String), Seen>,
}

impl Asked {
    /// Asks about what a diff adds. A registry that does not answer is told, once with a reason.
    pub(super) async fn about(diff: &str, output: Output) -> Self {
        let mut dependencies = diff::dependencies(diff);
        dependencies
            .sort_by(|one, other| (one.registry, &one.name).cmp(&(other.registry, &other.name)));
        dependencies
            .dedup_by(|one, other| (one.registry, &one.name) == (other.registry, &other.name));
        let now = Timestamp::now();
        if dependencies.is_empty() {
            return Self { now, seen: HashMap::new() };
        }
        if output.is_watched() {
            output.notice(format!("asking the registries about {} packages …", dependencies.len()));
        }
        let places = Places::of(|name| std::env::var(name).ok());
        let answers = registries::ask(&dependencies, &places).await;
        let (mut seen, mut silent) = (HashMap::new(), BTreeMap::<_, Vec<String>>::new());
        for (Dependency { registry, name, .. }, answer) in dependencies.into_iter().zip(answers) {
            match answer {
                Answer::Told(told) => {
                    seen.insert((registry, name), told);
                }
                Answer::Silent(why) => silent.entry((registry, why)).or_default().push(name),
            }
        }
        for ((registry, why), names) in silent {
            let shown = names.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = if names.len() > 5 { ", …" } else { "" };
            output.notice(format!(
                "warning: {} could not be asked about {shown}{more}: {why}",
                registry.service()
            ));
        }
        Self { now, seen }
    }
}

impl Packages for Asked {
    fn seen(&self, dependency: &Dependency) -> Option<Seen> {
        self.seen.get(&(dependency.registry, dependency.name.clone())).copied()
    }

    fn now(&self) -> Timestamp {
        self.now
    }
}
