//! `az`: every group, by the verb at its end, with what a verb does not say.
//!
//! Built from the reference at <https://learn.microsoft.com/cli/azure/reference-index>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Rule, Style, table},
    groups::{self, Groups, Stands},
};
use crate::{
    classify::{Call, Data, Judge, Language, Variables, Word},
    domain::{PlaceKind, Verb},
};

const RULES: &[Rule] = &groups::any(|matched, judge| groups::judge(&GROUPS, matched, judge));

static CLI: Cli = Cli {
    service: "azure",
    style: Style::Gnu,
    valued: &[
        "--resource-group",
        "-g",
        "--name",
        "-n",
        "--output",
        "-o",
        "--query",
        "--scripts",
        "--cmd",
        "--command",
        "--command-id",
        "--mode",
        "--method",
        "-m",
        "--uri",
        "--url",
        "-u",
        "--body",
        "-b",
        "--ids",
        "--vault-name",
        "--account-name",
        "--container-name",
        "-c",
        "--source",
        "-s",
        "--public-access",
        "--application-logging",
        "--web-server-logging",
        "--status",
        "--tier",
        "--allow-blob-public-access",
        "--enable",
        "--enable-delete-retention",
        "--enable-versioning",
        "--enable-container-delete-retention",
        "--state",
        "--action-on-unmanage",
        "--soft-delete-feature-state",
        "--delete-backup-data",
        "--delete-destination",
        "--exec-command",
        "--set",
        "--cluster-name",
        "--server",
    ],
    flags: &["--debug", "--verbose", "--only-show-errors", "--yes", "-y", "--no-wait"],
    places: &[("--subscription", PlaceKind::Account), ("--resource-group", PlaceKind::Name)],
    harmless: &["--help", "-h", "--version"],
    rules: RULES,
    otherwise: Does::Reads,
    ..Cli::new("azure")
};

const SESSION: &str = "what is typed in the session is not known";
const KEYS: &str = "regenerate the keys";
const PUBLIC: Does =
    Does::Destroys(Verb::Reveal, "everybody can read it, and what was read cannot be called back");
const COMPLETE: Does = Does::Destroys(
    Verb::Delete,
    "resources of the group that the template does not have are deleted",
);
const UNPROTECTED: Does = Does::Destroys(Verb::Grant, "what is deleted from here on is gone");
const UNWATCHED: Does = Does::Destroys(Verb::Grant, "what happens is no longer recorded");
const LIST: &[(&str, Does)] = &[("--mode=Complete", COMPLETE), ("--mode=complete", COMPLETE)];

