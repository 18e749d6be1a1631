//! What the catalogue recognises, and whom it leaves alone.

use super::{Catalogue, CatalogueError, file::Text, rule::Origin};
use crate::domain::{Clue, ClueKind, Confidence, ToolMatch};
use ClueKind as K;
use proptest::prelude::*;
use std::{collections::HashSet, io::Write};

fn recognise(clues: &[(ClueKind, &str)]) -> Vec<ToolMatch> {
    let clues: Vec<_> = clues.iter().map(|&(kind, value)| Clue::new(kind, value)).collect();
    Catalogue::builtin().unwrap().recognise(&clues)
}

/// The ids of the recognised tools, surest first.
fn tools(clues: &[(ClueKind, &str)]) -> Vec<String> {
    recognise(clues).into_iter().map(|m| m.tool.as_str().to_owned()).collect()
}

fn with(text: &str) -> Result<Catalogue, CatalogueError> {
    let mut catalogue = Catalogue::builtin()?;
    catalogue.take_in(Text { file: "mine.toml", text }, Origin::User)?;
    Ok(catalogue)
}

fn error(text: &str) -> String {
    with(text).unwrap_err().to_string()
}

#[test]
fn the_built_in_file_is_sound_and_knows_many_tools() {
    let catalogue = Catalogue::builtin().unwrap();
    assert!(catalogue.tools().len() >= 25, "{}", catalogue.tools().len());
    let ids: HashSet<_> = catalogue.tools().iter().map(|t| &t.id).collect();
    assert_eq!(ids.len(), catalogue.tools().len());
    assert!(catalogue.tools().iter().all(|t| !t.name.is_empty() && !t.vendor.is_empty()));
}

#[test]
fn every_kind_of_evidence_is_recognised() {
    for (kind, value, tool, sure) in [
        (K::GithubUserId, "198982749", "copilot", Confidence::Observed),
        (K::GithubLogin, "devin-ai-integration[bot]", "devin", Confidence::Observed),
        (K::GithubAppSlug, "cursor", "cursor", Confidence::Observed),
        (K::GithubAppSlug, "copilot-swe-agent", "copilot", Confidence::Observed),
        (K::GitEmail, "Codex@OpenAI.com", "codex", Confidence::Observed),
        (
            K::GitEmail,
            "158243242+renamed[bot]@users.noreply.github.com",
            "devin",
            Confidence::Observed,
        ),
        (
            K::CommitTrailer,
            "Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>",
            "claude-code",
            Confidence::Observed,
        ),
        (K::CommitTrailer, "Replit-Commit-Session-Id: 0b1c", "replit-agent", Confidence::Observed),
        (K::Branch, "codex/fix-login", "codex", Confidence::Inferred),
        (K::IamName, "kiro-prod-deployer", "kiro", Confidence::Inferred),
        (K::IamName, "ClaudeCodeDeployRole", "claude-code", Confidence::Inferred),
        (K::IamName, "ci_claude_code", "claude-code", Confidence::Inferred),
        (
            K::IamName,
            "AmazonBedrockExecutionRoleForAgents_4X2",
            "bedrock-agents",
            Confidence::Inferred,
        ),
        (
            K::IamName,
            "AWSServiceRoleForAmazonQDeveloper",
            "amazon-q-developer",
            Confidence::Inferred,
        ),
        (K::IamPath, "/agents/kiro/", "kiro", Confidence::Inferred),
        (K::IamTag, "ai-tool=claude-code", "claude-code", Confidence::Declared),
        (K::IamTag, "countersign:tool=kiro", "kiro", Confidence::Declared),
        (
            K::TrustedService,
            "bedrock-agentcore.amazonaws.com",
            "bedrock-agentcore",
            Confidence::Observed,
        ),
        (
            K::ManagedPolicy,
            "arn:aws-cn:iam::aws:policy/AIDevOpsAgentActionsPolicy",
            "aws-devops-agent",
            Confidence::Observed,
        ),
        (
            K::ManagedPolicy,
            "arn:aws:iam::aws:policy/AmazonQDeveloperAccess",
            "amazon-q-developer",
            Confidence::Inferred,
        ),
        (K::OidcIssuer, "auth.token.gitlab.com/cc/oidc/4711", "gitlab-duo", Confidence::Observed),
        (
            K::OidcSubject,
            "token.actions.githubusercontent.com|repo:acme/shop:environment:copilot",
            "copilot",
            Confidence::Inferred,
        ),
        (K::SecretEnvironment, "copilot", "copilot", Confidence::Observed),
        (K::SecretName, "COPILOT_MCP_AWS_KEY", "copilot", Confidence::Inferred),
        (K::KeyTitle, "Devin AI deploy key", "devin", Confidence::Inferred),
        (K::Declared, "aider", "aider", Confidence::Declared),
    ] {
        let found = recognise(&[(kind, value)]);
        assert_eq!(found.len(), 1, "{value}: {found:?}");
        assert_eq!((found[0].tool.as_str(), found[0].confidence), (tool, sure), "{value}");
        assert_eq!(found[0].evidence[0].clue.value.raw(), value);
    }
}

