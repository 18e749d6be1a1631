//! Turns every way an AWS call can fail into a [`SourceFault`] a person can act on.
//!
//! Error codes: IAM API Reference, "Common Errors" (`CommonErrors.html`) and the lists of each
//! operation. Where no answer came, the chain of causes is walked, because the SDK reports an
//! unknown host, a bad certificate and missing credentials alike as a failed dispatch.

use crate::{
    config::secret::without_secrets,
    domain::{FaultKind, SourceFault},
};
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::{
    assume_role::AssumeRoleError, assume_role_with_web_identity::AssumeRoleWithWebIdentityError,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::{error::Error, time::Duration};

/// Longest text of the other side that is kept in a fault, in characters.
const DETAIL_CHARS: usize = 600;

/// Most causes that are followed; a chain that names itself would have no end.
const MAX_CAUSES: usize = 32;

/// Longest wait a server may ask of us.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);

/// What went wrong in `operation` (`iam:ListAccessKeys`).
pub(super) fn fault<E>(operation: &str, error: &SdkError<E>) -> SourceFault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            answered(operation, context.raw(), context.err().code(), context.err().message())
        }
        SdkError::ResponseError(context) => {
            let fault = answered(operation, context.raw(), None, None);
            match fault.kind {
                FaultKind::Malformed => {
                    SourceFault::new(FaultKind::Malformed, operation, cause_text(error))
                }
                _ => fault,
            }
        }
        SdkError::TimeoutError(_) => {
            SourceFault::new(FaultKind::Timeout, operation, cause_text(error))
        }
        other => unanswered(operation, other),
    }
}

/// A fault for an answer that is formally fine and says something impossible.
pub(super) fn malformed(operation: &str, what: &str) -> SourceFault {
    SourceFault::new(FaultKind::Malformed, operation, what)
}

/// Whether the request certainly never reached the server, so that nothing can have changed.
pub(super) fn was_never_sent<E>(error: &SdkError<E>) -> bool
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(_) => {
            let text = cause_text(error).to_lowercase();
            matches!(
                unanswered("", error).kind,
                FaultKind::Dns | FaultKind::BadToken | FaultKind::Forbidden
            ) || text.contains("client error (connect)")
                || text.contains("http connect timeout")
        }
        _ => false,
    }
}

fn answered(
    operation: &str,
    raw: &HttpResponse,
    code: Option<&str>,
    message: Option<&str>,
) -> SourceFault {
    let status = raw.status().as_u16();
    let body = raw.body().bytes().unwrap_or_default();
    // Some servers wrap their errors more deeply than the SDK looks.
    let text = String::from_utf8_lossy(body);
    let code = code.or_else(|| element(&text, "Code"));
    let message = message.or_else(|| element(&text, "Message"));
    let kind = match code.and_then(kind_of_code) {
        Some(kind) => kind,
        None => kind_of_status(status, code.is_some(), body),
    };
    let detail = match (code, message) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => format!("HTTP {status}: {text}"),
    };
    let mut fault = SourceFault::new(kind, operation, shortened(&detail));
    if kind == FaultKind::Forbidden {
        let named = message.and_then(permission_in);
        fault = fault.missing(named.unwrap_or(operation));
    }
    if let Some(wait) = raw.headers().get("retry-after").and_then(|s| s.trim().parse().ok()) {
        fault = fault.retry_after(Duration::from_secs(wait).min(MAX_RETRY_AFTER));
    }
    fault
}

/// Content of the first element of that name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = xml.split_once(&format!("<{name}>"))?;
    after.split_once(&format!("</{name}>")).map(|(content, _)| content)
}

