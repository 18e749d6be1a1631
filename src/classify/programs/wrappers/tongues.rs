//! Languages whose programs are not read: only what is plainly nothing is harmless.

use super::front;
use crate::classify::{Call, Judge};

/// The programs judged here.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "lua", "lua5.1", "lua5.3", "lua5.4", "luajit", "osascript", "groovy", "Rscript", "R", "julia",
    "tclsh", "wish", "elixir", "iex", "erl", "escript", "scala", "scala-cli", "kotlin", "jshell",
    "ghci", "runghc", "runhaskell", "guile", "racket", "sbcl", "clisp", "clojure", "clj", "bb",
    "raku", "nim", "crystal", "octave", "sml", "ocaml", "csi", "dotnet-script",
    "nu", "xonsh", "elvish",
];

/// Judges such a language.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let harmless = ["--version", "-version", "--help", "-help", "-v", "-V", "-h"];
    match call.arguments() {
        [only] if harmless.iter().any(|option| only.is(option)) => {
            judge.reads("code", front::base(&call.words[0]), call.span());
        }
        _ => judge.opaque(call.span(), "this language is not read"),
    }
}
