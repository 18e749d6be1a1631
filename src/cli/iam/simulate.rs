//! `countersign iam simulate`

use crate::{
    cli::{
        exit::Exit,
        failure::{Failure, Kind},
        lines::{Next, next},
        output::Output,
    },
    iam::{
        actions::ActionTable,
        evaluate::{Answer, Outcome, answer},
    },
    report,
};
use clap::Args;
use std::io::{self, BufReader};

/// Longest line that is read. Longer ones are answered with an error.
const MAX_LINE_BYTES: usize = 64 * 1024 * 1024;
/// Answers are written at the latest when there are this many bytes of them.
const BATCH_BYTES: usize = 64 * 1024;

/// Decide requests as AWS would, each with the policies it comes with
#[derive(Debug, Args)]
#[command(
    after_help = "Request: {\"id\", \"principal\", \"action\", \"resource\", \"resourceAccount\", \
                  \"context\": {}, \"identity\": [policy…], \"boundary\": [policy…], \
                  \"scps\": [[policy…]…], \"rcps\": [[policy…]…], \"resourcePolicy\": policy, \
                  \"session\": policy, \"wildcardOnlyAction\": bool, \"managementAccount\": \"<id>\"}; \
                  everything after `context` may be absent. A context key that is absent is absent \
                  to AWS too, also those it would set itself.\n\n\
                  Answer: {\"id\", \"decision\", \"because\": {\"layer\", \"statement\"}} or {\"id\", \"error\"}."
)]
pub struct Simulate {
    /// Read one JSON request a line from standard input and write one JSON answer a line
    #[arg(long, required = true)]
    jsonl: bool,
}

impl Simulate {
    /// Answers line by line until the input ends, or nobody reads the answers.
    pub(super) fn run(self, output: Output) -> Result<Exit, Failure> {
        let _ = self.jsonl;
        let mut input = BufReader::with_capacity(BATCH_BYTES, io::stdin().lock());
        let (mut line, mut batch) = (Vec::new(), String::new());
        loop {
            // Whoever waits for an answer before asking again gets it.
            let is_ahead = input.buffer().contains(&b'\n');
            if !batch.is_empty() && (!is_ahead || batch.len() >= BATCH_BYTES) {
                if !output.is_read(&batch)? {
                    return Ok(Exit::Done);
                }
                batch.clear();
            }
            let answer = match next(&mut input, &mut line, MAX_LINE_BYTES)
                .map_err(|error| unread(&error))?
            {
                Next::End => return Ok(Exit::Done),
                Next::Line => answer(&line, &knows_no_resource),
                Next::TooLong => too_long(),
            };
            batch.push_str(&report::single_line(&answer).map_err(|error| {
                Failure::new(Kind::Unexpected, format!("cannot write an answer: {error}"))
            })?);
        }
    }
}

/// As the table of actions has it. An action that is not in it may be newer than the table.
fn knows_no_resource(action: &str) -> bool {
    let table = ActionTable::get();
    table.find(action).is_some_and(|id| table.is_wildcard_only(id))
}

fn too_long() -> Answer {
    let error = format!("longer than {} MiB; not read", MAX_LINE_BYTES / (1024 * 1024));
    Answer { id: serde_json::Value::Null, outcome: Outcome::Unreadable { error } }
}

fn unread(error: &io::Error) -> Failure {
    Failure::new(Kind::Io, format!("cannot read standard input: {error}"))
}
