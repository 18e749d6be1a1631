//! The audit: everybody's climb, the search, and what is told of it.
//!
//! ```text
//!   principals ──one thread──▶ weigh: what could it destroy? ────────┐
//!            └───another─────▶ climb: admin? whom can it act as? ──▶ graph ──▶ sure ways
//!                                                                      └────▶ ways that depend
//! ```

use super::{
    Answer, Audit, Options,
    climb::{Climb, Climber},
    doors,
    ground::Ground,
    reached::Reached,
    search::Graph,
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
    let mut graph = Graph::new(&ground, climbs);
    let admins: Vec<Truth> = answers.iter().map(|answer| answer.admin).collect();
    let reached = Reached::new(&ground, &mut graph, &admins);
    problems.extend(reached.told_of_bounds());
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
