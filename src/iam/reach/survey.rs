//! The audit: everybody's climb, the search, and what is told of it.
//!
//! ```text
//!   principals ──two threads──▶ admin? ──no──▶ climb ──▶ graph ──search──▶ sure ways
//!                                                          └─────search──▶ ways that depend
//! ```

use super::{
    Answer, Audit, Options,
    climb::{Climb, Climber},
    doors,
    ground::Ground,
    raise::Summit,
    search::{Graph, Next, Ways},
    tell,
};
use crate::iam::{
    Truth,
    escalation::Catalogue,
    permissions::Weigher,
    world::{PrincipalId, Problem, World},
};

/// Threads; the design measures with two cores.
const WORKERS: usize = 2;

/// What one principal's turn brings.
#[derive(Default)]
struct Found {
    answer: Answer,
    climb: Climb,
}

pub(super) fn audit(world: &World, catalogue: &Catalogue, options: &Options) -> Audit {
    let ground = Ground::new(world, catalogue, options.now);
    let mut problems = Vec::new();
    let (mut answers, climbs) = everybody(&ground, options, &mut problems);
    let graph = Graph::new(&ground, climbs);
    let reached = Reached::new(&ground, &graph, &answers);
    for (index, answer) in (0u32..).zip(&mut answers) {
        let id = PrincipalId(index);
        answer.reaches_admin = reached.truth(id).or(answer.admin);
        if answer.admin != Truth::Yes {
            answer.path = reached.path(&ground, &graph, id);
        }
    }
    let entry_points = doors::doors(world, |id| {
        answers.get(id.0 as usize).map_or(Truth::No, |answer| answer.reaches_admin)
    });
    Audit { answers, entry_points, problems }
}

/// The answers as far as they concern one principal alone, and the climbs.
fn everybody(
    ground: &Ground<'_>,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> (Vec<Answer>, Vec<Climb>) {
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
    all.map(|found| (found.answer, found.climb)).unzip()
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
        let climb = if admin == Truth::Yes { Climb::default() } else { climber.climb(id) };
        Found { answer, climb }
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

    fn path(&self, ground: &Ground<'_>, graph: &Graph, id: PrincipalId) -> Vec<super::Step> {
        let found = [&self.sure, &self.maybe, &self.helped].into_iter().find(
            |ways| matches!(ways.get(id.0 as usize), Some(Some((_, next))) if *next != Next::Goal),
        );
        found.map(|ways| tell::path(ground, &graph.nodes, ways, id)).unwrap_or_default()
    }
}
