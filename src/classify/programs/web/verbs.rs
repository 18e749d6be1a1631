//! What a name says that is made of words: `deleteRef`, `volume_list`, `create-or-update-file`.
//!
//! Shared by GraphQL fields, remote procedure calls, paths of HTTP services and MCP tools. The
//! verb may stand first (`list_volumes`) or last (`volumeDelete`); a verb that only belongs to
//! the thing looked at (`get_delete_status`) does not count.

use crate::domain::Verb;
use std::{collections::HashMap, sync::LazyLock};

/// What a name says is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Looks only.
    Reads,
    /// Shows a secret to whoever asks.
    Reveals,
    /// Changes something that can be turned back.
    Changes(Verb, &'static str),
    /// Loses something for good.
    Destroys,
    /// Runs what it is given: the arguments say what is done.
    Runs,
    /// Says nothing.
    Unknown,
}

const READS: &str = "
    ps images consume receive
    get list search read describe find fetch count show view explain check validate verify
    status diff preview inspect lookup browse compare analyze analyse estimate tail head stat
    info whoami ping health help version plan lint scan query select retrieve detect suggest
    recommend summarize load ls cat print echo test is has can logs log history tree glob grep
    think sequentialthinking ask watch monitor trace profile audit simulate dryrun calculate
    compute convert parse decode encode poll wait observe metrics stats statistics details
    screenshot snapshot peek about doctor docs documentation schema overview report usage
    exists filter lists gets reads discover introspect top download dig whois geocode
    translate crawl scrape extract aggregate review probe measure examine hover navigate
    context
";

const DESTROYS: &str = "
    undeploy scrub tombstone reinstall
    delete remove drop destroy purge truncate terminate wipe reset flush clear erase uninstall
    nuke expunge obliterate shred rm rmdir unlink deprovision revoke deletes removes del empty
    flushall flushdb teardown decommission evict forget trash deleteall deletemany deleteone
    destroyall clean cleanup prune unpublish overwrite discard bulkdelete batchdelete zap
    detonate refund payout disburse
";

const CREATES: &str = "
    produce enqueue ingest emit mint compose forward
    create add insert post send upload push new open copy clone fork duplicate import generate
    make mkdir register publish comment reply submit draft schedule save store record backup
    dump append write install provision invite subscribe build init react notify issue tag
    touch launch export prepend request track capture book order
";

const UPDATES: &str = "
    fix adjust extend bump increase decrease reduce tune reassign triage deregister deallocate
    void redact requeue replay cutover boot hibernate wake park unpark relabel
    update set put edit modify change patch move rename merge deploy start stop restart reboot
    scale enable disable assign unassign close reopen apply rollback roll restore upsert
    replace configure toggle pause resume suspend cancel archive unarchive approve reject
    acknowledge ack mark link attach detach connect disconnect switch transition redeploy
    promote retry rerun trigger rotate regenerate activate deactivate lock unlock pin unpin
    mute unmute label unlabel star unstar sync migrate upgrade downgrade commit checkout stash
    pull rebase cherrypick type click press fill drag focus resize stopped transfer
    charge pay unschedule snooze dismiss share follow unfollow join leave kick unsubscribe
    cordon uncordon drain expose annotate refresh reload reindex optimize vacuum finalize
    finish complete bulk increment resolve rollout edits decrement expand shrink manage
    control failover swap accept decline unban unblock block allow deny silence unsilence
    escalate reorder sort flag kill ban expire hide unhide
";

const GRANTS: &str = "
    grant authorize permit elevate impersonate assume
";

const RUNS: &str = "
    run execute exec call invoke eval evaluate shell bash command terminal cli sql script sh
    powershell cmd ssh perform use process kubectl psql cypher console api graphql python
    javascript code interpreter terraform helm dispatch do repl
";

const SECRETS: &[&str] = &[
    "secret",
    "secrets",
    "password",
    "passwords",
    "credential",
    "credentials",
    "token",
    "apikey",
    "privatekey",
    "connectionstring",
];

