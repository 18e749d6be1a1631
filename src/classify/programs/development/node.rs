//! The package managers of JavaScript: `npm`, `pnpm`, `yarn`, `bun`, `deno`.
//!
//! From <https://docs.npmjs.com/cli/commands>, <https://pnpm.io/cli>, <https://yarnpkg.com/cli>,
//! <https://bun.sh/docs/cli> and <https://docs.deno.com/runtime/reference/cli/>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    scripts::{NOT_GIVEN, RUN, is_usual},
};
use crate::{
    classify::{Data, Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["npm", "cnpm"], &NPM),
    Program::table(&["pnpm"], &PNPM),
    Program::table(&["yarn", "yarnpkg"], &YARN),
    Program::table(
        &["lerna", "changeset", "release-it", "semantic-release", "np", "auto"],
        &RELEASE,
    ),
    Program::table(&["nx", "turbo", "moon", "rush", "rushx"], &TURBO),
    Program::table(
        &[
            "nvm",
            "fnm",
            "volta",
            "n",
            "corepack",
            "ni",
            "nci",
            "ncu",
            "npm-check-updates",
            "asdf",
            "mise",
            "pyenv",
            "rbenv",
            "rustup",
            "sdk",
            "jenv",
            "goenv",
            "nodenv",
        ],
        &VERSIONS,
    ),
];

const PUBLISHED: Does = Does::Destroys(
    Verb::Reveal,
    "what is published can be copied by everybody, and its version is used up",
);
const GONE: Does =
    Does::Destroys(Verb::Delete, "the published version is gone for everybody who uses it");

/// What the four share.
const NODE: Cli = Cli {
    valued: &[
        "-w",
        "--workspace",
        "--prefix",
        "--registry",
        "--tag",
        "--access",
        "--otp",
        "--userconfig",
        "--cache",
        "--omit",
        "--include",
        "--loglevel",
        "-C",
        "--dir",
        "--cwd",
        "-F",
        "--filter",
        "--depth",
        "--scope",
        "--config",
        "-c",
        "--call",
        "-p",
        "--package",
        "--save-prefix",
        "--audit-level",
        "--message",
        "-m",
        "--reporter",
        "--preid",
        "--env-file",
        "--target",
        "--outdir",
        "--outfile",
    ],
    flags: &[
        "--save-dev",
        "--save-exact",
        "--save-optional",
        "--global",
        "--silent",
        "--force",
        "--legacy-peer-deps",
        "--production",
        "--json",
        "--long",
        "--all",
        "--if-present",
        "--workspaces",
        "--frozen-lockfile",
        "--immutable",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "--offline",
        "--recursive",
        "--dry-run",
        "--yes",
        "--verbose",
        "--parallel",
        "--no-save",
        "--package-lock-only",
        "--dev",
        "--workspace-root",
        "--no-git-tag-version",
        "--fix",
        "--stream",
    ],
    ..Cli::new("npm")
};

