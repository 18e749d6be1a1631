//! What each kind of rule may look like, and how sure it makes us.
//!
//! | kind | matched by | sure |
//! |---|---|---|
//! | numeric id, app slug, service principal, managed policy, issuer | exactly | observed |
//! | address, trailer | address, or key and value | observed |
//! | login | exactly; a login without `[bot]` only as far as its id agrees | observed, inferred |
//! | secret environment | exactly, a name the vendor reserved | observed |
//! | branch, IAM name and path, subject, secret name, key title | prefix or pattern | inferred |
//! | tag | `key=value` exactly | declared |

use super::{
    file::{Entries, RuleLists, Text},
    pattern::{Pattern, is_separator, spellings},
};
use crate::{
    catalogue::CatalogueError,
    domain::{ClueKind, Confidence},
};
use std::ops::Range;

/// Accounts that act for everybody: GitHub's own, and bots that no language model steers
/// (`github-actions[bot]`, `dependabot[bot]`, `renovate[bot]`, `web-flow`).
const NOT_TOOLS: [u64; 4] = [41_898_282, 49_699_333, 29_139_614, 19_864_447];

/// Trailer keys under which people stand too, so that only an address tells who.
const PERSON_KEYS: [&str; 8] = [
    "co-authored-by",
    "co-developed-by",
    "signed-off-by",
    "assisted-by",
    "generated-by",
    "reviewed-by",
    "acked-by",
    "tested-by",
];

/// One checked rule of one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) kind: ClueKind,
    pub(super) test: Test,
    pub(super) confidence: Confidence,
    /// Where it stands in its file.
    pub(super) span: Range<usize>,
}

/// How a rule is compared with a clue's normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// Equal.
    Is(String),
    /// A pattern over the whole value.
    Like(Pattern),
    /// A start.
    StartsWith(String),
}

/// Whose rules these are: it decides how sure they make us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// `[tool.rules]` of the built-in file.
    Rules,
    /// `[tool.hints]` of any file.
    Hints,
    /// `[tool.rules]` of the user's own file: the owner says so.
    User,
}

impl Origin {
    fn confidence(self, own: Confidence) -> Confidence {
        match self {
            Self::Rules => own,
            Self::Hints => Confidence::Inferred,
            Self::User => Confidence::Declared,
        }
    }
}

/// Checks lists of a file and turns them into rules.
pub(super) struct Checker<'a> {
    pub(super) text: Text<'a>,
    pub(super) origin: Origin,
    pub(super) rules: Vec<Rule>,
}

