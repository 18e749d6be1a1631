//! The commands of Redis, and what each does.

use super::{
    SERVICE,
    lists::{CHANGES, READS},
    lua,
};
use crate::{
    classify::{Judge, Word, is_hole},
    domain::{Span, Verb},
};

/// Judges one command with its arguments.
pub(super) fn command(words: &[&Word], program: Span, judge: &mut Judge<'_>) {
    let Some(first) = words.first() else { return };
    let mut at = program.with(first.span());
    let Some(name) = first.known() else {
        return judge.opaque(first.span(), "which command runs is not known");
    };
    let name = name.to_ascii_lowercase();
    let second = words.get(1).map(|word| word.text().to_ascii_lowercase()).unwrap_or_default();
    let key = words.get(1).map(|word| judge.name(word)).unwrap_or_default();
    if READS.contains(&name.as_str()) {
        return judge.reads(SERVICE, key, at);
    }
    if let Some((_, back)) = CHANGES.iter().find(|(commands, _)| commands.contains(&name.as_str()))
    {
        return judge.changes(Verb::Update, SERVICE, key, at, *back);
    }
    match name.as_str() {
        "flushall" => {
            judge.destroys(Verb::Delete, SERVICE, "", at, "every key of every database is gone");
        }
        "flushdb" => {
            judge.destroys(Verb::Delete, SERVICE, "", at, "every key of the database is gone");
        }
        "swapdb" => judge.destroys(
            Verb::Update,
            SERVICE,
            key,
            at,
            "every client sees the other database at once",
        ),
        "del" | "unlink" => delete(words, at, judge),
        "xtrim" | "ltrim" | "zremrangebyrank" | "zremrangebyscore" | "zremrangebylex" => {
            judge.destroys(Verb::Delete, SERVICE, key, at, "what it trims is gone");
        }
        "xdel" | "xdelex" => judge.destroys(Verb::Delete, SERVICE, key, at, "the entries are gone"),
        "migrate" => judge.destroys(Verb::Delete, SERVICE, "", at, "the keys leave this server"),
        "shutdown" => {
            if words.iter().any(|word| word.text().eq_ignore_ascii_case("nosave")) {
                judge.destroys(Verb::Delete, SERVICE, "", at, "what was not saved is gone");
            } else {
                judge.changes(Verb::Update, SERVICE, "", at, "start the server again");
            }
        }
        "replicaof" | "slaveof" => {
            if second == "no" {
                judge.changes(Verb::Update, SERVICE, "", at, "make it a replica again");
            } else {
                judge.destroys(
                    Verb::Delete,
                    SERVICE,
                    key,
                    at,
                    "its own keys are replaced by those of the other server",
                );
            }
        }
        "rename" => judge.changes(Verb::Update, SERVICE, key, at, "name it back"),
        "restore" | "copy" => {
            let replaces = words.iter().any(|word| word.text().eq_ignore_ascii_case("replace"));
            let back = if replaces { "write the earlier value back" } else { "delete the key" };
            judge.changes(Verb::Create, SERVICE, key, at, back);
        }
        "eval" | "evalsha" | "fcall" | "eval_ro" | "evalsha_ro" | "fcall_ro" => {
            match (name.as_str(), words.get(1)) {
                ("eval_ro" | "evalsha_ro" | "fcall_ro", _) => judge.reads(SERVICE, "", at),
                ("eval", Some(text)) => lua::script(text, judge),
                _ => judge.opaque(at, "what the script does is not known"),
            }
        }
        "config" | "acl" | "client" | "cluster" | "script" | "function" | "debug" | "memory"
        | "latency" | "slowlog" | "module" | "object" | "xgroup" | "xinfo" | "command"
        | "pubsub" | "sentinel" => {
            if let Some(word) = words.get(1) {
                at = at.with(word.span());
            }
            part(&name, &second, words, at, judge);
        }
        _ if name.contains('.') => dotted(&name, &key, at, judge),
        _ => judge.opaque(at, "this command is not known"),
    }
}

/// One key can be written again; a list that nobody knows, or a pattern, may be all of them.
fn delete(words: &[&Word], at: Span, judge: &mut Judge<'_>) {
    let keys = &words[1..];
    let names: Vec<String> = keys.iter().take(8).map(|word| judge.name(word)).collect();
    let names = names.join(" ");
    let unknown = keys.iter().any(|word| {
        word.may_split() || word.text().contains('*') || word.text().chars().all(is_hole)
    });
    if unknown || keys.is_empty() || keys.len() > 3 {
        judge.destroys(Verb::Delete, SERVICE, names, at, "the keys are gone");
    } else {
        judge.changes(Verb::Delete, SERVICE, names, at, "write the key again");
    }
}

