//! `pulumi` and `esc`.
//!
//! From <https://www.pulumi.com/docs/iac/cli/commands/> and <https://www.pulumi.com/docs/esc/cli/>,
//! 2026-11.

use crate::{
    classify::{
        Data, Judge,
        programs::{Cli, Does, Matched, Named, Rule},
    },
    domain::{PlaceKind, Verb},
};

const STACK: &str = "everything that the stack manages is gone";
const SHOWN: Does = Does::Changes(Verb::Reveal, "rotate the secrets shown");
const SHOWS: &[(&str, Does)] = &[("--show-secrets", SHOWN)];
const BACK: &str = "set the earlier value again";
const ONLY_SHOWN: &[&str] = &["--preview-only"];

/// The table of `pulumi`.
pub static PULUMI: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-C", "--cwd", "--color", "--memprofilerate", "--profiling", "--tracing", "-v", "--verbose",
        "-c", "--config", "--config-file", "--exclude", "-x", "-m", "--message", "-p", "--parallel",
        "--plan", "--save-plan", "--policy-pack", "--policy-pack-config", "-r", "--replace",
        "--target", "-t", "--target-replace", "--run-program-of", "--suppress-permalink",
        "--refresh", "--file", "--secrets-provider", "--copy-config-from", "--path-of", "-n",
        "--name", "--description", "--dir", "--import-file", "-f", "-o", "--out", "--parent",
        "--properties", "--provider", "-l", "--language", "--cloud-url", "--default-org",
        "--version", "--shell", "--format", "--dest", "--source", "--urn", "-i", "--git-branch",
        "--git-commit", "--git-repo-dir", "--exec-kind", "--teams", "--set",
    ],
    #[rustfmt::skip]
    flags: &[
        "-y", "--yes", "--diff", "--json", "-j", "--non-interactive", "--skip-preview",
        "--expect-no-changes", "-e", "--emoji", "--logtostderr", "--logflow",
        "--disable-integrity-checking", "--debug", "--show-config", "--show-reads", "--show-sames",
        "--show-full-output", "--show-replacement-steps", "--suppress-outputs",
        "--suppress-progress", "--target-dependents", "--continue-on-error", "--exclude-protected",
        "--remove", "--secret", "--plaintext", "--path", "--force", "--all", "-a",
        "--generate-only", "--preserve-config", "--clear-pending-creates", "--run-program",
        "--strict",
    ],
    #[rustfmt::skip]
    places: &[
        ("-s", PlaceKind::Name), ("--stack", PlaceKind::Name), ("PULUMI_STACK", PlaceKind::Name),
        ("AWS_PROFILE", PlaceKind::Profile),
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads(""),
        Rule::reads(
            "preview|pre|whoami|about|logs|log|version|help|gen-completion|schema|console|\
             view-trace",
        ),
        Rule::asks("up|update", up).dry(ONLY_SHOWN).flags(&["-f", "-r", "--refresh"]),
        Rule::deletes("destroy|down|dn", STACK).dry(ONLY_SHOWN).flags(&["-f", "-r", "--refresh"]),
        Rule::updates("refresh", "import the earlier state").dry(ONLY_SHOWN).flags(&["-f"]),
        Rule::opaque("watch", "every change to the program is applied unseen"),
        Rule::exposes("cancel", "a running update is cut off, and its lock with it"),
        Rule::creates("import", "remove it from the state again"),
        Rule::reads("stack $").when(SHOWS),
        Rule::reads("stack ls|graph|history|get").when(SHOWS),
        Rule::reads("stack output").when(SHOWS),
        Rule::reads("stack export").when(SHOWS),
        Rule::reads("stack tag ls|get"),
        Rule::updates("stack tag set|rm", BACK),
        Rule::updates(
            "stack init|new|select|unselect|rename|change-secrets-provider|schedule|webhook",
            BACK,
        ),
        Rule::deletes(
            "stack rm|remove|delete",
            "the stack, its history and its configuration are gone",
        ),
        Rule::overwrites("stack import", "the state that was there is written over"),
        Rule::reads("state $"),
        Rule::deletes("state delete", "the state no longer knows what it manages"),
        Rule::exposes("state unprotect", "the guard against deletion is gone"),
        Rule::updates(
            "state rename|move|upgrade|repair|edit|taint|untaint|protect",
            "edit it back",
        ),
        Rule::reads("config $").when(SHOWS),
        Rule::reads("config env ls"),
        Rule::new("config get", SHOWN),
        Rule::updates("config set|set-all|rm|rm-all|cp|refresh|env", BACK),
        Rule::reads("history|hist").when(SHOWS),
        Rule::updates(
            "login|logout|new|convert|convert-trace|install|template|query",
            "log in or set it up again",
        ),
        Rule::reads("plugin|policy|org|package|deployment|env|project $"),
        Rule::reads("plugin|policy|org|project ls|get-default|get|validate-config"),
        Rule::updates("plugin install|rm", "install it again"),
        Rule::updates("policy enable|new|publish|install", "disable it"),
        Rule::exposes("policy disable|rm", "the rules no longer hold anything back"),
        Rule::updates("org set-default|search", BACK),
        Rule::updates(
            "package add|gen-sdk|get-schema|get-mapping|info|publish|publish-sdk",
            "check the files out again",
        ),
        Rule::opaque("deployment run", "what the program in that repository does is not given"),
        Rule::updates("deployment settings", BACK),
        Rule::reads("env ls|version|diff"),
        Rule::reads("env version history|tag|retract"),
        Rule::new("env get|open", SHOWN),
        Rule::updates("env set|edit|init|clone|rotate|tag", BACK),
        Rule::deletes("env rm", "the environment and its secrets are gone"),
        Rule::asks("env run", run).ends(1),
        Rule::asks("run", run).ends(1),
    ],
    ..Cli::new("pulumi")
};

/// `pulumi up`: who says yes.
fn up(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let skips = matched.call.variables.get("PULUMI_SKIP_CONFIRMATIONS");
    let told = matched.dry(&["-y", "--yes", "-f", "--skip-preview"])
        || skips.is_some_and(|value| value.is("true") || value.is("1"));
    let answered = match matched.call.stdin {
        Data::Nothing => false,
        Data::Text(text) => text.has_holes() || text.text().contains("yes"),
        Data::Unknown(_) => true,
    };
    if told || answered {
        let lost = "it is applied unseen: whatever it replaces or deletes is gone";
        matched.does(Does::Destroys(Verb::Update, lost), Named::Option("--stack"), judge);
    } else {
        judge.opaque(matched.span(), "what it would do is in a preview that is not given");
    }
}

/// `pulumi env run ENVIRONMENT -- COMMAND`.
fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.rest {
        [dashes, words @ ..] if dashes.is("--") && !words.is_empty() => {
            judge.call(&matched.call.running(words));
        }
        [] => judge.opaque(matched.span(), "what it runs is not said"),
        words => {
            judge.call(&matched.call.running(words));
        }
    }
}
