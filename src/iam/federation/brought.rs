//! What a party can bring with its call, and what it never can.

use super::{Entrant, claims};
use crate::iam::{Context, Known};

/// The context of a call of STS by an entrant. What is not its own to bring is absent, so that a
/// condition on it is known never to hold.
pub(super) struct Brought<'a>(pub &'a Entrant);

impl Context for Brought<'_> {
    fn known(&self, key: &str) -> Known<'_> {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        let starts = |name: &str| {
            key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        let of_aws = starts("aws:") || starts("sts:");
        // AWS STS API Reference: only AssumeRole takes an external id, and only callers with
        // credentials have a second factor.
        let needs_credentials = is("sts:ExternalId") || starts("aws:MultiFactorAuth");
        match self.0 {
            Entrant::Oidc { issuer, .. } => match claims::name(key, issuer) {
                Some(claim) if claim.eq_ignore_ascii_case("sub") => Known::Present,
                Some(claim) if claim.eq_ignore_ascii_case("aud") => Known::Present,
                None if needs_credentials || !of_aws => Known::Absent,
                Some(_) | None => Known::Unknown,
            },
            Entrant::Saml(_) if needs_credentials || !(of_aws || starts("saml:")) => Known::Absent,
            Entrant::Service(_) if needs_credentials || !of_aws => Known::Absent,
            // Among everybody is who comes with a token.
            Entrant::Saml(_) | Entrant::Service(_) | Entrant::Anyone | Entrant::AnyoneBut(_) => {
                Known::Unknown
            }
            _ if of_aws || starts("iam:") => Known::Unknown,
            _ => Known::Absent,
        }
    }
}
