//! Migrations in PHP: Laravel's `artisan` and `phinx`.
//!
//! From <https://laravel.com/docs/12.x/migrations>, <https://laravel.com/docs/12.x/artisan>, the
//! output of `artisan list`, and <https://book.cakephp.org/phinx/0/en/commands.html>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule, table},
    BACK, DOWN, DROPS,
};
use crate::{
    classify::{Call, Data, Judge, Language, Word},
    domain::{PlaceKind, Verb},
};

const DRY: &[&str] = &["--pretend"];
const RUN: Does = Does::Changes(Verb::Run, "stop it");

/// `php artisan` is handed over under the name `artisan`; `sail` passes the same words on.
pub(super) const ARTISAN: Program = Program { names: &["artisan"], how: How::Table(&ARTISANS) };

static ARTISANS: Cli = Cli {
    valued: &[
        "--path",
        "--step",
        "--batch",
        "--schema-path",
        "--class",
        "--seeder",
        "--execute",
        "--queue",
        "--tries",
        "--timeout",
        "--model",
        "--format",
        "--guard",
        "--name",
        "--host",
        "--port",
        "--delay",
        "--memory",
        "--sleep",
        "--max-jobs",
        "--max-time",
        "--hours",
        "--filter",
        "--tag",
        "--provider",
        "--except",
        "--only",
        "--chunk",
    ],
    flags: &[
        "--force",
        "--seed",
        "--graceful",
        "--isolated",
        "--pretend",
        "--realpath",
        "--drop-views",
        "--drop-types",
        "--no-interaction",
        "-n",
        "-q",
        "--quiet",
        "-v",
        "--ansi",
        "--no-ansi",
        "--json",
        "--prune",
    ],
    places: &[
        ("--env", PlaceKind::Name),
        ("--database", PlaceKind::Name),
        ("APP_ENV", PlaceKind::Name),
    ],
    harmless: &["--help", "-h", "--version", "-V"],
    rules: &[
        Rule::reads(""),
        Rule::reads(
            "list|help|about|env|inspire|route:list|migrate:status|db:show|db:table|\
             db:monitor|schedule:list|queue:failed|queue:monitor|event:list|model:show|\
             channel:list|config:show|horizon:status|horizon:list|pulse:check|docs|\
             completion|db:about|telescope:status|permission:show|queue:size|lang:show|\
             test:list",
        ),
        Rule::updates("migrate", BACK).dry(DRY),
        Rule::updates("migrate:install", "drop the table again"),
        Rule::deletes("migrate:fresh|migrate:refresh", DROPS).dry(DRY),
        Rule::deletes("migrate:reset|migrate:rollback", DOWN).dry(DRY),
        Rule::deletes("db:wipe", DROPS),
        Rule::opaque("db:seed", "what the seeders do is not known"),
        Rule::creates("schema:dump", "remove the file")
            .when(&[("--prune", Does::Destroys(Verb::Delete, "the migration's files are gone"))]),
        Rule::asks("tinker", tinker),
        Rule::opaque("db", "what is typed into the client is not known"),
        Rule::deletes(
            "queue:flush|queue:clear|queue:forget|queue:prune-failed|queue:prune-batches|\
             horizon:clear|horizon:forget|horizon:purge|horizon:forget-failed",
            "the jobs are gone",
        ),
        Rule::deletes("model:prune", "the rows that match are gone").dry(DRY),
        Rule::deletes(
            "telescope:clear|telescope:prune|pulse:clear|pulse:purge|activitylog:clean|\
             passport:purge|sanctum:prune-expired|auth:clear-resets|backup:clean|\
             scout:flush|scout:delete-index|scout:delete-all-indexes|media-library:clear|\
             media-library:clean|session:flush",
            "what it removes is gone",
        ),
        Rule::updates(
            "cache:clear|cache:forget|cache:prune-stale-tags|config:clear|config:cache|\
             route:clear|route:cache|view:clear|view:cache|event:clear|event:cache|\
             optimize|optimize:clear|clear-compiled|package:discover|\
             permission:cache-reset|responsecache:clear|icons:cache|icons:clear|\
             filament:optimize|schedule:clear-cache|package:clear",
            "it is made again",
        ),
        Rule::updates("down|up|maintenance", "bring it up or down again"),
        Rule::new(
            "queue:work|queue:listen|queue:restart|queue:retry|queue:retry-batch|\
             queue:pause|queue:resume|horizon|horizon:terminate|horizon:pause|\
             horizon:continue|horizon:supervisor|horizon:snapshot|schedule:run|\
             schedule:work|schedule:test|schedule:interrupt|schedule:finish|serve|test|\
             reverb:start|reverb:restart|octane:start|octane:reload|octane:stop|\
             octane:status|scout:import|backup:run|backup:list|pulse:work|pulse:restart|\
             dusk|pail|storage:link|storage:unlink|websockets:serve|scout:index|\
             scout:sync-index-settings|nova:publish|lighthouse:print-schema",
            RUN,
        ),
        // A new key makes what was encrypted with the old one unreadable.
        Rule::updates("key:generate", "set the earlier key").when(&[
            ("--show", Does::Reads),
            (
                "--force",
                Does::Destroys(
                    Verb::Update,
                    "what was encrypted with the earlier key cannot be read",
                ),
            ),
        ]),
        Rule::updates(
            "passport:keys|passport:install|passport:client|jwt:secret",
            "set the earlier key",
        ),
        Rule::reveals("env:decrypt", "replace the secrets"),
        Rule::creates(
            "env:encrypt|vendor:publish|stub:publish|lang:publish|config:publish|\
             install:api|install:broadcasting|ui|breeze:install|jetstream:install|\
             horizon:install|telescope:install|nova:install|sail:install|\
             ide-helper:generate|ide-helper:models|ide-helper:meta|permission:create-role|\
             permission:create-permission|notifications:table|queue:table|\
             queue:failed-table|queue:batches-table|session:table|cache:table",
            "remove it again",
        ),
        Rule::creates(
            "make:model|make:migration|make:controller|make:seeder|make:factory|\
             make:command|make:job|make:event|make:listener|make:mail|make:middleware|\
             make:notification|make:policy|make:provider|make:request|make:resource|\
             make:rule|make:test|make:view|make:component|make:cast|make:channel|\
             make:class|make:enum|make:exception|make:interface|make:observer|make:scope|\
             make:trait|make:auth|make:queue-table|make:session-table|make:cache-table|\
             make:livewire|make:filament-resource|make:filament-user",
            "remove the files",
        ),
    ],
    otherwise: Does::Opaque("what this command of the application does is not known"),
    ..Cli::new("laravel")
};

