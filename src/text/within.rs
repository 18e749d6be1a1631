//! Where in an action characters hide, act, or pretend to be others.

use super::{SafeText, identifier_warnings};
use crate::domain::{Action, CallInput, Diff, Subject, Untrusted};

/// The fields of an action that are not what they seem: characters hide or act in them, a name
/// reads like another one, or there is more than can be shown. Whoever approves such an action
/// has to do more than press one key.
pub fn hidden_in(action: &Action) -> Vec<&'static str> {
    let line = |text: &Untrusted| SafeText::line(text).has_hidden();
    let block = |text: &Untrusted| SafeText::block(text).has_hidden();
    // A script's line breaks are shown as such; anything else is one line.
    let argument =
        |text: &Untrusted| if text.raw().contains('\n') { block(text) } else { line(text) };
    let name = |text: &Untrusted| line(text) || identifier_warnings(text.raw()).is_some();
    let subject = match &action.subject {
        Subject::PullRequest { head_ref, base_ref, .. } => name(head_ref) || name(base_ref),
        Subject::Deployment { workflow, head_ref, environments, .. } => {
            line(workflow) || name(head_ref) || environments.iter().any(|one| name(&one.name))
        }
        Subject::Command { argv, cwd, program, host, .. } => {
            argv.iter().any(argument) || line(cwd) || name(program) || name(host)
        }
        Subject::Call { via, tool, input, cwd, session, host, .. } => {
            let call = CallInput::of(via, tool, input);
            let named = |(name, value): &(Untrusted, Untrusted)| line(name) || argument(value);
            name(tool)
                || call.command.iter().any(argument)
                || call.paths.iter().any(name)
                || call.arguments.iter().any(named)
                || line(cwd)
                || line(session)
                || name(host)
        }
        Subject::FollowUp { by, reason, .. } => name(&by.0) || block(reason),
    };
    // The line breaks of a script are those of its title.
    let title = match &action.subject {
        Subject::Call { .. } => argument(&action.title),
        _ => line(&action.title),
    };
    let asker = action.asker.as_ref().is_some_and(|asker| {
        let checkout = asker.checkout.iter();
        let mut checkout = checkout.flat_map(|it| [&it.root, &it.origin, &it.branch]);
        let mut processes = asker.processes.iter();
        line(&asker.cwd)
            || line(&asker.session)
            || block(&asker.claimed)
            || checkout.any(line)
            || processes.any(|process| line(&process.name))
    });
    let diff = matches!(&action.change.diff, Diff::Text(text) if block(text));
    [
        ("the title", title),
        ("the target", name(&action.target.name)),
        ("the requester", name(&action.requester)),
        ("who made it", action.authors.iter().any(name)),
        ("what waits", subject),
        ("the description", block(&action.description)),
        ("who asks", asker),
        ("file names", action.change.files.iter().any(|file| name(&file.path))),
        ("the diff", diff),
    ]
    .into_iter()
    .filter_map(|(field, hides)| hides.then_some(field))
    .collect()
}
