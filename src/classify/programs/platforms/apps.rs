//! Backends and app builds as a service: Convex, Expo, Appwrite.
//!
//! From <https://docs.convex.dev/cli>, <https://docs.expo.dev/eas/> and
//! <https://appwrite.io/docs/tooling/command-line/commands>, 2026-11.

use super::super::{Cli, Does, Rule};
use crate::domain::Verb;

const GONE: &str = "it and what it held are gone";
const BACK: &str = "deploy the earlier version";

pub(super) static CONVEX: Cli = Cli {
    valued: &["--env-file", "--deployment-name", "--table", "--path", "--format", "--cmd"],
    flags: &["--prod", "-y", "--yes", "--append", "--replace", "--replace-all"],
    rules: &[
        Rule::creates("import", "delete what was added").when(&[
            ("--replace", Does::Destroys(Verb::Delete, "the rows there were are replaced")),
            ("--replace-all", Does::Destroys(Verb::Delete, "every table is replaced")),
        ]),
        Rule::reads("data|logs|docs|dashboard|function-spec|help|version|export"),
        Rule::creates("export", "remove the file"),
        Rule::reads("env list|get"),
        Rule::deletes("env remove|rm|unset", "the value is gone"),
        Rule::updates("env set", "set the old value"),
        Rule::updates("deploy", BACK).dry(&["--dry-run"]),
        Rule::updates("dev|codegen|init|login|logout|auth|insights|network-test", BACK),
        Rule::opaque("run", "what the function does is not known"),
    ],
    ..Cli::new("convex")
};

pub(super) static EAS: Cli = Cli {
    valued: &["--platform", "-p", "--profile", "-e", "--branch", "--message", "--environment"],
    flags: &["--non-interactive", "--json", "--no-wait", "--auto-submit", "--all"],
    rules: &[
        Rule::reads(
            "build:list|build:view|build:inspect|update:list|update:view|branch:list|branch:view|\
             channel:list|channel:view|submit:list|project:info|whoami|account:view|diagnostics|\
             env:list|secret:list|device:list|device:view|config|analytics|webhook:list|help|\
             fingerprint:compare|fingerprint:generate|workflow:runs|workflow:view|deploy:list",
        ),
        Rule::deletes(
            "build:delete|update:delete|branch:delete|channel:delete|env:delete|secret:delete|\
             device:delete|webhook:delete|worker:delete|deploy:delete",
            GONE,
        ),
        Rule::new("env:get|env:pull", Does::Changes(Verb::Reveal, "rotate what it shows")),
        Rule::updates(
            "build|update|submit|deploy|build:cancel|build:configure|build:resign|build:run|\
             build:version:set|build:version:sync|update:republish|update:rollback|\
             update:roll-back-to-embedded|update:configure|branch:create|branch:rename|\
             channel:create|channel:edit|channel:rollout|env:create|env:update|env:push|\
             secret:create|device:create|device:rename|project:init|init|login|logout|\
             credentials|metadata:push|metadata:pull|workflow:run|workflow:cancel",
            BACK,
        ),
    ],
    ..Cli::new("expo")
};

pub(super) static APPWRITE: Cli = Cli {
    valued: &["--limit", "--queries", "--project-id", "--name"],
    rules: &[
        Rule::reads("client|help|whoami"),
        Rule::updates("login|logout|init|deploy|push|pull|run|types", BACK),
        Rule::asks("* *", appwrite),
    ],
    ..Cli::new("appwrite")
};

/// Every group of commands names its verbs alike.
fn appwrite(m: &super::super::Matched<'_, '_>, judge: &mut super::super::Judge<'_>) {
    let verb = m.path.last().map(|word| word.text()).unwrap_or_default();
    let does = if verb.starts_with("delete") {
        Does::Destroys(Verb::Delete, GONE)
    } else if verb.starts_with("list") || verb.starts_with("get") {
        Does::Reads
    } else if verb.starts_with("create") || verb.starts_with("update") {
        Does::Changes(Verb::Update, "set it back")
    } else {
        Does::Opaque("what this subcommand does is not known")
    };
    m.does(does, super::super::Named::Operands, judge);
}
