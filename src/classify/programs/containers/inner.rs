//! What a container or a pod runs: the words behind it, as a command of their own.
//!
//! ```text
//!   docker run -v /:/host alpine rm -rf /host      kubectl exec pod -- psql -c '…'
//!                         ^^^^^^ ^^^^^^^^^^^^^                         ^^^^^^^^^^^
//!                         image  judged as a call                      judged as a call
//! ```
//!
//! An image whose entry point is a program that is known (`hashicorp/terraform`) hands the words
//! on to that program.

use crate::{
    classify::{Judge, Word, programs::Matched},
    domain::Span,
};

/// Judges words as a command of their own, with what the outer one reads.
pub fn run(words: &[Word], matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if !words.is_empty() {
        judge.call(&matched.call.running(words));
    }
}

/// Judges words as arguments of a program that they do not name themselves.
pub fn run_as(
    program: &str,
    at: Span,
    words: &[Word],
    matched: &Matched<'_, '_>,
    judge: &mut Judge<'_>,
) {
    if !judge.step(u32::try_from(words.len()).unwrap_or(u32::MAX), at) {
        return;
    }
    let mut all = vec![Word::made(program, at)];
    all.extend_from_slice(words);
    judge.call(&matched.call.running(&all));
}

/// Judges the words that a container gets: for the entry point of its image, if that is known.
pub fn in_image(image: &Word, words: &[Word], matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match entry_point(image.text()) {
        Some(program) if !words.first().is_some_and(|word| word.is(program)) => {
            run_as(program, image.span(), words, matched, judge);
        }
        _ if serves(words) => {}
        _ => run(words, matched, judge),
    }
}

/// Whether the words start what the image is made for: a server, or something that only waits.
fn serves(words: &[Word]) -> bool {
    let program = words.first().and_then(Word::known).unwrap_or_default();
    matches!(
        program.rsplit('/').next().unwrap_or_default(),
        "redis-server"
            | "nginx"
            | "httpd"
            | "postgres"
            | "mysqld"
            | "mariadbd"
            | "mongod"
            | "memcached"
            | "sleep"
            | "start-dev"
            | "etcd"
            | "prometheus"
            | "caddy"
            | "haproxy"
            | "traefik"
            | "server"
    ) || program.starts_with('-')
}

/// The program that an image starts by itself.
fn entry_point(image: &str) -> Option<&'static str> {
    let image = image.split('@').next().unwrap_or(image);
    let mut parts = image.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default();
    let owner = parts.next().unwrap_or_default();
    let found = match (owner, name) {
        ("amazon" | "aws-cli", "aws-cli") => "aws",
        ("hashicorp", "terraform") => "terraform",
        ("hashicorp", "packer") => "packer",
        ("opentofu", "opentofu") => "tofu",
        (_, "kubectl") => "kubectl",
        ("alpine", "helm") => "helm",
        ("alpine", "git") => "git",
        ("alpine", "psql") => "psql",
        ("curlimages", "curl") => "curl",
        ("flyway", "flyway") => "flyway",
        ("liquibase", "liquibase") => "liquibase",
        ("migrate", "migrate") => "migrate",
        ("pulumi", "pulumi") => "pulumi",
        ("minio", "mc") => "mc",
        ("rclone", "rclone") => "rclone",
        ("containers" | "skopeo", "skopeo" | "stable") => "skopeo",
        ("aquasec" | "aquasecurity", "trivy") => "trivy",
        ("mikefarah", "yq") => "yq",
        ("koalaman", "shellcheck") => "shellcheck",
        ("sourcegraph", "src-cli") => "src",
        ("docker", "compose") => "docker-compose",
        ("argoproj", "argocli") => "argo",
        ("restic", "restic") => "restic",
        ("velero", "velero") => "velero",
        ("google-cloud-cli" | "cloudsdktool", "gcloud") => "gcloud",
        ("library" | "", "composer") => "composer",
        ("hashicorp" | "library" | "", "vault") => "vault",
        ("hashicorp" | "library" | "", "consul") => "consul",
        (_, "tfsec") => "tfsec",
        (_, "checkov") => "checkov",
        (_, "tflint") => "tflint",
        (_, "infracost") => "infracost",
        (_, "terrascan") => "terrascan",
        (_, "kubeconform") => "kubeconform",
        (_, "kube-score") => "kube-score",
        (_, "kube-linter") => "kube-linter",
        (_, "kubescape") => "kubescape",
        (_, "hadolint") => "hadolint",
        (_, "grype") => "grype",
        (_, "syft") => "syft",
        (_, "jq") => "jq",
        _ => return None,
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::entry_point;

    #[test]
    fn an_image_is_known_with_and_without_registry_tag_and_digest() {
        for image in [
            "hashicorp/terraform",
            "hashicorp/terraform:1.9",
            "docker.io/hashicorp/terraform:1.9",
            "registry.example.com:5000/hashicorp/terraform:1.9@sha256:00",
        ] {
            assert_eq!(entry_point(image), Some("terraform"), "{image}");
        }
        for image in ["", ":", "/", "@", "terraform", "acme/terraform", "alpine", "é/ü:ö"] {
            assert_eq!(entry_point(image), None, "{image}");
        }
    }
}
