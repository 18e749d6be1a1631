//! Issuers of tokens: whose they are, and whether anybody can get one from them.

use super::IssuerKind;

/// What is known of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Issuer {
    pub kind: IssuerKind,
    /// One issuer for all its customers: only claims tell them apart. Otherwise every token is of
    /// one owner: an enterprise, a workspace, a cluster, a tenant.
    pub is_shared: bool,
}

/// Issuers that many customers share and whose claims are not understood here. IAM User Guide,
/// `id_roles_providers_oidc_secure-by-default.html`, "Shared OIDC identity providers": a new trust
/// policy has to tell their customers apart; older ones need not.
const SHARED: [&str; 9] = [
    "api.pulumi.com/oidc",
    "oidc-configuration.audit-log.githubusercontent.com",
    "oidc.codefresh.io",
    "proidc.upbound.io",
    "scalr.io",
    // Microsoft Sentinel, of every customer.
    "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d",
    "studio.datachain.ai/api",
    "tokens.cloud.shisho.dev",
    "vstoken.actions.githubusercontent.com",
];

/// Recognises an issuer by its address without `https://`.
pub(super) fn recognise(issuer: &str) -> Issuer {
    use IssuerKind as K;
    let lower = issuer.to_ascii_lowercase();
    let (host, path) = lower.split_once('/').unwrap_or((&lower, ""));
    let shared = |kind| Issuer { kind, is_shared: path.is_empty() };
    let owned = |kind| Issuer { kind, is_shared: false };
    if lower == "*" || SHARED.contains(&lower.trim_end_matches('/')) {
        return Issuer { kind: K::Other, is_shared: true };
    }
    match host {
        // An enterprise may have an issuer of its own: the same host with its name as path.
        "token.actions.githubusercontent.com" => shared(K::GitHubActions),
        "gitlab.com" => shared(K::GitLab),
        "oidc.circleci.com" => shared(K::CircleCi),
        "app.terraform.io" => shared(K::Terraform),
        "agent.buildkite.com" => shared(K::Buildkite),
        "oidc.vercel.com" => shared(K::Vercel),
        "cognito-identity.amazonaws.com" => shared(K::Cognito),
        "accounts.google.com" | "graph.facebook.com" | "www.amazon.com" | "appleid.apple.com" => {
            Issuer { kind: K::Consumer, is_shared: true }
        }
        "api.bitbucket.org" => owned(K::Bitbucket),
        "sts.windows.net" | "login.microsoftonline.com" => owned(K::Entra),
        _ if path == "_services/token" => owned(K::GitHubActions),
        _ if host.starts_with("token.actions.") && host.ends_with(".ghe.com") => {
            owned(K::GitHubActions)
        }
        _ if host.starts_with("oidc.eks.") => owned(K::Eks),
        _ if host.starts_with("gitlab.") || host.contains(".gitlab.") => owned(K::GitLab),
        _ if host.starts_with("tfe.") || host.starts_with("terraform.") => owned(K::Terraform),
        _ => owned(K::Other),
    }
}

impl Issuer {
    /// Everybody who gets tokens from it, in words.
    pub fn everybody(self, issuer: &str) -> String {
        use IssuerKind as K;
        match (self.kind, self.is_shared) {
            (K::GitHubActions, true) => "any repository on GitHub".to_owned(),
            (K::GitHubActions, false) => format!("any repository of {issuer}"),
            (K::GitLab, true) => "any project on gitlab.com".to_owned(),
            (K::Bitbucket, _) => format!("any repository of the workspace of {issuer}"),
            (K::Terraform, _) => format!("any workspace of {issuer}"),
            (K::Buildkite, _) => "any pipeline on Buildkite".to_owned(),
            (K::Eks, _) => format!("any service account of the cluster of {issuer}"),
            (K::Cognito, _) => "any identity pool of any account".to_owned(),
            (K::Consumer, _) => format!("anybody who signs in with {issuer}"),
            (K::Entra, _) => format!("any identity of the tenant of {issuer}"),
            (K::Vercel, true) => "any project on Vercel".to_owned(),
            (K::Vercel | K::GitLab, false) | (K::CircleCi, _) => format!("any project of {issuer}"),
            (K::Other, true) => format!("every customer of {issuer}"),
            (K::Other, false) => format!("every subject of {issuer}"),
        }
    }

    /// How much a claim besides `sub` and `aud` narrows: `Some(true)` to one repository or the
    /// like, `Some(false)` to one owner, none if anybody can have it in a token.
    ///
    /// GitHub's claims that STS takes since January 2026: IAM User Guide,
    /// `reference_policies_iam-condition-keys.html`, "Available keys for AWS OIDC federation".
    pub fn claim_narrows(self, claim: &str) -> Option<bool> {
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(claim));
        match self.kind {
            // A `ref`, an `environment` or a `workflow` of any name can be made in any repository.
            IssuerKind::GitHubActions if is(&["repository", "repository_id"]) => Some(true),
            IssuerKind::GitHubActions => is(&[
                "repository_owner",
                "repository_owner_id",
                "enterprise",
                "enterprise_id",
                "actor",
                "actor_id",
                "job_workflow_ref",
            ])
            .then_some(false),
            IssuerKind::GitLab if is(&["project_id", "project_path"]) => Some(true),
            IssuerKind::GitLab => is(&["namespace_id", "namespace_path"]).then_some(false),
            IssuerKind::CircleCi => is(&["oidc.circleci.com/project-id"]).then_some(true),
            IssuerKind::Terraform if is(&["terraform_workspace_id"]) => Some(true),
            IssuerKind::Terraform => is(&["terraform_organization_id"]).then_some(false),
            IssuerKind::Consumer => {
                is(&["email", "hd", "google/organization_number"]).then_some(false)
            }
            IssuerKind::Vercel => is(&["project_id"]).then_some(true),
            _ => None,
        }
    }

    /// Its customers have audiences of their own.
    pub fn is_told_by_audience(self, issuer: &str) -> bool {
        self.is_shared
            && (self.kind == IssuerKind::Vercel
                || issuer.eq_ignore_ascii_case("api.pulumi.com/oidc"))
    }

    /// Claims that every token of the issuer carries.
    pub fn always_carries(self, claim: &str) -> bool {
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(claim));
        // STS refuses a token without `sub` or `aud`.
        is(&["sub", "aud"])
            || (self.kind == IssuerKind::GitHubActions
                && is(&["repository", "repository_id", "actor", "actor_id", "workflow", "ref"]))
    }
}
