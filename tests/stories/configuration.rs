//! Finding, layering and checking the configuration.

use countersign::{
    config::{self, Config, Locations, Origin, TokenFrom, check, init, load, show},
    domain::Environment,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

const CASES: &str = "tests/fixtures/config";

/// A machine of its own: a system file, a user's file and a home directory.
struct Machine {
    root: tempfile::TempDir,
    locations: Locations,
}

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| Some(root.path().join(path));
        let locations = Locations {
            system: at("etc/countersign/config.toml"),
            user: at("home/.config/countersign/config.toml"),
            explicit: None,
            home: at("home"),
            state: at("home/.local/state/countersign"),
        };
        Self { root, locations }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn write(path: &Path, text: impl AsRef<[u8]>) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn system(self, text: &str) -> Self {
        Self::write(self.locations.system.as_ref().unwrap(), text);
        self
    }

    fn user(self, text: &str) -> Self {
        Self::write(self.locations.user.as_ref().unwrap(), text);
        self
    }

    fn explicit(mut self, text: &str) -> Self {
        let path = self.path("elsewhere/mine.toml");
        Self::write(&path, text);
        self.locations.explicit = Some(path);
        self
    }

    fn config(&self) -> Config {
        load(&self.locations).unwrap_or_else(|error| panic!("{error}")).config
    }

    fn error(&self) -> String {
        let error = load(&self.locations).unwrap_err().to_string();
        error.replace(self.root.path().to_str().unwrap(), "")
    }
}

