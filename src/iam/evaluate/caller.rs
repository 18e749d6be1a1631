//! Who asks, and what the name alone says of them.

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// An IAM user, by ARN.
    User(Box<str>),
    /// A role, or a session of it; the session's ARN if it is known.
    Role {
        /// `arn:aws:iam::…:role/…`, or what a session's ARN says of it (without its path).
        arn: Box<str>,
        /// `arn:aws:sts::…:assumed-role/NAME/SESSION`.
        session: Option<Box<str>>,
    },
    /// `arn:aws:sts::…:federated-user/NAME`.
    FederatedUser(Box<str>),
    /// The root user of an account, by account id.
    Root(Box<str>),
    /// An AWS service (`lambda.amazonaws.com`).
    Service(Box<str>),
    /// Somebody who comes through an identity provider, by the provider's ARN.
    Federated(Box<str>),
    /// Nobody in particular.
    Anonymous,
}

/// A text that names no caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no caller: expected the ARN of a user, role, account root, STS session or \
     identity provider, or a service such as `lambda.amazonaws.com`"
)]
pub struct NotACaller(pub String);

/// The six fields of an ARN (AWS General Reference, "Amazon Resource Names").
pub(super) struct Arn<'a> {
    pub(super) partition: &'a str,
    pub(super) service: &'a str,
    pub(super) account: &'a str,
    pub(super) resource: &'a str,
}

impl<'a> Arn<'a> {
    pub(super) fn split(text: &'a str) -> Option<Self> {
        let mut fields = text.splitn(6, ':');
        if fields.next()? != "arn" {
            return None;
        }
        let (partition, service, _region) = (fields.next()?, fields.next()?, fields.next()?);
        Some(Self { partition, service, account: fields.next()?, resource: fields.next()? })
    }
}

/// Twelve digits.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Caller {
    /// Reads a caller from an ARN or a service's name (IAM User Guide,
    /// `reference_policies_elements_principal.html`). The built-in web identity providers are
    /// named by their host (`accounts.google.com`).
    pub fn parse(text: &str) -> Result<Self, NotACaller> {
        let wrong = || NotACaller(text.to_owned());
        let Some(arn) = Arn::split(text) else { return Self::host(text).ok_or_else(wrong) };
        if !is_account(arn.account) {
            return Err(wrong());
        }
        let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        match (arn.service, kind) {
            ("iam", "root") if name.is_empty() => Ok(Self::Root(arn.account.into())),
            (_, _) if name.is_empty() => Err(wrong()),
            ("iam", "user") => Ok(Self::User(text.into())),
            ("iam", "role") => Ok(Self::Role { arn: text.into(), session: None }),
            ("iam", "oidc-provider" | "saml-provider") => Ok(Self::Federated(text.into())),
            ("sts", "federated-user") => Ok(Self::FederatedUser(text.into())),
            ("sts", "assumed-role") => {
                let (role, session) = name.split_once('/').ok_or_else(wrong)?;
                if role.is_empty() || session.is_empty() {
                    return Err(wrong());
                }
                let role = format!("arn:{}:iam::{}:role/{role}", arn.partition, arn.account);
                Ok(Self::Role { arn: role.into(), session: Some(text.into()) })
            }
            _ => Err(wrong()),
        }
    }

    fn host(text: &str) -> Option<Self> {
        const PROVIDERS: [&str; 4] = [
            "accounts.google.com",
            "cognito-identity.amazonaws.com",
            "graph.facebook.com",
            "www.amazon.com",
        ];
        if PROVIDERS.contains(&text) {
            return Some(Self::Federated(text.into()));
        }
        let is_host = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        let is_service = text.ends_with(".amazonaws.com")
            || text.ends_with(".amazonaws.com.cn")
            || text.ends_with(".amazon.com")
            || text.ends_with(".aws.internal");
        (is_host && is_service).then(|| Self::Service(text.into()))
    }

    /// The account the caller belongs to; services, federated identities and anonymous callers
    /// belong to none.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::User(arn) | Self::FederatedUser(arn) | Self::Role { arn, .. } => {
                Arn::split(arn).map(|arn| arn.account)
            }
            Self::Root(account) => Some(account),
            Self::Service(_) | Self::Federated(_) | Self::Anonymous => None,
        }
    }

    /// Whether it is a role only AWS edits and no organisation policy binds. A session's ARN has
    /// no path, so there the name that all of them have must do (IAM User Guide,
    /// `id_roles_create-service-linked-role.html`).
    pub fn is_service_linked(&self) -> bool {
        let Self::Role { arn, session } = self else { return false };
        let name = arn.split_once(":role/").map_or("", |(_, name)| name);
        name.starts_with("aws-service-role/")
            || (session.is_some() && name.starts_with("AWSServiceRoleFor"))
    }

    /// Whether its powers come from policies of its own.
    pub(super) fn has_identity(&self) -> bool {
        matches!(self, Self::User(_) | Self::Role { .. } | Self::FederatedUser(_) | Self::Root(_))
    }
}
