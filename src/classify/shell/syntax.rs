//! What a script consists of, once it has been read.
//!
//! ```text
//!   List ─▶ Item ─▶ Pipeline ─▶ Command ─┬─ Simple: assignments, words
//!                                        ├─ Group, If, Loop, Case …: Lists again
//!                                        └─ Redirect
//!   Text ─▶ Piece ─┬─ letters, quoted or not
//!                  └─ what is put in: a parameter, what a command prints, a sum
//! ```
//!
//! Every part holds its letters as a [`Word`], which knows where in the input it stands. So a
//! part may be kept (a function's body) when the script that it came from is gone.

use crate::{classify::Word, domain::Span};
use std::{cell::OnceCell, rc::Rc};

/// Commands one after another.
#[derive(Debug, Clone, Default)]
pub(super) struct List(pub Vec<Item>);

/// Pipelines joined by `&&` and `||`.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub first: Pipeline,
    pub more: Vec<(Join, Pipeline)>,
    /// Ended by `&`: it runs beside the rest.
    pub background: bool,
}

/// When the next pipeline runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    And,
    Or,
}

/// Commands joined by `|`.
#[derive(Debug, Clone)]
pub(super) struct Pipeline {
    pub negated: bool,
    pub commands: Vec<Command>,
}

/// A command with its redirections.
#[derive(Debug, Clone)]
pub(super) struct Command {
    pub kind: Kind,
    pub redirects: Vec<Redirect>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Simple(Simple),
    Group(List),
    Subshell(List),
    /// Conditions with what follows each, and what follows if none holds.
    If(Vec<(List, List)>, List),
    /// `while` and `until`.
    While(List, List),
    /// `for` and `select`: the variable, the words (without any, the arguments), the body.
    For(String, Option<Vec<Text>>, List),
    /// `for ((…))`: the sums, the body.
    Count(Text, List),
    Case(Text, Vec<(Vec<Text>, List)>),
    Function(String, Rc<Command>),
    /// `[[ … ]]`: its words.
    Test(Vec<Text>),
    /// `(( … ))`.
    Sum(Text),
    Coprocess(Box<Command>),
}

/// A program with its arguments.
#[derive(Debug, Clone, Default)]
pub(super) struct Simple {
    pub assignments: Vec<Assignment>,
    pub words: Vec<Text>,
    /// Arrays among the arguments of `declare`, `local`, …
    pub arrays: Vec<Assignment>,
}

/// `NAME=value`.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    pub name: String,
    /// `NAME[…]=value`.
    pub indexed: bool,
    /// `NAME+=value`.
    pub append: bool,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    One(Text),
    Many(Vec<Text>),
}

/// Where a command reads from or writes to.
#[derive(Debug, Clone)]
pub(super) struct Redirect {
    /// The descriptor written before it.
    pub number: Option<u32>,
    pub to: Target,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(super) enum Target {
    /// `<`
    From(Text),
    /// `>`, `>|`
    Over(Text),
    /// `>>`
    Append(Text),
    /// `<>`
    Both(Text),
    /// `&>`, `&>>`: with whether it appends.
    All(Text, bool),
    /// `<&`
    CopyIn(Text),
    /// `>&`
    CopyOut(Text),
    /// `<<<`
    Text(Text),
    /// `<<`. The text comes later than the command; it is set when its line has been read.
    Here(Rc<OnceCell<Text>>),
}

/// A word as it is written, or another text in which something is put.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    pub pieces: Vec<Piece>,
    pub span: Span,
}

impl Text {
    /// The letters, if it is one piece without any quoting.
    pub(super) fn plain(&self) -> Option<&Word> {
        match self.pieces.as_slice() {
            [Piece::Plain(word)] => Some(word),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// Unquoted letters.
    Plain(Word),
    /// Letters that mean themselves.
    Quoted(Word),
    /// What stands between `"`.
    Double(Vec<Piece>),
    Parameter(Box<Parameter>),
    /// `$(…)`
    Output(Rc<List>, Span),
    /// `` `…` `` without its backslashes.
    Backquoted(Word),
    /// `$((…))`
    Sum(Vec<Piece>),
    /// `<(…)`, or `>(…)` when it is written to.
    Process {
        list: Rc<List>,
        written: bool,
        span: Span,
    },
}

/// `$NAME`, `${NAME…}`.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub name: String,
    /// What stands between `[` and `]`.
    pub index: Option<Vec<Piece>>,
    /// `${!NAME}`
    pub indirect: bool,
    /// `$NAME` without braces: letters put behind it become part of the name.
    pub bare: bool,
    pub change: Change,
    pub span: Span,
}

/// What is made of a parameter's value.
#[derive(Debug, Clone)]
pub(super) enum Change {
    None,
    /// `${#NAME}`
    Length,
    /// `${!NAME[@]}`, `${!NAME*}`, `${NAME@Q}`: nothing is known of it.
    Unknown,
    /// `${NAME@P}`: what stands in the value runs.
    Prompt,
    /// `-`, `=`, `?`, `+`, with whether an empty value counts as none.
    Otherwise(u8, bool, Vec<Piece>),
    /// `#` or `%`, with whether as much as possible goes.
    Trim(u8, bool, Vec<Piece>),
    /// `:from:count`
    Slice(Vec<Piece>, Option<Vec<Piece>>),
    /// `/`: all of them; `#` or `%` or nothing; the pattern; what comes instead.
    Replace(bool, Option<u8>, Vec<Piece>, Vec<Piece>),
    /// `^` or `,`, with whether all letters.
    Case(u8, bool, Vec<Piece>),
}
