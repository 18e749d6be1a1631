//! `vault`, and `bao` which is the same.
//!
//! From <https://developer.hashicorp.com/vault/docs/commands> and
//! <https://openbao.org/docs/commands/>, 2026-11.

use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Named, Rule, Style},
    },
    domain::{PlaceKind, Verb},
};

const SHOWN: Does = Does::Changes(Verb::Reveal, "rotate the secret");
const REVOKED: &str = "whoever uses it is cut off, with everything made from it";

/// The table of `vault`.
pub static VAULT: Cli = Cli {
    style: Style::Single,
    #[rustfmt::skip]
    valued: &[
        "-mount", "-field", "-format", "-agent-address", "-ca-cert", "-ca-path", "-client-cert",
        "-client-key", "-tls-server-name", "-header", "-mfa", "-wrap-ttl", "-version", "-versions",
        "-path", "-description", "-ttl", "-period", "-policy", "-display-name", "-explicit-max-ttl",
        "-use-limit", "-role", "-id", "-type", "-method", "-max-lease-ttl", "-default-lease-ttl",
        "-default-ttl", "-max-ttl", "-cas", "-custom-metadata", "-max-versions",
        "-delete-version-after", "-options", "-plugin-name", "-sha256", "-command", "-args",
        "-key-shares", "-key-threshold", "-pgp-keys", "-nonce", "-increment", "-accessor-of",
        "-mode", "-log-level", "-config", "-entity-alias", "-listing-visibility",
        "-passthrough-request-headers", "-allowed-response-headers", "-audit-non-hmac-request-keys",
        "-audit-non-hmac-response-keys", "-leader-ca-cert", "-target", "-duration", "-interval",
        "-output", "-retry", "-patch-method", "-key", "-otp", "-decode", "-dr-token",
        "-recovery-shares", "-recovery-threshold",
    ],
    #[rustfmt::skip]
    flags: &[
        "-force", "-f", "-prefix", "-self", "-accessor", "-sync", "-tls-skip-verify",
        "-non-interactive", "-policy-override", "-detailed", "-no-store", "-no-print",
        "-token-only", "-orphan", "-renewable", "-local", "-seal-wrap", "-init", "-status",
        "-cancel", "-reset", "-migrate", "-backup", "-unlock-key",
    ],
    #[rustfmt::skip]
    places: &[
        ("-address", PlaceKind::Host), ("VAULT_ADDR", PlaceKind::Host),
        ("BAO_ADDR", PlaceKind::Host), ("-namespace", PlaceKind::Name), ("-ns", PlaceKind::Name),
        ("VAULT_NAMESPACE", PlaceKind::Name),
    ],
    harmless: &["-help", "-h", "-output-curl-string", "-output-policy"],
    rules: &[
        Rule::reads(""),
        Rule::reads(
            "status|list|version|version-history|path-help|help|monitor|events|debug|\
             read-help",
        ),
        Rule::asks("read", read),
        Rule::asks("write|patch", write),
        Rule::deletes("delete", "what is stored there is gone"),
        Rule::new("unwrap", SHOWN),
        Rule::updates("login", "log in again"),
        Rule::new("kv get", SHOWN),
        Rule::reads("kv list"),
        Rule::reads("kv metadata get|list"),
        Rule::updates(
            "kv put|patch|rollback|undelete|enable-versioning",
            "roll back to the earlier version",
        ),
        Rule::updates("kv delete", "undelete the version"),
        Rule::updates("kv metadata put|patch", "put the earlier settings back"),
        Rule::deletes("kv destroy", "the versions and their values are gone"),
        Rule::deletes("kv metadata delete", "every version of the secret is gone"),
        Rule::reads(
            "secrets|auth|audit|policy|token|lease|operator|namespace|plugin|kv|pki|\
             transit|print $",
        ),
        Rule::reads("secrets|auth|audit|policy|namespace|plugin list"),
        Rule::reads("auth help"),
        Rule::updates("secrets|auth enable|tune|move", "set it back"),
        Rule::updates("audit enable", "disable it"),
        Rule::deletes("secrets disable", "every secret below that path is gone"),
        Rule::deletes("auth disable", "whoever logs in that way is cut off"),
        Rule::deletes("audit disable", "nothing is written to that audit trail any more"),
        Rule::reads("policy read|fmt"),
        Rule::grants("policy write", "write the earlier policy again"),
        Rule::deletes("policy delete", "whoever holds only that policy is cut off"),
        Rule::grants("token create", "revoke the token"),
        Rule::reads("token lookup|capabilities"),
        Rule::updates("token renew", "let it expire"),
        Rule::deletes("token revoke", REVOKED),
        Rule::reads("lease lookup"),
        Rule::updates("lease renew", "let it expire"),
        Rule::deletes("lease revoke", REVOKED),
        Rule::reads("operator key-status|members|usage|diagnose|utilization"),
        Rule::reads("operator raft list-peers"),
        Rule::reads("operator raft autopilot get-config|state"),
        Rule::reads("operator raft snapshot inspect"),
        Rule::updates("operator raft autopilot set-config", "set it back"),
        Rule::updates("operator raft join|demote|promote", "remove the peer"),
        Rule::creates("operator raft snapshot save", "remove the file"),
        Rule::overwrites(
            "operator raft snapshot restore",
            "what was written since the snapshot is gone",
        ),
        Rule::deletes(
            "operator raft remove-peer",
            "the peer is cut off, and may take the quorum with it",
        ),
        Rule::overwrites("operator seal", "nobody gets in until enough key holders unseal it"),
        Rule::updates("operator unseal", "seal it"),
        Rule::updates("operator step-down", "another node takes over"),
        Rule::overwrites(
            "operator rekey|rotate-keys",
            "the earlier unseal keys open nothing any more",
        )
        .when(&[("-status", Does::Reads)]),
        Rule::updates("operator rotate", "nothing is lost: older data stays readable"),
        Rule::grants("operator generate-root", "revoke the token")
            .when(&[("-status", Does::Reads)]),
        Rule::creates("operator init", "start over").when(&[("-status", Does::Reads)]),
        Rule::overwrites("operator migrate", "what lies in the target is written over"),
        Rule::reads("namespace lookup"),
        Rule::updates("namespace create|patch|lock|unlock", "set it back"),
        Rule::deletes("namespace delete", "the namespace and every secret in it are gone"),
        Rule::reads("plugin info"),
        Rule::updates("plugin register|deregister|reload|init|runtime", "register it again"),
        Rule::new("print token", SHOWN),
        Rule::reads("pki health-check|list-intermediates|verify-sign"),
        Rule::updates("pki issue|reissue", "revoke the certificate"),
        Rule::updates("transit import|import-version", "delete the key"),
        Rule::runs("server|agent|proxy", "stop it"),
        Rule::opaque("ssh", "what is typed into the shell is not known"),
    ],
    ..Cli::new("vault")
};

