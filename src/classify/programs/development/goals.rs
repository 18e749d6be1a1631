//! Build tools whose operands are goals or tasks: Maven, Gradle, sbt, Bazel, rake, Rails' kin.
//!
//! From <https://maven.apache.org/ref/current/maven-core/lifecycles.html>,
//! <https://docs.gradle.org/current/userguide/command_line_interface.html>,
//! <https://www.scala-sbt.org/1.x/docs/Command-Line-Reference.html>, <https://bazel.build/reference/command-line-reference>
//! and <https://ruby.github.io/rake/>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule, Style},
    scripts::{NOT_GIVEN, RUN, is_usual},
};
use crate::{classify::Judge, domain::Verb};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["mvn", "mvnw", "mvnd"], &MVN),
    Program::table(&["gradle", "gradlew"], &GRADLE),
    Program::table(&["sbt", "mill", "lein", "bloop"], &SBT),
    Program::table(&["bazel", "bazelisk", "buck2", "pants", "please"], &BAZEL),
];

const PUBLISHED: Does = Does::Destroys(
    Verb::Reveal,
    "what is published can be copied by everybody, and its version is used up",
);
const DATABASE_GONE: Does = Does::Destroys(Verb::Delete, "the database and its rows are gone");
const MIGRATES: Does = Does::Changes(Verb::Update, "migrate back");
const OPAQUE: Does = Does::Opaque(NOT_GIVEN);

/// Goals by their whole name, or by how they begin (`x*`) or end (`*x`); the first that fits counts.
type Goals = &'static [(&'static str, Does)];

const MAVEN_GOALS: Goals = &[
    ("deploy", PUBLISHED),
    ("site-deploy", PUBLISHED),
    ("*deploy:deploy", PUBLISHED),
    ("deploy:*", PUBLISHED),
    ("release:perform", PUBLISHED),
    ("release:*", Does::Changes(Verb::Update, "release:rollback")),
    ("nexus-staging:*", PUBLISHED),
    ("*flyway:clean", DATABASE_GONE),
    ("*liquibase:dropAll", DATABASE_GONE),
    ("*liquibase:rollback", DATABASE_GONE),
    ("*flyway:info", Does::Reads),
    ("*flyway:validate", Does::Reads),
    ("*flyway:*", MIGRATES),
    ("*liquibase:status", Does::Reads),
    ("*liquibase:*", MIGRATES),
    ("dependency:tree", Does::Reads),
    ("dependency:list", Does::Reads),
    ("dependency:analyze", Does::Reads),
    ("dependency:*", RUN),
    ("help:*", Does::Reads),
    ("versions:display*", Does::Reads),
    ("versions:*", RUN),
    ("enforcer:*", Does::Reads),
    ("validate", Does::Reads),
    ("exec:*", OPAQUE),
    ("antrun:*", OPAQUE),
    ("groovy:*", OPAQUE),
    ("clean", RUN),
    ("compile", RUN),
    ("test-compile", RUN),
    ("process-*", RUN),
    ("generate-*", RUN),
    ("test", RUN),
    ("package", RUN),
    ("integration-test", RUN),
    ("verify", RUN),
    ("install", RUN),
    ("site", RUN),
    ("initialize", RUN),
    ("spring-boot:run", RUN),
    ("spring-boot:*", RUN),
    ("quarkus:dev", RUN),
    ("quarkus:build", RUN),
    ("surefire:*", RUN),
    ("failsafe:*", RUN),
    ("compiler:*", RUN),
    ("checkstyle:*", RUN),
    ("spotless:check", Does::Reads),
    ("spotless:*", RUN),
    ("spotbugs:*", RUN),
    ("pmd:*", RUN),
    ("sonar:sonar", RUN),
    ("jacoco:*", RUN),
    ("archetype:*", RUN),
    ("wrapper:*", RUN),
    ("jar:*", RUN),
    ("license:*", RUN),
    ("javadoc:*", RUN),
    ("*:help", Does::Reads),
];

