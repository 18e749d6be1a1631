//! What every question has in common: the action it names, and the threshold it fails on.

use super::{files, nearest::nearest};
use crate::{
    cli::{
        failure::{Failure, Kind},
        output::Output,
    },
    domain::{Certainty, Untrusted},
    iam::actions::ActionTable,
};
use clap::ValueEnum;

/// Actions a pattern may stand for.
const MOST_ACTIONS: usize = 200;

/// `--fail-on` of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// It is allowed
    Allowed,
    /// It is allowed, perhaps under a condition
    Conditional,
}

impl FailOn {
    /// How certain it has to be at least.
    pub(super) fn least(self) -> Certainty {
        match self {
            Self::Allowed => Certainty::Yes,
            Self::Conditional => Certainty::Conditional,
        }
    }
}

/// An action as AWS writes it, and the resource to ask about.
pub(super) fn action(
    written: &str,
    resource: &str,
    output: Output,
) -> Result<(String, String), Failure> {
    let table = ActionTable::get();
    let name = match table.find(written) {
        Some(id) => table.name(id).to_owned(),
        None => unknown(written, output).map(|()| written.to_owned())?,
    };
    let resource = self::resource(Some(&name), resource, output)?;
    Ok((name, resource))
}

/// The resource to ask about: `*`, said so, where the one action that is asked about knows none.
pub(super) fn resource(
    action: Option<&str>,
    resource: &str,
    output: Output,
) -> Result<String, Failure> {
    // Anything else names nothing in AWS, and "no" would be true of everybody.
    let is_arn = resource.starts_with("arn:") && resource.splitn(6, ':').count() == 6;
    if resource != "*" && !is_arn {
        let what = format!("{resource:?} is no resource of AWS");
        return Err(Failure::new(Kind::Usage, Untrusted::new(what))
            .next("name it by its ARN (arn:aws:s3:::orders/*), or `*` for any"));
    }
    let table = ActionTable::get();
    let knows_none = |action| table.find(action).is_some_and(|id| table.is_wildcard_only(id));
    if let Some(action) = action.filter(|action| resource != "*" && knows_none(action)) {
        output.notice(format!("{action} knows no resources; asked about `*`"));
        return Ok("*".to_owned());
    }
    Ok(resource.to_owned())
}

/// The actions a pattern stands for, or the one that is named.
pub(super) fn actions(pattern: &str, output: Output) -> Result<Vec<String>, Failure> {
    let table = ActionTable::get();
    if !pattern.contains(['*', '?']) {
        return match table.find(pattern) {
            Some(id) => Ok(vec![table.name(id).to_owned()]),
            None => unknown(pattern, output).map(|()| vec![pattern.to_owned()]),
        };
    }
    let set = table.select(pattern);
    match set.len() {
        0 => Err(Failure::new(Kind::NotFound, no_action(pattern))
            .next("write it as a policy would: s3:Delete*")),
        many if many > MOST_ACTIONS => {
            let what = format!("{pattern} stands for {many} actions, more than {MOST_ACTIONS}");
            Err(Failure::new(Kind::Usage, Untrusted::new(what)).next("narrow it: s3:Delete*"))
        }
        _ => Ok(set.iter().map(|id| table.name(id).to_owned()).collect()),
    }
}

fn no_action(written: &str) -> Untrusted {
    Untrusted::new(format!("no action of AWS is known as {written}"))
}

/// A slip is an error; what resembles nothing may be newer than the table.
fn unknown(written: &str, output: Output) -> Result<(), Failure> {
    let table = ActionTable::get();
    let names: Vec<&str> = table.ids().map(|id| table.name(id)).collect();
    if !written.contains(':') {
        return Err(Failure::new(Kind::Usage, no_action(written))
            .next("write it with its service: s3:DeleteBucket"));
    }
    if let Some(near) = nearest(written, names.iter().copied()) {
        let failure = Failure::new(Kind::NotFound, no_action(written));
        return Err(failure.next(format!("did you mean {near}?")));
    }
    files::step(output, "");
    output.notice(Untrusted::new(format!(
        "warning: {written} is not in the table of actions; only the policies' words count"
    )));
    Ok(())
}
