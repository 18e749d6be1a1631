//! What an input would do: a class, and the parts of the input that say so, underlined.
//!
//! ```text
//!   destructive: the namespace and everything in it are gone
//!
//!     kubectl delete ns payments
//!     ^^^^^^^^^^^^^^
//!     delete `ns payments` (kubernetes), in production
//! ```

use super::{Ink, Report, Tone};
use crate::{
    domain::{Assessment, Class, Effect, Environment, Found, Opaque, Span, Untrusted, Verb},
    text::SafeText,
};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;

/// Findings that are explained; the rest is counted.
const EXPLAINED: usize = 8;
/// Columns of the input that are shown before what is underlined, where a line is too long.
const BEFORE: usize = 24;
/// Columns where nobody says how wide the paper is.
const WIDTH: usize = 100;

/// One input and what it would do.
pub struct Classified<'a> {
    kind: &'static str,
    input: &'a str,
    found: &'a Assessment,
}

impl<'a> Classified<'a> {
    /// Of an input of this kind (`command`, `sql`, `plan`, `diff`, `manifest`).
    pub fn new(kind: &'static str, input: &'a str, found: &'a Assessment) -> Self {
        Self { kind, input, found }
    }
}

/// The answer to one line of `--jsonl`.
#[derive(Serialize)]
pub struct ClassifiedLine<'a> {
    id: Value,
    command: &'a str,
    class: Class,
    effects: Vec<EffectBody<'a>>,
    opaque: Vec<OpaqueBody<'a>>,
}

impl<'a> ClassifiedLine<'a> {
    /// Of this command.
    pub fn new(id: Value, command: &'a str, found: &'a Assessment) -> Self {
        let (effects, opaque) = bodies(command, found);
        Self { id, command, class: found.class(), effects, opaque }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    kind: &'static str,
    /// Only of what was given on the command line: a plan would be repeated whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'a str>,
    class: Class,
    effects: Vec<EffectBody<'a>>,
    opaque: Vec<OpaqueBody<'a>>,
}

#[derive(Serialize)]
struct EffectBody<'a> {
    verb: Verb,
    service: &'a str,
    resource: &'a Untrusted,
    environment: Environment,
    class: Class,
    reversible: bool,
    because: &'a str,
    evidence: Evidence<'a>,
}

#[derive(Serialize)]
struct OpaqueBody<'a> {
    because: &'a str,
    evidence: Evidence<'a>,
}

#[derive(Serialize)]
struct Evidence<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

impl<'a> Evidence<'a> {
    fn new(input: &'a str, span: Span) -> Self {
        let text = input.get(span.start..span.end).unwrap_or_default();
        Self { start: span.start, end: span.end, text }
    }
}

fn bodies<'a>(input: &'a str, found: &'a Assessment) -> (Vec<EffectBody<'a>>, Vec<OpaqueBody<'a>>) {
    let effect = |effect: &'a Effect| EffectBody {
        verb: effect.verb,
        service: &effect.service,
        resource: &effect.resource,
        environment: effect.environment,
        class: effect.class(),
        reversible: effect.class() < Class::Destructive,
        because: effect.because(),
        evidence: Evidence::new(input, effect.evidence),
    };
    let opaque = |opaque: &'a Opaque| OpaqueBody {
        because: &opaque.because,
        evidence: Evidence::new(input, opaque.evidence),
    };
    (found.effects.iter().map(effect).collect(), found.opaque.iter().map(opaque).collect())
}

impl Report for Classified<'_> {
    fn human(&self, ink: Ink) -> String {
        let findings = self.found.by_weight();
        let class = self.found.class();
        let mut out = ink.paint(tone(class), &class.to_string());
        out.push_str(match class {
            Class::ReadOnly => ": nothing changes\n",
            Class::Mutating => ": it changes something, and can be turned back\n",
            Class::Opaque => ": it has a part that cannot be read\n",
            Class::Destructive => ": something is lost or let out for good\n",
        });
        let of_secrets = self.found.effects.iter().filter(|effect| effect.service == "secrets");
        let secrets: Vec<Span> = of_secrets.map(|effect| effect.evidence).collect();
        // What decides is quoted; what is milder gets a line.
        let (deciding, milder): (Vec<_>, Vec<_>) =
            findings.iter().map(Finding::of).partition(|finding| finding.class == class);
        for finding in deciding.iter().take(EXPLAINED) {
            out.push('\n');
            finding.write(self.input, &secrets, ink, &mut out);
        }
        if deciding.len() > EXPLAINED {
            let more = deciding.len() - EXPLAINED;
            let _ = writeln!(out, "\nand {more} more like these; --json lists all");
        }
        if !milder.is_empty() {
            out.push_str("\nbesides\n");
        }
        for finding in milder.iter().take(EXPLAINED) {
            finding.write_short(self.input, ink, &mut out);
        }
        if milder.len() > EXPLAINED {
            let more = milder.len() - EXPLAINED;
            let _ = writeln!(out, "  and {more} more; --json lists all");
        }
        out
    }

    fn name(&self) -> &'static str {
        "classify"
    }

    fn body(&self) -> impl Serialize + '_ {
        let (effects, opaque) = bodies(self.input, self.found);
        let given = matches!(self.kind, "command" | "sql");
        let command = given.then_some(self.input);
        Body { kind: self.kind, command, class: self.found.class(), effects, opaque }
    }
}

