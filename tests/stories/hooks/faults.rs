//! Whatever goes wrong, no host runs the tool.

use super::{
    host::{HOSTS, Outcome, ask, asked, asked_of, calling, payload},
    model::Ended,
};
use crate::support::program::Program;
use serde_json::Value;
use std::{fs, process::Stdio};

/// Would be let through if all were well.
const LOOKS: &str = "git status --short";

fn looks(host: &str, shape: &str) -> String {
    calling(host, shape, LOOKS)
}

#[test]
fn a_crash_is_a_no() {
    for (host, shape) in HOSTS {
        let program = Program::new().with("COUNTERSIGN_TEST_FAULT", "panic");
        let outcome = ask(&program, host, "", &looks(host, shape));
        outcome.is_refused(&format!("{host}/{shape}"));
        assert!(!outcome.ended.stderr.contains("panicked at"), "{outcome:?}");
    }
}

#[test]
fn a_hook_that_hangs_is_a_no_before_the_host_gives_up() {
    for (host, shape) in HOSTS {
        let program = Program::new().with("COUNTERSIGN_TEST_FAULT", "hang");
        ask(&program, host, "--wait 1s", &looks(host, shape))
            .is_refused(&format!("{host}/{shape}"));
    }
}

#[test]
fn what_cannot_be_read_is_a_no() {
    for (host, shape) in HOSTS {
        let (program, whole) = (Program::new(), looks(host, shape));
        let twice = whole.replacen('{', "{\"cwd\":\"/\",\"cwd\":\"/\",", 1);
        let nul = calling(host, shape, "git status\0");
        let nested = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        for (what, bytes) in [
            ("nothing", Vec::new()),
            ("blanks", b"\n".to_vec()),
            ("half of it", whole.as_bytes()[..whole.len() / 2].to_vec()),
            ("no object", b"[]".to_vec()),
            ("an empty object", b"{}".to_vec()),
            ("a name twice", twice.into_bytes()),
            ("a byte order mark", [b"\xef\xbb\xbf", whole.as_bytes()].concat()),
            ("more behind it", format!("{whole}{whole}").into_bytes()),
            ("a NUL", nul.into_bytes()),
            (
                "no UTF-8",
                whole
                    .replace("git", "g\u{fffd}t")
                    .into_bytes()
                    .iter()
                    .map(|b| if *b == 0xbf { 0xff } else { *b })
                    .collect(),
            ),
            ("too deep", nested.into_bytes()),
        ] {
            let ended = asked(&program, host, "", &bytes, Stdio::piped());
            Outcome::of(host, ended).is_refused(&format!("{host}/{shape}: {what}"));
        }
    }
}

#[test]
fn a_value_of_another_type_is_a_no() {
    for (host, shape) in HOSTS {
        let value: Value = serde_json::from_str(&payload(host, shape)).unwrap();
        for odd in [Value::Null, 1.into(), Value::Array(vec!["git".into()])] {
            let mut other = value.clone();
            replace(&mut other, &odd);
            let told = format!("{host}/{shape}: the command is {odd}");
            ask(&Program::new(), host, "", &other.to_string()).is_refused(&told);
        }
    }
}

/// Puts something else in the place of the command.
fn replace(value: &mut Value, odd: &Value) {
    match value {
        Value::String(text) if text == "@COMMAND@" => *value = odd.clone(),
        Value::Object(entries) => entries.values_mut().for_each(|entry| replace(entry, odd)),
        _ => {}
    }
}

#[test]
fn a_command_or_a_path_of_a_megabyte_is_a_no() {
    let long = format!("echo {}", "x".repeat(1 << 20));
    for (host, shape) in HOSTS {
        let outcome = ask(&Program::new(), host, "", &calling(host, shape, &long));
        outcome.is_refused(&format!("{host}/{shape}"));
    }
    let read = payload("claude-code", "read").replace("README", &"x".repeat(1 << 20));
    ask(&Program::new(), "claude-code", "", &read).is_refused("a path of a megabyte");
}

#[test]
fn without_a_store_nothing_passes() {
    for (host, shape) in HOSTS {
        let program = Program::new();
        program.write("file", "");
        fs::create_dir_all(program.path("folder.db")).unwrap();
        for store in ["file/below.db", "folder.db", "/dev/full", "/proc/countersign.db"] {
            let options = format!("--store {store}");
            let held = calling(host, shape, "kubectl scale deployment/web --replicas=3");
            let told = format!("{host}/{shape}: {store}");
            ask(&program, host, &options, &held).is_refused(&told);
        }
        for store in ["file/below.db", "/proc/countersign.db"] {
            let told = format!("{host}/{shape}: cannot be logged: {store}");
            let options = format!("--store {store}");
            ask(&program, host, &options, &looks(host, shape)).is_refused(&told);
        }
    }
}

/// The small program answers what only looks by itself, and has nobody else to ask.
#[test]
fn alone_the_small_program_lets_nothing_through_but_what_only_looks() {
    for (host, shape) in HOSTS {
        let program = Program::new();
        // The first call has the store adopt the policy, which takes the large one.
        ask(&program, host, "", &looks(host, shape)).is_let_through(&format!("{host}/{shape}"));
        fs::create_dir_all(program.path("alone")).unwrap();
        let alone = program.path("alone/countersign-hook");
        fs::copy(env!("CARGO_BIN_EXE_countersign-hook"), &alone).unwrap();
        let alone = alone.display().to_string();
        let told = format!("{host}/{shape}: alone");
        let asks = |payload: &str| {
            let ended = asked_of(&alone, &program, host, "", payload.as_bytes(), Stdio::piped());
            Outcome::of(host, ended)
        };
        asks(&looks(host, shape)).is_let_through(&told);
        let held = asks(&calling(host, shape, "kubectl scale deployment/web --replicas=3"));
        held.is_refused(&told);
        assert!(held.ended.stderr.contains("alone/countersign"), "{held:?}");
    }
}

#[test]
fn a_broken_configuration_is_a_no() {
    for (host, shape) in HOSTS {
        let broken = Program::configured("[production]\nhosts = 1\n");
        ask(&broken, host, "", &looks(host, shape)).is_refused(&format!("{host}/{shape}"));
        let policy = Program::configured("[policy]\nfile = \"policy.cedar\"\n");
        policy.write("config/countersign/policy.cedar", "permit(principal, action");
        let told = format!("{host}/{shape}: a broken policy");
        ask(&policy, host, "", &looks(host, shape)).is_refused(&told);
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_a_no() {
    for (host, shape) in HOSTS {
        let program = Program::new();
        for sink in ["/dev/full", "/dev/null"] {
            let out = fs::OpenOptions::new().write(true).open(sink).unwrap();
            let payload = looks(host, shape);
            let ended = asked(&program, host, "", payload.as_bytes(), Stdio::from(out));
            // The host sees none of it.
            let ended = Ended { stdout: String::new(), ..ended };
            let outcome = Outcome::of(host, ended);
            assert!(!outcome.runs, "{host}/{shape}: {sink}: {outcome:?}");
        }
    }
}