#[allow(clippy::too_many_lines)] // One arm a command: a table.
fn part(name: &str, second: &str, words: &[&Word], at: Span, judge: &mut Judge<'_>) {
    if words.get(1).is_some_and(|word| word.has_holes()) {
        return judge.opaque(at, "which command runs is not known");
    }
    let third = words.get(2).map(|word| word.text().to_ascii_lowercase()).unwrap_or_default();
    match (name, second) {
        (
            _,
            "get"
            | "help"
            | "list"
            | "getuser"
            | "users"
            | "whoami"
            | "cat"
            | "genpass"
            | "log"
            | "dryrun"
            | "exists"
            | "stats"
            | "dump"
            | "usage"
            | "doctor"
            | "malloc-stats"
            | "info"
            | "getname"
            | "id"
            | "setinfo"
            | "setname"
            | "reply"
            | "getredir"
            | "trackinginfo"
            | "tracking"
            | "caching"
            | "history"
            | "latest"
            | "graph"
            | "histogram"
            | "len"
            | "nodes"
            | "slots"
            | "shards"
            | "keyslot"
            | "countkeysinslot"
            | "getkeysinslot"
            | "myid"
            | "myshardid"
            | "links"
            | "count-failure-reports"
            | "slaves"
            | "replicas"
            | "encoding"
            | "freq"
            | "idletime"
            | "refcount"
            | "stream"
            | "groups"
            | "consumers"
            | "count"
            | "docs"
            | "getkeys"
            | "channels"
            | "numsub"
            | "numpat"
            | "shardchannels"
            | "shardnumsub"
            | "masters"
            | "master"
            | "sentinels"
            | "get-master-addr-by-name"
            | "ckquorum"
            | "slot-stats"
            | "getkeysandflags"
            | "capa",
        ) if !(name == "acl" && third == "reset") => {
            judge.reads(SERVICE, "", at);
        }
        ("config", "set") => {
            let risky = words[2..].iter().step_by(2).any(|word| {
                let setting = word.text().to_ascii_lowercase();
                matches!(
                    setting.as_str(),
                    "dir"
                        | "dbfilename"
                        | "appendonly"
                        | "save"
                        | "maxmemory-policy"
                        | "requirepass"
                        | "protected-mode"
                        | "maxmemory"
                ) || word.has_holes()
            });
            let setting = words.get(2).map(|word| judge.name(word)).unwrap_or_default();
            let value =
                words.get(3).map(|word| word.text().to_ascii_lowercase()).unwrap_or_default();
            let loses = match third.as_str() {
                "dir" | "dbfilename" => {
                    Some("its files are written to another place, over what is there")
                }
                "save" if value.is_empty() => Some("nothing is saved any more"),
                "appendonly" if value == "no" => Some("nothing is saved any more"),
                "protected-mode" if value == "no" => Some("everybody on the network can reach it"),
                "requirepass" if value.is_empty() => Some("everybody on the network can reach it"),
                _ => None,
            };
            match loses {
                Some(lost) if risky => judge.destroys(Verb::Update, SERVICE, setting, at, lost),
                _ => judge.changes(Verb::Update, SERVICE, setting, at, "set it back"),
            }
        }
        ("config", "rewrite" | "resetstat")
        | ("latency" | "slowlog" | "acl", "reset" | "save" | "load")
        | ("memory", "purge") => {
            judge.changes(Verb::Update, SERVICE, "", at, "nothing is lost that matters");
        }
        ("acl", "setuser") => {
            judge.changes(Verb::Grant, SERVICE, third, at, "set the earlier rules");
        }
        ("acl", "deluser") => judge.destroys(Verb::Delete, SERVICE, third, at, "the user is gone"),
        ("client", "kill") => {
            judge.changes(Verb::Delete, SERVICE, third, at, "the client connects again");
        }
        ("client", "pause" | "unpause" | "unblock" | "no-evict" | "no-touch") => {
            judge.changes(Verb::Update, SERVICE, "", at, "it ends by itself");
        }
        ("cluster", "reset" | "forget" | "flushslots" | "delslots" | "delslotsrange") => {
            judge.destroys(
                Verb::Delete,
                SERVICE,
                third,
                at,
                "the node forgets its part of the cluster",
            );
        }
        (
            "cluster",
            "failover" | "meet" | "replicate" | "addslots" | "addslotsrange" | "setslot"
            | "saveconfig" | "bumpepoch" | "set-config-epoch" | "migration",
        ) => {
            judge.changes(Verb::Update, SERVICE, third, at, "set the earlier layout");
        }
        ("script", "flush" | "kill" | "load" | "debug") => {
            judge.changes(Verb::Update, SERVICE, "", at, "load the scripts again");
        }
        ("function", "flush" | "delete") => {
            judge.destroys(Verb::Delete, SERVICE, third, at, "the functions are gone");
        }
        ("function", "load" | "restore" | "kill") => {
            judge.changes(Verb::Create, SERVICE, "", at, "delete the function");
        }
        ("module", "load" | "loadex") => judge.opaque(at, "what the module does is not known"),
        ("module", "unload") => {
            judge.destroys(Verb::Delete, SERVICE, third, at, "what the module holds is gone");
        }
        (
            "debug",
            "object"
            | "sdslen"
            | "listpack"
            | "htstats"
            | "digest"
            | "digest-value"
            | "stringmatch-len"
            | "quicklist-packed-threshold"
            | "sleep"
            | "jmap",
        ) => {
            judge.reads(SERVICE, third, at);
        }
        ("debug", _) => {
            judge.destroys(Verb::Run, SERVICE, second, at, "the server may crash or lose keys");
        }
        ("xgroup", "create" | "createconsumer") => {
            judge.changes(Verb::Create, SERVICE, third, at, "destroy the group");
        }
        ("xgroup", "destroy" | "delconsumer" | "setid") => {
            judge.destroys(Verb::Delete, SERVICE, third, at, "the position of the group is gone");
        }
        ("sentinel", "failover" | "monitor" | "set" | "config" | "flushconfig") => {
            judge.changes(Verb::Update, SERVICE, third, at, "set it back");
        }
        ("sentinel", "remove" | "reset") => {
            judge.destroys(Verb::Delete, SERVICE, third, at, "it is no longer watched");
        }
        ("command" | "memory" | "latency" | "object" | "slowlog", "") => {
            judge.reads(SERVICE, "", at);
        }
        _ => judge.opaque(at, "this command is not known"),
    }
}

