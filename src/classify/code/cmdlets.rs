//! What the cmdlets of `PowerShell` do, by the verb they begin with.
//!
//! From <https://learn.microsoft.com/powershell/scripting/developer/cmdlet/approved-verbs-for-windows-powershell-commands>
//! and <https://learn.microsoft.com/powershell/module/>, 2026-11. The tools for AWS, Azure and
//! Exchange follow the same verbs.

/// What a cmdlet does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Looks only.
    Reads,
    /// Changes something.
    Changes,
    /// Shows a secret.
    Shows,
    /// Loses something for good.
    Destroys,
    /// Deletes files.
    Removes,
    /// Asks a web server.
    Web,
    /// Runs its argument as a script.
    Runs,
    /// Runs SQL.
    Sql,
    /// Nobody can tell.
    Opaque,
}

/// Short names.
const ALIASES: &[(&str, &str)] = &[
    ("rm", "remove-item"),
    ("del", "remove-item"),
    ("ri", "remove-item"),
    ("rd", "remove-item"),
    ("erase", "remove-item"),
    ("rmdir", "remove-item"),
    ("ls", "get-childitem"),
    ("dir", "get-childitem"),
    ("gci", "get-childitem"),
    ("cat", "get-content"),
    ("gc", "get-content"),
    ("type", "get-content"),
    ("cp", "copy-item"),
    ("copy", "copy-item"),
    ("cpi", "copy-item"),
    ("mv", "move-item"),
    ("move", "move-item"),
    ("mi", "move-item"),
    ("echo", "write-output"),
    ("write", "write-output"),
    ("ps", "get-process"),
    ("gps", "get-process"),
    ("kill", "stop-process"),
    ("spps", "stop-process"),
    ("sp", "set-itemproperty"),
    ("si", "set-item"),
    ("ni", "new-item"),
    ("md", "new-item"),
    ("mkdir", "new-item"),
    ("cd", "get-location"),
    ("sl", "get-location"),
    ("chdir", "get-location"),
    ("pushd", "get-location"),
    ("popd", "get-location"),
    ("pwd", "get-location"),
    ("gl", "get-location"),
    ("set-location", "get-location"),
    ("push-location", "get-location"),
    ("pop-location", "get-location"),
    ("select", "select-object"),
    ("where", "where-object"),
    ("?", "where-object"),
    ("%", "foreach-object"),
    ("foreach", "foreach-object"),
    ("sort", "sort-object"),
    ("group", "group-object"),
    ("measure", "measure-object"),
    ("ft", "format-table"),
    ("fl", "format-list"),
    ("fw", "format-wide"),
    ("sls", "select-string"),
    ("iex", "invoke-expression"),
    ("iwr", "invoke-webrequest"),
    ("irm", "invoke-restmethod"),
    ("curl", "invoke-webrequest"),
    ("wget", "invoke-webrequest"),
    ("saps", "start-process"),
    ("start", "start-process"),
    ("sasv", "start-service"),
    ("spsv", "stop-service"),
    ("gsv", "get-service"),
    ("rni", "rename-item"),
    ("ren", "rename-item"),
    ("clc", "clear-content"),
    ("cli", "clear-item"),
    ("clear", "clear-host"),
    ("cls", "clear-host"),
    ("rp", "remove-itemproperty"),
    ("h", "get-history"),
    ("history", "get-history"),
    ("man", "get-help"),
    ("help", "get-help"),
    ("tee", "tee-object"),
    ("gm", "get-member"),
    ("gp", "get-itemproperty"),
    ("gcm", "get-command"),
    ("diff", "compare-object"),
    ("compare", "compare-object"),
    ("sleep", "start-sleep"),
    ("ipmo", "import-module"),
    ("rv", "remove-variable"),
    ("gi", "get-item"),
    ("gv", "get-variable"),
    ("sv", "set-variable"),
    ("icm", "invoke-command"),
    ("ii", "invoke-item"),
    ("gwmi", "get-wmiobject"),
    ("gcim", "get-ciminstance"),
    ("rcim", "remove-ciminstance"),
    ("oh", "out-host"),
    ("ogv", "out-gridview"),
    ("gal", "get-alias"),
    ("gjb", "get-job"),
    ("rjb", "remove-job"),
    ("sajb", "start-job"),
    ("gu", "get-unique"),
    ("rvpa", "resolve-path"),
    ("cvpa", "convert-path"),
    ("ac", "add-content"),
    ("sc", "set-content"),
    ("nal", "new-alias"),
    ("sal", "set-alias"),
];

