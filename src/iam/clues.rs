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

#[cfg(test)]
mod tests {
    use super::{role_clues, user_clues};
    use crate::{
        domain::{Clue, ClueKind},
        iam::{AuthorizationDetails, PolicyIndex, load_reader},
    };
    use std::path::Path;

    fn load(text: &str) -> AuthorizationDetails {
        load_reader(Path::new("a.json"), text.as_bytes()).unwrap().details
    }

    fn role_with_trust(statement: &str) -> AuthorizationDetails {
        load(&format!(
            r#"{{"RoleDetailList":[{{"RoleName":"deploy","Arn":"arn:aws:iam::111122223333:role/deploy",
            "AssumeRolePolicyDocument":{{"Version":"2012-10-17","Statement":[{statement}]}}}}]}}"#
        ))
    }

    fn of_kind(clues: &[Clue], kind: ClueKind) -> Vec<&str> {
        clues.iter().filter(|clue| clue.kind == kind).map(|clue| clue.value.raw()).collect()
    }

    const GITHUB: &str =
        "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

    #[test]
    fn an_oidc_trust_gives_its_issuer_and_every_subject_pattern() {
        let details = role_with_trust(&format!(
            r#"{{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{{"Federated":"{GITHUB}"}},
            "Condition":{{"StringEquals":{{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}},
            "ForAnyValue:StringLike":{{"Token.Actions.GitHubUserContent.com:sub":["repo:acme/shop:*","repo:acme/api:*"]}},
            "StringNotLike":{{"token.actions.githubusercontent.com:sub":"repo:acme/secret:*"}}}}}}"#
        ));
        let clues = role_clues(&details.roles[0]);
        let issuer = "token.actions.githubusercontent.com";
        assert_eq!(of_kind(&clues, ClueKind::OidcIssuer), [issuer]);
        assert_eq!(
            of_kind(&clues, ClueKind::OidcSubject),
            [format!("{issuer}|repo:acme/shop:*"), format!("{issuer}|repo:acme/api:*")]
        );
    }

    #[test]
    fn who_is_denied_or_excepted_is_no_clue() {
        for statement in [
            r#"{"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"Service":"bedrock.amazonaws.com"}}"#,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","NotPrincipal":{"Service":"bedrock.amazonaws.com"}}"#,
        ] {
            let clues = role_clues(&role_with_trust(statement).roles[0]);
            assert_eq!(of_kind(&clues, ClueKind::TrustedService), [""; 0], "{statement}");
        }
        let allowed = r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["bedrock.amazonaws.com","bedrock.amazonaws.com"]}}"#;
        let clues = role_clues(&role_with_trust(allowed).roles[0]);
        assert_eq!(of_kind(&clues, ClueKind::TrustedService), ["bedrock.amazonaws.com"]);
    }

    #[test]
    fn a_user_is_known_by_name_path_tags_and_policies_of_aws() {
        let details = load(
            r#"{"UserDetailList":[{"UserName":"kiro","Path":"/agents/","Arn":"arn:aws:iam::111122223333:user/agents/kiro",
            "GroupList":["agents"],"Tags":[{"Key":"tool","Value":"kiro"}],
            "AttachedManagedPolicies":[{"PolicyName":"AmazonQ","PolicyArn":"arn:aws:iam::111122223333:policy/AmazonQ"}]}],
            "GroupDetailList":[{"GroupName":"agents","Arn":"arn:aws:iam::111122223333:group/agents",
            "AttachedManagedPolicies":[{"PolicyName":"AmazonBedrockFullAccess","PolicyArn":"arn:aws:iam::aws:policy/AmazonBedrockFullAccess"}]}]}"#,
        );
        let clues = user_clues(&details.users[0], &PolicyIndex::new(&details));
        assert_eq!(of_kind(&clues, ClueKind::IamName), ["kiro"]);
        assert_eq!(of_kind(&clues, ClueKind::IamPath), ["/agents/"]);
        assert_eq!(of_kind(&clues, ClueKind::IamTag), ["tool=kiro"]);
        assert_eq!(
            of_kind(&clues, ClueKind::ManagedPolicy),
            ["arn:aws:iam::aws:policy/AmazonBedrockFullAccess"],
            "a policy of the customer's own may have any name"
        );
    }
}