static GROUPS: Groups = Groups {
    cloud: "azure",
    tracks: &[],
    stands: Stands::Last,
    named: &["--name", "-n", "--ids", "--vault-name", "--account-name", "--resource-group", "-g"],
    rules: &[
        Rule::reads("version|find|help|feedback|survey"),
        Rule::opaque("interactive", SESSION),
        Rule::updates("login|logout|configure|init|upgrade", "log in or configure again"),
        Rule::updates("account set|clear", "set the former subscription"),
        Rule::reveals("account get-access-token", "the token runs out"),
        Rule::asks("rest", rest),
        Rule::updates("extension add|remove|update", "install it again"),
        Rule::updates("config set|unset", "set it back"),
        Rule::updates("cache purge|delete", "the cache fills again"),
        // deployments
        Rule::updates("deployment group|sub|mg|tenant create", "deploy the former template")
            .when(LIST),
        Rule::updates("group deployment create", "deploy the former template").when(LIST),
        Rule::reads("deployment group|sub|mg|tenant what-if|validate|export"),
        Rule::updates("stack group|sub|mg create", "deploy the former template").when(&[
            ("--action-on-unmanage=deleteAll", COMPLETE),
            ("--action-on-unmanage=deleteResources", COMPLETE),
        ]),
        Rule::deletes("group delete", "the resource group and everything in it are gone"),
        Rule::reads("group export"),
        Rule::exposes("lock delete", "nothing keeps it from being deleted any more"),
        Rule::exposes(
            "group|resource|account lock delete",
            "nothing keeps it from deletion any more",
        ),
        Rule::exposes("monitor diagnostic-settings delete", "what happens is no longer recorded"),
        Rule::exposes("monitor log-profiles delete", "what happens is no longer recorded"),
        Rule::exposes("policy assignment delete", "the policy no longer holds"),
        // machines
        Rule::asks("vm|vmss run-command invoke", run_command),
        Rule::asks("vm|vmss run-command create|update", run_command),
        Rule::opaque("ssh vm|arc|config", SESSION),
        Rule::opaque("serial-console connect", SESSION),
        Rule::deletes("vmss|vm reimage", "what was on the system disk is gone"),
        Rule::deletes("vm|vmss simulate-eviction", "the machine is evicted"),
        Rule::updates("vm|vmss deallocate", "start it again"),
        Rule::updates(
            "vm redeploy|perform-maintenance|assess-patches|install-patches",
            "it comes back",
        ),
        Rule::updates("vm generalize", "there is no way back for this machine; its image remains"),
        Rule::updates("vm capture", "delete the image"),
        Rule::updates("vm user update|reset-ssh", "set the user again"),
        Rule::updates("vm open-port", "delete the rule"),
        Rule::updates("vm auto-shutdown", "turn it off"),
        Rule::updates("disk|snapshot revoke-access", "grant access again"),
        Rule::reveals("disk|snapshot grant-access", "revoke the access"),
        // kubernetes
        Rule::asks("aks command invoke", aks_command),
        Rule::updates("aks get-credentials", "remove the context from the kubeconfig"),
        Rule::updates("aks install-cli|check-acr|use-dev-spaces", "remove it"),
        Rule::reads("aks command result"),
        Rule::updates(
            "aks rotate-certs|reset-service-principal|update-credentials",
            "hand them out again",
        ),
        // keys and secrets
        Rule::reveals("keyvault secret show|download|backup", "rotate the secret"),
        Rule::reads("keyvault secret|key|certificate show-deleted"),
        Rule::reveals("keyvault key decrypt|backup", "rotate what was decrypted"),
        Rule::reads("keyvault key encrypt|sign|verify"),
        Rule::reveals("keyvault certificate backup", "renew the certificate"),
        Rule::reveals("storage account keys list", KEYS),
        Rule::grants("storage account keys renew", "hand the new keys out"),
        Rule::reveals("storage account show-connection-string", KEYS),
        Rule::reveals("cosmosdb keys list", KEYS),
        Rule::grants("cosmosdb keys regenerate", "hand the new keys out"),
        Rule::reveals("cosmosdb list-connection-strings|list-keys", KEYS),
        Rule::reveals("acr credential show", KEYS),
        Rule::reveals("acr login", "the token runs out"),
        Rule::reveals("webapp|functionapp deployment list-publishing-profiles", KEYS),
        Rule::reveals("webapp|functionapp deployment list-publishing-credentials", KEYS),
        Rule::reveals("functionapp keys list", KEYS),
        Rule::reveals("functionapp function keys list", KEYS),
        // access
        Rule::grants("role assignment create", "delete the assignment"),
        Rule::deletes("role assignment delete", "whoever used it is locked out"),
        Rule::grants("role definition create|update", "set it back to what it was"),
        Rule::grants("ad sp create-for-rbac", "delete the service principal"),
        Rule::grants("ad sp|app credential reset", "delete the credential"),
        Rule::updates("ad group member add", "remove the member"),
        Rule::updates("ad group member remove", "add the member again"),
        Rule::grants("keyvault set-policy", "delete the policy"),
        // storage
        Rule::deletes("storage remove", "the blobs are gone, unless versions are kept"),
        Rule::deletes("storage blob|file|fs delete-batch", "the blobs are gone").dry(&["--dryrun"]),
        Rule::updates("storage blob|file upload-batch|download-batch", "remove the copies")
            .dry(&["--dryrun"]),
        Rule::updates("storage blob sync", "put overwritten versions back").when(&[(
            "--delete-destination",
            Does::Destroys(
                Verb::Delete,
                "whatever the source does not have is deleted at the target",
            ),
        )]),
        Rule::updates("storage container create|set-permission", "set the former access again")
            .when(&[("--public-access=blob", PUBLIC), ("--public-access=container", PUBLIC)]),
        Rule::updates("storage account update", "set it back to what it was")
            .when(&[("--allow-blob-public-access", GRANTED)]),
        Rule::updates("storage account create", "delete it"),
        Rule::updates("storage blob service-properties delete-policy update", "set it back")
            .when(&[("--enable=false", UNPROTECTED)]),
        Rule::updates("storage account blob-service-properties update", "set it back").when(&[
            ("--enable-delete-retention=false", UNPROTECTED),
            ("--enable-versioning=false", UNPROTECTED),
            ("--enable-container-delete-retention=false", UNPROTECTED),
        ]),
        Rule::creates("storage message put", "delete the message"),
        Rule::deletes("storage message clear|get", "the messages are gone"),
        Rule::reads("storage message peek"),
        Rule::creates("storage blob|file|directory metadata update", "set it back"),
        Rule::updates("storage blob undelete|snapshot|lease|set-tier", "set it back"),
        Rule::deletes("storage entity delete", "the row is gone"),
        Rule::creates("storage entity insert|merge|replace", "set it back"),
        // databases
        Rule::creates("sql db export", "delete the file"),
        Rule::opaque("sql db import", "what the file holds is not given"),
        Rule::creates("sql|postgres|mysql|mariadb db|flexible-server|server restore", "delete it"),
        Rule::asks("postgres|mysql flexible-server execute", flexible),
        Rule::opaque("postgres|mysql flexible-server connect", SESSION),
        Rule::exposes("sql server|db audit-policy delete", "what happens is no longer recorded"),
        Rule::updates("sql server|db audit-policy update", "set it back to what it was").when(&[(
            "--state=Disabled",
            Does::Destroys(Verb::Grant, "what happens is no longer recorded"),
        )]),
        Rule::deletes("redis flush", "every key is gone"),
        Rule::deletes("redis import|import-method", "what it held is replaced"),
        Rule::updates("redis force-reboot", "it comes back"),
        Rule::reveals("redis list-keys", KEYS),
        Rule::grants("redis regenerate-keys", "hand the new keys out"),
        // backup
        Rule::updates("backup protection disable", "enable it again").when(&[(
            "--delete-backup-data",
            Does::Destroys(Verb::Delete, "the backups are gone"),
        )]),
        Rule::updates("backup protection backup-now|undelete|enable-for-vm", "disable it again"),
        Rule::updates("backup vault backup-properties set", "set it back")
            .when(&[("--soft-delete-feature-state=Disable", UNPROTECTED)]),
        // apps
        Rule::opaque("container exec", SESSION).when(&[("--exec-command", Does::Asks(exec))]),
        Rule::opaque("webapp ssh|create-remote-connection", SESSION),
        Rule::opaque("containerapp exec", SESSION).when(&[("--command", Does::Asks(exec))]),
        Rule::reads("webapp|functionapp log tail|download|show"),
        Rule::updates("webapp|functionapp log config", "set it back to what it was").when(&[
            ("--application-logging=off", UNWATCHED),
            ("--application-logging=false", UNWATCHED),
            ("--web-server-logging=off", UNWATCHED),
        ]),
        Rule::deletes("containerapp secret remove", "the secret is gone"),
        Rule::deletes("containerapp job secret remove", "the secret is gone"),
        Rule::deletes("webapp webjob continuous|triggered remove", "the job is gone"),
        Rule::deletes("mysql flexible-server gtid reset", "the backups before it cannot be used"),
        Rule::exposes("vm|vmss encryption disable", "what is written is no longer encrypted"),
        Rule::exposes(
            "sql db|midb ledger-digest-uploads disable",
            "what happens is no longer proven",
        ),
        Rule::updates("sql db tde set", "set it back to what it was").when(&[(
            "--status=Disabled",
            Does::Destroys(Verb::Grant, "what is written is no longer encrypted"),
        )]),
        Rule::updates("security pricing create", "set it back to what it was").when(&[
            ("--tier=free", Does::Destroys(Verb::Grant, "threats go unseen")),
            ("--tier=Free", Does::Destroys(Verb::Grant, "threats go unseen")),
        ]),
        Rule::updates("webapp|functionapp up", "deploy the former version"),
        Rule::updates("webapp|functionapp deployment slot swap", "swap back"),
        Rule::updates("webapp|functionapp config appsettings|connection-string set", "set it back"),
        Rule::deletes(
            "webapp|functionapp config appsettings|connection-string delete",
            "the settings are gone",
        ),
        Rule::reveals(
            "webapp|functionapp config appsettings|connection-string list",
            "rotate what was shown",
        ),
        Rule::deletes("acr repository delete", "the images are gone"),
        Rule::updates("acr repository untag", "tag it again"),
        Rule::runs("acr build", "delete the image"),
        Rule::asks("acr run", acr_run),
        Rule::deletes("account subscription cancel", "the subscription and all in it are gone"),
        Rule::reads("acr check-health|check-name"),
        Rule::runs("pipelines run|build queue", "cancel the run"),
        Rule::updates("repos pr create|update|set-vote|reviewer|work-item", "set it back"),
        Rule::reads("bicep build|decompile|lint|version|list-versions"),
        Rule::updates("bicep install|upgrade|uninstall", "install it again"),
    ],
    verbs: &[
        ("generate-sas", Does::Changes(Verb::Reveal, "regenerate the key that signed it")),
        ("browse", Does::Reads),
        ("summarize", Does::Reads),
        ("test-*", Does::Reads),
        ("url", Does::Reads),
        ("list-keys", Does::Changes(Verb::Reveal, KEYS)),
        ("list-connection-strings", Does::Changes(Verb::Reveal, KEYS)),
        ("show-connection-string", Does::Changes(Verb::Reveal, KEYS)),
        ("regenerate*", Does::Changes(Verb::Grant, "hand the new keys out")),
        ("renew-key*", Does::Changes(Verb::Grant, "hand the new keys out")),
        ("set-policy", Does::Changes(Verb::Grant, "delete the policy")),
        ("delete-policy", Does::Destroys(Verb::Delete, "whoever used it is locked out")),
        ("remove", Does::Changes(Verb::Update, "add it again")),
        ("remove-record", Does::Destroys(Verb::Delete, "the record is gone")),
        ("remove-legal-hold-immutability", UNPROTECTED),
        ("remove-time-based-immutability", UNPROTECTED),
        ("swap", Does::Changes(Verb::Update, "swap back")),
        ("up", Does::Changes(Verb::Update, "deploy the former version")),
        ("deallocate", Does::Changes(Verb::Update, "start it again")),
        ("convert", Does::Changes(Verb::Update, "there is no way back for the format")),
        ("redeploy", Does::Changes(Verb::Update, "it comes back by itself")),
        ("sync", Does::Changes(Verb::Update, "put overwritten versions back")),
        ("upload*", Does::Changes(Verb::Create, "delete what was uploaded")),
        ("reset*", Does::Changes(Verb::Update, "set it back to what it was")),
        ("wait", Does::Reads),
        ("backup", Does::Changes(Verb::Create, "delete the backup")),
        ("build", Does::Changes(Verb::Run, "delete what it built")),
        ("queue", Does::Changes(Verb::Run, "cancel the run")),
        ("recover", Does::Changes(Verb::Update, "delete it again")),
        ("put", Does::Changes(Verb::Update, "set it back to what it was")),
        ("merge", Does::Changes(Verb::Update, "set it back to what it was")),
        ("use", Does::Changes(Verb::Update, "use the former one")),
        ("grant*", Does::Changes(Verb::Grant, "revoke it")),
        ("revoke*", Does::Changes(Verb::Update, "grant it again")),
        ("flush", Does::Destroys(Verb::Delete, "what it holds is gone")),
        ("hard-delete", Does::Destroys(Verb::Delete, "what it names is gone for good")),
        ("force-delete", Does::Destroys(Verb::Delete, "what it names is gone for good")),
        ("clear", Does::Destroys(Verb::Delete, "what it holds is gone")),
    ],
};

