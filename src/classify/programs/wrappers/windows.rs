//! The shells of Windows: `cmd` and `PowerShell`.
//!
//! From <https://learn.microsoft.com/windows-server/administration/windows-commands/cmd> and
//! <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_pwsh>,
//! 2026-11.

use super::{
    front,
    python::{run_file, standard_input},
};
use crate::classify::{Call, Judge, Language, Word, code};
use base64::Engine;

/// Judges `cmd /c …`.
pub(super) fn cmd(call: &Call<'_>, judge: &mut Judge<'_>) {
    let words = call.arguments();
    for (at, word) in words.iter().enumerate() {
        let text = word.text();
        // `//c` is how a Unix shell on Windows has to write it.
        let option = text.trim_start_matches('/').to_ascii_lowercase();
        if !text.starts_with('/') {
            return judge.opaque(word.span(), "what it is told to do is not known");
        }
        if option == "?" {
            return judge.reads("windows", "", call.span());
        }
        if !option.starts_with(['c', 'k', 'r']) {
            continue;
        }
        let mut rest: Vec<Word> = words[at + 1..].to_vec();
        if option.len() > 1 {
            let skip = text.len() - option.len() + 1;
            rest.insert(0, word.after(skip));
        }
        return match front::joined(&rest) {
            Some(text) => judge.code(Language::Cmd, &text, call),
            None => front::interactive(call, judge),
        };
    }
    standard_input(Language::Cmd, call, judge);
}

/// Options of PowerShell that take a value, in full.
#[rustfmt::skip]
const VALUED: &[&str] = &[
    "executionpolicy", "windowstyle", "version", "psconsolefile", "inputformat", "outputformat",
    "configurationname", "workingdirectory", "settingsfile", "custompipename",
    "configurationfile", "ep", "ex", "wd", "config", "if", "of",
];
const PLAIN: &[&str] = &[
    "noprofile",
    "noninteractive",
    "noexit",
    "nologo",
    "sta",
    "mta",
    "login",
    "nop",
    "noni",
    "interactive",
    "sshservermode",
    "l",
    "i",
];

/// Judges `powershell …` and `pwsh …`.
pub(super) fn powershell(call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut words = call.arguments();
    while let Some((word, rest)) = words.split_first() {
        let text = word.text();
        if !text.starts_with(['-', '/']) || text == "-" {
            break;
        }
        let name = text.trim_start_matches(['-', '/']).to_ascii_lowercase();
        let starts = |full: &str| !name.is_empty() && full.starts_with(&name);
        words = rest;
        if name == "?"
            || name == "h"
            || name == "help"
            || name == "version" && rest.is_empty()
            || name == "v"
        {
            return judge.reads("windows", "", call.span());
        }
        if name == "e" || name == "ec" || (name.len() > 1 && starts("encodedcommand")) {
            return encoded(rest.first(), call, judge);
        }
        if starts("commandwithargs") || name == "cwa" {
            return command(rest, call, judge);
        }
        if starts("file") {
            return match rest.first() {
                Some(file) => run_file(Language::PowerShell, file, call, judge),
                None => front::interactive(call, judge),
            };
        }
        if PLAIN.iter().any(|option| starts(option)) {
            continue;
        }
        if name == "w" || VALUED.iter().any(|option| starts(option)) {
            words = rest.get(1..).unwrap_or_default();
        }
    }
    match words.first() {
        None => standard_input(Language::PowerShell, call, judge),
        Some(word) if word.text().to_ascii_lowercase().ends_with(".ps1") => {
            run_file(Language::PowerShell, word, call, judge);
        }
        Some(_) => command(words, call, judge),
    }
}

fn command(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    match front::joined(words) {
        Some(text) if !text.is("-") => judge.code(Language::PowerShell, &text, call),
        _ => standard_input(Language::PowerShell, call, judge),
    }
}

/// Base64 of UTF-16.
fn encoded(word: Option<&Word>, call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(word) = word else { return front::interactive(call, judge) };
    let text = word.known().and_then(|text| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
        let units: Vec<u16> =
            bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    });
    match text {
        Some(text) => judge.code(Language::PowerShell, &Word::made(text, word.span()), call),
        None => judge.opaque(word.span(), "the encoded command cannot be read"),
    }
}

/// Judges a cmdlet called from another shell.
pub(super) fn cmdlet(call: &Call<'_>, judge: &mut Judge<'_>) {
    command(call.words, call, judge);
}

/// Judges a program that only Windows has.
pub(super) fn native(call: &Call<'_>, judge: &mut Judge<'_>) {
    code::windows_program(call.words, call, judge);
}

/// Programs that only Windows has.
#[rustfmt::skip]
pub(super) const NATIVE: &[&str] = &[
    "del", "erase", "rd", "taskkill", "tasklist", "reg", "vssadmin", "wbadmin", "diskpart",
    "wmic", "schtasks", "bcdedit", "wevtutil", "robocopy", "xcopy", "icacls", "takeown", "cipher",
    "fsutil", "format", "net", "sc", "netsh", "ipconfig", "systeminfo", "certutil", "wsl", "setx",
    "msiexec", "copy", "move", "ren", "cls", "ver", "vol", "findstr", "dism", "powercfg",
    "manage-bde", "bitsadmin", "mklink", "attrib", "gpupdate", "gpresult", "driverquery", "mshta",
    "rundll32", "regsvr32", "cscript", "wscript", "runas", "psexec", "sfc", "chkdsk", "w32tm",
    "tskill", "logoff", "where",
];
