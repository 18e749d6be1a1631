//! Which tier an action has, who must agree, and what nobody may approve.
//!
//! The rules are Cedar and come with the policy issue; until then `domain::Action::tier` gives the
//! friction a decision deserves, and everything not known to be outside production counts as
//! production.
