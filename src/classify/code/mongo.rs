//! The language of `mongosh`: JavaScript with a database at hand.
//!
//! From <https://www.mongodb.com/docs/mongodb-shell/reference/methods/>, 2026-11.

use super::token::{self, Kind, Token};
use crate::{
    classify::{Call, Judge, Language, Word},
    domain::Verb,
};

/// Methods that delete.
#[rustfmt::skip]
const DELETES: &[&str] = &[
    "drop", "dropDatabase", "dropIndex", "dropIndexes", "deleteMany", "deleteOne", "remove",
    "findOneAndDelete", "dropUser", "dropAllUsersFromDatabase", "dropRole",
    "dropAllRolesFromDatabase", "dropCollection", "removeUser", "shutdownServer", "removeShard",
    "dropSearchIndex", "bulkDelete",
];

/// Methods that change what can be changed back.
#[rustfmt::skip]
const CHANGES: &[&str] = &[
    "insertOne", "insertMany", "insert", "updateOne", "updateMany", "update", "replaceOne",
    "findOneAndUpdate", "findOneAndReplace", "findAndModify", "save", "createIndex",
    "createIndexes", "ensureIndex", "createCollection", "createView", "renameCollection",
    "createUser", "updateUser", "grantRolesToUser", "revokeRolesFromUser", "createRole",
    "changeUserPassword", "killOp", "setProfilingLevel", "hideIndex", "unhideIndex",
    "convertToCapped", "compact", "initiate", "reconfig", "add", "addArb", "stepDown", "freeze",
    "enableSharding", "shardCollection", "moveChunk", "startBalancer", "stopBalancer",
    "setBalancerState", "splitAt", "addShard", "reIndex", "validate", "fsyncLock", "fsyncUnlock",
    "createSearchIndex", "disableFreeMonitoring", "setLogLevel", "setFeatureCompatibilityVersion",
];

/// Judges a script for `mongosh`.
pub(super) fn read(text: &Word, _call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(tokens) = token::cut(Language::Mongo, text, 0..text.text().len(), judge) else {
        return;
    };
    judge.reads("mongodb", "", text.span());
    if !tokens.inner.is_empty() || tokens.broken {
        judge.opaque(text.span(), "code inside of texts is not read");
    }
    let script = Script { text, list: &tokens.list };
    if script.is_command() {
        return;
    }
    for at in 0..script.list.len() {
        let computed = script.slice(at) == "]" && script.slice(at + 1) == "(";
        if !computed && script.slice(at + 1) == "(" && script.list[at].kind == Kind::Name {
            script.named(at, judge);
        } else {
            script.computed(at, computed, judge);
        }
    }
}

/// A script taken apart.
struct Script<'t> {
    text: &'t Word,
    list: &'t [Token],
}

