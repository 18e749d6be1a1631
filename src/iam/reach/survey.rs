//! The audit: everybody's climb, the search, and what is told of it.
//!
//! ```text
//!   principals ──two threads──▶ admin? ──no──▶ climb ──▶ graph ──search──▶ sure ways
//!                                                          └─────search──▶ ways that depend
//! ```

use super::{
    Answer, Audit, Options, Step,
    climb::{Climb, Climber},
    doors,
    ground::Ground,
    raise::Summit,
    search::{Graph, Ways},
    tell,
};
use crate::iam::{
    Truth,
    actions::ActionTable,
    escalation::Catalogue,
    permissions::{Grant, Permissions, Weigher},
    world::{PrincipalId, Problem, World},
};

use std::collections::HashMap;

/// Threads; the design measures with two cores.
const WORKERS: usize = 2;

/// What one principal's turn brings.
#[derive(Default)]
struct Found {
    answer: Answer,
    climb: Climb,
    /// What its being an administrator depends on.
    own: Vec<String>,
}

pub(super) fn audit(world: &World, catalogue: &Catalogue, options: &Options) -> Audit {
    let ground = Ground::new(world, catalogue, options.now);
    let mut problems = Vec::new();
    if ground.overflow > 0 {
        problems.push(Problem {
            r#where: "escalation catalogue".to_owned(),
            what: format!("{} of its actions are too many to be looked at", ground.overflow),
        });
    }
    let (mut answers, mut climbs, mut own) = (Vec::new(), Vec::new(), HashMap::new());
    for (index, found) in (0u32..).zip(everybody(&ground, options, &mut problems)) {
        if !found.own.is_empty() {
            own.insert(PrincipalId(index), found.own);
        }
        answers.push(found.answer);
        climbs.push(found.climb);
    }
    let graph = Graph::new(&ground, climbs);
    let reached = Reached::new(&ground, &graph, &answers);
    for (index, answer) in (0u32..).zip(&mut answers) {
        let id = PrincipalId(index);
        answer.reaches_admin = reached.truth(id).or(answer.admin);
        if answer.admin != Truth::Yes {
            answer.path = reached.path(&ground, &graph, id, &own);
        }
    }
    let entry_points = doors::doors(world, |id| {
        answers.get(id.0 as usize).map_or(Truth::No, |answer| answer.reaches_admin)
    });
    Audit { answers, entry_points, problems }
}

/// The answers as far as they concern one principal alone, and the climbs.
fn everybody(ground: &Ground<'_>, options: &Options, problems: &mut Vec<Problem>) -> Vec<Found> {
    let count = ground.world.principals.len();
    let shares: Vec<(Vec<Found>, bool)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| scope.spawn(move || share(ground, options, worker)))
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_default()).collect()
    });
    if shares.iter().any(|(found, is_cut)| *is_cut || found.len() < count / WORKERS) {
        problems.push(Problem {
            r#where: "reach".to_owned(),
            what: "so many trust policies depend on the single caller that not all were asked; \
                   the rest counts as conditional"
                .to_owned(),
        });
    }
    let mut shares: Vec<_> = shares.into_iter().map(|(found, _)| found.into_iter()).collect();
    let all = (0..count).map(|index| {
        let share = shares.get_mut(index % WORKERS);
        share.and_then(Iterator::next).unwrap_or_default()
    });
    all.collect()
}

/// The conditions under which a conditional administrator hands out permissions.
fn what_it_hangs_on(permissions: &Permissions) -> Vec<String> {
    let giving = ["iam:AttachUserPolicy", "iam:AttachRolePolicy", "iam:PutUserPolicy"];
    let giving = giving.iter().filter_map(|name| ActionTable::get().find(name));
    let grants = giving.flat_map(|action| permissions.resources(action));
    let told = grants.map(Grant::conditions).filter(|conditions| !conditions.is_empty());
    match told.min_by_key(Vec::len) {
        Some(conditions) => conditions.into_iter().map(str::to_owned).collect(),
        None => vec!["what is not known of its policies allows it".to_owned()],
    }
}

fn share(ground: &Ground<'_>, options: &Options, worker: usize) -> (Vec<Found>, bool) {
    let mut climber = Climber::new(ground, options.counts_raising_others);
    let mut weigher = Weigher::new(ground.world);
    let ids = (0u32..).take(ground.world.principals.len()).skip(worker).step_by(WORKERS);
    let found = ids.map(PrincipalId).map(|id| {
        let permissions = weigher.weigh(id);
        let admin = permissions.admin();
        let answer = Answer {
            admin,
            destructive: permissions.destructive(),
            exposure: permissions.exposure(),
            allowed_actions: permissions.breadth(),
            ..Answer::default()
        };
        // Only AWS acts as a service-linked role, so nobody climbs from there.
        let is_out_of_reach = ground.principal(id).is_some_and(|role| role.is_service_linked);
        let climb = if admin == Truth::Yes || is_out_of_reach {
            Climb::default()
        } else {
            climber.climb(id)
        };
        let own = if admin == Truth::Depends { what_it_hangs_on(&permissions) } else { Vec::new() };
        Found { answer, climb, own }
    });
    (found.collect(), climber.is_cut())
}

/// Shortest ways to an administrator: sure ones, ones that depend, and ones that need somebody
/// else's credentials as well.
struct Reached {
    sure: Ways,
    maybe: Ways,
    helped: Ways,
}

impl Reached {
    fn new(ground: &Ground<'_>, graph: &Graph, answers: &[Answer]) -> Self {
        let admins = |least: Truth| {
            let all = (0u32..).zip(answers).filter(move |(_, answer)| answer.admin >= least);
            all.map(|(index, _)| PrincipalId(index))
        };
        let summits = |is_wanted: fn(&Summit) -> bool| {
            let all = (0u32..).zip(&graph.nodes);
            all.filter(move |(_, node)| node.summit.as_ref().is_some_and(is_wanted))
                .map(|(index, _)| PrincipalId(index))
        };
        let is_sure = |summit: &Summit| summit.is_own && summit.truth == Truth::Yes;
        let sure = graph.search(ground, admins(Truth::Yes), summits(is_sure), true);
        let maybe = graph.search(
            ground,
            admins(Truth::Depends),
            summits(|summit| summit.is_own && summit.truth.is_possible()),
            false,
        );
        let helped = graph.search(
            ground,
            admins(Truth::Depends),
            summits(|summit| summit.truth.is_possible()),
            false,
        );
        Self { sure, maybe, helped }
    }

    fn truth(&self, id: PrincipalId) -> Truth {
        let is_there = |ways: &Ways| ways.get(id.0 as usize).is_some_and(Option::is_some);
        if is_there(&self.sure) {
            Truth::Yes
        } else if is_there(&self.maybe) || is_there(&self.helped) {
            Truth::Depends
        } else {
            Truth::No
        }
    }

    /// The path of somebody; `own` is what conditional administrators depend on.
    fn path(
        &self,
        ground: &Ground<'_>,
        graph: &Graph,
        id: PrincipalId,
        own: &HashMap<PrincipalId, Vec<String>>,
    ) -> Vec<Step> {
        let found = [&self.sure, &self.maybe, &self.helped]
            .into_iter()
            .find(|ways| ways.get(id.0 as usize).is_some_and(Option::is_some));
        let Some(ways) = found else { return Vec::new() };
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
}
