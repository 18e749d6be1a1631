//! What an operation does by its access level and its verb, where nothing was decided by hand.

use super::{
    super::super::Does,
    table::{self, Level},
};
use crate::domain::Verb;

/// What an operation does, whatever its options.
pub(super) fn verdict(service: &str, level: Level, operation: &str) -> Does {
    if let Some((does, words)) = table::decided(service, operation) {
        return decided(does, words);
    }
    match level {
        Level::Read => Does::Reads,
        Level::Tag => Does::Changes(Verb::Update, "set the former tags again"),
        Level::Write | Level::Permissions => by_verb(operation, level),
    }
}

fn decided(does: &str, words: &'static str) -> Does {
    match does {
        "read" => Does::Reads,
        "create" => Does::Changes(Verb::Create, words),
        "change" => Does::Changes(Verb::Update, words),
        "run" => Does::Changes(Verb::Run, words),
        "grant" => Does::Changes(Verb::Grant, words),
        "reveal" => Does::Changes(Verb::Reveal, words),
        "delete" => Does::Destroys(Verb::Delete, words),
        "unguard" => Does::Destroys(Verb::Grant, words),
        "leak" => Does::Destroys(Verb::Reveal, words),
        _ => Does::Opaque(words),
    }
}

/// Verbs that lose what they name; also behind `batch-` and `admin-`.
const LOSING: &[&str] =
    &["delete", "terminate", "purge", "destroy", "wipe", "drop", "erase", "deprovision"];

/// Verbs with a way back of their own; the rest is set back to what it was.
const BACK: &[(&str, Verb, &str)] = &[
    ("create", Verb::Create, "delete what it made"),
    ("start", Verb::Run, "stop it again"),
    ("stop", Verb::Update, "start it again"),
    ("run", Verb::Run, "stop what it started"),
    ("invoke", Verb::Run, "what it did has to be undone by its own means"),
    ("execute", Verb::Run, "what it did has to be undone by its own means"),
    ("submit", Verb::Run, "cancel the job"),
    ("publish", Verb::Create, "what was sent stays sent"),
    ("send", Verb::Create, "what was sent stays sent"),
    ("copy", Verb::Create, "delete the copy"),
    ("restore", Verb::Create, "delete what was restored"),
    ("import", Verb::Create, "delete what was imported"),
    ("upload", Verb::Create, "delete what was uploaded"),
    ("reboot", Verb::Update, "it comes back by itself"),
    ("restart", Verb::Update, "it comes back by itself"),
    ("attach", Verb::Update, "detach it again"),
    ("detach", Verb::Update, "attach it again"),
    ("associate", Verb::Update, "disassociate it again"),
    ("disassociate", Verb::Update, "associate it again"),
    ("enable", Verb::Update, "disable it again"),
    ("disable", Verb::Update, "enable it again"),
    ("register", Verb::Update, "deregister it again"),
    ("deregister", Verb::Update, "register it again"),
    ("add", Verb::Update, "remove it again"),
    ("remove", Verb::Update, "add it again"),
    ("authorize", Verb::Grant, "revoke it again"),
    ("grant", Verb::Grant, "revoke it again"),
    ("revoke", Verb::Update, "grant it again"),
    ("cancel", Verb::Update, "start it again"),
    ("accept", Verb::Update, "end what was accepted"),
    ("reject", Verb::Update, "ask again"),
    ("suspend", Verb::Update, "resume it"),
    ("resume", Verb::Update, "suspend it again"),
];

fn by_verb(operation: &str, level: Level) -> Does {
    let mut words = operation.split('-');
    let first = words.next().unwrap_or_default();
    let verb =
        if matches!(first, "batch" | "admin") { words.next().unwrap_or(first) } else { first };
    if LOSING.contains(&verb) {
        return Does::Destroys(Verb::Delete, lost(operation));
    }
    if level == Level::Permissions && !matches!(verb, "revoke" | "detach" | "disassociate") {
        return Does::Changes(Verb::Grant, "take the permission back");
    }
    let known = BACK.iter().find(|(name, ..)| *name == verb);
    known.map_or(Does::Changes(Verb::Update, "set it back to what it was"), |(_, verb, back)| {
        Does::Changes(*verb, back)
    })
}

/// What deleting loses, by what the operation's name says it is about; the first that fits.
const LOST: &[(&str, &str)] = &[
    ("snapshot", "the snapshot, and what could be restored from it, is gone"),
    ("backup", "the backup, and what could be restored from it, is gone"),
    ("recovery-point", "the backup, and what could be restored from it, is gone"),
    ("trail", "the audit trail is no longer written"),
    ("detector", "the findings are gone, and threats go unseen"),
    ("recorder", "configuration changes are no longer recorded"),
    ("flow-log", "the traffic is no longer recorded"),
    ("log", "the log, or the writing of it, is gone"),
    ("stack", "the stack and every resource it owns are gone"),
    ("bucket", "the bucket, or what protects and serves it, is gone"),
    ("object", "the objects are gone, unless versions are kept"),
    ("db-", "the database and its data are gone"),
    ("database", "the database and its data are gone"),
    ("table", "the table and its items are gone"),
    ("item", "the item is gone"),
    ("volume", "the volume and its data are gone"),
    ("file-system", "the file system and its files are gone"),
    ("instance", "the instances and what is on their own disks are gone"),
    ("cluster", "the cluster and what it holds are gone"),
    ("secret", "the secret is gone when its recovery window is over"),
    ("parameter", "the parameter and its history are gone"),
    ("key", "the key is gone, and with it whatever needs it"),
    ("policy", "what the policy allowed or forbade no longer holds"),
    ("role", "the role is gone, and whoever used it is locked out"),
    ("user", "the user is gone, and with them their access"),
    ("record", "the records are gone"),
    ("zone", "the zone and its records are gone"),
    ("queue", "the queue and its messages are gone"),
    ("message", "the messages are gone"),
    ("stream", "the stream and its records are gone"),
    ("topic", "the topic and its subscriptions are gone"),
    ("image", "the images are gone"),
    ("repositor", "the repository and what it holds are gone"),
    ("alarm", "nobody is told any more"),
    ("service", "the service is gone"),
    ("function", "the function and its versions are gone"),
];

fn lost(operation: &str) -> &'static str {
    let known = LOST.iter().find(|(part, _)| operation.contains(part));
    known.map_or("what it names is gone for good", |(_, lost)| lost)
}
