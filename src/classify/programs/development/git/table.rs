//! The subcommands of git, grouped by how they write their options.
//!
//! From <https://git-scm.com/docs>, 2026-11.

use super::{
    super::super::{Cli, Does, Rule},
    commands,
    push::PUSH,
};
use crate::domain::Verb;

const WRITES: Does = Does::Changes(Verb::Create, "remove the file again");
const WORK_LOST: Does = Does::Destroys(Verb::Delete, "changes that are not committed are gone");

/// What all of them share.
pub(super) const GIT: Cli = Cli { abbreviates: true, ..Cli::new("git") };

/// The table that knows a subcommand.
pub(super) fn of(subcommand: &str) -> Option<&'static Cli> {
    const ALL: &[&Cli] = &[&LOOKS, &MESSAGES, &PUSH, &REMOTE, &TREE, &REFS, &OTHERS];
    ALL.iter().copied().find(|cli| {
        cli.rules.iter().any(|rule| {
            let first = rule.path.split(' ').next().unwrap_or_default();
            first.split('|').any(|name| name == subcommand)
        })
    })
}

/// They print.
static LOOKS: Cli = Cli {
    valued: &[
        "-n",
        "-S",
        "-G",
        "-L",
        "-O",
        "-U",
        "--max-count",
        "--since",
        "--until",
        "--after",
        "--before",
        "--author",
        "--committer",
        "--grep",
        "--format",
        "--output",
        "--skip",
        "--sort",
        "--contains",
        "--exclude",
        "--points-at",
        "--unified",
        "--diff-filter",
        "-x",
        "-X",
        "--match",
        "--candidates",
        "--prefix",
        "--exec",
        "--trailer",
    ],
    flags: &[
        "--oneline",
        "--stat",
        "--graph",
        "--all",
        "--cached",
        "--staged",
        "--name-only",
        "--name-status",
        "--porcelain",
        "--short",
        "--decorate",
        "--show-toplevel",
        "--abbrev-ref",
        "--heads",
        "--tags",
        "--patch",
    ],
    rules: &[
        Rule::reads(
            "log|show|diff|whatchanged|shortlog|range-diff|diff-tree|diff-files|\
             diff-index|rev-list|show-branch|cherry",
        )
        .when(&[("--output", WRITES)]),
        Rule::reads(
            "status|blame|annotate|describe|rev-parse|ls-files|ls-tree|cat-file|name-rev|\
             merge-base|for-each-ref|show-ref|count-objects|verify-commit|verify-tag|\
             verify-pack|var|version|help|check-ignore|check-attr|check-mailmap|\
             check-ref-format|merge-tree|get-tar-commit-id|column|patch-id|stripspace|\
             request-pull|show-index|fast-export|diff-pairs|last-modified|refs-list|\
             fmt-merge-msg|sh-i18n|cherry-pick-list|gitk|survey|url-parse",
        ),
        Rule::reads("interpret-trailers").when(&[("--in-place", WRITES)]),
        Rule::reads("fsck").when(&[("--lost-found", WRITES)]),
        Rule::reads("hash-object|mktag|mktree|write-tree").when(&[("-w", WRITES)]),
        Rule::asks("grep", commands::grep),
        Rule::creates("bugreport|diagnose|unpack-file", "remove the file again"),
    ],
    ..GIT
};

