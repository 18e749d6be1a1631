//! Rails: `rails` and `rake`.
//!
//! From <https://guides.rubyonrails.org/command_line.html> and the tasks of Active Record 8
//! (`railties/databases.rake`), 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule},
    BACK, DOWN, DROPS,
};
use crate::{
    classify::{Data, Dialect, Judge, Language, Word},
    domain::{PlaceKind, Verb},
};

const SERVICE: &str = "rails";

/// `rails` and `rake`, also as `bin/rails`.
pub(super) const RAILS: Program = Program { names: &["rails", "rake"], how: How::Table(&CLI) };

static CLI: Cli = Cli {
    valued: &[
        "-e",
        "--environment",
        "-f",
        "--rakefile",
        "-p",
        "--port",
        "-b",
        "--binding",
        "-g",
        "--grep",
        "-c",
        "--controller",
        "--database",
        "--db",
        "-C",
        "-R",
        "-I",
        "-r",
        "--require",
    ],
    flags: &[
        "--trace",
        "--sandbox",
        "-s",
        "--dry-run",
        "-n",
        "--quiet",
        "-q",
        "--silent",
        "--verbose",
        "--skip-executor",
    ],
    places: &[
        ("-e", PlaceKind::Name),
        ("--environment", PlaceKind::Name),
        ("RAILS_ENV", PlaceKind::Name),
        ("RACK_ENV", PlaceKind::Name),
    ],
    harmless: &[
        "--help",
        "-h",
        "--version",
        "-T",
        "--tasks",
        "-D",
        "--describe",
        "-P",
        "--prereqs",
        "-W",
        "--where",
        "-AT",
    ],
    rules: &[
        Rule::reads(""),
        Rule::asks("runner|r", runner),
        Rule::asks("console|c", console),
        Rule::asks("dbconsole|db", dbconsole),
        Rule::reads(
            "routes|about|stats|notes|version|initializers|middleware|time:zones|\
             time:zones:all|help|--tasks|dev:cache|secret|unused_routes|zeitwerk:check|\
             log:tail",
        ),
        Rule::runs(
            "server|s|test|t|test:all|test:system|test:models|spec|runner_test|jobs:work|\
             resque:work|solid_queue:start",
            "stop it",
        ),
        Rule::creates(
            "new|generate|g|plugin|app:update|app:template|active_storage:install|\
             action_text:install|action_mailbox:install|credentials:edit|secrets:edit|\
             encrypted:edit",
            "remove the files",
        ),
        Rule::reveals("credentials:show|secrets:show|encrypted:show", "replace the secrets"),
        Rule::updates("destroy|d", "take the files from version control"),
        Rule::asks("*", tasks),
    ],
    ..Cli::new(SERVICE)
};

/// Several tasks may stand one after the other, with variables between them.
fn tasks(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    // `rake --dry-run` names the tasks only; `rails` knows no such option.
    let program = m.call.words.first().map(Word::text).unwrap_or_default();
    let is_dry = program.ends_with("rake") && (m.has("--dry-run") || m.has("-n"));
    let words: Vec<&Word> = m.path.iter().chain(&m.operands).copied().collect();
    for word in &words {
        if let Some((name, _)) = word.text().split_once('=')
            && matches!(name, "RAILS_ENV" | "RACK_ENV")
        {
            judge.place(PlaceKind::Name, &word.after(name.len() + 1));
        }
    }
    for word in words {
        let at = m.call.words.first().map_or(word.span(), |first| first.span().with(word.span()));
        let Some(text) = word.known() else {
            if !word.prefix().contains('=') {
                judge.opaque(word.span(), "which task runs is not known");
            }
            continue;
        };
        if text.contains('=') && !text.contains('[') {
            continue;
        }
        if is_dry {
            judge.reads(SERVICE, text, at);
            continue;
        }
        let task = text.split('[').next().unwrap_or(text);
        match does(task) {
            Does::Reads => judge.reads(SERVICE, task, at),
            Does::Changes(verb, back) => judge.changes(verb, SERVICE, task, at, back),
            Does::Destroys(verb, lost) => judge.destroys(verb, SERVICE, task, at, lost),
            _ => judge.opaque(word.span(), "what this task does is not known"),
        }
    }
}

