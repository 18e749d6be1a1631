//! Package managers that run a program: `npx`, `uvx`, `poetry run`, `bundle exec`, …
//!
//! ```text
//!   npx --yes cdk@2 destroy   ──▶  cdk destroy
//!   pnpm dlx …, uv run …      ──▶  the same; whatever else they do is judged where they live
//! ```
//!
//! From <https://docs.npmjs.com/cli/v11/commands/npx>, <https://pnpm.io/cli/dlx>,
//! <https://yarnpkg.com/cli/dlx>, <https://docs.astral.sh/uv/reference/cli/>,
//! <https://python-poetry.org/docs/cli/>, <https://bundler.io/man/bundle-exec.1.html>,
//! <https://mise.jdx.dev/cli/exec.html>, <https://docs.conda.io/projects/conda/>, 2026-11.

use super::front::{self, Own};
use crate::classify::{
    Call, Judge, Word, code,
    programs::{Cli, Matched, Rule},
};

const NPX: Own = Own::new(
    "pcwn",
    &[
        "--package",
        "--call",
        "--workspace",
        "--node-options",
        "--cache",
        "--userconfig",
        "--prefix",
        "--registry",
        "--script-shell",
        "--loglevel",
        "--node-arg",
    ],
);

/// Judges `npx` and `bunx`.
pub(super) fn npx(call: &Call<'_>, judge: &mut Judge<'_>) {
    package(&NPX, call.arguments(), call, judge);
}

/// Judges `uvx`.
pub(super) fn uvx(call: &Call<'_>, judge: &mut Judge<'_>) {
    package(&UV, call.arguments(), call, judge);
}

const UV: Own = Own::new(
    "pPCfinw",
    &[
        "--from",
        "--with",
        "--with-editable",
        "--with-requirements",
        "--python",
        "--extra",
        "--group",
        "--only-group",
        "--no-group",
        "--env-file",
        "--package",
        "--project",
        "--directory",
        "--index",
        "--index-url",
        "--default-index",
        "--extra-index-url",
        "--find-links",
        "--refresh-package",
        "--config-file",
        "--cache-dir",
        "--color",
        "--index-strategy",
        "--keyring-provider",
        "--resolution",
        "--prerelease",
        "--link-mode",
        "--exclude-newer",
        "--no-extra",
        "--python-platform",
        "--upgrade-package",
        "--constraints",
        "--overrides",
        "--allow-insecure-host",
        "--reinstall-package",
        "--config-setting",
    ],
);

/// pipx.
pub(super) static PIPX: Cli = Cli {
    valued: &["--spec", "--python", "--pip-args", "--index-url", "-i"],
    rules: &[
        Rule::asks("run", pipx_run),
        Rule::reads("list|environment|interpreter|completions|help"),
        Rule::reads("interpreter list"),
        Rule::updates(
            "install|inject|upgrade|upgrade-all|reinstall|reinstall-all|install-all",
            "uninstall it again",
        ),
        Rule::updates(
            "uninstall|uninject|uninstall-all|ensurepath|pin|unpin|upgrade-shared",
            "install it again",
        ),
        Rule::opaque("runpip", "what pip is told is judged where it runs"),
    ],
    ..Cli::new("pipx")
};

fn pipx_run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let own = Own::new("i", &["--spec", "--python", "--pip-args", "--index-url", "--with"]);
    package(&own, front::behind(matched), matched.call, judge);
}

/// Programs whose package has another name.
const NAMES: &[(&str, &str)] = &[
    ("aws-cdk", "cdk"),
    ("awscli", "aws"),
    ("@angular/cli", "ng"),
    ("@nestjs/cli", "nest"),
    ("@railway/cli", "railway"),
    ("@sentry/cli", "sentry-cli"),
    ("@redocly/cli", "redocly"),
    ("@cloudflare/wrangler", "wrangler"),
    ("@anthropic-ai/claude-code", "claude"),
    ("@openai/codex", "codex"),
    ("@google/gemini-cli", "gemini"),
    ("@github/copilot", "copilot"),
    ("@sourcegraph/amp", "amp"),
    ("opencode-ai", "opencode"),
    ("firebase-tools", "firebase"),
    ("netlify-cli", "netlify"),
    ("typescript", "tsc"),
    ("sequelize-cli", "sequelize"),
    ("@aws-amplify/cli", "amplify"),
    ("@ionic/cli", "ionic"),
    ("@vue/cli", "vue"),
    ("@shopify/cli", "shopify"),
    ("@mermaid-js/mermaid-cli", "mmdc"),
    ("@biomejs/biome", "biome"),
    ("@playwright/test", "playwright"),
    ("@modelcontextprotocol/inspector", "mcp-inspector"),
    ("aider-chat", "aider"),
    ("@mikro-orm/cli", "mikro-orm"),
    ("@changesets/cli", "changeset"),
    ("@microsoft/rush", "rush"),
    ("@planetscale/cli", "pscale"),
    ("neonctl", "neon"),
    ("heroku-cli", "heroku"),
    ("@expo/cli", "expo"),
    ("@vscode/vsce", "vsce"),
    ("@lerna/cli", "lerna"),
];