/// `vault read`: settings, or a secret.
fn read(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let path = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let settings = ["sys/", "auth/", "identity/"].iter().any(|begin| path.starts_with(begin))
        || ["/config", "/roles", "/role"].iter().any(|part| path.contains(part));
    let does = if settings { Does::Reads } else { SHOWN };
    matched.does(does, Named::Operands, judge);
}

/// `vault write`: most paths keep what was there, some do away with it.
fn write(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let path = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let lost = if matched.operands.iter().any(|word| word.is("deletion_allowed=true")) {
        Some("the guard that keeps the key from being deleted is gone")
    } else if path == "sys/seal" {
        Some("nobody gets in until enough key holders unseal it")
    } else if path.contains("/destroy/") || path.contains("/metadata/") && path.contains("delete") {
        Some("the versions and their values are gone")
    } else if path.contains("revoke") || path.ends_with("/tidy") {
        Some(REVOKED)
    } else if path.starts_with("sys/raw")
        || path.starts_with("sys/rekey")
        || path.starts_with("sys/storage/raft/snapshot")
    {
        Some("what is stored there is written over")
    } else {
        None
    };
    let does = lost.map_or(Does::Changes(Verb::Update, "write the earlier values again"), |lost| {
        Does::Destroys(Verb::Delete, lost)
    });
    let name = matched.operands.first().map(|word| judge.name(word)).unwrap_or_default();
    match does {
        Does::Destroys(verb, lost) => judge.destroys(verb, "vault", name, matched.span(), lost),
        Does::Changes(verb, back) => judge.changes(verb, "vault", name, matched.span(), back),
        other => matched.does(other, Named::Nothing, judge),
    }
}
