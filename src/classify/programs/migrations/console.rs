//! Symfony's `bin/console`, and Doctrine's own commands.
//!
//! From <https://symfony.com/doc/current/doctrine.html>,
//! <https://www.doctrine-project.org/projects/doctrine-migrations/en/3.9/> and the output of
//! `bin/console list`, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Named, Program, Rule, table},
    BACK, DOWN, DROPS,
};
use crate::{
    classify::{Call, Dialect, Judge, Word},
    domain::{PlaceKind, Verb},
};

/// `bin/console`; `php bin/console` is handed over as `console`.
pub(super) const CONSOLE: Program =
    Program { names: &["console", "doctrine", "doctrine-migrations"], how: How::Code(run) };

/// Symfony's own program, which starts `bin/console` and the others of a project.
pub(super) const SYMFONY: Program = Program { names: &["symfony"], how: How::Code(symfony) };

fn symfony(call: &Call<'_>, judge: &mut Judge<'_>) {
    let (program, inner) = (call.words.first(), call.arguments());
    let runs = match inner.first().and_then(|word| word.known()).unwrap_or_default() {
        "console" => "console",
        "composer" => "composer",
        "php" => "php",
        "phpunit" => "phpunit",
        _ => return table::judge(&SYMFONIES, call, judge),
    };
    if let (Some(program), Some(first)) = (program, inner.first()) {
        let mut words = inner.to_vec();
        words[0] = Word::made(runs, program.span().with(first.span()));
        judge.call(&call.running(&words));
    }
}

static SYMFONIES: Cli = Cli {
    valued: &["--dir", "--port", "--document-root", "--passthru", "--version"],
    harmless: &["--help", "-h", "-V"],
    rules: &[
        Rule::reads(
            "list|help|version|check:requirements|check:security|security:check|local:check:security|local:check:requirements|local:server:status|server:status|server:log|local:server:log|local:php:list|php:list|var:export|local:proxy:status|proxy:status|open:local|book:check-requirements",
        ),
        Rule::new(
            "serve|server:start|server:stop|local:server:start|local:server:stop|proxy:start|proxy:stop|local:proxy:start|local:proxy:stop|server:ca:install|local:new|new|local:php:refresh|php:refresh",
            Does::Changes(Verb::Run, "start or stop it again"),
        ),
    ],
    ..Cli::new("symfony")
};

fn run(call: &Call<'_>, judge: &mut Judge<'_>) {
    let path = call.words.first().and_then(|word| word.known()).unwrap_or_default();
    // Many programs are called `console`; Symfony's lies in `bin` or `app`, or is run by `php`.
    let symfony =
        path == "console" || path.ends_with("bin/console") || path.ends_with("app/console");
    if symfony || path.contains("doctrine") {
        table::judge(&CLI, call, judge);
    } else {
        judge.opaque(call.span(), "this program is not known");
    }
}

