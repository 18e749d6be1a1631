//! Corpus lines cut up, mixed and joined at random: nothing panics, every part that is pointed at
//! stands in the input, and nothing beside a destructive line makes it harmless.
//!
//! ```text
//!   line ─▶ swap, drop, double, insert words and characters ─▶ judged: no panic, spans within
//!   destructive line + joiner + any line ─▶ destructive or opaque
//! ```
//!
//! The mutations are made from a fixed seed, so that a failure is the same one every time.

use super::corpus::lines;
use countersign::{
    classify::{self, Setting},
    domain::{Assessment, Class},
};

/// What is set between two lines. None of these takes the second one away.
const JOINERS: &[&str] =
    &[";", "\n", " && ", " || ", " & ", "; : ;", "\n#\n", " ; true && ", "&&\n"];

/// What stands around a line, and still runs it.
const WRAPS: &[(&str, &str)] = &[
    ("(", ")"),
    ("{ ", "\n}"),
    ("if true; then ", "\nfi"),
    ("while true; do ", "\ndone"),
    ("f() { ", "\n}; f"),
    ("! ", ""),
    ("time ", ""),
    ("echo \"$(", "\n)\""),
    ("cat <(", "\n)"),
    ("case x in *) ", "\n;; esac"),
];

/// What is set into a line.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "`",
    "$",
    "$(",
    ")",
    "${",
    "}",
    "{",
    "(",
    "((",
    "[[",
    ";",
    "&",
    "|",
    "||",
    "&&",
    "<",
    ">",
    "<<",
    "<<<",
    ">&",
    "\\",
    "\n",
    "\r",
    "\0",
    "\t",
    "#",
    "!",
    "*",
    "?",
    "[",
    "]",
    "~",
    "=",
    "-",
    "--",
    "-c",
    "-e",
    "-n",
    "-f",
    "--help",
    "--dry-run",
    "--=",
    "@",
    "%",
    ":",
    "/",
    "é",
    "\u{200b}",
    "\u{202e}",
    "\u{fdd0}",
    "\u{fdd1}",
    "\u{a0}",
    "𝒓",
    "\u{feff}",
    "$IFS",
    "${x//a/b}",
    "$((",
    "<<E\n",
    "\nE\n",
    "{a,b}",
    "$'",
    "\\x",
    "\\u",
    "EOF",
    "sudo",
    "xargs",
    "env",
    "sh -c",
    "eval",
    "--recursive",
    "{\"a\":",
    "//",
    "/*",
    "*/",
];

/// Numbers that look random and are the same every time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &'a [&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// A line changed in one to four places.
pub fn mutated(line: &str, other: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = line.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(letters.len() + 1);
        match random.below(7) {
            0 => {
                let end = (at + 1 + random.below(6)).min(letters.len());
                letters.drain(at.min(end)..end);
            }
            1 => {
                let end = (at + 1 + random.below(20)).min(letters.len());
                let piece: Vec<char> = letters[at.min(end)..end].to_vec();
                letters.splice(at..at, piece);
            }
            2 => {
                let mut words: Vec<String> =
                    letters.iter().collect::<String>().split(' ').map(str::to_owned).collect();
                let (one, two) = (random.below(words.len()), random.below(words.len()));
                words.swap(one, two);
                letters = words.join(" ").chars().collect();
            }
            3 => letters.truncate(at),
            4 => {
                let words: Vec<&str> = other.split(' ').collect();
                let word = format!(" {} ", random.pick(&words));
                letters.splice(at..at, word.chars());
            }
            _ => {
                letters.splice(at..at, random.pick(PIECES).chars());
            }
        }
    }
    letters.into_iter().collect()
}

/// Whether every part that is pointed at stands in the input.
pub fn spans_are_within(input: &str, found: &Assessment) -> bool {
    let effects = found.effects.iter().map(|effect| effect.evidence);
    let opaque = found.opaque.iter().map(|opaque| opaque.evidence);
    effects.chain(opaque).all(|span| input.get(span.start..span.end).is_some())
}

/// A destructive line beside or within something else that runs it too.
pub fn joined(severe: &str, other: &str, random: &mut Random) -> String {
    match random.below(3) {
        0 => format!("{severe}{}{other}", random.pick(JOINERS)),
        1 => format!("{other}{}{severe}", random.pick(JOINERS)),
        _ => {
            let (before, behind) = WRAPS[random.below(WRAPS.len())];
            format!("{before}{severe}{behind}")
        }
    }
}

/// Whether a line ends where it seems to, so that what follows it is a command of its own, and
/// goes on to it.
pub fn is_closed(line: &str) -> bool {
    let leaves = [
        "#", "$((x))", "@P", "exit", "exec", "return", "break", "continue", "<<", "mcp:", "alias",
        "trap", "\\\n",
    ];
    !leaves.iter().any(|word| line.contains(word)) && !line.ends_with(['\\', '&', ';', '|'])
}

#[test]
fn nothing_panics_and_every_span_is_within() {
    let (lines, setting) = (lines(), Setting::default());
    let mut random = Random::new(4);
    for round in 0..6_000 {
        let one = &lines[random.below(lines.len())].0;
        let other = &lines[random.below(lines.len())].0;
        let input = mutated(one, other, &mut random);
        let found = classify::command(&input, &setting);
        assert!(spans_are_within(&input, &found), "round {round}: {input:?}\n{found:?}");
    }
}

#[test]
fn nothing_beside_a_destructive_line_makes_it_harmless() {
    let (lines, setting) = (lines(), Setting::default());
    let closed: Vec<&(String, Class)> = lines.iter().filter(|(line, _)| is_closed(line)).collect();
    let severe: Vec<&&(String, Class)> =
        closed.iter().filter(|(_, class)| *class == Class::Destructive).collect();
    let mut random = Random::new(5);
    for round in 0..3_000 {
        let one = &severe[random.below(severe.len())].0;
        let other = &closed[random.below(closed.len())].0;
        let input = joined(one, other, &mut random);
        let found = classify::command(&input, &setting);
        assert!(spans_are_within(&input, &found), "round {round}: {input:?}\n{found:?}");
        assert!(found.class() >= Class::Opaque, "round {round}: {input:?}\n{found:?}");
    }
}