static NPM: Cli = Cli {
    harmless: &["--help", "--version", "-h", "-v"],
    rules: &[
        Rule::updates(
            "install|i|in|ins|add|ci|clean-install|ic|update|up|upgrade|udpate|dedupe|\
             ddp|rebuild|rb|link|ln|prune|install-test|it|cit|install-ci-test|isntall|\
             install-clean",
            "put package.json and the lock file back, and install again",
        )
        .dry(&["--dry-run"]),
        Rule::updates("uninstall|un|unlink|remove|rm|r", "install it again").dry(&["--dry-run"]),
        Rule::reads(
            "ls|list|la|ll|view|v|info|show|search|s|find|outdated|explain|why|root|bin|\
             prefix|ping|whoami|help|docs|home|bugs|issues|repo|doctor|fund|diff|query|\
             sbom|get|help-search|completion",
        ),
        Rule::reads(""),
        Rule::reads("config|c list|ls|get"),
        Rule::updates("config|c set|delete|edit|fix|rm", "set the old value again"),
        Rule::updates(
            "set|init|create|innit|shrinkwrap|edit|explore|version|pkg",
            "put package.json back",
        ),
        Rule::reads("pkg get"),
        Rule::reads("audit"),
        Rule::updates("audit fix", "put the lock file back").dry(&["--dry-run"]),
        Rule::creates("pack", "remove the archive").dry(&["--dry-run"]),
        Rule::asks("test|t|tst|start|stop|restart", lifecycle),
        Rule::asks("run|run-script|rum|urn", script),
        Rule::asks("exec|x", execute),
        Rule::new("publish", PUBLISHED).dry(&["--dry-run"]),
        Rule::new("unpublish", GONE).dry(&["--dry-run"]),
        Rule::updates("deprecate|undeprecate", "deprecate it with an empty message")
            .dry(&["--dry-run"]),
        Rule::updates("dist-tag|dist-tags add|set", "set the tag to the old version"),
        Rule::updates("dist-tag|dist-tags rm", "add the tag again"),
        Rule::reads("dist-tag|dist-tags ls|list"),
        Rule::reads("owner|author|team|org|access|token|profile|hook|stage ls|list|get"),
        Rule::grants("owner|author add", "remove the owner again"),
        Rule::updates("owner|author rm", "add the owner again"),
        Rule::grants("access|team|org set|grant|add|create", "take it back"),
        Rule::asks("access set", access),
        Rule::new("access public", PUBLISHED),
        Rule::updates("access restricted|revoke|edit", "grant it again"),
        Rule::updates("team|org rm|destroy", "add it again"),
        Rule::deletes("team destroy", "the team and what it could reach is gone"),
        Rule::grants("token create", "revoke the token"),
        Rule::deletes("token revoke|delete|rm", "whoever used the token has no access any more"),
        Rule::updates("profile set|enable-2fa|disable-2fa", "set it back"),
        Rule::updates("login|logout|adduser|star|unstar", "log in again"),
        Rule::updates("cache clean|clear|rm|add|verify|npx", "it is fetched again"),
        Rule::reads("cache ls"),
    ],
    ..NODE
};

static PNPM: Cli = Cli {
    rules: &[
        Rule::updates(
            "install|i|add|update|up|upgrade|dedupe|rebuild|rb|link|ln|prune|fetch|\
             import|ci|install-test|it|approve-builds|patch|patch-commit|patch-remove",
            "put package.json and the lock file back, and install again",
        ),
        Rule::updates("remove|rm|uninstall|un|unlink", "install it again"),
        Rule::reads(
            "ls|list|ll|la|why|outdated|audit|licenses|root|bin|info|view|show|search|\
             help|doctor|cat-file|cat-index|find-hash|whoami",
        ),
        Rule::updates("audit fix", "put the lock file back"),
        Rule::reads("config|c list|ls|get"),
        Rule::updates("config|c set|delete", "set the old value again"),
        Rule::updates("init|create|setup|env|self-update|version", "put package.json back"),
        Rule::updates("store prune|add", "it is fetched again"),
        Rule::updates("cache delete", "it is fetched again"),
        Rule::updates("deploy", "remove the folder again"),
        Rule::creates("pack", "remove the archive"),
        Rule::asks("test|t|tst|start|stop|restart", lifecycle),
        Rule::asks("run|run-script", script),
        Rule::asks("exec|dlx|x", execute),
        Rule::new("publish", PUBLISHED).dry(&["--dry-run"]),
        Rule::new("unpublish", GONE),
        Rule::updates("deprecate|login|logout|star", "log in again"),
        Rule::reads(""),
        Rule::asks("*", short_script),
    ],
    ..NODE
};

