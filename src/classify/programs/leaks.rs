//! Secrets that go away with the arguments or the input of programs that talk to others.
//!
//! ```text
//!   gh gist create .env          a file that holds a secret
//!   dig "$(cat .env).example"    a secret within a word, or by a variable
//!   pass show x | gh gist create -       what it reads
//! ```
//!
//! Requests over HTTP, copies to other hosts and raw connections look for themselves.

use super::system::secrets::{carries, is_sensitive, names_secret};
use crate::{
    classify::{Call, Judge},
    domain::{Span, Verb},
};

/// A program whose words other people or machines get to see.
struct Sender {
    programs: &'static [&'static str],
    /// The subcommand, of one word or two; empty for any.
    subcommand: &'static [&'static str],
    /// Whether it sends files that are named among its words, and what it reads.
    files: bool,
}

const fn words(programs: &'static [&'static str], subcommand: &'static [&'static str]) -> Sender {
    Sender { programs, subcommand, files: false }
}

const fn files(programs: &'static [&'static str], subcommand: &'static [&'static str]) -> Sender {
    Sender { programs, subcommand, files: true }
}

const SENDERS: &[Sender] = &[
    words(
        &["dig", "nslookup", "host", "drill", "kdig", "dog", "doggo", "getent", "resolvectl"],
        &[],
    ),
    words(&["ping", "ping6", "fping", "hping3", "traceroute", "mtr", "whois", "finger"], &[]),
    words(&["telnet", "nc", "ncat", "netcat", "ldapsearch", "snmpget", "write", "wall"], &[]),
    files(&["mail", "mailx", "mutt", "sendmail", "msmtp", "ssmtp", "swaks", "s-nail"], &[]),
    files(&["gh", "glab", "tea", "hub"], &["gist", "issue", "pr", "mr", "release", "snippet"]),
    words(&["gh", "glab", "hub"], &["api"]),
    words(&["slack", "slackcat", "telegram-send", "ntfy", "apprise", "pushover"], &[]),
    words(&["aws"], &["sns publish", "sns publish-batch", "sqs send-message", "ses send-email"]),
    words(&["aws"], &["sesv2 send-email", "sqs send-message-batch", "events put-events"]),
    words(&["gcloud"], &["pubsub topics"]),
    words(&["git"], &["clone", "fetch", "pull", "push", "ls-remote", "remote"]),
    files(&["openssl"], &["s_client"]),
    files(&["ipfs"], &["add"]),
    files(&["logger"], &["-n", "--server"]),
    files(&["pastebinit", "wgetpaste", "ix", "sprunge", "termbin", "0x0", "transfer"], &[]),
];

/// Looks for secrets in what a program sends away.
pub(super) fn sends(name: &str, call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut senders = SENDERS.iter().filter(|sender| sender.programs.contains(&name));
    let Some(sender) = senders.find(|sender| sender.is_meant(call)) else { return };
    let secret = |judge: &Judge<'_>| -> Option<Span> {
        let found = call.arguments().iter().find(|word| {
            let file = word.text().rsplit('=').next().unwrap_or_default();
            carries(word, judge)
                || sender.files && (names_secret(word) || judge.holds_secret(word))
                || file.strip_prefix('@').is_some_and(super::secret_files::is_secret)
        });
        let read = || sender.files && is_sensitive(call.stdin, judge);
        found.map(super::super::Word::span).or_else(|| read().then(|| call.span()))
    };
    if let Some(span) = secret(judge) {
        let lost = "the secret is out, and cannot be called back";
        judge.destroys(Verb::Reveal, "network", judge.name(&call.words[0]), span, lost);
    }
}

impl Sender {
    fn is_meant(&self, call: &Call<'_>) -> bool {
        let words = call.arguments();
        self.subcommand.is_empty()
            || self.subcommand.iter().any(|wanted| {
                let mut wanted = wanted.split(' ');
                let first = wanted.next().unwrap_or_default();
                let at = words.iter().take(8).position(|word| word.is(first));
                at.is_some_and(|at| {
                    wanted.next().is_none_or(|next| words.get(at + 1).is_some_and(|w| w.is(next)))
                })
            })
    }
}
