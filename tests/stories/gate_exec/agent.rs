//! From end to end on two terminals: an agent that asks its hook before it runs a command, and a
//! person at the console who answers with keys.

use super::program::{home, pending};
use crate::support::{program::Program, pty::Session};

/// Plays Claude Code's part: for every line it is given it calls the hook as that host does, and
/// runs the line only when the answer allows it.
const AGENT: &str = r#"#!/bin/sh
turn=0
echo 'agent: ready'
while IFS= read -r line; do
    turn=$((turn + 1))
    answer=$(printf '{"session_id":"5e551017","transcript_path":"%s/t.jsonl","cwd":"%s","permission_mode":"default","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"%s","description":"as asked"},"tool_use_id":"toolu_%s"}' \
        "$PWD" "$PWD" "$line" "$turn" | "$COUNTERSIGN" gate hook claude-code 2>answer.err)
    status=$?
    case $status:$answer in
    0:*'"permissionDecision":"allow"'*)
        sh -c "$line"
        echo "agent: turn $turn ran with $?" ;;
    *) echo "agent: turn $turn denied" ;;
    esac
done
"#;

/// The text a dialog wants typed.
fn asked_for(screen: &str) -> String {
    let line = screen.lines().find(|line| line.contains("and press Enter")).expect("a question");
    let after = line.split("Type ").nth(1).expect("a text to type");
    after.split("  and press").next().expect("a text to type").trim().to_owned()
}

/// A person approves what is on top of the queue.
fn approves(console: &mut Session) {
    console.send("g");
    console.send("a");
    console.wait("an armed dialog", |text| {
        text.contains("[ Cancel ]") && !text.contains("arming") && !text.contains("reading it")
    });
    let name = asked_for(&console.text());
    console.send(&name);
    console.wait("the typed name", |text| text.matches(name.as_str()).count() > 1);
    console.send("\r");
    console.wait_for("Approved");
}

fn lines(home: &Program, name: &str) -> usize {
    std::fs::read_to_string(home.path(name)).map_or(0, |text| text.lines().count())
}

#[test]
fn an_agents_command_runs_once_a_person_agreed_at_the_console_and_only_that_once() {
    let home = home().with("COUNTERSIGN", env!("CARGO_BIN_EXE_countersign"));
    home.write("agent.sh", AGENT);
    let mut agent = home.beside_terminal("/bin/sh", (100, 24), &["agent.sh"]);
    agent.wait_for("agent: ready");
    let mut console = home.on_terminal(120, 40, &[]);
    console.wait_for("Queue");

    // What only reads goes through without anybody.
    agent.send("ls agent.sh\r");
    agent.wait_for("agent: turn 1 ran with 0");

    let command = "echo one >> ran\r";
    agent.send(command);
    console.wait_for("echo one >> ran");
    assert_eq!(lines(&home, "ran"), 0, "it must not run before somebody agreed");
    let first = pending(&home);
    approves(&mut console);
    agent.wait_for("agent: turn 2 ran with 0");
    assert_eq!(lines(&home, "ran"), 1);

    // The very same call once more is a new request.
    agent.send(command);
    let second = pending(&home);
    assert_ne!(first["id"], second["id"]);
    let id = second["id"].as_str().unwrap();
    let no = ["reject", id, "--digest", second["digest"].as_str().unwrap(), "--reason", "once"];
    assert_eq!(home.run(&no).status, 0);
    agent.wait_for("agent: turn 3 denied");
    assert_eq!(lines(&home, "ran"), 1);

    // So is another call, however alike.
    agent.send("echo two >> ran\r");
    let third = pending(&home);
    assert_eq!(third["title"], "echo two >> ran");
    assert_ne!(third["digest"], first["digest"]);
    assert_eq!(lines(&home, "ran"), 1);
    console.send("q");
    assert_eq!(console.wait_for_end().exit_code(), 0);
}
