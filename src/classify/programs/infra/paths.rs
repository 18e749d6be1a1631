//! Where something acts, told by a directory or a file: `envs/prod/main`, `staging.tfvars`.

use crate::{
    classify::{Judge, Word},
    domain::{Environment, Place, PlaceKind},
};

/// Takes the most dangerous environment that a part of a path is known to be. A part that nobody
/// has spoken of says nothing.
pub fn at(path: &Word, judge: &mut Judge<'_>) {
    let places = judge.setting().places;
    let parts = path.prefix().split(['/', '.', '_', '-', '\\']).filter(|part| !part.is_empty());
    let named = parts.take(32).map(|part| {
        places.environment(&Place { kind: PlaceKind::Name, name: part.to_owned().into() })
    });
    if let Some(environment) = named.filter(|found| *found != Environment::Unknown).min() {
        judge.at(environment);
    }
}
