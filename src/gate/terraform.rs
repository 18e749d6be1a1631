//! Reads a `terraform apply` or `destroy` as far as it takes to make its plan first.
//!
//! ```text
//!   terraform -chdir=D apply -var x=1 -lock=false -auto-approve
//!      ├─▶ terraform -chdir=D plan  -var x=1 -lock=false -out=PLAN
//!      └─▶ terraform -chdir=D apply -lock=false PLAN
//! ```
//!
//! From <https://developer.hashicorp.com/terraform/cli/commands/apply> and
//! <https://opentofu.org/docs/cli/commands/apply/>, 2026-11. A line with anything that is not in
//! the table is left alone: it is held as it stands, unplanned.

/// Where an option belongs once plan and apply are two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goes {
    Plan,
    Apply,
    Both,
    Nowhere,
}

/// Name, whether it takes a value, and where it belongs.
#[rustfmt::skip]
const OPTIONS: &[(&str, bool, Goes)] = &[
    ("var", true, Goes::Plan), ("var-file", true, Goes::Plan),
    ("target", true, Goes::Plan), ("target-file", true, Goes::Plan),
    ("exclude", true, Goes::Plan), ("exclude-file", true, Goes::Plan),
    ("replace", true, Goes::Plan), ("refresh", false, Goes::Plan),
    ("refresh-only", false, Goes::Plan), ("destroy", false, Goes::Plan),
    ("lock", false, Goes::Both), ("lock-timeout", true, Goes::Both),
    ("parallelism", true, Goes::Both), ("state", true, Goes::Both),
    ("state-out", true, Goes::Apply), ("backup", true, Goes::Apply),
    ("no-color", false, Goes::Both), ("compact-warnings", false, Goes::Both),
    ("json", false, Goes::Apply), ("input", false, Goes::Nowhere),
    ("auto-approve", false, Goes::Nowhere),
];

/// What an `apply` or `destroy` comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Apply {
    /// The program and what stands before the subcommand.
    front: Vec<String>,
    destroys: bool,
    /// Options for making the plan.
    when_planned: Vec<String>,
    /// Options for applying it.
    when_carried_out: Vec<String>,
    /// The plan that was saved before, if one is given.
    pub saved: Option<String>,
    chdir: Option<String>,
}

impl Apply {
    /// Reads a line; nothing where it is no apply, or one that is not understood.
    pub fn read(argv: &[String]) -> Option<Self> {
        let program = argv.first()?;
        if !["terraform", "tofu"].contains(&program.rsplit('/').next()?) {
            return None;
        }
        let globals = argv.iter().skip(1).take_while(|word| word.starts_with('-')).count();
        let (front, rest) = argv.split_at(1 + globals);
        let chdir = front.iter().skip(1).map(|word| word.strip_prefix("-chdir="));
        let chdir: Vec<&str> = chdir.collect::<Option<_>>()?;
        let (subcommand, rest) = rest.split_first()?;
        let destroys = match subcommand.as_str() {
            "apply" => false,
            "destroy" => true,
            _ => return None,
        };
        let mut found = Self {
            front: front.to_vec(),
            destroys,
            when_planned: Vec::new(),
            when_carried_out: Vec::new(),
            saved: None,
            chdir: chdir.last().map(|&dir| dir.to_owned()),
        };
        found.options(rest)?;
        if found.saved.is_some() && (destroys || !Self::plan_alone(rest)) {
            return None;
        }
        Some(found)
    }

    fn options(&mut self, words: &[String]) -> Option<()> {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let Some(option) = word.strip_prefix('-') else {
                if self.saved.replace(word.clone()).is_some() {
                    return None;
                }
                continue;
            };
            let option = option.strip_prefix('-').unwrap_or(option);
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (option, None),
            };
            let (_, valued, goes) = OPTIONS.iter().find(|(known, ..)| *known == name)?;
            let mut given = vec![word.clone()];
            if *valued && value.is_none() {
                given.push(words.next()?.clone());
            }
            if matches!(goes, Goes::Plan | Goes::Both) {
                self.when_planned.extend(given.iter().cloned());
            }
            if matches!(goes, Goes::Apply | Goes::Both) {
                self.when_carried_out.extend(given);
            }
        }
        Some(())
    }

    /// Whether nothing but what applying takes stands beside a saved plan.
    fn plan_alone(words: &[String]) -> bool {
        let of_a_plan = |word: &String| {
            let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
            word.starts_with('-')
                && OPTIONS.iter().any(|(known, _, goes)| *known == name && *goes == Goes::Plan)
        };
        !words.iter().any(of_a_plan)
    }

    fn line(&self, words: &[&str], options: &[String], last: &str) -> Vec<String> {
        let mut line = self.front.clone();
        line.extend(words.iter().map(|&word| word.to_owned()));
        line.extend(options.iter().cloned());
        if !last.is_empty() {
            line.push(last.to_owned());
        }
        line
    }

    /// The line that makes the plan.
    pub fn plan(&self, out: &str) -> Vec<String> {
        let mut words = vec!["plan", "-input=false", "-detailed-exitcode"];
        if self.destroys {
            words.push("-destroy");
        }
        self.line(&words, &self.when_planned, &format!("-out={out}"))
    }

    /// The line that shows a plan as JSON.
    pub fn show_json(&self, plan: &str) -> Vec<String> {
        self.line(&["show", "-json"], &[], plan)
    }

    /// The line that shows a plan to people. What is marked as sensitive is masked.
    pub fn show(&self, plan: &str) -> Vec<String> {
        self.line(&["show", "-no-color"], &[], plan)
    }

    /// The line that applies a plan.
    pub fn apply(&self, plan: &str) -> Vec<String> {
        self.line(&["apply", "-input=false"], &self.when_carried_out, plan)
    }

    /// Where it looks for its files, from the directory it is started in.
    pub fn directory(&self) -> &str {
        self.chdir.as_deref().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Apply;

    fn read(line: &str) -> Option<Apply> {
        let argv: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Apply::read(&argv)
    }

    #[test]
    fn an_apply_is_a_plan_and_then_an_apply_of_it() {
        let asked =
            read("/opt/terraform -chdir=envs apply -auto-approve -var a=1 -var-file=x -lock=false")
                .unwrap();
        assert_eq!(
            asked.plan("P").join(" "),
            "/opt/terraform -chdir=envs plan -input=false -detailed-exitcode -var a=1 -var-file=x \
             -lock=false -out=P"
        );
        let applied = "/opt/terraform -chdir=envs apply -input=false -lock=false P";
        assert_eq!(asked.apply("P").join(" "), applied);
        assert_eq!(asked.directory(), "envs");
    }

    #[test]
    fn a_destroy_is_planned_as_one() {
        let asked = read("tofu destroy -target aws_instance.x").unwrap();
        assert!(asked.plan("P").join(" ").contains(" -destroy -target aws_instance.x "));
        assert_eq!(asked.apply("P").join(" "), "tofu apply -input=false P");
    }

    #[test]
    fn a_saved_plan_is_taken_as_it_is() {
        assert_eq!(read("terraform apply tfplan").unwrap().saved.as_deref(), Some("tfplan"));
    }

    #[test]
    fn what_is_not_understood_is_left_alone() {
        for line in [
            "terraform",
            "terraform plan",
            "terraform apply -unheard-of",
            "terraform apply one two",
            "terraform apply -var",
            "terraform apply -var=a=1 tfplan",
            "terraform destroy tfplan",
            "terraform -help apply",
            "tofu apply -show-sensitive",
            "terragrunt apply",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
