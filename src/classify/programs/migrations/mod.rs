//! Tools that change a database's schema: `prisma`, `alembic`, `rails`.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
