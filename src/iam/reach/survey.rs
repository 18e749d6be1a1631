//! The audit: everybody's climb, the search, and what is told of it.
//!
//! ```text
//!   principals ──one thread──▶ weigh: what could it destroy? ────────┐
//!            └───another─────▶ climb: admin? whom can it act as? ──▶ graph ──▶ sure ways
//!                                                                      └────▶ ways that depend
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

pub(super) fn audit(world: &World, catalogue: &Catalogue, options: &Options) -> Audit {
    let ground = Ground::new(world, catalogue, options.now);
    let mut problems = Vec::new();
    if ground.overflow > 0 {
        problems.push(Problem {
            r#where: "escalation catalogue".to_owned(),
            what: format!("{} of its actions are too many to be looked at", ground.overflow),
        });
    }
    let Found { mut answers, climbs, own } = everybody(&ground, options, &mut problems);
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

/// What concerns each principal alone.
struct Found {
    answers: Vec<Answer>,
    climbs: Vec<Climb>,
    /// What somebody's being an administrator depends on.
    own: HashMap<PrincipalId, Vec<String>>,
}

/// What everybody may do, and everybody's climb.
///
/// On a thread each, and not half of the principals on each: what either remembers serves them
/// all, and is worked out once.
fn everybody(ground: &Ground<'_>, options: &Options, problems: &mut Vec<Problem>) -> Found {
    let ids = || (0u32..).take(ground.world.principals.len()).map(PrincipalId);
    let mut weigher = Weigher::new(ground.world);
    let (mut answers, (climbed, is_cut)) = std::thread::scope(|scope| {
        let climbs = scope.spawn(|| climbed(ground, options));
        let answers: Vec<Answer> = ids().map(|id| weighed(&weigher.weigh(id))).collect();
        (answers, climbs.join().unwrap_or_default())
    });
    if is_cut || climbed.len() < answers.len() {
        problems.push(Problem {
            r#where: "reach".to_owned(),
            what: "so many trust policies depend on the single caller that not all were asked; \
                   the rest counts as conditional"
                .to_owned(),
        });
    }
    let mut climbs = Vec::with_capacity(answers.len());
    let mut own = HashMap::new();
    let climbed = climbed.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
    for ((answer, id), climbed) in answers.iter_mut().zip(ids()).zip(climbed) {
        let (admin, climb) = climbed.unwrap_or_default();
        answer.admin = admin;
        climbs.push(climb);
        if admin == Truth::Depends {
            own.insert(id, what_it_hangs_on(&weigher.weigh(id)));
        }
    }
    Found { answers, climbs, own }
}

fn weighed(permissions: &Permissions) -> Answer {
    Answer {
        destructive: permissions.destructive(),
        exposure: permissions.exposure(),
        allowed_actions: permissions.breadth(),
        ..Answer::default()
    }
}

fn climbed(ground: &Ground<'_>, options: &Options) -> (Vec<(Truth, Climb)>, bool) {
    let mut climber = Climber::new(ground, options.counts_raising_others);
    let ids = (0u32..).take(ground.world.principals.len()).map(PrincipalId);
    let climbs = ids.map(|id| {
        let admin = climber.admin(id);
        // Only AWS acts as a service-linked role, so nobody climbs from there.
        let is_out_of_reach = ground.principal(id).is_some_and(|role| role.is_service_linked);
        let has_nowhere_to_go = admin == Truth::Yes || is_out_of_reach;
        (admin, if has_nowhere_to_go { Climb::default() } else { climber.climb(id) })
    });
    (climbs.collect(), climber.is_cut())
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
