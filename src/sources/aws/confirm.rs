//! Makes sure that a write was confirmed by IAM, and not by whoever else answered.
//!
//! The SDK does not look at the body of a successful answer when the operation returns nothing,
//! so the login page of a proxy would pass for "done". An answer that is not the operation's own
//! closing tag (IAM API Reference, `<UpdateAccessKeyResponse>…`) becomes an error, and the order
//! stays of unknown outcome.

use aws_sdk_iam::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::AfterDeserializationInterceptorContextRef,
    },
    error::BoxError,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;

/// Refuses successful answers that are not of the operation.
#[derive(Debug)]
pub(super) struct ConfirmedByIam;

impl Intercept for ConfirmedByIam {
    fn name(&self) -> &'static str {
        "ConfirmedByIam"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.output_or_error().is_err() {
            return Ok(());
        }
        let operation = cfg.load::<Metadata>().map(Metadata::name).unwrap_or_default();
        let body = context.response().body().bytes().unwrap_or_default();
        let end = format!("</{operation}Response>");
        if body.trim_ascii_end().ends_with(end.as_bytes()) {
            Ok(())
        } else {
            Err(format!("the answer is not a whole {operation}Response").into())
        }
    }
}
