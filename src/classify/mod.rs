//! What a command, plan, manifest, query or diff would do: its effects, and what cannot be read.
//!
//! ```text
//!   command ─▶ shell ─▶ Word, Call ─▶ programs ─┐
//!                         ▲   scripts in words   ├─▶ Judge ─▶ Assessment ─▶ Class
//!              sql, code ◀┴──────────────────────┤
//!   mcp:… ─▶ mcp   plan ─▶ plan   manifest, template ─▶ manifest   diff ─▶ diff
//! ```
//!
//! Nothing here does I/O. What lies beside an input (a script it runs, a `package.json`) is asked
//! of [`Files`], which whoever calls provides; without it such a part is opaque. Whatever cannot
//! be read is opaque, and opaque is never harmless.

mod call;
#[cfg(test)]
mod cases;
mod code;
mod file;
mod judge;
mod manifest;
mod mcp;
mod plan;
mod programs;
mod shell;
mod sql;
mod tree;
mod word;

pub mod diff;

pub use call::{Call, Data, Variables};
pub use file::FileWork;
pub use judge::Judge;
pub use sql::Dialect;
pub use word::{HOLE, HOLES, PLAIN, Word, is_hole};

use crate::domain::{Assessment, Environment, Place, Places, Span};
use jiff::Timestamp;

/// Reads what lies beside an input.
pub trait Files {
    /// The text of a file, by its name as the input has it, or nothing: it is not there, not
    /// text, too long, or outside of what may be read.
    fn read(&self, name: &str) -> Option<String>;
}

/// No file can be read.
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Option<String> {
        None
    }
}

/// Nobody has said what is production.
pub struct NoPlaces;

impl Places for NoPlaces {
    fn environment(&self, _: &Place<'_>) -> Environment {
        Environment::Unknown
    }
}

/// What the registries know of packages.
pub trait Packages {
    /// What is known of one, or nothing: nobody has asked.
    fn seen(&self, dependency: &diff::Dependency) -> Option<diff::Seen>;

    /// The time that ages are counted to.
    fn now(&self) -> Timestamp;
}

/// Nobody has asked a registry.
pub struct NoPackages;

impl Packages for NoPackages {
    fn seen(&self, _: &diff::Dependency) -> Option<diff::Seen> {
        None
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// What is known beside an input.
pub struct Setting<'a> {
    /// Reads files beside it.
    pub files: &'a dyn Files,
    /// Says what is production.
    pub places: &'a dyn Places,
    /// What registries know of the packages that a diff adds.
    pub packages: &'a dyn Packages,
    /// Where an input acts that says nothing about it.
    pub environment: Environment,
}

impl Default for Setting<'_> {
    fn default() -> Self {
        Self {
            files: &NoFiles,
            places: &NoPlaces,
            packages: &NoPackages,
            environment: Environment::Unknown,
        }
    }
}

/// A language that programs are given in on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript or TypeScript, for Node, Deno or Bun.
    JavaScript,
    /// Ruby.
    Ruby,
    /// Perl.
    Perl,
    /// PHP.
    Php,
    /// awk.
    Awk,
    /// `PowerShell`.
    PowerShell,
    /// `cmd.exe`.
    Cmd,
    /// The `MongoDB` shell: JavaScript with a database at hand.
    Mongo,
}

/// What a command line would do. `mcp:<server>/<tool> <json>` is a call of an MCP tool.
pub fn command(input: &str, setting: &Setting<'_>) -> Assessment {
    assess(input, setting, |word, judge| {
        if mcp::is_call(input) {
            mcp::call(word, judge);
        } else {
            judge.script(word, &Variables::default(), &Data::Nothing);
        }
    })
}

/// What a program with its arguments would do, when it is started without a shell. Evidence is a
/// part of the words with a space between.
pub fn argv(words: &[&str], setting: &Setting<'_>) -> Assessment {
    argv_with(words, &Variables::default(), setting)
}

/// The same, with variables of the environment it is started in.
pub fn argv_with(words: &[&str], variables: &Variables, setting: &Setting<'_>) -> Assessment {
    let input = words.join(" ");
    assess(&input, setting, |_, judge| {
        let mut offset = 0;
        let word = |text: &&str| {
            let word = Word::exact(*text, offset);
            offset += text.len() + 1;
            word
        };
        let words: Vec<Word> = words.iter().map(word).collect();
        let stdin = Data::Unknown(Span::default());
        if !words.is_empty() {
            judge.call(&Call { words: &words, variables, stdin: &stdin });
        }
    })
}

/// What SQL would do.
pub fn query(input: &str, dialect: Dialect, setting: &Setting<'_>) -> Assessment {
    assess(input, setting, |word, judge| judge.sql(word, dialect, dialect.service()))
}

/// What applying a Terraform plan (`terraform show -json`) would do.
pub fn plan(input: &str, setting: &Setting<'_>) -> Assessment {
    assess(input, setting, plan::plan)
}

/// What applying Kubernetes manifests, the output of `kubectl diff`, a `CloudFormation` template
/// or a change set would do.
pub fn manifest(input: &str, setting: &Setting<'_>) -> Assessment {
    assess(input, setting, manifest::manifest)
}

/// What a tool does to a file, without a shell. Evidence is the path.
pub fn file(path: &str, work: FileWork<'_>, setting: &Setting<'_>) -> Assessment {
    assess(path, setting, |word, judge| file::touch(word, work, judge))
}

/// What merging a unified diff would do.
pub fn diff(input: &str, setting: &Setting<'_>) -> Assessment {
    assess(input, setting, diff::diff)
}

fn assess(
    input: &str,
    setting: &Setting<'_>,
    read: impl FnOnce(&Word, &mut Judge<'_>),
) -> Assessment {
    let mut judge = Judge::new(input, setting);
    read(&Word::exact(input, 0), &mut judge);
    judge.finish()
}
