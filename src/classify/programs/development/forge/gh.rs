//! `gh`, the command line of GitHub.
//!
//! From <https://cli.github.com/manual/>, 2026-11.

use super::{
    super::super::{Cli, Does, Matched, Named, Rule},
    api,
};
use crate::{
    classify::Judge,
    domain::{PlaceKind, Verb},
};

const PUBLIC: Does =
    Does::Destroys(Verb::Reveal, "everything in it can be copied by everybody from then on");
const BRANCH_GONE: Does = Does::Destroys(Verb::Delete, "the branch that is not merged is gone");
const SHOWS_TOKEN: Does = Does::Changes(Verb::Reveal, "log in again, which makes a new token");

pub(super) static GH: Cli = Cli {
    valued: &[
        "-b",
        "-B",
        "-t",
        "-F",
        "-f",
        "-l",
        "-L",
        "-a",
        "-A",
        "-H",
        "-X",
        "-q",
        "-n",
        "-m",
        "-e",
        "-o",
        "-g",
        "-S",
        "-j",
        "-T",
        "-u",
        "-k",
        "--body",
        "--body-file",
        "--title",
        "--label",
        "--limit",
        "--assignee",
        "--author",
        "--head",
        "--base",
        "--method",
        "--jq",
        "--template",
        "--json",
        "--field",
        "--raw-field",
        "--header",
        "--input",
        "--hostname",
        "--notes",
        "--notes-file",
        "--target",
        "--search",
        "--state",
        "--milestone",
        "--project",
        "--reviewer",
        "--add-label",
        "--remove-label",
        "--add-assignee",
        "--remove-assignee",
        "--add-reviewer",
        "--remove-reviewer",
        "--ref",
        "--job",
        "--workflow",
        "--branch",
        "--event",
        "--status",
        "--env",
        "--org",
        "--user",
        "--app",
        "--visibility",
        "--description",
        "--homepage",
        "--team",
        "--gitignore",
        "--license",
        "--source",
        "--remote",
        "--cache",
        "--preview",
        "--subject",
        "--match-head-commit",
        "--author-email",
        "--name",
        "--dir",
        "--pattern",
        "--attempt",
        "--interval",
        "--comment",
        "--reason",
        "--filename",
        "--desc",
        "--color",
        "--key",
        "--order",
        "--sort",
        "--created",
        "--default-branch",
        "--add-topic",
        "--remove-topic",
        "--commit",
        "--language",
        "--topic",
        "--number",
        "--owner",
        "--format",
        "--recover",
        "--codespace",
        "--machine",
        "--display-name",
        "--repos",
        "--env-file",
        "--body-text",
        "--tag",
        "--notes-start-tag",
        "--discussion-category",
        "--git-protocol",
        "--scopes",
        "--duplicate-of",
        "--upstream-remote-name",
        "--field-id",
        "--project-id",
        "--id",
        "--url",
        "--text",
        "--single-select-option-id",
        "--date",
        "--iteration-id",
        "--signer-workflow",
        "--predicate-type",
        "--type",
        "--merged-at",
    ],
    flags: &[
        "--web",
        "--paginate",
        "--silent",
        "--slurp",
        "--include",
        "--verbose",
        "--log",
        "--log-failed",
        "--exit-status",
        "--comments",
        "--squash",
        "--merge",
        "--rebase",
        "--auto",
        "--admin",
        "--delete-branch",
        "--disable-auto",
        "--yes",
        "--confirm",
        "--public",
        "--private",
        "--internal",
        "--draft",
        "--fill",
        "--prerelease",
        "--latest",
        "--generate-notes",
        "--failed",
        "--debug",
        "--watch",
        "--compact",
        "--name-only",
        "--patch",
        "--force",
        "--all",
        "--archived",
        "--fork",
        "--no-archived",
        "--approve",
        "--request-changes",
        "--undo",
        "--required",
        "--fail-fast",
        "--cleanup-tag",
        "--clone",
        "--push",
        "--show-token",
        "--secure-storage",
        "--insecure-storage",
        "--clobber",
        "--skip-existing",
        "--allow-forking",
        "--enable-issues",
        "--enable-wiki",
        "--delete-branch-on-merge",
        "--enable-auto-merge",
        "--enable-squash-merge",
        "--all-branches",
        "--disable-issues",
        "--add-readme",
        "--with-token",
        "--accept-visibility-change-consequences",
        "--dry-run",
    ],
    places: &[
        ("-R", PlaceKind::Repository),
        ("--repo", PlaceKind::Repository),
        ("GH_REPO", PlaceKind::Repository),
        ("GH_HOST", PlaceKind::Host),
    ],
    rules: &[
        Rule::asks("api", api::api),
        // What only looks.
        Rule::reads(
            "pr|issue|release|run|workflow|repo|gist|label|cache|ruleset|variable|secret|\
             project|org|codespace|cs|ssh-key|gpg-key|extension|ext|extensions|alias|\
             config|attestation|agent-task list|ls|view|status|diff|checks|watch|get|\
             check|verify|field-list|item-list|search|trusted-root",
        ),
        Rule::reads("status|browse|version|help|completion|search|licenses|actions"),
        Rule::reads("search *"),
        Rule::reads("repo license|gitignore list|view"),
        Rule::reads("repo deploy-key|autolink list|view"),
        Rule::reads("auth status").when(&[("-t", SHOWS_TOKEN), ("--show-token", SHOWS_TOKEN)]),
        Rule::new("auth token", SHOWS_TOKEN),
        Rule::updates("auth login|logout|refresh|switch|setup-git", "log in again"),
        Rule::updates("auth git-credential", "log in again"),
        // Pull requests and issues.
        Rule::updates("pr merge", "revert the merge").when(&[(
            "--admin",
            Does::Changes(Verb::Grant, "revert the merge; no check has held it"),
        )]),
        Rule::updates("pr close", "reopen it")
            .when(&[("-d", BRANCH_GONE), ("--delete-branch", BRANCH_GONE)]),
        Rule::creates("pr create|new", "close it").dry(&["--dry-run"]),
        Rule::updates(
            "pr edit|comment|ready|reopen|review|update-branch|lock|unlock|checkout|co|\
             revert",
            "set it back",
        ),
        Rule::creates("issue create|new|develop", "close it"),
        Rule::updates(
            "issue close|reopen|edit|comment|lock|unlock|pin|unpin|transfer",
            "set it back",
        ),
        Rule::deletes("issue delete", "the issue and its comments are gone"),
        // Repositories.
        Rule::deletes("repo delete", "the repository, its issues and its history are gone"),
        Rule::asks("repo edit", repo_edit),
        Rule::asks("repo create|new", repo_create),
        Rule::updates("repo archive|unarchive|rename|set-default|clone|fork", "set it back"),
        Rule::updates("repo sync", "reset to the commit the reflog names").when(&[(
            "--force",
            Does::Destroys(Verb::Delete, "the commits that only this branch has are gone"),
        )]),
        Rule::grants("repo deploy-key add", "delete the key"),
        Rule::deletes("repo deploy-key delete", "whoever used the key has no access any more"),
        Rule::updates("repo autolink create|delete", "create it again"),
        // Releases, runs, caches.
        Rule::creates("release create|new", "delete the release"),
        Rule::updates("release edit|upload|download", "set it back")
            .when(&[("--clobber", Does::Changes(Verb::Update, "upload the old files again"))]),
        Rule::deletes("release delete|delete-asset", "the release and its files are gone"),
        Rule::reads("release verify|verify-asset"),
        Rule::deletes("run delete", "the run and its logs are gone"),
        Rule::updates("run cancel|rerun|download", "run it again"),
        Rule::runs("workflow run", "cancel the run"),
        Rule::updates("workflow disable|enable", "enable it again"),
        Rule::updates("cache delete", "the next run makes it again"),
        // Secrets, variables, keys.
        Rule::updates("secret|variable set", "set the old value again"),
        Rule::deletes("secret delete|remove", "the secret's value is gone"),
        Rule::deletes("variable delete|remove", "the variable's value is gone"),
        Rule::grants("ssh-key|gpg-key add", "delete the key"),
        Rule::deletes("ssh-key|gpg-key delete", "whoever used the key has no access any more"),
        // The rest.
        Rule::creates("gist create|new", "delete the gist")
            .when(&[("-p", PUBLIC), ("--public", PUBLIC)]),
        Rule::updates("gist edit|rename|clone", "edit it back"),
        Rule::deletes("gist delete", "the gist is gone"),
        Rule::creates("label create|clone", "delete it again"),
        Rule::updates("label edit", "edit it back"),
        Rule::deletes("label delete", "the label is gone from every issue"),
        Rule::creates("project create|copy|item-add|item-create|field-create", "delete it again"),
        Rule::updates(
            "project edit|close|link|unlink|item-edit|item-archive|mark-template",
            "set it back",
        )
        .when(&[("--visibility=PUBLIC", PUBLIC)]),
        Rule::deletes("project delete|item-delete|field-delete", "it is gone from the project"),
        Rule::creates("codespace|cs create", "delete it again"),
        Rule::updates("codespace|cs stop|edit|rebuild|code|jupyter|cp", "start it again"),
        Rule::updates("codespace|cs ports", "set the port back"),
        Rule::reads("codespace|cs logs"),
        Rule::deletes("codespace|cs delete", "what was not pushed from it is gone"),
        Rule::asks("codespace|cs ssh", codespace_ssh),
        Rule::updates(
            "extension|ext|extensions install|upgrade|remove|create",
            "remove or install it again",
        ),
        Rule::updates("alias set|delete|import", "set it back"),
        Rule::updates("config set|clear-cache", "set it back"),
        Rule::updates("attestation download", "remove the file again"),
        Rule::opaque("agent-task create", "an agent decides what it does"),
        Rule::opaque("copilot|models", "a model decides what it does"),
        Rule::reads("copilot explain|suggest"),
        Rule::reads("models list|view"),
        Rule::reads("preview prompter"),
    ],
    otherwise: Does::Opaque("this subcommand is not known; it may be an alias or an extension"),
    ..Cli::new("github")
};

fn repo_edit(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let visibility = matched.value("--visibility");
    let does = match visibility {
        Some(word) if word.is("public") => PUBLIC,
        Some(word) if word.has_holes() => {
            return judge.opaque(word.span(), "whether it becomes public is not known");
        }
        _ => Does::Changes(Verb::Update, "edit it back"),
    };
    place(matched, judge);
    matched.does(does, Named::Operands, judge);
}

fn place(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(name) = matched.operands.first() {
        judge.place(PlaceKind::Repository, name);
    }
}

fn repo_create(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let filled = matched.has("--push");
    let does = if matched.has("--public") && filled {
        PUBLIC
    } else {
        Does::Changes(Verb::Create, "delete the repository again")
    };
    place(matched, judge);
    matched.does(does, Named::Operands, judge);
}

/// A command on the codespace is a command.
fn codespace_ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let dashes = matched.call.arguments().iter().position(|word| word.is("--"));
    let words = dashes.map_or(&[][..], |at| &matched.call.arguments()[at + 1..]);
    match words {
        [] => judge.opaque(matched.call.span(), "what is typed there is not known"),
        [script] => drop(judge.script(script, matched.call.variables, matched.call.stdin)),
        words => drop(judge.call(&matched.call.running(words))),
    }
}
