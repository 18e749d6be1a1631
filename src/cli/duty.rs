//! Groups whose members a command tells: asked again when their time has come.

use super::output::Output;
use crate::{
    config::Config,
    trust::{Duty, DutyFault},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Asks the commands whose answers are old. What goes wrong shows in the groups.
pub(super) async fn refresh(config: &Config) {
    let duties = Duty::all(config);
    if duties.is_empty() {
        return;
    }
    let ask = move || {
        for fault in duties.iter().filter_map(|duty| duty.refresh(Timestamp::now()).err()) {
            tracing::warn!(%fault, "a group was not told anew");
        }
    };
    // Only a runtime that shuts down takes the work away, and then nobody waits for it.
    let _ = tokio::task::spawn_blocking(ask).await;
}

/// All groups now, and why nobody is in some of them.
pub(super) fn groups(config: &Config) -> (BTreeMap<String, Vec<String>>, Vec<DutyFault>) {
    let (mut groups, mut empty) = (config.groups.clone(), Vec::new());
    for duty in Duty::all(config) {
        let members = duty.members(Timestamp::now()).map_or_else(
            |fault| {
                empty.push(fault);
                Vec::new()
            },
            |found| found.members.into_iter().collect(),
        );
        groups.insert(duty.group, members);
    }
    (groups, empty)
}

/// Says which groups nobody is in because their command did not tell.
pub(super) fn tell(config: &Config, output: Output) {
    for fault in groups(config).1 {
        output.notice(format!("warning: {fault}"));
        output.notice("  next: `countersign doctor` asks its command and shows what it says");
    }
}
