//! Computes permissions, and remembers what principals have in common.
//!
//! ```text
//!   document ──once an account──▶ clauses ─┐ (once a principal, if they speak of it)
//!   attachments of a principal ────────────┴─▶ key ──seen before?──▶ Permissions
//!                                                 └─no─▶ allow, limit, deny
//! ```

use super::{
    Permissions,
    clause::{Clause, Proviso, clauses, meets_of},
    grant::{Grant, possible},
    layers::Weighing,
    possible::Possible,
    scope::{BOUNDLESS, EVERYTHING, Pattern},
};
use crate::iam::{
    Effect, Facts, ResourcePattern, Rule, Truth,
    actions::Selector,
    world::{Account, Attachment, Boundary, Document, Kind, Principal, PrincipalId, World},
};
use foldhash::{HashMap, HashMapExt as _};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// Computes the permissions of a world's principals.
#[derive(Debug)]
pub struct Weigher<'w> {
    world: &'w World,
    now: i64,
    selector: Selector<'w>,
    accounts: Vec<Workspace>,
    /// Clauses of documents that say the same of every principal of a kind.
    documents: HashMap<(usize, u32, Kind), Clauses>,
    /// What shared clauses grant by themselves, under the name of the policy.
    granted: HashMap<(&'w str, usize), Arc<[Arc<Grant>]>>,
    known: HashMap<Key<'w>, Permissions>,
    /// Clauses that differ by principal, by what came out.
    personal: u64,
}

/// Principals that are remembered: those who share every policy mostly lie close together, and most
/// of the others share them with nobody.
const MOST_KNOWN: usize = 256;

/// What is remembered of an account.
#[derive(Debug, Default)]
struct Workspace {
    possible: Possible,
    patterns: HashMap<(Box<str>, bool), Arc<Pattern>>,
}

/// Principals with equal keys may do the same.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key<'w> {
    account: u32,
    kind: Kind,
    policies: Vec<(&'w str, Said)>,
    boundary: Option<(&'w str, Said)>,
    scps: Vec<Vec<Said>>,
}

/// What a document comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Said {
    Unknown,
    /// The address of its clauses, which live as long as the weigher.
    Shared(usize),
    Personal(u64),
}

/// Clauses, from the cache or not. None: nobody knows what the document says.
pub(super) type Clauses = Option<Arc<[Arc<Clause>]>>;

/// Documents under the names they are told by.
pub(super) type Layer<'w> = Vec<(&'w str, Clauses)>;

impl<'w> Weigher<'w> {
    /// For the principals of a world, at this time.
    pub fn new(world: &'w World) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self::at(world, i64::try_from(now).unwrap_or(i64::MAX))
    }

    /// For the principals of a world, at another time, in seconds since 1970.
    pub fn at(world: &'w World, now: i64) -> Self {
        let accounts = world.accounts.iter().map(|account| Workspace {
            possible: Possible::new(&account.partition, &account.id),
            ..Workspace::default()
        });
        Self {
            world,
            now,
            selector: Selector::default(),
            accounts: accounts.collect(),
            documents: HashMap::new(),
            granted: HashMap::new(),
            known: HashMap::new(),
            personal: 0,
        }
    }

    /// What a principal may do. Nothing, if it is not of this world.
    pub fn weigh(&mut self, id: PrincipalId) -> Permissions {
        let world = self.world;
        let Some(principal) = world.principals.get(id.0 as usize) else {
            return Permissions::default();
        };
        let Some(account) = world.accounts.get(principal.account.0 as usize) else {
            return Permissions::default();
        };
        let facts = std::cell::OnceCell::new();
        let mut key = Key {
            account: principal.account.0,
            kind: principal.kind,
            policies: Vec::new(),
            boundary: None,
            scps: Vec::new(),
        };
        let mut read = |document| self.read(document, principal, &facts);

        let mut identity: Layer<'w> = Vec::with_capacity(principal.policies.len());
        for attachment in &principal.policies {
            let (said, clauses) = read(attachment.document.as_ref());
            key.policies.push((&attachment.name, said));
            identity.push((&attachment.name, clauses));
        }
        let mut limits: Vec<Layer<'w>> = Vec::new();
        match &principal.boundary {
            Boundary::None => {}
            Boundary::Known { arn, document } => {
                let (said, clauses) = read(Some(document));
                key.boundary = Some((arn, said));
                limits.push(vec![(arn, clauses)]);
            }
            Boundary::Unknown { arn } => {
                key.boundary = Some((arn, Said::Unknown));
                limits.push(vec![(arn, None)]);
            }
        }
        for level in scps_over(account, principal) {
            let mut said = Vec::with_capacity(level.len());
            let mut layer = Vec::with_capacity(level.len());
            for attachment in level {
                let (what, clauses) = read(attachment.document.as_ref());
                said.push(what);
                layer.push((&*attachment.name, clauses));
            }
            key.scps.push(said);
            limits.push(layer);
        }

        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let mut grants = Vec::new();
        for ((name, clauses), (_, said)) in identity.iter().zip(&key.policies) {
            let Some(clauses) = clauses else {
                grants.push(Arc::new(unread(name)));
                continue;
            };
            match said {
                Said::Shared(address) => {
                    let known = self.granted.entry((name, *address));
                    let known = known.or_insert_with(|| granted(name, clauses).into());
                    grants.extend(known.iter().map(Arc::clone));
                }
                _ => grants.extend(granted(name, clauses)),
            }
        }
        let grants = Weighing::default().weigh(grants, &identity, &limits);
        let permissions = Permissions::new(grants);
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        self.known.insert(key, permissions.clone());
        permissions
    }

