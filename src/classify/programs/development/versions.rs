//! The other version control systems: Mercurial, Subversion, Jujutsu.
//!
//! From <https://www.mercurial-scm.org/help/commands>, <https://svnbook.red-bean.com/> and
//! <https://docs.jj-vcs.dev/latest/cli-reference/>, 2026-11.

use super::super::{Cli, Does, Matched, Named, Program, Rule};
use crate::{classify::Judge, domain::Verb};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["hg"], &HG),
    Program::table(&["svn"], &SVN),
    Program::table(&["svnadmin"], &SVNADMIN),
    Program::table(&["svnlook"], &SVNLOOK),
    Program::table(&["jj"], &JJ),
];

const WORK_LOST: Does = Does::Destroys(Verb::Delete, "changes that are not committed are gone");
const HISTORY_LOST: Does = Does::Destroys(Verb::Delete, "the old history is overwritten");
const RUNS: Does = Does::Opaque("this setting may run another program");

static HG: Cli = Cli {
    abbreviates: true,
    valued: &[
        "-r",
        "--rev",
        "-R",
        "--repository",
        "--cwd",
        "-m",
        "--message",
        "-l",
        "--logfile",
        "-u",
        "--user",
        "-d",
        "--date",
        "-b",
        "--branch",
        "-I",
        "--include",
        "-X",
        "--exclude",
        "-T",
        "--template",
        "-k",
        "--keyword",
        "--config",
        "-s",
        "-B",
    ],
    flags: &[
        "--clean",
        "--force",
        "--all",
        "--new-branch",
        "--dry-run",
        "--noninteractive",
        "--verbose",
    ],
    rules: &[
        Rule::reads(
            "status|st|log|history|diff|annotate|blame|cat|heads|id|identify|in|incoming|\
             out|outgoing|manifest|parents|paths|summary|sum|tags|branches|tip|verify|\
             version|grep|files|locate|help|root|showconfig|glog|debugconfig|export",
        )
        .when(&[("--config", RUNS)]),
        Rule::reads("config"),
        Rule::updates(
            "commit|ci|add|addremove|move|mv|rename|copy|cp|merge|pull|clone|init|import|\
             graft|backout|tag|bookmark|bookmarks|branch|bisect|resolve|unshelve|unbundle|\
             bundle|archive|rebase|amend|forget|phase|recover|remove|rm|shelve|histedit|\
             evolve|serve",
            "back it out",
        )
        .when(&[("--config", RUNS)]),
        Rule::updates("push", "back it out and push again").when(&[
            ("-f", HISTORY_LOST),
            ("--force", HISTORY_LOST),
            ("--config", RUNS),
        ]),
        Rule::updates("update|up|checkout|co", "update to the old revision").when(&[
            ("-C", WORK_LOST),
            ("--clean", WORK_LOST),
            ("--config", RUNS),
        ]),
        Rule::new("revert", WORK_LOST).dry(&["-n", "--dry-run"]),
        Rule::deletes("purge|clean", "files that are not tracked are gone").dry(&["-p", "--print"]),
        Rule::new("strip|rollback|debugstrip|obliterate", HISTORY_LOST),
        Rule::new("prune", Does::Changes(Verb::Delete, "touch the changesets again")),
    ],
    ..Cli::new("mercurial")
};

static SVN: Cli = Cli {
    valued: &[
        "-r",
        "--revision",
        "-m",
        "--message",
        "-F",
        "--file",
        "--username",
        "--password",
        "-c",
        "--change",
        "--depth",
        "--set-depth",
        "--changelist",
        "--diff-cmd",
        "--diff3-cmd",
        "--editor-cmd",
        "--config-option",
        "-l",
        "--limit",
    ],
    flags: &[
        "--force",
        "--non-interactive",
        "--recursive",
        "--xml",
        "--verbose",
        "--quiet",
        "--ignore-externals",
    ],
    rules: &[
        Rule::reads(
            "status|stat|st|log|diff|di|info|list|ls|cat|blame|praise|annotate|ann|\
             proplist|plist|pl|propget|pget|pg|help|auth|youngest",
        )
        .when(&[("--diff-cmd", RUNS), ("--config-option", RUNS)]),
        Rule::updates(
            "checkout|co|update|up|switch|sw|commit|ci|add|mkdir|copy|cp|move|mv|rename|\
             ren|merge|import|export|lock|unlock|propset|pset|ps|propedit|pedit|pe|propdel|\
             pdel|pd|resolve|resolved|relocate|upgrade|changelist|cl|patch|mergeinfo|\
             x-shelve|x-unshelve",
            "merge the reverse and commit it",
        )
        .when(&[("--diff3-cmd", RUNS), ("--editor-cmd", RUNS), ("--config-option", RUNS)]),
        Rule::asks("delete|del|remove|rm", svn_delete),
        Rule::new("revert", WORK_LOST),
        Rule::updates("cleanup", "nothing is lost by it")
            .when(&[("--remove-unversioned", WORK_LOST), ("--remove-ignored", WORK_LOST)]),
    ],
    ..Cli::new("subversion")
};

static SVNADMIN: Cli = Cli {
    rules: &[
        Rule::reads("verify|info|lslocks|lstxns|help|dump|freeze"),
        Rule::updates(
            "create|hotcopy|load|pack|recover|upgrade|setlog|setrevprop|setuuid|lock|\
             unlock|rmlocks",
            "set it back",
        ),
        Rule::deletes("rmtxns|obliterate|delrevprop", "it is gone from the repository"),
    ],
    ..Cli::new("subversion")
};

static SVNLOOK: Cli =
    Cli { rules: &[Rule::reads("**").when(&[("--diff-cmd", RUNS)])], ..Cli::new("subversion") };

static JJ: Cli = Cli {
    valued: &[
        "-r",
        "-m",
        "-R",
        "--repository",
        "-s",
        "-d",
        "-T",
        "--at-operation",
        "--config",
        "--config-file",
        "-b",
        "--to",
        "--from",
        "--remote",
    ],
    rules: &[
        Rule::reads("log|status|st|diff|show|evolog|interdiff|root|version|help|util"),
        Rule::reads(
            "bookmark|operation|op|workspace|git|config|tag|file list|show|log|diff|root|\
             get|path|annotate|search",
        ),
        Rule::reads("git remote list"),
        Rule::updates(
            "new|describe|desc|commit|squash|split|rebase|edit|next|prev|duplicate|absorb|\
             parallelize|resolve|restore|revert|undo|redo|abandon|fix|sign|unsign|\
             simplify-parents|metaedit|diffedit|sparse|bisect|gerrit",
            "jj undo",
        ),
        Rule::updates("bookmark|operation|op|workspace|config|tag|file|git *", "jj undo"),
        Rule::updates("git push", "push the old commit again").dry(&["--dry-run"]).when(&[(
            "--deleted",
            Does::Destroys(Verb::Delete, "the branches are gone from the remote"),
        )]),
        Rule::deletes("operation|op abandon", "the way back to old operations is gone"),
    ],
    ..Cli::new("jujutsu")
};

/// In a working copy it stays in the history; of a URL it is committed at once, and does so too.
fn svn_delete(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let remote = matched.operands.iter().any(|word| word.text().contains("://"));
    let does = if remote || matched.has("--force") {
        Does::Destroys(Verb::Delete, "it is gone from the repository for everybody")
    } else {
        Does::Changes(Verb::Delete, "revert it")
    };
    matched.does(does, Named::Operands, judge);
}
