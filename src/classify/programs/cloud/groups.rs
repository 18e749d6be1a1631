//! Command lines that are groups and a verb: `gcloud compute instances delete`, `az vm start`.
//!
//! ```text
//!   options ◀─ Cli ─▶ operands ─▶ a Rule that names the command ──▶ effect
//!                         └──────▶ else its verb, by the cloud's and by the usual verbs
//! ```
//!
//! These programs have thousands of commands whose verbs mean the same everywhere. What a verb
//! does not say stands in a rule; a verb that is not known is opaque.

use super::super::{Does, Matched, Rule};
use crate::{
    classify::{Judge, Word},
    domain::{Span, Verb, Words},
};

/// Which of several words that look like a verb is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// The first: names follow it.
    First,
    /// The last: names are given in options only.
    Last,
}

/// A program of groups and verbs.
#[derive(Debug)]
pub(super) struct Groups {
    /// Begins the service of its effects: `gcp` gives `gcp:compute`.
    pub cloud: &'static str,
    /// Words before the first group that only choose a release track.
    pub tracks: &'static [&'static str],
    /// Commands that their verb does not tell enough about.
    pub rules: &'static [Rule],
    /// Verbs of its own; a star stands for any beginning or ending.
    pub verbs: &'static [(&'static str, Does)],
    /// Which verb counts.
    pub stands: Stands,
    /// Options that name the resource where no operand does.
    pub named: &'static [&'static str],
}

const BACK: &str = "set it back to what it was";
const GONE: &str = "what it names is gone for good";

const fn change(back: &'static str) -> Does {
    Does::Changes(Verb::Update, back)
}

const fn create(back: &'static str) -> Does {
    Does::Changes(Verb::Create, back)
}

const fn run(back: &'static str) -> Does {
    Does::Changes(Verb::Run, back)
}

const fn lose(lost: &'static str) -> Does {
    Does::Destroys(Verb::Delete, lost)
}