/// The program that a package with this name brings, without its version.
fn program(package: &str) -> &str {
    let scope = usize::from(package.starts_with('@'));
    let end = package[scope..]
        .find(['@', '=', '[', '<', '>', '~'])
        .map_or(package.len(), |at| at + scope);
    let name = &package[..end];
    let known = NAMES.iter().find(|(package, _)| *package == name);
    known.map_or(name, |(_, program)| program)
}

fn package(own: &Own, words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = own.read(words);
    if front.has(&["--help", "--version", "-h"]) {
        return judge.reads("packages", "", call.span());
    }
    if let Some(script) = front.value(&["-c", "--call"]) {
        return front::run_script(script, call, judge);
    }
    let mut words = front.rest.to_vec();
    // `npx -p PACKAGE` alone runs what the package brings.
    if words.is_empty() {
        words.extend(front.value(&["-p", "--package", "--from", "--spec"]).cloned());
    }
    let Some(first) = words.first_mut() else {
        return front::interactive(call, judge);
    };
    if let Some(name) = first.known() {
        if name.contains("://") || name.starts_with("git+") || name.starts_with("github:") {
            return judge.opaque(first.span(), "it runs a program fetched from there");
        }
        let program = program(name);
        if program != name {
            *first = if name.starts_with(program) {
                first.part(0..program.len())
            } else {
                Word::made(program, first.span())
            };
        }
    }
    front::run(&words, call, judge);
}

/// A package manager whose subcommand runs a program, or a cmdlet. Whether it was one.
pub(in crate::classify::programs) fn runs_another(
    name: &str,
    call: &Call<'_>,
    judge: &mut Judge<'_>,
) -> bool {
    if name.contains('-') && code::is_cmdlet(name) {
        super::windows::cmdlet(call, judge);
        return true;
    }
    let mut runners = RUNNERS.iter().filter(|runner| runner.names.contains(&name));
    let Some((runner, words)) = runners.find_map(|runner| Some((runner, runner.takes(call)?)))
    else {
        return false;
    };
    match runner.behind {
        Behind::Package => package(&runner.own, words, call, judge),
        Behind::Command => {
            let inner = runner.own.read(words);
            if inner.has(&["--help"]) {
                judge.reads("packages", "", call.span());
            } else if let Some(script) = inner.value(&["-c"]) {
                front::run_script(script, call, judge);
            } else {
                command(inner.rest, call, judge);
            }
        }
        Behind::Dashes => {
            let at = words
                .iter()
                .position(|word| word.is("--") || word.is("-c") || word.is("--command"));
            match at {
                Some(at) if words[at].is("--") => command(&words[at + 1..], call, judge),
                Some(at) if name == "nix" => command(&words[at + 1..], call, judge),
                Some(at) => front::run_joined(&words[at + 1..], call, judge),
                None => command(runner.own.read(words).rest, call, judge),
            }
        }
        Behind::Uv => {
            // `-m` names a module here.
            let at = words.iter().position(|word| !word.text().starts_with('-'));
            let module = words.iter().position(|word| word.is("-m") || word.is("--module"));
            match module {
                Some(module) if at.is_none_or(|at| module < at) => {
                    let mut python = vec![Word::made("python3", words[module].span())];
                    python.push(Word::made("-m", words[module].span()));
                    python.extend_from_slice(&words[module + 1..]);
                    front::run(&python, call, judge);
                }
                _ => command(UV.read(words).rest, call, judge),
            }
        }
        Behind::Skipping(skip) => {
            let inner = runner.own.read(words);
            command(inner.rest.get(skip..).unwrap_or_default(), call, judge);
        }
    }
    true
}

