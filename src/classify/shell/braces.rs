//! Braces: `{a,b}` and `{1..3}` make several words of one.

use super::syntax::{Piece, Text};
use crate::classify::Word;

/// The most words that braces make of one; more are not known.
const MOST: usize = 128;

/// The longest word whose braces are looked at.
const LONGEST: usize = 8 * 1024;

/// A letter of an unquoted part, or a part that braces do not look into.
#[derive(Clone)]
enum Unit {
    Letter(char, Word),
    Part(Piece),
}

impl Unit {
    const fn is(&self, letter: char) -> bool {
        matches!(self, Self::Letter(c, _) if *c == letter)
    }
}

/// The words that braces make of one; nothing if they are too many.
pub(super) fn expand(text: &Text) -> Option<Vec<Text>> {
    let mut units = Vec::new();
    for piece in &text.pieces {
        match piece {
            Piece::Plain(word) => {
                if units.len() + word.text().len() > LONGEST {
                    return None;
                }
                for (at, letter) in word.text().char_indices() {
                    units.push(Unit::Letter(letter, word.part(at..at + letter.len_utf8())));
                }
            }
            other => units.push(Unit::Part(other.clone())),
        }
    }
    let mut work = 0;
    let words = alternatives(&units, 0, &mut work)?;
    Some(words.into_iter().map(|units| Text { pieces: joined(units), span: text.span }).collect())
}

/// Whether braces may do anything here.
pub(super) fn has_any(text: &Text) -> bool {
    text.pieces.iter().any(|piece| match piece {
        Piece::Plain(word) => word.text().contains('{'),
        _ => false,
    })
}

fn alternatives(units: &[Unit], depth: u32, work: &mut usize) -> Option<Vec<Vec<Unit>>> {
    *work += units.len();
    if depth > 12 || *work > 1 << 16 {
        return None;
    }
    let mut open = 0;
    // A `{` without its `}` is a letter, and so is one without a comma or dots.
    let (start, end, inner) = loop {
        let Some(found) = units[open..].iter().position(|unit| unit.is('{')) else {
            return Some(vec![units.to_vec()]);
        };
        let start = open + found;
        if let Some(end) = closing(units, start) {
            if let Some(inner) = members(&units[start + 1..end]) {
                break (start, end, inner);
            }
        }
        *work += units.len() - start;
        if *work > 1 << 16 {
            return None;
        }
        open = start + 1;
    };
    let mut middles = Vec::new();
    for member in inner {
        middles.extend(alternatives(&member, depth + 1, work)?);
        if middles.len() > MOST {
            return None;
        }
    }
    let tails = alternatives(&units[end + 1..], depth + 1, work)?;
    if middles.len() * tails.len() > MOST {
        return None;
    }
    let mut words = Vec::with_capacity(middles.len() * tails.len());
    for middle in &middles {
        for tail in &tails {
            let mut word = units[..start].to_vec();
            word.extend_from_slice(middle);
            word.extend_from_slice(tail);
            *work += word.len();
            words.push(word);
        }
        if *work > 1 << 16 {
            return None;
        }
    }
    Some(words)
}

fn closing(units: &[Unit], start: usize) -> Option<usize> {
    let mut open = 0_u32;
    for (at, unit) in units.iter().enumerate().skip(start) {
        if unit.is('{') {
            open += 1;
        } else if unit.is('}') {
            open -= 1;
            if open == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// What stands between the commas, or what a sequence counts up.
fn members(units: &[Unit]) -> Option<Vec<Vec<Unit>>> {
    let mut members = vec![Vec::new()];
    let mut open = 0_u32;
    for unit in units {
        if unit.is(',') && open == 0 {
            members.push(Vec::new());
            continue;
        }
        if unit.is('{') {
            open += 1;
        } else if unit.is('}') {
            open = open.saturating_sub(1);
        }
        members.last_mut()?.push(unit.clone());
    }
    if members.len() > 1 {
        return Some(members);
    }
    let mut text = String::new();
    for unit in units {
        let Unit::Letter(letter, _) = unit else { return None };
        text.push(*letter);
    }
    let Unit::Letter(_, first) = units.first()? else { return None };
    let words = sequence(&text)?;
    let unit = |letter: char| Unit::Letter(letter, Word::made(letter.to_string(), first.span()));
    Some(words.iter().map(|word| word.chars().map(unit).collect()).collect())
}

fn sequence(text: &str) -> Option<Vec<String>> {
    let mut parts = text.split("..");
    let (from, to) = (parts.next()?, parts.next()?);
    let step = parts.next().map_or(Some(1), |step| step.parse::<i64>().ok())?;
    if parts.next().is_some() {
        return None;
    }
    let step = step.checked_abs()?.max(1);
    let letter = |text: &str| {
        let mut letters = text.chars();
        let letter = letters.next().filter(char::is_ascii_alphabetic);
        letter.filter(|_| letters.next().is_none())
    };
    let numbers = from.parse::<i64>().ok().zip(to.parse::<i64>().ok());
    let (start, end, letters) = match (numbers, letter(from).zip(letter(to))) {
        (Some((start, end)), _) => (start, end, false),
        (None, Some((start, end))) => {
            (i64::from(u32::from(start)), i64::from(u32::from(end)), true)
        }
        _ => return None,
    };
    let padded = |text: &str| text.trim_start_matches('-').starts_with('0') && text.len() > 1;
    let width = if padded(from) || padded(to) { from.len().max(to.len()) } else { 0 };
    let distance = end.checked_sub(start)?.checked_abs()? / step;
    if distance > i64::try_from(MOST).ok()? {
        // Too many to be gone through: the caller counts them and gives up.
        return Some(vec![String::new(); MOST + 1]);
    }
    let step = if end < start { -step } else { step };
    let values = (0..=distance).map(|n| start + n * step);
    Some(
        values
            .map(|value| {
                if letters {
                    u32::try_from(value).ok().and_then(char::from_u32).unwrap_or(' ').to_string()
                } else {
                    format!("{value:0width$}")
                }
            })
            .collect(),
    )
}

/// Puts letters that stand side by side together again.
fn joined(units: Vec<Unit>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut run: Option<Word> = None;
    for unit in units {
        match unit {
            Unit::Letter(_, word) => {
                run = Some(match run {
                    Some(before) => before.joined(&word),
                    None => word,
                });
            }
            Unit::Part(piece) => {
                pieces.extend(run.take().map(Piece::Plain));
                pieces.push(piece);
            }
        }
    }
    pieces.extend(run.map(Piece::Plain));
    pieces
}