fn kind_of_code(code: &str) -> Option<FaultKind> {
    Some(match code {
        "InvalidClientTokenId"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "UnrecognizedClientException"
        | "InvalidAccessKeyId"
        | "AuthFailure"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "RequestExpired"
        | "NotAuthorized" => FaultKind::BadToken,
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => FaultKind::Forbidden,
        "NoSuchEntity" | "NoSuchEntityException" => FaultKind::NotFound,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "LimitExceededRate"
        | "SlowDown" => FaultKind::RateLimited,
        "ServiceFailure"
        | "InternalFailure"
        | "InternalError"
        | "ServiceUnavailable"
        | "ServiceUnavailableException" => FaultKind::ServerError,
        _ => return None,
    })
}

fn kind_of_status(status: u16, has_code: bool, body: &[u8]) -> FaultKind {
    let is_page = body
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .map(|start| body[start..].to_ascii_lowercase())
        .is_some_and(|text| text.starts_with(b"<!doctype") || text.starts_with(b"<html"));
    match status {
        429 => FaultKind::RateLimited,
        // A gateway's own page: the service behind it is away for a while.
        502..=504 => FaultKind::ServerError,
        // A success that could not be read as one.
        ..=299 => FaultKind::Malformed,
        _ if is_page => FaultKind::Malformed,
        500.. => FaultKind::ServerError,
        _ if has_code => FaultKind::Refused,
        401 => FaultKind::BadToken,
        403 => FaultKind::Forbidden,
        _ => FaultKind::Malformed,
    }
}

/// No answer came, or none was asked for because there were no credentials.
fn unanswered<E>(operation: &str, error: &SdkError<E>) -> SourceFault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    // Getting credentials may itself call STS; its answer is the real cause. Not the error itself,
    // which is looked at here already and may be such a call's.
    for cause in causes(error).skip(1) {
        if let Some(inner) = cause.downcast_ref::<SdkError<AssumeRoleError>>() {
            return fault("sts:AssumeRole", inner);
        }
        if let Some(inner) = cause.downcast_ref::<SdkError<AssumeRoleWithWebIdentityError>>() {
            return fault("sts:AssumeRoleWithWebIdentity", inner);
        }
    }
    let text = cause_text(error);
    SourceFault::new(kind_of_causes(&text.to_lowercase()), operation, text)
}

/// The libraries below (hyper, rustls, the resolver) keep their error types to themselves, so
/// their words decide.
fn kind_of_causes(text: &str) -> FaultKind {
    let any = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if any(&["dns error", "failed to lookup address", "name or service not known"]) {
        FaultKind::Dns
    } else if any(&["credential", "profile", "sso session", "sso token"]) {
        FaultKind::BadToken
    } else if any(&["certificate", "tls", "handshake", "corrupt message", "peer sent"]) {
        FaultKind::Tls
    } else if any(&["timeout", "timed out"]) {
        FaultKind::Timeout
    } else if any(&["invalid http", "message head", "parsed http"]) {
        FaultKind::Malformed
    } else {
        FaultKind::Connect
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source()).take(MAX_CAUSES)
}

/// The causes from the outermost in, each once.
fn cause_text(error: &(dyn Error + 'static)) -> String {
    let mut lines: Vec<String> = Vec::new();
    for cause in causes(error) {
        let line = cause.to_string();
        if !lines.iter().any(|earlier| earlier.contains(&line)) {
            lines.push(line);
        }
    }
    shortened(&lines.join(": "))
}

/// Without secrets: an answer to a wrong signature repeats what was signed, session token and all.
fn shortened(text: &str) -> String {
    let text = without_secrets(text);
    if text.chars().count() <= DETAIL_CHARS {
        return text;
    }
    let kept: String = text.chars().take(DETAIL_CHARS).collect();
    format!("{kept} … (shortened)")
}

/// The action AWS names in `… is not authorized to perform: iam:ListUsers on resource: …`.
fn permission_in(message: &str) -> Option<&str> {
    let (_, after) = message.split_once("perform: ")?;
    let action = after.split([' ', ',', '\n']).next()?.trim_end_matches('.');
    let is_action = action.split_once(':').is_some_and(|(service, name)| {
        let plain =
            |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        plain(service) && plain(name)
    });
    is_action.then_some(action)
}