/// Commands of modules: `JSON.DEL`, `FT.DROPINDEX`.
fn dotted(name: &str, key: &str, at: Span, judge: &mut Judge<'_>) {
    let (module, action) = name.split_once('.').unwrap_or((name, ""));
    match (module, action) {
        (
            "ft",
            "dropindex" | "drop" | "del" | "aliasdel" | "dictdel" | "sugdel" | "syndump_del",
        )
        | ("graph", "delete") => {
            judge.destroys(
                Verb::Delete,
                SERVICE,
                key,
                at,
                "the index is gone, and perhaps what it indexes",
            );
        }
        (_, "del" | "forget" | "clear" | "arrpop" | "arrtrim" | "deleterule") => {
            judge.destroys(Verb::Delete, SERVICE, key, at, "what it deletes is gone");
        }
        ("graph", "query") => judge.opaque(at, "the query is not read"),
        (
            "ft",
            "search" | "aggregate" | "info" | "_list" | "explain" | "explaincli" | "profile"
            | "tagvals" | "sugget" | "suglen" | "spellcheck" | "dictdump" | "syndump" | "cursor"
            | "hybrid",
        )
        | (
            "json",
            "get" | "mget" | "type" | "strlen" | "arrlen" | "arrindex" | "objkeys" | "objlen"
            | "debug" | "resp",
        )
        | (
            "ts",
            "get" | "mget" | "range" | "revrange" | "mrange" | "mrevrange" | "info" | "queryindex",
        )
        | (
            "bf" | "cf" | "cms" | "topk" | "tdigest",
            "exists" | "mexists" | "info" | "card" | "count" | "query" | "list" | "scandump"
            | "quantile" | "cdf" | "rank" | "min" | "max" | "trimmed_mean" | "byrank" | "byrevrank"
            | "revrank",
        )
        | ("graph", "ro_query" | "explain" | "list" | "slowlog") => judge.reads(SERVICE, key, at),
        ("ft" | "json" | "ts" | "bf" | "cf" | "cms" | "topk" | "tdigest", _) => {
            judge.changes(Verb::Update, SERVICE, key, at, "write the earlier value back");
        }
        _ => judge.opaque(at, "this command is not known"),
    }
}
