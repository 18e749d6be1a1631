//! What policy says of an action, and who asks: the same facts on every page.

use super::{Cell, Page, Tone, words};
use crate::{
    domain::{Asker, CallInput, Leave, Pin, Ruling, Subject, Untrusted},
    trust::{Barrier, Outlook, Yours},
};
use jiff::Timestamp;

/// How far it is, who may approve, until when, and by which rules.
pub(super) fn policy(page: Page, ruling: &Ruling, outlook: &Outlook, now: Timestamp) -> Page {
    let page = page.heading("policy");
    let page = match &outlook.yours {
        Yours::Barred(
            barrier @ (Barrier::Boundary { .. }
            | Barrier::Unruled { .. }
            | Barrier::OtherPolicy { .. }),
        ) => {
            let label =
                if matches!(barrier, Barrier::Boundary { .. }) { "boundary" } else { "refused" };
            page.field(label, Cell::own(barrier.told()).tone(Tone::Bad))
        }
        _ if ruling.leave == Leave::LetThrough => {
            page.field("says", Cell::own("let it through, and log it").tone(Tone::Good))
        }
        yours => {
            let page = page.field("approvals", Cell::own(outlook.standing.with_names()));
            let page = signing(page, outlook).field("you", you(yours));
            match outlook.until {
                Some(until) if until <= now => {
                    let text = format!("{} ago: its time is over", words::age(until, now));
                    page.field("expires", Cell::own(text).tone(Tone::Bad))
                }
                Some(until) => {
                    let (moment, left) = (words::moment(until), words::age(until, now));
                    page.field("expires", Cell::own(format!("{moment} ({left})")))
                }
                None => page,
            }
        }
    };
    let rules = if ruling.rules.is_empty() {
        "none matched: held at the strictest tier".to_owned()
    } else {
        ruling.rules.join(", ")
    };
    page.field("policy tier", Cell::own(&ruling.tier))
        .field("rules", Cell::own(rules))
        .field("policy", Cell::own(ruling.policy.to_string()))
}

/// Whether anybody proved who they are, and which decisions do not count.
fn signing(mut page: Page, outlook: &Outlook) -> Page {
    let standing = &outlook.standing;
    if !standing.signed {
        let text = "unsigned: no reviewers' keys are set up, so a name proves nothing";
        page = page.field("signatures", Cell::own(text).tone(Tone::Bad));
    }
    for void in &standing.void {
        page = page.field("does not count", Cell::outside(&void.told().into()).tone(Tone::Bad));
    }
    page
}

fn you(yours: &Yours) -> Cell {
    match yours {
        Yours::Barred(barrier @ Barrier::NotYou { .. }) => {
            Cell::own(barrier.told()).tone(Tone::Bad)
        }
        Yours::Decides => Cell::own("may approve, and yours would decide"),
        Yours::Counts { then } => {
            let missing: Vec<String> = then.missing.iter().map(ToString::to_string).collect();
            Cell::own(format!("may approve; then still missing: {}", missing.join(" and ")))
        }
        Yours::ChangesNothing => {
            Cell::own("may approve, but what is missing would still be missing").tone(Tone::Quiet)
        }
        Yours::Given => Cell::own("approved; it waits for others").tone(Tone::Good),
        Yours::Barred(_) => Cell::own("cannot approve it any more").tone(Tone::Quiet),
    }
}

/// How far it is, in a cell: `1/2`, `boundary`.
pub(super) fn standing(outlook: &Outlook) -> Cell {
    match &outlook.yours {
        Yours::Barred(Barrier::Boundary { .. }) => Cell::own("boundary").tone(Tone::Bad),
        Yours::Barred(Barrier::Unruled { .. } | Barrier::OtherPolicy { .. }) => {
            Cell::own("refused").tone(Tone::Bad)
        }
        Yours::Barred(Barrier::Late) => Cell::own("late").tone(Tone::Quiet),
        Yours::Barred(Barrier::Rejected) => Cell::own("rejected").tone(Tone::Bad),
        _ => {
            let standing = &outlook.standing;
            let tone = if standing.agreed.is_empty() { Tone::Plain } else { Tone::Good };
            Cell::own(format!("{}/{}", standing.agreed.len(), standing.needed)).tone(tone)
        }
    }
}

/// Who asks, as far as the machine can tell; what the agent claims is marked so.
pub(super) fn asker(page: Page, asker: &Asker) -> Page {
    let mut page = page.heading("who asks");
    if let Some(uid) = asker.uid {
        page = page.field("account", Cell::own(format!("uid {uid}")));
    }
    page = page.field("isolation", Cell::own(asker.isolation.to_string()));
    if !asker.processes.is_empty() {
        let name = |one: &crate::domain::Process| format!("{} {}", one.name.raw(), one.pid);
        let line: Vec<String> = asker.processes.iter().map(name).collect();
        page = page.field("processes", Cell::outside(&line.join(" < ").into()));
    }
    if !asker.session.is_empty() {
        page = page.field("its session", Cell::outside(&asker.session));
    }
    if let Some(checkout) = &asker.checkout {
        let named = if checkout.origin.is_empty() { &checkout.root } else { &checkout.origin };
        let commit: String = checkout.commit.chars().take(7).collect();
        let parts = [named.raw(), checkout.branch.raw(), &commit];
        let told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        page = page.field("repository", Cell::outside(&told.join(", ").into()));
    }
    if !asker.claimed.is_empty() {
        page = page.heading("its reason, as it claims").block(&asker.claimed);
    }
    page
}

/// A tool call, told by what it is.
pub(super) fn call(mut page: Page, subject: &Subject) -> Page {
    let Subject::Call { via, tool, input, cwd, session, host, pins, .. } = subject else {
        return page;
    };
    let call = CallInput::of(via, tool, input);
    page = match &call.server {
        Some((server, name)) => {
            let named = format!("{}/{}", server.raw(), name.raw());
            page.field("MCP tool", Cell::outside(&named.into()))
        }
        None => page.field("tool call", Cell::outside(tool)),
    };
    if let Some(command) = &call.command {
        page = page.field("command", Cell::outside(command));
    }
    for path in &call.paths {
        page = page.field("file", Cell::outside(path));
    }
    page = page
        .field("through", Cell::own(via.clone()))
        .field("directory", Cell::outside(cwd))
        .field("session", Cell::outside(session))
        .field("host", Cell::outside(host));
    page = pinned(page, pins);
    for (name, value) in &call.arguments {
        let name = if name.is_empty() { Untrusted::from("input") } else { name.clone() };
        page = page.item(Cell::outside(&format!("argument {} =", name.raw()).into()));
        page = page.block(value);
    }
    page
}

/// What else has to be the same when it runs.
pub(super) fn pinned(page: Page, pins: &[Pin]) -> Page {
    pins.iter().fold(page, |page, pin| {
        let told: Untrusted = match pin {
            Pin::File { path, digest } => {
                format!("{} sha256 {}", path.raw(), digest.short()).into()
            }
            Pin::Missing { path } => format!("{} (has to stay away)", path.raw()).into(),
            Pin::Variable { name, digest: Some(_) } => {
                format!("variable {name}, as it is now").into()
            }
            Pin::Variable { name, digest: None } => format!("variable {name}, not set").into(),
        };
        page.field("pinned", Cell::outside(&told))
    })
}