fn tinker(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match (m.value("--execute"), m.call.stdin) {
        (Some(code), _) => judge.code(Language::Php, code, m.call),
        (None, Data::Text(text)) => judge.code(Language::Php, text, m.call),
        _ => judge.opaque(m.span(), "what is typed into the shell is not known"),
    }
}

/// Laravel's `sail` runs the same programs in a container.
pub(super) const SAIL: Program = Program { names: &["sail"], how: How::Code(sail) };

fn sail(call: &Call<'_>, judge: &mut Judge<'_>) {
    let (program, inner) = (call.words.first(), call.arguments());
    let name = inner.first().and_then(|word| word.known()).unwrap_or_default();
    let runs = match name {
        "artisan" | "art" | "a" => "artisan",
        "redis" => "redis-cli",
        "mysql" | "mariadb" | "psql" | "php" | "composer" | "npm" | "npx" | "node" | "yarn"
        | "pnpm" | "bash" => name,
        _ => return table::judge(&SAILS, call, judge),
    };
    if let (Some(program), Some(first)) = (program, inner.first()) {
        let mut words = inner.to_vec();
        words[0] = Word::made(runs, program.span().with(first.span()));
        judge.call(&call.running(&words));
    }
}

static SAILS: Cli = Cli {
    rules: &[
        Rule::new("up|start|stop|restart|build|test|pest|phpunit|dusk|pint|share", RUN),
        Rule::updates("down", "start it again").when(VOLUMES),
        Rule::reads("ps|logs|top|images|config|version|help"),
        Rule::opaque("tinker|shell|root-shell", "what is typed into the shell is not known"),
    ],
    ..Cli::new("laravel")
};

const VOLUMES: &[(&str, Does)] = &[
    ("-v", Does::Destroys(Verb::Delete, "the volumes and what they hold are gone")),
    ("--volumes", Does::Destroys(Verb::Delete, "the volumes and what they hold are gone")),
];

/// `phinx`.
pub(super) const PHINX: Program = Program { names: &["phinx"], how: How::Table(&PHINXES) };

static PHINXES: Cli = Cli {
    valued: &[
        "-c",
        "--configuration",
        "-p",
        "--parser",
        "-t",
        "--target",
        "-d",
        "--date",
        "-s",
        "--seed",
        "--template",
        "-f",
        "--format",
    ],
    places: &[("-e", PlaceKind::Name), ("--environment", PlaceKind::Name)],
    rules: &[
        Rule::updates("migrate", BACK)
            .dry(&["--dry-run", "-x"])
            .when(&[("--fake", Does::Changes(Verb::Update, "mark it as it was"))]),
        Rule::deletes("rollback", DOWN).dry(&["--dry-run", "-x"]),
        Rule::reads("status|test|list|list:aliases|help"),
        Rule::updates("breakpoint", "unset it"),
        Rule::creates("create|init|seed:create", "remove the file"),
        Rule::opaque("seed:run", "what the seeds do is not known").dry(&["--dry-run", "-x"]),
    ],
    ..Cli::new("phinx")
};