static YARN: Cli = Cli {
    harmless: &["--help", "--version", "-h", "-v"],
    rules: &[
        Rule::updates("", "put package.json and the lock file back, and install again"),
        Rule::updates(
            "install|add|up|upgrade|upgrade-interactive|dedupe|rebuild|link|unlink|\
             import|set|plugin|patch|patch-commit|autoclean|generate-lock-entry",
            "put package.json and the lock file back, and install again",
        ),
        Rule::updates("remove|unplug", "install it again"),
        Rule::reads(
            "list|info|why|outdated|audit|licenses|bin|help|versions|check|constraints|\
             node-version|explain",
        ),
        Rule::reads("config"),
        Rule::reads("config get|list"),
        Rule::updates("config set|delete|unset", "set the old value again"),
        Rule::reads("workspaces info|list"),
        Rule::reads("npm info|whoami|audit"),
        Rule::updates(
            "init|create|version|global|cache|login|logout|policies|stage",
            "put package.json back",
        ),
        Rule::creates("pack", "remove the archive"),
        Rule::asks("test|start|stop", lifecycle),
        Rule::asks("run", script),
        Rule::asks("workspace *", short_script),
        Rule::asks("workspaces run", script),
        Rule::asks("workspaces foreach run", script),
        Rule::asks("exec|dlx|node", execute),
        Rule::new("publish", PUBLISHED),
        Rule::new("npm publish", PUBLISHED).dry(&["--dry-run"]),
        Rule::updates("npm login|logout|tag", "log in again"),
        Rule::updates("tag|owner|team", "set it back"),
        Rule::asks("*", short_script),
    ],
    ..NODE
};

static RELEASE: Cli = Cli {
    rules: &[
        Rule::reads("status|ls|list|changed|diff|info|explain|config|view-graph"),
        Rule::updates(
            "version|add|init|bootstrap|link|clean|create|import|pre|changelog|label|\
             pr-check|comment|create-labels|tag",
            "put the files back",
        ),
        Rule::asks("run", script),
        Rule::opaque("exec", NOT_GIVEN),
        Rule::new("publish|ship|canary|release", PUBLISHED).dry(&["--dry-run", "-d"]),
        Rule::new("**", PUBLISHED).dry(&["--dry-run", "--preview", "-d"]),
    ],
    ..Cli::new("npm")
};

static TURBO: Cli = Cli {
    valued: &[
        "--filter",
        "-F",
        "--target",
        "-t",
        "--targets",
        "--projects",
        "-p",
        "--configuration",
        "-c",
        "--concurrency",
        "--base",
        "--head",
    ],
    rules: &[
        Rule::reads(
            "show|graph|list|report|affected:graph|print-affected|ls|query|info|project|\
             docs|telemetry|format:check|help|check|inspect|why",
        ),
        Rule::updates(
            "prune|login|link|unlink|logout|gen|generate|g|init|migrate|reset|connect|\
             sync|format|format:write|daemon|add|install|update|purge|scan|ci|setup|\
             import|repair|format:write",
            "put the files back",
        ),
        Rule::asks("run|run-many|affected|build|test|lint|e2e|serve|dev|start", targets)
            .dry(&["--dry-run", "--dry"]),
        Rule::new("release publish", PUBLISHED).dry(&["--dry-run", "-d"]),
        Rule::updates("release version|changelog|plan", "put the files back")
            .dry(&["--dry-run", "-d"]),
        Rule::new("release|publish", PUBLISHED).dry(&["--dry-run", "-d"]),
        Rule::asks("**", targets).dry(&["--dry-run", "--dry"]),
    ],
    ..Cli::new("build")
};

static VERSIONS: Cli = Cli {
    rules: &[
        Rule::reads(
            "ls|list|ls-remote|list-remote|current|which|version|versions|show|where|\
             whereis|doctor|outdated|info|search|settings|env|plugins|ls-remote|check|\
             doc|latest|config|home|help|prefix|root|activate|hook-env|list-all|commands|\
             shims|completions|init",
        ),
        Rule::reads("toolchain|target|component|plugin|override|self list"),
        Rule::reads("plugin|plugins ls|list"),
        Rule::updates(
            "install|i|use|uninstall|alias|unalias|default|local|global|shell|set|unset|\
             reshim|enable|disable|prepare|pin|add|remove|update|upgrade|plugin|\
             toolchain|target|component|override|self|rehash|trust|untrust|prune|sync|\
             selfupdate|flush|offline|up|u|cache|rm|delete|migrate|reinstall-packages|\
             watch",
            "install it again",
        ),
        Rule::asks("exec|run|x", runs_rest),
        Rule::updates("**", "install it again"),
    ],
    ..Cli::new("packages")
};

/// `npm access set status=public` makes it public.
fn access(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let public = matched.operands.iter().any(|word| word.is("status=public"));
    let does = if public { PUBLISHED } else { Does::Changes(Verb::Grant, "take it back") };
    matched.does(does, Named::Operands, judge);
}

