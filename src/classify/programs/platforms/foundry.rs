//! `cf` of Cloud Foundry, after cli.cloudfoundry.org (v8, read 2026-11).

use super::inner;
use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::PlaceKind,
};

fn curl(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::asks(matched, "https://api.cf", judge);
}

fn ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs_option(matched, &["-c", "--command"], judge);
}

/// The table.
pub static CF: Cli = Cli {
    valued: &[
        "-b",
        "-c",
        "-d",
        "-f",
        "-i",
        "-k",
        "-m",
        "-n",
        "-o",
        "-p",
        "-s",
        "-t",
        "-u",
        "-X",
        "-H",
        "--command",
        "--hostname",
        "--path",
        "--port",
        "--strategy",
        "--docker-image",
        "--var",
        "--vars-file",
        "--name",
        "--process",
        "--instances",
        "--memory",
        "-a",
        "--timeout",
    ],
    flags: &[
        "--no-route",
        "--no-start",
        "--random-route",
        "-r",
        "--force",
        "--wait",
        "--recent",
        "--sso",
        "--no-wait",
    ],
    places: &[("-o", PlaceKind::Account), ("-s", PlaceKind::Name)],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads(
            "apps|a|app|services|s|service|routes|r|route|orgs|o|org|spaces|space|domains|\
             logs|events|target|t|buildpacks|stacks|stack|quotas|quota|marketplace|m|tasks|\
             task|droplets|packages|revisions|revision|processes|features|feature-flags|\
             feature-flag|plugins|help|version|org-users|space-users|router-groups|\
             isolation-segments|security-groups|security-group|service-keys|\
             service-brokers|network-policies|labels|health-check|get-health-check|\
             check-route|api|config|ssh-enabled|ssh-code|curl-help|space-quotas|org-quotas|\
             running-security-groups|staging-security-groups|app-manifest|\
             create-app-manifest|validate|lookup-route|sidecars|env-list",
        ),
        Rule::reveals(
            "env|e|service-key|running-environment-variable-group|revg|oauth-token|ssh-code",
            "rotate what it shows",
        ),
        Rule::updates(
            "push|p|scale|start|st|stop|sp|restart|rs|restage|rg|restart-app-instance|\
             rollback|stage|stage-package|continue-deployment|cancel-deployment|\
             set-droplet|copy-source|copy-package",
            "push or start what was there before",
        ),
        Rule::updates(
            "login|l|logout|lo|auth|passwd|set-space-role|unset-space-role|set-org-role|\
             unset-org-role|rename|rename-org|rename-space|rename-service",
            "change it back",
        ),
        Rule::updates(
            "bind-service|bs|unbind-service|us|bind-route-service|unbind-route-service|\
             map-route|unmap-route|set-env|se|unset-env|share-service|unshare-service|\
             share-route|unshare-route|move-route|set-label|unset-label|allow-space-ssh|\
             disallow-space-ssh|terminate-task|cancel-task|bind-security-group|\
             unbind-security-group|add-network-policy|remove-network-policy|target|\
             install-plugin|uninstall-plugin|set-health-check|apply-manifest|\
             upgrade-service",
            "bind, map or set it again",
        ),
        Rule::updates(
            "cs|create-service|csk|create-user|create-org|create-space|co|csp",
            "delete it",
        ),
        Rule::deletes("delete|d|delete-app", "the app is gone"),
        Rule::deletes("ds|dsk|delete-service", "the service and its data are gone"),
        Rule::asks("curl", curl),
        Rule::asks("ssh", ssh),
        Rule::asks("run-task|rt", ssh),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("cloudfoundry")
};