/// Verbs that mean the same in every cloud. Nothing here is a noun too: a group of that name would
/// hide the verb behind it.
const USUAL: &[(&str, Does)] = &[
    ("list", Does::Reads),
    ("list-*", Does::Reads),
    ("ls", Does::Reads),
    ("describe", Does::Reads),
    ("describe-*", Does::Reads),
    ("show", Does::Reads),
    ("show-*", Does::Reads),
    ("get", Does::Reads),
    ("get-*", Does::Reads),
    ("view", Does::Reads),
    ("view-*", Does::Reads),
    ("read", Does::Reads),
    ("tail", Does::Reads),
    ("inspect", Does::Reads),
    ("search", Does::Reads),
    ("search-*", Does::Reads),
    ("query", Does::Reads),
    ("query-*", Does::Reads),
    ("lookup", Does::Reads),
    ("check", Does::Reads),
    ("check-*", Does::Reads),
    ("validate", Does::Reads),
    ("validate-*", Does::Reads),
    ("verify", Does::Reads),
    ("exists", Does::Reads),
    ("wait", Does::Reads),
    ("diff", Does::Reads),
    ("preview", Does::Reads),
    ("what-if", Does::Reads),
    ("estimate", Does::Reads),
    ("estimate-*", Does::Reads),
    ("analyze-*", Does::Reads),
    ("help", Does::Reads),
    ("create", create("delete what it made")),
    ("create-*", create("delete what it made")),
    ("add", create("remove it again")),
    ("add-*", create("remove it again")),
    ("insert", create("delete what it made")),
    ("import", create("delete what was imported")),
    ("import-*", create("delete what was imported")),
    ("export", create("delete what was exported")),
    ("export-*", create("delete what was exported")),
    ("clone", create("delete the clone")),
    ("copy", create("delete the copy")),
    ("upload", create("delete what was uploaded")),
    ("upload-*", create("delete what was uploaded")),
    ("download", create("delete the local copy")),
    ("download-*", create("delete the local copy")),
    ("restore", create("delete what was restored")),
    ("undelete", change("delete it again")),
    ("recover", change("delete it again")),
    ("update", change(BACK)),
    ("update-*", change(BACK)),
    ("set", change(BACK)),
    ("set-*", change(BACK)),
    ("unset", change(BACK)),
    ("edit", change(BACK)),
    ("modify", change(BACK)),
    ("patch", change(BACK)),
    ("replace", change(BACK)),
    ("rename", change("rename it back")),
    ("move", change("move it back")),
    ("enable", change("disable it again")),
    ("enable-*", change("disable it again")),
    ("disable", change("enable it again")),
    ("disable-*", change("enable it again")),
    ("start", run("stop it again")),
    ("start-*", run("stop it again")),
    ("stop", change("start it again")),
    ("stop-*", change("start it again")),
    ("restart", change("it comes back by itself")),
    ("reboot", change("it comes back by itself")),
    ("suspend", change("resume it")),
    ("resume", change("suspend it again")),
    ("pause", change("resume it")),
    ("scale", change("scale it back")),
    ("resize", change("resize it back, where it can shrink")),
    ("attach", change("detach it again")),
    ("attach-*", change("detach it again")),
    ("detach", change("attach it again")),
    ("detach-*", change("attach it again")),
    ("assign", change("take it away again")),
    ("unassign", change("assign it again")),
    ("associate", change("disassociate it again")),
    ("disassociate", change("associate it again")),
    ("connect", run("disconnect it")),
    ("disconnect", change("connect it again")),
    ("link", change("unlink it")),
    ("unlink", change("link it again")),
    ("register", change("deregister it again")),
    ("deregister", change("register it again")),
    ("unregister", change("register it again")),
    ("promote", change(BACK)),
    ("promote-*", change(BACK)),
    ("rollback", change("roll it forward again")),
    ("failover", change("fail over back")),
    ("switchover", change("switch over back")),
    ("rotate", change("rotate again")),
    ("renew", change("it holds longer")),
    ("refresh", change("it is read anew")),
    ("upgrade", change("restore from before the upgrade")),
    ("migrate", change("migrate it back")),
    ("cancel", change("start it again")),
    ("abandon", change("add it again")),
    ("accept", change("end what was accepted")),
    ("reject", change("ask again")),
    ("approve", change("end what was approved")),
    ("activate", change("deactivate it again")),
    ("deactivate", change("activate it again")),
    ("tag", change("set the former tags again")),
    ("untag", change("set the former tags again")),
    ("run", run("what it did has to be undone by its own means")),
    ("execute", run("what it did has to be undone by its own means")),
    ("invoke", run("what it did has to be undone by its own means")),
    ("call", run("what it did has to be undone by its own means")),
    ("trigger", run("cancel it")),
    ("submit", run("cancel it")),
    ("deploy", change("deploy the former version")),
    ("publish", create("what was sent stays sent")),
    ("send", create("what was sent stays sent")),
    ("remove-*", change("add it again")),
    ("delete", lose(GONE)),
    ("delete-*", lose(GONE)),
    ("destroy", lose(GONE)),
    ("destroy-*", lose(GONE)),
    ("purge", lose(GONE)),
    ("purge-*", lose(GONE)),
    ("terminate", lose(GONE)),
    ("terminate-*", lose(GONE)),
    ("remove", lose(GONE)),
    ("rm", lose(GONE)),
    ("drop", lose(GONE)),
    ("wipe", lose(GONE)),
    ("erase", lose(GONE)),
    ("rebuild", lose("what was on its disk is gone")),
    ("reinstall", lose("what was on its disk is gone")),
    ("reimage", lose("what was on its disk is gone")),
];