fn does(task: &str) -> Does {
    // With several databases a task ends with the name of one: `db:drop:primary`.
    let starts = |name: &str| {
        task == name || task.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'))
    };
    match task {
        "db:version"
        | "db:migrate:status"
        | "db:abort_if_pending_migrations"
        | "db:charset"
        | "db:collation"
        | "routes"
        | "stats"
        | "notes"
        | "about"
        | "secret"
        | "middleware"
        | "assets:environment"
        | "db:migrate:name"
        | "db:schema:cache:dump_check" => Does::Reads,
        "db:migrate:up" | "db:migrate:with_data" => Does::Changes(Verb::Update, BACK),
        "db:migrate:down" | "db:migrate:redo" | "db:migrate:reset" | "db:forward" => {
            Does::Destroys(Verb::Delete, DOWN)
        }
        "db:seed:replant" => Does::Destroys(Verb::Delete, "every row of every table is gone"),
        "db:test:prepare" | "db:test:load" | "db:test:load_schema" | "db:test:purge" => {
            Does::Changes(Verb::Update, "prepare the test database again")
        }
        "assets:clobber" | "assets:clean" | "assets:precompile" | "tmp:clear"
        | "tmp:cache:clear" | "log:clear" | "tmp:create" | "assets:prune" | "webpacker:compile"
        | "webpacker:clobber" | "yarn:install" | "tmp:sockets:clear" | "tmp:pids:clear"
        | "restart" | "css:build" | "javascript:build" => {
            Does::Changes(Verb::Update, "it is made again")
        }
        "test" | "spec" | "default" | "rubocop" | "cucumber" | "brakeman" | "lint" => {
            Does::Changes(Verb::Run, "nothing is lost")
        }
        "cache:clear" | "cache:flush" => Does::Changes(Verb::Delete, "it fills again"),
        "db:system:change"
        | "db:install:migrations"
        | "db:encryption:init"
        | "railties:install:migrations" => Does::Changes(Verb::Create, "remove the files"),
        "active_storage:purge"
        | "jobs:clear"
        | "db:sessions:clear"
        | "db:sessions:trim"
        | "active_storage:purge_unattached" => {
            Does::Destroys(Verb::Delete, "what it removes is gone")
        }
        _ if starts("db:drop") || starts("db:purge") => {
            Does::Destroys(Verb::Delete, "the database and everything in it are gone")
        }
        _ if starts("db:reset") || starts("db:truncate_all") => Does::Destroys(Verb::Delete, DROPS),
        _ if starts("db:schema:load") || starts("db:structure:load") || starts("db:setup") => {
            Does::Destroys(Verb::Delete, "tables of the same names are dropped and made anew")
        }
        _ if starts("db:rollback") => Does::Destroys(Verb::Delete, DOWN),
        _ if starts("db:migrate:status") => Does::Reads,
        _ if starts("db:migrate") || starts("db:prepare") => Does::Changes(Verb::Update, BACK),
        _ if starts("db:create") => Does::Changes(Verb::Create, "drop it again"),
        _ if starts("db:schema:dump")
            || starts("db:structure:dump")
            || starts("db:schema:cache") =>
        {
            Does::Changes(Verb::Create, "take the file from version control")
        }
        _ if starts("db:seed") || starts("db:fixtures:load") => {
            Does::Opaque("what the seeds do is not known")
        }
        _ if task.starts_with("test:") || task.starts_with("spec:") => {
            Does::Changes(Verb::Run, "nothing is lost")
        }
        _ if task.starts_with("db:fixtures") || task.starts_with("db:environment") => {
            Does::Changes(Verb::Update, "set it back")
        }
        _ => Does::Opaque("what this task does is not known"),
    }
}

fn runner(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(code) = m.operands.first() else {
        return judge.opaque(m.span(), "what it runs is not known");
    };
    if code.is("-") {
        return match m.call.stdin {
            Data::Text(text) => judge.code(Language::Ruby, text, m.call),
            _ => judge.opaque(code.span(), "what it runs is not known"),
        };
    }
    let is_file = code
        .known()
        .and_then(|text| text.rsplit_once('.'))
        .is_some_and(|(name, ending)| ending == "rb" && !name.contains(['(', ' ', ';']));
    if !is_file {
        return judge.code(Language::Ruby, code, m.call);
    }
    match code.known().and_then(|name| judge.setting().files.read(name)) {
        Some(text) => judge.code(Language::Ruby, &Word::made(text, code.span()), m.call),
        None => judge.opaque(code.span(), "the file that it runs is not at hand"),
    }
}

fn console(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match m.call.stdin {
        Data::Text(text) => judge.code(Language::Ruby, text, m.call),
        _ => judge.opaque(m.span(), "what is typed into the console is not known"),
    }
}

fn dbconsole(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match m.call.stdin {
        Data::Text(text) => judge.sql(text, Dialect::Generic, "sql"),
        _ => judge.opaque(m.span(), "what is typed into the client is not known"),
    }
}
