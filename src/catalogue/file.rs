//! The form of a catalogue file, and reading one.

use super::error::{CatalogueError, Place};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// The form this program reads; a file says which form it is written in.
const VERSION: i64 = 1;

/// A catalogue file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogueFile {
    version: Spanned<i64>,
    #[serde(default, rename = "tool")]
    pub(super) tools: Vec<ToolEntry>,
}

/// One `[[tool]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToolEntry {
    pub(super) id: Spanned<String>,
    /// May be left out where a user's file adds to a known tool.
    pub(super) name: Option<String>,
    pub(super) vendor: Option<String>,
    /// Where its facts come from; for readers of the file.
    #[serde(rename = "origin")]
    pub(super) _origin: Option<String>,
    #[serde(default)]
    pub(super) rules: RuleLists,
    #[serde(default)]
    pub(super) hints: RuleLists,
}

/// A list of identifiers or patterns, each with its place in the file.
pub(super) type Entries = Vec<Spanned<String>>;

/// `[tool.rules]` and `[tool.hints]`: lists of identifiers by kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RuleLists {
    pub(super) github_user_ids: Vec<Spanned<u64>>,
    pub(super) github_logins: Entries,
    pub(super) app_slugs: Entries,
    pub(super) git_emails: Entries,
    pub(super) commit_trailers: Entries,
    pub(super) branch_prefixes: Entries,
    pub(super) iam_names: Entries,
    pub(super) iam_paths: Entries,
    pub(super) iam_tags: Entries,
    pub(super) trusted_services: Entries,
    pub(super) managed_policies: Entries,
    pub(super) oidc_issuers: Entries,
    pub(super) oidc_subjects: Entries,
    pub(super) secret_environments: Entries,
    pub(super) secret_names: Entries,
    pub(super) key_titles: Entries,
}

/// A file's text and its name, to say where something is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl Text<'_> {
    /// An error at a place of this text.
    pub(super) fn error(
        &self,
        span: &Range<usize>,
        problem: impl Into<String>,
        suggestion: Option<String>,
    ) -> CatalogueError {
        CatalogueError::Invalid {
            at: Place::of(self.file, self.text, span),
            problem: problem.into(),
            suggestion,
        }
    }

    /// Reads the file's form; the rules are not checked yet.
    pub(super) fn parse(&self) -> Result<CatalogueFile, CatalogueError> {
        let file: CatalogueFile = toml::from_str(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().trim();
            match did_you_mean(message) {
                // The whole list of fields is no help beside the one that was meant.
                Some(hint) => {
                    let problem = message.split(',').next().unwrap_or(message);
                    self.error(&span, problem, Some(hint))
                }
                None => self.error(&span, message, None),
            }
        })?;
        if *file.version.get_ref() != VERSION {
            return Err(self.error(
                &file.version.span(),
                format!("version {} of this form is not known", file.version.get_ref()),
                Some(format!("this program reads version {VERSION}")),
            ));
        }
        Ok(file)
    }
}

/// For serde's "unknown field `x`, expected one of `a`, `b`": the listed name closest to `x`.
fn did_you_mean(message: &str) -> Option<String> {
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let given = quoted.next()?;
    let (score, name) = quoted
        .map(|known| (strsim::jaro_winkler(given, known), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.75).then(|| format!("did you mean `{name}`?"))
}