/// Verbs that read like nouns too, for programs where nothing stands behind the verb.
const UNHURRIED: &[(&str, Does)] = &[
    ("status", Does::Reads),
    ("info", Does::Reads),
    ("stats", Does::Reads),
    ("log", Does::Reads),
    ("logs", Does::Reads),
    ("stream", Does::Reads),
    ("ping", Does::Reads),
    ("test", Does::Reads),
    ("self-test", Does::Reads),
    ("invoke-*", run("what it did has to be undone by its own means")),
    ("run-*", run("what it did has to be undone by its own means")),
    ("trigger-*", run("cancel it")),
    ("wait-*", Does::Reads),
    ("retrieve-*", Does::Reads),
    ("fetch-*", Does::Reads),
    ("detect-*", Does::Reads),
    ("compare-*", Does::Reads),
    ("evaluate*", Does::Reads),
    ("suggest-*", Does::Reads),
    ("list_*", Does::Reads),
    ("delete_*", lose(GONE)),
    ("drop-*", lose(GONE)),
    ("batch-delete*", lose(GONE)),
    ("batch-remove*", lose(GONE)),
    ("bulk-delete*", lose(GONE)),
    ("bulk-remove*", lose(GONE)),
    ("revert*", lose("what was written since is gone")),
    ("create_*", create("delete what it made")),
    ("bulk-*", change(BACK)),
    ("batch-*", change(BACK)),
    ("generate", create("delete what it made")),
    ("generate-*", create("delete what it made")),
    ("clone-*", create("delete the clone")),
    ("copy-*", create("delete the copy")),
    ("snapshot", create("delete the snapshot")),
    ("geo-restore", create("delete what was restored")),
    ("georestore", create("delete what was restored")),
    ("restore-*", create("delete what was restored")),
    ("load-*", create("delete what was loaded")),
    ("ingest-*", create("delete what was loaded")),
    ("put-*", change(BACK)),
    ("upsert*", change(BACK)),
    ("patch-*", change(BACK)),
    ("modify-*", change(BACK)),
    ("configure", change(BACK)),
    ("configure-*", change(BACK)),
    ("config", change(BACK)),
    ("config-*", change(BACK)),
    ("apply", change(BACK)),
    ("apply-*", change(BACK)),
    ("bind", change("unbind it")),
    ("unbind", change("bind it again")),
    ("lock", change("it cannot be unlocked before its time")),
    ("unlock", change("lock it again")),
    ("install-*", change("remove it again")),
    ("prepare*", change(BACK)),
    ("rotate-*", change("rotate again")),
    ("refresh-*", change("it is read anew")),
    ("renew-*", change("it holds longer")),
    ("sync-*", change(BACK)),
    ("move-*", change("move it back")),
    ("migrate-*", change("migrate it back")),
    ("convert-*", change("convert it back")),
    ("change-*", change(BACK)),
    ("cancel-*", change("start it again")),
    ("switch*", change("switch back")),
    ("fail-over", change("fail over back")),
    ("failback", change("fail over again")),
    ("failover-*", change("fail over back")),
    ("manual-failover", change("fail over back")),
    ("reconnect", change(BACK)),
    ("reconfigure", change(BACK)),
    ("reapply", change(BACK)),
    ("reconcile", change(BACK)),
    ("reschedule*", change(BACK)),
    ("resync", change(BACK)),
    ("recycle", change("it is made anew")),
    ("rerun", run("cancel it")),
    ("hibernate", change("start it again")),
    ("on", change("turn it off")),
    ("off", change("turn it on")),
    ("onboard", change("offboard it")),
    ("join", change("leave again")),
    ("push", change("push the former version")),
    ("abort", change("begin it again")),
    ("commit", change(BACK)),
    ("complete", change(BACK)),
    ("extend", change(BACK)),
];

/// Judges a call that a table of options has taken apart, with the first word in the path.
pub(super) fn judge(groups: &'static Groups, matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let mut words: Vec<&Word> =
        matched.path.iter().chain(matched.operands.iter()).copied().collect();
    if words.len() > 1 && words.first().is_some_and(|w| groups.tracks.contains(&w.text())) {
        words.remove(0);
    }
    let Some(group) = words.first() else { return };
    if groups.stands == Stands::Last {
        // Every word behind an option may be its value.
        let behind = matched.call.words.iter().skip_while(|word| !std::ptr::eq(*word, *group));
        words.truncate(behind.take_while(|word| !word.text().starts_with('-')).count());
    }
    let Some(group) = words.first() else { return };
    let service: Words = match group.known() {
        Some(group) => format!("{}:{group}", groups.cloud).into(),
        None => return judge.opaque(group.span(), "which command runs is not known"),
    };
    let taken = groups.rules.iter().filter_map(|rule| Some((rule, takes(rule.path, &words)?)));
    let rule = taken.max_by_key(|(_, taken)| *taken);
    let (does, taken) = match rule {
        Some((rule, taken)) if matched.dry(rule.dry) => (Does::Reads, taken),
        Some((rule, taken)) => {
            let given = rule.when.iter().filter(|(option, _)| matched.dry(&[option]));
            let worst = given.map(|(_, does)| *does).max_by_key(|does| does.severity());
            let does = worst.unwrap_or(rule.does);
            let severity = does.severity();
            let harder = |(_, other): &(&str, Does)| other.severity() > severity;
            if rule.when.iter().any(harder) && may_hold_options(matched, judge) {
                let because = "a word of unknown value may be an option that makes it worse";
                judge.opaque(matched.call.span(), because);
            }
            (does, taken)
        }
        None => match by_verb(groups, &words, matched.call.words) {
            Ok(found) => found,
            Err(because) => {
                let span = words.iter().fold(program(matched), |span, w| span.with(w.span()));
                return judge.opaque(span, because);
            }
        },
    };
    let path: Vec<&Word> = words.drain(..taken.min(words.len())).collect();
    let span = path.iter().fold(program(matched), |span, word| span.with(word.span()));
    if let Some(option) = path.last().and_then(|last| strange(matched, last)) {
        judge.opaque(option, "whether this option takes the next word is not known");
    }
    let inner = Matched {
        rest: &[],
        call: matched.call,
        cli: matched.cli,
        options: matched.options.clone(),
        operands: words,
        path,
        uncertain: matched.uncertain,
    };
    let resource = resource(groups, &inner, judge);
    match does {
        Does::Reads => judge.reads(service, resource, span),
        Does::Changes(verb, back) => judge.changes(verb, service, resource, span, back),
        Does::Destroys(verb, lost) => judge.destroys(verb, service, resource, span, lost),
        Does::Opaque(because) => judge.opaque(span, because),
        Does::Asks(code) => code(&inner, judge),
    }
}