    /// The clauses of a document for a principal.
    fn read(
        &mut self,
        document: Option<&'w Document>,
        principal: &'w Principal,
        facts: &std::cell::OnceCell<Facts>,
    ) -> (Said, Clauses) {
        let Some(document) = document else { return (Said::Unknown, None) };
        let address = Arc::as_ptr(document) as usize;
        let key = (address, principal.account.0, principal.kind);
        if let Some(Some(shared)) = self.documents.get(&key) {
            return (shared_said(shared), Some(Arc::clone(shared)));
        }
        let is_personal = match self.documents.get(&key) {
            Some(None) => true,
            _ => document.rules().iter().any(speaks_of_the_caller),
        };
        let facts = facts.get_or_init(|| {
            let tags = principal.tags.iter().map(|(key, value)| (&**key, &**value));
            Facts::of_principal(&principal.arn, tags, self.now)
        });
        let mut all = Vec::new();
        for (index, rule) in document.rules().iter().enumerate() {
            let actions = self.selector.select(&rule.statement().actions);
            let workspace = self.accounts.get_mut(principal.account.0 as usize);
            let patterns = |rule: &Rule| match workspace {
                Some(workspace) => {
                    let all = rule.resource_patterns(facts);
                    all.into_iter().map(|one| workspace.pattern(one)).collect()
                }
                None => Vec::new(),
            };
            let found = clauses(document, index, &actions, facts, patterns);
            all.extend(found.into_iter().map(Arc::new));
        }
        let all: Arc<[Arc<Clause>]> = all.into();
        if is_personal {
            self.documents.insert(key, None);
            self.personal += 1;
            return (Said::Personal(self.personal), Some(all));
        }
        self.documents.insert(key, Some(Arc::clone(&all)));
        (shared_said(&all), Some(all))
    }
}

impl Workspace {
    fn pattern(&mut self, pattern: ResourcePattern) -> Arc<Pattern> {
        let ResourcePattern { pattern: arn, is_open } = pattern;
        if arn.is_everything() && !is_open {
            return Arc::clone(&EVERYTHING);
        }
        let key = (Box::from(arn.text()), is_open);
        match self.patterns.get(&key) {
            // The same text may mean two things: `${*}` is a plain star in one language only.
            Some(known) if known.arn == arn => Arc::clone(known),
            _ => {
                let possible = self.possible.actions(&arn);
                let new = Arc::new(Pattern { arn, is_open, possible });
                self.patterns.insert(key, Arc::clone(&new));
                new
            }
        }
    }
}

/// The levels of service control policies that bind a principal: none the management account's,
/// none a service-linked role (Organizations User Guide, `orgs_manage_policies_scps.html`).
fn scps_over<'w>(account: &'w Account, principal: &Principal) -> &'w [Vec<Attachment>] {
    match &account.scps {
        Some(levels) if !account.is_management && !principal.is_service_linked => levels,
        _ => &[],
    }
}

/// Whether what a statement says differs between principals of an account.
fn speaks_of_the_caller(rule: &Rule) -> bool {
    use crate::iam::Resources;
    let statement = rule.statement();
    let resources = match &statement.resources {
        Some(Resources::Only(all) | Resources::AllBut(all)) => &**all,
        None => &[],
    };
    let key = |key: &str| {
        let about =
            |start: &str| key.get(..start.len()).is_some_and(|k| k.eq_ignore_ascii_case(start));
        about("aws:principal") || about("aws:user")
    };
    resources.iter().any(|text| text.contains("${"))
        || statement.conditions.iter().any(|condition| {
            key(&condition.key) || condition.values.iter().any(|value| value.contains("${"))
        })
}

/// Equal addresses are equal clauses: the weigher keeps them.
fn shared_said(clauses: &Arc<[Arc<Clause>]>) -> Said {
    Said::Shared(Arc::as_ptr(clauses).cast::<Arc<Clause>>() as usize)
}

/// What the clauses of an identity policy grant by themselves.
fn granted(name: &str, clauses: &[Arc<Clause>]) -> Vec<Arc<Grant>> {
    let mut grants = Vec::new();
    for clause in clauses.iter().filter(|clause| clause.effect == Effect::Allow) {
        let grant = Grant {
            actions: Arc::clone(&clause.actions),
            truth: clause.truth,
            granted: clause.truth,
            because: format!("{name}: {}", clause.name).into(),
            scope: Arc::default(),
            provisos: Arc::clone(&clause.provisos),
            is_unread: false,
            harms: Default::default(),
        };
        let (meets, except) = meets_of(&clause.region);
        if !except.iter().any(|one| one.is_everything()) {
            possible(&grant, &clause.actions, meets, &except, &mut grants);
        }
    }
    grants
}

fn unread(name: &str) -> Grant {
    let words = format!("policy `{name}`, which could not be read, allows it");
    Grant {
        actions: Arc::clone(&EVERYTHING.possible),
        truth: Truth::Depends,
        granted: Truth::Depends,
        because: name.into(),
        scope: Arc::clone(&BOUNDLESS),
        provisos: [Proviso::told(words)].into(),
        is_unread: true,
        harms: Default::default(),
    }
}
