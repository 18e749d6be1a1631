//! The command lines of the large clouds: `aws`, `gcloud`, `az`.

mod aws;

use super::{How, Program};

#[allow(unused_imports, reason = "asked by whoever reads SDK code, which is not read yet")]
pub use aws::{api_call, operation};

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["aws", "aws2", "awslocal"], how: How::Code(aws::call) }];