/// They take a message.
static MESSAGES: Cli = Cli {
    valued: &[
        "-m",
        "--message",
        "-F",
        "--file",
        "-C",
        "-c",
        "--reuse-message",
        "--reedit-message",
        "--fixup",
        "--squash",
        "--author",
        "--date",
        "-t",
        "--template",
        "--cleanup",
        "-u",
        "--local-user",
        "-s",
        "--strategy",
        "-X",
        "--strategy-option",
        "--trailer",
        "--sort",
        "--contains",
        "--no-contains",
        "--merged",
        "--points-at",
        "--format",
        "--into-name",
        "--mainline",
        "--ref",
    ],
    flags: &[
        "--amend",
        "--no-edit",
        "--all",
        "--signoff",
        "--no-verify",
        "--allow-empty",
        "--delete",
        "--force",
        "--list",
        "--annotate",
        "--no-ff",
        "--ff-only",
        "--squash",
        "--abort",
        "--continue",
        "--quit",
        "--skip",
        "--no-commit",
    ],
    rules: &[
        Rule::updates("commit", "reset to the commit the reflog names").dry(&["--dry-run"]),
        Rule::updates("merge|cherry-pick|revert|am", "reset to ORIG_HEAD, or abort it"),
        Rule::asks("tag", commands::tag),
        Rule::reads("notes"),
        Rule::reads("notes list|show|get-ref"),
        Rule::updates("notes add", "remove the note again"),
        Rule::deletes("notes remove|prune", "the note is gone"),
        Rule::updates(
            "notes append|copy|edit|merge",
            "the old note stands in the log of its branch",
        ),
        Rule::creates("commit-tree", "nothing points to it yet"),
    ],
    ..GIT
};

/// They talk to a remote.
static REMOTE: Cli = Cli {
    valued: &[
        "-b",
        "--branch",
        "-o",
        "--origin",
        "--depth",
        "-j",
        "--jobs",
        "--reference",
        "--template",
        "--upload-pack",
        "--exec",
        "-c",
        "--config",
        "--filter",
        "--shallow-since",
        "--separate-git-dir",
        "-s",
        "--strategy",
        "-X",
        "--sort",
        "--server-option",
        "--refmap",
        "-t",
        "-m",
    ],
    flags: &[
        "--all",
        "--prune",
        "--tags",
        "--rebase",
        "--ff-only",
        "--bare",
        "--mirror",
        "--force",
        "--quiet",
        "--verbose",
        "--progress",
        "--heads",
        "--recursive",
        "--recurse-submodules",
        "--no-tags",
        "--unshallow",
        "--no-rebase",
        "--autostash",
        "--single-branch",
        "--no-checkout",
        "--dry-run",
        "--get-url",
        "--refs",
        "--symref",
        "--exit-code",
    ],
    rules: &[
        Rule::asks("clone", commands::fetches).valued(&["-u"]),
        Rule::asks("fetch|pull|ls-remote|fetch-pack", commands::fetches),
        Rule::reads("remote"),
        Rule::reads("remote show|get-url"),
        Rule::asks("remote add|set-url", set_remote),
        Rule::updates("remote rename|set-head|set-branches|update", "set it back"),
        Rule::updates("remote remove|rm", "add the remote again"),
        Rule::updates("remote prune", "fetch again; only copies are removed")
            .dry(&["-n", "--dry-run"]),
    ],
    ..GIT
};

fn set_remote(
    matched: &super::super::super::Matched<'_, '_>,
    judge: &mut crate::classify::Judge<'_>,
) {
    for word in &matched.operands {
        commands::helper_url(word, matched, judge);
    }
    let does = Does::Changes(Verb::Update, "set the old address again");
    matched.does(does, super::super::super::Named::Operands, judge);
}

/// They change the working tree.
static TREE: Cli = Cli {
    valued: &[
        "-b",
        "-B",
        "--orphan",
        "-c",
        "-C",
        "-s",
        "--source",
        "-e",
        "--exclude",
        "--message",
        "--pathspec-from-file",
        "--onto",
        "--conflict",
        "--chmod",
        "-U",
    ],
    flags: &[
        "--hard",
        "--soft",
        "--mixed",
        "--keep",
        "--merge",
        "--force",
        "--staged",
        "--worktree",
        "--cached",
        "--dry-run",
        "--no-dry-run",
        "--discard-changes",
        "--detach",
        "--track",
        "--create",
        "--ours",
        "--theirs",
        "--quiet",
        "--patch",
        "--all",
        "--update",
        "--verbose",
        "--intent-to-add",
    ],
    rules: &[
        Rule::asks("checkout", commands::checkout),
        Rule::updates("switch", "switch back").when(&[
            ("-f", WORK_LOST),
            ("--force", WORK_LOST),
            ("--discard-changes", WORK_LOST),
        ]),
        Rule::asks("restore", commands::restore),
        Rule::updates("reset", "reset to the commit the reflog names")
            .when(&[("--hard", WORK_LOST), ("--merge", WORK_LOST)]),
        Rule::asks("clean", commands::clean),
        Rule::asks("rm", commands::rm).dry(&["-n", "--dry-run"]),
        Rule::updates("mv", "move it back").dry(&["-n", "--dry-run"]),
        Rule::updates("add|stage", "unstage it").dry(&["-n", "--dry-run"]),
        Rule::updates("checkout-index", "check it out again")
            .when(&[("-f", WORK_LOST), ("--force", WORK_LOST)]),
        Rule::updates("apply", "apply it in reverse").when(&[
            ("--check", Does::Reads),
            ("--stat", Does::Reads),
            ("--numstat", Does::Reads),
            ("--summary", Does::Reads),
        ]),
        Rule::updates("read-tree", "read the old tree again")
            .when(&[("-u", WORK_LOST), ("--reset", WORK_LOST)])
            .dry(&["-n", "--dry-run"]),
        Rule::updates("update-index|sparse-checkout", "set it back"),
        Rule::reads("sparse-checkout list"),
    ],
    ..GIT
};

