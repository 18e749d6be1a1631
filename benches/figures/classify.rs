//! The classifier: a typical line, the worst ones, a large plan.
//!
//! ```text
//!   tests/corpus ──each line──▶ classify::command   median, p99, slowest
//!   64 KiB that are all nesting, operators, quotes ─▶ slowest of all
//!   a plan of 10 MB ─▶ classify::plan               beside parsing its JSON into a tree
//! ```

use super::table::{Table, shown};
use countersign::classify::{self, Dialect, Setting};
use serde_json::json;
use std::{
    fmt::Write as _,
    fs,
    hint::black_box,
    path::PathBuf,
    time::{Duration, Instant},
};

const LONGEST: usize = 64 * 1024;

/// All of it.
pub fn measure(table: &mut Table) {
    let commands = corpus();
    let setting = Setting::default();
    // The tables are built by the first line that needs them.
    let began = Instant::now();
    black_box(classify::command("aws ec2 describe-instances", &setting));
    let first = began.elapsed();
    let mut times: Vec<Duration> = commands
        .iter()
        .map(|command| quickest(5, || classify::command(command, &setting)))
        .collect();
    times.sort_unstable();
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    let what = format!("classify a command, warm, median of {} lines", commands.len());
    table.time(&what, median, Duration::from_micros(50));
    table.told("  99 of 100 take at most", &shown(p99));
    table.told("  the slowest line", &shown(times[times.len() - 1]));
    table.told("  the first line of a process", &shown(first));
    hostile(table);
    plan(table);
}

fn quickest<T>(times: u32, work: impl Fn() -> T) -> Duration {
    let once = |_| {
        let began = Instant::now();
        black_box(work());
        began.elapsed()
    };
    (0..times).map(once).min().unwrap()
}

fn corpus() -> Vec<String> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus"));
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let lines = files.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    let mut commands = Vec::new();
    for file in lines {
        for line in fs::read_to_string(file).unwrap().lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            commands.push(line["command"].as_str().unwrap().to_owned());
        }
    }
    commands
}

/// Inputs of 64 KiB that are made to be slow, each by its name.
fn worst() -> Vec<(&'static str, String)> {
    let fill = |part: &str| part.repeat(LONGEST / part.len());
    let nest = |open: &str, middle: &str, close: &str| {
        let times = (LONGEST - middle.len()) / (open.len() + close.len());
        format!("{}{middle}{}", open.repeat(times), close.repeat(times))
    };
    vec![
        ("subshells", nest("(", "a", ")")),
        ("open brackets", fill("(")),
        ("substitutions", nest("$(", "a", ")")),
        ("quoted substitutions", nest("\"$(", "a", ")\"")),
        ("backticks", fill("`a` ")),
        ("expansions", nest("${a:-", "b", "}")),
        ("arithmetic", nest("$((", "1", "))")),
        ("groups", nest("{ ", "a", ";}")),
        ("conditions", nest("if a; then ", "b;", " fi;")),
        ("cases", fill("case a in a) ")),
        ("pipes", fill("a|")),
        ("lists", fill("a;")),
        ("ands", fill("a&&")),
        ("braces", fill("{a,b}")),
        ("nested braces", nest("{a,", "b", "}")),
        ("ranges", fill("{1..999999}")),
        ("here-documents", fill("<<a ")),
        ("quotes", fill("\"a\"'b'")),
        ("escapes", fill("\\a")),
        ("one word", fill("a")),
        ("options", fill("-a ")),
        ("variables", fill("$a ")),
        ("assignments", fill("a=b ")),
        ("doubling", format!("a=xxxxxxxx;{}", fill("a=$a$a;"))),
        ("aliases", fill("alias a='b c';")),
        ("functions", fill("f() { f; };")),
        ("wrappers", fill("sudo ")),
        ("shells in shells", fill("bash -c ")),
        ("xargs", fill("xargs ")),
        ("evals", fill("eval ")),
        ("sed", format!("sed '{}'", fill("s/a/b/;"))),
        ("awk", format!("awk '{}'", fill("{ system(a) }"))),
        ("python", format!("python -c '{}'", fill("f(a, "))),
        ("SQL brackets", format!("psql -c '{}'", fill("SELECT (("))),
        ("SQL statements", format!("psql -c '{}'", fill("SELECT 1;"))),
        ("SQL joins", format!("psql -c 'SELECT * FROM a {}'", fill("JOIN b "))),
        ("JSON", format!("mcp:a/b {}", fill("{\"a\":["))),
        ("GraphQL", format!("curl -d '{}' http://h/graphql", fill("{a"))),
        ("aws", format!("aws {}", fill("--a b "))),
    ]
}

fn hostile(table: &mut Table) {
    let setting = Setting::default();
    let worst = worst();
    let mut times: Vec<(Duration, &str)> = worst
        .iter()
        .map(|(name, input)| (quickest(3, || classify::command(input, &setting)), *name))
        .collect();
    let sql = "SELECT ".to_owned() + &"(".repeat(LONGEST);
    times.push((quickest(3, || classify::query(&sql, Dialect::Postgres, &setting)), "SQL alone"));
    times.sort_unstable();
    times.reverse();
    let (slowest, name) = times[0];
    let what = format!("classify 64 KiB made to be slow, the worst of {} ({name})", times.len());
    table.time(&what, slowest, Duration::from_millis(5));
    for (time, name) in &times[1..4] {
        table.told(&format!("  next: {name}"), &shown(*time));
    }
}

/// A plan of some 10 MB: resources of ordinary size, every tenth of which is replaced.
fn plan(table: &mut Table) {
    let mut changes = String::new();
    let mut number = 0;
    while changes.len() < 10_000_000 {
        let before = json!({
            "id": format!("i-{number:017x}"), "ami": "ami-0a1b2c3d4e5f67890",
            "tags": { "Name": format!("web-{number}"), "team": "shop" }, "user_data": "x".repeat(600),
            "root_block_device": [{ "volume_size": 20, "encrypted": true }], "password": "hidden",
        });
        let actions =
            if number % 10 == 0 { json!(["delete", "create"]) } else { json!(["update"]) };
        let change = json!({
            "address": format!("module.web[{number}].aws_instance.this"),
            "module_address": format!("module.web[{number}]"), "mode": "managed",
            "type": "aws_instance", "name": "this",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {
                "actions": actions, "before": before, "after": before, "after_unknown": {},
                "before_sensitive": { "password": true }, "after_sensitive": { "password": true },
            },
        });
        let comma = if number == 0 { "" } else { "," };
        write!(changes, "{comma}{change}").unwrap();
        number += 1;
    }
    let plan = format!(
        "{{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"resource_changes\":[{changes}]}}"
    );
    let setting = Setting::default();
    let taken = quickest(3, || classify::plan(&plan, &setting));
    let what = format!("classify a plan of {} MB, {number} resources", plan.len() / 1_000_000);
    table.time(&what, taken, Duration::from_millis(150));
    let tree = quickest(3, || serde_json::from_str::<serde_json::Value>(&plan).unwrap());
    table.told("  parsing the same bytes into a tree (serde_json::Value)", &shown(tree));
}
