//! Who gets to an administrator, how surely, and by which way.
//!
//! ```text
//!   sure ways ─▶ sure with a lift ─▶ ways that depend ─▶ the same with a lift ─▶ helped ─▶ unread
//!                        │
//!                        └ C reaches M, M gives T everything, C reaches T: two searches a set of T
//! ```
//!
//! Each kind is looked for among those whom no surer kind has reached.

use super::{
    Step,
    bits::Pair,
    ground::Ground,
    raise::{LeftOut, Raise, Summit, raisable},
    search::{Graph, Next, Ways},
    tell,
};
use crate::iam::{
    Truth,
    world::{AccountId, PrincipalId, Problem},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Sets of principals that somebody can give everything, for which it is asked who reaches both
/// sides; those with the most such hands first. Beyond, that is conditional, which is said.
const MAX_LIFTS: usize = 16;

/// Who reaches somebody that gives everything to a set of principals, and one of these as well.
#[derive(Debug)]
struct Lift {
    /// Ways to those who are raised.
    to_raised: Ways,
    /// Ways to those who raise.
    to_hands: Ways,
    hands: HashMap<PrincipalId, Raise>,
}

/// Principals of an account who can be given everything, and by whom.
struct Raised {
    account: AccountId,
    targets: Arc<Pair>,
    hands: HashMap<PrincipalId, Raise>,
}

impl Lift {
    fn has(&self, id: PrincipalId) -> bool {
        is_there(&self.to_raised, id) && is_there(&self.to_hands, id)
    }
}

/// Shortest ways to an administrator, the surest kind first.
#[derive(Debug)]
pub(super) struct Reached {
    sure: Ways,
    sure_lifts: Vec<Lift>,
    maybe: Ways,
    maybe_lifts: Vec<Lift>,
    /// With somebody else's credentials as well.
    helped: Ways,
    /// By what was not read.
    unread: Ways,
    beyond: Beyond,
}

/// What [`MAX_LIFTS`] cuts off.
#[derive(Debug, Default)]
struct Beyond {
    /// Sets of principals that can be raised.
    sets: usize,
    /// Who raises them.
    hands: HashSet<PrincipalId>,
}

fn is_there(ways: &Ways, id: PrincipalId) -> bool {
    ways.get(id.0 as usize).is_some_and(Option::is_some)
}

impl Reached {
    /// `admins`: whether each principal is an administrator itself.
    pub(super) fn new(ground: &Ground<'_>, graph: &mut Graph, admins: &[Truth]) -> Self {
        let mut beyond = Beyond::default();
        let among = |least: Truth| {
            let all = (0u32..).zip(admins).filter(move |(_, admin)| **admin >= least);
            all.map(|(index, _)| PrincipalId(index))
        };
        let search = |graph: &Graph, least: Truth, is_wanted: fn(&Summit) -> bool| {
            let summits = (0u32..).zip(&graph.nodes);
            let summits = summits
                .filter(|(_, node)| node.summit.as_ref().is_some_and(is_wanted))
                .map(|(index, _)| PrincipalId(index));
            graph.search(ground, among(least), summits, least == Truth::Yes)
        };
        let sure = search(graph, Truth::Yes, Summit::is_sure);
        let sure_lifts = lifts(ground, graph, &sure, true, &mut beyond);
        let maybe = search(graph, Truth::Depends, |summit| {
            summit.is_own && summit.truth.is_possible() && summit.left_out.is_none()
        });
        let maybe_lifts = lifts(ground, graph, &maybe, false, &mut beyond);
        let helped = search(graph, Truth::Depends, |summit| summit.truth.is_possible());
        for (index, node) in (0u32..).zip(&mut graph.nodes) {
            let id = PrincipalId(index);
            let is_beyond = beyond.hands.contains(&id).then_some(LeftOut::Raised);
            let what = is_beyond.or(node.unread.map(LeftOut::Of));
            if node.summit.is_none() && !is_there(&helped, id) {
                node.summit = what.map(Summit::left_out);
            }
        }
        let unread = search(graph, Truth::Depends, |summit| summit.truth.is_possible());
        Self { sure, sure_lifts, maybe, maybe_lifts, helped, unread, beyond }
    }

    /// What was not looked at.
    pub(super) fn told_of_bounds(&self) -> Option<Problem> {
        (self.beyond.sets > 0).then(|| Problem {
            r#where: "reach".to_owned(),
            what: format!(
                "{} sets of principals can be made administrators by somebody, and of the last {} \
                 it is not looked for who reaches both over several steps; that counts as \
                 conditional",
                self.beyond.sets + MAX_LIFTS,
                self.beyond.sets
            ),
        })
    }

    pub(super) fn truth(&self, id: PrincipalId) -> Truth {
        let lifted = |lifts: &[Lift]| lifts.iter().any(|lift| lift.has(id));
        if is_there(&self.sure, id) || lifted(&self.sure_lifts) {
            Truth::Yes
        } else if is_there(&self.unread, id) || lifted(&self.maybe_lifts) {
            // The last search has found whom the ones before it have.
            Truth::Depends
        } else {
            Truth::No
        }
    }

    /// A path that leads from hop to hop only with somebody raised beside it, or by what is not
    /// known.
    pub(super) fn beside(
        &self,
        ground: &Ground<'_>,
        graph: &Graph,
        id: PrincipalId,
    ) -> Option<Vec<Step>> {
        if let Some(lift) = self.sure_lifts.iter().chain(&self.maybe_lifts).find(|l| l.has(id)) {
            return Some(lifted(ground, graph, lift, id));
        }
        (!is_there(&self.helped, id) && is_there(&self.unread, id))
            .then(|| plain(ground, graph, &self.unread, id, &HashMap::new()))
    }

    /// The path of somebody; `own` is what conditional administrators depend on.
    pub(super) fn path(
        &self,
        ground: &Ground<'_>,
        graph: &Graph,
        id: PrincipalId,
        own: &HashMap<PrincipalId, Vec<String>>,
    ) -> Vec<Step> {
        for (ways, lifts) in [
            (&self.sure, &self.sure_lifts),
            (&self.maybe, &self.maybe_lifts),
            (&self.helped, &Vec::new()),
            (&self.unread, &Vec::new()),
        ] {
            if is_there(ways, id) {
                return plain(ground, graph, ways, id, own);
            }
            if let Some(lift) = lifts.iter().find(|lift| lift.has(id)) {
                return lifted(ground, graph, lift, id);
            }
        }
        Vec::new()
    }
}

fn plain(
    ground: &Ground<'_>,
    graph: &Graph,
    ways: &Ways,
    id: PrincipalId,
    own: &HashMap<PrincipalId, Vec<String>>,
) -> Vec<Step> {
    let (mut steps, end) = tell::path(ground, &graph.nodes, ways, id);
    if let Some((end, conditions)) = end.and_then(|end| Some((end, own.get(&end)?))) {
        steps.push(Step {
            from: ground.principal(end).map(|end| end.arn.to_string()).unwrap_or_default(),
            to: tell::ADMINISTRATOR.to_owned(),
            technique: "own-permissions".to_owned(),
            actions: Vec::new(),
            on: Vec::new(),
            conditions: conditions.clone(),
        });
    }
    steps
}

/// To the one who raises; then on to the one who is raised, from there if it leads there, or from
/// the start.
fn lifted(ground: &Ground<'_>, graph: &Graph, lift: &Lift, id: PrincipalId) -> Vec<Step> {
    let (mut steps, hand) = tell::path(ground, &graph.nodes, &lift.to_hands, id);
    let Some((hand, raise)) = hand.and_then(|hand| Some((hand, lift.hands.get(&hand)?))) else {
        return steps;
    };
    let onward = if is_there(&lift.to_raised, hand) { hand } else { id };
    let (rest, target) = tell::path(ground, &graph.nodes, &lift.to_raised, onward);
    // A way that is too long to be told has no end here.
    let Some(target) = target.or_else(|| last_of(&lift.to_raised, onward)) else { return steps };
    let to = match ground.principal(onward) {
        Some(onward) if !rest.is_empty() => &onward.arn,
        _ => tell::ADMINISTRATOR,
    };
    steps.extend(tell::raise(ground, hand, raise, target, to));
    steps.extend(rest);
    steps
}

/// Where a way ends.
fn last_of(ways: &Ways, from: PrincipalId) -> Option<PrincipalId> {
    let mut here = from;
    loop {
        match ways.get(here.0 as usize)?.as_ref()?.1 {
            Next::Hop(_, to) => here = to,
            Next::Goal | Next::Summit => return Some(here),
        }
    }
}

/// Everybody who reaches both sides of a lift, and nobody else of `reached`.
fn lifts(
    ground: &Ground<'_>,
    graph: &Graph,
    reached: &Ways,
    only_sure: bool,
    beyond: &mut Beyond,
) -> Vec<Lift> {
    let mut sets: Vec<Raised> = Vec::new();
    let mut numbers: HashMap<(AccountId, Arc<Pair>), usize> = HashMap::new();
    for (index, node) in (0u32..).zip(&graph.nodes) {
        let id = PrincipalId(index);
        // Whoever gives everything and gets there anyway takes with it all who reach it.
        if node.raises.is_empty() || is_there(reached, id) {
            continue;
        }
        let Some(principal) = ground.principal(id) else { continue };
        for raise in &node.raises {
            let (account, targets) = (principal.account, raise.targets.clone());
            let number = *numbers.entry((account, targets.clone())).or_insert(sets.len());
            if number == sets.len() {
                sets.push(Raised { account, targets, hands: HashMap::new() });
            }
            if let Some(set) = sets.get_mut(number) {
                set.hands.entry(id).or_insert_with(|| raise.clone());
            }
        }
    }
    sets.sort_by_key(|set| std::cmp::Reverse(set.hands.len()));
    let most = MAX_LIFTS.min(sets.len());
    let rest = sets.split_off(most);
    beyond.sets = beyond.sets.max(rest.len());
    beyond.hands.extend(rest.iter().flat_map(|set| set.hands.keys()).copied());
    let mut all = Vec::new();
    for Raised { account, targets, hands } in sets {
        let Some(home) = ground.site(account) else { continue };
        let mut targets = (*targets).clone();
        targets.keep(home.raisable.get_or_init(|| raisable(ground, home)));
        let who = if only_sure { &targets.yes } else { &targets.may };
        if who.is_empty() {
            continue;
        }
        let raised = who.iter().filter_map(|place| ground.at(account, place));
        let to_raised = graph.search(ground, raised, std::iter::empty(), only_sure);
        let from = hands.keys().copied();
        let to_hands = graph.search(ground, from, std::iter::empty(), only_sure);
        let lift = Lift { to_raised, to_hands, hands };
        let mut everybody = (0u32..).take(graph.nodes.len()).map(PrincipalId);
        if everybody.any(|id| lift.has(id) && !is_there(reached, id)) {
            all.push(lift);
        }
    }
    all
}
