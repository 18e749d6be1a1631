//! Braces: `{a,b}` and `{1..3}` make several words of one.

use super::{
    syntax::{Piece, Text},
    words::is_name,
};
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
    let mut spent = 0;
    let words = alternatives(&units, 0, &mut spent)?;
    let one = words.len() == 1;
    let words = words.into_iter().map(|units| {
        let pieces = joined(units);
        // A dollar may have got letters behind it that make it a parameter.
        let dollar = |piece: &Piece| match piece {
            Piece::Plain(word) => word.text().trim_end_matches('$').contains('$'),
            _ => false,
        };
        let made = !one && pieces.iter().any(dollar);
        (!made).then_some(Text { pieces, span: text.span })
    });
    words.collect()
}

/// Whether braces may do anything here.
pub(super) fn has_any(text: &Text) -> bool {
    text.pieces.iter().any(|piece| match piece {
        Piece::Plain(word) => word.text().contains('{'),
        _ => false,
    })
}

fn alternatives(units: &[Unit], depth: u32, spent: &mut usize) -> Option<Vec<Vec<Unit>>> {
    *spent += units.len();
    if depth > 12 || *spent > 1 << 16 {
        return None;
    }
    let mut open = 0;
    // A `{` without its `}` is a letter, and so is one without a comma or dots.
    let (start, end, inner) = loop {
        let Some(found) = units[open..].iter().position(|unit| unit.is('{')) else {
            return Some(vec![units.to_vec()]);
        };
        let start = open + found;
        if let Some(end) = closing(units, start)
            && let Some(inner) = members(&units[start + 1..end])
        {
            break (start, end, inner);
        }
        *spent += units.len() - start;
        if *spent > 1 << 16 {
            return None;
        }
        open = start + 1;
    };
    let mut middles = Vec::new();
    for member in inner {
        middles.extend(alternatives(&member, depth + 1, spent)?);
        if middles.len() > MOST {
            return None;
        }
    }
    let tails = alternatives(&units[end + 1..], depth + 1, spent)?;
    if middles.len() * tails.len() > MOST {
        return None;
    }
    let mut words = Vec::with_capacity(middles.len() * tails.len());
    for middle in &middles {
        for tail in &tails {
            let mut word = units[..start].to_vec();
            word.extend_from_slice(middle);
            word.extend_from_slice(tail);
            *spent += word.len();
            words.push(word);
        }
        if *spent > 1 << 16 {
            return None;
        }
    }
    Some(words)
}

/// Where the brace at `start` is closed. As in `bash`, a `}` closes only what has a comma or dots.
fn closing(units: &[Unit], start: usize) -> Option<usize> {
    if start == 0 && units.get(1).is_some_and(|next| next.is('}')) {
        return None;
    }
    let mut open = 0_u32;
    let mut parted = false;
    for (at, unit) in units.iter().enumerate().skip(start + 1) {
        let next = |ahead: usize, letter| units.get(at + ahead).is_some_and(|unit| unit.is(letter));
        if unit.is('{') {
            open += 1;
        } else if unit.is('}') && open > 0 {
            open -= 1;
        } else if unit.is('}') && parted {
            return Some(at);
        } else if open == 0 {
            parted |= unit.is(',') || unit.is('.') && next(1, '.') && !next(2, '}');
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
            Unit::Letter(letter, word) => {
                let names = letter.is_ascii_alphanumeric() || letter == '_';
                if let (true, None, Some(Piece::Parameter(parameter))) =
                    (names, &run, pieces.last_mut())
                    && parameter.bare
                    && parameter.name.bytes().all(is_name)
                {
                    parameter.name.push(letter);
                    continue;
                }
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
