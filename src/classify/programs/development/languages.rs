//! The tools of the other languages: Go, .NET, PHP, Ruby, Elixir, Swift, Dart, and their registries.
//!
//! From <https://pkg.go.dev/cmd/go>, <https://learn.microsoft.com/dotnet/core/tools/>,
//! <https://getcomposer.org/doc/03-cli.md>, <https://guides.rubygems.org/command-reference/>,
//! <https://bundler.io/man/bundle.1.html>, <https://hexdocs.pm/mix/>, <https://dart.dev/tools/pub>,
//! <https://guides.cocoapods.org/terminal/commands.html>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule, Style},
    python::runs_rest,
    scripts::{NOT_GIVEN, RUN, is_usual, tasks},
};
use crate::{classify::Judge, domain::Verb};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["go"], &GO),
    Program::table(&["gofmt", "gofumpt", "goimports"], &GOFMT),
    Program::table(&["goreleaser"], &GORELEASER),
    Program::table(&["nuget", "paket"], &NUGET),
    Program::table(&["msbuild", "xbuild", "csc", "fsc"], &BUILDS),
    Program::table(&["java"], &JAVA),
    Program::table(&["javap", "jdeps", "jinfo", "jconsole"], &LOOKS),
    Program::table(&["composer"], &COMPOSER),
    Program::table(&["gem"], &GEM),
    Program::table(&["bundle", "bundler"], &BUNDLE),
    Program::table(&["swift", "xcodebuild", "xcrun", "fastlane", "carthage"], &SWIFT),
    Program::table(&["pod"], &POD),
    Program::table(&["dart", "flutter", "pub", "fvm"], &DART),
    Program::table(&["jsr", "vsce", "ovsx", "web-ext"], &STORES),
    Program::table(
        &[
            "cabal", "stack", "opam", "dune", "luarocks", "cpanm", "conan", "vcpkg", "nimble",
            "shards", "zig", "rebar3", "gleam", "raco",
        ],
        &OTHERS,
    ),
];

const PUBLISHED: Does = Does::Destroys(
    Verb::Reveal,
    "what is published can be copied by everybody, and its version is used up",
);
const GONE: Does =
    Does::Destroys(Verb::Delete, "the published version is gone for everybody who uses it");
const AGAIN: &str = "install the old versions again";
const BUILT: &str = "what the built program does is not known";
const ANOTHER: Does = Does::Opaque("this option runs another program");

static GO: Cli = Cli {
    style: Style::Single,
    harmless: &["-help", "-h"],
    valued: &[
        "-o",
        "-p",
        "-run",
        "-bench",
        "-benchtime",
        "-count",
        "-cpu",
        "-timeout",
        "-tags",
        "-ldflags",
        "-gcflags",
        "-asmflags",
        "-mod",
        "-modfile",
        "-C",
        "-f",
        "-coverprofile",
        "-coverpkg",
        "-covermode",
        "-exec",
        "-toolexec",
        "-vettool",
        "-overlay",
        "-fuzz",
        "-fuzztime",
        "-parallel",
        "-list",
        "-skip",
        "-shuffle",
        "-cpuprofile",
        "-memprofile",
        "-pkgdir",
        "-buildmode",
        "-outputdir",
    ],
    flags: &[
        "-v",
        "-race",
        "-short",
        "-cover",
        "-json",
        "-m",
        "-u",
        "-n",
        "-x",
        "-a",
        "-w",
        "-s",
        "-failfast",
        "-trimpath",
        "-i",
        "-benchmem",
        "-all",
        "-deps",
        "-test",
        "-versions",
        "-e",
    ],
    rules: &[
        Rule::new("build|test|vet|install|fix|tool|clean|fmt|get", RUN).when(&[
            ("-exec", ANOTHER),
            ("-toolexec", ANOTHER),
            ("-vettool", ANOTHER),
        ]),
        Rule::reads("list|version|doc|help|env|bug|telemetry"),
        Rule::reads("env").when(&[
            ("-w", Does::Changes(Verb::Update, "go env -u")),
            ("-u", Does::Changes(Verb::Update, "go env -w")),
        ]),
        Rule::reads("mod graph|why|verify"),
        Rule::updates("mod tidy|download|init|edit|vendor", "put go.mod and go.sum back"),
        Rule::updates("work init|use|sync|edit|vendor", "put go.work back"),
        Rule::opaque("run", BUILT),
        Rule::opaque("generate", NOT_GIVEN),
    ],
    ..Cli::new("go")
};
static GOFMT: Cli = Cli {
    style: Style::Single,
    valued: &["-r", "-cpuprofile", "-local", "-srcdir"],
    rules: &[
        Rule::reads("**").when(&[("-w", Does::Changes(Verb::Update, "put the old text back"))])
    ],
    ..Cli::new("go")
};
static GORELEASER: Cli = Cli {
    valued: &["-f", "--config", "--timeout", "-p", "--parallelism"],
    rules: &[
        Rule::reads("check|healthcheck|jsonschema|completion|help"),
        Rule::creates("build|init|continue", "remove what it has written"),
        Rule::new("release|publish|announce", PUBLISHED)
            .when(&[("--snapshot", RUN), ("--skip=publish", RUN)]),
    ],
    ..Cli::new("packages")
};

