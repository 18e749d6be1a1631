//! The decision itself: layer after layer, in AWS's order.

use super::{
    Because, Caller, Decision, Layer, Layers, Named, Request, Ruling, aws,
    weigh::{Granted, Question, Vote, Weighed},
};
use crate::iam::{Context, Truth};

mod open;

/// Decides one request.
///
/// Without open conditions the answer is AWS's. With them, [`Ruling::allowed`] is
/// [`Truth::Depends`] and [`Ruling::conditions`] names what has to hold.
pub fn decide<'a>(request: &Request<'_>, layers: &Layers<'a>, context: &dyn Context) -> Ruling<'a> {
    if aws::needs_no_permission(request) {
        return Ruling::allowed(Because { layer: Layer::Aws, statement: None });
    }
    let has_boundary = layers.boundary.is_some() || layers.has_unknown_boundary;
    let question = Question { request, context, has_boundary };
    Hearing::open(&question, layers).ruling()
}

/// Layers that have to allow a request together, the first to be told first.
type Way<'a> = [(Layer, Vote<'a>); 4];

/// Every layer that has a say, weighed.
struct Hearing<'q, 'l, 'a> {
    question: &'q Question<'q>,
    layers: &'l Layers<'a>,
    kind: Kind,
    rcp: Vote<'a>,
    scp: Weighed<'a>,
    resource: Granted<'a>,
    identity: Weighed<'a>,
    boundary: Weighed<'a>,
    session: Weighed<'a>,
}

/// Which of the rules in the room's table applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The caller's own account.
    Same,
    /// The same, and the resource's policy has to name the caller or its account.
    SameAndNamed,
    /// Another account.
    Cross,
    /// Nobody's account: only the resource's policy speaks.
    Outside,
}

impl<'q, 'l, 'a> Hearing<'q, 'l, 'a> {
    fn open(question: &'q Question<'q>, layers: &'l Layers<'a>) -> Self {
        let request = question.request;
        let weighs = |policies: &[Named<'a>]| question.layer(policies);
        let cap = |policies: Option<&Vec<Named<'a>>>| match policies {
            Some(policies) => weighs(policies),
            None => Weighed { allow: Vote::YES, deny: Vote::default() },
        };
        let kind = Self::kind(request, layers);
        // Only somebody of an account has policies of their own.
        let own = kind != Kind::Outside;
        let nothing = Weighed { allow: Vote::YES, deny: Vote::default() };
        let mut hearing = Self {
            question,
            layers,
            kind,
            rcp: Self::rcp(question, layers),
            scp: if own { Self::scp(question, layers) } else { nothing },
            resource: layers
                .resource
                .as_ref()
                .map(|policy| question.resource_policy(policy))
                .unwrap_or_default(),
            identity: if own { weighs(&layers.identity) } else { nothing },
            boundary: if own { cap(layers.boundary.as_ref()) } else { nothing },
            session: if own { cap(layers.session.as_ref()) } else { nothing },
        };
        if own && layers.has_unknown_boundary {
            hearing.boundary.allow.truth = hearing.boundary.allow.truth.and(Truth::Depends);
            hearing.boundary.deny.truth = hearing.boundary.deny.truth.or(Truth::Depends);
        }
        for unread in &layers.unread {
            match unread.layer {
                Layer::Identity if own => hearing.identity.open(),
                Layer::Resource | Layer::Trust => hearing.resource.open(),
                _ => {}
            }
        }
        match request.caller {
            // Has full access to what is its account's (IAM User Guide,
            // `reference_policies_evaluation-logic_policy-eval-denyallow.html`).
            Caller::Root(_) => {
                hearing.identity.allow = Vote::YES;
                if kind == Kind::Same && aws::root_keeps(request.action) {
                    hearing.resource.deny = Vote::default();
                }
            }
            // Without a session policy it has no permissions but those a resource's policy gives
            // the session itself (IAM User Guide,
            // `id_credentials_temp_control-access_getfederationtoken.html`).
            Caller::FederatedUser(_) if layers.session.is_none() => {
                hearing.session.allow = Vote::default();
            }
            _ => {}
        }
        hearing
    }

    fn kind(request: &Request<'_>, layers: &Layers<'_>) -> Kind {
        let Some(own) = request.caller.account() else { return Kind::Outside };
        if aws::needs_no_resource_policy(request.action) {
            return Kind::Same;
        }
        if aws::account_of_resource(request).is_some_and(|account| account != own) {
            return Kind::Cross;
        }
        let is_named =
            aws::is_of_trust(request) || aws::is_of_key(request, layers.resource.is_some());
        if is_named { Kind::SameAndNamed } else { Kind::Same }
    }

