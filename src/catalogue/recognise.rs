//! The catalogue: reading its files, and matching clues against its rules.

use super::{
    error::CatalogueError,
    file::{Text, ToolEntry},
    index::{Hit, Index},
    rule::{Checker, Origin},
};
use crate::domain::{Clue, ClueKind, Confidence, Evidence, Tool, ToolId, ToolMatch};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

/// The built-in data, by the name its errors carry.
const BUILT_IN: Text<'static> =
    Text { file: "data/ai-tools.toml", text: include_str!("../../data/ai-tools.toml") };

/// A user's catalogue larger than this is not one.
const FILE_LIMIT: u64 = 4 * 1024 * 1024;

/// Tag keys by which an owner says which tool holds something; ours first.
const TOOL_TAGS: [&str; 2] = ["countersign:tool", "ai-tool"];

/// The known AI tools and the rules that recognise them.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    tools: Vec<Tool>,
    by_id: HashMap<String, usize>,
    index: Index,
}

impl Catalogue {
    /// The tools of `data/ai-tools.toml`. An error would be a mistake in that file, which a test
    /// rules out.
    pub fn builtin() -> Result<Self, CatalogueError> {
        let mut catalogue = Self::default();
        catalogue.take_in(BUILT_IN, Origin::Rules)?;
        Ok(catalogue)
    }

    /// The built-in tools and those of a user's own file in the same form, which may add rules to
    /// a known tool (by its id) or name new tools. Its rules count as declared.
    pub fn with_file(path: &Path) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::builtin()?;
        let unreadable = |why: String| CatalogueError::Unreadable { path: path.to_owned(), why };
        let size = std::fs::metadata(path).map_err(|e| unreadable(e.to_string()))?.len();
        if size > FILE_LIMIT {
            return Err(unreadable(format!("it has {size} bytes, more than {FILE_LIMIT}")));
        }
        let text = std::fs::read_to_string(path).map_err(|e| unreadable(e.to_string()))?;
        let file = path.display().to_string();
        catalogue.take_in(Text { file: &file, text: &text }, Origin::User)?;
        Ok(catalogue)
    }

    /// Every tool the clues point to, surest first; each with all its evidence.
    ///
    /// The clues are taken to be about one account, credential or change. Where they hold numeric
    /// account ids, a login counts only if one of its tool's ids is among them: logins can be
    /// given up and taken by someone else, ids cannot.
    pub fn recognise(&self, clues: &[Clue]) -> Vec<ToolMatch> {
        let mut found: Vec<ToolMatch> = Vec::new();
        for clue in clues {
            if let Some(declared) = self.declared(clue) {
                file_under(&mut found, &declared, evidence(clue, &declared, Confidence::Declared));
            }
            for hit in self.index.hits(clue.kind, clue.value.raw()) {
                let Some(tool) = self.tools.get(hit.tool) else { continue };
                if clue.kind != ClueKind::GithubLogin || self.login_holds(clue, hit, clues) {
                    file_under(&mut found, tool, evidence(clue, tool, hit.confidence));
                }
            }
        }
        for tool in &mut found {
            tool.evidence.sort_by(|a, b| {
                (b.confidence, &a.rule, &a.clue.value).cmp(&(a.confidence, &b.rule, &b.clue.value))
            });
            tool.evidence.dedup();
            tool.confidence =
                tool.evidence.iter().map(|e| e.confidence).max().unwrap_or(tool.confidence);
        }
        found.sort_by(|a, b| {
            (b.confidence, b.evidence.len(), &a.tool).cmp(&(
                a.confidence,
                a.evidence.len(),
                &b.tool,
            ))
        });
        found
    }

    /// The tools, in the order of the data file.
    pub fn tools(&self) -> &[Tool] {
        &self.tools
    }

    /// Whether a login may speak for its tool beside the ids that were read with it.
    fn login_holds(&self, clue: &Clue, hit: Hit, clues: &[Clue]) -> bool {
        let mut ids = clues
            .iter()
            .filter(|other| other.kind == ClueKind::GithubUserId)
            .map(|other| self.index.account(other.value.raw().trim()))
            .peekable();
        let login = clue.value.raw();
        let bare = !login.ends_with("[bot]") && !login.contains('-');
        if ids.peek().is_none() {
            // Without any id a bare word is nobody's in particular.
            return !bare;
        }
        !self.index.has_accounts(hit.tool) || ids.flatten().any(|id| id.tool == hit.tool)
    }

    /// The tool the owner names outright: a tag, or a clue of kind `Declared`. A well-formed id
    /// that no file knows is taken at its word, so that a tool nobody has heard of can be named.
    fn declared(&self, clue: &Clue) -> Option<Tool> {
        let raw = clue.value.raw();
        let id = match clue.kind {
            ClueKind::Declared => raw,
            ClueKind::IamTag => {
                let (key, value) = raw.split_once('=')?;
                TOOL_TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(key)).then_some(value)?
            }
            _ => return None,
        };
        let id = id.trim().to_lowercase();
        if let Some(tool) = self.by_id.get(&id).and_then(|&at| self.tools.get(at)) {
            return Some(tool.clone());
        }
        is_tool_id(&id).then(|| Tool { id: ToolId::new(&*id), name: id, vendor: String::new() })
    }

    pub(super) fn take_in(&mut self, text: Text<'_>, origin: Origin) -> Result<(), CatalogueError> {
        let file = text.parse()?;
        let mut seen = HashSet::new();
        for entry in &file.tools {
            let id = entry.id.get_ref();
            if !seen.insert(id.clone()) {
                let problem = format!("tool `{id}` stands here twice");
                let advice = Some("put its rules into one [[tool]]".to_owned());
                return Err(text.error(&entry.id.span(), problem, advice));
            }
            let tool = self.tool(entry, text)?;
            self.rules(tool, entry, text, origin)?;
        }
        Ok(())
    }

    /// The position of an entry's tool, which may be new.
    fn tool(&mut self, entry: &ToolEntry, text: Text<'_>) -> Result<usize, CatalogueError> {
        let id = entry.id.get_ref();
        if let Some(&at) = self.by_id.get(id) {
            return Ok(at);
        }
        if !is_tool_id(id) {
            let problem = format!("`{}` is no id for a tool", id.escape_debug());
            let advice = "write small letters, digits and `-`, at most 64".to_owned();
            return Err(text.error(&entry.id.span(), problem, Some(advice)));
        }
        let Some(name) = entry.name.clone() else {
            let problem = format!("tool `{id}` is new and has no name");
            return Err(text.error(&entry.id.span(), problem, self.near(id)));
        };
        let at = self.tools.len();
        let vendor = entry.vendor.clone().unwrap_or_default();
        self.tools.push(Tool { id: ToolId::new(id.as_str()), name, vendor });
        self.by_id.insert(id.clone(), at);
        Ok(at)
    }

    fn near(&self, id: &str) -> Option<String> {
        let scored = self.by_id.keys().map(|known| (strsim::jaro_winkler(id, known), known));
        let (score, known) =
            scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))?;
        (score > 0.8).then(|| format!("did you mean `{known}`?"))
    }

    fn rules(
        &mut self,
        tool: usize,
        entry: &ToolEntry,
        text: Text<'_>,
        origin: Origin,
    ) -> Result<(), CatalogueError> {
        let has_ids = !entry.rules.github_user_ids.is_empty() || self.index.has_accounts(tool);
        let mut checker = Checker { text, origin, rules: Vec::new() };
        checker.lists(&entry.rules, has_ids)?;
        checker.origin = Origin::Hints;
        checker.lists(&entry.hints, has_ids || !entry.hints.github_user_ids.is_empty())?;
        if checker.rules.is_empty() {
            let problem = format!("tool `{}` has no rule", entry.id.get_ref());
            let advice = "add a [tool.rules] with at least one list".to_owned();
            return Err(text.error(&entry.id.span(), problem, Some(advice)));
        }
        for rule in checker.rules {
            let span = rule.span.clone();
            self.index.add(tool, rule).map_err(|other| {
                let owner = self.tools.get(other).map_or("another", |t| t.id.as_str());
                let problem = format!("this already belongs to tool `{owner}`");
                text.error(&span, problem, Some("keep it in one place".to_owned()))
            })?;
        }
        Ok(())
    }
}

