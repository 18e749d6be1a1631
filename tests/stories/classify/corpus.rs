//! Every labelled line of `tests/corpus` is judged as its label says.

use countersign::{
    classify::{self, Setting},
    domain::Class,
};
use serde::Deserialize;
use std::{fmt::Write as _, fs, path::PathBuf};

/// A line of the corpus.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    command: String,
    class: Class,
    why: String,
}

fn corpus() -> Vec<(String, Line)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for (number, text) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            let place = format!("{name}:{}", number + 1);
            let line = serde_json::from_str(text).unwrap_or_else(|e| panic!("{place}: {e}"));
            lines.push((place, line));
        }
    }
    lines
}

/// Every command of the corpus and its label.
pub fn lines() -> Vec<(String, Class)> {
    corpus().into_iter().map(|(_, line)| (line.command, line.class)).collect()
}

/// What the issue counts: whether a reviewer would be asked.
fn is_stopped(class: Class) -> bool {
    class >= Class::Opaque
}

#[test]
fn every_line_has_its_class() {
    let setting = Setting::default();
    let (mut wrong, mut lines) = (String::new(), 0);
    for (place, line) in corpus() {
        lines += 1;
        let found = classify::command(&line.command, &setting);
        if found.class() != line.class {
            let _ = writeln!(
                wrong,
                "{place}: `{}` is {}, not {} ({})\n    {found:?}",
                line.command,
                line.class,
                found.class(),
                line.why
            );
        }
    }
    assert!(lines >= 600, "only {lines} lines");
    assert!(wrong.is_empty(), "{wrong}");
}

/// What the given sample and the issue promise, whatever single lines say.
#[test]
fn the_destructive_is_stopped_the_harmless_passes_and_nothing_destructive_is_called_read_only() {
    let setting = Setting::default();
    let (mut severe, mut missed, mut harmless, mut stopped) = (0_usize, 0, 0_usize, 0);
    for (place, line) in corpus() {
        let class = classify::command(&line.command, &setting).class();
        if is_stopped(line.class) {
            severe += 1;
            missed += usize::from(!is_stopped(class));
            assert_ne!(class, Class::ReadOnly, "{place}: {}", line.command);
        } else {
            harmless += 1;
            stopped += usize::from(is_stopped(class));
        }
    }
    assert!(missed * 100 <= severe, "{missed} of {severe} not stopped");
    assert!(stopped * 100 <= harmless * 3, "{stopped} of {harmless} stopped");
}

/// Evidence is a part of the input: on characters, not behind the end, and not empty where there
/// is anything to underline.
#[test]
fn evidence_is_a_part_of_the_input() {
    let setting = Setting::default();
    for (place, line) in corpus() {
        let found = classify::command(&line.command, &setting);
        let effects = found.effects.iter().map(|effect| effect.evidence);
        for span in effects.chain(found.opaque.iter().map(|opaque| opaque.evidence)) {
            let text = line.command.get(span.start..span.end);
            assert!(text.is_some_and(|text| !text.trim().is_empty()), "{place}: {span:?} {text:?}");
        }
    }
}

/// The given sample says `destructive` for a script nobody can see; opaque stops it all the same.
#[test]
fn no_command_is_twice_in_the_corpus_with_two_labels() {
    let mut seen = std::collections::BTreeMap::new();
    for (place, line) in corpus() {
        if let Some((first, class)) = seen.insert(line.command.clone(), (place.clone(), line.class))
        {
            assert_eq!(class, line.class, "{first} and {place}: {}", line.command);
        }
    }
}
