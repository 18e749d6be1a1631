//! Which identifiers of a pull request, a commit or a run can point to an AI tool.
//!
//! Numeric account ids come first: a login can be renamed and taken by somebody else, an id
//! cannot. Which identifier means which tool is the catalogue's business alone.

use super::wire::{Account, Commit, Pull, Run};
use crate::domain::{Clue, ClueKind};
use std::collections::HashSet;

/// Most clues gathered about one thing: more than the 250 commits that GitHub lists of a pull
/// request can hold, so that nobody can push the telling one out with idle ones.
const MOST: usize = 20_000;
/// Most trailers read of one commit message.
const MOST_TRAILERS: usize = 32;

/// Clues in the order they were found, each once.
#[derive(Debug, Default)]
pub(super) struct Clues {
    found: Vec<Clue>,
    known: HashSet<Clue>,
}

impl Clues {
    /// The clues.
    pub(super) fn as_slice(&self) -> &[Clue] {
        &self.found
    }

    /// Takes one in, unless it is known or there are too many.
    pub(super) fn add(&mut self, kind: ClueKind, value: &str) {
        let clue = Clue::new(kind, value);
        if !value.is_empty() && self.found.len() < MOST && self.known.insert(clue.clone()) {
            self.found.push(clue);
        }
    }

    /// An account: its id, its login, and the app behind a bot.
    pub(super) fn account(&mut self, account: &Account) {
        self.add(ClueKind::GithubUserId, &account.id.to_string());
        self.add(ClueKind::GithubLogin, &account.login);
        if let Some(slug) = account.login.strip_suffix("[bot]") {
            self.add(ClueKind::GithubAppSlug, slug);
        }
    }

    /// What the listing of pull requests says: author and branch.
    pub(super) fn pull(&mut self, pull: &Pull) {
        if let Some(user) = &pull.user {
            self.account(user);
        }
        self.add(ClueKind::Branch, &pull.head.name);
    }

    /// Who started a run, and on which branch.
    pub(super) fn run(&mut self, run: &Run) {
        for account in [&run.actor, &run.triggering_actor].into_iter().flatten() {
            self.account(account);
        }
        if let Some(branch) = &run.head_branch {
            self.add(ClueKind::Branch, branch);
        }
    }

    /// A commit: accounts, addresses and trailers.
    pub(super) fn commit(&mut self, commit: &Commit) {
        for account in [&commit.author, &commit.committer].into_iter().flatten() {
            self.account(account);
        }
        for signature in [&commit.git.author, &commit.git.committer].into_iter().flatten() {
            if let Some(email) = &signature.email {
                self.add(ClueKind::GitEmail, email);
            }
        }
        for trailer in trailers(&commit.git.message) {
            self.add(ClueKind::CommitTrailer, trailer);
        }
    }
}

/// The trailers of a commit message: `Key: value` lines of its last paragraph (as
/// `git interpret-trailers` reads them), and `Co-authored-by` lines anywhere, because a squash
/// merge puts text behind them.
pub(super) fn trailers(message: &str) -> Vec<&str> {
    let message = message.trim_end();
    let mut last_paragraph = usize::MAX;
    let mut at = 0;
    // Messages written in a browser have CR LF.
    for line in message.split_inclusive('\n') {
        at += line.len();
        if line.trim().is_empty() {
            last_paragraph = at;
        }
    }
    let mut at = 0;
    let mut found = Vec::new();
    for line in message.split_inclusive('\n') {
        let begins = at;
        at += line.len();
        let line = line.trim_end();
        let Some((key, value)) = line.split_once(": ") else { continue };
        let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let co_author = key.eq_ignore_ascii_case("co-authored-by");
        if is_key && !value.trim().is_empty() && (co_author || begins >= last_paragraph) {
            found.push(line);
            if found.len() == MOST_TRAILERS {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Clues, trailers};
    use crate::{
        domain::ClueKind,
        sources::github::wire::{Account, Commit, GitCommit},
    };

    #[test]
    fn trailers_are_read_from_the_last_paragraph_and_co_authors_from_anywhere() {
        let message = "fix: the cart\n\nNote: not a trailer\n\n\
            Co-authored-by: Claude <noreply@anthropic.com>\n\nSquashed.\n\n\
            Signed-off-by: A <a@example.com>\nnot a trailer\nX y: z\n";
        assert_eq!(
            trailers(message),
            ["Co-authored-by: Claude <noreply@anthropic.com>", "Signed-off-by: A <a@example.com>"]
        );
        let browser = "fix\r\n\r\nGenerated-by: an agent\r\n";
        assert_eq!(trailers(browser), ["Generated-by: an agent"]);
        assert!(trailers("Title: with a colon").is_empty());
        assert!(trailers("").is_empty());
        assert_eq!(trailers(&format!("a\n\n{}", "K: v\n".repeat(500))).len(), 32);
    }

    #[test]
    fn the_last_commit_counts_however_much_the_others_say() {
        let commit = |message: String| Commit {
            git: GitCommit { message, author: None, committer: None },
            author: None,
            committer: None,
            stats: None,
            parents: Vec::new(),
            files: Vec::new(),
        };
        let mut clues = Clues::default();
        for number in 0..249 {
            let idle: Vec<_> = (0..40).map(|line| format!("Note-{number}: {line}")).collect();
            clues.commit(&commit(format!("fix\n\n{}", idle.join("\n"))));
        }
        let telling = "Co-authored-by: Claude <noreply@anthropic.com>";
        clues.commit(&commit(format!("fix\n\n{telling}")));
        assert!(clues.as_slice().iter().any(|clue| clue.value.raw() == telling));
    }

    #[test]
    fn an_account_is_known_by_its_id_first_and_each_clue_is_kept_once() {
        let bot = Account { id: 198_982_749, login: "Copilot".into() };
        let app = Account { id: 206_951_365, login: "cursor[bot]".into() };
        let mut clues = Clues::default();
        for account in [&bot, &app, &bot] {
            clues.account(account);
        }
        let kinds: Vec<_> = clues.as_slice().iter().map(|clue| clue.kind).collect();
        assert_eq!(
            kinds,
            [
                ClueKind::GithubUserId,
                ClueKind::GithubLogin,
                ClueKind::GithubUserId,
                ClueKind::GithubLogin,
                ClueKind::GithubAppSlug
            ]
        );
    }
}