fn program(matched: &Matched<'_, '_>) -> Span {
    matched.call.words.first().map(Word::span).unwrap_or_default()
}

/// Whether a word of unknown value speaks of options, as `$ARGS` does; any other is a name.
fn may_hold_options(matched: &Matched<'_, '_>, judge: &Judge<'_>) -> bool {
    matched.uncertain && matched.call.arguments().iter().any(|word| judge.speaks_of_options(word))
}

/// An option before this word that nobody knows: it may have taken one of the words behind it.
fn strange(matched: &Matched<'_, '_>, last: &Word) -> Option<Span> {
    let before = matched.call.arguments().iter().take_while(|word| !std::ptr::eq(*word, last));
    let cli = matched.cli;
    let unknown = before.filter(|word| {
        let name = word.text();
        let known = |names: &[&str]| names.contains(&name);
        name.starts_with("--")
            && !name.contains('=')
            && !known(cli.valued)
            && !known(cli.flags)
            && !known(cli.harmless)
            && !cli.places.iter().any(|(place, _)| *place == name)
    });
    unknown.map(Word::span).next()
}

/// What the verb does, and how many words end with it.
fn by_verb(groups: &Groups, words: &[&Word], call: &[Word]) -> Result<(Does, usize), &'static str> {
    let known = |at: usize| {
        let text = words.get(at)?.known()?;
        let last = groups.stands == Stands::Last;
        let shared = if last { verb(UNHURRIED, text) } else { None };
        verb(groups.verbs, text).or_else(|| verb(USUAL, text)).or(shared)
    };
    if groups.stands == Stands::Last {
        // No name stands behind the verb, so whatever stands last is one, or is not known.
        let found = known(words.len().saturating_sub(1));
        let hidden = words.iter().any(|word| word.has_holes());
        let found = found.filter(|_| !hidden && words.len() > 1);
        return found.map(|(does, _)| (does, words.len())).ok_or(if hidden {
            "which command runs is not known"
        } else {
            "this command is not known"
        });
    }
    for (at, word) in words.iter().enumerate() {
        let Some(text) = word.known() else { return Err("which command runs is not known") };
        // The first word is a group, also where it reads like a verb.
        if (at == 0 && words.len() > 1) || NOUNS.contains(&text) {
            continue;
        }
        let Some((does, whole)) = known(at) else { continue };
        // What only begins like a verb may be a group (`restore-plans delete`).
        return Ok(match known(at + 1) {
            Some((next, true))
                if !whole
                    && next.severity() > does.severity()
                    && call.windows(2).any(|pair| {
                        std::ptr::eq(&raw const pair[0], words[at])
                            && std::ptr::eq(&raw const pair[1], words[at + 1])
                    }) =>
            {
                (next, at + 2)
            }
            _ => (does, at + 1),
        });
    }
    Err("this command is not known")
}

/// Groups within groups that begin like a verb.
const NOUNS: &[&str] =
    &["import-jobs", "patch-jobs", "patch-deployments", "restore-plans", "deploy-policies"];

/// What a verb of this list does, and whether all of the text is the verb.
fn verb(verbs: &[(&str, Does)], text: &str) -> Option<(Does, bool)> {
    let fits = |name: &str| match (name.strip_suffix('*'), name.strip_prefix('*')) {
        (Some(begin), _) => text.starts_with(begin),
        (None, Some(end)) => text.ends_with(end),
        (None, None) => text == name,
    };
    let found = verbs.iter().find(|(name, _)| fits(name));
    found.map(|(name, does)| (*does, !name.contains('*')))
}

/// How many words a path takes, if they begin with it.
fn takes(path: &str, words: &[&Word]) -> Option<usize> {
    let mut taken = 0;
    for part in path.split(' ') {
        let word = words.get(taken)?;
        if part != "*" && !part.split('|').any(|option| word.is(option)) {
            return None;
        }
        taken += 1;
    }
    Some(taken)
}

fn resource(groups: &Groups, matched: &Matched<'_, '_>, judge: &Judge<'_>) -> String {
    if !matched.operands.is_empty() {
        return matched.names(judge);
    }
    let named = groups.named.iter().find_map(|option| matched.value(option));
    named.map(|word| judge.name(word)).unwrap_or_default()
}

/// The judge of one program, for a [`Rule`] that takes any first word.
pub(super) const fn any(code: fn(&Matched<'_, '_>, &mut Judge<'_>)) -> [Rule; 1] {
    [Rule::asks("*", code)]
}