#[test]
fn bare_words_and_people_are_left_alone() {
    for (kind, value) in [
        (K::GithubLogin, "claude"),
        (K::GithubLogin, "cursor"),
        (K::GithubLogin, "Copilot"),
        (K::GithubLogin, "devin"),
        (K::GithubLogin, "jules"),
        (K::GithubLogin, "claude-monet"),
        (K::Branch, "devin-fixes"),
        (K::Branch, "claude"),
        (K::Branch, "claude/"),
        (K::Branch, "fix/cursor/position"),
        (K::IamName, "claude"),
        (K::IamName, "kiro"),
        (K::IamName, "Kiro"),
        (K::IamName, "sergei-kirov"),
        (K::IamName, "cursor.smith"),
        (K::IamName, "cursor-smith"),
        (K::IamName, "devin.jones"),
        (K::IamName, "dynamodb-cursor"),
        (K::IamName, "claudecodecov"),
        (K::IamTag, "team=claude"),
        (K::IamTag, "Name=kiro"),
        (K::IamPath, "/teams/kirov/"),
        (K::KeyTitle, "Claude's laptop"),
        (K::SecretName, "CURSOR"),
        (K::SecretEnvironment, "production"),
        (K::TrustedService, "ec2.amazonaws.com"),
        (K::ManagedPolicy, "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        (K::ManagedPolicy, "arn:aws:iam::123456789012:policy/AIDevOpsAgentActionsPolicy"),
        (K::OidcIssuer, "token.actions.githubusercontent.com"),
        (K::OidcIssuer, "evildevin.ai"),
        (K::OidcSubject, "token.actions.githubusercontent.com|repo:acme/*"),
        (K::OidcSubject, "token.actions.githubusercontent.com|repo:acme/shop:ref:refs/heads/main"),
        (K::GitEmail, "claude@example.com"),
        (K::GitEmail, "1234+claude[bot]@users.noreply.github.com"),
        (K::CommitTrailer, "Co-authored-by: Claude Monet <claude@giverny.fr>"),
        (K::CommitTrailer, "Reviewed-by: Devin"),
        (K::CommitTrailer, "no trailer at all"),
        (K::Declared, "not a tool id!"),
    ] {
        assert_eq!(tools(&[(kind, value)]), Vec::<String>::new(), "{kind:?} {value}");
    }
}

#[test]
fn a_login_with_another_numeric_id_is_somebody_else() {
    assert_eq!(tools(&[(K::GithubLogin, "cursor[bot]")]), ["cursor"]);
    let taken = [(K::GithubLogin, "cursor[bot]"), (K::GithubUserId, "999")];
    assert_eq!(tools(&taken), Vec::<String>::new());
    let true_one = [(K::GithubLogin, "cursor[bot]"), (K::GithubUserId, "206951365")];
    let found = recognise(&true_one);
    assert_eq!(found[0].evidence.len(), 2);
    assert_eq!(found[0].evidence[0].rule, "cursor/github-login");
}

#[test]
fn a_login_of_a_tool_without_known_ids_stands_beside_any_id() {
    let found = tools(&[(K::GithubLogin, "kiro-agent[bot]"), (K::GithubUserId, "999")]);
    assert_eq!(found, ["kiro"]);
}

#[test]
fn the_bare_login_of_copilot_counts_only_with_its_id() {
    let with_id = recognise(&[(K::GithubLogin, "Copilot"), (K::GithubUserId, "198982749")]);
    assert_eq!(with_id[0].evidence.len(), 2);
    let squatter = [(K::GithubLogin, "Copilot"), (K::GithubUserId, "7")];
    assert_eq!(tools(&squatter), Vec::<String>::new());
}

#[test]
fn the_id_of_github_actions_is_no_tool_but_claudes_address_with_it_is() {
    assert_eq!(tools(&[(K::GithubUserId, "41898282")]), Vec::<String>::new());
    let address = "41898282+claude[bot]@users.noreply.github.com";
    assert_eq!(tools(&[(K::GitEmail, address)]), ["claude-code"]);
    let other = "41898282+github-actions[bot]@users.noreply.github.com";
    assert_eq!(tools(&[(K::GitEmail, other)]), Vec::<String>::new());
}

#[test]
fn the_surest_tool_comes_first_then_the_one_with_more_evidence() {
    let found = tools(&[
        (K::Branch, "codex/x"),
        (K::IamName, "kiro-prod"),
        (K::KeyTitle, "kiro-laptop"),
        (K::GithubUserId, "158243242"),
        (K::IamTag, "ai-tool=aider"),
    ]);
    assert_eq!(found, ["aider", "devin", "kiro", "codex"]);
}

#[test]
fn a_tag_may_name_a_tool_nobody_has_heard_of() {
    let found = recognise(&[(K::IamTag, "countersign:tool=in-house-bot")]);
    assert_eq!(found[0].tool.as_str(), "in-house-bot");
    assert_eq!(found[0].confidence, Confidence::Declared);
}

#[test]
fn a_users_file_adds_rules_and_tools_and_counts_as_declared() {
    let mine = "version = 1\n[[tool]]\nid = \"kiro\"\n[tool.rules]\ngithub_user_ids = [4711]\n\
                [[tool]]\nid = \"shop-bot\"\nname = \"Shop bot\"\n[tool.rules]\niam_names = [\"shop-bot-*\"]\n";
    let catalogue = with(mine).unwrap();
    let found = catalogue.recognise(&[Clue::new(K::GithubUserId, "4711")]);
    assert_eq!((found[0].tool.as_str(), found[0].confidence), ("kiro", Confidence::Declared));
    let found = catalogue.recognise(&[Clue::new(K::IamName, "shop-bot-7")]);
    assert_eq!(found[0].name, "Shop bot");
}

#[test]
fn a_users_file_is_read_from_disk_and_a_missing_one_is_named() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "version = 1\n[[tool]]\nid = \"kiro\"\n[tool.rules]\napp_slugs = [\"kiro-x\"]")
        .unwrap();
    let catalogue = Catalogue::with_file(file.path()).unwrap();
    assert_eq!(catalogue.recognise(&[Clue::new(K::GithubAppSlug, "kiro-x")]).len(), 1);
    let missing = Catalogue::with_file("/nowhere/tools.toml".as_ref()).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/tools.toml") && missing.contains("[catalogue] file"));
}

