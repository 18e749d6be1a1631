//! `find` and `fd`: looking, deleting, and running commands on what is found.
//!
//! From <https://www.gnu.org/software/findutils/manual/> and <https://github.com/sharkdp/fd>,
//! 2026-11.

use super::{super::Program, remove::is_made_again};
use crate::{
    classify::{Call, Judge, PLAIN as NAME, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] =
    &[Program::code(&["find", "gfind", "bfs"], find), Program::code(&["fd", "fdfind"], fd)];

fn find(call: &Call<'_>, judge: &mut Judge<'_>) {
    let words = call.arguments();
    let program = call.words.first().map(Word::span).unwrap_or_default();
    let found = Found::of(words);
    let mut at = 0;
    judge.reads("files", found.roots(judge), program);
    while let Some(word) = words.get(at) {
        at += 1;
        match word.text() {
            "-delete" => {
                let span = word.span();
                if is_made_again(&found.name) {
                    judge.changes(Verb::Delete, "files", "", span, "build or fetch it again");
                } else {
                    judge.destroys(Verb::Delete, "files", "", span, "every file found is gone");
                }
            }
            "-exec" | "-execdir" | "-ok" | "-okdir" => {
                let rest = words.get(at..).unwrap_or_default();
                let end = end_of_command(rest);
                found.run(rest.get(..end).unwrap_or_default(), call, judge);
                at += end + 1;
            }
            "-fprint" | "-fprint0" | "-fprintf" | "-fls" => {
                let file = words.get(at);
                let name = file.map(|file| judge.name(file)).unwrap_or_default();
                if !name.starts_with("/dev/") {
                    let back = "put the old file back";
                    judge.changes(Verb::Create, "files", name, word.span(), back);
                }
                at += 1;
            }
            // Their values may look like actions.
            "-name" | "-iname" | "-path" | "-ipath" | "-wholename" | "-regex" | "-iregex"
            | "-newer" | "-samefile" | "-user" | "-group" | "-type" | "-size" | "-mtime"
            | "-mmin" | "-atime" | "-ctime" | "-perm" | "-maxdepth" | "-mindepth" | "-printf"
            | "-lname" | "-fstype" | "-links" | "-inum" | "-cnewer" | "-amin" | "-cmin" => at += 1,
            _ => {
                if word.may_split() && judge.speaks_of_options(word) {
                    judge.opaque(word.span(), "a word of unknown value may be an action of find");
                }
            }
        }
    }
}

/// Whether whatever an action is done to has been tested for its name before, in every branch.
fn all_are_named(words: &[Word]) -> bool {
    let negated = words.windows(2).any(|pair| {
        (pair[0].is("!") || pair[0].is("-not"))
            && ["-name", "-iname", "("].iter().any(|test| pair[1].is(test))
    });
    let between = |word: &Word| word.is("-o") || word.is("-or") || word.is(",");
    let actions = ["-delete", "-exec", "-execdir", "-ok", "-okdir"];
    !negated
        && words.split(between).all(|branch| {
            let named = branch.iter().position(|word| word.is("-name") || word.is("-iname"));
            let acts = branch.iter().position(|word| actions.iter().any(|action| word.is(action)));
            named.is_some_and(|named| acts.is_none_or(|acts| named < acts))
        })
}

/// Where the command of `-exec` ends.
fn end_of_command(words: &[Word]) -> usize {
    let mut before = None;
    for (at, word) in words.iter().enumerate() {
        if word.is(";") || word.is("\\;") || (word.is("+") && before == Some("{}")) {
            return at;
        }
        before = word.known();
    }
    words.len()
}

/// The longest name that is put in for `{}`.
const LONGEST: usize = 200;

/// What the names of the files found look like.
struct Found<'a> {
    roots: Vec<&'a Word>,
    /// A name as far as it is known, with [`NAME`] for what is not.
    name: String,
}

impl<'a> Found<'a> {
    fn of(words: &'a [Word]) -> Self {
        let starts = |word: &&Word| !word.text().starts_with(['-', '(', '!', ')']);
        let skip = |word: &&Word| matches!(word.text(), "-L" | "-P" | "-H");
        let roots: Vec<_> = words.iter().skip_while(skip).take_while(starts).collect();
        let values = |name: &'static str| {
            let pairs = words.windows(2).filter(move |pair| pair[0].is(name));
            pairs.filter_map(|pair| pair[1].known())
        };
        // Of several names the one that matters most stands for all.
        let mut names: Vec<&str> = values("-name").chain(values("-iname")).collect();
        names.sort_by_key(|name| is_made_again(&name.replace('*', "x")));
        let name = names.first().filter(|_| all_are_named(words));
        let mut worst = roots.iter().map(|root| root.text()).collect::<Vec<_>>();
        worst.sort_by_key(|root| is_made_again(root));
        let root = worst.first().copied().unwrap_or(".").trim_end_matches('/');
        let last = name.map_or(NAME.to_string(), |name| name.replace('*', &NAME.to_string()));
        let name = format!("{root}/{last}");
        // It is put into every `{}` there is.
        let name = if name.len() > LONGEST { format!("./{NAME}") } else { name };
        Self { roots, name }
    }

    fn roots(&self, judge: &Judge<'_>) -> String {
        self.roots.iter().take(8).map(|word| judge.name(word)).collect::<Vec<_>>().join(" ")
    }

    fn run(&self, command: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
        let words: Vec<_> = command
            .iter()
            .map(|word| {
                if !word.text().contains("{}") {
                    return word.clone();
                }
                Word::made(word.text().replace("{}", &self.name), word.span())
            })
            .collect();
        if words.is_empty() {
            return;
        }
        judge.call(&call.running(&words));
    }
}

fn fd(call: &Call<'_>, judge: &mut Judge<'_>) {
    let words = call.arguments();
    let mut name = format!("./{NAME}");
    for (at, word) in words.iter().enumerate() {
        let text = word.text();
        if matches!(text, "-g" | "--glob" | "-e" | "--extension")
            && let Some(value) =
                words.get(at + 1).and_then(Word::known).filter(|v| v.len() < LONGEST)
        {
            let dot = if text.starts_with("-e") || text == "--extension" { "." } else { "" };
            name = format!("./{NAME}{dot}{}", value.replace('*', ""));
        }
        if matches!(text, "-x" | "-X" | "--exec" | "--exec-batch") {
            let rest = words.get(at + 1..).unwrap_or_default();
            let end = rest.iter().position(|word| word.is(";")).unwrap_or(rest.len());
            let mut command: Vec<_> = rest[..end].to_vec();
            let marks = ["{}", "{/}", "{//}", "{.}", "{/.}"];
            let mut marked = false;
            for word in &mut command {
                if marks.iter().any(|mark| word.text().contains(mark)) {
                    let replaced = marks
                        .iter()
                        .fold(word.text().to_owned(), |text, mark| text.replace(mark, &name));
                    *word = Word::made(replaced, word.span());
                    marked = true;
                }
            }
            if !marked {
                command.push(Word::made(name, word.span()));
            }
            if command.len() > usize::from(!marked) {
                judge.call(&call.running(&command));
            }
            return;
        }
        if let Some(glued) =
            text.strip_prefix("--exec=").or_else(|| text.strip_prefix("--exec-batch="))
        {
            let words = [word.after(text.len() - glued.len()), Word::made(name, word.span())];
            judge.call(&call.running(&words));
            return;
        }
    }
    judge.reads("files", "", call.span());
}