static CLI: Cli = Cli {
    valued: &[
        "--em",
        "--connection",
        "--conn",
        "--shard",
        "--group",
        "--configuration",
        "--db-configuration",
        "--filter-expression",
        "--format",
        "--limit",
        "-l",
        "--time-limit",
        "-t",
        "--memory-limit",
        "-m",
        "--failure-limit",
        "--query-time",
        "--path",
        "--namespace",
    ],
    places: &[("-e", PlaceKind::Name), ("--env", PlaceKind::Name), ("APP_ENV", PlaceKind::Name)],
    flags: &[
        "--force",
        "-f",
        "--no-interaction",
        "-n",
        "--if-exists",
        "--full-database",
        "--dump-sql",
        "--complete",
        "--append",
        "--dry-run",
        "--all-or-nothing",
        "--allow-no-migration",
        "--no-debug",
        "-q",
        "-v",
        "--purge-with-truncate",
        "--all",
    ],
    harmless: &["--help", "-h", "--version", "-V"],
    rules: &[
        Rule::asks(
            "doctrine:database:drop|doctrine:schema:drop|orm:schema-tool:drop|dbal:database:drop",
            dropping,
        ),
        Rule::asks("doctrine:schema:update|orm:schema-tool:update", updating),
        Rule::creates(
            "doctrine:database:create|doctrine:schema:create|orm:schema-tool:create",
            "drop it again",
        )
        .dry(&["--dump-sql"]),
        Rule::updates("doctrine:migrations:migrate|migrations:migrate|migrate", BACK)
            .dry(&["--dry-run", "--write-sql"]),
        Rule::asks("doctrine:migrations:execute|migrations:execute|execute", executing),
        Rule::deletes(
            "doctrine:migrations:rollup|migrations:rollup",
            "the list of what was applied is gone",
        ),
        Rule::reads(
            "doctrine:migrations:status|doctrine:migrations:list|\
             doctrine:migrations:current|doctrine:migrations:latest|\
             doctrine:migrations:up-to-date|migrations:status|migrations:list|\
             migrations:current|migrations:up-to-date|status|list|doctrine:schema:validate|\
             orm:validate-schema|doctrine:mapping:info|orm:info|debug:container|\
             debug:router|debug:config|debug:event-dispatcher|debug:autowiring|debug:form|\
             debug:messenger|debug:translation|debug:twig|lint:yaml|lint:twig|\
             lint:container|about|help|messenger:stats|messenger:failed:show|router:match|\
             doctrine:mapping:describe|config:dump-reference|debug:dotenv|debug:firewall|\
             security:check|list:commands|completion",
        ),
        Rule::updates(
            "doctrine:migrations:version|doctrine:migrations:sync-metadata-storage|\
             migrations:version|version",
            "mark it as it was",
        ),
        Rule::creates(
            "doctrine:migrations:diff|doctrine:migrations:generate|\
             doctrine:migrations:dump-schema|migrations:diff|migrations:generate|\
             make:migration|make:entity|make:controller|make:command|make:form|make:crud|\
             make:user",
            "remove the files",
        ),
        Rule::asks("doctrine:query:sql|dbal:run-sql|doctrine:query:dql|orm:run-dql", querying),
        Rule::deletes(
            "doctrine:fixtures:load|hautelook:fixtures:load",
            "every row of the tables is deleted before the fixtures are loaded",
        )
        .when(&[("--append", Does::Changes(Verb::Create, "delete the rows that were added"))]),
        Rule::updates(
            "cache:clear|cache:warmup|cache:pool:clear|cache:pool:prune|cache:pool:delete|\
             doctrine:cache:clear-metadata|doctrine:cache:clear-query|\
             doctrine:cache:clear-result|assets:install|importmap:install|\
             asset-map:compile|router:cache|cache:pool:invalidate-tags|translation:extract",
            "it is made again",
        ),
        Rule::runs(
            "messenger:consume|messenger:stop-workers|messenger:setup-transports|\
             messenger:failed:retry|server:run|server:start|server:stop",
            "stop it",
        ),
        Rule::deletes("messenger:failed:remove", "the messages are gone"),
        Rule::updates(
            "secrets:set|secrets:generate-keys|secrets:encrypt-from-local",
            "set the earlier secret",
        ),
        Rule::deletes("secrets:remove", "the secret is gone"),
        Rule::new("secrets:list", Does::Reads)
            .when(&[("--reveal", Does::Changes(Verb::Reveal, "replace the secrets"))]),
        Rule::reveals("secrets:decrypt-to-local|secrets:reveal", "replace the secrets"),
    ],
    otherwise: Does::Opaque("what this command of the application does is not known"),
    ..Cli::new("doctrine")
};

/// Without `--force` it only says what it would do.
fn dropping(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let acts = m.has("--force") || m.has("-f");
    let does = if acts { Does::Destroys(Verb::Delete, DROPS) } else { Does::Reads };
    m.does(does, Named::Operands, judge);
}

fn updating(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let acts = m.has("--force") || m.has("-f");
    let does = match (acts, m.has("--complete")) {
        (false, _) => Does::Reads,
        (true, true) => Does::Destroys(
            Verb::Delete,
            "tables and columns that the entities do not have are dropped",
        ),
        (true, false) => {
            Does::Opaque("it changes the schema to what the entities say, and may drop columns")
        }
    };
    m.does(does, Named::Operands, judge);
}

fn executing(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = if m.dry(&["--dry-run"]) || m.has("--write-sql") {
        Does::Reads
    } else if m.has("--down") {
        Does::Destroys(Verb::Delete, DOWN)
    } else {
        Does::Changes(Verb::Update, BACK)
    };
    m.does(does, Named::Operands, judge);
}

fn querying(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match m.operands.first() {
        Some(query) => judge.sql(query, Dialect::Generic, "sql"),
        None => judge.opaque(m.span(), "the query is not known"),
    }
}
