//! `glab` (GitLab), `hub` (the older one of GitHub) and `tea` (Gitea).
//!
//! From <https://docs.gitlab.com/cli/>, <https://hub.github.com/hub.1.html> and
//! <https://gitea.com/gitea/tea>, 2026-11.

use super::{
    super::super::{Cli, Rule},
    api,
};
use crate::domain::PlaceKind;

pub(super) static GLAB: Cli = Cli {
    valued: &[
        "-b",
        "-d",
        "-t",
        "-l",
        "-a",
        "-m",
        "-X",
        "-f",
        "-F",
        "-H",
        "-P",
        "-p",
        "-s",
        "-g",
        "-r",
        "-n",
        "--description",
        "--title",
        "--label",
        "--assignee",
        "--milestone",
        "--method",
        "--field",
        "--raw-field",
        "--header",
        "--input",
        "--per-page",
        "--page",
        "--ref",
        "--name",
        "--notes",
        "--scope",
        "--value",
        "--message",
        "--reviewer",
        "--source-branch",
        "--target-branch",
        "--group",
        "--output",
        "--branch",
        "--variables",
        "--search",
        "--author",
        "--state",
        "--visibility",
    ],
    flags: &[
        "--squash",
        "--yes",
        "--remove-source-branch",
        "--web",
        "--comments",
        "--public",
        "--private",
    ],
    places: &[("-R", PlaceKind::Repository), ("--repo", PlaceKind::Repository)],
    rules: &[
        Rule::asks("api", api::api),
        Rule::reads(
            "mr|issue|ci|pipe|pipeline|release|repo|project|label|snippet|variable|var|\
             schedule|ssh-key|deploy-key|token|user|incident|iteration|milestone|job|\
             runner|securefile|cluster list|ls|view|show|status|diff|approvers|trace|\
             lint|get|config|search|contributors|issues|events|graph|export",
        ),
        Rule::reads("version|help|completion|check-update|changelog"),
        Rule::reads("auth status"),
        Rule::updates("auth login|logout|docker-helper|configure-docker|dpop-gen", "log in again"),
        Rule::creates(
            "mr|issue|incident|release|repo|project|label|snippet|schedule|\
             milestone create|new|for|clone|fork",
            "close or delete it again",
        ),
        Rule::updates("mr merge|accept", "revert the merge"),
        Rule::updates(
            "mr|issue|incident close|reopen|update|note|comment|subscribe|unsubscribe|\
             approve|revoke|rebase|todo|checkout|board",
            "set it back",
        ),
        Rule::deletes(
            "mr|issue|incident|release|label|snippet|variable|var|schedule|milestone|\
             ssh-key|deploy-key|securefile|ci|pipe|pipeline delete|rm|remove",
            "it is gone",
        ),
        Rule::deletes("repo|project delete", "the repository, its issues and its history are gone"),
        Rule::deletes("repo|project transfer", "the repository belongs to somebody else then"),
        Rule::updates("repo|project archive|mirror|update|members", "set it back"),
        Rule::runs("ci|pipe|pipeline run|retry|trigger|run-trig", "cancel it"),
        Rule::updates("ci|pipe|pipeline cancel|artifact", "run it again"),
        Rule::updates("job artifact", "remove the files again"),
        Rule::updates("release upload|download", "delete the files again"),
        Rule::updates("variable|var set|update|export", "set the old value again"),
        Rule::grants("ssh-key|deploy-key add", "delete the key"),
        Rule::grants("token create", "revoke the token"),
        Rule::deletes("token revoke|rotate", "whoever used the token has no access any more"),
        Rule::updates("schedule update|run", "set it back"),
        Rule::updates("config|alias set|edit|delete", "set it back"),
        Rule::reads("config|alias get|list"),
    ],
    ..Cli::new("gitlab")
};

pub(super) static HUB: Cli = Cli {
    valued: &["-m", "-F", "-b", "-h", "-X", "-f", "-d", "--method", "--field", "--raw-field", "-H"],
    rules: &[
        Rule::asks("api", api::api),
        Rule::reads("browse|compare|ci-status|help|version"),
        Rule::reads("pr|issue|release|gist|issue labels list|show|labels"),
        Rule::creates("pull-request|fork|create", "close or delete it again"),
        Rule::creates("issue|release|gist create", "close or delete it again"),
        Rule::updates("issue|release update|edit|download", "set it back"),
        Rule::updates("pr checkout|merge", "revert it"),
        Rule::updates(
            "sync|clone|fetch|merge|am|apply|cherry-pick|init|remote|submodule",
            "set it back",
        ),
        Rule::deletes("delete", "the repository, its issues and its history are gone"),
        Rule::deletes("release delete", "the release and its files are gone"),
    ],
    ..Cli::new("github")
};

pub(super) static TEA: Cli = Cli {
    valued: &[
        "-r",
        "-l",
        "-t",
        "-d",
        "--repo",
        "--login",
        "--title",
        "--description",
        "--output",
        "-o",
    ],
    rules: &[
        Rule::reads(
            "issues|issue|pulls|pull|pr|labels|milestones|releases|release|times|\
             organizations|repos|repo|branches|whoami|notifications|ls|list|open|help|\
             logins",
        ),
        Rule::reads(
            "issues|pulls|labels|milestones|releases|repos|times|branches|logins list|ls|\
             search",
        ),
        Rule::creates(
            "issues|pulls|labels|milestones|releases|repos|logins create|c|add|fork",
            "delete it again",
        ),
        Rule::updates(
            "issues|pulls|milestones close|reopen|edit|checkout|merge|approve|reject|\
             review|clean",
            "set it back",
        ),
        Rule::deletes(
            "labels|milestones|releases|repos|organizations|times delete|rm",
            "it is gone",
        ),
        Rule::updates("comment|clone|login|logout", "set it back"),
    ],
    ..Cli::new("gitea")
};
