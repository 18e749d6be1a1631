//! `tmux`: windows in which commands run, and keys typed into them.
//!
//! From tmux(1) (<https://man.openbsd.org/tmux>), 2026-11.

use super::front::{self, Own};
use crate::{
    classify::{Call, Judge, Word},
    domain::Verb,
};

/// Judges `tmux`.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = Own::new("cfLST", &[]).read(call.arguments());
    if front.has(&["-V", "-h"]) {
        return judge.reads("tmux", "", call.span());
    }
    if let Some(script) = front.value(&["-c"]) {
        return front::run_script(script, call, judge);
    }
    if front.rest.is_empty() {
        return judge.opaque(call.span(), "a person types into it");
    }
    // Several commands stand behind one another with `;` between them.
    for words in front.rest.split(|word| word.is(";") || word.is("\\;")) {
        if let Some((name, words)) = words.split_first() {
            command(name, words, call, judge);
        }
    }
}

fn command(name: &Word, words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let span = call.words[0].span().with(name.span());
    let Some(verb) = name.known() else {
        return judge.opaque(name.span(), "which subcommand runs is not known");
    };
    match verb {
        "ls"
        | "list-sessions"
        | "lsw"
        | "list-windows"
        | "lsp"
        | "list-panes"
        | "lsc"
        | "list-clients"
        | "lsk"
        | "list-keys"
        | "lsb"
        | "list-buffers"
        | "lscm"
        | "list-commands"
        | "show"
        | "show-options"
        | "showw"
        | "show-window-options"
        | "showb"
        | "show-buffer"
        | "showenv"
        | "show-environment"
        | "showmsgs"
        | "show-messages"
        | "info"
        | "server-info"
        | "has"
        | "has-session"
        | "capturep"
        | "capture-pane"
        | "display"
        | "display-message"
        | "wait"
        | "wait-for"
        | "start"
        | "start-server"
        | "show-hooks" => {
            judge.reads("tmux", "", span);
        }
        "new" | "new-session" | "neww" | "new-window" | "splitw" | "split-window" | "respawnp"
        | "respawn-pane" | "respawnw" | "respawn-window" | "popup" | "display-popup" | "popupw" => {
            let front = Own::new("cCdeFfhlnpstTwxySb", &[]);
            // `-d` takes a value in a popup only, and `-h`, `-b` never in a window.
            let own = if verb.contains("popup") { front } else { Own::new("ceFflnstxyp", &[]) };
            let inner = own.read(words).rest;
            judge.changes(Verb::Run, "tmux", "", span, "end the session again");
            run(inner, call, judge);
        }
        "run" | "run-shell" => run(Own::new("bct d", &[]).read(words).rest, call, judge),
        "pipep" | "pipe-pane" => run(Own::new("t", &[]).read(words).rest, call, judge),
        "if" | "if-shell" => judge.opaque(span, "commands inside a condition are not read"),
        "send" | "send-keys" => keys(words, span, call, judge),
        "kill-session" | "kill-server" | "kill-pane" | "killp" | "kill-window" | "killw" => {
            judge.changes(Verb::Update, "tmux", "", span, "start what ran in it again");
        }
        "attach" | "attach-session" | "a" | "at" | "switchc" | "switch-client" | "detach"
        | "detach-client" | "selectp" | "select-pane" | "selectw" | "select-window" | "resizep"
        | "resize-pane" | "resizew" | "resize-window" | "rename" | "rename-session" | "renamew"
        | "rename-window" | "set" | "set-option" | "setw" | "set-window-option" | "setenv"
        | "set-environment" | "next" | "prev" | "movew" | "move-window" | "swapp" | "swap-pane"
        | "clearhist" | "clear-history" | "setb" | "set-buffer" | "saveb" | "save-buffer"
        | "loadb" | "load-buffer" | "deleteb" | "delete-buffer" | "joinp" | "join-pane"
        | "breakp" | "break-pane" | "select-layout" | "refresh-client" | "lock-server" => {
            judge.changes(Verb::Update, "tmux", "", span, "change it back");
        }
        _ => judge.opaque(span, "this subcommand is not known"),
    }
}

fn run(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    match words {
        [] => {}
        [script] => {
            judge.script(script, call.variables, call.stdin);
        }
        words => {
            judge.call(&call.running(words));
        }
    }
}

/// Keys typed into a window: a shell is most likely what gets them.
fn keys(words: &[Word], span: crate::domain::Span, call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = Own::new("cNt", &[]).read(words);
    let mut text = String::new();
    let mut at = None;
    for word in front.rest {
        let key = word.text();
        at = Some(at.map_or(word.span(), |span: crate::domain::Span| span.with(word.span())));
        match key {
            "Enter" | "C-m" | "C-j" | "KPEnter" => text.push('\n'),
            "Space" => text.push(' '),
            "Tab" => text.push('\t'),
            "Escape" | "BSpace" | "Up" | "Down" | "Left" | "Right" | "Home" | "End" => {}
            _ if key.len() == 3 && (key.starts_with("C-") || key.starts_with("M-")) => {}
            _ => text.push_str(key),
        }
    }
    judge.changes(Verb::Run, "tmux", "", span, "it depends on what was typed");
    if let (Some(at), false) = (at, text.trim().is_empty()) {
        let script = match front.rest {
            [word, ..] if word.text() == text.trim_end() => word.clone(),
            _ => Word::made(text, at),
        };
        judge.script(&script, call.variables, &crate::classify::Data::Nothing);
    }
}