/// An effect or an opaque part, as it is told.
struct Finding {
    class: Class,
    span: Span,
    says: Untrusted,
    then: Untrusted,
}

impl Finding {
    fn of(found: &Found<'_>) -> Self {
        let (class, span) = (found.class(), found.evidence());
        let effect = match found {
            Found::Effect(effect) => effect,
            Found::Opaque(opaque) => {
                let says = format!("cannot be read: {}", opaque.because);
                return Self { class, span, says: says.into(), then: Untrusted::default() };
            }
        };
        let place = match effect.environment {
            Environment::Production => ", in production",
            Environment::Unknown if class == Class::ReadOnly => "",
            Environment::Unknown => ", where is not known: counts as production",
            Environment::NonProduction => ", not in production",
        };
        let then = match class {
            Class::ReadOnly => String::new(),
            Class::Destructive => format!("no way back: {}", effect.because()),
            Class::Mutating | Class::Opaque => format!("way back: {}", effect.because()),
        };
        let says = format!("{}{place}", effect.told().raw());
        Self { class, span, says: says.into(), then: then.into() }
    }

    /// In one line, without the input.
    fn write_short(&self, input: &str, ink: Ink, out: &mut String) {
        let (_, number) = quoted(input, self.span, &[]);
        let place = number.map_or_else(String::new, |number| format!("line {number}: "));
        let says = SafeText::line(&format!("{place}{}", self.says.raw()).into());
        let class = format!("{:<11}", self.class.to_string());
        let _ = writeln!(
            out,
            "  {} {}",
            ink.paint(tone(self.class), &class),
            ink.safe(Tone::Plain, &says)
        );
    }

    fn write(&self, input: &str, secrets: &[Span], ink: Ink, out: &mut String) {
        let tone = tone(self.class);
        let (line, number) = quoted(input, self.span, secrets);
        let columns = ink.width.unwrap_or(WIDTH).saturating_sub(4).max(20);
        let start = self.span.start.saturating_sub(line.start).min(line.text.len());
        let end = self.span.end.saturating_sub(line.start).clamp(start, line.text.len());
        let pieces = (line.text.get(..start), line.text.get(start..end), line.text.get(end..));
        if let (Some(before), Some(marked), Some(after)) = pieces {
            let marked = SafeText::line(&marked.into()).clipped(columns);
            let before =
                last_columns(before, (columns - marked.width()).min(BEFORE.max(columns / 3)));
            let left = columns.saturating_sub(before.width() + marked.width());
            let after = SafeText::line(&after.into()).clipped(left);
            let _ = write!(out, "  {}{}", ink.safe(Tone::Quiet, &before), ink.safe(tone, &marked));
            let _ = writeln!(out, "{}", ink.safe(Tone::Quiet, &after));
            let underline = "^".repeat(marked.width().max(1));
            let _ =
                writeln!(out, "  {}{}", " ".repeat(before.width()), ink.paint(tone, &underline));
        }
        let place = number.map_or_else(String::new, |number| format!("line {number}: "));
        let _ = writeln!(out, "  {place}{}", ink.safe(Tone::Plain, &SafeText::line(&self.says)));
        if !self.then.is_empty() {
            let _ = writeln!(out, "  {}", ink.safe(Tone::Plain, &SafeText::line(&self.then)));
        }
    }
}

const fn tone(class: Class) -> Tone {
    match class {
        Class::ReadOnly => Tone::Good,
        Class::Mutating => Tone::Plain,
        Class::Opaque => Tone::Warning,
        Class::Destructive => Tone::Bad,
    }
}

/// A line of the input.
struct Line<'a> {
    text: &'a str,
    start: usize,
}

/// The line in which a span begins, and its number where there are several. A secret in it is cut
/// off where its evidence ends.
fn quoted<'a>(input: &'a str, span: Span, secrets: &[Span]) -> (Line<'a>, Option<usize>) {
    let at = span.start.min(input.len());
    let before = input.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = input.get(start..).unwrap_or_default();
    let text = rest.split('\n').next().unwrap_or_default();
    let within = |secret: &&Span| (start..=start + text.len()).contains(&secret.end);
    let end = secrets.iter().filter(within).map(|secret| secret.end - start).min();
    let text = end.and_then(|end| text.get(..end)).unwrap_or(text);
    let several = input.trim_end().contains('\n');
    let number = several.then(|| before.matches('\n').count() + 1);
    (Line { text, start }, number)
}

/// The end of a text, in so many columns, with a mark where something is left out.
fn last_columns(text: &str, columns: usize) -> SafeText {
    let whole = SafeText::line(&text.into());
    if whole.width() <= columns {
        return whole;
    }
    let mut starts = text.char_indices().map(|(at, _)| at).rev();
    let mut kept = SafeText::default();
    // A character takes a column at least, so no more of them than columns can fit.
    for _ in 0..columns {
        let Some(at) = starts.next() else { break };
        let longer = SafeText::line(&format!("…{}", text.get(at..).unwrap_or_default()).into());
        if longer.width() > columns {
            break;
        }
        kept = longer;
    }
    kept
}