/// Cmdlets whose verb alone would say something else.
#[rustfmt::skip]
static CMDLETS: &[(Does, &[&str])] = &[
    (Does::Removes, &["remove-item"]),
    (Does::Web, &["invoke-webrequest", "invoke-restmethod"]),
    (Does::Runs, &["invoke-expression"]),
    (Does::Sql, &["invoke-sqlcmd", "invoke-dbaquery", "invoke-sqliteq", "invoke-sqlitequery"]),
    (Does::Reads, &[
        "clear-host", "clear-variable", "clear-history", "remove-variable", "remove-module",
        "remove-alias", "remove-psbreakpoint", "remove-typedata", "out-null", "out-string",
        "out-host", "out-gridview", "out-default", "write-host", "write-output", "write-verbose",
        "write-warning", "write-error", "write-debug", "write-information", "write-progress",
        "start-sleep", "set-variable", "new-variable", "new-object", "new-timespan", "new-guid",
        "set-strictmode", "set-psdebug", "set-alias", "new-alias", "import-csv", "import-clixml",
        "import-powershelldatafile", "import-localizeddata", "import-module", "tee-object",
        "invoke-command", "set-psreadlineoption", "foreach-object", "where-object",
        "set-awscredential", "set-defaultawsregion", "set-azcontext", "clear-awscredential",
        "start-transcript", "stop-transcript", "new-pssession", "remove-pssession",
        "update-formatdata",
    ]),
    (Does::Changes, &[
        "remove-psdrive", "remove-job", "remove-event", "remove-netroute", "restart-computer",
        "uninstall-module", "uninstall-package", "disable-scheduledtask", "remove-aztag",
        "remove-ec2tag", "invoke-pester", "invoke-build", "invoke-lmfunction",
        "invoke-scriptanalyzer", "out-file", "out-printer", "write-eventlog",
    ]),
    (Does::Destroys, &[
        "format-volume", "initialize-disk", "stop-computer", "clear-disk", "clear-content",
        "clear-recyclebin", "clear-eventlog", "disable-computerrestore", "publish-module",
        "publish-script", "stop-ctlogging", "disable-kmskey", "limit-eventlog",
        "disable-azactivitylogalert",
    ]),
    (Does::Shows, &[
        "get-secsecretvalue", "get-storedcredential", "get-secret", "export-pfxcertificate",
    ]),
    (Does::Opaque, &[
        "start-job", "start-threadjob", "start-process", "add-type", "invoke-item",
        "invoke-history", "enter-pssession",
    ]),
];

/// What the verb of a cmdlet says.
#[rustfmt::skip]
static VERBS: &[(Does, &[&str])] = &[
    (Does::Reads, &[
        "get", "test", "select", "where", "measure", "format", "convertto", "convertfrom",
        "convert", "compare", "find", "search", "sort", "group", "show", "resolve", "read", "join",
        "split", "out", "trace", "wait", "receive", "watch", "confirm", "ping", "foreach",
    ]),
    (Does::Destroys, &["remove", "clear", "reset", "delete", "erase", "purge", "drop"]),
    (Does::Changes, &[
        "new", "set", "add", "start", "restart", "stop", "enable", "disable", "update", "install",
        "uninstall", "register", "unregister", "copy", "move", "rename", "save", "export",
        "publish", "send", "push", "pop", "mount", "dismount", "grant", "revoke", "suspend",
        "resume", "restore", "backup", "approve", "deny", "connect", "disconnect", "sync", "merge",
        "expand", "compress", "checkpoint", "undo", "unblock", "block", "unlock", "lock", "protect",
        "unprotect", "import", "write", "edit", "use", "initialize", "repair", "optimize", "resize",
        "hide", "debug", "complete", "submit", "assert", "limit", "switch", "step", "open", "close",
        "login",
    ]),
    (Does::Opaque, &["invoke", "enter", "exit"]),
];

fn listed(table: &[(Does, &[&str])], name: &str) -> Option<Does> {
    table.iter().find(|(_, names)| names.contains(&name)).map(|(does, _)| *does)
}

/// What a cmdlet does, by its name in lower case. `None`: it is no cmdlet.
pub(super) fn of(name: &str) -> Option<Does> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, full)| *full);
    // `Module\Verb-Noun`
    let name = name.rsplit('\\').next().unwrap_or(name);
    let (verb, noun) = name.split_once('-')?;
    if !verb.chars().all(|c| c.is_ascii_alphabetic()) || noun.is_empty() {
        return None;
    }
    listed(CMDLETS, name).or_else(|| listed(VERBS, verb))
}

/// Whether a word is written as a cmdlet is: `Verb-Noun` with a verb that is known.
pub(super) fn is_cmdlet(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .split_once('-')
            .is_some_and(|(_, noun)| noun.starts_with(|c: char| c.is_ascii_uppercase()))
        && of(&name.to_ascii_lowercase()).is_some()
}