/// `npm test`, `npm start`: what they are for is known, what they do if `package.json` is given.
fn lifecycle(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let name = matched.path.last().map(|word| word.text()).unwrap_or_default();
    let name = if name.starts_with('t') { "test" } else { name };
    if runs_script(name, matched, judge) {
        return;
    }
    if judge.is_written(&Word::made("package.json", matched.span())) {
        judge.opaque(matched.span(), NOT_GIVEN);
    } else {
        matched.does(RUN, Named::Nothing, judge);
    }
}

fn script(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(first) = matched.operands.first() else {
        return matched.does(Does::Reads, Named::Nothing, judge);
    };
    named_script(first, matched, judge);
}

/// `pnpm build`, `yarn workspace web build`.
fn short_script(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let of_workspace = matched.path.first().is_some_and(|word| word.is("workspace"));
    let name = if of_workspace { matched.operands.first() } else { matched.path.last() };
    let Some(name) = name.copied() else {
        return matched.does(Does::Reads, Named::Nothing, judge);
    };
    if of_workspace && matches!(name.text(), "add" | "remove" | "install" | "up") {
        return matched.does(
            Does::Changes(Verb::Update, "put package.json back"),
            Named::Operands,
            judge,
        );
    }
    if !of_workspace
        && name.known().is_some_and(|name| BINARIES.contains(&name))
        && !runs_script(name.text(), matched, judge)
    {
        return binary(name, matched, judge);
    }
    named_script(name, matched, judge);
}

/// Programs of packages that `yarn NAME` and `pnpm NAME` start where no script has that name.
const BINARIES: &[&str] = &[
    "prisma",
    "typeorm",
    "typeorm-ts-node-commonjs",
    "typeorm-ts-node-esm",
    "knex",
    "sequelize",
    "sequelize-cli",
    "mikro-orm",
    "drizzle-kit",
    "wrangler",
    "cdk",
    "cdktf",
    "serverless",
    "sls",
    "vercel",
    "netlify",
    "supabase",
    "firebase",
    "rimraf",
    "del-cli",
    "shx",
    "dotenv",
    "cross-env",
];

/// Judges the words from the name on as a program of their own.
fn binary(name: &Word, matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if judge.is_written(&Word::made("package.json", name.span())) {
        return judge.opaque(matched.span(), NOT_GIVEN);
    }
    let words = matched.call.words;
    let at = words.iter().position(|word| std::ptr::eq(word, name)).unwrap_or(0);
    judge.call(&matched.call.running(&words[at.max(1).min(words.len() - 1)..]));
}

fn named_script(name: &Word, matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(known) = name.known() else {
        return judge.opaque(name.span(), "which script runs is not known");
    };
    if runs_script(known, matched, judge) {
        return;
    }
    let rewritten = judge.is_written(&Word::made("package.json", name.span()));
    let file = rewritten
        || known.contains('/')
        || known.rsplit('.').next().is_some_and(|end| matches!(end, "ts" | "js" | "mjs" | "tsx"));
    if !file && is_usual(known) {
        matched.does(RUN, Named::Operands, judge);
    } else {
        judge.opaque(matched.span().with(name.span()), NOT_GIVEN);
    }
}

/// Judges a script of `package.json`, with those before and after it, if that is given.
fn runs_script(name: &str, matched: &Matched<'_, '_>, judge: &mut Judge<'_>) -> bool {
    let elsewhere = ["-w", "--workspace", "-F", "--filter", "--workspaces", "-r", "--recursive"];
    if elsewhere.iter().any(|option| matched.has(option))
        || matched.path.iter().any(|word| word.is("workspace"))
    {
        return false;
    }
    let directory =
        ["--prefix", "-C", "--dir", "--cwd"].iter().find_map(|option| matched.value(option));
    let file = match directory.map(Word::known) {
        None => "package.json".to_owned(),
        Some(Some(directory)) => format!("{}/package.json", directory.trim_end_matches('/')),
        Some(None) => return false,
    };
    let Some(text) = judge.file(&file) else { return false };
    // Scripts may run each other again and again.
    if !judge.step(1 + u32::try_from(text.len() / 256).unwrap_or(u32::MAX), matched.call.span()) {
        return true;
    }
    let Ok(package) = serde_json::from_str::<serde_json::Value>(&text) else { return false };
    let Some(scripts) = package.get("scripts") else { return false };
    if scripts.get(name).is_none() {
        return false;
    }
    let span = matched.call.span();
    matched.does(RUN, Named::Operands, judge);
    for wanted in [format!("pre{name}"), name.to_owned(), format!("post{name}")] {
        let Some(script) = scripts.get(&wanted).and_then(|script| script.as_str()) else {
            continue;
        };
        let mut line = script.to_owned();
        if wanted == name {
            for word in matched.operands.iter().filter(|word| word.text() != name) {
                line.push_str(" '");
                line.push_str(&word.text().replace('\'', "'\\''"));
                line.push('\'');
            }
        }
        judge.script(&Word::made(line, span), matched.call.variables, &Data::Nothing);
    }
    true
}

