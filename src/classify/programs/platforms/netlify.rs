//! `netlify`, after cli.netlify.com (read 2026-11).

use super::inner;
use crate::{
    classify::{
        Call, Judge,
        programs::{
            Cli, Does, Matched, Rule,
            web::verbs::{self, Meaning},
        },
    },
    domain::{PlaceKind, Verb},
};

fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs(matched, 0, &["--context", "--site", "-s", "--filter"], judge);
}

/// `netlify api deleteSite --data '{…}'`: the operation says it.
fn api(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(operation) = matched.operands.first() else {
        return matched.does(Does::Reads, super::super::Named::Nothing, judge);
    };
    let (name, at) = (judge.name(operation), matched.span().with(operation.span()));
    if operation.has_holes() {
        return judge.opaque(at, "which operation it asks for is not known");
    }
    match verbs::name(operation.text()) {
        Meaning::Reads | Meaning::Reveals => judge.reads("netlify", name, at),
        Meaning::Destroys => {
            judge.destroys(Verb::Delete, "netlify", name, at, "what it names is gone");
        }
        Meaning::Changes(verb, back) => judge.changes(verb, "netlify", name, at, back),
        Meaning::Runs | Meaning::Unknown => judge.opaque(at, "what it asks for is not known"),
    }
}

const REVEALS: Does = Does::Changes(Verb::Reveal, "rotate what it shows");

static NETLIFY: Cli = Cli {
    valued: &[
        "-s",
        "--site",
        "-m",
        "--message",
        "-d",
        "--dir",
        "--data",
        "-a",
        "--auth",
        "--filter",
        "--context",
        "--scope",
        "--alias",
        "-f",
        "--functions",
        "--http-proxy",
        "--cwd",
        "--port",
        "--name",
        "-n",
        "--account-slug",
        "--from",
        "--to",
        "-l",
        "--level",
        "--timeout",
        "-o",
        "--input",
        "--prefix",
        "--branch",
        "--team",
    ],
    flags: &[
        "--prod",
        "-p",
        "--json",
        "--force",
        "--open",
        "--trigger",
        "--build",
        "--skip-functions-cache",
        "--replace-existing",
        "-r",
        "--plain",
        "--debug",
        "--offline",
        "--prod-if-unlocked",
        "--draft",
    ],
    places: &[("-s", PlaceKind::Name), ("--site", PlaceKind::Name), ("--context", PlaceKind::Name)],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads("status|open|watch|logs|help|completion|docs|teams $"),
        Rule::reads("status hooks"),
        Rule::reads("open admin|site"),
        Rule::reads("sites|functions|addons|blobs|teams list|search"),
        Rule::reads("blobs|blob get"),
        Rule::reads("logs function|deploy|functions|edge-functions"),
        Rule::new("env list|get", REVEALS),
        Rule::reads("env $"),
        Rule::updates("env set", "set the old value"),
        Rule::updates("env clone", "set the old values"),
        Rule::deletes("env unset", "the value is gone"),
        Rule::updates("env import", "set the old values").when(&[
            ("--replace-existing", Does::Destroys(Verb::Delete, "every other value is gone")),
            ("-r", Does::Destroys(Verb::Delete, "every other value is gone")),
        ]),
        Rule::updates("deploy", "publish the deployment before"),
        Rule::updates("deploy|deploys restore", "publish the deployment before"),
        Rule::updates(
            "build|dev|serve|link|unlink|login|logout|init|switch|clone|recipes|create",
            "change it back",
        ),
        Rule::runs("build", "build again").dry(&["--dry"]),
        Rule::asks("dev exec", run),
        Rule::creates("sites create|create-template", "delete the site"),
        Rule::deletes("sites delete", "the site and its deployments are gone"),
        Rule::updates("functions build|create|serve|invoke", "delete what it makes"),
        Rule::updates("blobs|blob set", "set the old value"),
        Rule::deletes("blobs|blob delete", "the blob is gone"),
        Rule::deletes("addons delete", "the add-on is gone"),
        Rule::updates("addons create|config|auth", "change it back"),
        Rule::updates("lm setup|install|uninstall", "set it up again"),
        Rule::updates("db init|dev", "delete the database"),
        Rule::reads("db status"),
        Rule::deletes("db delete|reset", "the database is gone"),
        Rule::asks("api", api),
    ],
    ..Cli::new("netlify")
};

/// Judges a call of `netlify`.
pub fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    inner::topics(&NETLIFY, call, judge);
}
