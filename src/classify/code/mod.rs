//! What a program text given on the command line would do.
//!
//! ```text
//!   Python, JavaScript, Ruby, Perl, PHP ─▶ token ─▶ reader (names, chains, calls) ─▶ meaning ─▶ Judge
//!   awk, cmd, PowerShell                ─▶ a small reader each                        ─▶ Judge
//! ```
//!
//! What is recognised is judged. When every call in a text is known to be harmless the text is;
//! a call that is not known is opaque.

mod awk;
mod cmd;
mod cmdlets;
mod javascript;
mod meaning;
mod methods;
mod mongo;
mod names;
mod perl;
mod php;
mod powershell;
mod powershell_words;
mod python;
mod quotes;
mod reader;
mod ruby;
mod scope;
mod sdk;
mod token;
mod value;
mod web;
mod windows;

use super::{Call, Judge, Language, Word};

/// Judges a program text.
pub fn text(language: Language, text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    if text.may_inject() && !only_it(&judge.name(text)) {
        judge.opaque(text.span(), "part of the program is not known");
    }
    match language {
        Language::Awk => awk::read(text, call, judge),
        Language::Cmd => cmd::read(text, call, judge),
        Language::PowerShell => powershell::read(text, call, judge),
        Language::Mongo => mongo::read(text, call, judge),
        _ => {
            judge.reads("code", "", text.span());
            reader::read(language, text, call, judge);
        }
    }
}

/// Whether the only variable in a text is `$_`: in the shell it is the last word of the command
/// before, and what was meant is the variable of the other language.
fn only_it(letters: &str) -> bool {
    let mut dollars = letters.split('$').skip(1).peekable();
    let other = |after: &str| {
        after
            .strip_prefix('_')
            .is_none_or(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    dollars.peek().is_some() && !letters.contains('`') && !dollars.any(other)
}

/// Judges a program of Windows by its words.
pub(in crate::classify) fn windows_program(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    cmd::program(words, call, judge);
}

/// Whether a program's name is that of a cmdlet, such as `Remove-Item`.
pub(in crate::classify) fn is_cmdlet(name: &str) -> bool {
    cmdlets::is_cmdlet(name)
}
