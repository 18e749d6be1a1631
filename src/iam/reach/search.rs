//! Who reaches a goal, by the fewest steps: backward, level by level.
//!
//! ```text
//!   goal ◀── level 1 ◀── level 2 …      principal ──hop──▶ set of targets (shared)
//!            a set is met once: when its first member is reached, everybody who hops into it
//!            is one step further
//! ```
//!
//! Cost: every set is met once and every hop walked once, so it is linear in hops and in the sizes
//! of small sets, plus one look into each large set for each principal reached. No recursion.

use super::{
    bits::Pair,
    climb::{Climb, Means},
    ground::Ground,
    raise::{Raise, Summit},
};
use crate::iam::world::{AccountId, PrincipalId};
use foldhash::{HashMap, HashMapExt as _};
use std::{collections::VecDeque, sync::Arc};

/// Sets of at most so many members are kept by member.
const SMALL: usize = 64;

/// Who can go where.
#[derive(Debug, Default)]
pub(super) struct Graph {
    sets: Vec<Set>,
    /// By principal.
    pub(super) nodes: Vec<Node>,
    /// Small sets by their members.
    by_member: Vec<Vec<u32>>,
    /// Large sets by account.
    large: HashMap<AccountId, Vec<u32>>,
}

#[derive(Debug)]
struct Set {
    account: AccountId,
    targets: Arc<Pair>,
    /// Who hops into it.
    from: Vec<(u32, Means)>,
}

/// What is known of one principal's ways on.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Hops, by set.
    pub(super) hops: Vec<(Means, u32)>,
    pub(super) summit: Option<Summit>,
    /// Whom it can give everything.
    pub(super) raises: Vec<Raise>,
    /// An account of which only part was read, and which it may get on in.
    pub(super) unread: Option<AccountId>,
}

/// The next step on a shortest way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It is there.
    Goal,
    /// It becomes an administrator where it is: [`Node::summit`].
    Summit,
    /// It acts as another.
    Hop(Means, PrincipalId),
}

/// How far everybody is, and by which step.
pub(super) type Ways = Vec<Option<(u32, Next)>>;

impl Graph {
    /// Joins the climbs of everybody, in the order of the world.
    pub(super) fn new(ground: &Ground<'_>, climbs: Vec<Climb>) -> Self {
        let mut graph = Self::default();
        let mut known: HashMap<(AccountId, Arc<Pair>), u32> = HashMap::new();
        for (index, climb) in (0u32..).zip(climbs) {
            let Climb { hops, summit, raises, unread } = climb;
            let mut node = Node { hops: Vec::new(), summit, raises, unread };
            for hop in hops {
                let key = (hop.account, hop.targets);
                let next = u32::try_from(graph.sets.len()).unwrap_or(u32::MAX);
                let number = *known.entry(key.clone()).or_insert(next);
                if number == next {
                    let (account, targets) = key;
                    graph.sets.push(Set { account, targets, from: Vec::new() });
                }
                if let Some(set) = graph.sets.get_mut(number as usize) {
                    set.from.push((index, hop.means));
                }
                node.hops.push((hop.means, number));
            }
            graph.nodes.push(node);
        }
        graph.by_member.resize_with(graph.nodes.len(), Vec::new);
        for (number, set) in (0u32..).zip(&graph.sets) {
            if set.targets.may.iter().nth(SMALL).is_some() {
                graph.large.entry(set.account).or_default().push(number);
                continue;
            }
            for place in set.targets.may.iter() {
                if let Some(member) = ground.at(set.account, place)
                    && let Some(sets) = graph.by_member.get_mut(member.0 as usize)
                {
                    sets.push(number);
                }
            }
        }
        graph
    }

    /// The account and members of a set.
    pub(super) fn set(&self, number: u32) -> Option<(AccountId, &Pair)> {
        self.sets.get(number as usize).map(|set| (set.account, &*set.targets))
    }

    /// Shortest ways to where `goals` are, along sure hops only or along all. `summits` are those
    /// who are there one step later.
    pub(super) fn search(
        &self,
        ground: &Ground<'_>,
        goals: impl Iterator<Item = PrincipalId>,
        summits: impl Iterator<Item = PrincipalId>,
        only_sure: bool,
    ) -> Ways {
        let mut ways: Ways = vec![None; self.nodes.len()];
        let mut is_met = vec![false; self.sets.len()];
        let mut large = self.large.clone();
        let mut queue = VecDeque::new();
        let mut reach =
            |id: PrincipalId, far: u32, next: Next, queue: &mut VecDeque<PrincipalId>| {
                if let Some(slot @ None) = ways.get_mut(id.0 as usize) {
                    *slot = Some((far, next));
                    queue.push_back(id);
                }
            };
        for goal in goals {
            reach(goal, 0, Next::Goal, &mut queue);
        }
        // The first level is walked by itself: who raises itself is as far as who hops to a goal.
        let mut first: Vec<PrincipalId> = queue.drain(..).collect();
        for id in first.drain(..) {
            self.meet(ground, id, only_sure, &mut is_met, &mut large, |from, means| {
                reach(from, 1, Next::Hop(means, id), &mut queue);
            });
        }
        for id in summits {
            reach(id, 1, Next::Summit, &mut queue);
        }
        let mut level = 1;
        while !queue.is_empty() {
            let here: Vec<PrincipalId> = queue.drain(..).collect();
            for id in here {
                self.meet(ground, id, only_sure, &mut is_met, &mut large, |from, means| {
                    reach(from, level + 1, Next::Hop(means, id), &mut queue);
                });
            }
            level += 1;
        }
        ways
    }

    /// Meets every set that somebody is in.
    fn meet(
        &self,
        ground: &Ground<'_>,
        id: PrincipalId,
        only_sure: bool,
        is_met: &mut [bool],
        large: &mut HashMap<AccountId, Vec<u32>>,
        mut visit: impl FnMut(PrincipalId, Means),
    ) {
        let place = ground.place(id);
        let is_in = |set: &Set| {
            if only_sure { set.targets.yes.has(place) } else { set.targets.may.has(place) }
        };
        let mut enter = |number: u32, is_met: &mut [bool]| {
            let Some(set) = self.sets.get(number as usize).filter(|set| is_in(set)) else {
                return false;
            };
            if let Some(slot @ false) = is_met.get_mut(number as usize) {
                *slot = true;
                for (from, means) in &set.from {
                    visit(PrincipalId(*from), *means);
                }
            }
            true
        };
        for number in self.by_member.get(id.0 as usize).into_iter().flatten() {
            enter(*number, is_met);
        }
        let account = ground.principal(id).map(|principal| principal.account);
        if let Some(numbers) = account.and_then(|account| large.get_mut(&account)) {
            numbers.retain(|number| !enter(*number, is_met));
        }
    }
}
