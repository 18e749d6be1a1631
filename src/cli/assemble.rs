//! From files to a review desk: configuration, store, sources, reviewer.
//!
//! ```text
//!   Locations ─▶ config ─┬─▶ store ────────────────────┐
//!                        ├─▶ catalogue + production ─▶ sources (connected when first asked)
//!                        └─▶ reviewer                  └─▶ Review ─▶ Poller
//! ```

use super::{
    Global, duty,
    failure::{Failure, Kind},
    output::Output,
    rules,
};
use crate::{
    catalogue::Catalogue,
    config::{self, Config, ConfigError, Loaded, Locations},
    domain::{Reviewer, SourceKind, SourceName, SourceState, Untrusted},
    gate::{self, GateSource},
    review::{Poller, Review, Rules, Seal},
    sources::{
        Lens, Reconnecting, Source,
        aws::AwsSource,
        github::{self, GithubSource},
        snapshot::SnapshotSource,
    },
    store::{self, Store},
    trust::Pen,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

const NO_SOURCE: &str = "no source is configured";
const ADD_ONE: &str = "`countersign init` writes a configuration to start from; add [[aws]], \
                       [[github]] or [[snapshot]] to it";

/// Everything a command needs.
pub struct Desk {
    /// The effective configuration.
    pub config: Config,
    /// Decides, revokes, restores.
    pub review: Review,
    /// Asks the sources.
    pub poller: Poller,
}

impl Desk {
    /// Reads the configuration, opens the store, lists the sources. Asks nobody anything yet.
    pub async fn open(global: &Global) -> Result<Self, Failure> {
        let config = load(global)?.config;
        let rules = rules::rules(global, &config)?;
        duty::refresh(&rules.reviewers).await;
        let path = store_path(global, &config)?;
        let store = open_store(&path).await?;
        if let Some(policy) = &rules.policy {
            let text = Some(policy.text());
            let adopted = store.adopt_policy(&policy.id(), text, store.now()).await;
            adopted.map_err(rules::not_adopted)?;
        }
        // So that whatever is asked next knows of it. What cannot be taken in is told by the poll.
        let _ = gate::spool::take_in(&path, &*store).await;
        Self::of(config, store, rules, &path).await
    }

    /// A desk over a store that is open.
    async fn of(
        config: Config,
        store: Arc<dyn Store>,
        rules: Rules,
        path: &Path,
    ) -> Result<Self, Failure> {
        let mut sources = sources_from(&config, &lens(&config)?);
        // Requests of this host's gates come through the store itself; nothing to configure.
        let gate = GateSource::new(Arc::clone(&store), &gate::host_name()).beside(path);
        sources.push(Arc::new(gate));
        for source in &sources {
            store.register(source.name(), source.kind()).await?;
        }
        let seal = seal(&config, path, &*store).await;
        let pen = Pen::new(config.trust.clone());
        let who = whoever(&config, &pen, &rules).await;
        let review = Review::new(store, sources, who).under(rules).signing_with(pen).sealing(seal);
        let poller = Poller::new(review.clone(), config.poll.interval(), config.poll.timeout());
        Ok(Self { config, review, poller })
    }

    /// The stored sources that are configured here; a store can be shared with hosts that have
    /// others.
    pub(super) fn configured(&self, mut sources: Vec<SourceState>) -> Vec<SourceState> {
        sources.retain(|state| self.review.sources().iter().any(|s| *s.name() == state.name));
        sources
    }

    /// Says so where nothing is configured: an empty list would look like good news.
    pub(super) fn mention_missing_sources(&self, output: Output) {
        if self.require_sources().is_err() {
            output.notice(format!("warning: {NO_SOURCE}"));
            output.notice(format!("  next: {ADD_ONE}"));
        }
    }

    /// A failure where nothing is configured that could be asked.
    pub(super) fn require_sources(&self) -> Result<(), Failure> {
        let Config { aws, github, snapshot, .. } = &self.config;
        if aws.is_empty() && github.is_empty() && snapshot.is_empty() {
            return Err(Failure::new(Kind::Config, NO_SOURCE).next(ADD_ONE));
        }
        Ok(())
    }
}

/// What signs the heads of a store's ledger on this host. Nothing that is decided hangs on it; why
/// there is none is logged, and `countersign doctor` tells.
async fn seal(config: &Config, store: &Path, kept: &dyn Store) -> Option<Seal> {
    let (file, memory) = seal_files(config, store);
    let origin = ledger_name(config);
    Seal::open(&file, &memory, &origin, kept.shelf()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "the ledger's heads are not signed here");
        None
    })
}

/// What the ledger of this host is called, which is the name of its key.
pub(super) fn ledger_name(config: &Config) -> String {
    let named = || format!("{}/countersign", gate::host_name());
    config.ledger.origin.clone().unwrap_or_else(named)
}

