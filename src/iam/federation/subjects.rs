//! How wide a pattern over the `sub` claim is.

use super::{Breadth, IssuerKind, Warning, claims::Pattern, issuers::Issuer};

/// A pattern, judged.
#[derive(Debug)]
pub(super) struct Judged {
    pub breadth: Breadth,
    pub warning: Option<Warning>,
}

impl Judged {
    fn new(breadth: Breadth) -> Self {
        Self { breadth, warning: None }
    }

    fn warn(breadth: Breadth, id: &'static str, what: String) -> Self {
        Self { breadth, warning: Some(Warning::new(id, what)) }
    }
}

/// How an issuer writes who owns the subject: what stands in front of the owner's name, and what
/// ends it.
///
/// GitHub: `repo:ORG/REPO:…`, since 2026 also `repo:ORG@ID/REPO@ID:…`
/// (docs.github.com, "`OpenID` Connect reference"). GitLab: `project_path:GROUP/PROJECT:…`
/// (docs.gitlab.com, "`OpenID` Connect in AWS"). HCP Terraform: `organization:ORG:project:…`
/// (developer.hashicorp.com, "Workload identity tokens"). Buildkite: `organization:ORG:pipeline:…`
/// (buildkite.com/docs, "OIDC"). Vercel: `owner:TEAM:project:…`. `CircleCI`: `org/ID/project/…`.
fn owner_form(kind: IssuerKind) -> Option<(&'static str, char)> {
    match kind {
        IssuerKind::GitHubActions => Some(("repo:", '/')),
        IssuerKind::GitLab => Some(("project_path:", '/')),
        IssuerKind::Terraform | IssuerKind::Buildkite => Some(("organization:", ':')),
        IssuerKind::Vercel => Some(("owner:", ':')),
        IssuerKind::CircleCi => Some(("org/", '/')),
        _ => None,
    }
}

/// Judges one pattern.
pub(super) fn judge(issuer: Issuer, pattern: &Pattern) -> Judged {
    let widest = if issuer.is_shared { Breadth::Public } else { Breadth::Broad };
    let Some((prefix, end)) = owner_form(issuer.kind) else {
        return plain(issuer, pattern, widest);
    };
    let text = &*pattern.text;
    let Some(rest) = pattern.fixed().strip_prefix(prefix).map(|_| &text[prefix.len()..]) else {
        return unusual(issuer, pattern, prefix, widest);
    };
    // An `@` cannot be in a name: it ends the name, and an id follows.
    let ends = |c: char| c == end || (c == '@' && issuer.kind == IssuerKind::GitHubActions);
    let is_wild = |c: char| pattern.has_wildcard() && matches!(c, '*' | '?');
    match rest.find(|c| ends(c) || is_wild(c)) {
        Some(0) if rest.starts_with(is_wild) => Judged::new(widest),
        Some(at) if rest[at..].starts_with(is_wild) => {
            let name = &rest[..at];
            let sample = format!("{prefix}{name}-evil{end}…");
            let what = format!(
                "`{text}` also admits `{sample}`, whose owner anybody can register; end the name \
                 with `{end}`"
            );
            if issuer.is_shared {
                Judged::warn(Breadth::Public, "owner-prefix", what)
            } else {
                Judged::new(Breadth::Broad)
            }
        }
        Some(at) => {
            let after = rest[at..].find(end).map_or("", |from| &rest[at + from + end.len_utf8()..]);
            within_owner(issuer.kind, pattern, after)
        }
        // Exact and without an end: only a subject made to measure looks like that.
        None => Judged::new(Breadth::Narrow),
    }
}