impl Script<'_> {
    fn slice(&self, at: usize) -> &str {
        match self.list.get(at) {
            Some(Token { kind: Kind::Name | Kind::Mark, at }) => {
                self.text.text().get(at.clone()).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// `show collections`, `use NAME`: words for a person at the prompt.
    fn is_command(&self) -> bool {
        matches!(self.slice(0), "show" | "use" | "help" | "it" | "exit" | "quit")
            && self.slice(1) != "("
            && self.list.iter().all(|token| token.kind != Kind::End)
    }

    /// A method or a collection that is named by a text: `db["orders"]`, `db.orders["drop"]()`.
    fn computed(&self, at: usize, computed: bool, judge: &mut Judge<'_>) {
        let (text, list) = (self.text, self.list);
        // `db.orders["drop"]()` is the same as `db.orders.drop()`.
        match (computed, list.get(at.wrapping_sub(1)).map(|token| &token.kind)) {
            (true, Some(Kind::Text(name))) if self.slice(at.wrapping_sub(2)) == "[" => {
                let span = text.at(list[at - 1].at.clone());
                if DELETES.contains(&name.text()) {
                    let gone = "what it holds is gone";
                    judge.destroys(
                        Verb::Delete,
                        "mongodb",
                        self.slice(at.saturating_sub(3)),
                        span,
                        gone,
                    );
                } else if !KNOWN.contains(&name.text()) {
                    judge.opaque(span, "what this call does is not known");
                }
            }
            (true, _) => {
                let span = text.at(list[at].at.clone());
                judge.opaque(span, "which method is called is worked out when it runs");
            }
            _ => {}
        }
        let index = self.slice(at) == "["
            && !matches!(
                list.get(at + 1).map(|token| &token.kind),
                Some(Kind::Number | Kind::Text(_)) | None
            );
        if index && at > 0 && self.slice(at - 1) == "db" {
            judge.opaque(
                text.at(list[at].at.clone()),
                "which collection is meant is worked out when it runs",
            );
        }
    }

    /// A call of a function or a method by its name.
    fn named(&self, at: usize, judge: &mut Judge<'_>) {
        let (text, list) = (self.text, self.list);
        let name = self.slice(at);
        let method = at > 0 && self.slice(at - 1) == ".";
        let span = text.at(list[at].at.clone());
        let resource = if method && at > 1 { self.slice(at - 2) } else { "" };
        let service = "mongodb";
        let empty = matches!((self.slice(at + 2), self.slice(at + 3)), ("{", "}"))
            || self.slice(at + 2) == ")";
        match name {
            _ if DELETES.contains(&name) => {
                judge.destroys(Verb::Delete, service, resource, span, "what it holds is gone");
            }
            "updateMany" | "update" if empty => {
                judge.destroys(
                    Verb::Update,
                    service,
                    resource,
                    span,
                    "the former values of every document are gone",
                );
            }
            _ if CHANGES.contains(&name) => {
                if matches!(name, "add") && resource != "rs" {
                    return;
                }
                judge.changes(
                    Verb::Update,
                    service,
                    resource,
                    span,
                    "write the former values again",
                );
            }
            "bulkWrite" | "initializeOrderedBulkOp" | "initializeUnorderedBulkOp" => {
                judge.opaque(span, "what the operations do is not read");
            }
            "mapReduce" | "eval" | "load" | "Function" | "require" | "runProgram" | "run"
            | "passwordPrompt" | "getattr" => {
                judge.opaque(span, "what this runs is not given");
            }
            "aggregate" => {
                let writes = text.text().contains("$out") || text.text().contains("$merge");
                if writes {
                    judge.changes(
                        Verb::Update,
                        service,
                        resource,
                        span,
                        "write the former collection again",
                    );
                }
            }
            "runCommand" | "adminCommand" => command_document(list, at + 2, text, judge),
            _ if method || HARMLESS.contains(&name) || own(list, text, name) => {
                if method && !KNOWN.contains(&name) {
                    judge.opaque(span, "what this call does is not known");
                }
            }
            _ => judge.opaque(span, "what this call does is not known"),
        }
    }
}

/// Whether the script defines this function itself.
fn own(list: &[Token], text: &Word, name: &str) -> bool {
    list.windows(2).any(|pair| {
        let slice = |at: usize| text.text().get(pair[at].at.clone()).unwrap_or_default();
        slice(0) == "function" && slice(1) == name
    })
}

/// `db.adminCommand({ shutdown: 1 })`: the first key is the command.
fn command_document(list: &[Token], from: usize, text: &Word, judge: &mut Judge<'_>) {
    let key = list.get(from + 1).or(list.get(from));
    let Some(token) = key else { return };
    let span = text.at(token.at.clone());
    let name = match &token.kind {
        Kind::Text(word) => word.text(),
        _ => text.text().get(token.at.clone()).unwrap_or_default(),
    };
    match name {
        "ping" | "hello" | "isMaster" | "serverStatus" | "dbStats" | "collStats" | "buildInfo"
        | "listCollections" | "listDatabases" | "listIndexes" | "replSetGetStatus"
        | "currentOp" | "getParameter" | "connectionStatus" | "hostInfo" | "top" | "getLog"
        | "getCmdLineOpts" | "find" | "count" | "distinct" | "explain" | "usersInfo"
        | "rolesInfo" | "listShards" | "replSetGetConfig" | "dataSize" | "features"
        | "whatsmyuri" => {
            judge.reads("mongodb", "", span);
        }
        "drop"
        | "dropDatabase"
        | "delete"
        | "dropIndexes"
        | "shutdown"
        | "dropUser"
        | "dropAllUsersFromDatabase"
        | "removeShard"
        | "dropRole" => judge.destroys(Verb::Delete, "mongodb", "", span, "what it holds is gone"),
        "insert"
        | "update"
        | "findAndModify"
        | "create"
        | "createIndexes"
        | "collMod"
        | "renameCollection"
        | "setParameter"
        | "killOp"
        | "createUser"
        | "updateUser"
        | "grantRolesToUser"
        | "replSetReconfig"
        | "replSetStepDown"
        | "enableSharding"
        | "shardCollection"
        | "compact"
        | "fsync"
        | "logRotate"
        | "killCursors"
        | "killAllSessions"
        | "balancerStop"
        | "balancerStart"
        | "setFeatureCompatibilityVersion" => {
            judge.changes(Verb::Update, "mongodb", "", span, "set the former value again");
        }
        _ => judge.opaque(span, "what this command does is not known"),
    }
}

/// Functions without an owner that change nothing.
#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "print", "printjson", "tojson", "EJSON", "ObjectId", "ISODate", "Date", "NumberLong",
    "NumberInt", "NumberDecimal", "Decimal128", "UUID", "BinData", "Timestamp", "function", "if",
    "for", "while", "switch", "catch", "Mongo", "sleep", "quit", "exit", "String", "Number",
    "Array", "Object", "parseInt", "RegExp", "version", "Long", "return", "typeof",
];

/// Methods that change nothing.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "find", "findOne", "count", "countDocuments", "estimatedDocumentCount", "distinct", "explain",
    "getIndexes", "stats", "dataSize", "storageSize", "totalSize", "totalIndexSize", "isCapped",
    "latencyStats", "getShardDistribution", "getPlanCache", "getCollection", "getSiblingDB",
    "getCollectionNames", "getCollectionInfos", "getName", "getMongo", "getDBNames", "getDBs",
    "getUsers", "getUser", "getRoles", "getRole", "currentOp", "serverStatus", "serverBuildInfo",
    "hostInfo", "isMaster", "hello", "version", "getLastError", "getProfilingStatus",
    "getProfilingLevel", "getReplicationInfo", "printReplicationInfo",
    "printSecondaryReplicationInfo", "printSlaveReplicationInfo", "status", "conf", "config",
    "help", "limit", "skip", "sort", "pretty", "toArray", "forEach", "map", "filter", "hasNext",
    "next", "itcount", "size", "batchSize", "hint", "maxTimeMS", "project", "projection",
    "readPref", "setReadPref", "comment", "collation", "allowDiskUse", "noCursorTimeout",
    "stringify", "log", "keys", "values", "entries", "join", "push", "slice", "indexOf",
    "includes", "toString", "toISOString", "getTime", "getTimestamp", "valueOf", "reduce",
    "length", "match", "test", "replace", "split", "startsWith", "endsWith", "getBalancerState",
    "isBalancerRunning", "secondaryOk", "setSlaveOk", "slaveOk", "printShardingStatus",
    "serverCmdLineOpts", "connectionStatus", "getFullName", "exists", "returnKey", "showRecordId",
    "tailable", "close", "auth", "logout", "listCommands", "getSearchIndexes", "dbStats", "rand",
    "floor", "now", "round", "toFixed", "isExhausted", "objsLeftInBatch", "min", "max", "trim",
    "toLowerCase", "toUpperCase", "concat", "some", "every", "flat", "assign", "fromEntries",
    "isArray", "padEnd", "padStart", "abs", "ceil", "listDatabases",
];
