//! The command lines of the forges: `gh`, `glab`, `hub`.

mod api;
mod gh;
mod glab;

use super::super::Program;

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["gh", "gh.exe"], &gh::GH),
    Program::table(&["glab"], &glab::GLAB),
    Program::table(&["hub"], &glab::HUB),
    Program::table(&["tea"], &glab::TEA),
];
