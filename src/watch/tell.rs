//! What happened, in words.

use super::{
    Event,
    news::{About, News, Outage, safe, safe_within},
};
use crate::{
    domain::{ActionState, Activity, Leave, SourceState, Subject},
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
        let summary = match event {
            Event::Waiting | Event::Changed => {
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
            Event::Expiring => {
                let until = about.expires.map_or_else(|| "soon".to_owned(), clock);
                format!(
                    "nobody decided yet, and it is over at {until}: {} · on {where_to} · {}",
                    title, about.needs
                )
            }
            Event::Boundary => {
                format!("{} asks for what nobody may approve: {title} · on {where_to}", about.tool)
            }
            other => format!("{other}: {title} · on {where_to}"),
        };
        let key = format!("{}\0{}\0{what}", row.id, row.digest);
        let at = if event == Event::Waiting { row.opened } else { self.now };
        News { action: Some(about), ..self.news(event, &key, at, &summary) }
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
