//! Identifiers of users and roles, for the catalogue to recognise AI tools by.

use super::{Attached, Party, PolicyIndex, Role, Tag, User, trusts};
use crate::domain::{Clue, ClueKind};

/// What a user is called, tagged with and given.
pub fn user_clues(user: &User, index: &PolicyIndex<'_>) -> Vec<Clue> {
    let mut clues = named(&user.name, &user.path, &user.tags);
    managed(&mut clues, &user.attached);
    for group in user.groups.iter().filter_map(|name| index.group(name)) {
        managed(&mut clues, &group.attached);
    }
    distinct(clues)
}

/// What a role is called, tagged with and given, and whom it lets in.
pub fn role_clues(role: &Role) -> Vec<Clue> {
    let mut clues = named(&role.name, &role.path, &role.tags);
    managed(&mut clues, &role.attached);
    for trust in role.trust.policy().into_iter().flat_map(trusts) {
        if trust.is_exception {
            continue;
        }
        if let Party::Service(service) = trust.party {
            clues.push(Clue::new(ClueKind::TrustedService, &**service));
        }
        if let Some(issuer) = trust.oidc_issuer() {
            clues.push(Clue::new(ClueKind::OidcIssuer, issuer));
            let subjects = trust.subjects().map(|sub| format!("{issuer}|{sub}"));
            clues.extend(subjects.map(|subject| Clue::new(ClueKind::OidcSubject, subject)));
        }
    }
    distinct(clues)
}

fn named(name: &str, path: &str, tags: &[Tag]) -> Vec<Clue> {
    let mut clues = vec![Clue::new(ClueKind::IamName, name)];
    if path != "/" {
        clues.push(Clue::new(ClueKind::IamPath, path));
    }
    let tags = tags.iter().map(|tag| format!("{}={}", tag.key, tag.value));
    clues.extend(tags.map(|tag| Clue::new(ClueKind::IamTag, tag)));
    clues
}

fn managed(clues: &mut Vec<Clue>, attached: &[Attached]) {
    // A customer's own policy may have any name; only AWS's tell something.
    let by_aws = attached.iter().filter(|policy| policy.arn.contains(":iam::aws:policy/"));
    clues.extend(by_aws.map(|policy| Clue::new(ClueKind::ManagedPolicy, policy.arn.as_str())));
}

fn distinct(clues: Vec<Clue>) -> Vec<Clue> {
    let mut seen = std::collections::HashSet::new();
    clues.into_iter().filter(|clue| seen.insert(clue.clone())).collect()
}