/// `npm exec` and its kin are `npx`.
fn execute(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let start = matched.path.last().map_or(0, |last| {
        let same = |word: &Word| word.span() == last.span() && word.text() == last.text();
        matched.call.arguments().iter().position(same).map_or(0, |at| at + 1)
    });
    let rest = matched.call.arguments().get(start..).unwrap_or_default();
    let mut words = vec![Word::made("npx", matched.span())];
    words.extend(rest.iter().skip_while(|word| word.is("--")).cloned());
    judge.call(&matched.call.running(&words));
}

/// Runs the words behind the subcommand and its version: `pyenv exec python …`.
fn runs_rest(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    let dashes = words.iter().position(|word| word.is("--"));
    let sub = matched
        .path
        .last()
        .and_then(|last| words.iter().position(|word| word.span() == last.span()));
    let rest = dashes.or(sub).map_or(&[][..], |at| &words[at + 1..]);
    if rest.is_empty() {
        judge.opaque(matched.call.span(), NOT_GIVEN);
    } else {
        judge.call(&matched.call.running(rest));
    }
}

fn targets(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let many = ["-t", "--target", "--targets"];
    let named: Vec<Word> = matched.values(&many).cloned().collect();
    let operands = matched.path.iter().chain(&matched.operands).copied();
    let skip = ["run", "run-many", "affected"];
    let words: Vec<Word> = if named.is_empty() {
        operands.filter(|word| !skip.contains(&word.text())).cloned().collect()
    } else {
        named
    };
    let any_usual = words.iter().any(|word| is_usual(word.text()));
    for word in &words {
        let Some(text) = word.known() else {
            judge.opaque(word.span(), "which task runs is not known");
            continue;
        };
        for target in text.split(',') {
            let target = target.split([':', '#']).find(|part| is_usual(part)).unwrap_or(target);
            if is_usual(target) {
                matched.does(RUN, Named::Operands, judge);
            } else if words.len() == 1 || !any_usual {
                judge.opaque(matched.span().with(word.span()), NOT_GIVEN);
            }
        }
    }
    if words.is_empty() {
        matched.does(Does::Reads, Named::Nothing, judge);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        classify::{Files, Setting, command},
        domain::Class,
    };

    struct Package(&'static str);

    impl Files for Package {
        fn read(&self, name: &str) -> Option<String> {
            (name == "package.json").then(|| self.0.to_owned())
        }
    }

    fn class(input: &str, package: &'static str) -> Class {
        command(input, &Setting { files: &Package(package), ..Setting::default() }).class()
    }

    #[test]
    fn scripts_are_read() {
        let package = r#"{"scripts": {"wipe": "rm -rf /srv/data", "see": "ls -l", "posttest": "npm run wipe",
            "test": "ls", "again": "npm run again && npm run again"}}"#;
        assert_eq!(class("npm run wipe", package), Class::Destructive);
        assert_eq!(class("yarn wipe", package), Class::Destructive);
        assert_eq!(class("npm test", package), Class::Destructive);
        assert_eq!(class("npm run see", package), Class::Mutating);
        assert_eq!(class("npm run other", package), Class::Opaque);
        assert_eq!(class("npm run again", package), Class::Opaque);
        assert_eq!(class("echo x > package.json; npm test", package), Class::Opaque);
    }
}
