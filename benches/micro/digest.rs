//! How long it takes to name what was shown: the digest every decision carries.
//!
//! It is computed when an action is shown and again just before it is carried out, so it has to
//! stay out of the way of a key press, for large pull requests too.

use countersign::domain::{
    Action, Change, Clue, ClueKind, Confidence, Diff, Digest, Environment, Evidence, FileChange,
    FileStatus, Part, SourceKind, SourceName, Subject, Target, ToolId, ToolMatch,
};
use criterion::{BenchmarkId, Criterion, Throughput};
use std::hint::black_box;

/// A pull request of so many files, twenty changed lines each.
pub fn pull_request(files: usize) -> Action {
    let source = SourceName::new(SourceKind::Github, "lanternworks");
    let subject = Subject::PullRequest {
        repo: "lanternworks/checkout".parse().expect("a repository name"),
        number: 17,
        head_sha: "5c02cc14e18e1ce42824565d59878ad2725c0108".to_owned(),
        head_ref: "devin/1763-refund-in-one-pass".into(),
        base_ref: "main".into(),
    };
    let changes = (0..files).map(|index| FileChange {
        path: format!("src/refunds/part_{index}.ts").into(),
        status: FileStatus::Modified,
        additions: 10,
        deletions: 10,
    });
    let hunk = "-  const total = sum(lines);\n+  const total = sum(lines, currency);\n".repeat(10);
    let mut diff = String::new();
    for index in 0..files {
        let path = format!("src/refunds/part_{index}.ts");
        for piece in ["--- a/", &path, "\n+++ b/", &path, "\n@@ -1,10 +1,10 @@\n", &hunk] {
            diff.push_str(piece);
        }
    }
    let lines = 10 * files as u64;
    Action {
        id: subject.id(&source),
        source,
        part: Part::new("pull-requests lanternworks/checkout"),
        subject,
        tool: ToolMatch {
            tool: ToolId::new("devin"),
            name: "Devin".to_owned(),
            confidence: Confidence::Observed,
            evidence: vec![Evidence {
                clue: Clue::new(ClueKind::GithubLogin, "devin-ai-integration[bot]"),
                rule: "devin/github-login".to_owned(),
                confidence: Confidence::Observed,
            }],
        },
        requester: "devin-ai-integration[bot]".into(),
        authors: Vec::new(),
        title: "Refund in one pass".into(),
        description: "Both ledgers are written together now.".into(),
        target: Target {
            name: "lanternworks/checkout main".into(),
            environment: Environment::Production,
        },
        opened: "2026-01-02T03:04:05Z".parse().expect("a time"),
        url: "https://github.com/lanternworks/checkout/pull/17".into(),
        change: Change {
            additions: lines,
            deletions: lines,
            files: changes.collect(),
            files_complete: true,
            diff: Diff::Text(diff.into()),
        },
        checks: Vec::new(),
        reviews: Vec::new(),
        asker: None,
        found: None,
        ruling: None,
    }
}

pub fn action_digest(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("action digest");
    for files in [1, 30, 1000] {
        let action = pull_request(files);
        let bytes = serde_json::to_vec(&action).expect("an action has a JSON form").len() as u64;
        group.throughput(Throughput::Bytes(bytes));
        group.bench_with_input(BenchmarkId::new("files", files), &action, |bencher, action| {
            bencher.iter(|| black_box(action).digest());
        });
    }
    group.finish();
}

/// The floor under the figures above: the same number of bytes, hashed without any JSON.
pub fn plain_hash(criterion: &mut Criterion) {
    let bytes = serde_json::to_vec(&pull_request(1000)).expect("an action has a JSON form");
    let mut group = criterion.benchmark_group("plain SHA-256");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("the bytes of 1000 files", |bencher| {
        bencher.iter(|| Digest::of_bytes(black_box(&bytes)));
    });
    group.finish();
}