const GRANTED: Does = Does::Destroys(Verb::Grant, "its blobs can be made public");

/// Judges a call.
pub(super) fn call(call: &Call<'_>, judge: &mut Judge<'_>) {
    table::judge(&CLI, call, judge);
}

/// `az rest`: by its method.
fn rest(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let address = ["--uri", "--url", "-u"].iter().find_map(|name| matched.value(name));
    let resource = address.map(|word| judge.name(word)).unwrap_or_default();
    let span = matched.span();
    let method = matched.value("--method").or_else(|| matched.value("-m"));
    let Some(method) = method else { return judge.reads("azure:rest", resource, span) };
    let span = span.with(method.span());
    // Azure writes what is done behind the resource: `…/virtualMachines/web/deallocate`.
    let deletes = address.is_some_and(|word| {
        let text = word.text().to_ascii_lowercase();
        let path = text.split('?').next().unwrap_or_default();
        ["/delete", "/purge"].iter().any(|end| path.ends_with(end))
    });
    let back = "send what was there before";
    match method.known().map(str::to_ascii_lowercase).as_deref() {
        Some("get" | "head" | "options") => judge.reads("azure:rest", resource, span),
        Some("delete") => {
            judge.destroys(Verb::Delete, "azure:rest", resource, span, "what it names is gone");
        }
        Some("post") if deletes => {
            judge.destroys(Verb::Delete, "azure:rest", resource, span, "what it names is gone");
        }
        Some("put" | "patch" | "post") => {
            judge.changes(Verb::Update, "azure:rest", resource, span, back);
        }
        _ => judge.opaque(span, "which method is sent is not known"),
    }
}