    /// Resource control policies bind members' resources of some services; service-linked roles
    /// are left alone (AWS Organizations User Guide, `orgs_manage_policies_rcps.html`).
    fn rcp(question: &Question<'_>, layers: &Layers<'a>) -> Vote<'a> {
        let Some(levels) = &layers.rcps else { return Vote::default() };
        let request = question.request;
        let account = aws::account_of_resource(request).or_else(|| request.caller.account());
        let is_bound = (layers.management_account.is_none()
            || account != layers.management_account)
            && !request.caller.is_service_linked()
            && aws::has_rcps(request);
        if is_bound { question.resource_control(levels) } else { Vote::default() }
    }

    /// Service control policies bind members, root users included; every level has to allow
    /// (AWS Organizations User Guide, `orgs_manage_policies_scps.html`,
    /// `orgs_manage_policies_scps_evaluation.html`).
    fn scp(question: &Question<'_>, layers: &Layers<'a>) -> Weighed<'a> {
        let caller = question.request.caller;
        let mut all = Weighed { allow: Vote::YES, deny: Vote::default() };
        let is_bound = !caller.is_service_linked()
            && (layers.management_account.is_none()
                || caller.account() != layers.management_account);
        let levels = layers.scps.iter().filter(|_| is_bound).flatten();
        for (number, level) in levels.enumerate() {
            let mut weighed = question.layer(level);
            if layers.unread.iter().any(|it| it.layer == Layer::Scp && it.level == number) {
                weighed.open();
            }
            if weighed.allow.truth < all.allow.truth {
                all.allow = weighed.allow;
            }
            all.deny = all.deny.or(weighed.deny);
        }
        all
    }

    /// What each layer denies, in the order in which it is told.
    fn denies(&self) -> [(Layer, Vote<'a>); 6] {
        [
            (Layer::Rcp, self.rcp),
            (Layer::Scp, self.scp.deny),
            (self.resource_layer(), self.resource.deny),
            (Layer::Identity, self.identity.deny),
            (Layer::Boundary, self.boundary.deny),
            (Layer::Session, self.session.deny),
        ]
    }

    fn resource_layer(&self) -> Layer {
        if aws::is_of_trust(self.question.request) { Layer::Trust } else { Layer::Resource }
    }

    /// The ways to be granted the request, as the room's table has them.
    fn ways(&self) -> [Way<'a>; 3] {
        let layer = self.resource_layer();
        let free = (layer, Vote::YES);
        let (identity, boundary, session) = (
            (Layer::Identity, self.identity.allow),
            (Layer::Boundary, self.boundary.allow),
            (Layer::Session, self.session.allow),
        );
        let direct = [(layer, self.resource.direct), free, free, free];
        let role = [(layer, self.resource.role), boundary, session, free];
        let never = [(layer, Vote::default()), free, free, free];
        match self.kind {
            Kind::Same => [direct, role, [identity, boundary, session, free]],
            Kind::SameAndNamed => {
                [direct, role, [(layer, self.resource.account), identity, boundary, session]]
            }
            Kind::Cross => {
                [never, never, [(layer, self.resource.any()), identity, boundary, session]]
            }
            Kind::Outside => [never, never, direct],
        }
    }

    fn ruling(&self) -> Ruling<'a> {
        let denies = self.denies();
        for (layer, deny) in denies {
            if deny.truth == Truth::Yes {
                let because = Because { layer, statement: deny.cited };
                return Ruling::denied(Decision::ExplicitlyDenied, because);
            }
        }
        let refuse =
            |layer| Ruling::denied(Decision::ImplicitlyDenied, Because { layer, statement: None });
        if aws::is_refused(self.question.request) {
            return refuse(Layer::Aws);
        }
        if self.scp.allow.truth == Truth::No {
            return refuse(Layer::Scp);
        }
        let ways = self.ways();
        let mut best = &ways[0];
        for way in &ways {
            if truth(way) > truth(best) {
                best = way;
            }
        }
        if truth(best) == Truth::No {
            return refuse(missing(&ways));
        }
        let forbidden = denies.iter().fold(Truth::No, |any, (_, vote)| any.or(vote.truth));
        let allowed = truth(best).and(self.scp.allow.truth).and(forbidden.negate());
        let conditions = if allowed == Truth::Depends { self.conditions(best) } else { Vec::new() };
        Ruling { allowed, decision: Decision::Allowed, because: because(best), conditions }
    }
}

fn truth(way: &Way<'_>) -> Truth {
    way.iter().fold(Truth::Yes, |all, (_, vote)| all.and(vote.truth))
}

/// The layer at which the way that got furthest ends; of those alike, the last.
fn missing(ways: &[Way<'_>]) -> Layer {
    let ends = |way: &Way<'_>| way.iter().position(|(_, vote)| vote.truth == Truth::No);
    let furthest = ways.iter().filter_map(|way| ends(way).map(|at| (at, way[at].0)));
    furthest.max_by_key(|(at, _)| *at).map_or(Layer::Identity, |(_, layer)| layer)
}

/// The caller's own grant where it takes one, else the resource's. Without a statement it is the
/// layer that has a policy nobody could read.
fn because<'a>(way: &Way<'a>) -> Because<'a> {
    let own = way.iter().find(|(layer, _)| *layer == Layer::Identity);
    let cited = own.into_iter().chain(way).find(|(_, vote)| vote.cited.is_some());
    let open = way.iter().find(|(_, vote)| vote.truth == Truth::Depends);
    let told = cited.or(open);
    told.map_or(Because { layer: Layer::Aws, statement: None }, |(layer, vote)| Because {
        layer: *layer,
        statement: vote.cited,
    })
}