/// They move branches, tags and what keeps old commits alive.
static REFS: Cli = Cli {
    valued: &[
        "-x",
        "--exec",
        "--onto",
        "-X",
        "-s",
        "--strategy",
        "--set-upstream-to",
        "--contains",
        "--no-contains",
        "--merged",
        "--no-merged",
        "--points-at",
        "--sort",
        "--format",
        "--expire",
        "--message",
        "--expire-unreachable",
        "--extcmd",
        "-o",
        "--output",
        "--prefix",
        "--remote",
        "--type",
        "--default",
        "--file",
        "--blob",
        "--strategy-option",
        "--task",
    ],
    flags: &[
        "--delete",
        "--force",
        "--list",
        "--all",
        "--remotes",
        "--show-current",
        "--move",
        "--copy",
        "--get",
        "--unset",
        "--global",
        "--local",
        "--system",
        "--interactive",
        "--autosquash",
        "--abort",
        "--continue",
        "--skip",
        "--autostash",
        "--aggressive",
        "--auto",
        "--quiet",
        "--update-refs",
        "--keep-empty",
        "--rebase-merges",
        "--keep-index",
        "--include-untracked",
        "--patch",
        "--list",
        "--porcelain",
    ],
    rules: &[
        Rule::asks("branch", commands::branch),
        Rule::asks("config", commands::config),
        Rule::asks("rebase", commands::rebase),
        Rule::asks("symbolic-ref", commands::symbolic_ref),
        Rule::asks("difftool", commands::difftool),
        Rule::asks("archive", commands::archive),
        Rule::updates("stash", "pop or apply it"),
        Rule::updates(
            "stash push|save|pop|apply|branch|create|store|export|import",
            "apply it again, or drop it",
        ),
        Rule::reads("stash list|show"),
        Rule::deletes("stash drop|clear", "the work kept aside is gone"),
        Rule::reads("reflog"),
        Rule::reads("reflog show|exists|list"),
        Rule::deletes("reflog expire|delete|drop", "the way back to old commits is gone")
            .dry(&["-n", "--dry-run"]),
        Rule::updates("gc", "it only packs what is kept").when(&[
            ("--prune", PRUNES_OLD),
            ("--prune=now", PRUNES),
            ("--prune=all", PRUNES),
        ]),
        Rule::deletes("prune", "commits that nothing points to are gone").dry(&["-n", "--dry-run"]),
        Rule::updates(
            "prune-packed|repack|pack-refs|multi-pack-index|commit-graph|maintenance|\
             update-server-info|pack-objects|index-pack|unpack-objects|refs",
            "it only packs what is kept",
        ),
        Rule::updates("update-ref", "set it to the commit the reflog names").when(&[
            ("-d", REF_GONE),
            ("--stdin", Does::Opaque("what is done stands on the standard input")),
        ]),
        Rule::deletes("filter-branch|filter-repo", "the old history is overwritten")
            .dry(&["--dry-run", "--analyze"]),
        Rule::updates("replace", "delete the replacement again"),
        Rule::creates("bundle create", "remove the bundle again"),
        Rule::reads("bundle verify|list-heads"),
        Rule::updates("bundle unbundle", "nothing points to it yet"),
    ],
    ..GIT
};

