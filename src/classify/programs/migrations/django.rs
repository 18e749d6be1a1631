//! Django: `manage.py` and `django-admin`.
//!
//! From <https://docs.djangoproject.com/en/5.2/ref/django-admin/> and
//! <https://django-extensions.readthedocs.io/en/latest/command_extensions.html>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Named, Program, Rule},
    BACK, DOWN, DROPS, ROWS,
};
use crate::{
    classify::{Data, Dialect, Judge, Language, Word},
    domain::{PlaceKind, Verb},
};

/// `python manage.py` is handed over under the name `manage.py`.
pub(super) const DJANGO: Program =
    Program { names: &["manage.py", "django-admin", "django-admin.py"], how: How::Table(&CLI) };

static CLI: Cli = Cli {
    valued: &[
        "--pythonpath",
        "-v",
        "--verbosity",
        "-c",
        "--command",
        "-i",
        "--interface",
        "--tag",
        "-t",
        "-o",
        "--output",
        "--format",
        "--indent",
        "-e",
        "--exclude",
        "-n",
        "--name",
        "--app",
        "--username",
        "--email",
        "--fail-level",
        "-j",
        "--jobs",
        "--parallel",
        "-l",
        "--locale",
        "-k",
        "--pattern",
        "-d",
        "--domain",
        "--ignore",
    ],
    flags: &[
        "--noinput",
        "--no-input",
        "--fake",
        "--fake-initial",
        "--plan",
        "--run-syncdb",
        "--check",
        "--prune",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
        "--dry-run",
        "--empty",
        "--merge",
        "--clear",
        "--link",
        "--deploy",
        "--noreload",
        "--keepdb",
        "--failfast",
        "--reverse",
        "--debug-sql",
        "--list",
        "-a",
        "--all",
    ],
    places: &[
        ("--settings", PlaceKind::Name),
        ("--database", PlaceKind::Name),
        ("DJANGO_SETTINGS_MODULE", PlaceKind::Name),
    ],
    rules: &[
        Rule::asks("migrate", migrate),
        Rule::deletes("flush", "every row of every table is gone"),
        Rule::deletes("reset_db", "the database and everything in it are gone"),
        Rule::deletes("reset_schema", DROPS),
        Rule::deletes(
            "drop_test_database|delete_squashed_migrations|truncate_apps",
            "what it removes is gone",
        ),
        Rule::reads(
            "sqlflush|sqlmigrate|sqlsequencereset|showmigrations|check|diffsettings|\
             inspectdb|dumpdata|help|version|show_urls|sqldiff|list_model_info|\
             print_settings|validate_templates|graph_models|show_template_tags|findstatic|\
             testserver|find_template|sqlcreate|optimizemigration",
        ),
        Rule::asks("dbshell", dbshell),
        Rule::asks("shell|shell_plus", shell),
        Rule::opaque("runscript|runjob|runjobs", "what the script does is not known"),
        Rule::creates("loaddata", "delete the rows that were added"),
        Rule::creates(
            "makemigrations|squashmigrations|startapp|startproject|makemessages|\
             compilemessages|generate_secret_key",
            "remove the files",
        )
        .dry(&["--dry-run", "--check"]),
        Rule::updates("collectstatic", "collect it again").dry(&["--dry-run", "-n"]),
        Rule::grants(
            "createsuperuser|changepassword|create_superuser",
            "remove the user or set the earlier password",
        ),
        Rule::runs(
            "test|runserver|runserver_plus|sendtestemail|createcachetable|update_index|\
             rebuild_index|rqworker|celery",
            "stop it",
        ),
        Rule::updates(
            "clearsessions|clear_cache|remove_stale_contenttypes|ogrinspect|clean_pyc|\
             compile_pyc|set_default_site|sync_s3",
            "it is made again",
        ),
        Rule::deletes("remove_stale_contenttypes|delete_session|clear_index", ROWS),
    ],
    otherwise: Does::Opaque("what this command of the project does is not known"),
    ..Cli::new("django")
};

fn migrate(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if m.has("--plan") || m.has("--check") {
        return m.does(Does::Reads, Named::Operands, judge);
    }
    if m.has("--fake") {
        return m.does(Does::Changes(Verb::Update, "mark it as it was"), Named::Operands, judge);
    }
    match m.operands.get(1) {
        Some(target) if target.is("zero") => {
            m.does(Does::Destroys(Verb::Delete, DOWN), Named::Operands, judge);
        }
        Some(target) => judge.opaque(target.span(), "it may go back to an earlier migration"),
        None => m.does(Does::Changes(Verb::Update, BACK), Named::Operands, judge),
    }
}

fn dbshell(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let given = m
        .options
        .iter()
        .find(|option| option.name == "-c")
        .and_then(|option| option.value.as_ref());
    let words = m.call.words;
    let split = words.iter().position(|word| word.is("--"));
    let behind: Vec<&Word> = split.map(|at| words[at + 1..].iter().collect()).unwrap_or_default();
    let after = behind.iter().position(|word| {
        ["-c", "-e", "--command", "--execute"].iter().any(|option| word.is(option))
    });
    let query = after.and_then(|at| behind.get(at + 1).copied()).or(given);
    match (query, m.call.stdin) {
        (Some(query), _) => judge.sql(query, Dialect::Generic, "sql"),
        (None, Data::Text(text)) => judge.sql(text, Dialect::Generic, "sql"),
        _ => judge.opaque(m.span(), "what is typed into the client is not known"),
    }
}

fn shell(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match (m.value("-c").or_else(|| m.value("--command")), m.call.stdin) {
        (Some(code), _) => judge.code(Language::Python, code, m.call),
        (None, Data::Text(text)) => judge.code(Language::Python, text, m.call),
        _ => judge.opaque(m.span(), "what is typed into the shell is not known"),
    }
}
