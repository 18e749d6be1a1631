//! Every simple path from one party to another, up to a bound.
//!
//! ```text
//!   everybody's climb ──▶ how far is each from the goal (backward)
//!   from ──depth first, never further from the goal than steps are left──▶ paths, shortest first
//! ```
//!
//! Paths are looked for with one step allowed, then two, and so on, so that the shortest come
//! first and the bound cuts the longest. The way here is kept in a list, not on the call stack.

use super::{
    Bound, Options, Paths, Step,
    climb::{Climber, Means},
    doors,
    ground::Ground,
    raise::{LeftOut, Summit},
    reached::Reached,
    search::{Graph, Ways},
    tell,
};
use crate::iam::{
    Truth,
    escalation::Catalogue,
    world::{PrincipalId, World},
};
use std::{cell::Cell, collections::HashMap};

/// Steps of the search that are taken in all.
const MAX_VISITS: usize = 2_000_000;

/// What paths lead to.
enum Goal {
    Admin,
    Principal(PrincipalId),
}

/// Everything a search needs.
struct Map<'g> {
    ground: &'g Ground<'g>,
    graph: Graph,
    /// How far everybody is from the goal.
    ways: Ways,
    goal: Goal,
    /// Of paths to an administrator, those no hop shows.
    reached: Option<Reached>,
    is_admin: Vec<bool>,
    /// Something was left out because too few steps were left.
    is_cut: Cell<bool>,
}

/// One way on from a principal.
#[derive(Clone)]
enum On {
    Hop(Means, PrincipalId),
    Summit(Summit),
}

pub(super) fn paths(
    world: &World,
    catalogue: &Catalogue,
    from: &str,
    to: &str,
    bound: Bound,
    options: &Options,
) -> Paths {
    let ground = Ground::new(world, catalogue, options.now);
    let nothing = |note: String| Paths { paths: Vec::new(), note: Some(note) };
    let goal = if to == "admin" || to == tell::ADMINISTRATOR {
        Goal::Admin
    } else {
        match named(world, to) {
            Ok(id) => Goal::Principal(id),
            Err(note) => return nothing(note),
        }
    };
    let starts: Vec<(PrincipalId, Option<Step>)> = match named(world, from) {
        Ok(id) => vec![(id, None)],
        Err(note) => {
            let steps = doors::steps_from(&ground, from);
            if steps.is_empty() {
                return nothing(format!("{note}, and no role lets a party of that name in"));
            }
            steps.into_iter().map(|(id, step)| (id, Some(step))).collect()
        }
    };
    let map = Map::new(&ground, goal, options);
    map.paths(&starts, bound)
}

/// A principal by ARN, or by a name that only one has.
fn named(world: &World, name: &str) -> Result<PrincipalId, String> {
    if let Some(id) = world.find(name) {
        return Ok(id);
    }
    let mut all = (0u32..).zip(&world.principals).filter(|(_, principal)| *principal.name == *name);
    match (all.next(), all.next()) {
        (Some((index, _)), None) => Ok(PrincipalId(index)),
        (Some(_), Some(_)) => {
            Err(format!("several principals are named {name}; say which by its ARN"))
        }
        (None, _) => Err(format!("no principal is named {name}")),
    }
}

impl<'g> Map<'g> {
    fn new(ground: &'g Ground<'g>, goal: Goal, options: &Options) -> Self {
        let mut climber = Climber::new(ground, options.counts_raising_others);
        let ids = || (0u32..).take(ground.world.principals.len()).map(PrincipalId);
        let admins: Vec<Truth> = ids().map(|id| climber.admin(id)).collect();
        let climbs = ids().map(|id| climber.climb(id)).collect();
        let mut graph = Graph::new(ground, climbs);
        let is_admin: Vec<bool> = admins.iter().map(|truth| *truth == Truth::Yes).collect();
        let ways = match goal {
            Goal::Principal(id) => {
                graph.search(ground, [id].into_iter(), std::iter::empty(), false)
            }
            Goal::Admin => {
                let admins = ids().filter(|id| is_admin.get(id.0 as usize) == Some(&true));
                let summits = ids().filter(|id| {
                    graph.nodes.get(id.0 as usize).is_some_and(|node| node.summit.is_some())
                });
                graph.search(ground, admins, summits, false)
            }
        };
        let to_admin = matches!(goal, Goal::Admin);
        let reached = to_admin.then(|| Reached::new(ground, &mut graph, &admins));
        Self { ground, graph, ways, goal, reached, is_admin, is_cut: Cell::new(false) }
    }

    /// Steps that are left at least.
    fn far(&self, id: PrincipalId) -> Option<usize> {
        self.ways.get(id.0 as usize)?.as_ref().map(|(far, _)| *far as usize)
    }

    fn is_goal(&self, id: PrincipalId) -> bool {
        match self.goal {
            Goal::Admin => self.is_admin.get(id.0 as usize) == Some(&true),
            Goal::Principal(goal) => goal == id,
        }
    }

