//! `gcloud`: every group, by the verb at its end, with what a verb does not say.
//!
//! Built from the reference at <https://cloud.google.com/sdk/gcloud/reference>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Rule, Style, table},
    groups::{self, Groups, Stands},
};
use crate::{
    classify::{Call, Data, Dialect, Judge, Variables, Word},
    domain::{PlaceKind, Verb},
};

const RULES: &[Rule] = &groups::any(|matched, judge| groups::judge(&GROUPS, matched, judge));

static CLI: Cli = Cli {
    service: "gcp",
    style: Style::Gnu,
    valued: &[
        "--billing-project",
        "--format",
        "--filter",
        "--impersonate-service-account",
        "--access-token-file",
        "--flags-file",
        "--flatten",
        "--verbosity",
        "--trace-token",
        "--sort-by",
        "--limit",
        "--page-size",
        "--zone",
        "--region",
        "--location",
        "--command",
        "--member",
        "--role",
        "--sql",
        "--ddl",
        "--instance",
        "--database",
        "--cluster",
        "--secret",
        "--key",
        "--keyring",
        "--keys-file",
        "--name",
        "--iam-account",
        "--predefined-acl",
        "--canned-acl",
        "--add-acl-grant",
        "--retention-days",
        "-a",
    ],
    flags: &[
        "--quiet",
        "-q",
        "--no-user-output-enabled",
        "--user-output-enabled",
        "--log-http",
        "--no-log-http",
    ],
    places: &[
        ("--project", PlaceKind::Account),
        ("--account", PlaceKind::Account),
        ("--configuration", PlaceKind::Profile),
        ("CLOUDSDK_CORE_PROJECT", PlaceKind::Account),
        ("CLOUDSDK_ACTIVE_CONFIG_NAME", PlaceKind::Profile),
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: RULES,
    otherwise: Does::Reads,
    ..Cli::new("gcp")
};

const UNPROTECTED: Does = Does::Destroys(Verb::Grant, "it is no longer protected against deletion");
const NO_BACKUPS: Does = Does::Destroys(Verb::Grant, "no more backups are made");
const PUBLIC: Does =
    Does::Destroys(Verb::Reveal, "everybody can read it, and what was read cannot be called back");
const SESSION: &str = "what is typed in the session is not known";

static GROUPS: Groups = Groups {
    cloud: "gcp",
    tracks: &["alpha", "beta", "preview"],
    stands: Stands::First,
    named: &["--instance", "--database", "--cluster", "--secret", "--key", "--name", "--project"],
    rules: &[
        Rule::reads("info|version|help|topic|cheat-sheet|docs|survey|feedback"),
        Rule::updates("init", "configure it again"),
        Rule::updates("components update|install|remove|restore|reinstall", "install it again"),
        Rule::updates(
            "auth login|revoke|activate-service-account|configure-docker",
            "log in again",
        ),
        Rule::updates("auth application-default login|revoke|set-quota-project", "log in again"),
        Rule::reveals("auth print-access-token|print-identity-token", "the token runs out"),
        Rule::reveals("auth application-default print-access-token", "the token runs out"),
        Rule::updates("config configurations delete", "configure it again"),
        Rule::deletes("projects delete", "the project and all in it are gone after 30 days"),
        Rule::deletes("billing projects unlink", "what costs stops, and may be deleted"),
        Rule::updates("services disable", "enable it again"),
        // compute
        Rule::asks("compute ssh", ssh),
        Rule::asks("compute tpus tpu-vm ssh", ssh),
        Rule::updates("compute scp|copy-files", "remove the copies"),
        Rule::runs("compute start-iap-tunnel", "close the tunnel"),
        Rule::opaque("compute connect-to-serial-port", SESSION),
        Rule::updates("compute config-ssh", "remove the hosts from the SSH configuration"),
        Rule::reveals("compute reset-windows-password", "reset it again"),
        Rule::reveals("compute sign-url", "the address runs out"),
        Rule::reads("compute diagnose"),
        Rule::updates("compute instances update|create", "set it back to what it was")
            .when(&[("--no-deletion-protection", UNPROTECTED)]),
        Rule::updates("compute instances reset", "it comes back by itself"),
        Rule::updates("compute instance-groups managed rolling-action *", "roll it back"),
        Rule::updates("compute instance-groups managed recreate-instances", "they are made anew"),
        Rule::updates("compute instance-groups managed resize", "scale it back"),
        Rule::creates("compute disks snapshot", "delete the snapshot"),
        Rule::updates("compute images deprecate", "make it active again"),
        Rule::updates("compute url-maps invalidate-cdn-cache", "the cache fills again"),
        // containers
        Rule::updates(
            "container clusters get-credentials",
            "remove the context from the kubeconfig",
        ),
        Rule::updates(
            "container hub|fleet memberships get-credentials",
            "remove the context again",
        ),
        Rule::updates("container clusters update", "set it back to what it was").when(&[
            ("--logging=NONE", Does::Destroys(Verb::Grant, "what happens is no longer recorded")),
            ("--no-enable-master-authorized-networks", GRANTED),
        ]),
        Rule::reads("container hub|fleet config-management|policycontroller status|version"),
        Rule::reads("app|functions logs read|tail"),
        Rule::updates("container images untag", "tag it again"),
        Rule::creates("container images add-tag", "remove the tag"),
        // sql
        Rule::opaque("sql connect", SESSION),
        Rule::asks("sql instances execute-sql", sql),
        Rule::updates("sql instances patch", "set it back to what it was").when(&[
            ("--no-backup", NO_BACKUPS),
            ("--no-enable-point-in-time-recovery", NO_BACKUPS),
            ("--no-deletion-protection", UNPROTECTED),
            ("--no-enable-bin-log", NO_BACKUPS),
        ]),
        Rule::deletes("sql backups restore", "what was written since the backup is gone"),
        Rule::deletes("sql instances restore-backup", "what was written since the backup is gone"),
        Rule::updates("sql instances reset-ssl-config", "hand the new certificates out"),
        Rule::reveals("sql generate-login-token", "the token runs out"),
        // storage
        Rule::reads("storage ls|cat|du|hash"),
        Rule::updates("storage cp|mv", "remove the copy; put an overwritten version back")
            .when(&CANNED),
        Rule::updates("storage rsync", "remove what was copied; put overwritten versions back")
            .when(&[
                (
                    "--delete-unmatched-destination-objects",
                    Does::Destroys(
                        Verb::Delete,
                        "whatever the source does not have is deleted at the target",
                    ),
                ),
                CANNED[0],
                CANNED[1],
                CANNED[2],
                CANNED[3],
            ])
            .dry(&["--dry-run"]),
        Rule::deletes("storage rm", "the objects are gone, unless versions are kept"),
        Rule::reveals("storage sign-url", "the address runs out"),
        Rule::grants("storage hmac create", "delete the key"),
        Rule::updates("storage buckets update", "set it back to what it was").when(&[
            (
                "--no-versioning",
                Does::Destroys(Verb::Grant, "what is overwritten from here on is gone"),
            ),
            (
                "--clear-soft-delete",
                Does::Destroys(Verb::Grant, "what is deleted from here on is gone"),
            ),
            ("--clear-retention-period", UNPROTECTED),
            ("--no-public-access-prevention", GRANTED),
            ("--lifecycle-file", Does::Opaque("which objects its rules delete is not given")),
            ("--predefined-acl=publicRead", PUBLIC),
            ("--predefined-acl=publicReadWrite", PUBLIC),
        ]),
        Rule::updates("storage objects update", "set it back to what it was").when(&[
            CANNED[0],
            CANNED[1],
            CANNED[2],
            ("--no-temporary-hold", UNPROTECTED),
            ("--no-event-based-hold", UNPROTECTED),
            ("--clear-retention", UNPROTECTED),
            ("--add-acl-grant=entity=AllUsers,role=READER", PUBLIC),
        ]),
        Rule::creates("storage batch-operations jobs create", "cancel the job").when(&[(
            "--delete-object",
            Does::Destroys(Verb::Delete, "the objects are gone, unless versions are kept"),
        )]),
        Rule::creates("transfer jobs create|update", "delete the job").when(&[(
            "--delete-from",
            Does::Destroys(Verb::Delete, "objects are deleted when they are copied"),
        )]),
        Rule::reads("transfer jobs|operations monitor"),
        // keys and secrets
        Rule::reads("kms encrypt|raw-encrypt|mac-sign|mac-verify|asymmetric-sign"),
        Rule::reveals("kms decrypt|raw-decrypt|asymmetric-decrypt", "rotate what was decrypted"),
        Rule::exposes("kms keys versions disable", "nothing it encrypted can be read meanwhile"),
        Rule::reveals("secrets versions access", "rotate the secret"),
        Rule::grants("iam service-accounts keys create|upload", "delete the key"),
        Rule::deletes("privateca certificates revoke", "a revoked certificate never works again"),
        // logs
        Rule::creates("logging write", "an entry cannot be taken back, and harms nothing"),
        Rule::updates("logging buckets update", "set it back to what it was").when(&[(
            "--retention-days",
            Does::Destroys(Verb::Delete, "entries older than that are gone"),
        )]),
        Rule::updates("logging sinks update", "set it back to what it was").when(&[(
            "--disabled",
            Does::Destroys(Verb::Grant, "what happens is no longer recorded there"),
        )]),
        // builds, services, functions
        Rule::reads("builds log"),
        Rule::updates("run services proxy", "close the proxy"),
        Rule::updates("app instances enable-debug|disable-debug", "set it back"),
        Rule::opaque("app instances ssh", SESSION),
        Rule::reads("app browse|open-console"),
        Rule::updates("deploy apply", "apply the former definition"),
        // data
        Rule::asks("spanner databases execute-sql", sql),
        Rule::asks("spanner databases ddl update", ddl),
        Rule::opaque("spanner cli", SESSION),
        Rule::updates("spanner databases update", "set it back to what it was")
            .when(&[("--no-enable-drop-protection", UNPROTECTED)]),
        Rule::updates("firestore databases update", "set it back to what it was")
            .when(&[("--no-delete-protection", UNPROTECTED), ("--no-enable-pitr", NO_BACKUPS)]),
        Rule::deletes("datastore indexes cleanup", "indexes that the file does not have are gone"),
        Rule::deletes("filestore instances restore|revert", "what was written since is gone"),
        Rule::deletes("redis instances import", "what the instance held is replaced"),
        Rule::reads("pubsub subscriptions pull")
            .when(&[("--auto-ack", Does::Changes(Verb::Update, "publish the messages again"))]),
        Rule::updates("pubsub subscriptions ack", "publish the messages again"),
        Rule::deletes("pubsub subscriptions seek", "where the subscription had got to is lost"),
        Rule::updates("dataflow jobs cancel|drain", "run the job again"),
        Rule::updates("dataproc jobs kill", "submit the job again"),
        // names
        Rule::updates("dns record-sets transaction start|add|remove|abort", "begin it again"),
        Rule::opaque("dns record-sets transaction execute", "what it changes is not given"),
        Rule::creates("dns record-sets import", "delete what was imported").when(&[(
            "--delete-all-existing",
            Does::Destroys(Verb::Delete, "the zone's records are replaced"),
        )]),
        // policies
        Rule::exposes(
            "resource-manager org-policies disable-enforce",
            "the policy no longer holds",
        ),
        Rule::exposes(
            "resource-manager|org-policies org-policies delete",
            "the policy no longer holds",
        ),
        Rule::exposes("org-policies reset|delete", "the policy no longer holds"),
        Rule::updates("resource-manager org-policies allow|deny", "set the former policy"),
        Rule::updates("app instances scp", "remove the copies"),
        Rule::updates("cloud-shell scp", "remove the copies"),
        Rule::updates("app repair", "it is set to its defaults again"),
        Rule::runs("firebase test android|ios run", "tests only"),
    ],
    verbs: &[
        ("add-iam-policy-binding", Does::Asks(binding)),
        ("set-iam-policy", Does::Changes(Verb::Grant, "set the former policy again")),
        ("set-policy", Does::Changes(Verb::Grant, "set the former policy again")),
        ("remove-iam-policy-binding", Does::Changes(Verb::Update, "add the binding again")),
        ("test-*", Does::Reads),
        ("detect-*", Does::Reads),
        ("classify-*", Does::Reads),
        ("recognize-*", Does::Reads),
        ("suggest-*", Does::Reads),
        ("tail-*", Does::Reads),
        ("wait-*", Does::Reads),
        ("lint-*", Does::Reads),
        ("explain", Does::Reads),
        ("watch", Does::Reads),
        ("diagnose", Does::Reads),
        ("analyze", Does::Reads),
        ("browse", Does::Reads),
        ("modify-*", Does::Changes(Verb::Update, "set it back to what it was")),
        ("mark-*", Does::Changes(Verb::Update, "mark it as before")),
        ("expand-*", Does::Changes(Verb::Update, "a range cannot shrink again, and harms nothing")),
        ("instantiate*", Does::Changes(Verb::Run, "cancel it")),
        ("bind", Does::Changes(Verb::Update, "unbind it")),
        ("unbind", Does::Changes(Verb::Update, "bind it again")),
        ("copy-*", Does::Changes(Verb::Create, "delete the copy")),
        ("renew-*", Does::Changes(Verb::Update, "it holds longer")),
        ("cancel-*", Does::Changes(Verb::Update, "start it again")),
        ("clear", Does::Destroys(Verb::Delete, "what it holds is gone")),
        ("troubleshoot-*", Does::Reads),
        ("fetch-*", Does::Reads),
        ("stream-logs", Does::Reads),
        ("print-settings", Does::Reads),
        ("predict", Does::Reads),
        ("recognize", Does::Reads),
        ("log", Does::Reads),
        ("lint", Does::Reads),
        ("reset", Does::Changes(Verb::Update, "it comes back by itself")),
        ("apply", Does::Changes(Verb::Update, "apply the former definition")),
        ("apply-*", Does::Changes(Verb::Update, "set it back to what it was")),
        ("drain", Does::Changes(Verb::Update, "start it again")),
        ("kill", Does::Changes(Verb::Update, "start it again")),
        ("sign-*", Does::Changes(Verb::Reveal, "what was signed runs out")),
        ("undeploy*", Does::Changes(Verb::Update, "deploy it again")),
        ("deploy-*", Does::Changes(Verb::Update, "undeploy it")),
        ("generate-*", Does::Changes(Verb::Create, "delete what it made")),
        ("recreate-*", Does::Changes(Verb::Update, "they are made anew")),
        ("abandon-*", Does::Changes(Verb::Update, "add them again")),
        ("move-*", Does::Changes(Verb::Update, "move it back")),
        ("replace-*", Does::Changes(Verb::Update, "set it back to what it was")),
        ("clear-*", Does::Changes(Verb::Update, "set it back to what it was")),
        ("rotate-*", Does::Changes(Verb::Update, "rotate again")),
        ("patch-*", Does::Changes(Verb::Update, "set it back to what it was")),
        ("simulate-maintenance-event", Does::Changes(Verb::Update, "it moves by itself")),
        ("simulate-*", Does::Reads),
        ("perform-maintenance", Does::Changes(Verb::Update, "it comes back by itself")),
        ("reschedule-maintenance", Does::Changes(Verb::Update, "schedule it again")),
        ("sign-and-create", Does::Changes(Verb::Create, "delete what it made")),
        ("restore-*", Does::Changes(Verb::Create, "delete what was restored")),
        ("bulk-delete", Does::Destroys(Verb::Delete, "the documents are gone")),
        ("revert", Does::Destroys(Verb::Delete, "what was written since is gone")),
    ],
};

const GRANTED: Does = Does::Destroys(Verb::Grant, "what kept strangers out no longer does");

/// Ways to say that everybody may read what is copied.
const CANNED: [(&str, Does); 4] = [
    ("--predefined-acl=publicRead", PUBLIC),
    ("--canned-acl=publicRead", PUBLIC),
    ("-a=publicRead", PUBLIC),
    ("--predefined-acl=public-read", PUBLIC),
];

/// Judges a call.
pub(super) fn call(call: &Call<'_>, judge: &mut Judge<'_>) {
    table::judge(&CLI, call, judge);
}

/// `gcloud … add-iam-policy-binding`: to whom.
fn binding(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let member = matched.value("--member");
    let everybody =
        member.is_some_and(|word| word.is("allUsers") || word.is("allAuthenticatedUsers"));
    let does =
        if everybody { PUBLIC } else { Does::Changes(Verb::Grant, "remove the binding again") };
    matched.does(does, Named::Operands, judge);
}

/// `gcloud compute ssh HOST --command '…'`, or with the command behind `--`.
fn ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.has("--dry-run") {
        return judge.reads("gcp:compute", matched.names(judge), matched.span());
    }
    if let Some(command) = matched.value("--command") {
        judge.script(command, &Variables::default(), &Data::Nothing);
        return;
    }
    let host = matched.operands.first().map(|word| (*word).clone());
    if matched.operands.len() < 2 {
        return judge.opaque(matched.span(), SESSION);
    }
    // What stands behind `--` goes to ssh as it is.
    let span = matched.span();
    let mut words = vec![Word::made("ssh", span)];
    words.extend(host);
    words.extend(matched.operands.iter().skip(1).map(|word| (*word).clone()));
    judge.call(&matched.call.running(&words));
}

fn sql(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.value("--sql") {
        Some(query) => judge.sql(query, Dialect::Generic, "gcp:sql"),
        None => judge.opaque(matched.span(), "the statement is not given"),
    }
}

fn ddl(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let mut any = false;
    for query in matched.values(&["--ddl"]) {
        any = true;
        judge.sql(query, Dialect::Generic, "gcp:spanner");
    }
    if !any {
        judge.opaque(matched.span(), "the statements are not given");
    }
}
