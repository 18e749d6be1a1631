//! Programs that only look at clusters, manifests and images.
//!
//! From the pages of each: `stern`, `kubeconform`, `kube-score`, `polaris`, `popeye`, `pluto`,
//! `dive`, `trivy`, `grype`, `hadolint`, `kustomize`, `k9s`, `kubectx`, 2026-11.

use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Named, Rule},
    },
    domain::{PlaceKind, Verb},
};

/// The table of whatever only looks.
pub static LOOKING: Cli = Cli {
    valued: &["-f", "-o", "--output", "--format", "-s", "--severity", "--timeout"],
    places: &[
        ("--context", PlaceKind::Context),
        ("-n", PlaceKind::Name),
        ("--namespace", PlaceKind::Name),
    ],
    rules: &[Rule::reads("**")],
    ..Cli::new("files")
};

/// The table of `kustomize`.
pub static KUSTOMIZE: Cli = Cli {
    valued: &["-o", "--output", "--load-restrictor", "--helm-command", "--stack-trace"],
    rules: &[
        Rule::reads(""),
        Rule::reads("build").when(&[(
            "--enable-exec",
            Does::Opaque("what the programs that it runs do is not given"),
        )]),
        Rule::reads("version|cfg|help|completion|localize|openapi"),
        Rule::updates("create|edit|fix", "check the file out again"),
    ],
    ..Cli::new("files")
};

/// The table of `k9s`, `lazydocker` and their like, which a person works in.
pub static INTERACTIVE: Cli = Cli {
    valued: &["-c", "--command", "-l", "--logLevel", "-r", "--refresh", "--kubeconfig", "-f"],
    places: &[
        ("--context", PlaceKind::Context),
        ("-n", PlaceKind::Name),
        ("--namespace", PlaceKind::Name),
    ],
    rules: &[
        Rule::reads("version|info|help|completion"),
        Rule::asks("**", interactive).dry(&["--readonly"]),
    ],
    ..Cli::new("kubernetes")
};

fn interactive(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    judge.opaque(matched.span(), "what is typed into it is not known");
}

/// The table of `kubectx` and `kubens`.
pub static SWITCH: Cli = Cli {
    rules: &[Rule::asks("**", switch)
        .when(&[("-d", Does::Destroys(Verb::Delete, "the context is gone from the configuration"))])
        .dry(&["-c", "--current"])],
    ..Cli::new("kubernetes")
};

/// Without a name it lists, with one it switches.
fn switch(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = if matched.operands.is_empty() && !matched.has("-u") {
        Does::Reads
    } else {
        Does::Changes(Verb::Update, "switch back")
    };
    matched.does(does, Named::Operands, judge);
}
