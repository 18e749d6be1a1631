//! One layer: what its truest `Allow` and its truest `Deny` say.

use super::{Cited, Layer, Named, Request, party};
use crate::iam::{Context, Effect, Rule, Truth};

/// A truth, and the first statement that is as true as that.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Vote<'a> {
    pub(super) truth: Truth,
    pub(super) cited: Option<Cited<'a>>,
}

impl<'a> Vote<'a> {
    /// What there is when nobody has to be asked.
    pub(super) const YES: Self = Self { truth: Truth::Yes, cited: None };

    fn raise(&mut self, truth: Truth, cited: Cited<'a>) {
        if truth > self.truth {
            *self = Self { truth, cited: Some(cited) };
        }
    }

    /// At least open: there is something that nobody can read.
    pub(super) fn open(&mut self) {
        self.truth = self.truth.or(Truth::Depends);
    }

    /// The truer of both; the first if they are alike.
    pub(super) fn or(self, other: Self) -> Self {
        if other.truth > self.truth { other } else { self }
    }
}

/// What a layer says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weighed<'a> {
    pub(super) allow: Vote<'a>,
    pub(super) deny: Vote<'a>,
}

impl Weighed<'_> {
    /// A policy of the layer cannot be read.
    pub(super) fn open(&mut self) {
        self.allow.open();
        self.deny.open();
    }
}

/// What a resource's policy says, its grants apart by whom they name.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Granted<'a> {
    pub(super) direct: Vote<'a>,
    pub(super) role: Vote<'a>,
    pub(super) account: Vote<'a>,
    pub(super) deny: Vote<'a>,
}

impl<'a> Granted<'a> {
    /// The policy cannot be read.
    pub(super) fn open(&mut self) {
        for vote in [&mut self.direct, &mut self.role, &mut self.account, &mut self.deny] {
            vote.open();
        }
    }

    /// The truest grant, however it names the caller.
    pub(super) fn any(&self) -> Vote<'a> {
        self.direct.or(self.role).or(self.account)
    }
}

/// A request, ready to be put to statement after statement.
pub(super) struct Question<'q> {
    pub(super) request: &'q Request<'q>,
    pub(super) context: &'q dyn Context,
    pub(super) has_boundary: bool,
}

impl Question<'_> {
    /// What the request is about: actions that know no resource are about `*` (IAM User Guide,
    /// `reference_policies_elements_resource.html`).
    fn resource(&self) -> &str {
        if self.request.is_wildcard_only { "*" } else { self.request.resource }
    }

    /// Whether a statement speaks of the request, whoever asks.
    pub(super) fn put(&self, rule: &Rule) -> Truth {
        if !rule.covers_action(self.request.action) {
            return Truth::No;
        }
        let covered = rule.covers_resource(self.resource(), self.context);
        if covered == Truth::No { covered } else { covered.and(rule.conditions_hold(self.context)) }
    }

    /// The same in a layer whose policies have to say what they are about. AWS takes none that
    /// does not, so what that would mean is not known.
    pub(super) fn put_of_caller(&self, rule: &Rule) -> Truth {
        match &rule.statement().resources {
            Some(_) => self.put(rule),
            None => self.put(rule).and(Truth::Depends),
        }
    }

    /// A layer without principals.
    pub(super) fn layer<'a>(&self, policies: &[Named<'a>]) -> Weighed<'a> {
        let mut weighed = Weighed::default();
        for policy in policies {
            for rule in policy.rules.rules() {
                let vote = match rule.effect() {
                    Effect::Allow => &mut weighed.allow,
                    Effect::Deny => &mut weighed.deny,
                };
                if vote.truth != Truth::Yes {
                    vote.raise(self.put_of_caller(rule), Cited { policy: policy.name, rule });
                }
            }
        }
        weighed
    }

    /// A resource's policy.
    pub(super) fn resource_policy<'a>(&self, policy: &Named<'a>) -> Granted<'a> {
        let mut granted = Granted::default();
        for rule in policy.rules.rules() {
            let named = self.named(rule);
            if !named.is_any() {
                continue;
            }
            let truth = self.put(rule);
            let cited = Cited { policy: policy.name, rule };
            let of_session = truth.and(Truth::Depends);
            if rule.effect() == Effect::Deny {
                granted.deny.raise(if named.is_sure() { truth } else { of_session }, cited);
                continue;
            }
            for (how, vote) in [
                (named.direct, &mut granted.direct),
                (named.role, &mut granted.role),
                (named.account, &mut granted.account),
            ] {
                if how {
                    vote.raise(truth, cited);
                }
            }
            if named.session {
                granted.direct.raise(of_session, cited);
            }
        }
        granted
    }

    /// Resource control policies: only what they deny matters, as `RCPFullAWSAccess` is always
    /// there and grants everything (AWS Organizations User Guide,
    /// `orgs_manage_policies_rcps_examples.html`).
    pub(super) fn resource_control<'a>(&self, levels: &[Vec<Named<'a>>]) -> Vote<'a> {
        let mut deny = Vote::default();
        for policy in levels.iter().flatten() {
            for rule in policy.rules.rules().iter().filter(|rule| rule.effect() == Effect::Deny) {
                if self.denies_caller(rule, Layer::Rcp) {
                    deny.raise(self.put(rule), Cited { policy: policy.name, rule });
                }
            }
        }
        deny
    }

    /// How a statement names whoever asks.
    pub(super) fn named(&self, rule: &Rule) -> party::Named {
        let principals = rule.statement().principals.as_ref();
        party::named(
            principals,
            rule.effect(),
            self.request.caller,
            self.has_boundary,
            self.context,
        )
    }

    /// Whether a denial of a layer with principals is about whoever asks. AWS takes no other
    /// principal than `*` in resource control policies, so there none stands for it too.
    pub(super) fn denies_caller(&self, rule: &Rule, layer: Layer) -> bool {
        (layer == Layer::Rcp && rule.statement().principals.is_none()) || self.named(rule).is_any()
    }

    /// What a statement leaves open, in words; everything it says has to hold.
    pub(super) fn open(&self, rule: &Rule) -> String {
        let mut parts = rule.open_conditions(self.context);
        let named = self.named(rule);
        if named.session && !named.is_sure() {
            parts.insert(0, "the caller's session has the name that it asks for".to_owned());
        }
        if rule.covers_resource(self.resource(), self.context) == Truth::Depends {
            parts.insert(0, format!("{} is one of its resources", self.resource()));
        }
        parts.join(" and ")
    }
}
