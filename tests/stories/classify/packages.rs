//! The packages that a diff adds are asked about at their registries.

use crate::support::{
    hostile::{Hostile, Reply, Request},
    program::Program,
};
use jiff::{Timestamp, ToSpan as _};

const DIFF: &str = r#"diff --git a/package.json b/package.json
--- a/package.json
+++ b/package.json
@@ -1,1 +1,4 @@
   "dependencies": {
+    "@acme/made-up": "^1.0.0",
+    "days-old": "^1.0.0",
+    "well-known": "^1.0.0"
diff --git a/requirements.txt b/requirements.txt
--- a/requirements.txt
+++ b/requirements.txt
@@ -0,0 +1,2 @@
+reqeusts==2.0
+slow.one
diff --git a/Cargo.toml b/Cargo.toml
--- a/Cargo.toml
+++ b/Cargo.toml
@@ -1,1 +1,2 @@
 [dependencies]
+made-up-crate = "1"
diff --git a/go.mod b/go.mod
--- a/go.mod
+++ b/go.mod
@@ -1,1 +1,2 @@
 require (
+	github.com/Acme/young v0.1.0
"#;

/// Answers as the registries document it: npm, `PyPI`'s JSON (PEP 691), Cargo's index, Go's proxy.
fn registry(request: &Request) -> Reply {
    let now = Timestamp::now();
    let ago = |days: i64| now - (days * 24 + 1).hours();
    let npm = |since: Timestamp| {
        Reply::json(200, format!(r#"{{"time":{{"created":"{since}","1.0.0":"{since}"}}}}"#))
    };
    match request.call.as_str() {
        "GET /npm/days-old" => npm(ago(3)),
        "GET /npm/well-known" => npm(ago(2_000)),
        "GET /simple/reqeusts/" => Reply::of(
            200,
            "application/vnd.pypi.simple.v1+json",
            format!(r#"{{"files":[{{"upload-time":"{}"}}]}}"#, ago(900)),
        ),
        "GET /simple/slow-one/" => Reply::of(503, "text/plain", "later"),
        "GET /go/github.com/!acme/young/@v/list" => {
            Reply::of(200, "text/plain", "v0.2.0\nv0.1.0\n")
        }
        "GET /go/github.com/!acme/young/@v/v0.1.0.info" => {
            Reply::json(200, format!(r#"{{"Version":"v0.1.0","Time":"{}"}}"#, ago(1)))
        }
        _ => Reply::of(404, "text/plain", "not found"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_not_there_is_young_or_misspelt_is_a_finding() {
    let server = Hostile::answering(registry).await;
    let program = Program::new()
        .with("npm_config_registry", &format!("{}/npm/", server.url))
        .with("PIP_INDEX_URL", &format!("{}/simple", server.url))
        .with("COUNTERSIGN_CRATES_INDEX", &format!("sparse+{}/index/", server.url))
        .with("GOPROXY", &format!("{}/go,direct", server.url));
    program.write("x.diff", DIFF);
    let ran = tokio::task::spawn_blocking(move || {
        program.run(&["classify", "--json", "--diff", "x.diff"])
    })
    .await
    .unwrap();
    let found = ran.json();
    let said: Vec<&str> = found["opaque"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["because"].as_str().unwrap())
        .collect();
    let says = |text: &str| said.iter().any(|because| because.contains(text));
    assert!(says("no `@acme/made-up` on npm"), "{said:?}");
    assert!(says("`days-old` is on npm for 3 days"), "{said:?}");
    assert!(says("`reqeusts` is one letter away from `requests`"), "{said:?}");
    assert!(says("no `made-up-crate` on crates.io"), "{said:?}");
    assert!(says("`github.com/Acme/young` is on go for 1 day"), "{said:?}");
    assert!(!says("well-known") && !says("slow.one"), "{said:?}");
    let well_known = found["effects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|effect| effect["resource"] == "well-known ^1.0.0");
    assert!(well_known.unwrap()["because"].as_str().unwrap().contains("there since"), "{found}");
    let asked: Vec<String> = server.log().into_iter().map(|request| request.call).collect();
    assert!(asked.contains(&"GET /npm/@acme%2fmade-up".to_owned()), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_does_not_answer_is_told_and_nobody_is_asked_offline() {
    let server = Hostile::answering(|_| Reply::of(500, "text/plain", "broken")).await;
    let program = Program::new().with("npm_config_registry", &server.url);
    let npm_only = &DIFF[..DIFF.find("diff --git a/requirements").unwrap()];
    program.write("x.diff", npm_only);
    let (online, offline) = tokio::task::spawn_blocking(move || {
        let online = program.run(&["classify", "--diff", "x.diff"]);
        (online, program.run(&["classify", "--offline", "--diff", "x.diff"]))
    })
    .await
    .unwrap();
    assert!(
        online.stderr.contains("npm could not be asked") && online.stderr.contains("500"),
        "{online:?}"
    );
    assert_eq!(server.log().len(), 3);
    assert!(offline.stderr.is_empty(), "{offline:?}");
}
