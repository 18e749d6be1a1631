//! `countersign classify --jsonl`: one question a line, one answer a line, in order.

use crate::{
    classify::{self, Setting},
    cli::{
        exit::Exit,
        failure::{Failure, Kind},
        lines::{Next, next},
        output::Output,
    },
    domain::{Class, Untrusted},
    report::{self, ClassifiedLine},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, BufReader};

/// Longest line that is read.
const LONGEST: usize = 16 * 1024 * 1024;
/// Answers are written at the latest when there are this many bytes of them.
const BATCH_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    command: String,
}

/// What is known of a question that cannot be answered.
#[derive(Serialize)]
struct Unanswered {
    id: Value,
    line: u64,
    error: Untrusted,
}

/// Answers line by line until the input ends, or nobody reads the answers.
pub(super) fn answer(
    setting: &Setting<'_>,
    fail_on: Option<Class>,
    output: Output,
) -> Result<Exit, Failure> {
    let mut input = BufReader::with_capacity(BATCH_BYTES, io::stdin().lock());
    let (mut line, mut batch) = (Vec::new(), String::new());
    let (mut number, mut worst) = (0_u64, Class::ReadOnly);
    loop {
        // Whoever waits for an answer before asking again gets it.
        let is_ahead = input.buffer().contains(&b'\n');
        if !batch.is_empty() && (!is_ahead || batch.len() >= BATCH_BYTES) {
            if !output.is_read(&batch)? {
                break;
            }
            batch.clear();
        }
        number += 1;
        let read = next(&mut input, &mut line, LONGEST).map_err(|error| {
            Failure::new(Kind::Io, format!("cannot read standard input: {error}"))
        })?;
        let written = match read {
            Next::End => break,
            Next::Line if line.trim_ascii().is_empty() => continue,
            Next::Line => match question(&line) {
                Ok(asked) => {
                    let found = classify::command(&asked.command, setting);
                    worst = worst.max(found.class());
                    report::single_line(&ClassifiedLine::new(asked.id, &asked.command, &found))
                }
                Err((id, error)) => {
                    worst = worst.max(Class::Opaque);
                    report::single_line(&Unanswered { id, line: number, error: error.into() })
                }
            },
            Next::TooLong => {
                worst = worst.max(Class::Opaque);
                let most = LONGEST / (1024 * 1024);
                let error = format!("longer than {most} MiB; not read");
                report::single_line(&Unanswered {
                    id: Value::Null,
                    line: number,
                    error: error.into(),
                })
            }
        };
        batch.push_str(&written.map_err(|error| {
            Failure::new(Kind::Unexpected, format!("cannot write an answer: {error}"))
        })?);
    }
    Ok(if fail_on.is_some_and(|class| worst >= class) { Exit::Findings } else { Exit::Done })
}

/// The question in a line, or its id and what is wrong with it.
fn question(line: &[u8]) -> Result<Question, (Value, String)> {
    let value: Value = serde_json::from_slice(line).map_err(|error| {
        (Value::Null, format!("not a JSON object: {error}; expected {{\"id\"?, \"command\"}}"))
    })?;
    let id = value.get("id").cloned().unwrap_or_default();
    match serde_json::from_value::<Question>(value) {
        Ok(question) => Ok(question),
        Err(error) => Err((id, format!("{error}; expected {{\"id\"?, \"command\"}}"))),
    }
}