#[test]
fn rules_that_would_match_too_much_are_refused_with_their_place() {
    let lists = [
        "github_logins = [\"claude\"]",
        "iam_names = [\"kiro\"]",
        "iam_names = [\"kiro*\"]",
        "iam_names = [\"*\"]",
        "iam_names = [\"*-a\"]",
        "key_titles = [\"cursor\"]",
        "branch_prefixes = [\"devin\"]",
        "branch_prefixes = [\"/\"]",
        "git_emails = [\"*@example.com\"]",
        "commit_trailers = [\"Co-authored-by: Claude\"]",
        "commit_trailers = [\"Signed-off-by: *\"]",
        "oidc_subjects = [\"token.actions.githubusercontent.com|*\"]",
        "oidc_issuers = [\"*\"]",
        "secret_names = [\"TOKEN*\"]",
        "managed_policies = [\"arn:aws:iam::123456789012:policy/Mine\"]",
        "iam_paths = [\"*/*\"]",
        "iam_tags = [\"ai\"]",
        "trusted_services = [\"*\"]",
    ];
    for list in lists {
        let said = error(&format!(
            "version = 1\n[[tool]]\nid = \"mine\"\nname = \"Mine\"\n[tool.rules]\n{list}\n"
        ));
        assert!(said.starts_with("mine.toml:6:"), "{said}");
        assert!(said.contains("would match too much; write "), "{said}");
    }
}

