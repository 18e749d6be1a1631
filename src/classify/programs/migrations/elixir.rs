//! `mix`, with the tasks of Ecto.
//!
//! From <https://hexdocs.pm/mix/Mix.html>, <https://hexdocs.pm/ecto_sql/Mix.Tasks.Ecto.Migrate.html>,
//! <https://hexdocs.pm/hex/Mix.Tasks.Hex.Publish.html>, 2026-11.

use super::{
    super::{How, Program},
    BACK, DOWN,
};
use crate::{
    classify::{Call, Judge, Word},
    domain::{PlaceKind, Verb},
};

/// `mix`.
pub(super) const MIX: Program = Program { names: &["mix"], how: How::Code(run) };

fn run(call: &Call<'_>, judge: &mut Judge<'_>) {
    if let Some(environment) = call.variables.get("MIX_ENV") {
        judge.place(PlaceKind::Name, environment);
    }
    let words = call.arguments();
    // `mix do a, b + c` runs several tasks.
    let rest = match words.first() {
        Some(first) if first.is("do") => &words[1..],
        _ => return task(call, words, judge),
    };
    let ends = |word: &Word| word.text().ends_with(',') || word.is("+");
    for part in rest.split_inclusive(ends) {
        let words: Vec<Word> = part
            .iter()
            .filter(|word| !word.is("+"))
            .map(|word| word.part(0..word.text().trim_end_matches(',').len()))
            .collect();
        task(call, &words, judge);
    }
}

fn task(call: &Call<'_>, words: &[Word], judge: &mut Judge<'_>) {
    let program = call.words.first().map(Word::span).unwrap_or_default();
    let Some(first) = words.first() else {
        return judge.changes(Verb::Run, "files", "", program, "nothing is lost");
    };
    let at = program.with(first.span());
    let Some(name) = first.known() else {
        return judge.opaque(first.span(), "which task runs is not known");
    };
    let has = |option: &str| words.iter().any(|word| word.is(option));
    match name {
        _ if name == "help" || has("--help") && name != "run" => judge.reads("mix", name, at),
        "ecto.drop" | "ecto.reset" => judge.destroys(
            Verb::Delete,
            "ecto",
            "",
            at,
            "the database and everything in it are gone",
        ),
        "ecto.rollback" => judge.destroys(Verb::Delete, "ecto", "", at, DOWN),
        "ecto.migrate" | "ecto.load" => judge.changes(Verb::Update, "ecto", "", at, BACK),
        "ecto.create" | "ecto.setup" => {
            judge.changes(Verb::Create, "ecto", "", at, "drop it again");
        }
        "ecto.migrations" | "ecto" | "phx.routes" | "deps" | "deps.tree" | "hex.info"
        | "hex.outdated" | "hex.audit" | "hex.search" | "xref" | "app.tree" | "hex.package"
        | "hex.config" | "hex.docs" | "-v" | "--version" | "profile.tprof" | "hex.user"
        | "deps.audit" => judge.reads("mix", name, at),
        "format" if has("--check-formatted") || has("--dry-run") => judge.reads("mix", name, at),
        "test" | "compile" | "format" | "deps.get" | "deps.update" | "deps.compile" | "credo"
        | "dialyzer" | "phx.server" | "phx.digest" | "release" | "escript.build" | "docs"
        | "clean" | "deps.clean" | "local.hex" | "local.rebar" | "archive.install"
        | "assets.build" | "assets.deploy" | "assets.setup" | "phx.digest.clean"
        | "deps.unlock" | "sobelow" | "coveralls" | "gettext.extract" | "esbuild" | "tailwind"
        | "hex.build" | "loadconfig" | "precommit" | "setup" | "lint" => {
            judge.changes(Verb::Run, "files", name, at, "it is made again");
        }
        "new" | "ecto.gen.migration" | "ecto.gen.repo" | "ecto.dump" => {
            judge.changes(Verb::Create, "files", name, at, "remove the files");
        }
        _ if name.starts_with("phx.gen.") || name.starts_with("phx.new") => {
            judge.changes(Verb::Create, "files", name, at, "remove the files");
        }
        "phx.gen.secret" => judge.reads("mix", name, at),
        "hex.publish" if has("--dry-run") => judge.reads("hex", name, at),
        "hex.publish" => {
            judge.destroys(Verb::Reveal, "hex", "", at, "a published package cannot be taken back");
        }
        "hex.retire" => judge.changes(Verb::Update, "hex", "", at, "unretire it"),
        "eval" => match words.get(1) {
            Some(code) => elixir(code, judge),
            None => judge.opaque(at, "what it runs is not known"),
        },
        "run" => {
            let code = words.iter().position(|word| word.is("-e") || word.is("--eval"));
            match code.and_then(|at| words.get(at + 1)) {
                Some(code) => elixir(code, judge),
                None if words.iter().skip(1).all(|word| word.text().starts_with("--no-")) => {
                    judge.changes(Verb::Run, "mix", "", at, "stop it");
                }
                None => judge.opaque(at, "what the script does is not known"),
            }
        }
        _ => judge.opaque(at, "what this task does is not known"),
    }
}

/// Elixir is not read, but what it is asked to delete can be seen.
fn elixir(code: &Word, judge: &mut Judge<'_>) {
    let text = code.text();
    let deletes = [
        "delete_all",
        "Repo.delete",
        "rm_rf",
        "File.rm",
        "DROP ",
        "TRUNCATE ",
        "drop_",
        "Storage.down",
    ];
    if deletes.iter().any(|word| text.contains(word)) {
        judge.destroys(Verb::Delete, "elixir", "", code.span(), "what the code deletes is gone");
    } else {
        judge.opaque(code.span(), "Elixir is not read");
    }
}