static NUGET: Cli = Cli {
    style: Style::Single,
    valued: &["-Source", "-ApiKey", "-ConfigFile", "-OutputDirectory", "-Version"],
    rules: &[
        Rule::reads("list|search|help|verify|locals"),
        Rule::updates(
            "install|update|restore|pack|config|sources|add|init|sign|spec|setapikey|\
             remove|outdated",
            AGAIN,
        ),
        Rule::new("push", PUBLISHED),
        Rule::new("delete", GONE),
    ],
    ..Cli::new("packages")
};
static BUILDS: Cli = Cli { rules: &[Rule::new("**", RUN)], ..Cli::new("build") };
static JAVA: Cli = Cli {
    style: Style::Single,
    harmless: &["-help", "-version", "-h", "-fullversion", "-showversion"],
    rules: &[Rule::opaque("**", BUILT)],
    ..Cli::new("java")
};
static LOOKS: Cli = Cli { rules: &[Rule::reads("**")], ..Cli::new("java") };
static COMPOSER: Cli = Cli {
    abbreviates: true,
    harmless: &["--help", "--version", "-h", "-V"],
    valued: &["-d", "--working-dir", "--repository", "-s", "--stability", "--prefer-install"],
    rules: &[
        Rule::updates(
            "install|i|update|u|upgrade|require|r|remove|rm|dump-autoload|dumpautoload|\
             create-project|init|config|global|bump|reinstall|self-update|selfupdate|\
             clear-cache|clearcache|cc|archive|repository",
            AGAIN,
        )
        .dry(&["--dry-run"]),
        Rule::reads(
            "show|info|outdated|validate|audit|licenses|depends|why|prohibits|why-not|\
             search|status|diagnose|about|list|help|fund|suggests|check-platform-reqs|\
             browse|home",
        ),
        Rule::asks("run-script|run", usual),
        Rule::asks("exec", runs_rest),
        Rule::reads(""),
        Rule::asks("*", usual_path),
    ],
    ..Cli::new("packages")
};
static GEM: Cli = Cli {
    valued: &[
        "-v",
        "--version",
        "-i",
        "--install-dir",
        "-k",
        "--key",
        "--host",
        "-a",
        "--add",
        "-r",
        "--remove",
        "-s",
        "--source",
        "--otp",
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads(
            "list|search|query|info|environment|env|outdated|dependency|specification|\
             which|contents|help|check|stale|sources|rdoc|server|lock|open",
        ),
        Rule::updates(
            "install|i|uninstall|update|cleanup|pristine|build|fetch|unpack|cert|signin|\
             signout|mirror|rebuild",
            AGAIN,
        ),
        Rule::grants("owner", "add or remove the owner again"),
        Rule::new("push", PUBLISHED),
        Rule::new("yank", GONE),
    ],
    ..Cli::new("packages")
};
static BUNDLE: Cli = Cli {
    valued: &["--gemfile", "--path", "--jobs", "-j", "--without", "--with", "--group", "-g"],
    rules: &[
        Rule::updates(
            "install|update|add|remove|lock|clean|cache|package|pristine|init|binstubs|\
             gem|config|plugin|inject",
            AGAIN,
        ),
        Rule::updates("", AGAIN),
        Rule::reads(
            "list|show|info|outdated|check|doctor|platform|open|viz|licenses|audit|help|\
             version|env|issue|fund",
        ),
        Rule::reads("config list|get"),
        Rule::asks("exec|e", runs_rest),
        Rule::opaque("console", "what is typed there is not known"),
    ],
    ..Cli::new("packages")
};