/// The key of a store's ledger, and where its last head is remembered.
pub(super) fn seal_files(config: &Config, store: &Path) -> (PathBuf, PathBuf) {
    let beside = |end: &str| {
        let mut name = store.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let key = config.ledger.key.clone().unwrap_or_else(|| beside(".ledger-key"));
    (key, beside(".ledger-head"))
}

/// Where files are looked for.
pub(super) fn locations(global: &Global) -> Locations {
    Locations::standard(global.config.clone())
}

/// The effective configuration.
pub(super) fn load(global: &Global) -> Result<Loaded, Failure> {
    config::load(&locations(global)).map_err(|error| config_failure(&error))
}

fn config_failure(error: &ConfigError) -> Failure {
    let text = error.to_string();
    // A failure begins with that word by itself.
    Failure::new(Kind::Config, text.strip_prefix("error: ").unwrap_or(&text))
        .next("put it right; `countersign config check` looks at all of it again")
}

/// The folder for the store and the log.
pub(super) fn state_dir() -> Result<PathBuf, Failure> {
    Locations::standard(None).state.ok_or_else(|| {
        Failure::new(Kind::Io, "there is no home directory to keep anything in")
            .next("set HOME to an absolute path, or give a place with --store")
    })
}

/// Where the store is: its file, or the file that names its server.
pub(super) fn store_path(global: &Global, config: &Config) -> Result<PathBuf, Failure> {
    let named = global.store.as_deref();
    if let Some(path) = place_of(named, config, || state_dir().ok()).map_err(Failure::from)? {
        return Ok(path);
    }
    Ok(state_dir()?.join("countersign.db"))
}

/// As [`store_path`], of what `--store` and the configuration say; `None` where neither does. What
/// lies beside a server's store on this host lies in `state`.
pub(super) fn place_of(
    named: Option<&Path>,
    config: &Config,
    state: impl FnOnce() -> Option<PathBuf>,
) -> Result<Option<PathBuf>, store::StoreError> {
    let url = named.map_or(config.store.url.as_deref(), |named| {
        named.to_str().filter(|text| store::Address::is_url(text))
    });
    let Some(url) = url else {
        return Ok(named.or(config.store.path.as_deref()).map(Path::to_owned));
    };
    let state = state().unwrap_or_else(std::env::temp_dir);
    store::stand_in(url, config.store.password_file.as_deref(), &state).map(Some)
}

/// Opens the store.
pub(super) async fn open_store(path: &Path) -> Result<Arc<dyn Store>, Failure> {
    if path.to_str().is_none() {
        let name = path.display();
        return Err(Failure::new(
            Kind::Store,
            format!("the path of the store {name} is not UTF-8"),
        )
        .next("give another place with `[store] path` or --store"));
    }
    Ok(store::open(path).await?)
}

/// What the sources see the world through.
pub(super) fn lens(config: &Config) -> Result<Lens, Failure> {
    let catalogue = match &config.catalogue.file {
        Some(file) => Catalogue::with_file(file),
        None => Catalogue::builtin(),
    }
    .map_err(|error| {
        Failure::new(Kind::Config, error.to_string()).next("put the catalogue file right")
    })?;
    Ok(Lens { catalogue: Arc::new(catalogue), production: Arc::new(config.production.clone()) })
}

/// Every configured source. Nobody is asked anything yet, and one that cannot even be set up is a
/// failing source that is tried again, not the end of the program.
pub(super) fn sources_from(config: &Config, lens: &Lens) -> Vec<Arc<dyn Source>> {
    let mut sources: Vec<Arc<dyn Source>> = Vec::new();
    for account in &config.aws {
        let (account, lens) = (account.clone(), lens.clone());
        let name = SourceName::new(SourceKind::Aws, &account.name);
        sources.push(Arc::new(Reconnecting::new(name, SourceKind::Aws, move || {
            let (account, lens) = (account.clone(), lens.clone());
            async move { Ok(AwsSource::connect(&account, lens).await) }
        })));
    }
    for settings in &config.github {
        let name =
            SourceName::new(SourceKind::Github, &github::name_of(settings).unwrap_or_default());
        let source: Arc<dyn Source> =
            if let Ok(source) = GithubSource::connect(settings, lens.clone()) {
                Arc::new(source)
            } else {
                let (settings, lens) = (settings.clone(), lens.clone());
                Arc::new(Reconnecting::new(name, SourceKind::Github, move || {
                    let connected = GithubSource::connect(&settings, lens.clone());
                    async move { connected }
                }))
            };
        sources.push(source);
    }
    for files in &config.snapshot {
        sources.push(Arc::new(SnapshotSource::open(files, lens.clone())));
    }
    sources
}

/// Who decides here: whose key is at hand, where decisions are signed. Where that cannot be told, it
/// is whoever the configuration names, and a decision says what is wrong.
async fn whoever(config: &Config, pen: &Pen, rules: &Rules) -> Reviewer {
    let roster = rules.reviewers.now();
    if roster.keys().is_none() {
        return reviewer(config);
    }
    let pen = pen.clone();
    let hand = tokio::task::spawn_blocking(move || pen.whose(&roster)).await;
    if let Ok(Ok(hand)) = hand {
        return hand.reviewer;
    }
    let named = config.trust.reviewer.clone();
    named.map_or_else(|| reviewer(config), |name| Reviewer(Untrusted::new(name)))
}

/// Who decides here without keys: the configured name, or the login name. Nothing vouches for it,
/// which is why every place that shows it says "unsigned".
pub(super) fn reviewer(config: &Config) -> Reviewer {
    let login = || {
        ["USER", "LOGNAME"]
            .into_iter()
            .filter_map(std::env::var_os)
            .map(|name| name.to_string_lossy().into_owned())
            .find(|name| !name.trim().is_empty())
    };
    let name = config
        .ui
        .reviewer
        .clone()
        .or_else(login)
        .unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()));
    Reviewer(Untrusted::new(name))
}