impl Checker<'_> {
    /// Takes in every list. `has_ids`: the tool has numeric ids that can vouch for its logins.
    pub(super) fn lists(&mut self, lists: &RuleLists, has_ids: bool) -> Result<(), CatalogueError> {
        use ClueKind as K;
        use Confidence::{Declared, Inferred, Observed};
        for id in &lists.github_user_ids {
            if NOT_TOOLS.contains(id.get_ref()) {
                let why = format!("{} is an account that acts for everybody", id.get_ref());
                return Err(self.text.error(
                    &id.span(),
                    why,
                    Some("name the tool's own id".into()),
                ));
            }
            let test = Test::Is(id.get_ref().to_string());
            self.add(K::GithubUserId, test, Observed, id.span());
        }
        self.logins(&lists.github_logins, has_ids)?;
        self.each(
            &lists.app_slugs,
            |text| exact(text, is_slug(text), "an app's slug"),
            K::GithubAppSlug,
            Observed,
        )?;
        self.each(
            &lists.git_emails,
            |text| exact(text, is_address(text), "one whole address"),
            K::GitEmail,
            Observed,
        )?;
        self.each(&lists.commit_trailers, trailer, K::CommitTrailer, Observed)?;
        self.each(&lists.branch_prefixes, branch, K::Branch, Inferred)?;
        self.names(&lists.iam_names, K::IamName)?;
        self.each(&lists.iam_paths, path, K::IamPath, Inferred)?;
        self.each(&lists.iam_tags, tag, K::IamTag, Declared)?;
        self.each(
            &lists.trusted_services,
            |text| {
                exact(
                    text,
                    text.contains('.') && !text.contains('*'),
                    "a service principal such as `bedrock.amazonaws.com`",
                )
            },
            K::TrustedService,
            Observed,
        )?;
        self.each(&lists.managed_policies, managed_policy, K::ManagedPolicy, Observed)?;
        self.each(&lists.oidc_issuers, issuer, K::OidcIssuer, Observed)?;
        self.each(&lists.oidc_subjects, subject, K::OidcSubject, Inferred)?;
        self.each(
            &lists.secret_environments,
            |text| {
                exact(
                    text,
                    !text.is_empty() && !text.contains('*'),
                    "the whole name of an environment",
                )
            },
            K::SecretEnvironment,
            Observed,
        )?;
        self.each(&lists.secret_names, secret_name, K::SecretName, Inferred)?;
        self.names(&lists.key_titles, K::KeyTitle)
    }

    /// The stronger of a rule's own confidence and the file's word for it.
    fn add(&mut self, kind: ClueKind, test: Test, own: Confidence, span: Range<usize>) {
        let confidence = self.origin.confidence(own);
        self.rules.push(Rule { kind, test, confidence, span });
    }

    fn each(
        &mut self,
        entries: &Entries,
        check: impl Fn(&str) -> Result<Test, String>,
        kind: ClueKind,
        own: Confidence,
    ) -> Result<(), CatalogueError> {
        for entry in entries {
            let test = check(entry.get_ref()).map_err(|wanted| self.refused(entry, &wanted))?;
            self.add(kind, test, own, entry.span());
        }
        Ok(())
    }

    /// `x[bot]` can only be an app, and gives away its slug. Other logins are names that anyone
    /// may take once they are free; one that is a bare word needs ids to vouch for it.
    fn logins(&mut self, entries: &Entries, has_ids: bool) -> Result<(), CatalogueError> {
        for entry in entries {
            let login = entry.get_ref().to_lowercase();
            if let Some(slug) = login.strip_suffix("[bot]") {
                if !is_slug(slug) {
                    return Err(self.refused(entry, "an app's login such as `kiro-agent[bot]`"));
                }
                let slug = Test::Is(slug.to_owned());
                self.add(ClueKind::GithubAppSlug, slug, Confidence::Observed, entry.span());
                let test = Test::Is(login.clone());
                self.add(ClueKind::GithubLogin, test, Confidence::Observed, entry.span());
            } else if is_slug(&login) && (has_ids || login.contains('-')) {
                let test = Test::Is(login);
                self.add(ClueKind::GithubLogin, test, Confidence::Inferred, entry.span());
            } else {
                let wanted = "a login that is no bare word, or github_user_ids beside it";
                return Err(self.refused(entry, wanted));
            }
        }
        Ok(())
    }

    /// Names that people choose freely, compared in every spelling.
    fn names(&mut self, entries: &Entries, kind: ClueKind) -> Result<(), CatalogueError> {
        for entry in entries {
            for spelling in spellings(entry.get_ref()) {
                let pattern = Pattern::new(&spelling);
                let apart = spellings(entry.get_ref()).iter().any(|s| s.contains(is_separator));
                if pattern.weight() < 4 || !apart || !pattern.stars_stand_apart() {
                    let wanted = "a name of several words, or a pattern such as `kiro-*`";
                    return Err(self.refused(entry, wanted));
                }
                let test = if pattern.is_open() { Test::Like(pattern) } else { Test::Is(spelling) };
                self.add(kind, test, Confidence::Inferred, entry.span());
            }
        }
        Ok(())
    }

    fn refused(&self, entry: &toml::Spanned<String>, wanted: &str) -> CatalogueError {
        let problem = format!("`{}` would match too much", entry.get_ref().escape_debug());
        self.text.error(&entry.span(), problem, Some(format!("write {wanted}")))
    }
}

fn exact(text: &str, right: bool, wanted: &str) -> Result<Test, String> {
    if right { Ok(Test::Is(text.to_lowercase())) } else { Err(wanted.to_owned()) }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !text.contains(['*', '<', '>', ' '])
    })
}

