//! Patterns of the shell (`*`, `?`, `[…]`) on known values.

use crate::classify::HOLE;

/// The most work for one pattern; what takes more is not known.
const MOST: usize = 1 << 14;

/// From where something is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trim {
    Front,
    Back,
}

/// Adds letters that mean themselves.
pub(super) fn quote(text: &str, pattern: &mut String) {
    for letter in text.chars() {
        if matches!(letter, '*' | '?' | '[' | ']' | '\\' | '(' | '|') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
}

enum Part {
    Any,
    One,
    Letter(char),
    Set(Vec<(char, char)>, bool),
}

/// The pattern taken apart, if it is one that is read.
fn parts(pattern: &str) -> Option<Vec<Part>> {
    if pattern.contains(HOLE) || ["@(", "!(", "+(", "?(", "*("].iter().any(|p| pattern.contains(p))
    {
        return None;
    }
    let mut parts = Vec::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            '*' => Part::Any,
            '?' => Part::One,
            '\\' => Part::Letter(letters.next().unwrap_or('\\')),
            '[' => {
                let mut inside = Vec::new();
                let not = letters.next_if(|c| matches!(c, '!' | '^')).is_some();
                loop {
                    let from = letters.next()?;
                    if from == ']' && !inside.is_empty() {
                        break;
                    }
                    if from == '[' || from == '\\' {
                        return None;
                    }
                    if letters.next_if_eq(&'-').is_some() {
                        let to = letters.next().filter(|to| *to != ']')?;
                        inside.push((from, to));
                    } else {
                        inside.push((from, from));
                    }
                }
                Part::Set(inside, not)
            }
            _ => Part::Letter(letter),
        });
    }
    Some(parts)
}

/// Whether the whole text fits.
fn fits(parts: &[Part], text: &[char], work: &mut usize) -> Option<bool> {
    let (mut part, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        *work += 1;
        if *work > MOST {
            return None;
        }
        let fit = match parts.get(part) {
            Some(Part::Any) => {
                star = Some((part + 1, at));
                part += 1;
                continue;
            }
            None if at == text.len() => return Some(true),
            None => false,
            Some(other) => text.get(at).is_some_and(|letter| match other {
                Part::One | Part::Any => true,
                Part::Letter(c) => c == letter,
                Part::Set(set, not) => {
                    set.iter().any(|(from, to)| (from..=to).contains(&letter)) != *not
                }
            }),
        };
        if fit {
            part += 1;
            at += 1;
        } else if let Some((next, from)) = star.filter(|(_, from)| *from < text.len()) {
            star = Some((next, from + 1));
            part = next;
            at = from + 1;
        } else {
            return Some(false);
        }
    }
}

/// The text without what fits the pattern at one side; as much as possible, or as little.
pub(super) fn trim(text: &str, pattern: &str, side: Trim, most: bool) -> Option<String> {
    let parts = parts(pattern)?;
    let letters: Vec<char> = text.chars().collect();
    let mut work = 0;
    let count = letters.len();
    let lengths = 0..=count;
    let lengths: Vec<usize> = if most { lengths.rev().collect() } else { lengths.collect() };
    for length in lengths {
        let (cut, rest) = match side {
            Trim::Front => (&letters[..length], &letters[length..]),
            Trim::Back => (&letters[count - length..], &letters[..count - length]),
        };
        if fits(&parts, cut, &mut work)? {
            return Some(rest.iter().collect());
        }
    }
    Some(text.to_owned())
}

/// The text with what fits the pattern replaced.
pub(super) fn replace(
    text: &str,
    pattern: &str,
    with: &str,
    all: bool,
    anchor: Option<u8>,
) -> Option<String> {
    if with.contains('&') || pattern.is_empty() {
        return pattern.is_empty().then(|| text.to_owned());
    }
    let parts = parts(pattern)?;
    let letters: Vec<char> = text.chars().collect();
    let mut work = 0;
    let mut changed = String::new();
    let mut at = 0;
    let mut done = false;
    while at <= letters.len() {
        let mut found = None;
        if !done && (anchor != Some(b'#') || at == 0) {
            for end in (at..=letters.len()).rev() {
                if anchor == Some(b'%') && end != letters.len() {
                    break;
                }
                if end > at && fits(&parts, &letters[at..end], &mut work)? {
                    found = Some(end);
                    break;
                }
            }
        }
        if let Some(end) = found {
            changed.push_str(with);
            at = end;
            done = !all;
        } else {
            changed.extend(letters.get(at));
            at += 1;
        }
        if changed.len() > 64 * 1024 {
            return None;
        }
    }
    Some(changed)
}

/// Whether a text fits a pattern, if that can be told.
#[cfg(test)]
pub(super) fn is_fit(text: &str, pattern: &str) -> Option<bool> {
    fits(&parts(pattern)?, &text.chars().collect::<Vec<_>>(), &mut 0)
}
