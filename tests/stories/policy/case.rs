//! Builds what is put to a policy.

use countersign::{
    classify::{self, Setting},
    config::ProductionRules,
    domain::{
        Action, Asker, Assessment, Change, Confidence, Diff, Environment, Isolation, Leave, Part,
        Ruling, SourceKind, SourceName, Subject, Target, ToolId, ToolMatch, Untrusted,
    },
    policy::{Case, Circumstances, Explained, Policy},
};
use jiff::Timestamp;

/// A shell command as an agent's hook would put it.
pub struct Asked {
    pub action: Action,
    pub found: Assessment,
    pub circumstances: Circumstances,
    rules: ProductionRules,
    command: String,
}

pub fn now() -> Timestamp {
    "2026-11-20T14:30:00Z".parse().unwrap()
}

pub fn asked(command: &str) -> Asked {
    let source = SourceName::new(SourceKind::Gate, "desk7");
    let subject = Subject::Call {
        via: "claude-code".to_owned(),
        tool: "Bash".into(),
        input: "{}".into(),
        cwd: "/home/kim/shop".into(),
        session: "s1".into(),
        host: "desk7".into(),
        nonce: "0".repeat(32),
        pins: Vec::new(),
    };
    let action = Action {
        id: subject.id(&source),
        source,
        part: Part::new("calls"),
        subject,
        tool: ToolMatch {
            tool: ToolId::new("claude-code"),
            name: "Claude Code".to_owned(),
            confidence: Confidence::Declared,
            evidence: Vec::new(),
        },
        requester: "kim (uid 1000)".into(),
        authors: Vec::new(),
        title: command.into(),
        description: Untrusted::default(),
        target: Target { name: "desk7".into(), environment: Environment::Unknown },
        opened: now(),
        url: Untrusted::default(),
        change: Change {
            additions: 0,
            deletions: 0,
            files: Vec::new(),
            files_complete: true,
            diff: Diff::None,
        },
        checks: Vec::new(),
        reviews: Vec::new(),
        asker: Some(Asker { cwd: "/home/kim/shop".into(), ..Asker::default() }),
        found: None,
        ruling: None,
    };
    let mut asked = Asked {
        action,
        found: Assessment::default(),
        circumstances: Circumstances::at(now()),
        rules: ProductionRules::default(),
        command: command.to_owned(),
    };
    asked.assess();
    asked
}

impl Asked {
    fn assess(&mut self) {
        let environment = self.action.target.environment;
        let setting = Setting { places: &self.rules, environment, ..Setting::default() };
        self.found = classify::command(&self.command, &setting);
    }

    /// On a host of that environment.
    pub fn on(mut self, environment: Environment) -> Self {
        self.action.target.environment = environment;
        self.assess();
        self
    }

    pub fn isolated(mut self, isolation: Isolation) -> Self {
        self.action.asker.get_or_insert_default().isolation = isolation;
        self
    }

    pub fn hidden(mut self) -> Self {
        self.circumstances.hidden = true;
        self
    }

    pub fn frozen(mut self, why: &str) -> Self {
        self.circumstances.freeze = Some(why.to_owned());
        self
    }

    pub fn case(&self) -> Case<'_> {
        Case { action: &self.action, found: &self.found, circumstances: &self.circumstances }
    }

    pub fn by(&self, policy: &Policy) -> Ruling {
        policy.rule(self.case())
    }

    pub fn explained(&self, policy: &Policy) -> Explained {
        policy.explain(self.case())
    }
}

/// A ruling in one line.
pub fn told(ruling: &Ruling) -> String {
    let tier = &ruling.tier;
    match &ruling.leave {
        Leave::LetThrough => format!("through ({tier})"),
        Leave::Held(requirement) => {
            let from = requirement.from.join(", ");
            let from = if from.is_empty() { String::new() } else { format!(" from {from}") };
            format!("{}{from} ({tier})", requirement.approvals)
        }
        Leave::Boundary { rule, .. } => format!("never: {rule}"),
        Leave::Refused { because } => format!("refused: {because}"),
    }
}