#[test]
fn mistakes_say_where_they_are_and_what_was_meant() {
    let new = "version = 1\n[[tool]]\nid = \"x-y\"\nname = \"X\"\n";
    for (text, said) in [
        (
            "version = 1\n[[tool]]\nid = \"kiro\"\n[tool.rules]\niam_name = [\"kiro-x-*\"]\n"
                .to_owned(),
            "mine.toml:5:1: unknown field `iam_name`; did you mean `iam_names`?",
        ),
        (
            "version = 1\n[[tool]]\nid = \"claud-code\"\n".to_owned(),
            "mine.toml:3:6: tool `claud-code` is new and has no name; did you mean `claude-code`?",
        ),
        (
            "version = 2\n".to_owned(),
            "mine.toml:1:11: version 2 of this form is not known; this program reads version 1",
        ),
        (
            format!("{new}[tool.rules]\ngithub_user_ids = [41898282]\n"),
            "mine.toml:6:20: 41898282 is an account that acts for everybody; name the tool's own id",
        ),
        (
            format!("{new}[tool.rules]\ngithub_user_ids = [158243242]\n"),
            "mine.toml:6:20: this already belongs to tool `devin`; keep it in one place",
        ),
        (
            new.to_owned(),
            "mine.toml:3:6: tool `x-y` has no rule; add a [tool.rules] with at least one list",
        ),
        (
            format!("{new}[tool.rules]\napp_slugs = [\"x-y\"]\n[[tool]]\nid = \"x-y\"\n"),
            "mine.toml:8:6: tool `x-y` stands here twice; put its rules into one [[tool]]",
        ),
        (
            format!("{new}[tool.rules]\ngithub_user_ids = [\"7\"]\n"),
            "mine.toml:6:20: invalid type: string \"7\", expected u64",
        ),
    ] {
        assert_eq!(error(&text), said);
    }
}

proptest! {
    #[test]
    fn any_clue_is_answered_the_same_way_twice(
        kind in proptest::sample::select(vec![
            K::GithubUserId, K::GithubLogin, K::GitEmail, K::CommitTrailer, K::Branch, K::IamName,
            K::IamPath, K::IamTag, K::ManagedPolicy, K::OidcIssuer, K::OidcSubject, K::KeyTitle,
        ]),
        values in proptest::collection::vec("\\PC{0,40}|[a-z*:/<>@=-]{0,20}", 0..6),
    ) {
        let clues: Vec<_> = values.iter().map(|v| Clue::new(kind, v.as_str())).collect();
        let catalogue = Catalogue::builtin().unwrap();
        prop_assert_eq!(catalogue.recognise(&clues), catalogue.recognise(&clues));
    }
}
