//! `cloudflared`, after developers.cloudflare.com/cloudflare-one/networks/connectors (read 2026-11).

use crate::classify::programs::{Cli, Rule};

/// The table.
pub static CLOUDFLARED: Cli = Cli {
    valued: &[
        "--config",
        "--url",
        "--hostname",
        "--token",
        "--credentials-file",
        "--origincert",
        "--loglevel",
        "--logfile",
        "--name",
        "-n",
        "--protocol",
        "--edge-ip-version",
        "--metrics",
        "--pidfile",
        "--tag",
        "--retries",
        "--app",
        "--app-url",
        "--destination",
    ],
    flags: &["--no-autoupdate", "-f", "--force", "--cascade", "--overwrite-dns", "--hello-world"],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads("version|help|tail|management"),
        Rule::reads("tunnel list|info|ready|diag"),
        Rule::reads("tunnel ingress validate|rule"),
        Rule::reads("tunnel route|vnet list|ip"),
        Rule::reads("tunnel route ip show|list|get"),
        Rule::reveals("tunnel token", "rotate the tunnel's secret"),
        Rule::reveals("access token", "log in again"),
        Rule::updates("tunnel $", "stop the tunnel"),
        Rule::updates("proxy-dns", "stop it"),
        Rule::updates(
            "tunnel|access run|login|create|cleanup|ssh-config|tcp|ssh|rdp|curl",
            "stop or delete it",
        ),
        Rule::updates("tunnel route dns|lb", "delete the record"),
        Rule::updates("tunnel route ip add", "delete the route"),
        Rule::deletes("tunnel route ip delete|rm", "the route is gone"),
        Rule::updates("tunnel vnet add|update", "delete the network"),
        Rule::deletes("tunnel vnet delete", "the network is gone"),
        Rule::deletes("tunnel delete", "the tunnel and its credentials are gone"),
        Rule::updates("service install|uninstall", "install it again"),
        Rule::updates("login|update", "log in again"),
    ],
    ..Cli::new("cloudflare")
};