fn command(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(first) = words.first() else {
        return front::interactive(call, judge);
    };
    // A Python file is run by Python here.
    if first.text().rsplit('.').next() == Some("py") && front::base(first) != "manage.py" {
        let mut python = vec![Word::made("python3", first.span())];
        python.extend_from_slice(words);
        return front::run(&python, call, judge);
    }
    front::run(words, call, judge);
}

/// How the command stands behind the subcommand.
enum Behind {
    /// A package, perhaps with its version.
    Package,
    /// Options, then the command.
    Command,
    /// The command behind `--` or `-c`.
    Dashes,
    /// Options, one of which names a module of Python, then the command.
    Uv,
    /// Words that belong to the runner, then the command.
    Skipping(usize),
}

struct Runner {
    names: &'static [&'static str],
    /// The subcommand.
    path: &'static str,
    own: Own,
    behind: Behind,
}

impl Runner {
    /// The words behind the subcommand, if it is this one.
    fn takes<'a>(&self, call: &Call<'a>) -> Option<&'a [Word]> {
        let mut words = self.own.read(call.arguments()).rest;
        for wanted in self.path.split(' ') {
            let (word, rest) = words.split_first()?;
            if !wanted.split('|').any(|wanted| word.is(wanted)) {
                return None;
            }
            words = rest;
        }
        Some(words)
    }
}

const fn runner(
    names: &'static [&'static str],
    path: &'static str,
    own: Own,
    behind: Behind,
) -> Runner {
    Runner { names, path, own, behind }
}

const PNPM: Own = Own::new("CFw", &["--dir", "--filter", "--package", "--loglevel", "--workspace"]);
const CONDA: Own = Own::new("np", &["--name", "--prefix", "--cwd"]);

const RUNNERS: &[Runner] = &[
    runner(&["npm"], "exec|x", NPX, Behind::Package),
    runner(&["pnpm"], "dlx|create", PNPM, Behind::Package),
    runner(&["pnpm"], "exec", PNPM, Behind::Command),
    runner(&["yarn"], "dlx", Own::new("p", &["--package", "--cwd"]), Behind::Package),
    runner(&["yarn", "yarnpkg"], "exec", Own::new("", &["--cwd"]), Behind::Command),
    runner(&["bundle", "bundler"], "exec|e|ex|exe", Own::new("", &["--gemfile"]), Behind::Command),
    runner(&["poetry"], "run", Own::new("CP", &["--directory", "--project"]), Behind::Command),
    runner(&["pipenv", "rye", "pdm"], "run", Own::new("p", &["--project"]), Behind::Command),
    runner(&["hatch"], "run", Own::new("ep", &["--env", "--project"]), Behind::Command),
    runner(&["pixi"], "run", Own::new("e", &["--environment", "--manifest-path"]), Behind::Command),
    runner(&["uv"], "tool run", UV, Behind::Package),
    runner(&["uv"], "run", UV, Behind::Uv),
    runner(
        &["mise", "rtx"],
        "exec|x",
        Own::new("cCj", &["--command", "--cd", "--jobs"]),
        Behind::Dashes,
    ),
    runner(
        &["asdf", "rbenv", "pyenv", "nodenv", "goenv", "jenv", "plenv"],
        "exec",
        Own::NONE,
        Behind::Command,
    ),
    runner(&["nix"], "develop|shell", Own::NONE, Behind::Dashes),
    runner(&["conda", "mamba", "micromamba"], "run", CONDA, Behind::Command),
    runner(&["dotnet"], "tool run", Own::NONE, Behind::Command),
    runner(&["rustup"], "run", Own::NONE, Behind::Skipping(1)),
    runner(
        &["volta"],
        "run",
        Own::new("", &["--node", "--npm", "--yarn", "--env"]),
        Behind::Command,
    ),
    runner(&["fnm"], "exec", Own::new("", &["--using"]), Behind::Command),
    runner(&["nvm"], "exec", Own::NONE, Behind::Skipping(1)),
    runner(
        &["lerna"],
        "exec",
        Own::new("", &["--scope", "--ignore", "--concurrency"]),
        Behind::Dashes,
    ),
    runner(&["composer"], "exec", Own::new("d", &["--working-dir"]), Behind::Command),
];