/// `Key: <address>`, `Key: value`, or `Key: *` for a key that no person uses.
fn trailer(text: &str) -> Result<Test, String> {
    let wanted = || "a trailer such as `Co-authored-by: <agent@example.com>`".to_owned();
    let (key, value) = text.split_once(": ").ok_or_else(wanted)?;
    let key = key.to_lowercase();
    let value = value.trim().to_lowercase();
    let address = value.strip_prefix('<').and_then(|v| v.strip_suffix('>'));
    match address {
        Some(address) if is_address(address) => Ok(Test::Is(format!("{key}: <{address}>"))),
        Some(_) => Err(wanted()),
        None if PERSON_KEYS.contains(&key.as_str()) || value.is_empty() => Err(wanted()),
        None if value == "*" && key.contains('-') => Ok(Test::StartsWith(format!("{key}: "))),
        None if value.contains('*') => Err(wanted()),
        None => Ok(Test::Is(format!("{key}: {value}"))),
    }
}

fn branch(text: &str) -> Result<Test, String> {
    let right = text.len() > 2 && text.ends_with('/') && !text.contains('*');
    if right {
        Ok(Test::StartsWith(text.to_lowercase()))
    } else {
        Err("a prefix with its slash, such as `claude/`".to_owned())
    }
}

fn path(text: &str) -> Result<Test, String> {
    let pattern = Pattern::new(&text.to_lowercase());
    if text.contains('/') && pattern.weight() >= 4 && pattern.stars_stand_apart() {
        Ok(Test::Like(pattern))
    } else {
        Err("a path with its slashes, such as `*/kiro/*`".to_owned())
    }
}

fn tag(text: &str) -> Result<Test, String> {
    let right =
        text.split_once('=').is_some_and(|(key, value)| !key.is_empty() && !value.is_empty());
    exact(text, right && !text.contains('*'), "a tag as `key=value`")
}

/// AWS-managed policies are told by their name alone: the path changes with the kind of policy
/// and the partition with the region, and nobody but AWS can own one.
fn managed_policy(text: &str) -> Result<Test, String> {
    match managed_policy_name(&text.to_lowercase()) {
        Some(name) if !text.contains('*') => Ok(Test::Is(name.to_owned())),
        _ => Err("the ARN of an AWS-managed policy (`arn:aws:iam::aws:policy/…`)".to_owned()),
    }
}

/// The name of an AWS-managed policy, from its ARN.
pub(super) fn managed_policy_name(arn: &str) -> Option<&str> {
    let rest = arn.strip_prefix("arn:aws")?;
    let (_, path) = rest.split_once(":iam::aws:policy/")?;
    path.rsplit('/').next().filter(|name| !name.is_empty())
}

fn issuer(text: &str) -> Result<Test, String> {
    let pattern = Pattern::new(&text.to_lowercase());
    let right = text.contains('.') && !text.contains("://") && pattern.stars_stand_apart();
    match right && pattern.weight() >= 6 {
        true if pattern.is_open() => Ok(Test::Like(pattern)),
        true => Ok(Test::Is(text.to_lowercase())),
        false => Err("an issuer without `https://`, such as `oidc.example.com/*`".to_owned()),
    }
}

fn subject(text: &str) -> Result<Test, String> {
    let pattern = Pattern::new(&text.to_lowercase());
    let right = text.split_once('|').is_some_and(|(issuer, subject)| {
        !issuer.contains('*') && Pattern::new(subject).weight() >= 8
    });
    if right && pattern.stars_stand_apart() {
        Ok(Test::Like(pattern))
    } else {
        Err("`issuer|pattern` with more than stars in the pattern".to_owned())
    }
}

fn secret_name(text: &str) -> Result<Test, String> {
    let pattern = Pattern::new(&text.to_lowercase());
    let right = text.contains('_') && pattern.weight() >= 6 && pattern.stars_stand_apart();
    match right {
        true if pattern.is_open() => Ok(Test::Like(pattern)),
        true => Ok(Test::Is(text.to_lowercase())),
        false => Err("a secret's whole name, or a prefix such as `CLAUDE_CODE_*`".to_owned()),
    }
}