fn is_tool_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn evidence(clue: &Clue, tool: &Tool, confidence: Confidence) -> Evidence {
    Evidence {
        clue: clue.clone(),
        rule: format!("{}/{}", tool.id, kind_name(clue.kind)),
        confidence,
    }
}

/// Adds a piece of evidence to its tool.
fn file_under(found: &mut Vec<ToolMatch>, tool: &Tool, piece: Evidence) {
    match found.iter_mut().find(|known| known.tool == tool.id) {
        Some(known) => known.evidence.push(piece),
        None => found.push(ToolMatch {
            tool: tool.id.clone(),
            name: tool.name.clone(),
            confidence: piece.confidence,
            evidence: vec![piece],
        }),
    }
}

/// The kind as rules name it, the same words as its serialised form.
fn kind_name(kind: ClueKind) -> &'static str {
    match kind {
        ClueKind::GithubUserId => "github-user-id",
        ClueKind::GithubLogin => "github-login",
        ClueKind::GithubAppSlug => "github-app-slug",
        ClueKind::GitEmail => "git-email",
        ClueKind::CommitTrailer => "commit-trailer",
        ClueKind::Branch => "branch",
        ClueKind::IamName => "iam-name",
        ClueKind::IamPath => "iam-path",
        ClueKind::IamTag => "iam-tag",
        ClueKind::TrustedService => "trusted-service",
        ClueKind::ManagedPolicy => "managed-policy",
        ClueKind::OidcIssuer => "oidc-issuer",
        ClueKind::OidcSubject => "oidc-subject",
        ClueKind::SecretEnvironment => "secret-environment",
        ClueKind::SecretName => "secret-name",
        ClueKind::KeyTitle => "key-title",
        ClueKind::Declared => "declared",
    }
}