/// `az vm run-command invoke --command-id RunShellScript --scripts 'a' 'b'`.
fn run_command(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let windows = matched.value("--command-id").is_some_and(|id| id.is("RunPowerShellScript"));
    let ours = matched.value("--command-id").is_some_and(|id| id.text().starts_with("Run"));
    let scripts = list_of(matched, &["--scripts", "--script"]);
    if scripts.is_empty() {
        if matched.value("--command-id").is_some() && !ours {
            let back = "run its counterpart";
            return judge.changes(Verb::Run, "azure:vm", "", matched.span(), back);
        }
        return judge.opaque(matched.span(), "the script is not given");
    }
    for script in &scripts {
        if let Some(name) = script.text().strip_prefix('@') {
            let read = script.known().and_then(|_| judge.file(name));
            match read {
                Some(text) => shell(&Word::made(text, script.span()), windows, matched, judge),
                None => judge.opaque(script.span(), "the script is not given"),
            }
        } else {
            shell(script, windows, matched, judge);
        }
    }
}

fn shell(script: &Word, windows: bool, matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if windows {
        judge.code(Language::PowerShell, script, matched.call);
    } else {
        judge.script(script, &Variables::default(), &Data::Nothing);
    }
}

/// All values of an option that takes several.
fn list_of(matched: &Matched<'_, '_>, names: &[&str]) -> Vec<Word> {
    let mut found = Vec::new();
    let mut taking = false;
    for word in matched.call.arguments() {
        let text = word.text();
        if text.starts_with('-') {
            let name = text.split('=').next().unwrap_or(text);
            taking = names.contains(&name);
            if taking && name.len() < text.len() {
                found.push(word.after(name.len() + 1));
            }
        } else if taking {
            found.push(word.clone());
        }
    }
    found
}

