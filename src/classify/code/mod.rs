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
mod mongo;
mod perl;
mod php;
mod powershell;
mod python;
mod reader;
mod ruby;
mod sdk;
mod token;
mod value;

use super::{Call, Judge, Language, Word};

/// Judges a program text.
pub fn text(language: Language, text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    if text.may_inject() {
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