/// The fixtures of a folder, by name.
fn cases(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(Path::new(CASES).join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// One file alone, with fixed surroundings so that what is printed is the same everywhere.
fn only(file: &Path) -> Locations {
    Locations {
        explicit: Some(file.to_owned()),
        home: Some("/home/rowan".into()),
        state: Some("/home/rowan/.local/state/countersign".into()),
        ..Locations::default()
    }
}

/// What is printed must not depend on where the project lies, nor on how long its path is: the
/// column of the remarks follows the values.
fn portable(text: &str) -> String {
    let lines = text.lines().map(|line| {
        if !line.contains(env!("CARGO_MANIFEST_DIR")) {
            return line.to_owned();
        }
        let line = line.replace(env!("CARGO_MANIFEST_DIR"), "[project]");
        match line.split_once(" #") {
            Some((value, remark)) => format!("{}  #{remark}", value.trim_end()),
            None => line,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn name_of(file: &Path) -> String {
    file.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_invalid_file_says_where_it_is_wrong_and_what_to_do() {
    for file in cases("invalid") {
        let error = load(&only(&file)).err().unwrap_or_else(|| panic!("{file:?} was accepted"));
        let text = error.to_string();
        assert!(text.contains(file.to_str().unwrap()), "{file:?} is not named:\n{text}");
        assert!(error.problems.iter().all(|problem| problem.place.is_some()), "{file:?}:\n{text}");
        insta::with_settings!({
            snapshot_path => "../fixtures/config/invalid/errors",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name_of(&file), text);
        });
    }
}

#[test]
fn every_valid_file_loads_and_shows_where_its_values_come_from() {
    for file in cases("valid") {
        let loaded = load(&only(&file)).unwrap_or_else(|error| panic!("{file:?}:\n{error}"));
        insta::with_settings!({
            snapshot_path => "../fixtures/config/valid/shown",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name_of(&file), portable(&show(&loaded).to_string()));
        });
    }
}

#[test]
fn no_secret_somebody_wrote_into_a_file_is_ever_printed() {
    let planted = ["0123456789abcdefghij", "wJalrXUtnFEMI", "canary-hunter2", "bPxRfiCY"];
    let mut seen = 0;
    for file in cases("invalid") {
        let bytes = fs::read(&file).unwrap();
        let written = String::from_utf8_lossy(&bytes);
        seen += planted.iter().filter(|secret| written.contains(**secret)).count();
        let report = check(&only(&file));
        let error = load(&only(&file)).unwrap_err();
        let outputs = [
            error.to_string(),
            format!("{error:?}"),
            serde_json::to_string(&error).unwrap(),
            report.to_string(),
            serde_json::to_string(&report).unwrap(),
        ];
        for (secret, output) in planted.iter().flat_map(|s| outputs.iter().map(move |o| (s, o))) {
            assert!(!output.contains(secret), "{file:?} leaks {secret}:\n{output}");
        }
    }
    assert!(seen >= 8, "only {seen} secrets are planted in the fixtures");
}

#[test]
fn nothing_an_invalid_file_holds_acts_on_the_terminal() {
    for file in cases("invalid") {
        let text = load(&only(&file)).unwrap_err().to_string();
        let acts = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!text.contains(acts), "{file:?}: {text:?}");
    }
}

#[test]
fn without_any_file_the_defaults_hold() {
    let machine = Machine::new();
    let config = machine.config();
    assert_eq!(config.poll.interval_seconds, 60);
    assert_eq!(config.ui.theme, "dark");
    let store = machine.path("home/.local/state/countersign/countersign.db");
    assert_eq!(config.store.path, Some(store));
    assert!(config.aws.is_empty() && config.github.is_empty() && config.snapshot.is_empty());
}

#[test]
fn the_users_file_lies_over_the_systems_key_by_key() {
    let machine = Machine::new()
        .system(
            "[poll]\ninterval_seconds = 300\ntimeout_seconds = 200\n[production]\nhosts = [\"db1\", \"db2\"]\n",
        )
        .user("[poll]\ninterval_seconds = 30\n[production]\nhosts = [\"web\"]\n");
    let config = machine.config();
    assert_eq!(config.poll.interval_seconds, 30);
    assert_eq!(config.poll.timeout_seconds, 200);
    assert_eq!(config.production.host("web"), Environment::Production);
    assert_eq!(config.production.host("db1"), Environment::NonProduction, "a list is replaced");
}

#[test]
fn an_entry_is_added_or_takes_the_place_of_its_namesake_as_a_whole() {
    let machine = Machine::new()
        .system(
            "[[aws]]\nname = \"prod\"\nprofile = \"p\"\nproduction = true\n[[aws]]\nname = \"test\"\n",
        )
        .user("[[aws]]\nname = \"mine\"\n[[aws]]\nname = \"prod\"\nregion = \"eu-central-1\"\n");
    let config = machine.config();
    let names: Vec<&str> = config.aws.iter().map(|account| account.name.as_str()).collect();
    assert_eq!(names, ["prod", "test", "mine"]);
    assert_eq!(config.aws[0].region.as_deref(), Some("eu-central-1"));
    assert_eq!(config.aws[0].profile, None, "nothing of the covered entry shows through");
}

#[test]
fn a_named_file_stands_in_for_the_users_and_lies_over_the_systems() {
    let machine = Machine::new()
        .system("[poll]\ntimeout_seconds = 200\n")
        .user("[ui]\ntheme = \"light\"\n")
        .explicit("[poll]\ninterval_seconds = 30\n");
    let config = machine.config();
    assert_eq!(config.poll.timeout_seconds, 200);
    assert_eq!(config.poll.interval_seconds, 30);
    assert_eq!(config.ui.theme, "dark", "the user's own file is not read");
}

#[test]
fn a_named_file_that_is_not_there_is_an_error() {
    let mut machine = Machine::new().user("[ui]\ntheme = \"light\"\n");
    machine.locations.explicit = Some(machine.path("typo.toml"));
    assert!(machine.error().contains("/typo.toml: there is no such file"), "{}", machine.error());
}

#[test]
fn faults_of_every_file_are_reported_together() {
    let machine = Machine::new()
        .system("[poll]\ninterval_secs = 1\n")
        .user("[uii]\ntheme = \"dark\"\n[store]\npath = 7\n");
    let error = machine.error();
    assert!(error.contains("/etc/countersign/config.toml:2:1"), "{error}");
    assert!(error.contains("/home/.config/countersign/config.toml:1:2"), "{error}");
    assert!(error.contains("/home/.config/countersign/config.toml:4:8"), "{error}");
    assert!(error.ends_with("The configuration has 3 problems."), "{error}");
}

#[test]
fn paths_start_at_the_home_directory_or_at_their_own_file() {
    let machine = Machine::new().user(
        "[[snapshot]]\nname = \"x\"\nfiles = [\"~/a.json\", \"b.json\", \"/c.json\"]\n\
         [ui]\ntheme = \"themes/mine.toml\"\n\
         [[github]]\norg = \"acme\"\ntoken = { file = \"../token\" }\n",
    );
    let config = machine.config();
    let own = "home/.config/countersign";
    assert_eq!(
        config.snapshot[0].files,
        [
            machine.path("home/a.json"),
            machine.path(&format!("{own}/b.json")),
            PathBuf::from("/c.json")
        ]
    );
    assert_eq!(Path::new(&config.ui.theme), machine.path(&format!("{own}/themes/mine.toml")));
    let token = machine.path(&format!("{own}/../token"));
    assert_eq!(config.github[0].token, TokenFrom::File(token));
}

#[test]
fn a_github_entry_without_a_name_is_called_after_its_owner() {
    let machine = Machine::new().user(
        "[[github]]\norg = \"acme\"\ntoken = { env = \"A\" }\n\
         [[github]]\nrepos = [\"lantern/shop\"]\ntoken = { env = \"A\" }\n",
    );
    let names: Vec<_> = machine.config().github.into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, [Some("acme".to_owned()), Some("lantern".to_owned())]);
}

#[test]
fn a_production_profile_makes_its_account_production_unless_the_entry_says_otherwise() {
    let machine =
        Machine::new().system("[production]\naccount_ids = []\nprofiles = [\"*-prod\"]\n").user(
            "[[aws]]\nname = \"a\"\nprofile = \"shop-prod\"\n\
             [[aws]]\nname = \"b\"\nprofile = \"old-prod\"\nproduction = false\n\
             [[aws]]\nname = \"c\"\nprofile = \"shop-test\"\n",
        );
    let declared: Vec<_> = machine.config().aws.iter().map(|account| account.production).collect();
    assert_eq!(declared, [Some(true), Some(false), None]);
    let shown = show(&load(&machine.locations).unwrap()).to_string();
    let line = shown.lines().find(|line| line.starts_with("production = true")).unwrap();
    assert!(line.ends_with("etc/countersign/config.toml:3"), "{line}");
}

#[test]
fn show_names_the_line_each_value_came_from() {
    let machine = Machine::new()
        .system("[poll]\ninterval_seconds = 300\n\ntimeout_seconds = 200\n")
        .user("\n\n[poll]\ninterval_seconds = 30\n");
    let shown = show(&load(&machine.locations).unwrap());
    let origin = |key: &str| {
        let found = shown.settings.iter().find(|setting| setting.key == key).unwrap();
        match &found.origin {
            Origin::Default => "default".to_owned(),
            Origin::File { path, line } => {
                format!("{}:{line}", path.strip_prefix(machine.root.path()).unwrap().display())
            }
        }
    };
    assert_eq!(origin("interval_seconds"), "home/.config/countersign/config.toml:4");
    assert_eq!(origin("timeout_seconds"), "etc/countersign/config.toml:4");
    assert_eq!(origin("theme"), "default");
    let json = serde_json::to_value(&shown).unwrap();
    assert_eq!(json["files"][0]["found"], true);
    assert!(json["settings"].as_array().unwrap().iter().any(|s| s["value"] == 30));
}

#[test]
fn what_show_prints_is_a_configuration_again() {
    let file = Path::new(CASES).join("valid/full.toml");
    let first = load(&only(&file)).unwrap();
    let printed = show(&first).to_string();
    // The masked external id is the one value that cannot come back.
    let again = printed.replace("\"••••••\"", "\"countersign-7f3a\"");
    let machine = Machine::new().explicit(&again);
    assert_eq!(machine.config(), first.config);
}

#[cfg(unix)]
#[test]
fn a_file_anyone_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let machine = Machine::new().user("[ui]\ntheme = \"light\"\n");
    let path = machine.locations.user.clone().unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let error = machine.error();
    assert!(error.contains("every user of this machine can write it"), "{error}");
    assert!(error.contains("chmod o-w"), "{error}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    assert_eq!(machine.config().ui.theme, "light");
}

#[test]
fn a_directory_or_a_huge_file_is_no_configuration() {
    let mut machine = Machine::new();
    machine.locations.explicit = Some(machine.root.path().to_owned());
    assert!(machine.error().contains("is a directory"), "{}", machine.error());
    let machine = Machine::new().explicit(&"# much\n".repeat(200_000));
    assert!(machine.error().contains("larger than 256 KiB"), "{}", machine.error());
}

#[test]
fn check_warns_of_what_is_not_there_without_refusing_it() {
    let machine = Machine::new().user(
        "[[snapshot]]\nname = \"x\"\nfiles = [\"gone.json\"]\n\
         [[github]]\norg = \"acme\"\ntoken = { env = \"COUNTERSIGN_TEST_NO_SUCH_VARIABLE\" }\n",
    );
    let report = check(&machine.locations);
    assert!(report.is_good());
    assert_eq!(report.sources, 2);
    let gone = report.warnings.iter().find(|w| w.contains("gone.json is not there")).unwrap();
    assert!(gone.contains("config.toml:3: [[snapshot]] x, files: "), "{report}");
    assert!(report.warnings.iter().any(|w| w.contains("NO_SUCH_VARIABLE is not set")), "{report}");
    let beside = Machine::new().user("[[aws]]\nname = \"prod\"\n\nscps = \"no-scps.json\"\n");
    let report = check(&beside.locations);
    let gone = report.warnings.iter().find(|w| w.contains("no-scps.json is not there")).unwrap();
    assert!(gone.contains("config.toml:4: [[aws]] prod, scps: "), "{report}");
    let empty = check(&Machine::new().locations);
    assert!(empty.is_good() && empty.to_string().contains("no source is configured"), "{empty}");
}

#[test]
fn check_collects_what_is_wrong() {
    let report = check(&only(&Path::new(CASES).join("invalid/several_faults_at_once.toml")));
    assert!(!report.is_good());
    assert!(report.problems.len() >= 6, "{report}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["problems"][0]["place"]["line"], 2);
    assert_eq!(json["problems"][0]["help"], "did you mean `path`?");
}

/// Takes the `#` from every option, as the file itself describes it. The store is in one place.
fn uncommented(text: &str) -> String {
    let lines = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(option) if option.starts_with("url = \"postgres://") => line,
        Some(option) => option,
        None => line,
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_example_loads_as_it_is_and_uncommented_as_a_whole() {
    let example = fs::read_to_string("config.example.toml").unwrap();
    let asleep = Machine::new().user(&example).config();
    assert_eq!(asleep, Machine::new().config_with_its_own_store(&asleep), "nothing is in force");

    let machine = Machine::new().user(&uncommented(&example));
    let config = machine.config();
    assert_eq!(config.aws.len(), 1);
    assert_eq!(config.github.len(), 3);
    assert_eq!(config.snapshot.len(), 1);
    assert_eq!(config.poll, Config::default().poll, "the example shows the defaults");
    assert_eq!(config.ui.theme, Config::default().ui.theme);
    assert_eq!(config.ui.arm_delay_ms, Config::default().ui.arm_delay_ms);
}

impl Machine {
    /// The defaults, with the store where another machine has it.
    fn config_with_its_own_store(&self, other: &Config) -> Config {
        Config { store: other.store.clone(), ..self.config() }
    }
}

#[test]
fn the_example_documents_every_option() {
    // What can be set is what a wholly filled configuration shows; its own completeness is
    // tested against the schema beside the schema.
    let example = fs::read_to_string("config.example.toml").unwrap();
    let machine = Machine::new().user(&uncommented(&example));
    let shown = show(&load(&machine.locations).unwrap());
    let full = show(&load(&only(&Path::new(CASES).join("valid/full.toml"))).unwrap());
    for setting in full.settings {
        let documented = shown.settings.iter().any(|other| {
            (other.section, &other.key) == (setting.section, &setting.key)
                && other.origin != Origin::Default
        });
        assert!(documented, "[{}] {} is not in the example", setting.section, setting.key);
    }
}

#[test]
fn init_writes_a_private_file_that_loads_and_says_what_to_do_next() {
    let machine = Machine::new();
    let done = init(&machine.locations, false).unwrap();
    assert_eq!(Some(&done.path), machine.locations.user.as_ref());
    assert!(done.to_string().contains("config check"), "{done}");
    assert_eq!(fs::read_to_string(&done.path).unwrap(), config::starter_file());
    machine.config();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&done.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let awake = Machine::new().user(&uncommented(config::starter_file())).config();
    assert_eq!((awake.aws.len(), awake.github.len(), awake.snapshot.len()), (1, 1, 1));
}

#[test]
fn init_overwrites_only_when_told_to() {
    let machine = Machine::new().user("[ui]\ntheme = \"light\"\n");
    let path = machine.locations.user.clone().unwrap();
    let refused = init(&machine.locations, false).unwrap_err().to_string();
    assert!(refused.contains("--force"), "{refused}");
    assert_eq!(machine.config().ui.theme, "light", "the file is untouched");
    init(&machine.locations, true).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), config::starter_file());
    let left = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "nothing else is left behind");
}

#[test]
fn init_goes_where_config_points() {
    let mut machine = Machine::new();
    machine.locations.explicit = Some(machine.path("new/place/c.toml"));
    let done = init(&machine.locations, false).unwrap();
    assert_eq!(done.path, machine.path("new/place/c.toml"));
    assert!(done.next.iter().any(|step| step.contains("--config")), "{done}");
}

#[test]
fn a_file_full_of_faults_is_answered_briefly() {
    let machine = Machine::new().explicit(&"[[aws]]\nnmae = 1\n".repeat(5_000));
    let error = load(&machine.locations).unwrap_err();
    assert_eq!(error.problems.len(), 51);
    assert!(error.to_string().contains("more problems are not listed"), "{error}");
}
