//! Infrastructure as code, configuration and secrets: `terraform`, `pulumi`, `ansible`, `vault`.

mod paths;
mod terraform;

use super::{How, Program};

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["terraform", "tofu", "tf"], how: How::Code(terraform::terraform) },
    Program { names: &["terragrunt", "tg"], how: How::Code(terraform::terragrunt) },
];