const GRADLE_GOALS: Goals = &[
    ("publishToMavenLocal", RUN),
    ("publish*ToMavenLocal", RUN),
    ("publish*", PUBLISHED),
    ("uploadArchives", PUBLISHED),
    ("closeAndRelease*", PUBLISHED),
    ("release", PUBLISHED),
    ("bintrayUpload", PUBLISHED),
    ("flywayClean", DATABASE_GONE),
    ("dropAll", DATABASE_GONE),
    ("flywayInfo", Does::Reads),
    ("flywayValidate", Does::Reads),
    ("flyway*", MIGRATES),
    ("rollback*", DATABASE_GONE),
    ("tasks", Does::Reads),
    ("dependencies", Does::Reads),
    ("dependencyInsight", Does::Reads),
    ("projects", Does::Reads),
    ("properties", Does::Reads),
    ("help", Does::Reads),
    ("components", Does::Reads),
    ("buildEnvironment", Does::Reads),
    ("outgoingVariants", Does::Reads),
    ("dependencyUpdates", Does::Reads),
    ("spotlessCheck", Does::Reads),
    ("build", RUN),
    ("clean", RUN),
    ("assemble*", RUN),
    ("bundle*", RUN),
    ("check", RUN),
    ("test*", RUN),
    ("*Test", RUN),
    ("compile*", RUN),
    ("*Jar", RUN),
    ("jar", RUN),
    ("lint*", RUN),
    ("classes", RUN),
    ("*Classes", RUN),
    ("bootRun", RUN),
    ("install*", RUN),
    ("javadoc", RUN),
    ("wrapper", RUN),
    ("init", RUN),
    ("spotlessApply", RUN),
    ("ktlint*", RUN),
    ("detekt*", RUN),
    ("checkstyle*", RUN),
    ("jacoco*", RUN),
    ("connectedCheck", RUN),
    ("*CheckDebug", RUN),
];

const SBT_GOALS: Goals = &[
    ("publishLocal", RUN),
    ("publishM2", RUN),
    ("publish*", PUBLISHED),
    ("release", PUBLISHED),
    ("sonatype*", PUBLISHED),
    ("deploy", PUBLISHED),
    ("deps", Does::Reads),
    ("deps*", Does::Reads),
    ("dependencyTree", Does::Reads),
    ("projects", Does::Reads),
    ("show", Does::Reads),
    ("*compile*", RUN),
    ("test*", RUN),
    ("*/test", RUN),
    ("it", RUN),
    ("package*", RUN),
    ("assembly", RUN),
    ("jar", RUN),
    ("uberjar", RUN),
    ("clean", RUN),
    ("scalafmt*", RUN),
    ("scalafix*", RUN),
    ("doc", RUN),
    ("update", RUN),
    ("reload", RUN),
    ("new", RUN),
    ("check", RUN),
    ("install", RUN),
    ("stage", RUN),
];

fn fits(pattern: &str, goal: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => goal.contains(pattern.trim_matches('*')),
        (Some(end), None) => goal.ends_with(end),
        (None, Some(start)) => goal.starts_with(start),
        (None, None) => match pattern.split_once('*') {
            Some((start, end)) => goal.starts_with(start) && goal.ends_with(end),
            None => goal == pattern,
        },
    }
}

static MVN: Cli = Cli {
    style: Style::Single,
    harmless: &["-help", "-version", "-h", "-v"],
    valued: &[
        "-f",
        "-file",
        "-pl",
        "-projects",
        "-P",
        "-activate-profiles",
        "-s",
        "-settings",
        "-T",
        "-threads",
        "-rf",
        "-resume-from",
        "-l",
        "-log-file",
        "-t",
        "-gs",
        "-b",
    ],
    rules: &[Rule::asks("**", maven)],
    ..Cli::new("maven")
};
static GRADLE: Cli = Cli {
    valued: &[
        "-p",
        "-P",
        "-D",
        "--project-dir",
        "-b",
        "--build-file",
        "-g",
        "--gradle-user-home",
        "-x",
        "--exclude-task",
        "-I",
        "--init-script",
        "-c",
        "--tests",
        "--configuration",
        "--dependency",
        "--console",
        "--include-build",
        "--max-workers",
        "--type",
    ],
    rules: &[Rule::asks("**", gradle).dry(&["-m", "--dry-run"])],
    ..Cli::new("gradle")
};
static SBT: Cli = Cli { rules: &[Rule::asks("**", sbt)], ..Cli::new("build") };

