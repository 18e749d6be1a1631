//! Hosting platforms: `heroku`, `fly`, `vercel`, `supabase`.

use super::Program;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[];
