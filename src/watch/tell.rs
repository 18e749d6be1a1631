//! What happened, in words.

use super::{
    Event,
    news::{About, News, Outage, safe, safe_within},
};
use crate::{
    domain::{ActionState, Activity, Decision, Leave, SourceState, Subject, Verdict},
    review::Review,
    store::ActionRow,
};
use jiff::Timestamp;

/// Words news with the eyes of one host.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    pub review: &'a Review,
    pub host: &'a str,
    pub now: Timestamp,
}

impl Teller<'_> {
    fn news(self, event: Event, what: &str, at: Timestamp, summary: &str) -> News {
        News::new(event, what, at, self.host, summary)
    }

    /// News of an action that waits, or is over. `what` tells them from other news of the kind on it.
    pub(super) fn action(self, event: Event, row: &ActionRow, what: &str) -> News {
        let about = self.about(row);
        // What has to be agreed and until when stays in sight, however long a title is.
        let title = safe_within(&about.title, 160);
        let where_to = format!("{} ({})", safe_within(&about.target, 80), about.environment);
        let owed = match &row.subject {
            Subject::FollowUp { by, reason, .. } => Some((safe(by.0.raw()), safe(reason.raw()))),
            _ => None,
        };
        let summary = match (event, &owed) {
            (Event::FollowUp, Some((by, reason))) => {
                let since = if what.is_empty() {
                    String::new()
                } else {
                    format!(", since {}", clock(row.opened))
                };
                format!(
                    "somebody other than {by} has to look at this{since}: {title} · on {where_to} · \
                     because: {}",
                    safe_within(reason, 200)
                )
            }
            (Event::Approved, Some(_)) => format!("looked at, and right: {title}"),
            (Event::Rejected, Some(_)) => format!("looked at, and WRONG: {title}"),
            (Event::Waiting | Event::Changed, _) => {
                let tier = about.tier.as_ref().map(|tier| format!(" · tier {tier}"));
                let until = about.expires.map(|until| format!(" · until {}", clock(until)));
                let again = if event == Event::Changed { " (changed)" } else { "" };
                format!(
                    "{} asks{again}: {} · on {where_to}{} · {}{}",
                    about.tool,
                    title,
                    tier.unwrap_or_default(),
                    about.needs,
                    until.unwrap_or_default()
                )
            }
            (Event::Expiring, _) => {
                let until = about.expires.map_or_else(|| "soon".to_owned(), clock);
                format!(
                    "nobody decided yet, and it is over at {until}: {} · on {where_to} · {}",
                    title, about.needs
                )
            }
            (Event::Boundary, _) => {
                format!("{} asks for what nobody may approve: {title} · on {where_to}", about.tool)
            }
            (other, _) => format!("{other}: {title} · on {where_to}"),
        };
        let key = format!("{}\0{}\0{what}", row.id, row.digest);
        let first = matches!(event, Event::Waiting | Event::FollowUp) && what.is_empty();
        let at = if first { row.opened } else { self.now };
        let (who, why) = owed.filter(|_| event == Event::FollowUp).unzip();
        News { action: Some(about), who, why, ..self.news(event, &key, at, &summary) }
    }

    fn about(self, row: &ActionRow) -> About {
        let outlook = self.review.outlook(row, self.now);
        let needs = match row.ruling.as_ref().map(|ruling| &ruling.leave) {
            Some(Leave::Boundary { rule, because }) => {
                format!("nobody may approve it: {because} (boundary `{rule}`)")
            }
            Some(Leave::Refused { because }) => format!("policy could not be asked: {because}"),
            _ => format!("{} agreed", outlook.standing.with_names().replacen(" · ", ", ", 1)),
        };
        About {
            id: row.id.to_string(),
            digest: row.digest.to_string(),
            state: row.state.to_string(),
            title: safe(row.title.raw()),
            tool: safe(&row.tool.name),
            requester: safe(row.requester.raw()),
            source: safe(row.source.as_str()),
            target: safe(row.target.name.raw()),
            environment: row.target.environment.to_string(),
            tier: row.ruling.as_ref().map(|ruling| safe(&ruling.tier)),
            needs: safe(&needs),
            expires: outlook.until.filter(|_| row.state == ActionState::Pending),
            look: format!("countersign show {}", row.id),
        }
    }

    /// News that are a line of history.
    pub(super) fn line(self, event: Event, line: &Activity, row: Option<&ActionRow>) -> News {
        let (who, what) = (safe(line.who.raw()), safe(line.what.raw()));
        let summary = match row {
            Some(row) => format!("{who}: {what} · {}", safe_within(row.title.raw(), 160)),
            None => format!("{who}: {what}"),
        };
        // The number of a line is one of this store; its time and words are of the line.
        let key = format!(
            "{}\0{}\0{}\0{}",
            line.seq,
            line.at.as_millisecond(),
            line.about,
            line.what.raw()
        );
        News {
            action: row.map(|row| self.about(row)),
            who: Some(who),
            detail: Some(what),
            ..self.news(event, &key, line.at, &summary)
        }
    }

    /// A line of history on what a reviewer decided.
    pub(super) fn decided(self, line: &Activity, row: &ActionRow, decision: &Decision) -> News {
        let event = match decision.verdict {
            Verdict::BreakGlass => Event::BreakGlass,
            Verdict::Withdraw => Event::Withdrawn,
            Verdict::Approve | Verdict::Reject => Event::Decided,
        };
        let mut news = self.line(event, line, Some(row));
        let why = Some(decision.reason.raw()).filter(|why| !why.trim().is_empty()).map(safe);
        if event == Event::BreakGlass {
            let summary = format!(
                "BREAK-GLASS: {} let this go ahead alone: {} · on {} ({}) · because: {} · somebody \
                 else has to look at it: `countersign queue`",
                safe_within(decision.reviewer.0.raw(), 60),
                safe_within(row.title.raw(), 160),
                safe_within(row.target.name.raw(), 80),
                row.target.environment,
                safe_within(decision.reason.raw(), 200)
            );
            news.summary = safe_within(&summary, 700);
        }
        News { why, ..news }
    }

    /// A line of history on what was locked or unlocked.
    pub(super) fn lock(self, line: &Activity) -> News {
        if line.what.raw().starts_with("unlock") {
            return self.line(Event::Unlocked, line, None);
        }
        let mut news = self.line(Event::Locked, line, None);
        let stopped = format!(
            "{} · every gate refuses what it asks until somebody else unlocks it",
            safe_within(&news.summary, 500)
        );
        news.summary = safe_within(&stopped, 700);
        news
    }

    /// A source that cannot be read any more.
    pub(super) fn failing(self, source: &SourceState, since: Timestamp) -> News {
        let name = source.name.as_str();
        let fault = source.fault.as_ref().map_or_else(
            || "it says nothing".to_owned(),
            |fault| {
                if fault.detail.is_empty() {
                    fault.to_string()
                } else {
                    format!("{fault}: {}", fault.detail.raw())
                }
            },
        );
        let summary = format!("{name} cannot be read: {fault}");
        let key = format!("{name}\0{}", since.as_millisecond());
        let outage = Outage { source: safe(name), since, fault: Some(safe(&fault)) };
        News { outage: Some(outage), ..self.news(Event::SourceFailing, &key, since, &summary) }
    }

    /// A source that can be read again.
    pub(super) fn recovered(self, name: &str, since: Timestamp) -> News {
        let summary = format!("{name} can be read again; it could not since {}", clock(since));
        let key = format!("{name}\0{}", since.as_millisecond());
        let outage = Outage { source: safe(name), since, fault: None };
        News { outage: Some(outage), ..self.news(Event::SourceRecovered, &key, self.now, &summary) }
    }

    /// Something of the installation itself: another policy, other people.
    pub(super) fn house(self, event: Event, what: &str, summary: &str) -> News {
        self.news(event, what, self.now, summary)
    }
}

/// A time as people read it.
pub(super) fn clock(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// How an action that no longer waits ended; nothing where it does still.
pub(super) fn end(row: &ActionRow, why: Option<&Activity>) -> Option<Event> {
    Some(match row.state {
        ActionState::Pending | ActionState::Deciding => return None,
        ActionState::Approved => Event::Approved,
        ActionState::Rejected => Event::Rejected,
        ActionState::Failed => Event::Failed,
        ActionState::Gone => {
            let at_gate = matches!(row.subject, Subject::Command { .. } | Subject::Call { .. });
            let requirement = row.ruling.as_ref().and_then(|ruling| ruling.requirement());
            let late = requirement.zip(why).is_some_and(|(requirement, why)| {
                let waited = why.at.duration_since(row.opened).unsigned_abs();
                waited >= requirement.lifetime() || !row.spent.is_empty()
            });
            if at_gate && late { Event::Expired } else { Event::Ended }
        }
    })
}
