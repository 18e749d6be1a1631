//! What of `docker` a table cannot say: what a container runs.

use super::COMPOSE;
use crate::{
    classify::{
        Judge,
        programs::{Matched, containers::inner, table},
    },
    domain::Verb,
};

/// `docker run`: a container, and what it runs.
pub fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(image) = matched.own().first().copied() else {
        return judge.opaque(matched.span(), "which image runs is not said");
    };
    let name = judge.name(image);
    judge.changes(Verb::Run, "containers", name, matched.span(), "stop and remove the container");
    match matched.value("--entrypoint").map(|program| (program, program.known())) {
        Some((program, Some(known))) if !known.is_empty() => {
            inner::run_as(known, program.span(), matched.rest, matched, judge);
        }
        Some((program, None)) => {
            judge.opaque(program.span(), "which program runs is not known");
        }
        _ => inner::in_image(image, matched.rest, matched, judge),
    }
    if matched.rest.is_empty() && !matched.has("--entrypoint") && holds_the_host(matched) {
        judge.opaque(matched.span(), "what the image does with the whole host is not known");
    }
}

/// Whether the container may do to the host whatever it wants.
fn holds_the_host(matched: &Matched<'_, '_>) -> bool {
    let root = |text: &str| {
        text.starts_with("/:") || text.contains("source=/,") || text.contains("src=/,")
    };
    matched.dry(&["--privileged"])
        || matched.values(&["-v", "--volume", "--mount"]).any(|mount| root(mount.text()))
}

/// `docker exec`: what it runs in the container.
pub fn exec(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.rest.is_empty() {
        judge.opaque(matched.span(), "what it runs in the container is not said");
    } else {
        inner::run(matched.rest, matched, judge);
    }
}

/// `podman unshare`: a command among the container's users.
pub fn unshare(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    exec(matched, judge);
}

/// `docker debug`: a shell beside a container.
pub fn debug(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.value("-c").or(matched.value("--command")) {
        Some(script) => {
            judge.script(script, matched.call.variables, matched.call.stdin);
        }
        None => judge.opaque(matched.span(), "what is typed into the shell is not known"),
    }
}

/// `docker compose`, which has a table of its own.
pub fn compose(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.words;
    let start = words.len().saturating_sub(matched.rest.len() + 1);
    table::judge(&COMPOSE, &matched.call.running(&words[start..]), judge);
}
