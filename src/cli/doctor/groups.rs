//! Groups whose members a command tells: asked, and what came of it.

use super::{Verdict, good, moment};
use crate::{config::Config, domain::Untrusted, sources::Diagnosis, trust::Duty};
use jiff::Timestamp;

/// Asks every command whose last answer is old, and says who is in each group.
pub(super) async fn checks(config: &Config) -> Vec<Diagnosis> {
    let duties = Duty::all(config);
    let asked = tokio::task::spawn_blocking(move || {
        let asked = duties.into_iter().map(|duty| {
            let failed = duty.refresh(Timestamp::now()).err();
            checked(&duty, failed.map(|fault| fault.why))
        });
        asked.collect()
    });
    // Only a runtime that shuts down takes the work away.
    asked.await.unwrap_or_default()
}

fn checked(duty: &Duty, failed: Option<String>) -> Diagnosis {
    let what = format!("group {}", duty.group);
    let problem = |problem: String| Untrusted::new(problem);
    let next_step = "run its command by hand; it has to print one name a line and end with 0";
    match (duty.members(Timestamp::now()), failed) {
        (Ok(found), None) => {
            let names: Vec<&str> = found.members.iter().map(String::as_str).collect();
            let names = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
            good(what, format!("{names}; told {}", moment(found.at)))
        }
        (Ok(found), Some(why)) => Diagnosis {
            what,
            verdict: Verdict::Warning {
                problem: problem(format!(
                    "{why}; what it told {} holds until {}",
                    moment(found.at),
                    moment(found.until)
                )),
                next_step: next_step.to_owned(),
            },
        },
        (Err(fault), why) => Diagnosis {
            what,
            verdict: Verdict::Bad {
                problem: problem(match why {
                    Some(why) => format!("{fault}; {why}"),
                    None => fault.to_string(),
                }),
                next_step: next_step.to_owned(),
            },
        },
    }
}