    /// Ways on that get to the goal in so many steps.
    fn ways_on(&self, id: PrincipalId, left: usize) -> Vec<On> {
        let Some(node) = self.graph.nodes.get(id.0 as usize) else { return Vec::new() };
        let mut all = Vec::new();
        let summit = node.summit.as_ref();
        let summit = summit.filter(|it| !matches!(it.left_out, Some(LeftOut::Of(_))));
        if let (Goal::Admin, Some(summit)) = (&self.goal, summit) {
            all.push(On::Summit(summit.clone()));
        }
        for (means, set) in &node.hops {
            let Some((account, targets)) = self.graph.set(*set) else { continue };
            let targets = targets.may.iter().filter_map(|place| self.ground.at(account, place));
            for to in targets.filter(|to| *to != id) {
                match self.far(to) {
                    Some(far) if far < left => all.push(On::Hop(*means, to)),
                    Some(_) => self.is_cut.set(true),
                    None => {}
                }
            }
        }
        all
    }

    fn paths(&self, starts: &[(PrincipalId, Option<Step>)], bound: Bound) -> Paths {
        let mut told = Paths::default();
        let mut steps: HashMap<(PrincipalId, Means, PrincipalId), Step> = HashMap::new();
        let mut visits = 0;
        'longer: for length in 0..=bound.steps {
            self.is_cut.set(false);
            for (start, first) in starts {
                let taken = usize::from(first.is_some());
                if length < taken || self.far(*start).is_none() {
                    continue;
                }
                // Each entry: who, and which of its ways on are still to be tried.
                let mut trail = vec![(*start, self.begin(*start, length - taken))];
                let mut made: Vec<On> = Vec::new();
                if self.far(*start).is_some_and(|far| far + taken > length) {
                    self.is_cut.set(true);
                }
                if self.is_goal(*start) {
                    if let (Some(first), true) = (first, length == taken) {
                        told.paths.push(vec![first.clone()]);
                    }
                    continue;
                }
                while let Some((here, rest)) = trail.last_mut() {
                    let here = *here;
                    visits += 1;
                    if visits > MAX_VISITS {
                        told.note = Some(format!(
                            "after {MAX_VISITS} steps of the search there may be more paths"
                        ));
                        break 'longer;
                    }
                    let Some(next) = rest.pop() else {
                        trail.pop();
                        made.pop();
                        continue;
                    };
                    let left = length - taken - made.len();
                    let is_there = match &next {
                        On::Summit(_) => true,
                        On::Hop(_, to) => self.is_goal(*to),
                    };
                    if is_there {
                        // Shorter ones have been told already.
                        if left == 1 {
                            let mut path: Vec<Step> = first.iter().cloned().collect();
                            let mut from = *start;
                            for on in made.iter().chain([&next]) {
                                path.extend(self.tell(&mut steps, from, on));
                                if let On::Hop(_, to) = on {
                                    from = *to;
                                }
                            }
                            told.paths.push(path);
                            if told.paths.len() >= bound.paths {
                                told.note = Some(format!(
                                    "the first {} are shown; there may be more",
                                    bound.paths
                                ));
                                break 'longer;
                            }
                        }
                        continue;
                    }
                    let On::Hop(_, to) = next else { continue };
                    if left < 2 {
                        self.is_cut.set(true);
                        continue;
                    }
                    if to == *start || trail.iter().any(|(known, _)| *known == to) || to == here {
                        continue;
                    }
                    let on = self.begin(to, left - 1);
                    made.push(next);
                    trail.push((to, on));
                }
            }
        }
        self.beside(starts, bound, &mut told);
        if told.note.is_none() && self.is_cut.get() {
            told.note = Some(if told.paths.is_empty() {
                format!("there is no path of {} steps; longer ones are not looked for", bound.steps)
            } else {
                format!("paths of more than {} steps are not looked for", bound.steps)
            });
        }
        if told.note.is_none() && told.paths.is_empty() {
            told.note = Some(
                if starts.iter().any(|(start, first)| first.is_none() && self.is_goal(*start)) {
                    "it is there already"
                } else if self.ground.sites.iter().any(|site| !site.account.is_complete) {
                    "there is no path, as far as the files tell, and part of them is missing"
                } else {
                    "there is no path, as far as the files tell"
                }
                .to_owned(),
            );
        }
        told
    }

    /// Adds the paths to an administrator that no hop shows, one of each start at most.
    fn beside(&self, starts: &[(PrincipalId, Option<Step>)], bound: Bound, told: &mut Paths) {
        let Some(reached) = &self.reached else { return };
        for (start, first) in starts.iter().filter(|(start, _)| !self.is_goal(*start)) {
            let Some(rest) = reached.beside(self.ground, &self.graph, *start) else { continue };
            let path: Vec<Step> = first.iter().cloned().chain(rest).collect();
            if path.len() > bound.steps {
                self.is_cut.set(true);
            } else if told.paths.len() < bound.paths {
                let at = told.paths.partition_point(|known| known.len() <= path.len());
                told.paths.insert(at, path);
            }
        }
    }

    /// The ways on, to be taken from the end.
    fn begin(&self, id: PrincipalId, left: usize) -> Vec<On> {
        let mut all = self.ways_on(id, left.max(1));
        all.reverse();
        all
    }

    fn tell(
        &self,
        known: &mut HashMap<(PrincipalId, Means, PrincipalId), Step>,
        from: PrincipalId,
        on: &On,
    ) -> Option<Step> {
        match on {
            On::Summit(summit) => tell::summit(self.ground, from, summit),
            On::Hop(means, to) => {
                let key = (from, *means, *to);
                if let Some(step) = known.get(&key) {
                    return Some(step.clone());
                }
                let step = tell::hop(self.ground, from, *means, *to)?;
                known.insert(key, step.clone());
                Some(step)
            }
        }
    }
}