const PRUNES: Does = Does::Destroys(Verb::Delete, "commits that nothing points to are gone");
const PRUNES_OLD: Does = Does::Changes(Verb::Update, "it only packs what is kept");
const REF_GONE: Does = Does::Destroys(Verb::Delete, "the branch or tag is gone");

/// Whatever is left.
static OTHERS: Cli = Cli {
    valued: &[
        "-b",
        "-B",
        "--branch",
        "--reference",
        "--depth",
        "--name",
        "--template",
        "--initial-branch",
        "--reason",
        "-I",
        "-X",
        "--include",
        "--exclude",
        "-o",
        "--output-directory",
        "--to",
        "--cc",
        "--prefix",
        "-P",
    ],
    flags: &[
        "--force",
        "--init",
        "--recursive",
        "--remote",
        "--all",
        "--bare",
        "--dry-run",
        "--detach",
        "--quiet",
        "--cached",
    ],
    rules: &[
        Rule::creates("init|init-db", "remove the repository again"),
        Rule::reads("worktree list"),
        Rule::creates("worktree add", "remove it again"),
        Rule::updates("worktree move|lock|unlock|repair", "set it back"),
        Rule::updates("worktree prune", "add it again").dry(&["-n", "--dry-run"]),
        Rule::updates("worktree remove", "add it again")
            .when(&[("-f", WORK_LOST), ("--force", WORK_LOST)]),
        Rule::reads("submodule"),
        Rule::reads("submodule status|summary"),
        Rule::updates("submodule init|add|sync|set-branch|set-url|absorbgitdirs", "set it back"),
        Rule::updates("submodule update", "check out the old commit there again")
            .when(&[("-f", WORK_LOST), ("--force", WORK_LOST)]),
        Rule::updates("submodule deinit", "init and update it again")
            .when(&[("-f", WORK_LOST), ("--force", WORK_LOST)]),
        Rule::asks("submodule foreach", commands::runs_words),
        Rule::asks("bisect run", commands::runs_words),
        Rule::reads("bisect log|view|visualize|terms"),
        Rule::updates("bisect start|good|bad|new|old|skip|reset|replay|next", "git bisect reset"),
        Rule::creates("format-patch", "remove the files again").when(&[("--stdout", Does::Reads)]),
        Rule::creates("send-email|imap-send", "a mail that is sent is sent").dry(&["--dry-run"]),
        Rule::updates(
            "mergetool|rerere|mailsplit|mailinfo|merge-file|merge-index|merge-one-file|\
             citool|gui",
            "restore it from the last commit",
        ),
        Rule::updates("subtree add|merge|pull|split", "reset to the commit the reflog names"),
        Rule::updates("subtree push", "push a commit that reverts it"),
        Rule::updates("fast-import", "set the branches to the commits the reflog names"),
        Rule::reads("lfs"),
        Rule::reads("lfs ls-files|status|env|logs|version|locks|pointer|ls"),
        Rule::updates(
            "lfs install|uninstall|track|untrack|fetch|pull|push|checkout|lock|unlock|\
             update|smudge|clean|dedup|fsck",
            "set it back",
        ),
        Rule::updates("lfs prune", "fetch the files again").dry(&["-d", "--dry-run"]),
        Rule::reads("lfs migrate info"),
        Rule::deletes("lfs migrate import|export", "the old history is overwritten"),
        Rule::updates("svn fetch|rebase|clone|init|dcommit", "commit the reverse")
            .dry(&["-n", "--dry-run"]),
        Rule::reads("svn log|info|find-rev|show-ignore|blame"),
        Rule::updates("flow", "reset to the commit the reflog names"),
        Rule::opaque(
            "quiltimport|daemon|http-backend|shell|instaweb|upload-pack|receive-pack|\
             cvsserver|p4|cvsimport|for-each-repo|hook|credential|remote-ext|remote-fd",
            "what it runs or serves stands elsewhere",
        ),
        Rule::reads("credential-cache|credential-store"),
    ],
    ..GIT
};
