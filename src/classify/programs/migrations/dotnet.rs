//! `dotnet`, with the tools of Entity Framework Core.
//!
//! From <https://learn.microsoft.com/en-us/ef/core/cli/dotnet> and
//! <https://learn.microsoft.com/en-us/dotnet/core/tools/>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Named, Program, Rule},
    BACK, DOWN,
};
use crate::{
    classify::Judge,
    domain::{PlaceKind, Verb},
};

/// `dotnet` and `dotnet-ef`.
pub(super) const DOTNET: Program =
    Program { names: &["dotnet", "dotnet-ef"], how: How::Table(&CLI) };

static CLI: Cli = Cli {
    valued: &[
        "-p",
        "--project",
        "-s",
        "--startup-project",
        "-c",
        "--context",
        "--configuration",
        "--framework",
        "-f",
        "-r",
        "--runtime",
        "-o",
        "--output",
        "--connection",
        "--msbuildprojectextensionspath",
        "--source",
        "-k",
        "--api-key",
        "--version",
        "--filter",
        "--logger",
        "-v",
        "--verbosity",
        "--namespace",
        "--output-dir",
        "--tool-path",
        "--launch-profile",
        "--provider",
    ],
    flags: &[
        "--force",
        "--dry-run",
        "--no-build",
        "--no-restore",
        "--verbose",
        "--json",
        "--idempotent",
        "--self-contained",
        "--global",
        "-g",
        "--nologo",
        "--interactive",
        "--verify-no-changes",
        "--non-interactive",
        "--no-connect",
    ],
    places: &[
        ("--environment", PlaceKind::Name),
        ("ASPNETCORE_ENVIRONMENT", PlaceKind::Name),
        ("DOTNET_ENVIRONMENT", PlaceKind::Name),
    ],
    harmless: &["--help", "-h", "-?", "--info", "--list-sdks", "--list-runtimes"],
    rules: &[
        Rule::reads(""),
        Rule::deletes("ef database drop", "the database and everything in it are gone")
            .dry(&["--dry-run"]),
        Rule::deletes("database drop", "the database and everything in it are gone")
            .dry(&["--dry-run"]),
        Rule::asks("ef database update", update),
        Rule::asks("database update", update),
        Rule::creates("ef migrations add|bundle", "remove the files"),
        Rule::updates("ef migrations remove", "take the files from version control"),
        Rule::reads("ef migrations list|script|has-pending-model-changes"),
        Rule::reads("ef dbcontext info|list|script"),
        Rule::creates("ef dbcontext scaffold|optimize", "remove the files"),
        Rule::reads("ef"),
        Rule::runs(
            "build|test|restore|publish|pack|clean|vstest|msbuild|build-server|watch|run|\
             format|dev-certs|workload",
            "it is made again",
        ),
        Rule::reads("format").when(&[("--verify-no-changes", Does::Reads)]),
        Rule::reads("list|sdk|help|--version"),
        Rule::reads("nuget list|why|verify"),
        Rule::reads("package list|search"),
        Rule::reads("reference|sln|solution|tool list|search"),
        Rule::creates("new|add|sln|solution|reference|package|tool|store", "remove it again"),
        Rule::updates("remove", "add it again"),
        Rule::updates(
            "nuget add|update|remove|enable|disable|locals|sign|trust|config",
            "set it back",
        ),
        Rule::leaks("nuget push", "a published package cannot be taken back"),
        Rule::deletes("nuget delete", "the version of the package is no longer listed"),
        Rule::reveals("user-secrets list", "replace the secrets"),
        Rule::updates("user-secrets set|init|remove", "set it back"),
        Rule::deletes("user-secrets clear", "the secrets are gone"),
    ],
    otherwise: Does::Opaque("what this program does is not known"),
    ..Cli::new("dotnet")
};

/// Back to an earlier migration, the later ones are turned back.
fn update(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = match m.operands.first() {
        None => Does::Changes(Verb::Update, BACK),
        Some(target) if target.is("0") => Does::Destroys(Verb::Delete, DOWN),
        Some(_) => Does::Opaque("it may go back to an earlier migration"),
    };
    m.does(does, Named::Operands, judge);
}