static BAZEL: Cli = Cli {
    valued: &["--bazelrc", "--output_base", "-c", "--config", "-j", "--output_user_root"],
    rules: &[
        Rule::reads(
            "query|cquery|aquery|info|version|help|analyze-profile|dump|\
             canonicalize-flags|license|print_action|mod|targets|uquery|audit|log|list|\
             peek|dependencies|dependents|paths|roots",
        ),
        Rule::new(
            "build|test|coverage|fetch|sync|vendor|clean|shutdown|config|check|fmt|lint|\
             package|mobile-install|install|kill|cover|tailor|update-build-files|\
             generate-lockfiles|typecheck",
            RUN,
        ),
        Rule::opaque("run|repl|exec", "what the built program does is not known"),
        Rule::new("publish", PUBLISHED),
    ],
    ..Cli::new("build")
};

fn maven(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    goals(
        matched,
        MAVEN_GOALS,
        |goal| {
            // `group:plugin:version:goal` and `org.….x-maven-plugin:goal` are the plugin by its short name.
            let mut parts: Vec<&str> = goal.split('@').next().unwrap_or(goal).split(':').collect();
            if parts.len() < 2 {
                return parts.concat();
            }
            let last = parts.pop().unwrap_or_default();
            let plugin =
                parts.iter().find(|part| part.contains("maven") || part.contains("plugin"));
            let plugin = plugin.or(parts.first()).copied().unwrap_or_default();
            let plugin = plugin
                .trim_start_matches("maven-")
                .trim_end_matches("-maven-plugin")
                .trim_end_matches("-plugin");
            format!("{plugin}:{last}")
        },
        judge,
    );
}

fn gradle(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(script) = matched.value("-I").or_else(|| matched.value("--init-script")) {
        judge.opaque(script.span(), NOT_GIVEN);
    }
    goals(matched, GRADLE_GOALS, |goal| goal.rsplit(':').next().unwrap_or(goal).to_owned(), judge);
}

fn sbt(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    goals(
        matched,
        SBT_GOALS,
        |goal| {
            let first = goal.split_whitespace().next().unwrap_or(goal).trim_start_matches('+');
            first.rsplit(['/', ':']).next().unwrap_or(first).to_owned()
        },
        judge,
    );
}

fn goals(
    matched: &Matched<'_, '_>,
    known: Goals,
    short: impl Fn(&str) -> String,
    judge: &mut Judge<'_>,
) {
    let mut any = false;
    for word in &matched.operands {
        if word.text().contains('=') {
            continue;
        }
        any = true;
        let span = matched.span().with(word.span());
        let Some(goal) = word.known() else {
            judge.opaque(span, "which task runs is not known");
            continue;
        };
        let name = short(goal);
        let found = known.iter().find(|(pattern, _)| fits(pattern, &name)).map(|(_, does)| *does);
        match found.unwrap_or(if is_usual(&name) { RUN } else { OPAQUE }) {
            Does::Reads => judge.reads(matched.cli.service, goal, span),
            Does::Changes(verb, back) => judge.changes(verb, matched.cli.service, goal, span, back),
            Does::Destroys(verb, lost) => {
                judge.destroys(verb, matched.cli.service, goal, span, lost);
            }
            Does::Opaque(_) | Does::Asks(_) => judge.opaque(span, NOT_GIVEN),
        }
    }
    if !any {
        matched.does(RUN, Named::Nothing, judge);
    }
}