static SWIFT: Cli = Cli {
    valued: &[
        "-c",
        "--configuration",
        "--package-path",
        "-scheme",
        "-project",
        "-workspace",
        "-sdk",
        "-destination",
    ],
    rules: &[
        Rule::new(
            "build|test|package|format|update|bootstrap|checkout|simctl|swiftlint|\
             analyze|archive|clean|xctest|lint|scan|gym|snapshot",
            RUN,
        ),
        Rule::reads("-list|help|show-sdk|outdated|validate"),
        Rule::opaque("run|release|deliver|pilot|supply|beta|deploy|match|sigh", BUILT),
        Rule::new("", RUN),
        Rule::asks("**", tasks),
    ],
    ..Cli::new("build")
};
static POD: Cli = Cli {
    rules: &[
        Rule::updates(
            "install|update|init|deintegrate|cache|repo|setup|lib|spec|plugins|ipc|keys",
            AGAIN,
        ),
        Rule::reads("outdated|list|search|env|help|try"),
        Rule::reads("repo|lib|spec|cache list|lint|cat|which"),
        Rule::new("trunk push", PUBLISHED),
        Rule::new("trunk delete", GONE),
        Rule::updates("trunk deprecate|add-owner|remove-owner|register", "set it back"),
        Rule::reads("trunk me|info"),
        Rule::new("repo push", PUBLISHED),
    ],
    ..Cli::new("packages")
};
static DART: Cli = Cli {
    valued: &[
        "-d",
        "--device-id",
        "-t",
        "--target",
        "--flavor",
        "-C",
        "--directory",
        "-o",
        "--output",
    ],
    rules: &[
        Rule::new(
            "build|test|compile|analyze|format|fix|create|doc|clean|upgrade|downgrade|\
             precache|gen-l10n|drive|install|config|channel|use|get|global|bump|add|\
             remove|cache|activate|deactivate",
            RUN,
        ),
        Rule::reads(
            "doctor|devices|emulators|help|info|logs|screenshot|symbolize|deps|outdated|\
             list",
        ),
        Rule::updates(
            "pub get|upgrade|add|remove|cache|downgrade|global|login|logout|token|unpack|\
             bump",
            AGAIN,
        )
        .dry(&["-n", "--dry-run"]),
        Rule::reads("pub deps|outdated"),
        Rule::new("pub publish|lish", PUBLISHED).dry(&["-n", "--dry-run"]),
        Rule::new("publish", PUBLISHED).dry(&["-n", "--dry-run"]),
        Rule::opaque("run|attach", BUILT),
    ],
    ..Cli::new("packages")
};

static STORES: Cli = Cli {
    valued: &["-p", "--pat", "-i", "--packagePath", "-o", "--out"],
    rules: &[
        Rule::reads("ls|list|show|search|verify-pat|lint|get|ls-publishers|help|info"),
        Rule::creates(
            "package|build|create-namespace|login|logout|run|add|remove|install",
            "remove what it has written",
        ),
        Rule::new("publish|sign", PUBLISHED).dry(&["--dry-run"]),
        Rule::new("unpublish|delete-publisher", GONE),
    ],
    ..Cli::new("packages")
};
static OTHERS: Cli = Cli {
    rules: &[
        Rule::new(
            "build|test|check|compile|install|update|upgrade|init|new|clean|haddock|\
             configure|freeze|fetch|get|deps|bench|fmt|format|lock|add|remove|uninstall|\
             create|setup|pin|switch|reinstall|integrate|make|spec|docs|xref|dialyzer|\
             eunit|ct|cover|source|profile|build-exe|build-lib|tool|pack|doc|prune",
            RUN,
        ),
        Rule::reads(
            "list|info|search|show|outdated|path|ls|dump|depends|var|config|env|version|\
             help|targets|tree|graph|inspect|describe|ide|query|lint|external-lib-deps",
        ),
        Rule::new("upload|publish|push|hex", PUBLISHED).dry(&["--dry-run", "--check"]),
        Rule::opaque("run|exec|repl|ghci|eval", BUILT),
        Rule::new("**", RUN),
    ],
    ..Cli::new("packages")
};

fn usual(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(name) = matched.operands.first() else {
        let does =
            if matched.path.iter().any(|word| is_usual(word.text())) { RUN } else { Does::Reads };
        return matched.does(does, Named::Nothing, judge);
    };
    if name.known().is_some_and(is_usual) {
        matched.does(RUN, Named::Operands, judge);
    } else {
        judge.opaque(matched.span().with(name.span()), NOT_GIVEN);
    }
}

/// `composer test` is a script of `composer.json`.
fn usual_path(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.path.iter().all(|word| word.known().is_some_and(is_usual)) {
        matched.does(RUN, Named::Nothing, judge);
    } else {
        judge.opaque(matched.span(), NOT_GIVEN);
    }
}