/// The words of a name, in lower case.
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = name.chars().peekable();
    let mut last = ' ';
    while let Some(letter) = letters.next() {
        let next_is_small = letters.peek().is_some_and(|next| next.is_lowercase());
        // `volumeDelete`, and the `Server` of `HTTPServer`.
        let begins = letter.is_uppercase()
            && (last.is_lowercase()
                || last.is_ascii_digit()
                || (last.is_uppercase() && next_is_small));
        if (begins || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        last = letter;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

static MEANINGS: LazyLock<HashMap<&'static str, Meaning, foldhash::fast::FixedState>> =
    LazyLock::new(|| {
        let lists = [
            (READS, Meaning::Reads),
            (RUNS, Meaning::Runs),
            (GRANTS, Meaning::Changes(Verb::Grant, "take the power away again")),
            (CREATES, Meaning::Changes(Verb::Create, "remove what it makes")),
            (UPDATES, Meaning::Changes(Verb::Update, "change it back")),
            (DESTROYS, Meaning::Destroys),
        ];
        // A word of several lists means the last of them, the most severe.
        let words = lists.iter().flat_map(|(list, meaning)| {
            list.split_ascii_whitespace().map(move |word| (word, *meaning))
        });
        words.collect()
    });

/// What a single word says.
pub fn word(word: &str) -> Meaning {
    MEANINGS.get(word).copied().unwrap_or(Meaning::Unknown)
}

/// Whether a word speaks of secrets.
pub fn is_secret(word: &str) -> bool {
    SECRETS.contains(&word)
}

/// Reading verbs that are nothing else, so that what follows them is a name.
fn only_reads(word: &str) -> bool {
    matches!(
        word,
        "get"
            | "describe"
            | "show"
            | "read"
            | "fetch"
            | "search"
            | "find"
            | "count"
            | "is"
            | "has"
            | "can"
            | "preview"
            | "explain"
            | "validate"
            | "simulate"
            | "inspect"
            | "retrieve"
            | "lookup"
            | "browse"
            | "dryrun"
            | "estimate"
            | "check"
            | "verify"
            | "list"
            | "grep"
            | "analyze"
            | "plan"
    )
}

/// Words that are as often a thing as a verb, when a reading verb follows (`issue_read`).
fn is_thing(word: &str) -> bool {
    matches!(
        word,
        "issue"
            | "order"
            | "tag"
            | "label"
            | "comment"
            | "post"
            | "record"
            | "backup"
            | "commit"
            | "deploy"
            | "share"
            | "link"
            | "draft"
            | "build"
            | "type"
            | "flag"
            | "block"
            | "schedule"
            | "pull"
            | "export"
            | "import"
            | "merge"
            | "fork"
            | "star"
            | "install"
            | "rollback"
            | "restore"
            | "invite"
            | "book"
            | "move"
            | "register"
            | "control"
    )
}

/// What a whole name says.
pub fn name(name: &str) -> Meaning {
    phrase(&words(name))
}

/// What the words of a name say.
pub fn phrase(words: &[String]) -> Meaning {
    let said: Vec<Meaning> = words.iter().map(|text| word(text)).collect();
    let (Some(first), Some(last)) = (said.first(), said.last()) else { return Meaning::Unknown };
    let ends: Vec<&str> = words.iter().rev().take(2).map(String::as_str).collect();
    let secret = ends.iter().any(|text| is_secret(text))
        || matches!(ends.as_slice(), ["string", "connection"] | ["key", "api" | "private"]);
    let begins_with = words.first().map_or("", String::as_str);
    let joined = words.iter().any(|text| matches!(text.as_str(), "and" | "or" | "then"));
    let destroys = said.contains(&Meaning::Destroys);
    // Flushing all of a cache that answers by itself is more than dropping a page from it.
    let all = words.ends_with(&["flush".to_owned(), "all".to_owned()])
        || words.last().is_some_and(|text| text == "flushall");
    if destroys
        && !all
        && words.iter().any(|text| matches!(text.as_str(), "cache" | "caches" | "cached"))
    {
        return Meaning::Changes(Verb::Delete, "it fills again by itself");
    }
    if joined && destroys {
        return Meaning::Destroys;
    }
    if joined && let Some(change) = said.iter().find(|said| matches!(said, Meaning::Changes(..))) {
        return *change;
    }
    if *first == Meaning::Destroys {
        return Meaning::Destroys;
    }
    if only_reads(begins_with) && said.len() > 1 {
        // `list_remove` is a thing and its verb; `list_delete_markers` a verb and its things.
        let noun_first = matches!(begins_with, "list" | "plan" | "check");
        if noun_first && *last == Meaning::Destroys {
            return Meaning::Destroys;
        }
        if begins_with == "list" && matches!(last, Meaning::Changes(..)) {
            return *last;
        }
        let shows = matches!(begins_with, "get" | "show" | "read" | "fetch" | "retrieve");
        return if secret && shows { Meaning::Reveals } else { Meaning::Reads };
    }
    if *last == Meaning::Destroys {
        return Meaning::Destroys;
    }
    let asks = is_thing(begins_with) || words.last().is_some_and(|text| text == "status");
    // `migrate_status` asks; `set_status` and `update_status` do not.
    let sets = matches!(begins_with, "set" | "update" | "edit" | "change" | "put" | "modify")
        || matches!(first, Meaning::Changes(Verb::Create, _)) && !is_thing(begins_with);
    if *last == Meaning::Reads && asks && !sets && said.len() > 1 {
        return Meaning::Reads;
    }
    if let Meaning::Changes(..) = first {
        return *first;
    }
    if destroys {
        return Meaning::Destroys;
    }
    let first_said = said.iter().find(|said| !matches!(said, Meaning::Unknown | Meaning::Runs));
    match (first, last) {
        (Meaning::Runs, _) => Meaning::Runs,
        (Meaning::Reads, Meaning::Changes(..)) => *last,
        (Meaning::Reads, _) => Meaning::Reads,
        (_, Meaning::Changes(..) | Meaning::Reads) => *last,
        _ => *first_said.unwrap_or(if said.contains(&Meaning::Runs) {
            &Meaning::Runs
        } else {
            &Meaning::Unknown
        }),
    }
}
