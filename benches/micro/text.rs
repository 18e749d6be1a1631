//! What happens to text from outside: made safe, recognised, taken apart as a diff.

use super::digest::pull_request;
use countersign::{
    catalogue::Catalogue,
    console::view::diff_pane::{DiffPane, Split},
    domain::{Clue, ClueKind, Diff, Untrusted},
    text::SafeText,
};
use criterion::{BenchmarkId, Criterion, Throughput};
use std::hint::black_box;

pub fn safe_text(criterion: &mut Criterion) {
    let plain = "Refund in one pass, and tell the ledger";
    let cases = [
        ("an ASCII title", plain.to_owned()),
        ("a title in Japanese", "請求書の再発行を一度で済ませる変更".repeat(2)),
        ("a hostile title", format!("{plain}\u{1b}[2J\u{202e}\u{200b}\u{e0041}")),
        ("64 KiB of text", format!("{plain}\n").repeat(1_640)),
    ];
    let mut group = criterion.benchmark_group("SafeText");
    for (name, text) in cases {
        let text = Untrusted::new(text);
        group.throughput(Throughput::Bytes(text.raw().len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &text, |bencher, text| {
            bencher.iter(|| SafeText::block(black_box(text)).has_hidden());
        });
    }
    group.finish();
}

pub fn catalogue(criterion: &mut Criterion) {
    let catalogue = Catalogue::builtin().expect("the built-in catalogue is valid");
    let pull_request = [
        Clue::new(ClueKind::GithubUserId, "198982749"),
        Clue::new(ClueKind::GithubLogin, "Copilot"),
        Clue::new(ClueKind::Branch, "copilot/fix-1763"),
        Clue::new(ClueKind::CommitTrailer, "Co-Authored-By: Claude <noreply@anthropic.com>"),
    ];
    let role = [
        Clue::new(ClueKind::IamName, "billing-export-nightly"),
        Clue::new(ClueKind::IamPath, "/service-role/"),
        Clue::new(ClueKind::IamTag, "team=billing"),
        Clue::new(ClueKind::TrustedService, "lambda.amazonaws.com"),
        Clue::new(ClueKind::ManagedPolicy, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
    ];
    let mut group = criterion.benchmark_group("catalogue");
    group.bench_function("a pull request of Copilot", |bencher| {
        bencher.iter(|| catalogue.recognise(black_box(&pull_request)));
    });
    group.bench_function("a role of nobody we know", |bencher| {
        bencher.iter(|| catalogue.recognise(black_box(&role)));
    });
    group.finish();
}

pub fn diff(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("diff");
    for files in [1, 30, 1000] {
        let Diff::Text(text) = pull_request(files).change.diff else { continue };
        group.throughput(Throughput::Bytes(text.raw().len() as u64));
        group.bench_with_input(BenchmarkId::new("parsed, files", files), &text, |bencher, text| {
            bencher.iter(|| DiffPane::parse(black_box(text)));
        });
    }
    let Diff::Text(text) = pull_request(1000).change.diff else { return };
    group.bench_function("laid out at 120 columns, files/1000", |bencher| {
        bencher.iter_batched(
            || DiffPane::parse(&text),
            |pane| pane.height(120, Split::Unified),
            criterion::BatchSize::LargeInput,
        );
    });
    group.finish();
}
