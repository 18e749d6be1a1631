//! Policies of AWS that every account has and whose content AWS publishes, for accounts whose
//! file does not carry it.
//!
//! Only those that decide an audit and are short; a policy of AWS that is neither in the file nor
//! here is unknown.

/// Name and document (AWS Managed Policy Reference, as of 2026: versions 1, 1 and 12).
const KNOWN: [(&str, &str); 3] = [
    (
        "AdministratorAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    ),
    (
        "AWSDenyAll",
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"DenyAll","Effect":"Deny","Action":["*"],"Resource":"*"}]}"#,
    ),
    (
        "PowerUserAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},{"Effect":"Allow","Action":["account:GetAccountInformation","account:GetGovCloudAccountInformation","account:GetPrimaryEmail","account:ListRegions","iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeEffectivePolicy","organizations:DescribeOrganization"],"Resource":"*"}]}"#,
    ),
];

/// The document of a policy of AWS, by ARN.
pub(super) fn document_of(arn: &str) -> Option<&'static str> {
    let (_, name) = arn.split_once(":iam::aws:policy/")?;
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, document)| *document)
}
