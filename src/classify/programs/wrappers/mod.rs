//! Programs that run another program, and languages that take a program as an argument.
//!
//! ```text
//!   sudo -u app env X=1 timeout 5 rm …   front: own options ─▶ the command behind them ─▶ Judge::call
//!   ssh HOST COMMAND…, watch COMMAND…    the words joined ─▶ Judge::script
//!   python -c TEXT, node -e TEXT         ─▶ Judge::code
//!   claude -p TEXT                       another agent decides: opaque
//! ```

mod agents;
mod awk;
mod crontab;
mod env;
mod expect;
mod flock;
mod front;
mod javascript;
mod ourselves;
mod parallel;
mod perl;
mod php;
mod prefix;
mod python;
mod ruby;
mod runner;
mod screen;
mod script;
mod secrets;
mod shells;
mod ssh;
mod su;
mod sudo;
mod tmux;
mod tongues;
mod windows;
mod xargs;

use super::{How, Program};

pub(super) use agents::GOOSE;
pub(super) use runner::runs_another;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["env", "genv"], how: How::Code(env::judge) },
    Program { names: &["sudo", "sudoedit"], how: How::Code(sudo::sudo) },
    Program { names: &["doas"], how: How::Code(sudo::doas) },
    Program { names: &["su"], how: How::Code(su::su) },
    Program { names: &["runuser"], how: How::Code(su::runuser) },
    Program { names: prefix::NAMES, how: How::Code(prefix::judge) },
    Program { names: &["watch", "gwatch", "viddy", "hwatch"], how: How::Code(script::watch) },
    Program { names: &["script"], how: How::Code(script::script) },
    Program { names: &["entr"], how: How::Code(script::entr) },
    Program { names: &["flock"], how: How::Code(flock::judge) },
    Program { names: &["parallel"], how: How::Code(parallel::judge) },
    Program { names: &["xargs", "gxargs"], how: How::Code(xargs::judge) },
    Program { names: &["busybox", "toybox"], how: How::Code(script::applet) },
    Program { names: &["crontab"], how: How::Code(crontab::crontab) },
    Program { names: &["at", "batch"], how: How::Code(crontab::at) },
    Program { names: &["atq"], how: How::Code(crontab::atq) },
    Program { names: &["atrm"], how: How::Code(crontab::atrm) },
    Program { names: &["tmux"], how: How::Code(tmux::judge) },
    Program { names: &["screen"], how: How::Code(screen::judge) },
    Program { names: &["expect", "unbuffer"], how: How::Code(expect::judge) },
    Program { names: &["ssh", "autossh", "slogin"], how: How::Code(ssh::ssh) },
    Program { names: &["mosh"], how: How::Code(ssh::mosh) },
    Program {
        names: &["bash", "sh", "zsh", "dash", "ksh", "mksh", "ash", "fish", "rbash", "csh", "tcsh"],
        how: How::Code(shells::judge),
    },
    Program { names: &["aws-vault"], how: How::Code(secrets::aws_vault) },
    Program { names: &["op"], how: How::Table(&secrets::OP) },
    Program { names: &["doppler"], how: How::Table(&secrets::DOPPLER) },
    Program { names: &["infisical"], how: How::Table(&secrets::INFISICAL) },
    Program { names: &["chamber"], how: How::Table(&secrets::CHAMBER) },
    Program { names: &["teller"], how: How::Table(&secrets::TELLER) },
    Program { names: &["envchain"], how: How::Code(secrets::envchain) },
    Program { names: &["dotenv", "dotenvx"], how: How::Code(secrets::dotenv) },
    Program { names: &["direnv"], how: How::Table(&secrets::DIRENV) },
    Program { names: &["npx", "bunx", "pnpx"], how: How::Code(runner::npx) },
    Program { names: &["uvx"], how: How::Code(runner::uvx) },
    Program { names: &["pipx"], how: How::Table(&runner::PIPX) },
    Program {
        names: &[
            "python",
            "python2",
            "python3",
            "python3.8",
            "python3.9",
            "python3.10",
            "python3.11",
            "python3.12",
            "python3.13",
            "python3.14",
            "pypy",
            "pypy3",
            "py",
            "ipython",
        ],
        how: How::Code(python::judge),
    },
    Program { names: &["node", "nodejs"], how: How::Code(javascript::node) },
    Program { names: &["deno"], how: How::Code(javascript::deno) },
    Program { names: &["bun"], how: How::Code(javascript::bun) },
    Program { names: &["tsx", "ts-node", "esno"], how: How::Code(javascript::node) },
    Program { names: &["ruby", "irb"], how: How::Code(ruby::judge) },
    Program { names: &["perl", "perl5"], how: How::Code(perl::judge) },
    Program { names: &["php"], how: How::Code(php::judge) },
    Program { names: &["awk", "gawk", "mawk", "nawk", "original-awk"], how: How::Code(awk::judge) },
    Program { names: tongues::NAMES, how: How::Code(tongues::judge) },
    Program { names: &["cmd"], how: How::Code(windows::cmd) },
    Program {
        names: &["powershell", "pwsh", "powershell_ise"],
        how: How::Code(windows::powershell),
    },
    Program { names: windows::NATIVE, how: How::Code(windows::native) },
    Program { names: &["countersign"], how: How::Table(&ourselves::COUNTERSIGN) },
    Program { names: &["claude", "claude-code"], how: How::Table(&agents::CLAUDE) },
    Program { names: &["q", "qchat", "kiro-cli", "kiro-cli-chat"], how: How::Table(&agents::Q) },
    Program { names: &["codex"], how: How::Table(&agents::CODEX) },
    Program { names: &["gemini"], how: How::Table(&agents::GEMINI) },
    Program { names: &["cursor-agent"], how: How::Table(&agents::CURSOR) },
    Program { names: &["copilot"], how: How::Table(&agents::COPILOT) },
    Program { names: &["aider"], how: How::Table(&agents::AIDER) },
    Program { names: &["amp"], how: How::Table(&agents::AMP) },
    Program { names: &["opencode"], how: How::Table(&agents::OPENCODE) },
    Program { names: agents::OTHERS, how: How::Table(&agents::OTHER) },
];
