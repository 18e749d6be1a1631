//! Which problems bear on a question.
//!
//! ```text
//!   problems ─┬─ of a file, an account, something beside them ─────▶ of every question
//!             └─ at an ARN of IAM: a policy, a user, a role ──▶ of whoever has to do with it
//! ```

use super::{Attachment, Boundary, PrincipalId, Problem, World};
use std::collections::HashSet;

impl World {
    /// What of [`World::problems`] bears on what one principal may do with a resource: all but what
    /// is said of users, roles, groups and policies that have nothing to do with either.
    pub fn problems_about(&self, id: PrincipalId, resource: &str) -> Vec<&Problem> {
        let mut concerned: HashSet<&str> = HashSet::from([resource]);
        if let Some(principal) = self.principals.get(id.0 as usize) {
            concerned.insert(&principal.arn);
            let groups = || principal.groups.iter().filter_map(|id| self.groups.get(id.0 as usize));
            concerned.extend(groups().map(|group| &*group.arn));
            let all = principal.policies.iter().chain(groups().flat_map(|group| &group.policies));
            concerned.extend(all.filter_map(|policy| self.arn_of(policy)));
            if let Boundary::Known { arn, .. } | Boundary::Unknown { arn } = &principal.boundary {
                concerned.insert(arn);
            }
        }
        let bears = |problem: &&Problem| match iam_arn(&problem.r#where) {
            Some(arn) => concerned.contains(arn),
            None => true,
        };
        self.problems.iter().filter(bears).collect()
    }

    fn arn_of(&self, policy: &Attachment) -> Option<&str> {
        Some(&*self.policies.get(policy.managed?.0 as usize)?.arn)
    }
}

/// The first ARN of IAM in a place.
fn iam_arn(place: &str) -> Option<&str> {
    let words = place.split([' ', ',']).map(|word| word.trim_end_matches(':'));
    words.into_iter().find(|word| word.starts_with("arn:") && word.split(':').nth(2) == Some("iam"))
}

#[cfg(test)]
mod tests {
    use super::iam_arn;

    #[test]
    fn only_an_arn_of_iam_says_whom_a_problem_is_about() {
        let policy = "arn:aws:iam::111122223333:policy/deploy";
        assert_eq!(iam_arn(&format!("prod.json: {policy} v3")), Some(policy));
        assert_eq!(iam_arn(&format!("prod.json: {policy}, Statement[1]")), Some(policy));
        assert_eq!(iam_arn("prod.json:12:4"), None);
        assert_eq!(iam_arn("resource policy of arn:aws:s3:::orders"), None);
    }
}
