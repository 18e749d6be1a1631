//! `aws s3`: the high-level commands.
//!
//! From <https://docs.aws.amazon.com/cli/latest/reference/s3/>, 2026-11.

use crate::{
    classify::{Call, Judge, Word},
    domain::{Span, Verb},
};

/// Options that take no value; every other one takes the next word.
const FLAGS: &[&str] = &[
    "--dryrun",
    "--help",
    "--quiet",
    "--recursive",
    "--follow-symlinks",
    "--no-follow-symlinks",
    "--no-guess-mime-type",
    "--only-show-errors",
    "--no-progress",
    "--force-glacier-transfer",
    "--ignore-glacier-warnings",
    "--size-only",
    "--exact-timestamps",
    "--delete",
    "--human-readable",
    "--summarize",
    "--force",
    "--no-overwrite",
    "--validate-same-s3-paths",
    "--debug",
    "--no-verify-ssl",
    "--no-paginate",
    "--no-sign-request",
    "--no-cli-pager",
    "--no-cli-auto-prompt",
    "--cli-auto-prompt",
    "--use-accelerate-endpoint",
];

/// Options that are followed by several values.
const LISTS: &[&str] = &["--grants"];

/// The words of a command taken apart.
#[derive(Default)]
struct Parts<'a> {
    operands: Vec<&'a Word>,
    dry: bool,
    delete: bool,
    public: Option<Span>,
    uncertain: Option<Span>,
}

impl<'a> Parts<'a> {
    fn of(words: &'a [Word], expected: usize) -> Self {
        let mut parts = Self::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            at += 1;
            let text = word.text();
            if !text.starts_with("--") {
                // More words than it takes: one of unknown value is an option, or vanishes.
                if word.has_holes() && parts.operands.len() >= expected {
                    parts.uncertain = Some(word.span());
                }
                parts.operands.push(word);
                continue;
            }
            let (name, inline) = match text.find('=') {
                Some(end) => (&text[..end], Some(word.after(end + 1))),
                None => (text, None),
            };
            // `--help` is no option here: the CLI says so and does nothing.
            parts.dry |= name == "--dryrun" || name == "--help";
            // A beginning of the name is enough for the CLI.
            parts.delete |= name.len() > 4 && "--delete".starts_with(name);
            if FLAGS.contains(&name) {
                continue;
            }
            let mut values: Vec<Word> = inline.into_iter().collect();
            if values.is_empty() {
                values.extend(words.get(at).cloned());
                at += 1;
                while LISTS.contains(&name)
                    && words.get(at).is_some_and(|next| {
                        next.text().starts_with("read=")
                            || next.text().starts_with("full=")
                            || next.text().starts_with("readacl=")
                    })
                {
                    values.extend(words.get(at).cloned());
                    at += 1;
                }
            }
            for value in values {
                let text = value.text().to_ascii_lowercase();
                let open = name == "--acl"
                    && matches!(&*text, "public-read" | "public-read-write" | "authenticated-read");
                let granted =
                    text.contains("global/allusers") || text.contains("global/authenticatedusers");
                if open || (name == "--grants" && granted) {
                    parts.public = Some(value.span());
                }
            }
        }
        parts
    }

    fn name(&self, at: usize, judge: &Judge<'_>) -> String {
        self.operands.get(at).map(|word| judge.name(word)).unwrap_or_default()
    }

    fn remote(&self, at: usize) -> bool {
        self.operands.get(at).is_some_and(|word| word.text().starts_with("s3://"))
    }
}

/// Judges `aws s3 …`; `words` follow `s3`.
pub(super) fn call(call: &Call<'_>, words: &[Word], program: Span, judge: &mut Judge<'_>) {
    // Global options may stand before the command too.
    let mut names = super::Names::of(words);
    let Some(command) = names.next() else {
        return if names.unknown {
            judge.opaque(call.span(), "which command runs is not known");
        } else {
            judge.reads("aws:s3", "", call.span());
        };
    };
    let evidence = program.with(command.span());
    let rest = names.rest();
    let Some(verb) = command.known() else {
        return judge.opaque(command.span(), "which command runs is not known");
    };
    if verb == "help" || rest.first().is_some_and(|word| word.is("help")) {
        return judge.reads("aws:s3", "", evidence);
    }
    let expected = if matches!(verb, "cp" | "mv" | "sync") { 2 } else { 1 };
    let parts = Parts::of(rest, expected);
    let target = parts.name(parts.operands.len().min(expected).saturating_sub(1), judge);
    if parts.dry {
        return judge.reads("aws:s3", target, evidence);
    }
    match verb {
        "ls" => judge.reads("aws:s3", target, evidence),
        "presign" => {
            let back = "the address runs out; delete the key that signed it to end it earlier";
            judge.changes(Verb::Reveal, "aws:s3", target, evidence, back);
        }
        "mb" => judge.changes(Verb::Create, "aws:s3", target, evidence, "remove the bucket"),
        "website" => {
            let back = "set the former website configuration";
            judge.changes(Verb::Update, "aws:s3", target, evidence, back);
        }
        "rm" => {
            let lost = "the objects are gone, unless versions are kept";
            judge.destroys(Verb::Delete, "aws:s3", target, evidence, lost);
        }
        "rb" => {
            let lost = "the bucket is gone, with --force every object in it too";
            judge.destroys(Verb::Delete, "aws:s3", target, evidence, lost);
        }
        "cp" | "mv" | "sync" => transfer(verb, &parts, target, evidence, judge),
        _ => judge.opaque(evidence, "this command is not known"),
    }
}

fn transfer(verb: &str, parts: &Parts<'_>, target: String, evidence: Span, judge: &mut Judge<'_>) {
    if let Some(span) = parts.public {
        let lost = "everybody can read what is copied, and what was read cannot be called back";
        judge.destroys(Verb::Reveal, "aws:s3", target, evidence.with(span), lost);
        return;
    }
    if verb == "sync" && parts.delete {
        let lost = "whatever the source does not have is deleted at the target";
        judge.destroys(Verb::Delete, "aws:s3", target, evidence, lost);
        return;
    }
    if let Some(span) = parts.uncertain {
        judge.opaque(span, "a word of unknown value may be an option that makes it worse");
    }
    let to_screen = parts.operands.get(1).is_some_and(|word| word.is("-"));
    if verb == "cp" && parts.remote(0) && to_screen {
        let source = parts.name(0, judge);
        return judge.reads("aws:s3", source, evidence);
    }
    let service = if parts.remote(1) || !parts.remote(0) { "aws:s3" } else { "files" };
    let (does, back) = match verb {
        "mv" => (Verb::Update, "move it back"),
        "sync" => (Verb::Update, "remove what was copied; put overwritten versions back"),
        _ => (Verb::Create, "remove the copy; put an overwritten version back"),
    };
    judge.changes(does, service, target, evidence, back);
}