/// The owner is certain; how much of what it owns is let in?
fn within_owner(kind: IssuerKind, pattern: &Pattern, rest: &str) -> Judged {
    let text = &*pattern.text;
    if !pattern.has_wildcard() {
        return pull_request(pattern, rest);
    }
    let is_wild = |c: char| matches!(c, '*' | '?');
    if !matches!(kind, IssuerKind::GitHubActions | IssuerKind::GitLab) {
        let which = rest.split(":run_phase:").next().unwrap_or(rest);
        let breadth = if which.contains(is_wild) || rest.is_empty() {
            Breadth::Broad
        } else {
            Breadth::Narrow
        };
        return Judged::new(breadth);
    }
    let (name, context) = rest.split_once(':').unwrap_or((rest, ""));
    let name_only = if kind == IssuerKind::GitHubActions {
        name.split_once('@').map_or(name, |(name, _)| name)
    } else {
        name
    };
    if name_only.starts_with('*') || name_only.is_empty() {
        return Judged::warn(
            Breadth::Broad,
            "every-repository",
            format!(
                "`{text}` admits every repository of the owner, with every branch and pull \
                 request; name the repositories"
            ),
        );
    }
    if name_only.contains(is_wild) {
        return Judged::warn(
            Breadth::Broad,
            "repository-prefix",
            format!(
                "`{text}` also admits repositories whose name only looks alike; end it with `:`"
            ),
        );
    }
    let any_branch = context.starts_with('*') || context.is_empty();
    let any_branch = any_branch || context == "ref:*" || context.starts_with("ref:refs/heads/*");
    if any_branch || context.starts_with("ref_type:branch:ref:*") {
        let what = format!(
            "`{text}` admits every branch, and so everybody who may push one; name the branch or \
             the environment"
        );
        return Judged::warn(Breadth::Narrow, "any-branch", what);
    }
    pull_request(pattern, rest)
}

fn pull_request(pattern: &Pattern, rest: &str) -> Judged {
    if rest.split_once(':').is_some_and(|(_, context)| context == "pull_request") {
        let what = format!(
            "`{}` admits runs for pull requests, before anybody has reviewed them",
            pattern.text
        );
        return Judged::warn(Breadth::Narrow, "pull-request", what);
    }
    Judged::new(Breadth::Narrow)
}

/// Not in the issuer's usual form. Owners can have theirs made to measure, so anybody can have a
/// subject that begins with a claim which is not tied to an owner.
fn unusual(issuer: Issuer, pattern: &Pattern, prefix: &str, widest: Breadth) -> Judged {
    let fixed = pattern.fixed();
    if pattern.has_wildcard() && prefix.starts_with(fixed) {
        return Judged::new(widest);
    }
    let names = |claims: &[&str]| {
        claims.iter().any(|claim| {
            fixed.find(claim).is_some_and(|at| {
                let begins = at == 0 || fixed[..at].ends_with(':');
                let value = &fixed[at + claim.len()..];
                begins && (!pattern.has_wildcard() || value.contains(':'))
            })
        })
    };
    if names(&["repository_id:", "repository:", "project_id:"]) {
        return Judged::new(Breadth::Narrow);
    }
    let owners =
        ["repository_owner_id:", "repository_owner:", "enterprise:", "enterprise_id:", "repo:"];
    if names(&owners) {
        return Judged::new(Breadth::Broad);
    }
    let what = format!(
        "`{}` names no owner, and anybody can have such a subject made to measure; let it begin \
         with `{prefix}`",
        pattern.text
    );
    if issuer.is_shared {
        Judged::warn(Breadth::Public, "no-owner", what)
    } else {
        Judged::new(Breadth::Broad)
    }
}

/// Issuers whose subjects name no owner.
fn plain(issuer: Issuer, pattern: &Pattern, widest: Breadth) -> Judged {
    if !pattern.has_wildcard() {
        return Judged::new(Breadth::Narrow);
    }
    if pattern.fixed().is_empty() {
        return Judged::new(widest);
    }
    if issuer.kind == IssuerKind::Eks {
        // `system:serviceaccount:NAMESPACE:NAME` (EKS User Guide, associate-service-account-role).
        let what = format!(
            "`{}` admits more service accounts than one; whoever can create one in the namespace \
             comes in",
            pattern.text
        );
        return Judged::warn(Breadth::Broad, "any-service-account", what);
    }
    Judged::new(Breadth::Broad)
}
