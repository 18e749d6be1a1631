//! The programs that are known, a file each: data, and a little code where data is not enough.
//!
//! ```text
//!   Call ──name──▶ Program ──┬─ Table(&Cli): options and subcommands as data ──▶ effects
//!                            └─ Code(fn): what a table cannot say
//! ```
//!
//! A program that is not known is opaque. To add one:
//!
//! 1. a file in its family with a `static CLI: Cli` (see [`Cli`], [`Rule`]), harmless subcommands too;
//! 2. code behind [`Rule::asks`] only where options and operands do not say it all;
//! 3. a line in the family's `PROGRAMS`;
//! 4. lines in `tests/corpus/NAME.jsonl`, in both directions: what it destroys, what only looks so;
//! 5. the documentation it follows in the head of the file.
//!
//! The heads name the documentation a table follows and when that was current. Most tables were
//! written from knowledge of it and checked in parts, not copied from it line by line.

pub(super) mod cloud;
mod containers;
mod databases;
mod development;
mod infra;
mod leaks;
mod migrations;
mod platforms;
mod secret_files;
mod stays;
mod system;
mod table;
pub mod web;
mod wrappers;

pub(super) use stays::stays;
pub(super) use system::secrets::{carries as carries_secret, is_sensitive as is_secret};
pub use table::{Cli, Does, Matched, Named, Rule, Style};

use super::{Call, Judge, is_hole, shell};

/// A program that is known by its name.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// Its names, without a path and without `.exe`.
    pub names: &'static [&'static str],
    /// How a call of it is judged.
    pub how: How,
}

/// How a call is judged.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// By a table of its options and subcommands.
    Table(&'static Cli),
    /// By code.
    Code(fn(&Call<'_>, &mut Judge<'_>)),
}

impl Program {
    /// A program judged by a table.
    const fn table(names: &'static [&'static str], cli: &'static Cli) -> Self {
        Self { names, how: How::Table(cli) }
    }

    /// A program judged by code.
    const fn code(names: &'static [&'static str], code: fn(&Call<'_>, &mut Judge<'_>)) -> Self {
        Self { names, how: How::Code(code) }
    }
}

/// How many programs the parts of a family hold.
const fn count(parts: &[&[Program]]) -> usize {
    let (mut all, mut part) = (0, 0);
    while part < parts.len() {
        all += parts[part].len();
        part += 1;
    }
    all
}

/// The parts of a family as one list; `N` is what [`count`] says.
const fn join<const N: usize>(parts: &[&[Program]]) -> [Program; N] {
    const NOBODY: Program =
        Program { names: &[], how: How::Code(|_: &Call<'_>, _: &mut Judge<'_>| ()) };
    let mut all = [NOBODY; N];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let mut program = 0;
        while program < parts[part].len() {
            all[at] = parts[part][program];
            at += 1;
            program += 1;
        }
        part += 1;
    }
    all
}

/// Every family of programs.
const FAMILIES: &[&[Program]] = &[
    cloud::PROGRAMS,
    containers::PROGRAMS,
    databases::PROGRAMS,
    development::PROGRAMS,
    infra::PROGRAMS,
    migrations::PROGRAMS,
    platforms::PROGRAMS,
    system::PROGRAMS,
    web::PROGRAMS,
    wrappers::PROGRAMS,
];

/// How many names there are.
const NAMES: usize = {
    let (mut all, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut program = 0;
        while program < FAMILIES[family].len() {
            all += FAMILIES[family][program].names.len();
            program += 1;
        }
        family += 1;
    }
    all
};

/// Every name with its program.
static BY_NAME: [(&str, How); NAMES] = {
    let mut all = [("", How::Code(|_: &Call<'_>, _: &mut Judge<'_>| ())); NAMES];
    let (mut at, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut program = 0;
        while program < FAMILIES[family].len() {
            let Program { names, how } = FAMILIES[family][program];
            let mut name = 0;
            while name < names.len() {
                all[at] = (names[name], how);
                at += 1;
                name += 1;
            }
            program += 1;
        }
        family += 1;
    }
    all
};

/// Places of a table that is found in by hash: a power of two, and more than twice the names.
const PLACES: usize = (2 * NAMES + 1).next_power_of_two();