/// `az acr run --cmd 'acr purge …'`: steps that run beside the registry.
fn acr_run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let command = matched.value("--cmd").map(Word::text).unwrap_or_default();
    let purges = command.contains("acr purge") && !command.contains("--dry-run");
    let does = if purges {
        Does::Destroys(Verb::Delete, "the images it matches are gone")
    } else {
        Does::Changes(Verb::Run, "what it did has to be undone by its own means")
    };
    matched.does(does, Named::Nothing, judge);
}

/// `az aks command invoke --command 'kubectl delete …'`.
fn aks_command(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.value("--command").or_else(|| matched.value("-c")) {
        Some(command) => {
            judge.script(command, &Variables::default(), &Data::Nothing);
        }
        None => judge.opaque(matched.span(), "the command is not given"),
    }
}

/// `az container exec --exec-command '…'`.
fn exec(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.value("--exec-command").or_else(|| matched.value("--command")) {
        Some(command) => {
            judge.script(command, &Variables::default(), &Data::Nothing);
        }
        None => judge.opaque(matched.span(), "the command is not given"),
    }
}

/// `az postgres flexible-server execute --querytext '…'`.
fn flexible(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    use crate::classify::Dialect;
    let mysql = matched.path.first().is_some_and(|word| word.is("mysql"));
    let (dialect, service) =
        if mysql { (Dialect::MySql, "azure:mysql") } else { (Dialect::Postgres, "azure:postgres") };
    match list_of(matched, &["--querytext", "-q"]).first() {
        Some(query) => judge.sql(query, dialect, service),
        None => judge.opaque(matched.span(), "the query is not given"),
    }
}
