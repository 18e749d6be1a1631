//! Which arguments of a command may name files whose bytes decide what it does.
//!
//! A script for an interpreter, a saved plan, a manifest behind `-f`: every argument that may name
//! a file is taken for one, except where a program never looks into what it is given.

/// Programs that move, remove, list or mark files without reading them for what to do. A log that
/// grows while its removal waits for approval is still the same removal.
const BLIND: &[&str] = &[
    "rm", "rmdir", "unlink", "shred", "truncate", "touch", "mkdir", "chmod", "chown", "chgrp",
    "mv", "cp", "ln", "ls", "stat", "du", "df", "cat", "head", "tail", "wc", "grep", "tee", "tar",
    "gzip", "zip", "rsync", "scp",
];

/// Arguments that may name a file: themselves, behind `=`, or behind `@` (`-d @body.json`).
pub(super) fn files(argv: &[String]) -> impl Iterator<Item = &str> {
    let name = argv.first().map_or("", |name| name.rsplit('/').next().unwrap_or(name));
    let words = if BLIND.contains(&name) { &[] } else { argv.get(1..).unwrap_or_default() };
    words
        .iter()
        .flat_map(|word| {
            let value = word.split_once('=').map(|(_, value)| value);
            let short = (word.starts_with('-') && !word.starts_with("--")).then(|| word.get(2..));
            [Some(word.as_str()), value, short.flatten()].into_iter().flatten().map(bare)
        })
        .filter(|name| !name.is_empty() && !name.contains('\0') && name.len() < 4096)
}

/// The same of a line for a shell, whatever its words turn out to be: each that could name a file,
/// behind a program that looks into files.
pub(super) fn of_line(line: &str) -> impl Iterator<Item = String> {
    let commands = line.split([';', '|', '&', '\n', '(', ')', '<', '>', '`', '{', '}']);
    commands.flat_map(|command| {
        let bare = |word: &str| word.replace(['"', '\'', '\\'], "");
        let mut words: Vec<String> = command.split_whitespace().map(bare).collect();
        // It may be a script that lies here, or the file behind a redirection.
        if let Some(first) = words.first().cloned() {
            words.insert(1, first);
        }
        files(&words).map(str::to_owned).collect::<Vec<_>>()
    })
}

/// A file's name without what some programs write before it.
fn bare(word: &str) -> &str {
    let word = word.strip_prefix('@').unwrap_or(word);
    ["fileb://", "file://"].iter().find_map(|scheme| word.strip_prefix(scheme)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::files;

    fn of(line: &str) -> Vec<String> {
        let argv: Vec<String> = line.split(' ').map(str::to_owned).collect();
        files(&argv).map(str::to_owned).collect()
    }

    #[test]
    fn what_a_program_may_read_is_named() {
        assert_eq!(of("python3 migrate.py"), ["migrate.py"]);
        assert_eq!(of("kubectl apply -fapp.yaml"), ["apply", "-fapp.yaml", "app.yaml"]);
        assert!(of("helm upgrade x --values=prod.yaml").contains(&"prod.yaml".to_owned()));
        assert!(of("curl -d @body.json").contains(&"body.json".to_owned()));
        assert!(of("aws s3api x --policy file://p.json").contains(&"p.json".to_owned()));
    }

    #[test]
    fn a_line_names_the_files_of_each_of_its_commands() {
        let found: Vec<String> =
            super::of_line("rm -f app.log; ./deploy.sh 'prod.env' && sh <'run.sh'").collect();
        for name in ["./deploy.sh", "prod.env", "run.sh"] {
            assert!(found.iter().any(|found| found == name), "{name}: {found:?}");
        }
        assert!(!found.contains(&"app.log".to_owned()));
    }

    #[test]
    fn what_never_looks_inside_pins_nothing() {
        assert!(of("rm -f app.log").is_empty());
        assert!(of("/bin/rm -f app.log").is_empty());
    }
}
