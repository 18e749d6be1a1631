//! `dokku`, after dokku.com/docs (0.35, read 2026-11).

use super::inner;
use crate::{
    classify::{
        Call, Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::Verb,
};

fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs(matched, 1, &["-e", "--env", "--ttl-seconds"], judge);
}

const REVEALS: Does = Does::Changes(Verb::Reveal, "rotate what it shows");

static DOKKU: Cli = Cli {
    valued: &[
        "-e",
        "--env",
        "--ttl-seconds",
        "--app",
        "--num",
        "-n",
        "--image-version",
        "--remote",
    ],
    flags: &[
        "--force",
        "-f",
        "--no-restart",
        "--all",
        "--global",
        "-t",
        "--tail",
        "--quiet",
        "--rm",
        "--detach",
    ],
    rules: &[
        Rule::reads(
            "apps|config|domains|certs|ps|help|version|storage|network|nginx|ports|proxy|\
             plugin|ssh-keys|git|checks|cron|builder|buildpacks|docker-options|registry|\
             scheduler|resource|trace|url|urls $",
        ),
        Rule::reads("logs|events|trace"),
        Rule::reads("apps list|exists|report"),
        Rule::reads("ps inspect|report"),
        Rule::reads("* list|report|info|logs|exists|links|linked|help"),
        Rule::new("config show|get|export|bundle|keys", REVEALS),
        Rule::updates("config set|unset|clear|import", "set the old value"),
        Rule::updates("ps scale|restart|stop|start|rebuild|restore|set", "scale or start it again"),
        Rule::updates(
            "domains add|add-global|set|set-global|remove|remove-global|clear|clear-global|\
             enable|disable|reset",
            "set the domains again",
        ),
        Rule::deletes("apps destroy", "the app is gone"),
        Rule::updates("apps create|clone|rename|lock|unlock", "change it back"),
        Rule::deletes("* destroy", "it and its data are gone"),
        Rule::deletes("* import", "what the service held is overwritten"),
        Rule::updates(
            "* create|clone|link|unlink|start|stop|restart|upgrade|expose|unexpose|promote|pause",
            "change it back",
        ),
        Rule::new("* export", REVEALS),
        Rule::updates("* backup|backup-auth|backup-schedule", "delete the backup"),
        Rule::deletes("* backup-unschedule|backup-deauth", "backups are no longer made"),
        Rule::opaque("* connect|enter", "what is typed there later is not known"),
        Rule::opaque("enter", "what is typed there later is not known"),
        Rule::deletes("certs remove", "the certificate and its key are gone"),
        Rule::updates("certs add|update|generate", "set the old one"),
        Rule::updates(
            "letsencrypt enable|disable|auto-renew|revoke|cleanup|cron-job|set",
            "enable it again",
        ),
        Rule::updates("storage mount|unmount|ensure-directory", "mount it again"),
        Rule::updates(
            "git sync|from-image|from-archive|initialize|set|unlock|auth|allow-host|\
             generate-deploy-key",
            "deploy what was there before",
        ),
        Rule::updates("cleanup", "only what had ended is cleaned up"),
        Rule::updates(
            "proxy|nginx|ports|checks|network|docker-options|buildpacks|builder|resource|\
             registry|scheduler|cron set|enable|disable|add|remove|clear|limit|reserve|\
             build-config|rebuild|create|login|run",
            "set it back",
        ),
        Rule::updates("plugin install|update|enable|disable|uninstall", "install it again"),
        Rule::updates("ssh-keys add|remove", "add the key again"),
        Rule::updates("repo gc|purge-cache", "the cache fills again"),
        Rule::asks("run", run),
        Rule::asks("run detached", run),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("dokku")
};

/// Judges a call of `dokku`.
pub fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    inner::topics(&DOKKU, call, judge);
}