/// Where in [`BY_NAME`] the name with that hash is, counted from 1, or in one of the next places. Made
/// when the program is compiled: a hook that judges one command has no time to make it.
static FOUND_AT: [u16; PLACES] = {
    assert!(NAMES < u16::MAX as usize);
    let mut places = [0; PLACES];
    let mut name = 0;
    while name < NAMES {
        let mut place = hash(BY_NAME[name].0);
        while places[place] != 0 {
            place = (place + 1) % PLACES;
        }
        #[allow(clippy::cast_possible_truncation, reason = "there are fewer names than that")]
        let number = (name + 1) as u16;
        places[place] = number;
        name += 1;
    }
    places
};

/// FNV-1a, by 32 bits: nobody outside chooses the names that are in the table.
const fn hash(name: &str) -> usize {
    let (name, mut hash, mut at) = (name.as_bytes(), 0x811c_9dc5_u32, 0);
    while at < name.len() {
        hash = (hash ^ name[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash as usize % PLACES
}

/// The program of that name.
fn by_name(name: &str) -> Option<&'static How> {
    let places = FOUND_AT.iter().cycle().skip(hash(name)).take(PLACES);
    places
        .take_while(|number| **number != 0)
        .filter_map(|number| BY_NAME.get(usize::from(*number) - 1))
        .find_map(|(known, how)| (*known == name).then_some(how))
}

/// Judges a call by the program it names.
pub fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(program) = call.words.first() else { return };
    if !judge.step(1, call.span()) {
        return;
    }
    let path = program.text();
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    // Which program it is does not hang on a home directory before it.
    if program.is_glob() || program.may_inject() || name.contains(is_hole) {
        judge.opaque(program.span(), "which program runs is not known");
        return;
    }
    if wrappers::runs_another(name, call, judge) {
        return;
    }
    let found = by_name(name).or_else(|| {
        let plain = name.strip_suffix(".exe").or_else(|| name.strip_suffix(".EXE"))?;
        by_name(plain.to_ascii_lowercase().as_str())
    });
    if found.is_some() && anybodys(path, name) {
        judge.opaque(program.span(), "a file of that name may be another program than usual");
    }
    leaks::sends(name, call, judge);
    match found {
        Some(How::Table(cli)) => table::judge(cli, call, judge),
        Some(How::Code(code)) => code(call, judge),
        None if shell::program(name, call, judge) => {}
        None => judge.opaque(program.span(), "this program is not known"),
    }
}

/// Programs that belong to a project and are called where they lie.
const OF_A_PROJECT: &[&str] = &["gradlew", "mvnw", "manage.py", "artisan", "sail", "console"];

/// Whether a path leads to where an agent may well have put a program of its own: it need not do
/// what its name says. Where programs are installed, also below a project, it is taken at its word.
fn anybodys(path: &str, name: &str) -> bool {
    let Some(folder) = path.strip_suffix(name).filter(|folder| !folder.is_empty()) else {
        return false;
    };
    if ["/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/"].iter().any(|own| folder.starts_with(own)) {
        return true;
    }
    let installed = folder.trim_end_matches(['/', '\\']).ends_with("bin");
    let relative =
        !folder.starts_with(['/', '~', '\\']) && !folder.contains(|c| c == ':' || is_hole(c));
    relative && !installed && !OF_A_PROJECT.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::FAMILIES;
    use std::collections::HashSet;

    #[test]
    fn no_name_is_defined_twice() {
        let mut seen = HashSet::new();
        let names = FAMILIES.iter().flat_map(|family| family.iter()).flat_map(|one| one.names);
        let twice: Vec<_> = names.filter(|name| !seen.insert(**name)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn a_program_is_taken_at_its_word_where_programs_are_installed() {
        let anybodys = |path: &str| super::anybodys(path, path.rsplit('/').next().unwrap());
        for path in ["./ls", "/tmp/kubectl", "scripts/git", "../rm"] {
            assert!(anybodys(path), "{path}");
        }
        for path in [
            "ls",
            "/usr/bin/ls",
            "node_modules/.bin/eslint",
            "./gradlew",
            "bin/rails",
            "~/go/bin/x",
        ] {
            assert!(!anybodys(path), "{path}");
        }
    }
}
